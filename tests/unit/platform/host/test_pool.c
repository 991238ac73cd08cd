/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/limits.h"
#include "host/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

static struct error err;

static struct workers *new_pool(unsigned count)
{
	struct workers *w;
	assert_ok(host_workers_new(&w, count, &err), err);
	return w;
}

#define BLOCKS 1000u

struct tally {
	unsigned times[BLOCKS];
	atomic_uint inside[LIMIT_WORKERS];
	atomic_bool overlapped;
	unsigned count;
};

static bool tally_block(void *ctx, size_t block, unsigned worker, struct error *e)
{
	struct tally *t = ctx;
	if (worker >= t->count)
		return fail(e, ERROR_BUG, "test: no such worker", worker);
	if (atomic_fetch_add(&t->inside[worker], 1) != 0)
		atomic_store(&t->overlapped, true);
	t->times[block]++;
	atomic_fetch_sub(&t->inside[worker], 1);
	return true;
}

static void every_block_is_executed_once(void **state)
{
	(void)state;
	for (unsigned count = 1; count <= 8; count++) {
		struct workers *w = new_pool(count);
		assert_int_equal(w->count, count);
		for (size_t blocks = 0; blocks <= BLOCKS; blocks += 1 + blocks) {
			static struct tally t;
			memset(&t, 0, sizeof t);
			t.count = count;
			assert_ok(workers_run(w, blocks, tally_block, &t, &err), err);
			for (size_t i = 0; i < BLOCKS; i++)
				assert_int_equal(t.times[i], i < blocks);
			assert_false(atomic_load(&t.overlapped));
		}
		host_workers_free(w);
	}
}

/* Fails at all blocks that are multiples of `every`, from `first` on. */
struct failing {
	size_t first, every;
	atomic_uint before; /* blocks below `first` that were executed */
};

static bool failing_block(void *ctx, size_t block, unsigned worker, struct error *e)
{
	struct failing *f = ctx;
	(void)worker;
	if (block < f->first) {
		atomic_fetch_add(&f->before, 1);
		return true;
	}
	if ((block - f->first) % f->every == 0)
		return fail(e, ERROR_REJECTED, "test: this one", block);
	return true;
}

static void the_error_of_the_lowest_block_wins(void **state)
{
	(void)state;
	for (unsigned count = 1; count <= 8; count *= 2) {
		struct workers *w = new_pool(count);
		for (size_t round = 0; round < TEST_COUNT(200, 5000); round++) {
			struct failing f = {test_random_below(BLOCKS), 1 + test_random_below(3), 0};
			assert_fails(workers_run(w, BLOCKS, failing_block, &f, &err), err, ERROR_REJECTED);
			assert_int_equal(err.at, f.first);
			assert_int_equal(atomic_load(&f.before), f.first);
		}
		/* The pool is as good as new. */
		struct failing none = {BLOCKS, 1, 0};
		assert_ok(workers_run(w, BLOCKS, failing_block, &none, &err), err);
		host_workers_free(w);
	}
}

/*
 * Blocks 0 and 1 run at the same time and both fail, `last` clearly after the other. The pause
 * makes a wrong order likely to be seen; a right one passes however long it takes.
 */
struct race {
	size_t last;
	atomic_bool begun[2], failing[2];
};

static bool racing_block(void *ctx, size_t block, unsigned worker, struct error *e)
{
	struct race *r = ctx;
	(void)worker;
	atomic_store(&r->begun[block], true);
	while (!atomic_load(&r->begun[1 - block]))
		sched_yield();
	if (block == r->last) {
		while (!atomic_load(&r->failing[1 - block]))
			sched_yield();
		nanosleep(&(struct timespec){0, 20000000}, NULL);
	}
	atomic_store(&r->failing[block], true);
	return fail(e, ERROR_REJECTED, "test: this one", block);
}

static void of_two_errors_at_once_the_lower_block_wins(void **state)
{
	(void)state;
	struct workers *w = new_pool(2);
	for (size_t last = 0; last < 2; last++) {
		struct race r = {.last = last};
		assert_fails(workers_run(w, 2, racing_block, &r, &err), err, ERROR_REJECTED);
		assert_int_equal(err.at, 0);
	}
	host_workers_free(w);
}

static bool silent_block(void *ctx, size_t block, unsigned worker, struct error *e)
{
	(void)ctx;
	(void)worker;
	(void)e;
	return block != 3;
}

static void a_block_that_fails_without_a_reason_is_a_bug(void **state)
{
	(void)state;
	struct workers *w = new_pool(2);
	assert_fails(workers_run(w, 10, silent_block, NULL, &err), err, ERROR_BUG);
	assert_int_equal(err.at, 3);
	assert_false(workers_run(w, 10, silent_block, NULL, NULL));
	host_workers_free(w);
}

static bool nested_block(void *ctx, size_t block, unsigned worker, struct error *e)
{
	(void)block;
	(void)worker;
	return workers_run(ctx, 2, silent_block, NULL, e);
}

static void a_run_within_a_block_is_refused(void **state)
{
	(void)state;
	struct workers *w = new_pool(4), *other = new_pool(2);
	assert_fails(workers_run(w, 8, nested_block, w, &err), err, ERROR_BUG);
	assert_fails(workers_run(w, 8, nested_block, other, &err), err, ERROR_BUG);
	assert_ok(workers_run(w, 3, silent_block, NULL, &err), err);
	host_workers_free(w);
	host_workers_free(other);
}

static void *run_sums(void *arg)
{
	for (unsigned i = 0; i < 50; i++) {
		struct failing none = {100, 1, 0};
		if (!workers_run(arg, 100, failing_block, &none, NULL) || atomic_load(&none.before) != 100)
			return arg;
	}
	return NULL;
}

static void two_threads_may_use_one_pool(void **state)
{
	(void)state;
	struct workers *w = new_pool(3);
	pthread_t t[3];
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&t[i], NULL, run_sums, w), 0);
	for (unsigned i = 0; i < 3; i++) {
		void *result;
		pthread_join(t[i], &result);
		assert_null(result);
	}
	host_workers_free(w);
}

static void the_number_of_workers_is_bounded(void **state)
{
	(void)state;
	struct workers *w;
	assert_fails(host_workers_new(&w, LIMIT_WORKERS + 1, &err), err, ERROR_LIMIT);
	assert_null(w);
	w = new_pool(0);
	assert_int_equal(w->count, host_cpus());
	assert_in_range(w->count, 1, LIMIT_WORKERS);
	host_workers_free(w);
	w = new_pool(LIMIT_WORKERS);
	host_workers_free(w);
	host_workers_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_block_is_executed_once),
		cmocka_unit_test(the_error_of_the_lowest_block_wins),
		cmocka_unit_test(of_two_errors_at_once_the_lower_block_wins),
		cmocka_unit_test(a_block_that_fails_without_a_reason_is_a_bug),
		cmocka_unit_test(a_run_within_a_block_is_refused),
		cmocka_unit_test(two_threads_may_use_one_pool),
		cmocka_unit_test(the_number_of_workers_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
