/* SPDX-License-Identifier: Apache-2.0 */
/* The rules on contests small enough to count by hand. */
#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

#include <stdio.h>

static struct error err;
static struct profile profile;
static struct count_result result;

#define ABC "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"
#define ABCD "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"T\"\n"

/* The order in [tie …] of the file is the lot. */
static struct count_rule load(const char *name, const char *file)
{
	struct count_rule rule;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	return rule;
}

static void count_file(const char *name, const char *file)
{
	struct count_rule rule = load(name, file);
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &profile));
}

static void assert_elected(const char *numbers)
{
	char room[64] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < result.elected_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_u64(&t, result.elected[i].candidate + 1u);
	}
	assert_string_equal(room, numbers);
}

static void assert_tallies(size_t stage, const char *expected)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	for (size_t i = 0; i < profile.candidates_count; i++) {
		text_add(&t, i ? " " : "");
		units_add_text(&t, result.stages[stage].tallies[i], result.form);
	}
	assert_string_equal(room, expected);
}

static void assert_action(size_t stage, const char *expected)
{
	char room[200];
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	count_add_action(&t, &result, stage);
	assert_string_equal(room, expected);
}

static void assert_needs_lot(const char *name, const char *file, const char *tied)
{
	struct count_rule rule = load(name, file);
	size_t before = arena_mark(test_arena());
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, tied);
	assert_int_equal(arena_mark(test_arena()), before);
	assert_int_equal(result.elected_count, 0);
}

/* --- rules --- */

static void unknown_rule_is_refused_with_the_known_names(void **state)
{
	(void)state;
	struct count_rule rule;
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("scottland"), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, "scottland: the nearest is scotland; docs/counting.md has all");
	assert_fails(count_rule_read(&rule, BYTES_NONE, &err), err, ERROR_REJECTED);
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("scotlan"), &err), err, ERROR_REJECTED);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("scotland"), &err), err);
	assert_true(rule.method->staged);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("plurality-at-large"), &err), err);
	assert_false(rule.method->staged);
}

/* --- plurality --- */

static void plurality_elects_the_highest_sums(void **state)
{
	(void)state;
	count_file("plurality-at-large", "4 2\n4 1 2 0\n3 3 0\n2 3 1 0\n1 4 0\n6 0\n0\n" ABCD);
	assert_tallies(0, "6 4 5 1");
	assert_elected("1 3");
	assert_int_equal(result.valid, 10);
	assert_int_equal(result.blank, 6);
	assert_int_equal(result.quota, 0);
	assert_int_equal(result.stages_count, 2);
	assert_int_equal(result.stages[1].status[1], COUNT_DEFEATED);
}

static void plurality_tie_within_the_seats_needs_no_lot(void **state)
{
	(void)state;
	count_file("plurality-at-large", "3 2\n4 1 0\n4 2 0\n3 3 0\n0\n" ABC);
	assert_elected("1 2");
	assert_int_equal(result.lots_count, 0);
}

static void plurality_tie_for_the_last_seat_needs_a_lot(void **state)
{
	(void)state;
	assert_needs_lot("plurality-at-large", "4 2\n9 1 0\n4 2 0\n4 3 0\n4 4 0\n0\n" ABCD,
	                 "stage 2: Bo, Cy, Di");
	/* An order that leaves one of them out settles nothing. */
	assert_needs_lot("plurality-at-large", "4 2\n[tie 3 4]\n9 1 0\n4 2 0\n4 3 0\n4 4 0\n0\n" ABCD,
	                 "stage 2: Bo, Cy, Di");
	count_file("plurality-at-large", "4 2\n[tie 3 4 2]\n9 1 0\n4 2 0\n4 3 0\n4 4 0\n0\n" ABCD);
	assert_elected("1 3");
	assert_int_equal(result.lots_count, 1);
	assert_int_equal(result.stages[1].tie, COUNT_TIE_BY_LOT);
	assert_int_equal(result.stages[1].tied_count, 3);
	assert_int_equal(result.stages[1].tied[0], 1);
}

static void plurality_lot_may_fill_several_seats(void **state)
{
	(void)state;
	count_file("plurality-at-large", "4 3\n[tie 4 2 3 1]\n9 1 0\n4 2 0\n4 3 0\n4 4 0\n0\n" ABCD);
	assert_elected("1 4 2");
}

static void plurality_never_elects_the_withdrawn(void **state)
{
	(void)state;
	count_file("plurality-at-large", "3 2\n-1\n9 1 0\n4 1 2 0\n3 3 0\n0\n" ABC);
	assert_elected("2 3");
	assert_tallies(0, "0 4 3");
	assert_int_equal(result.valid, 7);
	assert_int_equal(result.blank, 9);
}

/* --- Scottish STV --- */

/*
 * 100 ballots, 2 seats: quota 34. Ann has 60, a surplus of 26: each of her ballots goes on at
 * 26/60 = 0.43333; 45 of them to Bo, 10 to Cy, 5 nowhere.
 */
static void surplus_moves_every_ballot_at_a_cut_value(void **state)
{
	(void)state;
	count_file("scotland", "4 2\n45 1 2 0\n10 1 3 0\n5 1 0\n11 2 0\n14 3 0\n15 4 3 0\n0\n" ABCD);
	assert_int_equal(result.quota, 3400000);
	assert_tallies(0, "60.00000 11.00000 14.00000 15.00000");
	assert_action(1, "Surplus of Ann transferred: 26.00000");
	assert_tallies(1, "34.00000 30.49985 18.33330 15.00000");
	assert_int_equal(result.stages[1].nontransferable, 216665);
	assert_int_equal(result.stages[1].truncated, 2600000 - 60 * 43333);
	assert_action(2, "Di excluded, votes transferred: 15.00000");
	/* Bo 30.49985, Cy 33.33330: neither has the quota; one seat, so the lower one goes. */
	assert_action(3, "Bo excluded, votes transferred: 30.49985");
	assert_elected("1 3");
	assert_true(result.elected[1].without_quota);
	assert_int_equal(result.elected[0].stage, 0);
	assert_action(4, "Count complete");
	assert_int_equal(result.stages_count, 5);
}

static void excluded_ballots_keep_their_value(void **state)
{
	(void)state;
	/* 20 ballots, 2 seats, quota 7. Ann's surplus of 3 moves at 0.3 to Cy, then on to Bo. */
	count_file("scotland", "4 2\n10 1 3 2 0\n5 2 0\n5 4 0\n0\n" ABCD);
	assert_tallies(1, "7.00000 5.00000 3.00000 5.00000");
	assert_tallies(2, "7.00000 8.00000 0.00000 5.00000");
	assert_elected("1 2");
	assert_int_equal(result.elected[1].stage, 2);
	assert_false(result.elected[1].without_quota);
}

static void transfers_step_over_the_elected_and_excluded(void **state)
{
	(void)state;
	/* 30 ballots, 2 seats, quota 11: Ann's surplus of 9 passes Bo, who has the quota already. */
	count_file("scotland", "4 2\n-4\n20 1 4 2 3 0\n11 2 0\n1 3 0\n0\n" ABCD);
	assert_elected("1 2");
	assert_int_equal(result.stages_count, 2); /* both seats are filled at once */
	count_file("scotland", "4 3\n-4\n20 1 4 2 3 0\n11 2 0\n1 3 0\n0\n" ABCD);
	assert_elected("1 2 3"); /* as many continue as seats are left */
}

static void larger_surplus_goes_first(void **state)
{
	(void)state;
	/* 27 ballots, 3 seats: quota 7. */
	count_file("scotland", "5 3\n9 1 4 0\n12 2 5 0\n2 3 0\n3 4 0\n1 5 0\n0\n"
	                       "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"T\"\n");
	assert_action(1, "Surplus of Bo transferred: 5.00000");
	assert_action(2, "Surplus of Ann transferred: 2.00000");
	assert_int_equal(result.stages[0].status[0], COUNT_PENDING);
	assert_int_equal(result.stages[1].status[0], COUNT_PENDING);
	assert_int_equal(result.stages[1].status[1], COUNT_ELECTED);
	assert_int_equal(result.stages[2].status[0], COUNT_ELECTED);
	assert_elected("2 1 5");
}

static void tie_is_broken_by_the_latest_stage_that_differs(void **state)
{
	(void)state;
	/*
	 * 24 ballots, 2 seats, quota 9. Cy 4, Di 5 and then Ed's 1 makes them level at 5, so the lowest
	 * of the stage before goes: Cy, although Di stands later in the file.
	 */
	count_file("scotland", "5 2\n8 1 0\n6 2 0\n4 3 2 0\n5 4 1 0\n1 5 3 0\n0\n"
	                       "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"T\"\n");
	assert_action(1, "Ed excluded, votes transferred: 1.00000");
	assert_action(2, "Cy excluded, votes transferred: 5.00000");
	assert_int_equal(result.stages[2].tie, COUNT_TIE_BY_EARLIER_STAGE);
	assert_int_equal(result.stages[2].tied_count, 2);
	assert_int_equal(result.lots_count, 0);
}

#define ABCDEF "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"Flo\"\n\"T\"\n"

static void earlier_differences_do_not_count_against_later_ones(void **state)
{
	(void)state;
	/* Cy and Di: 4 and 5, then 6 and 5, then 6 and 6. The latest difference speaks against Di. */
	count_file("scotland",
	           "6 1\n8 1 0\n9 2 0\n4 3 0\n5 4 1 0\n2 5 3 0\n2 6 1 0\n1 6 4 1 0\n0\n" ABCDEF);
	assert_action(3, "Di excluded, votes transferred: 6.00000");
	assert_int_equal(result.stages[3].tie, COUNT_TIE_BY_EARLIER_STAGE);
}

static void those_still_level_are_compared_further_back(void **state)
{
	(void)state;
	/*
	 * Cy, Di and Ed: 5, 4, 3, then (Flo's 1) 5, 4, 4, then (Gil's 2) 5, 5, 5. The second stage
	 * leaves Di and Ed, the first leaves Ed.
	 */
	count_file("scotland", "7 1\n10 1 0\n11 2 0\n5 3 0\n4 4 0\n3 5 1 0\n1 6 5 1 0\n"
	                       "1 7 4 1 0\n1 7 5 1 0\n0\n"
	                       "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"Flo\"\n\"Gil\"\n\"T\"\n");
	assert_action(3, "Ed excluded, votes transferred: 5.00000");
	assert_int_equal(result.stages[3].tied_count, 3);
	assert_int_equal(result.stages[3].tie, COUNT_TIE_BY_EARLIER_STAGE);
}

static void lot_is_only_among_those_level_all_along(void **state)
{
	(void)state;
	/* Cy, Di and Ed: 5, 4, 4, then 5, 5, 5. Cy had more once, so Di and Ed draw. */
	static const char votes[] = "10 1 0\n11 2 0\n5 3 0\n4 4 0\n4 5 1 0\n1 6 5 1 0\n1 6 4 1 0\n"
								"0\n" ABCDEF;
	char file[400];
	snprintf(file, sizeof file, "6 1\n%s", votes);
	assert_needs_lot("scotland", file, "stage 3: Di, Ed");
	snprintf(file, sizeof file, "6 1\n[tie 5 4]\n%s", votes);
	count_file("scotland", file);
	assert_action(2, "Ed excluded, votes transferred: 5.00000");
	assert_int_equal(result.stages[2].tie, COUNT_TIE_BY_LOT);
	assert_int_equal(result.stages[2].tied_count, 2);
	assert_int_equal(result.stages[2].tied[0], 3);
	assert_int_equal(result.stages[2].tied[1], 4);
}

static void tie_at_every_stage_needs_a_lot(void **state)
{
	(void)state;
	assert_needs_lot("scotland", "3 1\n4 1 0\n2 2 1 0\n2 3 0\n0\n" ABC, "stage 2: Bo, Cy");
	assert_needs_lot("scotland", "3 1\n[tie 1 2]\n4 1 0\n2 2 1 0\n2 3 0\n0\n" ABC,
	                 "stage 2: Bo, Cy");
	count_file("scotland", "3 1\n[tie 3 2]\n4 1 0\n2 2 1 0\n2 3 0\n0\n" ABC);
	assert_action(1, "Cy excluded, votes transferred: 2.00000");
	assert_int_equal(result.stages[1].tie, COUNT_TIE_BY_LOT);
	assert_int_equal(result.lots_count, 1);
	count_file("scotland", "3 1\n[tie 2 3]\n4 1 0\n2 2 1 0\n2 3 0\n0\n" ABC);
	assert_action(1, "Bo excluded, votes transferred: 2.00000");
}

static void lot_with_strangers_or_repetitions_is_refused(void **state)
{
	(void)state;
	struct count_rule rule = load("scotland", "3 1\n4 1 0\n2 2 1 0\n2 3 0\n0\n" ABC);
	static const uint16_t stranger[] = {0, 1, 3}, twice[] = {0, 1, 1};
	rule.lot_count = 3;
	rule.lot = stranger;
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_MALFORMED);
	rule.lot = twice;
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_MALFORMED);
}

static void no_valid_ballot_still_gives_a_table(void **state)
{
	(void)state;
	count_file("scotland", "2 1\n[tie 1 2]\n5 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
	assert_int_equal(result.valid, 0);
	assert_int_equal(result.blank, 5);
	assert_int_equal(result.quota, 100000);
	assert_elected("2"); /* the lot fell on Ann, who was excluded */
}

static void fewer_candidates_than_seats_are_all_elected(void **state)
{
	(void)state;
	static const char *const rules[] = {"scotland", "plurality-at-large"};
	for (size_t i = 0; i < 2; i++) {
		count_file(rules[i], "3 3\n-2\n5 3 0\n4 1 0\n0\n" ABC);
		assert_elected("3 1");
		count_file(rules[i], "1 1\n-1\n5 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_elected("");
	}
}

static void largest_contest_does_not_overflow(void **state)
{
	(void)state;
	char file[200];
	snprintf(file, sizeof file, "3 1\n%u 1 2 0\n0\n" ABC, LIMIT_BALLOTS);
	count_file("scotland", file);
	assert_elected("1");
	/* Two seats: the surplus of one candidate with all votes is the largest product there is. */
	snprintf(file, sizeof file, "4 2\n[tie 4 3 2 1]\n%u 1 2 0\n1 3 1 2 0\n0\n" ABCD,
	         LIMIT_BALLOTS - 1);
	count_file("scotland", file);
	assert_elected("1 2");
	assert_int_equal(result.stages[1].tallies[1], (LIMIT_BALLOTS - 1ull) * (100000ull - 33334ull));
}

/* `papers` ballots of the greatest weight for Ann, then Bo; one of weight 1 for Cy. */
static void weigh(struct profile *p, size_t papers)
{
	static bytes names[] = {
		{(const uint8_t *)"Ann", 3}, {(const uint8_t *)"Bo", 2}, {(const uint8_t *)"Cy", 2}};
	arena_release(test_arena(), 0);
	assert_ok(profile_init(p, (struct profile_room){3, papers + 1, 2 * papers + 1, PROFILE_RANKING},
	                       test_arena(), &err),
	          err);
	p->seats = 2;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < 3; i++)
		p->candidates[i].name = names[i];
	for (size_t i = 0; i < papers; i++) {
		assert_ok(profile_choice(p, 0, &err) && profile_choice(p, 1, &err) &&
		              profile_close_paper(p, LIMIT_WEIGHT, &err),
		          err);
	}
	assert_ok(profile_choice(p, 2, &err) && profile_close_paper(p, 1, &err), err);
}

static void weights_near_2_to_the_31_are_counted_exactly(void **state)
{
	(void)state;
	struct count_rule rule;
	const uint64_t all = 40000ull * LIMIT_WEIGHT;
	weigh(&profile, 40000);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("scotland"), &err), err);
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_int_equal(result.valid, all + 1);
	assert_true(result.stages[0].tallies[0] == (units)all * 100000);
	/* the surplus is two thirds of a vote and a little less: 0.66666 of each */
	assert_true(result.stages[1].tallies[1] == (units)all * 66666);
	assert_elected("1 2");
	/* more than 63 bits hold, in units of 10^-5 */
	weigh(&profile, 86000);
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(result.stages[1].tallies[1] == (units)86000 * LIMIT_WEIGHT * 66666);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("plurality-at-large"), &err), err);
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_int_equal(result.stages[0].tallies[0], 86000ull * LIMIT_WEIGHT);
	assert_elected("1 2");
}

static void arena_too_small_is_a_limit(void **state)
{
	(void)state;
	static _Alignas(ARENA_ALIGN) uint8_t memory[8192];
	static const char *const rules[] = {"scotland", "plurality-at-large"};
	for (size_t i = 0; i < 2; i++) {
		struct count_rule rule =
			load(rules[i], "4 2\n[tie 1 2 3 4]\n10 1 3 2 0\n5 2 0\n5 4 0\n0\n" ABCD);
		size_t needs = count_arena_bytes(&rule, &profile);
		struct arena a;
		bool ok = false;
		assert_true(needs <= sizeof memory);
		for (size_t size = 0; !ok; size += ARENA_ALIGN) {
			assert_true(size <= needs);
			arena_init(&a, memory, size);
			error_clear(&err);
			ok = count_run(&result, &rule, &profile, &a, &err);
			if (!ok) {
				assert_int_equal(err.kind, ERROR_LIMIT);
				assert_int_equal(arena_mark(&a), 0);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_rule_is_refused_with_the_known_names),
		cmocka_unit_test(plurality_elects_the_highest_sums),
		cmocka_unit_test(plurality_tie_within_the_seats_needs_no_lot),
		cmocka_unit_test(plurality_tie_for_the_last_seat_needs_a_lot),
		cmocka_unit_test(plurality_lot_may_fill_several_seats),
		cmocka_unit_test(plurality_never_elects_the_withdrawn),
		cmocka_unit_test(surplus_moves_every_ballot_at_a_cut_value),
		cmocka_unit_test(excluded_ballots_keep_their_value),
		cmocka_unit_test(transfers_step_over_the_elected_and_excluded),
		cmocka_unit_test(larger_surplus_goes_first),
		cmocka_unit_test(tie_is_broken_by_the_latest_stage_that_differs),
		cmocka_unit_test(earlier_differences_do_not_count_against_later_ones),
		cmocka_unit_test(those_still_level_are_compared_further_back),
		cmocka_unit_test(lot_is_only_among_those_level_all_along),
		cmocka_unit_test(tie_at_every_stage_needs_a_lot),
		cmocka_unit_test(lot_with_strangers_or_repetitions_is_refused),
		cmocka_unit_test(no_valid_ballot_still_gives_a_table),
		cmocka_unit_test(fewer_candidates_than_seats_are_all_elected),
		cmocka_unit_test(largest_contest_does_not_overflow),
		cmocka_unit_test(weights_near_2_to_the_31_are_counted_exactly),
		cmocka_unit_test(arena_too_small_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
