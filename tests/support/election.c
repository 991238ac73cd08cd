/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "support/election.h"

#include "base/subfolder.h"
#include "files/disk_folder.h"
#include "files/memory_folder.h"
#include "files/pinned_folder.h"
#include "host/clock.h"
#include "host/memory.h"
#include "host/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 30) /* address space; few pages are touched */
#define TIMEOUT_MS 60000u

static void seed(struct chacha_rng *g)
{
	struct error err;
	uint8_t s[32];
	assert_ok(rng_fill(test_rng(), s, sizeof s, &err), err);
	chacha_rng_init(g, s);
}

/* What a failing test left behind goes at the end. */
static char left[64][sizeof((struct election *)0)->root];
static unsigned left_count;

static void remove_root(const char *root)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", root);
	if (system(command) != 0)
		print_error("cannot remove %s\n", root);
}

static void remove_left(void)
{
	for (unsigned i = 0; i < left_count; i++)
		remove_root(left[i]);
}

static void begin_common(struct election *e, unsigned parties, unsigned workers)
{
	struct error err;
	error_clear(&err);
	memset(e, 0, sizeof *e);
	assert_ok(group_init(NULL, &err), err);
	/* Memory in the shape of a disk where there is one: thousands of fsyncs otherwise. */
	snprintf(e->root, sizeof e->root, "%s/urna-election-XXXXXX",
	         access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(e->root));
	if (left_count == 0)
		assert_int_equal(atexit(remove_left), 0);
	assert_true(left_count < sizeof left / sizeof *left);
	memcpy(left[left_count++], e->root, sizeof e->root);
	assert_ok(disk_folder_open(&e->record, e->root, DISK_WRITE, &err), err);
	assert_ok(host_arena_new(&e->arena, ARENA_BYTES, &err), err);
	assert_ok(host_workers_new(&e->workers, 1, &err), err);
	seed(&e->rng);
	e->world = (struct tally_world){&e->rng.rng, e->workers, &e->arena, NULL};
	e->parties = parties;
	for (unsigned i = 0; i < parties; i++) {
		struct election_party *p = &e->party[i];
		seed(&p->rng);
		assert_ok(host_workers_new(&p->workers, workers, &err), err);
		assert_ok(host_arena_new(&p->arena, ARENA_BYTES, &err), err);
		assert_ok(disk_folder_open(&p->record, e->root, DISK_WRITE, &err), err);
		assert_ok(memory_folder_new(&p->home, "home", 1 << 20, &err), err);
		p->world = (struct tally_world){&p->rng.rng, p->workers, &p->arena, NULL};
	}
}

static void note_notice(void *ctx, const struct error *what)
{
	((struct election_party *)ctx)->noticed = *what;
}

static void begin_manifest(struct election *e, bytes json)
{
	struct error err;
	error_clear(&err);
	assert_ok(manifest_read(&e->manifest, json, &e->arena, &err), err);
	assert_ok(manifest_ballot_styles(e->styles, e->manifest, &err), err);
	election_write(e->record, "manifest.json", json);
	e->mark = arena_mark(&e->arena);
	for (unsigned i = 0; i < e->parties; i++) {
		struct election_party *p = &e->party[i];
		p->authority = (struct authority){.manifest = e->manifest,
		                                  .index = i + 1,
		                                  .identity = &p->identity,
		                                  .record = p->record,
		                                  .home = p->home,
		                                  .world = &p->world,
		                                  .clock = host_clock(),
		                                  .timeout_ms = TIMEOUT_MS,
		                                  .notice = note_notice,
		                                  .notice_ctx = p};
	}
}

void election_begin(struct election *e, const struct election_plan *plan, unsigned workers)
{
	static char room[1 << 16];
	char hex[65];
	struct error err;
	struct text t = TEXT_OF(room);
	begin_common(e, plan->parties, workers);
	text_add(&t, "{\"urna\":1,\"title\":\"Test\",\"group\":\"P-256\",\"rohash\":\"SHA-256\","
	             "\"prg\":\"SHA-256\",\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,"
	             "\"mode\":\"server\",\"board\":{\"name\":\"urna.example.org/board\",\"key\":\"");
	assert_ok(identity_generate(&e->board_key, test_rng(), &err), err);
	hex_encode(hex, BYTES_OF(e->board_key.pub));
	text_add(&t, hex);
	text_add(&t, "\"},\"threshold\":");
	text_add_u64(&t, plan->threshold);
	text_add(&t, ",\"authorities\":[");
	for (unsigned i = 0; i < plan->parties; i++) {
		struct identity_secret *id = &e->party[i].identity;
		assert_ok(identity_generate(id, test_rng(), &err), err);
		hex_encode(hex, BYTES_OF(id->pub));
		text_add(&t, i ? ",{\"operator\":\"Org " : "{\"operator\":\"Org ");
		text_add_u64(&t, i + 1);
		text_add(&t, "\",\"identity\":\"");
		text_add(&t, hex);
		text_add(&t, "\"}");
	}
	text_add(&t, "],\"min_list\":");
	text_add_u64(&t, plan->min_list);
	text_add(&t, ",\"accept_small_lists\":false,\"questions\":[");
	text_add(&t, plan->questions);
	text_add(&t, "],\"groups\":[");
	text_add(&t, plan->groups);
	text_add(&t, "],\"styles\":[");
	text_add(&t, plan->styles);
	text_add(&t, "]}\n");
	assert_false(t.cut);
	begin_manifest(e, bytes_of(room, t.len));
}

void election_begin_again(struct election *e, const struct election *like)
{
	begin_common(e, like->parties, like->party[0].workers->count);
	e->board_key = like->board_key;
	for (unsigned i = 0; i < e->parties; i++)
		e->party[i].identity = like->party[i].identity;
	begin_manifest(e, like->manifest->exact);
}

void election_end(struct election *e)
{
	for (unsigned i = 0; i < e->parties; i++) {
		disk_folder_close(e->party[i].record);
		memory_folder_free(e->party[i].home);
		host_workers_free(e->party[i].workers);
		host_arena_free(&e->party[i].arena);
	}
	disk_folder_close(e->record);
	host_workers_free(e->workers);
	host_arena_free(&e->arena);
	free(e->box);
	free(e->starts);
	remove_root(e->root);
}

/* --- threads --- */

struct job {
	struct election *e;
	struct election_party *p;
	enum election_step step;
	const struct active_parties *active;
};

static bool work(const struct job *j, const struct authority *a, struct error *err)
{
	struct election_party *p = j->p;
	struct election_result *result;
	struct election_key key;
	switch (j->step) {
	case STEP_CEREMONY:
		return authority_ceremony(&key, &p->share, a, &p->arena, err) &&
		       (digest_equal(&key.d, &j->e->manifest->d) || fail(err, ERROR_BUG, "test: D", 0));
	case STEP_MIX:
		return authority_mix(a, &j->e->key, j->active, err);
	case STEP_DECRYPT:
		return authority_decrypt(a, &j->e->key, &p->share, j->active, err);
	case STEP_COUNT:
		if (!authority_count(&result, a, &j->e->key, err))
			return false;
		p->result = result->json;
		return true;
	}
	return false;
}

static void *thread_main(void *arg)
{
	struct job *j = arg;
	struct election_party *p = j->p;
	struct authority a = p->authority;
	error_clear(&p->err);
	error_clear(&p->noticed);
	arena_release(&p->arena, 0);
	a.live = p->authority.record;
	p->good = pinned_folder_new(&a.record, a.live, "/tmp", &p->err);
	if (p->good) {
		p->good = work(j, &a, &p->err);
		pinned_folder_free(a.record);
	}
	return NULL;
}

static bool together(struct election *e, struct job model, const struct active_parties *parties)
{
	pthread_t thread[ELECTION_PARTIES_MAX];
	struct job jobs[ELECTION_PARTIES_MAX];
	bool good = true;
	for (unsigned i = 0; i < parties->count; i++) {
		jobs[i] = model;
		jobs[i].e = e;
		jobs[i].p = &e->party[parties->party[i] - 1];
		assert_int_equal(pthread_create(&thread[i], NULL, thread_main, &jobs[i]), 0);
	}
	for (unsigned i = 0; i < parties->count; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		good &= jobs[i].p->good;
	}
	return good;
}

static struct active_parties numbers(const char *text)
{
	struct active_parties out = {0};
	for (const char *s = text; *s; s += s[1] ? 2 : 1)
		out.party[out.count++] = (unsigned)(*s - '0');
	return out;
}

bool election_step(struct election *e, enum election_step step, const char *parties,
                   const char *active)
{
	struct active_parties who = numbers(parties), set = numbers(active);
	return together(e, (struct job){.step = step, .active = &set}, &who);
}

static void succeed(const struct election *e, bool good, const char *what)
{
	for (unsigned i = 0; !good && i < e->parties; i++)
		if (!e->party[i].good)
			fail_msg("%s: party %u: %s: %s", what, i + 1, e->party[i].err.what,
			         e->party[i].err.detail);
}

void election_ceremony(struct election *e)
{
	struct error err;
	struct subfolder ceremony;
	struct active_parties all = {.count = e->parties};
	for (unsigned i = 0; i < e->parties; i++)
		all.party[i] = i + 1;
	succeed(e, together(e, (struct job){.step = STEP_CEREMONY}, &all), "ceremony");
	error_clear(&err);
	assert_ok(subfolder_init(&ceremony, e->record, "ceremony", &err), err);
	assert_ok(ceremony_verify_report(&e->key, &e->ceremony, e->manifest, &ceremony.folder, &err),
	          err);
	e->rules =
		(struct ballot_rules){e->key.eid, BALLOT_SERVER, e->styles, e->manifest->styles_count};
	assert_ok(public_key_init(&e->pk, &e->key.polynomial[0], &e->arena, &e->arena, &err), err);
	e->mark = arena_mark(&e->arena);
}

void election_tally(struct election *e, const char *active)
{
	succeed(e, election_step(e, STEP_MIX, active, active), "mix");
	succeed(e, election_step(e, STEP_DECRYPT, active, active), "decrypt");
	succeed(e, election_step(e, STEP_COUNT, active, active), "count");
	election_finish(e);
}

void election_finish(struct election *e)
{
	struct error err;
	struct checkpoint c;
	const struct board_final f = {e->manifest, &e->key, e->record, &e->world, &e->board_key, NULL};
	error_clear(&err);
	assert_ok(board_finish(&c, &f, &err), err);
	arena_release(&e->arena, e->mark);
}

void election_whole(struct election *e, const struct election_plan *plan)
{
	static const char *const all[] = {"", "1", "1,2", "1,2,3", "1,2,3,4", "1,2,3,4,5"};
	election_begin(e, plan, 1);
	election_ceremony(e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(e, i);
	election_write_box(e);
	election_tally(e, all[plan->parties]);
}

/* --- verification --- */

static void collect(struct report *r, const struct check *c)
{
	struct election_report *out = (struct election_report *)r;
	if (out->count == sizeof out->checks / sizeof *out->checks)
		return;
	snprintf(out->checks[out->count].code, sizeof out->checks->code, "%s", c->code);
	out->checks[out->count].outcome = c->outcome;
	out->checks[out->count].error = c->error;
	out->count++;
}

enum record_verdict election_verify(struct election *e, struct folder *record, bool with_anchor,
                                    struct election_report *out)
{
	const struct record_anchor anchor = {.kind = with_anchor ? ANCHOR_ELECTION : ANCHOR_NONE,
	                                     .eid = e->key.eid};
	memset(out, 0, sizeof *out);
	out->report.check = collect;
	enum record_verdict v = record_verify(record, &anchor, &e->world, &out->report);
	arena_release(&e->arena, e->mark);
	return v;
}

const char *election_failed(const struct election_report *r)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->checks[i].outcome == CHECK_FAILED)
			return r->checks[i].code;
	return "";
}

const struct error *election_error(const struct election_report *r, const char *code)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->checks[i].code, code) == 0 && r->checks[i].outcome == CHECK_FAILED)
			return &r->checks[i].error;
	fail_msg("check %s did not fail", code);
	return NULL;
}
