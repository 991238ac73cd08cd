/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "ballot/plaintext.h"

static uint32_t bases[PLAINTEXT_MAX_DIGITS + 2], digits[PLAINTEXT_MAX_DIGITS + 2],
	back[PLAINTEXT_MAX_DIGITS + 2];
static uint8_t plaintext[PLAINTEXT_MAX_BYTES];

static void all_bases(size_t n, uint32_t base)
{
	for (size_t i = 0; i < n; i++)
		bases[i] = base;
}

static uint32_t width_of(size_t n)
{
	struct error err;
	uint32_t width;
	assert_ok(plaintext_width(&width, bases, n, &err), err);
	return width;
}

static void width_is_exact_at_powers_of_two(void **state)
{
	(void)state;
	all_bases(PLAINTEXT_MAX_DIGITS, 2);
	assert_int_equal(width_of(1), 1);
	assert_int_equal(width_of(224), 1); /* the product is 2^224: the largest number has 224 bits */
	assert_int_equal(width_of(225), 2);
	assert_int_equal(width_of(448), 2);
	assert_int_equal(width_of(449), 3);
	assert_int_equal(width_of(PLAINTEXT_MAX_DIGITS), LIMIT_WIDTH);
}

static void width_is_exact_just_beside_a_power_of_two(void **state)
{
	(void)state;
	all_bases(224, 2);
	bases[100] = 3; /* 3·2^223 > 2^224 */
	assert_int_equal(width_of(224), 2);
	all_bases(223, 2);
	bases[0] = 3; /* 3·2^222 < 2^224 */
	assert_int_equal(width_of(223), 1);
	/* 3^141 = 2^223.48…, 3^142 = 2^225.06… */
	all_bases(142, 3);
	assert_int_equal(width_of(141), 1);
	assert_int_equal(width_of(142), 2);
	/* 65535^14 < 2^224, 65536^14 = 2^224, times anything more is not */
	all_bases(15, 65535);
	assert_int_equal(width_of(14), 1);
	all_bases(15, 65536);
	assert_int_equal(width_of(14), 1);
	assert_int_equal(width_of(15), 2);
}

static void codes_that_are_none_are_refused(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	all_bases(PLAINTEXT_MAX_DIGITS + 1, 2);
	assert_fails(plaintext_code_init(&code, bases, 0, &err), err, ERROR_MALFORMED);
	assert_fails(plaintext_code_init(&code, bases, PLAINTEXT_MAX_DIGITS + 1, &err), err,
	             ERROR_LIMIT);
	bases[3] = 1;
	assert_fails(plaintext_code_init(&code, bases, 5, &err), err, ERROR_MALFORMED);
	assert_int_equal(err.at, 3);
	bases[3] = 0;
	assert_fails(plaintext_code_init(&code, bases, 5, &err), err, ERROR_MALFORMED);
	bases[3] = PLAINTEXT_MAX_BASE + 1;
	assert_fails(plaintext_code_init(&code, bases, 5, &err), err, ERROR_MALFORMED);
}

static void number_is_mixed_radix_with_the_first_digit_least(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	static const uint32_t b[] = {2, 3, 5, 7}, d[] = {1, 2, 3, 4};
	static const uint8_t expected[MESSAGE_BYTES] = {[27] = 1 + 2 * 2 + 3 * 6 + 4 * 30};
	assert_ok(plaintext_code_init(&code, b, 4, &err), err);
	assert_ok(plaintext_encode(plaintext, &code, d, &err), err);
	assert_memory_equal(plaintext, expected, MESSAGE_BYTES);
}

/* The mixed-radix example that Sequent's sources carry: digits 29, 23, 59 of 30, 24, 60. */
static void largest_number_is_product_less_one(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	static const uint32_t b[] = {30, 24, 60}, d[] = {29, 23, 59};
	assert_ok(plaintext_code_init(&code, b, 3, &err), err);
	assert_ok(plaintext_encode(plaintext, &code, d, &err), err);
	assert_int_equal(load_be32(plaintext + 24), 43199);
}

static void number_fills_the_width_in_big_endian(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	all_bases(448, 2);
	memset(digits, 0, sizeof digits);
	digits[0] = digits[447] = digits[224] = 1;
	assert_ok(plaintext_code_init(&code, bases, 448, &err), err);
	assert_int_equal(plaintext_bytes(&code), 56);
	assert_ok(plaintext_encode(plaintext, &code, digits, &err), err);
	assert_int_equal(plaintext[0], 0x80);
	assert_int_equal(plaintext[27], 1);
	assert_int_equal(plaintext[55], 1);
	assert_true(plaintext_decode_vartime(back, &code, plaintext));
	assert_memory_equal(back, digits, 448 * sizeof *digits);
}

static void digit_that_reaches_its_base_is_refused_without_telling_which(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	static const uint32_t b[] = {2, 3, 5};
	static const uint8_t zeros[MESSAGE_BYTES];
	assert_ok(plaintext_code_init(&code, b, 3, &err), err);
	for (size_t i = 0; i < 3; i++) {
		uint32_t d[] = {1, 2, 4};
		assert_ok(plaintext_encode(plaintext, &code, d, &err), err);
		d[i] = b[i];
		assert_fails(plaintext_encode(plaintext, &code, d, &err), err, ERROR_MALFORMED);
		assert_true(err.at == ERROR_NOWHERE);
		assert_memory_equal(plaintext, zeros, MESSAGE_BYTES);
		d[i] = UINT32_MAX;
		assert_fails(plaintext_encode(plaintext, &code, d, &err), err, ERROR_MALFORMED);
	}
}

static void numbers_from_the_product_on_are_out_of_range(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	static const uint32_t b[] = {2, 3, 5};
	assert_ok(plaintext_code_init(&code, b, 3, &err), err);
	memset(plaintext, 0, sizeof plaintext);
	plaintext[27] = 29;
	assert_true(plaintext_decode_vartime(back, &code, plaintext));
	plaintext[27] = 30;
	assert_false(plaintext_decode_vartime(back, &code, plaintext));
	assert_int_equal(back[0] | back[1] | back[2], 0);
	plaintext[27] = 0;
	plaintext[0] = 0x80;
	assert_false(plaintext_decode_vartime(back, &code, plaintext));
	memset(plaintext, 0xff, sizeof plaintext);
	assert_false(plaintext_decode_vartime(back, &code, plaintext));
}

static void points_decode_to_digits(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	point m[2];
	all_bases(300, 2);
	for (size_t i = 0; i < 300; i++)
		digits[i] = (uint32_t)test_random_below(2);
	assert_ok(plaintext_code_init(&code, bases, 300, &err), err);
	assert_int_equal(code.width, 2);
	assert_ok(plaintext_encode(plaintext, &code, digits, &err), err);
	assert_ok(messages_encode(m, plaintext, 2, &err), err);
	assert_int_equal(plaintext_decode_points_vartime(back, &code, m), VERDICT_VALID);
	assert_memory_equal(back, digits, 300 * sizeof *digits);
}

static void points_with_another_root_or_a_number_too_large_are_invalid(void **state)
{
	(void)state;
	struct error err;
	struct plaintext_code code;
	point m[2], other;
	all_bases(300, 2);
	assert_ok(plaintext_code_init(&code, bases, 300, &err), err);
	memset(digits, 0, sizeof digits);
	assert_ok(plaintext_encode(plaintext, &code, digits, &err), err);
	assert_ok(messages_encode(m, plaintext, 2, &err), err);
	other = m[1];
	point_neg(&m[1], &m[1]);
	assert_int_equal(plaintext_decode_points_vartime(back, &code, m), VERDICT_NOT_CANONICAL);
	m[1] = point_infinity();
	assert_int_equal(plaintext_decode_points_vartime(back, &code, m), VERDICT_NOT_CANONICAL);
	m[1] = other;
	plaintext[0] = 1;
	assert_ok(messages_encode(m, plaintext, 2, &err), err);
	assert_int_equal(plaintext_decode_points_vartime(back, &code, m), VERDICT_OUT_OF_RANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_is_exact_at_powers_of_two),
		cmocka_unit_test(width_is_exact_just_beside_a_power_of_two),
		cmocka_unit_test(codes_that_are_none_are_refused),
		cmocka_unit_test(number_is_mixed_radix_with_the_first_digit_least),
		cmocka_unit_test(largest_number_is_product_less_one),
		cmocka_unit_test(number_fills_the_width_in_big_endian),
		cmocka_unit_test(digit_that_reaches_its_base_is_refused_without_telling_which),
		cmocka_unit_test(numbers_from_the_product_on_are_out_of_range),
		cmocka_unit_test(points_decode_to_digits),
		cmocka_unit_test(points_with_another_root_or_a_number_too_large_are_invalid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
