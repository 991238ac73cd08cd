/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/child.h"
#include "host/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct error err;

#define SHELL(script) ((const char *const[]){"/bin/sh", "-c", script, NULL})
#define ROOM 200000u

static uint8_t out_room[ROOM], err_room[ROOM];
static struct child_output output = {{out_room, ROOM, 0}, {err_room, ROOM, 0}, {0, 0}};

static bool run_script(const char *script, bytes input, uint64_t timeout_ms)
{
	const struct child_spec spec = {.argv = SHELL(script)};
	return child_run(&output, &spec, input, timeout_ms, &err);
}

static void assert_said(const char *text)
{
	char said[256] = "";
	assert_true(output.out.len < sizeof said);
	memcpy(said, out_room, output.out.len);
	assert_string_equal(said, text);
}

static void output_errors_and_exit_code_come_back(void **state)
{
	(void)state;
	assert_ok(run_script("cat; echo bad >&2; exit 7", BYTES_LITERAL("hello"), 10000), err);
	assert_said("hello");
	assert_true(bytes_equal(bytes_of(err_room, output.err.len), BYTES_LITERAL("bad\n")));
	assert_true(output.status.exited);
	assert_int_equal(output.status.code, 7);
}

static void given_descriptors_begin_at_three_and_no_other_is_there(void **state)
{
	(void)state;
	int pair[2], other = open("/dev/null", O_RDONLY);
	assert_int_equal(pipe(pair), 0);
	assert_int_equal(write(pair[1], "hello\n", 6), 6);
	close(pair[1]);
	const int given[] = {other, pair[0]};
	const struct child_spec spec = {
		.argv = SHELL("cat <&3; cat <&4; [ -e /proc/self/fd/5 ] && echo more; exit 0"),
		.given = given,
		.given_count = 2};
	assert_ok(child_run(&output, &spec, BYTES_NONE, 10000, &err), err);
	assert_said("hello\n");
	close(pair[0]);
	close(other);
}

static void large_input_and_output_do_not_block_each_other(void **state)
{
	(void)state;
	static uint8_t input[190000];
	assert_ok(rng_fill(test_rng(), input, sizeof input, &err), err);
	assert_ok(run_script("cat", BYTES_OF(input), 20000), err);
	assert_true(bytes_equal(bytes_of(out_room, output.out.len), BYTES_OF(input)));
}

static void a_child_that_does_not_read_its_input_is_fine(void **state)
{
	(void)state;
	static uint8_t input[190000];
	assert_ok(run_script("exec <&-; echo done", BYTES_OF(input), 20000), err);
	assert_said("done\n");
	sigset_t waiting;
	sigpending(&waiting);
	assert_int_equal(sigismember(&waiting, SIGPIPE), 0);
}

static void a_signal_is_told_from_an_exit(void **state)
{
	(void)state;
	assert_ok(run_script("kill -USR1 $$", BYTES_NONE, 10000), err);
	assert_false(output.status.exited);
	assert_int_equal(output.status.code, SIGUSR1);
}

static void more_output_than_room_is_a_limit(void **state)
{
	(void)state;
	uint8_t room[4];
	struct child_output small = {{room, 4, 0}, {err_room, ROOM, 0}, {0, 0}};
	const struct child_spec fits = {.argv = SHELL("printf 1234")};
	const struct child_spec does_not = {.argv = SHELL("printf 12345; sleep 100")};
	assert_ok(child_run(&small, &fits, BYTES_NONE, 10000, &err), err);
	assert_int_equal(small.out.len, 4);
	assert_fails(child_run(&small, &does_not, BYTES_NONE, 10000, &err), err, ERROR_LIMIT);
}

static void the_deadline_ends_a_child_that_hangs(void **state)
{
	(void)state;
	assert_fails(run_script("trap '' TERM; exec sleep 1000", BYTES_NONE, 50), err,
	             ERROR_UNAVAILABLE);
	assert_fails(run_script("exec >&- 2>&-; sleep 1000", BYTES_NONE, 50), err, ERROR_UNAVAILABLE);
}

static void environment_and_folder_are_what_was_said(void **state)
{
	(void)state;
	const struct child_spec spec = {
		.argv = SHELL("echo \"$URNA_X-$HOME\"; pwd; cat"),
		.environment = (const char *const[]){"URNA_X=1", "PATH=/usr/bin:/bin", NULL},
		.folder = "/",
	};
	assert_ok(child_run(&output, &spec, BYTES_NONE, 10000, &err), err);
	assert_said("1-\n/\n");
}

static void a_missing_program_is_told_at_once(void **state)
{
	(void)state;
	const char *const argv[] = {"/nonexistent/urna-x", NULL};
	const struct child_spec spec = {.argv = argv};
	struct child c;
	assert_fails(child_start(&c, &spec, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "/nonexistent/urna-x");
	child_close(&c);
	const struct child_spec folder = {.argv = SHELL("true"), .folder = "/nonexistent"};
	assert_fails(child_start(&c, &folder, &err), err, ERROR_MALFORMED);
	const struct child_spec denied = {.argv = (const char *const[]){"/etc/passwd", NULL}};
	assert_fails(child_start(&c, &denied, &err), err, ERROR_IO);
}

/* Counts the descriptors of this process. */
static size_t open_count(void)
{
	size_t n = 0;
	DIR *d = opendir("/proc/self/fd");
	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void a_child_gets_three_descriptors_and_leaves_none(void **state)
{
	(void)state;
	size_t before = open_count();
	int extra = open("/dev/null", O_RDONLY); /* inheritable on purpose */
	assert_ok(run_script("ls /proc/self/fd | wc -l", BYTES_NONE, 10000), err);
	assert_said("4\n"); /* three, and the folder ls itself reads */
	close(extra);
	assert_int_equal(open_count(), before);
}

static void streams_can_be_given_and_even_swapped(void **state)
{
	(void)state;
	int fd[2];
	char got[32] = "";
	assert_int_equal(pipe(fd), 0);
	const struct child_spec spec = {
		.argv = SHELL("cat; echo out; echo err >&2"),
		.in = CHILD_NULL,
		.out = CHILD_GIVEN,
		.out_fd = fd[1],
		.err = CHILD_GIVEN,
		.err_fd = fd[1],
	};
	struct child c;
	struct child_status status;
	assert_ok(child_start(&c, &spec, &err), err);
	assert_ok(child_wait(&c, 10000, &status, &err), err);
	assert_int_equal(read(fd[0], got, sizeof got - 1), 8);
	assert_string_equal(got, "out\nerr\n");
	child_close(&c);
	child_close(&c);
	close(fd[0]);
	close(fd[1]);
}

static void waiting_ends_at_the_deadline_and_the_child_goes_on(void **state)
{
	(void)state;
	const struct child_spec spec = {.argv = SHELL("read x; exit 3"), .in = CHILD_PIPE};
	struct child c;
	struct child_status status;
	assert_ok(child_start(&c, &spec, &err), err);
	assert_fails(child_wait(&c, 30, &status, &err), err, ERROR_UNAVAILABLE);
	assert_fails(child_wait(&c, 0, &status, &err), err, ERROR_UNAVAILABLE);
	assert_int_equal(write(c.in, "go\n", 3), 3);
	assert_ok(child_wait(&c, 10000, &status, &err), err);
	assert_int_equal(status.code, 3);
	assert_ok(child_wait(&c, 0, &status, &err), err); /* and again */
	assert_int_equal(status.code, 3);
	assert_ok(child_signal(&c, SIGKILL, &err), err); /* nobody is hit */
	child_close(&c);
}

static void terminate_asks_first_and_kills_after_the_grace(void **state)
{
	(void)state;
	char ready[2];
	struct child c;
	struct child_status status;
	const struct child_spec polite = {
		.argv = SHELL("trap 'exit 5' TERM; echo; read x"), .in = CHILD_PIPE, .out = CHILD_PIPE};
	assert_ok(child_start(&c, &polite, &err), err);
	assert_int_equal(read(c.out, ready, 1), 1);
	assert_ok(child_terminate(&c, 10000, &status, &err), err);
	assert_true(status.exited);
	assert_int_equal(status.code, 5);
	child_close(&c);
	const struct child_spec deaf = {
		.argv = SHELL("trap '' TERM; echo; read x"), .in = CHILD_PIPE, .out = CHILD_PIPE};
	assert_ok(child_start(&c, &deaf, &err), err);
	assert_int_equal(read(c.out, ready, 1), 1);
	assert_ok(child_terminate(&c, 30, &status, &err), err);
	assert_false(status.exited);
	assert_int_equal(status.code, SIGKILL);
	assert_ok(child_terminate(&c, 30, &status, &err), err);
	child_close(&c);
}

static void closing_ends_a_child_that_still_runs(void **state)
{
	(void)state;
	const struct child_spec spec = {.argv = SHELL("read x"), .in = CHILD_PIPE};
	struct child c;
	assert_ok(child_start(&c, &spec, &err), err);
	int pid = c.pid;
	child_close(&c);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void a_child_has_no_blocked_or_ignored_signals(void **state)
{
	(void)state;
	sigset_t all, before;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	void (*old)(int) = signal(SIGUSR2, SIG_IGN);
	bool ok = run_script("grep -E 'Sig(Blk|Ign)' /proc/self/status", BYTES_NONE, 10000);
	signal(SIGUSR2, old);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_ok(ok, err);
	const char *blocked = "SigBlk:\t0000000000000000\nSigIgn:\t";
	assert_true(output.out.len > strlen(blocked));
	assert_memory_equal(out_room, blocked, strlen(blocked));
	out_room[output.out.len] = '\0';
	unsigned long long ignored = strtoull((char *)out_room + strlen(blocked), NULL, 16);
	/* glibc ignores its own two signals, 32 and 33, in what it spawns. */
	assert_int_equal(ignored & ~0x180000000ull, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_errors_and_exit_code_come_back),
		cmocka_unit_test(given_descriptors_begin_at_three_and_no_other_is_there),
		cmocka_unit_test(large_input_and_output_do_not_block_each_other),
		cmocka_unit_test(a_child_that_does_not_read_its_input_is_fine),
		cmocka_unit_test(a_signal_is_told_from_an_exit),
		cmocka_unit_test(more_output_than_room_is_a_limit),
		cmocka_unit_test(the_deadline_ends_a_child_that_hangs),
		cmocka_unit_test(environment_and_folder_are_what_was_said),
		cmocka_unit_test(a_missing_program_is_told_at_once),
		cmocka_unit_test(a_child_gets_three_descriptors_and_leaves_none),
		cmocka_unit_test(streams_can_be_given_and_even_swapped),
		cmocka_unit_test(waiting_ends_at_the_deadline_and_the_child_goes_on),
		cmocka_unit_test(terminate_asks_first_and_kills_after_the_grace),
		cmocka_unit_test(closing_ends_a_child_that_still_runs),
		cmocka_unit_test(a_child_has_no_blocked_or_ignored_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
