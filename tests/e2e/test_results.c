/* SPDX-License-Identifier: Apache-2.0 */
/* urna results: a pipeline over a real record and over a ballot file; the dry run; what it refuses.
 */
#include "e2e/e2e.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define PIPES(inside) "{\"version\":\"1.0\",\"pipes\":[" inside "]}"
#define TALLY "{\"type\":\"tally_pipes.pipes.results.do_tallies\",\"params\":{}}"
#define ZIP ",{\"type\":\"parity_zip_non_iterative\",\"params\":{\"women_names\":[\"Cy\"]}}"

static const char *pipeline_file(const char *content)
{
	const char *file = text_of("%s/pipeline.json", fresh_folder());
	write_text(file, content);
	return file;
}

static const char *small_file(void)
{
	const char *file = text_of("%s/small.blt", fresh_folder());
	write_text(file, "3 2\n6 1 0\n5 2 1 0\n1 3 0\n1 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n");
	return file;
}

static json_t *json_of(const char *text)
{
	json_error_t e;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	if (!root)
		fail_msg("%s: %s", e.text, text);
	return root;
}

static json_t *question_of(json_t *root)
{
	return json_array_get(json_object_get(root, "questions"), 0);
}

static void a_record_counted_by_a_pipeline_is_counted_as_it_counts_itself(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 30), "1", "1", NULL));
	const char *pipeline = pipeline_file(PIPES(TALLY));
	struct outcome mine =
		urna("results", "--record", record, "--pipeline", pipeline, "--format=json", NULL);
	struct outcome own = urna("count", "--record", record, "--format=json", NULL);
	assert_code(mine, 0);
	assert_code(own, 0);
	json_t *a = json_of(mine.out), *b = json_of(own.out);
	assert_true(json_equal(json_object_get(question_of(a), "count"),
	                       json_object_get(question_of(b), "count")));
	json_decref(a);
	json_decref(b);
	/* Again, into a file: the same bytes; and the record is as it was. */
	const char *out = text_of("%s/results.json", fresh_folder());
	struct outcome again =
		urna("results", "--record", record, "--pipeline", pipeline, "--json", "--out", out, NULL);
	assert_code(again, 0);
	assert_true(bytes_equal(read_file(out), bytes_of_text(mine.out)));
	struct outcome o = urna("verify", record, "--fingerprint", fingerprint_of(record), NULL);
	assert_code(o, 0);
}

static void every_form_has_the_seats_of_the_pipeline(void **state)
{
	(void)state;
	static const char *const formats[] = {"text", "json", "csv", "svg", "html", "sequent"};
	static const char *const says[] = {
		"     2  Cy: by points, by parity", "\"winners\":[\"Ann\",\"Cy\"]", "Cy", "Cy", "Cy",
		"\"winners\":[\"Ann\",\"Cy\"]"};
	const char *file = small_file(), *pipeline = pipeline_file(PIPES(TALLY ZIP));
	for (size_t i = 0; i < 6; i++) {
		struct outcome o = urna("results", file, "--rule=plurality-at-large", "--pipeline",
		                        pipeline, "--format", formats[i], NULL);
		assert_code(o, 0);
		assert_says(o.out, says[i]);
	}
	struct outcome o =
		urna("results", file, "--rule=plurality-at-large", "--pipeline", pipeline, NULL);
	assert_says(o.out, "q1: seats by zip: 1 women, 1 men; in by it: Cy; out by it: Bo");
	assert_says(o.out, "q1: 13 votes opened: 12 valid, 1 blank, 0 invalid");
}

static void what_is_wrong_with_a_pipeline_is_said_with_its_place(void **state)
{
	(void)state;
	const char *file = small_file();
	const char *wrong = pipeline_file(PIPES(TALLY ",{\"type\":\"to_files\",\"params\":{}}"));
	struct outcome o =
		urna("results", file, "--rule=plurality-at-large", "--pipeline", wrong, NULL);
	assert_code(o, 1);
	assert_says(o.err, "pipes[1].type");
	assert_says(o.err, "urna results --out");
	/* A failed run leaves no file. */
	const char *out = text_of("%s/r.json", fresh_folder());
	wrong = pipeline_file(PIPES(TALLY ",{\"type\":\"seats\",\"params\":{\"rule\":\"zip\"}}"));
	o = urna("results", file, "--rule=plurality-at-large", "--pipeline", wrong, "--json", "--out",
	         out, NULL);
	assert_code(o, 1);
	assert_says(o.out, "pipes[1] seats: q1");
	assert_int_equal(access(out, F_OK), -1);
}

static void a_pipeline_is_tried_before_there_are_votes(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "1", "1", NULL));
	const char *manifest = text_of("%s/manifest.json", record);
	struct outcome o =
		urna("results", "check", pipeline_file(PIPES(TALLY)), "--manifest", manifest, NULL);
	assert_code(o, 0);
	assert_says(o.out, "1 pipe ran over 13 sets of synthetic votes");
	o = urna("results", "check",
	         pipeline_file(PIPES(TALLY ",{\"type\":\"sort_non_iterative\",\"params\":{"
	                                   "\"question_indexes\":[3]}}")),
	         "--manifest", manifest, NULL);
	assert_code(o, 1);
	assert_says(o.err, "no votes: pipes[1] sort_non_iterative: question_index 3");
}

static void pipes_are_listed_and_the_command_line_is_checked(void **state)
{
	(void)state;
	struct outcome o = urna("results", "--pipes", NULL);
	assert_code(o, 0);
	assert_says(o.out, "\ndo_tallies ");
	o = urna("results", "--pipes", "--json", NULL);
	assert_code(o, 0);
	json_t *root = json_of(o.out);
	assert_int_equal(json_array_size(json_object_get(root, "pipes")), 15);
	json_decref(root);
	static const char *const wrong[][4] = {
		{"results", NULL},
		{"results", "x.blt", NULL},
		{"results", "x.blt", "--rule=scotland", NULL},
		{"results", "--record=r", NULL},
		{"results", "--record=r", "--rule=scotland", NULL},
		{"results", "check", "p.json", NULL},
		{"results", "--pipes", "--record=r", NULL},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_code(urna_argv(wrong[i]), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_counted_by_a_pipeline_is_counted_as_it_counts_itself),
		cmocka_unit_test(every_form_has_the_seats_of_the_pipeline),
		cmocka_unit_test(what_is_wrong_with_a_pipeline_is_said_with_its_place),
		cmocka_unit_test(a_pipeline_is_tried_before_there_are_votes),
		cmocka_unit_test(pipes_are_listed_and_the_command_line_is_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
