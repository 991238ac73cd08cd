/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/limits.h"
#include "count/count.h"
#include "count/csv.h"

#include <stdio.h>
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

/* choices: the names of a paper, joined by '>' */
static void assert_paper(const struct profile *p, size_t i, uint32_t count, const char *choices)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
		text_add(&t, j > p->starts[i] ? ">" : "");
		text_add_bytes(&t, p->candidates[p->choices[j]].name);
	}
	assert_string_equal(room, choices);
	assert_int_equal(p->counts[i], count);
}

static void cells_by_rank_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,rank1,rank2,rank3\n"
	                             "12,Cy,Ann,undervote\n3,Bo,,\n1,,Ann,$UNDERVOTE\n2,,,\n");
	assert_int_equal(p.candidates_count, 3);
	assert_int_equal(p.ballots_count, 18);
	assert_paper(&p, 0, 12, "Cy>Ann");
	assert_paper(&p, 1, 3, "Bo");
	assert_paper(&p, 2, 1, "Ann");
	assert_paper(&p, 3, 2, "");
	assert_true(bytes_equal(p.candidates[0].name, BYTES_LITERAL("Ann")));
	assert_true(bytes_equal(p.candidates[2].name, BYTES_LITERAL("Cy")));
	assert_int_equal(p.seats, 1);
}

static void rankings_in_one_cell_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,ranking (first > last)\n5,Cy>Ann>Bo\n2,Bo\n1,\n");
	assert_paper(&p, 0, 5, "Cy>Ann>Bo");
	assert_paper(&p, 1, 2, "Bo");
	assert_paper(&p, 2, 1, "");
}

static void sets_of_marks_are_read(void **state)
{
	(void)state;
	struct profile p = read_text("count,approved\n5,2\n2,3+1\n");
	assert_int_equal(p.candidates_count, 3);
	assert_paper(&p, 0, 5, "2");
	assert_paper(&p, 1, 2, "3>1");
	assert_int_equal(p.kind, PROFILE_MARKS);
	assert_int_equal(read_text("count,ranking\n5,2>1\n").kind, PROFILE_RANKING);
}

static void marks_without_an_order_are_not_counted_as_rankings(void **state)
{
	(void)state;
	struct profile p = read_text("count,approved\n25,Bo+Ann\n12,Ann\n");
	struct count_rule rule;
	struct count_result result;
	static _Alignas(64) uint8_t memory[1 << 20];
	struct arena a;
	error_clear(&err);
	arena_init(&a, memory, sizeof memory);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("scotland"), &err), err);
	assert_fails(count_run(&result, &rule, &p, &a, &err), err, ERROR_REJECTED);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("plurality-at-large"), &err), err);
	assert_ok(count_run(&result, &rule, &p, &a, &err), err);
}

static void variations_mean_the_same(void **state)
{
	(void)state;
	static const char *const files[] = {
		"count,rank1,rank2\r\n4,\"Bo, \"\"B\"\"\",Ann\r\n",
		("\xef\xbb\xbf"
	     "count,rank1,rank2\n4,\"Bo, \"\"B\"\"\",Ann"),
		"count , rank1 , \"rank2\"\r\r 4 , \"Bo, \"\"B\"\" \" , Ann \r\r",
		"\"count\",choices\n\n4,\"Bo, \"\"B\"\">Ann\"\n\n"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct profile p = read_text(files[i]);
		assert_int_equal(p.papers_count, 1);
		assert_paper(&p, 0, 4, "Bo, \"B\">Ann");
	}
}

static void list_of_candidates_gives_their_order(void **state)
{
	(void)state;
	bytes names[] = {BYTES_LITERAL("Zoe"), BYTES_LITERAL("Ann"), BYTES_LITERAL("Di")};
	struct csv_options options = {
		.candidates = names, .candidates_count = 3, .seats = 2, .title = BYTES_LITERAL("T")};
	struct profile p = read_with("count,ranking\n2,Ann>Zoe\n3,1>2\n", &options);
	assert_int_equal(p.candidates_count, 3);
	assert_true(bytes_equal(p.candidates[0].name, BYTES_LITERAL("Zoe")));
	assert_paper(&p, 0, 2, "Ann>Zoe");
	assert_paper(&p, 1, 3, "Zoe>Ann");
	assert_int_equal(p.seats, 2);
	assert_true(bytes_equal(p.title, BYTES_LITERAL("T")));
}

static void name_that_is_not_on_the_list_is_refused(void **state)
{
	(void)state;
	static const char *const files[] = {"count,ranking\n2,Bo>Zoe\n", "count,ranking\n2,Zoe>3\n",
	                                    "count,ranking\n2,0\n", "count,ranking\n2,01\n"};
	static const char *const details[] = {"row 2, column 2: Bo", "row 2, column 2: 3",
	                                      "row 2, column 2: 0", "row 2, column 2: 01"};
	bytes names[] = {BYTES_LITERAL("Zoe"), BYTES_LITERAL("Ann")};
	struct csv_options options = {.candidates = names, .candidates_count = 2};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct profile p;
		arena_release(test_arena(), 0);
		assert_fails(csv_read(&p, bytes_of_text(files[i]), &options, test_arena(), &err), err,
		             ERROR_MALFORMED);
		assert_string_equal(err.detail, details[i]);
	}
}

static void list_with_a_name_twice_is_refused(void **state)
{
	(void)state;
	struct profile p;
	bytes names[] = {BYTES_LITERAL("Zoe"), BYTES_LITERAL("Zoe")};
	struct csv_options options = {.candidates = names, .candidates_count = 2};
	assert_fails(csv_read(&p, BYTES_LITERAL("count,r\n1,Zoe\n"), &options, test_arena(), &err), err,
	             ERROR_MALFORMED);
}

static void numbers_without_a_list_are_candidates_from_one(void **state)
{
	(void)state;
	struct profile p = read_text("count,ranking\n2,10>2\n1,4\n");
	assert_int_equal(p.candidates_count, 10);
	assert_true(bytes_equal(p.candidates[9].name, BYTES_LITERAL("10")));
	assert_true(bytes_equal(p.candidates[2].name, BYTES_LITERAL("3")));
	assert_paper(&p, 0, 2, "10>2");
	p = read_text("count,ranking\n2,10>2\n1,Ann\n"); /* names after all */
	assert_int_equal(p.candidates_count, 3);
}

static void overvote_ends_the_ballot_only_where_asked(void **state)
{
	(void)state;
	static const char file[] = "count,rank1,rank2,rank3\n3,Ann,overvote,Bo\n1,Bo,,\n";
	assert_refused(file, "an overvote", "row 2, column 3");
	struct csv_options options = {.overvote = CSV_OVERVOTE_ENDS_BALLOT};
	struct profile p = read_with(file, &options);
	assert_paper(&p, 0, 3, "Ann");
	assert_paper(&p, 1, 1, "Bo");
	p = read_with("count,x\n3,Ann>$OVERVOTE>Bo\n1,Bo\n", &options);
	assert_paper(&p, 0, 3, "Ann");
	assert_paper(&p, 1, 1, "Bo");
}

static void second_place_of_a_candidate_is_passed_over(void **state)
{
	(void)state;
	struct profile p = read_text("count,rank1,rank2,rank3\n3,Ann,Ann,Bo\n");
	assert_paper(&p, 0, 3, "Ann>Bo");
	assert_refused("count,marks\n3,Ann+Bo+Ann\n", "a candidate marked twice", "row 2, column 2");
}

static void header_mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("", "the file is empty", "row 1");
	assert_refused("ballots,rank1\n1,Ann\n", "the first column must be", "row 1, column 1");
	assert_refused("count;rank1\n1;Ann\n", "the first column must be", "row 1, column 1");
	assert_refused("count\n1\n", "there is no column of choices", "row 1, column 1");
	assert_refused("count,rank1,rank3\n1,Ann,Bo\n", "the columns are headed", "row 1, column 3");
	assert_refused("count,ranks,rank2\n1,Ann,Bo\n", "a second column of choices",
	               "row 1, column 3");
	assert_refused("count,rank1\n", "there are no ballots", "row 2");
}

static void row_mistakes_are_named_with_row_and_column(void **state)
{
	(void)state;
	assert_refused("count,rank1\n\n1,Ann\nx,Bo\n", "the count is not a number", "row 4, column 1");
	assert_refused("count,rank1\n0,Ann\n", "the count must be 1 or more", "row 2, column 1");
	assert_refused("count,rank1\n,Ann\n", "the count must be 1 or more", "row 2, column 1");
	assert_refused("count,rank1\n-1,Ann\n", "the count is not a number", "row 2, column 1");
	assert_refused("count,rank1\n1.5,Ann\n", "the count is not a number", "row 2, column 1");
	assert_refused("count,rank1,rank2\n1,Ann\n", "fewer cells", "row 2, column 2");
	assert_refused("count,rank1\n1,Ann,Bo\n", "more cells", "row 2, column 2");
	assert_refused("count,rank1\n1,\"Ann\n", "a quoted cell is not closed", "row 2, column 2");
	assert_refused("count,rank1\n1,\"Ann\"x\n", "text after the closing quote", "row 2, column 2");
	assert_refused("count,rank1\n1,A\"nn\"\n", "a quote inside a cell", "row 2, column 2");
	assert_refused("count,rank1\n1,A\x01\n", "le: a name has a control", "row 2, column 2");
	assert_refused("count,rank1\n1,A\xe9\n", "le: a name is not UTF-8", "row 2, column 2");
	assert_refused("count,x\n1,A>>B\n", "a separator without a candidate", "row 2, column 2");
	assert_refused("count,x\n1,A+\n", "a separator without a candidate", "row 2, column 2");
	assert_refused("count,x\n1,A>B+C\n", "'>' and '+' on one ballot", "row 2, column 2");
	assert_refused("count,x\n1,A>B\n1,A+B\n", "rankings (>) and sets", "row 3, column 2");
	assert_refused("count,rank1\n1,\n", "no ballot names a candidate", "");
}

static void assert_limit(const char *text)
{
	struct profile p;
	arena_release(test_arena(), 0);
	assert_fails(csv_read(&p, bytes_of_text(text), &plain, test_arena(), &err), err, ERROR_LIMIT);
}

static void limits_hold(void **state)
{
	(void)state;
	assert_limit("count,rank1\n50000001,Ann\n");
	assert_limit("count,rank1\n99999999999999999999999,Ann\n");
	assert_limit("count,rank1\n50000000,Ann\n1,Bo\n");
	assert_limit("count,x\n1,1001\n");
	struct profile p;
	uint8_t some = 'c';
	assert_fails(
		csv_read(&p, bytes_of(&some, (size_t)LIMIT_PROFILE_BYTES + 1), &plain, test_arena(), &err),
		err, ERROR_LIMIT);
	struct csv_options seats = {.seats = LIMIT_ANSWERS + 1};
	assert_fails(csv_read(&p, BYTES_LITERAL("count,x\n1,A\n"), &seats, test_arena(), &err), err,
	             ERROR_LIMIT);
}

static void thousand_candidates_are_the_most(void **state)
{
	(void)state;
	static char file[LIMIT_ANSWERS * 16 + 64];
	int len = snprintf(file, sizeof file, "count,x\n");
	for (unsigned i = 0; i < LIMIT_ANSWERS; i++)
		len += snprintf(file + len, sizeof file - (size_t)len, "1,c%u\n", i);
	struct profile p = read_text(file);
	assert_int_equal(p.candidates_count, LIMIT_ANSWERS);
	assert_paper(&p, 999, 1, "c999");
	snprintf(file + len, sizeof file - (size_t)len, "1,one more\n");
	assert_limit(file);
}

static void name_longer_than_the_limit_is_refused(void **state)
{
	(void)state;
	static char file[LIMIT_TEXT_BYTES * 3 + 64];
	for (int quoted = 0; quoted < 2; quoted++)
		for (int more = 0; more < 2; more++) {
			int len = snprintf(file, sizeof file, "count,x\n1,%s", quoted ? "\"\"\"" : "");
			memset(file + len, 'a', LIMIT_TEXT_BYTES + 1);
			char *end = file + len + LIMIT_TEXT_BYTES - quoted + more;
			*end++ = quoted ? '"' : '\n';
			*end = '\0';
			if (more)
				assert_limit(file);
			else
				read_text(file);
		}
}

static void arena_too_small_is_a_limit(void **state)
{
	(void)state;
	static const char file[] = "count,x\n1,\"A \"\"a\"\">B\"\n2,B\n";
	size_t needs = csv_arena_bytes(bytes_of_text(file));
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	struct arena a;
	struct profile p;
	assert_non_null(memory);
	bool ok = false;
	for (size_t size = 0; !ok; size += 1024) {
		assert_true(size <= needs);
		arena_init(&a, memory, size);
		error_clear(&err);
		ok = csv_read(&p, bytes_of_text(file), &plain, &a, &err);
		if (!ok)
			assert_int_equal(err.kind, ERROR_LIMIT);
	}
	free(memory);
}

static void file_cut_anywhere_is_read_to_the_cut_or_refused(void **state)
{
	(void)state;
	static const char file[] = "count,rank1,rank2\r\n12,\"Bo, \"\"B\"\"\",Ann\r\n3,Ann,Cy\r\n";
	for (size_t len = 0; len < sizeof file - 1; len++) {
		struct profile p;
		uint8_t *copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, file, len);
		arena_release(test_arena(), 0);
		error_clear(&err);
		/* A table has no end mark: whole rows less, or a last name cut short, cannot be seen. */
		if (csv_read(&p, bytes_of(copy, len), &plain, test_arena(), &err))
			assert_true(p.papers_count >= 1);
		else
			assert_int_equal(err.kind, ERROR_MALFORMED);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_by_rank_are_read),
		cmocka_unit_test(rankings_in_one_cell_are_read),
		cmocka_unit_test(sets_of_marks_are_read),
		cmocka_unit_test(marks_without_an_order_are_not_counted_as_rankings),
		cmocka_unit_test(variations_mean_the_same),
		cmocka_unit_test(list_of_candidates_gives_their_order),
		cmocka_unit_test(name_that_is_not_on_the_list_is_refused),
		cmocka_unit_test(list_with_a_name_twice_is_refused),
		cmocka_unit_test(numbers_without_a_list_are_candidates_from_one),
		cmocka_unit_test(overvote_ends_the_ballot_only_where_asked),
		cmocka_unit_test(second_place_of_a_candidate_is_passed_over),
		cmocka_unit_test(header_mistakes_are_named),
		cmocka_unit_test(row_mistakes_are_named_with_row_and_column),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(thousand_candidates_are_the_most),
		cmocka_unit_test(name_longer_than_the_limit_is_refused),
		cmocka_unit_test(arena_too_small_is_a_limit),
		cmocka_unit_test(file_cut_anywhere_is_read_to_the_cut_or_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
