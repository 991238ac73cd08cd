/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/random.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

static struct rng *new_rng(void)
{
	struct rng *r;
	assert_ok(host_rng_new(&r, &err), err);
	return r;
}

static void two_generators_give_different_bytes(void **state)
{
	(void)state;
	struct rng *a = new_rng(), *b = new_rng();
	uint8_t x[32], y[32], z[32];
	assert_ok(rng_fill(a, x, 32, &err), err);
	assert_ok(rng_fill(b, y, 32, &err), err);
	assert_ok(rng_fill(a, z, 32, &err), err);
	assert_memory_not_equal(x, y, 32);
	assert_memory_not_equal(x, z, 32);
	host_rng_free(a);
	host_rng_free(b);
	host_rng_free(NULL);
}

/* Bytes the child of this process gets from the parent's generator. */
static void bytes_of_child(struct rng *r, uint8_t out[static 32], unsigned generations)
{
	int fd[2];
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		uint8_t own[32];
		if (generations > 1)
			bytes_of_child(r, own, generations - 1);
		else if (!rng_fill(r, own, 32, NULL))
			_exit(1);
		_exit(write(fd[1], own, 32) == 32 ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(fd[0], out, 32), 32);
	close(fd[0]);
	close(fd[1]);
}

static void forked_children_never_repeat_bytes(void **state)
{
	(void)state;
	struct rng *r = new_rng();
	uint8_t all[9][32];
	assert_ok(rng_fill(r, all[0], 5, &err), err); /* bytes wait in the buffer */
	for (unsigned i = 1; i < 8; i++)
		bytes_of_child(r, all[i], 1 + i % 3);
	assert_ok(rng_fill(r, all[0], 32, &err), err);
	assert_ok(rng_fill(r, all[8], 32, &err), err);
	for (unsigned i = 0; i < 9; i++)
		for (unsigned k = 0; k < i; k++)
			assert_memory_not_equal(all[i], all[k], 32);
	host_rng_free(r);
}

static void bytes_go_on_after_seeding_again(void **state)
{
	(void)state;
	struct rng *r = new_rng();
	size_t len = 3 * (size_t)HOST_RNG_RESEED_BYTES + 17, ones = 0;
	uint8_t *p = malloc(len), first[64], later[64];
	assert_ok(rng_fill(r, first, 64, &err), err);
	assert_ok(rng_fill(r, p, len, &err), err);
	assert_ok(rng_fill(r, later, 64, &err), err);
	assert_memory_not_equal(first, later, 64);
	for (size_t i = 0; i < len; i++)
		ones += (size_t)__builtin_popcount(p[i]);
	/* 12.6 million fair coins: 10 standard deviations are 17 700. */
	size_t half = 4 * len;
	assert_in_range(ones, half - 18000, half + 18000);
	free(p);
	host_rng_free(r);
}

static void any_length_can_be_asked_for(void **state)
{
	(void)state;
	struct rng *r = new_rng();
	for (size_t len = 0; len < 2000; len += 37) {
		uint8_t *p = calloc(1, len + 1);
		assert_non_null(p);
		p[len] = 0x5a;
		assert_ok(rng_fill(r, p, len, &err), err);
		assert_int_equal(p[len], 0x5a);
		free(p);
	}
	host_rng_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_generators_give_different_bytes),
		cmocka_unit_test(forked_children_never_repeat_bytes),
		cmocka_unit_test(bytes_go_on_after_seeding_again),
		cmocka_unit_test(any_length_can_be_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
