/* SPDX-License-Identifier: Apache-2.0 */
/* Tables whose ballots are more than candidates in order: ranks that stay, equal ranks, scores. */
#include "support/support.h"

#include "base/limits.h"
#include "count/count.h"
#include "count/csv.h"

#include <stdlib.h>

static struct error err;
static const struct csv_options plain;

static struct profile read_with(const char *text, const struct csv_options *options)
{
	struct profile p;
	bytes file = bytes_of_text(text);
	arena_release(test_arena(), 0);
	assert_ok(csv_read(&p, file, options, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) <= csv_arena_bytes(file));
	return p;
}

static struct profile read_text(const char *text)
{
	return read_with(text, &plain);
}

static void assert_refused(const char *text, const char *what, const char *detail)
{
	struct profile p;
	arena_release(test_arena(), 0);
	assert_fails(csv_read(&p, bytes_of_text(text), &plain, test_arena(), &err), err,
	             ERROR_MALFORMED);
	if (strncmp(err.what + 5, what, strlen(what)) != 0)
		fail_msg("message: %s", err.what);
	assert_string_equal(err.detail, detail);
}

/* --- gaps --- */

/* The paper with S, O and R for ranks that are skipped, overvoted, repeated. */
static void assert_gaps(const struct profile *p, size_t i, const char *choices)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
		uint16_t choice = p->choices[j];
		text_add(&t, j > p->starts[i] ? ">" : "");
		text_add_bytes(&t, choice == PROFILE_SKIPPED    ? BYTES_LITERAL("S")
		                   : choice == PROFILE_OVERVOTE ? BYTES_LITERAL("O")
		                   : choice == PROFILE_REPEATED ? BYTES_LITERAL("R")
		                                                : p->candidates[choice].name);
	}
	assert_string_equal(room, choices);
}

static void gaps_keep_their_ranks_where_asked(void **state)
{
	(void)state;
	struct csv_options options = {.gaps = true};
	struct profile p = read_with("count,rank1,rank2,rank3,rank4\n"
	                             "1,Bo,undervote,,Ann\n1,overvote,,Ann,overvote\n"
	                             "1,Ann,Ann,Ann,Bo\n1,,,,\n1,Bo,,Bo,\n",
	                             &options);
	assert_true(p.gaps);
	assert_int_equal(p.kind, PROFILE_RANKING);
	assert_gaps(&p, 0, "Bo>S>S>Ann");
	assert_gaps(&p, 1, "O>S>Ann>O");
	assert_gaps(&p, 2, "Ann>R>R>Bo");
	assert_gaps(&p, 3, "");
	assert_gaps(&p, 4, "Bo>S>R");

	p = read_with("count,ranking\n1,$OVERVOTE\n1,Bo>$UNDERVOTE>Ann>$UNDERVOTE\n1,\n", &options);
	assert_gaps(&p, 0, "O");
	assert_gaps(&p, 1, "Bo>S>Ann");
	assert_gaps(&p, 2, "");
}

static void ranking_without_gaps_is_the_same_where_they_are_kept(void **state)
{
	(void)state;
	struct csv_options options = {.gaps = true};
	struct profile p = read_with("count,rank1,rank2\n1,Bo,Ann\n1,Ann,\n1,,\n", &options);
	assert_false(p.gaps);
	assert_gaps(&p, 0, "Bo>Ann");
	assert_gaps(&p, 1, "Ann");
}

static void set_of_marks_has_no_gaps(void **state)
{
	(void)state;
	struct csv_options options = {.gaps = true};
	struct profile p = read_with("count,marks\n1,Bo+Ann\n1,undervote\n", &options);
	assert_false(p.gaps);
	assert_int_equal(p.kind, PROFILE_MARKS);
	arena_release(test_arena(), 0);
	error_clear(&err);
	assert_fails(csv_read(&p, BYTES_LITERAL("count,marks\n1,overvote\n1,Bo+Ann\n"), &options,
	                      test_arena(), &err),
	             err, ERROR_MALFORMED);
}

static void ballots_with_gaps_are_not_counted_by_rules_that_do_not_know_them(void **state)
{
	(void)state;
	struct csv_options options = {.gaps = true};
	struct profile p = read_with("count,rank1,rank2\n1,,Ann\n", &options);
	struct count_rule rule;
	struct count_result result;
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("scotland"), &err), err);
	assert_fails(count_run(&result, &rule, &p, test_arena(), &err), err, ERROR_REJECTED);
}

/* --- a column, or a character, for each candidate --- */

/* values: "Ann=2 Bo=1" */
static void assert_values(const struct profile *p, size_t i, uint32_t count, const char *values)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
		text_add(&t, j > p->starts[i] ? " " : "");
		text_add_bytes(&t, p->candidates[p->choices[j]].name);
		text_add(&t, "=");
		text_add_u64(&t, p->values[j]);
	}
	assert_string_equal(room, values);
	assert_int_equal(p->counts[i], count);
}

static void ranks_in_columns_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,rank:Zoe,\"rank:Bo, \"\"B\"\"\",rank:Ann\n"
	                             "7,1,2,1\n2,-,,12\n1,,,\n");
	assert_int_equal(p.kind, PROFILE_RANKS);
	assert_int_equal(p.candidates_count, 3);
	assert_values(&p, 0, 7, "Zoe=1 Bo, \"B\"=2 Ann=1");
	assert_values(&p, 1, 2, "Ann=12");
	assert_values(&p, 2, 1, "");
}

static void ranks_by_character_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,ranks\n4,12-1\n1,----\n3,---9\n");
	assert_int_equal(p.kind, PROFILE_RANKS);
	assert_int_equal(p.candidates_count, 4);
	assert_values(&p, 0, 4, "1=1 2=2 4=1");
	assert_values(&p, 1, 1, "");
	assert_values(&p, 2, 3, "4=9");
	bytes names[] = {BYTES_LITERAL("Zoe"), BYTES_LITERAL("Ann")};
	struct csv_options options = {.candidates = names, .candidates_count = 2};
	p = read_with("count,ranks\n2,-1\n", &options);
	assert_values(&p, 0, 2, "Ann=1");
}

static void scores_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,score:Bo,score:Ann\n9,0,10\n2,,999999999\n1,-,\n");
	assert_int_equal(p.kind, PROFILE_SCORES);
	assert_values(&p, 0, 9, "Bo=0 Ann=10");
	assert_values(&p, 1, 2, "Ann=999999999");
	assert_values(&p, 2, 1, "");
	bytes names[] = {BYTES_LITERAL("Ann"), BYTES_LITERAL("Bo"), BYTES_LITERAL("Cy")};
	struct csv_options options = {.candidates = names, .candidates_count = 3};
	p = read_with("count,score:3,score:Ann\n2,5,4\n", &options);
	assert_int_equal(p.candidates_count, 3);
	assert_values(&p, 0, 2, "Cy=5 Ann=4");
}

static void first_heading_that_is_empty_makes_each_row_one_ballot_of_scores(void **state)
{
	(void)state;
	struct profile p = read_text(",Zoe,Ann\n560,6,0\n28,,3\n28,,3\n");
	assert_int_equal(p.kind, PROFILE_SCORES);
	assert_int_equal(p.ballots_count, 3);
	assert_values(&p, 0, 1, "Zoe=6 Ann=0");
	assert_values(&p, 2, 1, "Ann=3");
}

static void mistakes_in_ranks_and_scores_are_named_with_row_and_column(void **state)
{
	(void)state;
	assert_refused("count,rank:A,score:B\n1,1,1\n", "every column is headed rank:NAME",
	               "row 1, column 3");
	assert_refused("count,score:A,B\n1,1,1\n", "every column is headed score:NAME",
	               "row 1, column 3");
	assert_refused("count,score:A,score:A\n1,1,1\n", "two columns of one", "row 1, column 3");
	assert_refused("count,score:\n1,1\n", "le: a name is empty", "row 1, column 2");
	assert_refused("count,rank:A,rank:B\n1,2,0\n", "le: ranks begin with 1", "row 2, column 3");
	assert_refused("count,rank:A\n1,A\n", "a rank is a whole number", "row 2, column 2");
	assert_refused("count,score:A\n1,-1\n", "a score is a whole number", "row 2, column 2");
	assert_refused("count,score:A\n1,1.5\n", "a score is a whole number", "row 2, column 2");
	assert_refused("count,score:A\n1,1000000000\n", "a score is a whole", "row 2, column 2");
	assert_refused("count,score:A\n1\n", "fewer cells", "row 2, column 1");
	assert_refused("count,ranks\n1,12\n1,1\n", "ranks have one character", "row 3, column 2");
	assert_refused("count,ranks\n1,\n", "ranks have one character", "row 2, column 2");
	assert_refused("count,ranks\n1,10\n", "a candidate's rank is a digit", "row 2, column 2");
	assert_refused("count,ranks\n1,A>B\n", "a candidate's rank is a digit", "row 2, column 2");
}

/* Each form with as many choices as its bytes can hold: the memory that was said is enough. */
static void memory_that_is_said_is_enough_for_every_form(void **state)
{
	(void)state;
	static const char *const files[] = {
		"count,ranks\n1,11111111111111111111111111111111111111111111111111111111111111111111111\n",
		"count,rank:A,rank:B\n1,1,1\n1,1,1\n1,1,1\n1,1,1\n",
		"\n\n,A,B\n,1,1\n,1,1\n,1,1\n,1,1\n,1,1\n,1,1\n,1,1\n",
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		size_t needs = csv_arena_bytes(bytes_of_text(files[i]));
		void *memory = aligned_alloc(ARENA_ALIGN, needs);
		struct arena a;
		struct profile p;
		assert_non_null(memory);
		arena_init(&a, memory, needs);
		assert_ok(csv_read(&p, bytes_of_text(files[i]), &plain, &a, &err), err);
		free(memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_keep_their_ranks_where_asked),
		cmocka_unit_test(ranking_without_gaps_is_the_same_where_they_are_kept),
		cmocka_unit_test(set_of_marks_has_no_gaps),
		cmocka_unit_test(ballots_with_gaps_are_not_counted_by_rules_that_do_not_know_them),
		cmocka_unit_test(ranks_in_columns_are_read),
		cmocka_unit_test(ranks_by_character_are_read),
		cmocka_unit_test(scores_are_read),
		cmocka_unit_test(first_heading_that_is_empty_makes_each_row_one_ballot_of_scores),
		cmocka_unit_test(mistakes_in_ranks_and_scores_are_named_with_row_and_column),
		cmocka_unit_test(memory_that_is_said_is_enough_for_every_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
