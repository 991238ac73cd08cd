/* SPDX-License-Identifier: Apache-2.0 */
/* Quota Preferential by Quotient. */
#include "by_hand.h"

/*
 * 24 ballots, 2 seats, quota 24/3. Ann's quotient 12 is above it; her ballots have elected one
 * candidate when they come to Bo, who has 19 ballots and 19/(1 + 1).
 */
static void quotient_counts_what_ballots_have_elected(void **state)
{
	(void)state;
	count_file("qpq", "3 2\n12 1 2 0\n7 2 0\n5 3 0\n0\n" ABC);
	assert_quota(0, "8.000000000");
	assert_row(0, "quotient", 0, "12.000000000 7.000000000 5.000000000");
	assert_action(1, "Ann elected");
	assert_numbers(&result.stages[1].amount, 1, result.form, "12.000000000");
	assert_tallies(1, "0.000000000 19.000000000 5.000000000");
	assert_row(0, "quotient", 1, "12.000000000 9.500000000 5.000000000");
	assert_row(1, "share", 1,
	           "0.000000000000000000 1.000000000000000000 0.000000000000000000 "
	           "0.000000000000000000");
	assert_action(2, "Bo elected");
	assert_tallies(2, "0.000000000 19.000000000 5.000000000");
	assert_elected("1 2");
	assert_int_equal(result.elected[1].stage, 2);
}

/* Ann's 12 ballots name nobody else: they have elected one candidate, so 12/(3 - 1) is left. */
static void quota_knows_what_inactive_ballots_have_elected(void **state)
{
	(void)state;
	count_file("qpq", "3 2\n12 1 0\n7 2 0\n5 3 0\n0\n" ABC);
	assert_quota(1, "6.000000000");
	assert_numbers(&result.stages[1].nontransferable, 1, result.form, "12.000000000");
	assert_row(1, "share", 1,
	           "0.000000000000000000 0.000000000000000000 0.000000000000000000 "
	           "1.000000000000000000");
	assert_elected("1 2");
}

/*
 * Ann 36, Di 33 and Ed 30 are elected, each with a third of the ballots going on to Bo. He has then
 * 40 ballots that have elected one candidate, quotient 20; Flo has 20; the quota is
 * (40 + 20)/(5 - 2) = 20. Nobody is above it, although three thirds cut off are less than one.
 * First Cy goes, whom nobody named, and all are hopeful again.
 */
static void equal_fractions_are_equal(void **state)
{
	(void)state;
	static const char votes[] = "12 1 2 0\n24 1 0\n11 4 2 0\n22 4 0\n10 5 2 0\n20 5 0\n7 2 0\n"
								"20 6 0\n0\n" ABCDEF;
	char file[300];
	snprintf(file, sizeof file, "6 4\n%s", votes);
	assert_needs_lot("qpq", file, "stage 9: Bo, Flo");
	snprintf(file, sizeof file, "6 4\n[tie 2 6]\n%s", votes);
	count_file("qpq", file);
	assert_quota(3, "20.000000000");
	assert_row(0, "quotient", 3,
	           "36.000000000 20.000000000 0.000000000 33.000000000 30.000000000 20.000000000");
	assert_int_equal(result.stages[3].status[0], COUNT_ELECTED);
	assert_action(4, "Cy excluded, votes transferred: 0.000000000");
	assert_int_equal(result.stages[4].status[0], COUNT_HOPEFUL);
	assert_tallies(4, "36.000000000 7.000000000 0.000000000 33.000000000 30.000000000 "
	                  "20.000000000");
	assert_quota(4, "25.200000000");
	assert_action(8, "Bo excluded, votes transferred: 40.000000000");
	assert_tallies(8, "0.000000000 0.000000000 0.000000000 0.000000000 0.000000000 20.000000000");
	assert_elected("1 4 5 6");
	assert_int_equal(result.elected[0].stage, 5);
	assert_true(result.elected[3].without_quota);
	assert_false(result.elected[2].without_quota);
	assert_int_equal(result.stages_count, 10);
}

static void level_highest_quotients_need_a_lot(void **state)
{
	(void)state;
	assert_needs_lot("qpq", "3 2\n9 1 0\n9 2 0\n2 3 0\n0\n" ABC, "stage 2: Ann, Bo");
	count_file("qpq", "3 2\n[tie 2 1]\n9 1 0\n9 2 0\n2 3 0\n0\n" ABC);
	assert_action(1, "Bo elected");
	assert_int_equal(result.stages[1].tie, COUNT_TIE_BY_LOT);
	assert_int_equal(result.stages[1].tied_count, 2);
	assert_elected("2 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotient_counts_what_ballots_have_elected),
		cmocka_unit_test(quota_knows_what_inactive_ballots_have_elected),
		cmocka_unit_test(equal_fractions_are_equal),
		cmocka_unit_test(level_highest_quotients_need_a_lot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
