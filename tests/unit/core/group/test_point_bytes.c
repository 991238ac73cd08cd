/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#define COUNT 70u

static const char p_hex[] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

/* x = 0 is on the curve: its square root of b is the smallest case of "x + p" */
static void encode_point_of_x_zero(uint8_t out[POINT_TREE_BYTES])
{
	const uint8_t zero[32] = {0};
	point p;
	assert_true(point_lift_vartime(&p, zero));
	points_encode_tree(out, &p, 1);
}

static void encoded_points_decode_to_themselves(void **state)
{
	(void)state;
	static point p[COUNT], back[COUNT];
	static scalar logs[COUNT];
	static uint8_t bt[COUNT * POINT_TREE_BYTES];
	struct error err;
	random_points(p, logs, COUNT);
	points_encode_tree(bt, p, COUNT);
	assert_ok(points_decode_tree(back, BYTES_OF(bt), COUNT, POINT_FINITE, &err), err);
	assert_memory_equal(back, p, sizeof p);
	p[0] = p[11] = p[12] = p[COUNT - 1] = point_infinity();
	points_encode_tree(bt, p, COUNT);
	assert_ok(points_decode_tree(back, BYTES_OF(bt), COUNT, POINT_OR_INFINITY, &err), err);
	assert_memory_equal(back, p, sizeof p);
	for (size_t i = 0; i < COUNT; i++) {
		uint8_t raw[POINT_RAW_BYTES];
		point_encode_raw(raw, &p[i]);
		assert_int_equal(point_decode_raw(&back[i], raw, &err), !point_is_infinity(&p[i]));
		if (!point_is_infinity(&p[i]))
			assert_point_equal(&back[i], &p[i]);
	}
}

static void the_tree_of_the_generator_is_verificatums(void **state)
{
	(void)state;
	uint8_t expected[POINT_TREE_BYTES], found[POINT_TREE_BYTES];
	test_from_hex(expected, sizeof expected,
	              "0000000002"
	              "0100000021006b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	              "0100000021004fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
	point g = point_generator(), infinity = point_infinity();
	points_encode_tree(found, &g, 1);
	assert_memory_equal(found, expected, sizeof found);
	points_encode_tree(found, &infinity, 1);
	memset(expected + 10, 0xff, 33);
	memset(expected + 48, 0xff, 33);
	assert_memory_equal(found, expected, sizeof found);
}

/* One flipped bit leaves the frame, the range or the curve. */
static void every_changed_bit_of_a_point_is_refused_with_its_index(void **state)
{
	(void)state;
	point p[3], back[3];
	scalar logs[3];
	uint8_t bt[3 * POINT_TREE_BYTES];
	struct error err;
	random_points(p, logs, 3);
	points_encode_tree(bt, p, 3);
	for (size_t bit = 0; bit < 8 * sizeof bt; bit++) {
		bt[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_fails(points_decode_tree(back, BYTES_OF(bt), 3, POINT_OR_INFINITY, &err), err,
		             ERROR_MALFORMED);
		assert_int_equal(err.at, bit / 8 / POINT_TREE_BYTES);
		bt[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void any_other_length_than_that_of_the_points_is_refused(void **state)
{
	(void)state;
	point g = point_generator(), back[2];
	uint8_t bt[2 * POINT_TREE_BYTES];
	struct error err;
	points_encode_tree(bt, &g, 1);
	points_encode_tree(bt + POINT_TREE_BYTES, &g, 1);
	for (size_t len = 0; len <= sizeof bt; len++) {
		if (len != POINT_TREE_BYTES)
			assert_fails(points_decode_tree(back, bytes_of(bt, len), 1, POINT_FINITE, &err), err,
			             ERROR_MALFORMED);
	}
	assert_fails(points_decode_tree(back, BYTES_OF(bt), SIZE_MAX / 64, POINT_FINITE, &err), err,
	             ERROR_MALFORMED);
}

static void infinity_is_refused_where_a_finite_point_is_needed(void **state)
{
	(void)state;
	point p[2] = {point_generator(), point_infinity()}, back[2];
	uint8_t bt[2 * POINT_TREE_BYTES], raw[POINT_RAW_BYTES] = {0};
	struct error err;
	points_encode_tree(bt, p, 2);
	assert_fails(points_decode_tree(back, BYTES_OF(bt), 2, POINT_FINITE, &err), err,
	             ERROR_MALFORMED);
	assert_int_equal(err.at, 1);
	assert_fails(point_decode_raw(back, raw, &err), err, ERROR_MALFORMED);
	memset(raw, 0xff, sizeof raw);
	assert_fails(point_decode_raw(back, raw, &err), err, ERROR_MALFORMED);
}

static void half_an_infinity_is_refused(void **state)
{
	(void)state;
	point g = point_generator(), back;
	uint8_t bt[POINT_TREE_BYTES];
	struct error err;
	for (size_t start = 10; start <= 48; start += 38) {
		points_encode_tree(bt, &g, 1);
		memset(bt + start, 0xff, 33);
		assert_fails(points_decode_tree(&back, BYTES_OF(bt), 1, POINT_OR_INFINITY, &err), err,
		             ERROR_MALFORMED);
	}
}

static void a_coordinate_that_is_not_below_p_is_refused(void **state)
{
	(void)state;
	uint8_t bt[POINT_TREE_BYTES], p[32];
	point back;
	struct error err;
	test_from_hex(p, 32, p_hex);
	encode_point_of_x_zero(bt);
	assert_ok(points_decode_tree(&back, BYTES_OF(bt), 1, POINT_FINITE, &err), err);
	memcpy(bt + 11, p, 32); /* x + p */
	assert_fails(points_decode_tree(&back, BYTES_OF(bt), 1, POINT_FINITE, &err), err,
	             ERROR_MALFORMED);
	uint8_t raw[POINT_RAW_BYTES];
	memcpy(raw, p, 32);
	memcpy(raw + 32, bt + 49, 32);
	assert_fails(point_decode_raw(&back, raw, &err), err, ERROR_MALFORMED);
	encode_point_of_x_zero(bt);
	bt[10] = 1; /* a 33rd byte that is not zero */
	assert_fails(points_decode_tree(&back, BYTES_OF(bt), 1, POINT_FINITE, &err), err,
	             ERROR_MALFORMED);
}

static void lifting_gives_the_smaller_root_of_every_x_that_has_one(void **state)
{
	(void)state;
	static point p[COUNT];
	static scalar logs[COUNT];
	uint8_t raw[POINT_RAW_BYTES], other[POINT_RAW_BYTES];
	random_points(p, logs, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		point lifted, minus;
		point_neg(&minus, &p[i]);
		point_encode_raw(raw, &p[i]);
		point_encode_raw(other, &minus);
		assert_memory_equal(raw, other, 32);
		assert_true(point_lift_vartime(&lifted, raw));
		bool smaller = memcmp(raw + 32, other + 32, 32) < 0;
		assert_point_equal(&lifted, smaller ? &p[i] : &minus);
	}
}

static void about_half_of_all_x_have_no_point_and_none_from_p_on(void **state)
{
	(void)state;
	uint8_t x[32];
	point p;
	unsigned found = 0;
	for (size_t i = 0; i < 200; i++) {
		scalar s = random_scalar();
		scalar_encode(x, &s);
		found += point_lift_vartime(&p, x);
	}
	assert_in_range(found, 50, 150); /* 7 standard deviations */
	test_from_hex(x, 32, p_hex);
	assert_false(point_lift_vartime(&p, x));
	memset(x, 0xff, 32);
	assert_false(point_lift_vartime(&p, x));
	test_from_hex(x, 32, "0000000000000000000000000000000000000000000000000000000000000001");
	assert_false(point_lift_vartime(&p, x)); /* 1 - 3 + b is no square */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(encoded_points_decode_to_themselves),
		EACH_BACKEND(the_tree_of_the_generator_is_verificatums),
		EACH_BACKEND(every_changed_bit_of_a_point_is_refused_with_its_index),
		EACH_BACKEND(any_other_length_than_that_of_the_points_is_refused),
		EACH_BACKEND(infinity_is_refused_where_a_finite_point_is_needed),
		EACH_BACKEND(half_an_infinity_is_refused),
		EACH_BACKEND(a_coordinate_that_is_not_below_p_is_refused),
		EACH_BACKEND(lifting_gives_the_smaller_root_of_every_x_that_has_one),
		EACH_BACKEND(about_half_of_all_x_have_no_point_and_none_from_p_on),
	};
	return cmocka_run_group_tests_name("core/group: byte forms of points", tests, NULL, NULL);
}
