/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tally of urna run: mixing, decrypting and counting, with whoever does it rightly.
 *
 * After each stage the record says what is to be done next, and, when something failed, whose fault
 * it is (director/director.h). Who failed is not asked again; everybody else is, and finds what he
 * has done already. So each round ends with one authority less, or is the last of its stage.
 */
#include "cli/run_tally.h"

#include "record/board.h"
#include "record/endorse.h"
#include "record/proof.h"

#include <string.h>

/* --- stages --- */

static void write_parties(struct run *r, const char *option,
                          const bool parties[static LIMIT_PARTIES + 1])
{
	struct text text = TEXT_OF(r->text.parties);
	bool first = true;
	text_add(&text, option);
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++) {
		if (!parties[l])
			continue;
		text_add(&text, first ? "" : ",");
		text_add_u64(&text, l);
		first = false;
	}
}

static void add_children(struct tally *t, const char *command,
                         const bool parties[static LIMIT_PARTIES + 1])
{
	struct run *r = t->r;
	char name[16];
	run_begin_stage(r);
	r->team.patience_ms = r->options->timeout_ms * (t->e.manifest->lists_count + 1u) + 5000;
	for (unsigned l = 1; l <= t->e.manifest->authorities_count; l++) {
		if (!parties[l] || t->out[l])
			continue;
		struct team_member *m =
			run_add_child(r, run_authority_name(name, l - 1), command, "--home", r->homes[l - 1],
		                  "--record", r->record, run_jail_option(r), NULL);
		m->silent = true; /* the result is shown once, at the end */
		if (strcmp(command, "count") == 0)
			continue;
		team_argument(m, r->text.timeout);
		if (r->text.parties[0])
			team_argument(m, r->text.parties);
	}
}

static unsigned party_of(const struct team_member *m)
{
	unsigned party = 0;
	for (const char *s = m->name + 1; *s >= '0' && *s <= '9'; s++)
		party = party * 10 + (unsigned)(*s - '0');
	return party;
}

static bool waited_in_vain(const struct team_member *m)
{
	return m->status.exited && !m->late && strstr(team_message(m), "the deadline passed");
}

static unsigned lowest(const bool parties[static LIMIT_PARTIES + 1])
{
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		if (parties[l])
			return l;
	return 0;
}

/* Whom the others wait for in the first list that is not finished; 0: nobody can be named. */
static bool find_awaited(struct tally *t, bool awaited[static LIMIT_PARTIES + 1], char *auxsid,
                         struct error *err)
{
	bool any = false;
	memset(awaited, 0, (LIMIT_PARTIES + 1) * sizeof *awaited);
	for (unsigned i = 0; !any && i < t->e.manifest->lists_count; i++) {
		bool next[LIMIT_PARTIES + 1] = {false}, can[LIMIT_PARTIES + 1];
		unsigned keep;
		struct director_list *l = &t->view;
		for (unsigned p = 0; p <= LIMIT_PARTIES; p++)
			can[p] = run_can_mix(t, p);
		if (!director_look(l, &t->d, i, t->decrypts, err))
			return false;
		if (l->state == DIRECTOR_DECRYPTING)
			memcpy(awaited, l->missing, (LIMIT_PARTIES + 1) * sizeof *awaited);
		else if (l->state == DIRECTOR_MIXING && director_wanted(next, &keep, &t->d, l, can))
			awaited[lowest(next)] = true;
		any = lowest(awaited) > 0;
		memcpy(auxsid, l->auxsid, AUXSID_BYTES);
	}
	return true;
}

/* The record names nobody: whoever was waited for, or the one whose process failed. */
static bool blame_process(struct tally *t, const char *stage, const struct team_member *m,
                          struct error *err)
{
	struct error why;
	bool awaited[LIMIT_PARTIES + 1], any = false;
	char auxsid[AUXSID_BYTES] = "";
	run_error_of_child(&why, m);
	if (waited_in_vain(m)) {
		if (!find_awaited(t, awaited, auxsid, err))
			return false;
		error_clear(&why);
		fail(&why, ERROR_UNAVAILABLE, "run: the others waited for it in vain", ERROR_NOWHERE);
		for (unsigned l = 1; l <= t->e.manifest->authorities_count; l++) {
			if (!awaited[l] || l == party_of(m))
				continue;
			any = true;
			run_leave_out(t, l, stage, auxsid, &why);
		}
	}
	if (any)
		return true;
	run_error_of_child(&why, m);
	run_leave_out(t, party_of(m), stage, "", &why);
	return true;
}

/* From the ballots on, once; nothing of it is believed. */
static bool look_closely(struct tally *t, struct error *err)
{
	const struct box_job job = {.manifest = t->e.manifest,
	                            .key = &t->e.key,
	                            .ceremony = &t->e.ceremony,
	                            .record = t->e.record,
	                            .world = &t->r->session->world};
	t->d.signatures_only = false;
	if (t->d.box)
		return true;
	struct ballot_box *box = arena_take_array(&t->r->session->arena, 1, struct ballot_box, err);
	t->d.box = box;
	return box && ballot_box_read(box, &job, err);
}

/* A stage that failed: everything is looked at closely; somebody is left out. */
static bool find_fault(struct tally *t, const char *stage, struct error *err)
{
	struct run *r = t->r;
	const struct team_member *m = &r->team.members[r->team.failed];
	const unsigned before = r->replaced_count;
	struct error why;
	if (!look_closely(t, err))
		return false;
	if (!m->status.exited || m->late) { /* gone for whatever reason; the record may name others */
		run_error_of_child(&why, m);
		run_leave_out(t, party_of(m), stage, "", &why);
	}
	if (!run_look(t, err))
		return false;
	return r->replaced_count != before || blame_process(t, stage, m, err);
}

/* *again: with whoever is left. */
static bool run_stage(struct tally *t, const char *stage, bool *again, struct error *err)
{
	struct run *r = t->r;
	struct error why;
	error_clear(&why);
	*again = true;
	t->d.signatures_only = true;
	if (run_team(r, stage, &why)) {
		run_report_stage(r, &r->stages[r->stages_count - 1]);
		*again = false;
		return true;
	}
	if (r->team.failed >= 0)
		return find_fault(t, stage, err);
	if (err)
		*err = why;
	return false;
}

/* Who has replied in every list is not needed any more by the others. */
static bool has_replied(void *ctx, const struct team_member *m)
{
	struct tally *t = ctx;
	for (unsigned l = 0; l < t->e.manifest->lists_count; l++) {
		char input[RECORD_PATH_BYTES], open[RECORD_PATH_BYTES], reply[RECORD_PATH_BYTES];
		struct folder *f = t->e.record;
		proof_file_path(input, l, MIX_FILE_INPUT, 0);
		proof_file_path(open, l, MIX_FILE_PLAINTEXTS, 0);
		proof_file_path(reply, l, MIX_FILE_DECRYPTION_REPLY, party_of(m));
		if (f->exists(f, input) && !f->exists(f, open) && !f->exists(f, reply))
			return false;
	}
	return true;
}

static bool go_on_anyway(void *ctx, const struct team_member *m)
{
	(void)ctx;
	(void)m;
	return true;
}

/* All that have a part in the tally do. */
static bool signs_closing(const struct tally *t, unsigned party)
{
	return t->mixer[party] || t->active[party];
}

static bool mix(struct tally *t, bool *again, struct error *err)
{
	bool asked[LIMIT_PARTIES + 1];
	for (unsigned l = 0; l <= LIMIT_PARTIES; l++)
		asked[l] = signs_closing(t, l);
	write_parties(t->r, "--mixers=", t->wanted);
	if (lowest(t->wanted) == 0) /* every list is mixed; only the closing lacks signatures */
		t->r->text.parties[0] = '\0';
	add_children(t, "mix", asked);
	return run_stage(t, "mix", again, err);
}

/* Some failed and the others went on: the record says what they did wrong, or it was their own. */
static bool look_after_failures(struct tally *t, bool *again, struct error *err)
{
	const struct team_member *failed = NULL;
	const unsigned before = t->r->replaced_count;
	for (unsigned i = t->r->team.count; i > 0; i--)
		if (t->r->team.members[i - 1].failed)
			failed = &t->r->team.members[i - 1];
	if (!failed)
		return true;
	*again = true;
	if (!look_closely(t, err) || !run_look(t, err))
		return false;
	return t->r->replaced_count != before || blame_process(t, "decrypt", failed, err);
}

static bool decrypt(struct tally *t, bool *again, struct error *err)
{
	const unsigned left = run_count_left(t, t->active);
	if (left < t->e.manifest->threshold)
		return run_too_few(t, left, err);
	write_parties(t->r, "--active=", t->decrypts);
	add_children(t, "decrypt", t->decrypts);
	t->r->team.goes_on = has_replied;
	t->r->team.ctx = t;
	if (!run_stage(t, "decrypt", again, err))
		return false;
	return *again || look_after_failures(t, again, err);
}

/* H_close of the tree that the board closed; authorities derive it themselves. */
static bool read_closing(digest *statement, struct tally *t, struct error *err)
{
	const struct checkpoint_policy policy = {t->e.manifest, &t->e.key.eid, true};
	struct arena *a = &t->r->session->arena;
	struct checkpoint c;
	unsigned witnesses;
	bytes note;
	size_t mark = arena_mark(a);
	uint8_t *room = arena_take(a, NOTE_BYTES_MAX + 1, 1, err);
	bool good = room &&
	            folder_read(t->e.record, BOARD_CLOSE_PATH, room, NOTE_BYTES_MAX + 1, &note, err) &&
	            checkpoint_verify(&c, &witnesses, note, &policy, err);
	if (good)
		*statement = statement_close(&t->e.key.eid, c.size, &c.root);
	arena_release(a, mark);
	return good || fail_within(err, BOARD_CLOSE_PATH);
}

/* Whose signature holds, as those who decrypt count them: a file in somebody's name is none.
 * UNAVAILABLE when not enough can come of those who are left. */
static bool look_at_closing(bool *closed, bool signed_by[static LIMIT_PARTIES + 1], struct tally *t,
                            struct error *err)
{
	const struct endorsements e = {t->e.record, t->e.manifest, NULL, "close", 0};
	const unsigned threshold = t->e.manifest->threshold;
	unsigned possible = 0;
	digest statement;
	if (!read_closing(&statement, t, err))
		return false;
	(void)endorsements_right(signed_by, &e, &statement);
	*closed = endorsements_enough(signed_by, threshold, NULL);
	for (unsigned l = 1; l <= LIMIT_PARTIES; l++)
		possible += signed_by[l] || (signs_closing(t, l) && !t->out[l]);
	return possible >= threshold || run_too_few(t, possible, err);
}

/* All that were asked say that it is done: whoever has not signed is not asked again. */
static bool leave_out_unsigned(struct tally *t, struct error *err)
{
	bool closed, signed_by[LIMIT_PARTIES + 1];
	if (!look_at_closing(&closed, signed_by, t, err))
		return false;
	for (unsigned l = 1; !closed && l <= LIMIT_PARTIES; l++) {
		struct error why;
		error_clear(&why);
		fail(&why, ERROR_REJECTED, "mix: it says it is done, but has not signed the closing", l);
		if (signs_closing(t, l) && !signed_by[l])
			run_leave_out(t, l, "mix", "", &why);
	}
	return true;
}

static bool mix_and_decrypt(struct tally *t, struct error *err)
{
	bool again, closed, signed_by[LIMIT_PARTIES + 1];
	t->d.signatures_only = true;
	for (;;) {
		if (!run_look(t, err) || !look_at_closing(&closed, signed_by, t, err))
			return false;
		const bool only_closing = !t->mixing;
		if (t->mixing || !closed) {
			if (!mix(t, &again, err) || (only_closing && !again && !leave_out_unsigned(t, err)))
				return false;
		} else if (t->decrypting) {
			if (!decrypt(t, &again, err))
				return false;
		} else {
			return true;
		}
	}
}

/* --- the count --- */

static bool count_once(struct tally *t, unsigned *good, bool *wrong_result, struct error *err)
{
	struct run *r = t->r;
	add_children(t, "count", t->active);
	r->team.goes_on = go_on_anyway;
	*good = 0;
	*wrong_result = false;
	if (!run_team(r, "count", err) && r->team.failed < 0)
		return false;
	for (unsigned i = 0; i < r->team.count; i++) {
		const struct team_member *m = &r->team.members[i];
		*good += !m->failed;
		*wrong_result =
			*wrong_result || (m->failed && strstr(team_message(m), "result.json is not what"));
	}
	return true;
}

/* Another result than the plaintexts give is in the way of everybody. */
static bool set_aside_result(struct tally *t, struct error *err)
{
	struct run_replaced what = {.stage = "count"};
	fail(&what.why, ERROR_REJECTED, "count: result.json was not what the plaintexts give",
	     ERROR_NOWHERE);
	run_tell(t, &what);
	return director_set_aside_result(&t->d, &what.why, err);
}

static bool count(struct tally *t, struct error *err)
{
	unsigned good;
	bool wrong;
	if (!count_once(t, &good, &wrong, err) ||
	    (wrong && (!set_aside_result(t, err) || !count_once(t, &good, &wrong, err))))
		return false;
	for (unsigned i = 0; i < t->r->team.count; i++) {
		const struct team_member *m = &t->r->team.members[i];
		struct error why;
		run_error_of_child(&why, m);
		if (m->failed)
			run_leave_out(t, party_of(m), "count", "", &why);
	}
	if (good < t->e.manifest->threshold)
		return run_too_few(t, good, err);
	run_report_stage(t->r, &t->r->stages[t->r->stages_count - 1]);
	return true;
}

bool run_tally(struct run *r, struct error *err)
{
	struct tally t = {.r = r};
	size_t mark = arena_mark(&r->session->arena);
	if (!election_open(&t.e, r->record, DISK_WRITE, r->session, err))
		return false;
	for (unsigned i = 0; i < r->options->mixers_count; i++)
		t.mixer[r->options->mixers[i] + 1u] = true;
	for (unsigned i = 0; i < r->options->active_count; i++)
		t.active[r->options->active[i] + 1u] = true;
	bool good = election_read_key(&t.e, err) &&
	            director_open(&t.d, t.e.manifest, &t.e.key, t.e.record, &r->session->world, err) &&
	            mix_and_decrypt(&t, err) && count(&t, err);
	election_close(&t.e);
	arena_release(&r->session->arena, mark);
	return good;
}
