/* SPDX-License-Identifier: Apache-2.0 */
/* Bucklin, Coombs, plurality and the supplementary vote on ballots that a person can count. */
#include "support/support.h"

#include "base/limits.h"
#include "small.h"

/* --- bucklin --- */

static void first_rank_with_a_majority_elects_the_highest(void **state)
{
	(void)state;
	/* 9 ballots, quota 5. Two ranks: A 4, B 3 + 4, C 2 + 3. B and C have a majority. */
	assert_counted("bucklin", "4 AB 3 BC 2 CA", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "round: 6 7 5 | 0 | 5\n"
	               "end: 6 7 5 | 0 | 5\n"
	               "elected B@2\nplaces 2 1 3\n");
	assert_counted("bucklin", "5 AB 4 BA", "",
	               "first: 5 4 | 0 | 5\nend: 5 4 | 0 | 5\nelected A@1\nplaces 1 2\n");
}

static void when_all_ranks_are_added_the_highest_needs_no_majority(void **state)
{
	(void)state;
	assert_counted("bucklin", "4 A 3 B 2 CD", "",
	               "first: 4 3 2 0 | 0 | 5\n"
	               "round: 4 3 2 2 | 0 | 5\n"
	               "end: 4 3 2 2 | 0 | 5\n"
	               "elected A@2~\nplaces 1 2 3 3\n");
	/* With one rank the second is not added. */
	assert_counted("bucklin:ranks=1", "4 AB 3 BC 2 CA", "",
	               "first: 4 3 2 | 0 | 5\nend: 4 3 2 | 0 | 5\nelected A@1~\nplaces 1 2 3\n");
}

static void level_in_bucklin_the_earlier_round_decides_then_the_lot(void **state)
{
	(void)state;
	assert_counted("bucklin", "4 AB 3 BA 2 CD", "",
	               "first: 4 3 2 0 | 0 | 5\n"
	               "round: 7 7 2 2 | 0 | 5 earlier stage AB\n"
	               "end: 7 7 2 2 | 0 | 5\n"
	               "elected A@2\nplaces 1 1 3 3\n");
	assert_counted("bucklin", "4 AB 4 BA", "BA",
	               "first: 4 4 | 0 | 5\n"
	               "round: 8 8 | 0 | 5 lot AB\n"
	               "end: 8 8 | 0 | 5\n"
	               "elected B@2\nplaces 1 1\n");
	assert_tie_needs_a_lot("bucklin", "4 AB 4 BA", "", "A, B");
}

static void gap_is_a_rank_without_a_vote_in_bucklin(void **state)
{
	(void)state;
	/* The second ranks: A, nobody, nobody, B. */
	assert_counted("bucklin", "2 BA 1 -B 1 AxB 1 C=B", "",
	               "first: 1 2 1 | 0 | 3\n"
	               "round: 3 3 1 | 0 | 3 earlier stage AB\n"
	               "end: 3 3 1 | 0 | 3\n"
	               "elected B@2\nplaces 1 1 3\n");
}

static void withdrawn_candidate_is_no_rank_in_bucklin(void **state)
{
	(void)state;
	/* Nobody has a second rank. */
	assert_counted("bucklin", "!C 3 CA 2 B 2 D", "",
	               "first: 3 2 0 2 | 0 | 4\n"
	               "end: 3 2 0 2 | 0 | 4\n"
	               "elected A@1~\nplaces 1 2 0 2\n");
	assert_counted("bucklin", "!C 2 CAB 2 B 1 C", "",
	               "first: 2 2 0 | 0 | 3\n"
	               "round: 2 4 0 | 0 | 3\n"
	               "end: 2 4 0 | 0 | 3\n"
	               "elected B@2\nplaces 2 1 0\n");
}

static void bucklin_without_candidates_or_ballots_has_a_result(void **state)
{
	(void)state;
	assert_counted("bucklin", "!A 2 A", "",
	               "first: 0 | 0 | 1\nend: 0 | 0 | 1\nelected\nplaces 0\n");
	assert_counted("bucklin", "2 . !B", "",
	               "first: 0 0 | 0 | 1\nend: 0 0 | 0 | 1\nelected A@1~\nplaces 1 0\n");
}

/* A table can have a row of any length: the stages stay few. */
static void bucklin_counts_at_most_a_thousand_rounds(void **state)
{
	(void)state;
	static struct small s;
	static char papers[6000] = "1 ";
	memset(papers + 2, '-', 5000);
	memcpy(papers + 5002, "A", 2);
	assert_ok(small_count(&s, "bucklin", papers, "", 1), s.err);
	assert_int_equal(s.result.stages_count, LIMIT_ANSWERS + 1);
}

/* --- coombs --- */

static void whom_most_have_last_goes_first(void **state)
{
	(void)state;
	/* Last: B on 4, C on 3, A on 2. */
	assert_counted("coombs", "4 ACB 3 BAC 2 CBA", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion B 3: 7 0 2 | 0 | 5\n"
	               "end: 7 0 2 | 0 | 5\n"
	               "elected A@2\nplaces 1 3 2\n");
	/* Instant runoff would exclude B, whom nobody has last. */
	assert_counted("coombs", "4 ABC 2 BCA 3 CBA", "",
	               "first: 4 2 3 | 0 | 5\n"
	               "exclusion A 4: 0 6 3 | 0 | 5\n"
	               "end: 0 6 3 | 0 | 5\n"
	               "elected B@2\nplaces 3 1 2\n");
}

static void unranked_candidates_are_last_together_or_not_at_all(void **state)
{
	(void)state;
	static struct small s;
	/* 4 are against B and C, 3 against A and C, 2 against A. */
	assert_ok(small_count(&s, "coombs", "4 A 3 B 2 CBA", "", 1), s.err);
	assert_string_equal(small_table(&s, "against"), "1: 5 4 7\n2: 5 4 0\n");
	assert_counted("coombs", "4 A 3 B 2 CBA", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion C 2: 4 5 0 | 0 | 5\n"
	               "end: 4 5 0 | 0 | 5\n"
	               "elected B@2\nplaces 2 1 3\n");
	assert_counted("coombs:unranked=none", "4 A 3 B 2 CBA", "",
	               "first: 4 3 2 | 0 | 5\n"
	               "exclusion A 4: 0 3 2 | 4 | 3\n"
	               "end: 0 3 2 | 4 | 3\n"
	               "elected B@2\nplaces 3 1 2\n");
}

static void coombs_goes_on_until_one_is_left_where_asked(void **state)
{
	(void)state;
	/* A has a majority, and is last on 4 of 9. */
	assert_counted("coombs:stop=one", "5 ABC 4 BCA", "",
	               "first: 5 4 0 | 0 | 5\n"
	               "exclusion C 0: 5 4 0 | 0 | 5\n"
	               "exclusion B 4: 9 0 0 | 0 | 5\n"
	               "end: 9 0 0 | 0 | 5\n"
	               "elected A@3\nplaces 1 2 3\n");
}

static void level_in_coombs_the_fewest_votes_decide_then_the_lot(void **state)
{
	(void)state;
	/* 5 do not rank C, 3 neither A nor B. */
	assert_counted("coombs", "3 AB 2 BA 3 C", "CBA",
	               "first: 3 2 3 | 0 | 5\n"
	               "exclusion C 3: 3 2 0 | 3 | 3\n"
	               "end: 3 2 0 | 3 | 3\n"
	               "elected A@2\nplaces 1 2 3\n");
	/* A and B are last on 3 each; B has fewer votes. */
	assert_counted("coombs", "3 ACB 2 BCA 1 CBA", "CA",
	               "first: 3 2 1 | 0 | 4\n"
	               "exclusion B 2: 3 0 3 | 0 | 4 rule AB\n"
	               "exclusion C 3: 6 0 0 | 0 | 4 lot AC\n"
	               "end: 6 0 0 | 0 | 4\n"
	               "elected A@3\nplaces 1 3 2\n");
	assert_counted("coombs", "2 AB 2 BA", "BA",
	               "first: 2 2 | 0 | 3\n"
	               "exclusion B 2: 4 0 | 0 | 3 lot AB\n"
	               "end: 4 0 | 0 | 3\n"
	               "elected A@2\nplaces 1 2\n");
	assert_counted("coombs", "4 ABC 3 CAB 1 BCA", "",
	               "first: 4 1 3 | 0 | 5\n"
	               "exclusion C 3: 7 1 0 | 0 | 5\n"
	               "end: 7 1 0 | 0 | 5\n"
	               "elected A@2\nplaces 1 2 3\n");
	/* C is last on 9, B on 5, A on 4. */
	assert_counted("coombs", "4 ABC 4 BAC 4 CAB 4 CBA 1 A", "BCA",
	               "first: 5 4 8 | 0 | 9\n"
	               "exclusion C 8: 9 8 0 | 0 | 9\n"
	               "end: 9 8 0 | 0 | 9\n"
	               "elected A@2\nplaces 1 2 3\n");
	assert_tie_needs_a_lot("coombs", "2 AB 2 BA", "", "A, B");
}

static void coombs_without_candidates_or_ballots_has_a_result(void **state)
{
	(void)state;
	assert_counted("coombs", "!A 2 A", "", "first: 0 | 0 | 1\nend: 0 | 0 | 1\nelected\nplaces 0\n");
	assert_counted("coombs", "2 . !B", "",
	               "first: 0 0 | 0 | 1\nend: 0 0 | 0 | 1\nelected A@1~\nplaces 1 0\n");
}

static void coombs_steps_over_the_withdrawn(void **state)
{
	(void)state;
	assert_counted("coombs", "!C 3 CA 2 BC", "",
	               "first: 3 2 0 | 0 | 3\nend: 3 2 0 | 0 | 3\nelected A@1\nplaces 1 2 0\n");
}

/* --- plurality --- */

static void first_preferences_are_all_that_plurality_counts(void **state)
{
	(void)state;
	assert_counted("plurality", "4 AB 3 BA 2 CB 1 .", "",
	               "first: 4 3 2 | 0 | 0\nend: 4 3 2 | 0 | 0\nelected A@2\nplaces 1 2 3\n");
	assert_counted("plurality", "!A 4 AB 3 CB 2 -B 1 xB", "",
	               "first: 0 6 3 | 0 | 0\nend: 0 6 3 | 0 | 0\nelected B@2\nplaces 0 1 2\n");
	assert_tie_needs_a_lot("plurality", "4 A 4 B 1 C", "", "A, B");
}

static void several_seats_go_to_the_highest_single_votes(void **state)
{
	(void)state;
	static struct small s;
	assert_ok(small_count(&s, "plurality", "4 A 3 B 3 C 1 xA", "CB", 2), s.err);
	assert_int_equal(s.result.blank, 1);
	assert_string_equal(small_text(&s), "first: 4 3 3 | 0 | 0\n"
	                                    "end: 4 3 3 | 0 | 0 lot BC\n"
	                                    "elected A@2 C@2\nplaces 1 2 2\n");
}

/* --- the supplementary vote --- */

static void second_preferences_for_the_first_two_are_added(void **state)
{
	(void)state;
	/* 10 ballots, quota 6. C and D go; C's 2 to A; D's to B, to C (gone), to nobody. */
	assert_counted("supplementary-vote", "3 AB 2 B 2 CA 1 DBA 1 DC 1 D", "",
	               "first: 3 2 2 3 | 0 | 6\n"
	               "exclusion BC 4: 5 0 0 3 | 2 | 0\n"
	               "end: 5 0 0 3 | 2 | 0\n"
	               "elected A@3\n");
	assert_counted("supplementary-vote", "6 A 3 B 2 C", "",
	               "first: 6 3 2 | 0 | 6\nend: 6 3 2 | 0 | 6\nelected A@1\n");
}

static void all_who_are_level_with_the_second_remain(void **state)
{
	(void)state;
	assert_counted("supplementary-vote", "4 A 3 B 3 C 2 DC", "",
	               "first: 4 3 3 2 | 0 | 7\n"
	               "exclusion D 2: 4 3 5 0 | 0 | 0\n"
	               "end: 4 3 5 0 | 0 | 0\n"
	               "elected C@3\n");
	/* Three level at the top: nobody is excluded, no second preference counts. */
	assert_counted("supplementary-vote", "2 AB 2 BC 2 CA", "BCA",
	               "first: 2 2 2 | 0 | 4\n"
	               "end: 2 2 2 | 0 | 0 lot ABC\n"
	               "elected B@2\n");
	assert_tie_needs_a_lot("supplementary-vote", "2 A 2 B", "", "A, B");
}

static void ballot_without_a_first_preference_is_blank(void **state)
{
	(void)state;
	static struct small s;
	assert_ok(
		small_count(&s, "supplementary-vote", "!D 3 A 2 B 2 C-A 2 CxA 1 -A 1 xA 1 DCA", "", 1),
		s.err);
	assert_int_equal(s.result.blank, 2);
	/* The third rank is no second preference; D withdrew: DCA is C, then A. */
	assert_string_equal(small_text(&s), "first: 3 2 5 0 | 0 | 6\n"
	                                    "exclusion B 2: 3 0 5 0 | 2 | 0\n"
	                                    "end: 3 0 5 0 | 2 | 0\n"
	                                    "elected C@3\n");
}

static void supplementary_vote_without_candidates_or_ballots_has_a_result(void **state)
{
	(void)state;
	assert_counted("supplementary-vote", "!A 2 A", "",
	               "first: 0 | 0 | 1\nend: 0 | 0 | 0\nelected\n");
	assert_counted("supplementary-vote", "2 . !B", "",
	               "first: 0 0 | 0 | 1\nend: 0 0 | 0 | 0\nelected A@2\n");
}

static void rules_for_one_seat_refuse_several(void **state)
{
	(void)state;
	assert_refuses_two_seats("bucklin");
	assert_refuses_two_seats("coombs");
	assert_refuses_two_seats("supplementary-vote");
}

static void options_have_their_words_and_ranges(void **state)
{
	(void)state;
	static const char *const bad[] = {"bucklin:ranks=0",   "bucklin:rank=1",
	                                  "coombs:stop=two",   "coombs:unranked=first",
	                                  "plurality:seats=2", "supplementary-vote:ranks=3"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_rule_refused(bad[i]);
}

static void coombs_does_not_know_gaps(void **state)
{
	(void)state;
	static struct small s;
	assert_false(small_count(&s, "coombs", "1 A-B", "", 1));
	assert_int_equal(s.err.kind, ERROR_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_rank_with_a_majority_elects_the_highest),
		cmocka_unit_test(when_all_ranks_are_added_the_highest_needs_no_majority),
		cmocka_unit_test(level_in_bucklin_the_earlier_round_decides_then_the_lot),
		cmocka_unit_test(gap_is_a_rank_without_a_vote_in_bucklin),
		cmocka_unit_test(withdrawn_candidate_is_no_rank_in_bucklin),
		cmocka_unit_test(bucklin_without_candidates_or_ballots_has_a_result),
		cmocka_unit_test(bucklin_counts_at_most_a_thousand_rounds),
		cmocka_unit_test(whom_most_have_last_goes_first),
		cmocka_unit_test(unranked_candidates_are_last_together_or_not_at_all),
		cmocka_unit_test(coombs_goes_on_until_one_is_left_where_asked),
		cmocka_unit_test(level_in_coombs_the_fewest_votes_decide_then_the_lot),
		cmocka_unit_test(coombs_without_candidates_or_ballots_has_a_result),
		cmocka_unit_test(coombs_steps_over_the_withdrawn),
		cmocka_unit_test(first_preferences_are_all_that_plurality_counts),
		cmocka_unit_test(several_seats_go_to_the_highest_single_votes),
		cmocka_unit_test(second_preferences_for_the_first_two_are_added),
		cmocka_unit_test(all_who_are_level_with_the_second_remain),
		cmocka_unit_test(ballot_without_a_first_preference_is_blank),
		cmocka_unit_test(supplementary_vote_without_candidates_or_ballots_has_a_result),
		cmocka_unit_test(rules_for_one_seat_refuse_several),
		cmocka_unit_test(options_have_their_words_and_ranges),
		cmocka_unit_test(coombs_does_not_know_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
