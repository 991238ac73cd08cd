/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "cli/out_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[32], path[64];
static struct error err;

static int make_folder(void **state)
{
	(void)state;
	error_clear(&err);
	snprintf(folder, sizeof folder, "/tmp/urna-out-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/ballots.bt", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder); /* fails where anything else was left */
}

static void assert_holds(const char *expected)
{
	bytes b = test_file(path);
	assert_true(bytes_equal(b, bytes_of_text(expected)));
}

static void a_file_appears_whole_when_it_is_committed(void **state)
{
	(void)state;
	struct sink *s;
	assert_ok(out_file_create(&s, path, &err), err);
	assert_ok(sink_append(s, BYTES_LITERAL("one "), &err), err);
	assert_ok(sink_append(s, BYTES_LITERAL("two"), &err), err);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_ok(sink_commit(s, &err), err);
	assert_holds("one two");
}

static void an_aborted_file_leaves_nothing(void **state)
{
	(void)state;
	struct sink *s;
	assert_ok(out_file_create(&s, path, &err), err);
	assert_ok(sink_append(s, BYTES_LITERAL("half"), &err), err);
	sink_abort(s);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void what_is_there_is_not_replaced(void **state)
{
	(void)state;
	struct sink *s, *late;
	assert_ok(out_file_create(&s, path, &err), err);
	assert_ok(sink_commit(s, &err), err);
	assert_fails(out_file_create(&s, path, &err), err, ERROR_CONFLICT);
	/* Nor what came between beginning and end. */
	unlink(path);
	assert_ok(out_file_create(&late, path, &err), err);
	assert_ok(sink_append(late, BYTES_LITERAL("late"), &err), err);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("first", f);
	fclose(f);
	assert_fails(sink_commit(late, &err), err, ERROR_CONFLICT);
	assert_holds("first");
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	struct sink *s;
	assert_fails(out_file_create(&s, "/nowhere/ballots.bt", &err), err, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_appears_whole_when_it_is_committed, make_folder,
	                                    remove_folder),
		cmocka_unit_test_setup_teardown(an_aborted_file_leaves_nothing, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_is_there_is_not_replaced, make_folder, remove_folder),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
