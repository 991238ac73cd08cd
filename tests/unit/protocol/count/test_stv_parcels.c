/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers of the last parcel, on contests small enough to count by hand. */
#include "support/support.h"

#include "stv.h"

/* --- northern-ireland --- */

/*
 * Quota 12. Cy goes first (7; with 9 not less than 9). Ann has 15; the surplus of 3 goes with the
 * seven papers from Cy alone, at 3 / 7 = 0.42. One seat is left: Bo's 11.94 are more than Di's 9.
 */
static void northern_ireland_moves_the_last_parcel_alone(void **state)
{
	(void)state;
	count_file("northern-ireland", "4 2\n8 1 4 0\n9 2 0\n7 3 1 2 0\n9 4 0\n" ABCD);
	assert_stage(1, "Cy excluded, votes transferred: 7.00", "15.00 9.00 0.00 9.00 | 0.00 0.00");
	assert_stage(2, "Surplus of Ann transferred: 3.00", "12.00 11.94 0.00 9.00 | 0.00 0.06");
	assert_stage(3, "Count complete", "12.00 11.94 0.00 9.00 | 0.00 0.06");
	assert_elected("1 2*");
}

static void papers_without_a_next_candidate_leave_a_surplus_to_the_others(void **state)
{
	(void)state;
	/* Quota 11; Ann's surplus is 4, her transferable papers 3: they go on at 1, a vote goes to
	 * none. */
	count_file("northern-ireland", "4 2\n3 1 4 0\n12 1 0\n8 2 0\n5 3 0\n2 4 3 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "11.00 8.00 5.00 5.00 | 1.00 0.00");
	/* Five of them share it at 0.80. */
	count_file("northern-ireland", "4 2\n5 1 4 0\n10 1 0\n8 2 0\n5 3 0\n2 4 3 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "11.00 8.00 5.00 6.00 | 0.00 0.00");
	/* With no transferable paper at all. */
	count_file("northern-ireland", "4 2\n15 1 0\n8 2 0\n5 3 0\n2 4 3 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "11.00 8.00 5.00 2.00 | 4.00 0.00");
}

/*
 * Quota 11. Ann's 4 go to Cy with 10 papers at 0.40. Cy and Di have 6; Cy had 2. Cy's first
 * preferences go to Di, then the papers at 0.40 to Bo, who reaches the quota.
 */
static void exclusions_go_by_batches_of_descending_value(void **state)
{
	(void)state;
	count_file("northern-ireland", "4 2\n10 1 3 2 0\n5 1 0\n7 2 0\n2 3 4 0\n6 4 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "11.00 7.00 6.00 6.00 | 0.00 0.00");
	assert_stage(2, "Cy excluded, votes transferred: 2.00", "11.00 7.00 4.00 8.00 | 0.00 0.00");
	assert_tie(2, COUNT_TIE_BY_EARLIER_STAGE, 2);
	assert_stage(3, "Cy excluded, votes transferred: 4.00", "11.00 11.00 0.00 8.00 | 0.00 0.00");
	assert_tie(3, COUNT_NO_TIE, 0);
	assert_elected("1 2");
}

/*
 * Quota 4. The lot takes Cy, then Di is out, who had the least: first preferences go to Ann, then
 * those from Cy to Bo. After whole exclusions both always had the same: the lot again.
 */
static void northern_ireland_ties_look_at_whole_exclusions(void **state)
{
	(void)state;
	count_file("northern-ireland", "4 1\n[tie 3 1 2 4]\n2 1 0\n2 2 0\n1 3 4 2 0\n1 4 1 0\n" ABCD);
	assert_stage(1, "Cy excluded, votes transferred: 1.00", "2.00 2.00 0.00 2.00 | 0.00 0.00");
	assert_stage(2, "Di excluded, votes transferred: 1.00", "3.00 2.00 0.00 1.00 | 0.00 0.00");
	assert_stage(3, "Di excluded, votes transferred: 1.00", "3.00 3.00 0.00 0.00 | 0.00 0.00");
	assert_elected("2*");
	assert_tie(4, COUNT_TIE_BY_LOT, 2);
}

/* Rule 52 (2): when Ann's surplus has gone to nobody, Bo's 8 are no fewer than 5 and 3. */
static void northern_ireland_fills_the_last_seat_when_nobody_can_overtake(void **state)
{
	(void)state;
	count_file("northern-ireland", "4 2\n15 1 0\n8 2 0\n5 3 0\n3 4 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "11.00 8.00 5.00 3.00 | 4.00 0.00");
	assert_stage(2, "Count complete", "11.00 8.00 5.00 3.00 | 4.00 0.00");
	assert_elected("1 2*");
	/* With a vote more against Bo the count goes on. */
	count_file("northern-ireland", "4 2\n15 1 0\n8 2 0\n6 3 0\n3 4 0\n" ABCD);
	assert_stage(2, "Di excluded, votes transferred: 3.00", "11.00 8.00 6.00 0.00 | 7.00 0.00");
}

static void larger_surpluses_go_first_and_level_ones_by_lot(void **state)
{
	(void)state;
	/* Quota 6, and 5.50 or 5.75; Cy and Di are close enough for the surpluses not to wait. */
	static const char *const rules[] = {"northern-ireland", "ers97"};
	for (size_t i = 0; i < 2; i++) {
		count_file(rules[i], "4 3\n8 1 3 0\n9 2 3 0\n3 3 0\n3 4 0\n" ABCD);
		assert_int_equal(result.stages[1].action, COUNT_SURPLUS);
		assert_int_equal(result.stages[1].who[0], 1);
		assert_needs_lot(rules[i], "4 3\n8 1 3 0\n8 2 3 0\n3 3 0\n3 4 0\n" ABCD,
		                 "stage 2: Ann, Bo");
	}
}

/* Ann has 12, quota 11. Di's 4 and the surplus of 1 are less than Cy's 6: it waits. */
static void small_surpluses_wait(void **state)
{
	(void)state;
	static const char file[] = "4 2\n12 1 3 0\n8 2 0\n6 3 0\n4 4 3 0\n" ABCD;
	count_file("northern-ireland", file);
	assert_stage(1, "Di excluded, votes transferred: 4.00", "12.00 8.00 10.00 0.00 | 0.00 0.00");
	assert_int_equal(result.stages[1].status[0], COUNT_PENDING);
	/* ers97: quota 10, surplus 2: as many as Cy is not more than Cy. */
	count_file("ers97", file);
	assert_stage(1, "Di excluded, votes transferred: 4.00", "12.00 8.00 10.00 0.00 | 0.00 0.00");
	/* Di's 5 and the surplus of 1 are as many as Cy's 6: it does not wait, but for ers97. */
	count_file("northern-ireland", "4 2\n12 1 3 0\n7 2 0\n6 3 0\n5 4 3 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 1.00", "11.00 7.00 6.96 5.00 | 0.00 0.04");
}

/* --- ers97 --- */

/* 10 / 3 = 3.33 and a rest: 3.34. Without the three votes of Cy and Di, who together do not exceed
 * Bo, a seat takes (10 - 3) / 2 = 3.50. */
static void ers97_quota_is_rounded_up_and_falls_until_somebody_is_elected(void **state)
{
	(void)state;
	count_file("ers97", "3 2\n3 1 0\n3 2 0\n3 3 0\n1 3 1 0\n" ABC);
	assert_quota(0, "3.34");
	count_file("ers97", "4 1\n4 1 0\n3 2 0\n2 3 0\n1 4 0\n" ABCD);
	assert_quota(0, "5.00");
	assert_stage(1, "Cy and Di excluded, votes transferred: 3.00",
	             "4.00 3.00 0.00 0.00 | 3.00 0.00");
	assert_quota(1, "3.50");
	assert_elected("1");
	assert_int_equal(result.elected[0].stage, 1);
}

/* Quota 10. Nobody is next on Ann's papers: 30 - 10 - 4 votes are active, half of them elect. */
static void ers97_elects_below_the_quota_by_the_active_vote(void **state)
{
	(void)state;
	count_file("ers97", "4 2\n14 1 0\n8 2 0\n5 3 0\n3 4 0\n" ABCD);
	assert_stage(1, "Surplus of Ann transferred: 4.00", "10.00 8.00 5.00 3.00 | 4.00 0.00");
	assert_elected("1 2*");
	assert_int_equal(result.elected[1].stage, 1);
}

static void ers97_level_candidates_for_one_seat_are_parted_by_the_earliest_batch(void **state)
{
	(void)state;
	/* Quota 6: Cy's three make Ann and Bo 6 each; Ann had 5, Bo 4. */
	count_file("ers97", "3 1\n5 1 0\n4 2 0\n1 3 1 0\n2 3 2 0\n" ABC);
	assert_stage(1, "Cy excluded, votes transferred: 3.00", "6.00 6.00 0.00 | 0.00 0.00");
	assert_tie(1, COUNT_TIE_BY_EARLIER_STAGE, 2);
	assert_elected("1");
	/* Level all along: nobody yet; the lot excludes one. */
	assert_needs_lot("ers97", "2 1\n5 1 0\n5 2 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n", "stage 2: Ann, Bo");
	count_file("ers97", "2 1\n[tie 1 2]\n5 1 0\n5 2 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
	assert_elected("2*");
	assert_tie(0, COUNT_NO_TIE, 0);
	assert_tie(1, COUNT_TIE_BY_LOT, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(northern_ireland_moves_the_last_parcel_alone),
		cmocka_unit_test(papers_without_a_next_candidate_leave_a_surplus_to_the_others),
		cmocka_unit_test(exclusions_go_by_batches_of_descending_value),
		cmocka_unit_test(northern_ireland_ties_look_at_whole_exclusions),
		cmocka_unit_test(northern_ireland_fills_the_last_seat_when_nobody_can_overtake),
		cmocka_unit_test(larger_surpluses_go_first_and_level_ones_by_lot),
		cmocka_unit_test(small_surpluses_wait),
		cmocka_unit_test(ers97_quota_is_rounded_up_and_falls_until_somebody_is_elected),
		cmocka_unit_test(ers97_elects_below_the_quota_by_the_active_vote),
		cmocka_unit_test(ers97_level_candidates_for_one_seat_are_parted_by_the_earliest_batch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
