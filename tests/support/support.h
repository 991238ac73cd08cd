/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every test program uses beside cmocka: seeds, counts, third-party data, a failing allocator
 * of none of the product's code.
 *
 *   TEST_COUNT(sample, soak)  how many cases: `sample` in make test, `soak` when URNA_SOAK is set
 *   test_random_seed()        the run's seed (URNA_SEED or fresh), printed once; every property
 *                             test draws from test_rng(), so a failure can be repeated
 *   test_random_restart(s)    from here on the draws are those of this seed, whatever was drawn
 *                             before: for known answers, which must be the same in every run
 *   test_data(path)           a file of ../shared/data read whole; when absent the test is skipped,
 *                             which cmocka counts and prints
 */
#ifndef SUPPORT_SUPPORT_H
#define SUPPORT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* base/error.h has a fail of its own, and cmocka's fail_msg is made of cmocka's: tests say
 * fail_msg. */
#undef fail
#undef fail_msg
#define fail_msg(...)              \
	do {                           \
		print_error("ERROR: ");    \
		print_error(__VA_ARGS__);  \
		print_error("\n");         \
		_fail(__FILE__, __LINE__); \
	} while (0)

#include "base/arena.h"
#include "base/seams.h"

uint64_t test_random_seed(void);
/* A deterministic generator of its own (xoshiro256**): independent of the code under test. */
struct rng *test_rng(void);
uint64_t test_random_u64(void);
void test_random_restart(uint64_t seed);
uint64_t test_random_below(uint64_t bound);
uint64_t test_count(uint64_t sample, uint64_t soak);
#define TEST_COUNT(sample, soak) test_count((sample), (soak))

/* Reads URNA_DATA/path; skips the calling test when the data is not there. Stays until exit. */
bytes test_data(const char *path);
bool test_data_exists(const char *path); /* counts nothing */
/* Any file, absolute or relative to the sources; fails the test when absent. */
bytes test_file(const char *path);

/* Scratch of one test program: 64 MB, reset by the caller. */
struct arena *test_arena(void);

void test_from_hex(uint8_t *out, size_t len, const char *hex); /* fails the test on a bad digit */
const char *test_hex(bytes b);                                 /* static room of 4 results */

#define assert_ok(call, err)                                                              \
	do {                                                                                  \
		if (!(call))                                                                      \
			fail_msg("%s: %s (at %llu) %s", #call, (err).what ? (err).what : "no reason", \
			         (unsigned long long)(err).at, (err).detail);                         \
	} while (0)
#define assert_fails(call, err, expected_kind)                                      \
	do {                                                                            \
		error_clear(&(err));                                                        \
		if (call)                                                                   \
			fail_msg("%s: accepted", #call);                                        \
		if ((err).kind != (expected_kind))                                          \
			fail_msg("%s: kind %s, not %s: %s", #call, error_kind_name((err).kind), \
			         error_kind_name(expected_kind), (err).what);                   \
	} while (0)

#endif
