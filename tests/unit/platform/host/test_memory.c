/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

static void a_large_arena_costs_only_what_is_touched(void **state)
{
	(void)state;
	struct arena a;
	assert_ok(host_arena_new(&a, (size_t)64 << 30, &err), err);
	uint8_t *p = arena_take(&a, (size_t)1 << 30, 32, &err);
	assert_non_null(p);
	p[0] = 1;
	p[((size_t)32 << 30) - 1] = 2;
	assert_int_equal(p[0] + p[((size_t)32 << 30) - 1], 3);
	host_arena_free(&a);
	host_arena_free(&a);
	host_arena_free(NULL);
	assert_null(a.base);
}

static void an_arena_is_full_at_its_maximum(void **state)
{
	(void)state;
	struct arena a;
	assert_ok(host_arena_new(&a, 100000, &err), err);
	assert_in_range(a.size, 100000, 100000 + 4095);
	assert_null(arena_take(&a, 2, 60000, &err));
	assert_int_equal(err.kind, ERROR_LIMIT);
	assert_non_null(arena_take(&a, 1, 100000, &err));
	host_arena_free(&a);
}

static void impossible_sizes_are_refused(void **state)
{
	(void)state;
	struct arena a;
	struct host_secret s;
	assert_fails(host_arena_new(&a, SIZE_MAX, &err), err, ERROR_LIMIT);
	assert_null(a.base);
	assert_fails(host_arena_new(&a, (size_t)1 << 60, &err), err, ERROR_LIMIT);
	assert_fails(host_arena_new(&a, 0, &err), err, ERROR_LIMIT);
	assert_fails(host_secret_new(&s, SIZE_MAX, &err), err, ERROR_LIMIT);
	assert_fails(host_secret_new(&s, 0, &err), err, ERROR_LIMIT);
	assert_null(s.p);
}

/* The signal that ends a child which writes one byte here. */
static int signal_of_write(volatile uint8_t *p)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);
		*p = 1;
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void the_byte_behind_an_arena_cannot_be_touched(void **state)
{
	(void)state;
	struct arena a;
	assert_ok(host_arena_new(&a, 5000, &err), err);
	assert_int_equal(signal_of_write(a.base + a.size - 1), 0);
	assert_int_equal(signal_of_write(a.base + a.size), SIGSEGV);
	assert_int_equal(signal_of_write(a.base - 1), SIGSEGV);
	host_arena_free(&a);
}

static void trimming_gives_back_what_is_not_used(void **state)
{
	(void)state;
	struct arena a;
	assert_ok(host_arena_new(&a, 1 << 20, &err), err);
	uint8_t *kept = arena_take(&a, 1, 5000, &err);
	assert_non_null(kept);
	size_t mark = arena_mark(&a);
	uint8_t *dropped = arena_take(&a, 1, 500000, &err);
	assert_non_null(dropped);
	memset(kept, 1, 5000);
	memset(dropped, 2, 500000);
	arena_release(&a, mark);
	host_arena_trim(&a);
	assert_int_equal(kept[4999], 1);
	assert_int_equal(dropped[400000], 0);
	host_arena_free(&a);
}

/* The sanitizers turn mlock into a call that does nothing. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LOCKS_ARE_REAL false
#else
#define LOCKS_ARE_REAL true
#endif

/* Locked memory of this process in KiB, as the kernel counts it. */
static unsigned long locked_kib(void)
{
	char line[256];
	unsigned long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		if (strncmp(line, "VmLck:", 6) == 0)
			kib = strtoul(line + 6, NULL, 10);
	fclose(f);
	return kib;
}

static void a_secret_is_locked_and_guarded(void **state)
{
	(void)state;
	struct host_secret s;
	unsigned long before = locked_kib();
	assert_ok(host_secret_new(&s, 4096, &err), err);
	if (LOCKS_ARE_REAL)
		assert_int_equal(locked_kib(), before + 4);
	memset(s.p, 7, s.len);
	assert_int_equal(signal_of_write((uint8_t *)s.p + 4096), SIGSEGV);
	assert_int_equal(signal_of_write((uint8_t *)s.p - 1), SIGSEGV);
	/* Not in a forked child either. */
	assert_int_equal(signal_of_write(s.p), SIGSEGV);
	host_secret_free(&s);
	assert_int_equal(locked_kib(), before);
	assert_null(s.p);
	host_secret_free(&s);
	host_secret_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_arena_costs_only_what_is_touched),
		cmocka_unit_test(an_arena_is_full_at_its_maximum),
		cmocka_unit_test(impossible_sizes_are_refused),
		cmocka_unit_test(the_byte_behind_an_arena_cannot_be_touched),
		cmocka_unit_test(trimming_gives_back_what_is_not_used),
		cmocka_unit_test(a_secret_is_locked_and_guarded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
