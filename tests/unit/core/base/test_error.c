/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail_says_what_where_and_returns_false(void **state)
{
	struct error err;
	memset(&err, 0xa5, sizeof err);
	assert_false(fail(&err, ERROR_REJECTED, "proof: it does not hold", 7));
	assert_int_equal(err.kind, ERROR_REJECTED);
	assert_string_equal(err.what, "proof: it does not hold");
	assert_int_equal(err.at, 7);
	assert_string_equal(err.detail, "");
}

static void places_stand_outermost_first(void **state)
{
	struct error err;
	fail_detail(&err, ERROR_MALFORMED, "point: not on the curve", 3, "x = 5");
	assert_false(fail_within(&err, "Ciphertexts01.bt"));
	assert_false(fail_within_index(&err, "party", 12));
	assert_string_equal(err.detail, "party 12: Ciphertexts01.bt: x = 5");
	assert_int_equal(err.kind, ERROR_MALFORMED);
	assert_string_equal(err.what, "point: not on the curve");
	assert_int_equal(err.at, 3);
}

static void a_place_alone_has_no_colon(void **state)
{
	struct error err;
	fail(&err, ERROR_IO, "disk: full", ERROR_NOWHERE);
	fail_within(&err, "tally");
	assert_string_equal(err.detail, "tally");
}

static void details_are_bounded_and_keep_the_outer_places(void **state)
{
	struct error err;
	char value[2 * ERROR_DETAIL_BYTES];
	memset(value, 'v', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	fail_detail(&err, ERROR_LIMIT, "text: too long", 0, value);
	assert_int_equal(strlen(err.detail), ERROR_DETAIL_BYTES - 1);
	for (int i = 0; i < 100; i++) {
		fail_within(&err, "place");
		assert_int_equal(strlen(err.detail), ERROR_DETAIL_BYTES - 1);
		assert_memory_equal(err.detail, "place: ", 7);
	}
}

static void the_detail_of_an_error_may_be_its_own(void **state)
{
	struct error err;
	fail_detail(&err, ERROR_MALFORMED, "first", 1, "proofs/x.bt");
	fail_detail(&err, ERROR_REJECTED, "second", 2, err.detail);
	assert_string_equal(err.detail, "proofs/x.bt");
	assert_int_equal(err.kind, ERROR_REJECTED);
}

static void a_missing_error_loses_the_text_only(void **state)
{
	assert_false(fail(NULL, ERROR_IO, "disk: full", 0));
	assert_false(fail_detail(NULL, ERROR_IO, "disk: full", 0, "x"));
	assert_false(fail_within(NULL, "x"));
	assert_false(fail_within_index(NULL, "x", 1));
	error_clear(NULL);
}

static void a_cleared_error_says_nothing(void **state)
{
	struct error err;
	fail_detail(&err, ERROR_BUG, "x", 1, "y");
	error_clear(&err);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_null(err.what);
	assert_int_equal(err.at, ERROR_NOWHERE);
	assert_string_equal(err.detail, "");
}

static void every_kind_has_a_name_of_its_own(void **state)
{
	for (enum error_kind a = ERROR_NONE; a <= ERROR_BUG; a++) {
		assert_string_not_equal(error_kind_name(a), "unknown");
		for (enum error_kind b = ERROR_NONE; b < a; b++)
			assert_string_not_equal(error_kind_name(a), error_kind_name(b));
	}
}

static void require_lets_the_truth_pass(void **state)
{
	int evaluated = 0;
	require(++evaluated == 1);
	assert_int_equal(evaluated, 1);
}

static int status_of_a_broken_requirement(require_hook *hook)
{
	pid_t child = fork();
	if (child == 0) {
		signal(SIGTRAP, SIG_DFL);
		signal(SIGILL, SIG_DFL);
		require_set_hook(hook);
		require(1 + 1 == 3);
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void checking_hook(const char *cond, const char *file, int line)
{
	if (strcmp(cond, "1 + 1 == 3") == 0 && strstr(file, "test_error.c") && line > 0)
		_exit(42);
}

static void returning_hook(const char *cond, const char *file, int line)
{
}

static void a_broken_requirement_tells_the_hook(void **state)
{
	int status = status_of_a_broken_requirement(checking_hook);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

static void a_broken_requirement_ends_the_process_even_if_the_hook_returns(void **state)
{
	assert_true(WIFSIGNALED(status_of_a_broken_requirement(returning_hook)));
	assert_true(WIFSIGNALED(status_of_a_broken_requirement(NULL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fail_says_what_where_and_returns_false),
		cmocka_unit_test(places_stand_outermost_first),
		cmocka_unit_test(a_place_alone_has_no_colon),
		cmocka_unit_test(details_are_bounded_and_keep_the_outer_places),
		cmocka_unit_test(the_detail_of_an_error_may_be_its_own),
		cmocka_unit_test(a_missing_error_loses_the_text_only),
		cmocka_unit_test(a_cleared_error_says_nothing),
		cmocka_unit_test(every_kind_has_a_name_of_its_own),
		cmocka_unit_test(require_lets_the_truth_pass),
		cmocka_unit_test(a_broken_requirement_tells_the_hook),
		cmocka_unit_test(a_broken_requirement_ends_the_process_even_if_the_hook_returns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
