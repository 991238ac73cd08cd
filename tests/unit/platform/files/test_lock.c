/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "sandbox.h"

#include "files/disk_folder.h"
#include "files/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

static void a_second_lock_is_refused_and_names_the_process(void **state)
{
	(void)state;
	struct folder_lock first, second;
	char holder[64];
	snprintf(holder, sizeof holder, ": held by process %d", (int)getpid());
	assert_ok(folder_lock_take(&first, sandbox_path(""), &err), err);
	assert_fails(folder_lock_take(&second, sandbox_path(""), &err), err, ERROR_UNAVAILABLE);
	assert_int_equal(second.fd, -1);
	assert_non_null(strstr(err.detail, sandbox_path("")));
	assert_non_null(strstr(err.detail, holder));
	folder_lock_release(&first);
	folder_lock_release(&first);
	assert_ok(folder_lock_take(&second, sandbox_path(""), &err), err);
	folder_lock_release(&second);
}

static void a_killed_holder_holds_nothing(void **state)
{
	(void)state;
	int fd[2];
	char ready, holder[64];
	struct folder_lock lock;
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		bool ok = folder_lock_take(&lock, sandbox_path(""), NULL);
		ok = write(fd[1], ok ? "y" : "n", 1) == 1;
		for (;;)
			pause();
	}
	assert_int_equal(read(fd[0], &ready, 1), 1);
	assert_int_equal(ready, 'y');
	snprintf(holder, sizeof holder, "held by process %d", (int)pid);
	assert_fails(folder_lock_take(&lock, sandbox_path(""), &err), err, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.detail, holder));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_ok(folder_lock_take(&lock, sandbox_path(""), &err), err);
	folder_lock_release(&lock);
	close(fd[0]);
	close(fd[1]);
}

static void a_lock_file_with_nonsense_does_not_confuse(void **state)
{
	(void)state;
	struct folder_lock first, second;
	assert_ok(folder_lock_take(&first, sandbox_path(""), &err), err);
	disk_put(".urna-lock", "\x1b[2Jxx");
	assert_fails(folder_lock_take(&second, sandbox_path(""), &err), err, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.detail, ": held by another process"));
	folder_lock_release(&first);
}

static void a_link_as_lock_file_is_refused(void **state)
{
	(void)state;
	struct folder_lock lock;
	disk_put("precious", "content");
	assert_int_equal(symlink("precious", sandbox_path(".urna-lock")), 0);
	assert_fails(folder_lock_take(&lock, sandbox_path(""), &err), err, ERROR_IO);
	assert_string_equal(disk_get("precious"), "content");
	assert_fails(folder_lock_take(&lock, sandbox_path("nowhere"), &err), err, ERROR_IO);
}

static bool refuse_any(void *ctx, const struct folder_entry *e, struct error *e2)
{
	(void)ctx;
	(void)e;
	return fail(e2, ERROR_BUG, "test: something is listed", ERROR_NOWHERE);
}

static void the_lock_is_no_content(void **state)
{
	(void)state;
	struct folder_lock lock;
	struct folder *f;
	assert_ok(folder_lock_take(&lock, sandbox_path(""), &err), err);
	assert_ok(disk_folder_open(&f, sandbox_path(""), DISK_WRITE, &err), err);
	assert_ok(f->list(f, "", refuse_any, NULL, &err), err);
	assert_int_equal(disk_entries(""), 1);
	disk_folder_close(f);
	folder_lock_release(&lock);
}

#define SANDBOXED(test) cmocka_unit_test_setup_teardown(test, sandbox_make, sandbox_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SANDBOXED(a_second_lock_is_refused_and_names_the_process),
		SANDBOXED(a_killed_holder_holds_nothing),
		SANDBOXED(a_lock_file_with_nonsense_does_not_confuse),
		SANDBOXED(a_link_as_lock_file_is_refused),
		SANDBOXED(the_lock_is_no_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
