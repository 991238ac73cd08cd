/* SPDX-License-Identifier: Apache-2.0 */
/* party-list on contests counted by hand: votes, seats of lists, thresholds, options. */
#include "support/support.h"

#include "party_contest.h"

/* --- votes --- */

static void ballot_of_one_list_is_one_vote_for_it_and_a_preference_for_each_mark(void **state)
{
	(void)state;
	count_file("party-list", "7 1\n5 1 2 0\n4 4 0\n2 5 4 0\n3 0\n0\n" NAMES);
	assert_table(0, "lists", "5 1 3 0|6 1 2 1|0 0 2 0");
	assert_table(1, "ballots", "11|3|0");
	assert_int_equal(result.valid, 11);
	assert_int_equal(result.blank, 3);
	assert_int_equal(result.stages[0].tallies[1], 5);
	assert_int_equal(result.stages[0].tallies[3], 6);
	assert_elected("B1");
}

static void ballot_of_two_lists_counts_for_none(void **state)
{
	(void)state;
	count_file("party-list", "7 1\n5 1 0\n9 4 6 0\n2 0\n0\n" NAMES);
	assert_table(0, "lists", "5 1 3 1|0 0 2 0|0 0 2 0");
	assert_table(1, "ballots", "5|2|9");
	assert_int_equal(result.blank, 11);
	assert_int_equal(result.stages[0].tallies[3], 0);
}

static void panachage_counts_every_mark_for_its_list(void **state)
{
	(void)state;
	count_file("party-list:panachage=on", "7 2\n5 1 0\n4 4 5 1 6 0\n0\n" NAMES);
	assert_table(0, "lists", "9 1 3 1|8 1 2 1|4 1 2 0");
	assert_table(1, "ballots", "9|0|0");
	assert_elected("A1 B1");
}

static void withdrawn_are_stepped_over_and_take_no_seat(void **state)
{
	(void)state;
	/* The mark for A1 is not there: so the ballot A1 C1 is of one list, and A1 alone is blank. */
	count_file("party-list", "7 2\n-1\n5 1 0\n4 1 6 0\n3 2 0\n0\n" NAMES);
	assert_table(0, "lists", "3 1 2 1|0 0 2 0|4 1 2 1");
	assert_table(1, "ballots", "7|5|0");
	assert_elected("C1 A2");
	assert_int_equal(result.stages[0].status[0], COUNT_WITHDRAWN);
}

static void mark_at_the_line_of_a_list_is_for_the_list_alone(void **state)
{
	(void)state;
	const char *lists = "candidate,list\nRed,Red\nAnn,Red\nBo,Red\nCy,\n";
	const char *names =
		"4 2\n[tie 2 4]\n6 1 0\n4 3 1 0\n4 4 0\n0\n\"Red\"\n\"Ann\"\n\"Bo\"\n\"Cy\"\n"
		"\"T\"\n";
	count_lists("party-list:lists=open", lists, names);
	assert_table(0, "lists", "10 1 2 2|4 1 1 0"); /* 10, 5 against 4 */
	assert_elected("Bo Ann");
	assert_int_equal(result.stages[0].tallies[0], 10);
	assert_int_equal(result.stages[result.stages_count - 1].status[0], COUNT_LIST_LINE);
	count_lists("party-list", lists, names);
	assert_elected("Ann Bo");
}

/* --- seats of lists --- */

static void divisor_methods_differ_where_they_should(void **state)
{
	(void)state;
	/*
	 * A 60, B 27, C 13, four seats.
	 * dhondt     60 30 27 20 | 15             A A B A
	 * sainte     60 27 20 13 | 12             A B A C
	 * imperiali  60 40 30 27 | 24             A A A B (divisors 1, 1.5, 2)
	 * danish     60 27 15 13 | 8.57           A B A C
	 * adams      A B C for any votes, then 60
	 * hill       A B C for any votes, then 60/√2
	 */
	const char *file = "7 4\n60 1 0\n27 4 0\n13 6 0\n0\n" NAMES;
	count_file("party-list", file);
	assert_elected("A1 A2 B1 A3");
	assert_table(2, "quotients", "60.000 30.000 20.000|27.000 13.500 9.000|13.000 6.500 4.333");
	count_file("party-list:method=sainte-lague", file);
	assert_elected("A1 B1 A2 C1");
	assert_table(2, "quotients", "60.000 20.000 12.000|27.000 9.000 5.400|13.000 4.333 2.600");
	count_file("party-list:method=imperiali", file);
	assert_elected("A1 A2 A3 B1");
	assert_table(2, "quotients", "60.000 40.000 30.000|27.000 18.000 13.500|13.000 8.666 6.500");
	count_file("party-list:method=danish", file);
	assert_elected("A1 B1 A2 C1");
	assert_table(2, "quotients", "60.000 15.000 8.571|27.000 6.750 3.857|13.000 3.250 1.857");
	count_file("party-list:method=adams", file);
	assert_elected("A1 B1 C1 A2");
	assert_table(2, "quotients", "60.000 30.000|27.000 13.500|13.000 6.500");
	/* 60/√2 = 42.4264…, 60/√6 = 24.4948…, 27/√2 = 19.0918…, 27/√6 = 11.0227…, 13/√2 = 9.1923…,
	 * 13/√6 = 5.3072… */
	count_file("party-list:method=huntington-hill", file);
	assert_elected("A1 B1 C1 A2");
	assert_table(2, "quotients", "42.426 24.494|19.091 11.022|9.192 5.307");
}

static void first_divisor_of_modified_sainte_lague_can_be_chosen(void **state)
{
	(void)state;
	/* Three seats: A 60/1.4 = 42.857, 20, 12; B 28/1.4 = 20 (level with A's second: A has more
	 * votes, and both get one); by 3.0 B has 9.333. */
	const char *file = "7 3\n60 1 0\n28 4 0\n0\n" NAMES;
	count_file("party-list:method=modified-sainte-lague", file);
	assert_elected("A1 A2 B1");
	assert_table(2, "quotients", "42.857 20.000 12.000|20.000 9.333 5.600|0.000 0.000 0.000");
	count_file("party-list:method=modified-sainte-lague,first=3000", file);
	assert_elected("A1 A2 A3");
	count_file("party-list:method=modified-sainte-lague,first=1000", file);
	assert_elected("A1 B1 A2");
}

static void hamilton_gives_whole_quotas_and_largest_remainders(void **state)
{
	(void)state;
	/* 100 votes, 3 seats: q = 100/3. A 47: 1 and 41/3; B 16: 48/3; C 37: 1 and 11/3. */
	count_file("party-list:method=hamilton", "7 3\n47 1 0\n16 4 0\n37 6 0\n0\n" NAMES);
	assert_elected("A1 C1 B1");
	assert_table(2, "remainders", "47 100/3 1 41/3 1|16 100/3 0 16 1|37 100/3 1 11/3 1");
	assert_table(0, "lists", "47 1 3 1|16 1 2 1|37 1 2 1");
}

static void droop_quota_is_smaller(void **state)
{
	(void)state;
	/* q = ⌊100/4⌋ + 1 = 26: A 1 and 21, B 16, C 1 and 11. */
	count_file("party-list:method=droop-remainder", "7 3\n47 1 0\n16 4 0\n37 6 0\n0\n" NAMES);
	assert_elected("A1 C1 A2");
	assert_table(2, "remainders", "47 26 1 21 1|16 26 0 16 1|37 26 1 11 1");
}

static void full_list_leaves_its_seats_to_the_others(void **state)
{
	(void)state;
	/* dhondt: B 80 40 and no third; A 12 6 4, C 8 4. */
	count_file("party-list", "7 5\n12 1 0\n80 4 0\n8 6 0\n0\n" NAMES);
	assert_elected("B1 B2 A1 C1 A2");
	/*
	 * hamilton: B has 4 whole quotas of 20 and two candidates; the others share 3 seats of 20
	 * votes: A 12·3/20 = 1 and 16/20 quotas, C 1 and 4/20.
	 */
	count_file("party-list:method=hamilton", "7 5\n12 1 0\n80 4 0\n8 6 0\n0\n" NAMES);
	assert_elected("B1 B2 A1 C1 A2");
	assert_table(2, "remainders", "12 20/3 1 16/3 2|80 0 2 0 1|8 20/3 1 4/3 2");
}

static void remainders_go_round_again_when_seats_are_left(void **state)
{
	(void)state;
	/* droop: 2 votes, 5 seats, q = 1: whole quotas A 1, B 1, no remainders; then A and B twice:
	 * A2 B2, then A3, since B has no third. */
	count_file("party-list:method=droop-remainder", "7 5\n1 1 0\n1 4 0\n0\n" NAMES);
	assert_elected("A1 B1 A2 B2 A3");
	assert_int_equal(result.lots_count, 0);
}

static void more_seats_than_candidates_and_lists_without_votes_leave_seats_empty(void **state)
{
	(void)state;
	count_file("party-list", "7 7\n3 1 0\n2 4 0\n0\n" NAMES);
	assert_elected("A1 B1 A2 A3 B2");
	count_file("party-list:method=hamilton", "7 7\n3 1 0\n2 4 0\n0\n" NAMES);
	assert_int_equal(result.elected_count, 5);
	count_file("party-list", "7 2\n3 0\n0\n" NAMES);
	assert_int_equal(result.elected_count, 0);
	assert_int_equal(result.stages_count, 2);
	count_file("party-list:method=hamilton", "7 2\n3 0\n0\n" NAMES);
	assert_int_equal(result.elected_count, 0);
	assert_int_equal(result.valid, 0);
	count_file("party-list", "7 2\n-1 -2 -3 -4 -5 -6 -7\n3 1 0\n0\n" NAMES);
	assert_int_equal(result.elected_count, 0);
	assert_int_equal(result.blank, 3);
	count_file("party-list:method=adams", "7 2\n3 0\n0\n" NAMES);
	assert_table(2, "quotients", "0.000|0.000|0.000");
}

/* --- thresholds --- */

static void threshold_is_reached_at_exactly_its_share(void **state)
{
	(void)state;
	/* C has 13 of 100: 130 thousandths. */
	const char *file = "7 4\n60 1 0\n27 4 0\n13 6 0\n30 0\n0\n" NAMES;
	count_file("party-list:method=sainte-lague,threshold=130", file);
	assert_table(0, "lists", "60 1 3 2|27 1 2 1|13 1 2 1");
	count_file("party-list:method=sainte-lague,threshold=131", file);
	assert_table(0, "lists", "60 1 3 3|27 1 2 1|13 0 2 0");
	/* Of 130 with the blank ballots: 100 thousandths. */
	count_file("party-list:method=sainte-lague,threshold=100,threshold-of=ballots", file);
	assert_table(0, "lists", "60 1 3 2|27 1 2 1|13 1 2 1");
	count_file("party-list:method=sainte-lague,threshold=101,threshold-of=ballots", file);
	assert_table(0, "lists", "60 1 3 3|27 1 2 1|13 0 2 0");
	count_file("party-list:method=sainte-lague,threshold-votes=13", file);
	assert_table(0, "lists", "60 1 3 2|27 1 2 1|13 1 2 1");
	count_file("party-list:method=sainte-lague,threshold-votes=14", file);
	assert_table(0, "lists", "60 1 3 3|27 1 2 1|13 0 2 0");
}

static void ballots_of_several_lists_do_not_raise_the_threshold(void **state)
{
	(void)state;
	count_file("party-list:threshold=500,threshold-of=ballots",
	           "7 1\n5 1 0\n5 0\n90 1 4 0\n0\n" NAMES);
	assert_elected("A1");
}

static void hamilton_shares_the_votes_of_those_above_the_threshold(void **state)
{
	(void)state;
	/* 88 votes, 4 seats, q = 22: A 2 and 16, B 1 and 6. */
	count_file("party-list:method=hamilton,threshold=121",
	           "7 4\n60 1 0\n28 4 0\n12 6 0\n0\n" NAMES);
	assert_table(2, "remainders", "60 22 2 16 1|28 22 1 6 1|12 0 0 0 0");
	assert_elected("A1 A2 B1 A3");
}

/* --- options, bounds --- */

static void assert_rejected(const char *name, const char *detail)
{
	struct count_rule rule = load(name, LISTS, "7 2\n20 1 0\n0\n" NAMES);
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, detail);
}

static void options_that_say_nothing_are_refused(void **state)
{
	(void)state;
	assert_rejected("party-list:first=1200",
	                "first is the first divisor of method=modified-sainte-lague");
	assert_rejected("party-list:threshold-of=ballots", "threshold-of needs a threshold");
	assert_rejected("party-list:quota=250", "quota needs lists=open");
	assert_rejected("party-list:lists=open,quota-of=hare", "quota-of needs a quota");
	assert_rejected("party-list:level=list", "level needs lists=open");
	struct count_rule rule;
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("party-list:method=webster"), &err), err,
	             ERROR_REJECTED);
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("party-list:threshold=1001"), &err), err,
	             ERROR_REJECTED);
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("party-list:first=999"), &err), err,
	             ERROR_REJECTED);
}

static void candidates_without_lists_are_refused(void **state)
{
	(void)state;
	struct count_rule rule = load("party-list", LISTS, "7 2\n20 1 0\n0\n" NAMES);
	profile.lists_count = 0;
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ballot_of_one_list_is_one_vote_for_it_and_a_preference_for_each_mark),
		cmocka_unit_test(ballot_of_two_lists_counts_for_none),
		cmocka_unit_test(panachage_counts_every_mark_for_its_list),
		cmocka_unit_test(withdrawn_are_stepped_over_and_take_no_seat),
		cmocka_unit_test(mark_at_the_line_of_a_list_is_for_the_list_alone),
		cmocka_unit_test(divisor_methods_differ_where_they_should),
		cmocka_unit_test(first_divisor_of_modified_sainte_lague_can_be_chosen),
		cmocka_unit_test(hamilton_gives_whole_quotas_and_largest_remainders),
		cmocka_unit_test(droop_quota_is_smaller),
		cmocka_unit_test(full_list_leaves_its_seats_to_the_others),
		cmocka_unit_test(remainders_go_round_again_when_seats_are_left),
		cmocka_unit_test(more_seats_than_candidates_and_lists_without_votes_leave_seats_empty),
		cmocka_unit_test(threshold_is_reached_at_exactly_its_share),
		cmocka_unit_test(ballots_of_several_lists_do_not_raise_the_threshold),
		cmocka_unit_test(hamilton_shares_the_votes_of_those_above_the_threshold),
		cmocka_unit_test(options_that_say_nothing_are_refused),
		cmocka_unit_test(candidates_without_lists_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
