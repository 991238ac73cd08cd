/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int fd[2];
static char got[3 * LOG_LINE_BYTES];

static int setup(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_INFO);
	if (pipe(fd) != 0)
		return 1;
	log_set_fd(fd[1]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	log_set_fd(STDERR_FILENO);
	close(fd[0]);
	return close(fd[1]);
}

/* What was logged, without the 24 characters of the time. */
static const char *logged(void)
{
	assert_true(write(fd[1], "", 1) == 1); /* so that reading nothing does not wait */
	ssize_t n = read(fd[0], got, sizeof got - 1);
	assert_true(n > 0);
	if (n == 1)
		return "";
	assert_true(n > 25 && got[4] == '-' && got[10] == 'T' && got[23] == 'Z');
	return got + 25;
}

static void a_line_has_level_and_text(void **state)
{
	(void)state;
	log_line(LOG_LEVEL_WARNING, "authority: a%d does not answer", 2);
	assert_string_equal(logged(), "warning authority: a2 does not answer\n");
}

static void what_is_above_the_level_is_dropped(void **state)
{
	(void)state;
	log_line(LOG_LEVEL_DEBUG, "unseen");
	assert_string_equal(logged(), "");
	log_set_level(LOG_LEVEL_DEBUG);
	log_line(LOG_LEVEL_DEBUG, "seen");
	assert_string_equal(logged(), "debug seen\n");
	log_set_level(LOG_LEVEL_ERROR);
	log_line(LOG_LEVEL_WARNING, "unseen");
	assert_string_equal(logged(), "");
}

static void control_characters_cannot_forge_a_line(void **state)
{
	(void)state;
	log_line(LOG_LEVEL_INFO, "name %s", "x\n2027-01-01 error\r\x1b[2J\xc2\x9b\x7fü");
	assert_string_equal(logged(), "info name x?2027-01-01 error??[2J???ü\n");
}

static void a_long_line_is_cut_between_characters(void **state)
{
	(void)state;
	char text[2 * LOG_LINE_BYTES];
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "ü", 3);
	log_line(LOG_LEVEL_INFO, "%s", text);
	const char *line = logged();
	size_t len = strlen(line);
	assert_true(len + 25 <= LOG_LINE_BYTES && len > LOG_LINE_BYTES - 40);
	assert_string_equal(line + len - 6, "ü…\n");
	log_line(LOG_LEVEL_INFO, "x%s", text);
	line = logged();
	assert_string_equal(line + strlen(line) - 6, "ü…\n");
}

static void a_failure_is_told_whole(void **state)
{
	(void)state;
	struct error err;
	fail_detail(&err, ERROR_IO, "files: cannot be written", 3, "No space left on device");
	fail_within_index(&err, "byte", 3);
	fail_within(&err, "proofs/Ciphertexts01.bt");
	log_failure(LOG_LEVEL_ERROR, "mixing", &err);
	assert_string_equal(logged(), "error mixing: io: files: cannot be written: "
	                              "proofs/Ciphertexts01.bt: byte 3: No space left on device\n");
	fail(&err, ERROR_LIMIT, "arena: full", ERROR_NOWHERE);
	char small[8], none[1] = {'x'};
	error_describe(small, sizeof small, &err);
	assert_string_equal(small, "limit: ");
	error_describe(none, 0, &err);
	assert_int_equal(none[0], 'x');
}

static void levels_have_names(void **state)
{
	(void)state;
	enum log_level level = LOG_LEVEL_ERROR;
	assert_true(log_level_named(&level, "debug"));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
	assert_false(log_level_named(&level, "Debug"));
	assert_false(log_level_named(&level, ""));
}

static void logging_leaves_errno_alone(void **state)
{
	(void)state;
	log_set_fd(-1);
	errno = ENOSPC;
	log_line(LOG_LEVEL_INFO, "to nobody");
	assert_int_equal(errno, ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_has_level_and_text, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_above_the_level_is_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(control_characters_cannot_forge_a_line, setup, teardown),
		cmocka_unit_test_setup_teardown(a_long_line_is_cut_between_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(a_failure_is_told_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(levels_have_names, setup, teardown),
		cmocka_unit_test_setup_teardown(logging_leaves_errno_alone, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
