/* SPDX-License-Identifier: Apache-2.0 */
/* Points by position, cumulative points and approval on contests small enough to count by hand. */
#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

static struct error err;
static struct profile profile;
static struct count_rule rule;
static struct count_result result;

#define ABC "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"
#define ABCD "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"T\"\n"

/* 5 Ann>Bo>Cy, 3 Bo>Ann, 2 Cy, 1 blank. */
#define THREE "3 1\n5 1 2 3 0\n3 2 1 0\n2 3 0\n1 0\n0\n" ABC

static void run(const char *name)
{
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &profile));
}

static void load(const char *file)
{
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
}

static void count_file(const char *name, const char *file)
{
	load(file);
	run(name);
}

static void assert_refused(const char *name, enum error_kind kind, const char *detail)
{
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	size_t before = arena_mark(test_arena());
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, kind);
	assert_string_equal(err.detail, detail);
	assert_int_equal(arena_mark(test_arena()), before);
}

static void assert_points(const char *expected)
{
	char room[400] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < profile.candidates_count; i++) {
		text_add(&t, i ? " " : "");
		units_add_text(&t, result.stages[0].tallies[i], result.form);
	}
	assert_string_equal(room, expected);
}

static void assert_numbers(const char *expected, bool places)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	size_t n = places ? profile.candidates_count : result.elected_count;
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i ? " " : "");
		text_add_u64(&t, places ? result.places[i] : result.elected[i].candidate + 1u);
	}
	assert_string_equal(room, expected);
}

static void assert_elected(const char *numbers)
{
	assert_numbers(numbers, false);
}

static void assert_places(const char *numbers)
{
	assert_numbers(numbers, true);
}

/* "3 0/1 2": rows of voters_by_position. */
static void assert_voters(const char *expected)
{
	char room[400] = "";
	struct text t = TEXT_OF(room);
	const struct count_table *v = &result.tables[0];
	assert_int_equal(result.tables_count, 1);
	assert_string_equal(v->name, "voters_by_position");
	for (size_t i = 0; i < v->rows; i++)
		for (size_t j = 0; j < v->columns; j++) {
			text_add(&t, j ? " " : i ? "/" : "");
			units_add_text(&t, v->cells[i * v->columns + j], v->form);
		}
	assert_string_equal(room, expected);
}

/* --- borda --- */

static void borda_has_one_point_less_from_place_to_place(void **state)
{
	(void)state;
	/* Ann 5·2 + 3·1, Bo 5·1 + 3·2, Cy 2·2. */
	count_file("borda", THREE);
	assert_points("13 11 4");
	assert_elected("1");
	assert_places("1 2 3");
	assert_voters("5 3 0/3 5 0/2 0 5");
	assert_int_equal(result.valid, 10);
	assert_int_equal(result.blank, 1);
	assert_int_equal(result.stages_count, 2);
	assert_int_equal(result.lots_count, 0);
}

static void unranked_share_what_the_places_left_are_worth(void **state)
{
	(void)state;
	/* Beside the points above: of the 3 Cy has (1 - 1)/2 = 0; of the 2 Ann and Bo have 1/2. */
	count_file("borda:unranked=shared", THREE);
	assert_points("14 12 4");
	/* Of 1 paper for Di, three others share 2 + 1 + 0; of the 1 for Ann and Di two share 1. */
	count_file("borda:unranked=shared", "4 1\n1 4 0\n1 1 4 0\n0\n" ABCD);
	assert_points("4 3/2 3/2 5");
	/* A paper adds up to the same whatever it ranks; a blank one gives nobody anything. */
	count_file("borda:unranked=shared", "4 1\n1 4 0\n1 0\n1 1 2 3 4 0\n0\n" ABCD);
	assert_points("4 3 2 3");
}

static void first_place_may_have_other_points(void **state)
{
	(void)state;
	count_file("borda:points=2", THREE);
	/* 5 · 2 + 3 · 1, 5 · 1 + 3 · 2, 2 · 2 + 5 · 0: nobody has less than 0. */
	assert_points("13 11 4");
	count_file("borda:points=1", THREE);
	assert_points("5 3 2");
	count_file("borda:points=10", THREE);
	assert_points("77 75 60");
}

static void points_and_sharing_do_not_go_together(void **state)
{
	(void)state;
	load(THREE);
	assert_refused("borda:points=3,unranked=shared", ERROR_REJECTED, "");
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("borda:points=0"), &err), err,
	             ERROR_REJECTED);
	assert_string_equal(err.detail, "points=0: from 1 to 1000000000");
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("borda:unranked=half"), &err), err,
	             ERROR_REJECTED);
	assert_string_equal(err.detail, "unranked=half: one of zero, shared");
}

static void withdrawn_leave_their_place_to_the_next(void **state)
{
	(void)state;
	/* Ann withdrawn, two stand: the first has 1. 5 Bo>Cy, 3 Bo, 2 Cy, 1 blank. */
	count_file("borda", "3 1\n-1\n5 1 2 3 0\n3 2 1 0\n2 3 0\n1 1 0\n0\n" ABC);
	assert_points("0 8 2");
	assert_voters("0 0/8 0/2 5");
	assert_places("0 1 2");
	assert_elected("2");
	assert_int_equal(result.blank, 1);
	count_file("borda:unranked=shared", "3 1\n-1\n5 1 2 3 0\n3 2 1 0\n2 3 0\n0\n" ABC);
	assert_points("0 8 2");
}

static void level_candidates_need_a_lot_for_the_last_seat_only(void **state)
{
	(void)state;
	load("3 1\n1 1 2 0\n1 2 1 0\n0\n" ABC);
	assert_refused("borda", ERROR_REJECTED, "stage 2: Ann, Bo");
	count_file("borda", "3 1\n[tie 2 1 3]\n1 1 2 0\n1 2 1 0\n0\n" ABC);
	assert_elected("2");
	assert_places("1 1 3");
	assert_int_equal(result.stages[1].tie, COUNT_TIE_BY_LOT);
	assert_int_equal(result.lots_count, 1);
	count_file("borda", "3 2\n1 1 2 0\n1 2 1 0\n0\n" ABC);
	assert_elected("1 2");
	assert_int_equal(result.lots_count, 0);
}

static void nobody_named_nobody_standing_and_one_alone_are_counted(void **state)
{
	(void)state;
	static const char *const rules[] = {"borda",
	                                    "borda:unranked=shared",
	                                    "borda-custom:weights=3",
	                                    "borda-nauru",
	                                    "desborda",
	                                    "desborda2",
	                                    "approval"};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		count_file(rules[i], "1 3\n2 0\n0\n\"Ann\"\n\"T\"\n");
		assert_points("0");
		assert_elected("1");
		assert_int_equal(result.valid, 0);
		assert_int_equal(result.blank, 2);
		count_file(rules[i], "1 3\n2 1 0\n0\n\"Ann\"\n\"T\"\n");
		assert_elected("1");
		assert_int_equal(result.valid, 2);
		count_file(rules[i], "2 1\n-1 -2\n2 1 2 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
		assert_points("0 0");
		assert_elected("");
		assert_int_equal(result.blank, 2);
	}
}

/* --- borda-custom --- */

static void custom_weights_are_the_points_of_the_places(void **state)
{
	(void)state;
	count_file("borda-custom:weights=9/7/5", THREE);
	assert_points("66 62 43"); /* 5·9 + 3·7, 5·7 + 3·9, 5·5 + 2·9 */
	count_file("borda-custom:weights=1", THREE);
	assert_points("5 3 2"); /* plurality of first preferences */
	count_file("borda-custom:weights=0/0/4", THREE);
	assert_points("0 0 20");
}

static void custom_without_weights_says_what_to_do(void **state)
{
	(void)state;
	load(THREE);
	assert_refused("borda-custom", ERROR_REJECTED, "");
	assert_non_null(strstr(err.what, "borda-custom:weights=9/7/5"));
	assert_fails(count_rule_read(&rule, BYTES_LITERAL("borda-custom:weights=9/-1"), &err), err,
	             ERROR_REJECTED);
}

/* --- borda-nauru --- */

static void nauru_adds_fractions_exactly(void **state)
{
	(void)state;
	count_file("borda-nauru", THREE);
	assert_points("13/2 11/2 11/3"); /* 5 + 3/2, 5/2 + 3, 5/3 + 2 */
	assert_int_equal(result.form.one, 6);
	/* 1/3 three times is 1, as one first place is: level. */
	count_file("borda-nauru", "4 1\n3 2 3 1 0\n1 4 0\n0\n" ABCD);
	assert_points("1 3 3/2 1");
	assert_places("3 1 2 3");
}

/* A paper that ranks all of n candidates. */
static void load_long(size_t n, uint64_t count)
{
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&profile, (struct profile_room){n, 1, n, PROFILE_RANKING}, test_arena(), &err),
		err);
	profile.seats = (uint32_t)n;
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < n; i++) {
		profile.candidates[i].name = BYTES_LITERAL("x");
		assert_ok(profile_choice(&profile, i, &err), err);
	}
	assert_ok(profile_close_paper(&profile, count, &err), err);
}

static void nauru_is_refused_when_the_denominator_is_too_large(void **state)
{
	(void)state;
	load_long(48, LIMIT_WEIGHT);
	run("borda-nauru");
	assert_int_equal(result.stages[0].tallies[1] * 2, result.form.one * LIMIT_WEIGHT);
	load_long(87, 1);
	run("borda-nauru"); /* lcm(1, …, 88) is below 2^126, lcm(1, …, 89) above */
	load_long(88, 1);
	run("borda-nauru");
	load_long(89, 1);
	assert_refused("borda-nauru", ERROR_LIMIT, "");
	load_long(88, LIMIT_WEIGHT);
	assert_refused("borda-nauru", ERROR_LIMIT, "");
}

static void a_thousand_candidates_and_the_largest_numbers_are_counted(void **state)
{
	(void)state;
	load_long(LIMIT_ANSWERS, LIMIT_WEIGHT);
	run("borda:points=1000000000");
	assert_true(result.stages[0].tallies[999] == (units)999999001 * LIMIT_WEIGHT);
	assert_int_equal(result.tables[0].columns, 1000);
	assert_int_equal(result.tables[0].column_names[999].len, 4);
	load_long(LIMIT_ANSWERS, LIMIT_WEIGHT);
	run("desborda2");
	assert_true(result.stages[0].tallies[0] == (units)1300 * LIMIT_WEIGHT);
}

/* --- desborda --- */

static void desborda_begins_with_80_points_and_ends_with_1(void **state)
{
	(void)state;
	count_file("desborda", THREE);
	assert_points("637 635 550"); /* 5·80 + 3·79, 5·79 + 3·80, 5·78 + 2·80 */
	load_long(100, 1);
	run("desborda");
	assert_true(result.stages[0].tallies[78] == 2);
	assert_true(result.stages[0].tallies[79] == 1);
	assert_true(result.stages[0].tallies[99] == 1);
	assert_int_equal(result.places[99], 80);
}

static void desborda2_begins_with_thirteen_tenths_of_max(void **state)
{
	(void)state;
	count_file("desborda2", THREE); /* floor(3.9) = 3 */
	assert_points("21 19 11");
	count_file("desborda2:max=10", THREE);
	assert_points("101 99 81");
	/* 1, and never less */
	count_file("desborda3:max=1", "3 2\n5 1 2 3 0\n3 2 1 0\n2 3 0\n0\n" ABC);
	assert_points("8 8 7");
	/* max is the question's: a withdrawal does not change the points of the first place. */
	count_file("desborda2", "3 1\n-1\n5 1 2 3 0\n0\n" ABC);
	assert_points("0 15 10");
}

/* --- cumulative, approval --- */

static void load_scores(void)
{
	/* 2 × Ann 3; 1 × Ann 1, Bo 2; 1 × Bo 0: blank; 1 × nothing. */
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&profile, (struct profile_room){3, 8, 8, PROFILE_SCORES}, test_arena(), &err),
		err);
	for (size_t i = 0; i < 3; i++)
		profile.candidates[i].name = bytes_of(&"ABC"[i], 1);
	assert_ok(profile_value(&profile, 0, 3, &err) && profile_close_paper(&profile, 2, &err), err);
	assert_ok(profile_value(&profile, 0, 1, &err) && profile_value(&profile, 1, 2, &err) &&
	              profile_close_paper(&profile, 1, &err),
	          err);
	assert_ok(profile_value(&profile, 1, 0, &err) && profile_close_paper(&profile, 1, &err), err);
	assert_ok(profile_close_paper(&profile, 1, &err), err);
}

static void cumulative_adds_the_points_of_each_ballot(void **state)
{
	(void)state;
	load_scores();
	run("cumulative");
	assert_points("7 2 0");
	assert_elected("1");
	assert_places("1 2 3");
	assert_int_equal(result.valid, 3);
	assert_int_equal(result.blank, 2);
	profile.candidates[0].withdrawn = true;
	run("cumulative:checkboxes=3,points=3");
	assert_points("0 2 0");
	assert_int_equal(result.valid, 1);
	assert_int_equal(result.blank, 4);
}

static void cumulative_counts_marks_as_one_point(void **state)
{
	(void)state;
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&profile, (struct profile_room){2, 8, 8, PROFILE_MARKS}, test_arena(), &err),
		err);
	profile.candidates[0].name = profile.candidates[1].name = BYTES_LITERAL("x");
	assert_ok(profile_choice(&profile, 1, &err) && profile_choice(&profile, 0, &err) &&
	              profile_close_paper(&profile, 2, &err),
	          err);
	assert_ok(profile_choice(&profile, 1, &err) && profile_close_paper(&profile, 1, &err), err);
	run("cumulative:checkboxes=1");
	assert_points("2 3");
	assert_refused("cumulative:points=1", ERROR_REJECTED, "paper 1");
}

static void cumulative_refuses_ballots_beyond_what_was_said(void **state)
{
	(void)state;
	load_scores();
	assert_refused("cumulative:checkboxes=2", ERROR_REJECTED, "paper 1");
	assert_refused("cumulative:points=2", ERROR_REJECTED, "paper 1");
	profile.values[0] = 2;
	profile.values[1] = 2;
	assert_refused("cumulative:points=3", ERROR_REJECTED, "paper 2");
	run("cumulative:points=4,checkboxes=2");
	assert_points("6 2 0");
}

static void approval_is_the_sum_of_marks(void **state)
{
	(void)state;
	count_file("approval", "4 2\n4 1 2 0\n3 3 0\n2 3 1 0\n1 4 0\n6 0\n0\n" ABCD);
	assert_points("6 4 5 1");
	assert_elected("1 3");
}

static void methods_of_ranks_refuse_scores_and_say_so(void **state)
{
	(void)state;
	load_scores();
	assert_refused("borda", ERROR_REJECTED,
	               "these ballots are a score for each candidate; borda counts rankings (>)");
	load(THREE);
	assert_refused("cumulative", ERROR_REJECTED,
	               "these ballots are rankings (>); cumulative counts a score for each candidate");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borda_has_one_point_less_from_place_to_place),
		cmocka_unit_test(unranked_share_what_the_places_left_are_worth),
		cmocka_unit_test(first_place_may_have_other_points),
		cmocka_unit_test(points_and_sharing_do_not_go_together),
		cmocka_unit_test(withdrawn_leave_their_place_to_the_next),
		cmocka_unit_test(level_candidates_need_a_lot_for_the_last_seat_only),
		cmocka_unit_test(nobody_named_nobody_standing_and_one_alone_are_counted),
		cmocka_unit_test(custom_weights_are_the_points_of_the_places),
		cmocka_unit_test(custom_without_weights_says_what_to_do),
		cmocka_unit_test(nauru_adds_fractions_exactly),
		cmocka_unit_test(nauru_is_refused_when_the_denominator_is_too_large),
		cmocka_unit_test(a_thousand_candidates_and_the_largest_numbers_are_counted),
		cmocka_unit_test(desborda_begins_with_80_points_and_ends_with_1),
		cmocka_unit_test(desborda2_begins_with_thirteen_tenths_of_max),
		cmocka_unit_test(cumulative_adds_the_points_of_each_ballot),
		cmocka_unit_test(cumulative_counts_marks_as_one_point),
		cmocka_unit_test(cumulative_refuses_ballots_beyond_what_was_said),
		cmocka_unit_test(approval_is_the_sum_of_marks),
		cmocka_unit_test(methods_of_ranks_refuse_scores_and_say_so),
	};
	return cmocka_run_group_tests_name("protocol/count/positional", tests, NULL, NULL);
}
