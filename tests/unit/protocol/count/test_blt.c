/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/text_sink.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;

static struct profile read_file(bytes file)
{
	struct profile p;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&p, file, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) <= blt_arena_bytes(file));
	return p;
}

static struct profile read_text(const char *text)
{
	return read_file(bytes_of_text(text));
}

/* what: how the message begins after "blt: "; detail: the whole detail. */
static void assert_refused(const char *text, const char *what, const char *detail)
{
	struct profile p;
	arena_release(test_arena(), 0);
	assert_fails(blt_read(&p, bytes_of_text(text), test_arena(), &err), err, ERROR_MALFORMED);
	if (strncmp(err.what + 5, what, strlen(what)) != 0)
		fail_msg("message: %s", err.what);
	assert_string_equal(err.detail, detail);
}

#define NAMES "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Title\"\n"

static void assert_paper(const struct profile *p, size_t i, uint32_t count, const char *choices)
{
	char room[64];
	struct text t = TEXT_OF(room);
	for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
		text_add(&t, j > p->starts[i] ? " " : "");
		text_add_u64(&t, p->choices[j] + 1u);
	}
	text_add(&t, "");
	assert_string_equal(t.len ? room : "", choices);
	assert_int_equal(p->counts[i], count);
}

static void plain_file_is_read(void **state)
{
	(void)state;
	struct profile p = read_text("3 2\n4 1 2 0\n2 3 0\n1 0\n0\n" NAMES);
	assert_int_equal(p.candidates_count, 3);
	assert_int_equal(p.seats, 2);
	assert_int_equal(p.ballots_count, 7);
	assert_int_equal(p.papers_count, 3);
	assert_paper(&p, 0, 4, "1 2");
	assert_paper(&p, 1, 2, "3");
	assert_paper(&p, 2, 1, "");
	assert_true(bytes_equal(p.candidates[1].name, BYTES_LITERAL("Bo")));
	assert_true(bytes_equal(p.title, BYTES_LITERAL("Title")));
	assert_int_equal(p.lot_count, 0);
}

static void variations_mean_the_same(void **state)
{
	(void)state;
	static const char *const files[] = {
		"3 2\r\n-2\r\n4 1 2 0\r\n0\r\n\"Ann\"\r\n\"Bo\"\r\n\"Cy\"\r\n\"Title\"\r\n",
		"3 2\r-2\r4 1 2 0\r0\r\"Ann\"\r\"Bo\"\r\"Cy\"\r\"Title\"",
		("\xef\xbb\xbf"
	     "3 2\n-2\n4 1 2 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Title\""),
		"# a file\n\n3\t2 # header\n\n  -2  \n#4 3 0\n4  1\t2 0 # four\n\n0\n" NAMES,
		"3 2\n-2\n4 1 2 0\n0\n\"Ann\" \"Bo\"   \"Cy\" \"Title\" # end",
		"3 2\n-2\n4 1 2 0\n0\n" NAMES "\nsaid later: 4 ballots\nand \"more\"",
		"3 2\n-2\n04 01 2 0\n0\n" NAMES};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct profile p = read_text(files[i]);
		assert_int_equal(p.seats, 2);
		assert_int_equal(p.papers_count, 1);
		assert_paper(&p, 0, 4, "1 2");
		assert_true(p.candidates[1].withdrawn);
		assert_false(p.candidates[0].withdrawn);
		assert_true(bytes_equal(p.candidates[2].name, BYTES_LITERAL("Cy")));
		assert_true(bytes_equal(p.title, BYTES_LITERAL("Title")));
	}
}

static void withdrawn_candidates_may_take_several_lines(void **state)
{
	(void)state;
	struct profile p = read_text("4 1\n-1 -3\n-4\n1 2 0\n0\n\"a\"\n\"b\"\n\"c\"\n\"d\"\n\"\"\n");
	assert_true(p.candidates[0].withdrawn && p.candidates[2].withdrawn &&
	            p.candidates[3].withdrawn);
	assert_false(p.candidates[1].withdrawn);
	assert_int_equal(p.title.len, 0);
}

static void comment_sign_inside_a_name_belongs_to_it(void **state)
{
	(void)state;
	struct profile p = read_text("1 1\n1 1 0\n0\n\"Ann #1\" # one\n\"T # 2\"\n");
	assert_true(bytes_equal(p.candidates[0].name, BYTES_LITERAL("Ann #1")));
	assert_true(bytes_equal(p.title, BYTES_LITERAL("T # 2")));
}

static void order_drawn_by_lot_is_read(void **state)
{
	(void)state;
	struct profile p = read_text("3 2\n[tie 3 1 2 ]\n4 1 2 0\n0\n" NAMES);
	assert_int_equal(p.lot_count, 3);
	assert_int_equal(p.lot[0], 2);
	assert_int_equal(p.lot[1], 0);
	assert_int_equal(p.lot[2], 1);
	p = read_text("3 2\n[tie 2]\n4 1 2 0\n0\n" NAMES);
	assert_int_equal(p.lot_count, 1);
}

static void header_mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("", "the file is empty", "line 1, column 1");
	assert_refused("\n# only this\n", "the file is empty", "line 3, column 1");
	assert_refused("3\n", "the first line is", "line 1, column 2");
	assert_refused("3 2 1\n", "more than 'candidates seats'", "line 1, column 5");
	assert_refused("3 0\n", "the number of seats", "line 1, column 3");
	assert_refused("3,2\n", "not a number", "line 1, column 2");
	assert_refused("x 2\n", "not a number", "line 1, column 1");
	assert_refused("-3 2\n", "skipped ranks and negative", "line 1, column 1");
}

static void limits_of_the_header_hold(void **state)
{
	(void)state;
	struct profile p;
	static const char *const files[] = {"1001 1\n", "99999999999999999999 1\n", "3 1001\n",
	                                    "3 18446744073709551617\n"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_fails(blt_read(&p, bytes_of_text(files[i]), test_arena(), &err), err, ERROR_LIMIT);
	assert_fails(blt_read(&p, BYTES_LITERAL("0 1\n"), test_arena(), &err), err, ERROR_MALFORMED);
	uint8_t some = '3';
	bytes huge = bytes_of(&some, (size_t)LIMIT_PROFILE_BYTES + 1); /* refused before it is read */
	assert_fails(blt_read(&p, huge, test_arena(), &err), err, ERROR_LIMIT);
}

static void ballot_mistakes_are_named_with_line_and_column(void **state)
{
	(void)state;
	assert_refused("3 2\n4 1 2 0\n1 14 0\n0\n" NAMES, "no such candidate",
	               "line 3, column 3: candidate 14 of 3");
	assert_refused("3 2\n4 1 2 1 0\n0\n" NAMES, "candidate twice on one paper",
	               "line 2, column 7: candidate 1 of 3");
	assert_refused("3 2\n4 1 2\n0\n" NAMES, "the paper does not end with 0", "line 2, column 6");
	assert_refused("3 2\n4\n0\n" NAMES, "the paper does not end with 0", "line 2, column 2");
	assert_refused("3 2\n4 1 0 2 0\n0\n" NAMES, "text after the 0", "line 2, column 7");
	assert_refused("3 2\n0 1 2 0\n0\n" NAMES, "a paper of 0 ballots", "line 2, column 3");
	assert_refused("3 2\n4 -1 0\n0\n" NAMES, "skipped ranks and negative", "line 2, column 3");
	assert_refused("3 2\n4 1 x 0\n0\n" NAMES, "not a number", "line 2, column 5");
	assert_refused("3 2\n4 1\xc3\xa9 2 0\n0\n" NAMES, "not a number", "line 2, column 4");
	assert_refused("3 2\n\"\xc3\xa9\xc3\xa9\" 4 1 0\n0\n" NAMES, "a quoted text where a number",
	               "line 2, column 1");
}

static void columns_count_characters_not_bytes(void **state)
{
	(void)state;
	assert_refused("1 1\n1 1 0\n0\n\"\xc3\xa9\xc3\xa9\" x\n", "a name or title without quotes",
	               "line 4, column 6");
}

static void forms_with_another_meaning_are_refused_by_name(void **state)
{
	(void)state;
	assert_refused("3 2\n4 1=2 3 0\n0\n" NAMES, "equal ranks (=) are not supported",
	               "line 2, column 4");
	assert_refused("3 2\n4 1 = 2 0\n0\n" NAMES, "equal ranks (=) are not supported",
	               "line 2, column 5");
	assert_refused("3 2\n4 1 - 2 0\n0\n" NAMES, "skipped ranks", "line 2, column 5");
	assert_refused("3 2\n4.5 1 2 0\n0\n" NAMES, "fractions of ballots", "line 2, column 2");
	assert_refused("3 2\n(id7) 4 1 2 0\n0\n" NAMES, "ballot identities in parentheses",
	               "line 2, column 1");
	assert_refused("3 2\n4 (id7) 1 2 0\n0\n" NAMES, "ballot identities in parentheses",
	               "line 2, column 3");
	assert_refused("3 2\n[nick a b c]\n4 1 2 0\n0\n" NAMES, "this option in brackets",
	               "line 2, column 1");
	assert_refused("3 2\n[ties 1]\n4 1 2 0\n0\n" NAMES, "this option in brackets",
	               "line 2, column 1");
	assert_refused("3 2\n4 1 [x] 0\n0\n" NAMES, "options in brackets stand", "line 2, column 5");
}

static void withdrawal_mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("3 2\n-4\n1 1 0\n0\n" NAMES, "no such candidate",
	               "line 2, column 1: candidate 4 of 3");
	assert_refused("3 2\n-0\n1 1 0\n0\n" NAMES, "no such candidate",
	               "line 2, column 1: candidate 0 of 3");
	assert_refused("3 2\n-1 -1\n1 1 0\n0\n" NAMES, "candidate withdrawn twice",
	               "line 2, column 4: candidate 1 of 3");
	assert_refused("3 2\n-1 2\n1 1 0\n0\n" NAMES, "only -numbers", "line 2, column 4");
	assert_refused("3 2\n1 1 0\n-1\n0\n" NAMES, "withdrawn candidates come before",
	               "line 3, column 1");
	assert_refused("3 2\n-\n1 1 0\n0\n" NAMES, "not a number", "line 2, column 2");
}

static void lot_mistakes_are_named(void **state)
{
	(void)state;
	assert_refused("3 2\n[tie 4]\n0\n" NAMES, "no such candidate",
	               "line 2, column 6: candidate 4 of 3");
	assert_refused("3 2\n[tie 2 2]\n0\n" NAMES, "candidate drawn twice",
	               "line 2, column 8: candidate 2 of 3");
	assert_refused("3 2\n[tie 1 2\n0\n" NAMES, "the [tie] line does not end", "line 2, column 9");
	assert_refused("3 2\n[tie ]\n0\n" NAMES, "the [tie] line names nobody", "line 2, column 7");
	assert_refused("3 2\n[tie 1] 2\n0\n" NAMES, "text after ]", "line 2, column 9");
	assert_refused("3 2\n[tie 1]\n[tie 2]\n0\n" NAMES, "a second [tie] line", "line 3, column 5");
	assert_refused("3 2\n1 1 0\n[tie 1]\n0\n" NAMES, "options in brackets come before",
	               "line 3, column 1");
}

static void name_mistakes_are_named(void **state)
{
	(void)state;
#define HEAD "3 2\n1 1 0\n0\n"
	assert_refused(HEAD "\"Ann\"\n\"Bo\"\n", "fewer names than candidates", "line 6, column 1");
	assert_refused(HEAD "\"Ann\"\n\"Bo\"\n\"Cy\"\n", "the title is missing", "line 7, column 1");
	assert_refused(HEAD NAMES "\"Di\"\n", "more quoted texts", "line 8, column 1");
	assert_refused(HEAD "Ann\n", "a name or title without quotes", "line 4, column 1");
	assert_refused(HEAD "\"Ann\n", "a quote is not closed", "line 4, column 5");
	assert_refused(HEAD "\"Ann \"X\" Lee\"\n", "text directly after a closing quote",
	               "line 4, column 7");
	struct profile p;
	assert_fails(
		blt_read(&p, BYTES_LITERAL(HEAD "\"\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"), test_arena(), &err), err,
		ERROR_MALFORMED);
	assert_string_equal(err.detail, "line 4, column 2");
	assert_fails(
		blt_read(&p, BYTES_LITERAL(HEAD "\"C\xe5\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"), test_arena(), &err),
		err, ERROR_MALFORMED);
	assert_non_null(strstr(err.what, "convert the file to UTF-8"));
	assert_fails(
		blt_read(&p, BYTES_LITERAL(HEAD "\"Bo\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"), test_arena(), &err),
		err, ERROR_MALFORMED);
}

static void missing_end_of_ballots_is_refused(void **state)
{
	(void)state;
	assert_refused("3 2\n1 1 0\n" NAMES, "a quoted text where a number", "line 3, column 1");
	assert_refused("3 2\n1 1 0\n", "the file ends before the line 0", "line 3, column 1");
}

static void file_cut_at_any_byte_is_refused(void **state)
{
	(void)state;
	static const char file[] = "3 2\n-2\n[tie 3 1]\n4 1 2 0\n12 3 0\n0\n"
							   "\"C\xc3\xa5stor\"\n\"Bo\"\n\"Cy\"\n\"Title\"\n";
	size_t whole = sizeof file - 2; /* all but the last line feed */
	for (size_t len = 0; len < whole; len++) {
		struct profile p;
		uint8_t *copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, file, len);
		arena_release(test_arena(), 0);
		assert_fails(blt_read(&p, bytes_of(copy, len), test_arena(), &err), err, ERROR_MALFORMED);
		free(copy);
	}
	read_file(bytes_of(file, whole));
}

static void arena_too_small_is_a_limit(void **state)
{
	(void)state;
	static _Alignas(ARENA_ALIGN) uint8_t memory[512];
	struct arena a;
	struct profile p;
	for (size_t size = 0; size <= 448; size += ARENA_ALIGN) {
		arena_init(&a, memory, size);
		error_clear(&err);
		if (!blt_read(&p, BYTES_LITERAL("3 2\n[tie 1]\n1 1 0\n0\n" NAMES), &a, &err))
			assert_int_equal(err.kind, ERROR_LIMIT);
		else
			assert_true(size >= 6 * ARENA_ALIGN);
	}
}

static void too_many_ballots_are_refused_where_they_get_too_many(void **state)
{
	(void)state;
	struct profile p;
	char file[100];
	snprintf(file, sizeof file, "3 2\n%u 1 0\n1 2 0\n0\n" NAMES, LIMIT_BALLOTS);
	assert_fails(blt_read(&p, bytes_of_text(file), test_arena(), &err), err, ERROR_LIMIT);
	assert_string_equal(err.detail, "line 3, column 1");
}

static void written_file_reads_back_as_the_same_profile(void **state)
{
	(void)state;
	static const char file[] = "3 2\n-2\n[tie 3 1]\n4 1 2 0\n12 3 0\n5 0\n0\n"
							   "\"C\xc3\xa5stor\"\n\"Bo # 2\"\n\"Cy\"\n\"\"\n";
	static uint8_t room[sizeof file];
	struct profile p = read_text(file);
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room);
	assert_ok(blt_write(&sink.sink, &p, &err), err);
	assert_true(bytes_equal(text_sink_bytes(&sink), bytes_of_text(file)));
}

static void quote_in_a_name_cannot_be_written(void **state)
{
	(void)state;
	struct profile p = read_text("3 2\n4 1 2 0\n0\n" NAMES);
	static uint8_t room[200];
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room);
	p.candidates[1].name = BYTES_LITERAL("Bo \"B\" Lee");
	assert_fails(blt_write(&sink.sink, &p, &err), err, ERROR_MALFORMED);
	assert_int_equal(sink.len, 0);
}

static void full_sink_is_reported(void **state)
{
	(void)state;
	struct profile p = read_text("3 2\n4 1 2 0\n0\n" NAMES);
	static uint8_t room[10];
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room);
	assert_fails(blt_write(&sink.sink, &p, &err), err, ERROR_LIMIT);
}

static void ballots_that_are_no_plain_rankings_are_not_written(void **state)
{
	(void)state;
	static const enum profile_kind kinds[] = {PROFILE_RANKING, PROFILE_RANKS, PROFILE_SCORES,
	                                          PROFILE_PAIRS};
	for (size_t i = 0; i < 4; i++) {
		struct profile p;
		struct profile_room room = {2, 1, 2, kinds[i]};
		arena_release(test_arena(), 0);
		assert_ok(profile_init(&p, room, test_arena(), &err), err);
		p.candidates[0].name = BYTES_LITERAL("Ann");
		p.candidates[1].name = BYTES_LITERAL("Bo");
		assert_ok(i == 0   ? profile_gap(&p, PROFILE_SKIPPED, &err)
		          : i == 3 ? profile_pair(&p, 0, 1, &err)
		                   : profile_value(&p, 0, 1, &err),
		          err);
		assert_ok(profile_close_paper(&p, 1, &err), err);
		assert_fails(blt_write(NULL, &p, &err), err, ERROR_MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_file_is_read),
		cmocka_unit_test(variations_mean_the_same),
		cmocka_unit_test(withdrawn_candidates_may_take_several_lines),
		cmocka_unit_test(comment_sign_inside_a_name_belongs_to_it),
		cmocka_unit_test(order_drawn_by_lot_is_read),
		cmocka_unit_test(header_mistakes_are_named),
		cmocka_unit_test(limits_of_the_header_hold),
		cmocka_unit_test(ballot_mistakes_are_named_with_line_and_column),
		cmocka_unit_test(columns_count_characters_not_bytes),
		cmocka_unit_test(forms_with_another_meaning_are_refused_by_name),
		cmocka_unit_test(withdrawal_mistakes_are_named),
		cmocka_unit_test(lot_mistakes_are_named),
		cmocka_unit_test(name_mistakes_are_named),
		cmocka_unit_test(missing_end_of_ballots_is_refused),
		cmocka_unit_test(file_cut_at_any_byte_is_refused),
		cmocka_unit_test(arena_too_small_is_a_limit),
		cmocka_unit_test(too_many_ballots_are_refused_where_they_get_too_many),
		cmocka_unit_test(written_file_reads_back_as_the_same_profile),
		cmocka_unit_test(quote_in_a_name_cannot_be_written),
		cmocka_unit_test(full_sink_is_reported),
		cmocka_unit_test(ballots_that_are_no_plain_rankings_are_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
