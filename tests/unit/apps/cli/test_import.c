/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "support/keys.h"

#include "cli/contest.h"
#include "cli/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DIGITS_MAX 64u

struct fixture {
	struct session session;
	struct election election;
	struct import import;
};
static struct fixture f;

static int open_session(void **state)
{
	struct error err;
	struct common_options o = COMMON_OPTIONS_DEFAULT;
	(void)state;
	error_clear(&err);
	o.threads = 1;
	o.memory_limit = (uint64_t)1 << 30;
	assert_ok(session_open(&f.session, "test", &o, &err), err);
	return 0;
}

static int close_session(void **state)
{
	(void)state;
	session_close(&f.session);
	return 0;
}

/* Written to a file of its own, removed at once after reading it. */
static bool with_file(char path[static 64], const char *content)
{
	snprintf(path, 64, "/tmp/urna-import-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	ssize_t n = write(fd, content, strlen(content));
	assert_int_equal(n, strlen(content));
	close(fd);
	return true;
}

/* The manifest that `first` gives, and the import of `second` under it. */
static bool import_text(const char *first, const char *second, const char *rule, struct error *err)
{
	static struct people people = {
		.authorities = {{.operator_name = {(const uint8_t *)"A", 1}, .identity = TEST_KEY_1}},
		.authorities_count = 1,
		.board = {{(const uint8_t *)"b", 1}, TEST_KEY_2},
		.weight_max = 1};
	char path[64];
	struct ballot_file file;
	struct ballot_file_options how = {0};
	struct contest_options o = {.rule = rule,
	                            .terms = {.threshold = 1, .accept_small_lists = true}};
	bytes exact;
	arena_release(&f.session.arena, 0);
	with_file(path, first);
	bool read = ballot_file_read(&file, path, &how, &f.session.arena, err);
	unlink(path);
	assert_true(read);
	assert_ok(contest_manifest(&exact, &o, &file.profile, &people, &f.session.arena, err), *err);
	f.election = (struct election){.session = &f.session};
	assert_ok(manifest_read(&f.election.manifest, exact, &f.session.arena, err), *err);
	with_file(path, second);
	const char *files[] = {path};
	const struct import_files all = {NULL, files, 1};
	bool good = import_read(&f.import, &f.election, &all, err);
	unlink(path);
	return good;
}

#define NAMES "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"

static uint64_t how_many(const uint32_t *values)
{
	uint64_t count = 0;
	for (uint64_t i = 0; i < f.import.ballots; i++) {
		uint32_t digits[DIGITS_MAX];
		struct error err;
		error_clear(&err);
		assert_ok(import_digits(digits, &f.import, 0, i, &err), err);
		assert_int_equal(digits[0], 0); /* nobody said "invalid" */
		count += memcmp(digits + 1, values, 3 * sizeof *values) == 0;
	}
	return count;
}

static void every_line_becomes_as_many_single_ballots(void **state)
{
	(void)state;
	struct error err;
	const char *file = "3 1\n40 2 1 0\n7 3 0\n2 0\n1 1 2 3 0\n0\n" NAMES;
	error_clear(&err);
	assert_ok(import_text(file, file, "scotland", &err), err);
	assert_int_equal(f.import.ballots, 50);
	assert_int_equal(how_many((uint32_t[]){2, 1, 0}), 40);
	assert_int_equal(how_many((uint32_t[]){0, 0, 1}), 7);
	assert_int_equal(how_many((uint32_t[]){0, 0, 0}), 2);
	assert_int_equal(how_many((uint32_t[]){1, 2, 3}), 1);
}

static void marks_without_an_order_are_marks(void **state)
{
	(void)state;
	struct error err;
	const char *file = "3 1\n4 2 1 0\n3 3 0\n0\n" NAMES;
	error_clear(&err);
	assert_ok(import_text(file, file, "plurality-at-large", &err), err);
	assert_int_equal(how_many((uint32_t[]){1, 1, 0}), 4);
	assert_int_equal(how_many((uint32_t[]){0, 0, 1}), 3);
}

static void the_order_is_drawn_anew_each_time(void **state)
{
	(void)state;
	struct error err;
	uint32_t before[1000];
	const char *file = "3 1\n500 2 0\n500 3 0\n0\n" NAMES;
	error_clear(&err);
	assert_ok(import_text(file, file, "scotland", &err), err);
	memcpy(before, f.import.questions[0].order, sizeof before);
	unsigned changes = 0;
	for (unsigned i = 1; i < 1000; i++)
		changes += before[i] != before[i - 1];
	/* Of 1000 ballots half and half about 500 neighbours differ; 400 is 6 deviations away. */
	assert_in_range(changes, 400, 600);
	assert_ok(import_text(file, file, "scotland", &err), err);
	assert_memory_not_equal(before, f.import.questions[0].order, sizeof before);
}

static void another_name_or_number_of_candidates_is_refused(void **state)
{
	(void)state;
	struct error err;
	const char *file = "3 1\n4 2 1 0\n0\n" NAMES;
	assert_fails(
		import_text(file, "3 1\n4 2 0\n0\n\"Ann\"\n\"Eve\"\n\"Cy\"\n\"T\"\n", "scotland", &err),
		err, ERROR_REJECTED);
	assert_non_null(
		strstr(err.detail, "candidate 2 is 'Eve' in the file and 'Bo' in the manifest"));
	assert_fails(import_text(file, "2 1\n4 2 0\n0\n\"Ann\"\n\"Bo\"\n\"T\"\n", "scotland", &err),
	             err, ERROR_REJECTED);
	assert_non_null(strstr(err.detail, "2 candidates in the file, 3 in the manifest"));
	assert_fails(
		import_text(file, "3 1\n4 2 0\n0\n\"Bo\"\n\"Ann\"\n\"Cy\"\n\"T\"\n", "scotland", &err), err,
		ERROR_REJECTED);
}

static void a_table_may_name_the_candidates_in_any_order(void **state)
{
	(void)state;
	struct error err;
	const char *table = "count,rank1,rank2\n5,Cy,Ann\n2,Bo,\n";
	error_clear(&err);
	assert_ok(import_text("3 1\n4 2 1 0\n0\n" NAMES, table, "scotland", &err), err);
	assert_int_equal(how_many((uint32_t[]){2, 0, 1}), 5);
	assert_int_equal(how_many((uint32_t[]){0, 1, 0}), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_becomes_as_many_single_ballots),
		cmocka_unit_test(marks_without_an_order_are_marks),
		cmocka_unit_test(the_order_is_drawn_anew_each_time),
		cmocka_unit_test(another_name_or_number_of_candidates_is_refused),
		cmocka_unit_test(a_table_may_name_the_candidates_in_any_order),
	};
	return cmocka_run_group_tests(tests, open_session, close_session);
}
