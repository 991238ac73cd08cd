/* SPDX-License-Identifier: Apache-2.0 */
/* Ballots that compare two candidates at a time. */
#include "support/support.h"

#include "unit/protocol/count/methods.h"

/* --- beta --- */

/* A won 3 of 4: 4/6. B won 1 of 5: 2/7. C won 1 of 1... D was never compared. */
static void beta_scores_are_shares_with_one_more_won_and_lost(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 4, 2, "3 1>2; 1 2>1; 1 3>2; 2");
	count_by("pairwise-beta");
	assert_table("comparisons", "3 1 | 1 4 | 1 0 | 0 0");
	assert_table("pairwise", "0 3 0 0 | 1 0 0 0 | 0 1 0 0 | 0 0 0 0");
	/* 4/6 = 2/3 exactly, as for C: level. */
	assert_tallies(0, "0.666666666 0.285714285 0.666666666 0.000000000");
	assert_places("1 3 1 4");
	assert_elected("AC");
	assert_int_equal(result.valid, 5);
	assert_int_equal(result.blank, 2);
}

/* (2^30 + 1) / (2^31 + 2) is a half; with one more comparison lost it is less by 2 · 10^-10. */
static void beta_compares_fractions_and_not_decimals(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 4, 1,
	     "1500000000 1>2; 1500000000 2>1; 1500000000 3>4; 1500000001 4>3; 1 4>1; 1 1>4");
	count_by("pairwise-beta");
	/* A 1500000001 of 3000000002, B the same less the last two, C one more lost, D one more won. */
	assert_tallies(0, "0.500000000 0.500000000 0.499999999 0.500000000");
	assert_places("2 2 4 1");
	assert_elected("D");
	assert_tie(1, COUNT_TIE_BY_RULE, "ABD");
}

static void beta_level_scores_need_the_lot(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "1 1>3; 1 2>3");
	assert_stops("pairwise-beta", ERROR_REJECTED, "stage 2: A, B");
	load_lot("213");
	count_by("pairwise-beta");
	assert_elected("B");
}

static void pairs_with_a_withdrawn_candidate_are_stepped_over(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "4 1>2 2>3; 3 3>1");
	profile.candidates[0].withdrawn = true;
	count_by("pairwise-beta");
	assert_table("comparisons", "0 0 | 4 0 | 0 4");
	assert_int_equal(result.blank, 3);
	assert_places("0 1 2");
}

/* --- bradley and terry --- */

/* 3:1 between two: strengths 3/2 and 1/2. */
static void strengths_of_two_are_as_their_victories(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 2, 1, "3 1>2; 1 2>1");
	count_by("pairwise-bradleyterry");
	assert_tallies(0, "1.500000 0.500000");
	assert_elected("A");
}

/* 2:1 along a chain: 4, 2, 1, whose mean is 7/3. */
static void strengths_along_a_chain_multiply(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "2 1>2; 1 2>1; 2 2>3; 1 3>2");
	count_by("pairwise-bradleyterry");
	assert_tallies(0, "1.714286 0.857143 0.428571");
	assert_places("1 2 3");
	assert_tie(1, COUNT_NO_TIE, "");
}

/* Everybody meets everybody twice; wins 3, 2, 2, … order of wins is order of strengths, level ones
 * stay level to the last digit. */
static void level_candidates_of_a_tournament_stay_level(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 4, 1, "1 1>2 1>3 1>4 2>3 3>4 4>2; 1 1>2 1>3 4>1 2>3 3>4 4>2");
	count_by("pairwise-bradleyterry");
	assert_places("1 3 3 2");
	assert_int_equal(result.stages[0].tallies[1], result.stages[0].tallies[2]);
}

static void strengths_that_nothing_bounds_are_refused_with_the_group(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "2 1>2; 1 2>1; 5 1>3");
	assert_stops("pairwise-bradleyterry", ERROR_REJECTED, "A, B");
	load(PROFILE_PAIRS, 3, 1, "2 1>2; 1 2>1; 5 3>1");
	assert_stops("pairwise-bradleyterry", ERROR_REJECTED, "A, B");
	load(PROFILE_PAIRS, 3, 1, "2 1>2; 1 2>1");
	assert_stops("pairwise-bradleyterry", ERROR_REJECTED, "A, B");
	assert_stops("pairwise-bradleyterry:prior=1", ERROR_REJECTED, "A, B");
	count_by("pairwise-bradleyterry:prior=1,among=all");
	assert_elected("A");
}

/* A tree of single victories: with one more each way, 2:1 at every step. */
static void prior_among_the_compared_makes_equal_steps(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 6, 1, "1 1>2; 1 2>3; 1 3>4; 1 4>5; 1 6>5");
	count_by("pairwise-bradleyterry:prior=1");
	/* 16 8 4 2 1 2: the mean is 33/6. */
	assert_tallies(0, "2.909091 1.454545 0.727273 0.363636 0.181818 0.363636");
	assert_places("1 2 3 4 6 4");
	assert_table("pairwise",
	             "0 1 0 0 0 0 | 0 0 1 0 0 0 | 0 0 0 1 0 0 | 0 0 0 0 1 0 | 0 0 0 0 0 0 | "
	             "0 0 0 0 1 0");
}

/* Computed by a second program from docs/counting/condorcet.md: with divisions of step 1 rounded
 * down it would be 84 rounds. */
static void iteration_takes_the_declared_number_of_rounds(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "50 3>2");
	count_by("pairwise-bradleyterry:prior=1,among=all");
	assert_tallies(0, "0.451870 0.082824 2.465306");
	assert_table("iteration", "85");
}

static void level_strengths_need_the_lot(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 3, 1, "1 1>2; 1 2>3; 1 3>1");
	assert_stops("pairwise-bradleyterry", ERROR_REJECTED, "stage 2: A, B, C");
	load_lot("312");
	count_by("pairwise-bradleyterry");
	assert_tallies(0, "1.000000 1.000000 1.000000");
	assert_elected("C");
}

static void strengths_too_far_apart_are_refused(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 2, 1, "2147483647 1>2; 1 2>1");
	assert_stops("pairwise-bradleyterry", ERROR_LIMIT, "");
	load(PROFILE_PAIRS, 2, 1, "500000 1>2; 1 2>1");
	count_by("pairwise-bradleyterry");
	assert_tallies(0, "1.999996 0.000004");
}

/* Two pairs, 10^9 comparisons each, that a few others bind: 626000 rounds do not do. */
static void strengths_that_do_not_settle_are_refused(void **state)
{
	(void)state;
	load(PROFILE_PAIRS, 4, 1,
	     "1000000000 1>2; 1000000000 2>1; 1000000000 3>4; 1000000000 4>3; 1 1>3; 3 3>1");
	assert_stops("pairwise-bradleyterry", ERROR_LIMIT, "");
}

static void too_many_comparisons_are_refused(void **state)
{
	(void)state;
	struct profile_room room = {2, 50, 400, PROFILE_PAIRS};
	arena_release(test_arena(), 0);
	assert_ok(profile_init(&profile, room, test_arena(), &err), err);
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < 47; i++) {
		assert_ok(profile_pair(&profile, i % 2, 1 - i % 2, &err), err);
		assert_ok(profile_close_paper(&profile, LIMIT_WEIGHT, &err), err);
	}
	assert_stops("pairwise-bradleyterry", ERROR_LIMIT, "");
	count_by("pairwise-beta");
	assert_elected("A");
	profile.papers_count = 45;
	count_by("pairwise-bradleyterry");
	assert_elected("A");
}

/* --- the edges --- */

static void without_comparisons_everybody_is_level(void **state)
{
	(void)state;
	static const char *const all[] = {"pairwise-beta", "pairwise-bradleyterry"};
	for (size_t i = 0; i < 2; i++) {
		load(PROFILE_PAIRS, 2, 1, "3");
		assert_stops(all[i], ERROR_REJECTED, "stage 2: A, B");
		load_lot("21");
		count_by(all[i]);
		assert_elected("B");
		load(PROFILE_PAIRS, 1, 3, "3");
		count_by(all[i]);
		assert_elected("A");
		profile.candidates[0].withdrawn = true;
		count_by(all[i]);
		assert_elected("");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beta_scores_are_shares_with_one_more_won_and_lost),
		cmocka_unit_test(beta_compares_fractions_and_not_decimals),
		cmocka_unit_test(beta_level_scores_need_the_lot),
		cmocka_unit_test(pairs_with_a_withdrawn_candidate_are_stepped_over),
		cmocka_unit_test(strengths_of_two_are_as_their_victories),
		cmocka_unit_test(strengths_along_a_chain_multiply),
		cmocka_unit_test(level_candidates_of_a_tournament_stay_level),
		cmocka_unit_test(strengths_that_nothing_bounds_are_refused_with_the_group),
		cmocka_unit_test(prior_among_the_compared_makes_equal_steps),
		cmocka_unit_test(iteration_takes_the_declared_number_of_rounds),
		cmocka_unit_test(level_strengths_need_the_lot),
		cmocka_unit_test(strengths_too_far_apart_are_refused),
		cmocka_unit_test(strengths_that_do_not_settle_are_refused),
		cmocka_unit_test(too_many_comparisons_are_refused),
		cmocka_unit_test(without_comparisons_everybody_is_level),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
