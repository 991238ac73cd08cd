/* SPDX-License-Identifier: Apache-2.0 */
/* urna count: the forms of a result, of a file and of a record, and the list of rules. */
#include "e2e/e2e.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static const char *const formats[] = {"text", "json", "csv", "svg", "html", "sequent"};
#define FORMATS (sizeof formats / sizeof *formats)

static const char *small_file(void)
{
	const char *file = text_of("%s/small.blt", fresh_folder());
	write_text(file, "3 1\n6 1 0\n2 2 1 0\n1 3 0\n1 0\n0\n\"Ann\"\n\"=Bo\"\n\"Cy\"\n\"T\"\n");
	return file;
}

static void every_form_begins_as_it_should(void **state)
{
	(void)state;
	static const char *const begins[] = {
		"T\nRule scotland", "{\"blank\":1,",          "\xef\xbb\xbfsummary,question,what,value",
		"<?xml version=",   "<!DOCTYPE html>\n<html", "{\"questions\":[{\"answer_total_votes"};
	const char *file = small_file();
	for (size_t i = 0; i < FORMATS; i++) {
		struct outcome o = urna("count", file, "--rule=scotland", "--format", formats[i], NULL);
		assert_code(o, 0);
		assert_int_equal(strncmp(o.out, begins[i], strlen(begins[i])), 0);
		assert_int_equal(o.out[strlen(o.out) - 1], '\n');
	}
}

static void a_file_has_the_same_bytes_as_standard_output(void **state)
{
	(void)state;
	const char *file = small_file(), *folder = fresh_folder();
	for (size_t i = 0; i < FORMATS; i++) {
		const char *out = text_of("%s/result.%s", folder, formats[i]);
		struct outcome o =
			urna("count", file, "--rule=scotland", "--format", formats[i], "--out", out, NULL);
		assert_code(o, 0);
		assert_string_equal(o.out, "");
		o = urna("count", file, "--rule=scotland", "--format", formats[i], NULL);
		assert_true(bytes_equal(read_file(out), bytes_of_text(o.out)));
	}
}

static void a_file_is_not_replaced_and_a_failed_count_leaves_none(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *out = text_of("%s/r.csv", folder);
	const char *tie = text_of("%s/tie.blt", folder);
	write_text(tie, "2 1\n1 1 0\n1 2 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n");
	struct outcome o = urna("count", tie, "--rule=scotland", "--format=csv", "--out", out, NULL);
	assert_code(o, 1);
	assert_int_equal(access(out, F_OK), -1);
	write_text(out, "mine");
	o = urna("count", small_file(), "--rule=scotland", "--format=csv", "--out", out, NULL);
	assert_code(o, 3);
	assert_says(o.err, "conflict");
	assert_true(bytes_equal(read_file(out), BYTES_LITERAL("mine")));
}

/* All that a record says of its question is in every form; json is result.json itself. */
static void a_record_is_shown_in_every_form(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 30), "1", "1", NULL));
	static const char *const says[] = {"Elected\n",
	                                   "\"urna_result\":1}",
	                                   "ballots,1,too-many,0",
	                                   "Votes at each stage</title>",
	                                   "<caption>All ballots</caption>",
	                                   "\"null_votes\":0,"};
	for (size_t i = 0; i < FORMATS; i++) {
		struct outcome o = urna("count", "--record", record, "--format", formats[i], NULL);
		assert_code(o, 0);
		assert_says(o.out, says[i]);
	}
	struct outcome o = urna("count", "--record", record, "--format=json", NULL);
	assert_true(bytes_equal(read_file(text_of("%s/result.json", record)), bytes_of_text(o.out)));
	/* As many ballots as were cast. */
	json_error_t e;
	o = urna("count", "--record", record, "--format=sequent", NULL);
	json_t *root = json_loads(o.out, JSON_REJECT_DUPLICATES, &e);
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "total_votes")), 30);
	json_decref(root);
}

static void rules_are_listed_one_a_line_and_explained(void **state)
{
	(void)state;
	struct outcome o = urna("count", "--rules", NULL);
	assert_code(o, 0);
	assert_says(o.out, "plurality-at-large  every mark is a vote");
	assert_says(o.out, "\nscotland  single transferable vote");
	size_t lines = 0;
	for (const char *p = o.out; *p; p++)
		lines += *p == '\n';
	o = urna("count", "--rules", "--json", NULL);
	assert_code(o, 0);
	json_error_t e;
	json_t *root = json_loads(o.out, JSON_REJECT_DUPLICATES, &e);
	assert_non_null(root);
	assert_int_equal(json_array_size(json_object_get(root, "rules")), lines);
	json_decref(root);
	o = urna("count", "--rules", "scotland", NULL);
	assert_code(o, 0);
	assert_says(o.out, "Source: SSI 2007/42");
	assert_says(o.out, "Ballots: rankings");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_begins_as_it_should),
		cmocka_unit_test(a_file_has_the_same_bytes_as_standard_output),
		cmocka_unit_test(a_file_is_not_replaced_and_a_failed_count_leaves_none),
		cmocka_unit_test(a_record_is_shown_in_every_form),
		cmocka_unit_test(rules_are_listed_one_a_line_and_explained),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
