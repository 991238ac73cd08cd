/* SPDX-License-Identifier: Apache-2.0 */
/* Pairwise methods on contests that can be counted by hand. */
#include "support/support.h"

#include "unit/protocol/count/methods.h"

/* A beats B 7:2, B beats C 6:3, C beats A 5:4: a cycle whose weakest victory is C's. */
#define CYCLE "4 1>2>3; 3 3>1>2; 2 2>3>1"
static const char *const all[] = {"schulze", "ranked-pairs", "minimax", "copeland"};

/* --- comparisons --- */

static void unranked_candidates_are_below_the_ranked_and_level(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 4, 1, "2 1>2; 3 3");
	count_by("copeland");
	/* C is above the rest on 3 ballots, A and B above C and D on 2, A above B on 2. */
	assert_table("pairwise", "0 2 2 2 | 0 0 2 2 | 3 3 0 3 | 0 0 0 0");
}

static void unranked_candidates_are_compared_with_nobody_if_the_rule_says_so(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 4, 1, "2 1>2; 3 3");
	count_by("copeland:unranked=none");
	assert_table("pairwise", "0 2 0 0 | 0 0 0 0 | 0 0 0 0 | 0 0 0 0");
}

static void equal_ranks_prefer_neither(void **state)
{
	(void)state;
	load(PROFILE_RANKS, 3, 1, "5 1=2>3; 1 2>1=3");
	count_by("schulze");
	assert_table("pairwise", "0 0 5 | 1 0 6 | 0 0 0");
	count_by("schulze:unranked=none");
	assert_table("pairwise", "0 0 5 | 1 0 6 | 0 0 0");
}

static void withdrawn_candidates_are_stepped_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		load(PROFILE_RANKING, 3, 3, "4 1>2>3; 3 2>3; 2 1");
		profile.candidates[0].withdrawn = true;
		count_by(all[i]);
		assert_table("pairwise", "0 0 0 | 0 0 7 | 0 0 0");
		assert_places("0 1 2");
		assert_elected("BC");
		assert_int_equal(result.valid, 7);
		assert_int_equal(result.blank, 2);
		assert_int_equal(result.stages[1].status[0], COUNT_WITHDRAWN);
	}
}

static void weights_add_up_beyond_32_bits(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 2, 1, "2147483647 1>2; 2147483647 1>2; 2147483647 2>1");
	count_by("schulze");
	assert_table("pairwise", "0 4294967294 | 2147483647 0");
}

/* --- cycles --- */

/* Paths: A>B 7; A>B>C 6; B>C 6; B>C>A 5; C>A 5; C>A>B 5. So A > B > C. */
static void schulze_goes_by_the_strongest_paths(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 3, 1, CYCLE);
	count_by("schulze");
	assert_table("pairwise", "0 7 4 | 2 0 6 | 5 3 0");
	assert_table("strengths", "0 7 6 | 5 0 6 | 5 5 0");
	assert_tallies(0, "2 1 0");
	assert_places("1 2 3");
	assert_elected("A");
	/* Margins: A>B 5, B>C 3, C>A 1. */
	count_by("schulze:strength=margins");
	assert_table("strengths", "0 5 3 | 1 0 3 | 1 1 0");
}

static void ranked_pairs_refuse_the_victory_that_closes_a_cycle(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 3, 1, CYCLE);
	count_by("ranked-pairs");
	assert_table("locked", "0 7 0 | 0 0 6 | 0 0 0");
	assert_places("1 2 3");
	count_by("ranked-pairs:strength=margins");
	assert_table("locked", "0 5 0 | 0 0 3 | 0 0 0");
}

/* Worst defeats: A 5 (margin 1, opposition 5), B 7 (5, 7), C 6 (3, 6). */
static void minimax_takes_the_smallest_worst_defeat(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 3, 1, CYCLE);
	count_by("minimax");
	assert_table("defeats", "5 | 7 | 6");
	assert_tallies(0, "4 2 3");
	assert_places("1 3 2");
	count_by("minimax:strength=margins");
	assert_table("defeats", "1 | 5 | 3");
}

/* A 4:3 B, so A is never beaten, but 3 ballots are against it. */
static void minimax_opposition_counts_ballots_against_a_winner_too(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 2, 1, "4 1>2; 3 2>1");
	count_by("minimax");
	assert_table("defeats", "0 | 4");
	count_by("minimax:strength=opposition");
	assert_table("defeats", "3 | 4");
}

/* A:B 2:2 is a draw; both beat C. */
static void copeland_gives_half_a_point_for_a_draw(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 3, 2, "2 1>2>3; 2 2>1>3");
	count_by("copeland");
	assert_tallies(0, "3/2 3/2 0");
	assert_places("1 1 3");
	assert_elected("AB");
	assert_int_equal(result.lots_count, 0);
	count_by("copeland:draws=none");
	assert_tallies(0, "1 1 0");
}

/* --- ties --- */

static void level_at_the_last_seat_needs_the_lot(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		load(PROFILE_RANKING, 3, 1, "2 1>2>3; 2 2>1>3");
		assert_stops(all[i], ERROR_REJECTED, "stage 2: A, B");
		load_lot("21");
		count_by(all[i]);
		assert_elected("B");
		assert_places("1 1 3");
		assert_tie(1, COUNT_TIE_BY_LOT, "AB");
	}
}

/* A>B 2:1, B>C 2:1, C>A 2:1: all depends on which victory is locked last. */
static void ranked_pairs_of_equal_strength_on_a_cycle_go_by_the_lot(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 3, 1, "1 1>2>3; 1 2>3>1; 1 3>1>2");
	assert_stops("ranked-pairs", ERROR_REJECTED, "stage 1: A, B, C");
	load_lot("21");
	assert_stops("ranked-pairs", ERROR_REJECTED, "stage 1: A, B, C");
	/* B>C, then A>B (A is drawn before C), then C>A closes the cycle. */
	load_lot("213");
	count_by("ranked-pairs");
	assert_table("locked", "0 2 0 | 0 0 2 | 0 0 0");
	assert_tie(0, COUNT_TIE_BY_LOT, "ABC");
	assert_elected("A");
	assert_int_equal(result.lots_count, 1);
	/* C>A, then B>C, then A>B closes it. */
	load_lot("321");
	count_by("ranked-pairs");
	assert_elected("B");
}

/* D>A>B>C with all six victories 3:0; no cycle, no lot. */
static void ranked_pairs_of_equal_strength_without_a_cycle_need_no_lot(void **state)
{
	(void)state;
	load(PROFILE_RANKING, 4, 1, "3 4>1>2>3");
	count_by("ranked-pairs");
	assert_places("2 3 4 1");
	assert_int_equal(result.lots_count, 0);
	assert_tie(0, COUNT_NO_TIE, "");
}

/* --- the edges --- */

static void nobody_is_compared_when_no_ballot_names_anybody(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		load(PROFILE_RANKING, 3, 1, "7");
		assert_stops(all[i], ERROR_REJECTED, "stage 2: A, B, C");
		load_lot("312");
		count_by(all[i]);
		assert_elected("C");
		assert_int_equal(result.valid, 0);
		assert_int_equal(result.blank, 7);
	}
}

static void one_candidate_and_more_seats_than_candidates_need_no_votes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		load(PROFILE_RANKS, 1, 1, "1");
		count_by(all[i]);
		assert_elected("A");
		load(PROFILE_RANKS, 3, 9, "1 3>2");
		count_by(all[i]);
		assert_elected(i == 2 ? "CAB" : "CBA"); /* both lose once, by one ballot */
		profile.candidates[0].withdrawn = true;
		profile.candidates[1].withdrawn = profile.candidates[2].withdrawn = true;
		count_by(all[i]);
		assert_elected("");
		assert_places("0 0 0");
	}
}

static void ballots_and_options_of_another_kind_are_refused(void **state)
{
	(void)state;
	struct count_rule rule;
	load(PROFILE_SCORES, 2, 1, "1 1:3");
	for (size_t i = 0; i < 4; i++) {
		rule = rule_of(all[i]);
		assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	}
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("schulze:strength=opposition"), &err), err,
	             ERROR_REJECTED);
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("copeland:unranked=first"), &err), err,
	             ERROR_REJECTED);
}

/* The last 30 are ranked, the last one first; everybody else is level. */
static void a_thousand_candidates_can_be_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct profile_room room = {1000, 1, 1000, PROFILE_RANKING};
		/* 1000 · 1000 pairs do not fit the shared arena with their tables. */
		static uint8_t memory[96u << 20];
		struct arena arena;
		arena_init(&arena, memory, sizeof memory);
		assert_ok(profile_init(&profile, room, &arena, &err), err);
		for (size_t k = 1000; k-- > 970;)
			assert_ok(profile_choice(&profile, k, &err), err);
		assert_ok(profile_close_paper(&profile, LIMIT_WEIGHT / 64, &err), err);
		struct count_rule rule = rule_of(all[i]);
		size_t before = arena_mark(&arena);
		assert_ok(count_run(&result, &rule, &profile, &arena, &err), err);
		assert_true(arena_mark(&arena) - before <= count_arena_bytes(&rule, &profile));
		assert_int_equal(result.elected[0].candidate, 999);
		/* Minimax knows the worst defeat only, which is the same for all others. */
		assert_int_equal(result.places[0], i == 2 ? 2 : 31);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unranked_candidates_are_below_the_ranked_and_level),
		cmocka_unit_test(unranked_candidates_are_compared_with_nobody_if_the_rule_says_so),
		cmocka_unit_test(equal_ranks_prefer_neither),
		cmocka_unit_test(withdrawn_candidates_are_stepped_over),
		cmocka_unit_test(weights_add_up_beyond_32_bits),
		cmocka_unit_test(schulze_goes_by_the_strongest_paths),
		cmocka_unit_test(ranked_pairs_refuse_the_victory_that_closes_a_cycle),
		cmocka_unit_test(minimax_takes_the_smallest_worst_defeat),
		cmocka_unit_test(minimax_opposition_counts_ballots_against_a_winner_too),
		cmocka_unit_test(copeland_gives_half_a_point_for_a_draw),
		cmocka_unit_test(level_at_the_last_seat_needs_the_lot),
		cmocka_unit_test(ranked_pairs_of_equal_strength_on_a_cycle_go_by_the_lot),
		cmocka_unit_test(ranked_pairs_of_equal_strength_without_a_cycle_need_no_lot),
		cmocka_unit_test(nobody_is_compared_when_no_ballot_names_anybody),
		cmocka_unit_test(one_candidate_and_more_seats_than_candidates_need_no_votes),
		cmocka_unit_test(ballots_and_options_of_another_kind_are_refused),
		cmocka_unit_test(a_thousand_candidates_can_be_compared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
