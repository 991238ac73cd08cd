/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two verifiers that share no code (docs/protocol.md 12), urna's in C and web/verifier in
 * JavaScript. They must say the same of every record: verdict, failed checks, and which ballots do
 * not count. Honest records of every shape, logs of a board that takes
 * anything, and records that were altered afterwards, with the log written anew or not.
 *
 * Skipped where there is no node, or web/verifier has no noble/ (npm ci).
 */
#include "support/support.h"

#include "differential/verifiers_alter.h"
#include "differential/verifiers_compare.h"
#include "differential/verifiers_keep.h"
#include "differential/verifiers_votes.h"
#include "record/proof.h"

/* --- records --- */

static struct urn_plan random_plan(char what[static 160])
{
	unsigned parties = 1 + (unsigned)test_random_below(4);
	struct urn_plan plan = {.mode = test_random_below(2) ? BALLOT_SERVER : BALLOT_CREDENTIALS,
	                        .weight_max = test_random_below(2) ? 1 : 3,
	                        .areas = test_random_below(3) == 0,
	                        .witnesses = test_random_below(2) ? 4 : 0,
	                        .parties = parties,
	                        .threshold = 1 + (unsigned)test_random_below(parties)};
	bool texts = test_random_below(2);
	plan.questions = texts ? any_questions_with_texts() : NULL;
	plan.choose = texts ? choose_anything : NULL;
	snprintf(what, 160, "%s, %u of %u, weight %u%s%s%s",
	         plan.mode == BALLOT_SERVER ? "server" : "credentials", plan.threshold, parties,
	         (unsigned)plan.weight_max, plan.areas ? ", areas" : "",
	         plan.witnesses ? ", witnesses" : "", texts ? ", ranks and texts" : "");
	return plan;
}

static void finish_record(const struct urn_plan *plan)
{
	char mixers[URN_PARTIES + 1], active[URN_PARTIES + 1];
	unsigned more = (unsigned)test_random_below(plan->parties - plan->threshold + 1);
	some_of(mixers, plan->parties, plan->threshold);
	some_of(active, plan->parties, plan->threshold + more);
	tally_run(&u, &(struct tally_plan){.mixers = mixers,
	                                   .active = active,
	                                   .attempt = 1 + (unsigned)test_random_below(3)});
	if (test_random_below(4) == 0)
		urn_write(&u, "evidence/l1/why", BYTES_LITERAL("it was late"));
	tally_finish(&u);
}

static void one_event(uint32_t *seq)
{
	uint8_t room[URN_BALLOT_MAX];
	struct board_receipt r;
	unsigned voter = (unsigned)test_random_below(u.listed);
	error_clear(&err);
	switch (test_random_below(8)) {
	case 0:
		assert_ok(board_void(&r, u.board, urn_body(room, &u, voter, u.voters[voter].style), &err),
		          err);
		return;
	case 1:
		assert_ok(board_suspend(u.board, &err) && board_resume(u.board, &err), err);
		return;
	case 2:
		if (u.rules.mode == BALLOT_CREDENTIALS)
			urn_change(&u, voter, u.voters[voter].style,
			           (uint32_t)test_random_below(u.manifest->weight_max + 1));
		return;
	default:
		if (u.voters[voter].weight > 0)
			urn_vote(&u, voter, seq[voter]++);
		return;
	}
}

static void honest_record(char what[static 160])
{
	uint32_t seq[URN_VOTERS] = {0};
	struct urn_plan plan = random_plan(what);
	unsigned events = test_random_below(6) ? 3 + (unsigned)test_random_below(12) : 0;
	urn_begin(&u, &plan);
	urn_open(&u);
	for (unsigned i = 0; i < events; i++)
		one_event(seq);
	urn_close(&u);
	finish_record(&plan);
}

/* --- tests --- */

static void honest_records_are_judged_alike(void **state)
{
	(void)state;
	char what[160];
	begin_comparing();
	for (uint64_t i = 0; i < TEST_COUNT(8, 200); i++) {
		honest_record(what);
		compare(what);
		if (strncmp(cases[cases_count - 1].ours, "rejected", 8) == 0)
			fail_msg("%s: %s", what, cases[cases_count - 1].ours);
		if (i % 4 == 0)
			compare_from_anywhere(what); /* an anchor may be wrong: rejected by both then */
		urn_end(&u);
	}
	ask_the_other();
}

/* And of a third derivation, the generator's own. */
static void lists_are_those_of_the_box(void)
{
	for (unsigned k = 0; k < u.manifest->lists_count; k++) {
		digest want, got;
		char path[RECORD_PATH_BYTES];
		size_t n = derive(&want, &u.manifest->lists[k]);
		proof_file_path(path, k, MIX_FILE_INPUT, 0);
		assert_int_equal(n > 0, u.record->exists(u.record, path));
		if (n == 0)
			continue;
		assert_ok(record_file_digest(&got, u.record, path, &err), err);
		assert_true(digest_equal(&want, &got));
	}
}

/* A board that logs whatever it gets: every reason for which a ballot does not count. */
static void logs_of_a_bad_board_are_judged_alike(void **state)
{
	(void)state;
	char what[160];
	struct checkpoint c;
	begin_comparing();
	for (uint64_t i = 0; i < TEST_COUNT(6, 200); i++) {
		struct urn_plan plan = random_plan(what);
		urn_begin(&u, &plan);
		random_box(10 + (unsigned)test_random_below(40));
		const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
		error_clear(&err);
		assert_ok(board_sign_close(&c, &f, &err), err);
		finish_record(&plan);
		lists_are_those_of_the_box();
		compare_from_anywhere(what);
		urn_end(&u);
	}
	forget();
	ask_the_other();
}

/* --- alterations --- */

static void altered_records_are_judged_alike(void **state)
{
	(void)state;
	char what[160];
	struct kept_files kept;
	begin_comparing();
	for (uint64_t i = 0; i < TEST_COUNT(3, 20); i++) {
		honest_record(what);
		keep(&kept, &u);
		for (uint64_t k = 0; k < TEST_COUNT(12, 100); k++) {
			alter(what);
			compare_from_anywhere(what);
			restore(&kept, &u);
		}
		forget_kept(&kept);
		urn_end(&u);
	}
	ask_the_other();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_records_are_judged_alike),
		cmocka_unit_test(logs_of_a_bad_board_are_judged_alike),
		cmocka_unit_test(altered_records_are_judged_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
