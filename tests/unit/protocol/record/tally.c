/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "unit/protocol/record/tally.h"

#include "base/subfolder.h"
#include "mixnet/decryption.h"
#include "mixnet/shuffle.h"
#include "record/endorse.h"
#include "record/proof.h"
#include "record/result.h"

#include <stdio.h>
#include <stdlib.h>

struct tallying {
	struct urn *u;
	const struct tally_plan *plan;
	unsigned attempt, list;
	uint64_t n;
	char auxsid[AUXSID_BYTES];
	struct mix_session session;
	struct mix_key key;
	struct subfolder folder;
	digest last; /* the list that is decrypted */
	unsigned last_mixer;
};

static struct error err;

static void sign(struct tallying *t, const char *auxsid, const char *kind, unsigned party,
                 const digest *statement, unsigned attempt)
{
	struct endorsements e = {t->u->record, t->u->manifest, auxsid, kind, attempt};
	assert_ok(endorse(&e, party, &t->u->identity[party - 1], statement, &err), err);
}

static void sign_all(struct tallying *t, const char *auxsid, const char *kind, const char *parties,
                     const digest *statement, unsigned attempt)
{
	for (const char *p = parties; *p; p++)
		sign(t, auxsid, kind, (unsigned)(*p - '0'), statement, attempt);
}

static const char *everybody(const struct urn *u)
{
	static char text[URN_PARTIES + 1];
	for (unsigned i = 0; i < u->manifest->authorities_count; i++)
		text[i] = (char)('1' + i);
	text[u->manifest->authorities_count] = 0;
	return text;
}

static void file_digest(digest *out, struct tallying *t, enum mix_file file, unsigned party)
{
	assert_ok(proof_digest(out, t->u->record, t->list, file, party, &err), err);
}

static void mix(struct tallying *t)
{
	unsigned before = 0;
	for (const char *p = t->plan->mixers; *p; p++) {
		unsigned party = (unsigned)(*p - '0');
		struct mix_path input =
			before ? mix_path(MIX_FILE_LIST, before) : mix_path(MIX_FILE_INPUT, 0);
		struct shuffle_job job = {.session = &t->session,
		                          .folder = &t->folder.folder,
		                          .input = input.text,
		                          .party = party,
		                          .y = &t->key.y,
		                          .rng = test_rng(),
		                          .workers = t->u->workers,
		                          .memory = &t->u->arena};
		struct statement_mix s = {.party = party};
		const unsigned after = before;
		before = t->last_mixer = party;
		if (t->plan->shuffle) {
			t->plan->shuffle(&job);
			file_digest(&t->last, t, MIX_FILE_LIST, party);
			continue;
		}
		assert_ok(shuffle_prove(&job, &err), err);
		file_digest(&s.input, t, after ? MIX_FILE_LIST : MIX_FILE_INPUT, after);
		file_digest(&s.output, t, MIX_FILE_LIST, party);
		file_digest(&s.permutation_commitment, t, MIX_FILE_PERMUTATION, party);
		file_digest(&s.commitment, t, MIX_FILE_POS_COMMITMENT, party);
		file_digest(&s.reply, t, MIX_FILE_POS_REPLY, party);
		digest d = statement_mix(&t->u->key.eid, t->auxsid, &s);
		sign(t, t->auxsid, "mix", party, &d, 0);
		t->last = s.output;
	}
}

static bool is_active(const struct tallying *t, unsigned party)
{
	return strchr(t->plan->active, (int)('0' + party)) != NULL;
}

static void decrypt(struct tallying *t)
{
	const unsigned n = t->u->manifest->authorities_count;
	struct mix_path list = mix_path(MIX_FILE_LIST, t->last_mixer);
	const struct decryption_job job = {.session = &t->session,
	                                   .folder = &t->folder.folder,
	                                   .list = list.text,
	                                   .key = &t->key,
	                                   .workers = t->u->workers,
	                                   .memory = &t->u->arena};
	const struct statement_attempt about = {&t->u->key.eid, t->auxsid, t->attempt};
	bool active[LIMIT_PARTIES + 1] = {false};
	digest parts[LIMIT_PARTIES];
	struct decryption_nonce nonces[URN_PARTIES + 1] = {0};
	for (unsigned l = 1; l <= n; l++)
		active[l] = is_active(t, l);
	digest d = statement_ready(&about, &t->last, active, n);
	sign_all(t, t->auxsid, "ready", t->plan->active, &d, t->attempt);
	for (unsigned l = 1; l <= n; l++)
		assert_ok(active[l] || l == t->plan->stray
		              ? decryption_factors(&job, l,
		                                   &t->u->share[l == t->plan->cheat ? l % n : l - 1], &err)
		              : decryption_placeholder(&job, l, DECRYPTION_FACTORS, &err),
		          err);
	assert_ok(proof_digests(parts, t->u->record, t->list, MIX_FILE_FACTORS, n, &err), err);
	d = statement_factors(&about, parts, n);
	sign_all(t, t->auxsid, "factors", t->plan->active, &d, t->attempt);
	for (unsigned l = 1; l <= n; l++)
		assert_ok(active[l] ? decryption_commit(&job, l, test_rng(), &nonces[l], &err)
		                    : decryption_placeholder(&job, l, DECRYPTION_COMMITMENT, &err),
		          err);
	assert_ok(proof_digests(parts, t->u->record, t->list, MIX_FILE_DECRYPTION_COMMITMENT, n, &err),
	          err);
	d = statement_commitments(&about, parts, n);
	sign_all(t, t->auxsid, "commitments", t->plan->active, &d, t->attempt);
	if (t->plan->cheat)
		active[t->plan->cheat] = false;
	for (unsigned l = 1; l <= n; l++)
		assert_ok(active[l] ? decryption_reply(&job, &t->u->share[l - 1], &nonces[l], &err)
		                    : decryption_placeholder(&job, l, DECRYPTION_REPLY, &err),
		          err);
	assert_ok(decryption_combine(&job, active, &err), err);
}

static void tally_list(struct tallying *t)
{
	char path[RECORD_PATH_BYTES];
	bytes xml;
	size_t mark = arena_mark(&t->u->arena);
	list_auxsid(t->auxsid, t->list);
	if (t->n == 0) {
		digest d = statement_empty(&t->u->key.eid, t->auxsid);
		sign_all(t, t->auxsid, "empty", everybody(t->u), &d, 0);
		return;
	}
	assert_ok(proof_session(&t->session, t->u->manifest, &t->u->key, t->list, &err), err);
	assert_ok(proof_protinfo(&xml, t->u->manifest, &t->session, &t->u->arena, &err), err);
	proof_protinfo_path(path, t->list);
	urn_write(t->u, path, xml);
	proof_key(&t->key, &t->u->key);
	proof_folder_path(path, t->list);
	assert_ok(subfolder_init(&t->folder, t->u->record, path, &err), err);
	const char *last = t->plan->mixers + strlen(t->plan->mixers) - 1;
	assert_ok(mix_dir_write(&t->folder.folder, &t->session, &t->key, MIX_MIXING,
	                        (uint32_t)(*last - '0'), &err),
	          err);
	mix(t);
	decrypt(t);
	arena_release(&t->u->arena, mark);
}

void tally_run(struct urn *u, const struct tally_plan *plan)
{
	struct tallying t = {.u = u, .plan = plan, .attempt = plan->attempt ? plan->attempt : 1};
	static struct ballot_box box;
	struct election_result *r;
	struct box_job job = urn_job(u);
	job.write_lists = true;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	if (plan->listed)
		plan->listed(u, box.list_sizes);
	digest d = statement_close(&u->key.eid, box.log_size, &box.root);
	sign_all(&t, NULL, "close", everybody(u), &d, 0);
	for (t.list = 0; t.list < u->manifest->lists_count; t.list++) {
		t.n = box.list_sizes[t.list];
		tally_list(&t);
	}
	if (plan->no_result)
		return;
	size_t mark = arena_mark(&u->arena);
	assert_ok(result_compute(&r, u->manifest, &u->key, box.list_sizes, u->record, &u->world, &err),
	          err);
	urn_write(u, "result.json", r->json);
	assert_ok(result_statement(&d, u->manifest, &u->key, box.list_sizes, u->record, r->json, &err),
	          err);
	sign_all(&t, NULL, "result", everybody(u), &d, 0);
	arena_release(&u->arena, mark);
}

void tally_finish(struct urn *u)
{
	struct checkpoint c;
	const struct board_final f = {u->manifest, &u->key, u->record, &u->world, &u->board_key, NULL};
	error_clear(&err);
	assert_ok(board_finish(&c, &f, &err), err);
	for (unsigned w = 0; w < u->manifest->witnesses_quorum; w++) {
		urn_cosign(u, BOARD_CLOSE_PATH, w);
		urn_cosign(u, BOARD_FINAL_PATH, w);
	}
}

/* --- files --- */

struct walk {
	struct tally_files *out;
	struct folder *folder;
	const char *place;
};

static bool visit(void *ctx, const struct folder_entry *entry, struct error *e)
{
	struct walk *w = ctx;
	char path[RECORD_PATH_BYTES];
	int len = snprintf(path, sizeof path, "%s%s%s", w->place, w->place[0] ? "/" : "", entry->name);
	if (len < 0 || (size_t)len >= sizeof path)
		return fail(e, ERROR_LIMIT, "test: a path is too long", 0);
	if (entry->is_folder) {
		struct walk below = {w->out, w->folder, path};
		return w->folder->list(w->folder, path, visit, &below, e);
	}
	if (w->out->count == w->out->room) {
		w->out->room = 2 * w->out->room + 64;
		w->out->file = realloc(w->out->file, w->out->room * sizeof *w->out->file);
		assert_non_null(w->out->file);
	}
	memcpy(w->out->file[w->out->count++].path, path, sizeof path);
	return true;
}

void tally_files(struct tally_files *out, struct folder *f)
{
	struct walk w = {out, f, ""};
	*out = (struct tally_files){0};
	error_clear(&err);
	assert_ok(f->list(f, "", visit, &w, &err), err);
}

/* --- verification --- */

static void collect(struct report *r, const struct check *c)
{
	struct tally_report *out = (struct tally_report *)r;
	assert_true(out->count < sizeof out->checks / sizeof *out->checks);
	snprintf(out->checks[out->count].code, sizeof out->checks->code, "%s", c->code);
	out->checks[out->count].outcome = c->outcome;
	out->checks[out->count].error = c->error;
	out->count++;
}

enum record_verdict tally_verify(struct urn *u, struct folder *record,
                                 const struct record_anchor *anchor, struct tally_report *out)
{
	size_t mark = arena_mark(&u->arena);
	memset(out, 0, sizeof *out);
	out->report.check = collect;
	enum record_verdict v = record_verify(record, anchor, &u->world, &out->report);
	arena_release(&u->arena, mark);
	return v;
}

const char *tally_failed(const struct tally_report *r)
{
	static char room[256];
	struct text t = TEXT_OF(room);
	for (unsigned i = 0; i < r->count; i++) {
		if (r->checks[i].outcome != CHECK_FAILED)
			continue;
		text_add(&t, t.len ? " " : "");
		text_add(&t, r->checks[i].code);
	}
	return room;
}

const struct error *tally_error(const struct tally_report *r, const char *code)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->checks[i].code, code) == 0 && r->checks[i].outcome == CHECK_FAILED)
			return &r->checks[i].error;
	fail_msg("check %s did not fail", code);
	return NULL;
}

bool tally_noted(const struct tally_report *r, const char *code)
{
	for (unsigned i = 0; i < r->count; i++)
		if (strcmp(r->checks[i].code, code) == 0)
			return r->checks[i].outcome == CHECK_NOTE;
	return false;
}
