/* SPDX-License-Identifier: Apache-2.0 */
/* urna-report: a PDF of a result. Skipped where it is not built, for want of cairo and pango. */
#include "e2e/e2e.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 12u

static const char *program_path(void)
{
	const char *build = getenv("URNA_BUILD");
	return text_of("%s/src/apps/report/urna-report", build ? build : "build/release");
}

static struct outcome report(const char *const *arguments)
{
	const char *argv[MOST + 2] = {program_path()};
	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	return program(argv);
}
#define REPORT(...) report((const char *const[]){__VA_ARGS__, NULL})

static void skip_where_it_is_not_built(void)
{
	if (access(program_path(), X_OK) != 0)
		skip();
}

static const char *counted(const char *folder)
{
	const char *file = text_of("%s/ballots.blt", folder), *out = text_of("%s/count.json", folder);
	write_text(file, "3 1\n6 1 0\n5 2 1 0\n1 3 2 0\n1 0\n0\n\"Ann\"\n\"B\xc3\xb8rge\"\n\"Cy\"\n"
	                 "\"Chair\"\n");
	struct outcome o =
		urna("count", file, "--rule=scotland", "--lot=1,2,3", "--format=json", "--out", out, NULL);
	assert_code(o, 0);
	return out;
}

/* What is on the pages, by pdftotext; skips the test where that is not installed. */
static const char *text_in(const char *pdf)
{
	const char *const argv[] = {"sh", "-c",
	                            "command -v pdftotext >/dev/null || exit 77; "
	                            "exec pdftotext -layout \"$0\" -",
	                            pdf, NULL};
	struct outcome o = program(argv);
	if (o.code == 77)
		skip();
	assert_code(o, 0);
	return o.out;
}

static void the_same_file_gives_the_same_bytes(void **state)
{
	(void)state;
	skip_where_it_is_not_built();
	const char *folder = fresh_folder(), *json = counted(folder);
	const char *a = text_of("%s/a.pdf", folder), *b = text_of("%s/b.pdf", folder);
	assert_code(REPORT(json, "--out", a), 0);
	/* A second on another clock, in another zone, would show. */
	setenv("TZ", "Asia/Tokyo", 1);
	assert_code(REPORT(json, "--out", b), 0);
	unsetenv("TZ");
	assert_true(bytes_equal(read_file(a), read_file(b)));
	assert_memory_equal(read_file(a).p, "%PDF-1.5", 8);
}

static void the_page_says_what_the_file_says(void **state)
{
	(void)state;
	skip_where_it_is_not_built();
	const char *folder = fresh_folder(), *json = counted(folder);
	const char *pdf = text_of("%s/r.pdf", folder);
	assert_code(REPORT(json, "--out", pdf, "--title", "Chair & deputy", "--date",
	                   "2027-03-01T23:30:00Z", "--date-format", "%d.%m.%Y %H:%M %Z"),
	            0);
	const char *text = text_in(pdf);
	static const char *const says[] = {
		"Chair & deputy",   "01.03.2027 23:30 UTC",
		"B\xc3\xb8rge",     "Cy excluded, votes transferred: 1.00000",
		"Non-transferable", "Page 1 of "};
	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		assert_says(text, says[i]);
}

static void a_record_is_reported_with_its_ballots(void **state)
{
	(void)state;
	skip_where_it_is_not_built();
	const char *folder = make_election(make_blt(5, 1, 12), "1", "1", NULL);
	const char *pdf = text_of("%s/r.pdf", fresh_folder());
	assert_code(REPORT(text_of("%s/result.json", record_of(folder)), "--out", pdf), 0);
	const char *text = text_in(pdf);
	assert_says(text, "All ballots");
	assert_says(text, "Candidate 4");
	assert_says(text, "urna verify");
}

static void what_is_no_result_is_refused_and_leaves_no_file(void **state)
{
	(void)state;
	skip_where_it_is_not_built();
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"questions\":[]}",
		"{\"title\":\"T\",\"candidates\":[],\"stages\":[]}",
		"{\"title\":\"T\",\"candidates\":[{\"name\":\"A\",\"status\":\"elected\"}],\"stages\":[{}],"
		"\"rule\":\"x\",\"quota\":null,\"seats\":1,\"valid\":1,\"blank\":0,"
		"\"elected\":[{\"candidate\":2,\"stage\":1,\"without_quota\":false}]}",
	};
	const char *folder = fresh_folder(), *json = text_of("%s/x.json", folder);
	const char *pdf = text_of("%s/x.pdf", folder);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		write_text(json, wrong[i]);
		assert_code(REPORT(json, "--out", pdf), 1);
		assert_int_equal(access(pdf, F_OK), -1);
	}
	write_text(pdf, "mine");
	struct outcome o = REPORT(counted(folder), "--out", pdf);
	assert_code(o, 3);
	assert_says(o.err, "conflict");
	assert_true(bytes_equal(read_file(pdf), BYTES_LITERAL("mine")));
}

static void wrong_command_lines_are_refused(void **state)
{
	(void)state;
	skip_where_it_is_not_built();
	static const struct {
		const char *arguments[4];
		const char *says;
	} cases[] = {
		{{"--out=x.pdf", NULL}, "FILE is missing"},
		{{"x.json", NULL}, "--out is missing"},
		{{"x.json", "y.json", NULL}, "one FILE"},
		{{"x.json", "--out=x.pdf", "--date=tomorrow", NULL}, "is no time"},
		{{"x.json", "--out=x.pdf", "--time-zone=Mars", NULL}, "knows no 'Mars'"},
		{{"x.json", "--out=x.pdf", "--date-format=%Y", NULL}, "go with --date"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct outcome o = report(cases[i].arguments);
		assert_code(o, 2);
		assert_says(o.err, cases[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_file_gives_the_same_bytes),
		cmocka_unit_test(the_page_says_what_the_file_says),
		cmocka_unit_test(a_record_is_reported_with_its_ballots),
		cmocka_unit_test(what_is_no_result_is_refused_and_leaves_no_file),
		cmocka_unit_test(wrong_command_lines_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
