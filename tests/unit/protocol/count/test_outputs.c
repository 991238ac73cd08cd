/* SPDX-License-Identifier: Apache-2.0 */
/* Results as CSV and Sequent's JSON; places and tables in the text. */
#include "support/support.h"

#include "unit/protocol/count/written.h"

#include "count/result_csv.h"
#include "count/result_html.h"
#include "count/result_sequent.h"
#include "count/result_svg.h"
#include "count/result_text.h"

#include <jansson.h>
#include <stdlib.h>

/* --- CSV --- */

static void csv_has_a_table_for_each_part(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	assert_string_equal(
		written(result_csv_write, &r),
		"\xef\xbb\xbfsummary,question,what,value,,,,,,\r\n"
		"summary,1,title,T <1>,,,,,,\r\n"
		"summary,1,rule,scotland,,,,,,\r\n"
		"summary,1,seats,1,,,,,,\r\n"
		"summary,1,valid ballots,8,,,,,,\r\n"
		"summary,1,blank ballots,1,,,,,,\r\n"
		"summary,1,invalid ballots,0,,,,,,\r\n"
		"summary,1,quota,5.00000,,,,,,\r\n"
		"summary,1,lot,3 2,,,,,,\r\n"
		"elected,question,order,candidate,name,stage,without quota,,,\r\n"
		"elected,1,1,1,\"Ann, of Ayr\",3,no,,,\r\n"
		"candidates,question,candidate,name,status,place,votes,,,\r\n"
		"candidates,1,1,\"Ann, of Ayr\",elected,,6.00000,,,\r\n"
		"candidates,1,2,'=B&o,defeated,,0.00000,,,\r\n"
		"candidates,1,3,Cy,defeated,,0.00000,,,\r\n"
		"stages,question,stage,action,candidates,amount,quota,tie,tied,what happened\r\n"
		"stages,1,1,first,,0.00000,5.00000,none,,First preferences\r\n"
		"stages,1,2,exclusion,3,2.00000,5.00000,lot,2 3,"
		"\"Cy excluded, votes transferred: 2.00000\"\r\n"
		"stages,1,3,exclusion,2,2.00000,5.00000,none,,"
		"\"'=B&o excluded, votes transferred: 2.00000\"\r\n"
		"stages,1,4,end,,0.00000,5.00000,none,,Count complete\r\n"
		"votes,question,candidate,name,stage 1,stage 2,stage 3,stage 4,,\r\n"
		"votes,1,1,\"Ann, of Ayr\",4.00000,4.00000,6.00000,6.00000,,\r\n"
		"votes,1,2,'=B&o,2.00000,2.00000,0.00000,0.00000,,\r\n"
		"votes,1,3,Cy,2.00000,0.00000,0.00000,0.00000,,\r\n"
		"votes,1,,non-transferable,0.00000,2.00000,2.00000,2.00000,,\r\n"
		"votes,1,,cut off,0.00000,0.00000,0.00000,0.00000,,\r\n"
		"votes,1,,total,8.00000,8.00000,8.00000,8.00000,,\r\n"
		"status,question,candidate,name,stage 1,stage 2,stage 3,stage 4,,\r\n"
		"status,1,1,\"Ann, of Ayr\",hopeful,hopeful,pending,elected,,\r\n"
		"status,1,2,'=B&o,hopeful,hopeful,defeated,defeated,,\r\n"
		"status,1,3,Cy,hopeful,defeated,defeated,defeated,,\r\n");
}

/* Nobody's name is computed with, whatever hides in front of its first sign. */
static void csv_guards_what_a_spreadsheet_would_compute(void **state)
{
	(void)state;
	static const struct {
		const char *name, *field;
	} cases[] = {
		{"=1+1", ",'=1+1,"},
		{"+1", ",'+1,"},
		{"-1", ",'-1,"},
		{"@sum", ",'@sum,"},
		{"'=1", ",''=1,"},
		{" =1", ",' =1,"},
		{"\xef\xbc\x9d"
	     "1",
	     ",'\xef\xbc\x9d"
	     "1,"},
		{"\xe2\x80\x8b=1", ",'\xe2\x80\x8b=1,"},
		{"\"a\", b", ",\"\"\"a\"\", b\","},
		{"=\"a\";b", ",\"'=\"\"a\"\";b\","},
		{"a=1", ",a=1,"},
		{"O'Neil", ",O'Neil,"},
		{"1-1", ",1-1,"},
	};
	struct count_result r = count_file("scotland", tie_file);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		profile.candidates[1].name = bytes_of_text(cases[i].name);
		assert_has(written(result_csv_write, &r), cases[i].field);
	}
}

static void csv_fractions_are_no_dates_and_negative_numbers_no_text(void **state)
{
	(void)state;
	struct count_result r = made_result();
	const char *csv = written(result_csv_write, &r);
	assert_has(csv, "candidates,1,1,\"Ann, of Ayr\",elected,2,'14/3,");
	assert_has(csv, "candidates,1,2,'=B&o,defeated,2,7,");
	assert_has(csv, "table margins,question,Row's margin over the column,Ann,'-Bo,");
	assert_has(csv, "table margins,1,Ann,0,'-7/2,");
	r.tables[0].form = units_decimal(0);
	assert_has(written(result_csv_write, &r), "table margins,1,Ann,0,-7,");
}

/* RFC 4180: as many fields in each record, however many stages, columns, or words there are. */
static void csv_records_have_equally_many_fields(void **state)
{
	(void)state;
	struct count_result r =
		count_file("scotland", "9 2\n5 1 2 3 4 5 6 7 8 9 0\n4 2 0\n3 3 0\n7 4 0\n"
	                           "8 5 0\n9 6 0\n10 7 0\n11 8 0\n12 9 0\n0\n"
	                           "\"A\"\n\"B\"\n\"C\"\n\"D\"\n\"E\"\n\"F\"\n"
	                           "\"G\"\n\"H\"\n\"I,;\"\n\"T\"\n");
	size_t first = 0, fields = 1;
	bool quoted = false;
	assert_true(r.stages_count > 6);
	for (const char *p = written(result_csv_write, &r); *p; p++) {
		quoted ^= *p == '"';
		fields += *p == ',' && !quoted;
		if (*p != '\n')
			continue;
		assert_true(p[-1] == '\r' && !quoted);
		first = first ? first : fields;
		assert_int_equal(fields, first);
		fields = 1;
	}
	assert_int_equal(first, 4 + r.stages_count);
}

static void a_question_without_valid_ballots_is_written(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	const struct result_sheets both = two_questions(&r);
	const char *text = written_sheets(result_csv_write, &both);
	assert_has(text, "summary,2,invalid ballots,3,");
	assert_has(text, "ballots,2,too-many,3,");
	assert_has(text, "written in,2,'=Eve,3,");
	text = written_sheets(result_sequent_write, &both);
	assert_has(text, "\"id\":3,\"text\":\"=Eve\",\"total_count\":3,\"urls\":[],"
	                 "\"winner_position\":null},{\"category\":\"\",\"details\":\"\",\"id\":4,");
	assert_has(text, "\"totals\":{\"blank_votes\":2,\"null_votes\":3,\"valid_votes\":0},"
	                 "\"winners\":[]}],\"total_votes\":9}");
}

/* --- Sequent's JSON --- */

static json_t *parsed(const char *text)
{
	json_error_t e;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	if (!root)
		fail_msg("%s at %d: %s", e.text, e.position, text);
	return root;
}

static void sequent_json_is_canonical_and_has_the_rounds(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	const char *text = written(result_sequent_write, &r);
	json_t *root = parsed(text);
	char *sorted = json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT);
	assert_string_equal(text, sorted);
	json_t *q = json_array_get(json_object_get(root, "questions"), 0);
	assert_int_equal(json_array_size(json_object_get(q, "rounds")), 4);
	assert_has(text, "{\"category\":\"\",\"details\":\"\",\"id\":0,\"text\":\"Ann, of Ayr\","
	                 "\"total_count\":6,\"urls\":[],\"winner_position\":0}");
	assert_has(text, "\"num_winners\":1,");
	assert_has(text, "\"totals\":{\"blank_votes\":1,\"null_votes\":0,\"valid_votes\":8},"
	                 "\"winners\":[\"Ann, of Ayr\"]}],\"total_votes\":9}");
	free(sorted);
	json_decref(root);
}

static void sequent_counts_are_exact_or_say_so(void **state)
{
	(void)state;
	struct count_result r = made_result();
	assert_has(written(result_sequent_write, &r), "\"total_count\":4.666666666,"
	                                              "\"total_count_exact\":\"14/3\",");
	r.form = units_fraction(4);
	r.stages[1].tallies[0] = -14;
	assert_has(written(result_sequent_write, &r), "\"total_count\":-3.5,\"urls\"");
	r.form = units_decimal(5);
	r.stages[1].tallies[0] = 13978230;
	assert_has(written(result_sequent_write, &r), "\"total_count\":139.7823,\"urls\"");
	r.form = units_fraction(((units)1 << 126) + 1);
	r.stages[1].tallies[0] = (units)1 << 126;
	assert_has(written(result_sequent_write, &r),
	           "\"total_count\":0.999999999,\"total_count_exact\"");
}

/* What theirs has, ours has, of the same type. */
static void sequent_shape_is_that_of_their_results(void **state)
{
	(void)state;
	bytes file = test_data("sequent/tally-methods/test/fixtures/cumulative/results_json");
	json_error_t e;
	json_t *theirs = json_loadb((const char *)file.p, file.len, 0, &e);
	assert_non_null(theirs);
	struct count_result r = count_file("plurality-at-large", tie_file);
	json_t *ours = parsed(written(result_sequent_write, &r));
	json_t *q = json_array_get(json_object_get(ours, "questions"), 0);
	json_t *p = json_array_get(json_object_get(theirs, "questions"), 0);
	json_t *pairs[][2] = {{ours, theirs},
	                      {q, p},
	                      {json_object_get(q, "totals"), json_object_get(p, "totals")},
	                      {json_array_get(json_object_get(q, "answers"), 0),
	                       json_array_get(json_object_get(p, "answers"), 0)}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *key;
		json_t *value;
		json_object_foreach(pairs[i][1], key, value)
		{
			/* How a ballot is shown, and options of their methods: nothing of a result. */
			if (strcmp(key, "randomize_answer_order") == 0 || strcmp(key, "extra_options") == 0)
				continue;
			json_t *mine = json_object_get(pairs[i][0], key);
			if (!mine || json_typeof(mine) != json_typeof(value))
				fail_msg("%s is missing or of another type", key);
		}
	}
	json_decref(ours);
	json_decref(theirs);
}

/* --- text --- */

static void text_shows_places_and_tables(void **state)
{
	(void)state;
	struct count_result r = made_result();
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room - 1);
	assert_ok(result_text_write(&sink.sink, &r, 40, &err), err);
	room[sink.len] = '\0';
	assert_has((char *)room, "\nPlaces\n   1  Cy\n   2  =B&o\n   2  Ann, of Ayr\n");
	assert_has((char *)room, "Ann, of Ayr             14/3*\n");
	assert_has((char *)room, "\nRow's margin over the column\n\n"
	                         "      Ann   -Bo\n"
	                         "Ann     0  -7/2\n"
	                         "-Bo   3/2     0\n");
}

/* 40 columns: names 3, then blocks of (40 - 3) / (2 + 12) = 2 columns. */
static void text_shows_wide_tables_in_blocks(void **state)
{
	(void)state;
	struct count_result r = made_result();
	units cells[] = {100000000000, 2, 3};
	const bytes columns[] = {BYTES_LITERAL("A"), BYTES_LITERAL("B"), BYTES_LITERAL("C")};
	r.tables[0].rows = 1;
	r.tables[0].columns = 3;
	r.tables[0].column_names = columns;
	r.tables[0].form = units_decimal(0);
	r.tables[0].cells = cells;
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room - 1);
	assert_ok(result_text_write(&sink.sink, &r, 40, &err), err);
	room[sink.len] = '\0';
	assert_has((char *)room, "\n                A             B\n"
	                         "Ann  100000000000             2\n"
	                         "\n                C\n"
	                         "Ann             3\n");
}

static const char *text_of(const struct count_result *r)
{
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room - 1);
	assert_ok(result_text_write(&sink.sink, r, 80, &err), err);
	room[sink.len] = '\0';
	return (char *)room;
}

/* Those of bucklin grow from round to round, and those of star are points and then ballots. */
static void votes_that_do_not_move_have_no_total(void **state)
{
	(void)state;
	static const char *const totals[] = {"otal", "ut off"};
	struct count_result r = count_file("scotland", tie_file);
	for (size_t i = 0; i < 2; i++) {
		assert_has(text_of(&r), totals[i]);
		assert_has(written(result_csv_write, &r), totals[i]);
		assert_has(written(result_html_write, &r), totals[i]);
	}
	r = count_file("bucklin", tie_file);
	assert_has(text_of(&r), "Non-transferable");
	for (size_t i = 0; i < 2; i++) {
		assert_null(strstr(text_of(&r), totals[i]));
		assert_null(strstr(written(result_csv_write, &r), totals[i]));
		assert_null(strstr(written(result_html_write, &r), totals[i]));
	}
}

static void a_full_sink_is_an_error(void **state)
{
	(void)state;
	static write_fn *const writers[] = {result_csv_write, result_svg_write, result_html_write,
	                                    result_sequent_write};
	struct count_result r = count_file("scotland", tie_file);
	const struct result_sheet sheet = result_sheet_of(&r);
	const struct result_sheets sheets = {.sheets = &sheet, .count = 1};
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		struct text_sink sink;
		text_sink_init(&sink, room, sizeof room);
		assert_ok(writers[i](&sink.sink, &sheets, &err), err);
		size_t len = sink.len;
		text_sink_init(&sink, room, len - 1);
		assert_fails(writers[i](&sink.sink, &sheets, &err), err, ERROR_LIMIT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_a_table_for_each_part),
		cmocka_unit_test(csv_guards_what_a_spreadsheet_would_compute),
		cmocka_unit_test(csv_fractions_are_no_dates_and_negative_numbers_no_text),
		cmocka_unit_test(csv_records_have_equally_many_fields),
		cmocka_unit_test(a_question_without_valid_ballots_is_written),
		cmocka_unit_test(sequent_json_is_canonical_and_has_the_rounds),
		cmocka_unit_test(sequent_counts_are_exact_or_say_so),
		cmocka_unit_test(sequent_shape_is_that_of_their_results),
		cmocka_unit_test(text_shows_places_and_tables),
		cmocka_unit_test(text_shows_wide_tables_in_blocks),
		cmocka_unit_test(votes_that_do_not_move_have_no_total),
		cmocka_unit_test(a_full_sink_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
