/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "cli/table.h"

static struct table_row row;
static struct table table;
static struct error err;

static void begin(const char *text)
{
	error_clear(&err);
	arena_release(test_arena(), 0);
	table_init(&table, bytes_of_text(text), test_arena());
}

static void assert_row(unsigned count, const char *const *cells)
{
	bool more;
	assert_ok(table_next(&row, &more, &table, &err), err);
	assert_true(more);
	assert_int_equal(row.count, count);
	for (unsigned i = 0; i < count; i++)
		assert_true(bytes_equal(row.cell[i], bytes_of_text(cells[i])));
}

static void assert_end(void)
{
	bool more = true;
	assert_ok(table_next(&row, &more, &table, &err), err);
	assert_false(more);
}

static void assert_refuses(const char *text, const char *place)
{
	bool more;
	begin(text);
	assert_fails(table_next(&row, &more, &table, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, place));
}

#define ROW(...)                                                       \
	assert_row(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), \
	           (const char *[]){__VA_ARGS__})

static void rows_have_cells_between_commas(void **state)
{
	(void)state;
	begin("a,b,c\nd,,\n,\n");
	ROW("a", "b", "c");
	ROW("d", "", "");
	ROW("", "");
	assert_end();
	assert_end();
}

static void line_ends_empty_lines_and_a_mark_do_not_count(void **state)
{
	(void)state;
	begin("\xef\xbb\xbf"
	      "a,b\r\n\r\n\nc");
	ROW("a", "b");
	ROW("c");
	assert_int_equal(table.line, 4);
	assert_end();
	begin("");
	assert_end();
}

static void quotes_may_have_commas_and_doubled_quotes_in_them(void **state)
{
	(void)state;
	begin("\"Ann, Bo\",\"say \"\"yes\"\"\",\"\"\n\"x\"\n");
	ROW("Ann, Bo", "say \"yes\"", "");
	ROW("x");
	assert_end();
}

static void what_is_no_cell_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refuses("a,\"b\n", "line 1: cell 2");
	assert_refuses("\"a", "line 1: cell 1");
	assert_refuses("\"", "line 1: cell 1");
	assert_refuses("\"a\"b,c\n", "line 1: cell 1");
	assert_refuses("\n\na\"b,c\n", "line 3: cell 1");
	assert_refuses("a,b\tc\n", "line 1: cell 2");
	assert_refuses("a,b\rc\n", "line 1: cell 2");
	assert_refuses("1,2,3,4,5,6,7,8,9\n", "line 1: cell 9");
}

static void every_cell_is_read_as_it_was_written(void **state)
{
	(void)state;
	static const char letters[] = "ab,\" .;";
	for (uint64_t k = 0; k < TEST_COUNT(300, 20000); k++) {
		char cell[24], line[128];
		size_t len = (size_t)test_random_below(sizeof cell);
		for (size_t i = 0; i < len; i++)
			cell[i] = letters[test_random_below(sizeof letters - 1)];
		struct text t = TEXT_OF(line);
		table_add_cell(&t, bytes_of(cell, len));
		text_add(&t, ",");
		table_add_cell(&t, bytes_of(cell, len));
		begin(line);
		bool more;
		assert_ok(table_next(&row, &more, &table, &err), err);
		assert_int_equal(row.count, 2);
		for (unsigned i = 0; i < 2; i++)
			assert_true(bytes_equal(row.cell[i], bytes_of(cell, len)));
	}
}

static void numbers_are_digits_up_to_a_bound(void **state)
{
	(void)state;
	uint32_t v;
	begin("");
	assert_ok(table_number(&v, &table, BYTES_LITERAL("12"), 12, &err), err);
	assert_int_equal(v, 12);
	assert_ok(table_number(&v, &table, BYTES_LITERAL("4294967295"), UINT32_MAX, &err), err);
	static const char *const wrong[] = {"13", "", "-1", "1.5", "1 ", "4294967296", "99999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_fails(table_number(&v, &table, bytes_of_text(wrong[i]), 12, &err), err,
		             ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_have_cells_between_commas),
		cmocka_unit_test(line_ends_empty_lines_and_a_mark_do_not_count),
		cmocka_unit_test(quotes_may_have_commas_and_doubled_quotes_in_them),
		cmocka_unit_test(what_is_no_cell_is_refused_with_its_place),
		cmocka_unit_test(every_cell_is_read_as_it_was_written),
		cmocka_unit_test(numbers_are_digits_up_to_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
