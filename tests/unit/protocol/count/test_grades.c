/* SPDX-License-Identifier: Apache-2.0 */
/* Methods that grade each candidate, on contests that can be counted by hand. */
#include "support/support.h"

#include "unit/protocol/count/methods.h"

/* --- majority judgment --- */

/* A: 1 2 2 4, B: 1 1 1 4. Lower medians 2 and 1. */
static void majority_grade_is_the_lower_median(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:1 2:1; 2 1:2 2:1; 1 1:4 2:4");
	count_by("majority-judgment");
	assert_tallies(0, "2 1");
	assert_table("grades", "1 2 0 1 0 0 | 3 0 0 1 0 0");
	assert_table("majority", "1 2 1 | 1 1 0");
	assert_places("1 2");
	assert_elected("A");
}

static void no_opinion_is_the_lowest_grade(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:3; 1 1:3 2:0; 1 1:3 2:6");
	count_by("majority-judgment");
	assert_table("grades", "0 0 3 0 0 0 | 2 0 0 0 0 1");
	assert_tallies(0, "3 1");
}

static void who_rejects_everybody_is_counted_and_who_has_no_opinion_at_all_is_not(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "2 1:1 2:1; 3 1:0 2:0; 4; 5 1:0 3:1; 1 1:4");
	profile.candidates[2].withdrawn = true;
	count_by("majority-judgment:grades=4");
	assert_int_equal(result.valid, 3);
	assert_int_equal(result.blank, 12);
	assert_table("grades", "2 0 0 1 | 3 0 0 0 | 0 0 0 0");
	assert_table("majority", "1 1 0 | 0 1 0 | 0 0 0");
	assert_tallies(0, "1 1 0");
	assert_elected("A");
}

static void columns_of_grades_are_named_from_1_and_of_scores_from_0(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:2");
	count_by("majority-judgment:grades=100");
	assert_int_equal(result.tables[0].columns, 100);
	assert_true(bytes_equal(result.tables[0].column_names[0], BYTES_LITERAL("1")));
	assert_true(bytes_equal(result.tables[0].column_names[99], BYTES_LITERAL("100")));
	count_by("star:max=99");
	assert_int_equal(result.tables[0].columns, 100);
	assert_true(bytes_equal(result.tables[0].column_names[0], BYTES_LITERAL("0")));
	assert_true(bytes_equal(result.tables[0].column_names[99], BYTES_LITERAL("99")));
}

/* A: 1 2 2 3 3, B: 1 1 2 2 5: both have the median 2 and then lose 2 and 1: A 2 2, B 2 1. */
static void level_medians_are_taken_away_until_one_differs(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:1 2:1; 1 1:2 2:1; 1 1:2 2:2; 1 1:3 2:2; 1 1:3 2:5");
	count_by("majority-judgment");
	assert_tallies(0, "2 2");
	assert_places("1 2");
	assert_tie(1, COUNT_TIE_BY_RULE, "AB");
	assert_int_equal(result.lots_count, 0);
}

/* Of four grades the way is item 2, 3, 1, 4. A: 2 3 3 4, B: 1 3 4 4: item 3 is the first to differ,
 * and it is B's; the lower item, 1, would have been A's. */
static void of_an_even_number_the_upper_side_is_read_first(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:2 2:1; 1 1:3 2:3; 1 1:3 2:4; 1 1:4 2:4");
	count_by("majority-judgment");
	assert_places("2 1");
}

/* Of three the way is item 2, 1, 3. A: 2 3 3, B: 1 3 4: item 1 decides. */
static void of_an_odd_number_the_lower_side_is_read_first(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:2 2:1; 1 1:3 2:3; 1 1:3 2:4");
	count_by("majority-judgment");
	assert_places("1 2");
}

/* 2^31 - 1 ballots of each grade lie between the median and where the lists differ. */
static void majority_judgment_reads_lists_of_billions(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1,
	     "2147483647 1:2 2:2; 2147483647 1:2 2:2; 2147483647 1:2 2:2; 1 1:2 2:1; 1 1:3 2:4");
	count_by("majority-judgment");
	/* 3 · (2^31 - 1) + 2 is odd: the lower side first. */
	assert_places("1 2");
	assert_tie(1, COUNT_TIE_BY_RULE, "AB");
}

static void equal_grades_are_level_and_need_the_lot(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 2, "2 1:3 2:3 3:5; 1 1:1 2:1 3:5");
	assert_stops("majority-judgment", ERROR_REJECTED, "stage 2: A, B");
	load_lot("21");
	count_by("majority-judgment");
	assert_elected("CB");
	assert_places("2 2 1");
	assert_tie(1, COUNT_TIE_BY_LOT, "AB");
}

static void grade_beyond_the_scale_is_refused(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "2 1:3; 1 2:7");
	assert_stops("majority-judgment", ERROR_REJECTED, "7 for candidate 2, the highest is 6");
	count_by("majority-judgment:grades=7");
	assert_stops("majority-judgment:grades=2", ERROR_REJECTED,
	             "3 for candidate 1, the highest is 2");
}

/* --- score --- */

static void scores_add_up_and_the_highest_sums_are_elected(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 2, "2 1:5 2:3; 3 2:4 3:1; 1 3:0; 2");
	count_by("score");
	assert_tallies(0, "10 18 3");
	assert_places("2 1 3");
	assert_elected("BA");
	assert_int_equal(result.valid, 6);
	assert_int_equal(result.blank, 2);
}

static void score_beyond_the_maximum_is_refused(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "2 1:1000000000; 1 2:6");
	assert_stops("score", ERROR_REJECTED, "1000000000 for candidate 1, the highest is 5");
	count_by("score:max=1000000000");
	assert_tallies(0, "2000000000 6");
}

static void level_scores_need_the_lot(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "1 1:4 2:2; 1 2:2 3:4");
	assert_stops("score", ERROR_REJECTED, "stage 2: A, B, C");
	load_lot("231");
	count_by("score");
	assert_elected("B");
}

/* --- star --- */

/* Sums A 15, B 13, C 2; but 3 of 5 ballots score B above A. */
static void star_elects_the_finalist_whom_more_score_higher(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "2 1:5; 3 1:1 2:4; 1 1:2 2:1 3:2; 1");
	count_by("star");
	assert_tallies(0, "15 13 2");
	assert_tallies(1, "3 3 0");
	assert_elected("A");
	load(PROFILE_SCORES, 3, 1, "2 1:5; 3 1:1 2:4; 1 1:1 2:1 3:2; 1");
	count_by("star");
	assert_tallies(0, "14 13 2");
	assert_tallies(1, "2 3 0");
	assert_int_equal(result.stages[1].nontransferable, 1);
	assert_int_equal(result.stages[1].who_count, 2);
	assert_elected("B");
	assert_int_equal(result.elected[0].stage, 2);
	assert_int_equal(result.stages_count, 4);
}

/* The first of the two above: 3:3 in the runoff, A has the higher sum. */
static void star_runoff_tie_goes_to_the_higher_sum(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:5 2:1; 1 1:2 2:3");
	count_by("star");
	assert_elected("A");
	assert_tie(2, COUNT_TIE_BY_RULE, "AB");
}

/* 1:1 in the runoff; A has the sum 8, B has 5 but the only top score. */
static void star_runoff_tie_looks_at_sums_before_top_scores(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:4; 1 1:4 2:5");
	count_by("star");
	assert_elected("A");
}

/* Sums 5 and 5, 1:1 in the runoff; B has a ballot of 5. */
static void star_runoff_tie_of_equal_sums_goes_to_more_top_scores(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 2, 1, "1 1:4; 1 1:1 2:5");
	count_by("star");
	assert_elected("B");
	load(PROFILE_SCORES, 2, 1, "1 1:3 2:2; 1 1:2 2:3");
	assert_stops("star", ERROR_REJECTED, "stage 3: A, B");
	load_lot("21");
	count_by("star");
	assert_elected("B");
	assert_tie(2, COUNT_TIE_BY_LOT, "AB");
}

/* A is in; B and C have 4 each for the other place; two ballots of three score C above B. */
static void star_tie_for_the_runoff_goes_to_who_loses_fewer_comparisons(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "1 1:5 2:4; 1 1:5 3:2; 1 1:5 3:2");
	count_by("star");
	assert_tie(1, COUNT_TIE_BY_RULE, "BC");
	assert_int_equal(result.stages[1].who[1], 2);
}

/* B and C have 5 each and win one comparison each; C has a top score. */
static void star_tie_for_the_runoff_goes_to_more_top_scores_then_to_the_lot(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "1 1:5 2:4; 1 1:5 2:1 3:5");
	count_by("star");
	assert_int_equal(result.stages[1].who[1], 2);
	load(PROFILE_SCORES, 3, 1, "1 1:5 2:4; 1 1:5 3:4");
	assert_stops("star", ERROR_REJECTED, "stage 2: B, C");
	load_lot("321");
	count_by("star");
	assert_tie(1, COUNT_TIE_BY_LOT, "BC");
	assert_int_equal(result.stages[1].who[1], 2);
	assert_elected("A");
	assert_int_equal(result.lots_count, 1);
}

/* Two lots for one runoff: the stage shows the first. */
static void star_shows_the_first_of_two_lots(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "2 1:3 2:3 3:3");
	load_lot("321");
	count_by("star");
	assert_tie(1, COUNT_TIE_BY_LOT, "ABC");
	assert_tie(2, COUNT_TIE_BY_LOT, "BC");
	assert_elected("C");
	assert_int_equal(result.lots_count, 2);
}

/* Sums 6 each; C loses to both others, who are level: a lot for the first place in the runoff, and
 * the other is taken before C by the rule. */
static void star_shows_a_lot_rather_than_the_rule(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "2 1:3 2:3 3:2; 1 3:2");
	load_lot("21");
	count_by("star");
	assert_tie(1, COUNT_TIE_BY_LOT, "AB");
	assert_int_equal(result.stages[1].who[0], 0);
	assert_int_equal(result.stages[1].who[1], 1);
	assert_elected("B");
}

static void score_of_zero_is_the_same_as_none(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 1, "2 1:0 3:1; 1 2:0 3:1");
	load_lot("12");
	count_by("star");
	assert_table("pairwise", "0 0 0 | 0 0 0 | 3 3 0");
	assert_elected("C");
}

static void star_fills_several_seats_one_by_one(void **state)
{
	(void)state;
	load(PROFILE_SCORES, 3, 2, "2 1:5 2:4; 1 3:5");
	count_by("star");
	assert_elected("AB");
	assert_int_equal(result.stages_count, 6);
	load(PROFILE_SCORES, 3, 9, "2 1:5 2:4; 1 3:5");
	count_by("star");
	assert_elected("ABC");
	assert_int_equal(result.elected[2].stage, result.stages_count - 1);
}

/* --- the edges --- */

static void graded_methods_count_no_votes_and_no_candidates(void **state)
{
	(void)state;
	static const char *const all[] = {"majority-judgment", "score", "star"};
	for (size_t i = 0; i < 3; i++) {
		load(PROFILE_SCORES, 2, 1, "3");
		assert_stops(all[i], ERROR_REJECTED, i == 2 ? "stage 3: A, B" : "stage 2: A, B");
		load_lot("21");
		count_by(all[i]);
		assert_elected("B");
		load(PROFILE_SCORES, 1, 1, "3 1:4");
		count_by(all[i]);
		assert_elected("A");
		profile.candidates[0].withdrawn = true;
		count_by(all[i]);
		assert_elected("");
		assert_int_equal(result.blank, 3);
	}
}

static void withdrawn_candidates_have_no_grades(void **state)
{
	(void)state;
	static const char *const all[] = {"majority-judgment", "score", "star"};
	for (size_t i = 0; i < 3; i++) {
		load(PROFILE_SCORES, 3, 1, "3 1:5 2:4; 2 1:5; 4 3:2");
		profile.candidates[0].withdrawn = true;
		count_by(all[i]);
		assert_int_equal(result.valid, 7);
		assert_int_equal(result.stages[0].tallies[0], 0);
		assert_elected(i == 1 ? "B" : "C");
	}
}

static void graded_methods_count_a_thousand_candidates_and_seats(void **state)
{
	(void)state;
	static const char *const all[] = {"majority-judgment:grades=100", "score:max=99",
	                                  "star:max=99"};
	static uint8_t memory[160u << 20];
	for (size_t i = 0; i < 3; i++) {
		struct arena arena;
		struct profile_room room = {1000, 1, 1000, PROFILE_SCORES};
		arena_init(&arena, memory, sizeof memory);
		assert_ok(profile_init(&profile, room, &arena, &err), err);
		for (size_t k = 0; k < 1000; k++)
			assert_ok(profile_value(&profile, k, (uint32_t)(k / 10), &err), err);
		assert_ok(profile_close_paper(&profile, 3, &err), err);
		profile.seats = 1000;
		struct count_rule rule = rule_of(all[i]);
		static uint16_t order[1000];
		for (size_t k = 0; k < 1000; k++)
			order[k] = (uint16_t)k;
		rule.lot = order;
		rule.lot_count = 1000;
		size_t before = arena_mark(&arena);
		assert_ok(count_run(&result, &rule, &profile, &arena, &err), err);
		assert_true(arena_mark(&arena) - before <= count_arena_bytes(&rule, &profile));
		assert_int_equal(result.elected_count, 1000);
		assert_int_equal(result.elected[0].candidate, 990);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(majority_grade_is_the_lower_median),
		cmocka_unit_test(no_opinion_is_the_lowest_grade),
		cmocka_unit_test(who_rejects_everybody_is_counted_and_who_has_no_opinion_at_all_is_not),
		cmocka_unit_test(columns_of_grades_are_named_from_1_and_of_scores_from_0),
		cmocka_unit_test(level_medians_are_taken_away_until_one_differs),
		cmocka_unit_test(of_an_even_number_the_upper_side_is_read_first),
		cmocka_unit_test(of_an_odd_number_the_lower_side_is_read_first),
		cmocka_unit_test(majority_judgment_reads_lists_of_billions),
		cmocka_unit_test(equal_grades_are_level_and_need_the_lot),
		cmocka_unit_test(grade_beyond_the_scale_is_refused),
		cmocka_unit_test(scores_add_up_and_the_highest_sums_are_elected),
		cmocka_unit_test(score_beyond_the_maximum_is_refused),
		cmocka_unit_test(level_scores_need_the_lot),
		cmocka_unit_test(star_elects_the_finalist_whom_more_score_higher),
		cmocka_unit_test(star_runoff_tie_goes_to_the_higher_sum),
		cmocka_unit_test(star_runoff_tie_looks_at_sums_before_top_scores),
		cmocka_unit_test(star_runoff_tie_of_equal_sums_goes_to_more_top_scores),
		cmocka_unit_test(star_tie_for_the_runoff_goes_to_who_loses_fewer_comparisons),
		cmocka_unit_test(star_tie_for_the_runoff_goes_to_more_top_scores_then_to_the_lot),
		cmocka_unit_test(star_shows_the_first_of_two_lots),
		cmocka_unit_test(star_shows_a_lot_rather_than_the_rule),
		cmocka_unit_test(score_of_zero_is_the_same_as_none),
		cmocka_unit_test(star_fills_several_seats_one_by_one),
		cmocka_unit_test(graded_methods_count_no_votes_and_no_candidates),
		cmocka_unit_test(withdrawn_candidates_have_no_grades),
		cmocka_unit_test(graded_methods_count_a_thousand_candidates_and_seats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
