/* SPDX-License-Identifier: Apache-2.0 */
/* party-list on contests counted by hand: candidates of a list, ties, and the bounds. */
#include "support/support.h"

#include "party_contest.h"

/* --- candidates of a list --- */

static void open_lists_go_by_preference_votes(void **state)
{
	(void)state;
	const char *file = "7 2\n3 1 0\n5 3 0\n4 2 0\n0\n" NAMES;
	count_file("party-list", file);
	assert_elected("A1 A2");
	count_file("party-list:lists=open", file);
	assert_elected("A3 A2");
}

static void preference_votes_below_the_quota_do_not_move_a_candidate(void **state)
{
	(void)state;
	/* A has 12 votes; A3 5 of them (416.6 thousandths), A2 4 (333.3), A1 3 (250). */
	const char *file = "7 3\n3 1 0\n5 3 0\n4 2 0\n24 4 0\n0\n" NAMES;
	count_file("party-list:lists=open,quota=416", file);
	assert_elected("B1 B2 A3"); /* 24, 12 and 12 */
	count_file("party-list:lists=open,quota=417", file);
	assert_elected("B1 B2 A1");
	/* Of votes/seats = 12 too. */
	count_file("party-list:lists=open,quota=416,quota-of=hare", file);
	assert_elected("B1 B2 A3");
	count_file("party-list:lists=open,quota=417,quota-of=hare", file);
	assert_elected("B1 B2 A1");
	/* A2 has exactly a quarter of the 36 votes, and half of votes/seats. */
	const char *quarter = "7 2\n8 1 0\n9 2 0\n19 3 0\n0\n" NAMES;
	count_file("party-list:lists=open,quota=250", quarter);
	assert_elected("A3 A2");
	count_file("party-list:lists=open,quota=251", quarter);
	assert_elected("A3 A1");
	count_file("party-list:lists=open,quota=500,quota-of=hare", quarter);
	assert_elected("A3 A2");
	count_file("party-list:lists=open,quota=501,quota-of=hare", quarter);
	assert_elected("A3 A1");
	/* Who reaches it goes first; the others follow in the list's order. */
	count_file("party-list:lists=open,quota=400", "7 3\n3 1 0\n5 3 0\n4 2 0\n0\n" NAMES);
	assert_elected("A3 A1 A2");
}

static void level_candidates_for_the_last_seat_go_by_lot_or_by_the_list(void **state)
{
	(void)state;
	const char *file = "7 2\n3 1 0\n5 3 0\n3 2 0\n0\n" NAMES;
	assert_needs_lot("party-list:lists=open", file, "stage 3: A1, A2");
	count_file("party-list:lists=open", "7 2\n[tie 2 1]\n3 1 0\n5 3 0\n3 2 0\n0\n" NAMES);
	assert_elected("A3 A2");
	assert_tie(1, COUNT_NO_TIE, "");
	assert_tie(2, COUNT_TIE_BY_LOT, "A1 A2");
	assert_int_equal(result.lots_count, 1);
	count_file("party-list:lists=open,level=list", file);
	assert_elected("A3 A1");
	assert_tie(2, COUNT_TIE_BY_RULE, "A1 A2");
	/* With a seat for each of them there is nothing to decide. */
	count_file("party-list:lists=open", "7 3\n3 1 0\n5 3 0\n3 2 0\n0\n" NAMES);
	assert_elected("A3 A1 A2");
	assert_int_equal(result.lots_count, 0);
}

/* Which candidates compete depends on the seats that lists get, so that tie comes first. */
static void lot_is_asked_for_lists_before_candidates(void **state)
{
	(void)state;
	assert_needs_lot("party-list:lists=open", "7 3\n4 1 0\n4 2 0\n4 3 0\n6 4 0\n6 5 0\n0\n" NAMES,
	                 "stage 3: A1, B1");
}

static void lot_orders_all_level_candidates_of_a_list(void **state)
{
	(void)state;
	count_file("party-list:lists=open", "7 2\n[tie 3 1 2]\n3 1 0\n3 3 0\n3 2 0\n0\n" NAMES);
	assert_elected("A3 A1");
	assert_tie(1, COUNT_TIE_BY_LOT, "A1 A2 A3");
	assert_tie(2, COUNT_TIE_BY_LOT, "A1 A2");
	assert_needs_lot("party-list:lists=open", "7 2\n[tie 3 1]\n3 1 0\n3 3 0\n3 2 0\n0\n" NAMES,
	                 "stage 2: A1, A2, A3");
}

/* --- ties of lists --- */

static void level_quotients_go_to_more_votes_then_by_lot(void **state)
{
	(void)state;
	/* dhondt, two seats: A 20, 10; B 10; C 5. */
	count_file("party-list", "7 2\n20 1 0\n10 4 0\n5 6 0\n0\n" NAMES);
	assert_elected("A1 A2");
	assert_tie(2, COUNT_TIE_BY_RULE, "A1 B1");
	/* A 10, B 10, C 10 for two seats. */
	const char *file = "7 2\n10 1 0\n10 5 0\n10 6 0\n0\n" NAMES;
	assert_needs_lot("party-list", file, "stage 2: A1, B1, C1");
	count_file("party-list", "7 2\n[tie 6 4 1]\n10 1 0\n10 5 0\n10 6 0\n0\n" NAMES);
	assert_elected("C1 B1");
	assert_tie(1, COUNT_TIE_BY_LOT, "A1 B1 C1");
	assert_tie(2, COUNT_TIE_BY_LOT, "A1 B1");
	assert_int_equal(result.lots_count, 2);
}

static void level_lists_that_all_have_a_seat_share_a_stage(void **state)
{
	(void)state;
	count_file("party-list", "7 3\n10 1 0\n10 5 0\n10 6 0\n0\n" NAMES);
	assert_elected("A1 B1 C1");
	assert_int_equal(result.stages_count, 3);
	assert_int_equal(result.stages[1].who_count, 3);
	assert_tie(1, COUNT_NO_TIE, "");
}

static void lot_of_a_list_is_its_first_standing_candidate(void **state)
{
	(void)state;
	count_file("party-list", "7 1\n-4\n[tie 5 1]\n10 1 0\n10 5 0\n0\n" NAMES);
	assert_elected("B2");
	assert_tie(1, COUNT_TIE_BY_LOT, "A1 B2");
}

static void level_remainders_go_to_more_votes_then_by_lot(void **state)
{
	(void)state;
	/* 60 votes, 3 seats, q = 20: A 30 = 1 and 10, B 10, C 20 = 1. */
	count_file("party-list:method=hamilton", "7 3\n30 1 0\n10 4 0\n20 6 0\n0\n" NAMES);
	assert_elected("A1 C1 A2");
	assert_tie(3, COUNT_TIE_BY_RULE, "A1 B1");
	/* 20 votes, 2 seats, q = 10: A 5, B 5, C 10. */
	count_file("party-list:method=hamilton", "7 2\n[tie 4 1]\n5 1 0\n5 4 0\n10 6 0\n0\n" NAMES);
	assert_elected("C1 B1");
	assert_tie(2, COUNT_TIE_BY_LOT, "A1 B1");
}

static void tie_of_lists_and_of_candidates_can_be_one_stage(void **state)
{
	(void)state;
	/* One seat, A and B with 6 each; on B both have 3. The lot: list A is A1, B is B1. */
	count_file("party-list:lists=open", "7 1\n[tie 5 4 1]\n6 1 0\n3 4 0\n3 5 0\n0\n" NAMES);
	assert_elected("B2");
	assert_tie(1, COUNT_TIE_BY_LOT, "A1 B1 B2");
	/* B2 is not in the lot of lists, so A1 wins it here. */
	count_file("party-list:lists=open", "7 1\n[tie 5 1 4]\n6 1 0\n3 4 0\n3 5 0\n0\n" NAMES);
	assert_elected("A1");
	assert_tie(1, COUNT_TIE_BY_LOT, "A1 B1");
	assert_needs_lot("party-list:lists=open", "7 1\n6 1 0\n3 4 0\n3 5 0\n0\n" NAMES,
	                 "stage 2: A1, B1");
}

/* --- bounds --- */

/* Every candidate on every ballot, with the greatest weights: more than 53 bits of votes. */
static void large_sums_are_exact_or_refused(void **state)
{
	(void)state;
	static const char *const rules[] = {
		"party-list:panachage=on,method=sainte-lague",
		"party-list:panachage=on,method=hamilton",
		"party-list:panachage=on,method=modified-sainte-lague,threshold=250,lists=open,quota=1",
		"party-list:panachage=on,method=huntington-hill",
	};
	static struct profile_list lists[2] = {{.name = {(const uint8_t *)"A", 1}},
	                                       {.name = {(const uint8_t *)"B", 1}}};
	static uint16_t members[LIMIT_ANSWERS];
	const size_t n = LIMIT_ANSWERS, papers = 4200;
	arena_release(test_arena(), 0);
	assert_ok(profile_init(&profile, (struct profile_room){n, papers, papers * n, PROFILE_MARKS},
	                       test_arena(), &err),
	          err);
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < papers; i++) {
		for (size_t j = 0; j < n; j++)
			assert_ok(profile_choice(&profile, j, &err), err);
		assert_ok(profile_close_paper(&profile, LIMIT_WEIGHT, &err), err);
	}
	for (size_t i = 0; i < n; i++) {
		members[i] = (uint16_t)i;
		profile.candidates[i].name = BYTES_LITERAL("x");
	}
	/* A has three times the votes of B. */
	lists[0].members = members;
	lists[0].members_count = n / 4 * 3;
	lists[1].members = members + n / 4 * 3;
	lists[1].members_count = n / 4;
	profile.lists = lists;
	profile.lists_count = 2;
	profile.seats = 4;
	size_t mark = arena_mark(test_arena());
	for (size_t k = 0; k < 4; k++) {
		struct count_rule rule;
		arena_release(test_arena(), mark);
		assert_ok(count_rule_read(&rule, bytes_of_text(rules[k]), &err), err);
		rule.lot = members;
		rule.lot_count = n;
		if (k == 3) { /* squares of so many votes have too many bits */
			assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_LIMIT);
			continue;
		}
		assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
		assert_int_equal(result.tables[0].cells[0], (uint64_t)LIMIT_WEIGHT * papers * n / 4 * 3);
		assert_int_equal(result.tables[0].cells[3], 3);
		assert_int_equal(result.tables[0].cells[7], 1);
	}
}

static void thousand_level_lists_are_drawn_one_by_one(void **state)
{
	(void)state;
	static struct profile_list lists[LIMIT_ANSWERS];
	static uint16_t members[LIMIT_ANSWERS];
	const size_t n = LIMIT_ANSWERS, seats = 500;
	struct count_rule rule;
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&profile, (struct profile_room){n, n, n, PROFILE_MARKS}, test_arena(), &err),
		err);
	for (size_t i = 0; i < n; i++) {
		members[i] = (uint16_t)(n - 1 - i);
		profile.candidates[i].name = BYTES_LITERAL("x");
		lists[i] = (struct profile_list){
			.name = BYTES_LITERAL("x"), .members = &members[i], .members_count = 1};
		assert_ok(profile_choice(&profile, i, &err), err);
		assert_ok(profile_close_paper(&profile, 1, &err), err);
	}
	profile.lists = lists;
	profile.lists_count = n;
	profile.seats = seats;
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("party-list:method=hamilton"), &err), err);
	rule.lot = members;
	rule.lot_count = n;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &profile));
	assert_int_equal(result.elected_count, seats);
	assert_int_equal(result.lots_count, seats);
	for (size_t i = 0; i < seats; i++)
		assert_int_equal(result.elected[i].candidate, members[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_lists_go_by_preference_votes),
		cmocka_unit_test(preference_votes_below_the_quota_do_not_move_a_candidate),
		cmocka_unit_test(level_candidates_for_the_last_seat_go_by_lot_or_by_the_list),
		cmocka_unit_test(lot_is_asked_for_lists_before_candidates),
		cmocka_unit_test(lot_orders_all_level_candidates_of_a_list),
		cmocka_unit_test(level_quotients_go_to_more_votes_then_by_lot),
		cmocka_unit_test(level_lists_that_all_have_a_seat_share_a_stage),
		cmocka_unit_test(lot_of_a_list_is_its_first_standing_candidate),
		cmocka_unit_test(level_remainders_go_to_more_votes_then_by_lot),
		cmocka_unit_test(tie_of_lists_and_of_candidates_can_be_one_stage),
		cmocka_unit_test(thousand_level_lists_are_drawn_one_by_one),
		cmocka_unit_test(large_sums_are_exact_or_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
