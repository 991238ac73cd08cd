/* SPDX-License-Identifier: Apache-2.0 */
/* Whole records: honest ones of every shape are verified; what only a second list, a second subset
 * or a second election makes possible is rejected. */
#include "support/support.h"

#include "support/election.h"

#include "base/subfolder.h"
#include "files/memory_folder.h"
#include "mixnet/shuffle.h"
#include "record/proof.h"

#include <stdio.h>
#include <stdlib.h>

static struct election_report report;

static void verified(struct election *e, struct folder *record)
{
	if (election_verify(e, record, true, &report) != RECORD_VERIFIED)
		fail_msg("%s failed: %s (%s)", election_failed(&report),
		         election_error(&report, election_failed(&report))->what,
		         election_error(&report, election_failed(&report))->detail);
	assert_int_equal(election_verify(e, record, false, &report), RECORD_SELF_CONSISTENT);
}

static void rejected(struct election *e, struct folder *record, const char *code)
{
	assert_int_equal(election_verify(e, record, true, &report), RECORD_REJECTED);
	assert_string_equal(election_failed(&report), code);
}

static bool reported(const char *code)
{
	for (unsigned i = 0; i < report.count; i++)
		if (strcmp(report.checks[i].code, code) == 0)
			return true;
	return false;
}

static void three_votes(struct election *e)
{
	election_ceremony(e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(e, i);
	election_write_box(e);
}

static void records_of_any_parties_and_subsets_are_verified(void **state)
{
	(void)state;
	static const struct {
		unsigned parties, threshold;
		const char *active;
	} shapes[] = {{1, 1, "1"},       {2, 1, "2"},      {2, 2, "1,2"},   {3, 2, "1,2"},
	              {3, 2, "1,3"},     {3, 2, "2,3"},    {3, 2, "1,2,3"}, {5, 3, "1,3,5"},
	              {5, 3, "2,3,4,5"}, {4, 4, "1,2,3,4"}};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct election e;
		election_begin(&e, &PLAN_SMALL(shapes[i].parties, shapes[i].threshold), 1);
		three_votes(&e);
		election_tally(&e, shapes[i].active);
		verified(&e, e.record);
		election_end(&e);
	}
}

static void elections_of_several_groups_widths_and_styles_are_verified(void **state)
{
	(void)state;
	static uint32_t digits[WIDE_DIGITS_1 + WIDE_DIGITS_2 + WIDE_DIGITS_3];
	struct election e;
	election_begin(&e, plan_wide(2, 2), 2);
	election_ceremony(&e);
	for (unsigned i = 0; i < 6; i++)
		election_vote(&e, i % 3, digits);
	election_write_box(&e);
	election_tally(&e, "1,2");
	verified(&e, e.record);
	assert_memory_equal(e.party[0].result.p, e.party[1].result.p, e.party[0].result.len);
	election_end(&e);
}

static void an_urn_without_ballots_is_verified(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, plan_wide(2, 2), 1);
	election_ceremony(&e);
	election_write_box(&e);
	election_tally(&e, "1,2");
	verified(&e, e.record);
	assert_false(e.record->exists(e.record, "proof"));
	struct folder *f = election_copy(e.record);
	election_remove(f, "endorse/l2/empty-01.bt");
	rejected(&e, f, "8.5");
	memory_folder_free(f);
	election_end(&e);
}

/* A list without ballots has neither proof nor other statements, and one with ballots is not
 * empty, whoever says so. */
static void statements_that_contradict_the_size_of_a_list_are_rejected(void **state)
{
	(void)state;
	static const uint32_t digits[WIDE_DIGITS_2];
	static const char *const strays[] = {"endorse/l1/mix-01.bt",     "endorse/l1/ready-01.bt",
	                                     "endorse/l1/factors-01.bt", "endorse/l1/commitments-01.bt",
	                                     "proof/l1/protInfo.xml",    "proof/l1/nizkp/l1/version"};
	struct election e;
	struct error err;
	election_begin(&e, plan_wide(1, 1), 1);
	election_ceremony(&e);
	election_vote(&e, 2, digits);
	election_vote(&e, 2, digits);
	election_write_box(&e);
	election_tally(&e, "1");
	verified(&e, e.record);
	struct folder *f = election_copy(e.record);
	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
		election_write(f, strays[i], BYTES_LITERAL("x"));
		rejected(&e, f, "8.5");
		election_remove(f, strays[i]);
	}
	digest s = statement_empty(&e.key.eid, "l2");
	error_clear(&err);
	assert_ok(endorsement_write(f, "endorse/l2/empty-01.bt", &e.party[0].identity, &s, &err), err);
	rejected(&e, f, "8.3");
	election_remove(f, "endorse/l2/empty-01.bt");
	verified(&e, f);
	memory_folder_free(f);
	election_end(&e);
}

static void another_election_than_the_anchors_is_rejected_at_once(void **state)
{
	(void)state;
	struct election e;
	election_whole(&e, &PLAN_SMALL(2, 2));
	struct record_anchor anchor = {true, e.key.eid};
	verified(&e, e.record);
	digest eid = e.key.eid;
	for (unsigned bit = 0; bit < 256; bit += 51) {
		e.key.eid = anchor.eid;
		e.key.eid.b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		rejected(&e, e.record, "3.2");
		assert_false(reported("6.1"));
		assert_false(reported("10.2"));
	}
	e.key.eid = eid;
	election_end(&e);
}

/* Everything of it holds, but it is not the election asked about. */
static void a_foreign_complete_record_is_at_best_self_consistent(void **state)
{
	(void)state;
	struct election e, foreign;
	election_whole(&e, &PLAN_SMALL(2, 2));
	election_begin_again(&foreign, &e);
	three_votes(&foreign);
	election_tally(&foreign, "1,2");
	assert_int_equal(election_verify(&e, foreign.record, false, &report), RECORD_SELF_CONSISTENT);
	rejected(&e, foreign.record, "3.2");
	election_end(&foreign);
	election_end(&e);
}

/* t of n is enough where the protocol says so, and one more signature must still be a true one. */
static void signatures_beyond_the_threshold_may_be_absent_but_not_false(void **state)
{
	(void)state;
	static const char *const more[] = {"endorse/close-02.bt", "endorse/result-03.bt"};
	static const char *const needed[] = {"endorse/l1/mix-01.bt", "endorse/l1/ready-03.bt",
	                                     "endorse/l1/factors-03.bt",
	                                     "endorse/l1/commitments-02.bt"};
	static const char *const codes[] = {"8.3", "9.2", "9.2", "9.2"};
	struct election e;
	election_whole(&e, &PLAN_SMALL(3, 2));
	struct folder *f = election_copy(e.record);
	for (size_t i = 0; i < 2; i++) {
		bytes file = election_read(f, more[i]);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		election_remove(f, more[i]);
		verified(&e, f);
		p[40] ^= 1;
		election_write(f, more[i], file);
		rejected(&e, f, i ? "10.3" : "6.3");
		p[40] ^= 1;
		election_write(f, more[i], file);
		free(p);
	}
	for (size_t i = 0; i < 4; i++) {
		bytes file = election_read(f, needed[i]);
		election_remove(f, needed[i]);
		rejected(&e, f, codes[i]);
		election_write(f, needed[i], file);
		free((void *)(uintptr_t)file.p);
	}
	verified(&e, f);
	memory_folder_free(f);
	election_end(&e);
}

/* --- two lists of one size --- */

#define TWO_QUESTIONS                                                                     \
	PLAN_QUESTIONS ",{\"id\":\"q2\",\"title\":\"Chair\",\"rule\":\"plurality-at-large\"," \
				   "\"seats\":1,\"min\":0,\"max\":2,\"answers\":[\"Ann\",\"Bo\",\"Cy\"]," \
				   "\"lot\":[1,2,3]}"
#define TWO_GROUPS PLAN_GROUPS ",{\"name\":\"g2\",\"questions\":[\"q2\"]}"

static void two_lists(struct election *e)
{
	static const uint32_t digits[8] = {0, 1, 0, 0, 0, 0, 0, 1};
	const struct election_plan plan = {
		2, 2, 0, TWO_QUESTIONS, TWO_GROUPS, "{\"name\":\"all\",\"groups\":[\"g1\",\"g2\"]}"};
	election_begin(e, &plan, 1);
	election_ceremony(e);
	for (unsigned i = 0; i < 3; i++)
		election_vote(e, 0, digits);
	election_write_box(e);
	election_tally(e, "1,2");
}

static void other_list(char out[RECORD_PATH_BYTES], const char *path)
{
	snprintf(out, RECORD_PATH_BYTES, "%s", path);
	for (char *p = out; *p; p++)
		if (p[0] == '/' && p[1] == 'l' && p[2] == '1')
			p[2] = '2';
}

/* Every file whose path begins with this is exchanged with the other list's. */
static void exchange_lists(struct folder *f, const char *begins, const char *but)
{
	struct election_files files;
	election_files(&files, f);
	for (size_t i = 0; i < files.count; i++) {
		char other[RECORD_PATH_BYTES];
		const char *path = files.file[i].path;
		if (strncmp(path, begins, strlen(begins)) != 0 || (but && strstr(path, but)))
			continue;
		other_list(other, path);
		bytes a = election_read(f, path), b = election_read(f, other);
		election_write(f, path, b);
		election_write(f, other, a);
		free((void *)(uintptr_t)a.p);
		free((void *)(uintptr_t)b.p);
	}
	election_files_free(&files);
}

static void proofs_and_statements_of_another_list_are_rejected(void **state)
{
	(void)state;
	static const char *const kinds[][2] = {{"endorse/l1/mix", "8.3"},
	                                       {"endorse/l1/ready", "9.2"},
	                                       {"endorse/l1/factors", "9.2"},
	                                       {"endorse/l1/commitments", "9.2"},
	                                       {"proof/l1", "8.2"},
	                                       {"proof/l1/nizkp/l1/Ciphertexts.bt", "8.2"},
	                                       {"proof/l1/nizkp/l1/Plaintexts.bt", "9.1"}};
	struct election e;
	two_lists(&e);
	verified(&e, e.record);
	struct folder *f = election_copy(e.record);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		exchange_lists(f, kinds[i][0], NULL);
		rejected(&e, f, kinds[i][1]);
		exchange_lists(f, kinds[i][0], NULL);
	}
	/* the text that names the list put right: the proofs hash the name too */
	exchange_lists(f, "proof/l1", "auxsid");
	rejected(&e, f, "8.2");
	exchange_lists(f, "endorse/l1", NULL);
	rejected(&e, f, "8.2");
	memory_folder_free(f);
	election_end(&e);
}

/* --- a shuffle that holds, but is nobody's --- */

static void shuffle_again(struct election *e, unsigned party)
{
	static const enum mix_file made[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                     MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	struct subfolder folder;
	struct mix_session session;
	struct error err;
	struct mix_path input = mix_path(MIX_FILE_LIST, party - 1);
	error_clear(&err);
	assert_ok(subfolder_init(&folder, e->record, "proof/l1/nizkp/l1", &err), err);
	assert_ok(proof_session(&session, e->manifest, &e->key, 0, &err), err);
	for (size_t i = 0; i < 4; i++) {
		struct mix_path path = mix_path(made[i], party);
		election_remove(&folder.folder, path.text);
	}
	struct shuffle_job job = {.session = &session,
	                          .folder = &folder.folder,
	                          .input = input.text,
	                          .party = party,
	                          .y = &e->pk.y,
	                          .rng = test_rng(),
	                          .workers = e->workers,
	                          .memory = &e->arena};
	assert_ok(shuffle_prove(&job, &err), err);
	arena_release(&e->arena, e->mark);
}

/* All other keys collude: they shuffle in party 2's place, decrypt, count. Without its identity key
 * the record shows it. */
static void a_proven_shuffle_without_its_authors_signature_is_rejected(void **state)
{
	(void)state;
	struct election e;
	static const char mix[] = "endorse/l1/mix-02.bt";
	election_begin(&e, &PLAN_SMALL(2, 2), 1);
	three_votes(&e);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	bytes first = election_read(e.record, mix);
	shuffle_again(&e, 2);
	/* an honest authority refuses to go on */
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
	assert_int_equal(e.party[0].err.kind, ERROR_REJECTED);
	assert_non_null(strstr(e.party[0].err.detail, "party 2"));
	/* so they need its key once more, to get through their own program */
	election_remove(e.record, mix);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2"));
	election_tally(&e, "1,2");
	verified(&e, e.record);
	bytes second = election_read(e.record, mix);
	election_write(e.record, mix, first);
	rejected(&e, e.record, "8.3");
	assert_true(reported("9.1"));
	election_write(e.record, mix, second);
	verified(&e, e.record);
	free((void *)(uintptr_t)first.p);
	free((void *)(uintptr_t)second.p);
	election_end(&e);
}

/* --- when the machine fails --- */

static void too_little_memory_is_no_verdict_about_the_record(void **state)
{
	(void)state;
	struct election e;
	election_whole(&e, &PLAN_SMALL(2, 2));
	struct arena whole = e.arena;
	enum record_verdict v = RECORD_UNDECIDED;
	for (size_t room = 1 << 16; v != RECORD_VERIFIED; room += room / 4) {
		e.arena.size = e.arena.used + room;
		v = election_verify(&e, e.record, true, &report);
		if (v != RECORD_VERIFIED && v != RECORD_UNDECIDED)
			fail_msg("%zu bytes: %s", room, election_failed(&report));
		assert_true(room < whole.size / 2);
	}
	e.arena = whole;
	election_end(&e);
}

struct broken {
	struct folder folder; /* first member */
	struct folder *inner;
	unsigned opens, fails_at;
};

static bool broken_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct broken *b = (struct broken *)f;
	if (b->opens++ == b->fails_at)
		return fail_detail(err, ERROR_IO, "test: the disk is broken", ERROR_NOWHERE, path);
	return b->inner->open(b->inner, path, out, err);
}
static bool broken_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct broken *)f)->inner;
	return inner->exists(inner, path);
}
static bool broken_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                        struct error *err)
{
	struct folder *inner = ((struct broken *)f)->inner;
	return inner->list(inner, path, visit, ctx, err);
}

static void a_broken_disk_is_no_verdict_about_the_record(void **state)
{
	(void)state;
	struct election e;
	election_whole(&e, &PLAN_SMALL(2, 2));
	struct broken b = {.folder = {.name = "record",
	                              .open = broken_open,
	                              .exists = broken_exists,
	                              .list = broken_list},
	                   .inner = e.record,
	                   .fails_at = UINT32_MAX};
	verified(&e, &b.folder);
	unsigned opens = b.opens / 2;
	for (unsigned i = 0; i < opens; i++) {
		b.opens = 0;
		b.fails_at = i;
		enum record_verdict v = election_verify(&e, &b.folder, true, &report);
		if (v != RECORD_UNDECIDED)
			fail_msg("file %u: verdict %d, %s", i, (int)v, election_failed(&report));
	}
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_any_parties_and_subsets_are_verified),
		cmocka_unit_test(elections_of_several_groups_widths_and_styles_are_verified),
		cmocka_unit_test(an_urn_without_ballots_is_verified),
		cmocka_unit_test(statements_that_contradict_the_size_of_a_list_are_rejected),
		cmocka_unit_test(another_election_than_the_anchors_is_rejected_at_once),
		cmocka_unit_test(a_foreign_complete_record_is_at_best_self_consistent),
		cmocka_unit_test(signatures_beyond_the_threshold_may_be_absent_but_not_false),
		cmocka_unit_test(proofs_and_statements_of_another_list_are_rejected),
		cmocka_unit_test(a_proven_shuffle_without_its_authors_signature_is_rejected),
		cmocka_unit_test(too_little_memory_is_no_verdict_about_the_record),
		cmocka_unit_test(a_broken_disk_is_no_verdict_about_the_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
