/* SPDX-License-Identifier: Apache-2.0 */
/* Seats by parity: desborda3, zip, rise, proportions. */
#include "seats_scene.h"

/* --- parity alone --- */

static void without_enough_women_men_beyond_half_go_behind(void **state)
{
	(void)state;
	/* 4 seats, 2 men at most: C3m gives way to D1w; the seats are by points. */
	count("A1m:9 B2m:8 C3m:7 A4w:6 D1w:5 D2m:4", 4);
	give("desborda3");
	assert_seats("A1m B2m A4w D1w^ | C3mv D2m");
	assert_int_equal(result.women, 2);
	assert_int_equal(result.men, 2);
	assert_false(result.parity_error);
	assert_int_equal(result.teams_count, 0);
}

static void more_women_than_men_are_nobodys_error(void **state)
{
	(void)state;
	count("A1w:9 B2w:8 C3w:7 A4m:6", 3);
	give("desborda3");
	assert_seats("A1w B2w C3w | A4m");
	assert_false(result.parity_error);
}

static void half_of_an_odd_number_of_seats_is_rounded_down(void **state)
{
	(void)state;
	count("A1m:9 B2m:8 C3w:7 A4w:6", 3);
	give("desborda3");
	assert_seats("A1m C3w A4w^ | B2mv");
}

static void men_fill_the_seats_that_women_do_not_and_it_is_said(void **state)
{
	(void)state;
	count("A1m:9 B2m:8 C3m:7 A4w:6", 4);
	give("desborda3");
	assert_seats("A1m B2m C3m A4w");
	assert_true(result.parity_error);
}

/* --- zip, rise, proportion --- */

static void zip_lets_women_and_men_take_turns_from_the_first(void **state)
{
	(void)state;
	count("A1m:9 B2m:8 C3m:7 A4w:6 D1w:5 D2m:4", 3);
	give("zip");
	assert_seats("A1m A4w^ B2m | D1w C3mv D2m");
	assert_false(result.parity_error);
	count("A1w:9 B2w:8 C3w:7 A4m:6", 4);
	give("zip");
	assert_seats("A1w A4m B2w C3w");
	assert_true(result.parity_error);
}

static void women_rise_to_their_points_within_their_group(void **state)
{
	(void)state;
	/* By turns: 4 m 3 w 5 m 9 w | …; the group of the first four. 3w stays behind 4m; 9w passes
	 * 5m, not 3w: another woman's place is not taken. */
	count("A1m:40 B1w:30 A2m:20 B2w:10", 4);
	give("zip+rise");
	assert_seats("A1m B1w A2m B2w");
	/* zip makes m50 w45 m10 w40, m9 w8 m7: 40 passes 10, then nobody more. */
	count("A1m:50 A2w:45 A3w:40 A4m:10 A5m:9 A6w:8 A7m:7", 7);
	give("zip+rise");
	assert_seats("A1m A2w A3w A4m A5m A6w A7m");
	give("zip");
	assert_seats("A1m A2w A4m A3w A5m A6w A7m");
}

static void men_whom_a_woman_passed_compete_with_the_next(void **state)
{
	(void)state;
	/* desborda3 leaves an order of points; a list whose order is not of points comes from zip:
	 * m90 w80 m20 w70, m10 w60 m5 w50 m1: 70 passes 20; in the next group 60 passes 10, and 50
	 * passes 10 and 5. */
	count("A1m:90 A2w:80 A3w:70 A4w:60 A5w:50 A6m:20 A7m:10 A8m:5 A9m:1", 9);
	give("zip+rise");
	assert_seats("A1m A2w A3w A6m A4w A5w A7m A8m A9m");
}

static void groups_after_the_first_have_five_places(void **state)
{
	(void)state;
	/* w90 m40 w80 m30, w70 m20 w60 m10 w50: 80 passes 40; 60 passes 20, 50 both 20 and 10. */
	count("A1w:90 A2w:80 A3w:70 A4w:60 A5w:50 A6m:40 A7m:30 A8m:20 A9m:10", 9);
	give("zip+rise");
	assert_seats("A1w A2w A6m A7m A3w A4w A5w A8m A9m");
}

static void a_seat_given_by_parity_and_taken_again_is_as_it_was(void **state)
{
	(void)state;
	count("A1m:9 B2m:8 C3w:7 A4w:6", 3);
	give("desborda3");
	assert_seats("A1m C3w A4w^ | B2mv");
	give("desborda3+zip");
	assert_seats("A1m C3w B2m | A4w");
}

static void proportion_takes_the_surplus_of_either_gender(void **state)
{
	(void)state;
	count("A1m:9 A2m:8 A3m:7 A4m:6 A5m:5 B1w:4 B2w:3", 5);
	give("proportion:3/2");
	assert_seats("A1m A2m A3m B1w^ B2w^ | A4mv A5mv");
	assert_false(result.parity_error);
	count("A1w:9 A2w:8 A3w:7 A4w:6 A5w:5 B1m:4 B2m:3", 5);
	give("proportion:3/2");
	assert_seats("A1w A2w A3w B1m^ B2m^ | A4wv A5wv");
	/* Half of 5 is 2.5: up, so that two halves are enough for all. */
	give("proportion:1/1");
	assert_seats("A1w A2w A3w B1m^ B2m^ | A4wv A5wv");
	count("A1w:9 A2m:8 A3w:7 A4m:6 A5w:5 B1m:4", 4);
	give("proportion:3/2"); /* 2 of 4: nothing to do */
	assert_seats("A1w A2m A3w A4m | A5w B1m");
}

static void proportion_leaves_seats_empty_or_fills_them(void **state)
{
	(void)state;
	count("A1m:9 A2m:8 A3m:7 A4m:6 A5m:5 B1w:4", 5);
	give("proportion:3/2");
	assert_seats("A1m A2m A3m B1w^ | A4mv A5mv");
	assert_true(result.parity_error);
	give("proportion-filled:3/2");
	assert_seats("A1m A2m A3m A4m B1w^ | A5mv");
	assert_true(result.parity_error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_enough_women_men_beyond_half_go_behind),
		cmocka_unit_test(more_women_than_men_are_nobodys_error),
		cmocka_unit_test(half_of_an_odd_number_of_seats_is_rounded_down),
		cmocka_unit_test(men_fill_the_seats_that_women_do_not_and_it_is_said),
		cmocka_unit_test(zip_lets_women_and_men_take_turns_from_the_first),
		cmocka_unit_test(women_rise_to_their_points_within_their_group),
		cmocka_unit_test(men_whom_a_woman_passed_compete_with_the_next),
		cmocka_unit_test(groups_after_the_first_have_five_places),
		cmocka_unit_test(a_seat_given_by_parity_and_taken_again_is_as_it_was),
		cmocka_unit_test(proportion_takes_the_surplus_of_either_gender),
		cmocka_unit_test(proportion_leaves_seats_empty_or_fills_them),
	};
	return cmocka_run_group_tests_name("protocol/count/seats_parity", tests, NULL, NULL);
}
