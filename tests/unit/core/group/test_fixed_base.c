/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#define MANY 1100u /* more than two batches */

static struct arena *table_memory(void)
{
	static struct arena a;
	if (!a.base)
		arena_init(&a, aligned_alloc(ARENA_ALIGN, FIXED_BASE_BYTES), FIXED_BASE_BYTES);
	arena_release(&a, 0);
	return &a;
}

static struct fixed_base table_of(const point *base)
{
	struct fixed_base t;
	struct error err;
	assert_ok(fixed_base_init(&t, base, table_memory(), scratch(), &err), err);
	return t;
}

static void assert_multiples(const struct fixed_base *t, const secret_scalar *k, size_t n)
{
	static point out[MANY];
	fixed_base_mul(out, t, k, n, scratch());
	for (size_t i = 0; i < n; i++) {
		point expected;
		point_mul(&expected, &k[i], &t->base);
		assert_point_equal(&out[i], &expected);
	}
}

static void multiples_are_right_for_border_and_random_scalars(void **state)
{
	(void)state;
	static secret_scalar k[BORDER_SCALARS];
	scalar log = random_scalar();
	point base = times_generator(&log);
	struct fixed_base t = table_of(&base);
	for (size_t i = 0; i < BORDER_SCALARS; i++)
		k[i].secret = border_scalar(i);
	assert_multiples(&t, k, BORDER_SCALARS);
	for (size_t i = 0; i < 100; i++)
		k[i].secret = random_scalar();
	assert_multiples(&t, k, 100);
}

static void every_size_of_block_is_right(void **state)
{
	(void)state;
	static const size_t sizes[] = {1, 2, 31, 32, 33, 511, 512, 513, MANY};
	static point expected[MANY], out[MANY];
	static scalar logs[MANY];
	secret_scalar *k = malloc(MANY * sizeof *k);
	assert_non_null(k);
	point g = point_generator();
	struct fixed_base t = table_of(&g);
	random_points(expected, logs, MANY);
	for (size_t i = 0; i < MANY; i++)
		k[i].secret = logs[i];
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		fixed_base_mul(out, &t, k + MANY - sizes[s], sizes[s], scratch());
		assert_memory_equal(out, expected + MANY - sizes[s], sizes[s] * sizeof *out);
	}
	free(k);
}

/*
 * The last window is the one addition that can meet equal or opposite points: k = 0 (as q), and
 * for base P the k = 2T - q with T = 15·2^252, where the sum so far is T - q.
 */
static void the_two_exceptional_scalars_are_right(void **state)
{
	(void)state;
	scalar t = {{0, 0, 0, 0xf000000000000000}};
	secret_scalar k[64] = {{{{0, 0, 0, 0}}}};
	for (size_t i = 1; i < 64; i++)
		scalar_add(&k[i].secret, &t, &t);
	point g = point_generator();
	struct fixed_base base = table_of(&g);
	assert_multiples(&base, k, 64);
	assert_multiples(&base, k, 2);
}

static void multiples_of_infinity_are_infinity(void **state)
{
	(void)state;
	point infinity = point_infinity(), out[20], a[20];
	secret_scalar k[20];
	scalar logs[20];
	struct fixed_base t = table_of(&infinity);
	for (size_t i = 0; i < 20; i++)
		k[i].secret = random_scalar();
	fixed_base_mul(out, &t, k, 20, scratch());
	for (size_t i = 0; i < 20; i++)
		assert_is_infinity(&out[i]);
	random_points(a, logs, 20);
	fixed_base_mul_add(out, &t, k, a, 20, scratch());
	assert_memory_equal(out, a, sizeof a);
}

static void adding_handles_equal_opposite_and_infinite_points(void **state)
{
	(void)state;
	static point product[MANY], a[MANY], out[MANY], twice[MANY];
	secret_scalar *k = malloc(MANY * sizeof *k);
	assert_non_null(k);
	point g = point_generator();
	struct fixed_base t = table_of(&g);
	for (size_t i = 0; i < MANY; i++)
		k[i].secret = random_scalar();
	k[7].secret = scalar_zero;
	fixed_base_mul(product, &t, k, MANY, scratch());
	points_add(twice, product, product, MANY, scratch());
	for (size_t i = 0; i < MANY; i++) {
		a[i] = product[i];
		if (i % 3 == 1)
			point_neg(&a[i], &a[i]);
		if (i % 3 == 2)
			a[i] = point_infinity();
	}
	fixed_base_mul_add(out, &t, k, a, MANY, scratch());
	fixed_base_mul_add(a, &t, k, a, MANY, scratch()); /* out may be the input */
	assert_memory_equal(a, out, sizeof a);
	for (size_t i = 0; i < MANY; i++) {
		point expected = i % 3 == 0 ? twice[i] : i % 3 == 1 ? point_infinity() : product[i];
		assert_point_equal(&out[i], &expected);
	}
	free(k);
}

static void a_table_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	_Alignas(ARENA_ALIGN) static uint8_t small[1024];
	struct arena a;
	struct fixed_base t;
	struct error err;
	point g = point_generator();
	arena_init(&a, small, sizeof small);
	assert_fails(fixed_base_init(&t, &g, &a, scratch(), &err), err, ERROR_LIMIT);
	assert_int_equal(a.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(multiples_are_right_for_border_and_random_scalars),
		EACH_BACKEND(every_size_of_block_is_right),
		EACH_BACKEND(the_two_exceptional_scalars_are_right),
		EACH_BACKEND(multiples_of_infinity_are_infinity),
		EACH_BACKEND(adding_handles_equal_opposite_and_infinite_points),
		EACH_BACKEND(a_table_that_does_not_fit_is_refused),
	};
	return cmocka_run_group_tests_name("core/group: fixed bases", tests, NULL, NULL);
}
