/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/limits.h"
#include "count/profile.h"

static struct error err;

static struct profile fresh(size_t candidates, size_t papers, size_t choices)
{
	struct profile p;
	arena_release(test_arena(), 0);
	assert_ok(profile_init(&p, (struct profile_room){candidates, papers, choices, PROFILE_RANKING},
	                       test_arena(), &err),
	          err);
	return p;
}

static void papers_keep_their_order_of_preference(void **state)
{
	(void)state;
	struct profile p = fresh(3, 2, 3);
	assert_ok(profile_choice(&p, 2, &err), err);
	assert_ok(profile_choice(&p, 0, &err), err);
	assert_ok(profile_close_paper(&p, 7, &err), err);
	assert_ok(profile_choice(&p, 2, &err), err);
	assert_ok(profile_close_paper(&p, 1, &err), err);
	assert_int_equal(p.ballots_count, 8);
	assert_int_equal(p.starts[1], 2);
	assert_int_equal(p.starts[2], 3);
	assert_int_equal(p.choices[0], 2);
	assert_int_equal(p.choices[1], 0);
}

static void candidate_out_of_range_is_refused_by_number(void **state)
{
	(void)state;
	struct profile p = fresh(13, 1, 5);
	assert_fails(profile_choice(&p, 13, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "candidate 14 of 13");
}

static void candidate_twice_on_one_paper_is_refused(void **state)
{
	(void)state;
	struct profile p = fresh(3, 2, 5);
	assert_ok(profile_choice(&p, 1, &err), err);
	assert_true(profile_paper_has(&p, 1));
	assert_fails(profile_choice(&p, 1, &err), err, ERROR_MALFORMED);
}

static void next_paper_may_name_the_same_candidate(void **state)
{
	(void)state;
	struct profile p = fresh(3, 2, 5);
	assert_ok(profile_choice(&p, 1, &err), err);
	assert_ok(profile_close_paper(&p, 1, &err), err);
	assert_false(profile_paper_has(&p, 1));
	assert_ok(profile_choice(&p, 1, &err), err);
}

static void paper_of_no_ballots_is_refused(void **state)
{
	(void)state;
	struct profile p = fresh(3, 2, 5);
	assert_fails(profile_close_paper(&p, 0, &err), err, ERROR_MALFORMED);
}

static void ballots_above_the_limit_are_refused(void **state)
{
	(void)state;
	struct profile p = fresh(3, 3, 5);
	assert_ok(profile_close_paper(&p, LIMIT_BALLOTS - 1, &err), err);
	assert_ok(profile_close_paper(&p, 1, &err), err);
	assert_fails(profile_close_paper(&p, 1, &err), err, ERROR_LIMIT);
	p = fresh(3, 3, 5);
	assert_fails(profile_close_paper(&p, UINT64_MAX, &err), err, ERROR_LIMIT);
}

static void weights_may_add_up_to_more_than_ballots_where_the_caller_says_so(void **state)
{
	(void)state;
	struct profile p = fresh(3, 4, 5);
	p.ballots_max = 3ull * LIMIT_WEIGHT;
	for (unsigned i = 0; i < 3; i++)
		assert_ok(profile_close_paper(&p, LIMIT_WEIGHT, &err), err);
	assert_int_equal(p.ballots_count, 3ull * LIMIT_WEIGHT);
	assert_int_equal(p.counts[2], LIMIT_WEIGHT);
	assert_fails(profile_close_paper(&p, 1, &err), err, ERROR_LIMIT);
	p = fresh(3, 4, 5);
	p.ballots_max = PROFILE_WEIGHT_MAX;
	assert_fails(profile_close_paper(&p, LIMIT_WEIGHT + 1ull, &err), err, ERROR_LIMIT);
}

static void more_than_declared_is_refused(void **state)
{
	(void)state;
	struct profile p = fresh(3, 1, 1);
	assert_ok(profile_choice(&p, 1, &err), err);
	assert_fails(profile_choice(&p, 2, &err), err, ERROR_LIMIT);
	assert_ok(profile_close_paper(&p, 1, &err), err);
	assert_fails(profile_close_paper(&p, 1, &err), err, ERROR_LIMIT);
}

static void no_candidates_and_too_many_are_refused(void **state)
{
	(void)state;
	struct profile p;
	assert_fails(
		profile_init(&p, (struct profile_room){0, 1, 1, PROFILE_RANKING}, test_arena(), &err), err,
		ERROR_MALFORMED);
	assert_fails(profile_init(&p, (struct profile_room){LIMIT_ANSWERS + 1, 1, 1, PROFILE_RANKING},
	                          test_arena(), &err),
	             err, ERROR_LIMIT);
	fresh(LIMIT_ANSWERS, 1, 1);
}

static void full_arena_is_a_limit_and_left_as_it_was(void **state)
{
	(void)state;
	struct profile_room room = {10, 100, 1000, PROFILE_SCORES};
	size_t needs = profile_arena_bytes(room);
	static _Alignas(ARENA_ALIGN) uint8_t memory[1 << 14];
	struct arena a;
	struct profile p;
	assert_true(needs < sizeof memory);
	arena_init(&a, memory, needs);
	assert_ok(profile_init(&p, room, &a, &err), err);
	for (size_t less = 1; less <= needs; less += 97) {
		arena_init(&a, memory, needs - less);
		assert_fails(profile_init(&p, room, &a, &err), err, ERROR_LIMIT);
		assert_int_equal(arena_mark(&a), 0);
	}
}

static void assert_name_refused(const char *name, size_t len)
{
	assert_fails(profile_check_name(bytes_of(name, len), &err), err, ERROR_MALFORMED);
}

static void readable_names_are_taken(void **state)
{
	(void)state;
	static const char *const names[] = {"Ann", "C\u00e5stor", "\u674e\u5c0f\u9f99", "O'Brien-\"X\"",
	                                    "\U0001f5f3"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_ok(profile_check_name(bytes_of_text(names[i]), &err), err);
}

static void names_nobody_can_read_are_refused(void **state)
{
	(void)state;
	assert_name_refused("", 0);
	assert_name_refused("   ", 3);
	assert_name_refused("\xc2\xa0\xe2\x80\x8b", 5); /* only invisible characters */
	assert_name_refused("a\0b", 3);
	assert_name_refused("a\x1b[2J", 5);
	assert_name_refused("a\x7f", 2);
	assert_name_refused("a\xc2\x85", 3); /* a C1 control */
}

static void names_that_are_not_utf8_are_refused(void **state)
{
	(void)state;
	assert_name_refused("C\xe5stor", 6);        /* Latin-1 */
	assert_name_refused("a\xc3", 2);            /* cut short */
	assert_name_refused("\xc0\xaf", 2);         /* overlong */
	assert_name_refused("\xe0\x80\xaf", 3);     /* overlong */
	assert_name_refused("\xf0\x80\x80\xaf", 4); /* overlong */
	assert_name_refused("\xed\xa0\x80", 3);     /* a surrogate */
	assert_name_refused("\xf4\x90\x80\x80", 4); /* above U+10FFFF */
	assert_name_refused("\xf5\x80\x80\x80", 4);
	assert_name_refused("\x80", 1);
	assert_name_refused("\xe2\x82\x41", 3);
}

static void name_longer_than_the_limit_is_refused(void **state)
{
	(void)state;
	static uint8_t name[LIMIT_TEXT_BYTES + 1];
	memset(name, 'a', sizeof name);
	assert_ok(profile_check_name(bytes_of(name, LIMIT_TEXT_BYTES), &err), err);
	assert_fails(profile_check_name(BYTES_OF(name), &err), err, ERROR_LIMIT);
}

static void two_candidates_of_one_name_are_refused(void **state)
{
	(void)state;
	struct profile p = fresh(3, 1, 1);
	p.candidates[0].name = BYTES_LITERAL("Ann");
	p.candidates[1].name = BYTES_LITERAL("Bo");
	p.candidates[2].name = BYTES_LITERAL("Ann B");
	assert_ok(profile_check_names_differ(&p, &err), err);
	p.candidates[2].name = BYTES_LITERAL("Ann");
	assert_fails(profile_check_names_differ(&p, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "candidates 1 and 3: Ann");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(papers_keep_their_order_of_preference),
		cmocka_unit_test(candidate_out_of_range_is_refused_by_number),
		cmocka_unit_test(candidate_twice_on_one_paper_is_refused),
		cmocka_unit_test(next_paper_may_name_the_same_candidate),
		cmocka_unit_test(paper_of_no_ballots_is_refused),
		cmocka_unit_test(ballots_above_the_limit_are_refused),
		cmocka_unit_test(weights_may_add_up_to_more_than_ballots_where_the_caller_says_so),
		cmocka_unit_test(more_than_declared_is_refused),
		cmocka_unit_test(no_candidates_and_too_many_are_refused),
		cmocka_unit_test(full_arena_is_a_limit_and_left_as_it_was),
		cmocka_unit_test(readable_names_are_taken),
		cmocka_unit_test(names_nobody_can_read_are_refused),
		cmocka_unit_test(names_that_are_not_utf8_are_refused),
		cmocka_unit_test(name_longer_than_the_limit_is_refused),
		cmocka_unit_test(two_candidates_of_one_name_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
