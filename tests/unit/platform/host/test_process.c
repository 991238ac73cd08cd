/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test runs in a child: what it sets holds for the whole process. Wait status of the child,
 * and what it wrote to stderr. */
static char said[1024];

static int status_of(void (*f)(void))
{
	int fd[2], status;
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const int defaults[] = {SIGTRAP, SIGILL, SIGABRT, SIGINT, SIGTERM, SIGPIPE};
		for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
			signal(defaults[i], SIG_DFL);
		dup2(fd[1], STDERR_FILENO);
		f();
		_exit(0);
	}
	close(fd[1]);
	size_t len = 0;
	for (ssize_t n; (n = read(fd[0], said + len, sizeof said - 1 - len)) > 0;)
		len += (size_t)n;
	said[len] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* In the children cmocka's asserts do not work: a number says which line failed. */
#define expect(cond) ((cond) ? (void)0 : _exit(__LINE__ % 250 + 1))

static void forbid(void)
{
	struct rlimit limit;
	expect(host_forbid_core_dumps(NULL));
	expect(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0);
	expect(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
}

static void core_dumps_can_be_forbidden(void **state)
{
	(void)state;
	assert_int_equal(status_of(forbid), 0);
}

static void break_a_rule(void)
{
	host_report_require();
	require(1 + 1 == 2);
	require(1 + 1 == 3);
}

static void a_failed_require_names_its_place(void **state)
{
	(void)state;
	int status = status_of(break_a_rule);
	assert_true(status != 0);
	assert_non_null(strstr(said, "test_process.c:"));
	assert_non_null(strstr(said, ": this must hold and does not: 1 + 1 == 3\n"));
}

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, 0) == 1;
}

static void stop_by(int signal_number)
{
	expect(host_stop_fd() == -1);
	expect(host_watch_stop(NULL));
	expect(!host_stop_requested() && !readable(host_stop_fd()));
	raise(signal_number);
	expect(host_stop_requested() && readable(host_stop_fd()));
	expect(host_stop_requested() && readable(host_stop_fd()));
}

static void stop_by_int(void)
{
	stop_by(SIGINT);
}

static void stop_by_term(void)
{
	stop_by(SIGTERM);
}

static void the_first_signal_asks_to_stop(void **state)
{
	(void)state;
	assert_int_equal(status_of(stop_by_int), 0);
	assert_int_equal(status_of(stop_by_term), 0);
}

static void stop_twice(void)
{
	stop_by(SIGINT);
	raise(SIGTERM);
	expect(false);
}

static void the_second_signal_ends_the_program(void **state)
{
	(void)state;
	int status = status_of(stop_twice);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void write_to_nobody(void)
{
	int fd[2];
	expect(host_watch_stop(NULL));
	expect(pipe(fd) == 0 && close(fd[0]) == 0);
	expect(write(fd[1], "x", 1) == -1);
	expect(!host_stop_requested());
}

static void a_broken_pipe_does_not_end_the_program(void **state)
{
	(void)state;
	assert_int_equal(status_of(write_to_nobody), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(core_dumps_can_be_forbidden),
		cmocka_unit_test(a_failed_require_names_its_place),
		cmocka_unit_test(the_first_signal_asks_to_stop),
		cmocka_unit_test(the_second_signal_ends_the_program),
		cmocka_unit_test(a_broken_pipe_does_not_end_the_program),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
