/* SPDX-License-Identifier: Apache-2.0 */
/* Instant runoff: each rule and option on ballots that a person can count. */
#include "support/support.h"

#include "base/limits.h"
#include "small.h"

#include <stdlib.h>

static void candidate_with_a_majority_is_elected_at_once(void **state)
{
	(void)state;
	/* 9 active votes: quota 5. */
	assert_counted("irv", "5 AB 3 BA 1 C", "",
	               "first: 5 3 1 | 0 | 5\n"
	               "end: 5 3 1 | 0 | 5\n"
	               "elected A@1\nplaces 1 2 3\n");
}

static void half_of_the_votes_is_no_majority(void **state)
{
	(void)state;
	/* 8: quota 5. C goes, its ballot to B; level at 4 of 8; B was behind. */
	assert_counted("irv", "4 A 3 B 1 CB", "",
	               "first: 4 3 1 | 0 | 5\n"
	               "exclusion C 1: 4 4 0 | 0 | 5\n"
	               "exclusion B 4: 4 0 0 | 4 | 3 earlier stage AB\n"
	               "end: 4 0 0 | 4 | 3\n"
	               "elected A@3\nplaces 1 2 3\n");
}

static void majority_is_of_the_votes_that_are_still_active(void **state)
{
	(void)state;
	/* 9 valid. C goes and 2 ballots with it: 7 active, quota 4 of them. */
	assert_counted("irv", "4 A 3 B 2 C", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 3 0 | 2 | 4\n"
	               "end: 4 3 0 | 2 | 4\n"
	               "elected A@2\nplaces 1 2 3\n");
}

static void ballot_goes_to_the_next_who_continues(void **state)
{
	(void)state;
	/* D out, then C: of C's ballots the 2 from D go past D and C to B. */
	assert_counted("irv", "5 A 4 B 3 CB 2 DCB", "",
	               "first: 5 4 3 2 | 0 | 8\n"
	               "exclusion D 2: 5 4 5 0 | 0 | 8\n"
	               "exclusion B 4: 5 0 5 0 | 4 | 6\n"
	               "exclusion C 5: 5 0 0 0 | 9 | 3 earlier stage AC\n"
	               "end: 5 0 0 0 | 9 | 3\n"
	               "elected A@4\nplaces 1 3 2 4\n");
}

static void withdrawn_candidates_are_stepped_over(void **state)
{
	(void)state;
	assert_counted("irv", "!C 3 CA 2 B 1 C", "",
	               "first: 3 2 0 | 0 | 3\nend: 3 2 0 | 0 | 3\nelected A@1\nplaces 1 2 0\n");
}

/* --- ties --- */

static void tie_is_decided_by_the_latest_earlier_stage_that_differs(void **state)
{
	(void)state;
	/* D out: B and C both 4. At stage 1 C had 3, B 4: C is out. */
	assert_counted("irv", "5 A 4 B 3 CB 1 DC", "",
	               "first: 5 4 3 1 | 0 | 7\n"
	               "exclusion D 1: 5 4 4 0 | 0 | 7\n"
	               "exclusion C 4: 5 7 0 0 | 1 | 7 earlier stage BC\n"
	               "end: 5 7 0 0 | 1 | 7\n"
	               "elected B@3\nplaces 2 1 3 4\n");
}

static void tie_goes_to_the_lot_at_once_where_the_rule_says_so(void **state)
{
	(void)state;
	assert_counted("irv:ties=lot", "5 A 4 BC 3 C 1 DC", "BCAD",
	               "first: 5 4 3 1 | 0 | 7\n"
	               "exclusion D 1: 5 4 4 0 | 0 | 7\n"
	               "exclusion B 4: 5 0 8 0 | 0 | 7 lot BC\n"
	               "end: 5 0 8 0 | 0 | 7\n"
	               "elected C@3\nplaces 2 3 1 4\n");
	assert_tie_needs_a_lot("irv:ties=lot", "5 A 4 BC 3 C 1 DC", "BA", "B, C");
}

static void tie_that_no_stage_decides_needs_a_lot(void **state)
{
	(void)state;
	assert_tie_needs_a_lot("irv", "1 A 1 B", "", "A, B");
	assert_counted("irv", "1 A 1 B", "AB",
	               "first: 1 1 | 0 | 2\n"
	               "exclusion A 1: 0 1 | 1 | 1 lot AB\n"
	               "end: 0 1 | 1 | 1\n"
	               "elected B@2\nplaces 2 1\n");
}

/* --- options --- */

static void candidates_who_cannot_win_go_together_in_a_batch(void **state)
{
	(void)state;
	/* D 1, C 2, B 4, A 6: 1 < 2, 1 + 2 < 4, 1 + 2 + 4 > 6: D and C go. */
	assert_counted("irv:batch=on", "6 A 4 B 2 CB 1 DC", "",
	               "first: 6 4 2 1 | 0 | 7\n"
	               "exclusion CD 3: 6 6 0 0 | 1 | 7\n"
	               "exclusion B 6: 6 0 0 0 | 7 | 4 earlier stage AB\n"
	               "end: 6 0 0 0 | 7 | 4\n"
	               "elected A@3\nplaces 1 2 3 4\n");
	/* 1 + 1 is not fewer than 2: a lot between C and D first. */
	assert_tie_needs_a_lot("irv:batch=on", "4 A 2 B 1 C 1 D", "", "C, D");
}

static void batch_leaves_two_where_two_must_be_left(void **state)
{
	(void)state;
	assert_counted("irv:batch=on,stop=two", "9 A 2 B 1 C", "",
	               "first: 9 2 1 | 0 | 7\n"
	               "exclusion C 1: 9 2 0 | 1 | 6\n"
	               "end: 9 2 0 | 1 | 6\n"
	               "elected A@2\nplaces 1 2 3\n");
}

static void count_goes_on_until_two_are_left_where_asked(void **state)
{
	(void)state;
	assert_counted("irv:stop=two", "6 A 2 B 1 CB", "",
	               "first: 6 2 1 | 0 | 5\n"
	               "exclusion C 1: 6 3 0 | 0 | 5\n"
	               "end: 6 3 0 | 0 | 5\n"
	               "elected A@2\nplaces 1 2 3\n");
}

static void candidates_below_the_minimum_go_together(void **state)
{
	(void)state;
	/* C and D have fewer than 3; together 4 they could have passed B's 3. */
	assert_counted("irv:minimum=3", "4 A 3 B 2 CB 2 DB", "",
	               "first: 4 3 2 2 | 0 | 6\n"
	               "exclusion CD 4: 4 7 0 0 | 0 | 6\n"
	               "end: 4 7 0 0 | 0 | 6\n"
	               "elected B@2\nplaces 2 1 3 3\n");
	/* Nobody has 9: the rule of the fewest holds. */
	assert_counted("irv:minimum=9", "4 A 3 B 2 CB", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 5 0 | 0 | 5\n"
	               "end: 4 5 0 | 0 | 5\n"
	               "elected B@2\nplaces 2 1 3\n");
}

static void undeclared_write_ins_go_first_where_asked(void **state)
{
	(void)state;
	assert_counted("irv:write-ins=first", "4 A 1 BA 3 CB", "",
	               "first: 4 1 3 | 0 | 5\n"
	               "exclusion C 3: 4 4 0 | 0 | 5\n"
	               "exclusion B 4: 5 0 0 | 3 | 3 earlier stage AB\n"
	               "end: 5 0 0 | 3 | 3\n"
	               "elected A@3\nplaces 1 2 3\n");
	assert_counted("irv:write-ins=stay", "4 A 1 BA 3 CB", "",
	               "first: 4 1 3 | 0 | 5\n"
	               "exclusion B 1: 5 0 3 | 0 | 5\n"
	               "end: 5 0 3 | 0 | 5\n"
	               "elected A@2\nplaces 1 3 2\n");
}

static void only_the_ranks_that_count_are_read(void **state)
{
	(void)state;
	assert_counted("irv:ranks=1", "3 A 2 B 2 CB 1 DB", "CDBA",
	               "first: 3 2 2 1 | 0 | 5\n"
	               "exclusion D 1: 3 2 2 0 | 1 | 4\n"
	               "exclusion C 2: 3 2 0 0 | 3 | 3 lot BC\n"
	               "end: 3 2 0 0 | 3 | 3\n"
	               "elected A@3\nplaces 1 2 3 4\n");
	/* A skipped rank is a rank. */
	assert_counted("irv:ranks=1", "1 A 1 -B", "",
	               "first: 1 0 | 1 | 1\nend: 1 0 | 1 | 1\nelected A@1\nplaces 1 2\n");
}

/* --- gaps --- */

static void overvote_ends_the_ballot_or_is_stepped_over(void **state)
{
	(void)state;
	assert_counted("irv", "3 A 1 B 3 xB", "",
	               "first: 3 1 | 3 | 3\nend: 3 1 | 3 | 3\nelected A@1\nplaces 1 2\n");
	assert_counted("irv:overvote=skip", "3 A 1 B 3 xB", "",
	               "first: 3 4 | 0 | 4\nend: 3 4 | 0 | 4\nelected B@1\nplaces 2 1\n");
	/* It is met when the ballot gets there: at stage 2. */
	assert_counted("irv", "4 A 3 B 2 CxB", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 3 0 | 2 | 4\n"
	               "end: 4 3 0 | 2 | 4\n"
	               "elected A@2\nplaces 1 2 3\n");
}

static void ballot_with_nothing_but_an_overvote_is_valid_and_inactive(void **state)
{
	(void)state;
	static struct small s;
	assert_ok(small_count(&s, "irv", "3 A 1 B 2 x 4 .", "", 1), s.err);
	assert_int_equal(s.result.valid, 6);
	assert_int_equal(s.result.blank, 4);
	assert_string_equal(small_table(&s, "inactive"), "1: 0 2 0 0\n2: 0 2 0 0\n");
}

static void too_many_skipped_ranks_in_a_row_end_the_ballot(void **state)
{
	(void)state;
	assert_counted("irv", "3 A 2 --B 2 -B", "",
	               "first: 3 4 | 0 | 4\nend: 3 4 | 0 | 4\nelected B@1\nplaces 2 1\n");
	assert_counted("irv:skipped=1", "3 A 2 --B 2 -B", "",
	               "first: 3 2 | 2 | 3\nend: 3 2 | 2 | 3\nelected A@1\nplaces 1 2\n");
	assert_counted("irv:skipped=0", "3 A 2 --B 2 -B", "",
	               "first: 3 0 | 4 | 2\nend: 3 0 | 4 | 2\nelected A@1\nplaces 1 2\n");
	assert_counted("irv:skipped=1", "!C 3 A 4 -C-B", "",
	               "first: 3 4 0 | 0 | 4\nend: 3 4 0 | 0 | 4\nelected B@1\nplaces 2 1 0\n");
	/* Two runs of one: C between them, though excluded, is a rank that was used. */
	assert_counted("irv:skipped=1", "3 A 2 B 2 -C-B", "CBA",
	               "first: 3 2 2 | 0 | 4\n"
	               "exclusion C 2: 3 4 0 | 0 | 4 lot BC\n"
	               "end: 3 4 0 | 0 | 4\nelected B@2\nplaces 2 1 3\n");
}

static void repeated_candidate_is_stepped_over_or_ends_the_ballot(void **state)
{
	(void)state;
	assert_counted("irv", "4 A 3 B 2 C=B", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 5 0 | 0 | 5\n"
	               "end: 4 5 0 | 0 | 5\nelected B@2\nplaces 2 1 3\n");
	assert_counted("irv:repeated=exhaust", "4 A 3 B 2 C=B", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 3 0 | 2 | 4\n"
	               "end: 4 3 0 | 2 | 4\nelected A@2\nplaces 1 2 3\n");
}

static void inactive_ballots_are_told_by_reason(void **state)
{
	(void)state;
	static struct small s;
	/* 3 are skipped and 1 is overvoted at first; A has 11 of 21, the others are not met. */
	assert_ok(small_count(&s, "irv:skipped=1,repeated=exhaust",
	                      "11 A 6 B 1 D 2 DxB 1 D=B 3 --A 1 xA 2 -", "", 1),
	          s.err);
	assert_int_equal(s.result.blank, 2);
	assert_int_equal(s.result.valid, 25);
	assert_string_equal(small_table(&s, "inactive"), "1: 0 1 3 0\n2: 0 1 3 0\n");
	/* 9 of 19: C goes, with 1 exhausted, 2 overvoted, 1 repeated. */
	assert_ok(small_count(&s, "irv:skipped=1,repeated=exhaust,stop=two",
	                      "9 A 6 B 1 C 2 CxB 1 C=B 3 --A 1 xA 2 -", "", 1),
	          s.err);
	assert_string_equal(small_table(&s, "inactive"), "1: 0 1 3 0\n2: 1 3 3 1\n3: 1 3 3 1\n");
}

static void transfers_are_told_for_each_excluded_candidate(void **state)
{
	(void)state;
	static struct small s;
	/* C and D together: their ballots pass each other by. Then A and B have 6 each. */
	assert_ok(small_count(&s, "irv:minimum=3", "5 A 4 B 1 CA 1 CDB 1 DCB 1 D", "", 1), s.err);
	assert_string_equal(small_table(&s, "transfers"), "C: 1 1 0 0 0\nD: 0 1 0 0 1\nB: 0 0 0 0 6\n");
	assert_ok(small_count(&s, "irv", "5 A 4 B", "", 1), s.err);
	assert_string_equal(small_table(&s, "transfers"), "none");
}

/* --- edges --- */

static void candidate_alone_is_elected_without_a_vote(void **state)
{
	(void)state;
	assert_counted("irv", "2 . !B 1 B 1 A", "",
	               "first: 1 0 | 0 | 1\nend: 1 0 | 0 | 1\nelected A@1\nplaces 1 0\n");
	assert_counted("irv", "2 . !B 1 B 3 - !C 2 C", "",
	               "first: 0 0 0 | 0 | 1\nend: 0 0 0 | 0 | 1\nelected A@1~\nplaces 1 0 0\n");
}

static void election_without_candidates_or_ballots_has_a_result(void **state)
{
	(void)state;
	assert_counted("irv", "!A !B 2 AB", "",
	               "first: 0 0 | 0 | 1\nend: 0 0 | 0 | 1\nelected\nplaces 0 0\n");
	static struct small s;
	assert_ok(small_count(&s, "irv", "2 . !C", "ABC", 1), s.err);
	assert_string_equal(small_text(&s), "first: 0 0 0 | 0 | 1\n"
	                                    "exclusion A 0: 0 0 0 | 0 | 1 lot AB\n"
	                                    "end: 0 0 0 | 0 | 1\n"
	                                    "elected B@2~\nplaces 2 1 0\n");
}

static void ballots_of_any_weight_are_counted(void **state)
{
	(void)state;
	assert_counted("irv", "20000000 A 15000000 BA 14999999 C", "",
	               "first: 20000000 15000000 14999999 | 0 | 25000000\n"
	               "exclusion C 14999999: 20000000 15000000 0 | 14999999 | 17500001\n"
	               "end: 20000000 15000000 0 | 14999999 | 17500001\n"
	               "elected A@2\nplaces 1 2 3\n");
}

static void thousand_candidates_are_counted_in_the_memory_that_was_said(void **state)
{
	(void)state;
	struct error err;
	struct profile p;
	struct count_rule rule;
	struct count_result r;
	static uint16_t lot[LIMIT_ANSWERS];
	arena_release(test_arena(), 0);
	error_clear(&err);
	struct profile_room room = {LIMIT_ANSWERS, LIMIT_ANSWERS, LIMIT_ANSWERS, PROFILE_RANKING};
	assert_ok(profile_init(&p, room, test_arena(), &err), err);
	for (size_t i = 0; i < LIMIT_ANSWERS; i++) {
		p.candidates[i].name = BYTES_LITERAL("somebody");
		lot[i] = (uint16_t)i;
		assert_ok(profile_choice(&p, i, &err), err);
		assert_ok(profile_close_paper(&p, i % 7 + 1, &err), err);
	}
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("irv"), &err), err);
	rule.lot = lot;
	rule.lot_count = LIMIT_ANSWERS;
	size_t needs = count_arena_bytes(&rule, &p);
	struct arena a;
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	assert_non_null(memory);
	arena_init(&a, memory, needs);
	assert_ok(count_run(&r, &rule, &p, &a, &err), err);
	assert_int_equal(r.stages_count, LIMIT_ANSWERS + 1);
	free(memory);
}

static void rule_is_for_one_seat(void **state)
{
	(void)state;
	assert_refuses_two_seats("irv");
}

static void options_have_their_words_and_ranges(void **state)
{
	(void)state;
	static const char *const bad[] = {"irv:overvote=never", "irv:skipped=-1",  "irv:ranks=0",
	                                  "irv:ranks=1001",     "irv:batch=maybe", "irv:stop=one",
	                                  "irv:minimum=x",      "irv:repeated=on", "irv:ties=random",
	                                  "irv:write-ins=last", "irv:quota=hare"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_rule_refused(bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(candidate_with_a_majority_is_elected_at_once),
		cmocka_unit_test(half_of_the_votes_is_no_majority),
		cmocka_unit_test(majority_is_of_the_votes_that_are_still_active),
		cmocka_unit_test(ballot_goes_to_the_next_who_continues),
		cmocka_unit_test(withdrawn_candidates_are_stepped_over),
		cmocka_unit_test(tie_is_decided_by_the_latest_earlier_stage_that_differs),
		cmocka_unit_test(tie_goes_to_the_lot_at_once_where_the_rule_says_so),
		cmocka_unit_test(tie_that_no_stage_decides_needs_a_lot),
		cmocka_unit_test(candidates_who_cannot_win_go_together_in_a_batch),
		cmocka_unit_test(batch_leaves_two_where_two_must_be_left),
		cmocka_unit_test(count_goes_on_until_two_are_left_where_asked),
		cmocka_unit_test(candidates_below_the_minimum_go_together),
		cmocka_unit_test(undeclared_write_ins_go_first_where_asked),
		cmocka_unit_test(only_the_ranks_that_count_are_read),
		cmocka_unit_test(overvote_ends_the_ballot_or_is_stepped_over),
		cmocka_unit_test(ballot_with_nothing_but_an_overvote_is_valid_and_inactive),
		cmocka_unit_test(too_many_skipped_ranks_in_a_row_end_the_ballot),
		cmocka_unit_test(repeated_candidate_is_stepped_over_or_ends_the_ballot),
		cmocka_unit_test(inactive_ballots_are_told_by_reason),
		cmocka_unit_test(transfers_are_told_for_each_excluded_candidate),
		cmocka_unit_test(candidate_alone_is_elected_without_a_vote),
		cmocka_unit_test(election_without_candidates_or_ballots_has_a_result),
		cmocka_unit_test(ballots_of_any_weight_are_counted),
		cmocka_unit_test(thousand_candidates_are_counted_in_the_memory_that_was_said),
		cmocka_unit_test(rule_is_for_one_seat),
		cmocka_unit_test(options_have_their_words_and_ranges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
