/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the group share: every test runs once per back end, points have known
 * logarithms, and memory for blocks is exactly what the headers promise.
 */
#ifndef UNIT_CORE_GROUP_GROUP_SUPPORT_H
#define UNIT_CORE_GROUP_GROUP_SUPPORT_H

#include "support/support.h"

#include "group/fixed_base.h"
#include "group/point.h"

#include <stdlib.h>

#define EACH_BACKEND(f)                   \
	{#f " (64)", f, use_64, NULL, NULL},  \
	{                                     \
#f " (29)", f, use_29, NULL, NULL \
	}

static inline int use_64(void **state)
{
	(void)state;
	return group_init("64", NULL) ? 0 : -1;
}

static inline int use_29(void **state)
{
	(void)state;
	return group_init("29", NULL) ? 0 : -1;
}

/* A scratch of exactly GROUP_SCRATCH_BYTES, found empty and left empty. */
static inline struct arena *scratch(void)
{
	static struct arena a;
	if (!a.base) {
		void *memory = aligned_alloc(ARENA_ALIGN, GROUP_SCRATCH_BYTES);
		assert_non_null(memory);
		arena_init(&a, memory, GROUP_SCRATCH_BYTES);
	}
	assert_int_equal(a.used, 0);
	return &a;
}

/* Scalars at every kind of border: 0, 1, 2, q-1, q-2, 2^128-1, single bits and their neighbours. */
static inline scalar border_scalar(size_t i)
{
	scalar s = scalar_zero, one = scalar_one, bit = scalar_zero;
	switch (i) {
	case 0:
		return s;
	case 1:
		return one;
	case 2:
		return scalar_of_u64(2);
	case 3:
		scalar_neg(&s, &one);
		return s;
	case 4:
		bit = scalar_of_u64(2);
		scalar_neg(&s, &bit);
		return s;
	case 5:
		return (scalar){{UINT64_MAX, UINT64_MAX, 0, 0}};
	default:
		bit.v[(i / 3 % 255) / 64] = (uint64_t)1 << (i / 3 % 255) % 64;
		if (i % 3 == 0)
			return bit;
		if (i % 3 == 1)
			scalar_add(&s, &bit, &one);
		else
			scalar_sub(&s, &bit, &one);
		return s;
	}
}

#define BORDER_SCALARS (3u * 255u)

static inline scalar random_scalar(void)
{
	scalar s;
	struct error err;
	assert_ok(scalar_random(&s, test_rng(), &err), err);
	return s;
}

/* k·G by the one path that uses neither tables nor batches */
static inline point times_generator(const scalar *k)
{
	point g = point_generator(), out;
	const secret_scalar s = {*k};
	point_mul(&out, &s, &g);
	return out;
}

static inline void assert_point_equal(const point *a, const point *b)
{
	uint8_t ea[POINT_TREE_BYTES], eb[POINT_TREE_BYTES];
	points_encode_tree(ea, a, 1);
	points_encode_tree(eb, b, 1);
	if (!point_equal(a, b))
		fail_msg("%s is not %s", test_hex(BYTES_OF(ea)), test_hex(BYTES_OF(eb)));
	assert_memory_equal(ea, eb, sizeof ea);
}

static inline void assert_is_infinity(const point *a)
{
	point infinity = point_infinity();
	assert_true(point_is_infinity(a));
	assert_point_equal(a, &infinity);
}

/* p[i] = logs[i]·G with random logarithms */
static inline void random_points(point *p, scalar *logs, size_t n)
{
	static struct arena table;
	struct fixed_base g;
	struct error err;
	point generator = point_generator();
	if (!table.base)
		arena_init(&table, aligned_alloc(ARENA_ALIGN, FIXED_BASE_BYTES), FIXED_BASE_BYTES);
	assert_ok(fixed_base_init(&g, &generator, &table, scratch(), &err), err);
	secret_scalar *k = malloc((n + 1) * sizeof *k);
	assert_non_null(k);
	for (size_t i = 0; i < n; i++) {
		logs[i] = random_scalar();
		k[i].secret = logs[i];
	}
	fixed_base_mul(p, &g, k, n, scratch());
	free(k);
	arena_release(&table, 0);
}

#endif
