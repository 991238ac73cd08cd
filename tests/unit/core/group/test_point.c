/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#define MANY 1100u /* more than one batch of every kernel */

static const char generator_hex[] =
	"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

static void without_any_init_the_64_bit_back_end_works(void **state)
{
	(void)state;
	assert_string_equal(group_backend_name(), "64");
	scalar two = scalar_of_u64(2);
	point g = point_generator(), sum, twice = times_generator(&two);
	point_add(&sum, &g, &g);
	assert_point_equal(&sum, &twice);
}

static void an_unknown_back_end_is_refused_and_the_old_one_stays(void **state)
{
	(void)state;
	struct error err;
	assert_true(group_init("29", NULL));
	assert_fails(group_init("31", &err), err, ERROR_LIMIT);
	assert_fails(group_init("", &err), err, ERROR_LIMIT);
	assert_string_equal(group_backend_name(), "29");
	assert_true(group_init(NULL, NULL));
	assert_string_equal(group_backend_name(), "64");
}

static void the_generator_is_that_of_the_standard(void **state)
{
	(void)state;
	uint8_t expected[64], found[64];
	test_from_hex(expected, 64, generator_hex);
	point g = point_generator();
	point_encode_raw(found, &g);
	assert_memory_equal(found, expected, 64);
}

/* Every pair of {∞, P, -P, 2P, Q}, in one block, against sums of logarithms. */
static void every_pair_of_special_points_adds_and_subtracts_rightly(void **state)
{
	(void)state;
	scalar log[5] = {scalar_zero, random_scalar()};
	scalar_neg(&log[2], &log[1]);
	scalar_add(&log[3], &log[1], &log[1]);
	log[4] = random_scalar();
	point a[25], b[25], out[25], one;
	scalar sum[25], difference[25];
	for (size_t i = 0; i < 25; i++) {
		a[i] = times_generator(&log[i / 5]);
		b[i] = times_generator(&log[i % 5]);
		scalar_add(&sum[i], &log[i / 5], &log[i % 5]);
		scalar_sub(&difference[i], &log[i / 5], &log[i % 5]);
	}
	assert_is_infinity(&a[0]);
	points_add(out, a, b, 25, scratch());
	for (size_t i = 0; i < 25; i++) {
		point expected = times_generator(&sum[i]);
		assert_point_equal(&out[i], &expected);
		point_add(&one, &a[i], &b[i]);
		assert_point_equal(&one, &expected);
	}
	points_sub(out, a, b, 25, scratch());
	for (size_t i = 0; i < 25; i++) {
		point expected = times_generator(&difference[i]);
		assert_point_equal(&out[i], &expected);
		point_sub(&one, &a[i], &b[i]);
		assert_point_equal(&one, &expected);
	}
}

static void the_output_of_a_sum_may_be_either_input(void **state)
{
	(void)state;
	static point a[MANY], b[MANY], expected[MANY], work[MANY];
	static scalar logs[MANY];
	random_points(a, logs, MANY);
	random_points(b, logs, MANY);
	points_add(expected, a, b, MANY, scratch());
	memcpy(work, a, sizeof work);
	points_add(work, work, b, MANY, scratch());
	assert_memory_equal(work, expected, sizeof work);
	memcpy(work, b, sizeof work);
	points_add(work, a, work, MANY, scratch());
	assert_memory_equal(work, expected, sizeof work);
	for (size_t i = 0; i < MANY; i += 97) {
		point one;
		point_add(&one, &a[i], &b[i]);
		assert_point_equal(&one, &expected[i]);
	}
}

static void the_negative_of_a_point_cancels_it_and_infinity_is_its_own(void **state)
{
	(void)state;
	static point p[MANY], n[MANY], sum[MANY];
	static scalar logs[MANY];
	random_points(p, logs, MANY);
	p[3] = point_infinity();
	points_neg(n, p, MANY);
	points_add(sum, p, n, MANY, scratch());
	for (size_t i = 0; i < MANY; i++)
		assert_is_infinity(&sum[i]);
	assert_is_infinity(&n[3]);
	point_neg(&n[0], &n[0]);
	assert_point_equal(&n[0], &p[0]);
}

static void multiples_follow_the_laws_of_the_group(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TEST_COUNT(20, 2000); i++) {
		scalar a = random_scalar(), b = random_scalar(), s, t;
		point p = times_generator(&b), ap, bp, left, right;
		scalar_add(&s, &a, &b);
		scalar_mul(&t, &a, &b);
		point_mul(&ap, &(secret_scalar){a}, &p);
		point_mul_vartime(&bp, &b, &p);
		point_add(&left, &ap, &bp);
		point_mul(&right, &(secret_scalar){s}, &p);
		assert_point_equal(&left, &right);
		right = times_generator(&t);
		assert_point_equal(&ap, &right);
	}
}

static void border_scalars_give_the_right_multiple(void **state)
{
	(void)state;
	scalar log = random_scalar(), product;
	point p = times_generator(&log), out, infinity = point_infinity();
	for (size_t i = 0; i < BORDER_SCALARS; i += i < 30 ? 1 : 23) {
		scalar k = border_scalar(i);
		scalar_mul(&product, &k, &log);
		point expected = times_generator(&product);
		point_mul(&out, &(secret_scalar){k}, &p);
		assert_point_equal(&out, &expected);
		point_mul(&out, &(secret_scalar){k}, &infinity);
		assert_is_infinity(&out);
	}
	point_mul(&out, &(secret_scalar){scalar_zero}, &p);
	assert_is_infinity(&out);
}

static void one_scalar_for_many_points_equals_one_by_one(void **state)
{
	(void)state;
	static point p[MANY], out[MANY];
	static scalar logs[MANY];
	static const size_t sizes[] = {1, 2, 63, 64, 65, 130, MANY};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		size_t n = sizes[s];
		random_points(p, logs, n);
		for (size_t i = 0; i < 9; i++) {
			secret_scalar k = {i < 8 ? border_scalar(i) : random_scalar()};
			p[n / 2] = point_infinity();
			points_mul_common(out, &k, p, n, scratch());
			for (size_t j = 0; j < n; j += 1 + n / 5) {
				point expected;
				point_mul(&expected, &k, &p[j]);
				assert_point_equal(&out[j], &expected);
			}
			assert_is_infinity(&out[n / 2]);
		}
	}
	secret_scalar k = {random_scalar()};
	points_mul_common(out, &k, p, MANY, scratch());
	points_mul_common(p, &k, p, MANY, scratch());
	assert_memory_equal(out, p, sizeof p);
}

static void border_scalars_for_many_points_give_the_right_multiples(void **state)
{
	(void)state;
	static point p[70], out[70];
	static scalar logs[70];
	random_points(p, logs, 70);
	for (size_t i = 0; i < BORDER_SCALARS; i += TEST_COUNT(7, 1)) {
		secret_scalar k = {border_scalar(i)};
		points_mul_common(out, &k, p, 70, scratch());
		for (size_t j = 0; j < 70; j += 69) {
			scalar product;
			scalar_mul(&product, &k.secret, &logs[j]);
			point expected = times_generator(&product);
			assert_point_equal(&out[j], &expected);
		}
	}
}

static void a_sum_of_many_points_is_right_at_every_size(void **state)
{
	(void)state;
	static point p[MANY];
	static scalar logs[MANY];
	static const size_t sizes[] = {0, 1, 2, 3, 5, 511, 512, 513, MANY};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		point sum;
		scalar total = scalar_zero;
		random_points(p, logs, sizes[s]);
		for (size_t i = 0; i < sizes[s]; i++)
			scalar_add(&total, &total, &logs[i]);
		points_sum(&sum, p, sizes[s], scratch());
		point expected = times_generator(&total);
		assert_point_equal(&sum, &expected);
	}
}

static void equal_and_opposite_points_sum_rightly(void **state)
{
	(void)state;
	static point p[MANY];
	scalar log = random_scalar(), total, count = scalar_of_u64(MANY);
	point sum, base = times_generator(&log);
	for (size_t i = 0; i < MANY; i++)
		p[i] = base;
	points_sum(&sum, p, MANY, scratch());
	scalar_mul(&total, &log, &count);
	point expected = times_generator(&total);
	assert_point_equal(&sum, &expected);
	for (size_t i = 0; i < MANY; i += 2)
		point_neg(&p[i], &p[i]);
	points_sum(&sum, p, MANY, scratch());
	assert_is_infinity(&sum);
}

static void nothing_happens_for_blocks_of_no_points(void **state)
{
	(void)state;
	secret_scalar k = {scalar_one};
	points_add(NULL, NULL, NULL, 0, scratch());
	points_sub(NULL, NULL, NULL, 0, scratch());
	points_neg(NULL, NULL, 0);
	points_mul_common(NULL, &k, NULL, 0, scratch());
	points_encode_tree(NULL, NULL, 0);
	assert_true(points_decode_tree(NULL, BYTES_NONE, 0, POINT_FINITE, NULL));
}

static void both_back_ends_compute_the_same_bytes(void **state)
{
	(void)state;
	static uint8_t encoded[2][100 * POINT_TREE_BYTES];
	static const char *const names[2] = {"64", "29"};
	secret_scalar k[100];
	for (size_t i = 0; i < 100; i++)
		k[i].secret = random_scalar();
	for (size_t b = 0; b < 2; b++) {
		static point p[100];
		assert_true(group_init(names[b], NULL));
		for (size_t i = 0; i < 100; i++)
			p[i] = times_generator(&k[i].secret);
		points_mul_common(p, &k[0], p, 100, scratch());
		points_encode_tree(encoded[b], p, 100);
	}
	assert_memory_equal(encoded[0], encoded[1], sizeof encoded[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any_init_the_64_bit_back_end_works),
		cmocka_unit_test(an_unknown_back_end_is_refused_and_the_old_one_stays),
		EACH_BACKEND(the_generator_is_that_of_the_standard),
		EACH_BACKEND(every_pair_of_special_points_adds_and_subtracts_rightly),
		EACH_BACKEND(the_output_of_a_sum_may_be_either_input),
		EACH_BACKEND(the_negative_of_a_point_cancels_it_and_infinity_is_its_own),
		EACH_BACKEND(multiples_follow_the_laws_of_the_group),
		EACH_BACKEND(border_scalars_give_the_right_multiple),
		EACH_BACKEND(one_scalar_for_many_points_equals_one_by_one),
		EACH_BACKEND(border_scalars_for_many_points_give_the_right_multiples),
		EACH_BACKEND(a_sum_of_many_points_is_right_at_every_size),
		EACH_BACKEND(equal_and_opposite_points_sum_rightly),
		EACH_BACKEND(nothing_happens_for_blocks_of_no_points),
		cmocka_unit_test(both_back_ends_compute_the_same_bytes),
	};
	return cmocka_run_group_tests_name("core/group: points", tests, NULL, NULL);
}
