/* SPDX-License-Identifier: Apache-2.0 */
/* What a jailed process cannot do any more, and that it can still do its work. */
#include "support/support.h"

#include "host/jail.h"

#include "files/disk_folder.h"
#include "host/memory.h"
#include "host/pool.h"
#include "host/process.h"
#include "host/random.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DONE = 0, NO_JAIL = 99, UNEXPECTED = 98 };

static char writable[64], readable[64], outside[64];
static struct workers *pool;

static void make_folder(char out[static 64], const char *name)
{
	snprintf(out, 64, "/tmp/urna-jail-%s-XXXXXX", name);
	assert_non_null(mkdtemp(out));
}

static int make_folders(void **state)
{
	char file[80];
	(void)state;
	make_folder(writable, "w");
	make_folder(readable, "r");
	make_folder(outside, "o");
	snprintf(file, sizeof file, "%s/file", readable);
	int fd = open(file, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "text\n", 5), 5);
	return close(fd);
}

static int remove_folders(void **state)
{
	char file[80];
	(void)state;
	snprintf(file, sizeof file, "%s/file", readable);
	unlink(file);
	return rmdir(writable) | rmdir(readable) | rmdir(outside);
}

static bool enter(bool *guarded, struct error *err)
{
	const struct jail_folder folders[] = {{open(writable, O_RDONLY | O_DIRECTORY), true},
	                                      {open(readable, O_RDONLY | O_DIRECTORY), false}};
	return host_forbid_core_dumps(err) && host_jail_folders(guarded, folders, 2, err) &&
	       host_workers_new(&pool, 3, err) && host_jail_close(err);
}

/* The wait status of a child that tries this in the jail. */
static int jailed(int (*attempt)(bool guarded))
{
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool guarded;
		_exit(enter(&guarded, NULL) ? attempt(guarded) : NO_JAIL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void ends_it(int (*attempt)(bool))
{
	if (!host_jail_is_built())
		skip();
	int status = jailed(attempt);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
		fail_msg("status %x, not ended by SIGSYS", (unsigned)status);
}

static void is_done(int (*attempt)(bool))
{
	int status = jailed(attempt);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != DONE)
		fail_msg("status %x", (unsigned)status);
}

/* --- what ends it --- */

static int opens_socket(bool guarded)
{
	(void)guarded;
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DONE : UNEXPECTED;
}

static int runs_program(bool guarded)
{
	char *argv[] = {NULL};
	(void)guarded;
	execve("/bin/true", argv, argv);
	return UNEXPECTED;
}

static int makes_process(bool guarded)
{
	(void)guarded;
	return syscall(SYS_fork) == 0 ? DONE : UNEXPECTED;
}

static int traces(bool guarded)
{
	(void)guarded;
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? DONE : UNEXPECTED;
}

static int signals_its_parent(bool guarded)
{
	(void)guarded;
	return kill(getppid(), 0) == 0 ? DONE : UNEXPECTED;
}

static void *nothing(void *arg)
{
	return arg;
}

static int makes_thread(bool guarded)
{
	pthread_t thread;
	(void)guarded;
	return pthread_create(&thread, NULL, nothing, NULL) == 0 ? DONE : UNEXPECTED;
}

/* The thread that entered the jail waits for the end that the others bring. */
static bool socket_in_block(void *ctx, size_t block, unsigned worker, struct error *err)
{
	const struct timespec step = {0, 10000000};
	(void)ctx;
	(void)block;
	(void)err;
	for (unsigned i = 0; worker == 0 && i < 1000; i++)
		nanosleep(&step, NULL);
	return worker == 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static int a_worker_opens_socket(bool guarded)
{
	(void)guarded;
	return workers_run(pool, 3, socket_in_block, NULL, NULL) ? DONE : UNEXPECTED;
}

static void a_jailed_process_that_opens_a_socket_is_ended(void **state)
{
	(void)state;
	ends_it(opens_socket);
}

static void a_jailed_process_that_runs_a_program_is_ended(void **state)
{
	(void)state;
	ends_it(runs_program);
}

static void a_jailed_process_that_makes_another_is_ended(void **state)
{
	(void)state;
	ends_it(makes_process);
}

static void a_jailed_process_that_makes_a_thread_is_ended(void **state)
{
	(void)state;
	ends_it(makes_thread);
}

static void a_jailed_process_that_traces_or_signals_another_is_ended(void **state)
{
	(void)state;
	ends_it(traces);
	ends_it(signals_its_parent);
}

static void threads_that_were_there_before_are_jailed_too(void **state)
{
	(void)state;
	ends_it(a_worker_opens_socket);
}

/* --- what fails --- */

static bool refused(int fd, int code)
{
	return fd < 0 && errno == code;
}

static int opens_elsewhere(bool guarded)
{
	char path[80];
	if (!guarded)
		return DONE;
	snprintf(path, sizeof path, "%s/new", outside);
	return refused(open("/etc/passwd", O_RDONLY), EACCES) &&
	               refused(open(path, O_WRONLY | O_CREAT, 0600), EACCES) &&
	               refused(open("/proc/self/mem", O_RDWR), EACCES) &&
	               refused(mkdir(path, 0700), EPERM)
	           ? DONE
	           : UNEXPECTED;
}

static int writes_where_it_may_read(bool guarded)
{
	char path[80], file[80];
	snprintf(path, sizeof path, "%s/new", readable);
	snprintf(file, sizeof file, "%s/file", readable);
	if (open(file, O_RDONLY) < 0)
		return UNEXPECTED;
	if (!guarded)
		return DONE;
	return refused(open(path, O_WRONLY | O_CREAT, 0600), EACCES) &&
	               refused(open(file, O_WRONLY), EACCES) &&
	               refused(unlinkat(AT_FDCWD, file, 0), EACCES)
	           ? DONE
	           : UNEXPECTED;
}

static int makes_code(bool guarded)
{
	(void)guarded;
	void *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return data != MAP_FAILED && code == MAP_FAILED && errno == EPERM &&
	               mprotect(data, 4096, PROT_READ | PROT_EXEC) != 0 && errno == EPERM
	           ? DONE
	           : UNEXPECTED;
}

static int becomes_dumpable(bool guarded)
{
	(void)guarded;
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 && errno == EPERM ? DONE : UNEXPECTED;
}

static void files_outside_its_folders_are_closed_to_it(void **state)
{
	(void)state;
	if (!host_jail_is_built())
		skip(); /* mkdir is refused by the filter */
	is_done(opens_elsewhere);
}

static void a_folder_for_reading_is_not_written_in(void **state)
{
	(void)state;
	is_done(writes_where_it_may_read);
}

static void no_memory_is_made_executable(void **state)
{
	(void)state;
	if (!host_jail_is_built())
		skip();
	is_done(makes_code);
}

static void it_stays_out_of_reach_of_debuggers(void **state)
{
	(void)state;
	if (!host_jail_is_built())
		skip();
	is_done(becomes_dumpable);
}

/* --- what goes on --- */

static bool see(void *ctx, const struct folder_entry *e, struct error *err)
{
	unsigned *count = ctx;
	(void)err;
	*count += strcmp(e->name, "a") == 0 || strcmp(e->name, "sub") == 0;
	return true;
}

static bool fill_block(void *ctx, size_t block, unsigned worker, struct error *err)
{
	(void)worker;
	(void)err;
	((uint8_t *)ctx)[block] = (uint8_t)block;
	return true;
}

static bool works(struct error *err)
{
	struct folder *f;
	struct rng *rng;
	struct arena arena;
	struct host_secret secret;
	uint8_t room[64], blocks[64];
	bytes back;
	unsigned count = 0;
	return host_arena_new(&arena, (size_t)1 << 30, err) && host_secret_new(&secret, 4096, err) &&
	       host_rng_new(&rng, err) && rng_fill(rng, room, 32, err) &&
	       workers_run(pool, 64, fill_block, blocks, err) &&
	       disk_folder_open(&f, writable, DISK_PRIVATE, err) &&
	       folder_write(f, "sub/x", false, bytes_of(room, 32), err) &&
	       folder_write(f, "a", false, bytes_of(room, 32), err) &&
	       folder_write(f, "a", true, bytes_of(room, 16), err) &&
	       folder_read(f, "a", room, sizeof room, &back, err) && back.len == 16 &&
	       f->list(f, "", see, &count, err) && count == 2 && disk_folder_erase(f, "a", err) &&
	       !f->exists(f, "a") && f->remove(f, "sub/x", err);
}

static int does_its_work(bool guarded)
{
	struct error err;
	(void)guarded;
	error_clear(&err);
	if (works(&err))
		return DONE;
	dprintf(2, "%s: %s\n", err.what ? err.what : "no reason", err.detail);
	return UNEXPECTED;
}

static void folders_memory_randomness_and_threads_go_on(void **state)
{
	char sub[80];
	(void)state;
	is_done(does_its_work);
	snprintf(sub, sizeof sub, "%s/sub", writable);
	assert_int_equal(rmdir(sub), 0);
}

/* --- where there is no seccomp --- */

static int enter_without_seccomp(void)
{
	struct error err;
	error_clear(&err);
	const struct scmp_arg_cmp set = {0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0};
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	if (!f || seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, &set) != 0 ||
	    seccomp_load(f) != 0)
		return NO_JAIL;
	return !host_jail_close(&err) && err.kind == ERROR_UNAVAILABLE ? DONE : UNEXPECTED;
}

static void without_seccomp_there_is_no_jail(void **state)
{
	int status;
	(void)state;
	if (!host_jail_is_built())
		skip();
	pid_t child = fork();
	if (child == 0)
		_exit(enter_without_seccomp());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jailed_process_that_opens_a_socket_is_ended),
		cmocka_unit_test(a_jailed_process_that_runs_a_program_is_ended),
		cmocka_unit_test(a_jailed_process_that_makes_another_is_ended),
		cmocka_unit_test(a_jailed_process_that_makes_a_thread_is_ended),
		cmocka_unit_test(a_jailed_process_that_traces_or_signals_another_is_ended),
		cmocka_unit_test(threads_that_were_there_before_are_jailed_too),
		cmocka_unit_test(files_outside_its_folders_are_closed_to_it),
		cmocka_unit_test(a_folder_for_reading_is_not_written_in),
		cmocka_unit_test(no_memory_is_made_executable),
		cmocka_unit_test(it_stays_out_of_reach_of_debuggers),
		cmocka_unit_test(folders_memory_randomness_and_threads_go_on),
		cmocka_unit_test(without_seccomp_there_is_no_jail),
	};
	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
