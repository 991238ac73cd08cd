/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/work.h"

#include "authority/home.h"
#include "base/ct.h"
#include "base/subfolder.h"
#include "files/pinned_folder.h"
#include "host/pool.h"
#include "host/random.h"
#include "keys/report.h"

#include <sys/mman.h>

#define LOCKED_BYTES ((size_t)256 << 10)

/* --- what it works with --- */

bool work_writes_record(const struct work *w)
{
	const enum wire_step step = w->request.step;
	return step == STEP_CEREMONY || step == STEP_MIX || step == STEP_DECRYPT || step == STEP_COUNT;
}

#define PROBE_BYTES ((size_t)1 << 40)

/*
 * Everything, as it is touched, where this process may lock that much; a large mix needs it. Else
 * at least the keys are locked (host_secret). Under a limit, address space that would be locked
 * when it is touched counts, and none would be left.
 */
static void lock_what_may_be(void)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0)
		return;
	void *probe =
		mmap(NULL, PROBE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (probe == MAP_FAILED)
		munlockall();
	else
		munmap(probe, PROBE_BYTES);
}

bool work_open(struct work *w, struct error *err)
{
	const struct wire_request *r = &w->request;
	enum disk_access access = work_writes_record(w) ? DISK_WRITE : DISK_READ;
	lock_what_may_be();
	if (!disk_folder_of(&w->live, WIRE_RECORD, r->record, access, err) ||
	    !disk_folder_of(&w->home, WIRE_HOME, r->home, DISK_PRIVATE, err) ||
	    !host_arena_new(&w->arena, (size_t)r->memory_limit, err) || !host_rng_new(&w->rng, err) ||
	    !host_workers_new(&w->pool, r->threads, err) ||
	    !host_secret_new(&w->room, LOCKED_BYTES, err))
		return false;
	arena_init(&w->locked, w->room.p, w->room.len);
	stoppable_workers_init(&w->workers, w->pool, report_stopped);
	w->world = (struct tally_world){w->rng, &w->workers.workers, &w->arena, report_progress()};
	return true;
}

void work_close(struct work *w)
{
	pinned_folder_free(w->record);
	host_secret_free(&w->room);
	host_workers_free(w->pool);
	host_rng_free(w->rng);
	disk_folder_close(w->home);
	disk_folder_close(w->live);
	wipe(&w->secrets, sizeof w->secrets);
}

static bool read_secrets(struct work *w, struct error *err)
{
	uint8_t *frame = arena_take(&w->locked, WIRE_FRAME_MAX, 1, err);
	w->identity = arena_take_array(&w->locked, 1, struct identity_secret, err);
	w->share = arena_take_array(&w->locked, 1, secret_scalar, err);
	return frame && w->identity && w->share &&
	       wire_read_secrets(&w->secrets, WIRE_FROM, frame, err);
}

/* --- who it is, and which election --- */

static bool read_manifest(struct work *w, struct error *err)
{
	bytes exact;
	uint8_t *room = arena_take(&w->arena, LIMIT_MANIFEST_BYTES + 1, 1, err);
	return room &&
	       folder_read(w->record, "manifest.json", room, LIMIT_MANIFEST_BYTES + 1, &exact, err) &&
	       manifest_read(&w->manifest, exact, &w->arena, err);
}

static bool read_key(struct work *w, struct error *err)
{
	struct subfolder ceremony;
	return subfolder_init(&ceremony, w->record, "ceremony", err) &&
	       ceremony_verify(&w->key, w->manifest, &ceremony.folder, err) &&
	       home_is_for_key(w->home, &w->key, err);
}

static bool find_index(struct work *w, struct error *err)
{
	const struct manifest *m = w->manifest;
	for (unsigned i = 0; i < m->authorities_count; i++) {
		if (memcmp(m->authorities[i].identity, w->identity->pub, sizeof w->identity->pub) == 0) {
			w->authority.index = i + 1;
			return true;
		}
	}
	fail(err, ERROR_REJECTED, "authority: the manifest does not name this identity key",
	     ERROR_NOWHERE);
	return fail_within(err, w->request.home);
}

static void on_notice(void *ctx, const struct error *what)
{
	(void)ctx;
	report_notice(what);
}

static bool become_member(struct work *w, struct error *err)
{
	if (!home_identity(w->identity, w->home, err) || !find_index(w, err))
		return false;
	w->authority = (struct authority){.manifest = w->manifest,
	                                  .index = w->authority.index,
	                                  .identity = w->identity,
	                                  .record = w->record,
	                                  .live = w->live,
	                                  .home = w->home,
	                                  .world = &w->world,
	                                  .clock = host_clock(),
	                                  .timeout_ms = w->request.timeout_ms,
	                                  .stopped = report_stopped,
	                                  .notice = on_notice};
	return true;
}

static bool load_share(struct work *w, struct error *err)
{
	return home_load_share(w->share, w->home, &w->key, w->authority.index, w->secrets.passphrase,
	                       err);
}

/* --- the ceremony --- */

static bool keep_share(void *ctx, const struct election_key *key, const secret_scalar *share,
                       struct error *err)
{
	const struct work *w = ctx;
	return home_save_share(w->home, key, w->authority.index, share, w->secrets.passphrase, w->rng,
	                       err);
}

static bool recall_share(void *ctx, const struct election_key *key, secret_scalar *share,
                         struct error *err)
{
	const struct work *w = ctx;
	return home_load_share(share, w->home, key, w->authority.index, w->secrets.passphrase, err);
}

/* A ceremony this authority has certified is not held again: the step may be repeated. */
static bool hold_ceremony(struct work *w, struct error *err)
{
	w->authority.keep_share = keep_share;
	w->authority.recall_share = recall_share;
	w->authority.keep_ctx = w;
	return authority_ceremony(&w->key, w->share, &w->authority, &w->locked, err);
}

/* --- the tally --- */

static bool is_active(const struct active_parties *active, unsigned index)
{
	for (unsigned i = 0; i < active->count; i++)
		if (active->party[i] == index)
			return true;
	return false;
}

static bool choose_active(struct work *w, struct active_parties *out, struct error *err)
{
	const char *list = w->request.active;
	if (!list[0]) {
		active_parties_qualified(out, &w->key);
		return true;
	}
	const unsigned least = w->request.step == STEP_DECRYPT ? w->manifest->threshold : 1;
	w->wrong_usage = !active_parties_parse_least(out, w->manifest, list, least, err);
	if (w->wrong_usage)
		return false;
	w->wrong_usage = w->request.step == STEP_DECRYPT && !is_active(out, w->authority.index);
	if (!w->wrong_usage)
		return true;
	fail_detail(err, ERROR_REJECTED, "active parties: this authority is not among them",
	            ERROR_NOWHERE, list);
	return fail_within_index(err, "authority", w->authority.index);
}

static bool tally(struct work *w, struct error *err)
{
	struct active_parties active;
	if (!choose_active(w, &active, err))
		return false;
	if (w->request.step == STEP_MIX)
		return authority_mix(&w->authority, &w->key, &active, err);
	return load_share(w, err) && authority_decrypt(&w->authority, &w->key, w->share, &active, err);
}

static bool sign_count(struct work *w, struct error *err)
{
	struct election_result *result;
	return authority_count(&result, &w->authority, &w->key, err);
}

/* --- the share --- */

static bool make_backup(struct work *w, struct error *err)
{
	const struct key_share_lock lock = {w->secrets.backup, SEALED_COST_NORMAL};
	struct key_backup *b = arena_take_array(&w->locked, 1, struct key_backup, err);
	if (!b || !load_share(w, err))
		return false;
	b->share = *w->share;
	memcpy(b->seed, w->identity->seed, sizeof b->seed);
	w->data_len = SEALED_FILE_BYTES;
	return key_backup_seal(w->data, &w->key, w->authority.index, b, lock, w->rng, err);
}

static bool restore(struct work *w, struct error *err)
{
	const struct manifest *m = w->manifest;
	uint8_t identities[LIMIT_PARTIES * IDENTITY_PUBLIC_BYTES];
	struct key_backup *b = arena_take_array(&w->locked, 1, struct key_backup, err);
	for (unsigned i = 0; i < m->authorities_count; i++)
		memcpy(identities + (size_t)i * IDENTITY_PUBLIC_BYTES, m->authorities[i].identity,
		       IDENTITY_PUBLIC_BYTES);
	const struct key_backup_file file = {w->secrets.file, w->secrets.backup, identities};
	if (!b || !key_backup_open(b, &w->authority.index, &w->key, &file, err))
		return false;
	const struct home_restored r = {.key = &w->key,
	                                .index = w->authority.index,
	                                .operator_name =
	                                    m->authorities[w->authority.index - 1].operator_name,
	                                .backup = b,
	                                .passphrase = w->secrets.passphrase,
	                                .never_closed = w->request.never_closed};
	return home_restore(w->home, &r, w->rng, err);
}

static bool destroy(struct work *w, struct error *err)
{
	w->data_len = KEY_DESTROYED_BYTES;
	return home_destroy_share(w->data, w->home, &w->key, w->authority.index, err);
}

typedef bool step_fn(struct work *w, struct error *err);

static step_fn *const steps[WIRE_STEPS] = {
	[STEP_CEREMONY] = hold_ceremony, [STEP_MIX] = tally,        [STEP_DECRYPT] = tally,
	[STEP_COUNT] = sign_count,       [STEP_CHECK] = load_share, [STEP_BACKUP] = make_backup,
	[STEP_RESTORE] = restore,        [STEP_DESTROY] = destroy,
};

bool work_do(struct work *w, struct error *err)
{
	const enum wire_step step = w->request.step;
	return read_secrets(w, err) && pinned_folder_new(&w->record, w->live, w->request.home, err) &&
	       read_manifest(w, err) && (step == STEP_CEREMONY || read_key(w, err)) &&
	       (step == STEP_RESTORE || become_member(w, err)) && steps[step](w, err);
}
