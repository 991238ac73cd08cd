/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#include "group/msm.h"

#define MANY 3000u
#define MEMORY ((size_t)16 << 20) /* as msm.h says */

static point points[MANY];
static scalar logs[MANY], scalars[MANY];
/* Around the constant-time sum's rows and rounds, too: 2, 4 … 16 points side by side, 256 at once.
 */
static const size_t sizes[] = {0, 1, 2, 3, 17, 32, 33, 65, 129, 256, 257, 271, 1023, 1025, MANY};
#define SIZES (sizeof sizes / sizeof *sizes)

static struct arena *memory(void)
{
	static struct arena a;
	if (!a.base)
		arena_init(&a, aligned_alloc(ARENA_ALIGN, MEMORY), MEMORY);
	arena_release(&a, 0);
	return &a;
}

static struct msm_vartime *new_sum(struct arena *a, uint64_t terms)
{
	struct error err;
	struct msm_vartime *m = msm_vartime_new(a, terms, &err);
	assert_ok(m != NULL, err);
	return m;
}

static point sum_vartime(size_t n, unsigned bits, uint64_t terms_expected)
{
	point out;
	struct msm_vartime *m = new_sum(memory(), terms_expected);
	msm_vartime_add(m, points, scalars, n, bits, scratch());
	msm_vartime_finish(&out, m, scratch());
	return out;
}

static point sum_constant_time(size_t n)
{
	point out = point_infinity();
	secret_scalar *k = malloc((n + 1) * sizeof *k);
	assert_non_null(k);
	for (size_t i = 0; i < n; i++)
		k[i].secret = scalars[i];
	msm(&out, k, points, n, scratch());
	free(k);
	return out;
}

/* Against the sum of logarithms; points[i] = logs[i]·G must hold. */
static void assert_sums(size_t n)
{
	scalar total = scalar_zero;
	for (size_t i = 0; i < n; i++)
		scalar_mul_add(&total, &scalars[i], &logs[i], &total);
	point expected = times_generator(&total), found = sum_vartime(n, 256, n);
	assert_point_equal(&found, &expected);
	found = sum_vartime(n, 256, 100000); /* the widest windows, mostly empty buckets */
	assert_point_equal(&found, &expected);
	found = sum_constant_time(n);
	assert_point_equal(&found, &expected);
}

static void random_terms(size_t n)
{
	random_points(points, logs, n);
	for (size_t i = 0; i < n; i++)
		scalars[i] = random_scalar();
}

static void few_terms_equal_the_naive_sum(void **state)
{
	(void)state;
	for (size_t n = 0; n < 8; n++) {
		random_terms(n);
		point expected = point_infinity(), product;
		for (size_t i = 0; i < n; i++) {
			point_mul_vartime(&product, &scalars[i], &points[i]);
			point_add(&expected, &expected, &product);
		}
		point found = sum_vartime(n, 256, n);
		assert_point_equal(&found, &expected);
		found = sum_constant_time(n);
		assert_point_equal(&found, &expected);
	}
}

static void sums_of_random_terms_are_right_at_every_size(void **state)
{
	(void)state;
	for (size_t s = 0; s < SIZES; s++) {
		random_terms(sizes[s]);
		assert_sums(sizes[s]);
	}
}

static void border_scalars_sum_rightly(void **state)
{
	(void)state;
	random_terms(BORDER_SCALARS);
	for (size_t i = 0; i < BORDER_SCALARS; i++)
		scalars[i] = border_scalar(i);
	assert_sums(BORDER_SCALARS);
}

/* Windows of every width: digits 2^(w-1) - 1, 2^(w-1), 2^(w-1) + 1 and 2^w - 1 at every place. */
static void digits_at_the_border_of_every_window_sum_rightly(void **state)
{
	(void)state;
	size_t n = 0;
	random_points(points, logs, MANY);
	for (unsigned width = 2; width <= 16; width++)
		for (unsigned at = 0; at + width <= 248 && n + 4 <= MANY; at += width) {
			uint64_t half = (uint64_t)1 << (width - 1), digits[4];
			digits[0] = half - 1;
			digits[1] = half;
			digits[2] = half + 1;
			digits[3] = 2 * half - 1;
			for (size_t i = 0; i < 4; i++) {
				scalar s = {{0, 0, 0, 0}};
				s.v[at / 64] = digits[i] << at % 64;
				if (at % 64 != 0 && at / 64 < 3)
					s.v[at / 64 + 1] = digits[i] >> (64 - at % 64);
				scalars[n++] = s;
			}
		}
	assert_true(n > 2000);
	assert_sums(n);
	point expected = sum_constant_time(n);
	for (uint64_t terms = 1; terms <= (uint64_t)1 << 20; terms *= 4) {
		point found = sum_vartime(n, 256, terms);
		assert_point_equal(&found, &expected);
	}
}

static void repeated_and_opposite_points_sum_rightly(void **state)
{
	(void)state;
	random_terms(MANY);
	for (size_t i = 0; i < MANY; i++) { /* all equal, then every other one its opposite */
		points[i] = points[0];
		logs[i] = logs[0];
	}
	assert_sums(MANY);
	for (size_t i = 1; i < MANY; i += 2) {
		point_neg(&points[i], &points[i]);
		scalar_neg(&logs[i], &logs[i]);
	}
	assert_sums(MANY);
	for (size_t i = 0; i < MANY; i++) /* and all in the same buckets */
		scalars[i] = scalars[0];
	assert_sums(MANY);
	assert_sums(MANY - 1);
	for (size_t i = 0; i < MANY; i++)
		scalars[i] = scalar_one;
	assert_sums(MANY - 1);
}

static void pairs_of_equal_and_opposite_terms_sum_rightly(void **state)
{
	(void)state;
	random_terms(1000);
	for (size_t i = 0; i < 1000; i += 4) {
		scalars[i + 1] = scalars[i]; /* the same term twice, then its opposite in both ways */
		points[i + 1] = points[i + 2] = points[i];
		logs[i + 1] = logs[i + 2] = logs[i];
		scalar_neg(&scalars[i + 2], &scalars[i]);
		scalars[i + 3] = scalars[i];
		point_neg(&points[i + 3], &points[i]);
		scalar_neg(&logs[i + 3], &logs[i]);
	}
	assert_sums(1000);
}

/* Small multiples of one point by small scalars: every partial sum is one of few points. */
static void terms_of_few_values_sum_rightly(void **state)
{
	(void)state;
	scalar log = scalar_one; /* then of the generator, with which absent points are replaced */
	for (unsigned round = 0; round < 2; round++, log = random_scalar()) {
		for (size_t i = 0; i < 700; i++) {
			scalar factor = scalar_of_u64(i % 5 + 1);
			scalar_mul(&logs[i], &log, &factor);
			if (i % 3 == 0)
				scalar_neg(&logs[i], &logs[i]);
			points[i] = i < 30 ? times_generator(&logs[i]) : points[i - 30];
			logs[i] = i < 30 ? logs[i] : logs[i - 30];
			scalars[i] = scalar_of_u64(i % 7);
			if (i % 4 == 0)
				scalar_neg(&scalars[i], &scalars[i]);
		}
		assert_sums(700);
	}
}

/* Points ±P, ±2P, ±3P … by their logarithms, and infinity. */
static void small_point(size_t i, uint64_t log, bool negative)
{
	logs[i] = scalar_of_u64(log);
	if (negative)
		scalar_neg(&logs[i], &logs[i]);
	points[i] = log == 0 ? point_infinity() : times_generator(&logs[i]);
}

/*
 * Points and digits so few that most additions are special: equal, opposite, with infinity among
 * the terms, among the sums and in the buckets. Fed in as many chunks as there are terms, in a few
 * and in one.
 */
static void sums_that_meet_each_other_and_their_buckets_are_right(void **state)
{
	(void)state;
	const size_t n = 400;
	for (unsigned round = 0; round < TEST_COUNT(12, 200); round++) {
		const unsigned logs_below = 1 + (unsigned)test_random_below(4);
		const unsigned digits_below = 1 + (unsigned)test_random_below(5);
		for (size_t i = 0; i < n; i++) {
			const size_t at = test_random_below(250);
			small_point(i, test_random_below(logs_below + 1), test_random_below(2));
			scalars[i] = (scalar){{0, 0, 0, 0}};
			scalars[i].v[at / 64] = (1 + test_random_below(digits_below)) << at % 64;
			if (test_random_below(2))
				scalar_neg(&scalars[i], &scalars[i]);
			if (round % 2 && i > 0)
				scalars[i] = scalars[0];
		}
		scalar total = scalar_zero;
		for (size_t i = 0; i < n; i++)
			scalar_mul_add(&total, &scalars[i], &logs[i], &total);
		const point expected = times_generator(&total);
		for (uint64_t terms = 1; terms <= 4096; terms *= 8) {
			point found = sum_vartime(n, 256, terms);
			assert_point_equal(&found, &expected);
		}
	}
}

/* Thousands of ordinary additions, and among those of every batch a few special ones. */
static void a_few_special_additions_among_many_are_right(void **state)
{
	(void)state;
	random_terms(MANY);
	for (size_t i = 1; i < MANY; i++) {
		const size_t kind = i % 97;
		if (kind > 2)
			continue;
		points[i] = points[i - 1];
		logs[i] = logs[i - 1];
		scalars[i] = scalars[i - 1];
		if (kind == 1)
			scalar_neg(&scalars[i], &scalars[i]);
	}
	for (uint64_t terms = 64; terms <= (uint64_t)1 << 21; terms *= 32) {
		scalar total = scalar_zero;
		for (size_t i = 0; i < MANY; i++)
			scalar_mul_add(&total, &scalars[i], &logs[i], &total);
		point expected = times_generator(&total), found = sum_vartime(MANY, 256, terms);
		assert_point_equal(&found, &expected);
	}
}

static void accumulators_with_the_same_buckets_merge_rightly(void **state)
{
	(void)state;
	random_terms(600);
	struct arena *a = memory();
	for (unsigned opposite = 0; opposite < 2; opposite++) {
		point found, expected = sum_vartime(600, 256, 500);
		point_add(&expected, &expected, &expected);
		arena_release(a, 0);
		struct msm_vartime *m[2] = {new_sum(a, 500), new_sum(a, 500)};
		msm_vartime_add(m[0], points, scalars, 600, 256, scratch());
		for (size_t i = 0; i < 600 && opposite; i++)
			point_neg(&points[i], &points[i]);
		msm_vartime_add(m[1], points, scalars, 600, 256, scratch());
		msm_vartime_merge(m[0], m[1], scratch());
		msm_vartime_finish(&found, m[0], scratch());
		if (opposite)
			assert_is_infinity(&found);
		else
			assert_point_equal(&found, &expected);
	}
}

/* From 2^255 on the opposite of the scalar is taken, of the opposite point. */
static void scalars_at_the_top_bit_sum_rightly(void **state)
{
	(void)state;
	const scalar top = {{0, 0, 0, (uint64_t)1 << 63}}, one = scalar_one;
	random_terms(8);
	scalars[0] = top;
	scalar_sub(&scalars[1], &top, &one);
	scalar_add(&scalars[2], &top, &one);
	scalar_neg(&scalars[3], &one);
	scalar_neg(&scalars[4], &top);
	scalars[5] = (scalar){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX >> 1}};
	scalars[6] = (scalar){{UINT64_MAX, UINT64_MAX, UINT64_MAX, 0xfffffffeffffffff}};
	for (size_t n = 1; n <= 8; n++)
		assert_sums(n);
	point expected = sum_constant_time(8);
	for (uint64_t terms = 1; terms <= (uint64_t)1 << 21; terms *= 2) {
		point found = sum_vartime(8, 256, terms);
		assert_point_equal(&found, &expected);
	}
}

static void points_at_infinity_add_nothing(void **state)
{
	(void)state;
	random_terms(200);
	for (size_t i = 0; i < 200; i += 3) {
		points[i] = point_infinity();
		logs[i] = scalar_zero;
	}
	assert_sums(200);
	for (size_t i = 0; i < 200; i++) {
		points[i] = point_infinity();
		logs[i] = scalar_zero;
	}
	assert_sums(200);
}

static void short_scalars_give_the_same_sum_with_128_and_256_bits(void **state)
{
	(void)state;
	random_terms(MANY);
	for (size_t i = 0; i < MANY; i++)
		scalars[i].v[2] = scalars[i].v[3] = 0;
	scalars[0] = (scalar){{UINT64_MAX, UINT64_MAX, 0, 0}};
	assert_sums(MANY);
	for (uint64_t terms = 1; terms <= (uint64_t)1 << 21; terms *= 2) { /* every number of windows */
		point a = sum_vartime(MANY, 128, terms), b = sum_vartime(MANY, 256, terms);
		assert_point_equal(&a, &b);
	}
}

static void feeding_in_pieces_and_merging_change_nothing(void **state)
{
	(void)state;
	random_terms(MANY);
	point found, expected = sum_vartime(MANY, 256, MANY);
	struct arena *a = memory();
	struct msm_vartime *m[2] = {new_sum(a, 500), new_sum(a, 500)};
	for (size_t i = 0, n, piece = 0; i < MANY; i += n, piece++) {
		n = test_random_below(piece % 5 == 0 ? 2500 : 40);
		if (n > MANY - i)
			n = MANY - i;
		msm_vartime_add(m[piece % 2], points + i, scalars + i, n, 256, scratch());
	}
	msm_vartime_merge(m[0], m[1], scratch());
	msm_vartime_finish(&found, m[0], scratch());
	assert_point_equal(&found, &expected);
}

static void long_and_short_scalars_mix_in_one_sum(void **state)
{
	(void)state;
	random_terms(MANY);
	for (size_t i = 0; i < 2500; i++)
		scalars[i].v[2] = scalars[i].v[3] = 0;
	point found, expected = sum_vartime(MANY, 256, MANY);
	struct msm_vartime *m = new_sum(memory(), MANY);
	msm_vartime_add(m, points, scalars, 2300, 128, scratch());
	msm_vartime_add(m, points + 2300, scalars + 2300, 100, 128, scratch());
	msm_vartime_add(m, points + 2400, scalars + 2400, MANY - 2400, 256, scratch());
	msm_vartime_finish(&found, m, scratch());
	assert_point_equal(&found, &expected);
}

static void a_long_feed_is_cut_into_chunks(void **state)
{
	(void)state;
	enum { CUT = 40000 };
	static point many[CUT];
	static scalar k[CUT];
	random_terms(100);
	scalar total = scalar_zero;
	for (size_t i = 0; i < CUT; i++) {
		many[i] = points[i % 97];
		k[i] = scalars[i % 100];
		scalar_mul_add(&total, &k[i], &logs[i % 97], &total);
	}
	struct msm_vartime *m = new_sum(memory(), CUT);
	msm_vartime_add(m, many, k, CUT, 256, scratch());
	point found, expected = times_generator(&total);
	msm_vartime_finish(&found, m, scratch());
	assert_point_equal(&found, &expected);
}

static void the_constant_time_sum_adds_to_what_is_there(void **state)
{
	(void)state;
	random_terms(10);
	secret_scalar k[10];
	for (size_t i = 0; i < 10; i++)
		k[i].secret = scalars[i];
	point whole = sum_constant_time(10), sum = point_infinity();
	msm(&sum, k, points, 6, scratch());
	msm(&sum, k + 6, points + 6, 4, scratch());
	assert_point_equal(&sum, &whole);
	point_neg(&sum, &whole);
	msm(&sum, k, points, 10, scratch());
	assert_is_infinity(&sum);
	sum = whole;
	msm(&sum, k, points, 0, scratch());
	assert_point_equal(&sum, &whole);
}

static void an_accumulator_takes_exactly_the_memory_it_names(void **state)
{
	(void)state;
	struct error err;
	for (uint64_t terms = 1; terms <= (uint64_t)1 << 60; terms *= 8) {
		size_t size = msm_vartime_bytes(terms);
		assert_true(size <= MEMORY);
		struct arena *big = memory(), exact;
		arena_init(&exact, big->base, size);
		assert_non_null(msm_vartime_new(&exact, terms, &err));
		assert_int_equal(exact.used, size);
		arena_init(&exact, big->base, size - ARENA_ALIGN);
		assert_fails(msm_vartime_new(&exact, terms, &err) != NULL, err, ERROR_LIMIT);
		assert_int_equal(exact.used, 0);
	}
	assert_non_null(msm_vartime_new(memory(), 0, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(few_terms_equal_the_naive_sum),
		EACH_BACKEND(sums_of_random_terms_are_right_at_every_size),
		EACH_BACKEND(border_scalars_sum_rightly),
		EACH_BACKEND(digits_at_the_border_of_every_window_sum_rightly),
		EACH_BACKEND(repeated_and_opposite_points_sum_rightly),
		EACH_BACKEND(pairs_of_equal_and_opposite_terms_sum_rightly),
		EACH_BACKEND(terms_of_few_values_sum_rightly),
		EACH_BACKEND(sums_that_meet_each_other_and_their_buckets_are_right),
		EACH_BACKEND(a_few_special_additions_among_many_are_right),
		EACH_BACKEND(accumulators_with_the_same_buckets_merge_rightly),
		EACH_BACKEND(scalars_at_the_top_bit_sum_rightly),
		EACH_BACKEND(points_at_infinity_add_nothing),
		EACH_BACKEND(short_scalars_give_the_same_sum_with_128_and_256_bits),
		EACH_BACKEND(feeding_in_pieces_and_merging_change_nothing),
		EACH_BACKEND(long_and_short_scalars_mix_in_one_sum),
		EACH_BACKEND(a_long_feed_is_cut_into_chunks),
		EACH_BACKEND(the_constant_time_sum_adds_to_what_is_there),
		cmocka_unit_test(an_accumulator_takes_exactly_the_memory_it_names),
	};
	return cmocka_run_group_tests_name("core/group: multi-scalar multiplication", tests, NULL,
	                                   NULL);
}
