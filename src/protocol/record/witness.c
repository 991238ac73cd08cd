/* SPDX-License-Identifier: Apache-2.0 */
#include "record/witness.h"

#include "record/board_internal.h"

#define SEEN_PATH_BYTES 24u

bool witness_find(unsigned *out, const struct manifest *m,
                  const uint8_t key[static IDENTITY_PUBLIC_BYTES], struct error *err)
{
	for (*out = 0; *out < m->witnesses_count; (*out)++)
		if (memcmp(m->witnesses[*out].key, key, IDENTITY_PUBLIC_BYTES) == 0)
			return true;
	return fail(err, ERROR_REJECTED,
	            m->witnesses_count ? "witness: the manifest names others, not this key"
	                               : "witness: the manifest names no witnesses",
	            ERROR_NOWHERE);
}

static void seen_path(char out[static SEEN_PATH_BYTES], const digest *eid)
{
	struct text t = {out, SEEN_PATH_BYTES, 0, false};
	text_add(&t, "seen-");
	text_add_hex(&t, bytes_of(eid->b, 8));
	require(!t.cut);
}

/* What was cosigned last: size 0 where nothing was. */
static bool read_seen(struct checkpoint *out, const struct witness *w, struct error *err)
{
	const struct checkpoint_policy policy = {w->manifest, w->eid, true};
	char path[SEEN_PATH_BYTES];
	uint8_t room[NOTE_BYTES_MAX + 1];
	unsigned ignored;
	bytes note;
	memset(out, 0, sizeof *out);
	seen_path(path, w->eid);
	if (!w->home->exists(w->home, path))
		return true;
	bool good = folder_read(w->home, path, room, sizeof room, &note, err) &&
	            checkpoint_verify(out, &ignored, note, &policy, err);
	out->origin = BYTES_NONE; /* it borrowed the room */
	return good || fail_within(err, path);
}

/* --- the log's entries --- */

static bool root_is(const struct merkle *tree, const struct checkpoint *c, const char *otherwise,
                    struct error *err)
{
	const digest root = merkle_root(tree);
	return tree->size != c->size || digest_equal(&root, &c->root) ||
	       fail(err, ERROR_REJECTED, otherwise, c->size);
}

/* The entries have the root of `now`, and those before it the root of `old`. */
static bool read_log(struct log_reader *r, const struct checkpoint *old,
                     const struct checkpoint *now, struct error *err)
{
	struct entry e;
	bool more = true;
	while (r->tree.size < now->size) {
		if (!log_reader_next(r, &e, &more, err))
			return false;
		if (!more)
			return fail(err, ERROR_REJECTED, "witness: the log is shorter than its checkpoint",
			            r->tree.size);
		if ((old->size > 0 &&
		     !root_is(&r->tree, old, "witness: the log does not begin with the one cosigned before",
		              err)) ||
		    !root_is(&r->tree, now, "witness: the log's entries do not have the checkpoint's root",
		             err))
			return false;
	}
	return true;
}

static bool check_log(const struct witness *w, const struct checkpoint *old,
                      const struct checkpoint *now, struct error *err)
{
	struct log_reader r;
	struct source *src;
	size_t mark = arena_mark(w->arena);
	if (!w->record->open(w->record, BOARD_ENTRIES_PATH, &src, err))
		return false;
	bool good = log_reader_init(&r, src, w->eid, w->arena, err) && read_log(&r, old, now, err);
	source_close(src);
	arena_release(w->arena, mark);
	return good || fail_within(err, BOARD_ENTRIES_PATH);
}

static bool check_progress(const struct witness *w, const struct checkpoint *old,
                           const struct checkpoint *now, struct error *err)
{
	char path[SEEN_PATH_BYTES];
	seen_path(path, w->eid);
	if (now->size == 0)
		return fail(err, ERROR_REJECTED, "witness: a log without entries", 0);
	if (now->size < old->size)
		return fail_detail(err, ERROR_CONFLICT,
		                   "witness: it has cosigned a larger log of this election, and signs no "
		                   "smaller one after it",
		                   now->size, path);
	if (now->size == old->size && !digest_equal(&now->root, &old->root))
		return fail_detail(err, ERROR_CONFLICT,
		                   "witness: the board has signed two logs of the same size, and this is "
		                   "not the one cosigned before; both checkpoints together convict it",
		                   now->size, path);
	return check_log(w, old, now, err);
}

/* --- signing --- */

/* Before the signature leaves. The board's part is enough to show what was seen. */
static bool keep(const struct witness *w, bytes note, struct error *err)
{
	char path[SEEN_PATH_BYTES];
	size_t end = 0;
	seen_path(path, w->eid);
	for (unsigned lines = 0; end < note.len && lines < 6; end++) /* text, blank, the board's */
		lines += note.p[end] == '\n';
	return folder_write(w->home, path, true, bytes_of(note.p, end), err);
}

static bool sign(const struct witness *w, const struct manifest_signer *me, const char *path,
                 const struct note *n, struct error *err)
{
	const struct checkpoint_policy policy = {w->manifest, w->eid, true};
	const struct cosigner by = {me->name, w->key, w->time_s};
	char line[512];
	struct text t = TEXT_OF(line);
	return checkpoint_cosign(&t, n->text, &by, err) &&
	       board_add_cosignature(w->record, path, &policy, bytes_of(t.p, t.len), err);
}

bool witness_cosign(struct checkpoint *out, bool *already, const struct witness *w,
                    const char *path, struct error *err)
{
	const struct checkpoint_policy policy = {w->manifest, w->eid, true};
	uint8_t room[NOTE_BYTES_MAX + 1];
	struct checkpoint old;
	struct note n;
	unsigned me, ignored;
	bytes note;
	if (!witness_find(&me, w->manifest, w->key->pub, err))
		return false;
	const struct manifest_signer *self = &w->manifest->witnesses[me];
	if (!folder_read(w->record, path, room, sizeof room, &note, err) ||
	    !checkpoint_verify(out, &ignored, note, &policy, err) || !note_read(&n, note, err))
		return fail_within(err, path);
	out->origin = w->manifest->board.name;
	*already = note_has_cosigned(&n, self);
	if (*already)
		return true;
	return (read_seen(&old, w, err) && check_progress(w, &old, out, err) && keep(w, note, err) &&
	        sign(w, self, path, &n, err)) ||
	       fail_within(err, path);
}
