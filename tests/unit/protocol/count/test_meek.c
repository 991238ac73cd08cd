/* SPDX-License-Identifier: Apache-2.0 */
/* STV by keep values, and what holds for QPQ too. */
#include "by_hand.h"

static const char *const rules[] = {"meek", "meek-prf", "qpq", "warren"};
#define RULES_COUNT (sizeof rules / sizeof *rules)

/* --- keep values --- */

/*
 * 60 ballots, 2 seats: quota ⌊60/3⌋ and one unit. Ann has 40 and keeps ⌈20.000000001/40⌉ =
 * 0.500000001 of each; 0.499999999 of each goes to Bo.
 */
static void elected_candidate_keeps_enough_for_the_quota(void **state)
{
	(void)state;
	count_file("meek-prf", "3 2\n40 1 2 0\n10 2 0\n10 3 0\n0\n" ABC);
	assert_quota(0, "20.000000001");
	assert_row(0, "keep", 0, "1.000000000 1.000000000 1.000000000");
	assert_action(1, "Surplus of Ann transferred: 19.999999999");
	assert_row(0, "keep", 1, "0.500000001 1.000000000 1.000000000");
	assert_tallies(1, "20.000000040 29.999999960 10.000000000");
	assert_action(2, "Count complete");
	assert_int_equal(result.stages_count, 3);
	assert_elected("1 2");
	assert_int_equal(result.elected[0].stage, 0);
	assert_int_equal(result.elected[1].stage, 1);
	assert_false(result.elected[1].without_quota);
}

/*
 * Nobody follows Ann, so what she passes on is lost and the quota falls: from 20.67 to a third of
 * 20.67 + 22 = 14.22, of 14.22 + 22 = 12.07, of 12.07 + 22 = 11.36; there Bo has it with 12.
 */
static void quota_falls_with_the_votes_that_are_lost(void **state)
{
	(void)state;
	count_file("meek-prf", "3 2\n40 1 0\n12 2 0\n10 3 0\n0\n" ABC);
	assert_quota(0, "20.666666667");
	assert_quota(1, "11.358024707");
	assert_tallies(1, "12.074074120 12.000000000 10.000000000");
	assert_numbers(&result.stages[1].nontransferable, 1, result.form, "27.925925880");
	assert_elected("1 2");
	assert_int_equal(result.quota, 11358024707);
}

/*
 * 80 ballots, 3 seats: Ann keeps a third of 60, Bo gets two thirds of them, 40, and has a surplus
 * in his turn. By Meek Bo keeps half of what reaches him, by Warren a price of a third of a vote:
 * both keep 20 for him.
 */
static void warren_prices_what_meek_shares(void **state)
{
	(void)state;
	static const char file[] = "4 3\n60 1 2 3 0\n10 3 0\n10 4 0\n0\n" ABCD;
	count_file("meek", file);
	assert_action(2, "Surplus of Ann and Bo transferred: 19.999999998");
	assert_row(0, "keep", 2, "0.333333334 0.500000001 1.000000000 1.000000000");
	assert_tallies(2, "20.000000040 20.000000040 29.999999920 10.000000000");
	assert_elected("1 2 3");
	count_file("warren", file);
	assert_row(0, "keep", 2, "0.333333334 0.333333334 1.000000000 1.000000000");
	assert_tallies(2, "20.000000040 20.000000040 29.999999920 10.000000000");
	assert_elected("1 2 3");
}

/*
 * 100 ballots, 2 seats, quota 33.33. Di has least; without her Bo has 43. Nobody follows Bo, so his
 * surplus is lost and the quota falls, until Ann has it with 30.
 */
static void excluded_candidate_keeps_nothing(void **state)
{
	(void)state;
	count_file("meek", "4 2\n30 1 0\n28 2 0\n27 3 0\n15 4 2 0\n0\n" ABCD);
	assert_action(1, "Di excluded, votes transferred: 15.000000000");
	assert_row(0, "keep", 1, "1.000000000 1.000000000 1.000000000 0.000000000");
	assert_tallies(1, "30.000000000 43.000000000 27.000000000 0.000000000");
	assert_int_equal(result.stages[1].status[1], COUNT_ELECTED);
	assert_action(2, "Surplus of Bo transferred: 9.666666666");
	assert_int_equal(result.stages[2].status[0], COUNT_ELECTED);
	assert_elected("2 1");
}

static void decimals_and_accuracy_are_options(void **state)
{
	(void)state;
	static const char file[] = "3 2\n40 1 2 0\n10 2 0\n10 3 0\n0\n" ABC;
	count_file("meek:precision=4,omega=2", file);
	assert_quota(0, "20.0001");
	assert_tallies(1, "20.0040 29.9960 10.0000");
	count_file("warren:omega=12,precision=12", file);
	assert_tallies(1, "20.000000000040 29.999999999960 10.000000000000");
}

/*
 * Nobody follows Ann and nobody else reaches the quota, which falls from (40 + 27)/3 towards 27/2,
 * by two thirds of the distance each time. How near it comes is a matter of omega.
 */
static void iteration_ends_below_omega(void **state)
{
	(void)state;
	static const char file[] = "4 2\n[tie 1 2 3 4]\n40 1 0\n10 2 0\n9 3 0\n8 4 0\n0\n" ABCD;
	units surplus[2];
	static const char *const names[] = {"meek:omega=1", "meek:omega=6"};
	for (size_t i = 0; i < 2; i++) {
		count_file(names[i], file);
		const struct count_stage *s = &result.stages[1];
		assert_int_equal(s->action, COUNT_SURPLUS);
		assert_int_equal(s->status[1], COUNT_HOPEFUL);
		surplus[i] = s->tallies[0] - s->quota;
	}
	assert_true(surplus[0] < 100000000 && surplus[0] >= 1000);
	assert_true(surplus[1] < 1000);
}

static void wrong_options_are_refused(void **state)
{
	(void)state;
	struct count_rule rule;
	static const char *const wrong[] = {"meek:precision=3", "meek:precision=16", "meek:omega=0",
	                                    "warren:omega=16",  "meek-prf:omega=6",  "qpq:precision=9"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_fails(count_rule_read(&rule, bytes_of_text(wrong[i]), &err), err, ERROR_REJECTED);
	/* finer than the decimals: only with the contest at hand are both known */
	static const char *const finer[] = {"meek:precision=5", "warren:precision=9,omega=10"};
	for (size_t i = 0; i < 2; i++) {
		rule = load(finer[i], "3 2\n40 1 2 0\n10 2 0\n10 3 0\n0\n" ABC);
		assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	}
	count_file("meek:precision=5,omega=5", "3 2\n40 1 2 0\n10 2 0\n10 3 0\n0\n" ABC);
}

/* --- ties of Meek --- */

/*
 * Bo's surplus of 3 votes has to lift Cy from 0 to 2, where Ann is: truly level, but 0.000000200
 * apart when the iteration ends with a surplus of 0.0000004.
 */
static void candidates_within_the_surplus_are_level(void **state)
{
	(void)state;
	static const char votes[] = "2 1 2 0\n3 2 3 0\n3 2 0\n0\n" ABC;
	static const char *const names[] = {"meek", "meek-prf"};
	char file[200];
	for (size_t i = 0; i < 2; i++) {
		snprintf(file, sizeof file, "3 2\n%s", votes);
		assert_needs_lot(names[i], file, "stage 3: Ann, Cy");
		snprintf(file, sizeof file, "3 2\n[tie 1 3]\n%s", votes);
		count_file(names[i], file);
		assert_tallies(1, "2.000000000 2.000000400 1.999999800");
		assert_action(2, "Ann excluded, votes transferred: 2.000000000");
		/* two are left for two seats: Ann's votes do not go to Bo any more */
		assert_tallies(2, "0.000000000 2.000000400 1.999999800");
		assert_int_equal(result.stages[2].tie, COUNT_TIE_BY_LOT);
		assert_int_equal(result.stages[2].tied_count, 2);
		assert_int_equal(result.lots_count, 1);
		assert_elected("2 3");
		assert_true(result.elected[1].without_quota);
	}
}

static void equal_tallies_need_a_lot(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES_COUNT; i++) {
		assert_needs_lot(rules[i], "3 1\n4 1 0\n3 2 0\n3 3 0\n0\n" ABC, "stage 2: Bo, Cy");
		count_file(rules[i], "3 1\n[tie 3 2]\n4 1 0\n3 2 0\n3 3 0\n0\n" ABC);
		assert_action(1, "Cy excluded, votes transferred: 3.000000000");
		assert_elected("1");
	}
}

/*
 * 62 ballots, 3 seats: 15.5 votes for each of the four in the end. Ann's 34 give 18.5 to Bo, who
 * has 16; his 34.5 give 9.5 each to Cy and Di, who have 6. What reaches Bo comes in two kinds of
 * papers, and rounding leaves him a little below the quota; then Cy and Di both have it, for one
 * seat.
 */
static void more_than_the_seats_at_the_quota_are_not_elected(void **state)
{
	(void)state;
	static const char votes[] = "17 1 2 3 0\n17 1 2 4 0\n8 2 3 0\n8 2 4 0\n6 3 0\n6 4 0\n0\n" ABCD;
	char file[200];
	snprintf(file, sizeof file, "4 3\n%s", votes);
	assert_needs_lot("meek-prf", file, "stage 3: Cy, Di");
	snprintf(file, sizeof file, "4 3\n[tie 4 3]\n%s", votes);
	count_file("meek-prf", file);
	assert_quota(1, "15.500000001");
	assert_tallies(1, "15.500000002 15.499999994 15.500000002 15.500000002");
	assert_int_equal(result.stages[1].status[2], COUNT_HOPEFUL);
	assert_action(2, "Di excluded, votes transferred: 15.500000002");
	assert_elected("1 2 3");
}

/* --- all of them --- */

static void withdrawn_are_stepped_over_and_blank_ballots_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES_COUNT; i++) {
		count_file(rules[i], "4 2\n-1\n40 1 2 3 0\n10 3 0\n10 4 0\n7 1 0\n5 0\n0\n" ABCD);
		assert_tallies(0, "0.000000000 40.000000000 10.000000000 10.000000000");
		assert_int_equal(result.valid, 60);
		assert_int_equal(result.blank, 12);
		assert_elected("2 3");
		assert_int_equal(result.stages[result.stages_count - 1].status[0], COUNT_WITHDRAWN);
	}
}

static void no_valid_ballot_still_gives_a_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES_COUNT; i++) {
		count_file(rules[i], "2 1\n[tie 1 2]\n5 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
		assert_int_equal(result.valid, 0);
		assert_int_equal(result.quota, strcmp(rules[i], "qpq") == 0 ? 0 : 1);
		assert_elected("2"); /* the lot fell on Ann, who was excluded */
	}
}

static void fewer_candidates_than_seats_are_all_elected(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES_COUNT; i++) {
		count_file(rules[i], "3 3\n-2\n5 3 0\n4 1 0\n0\n" ABC);
		assert_elected("3 1");
		count_file(rules[i], "1 1\n5 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_elected("1");
		assert_int_equal(result.stages_count, 2);
		count_file(rules[i], "1 1\n-1\n5 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_elected("");
	}
}

/* `papers` ballots of the greatest weight for Ann, then Bo; one of weight 1 for Cy. */
static void weigh(size_t papers)
{
	static bytes names[] = {
		{(const uint8_t *)"Ann", 3}, {(const uint8_t *)"Bo", 2}, {(const uint8_t *)"Cy", 2}};
	struct profile *p = &profile;
	arena_release(test_arena(), 0);
	assert_ok(profile_init(p, (struct profile_room){3, papers + 1, 2 * papers + 1, PROFILE_RANKING},
	                       test_arena(), &err),
	          err);
	p->seats = 2;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < 3; i++)
		p->candidates[i].name = names[i];
	for (size_t i = 0; i < papers; i++)
		assert_ok(profile_choice(p, 0, &err) && profile_choice(p, 1, &err) &&
		              profile_close_paper(p, LIMIT_WEIGHT, &err),
		          err);
	assert_ok(profile_choice(p, 2, &err) && profile_close_paper(p, 1, &err), err);
}

static void weights_near_2_to_the_31_are_counted_exactly_or_refused(void **state)
{
	(void)state;
	struct count_rule rule;
	const units all = (units)40000 * LIMIT_WEIGHT;
	weigh(40000);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("meek:precision=10"), &err), err);
	run(&rule);
	assert_true(result.stages[0].tallies[0] == all * 10000000000);
	/* the first to keep a third: the next decimal of it, and the rest to Bo */
	assert_true(result.stages[1].tallies[0] == all * 3333333334);
	assert_true(result.stages[1].tallies[1] == all * 6666666666);
	assert_elected("1 2");
	/* 2^46 ballots and 10^30 or 10^27 have more than 127 bits */
	static const char *const large[] = {"meek:precision=15", "warren:precision=15", "qpq"};
	for (size_t i = 0; i < 3; i++) {
		assert_ok(count_rule_read(&rule, bytes_of_text(large[i]), &err), err);
		assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_LIMIT);
	}
	/* 2^36 of them have not */
	weigh(40);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("qpq"), &err), err);
	run(&rule);
	assert_elected("1 2");
}

/* The last three have 2, 3 and 4 votes; the lot is the order of the candidates. */
static void crowd(const char *name, size_t candidates, uint32_t seats, struct count_rule *rule)
{
	static char names[LIMIT_ANSWERS][8];
	static uint16_t lot[LIMIT_ANSWERS];
	struct profile *p = &profile;
	arena_release(test_arena(), 0);
	assert_ok(profile_init(p, (struct profile_room){candidates, 3, 3, PROFILE_RANKING},
	                       test_arena(), &err),
	          err);
	p->seats = seats;
	for (size_t i = 0; i < candidates; i++) {
		snprintf(names[i], sizeof names[i], "%zu", i + 1);
		p->candidates[i].name = bytes_of_text(names[i]);
		lot[i] = (uint16_t)i;
	}
	for (size_t i = 0; i < 3; i++)
		assert_ok(profile_choice(p, candidates - 3 + i, &err) &&
		              profile_close_paper(p, i + 2, &err),
		          err);
	assert_ok(count_rule_read(rule, bytes_of_text(name), &err), err);
	rule->lot = lot;
	rule->lot_count = candidates;
}

/* Of the 997 without a vote, 996 go by lot, the last alone; then 998, and 4 votes of 7 are enough.
 */
static void thousand_candidates_are_counted(void **state)
{
	(void)state;
	struct count_rule rule;
	for (size_t i = 0; i < RULES_COUNT; i++) {
		crowd(rules[i], LIMIT_ANSWERS, 1, &rule);
		run(&rule);
		assert_elected("1000");
		assert_int_equal(result.lots_count, 996);
	}
}

static void qpq_refuses_contests_with_too_many_stages(void **state)
{
	(void)state;
	struct count_rule rule;
	crowd("qpq", LIMIT_ANSWERS, 5, &rule);
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_LIMIT);
	assert_true(count_arena_bytes(&rule, &profile) < 1u << 20);
}

static void arena_too_small_is_a_limit(void **state)
{
	(void)state;
	static _Alignas(ARENA_ALIGN) uint8_t memory[32768];
	for (size_t i = 0; i < RULES_COUNT; i++) {
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
		cmocka_unit_test(elected_candidate_keeps_enough_for_the_quota),
		cmocka_unit_test(quota_falls_with_the_votes_that_are_lost),
		cmocka_unit_test(warren_prices_what_meek_shares),
		cmocka_unit_test(excluded_candidate_keeps_nothing),
		cmocka_unit_test(decimals_and_accuracy_are_options),
		cmocka_unit_test(iteration_ends_below_omega),
		cmocka_unit_test(wrong_options_are_refused),
		cmocka_unit_test(candidates_within_the_surplus_are_level),
		cmocka_unit_test(equal_tallies_need_a_lot),
		cmocka_unit_test(more_than_the_seats_at_the_quota_are_not_elected),
		cmocka_unit_test(withdrawn_are_stepped_over_and_blank_ballots_left_out),
		cmocka_unit_test(no_valid_ballot_still_gives_a_table),
		cmocka_unit_test(fewer_candidates_than_seats_are_all_elected),
		cmocka_unit_test(weights_near_2_to_the_31_are_counted_exactly_or_refused),
		cmocka_unit_test(thousand_candidates_are_counted),
		cmocka_unit_test(qpq_refuses_contests_with_too_many_stages),
		cmocka_unit_test(arena_too_small_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
