/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#include "group/jacobi_internal.h"
#include "group/lift.h"

static const uint64_t modulus[4] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};

static void subtract(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	uint64_t borrow = 0;
	for (int i = 0; i < 4; i++) {
		uint64_t s = a[i] - b[i], with = s - borrow;
		borrow = a[i] < b[i] || s < borrow;
		out[i] = with;
	}
}

static int of_power_of_two(unsigned exponent)
{
	uint64_t a[4] = {0};
	a[exponent / 64] = (uint64_t)1 << exponent % 64;
	return jacobi_vartime(a);
}

static void multiples_of_p_have_the_symbol_0(void **state)
{
	(void)state;
	static const uint64_t zero[4] = {0};
	assert_int_equal(jacobi_vartime(zero), 0);
	assert_int_equal(jacobi_vartime(modulus), 0);
}

/* p is 3 modulo 4 and 7 modulo 8: -1 is no square, 2 is one. */
static void symbols_of_1_and_minus_1_and_powers_of_2_are_known(void **state)
{
	(void)state;
	static const uint64_t one[4] = {1};
	uint64_t minus[4];
	assert_int_equal(jacobi_vartime(one), 1);
	subtract(minus, modulus, one);
	assert_int_equal(jacobi_vartime(minus), -1);
	for (unsigned exponent = 0; exponent < 256; exponent++)
		assert_int_equal(of_power_of_two(exponent), 1);
}

/* By reciprocity: p is 1 mod 3, 1 mod 5, 6 mod 7, 5 mod 11 and 8 mod 13. */
static void symbols_of_small_primes_are_known(void **state)
{
	(void)state;
	static const struct {
		uint64_t prime;
		int symbol;
	} known[] = {{3, -1}, {5, 1}, {7, 1}, {11, -1}, {13, -1}};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const uint64_t a[4] = {known[i].prime};
		assert_int_equal(jacobi_vartime(a), known[i].symbol);
	}
}

static void negation_turns_the_sign(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		uint64_t a[4] = {0}, minus[4];
		unsigned words = 1 + i % 4;
		for (unsigned k = 0; k < words; k++)
			a[i / 4 % 2 ? 3 - k : k] = test_random_u64();
		a[3] >>= 1; /* below p */
		subtract(minus, modulus, a);
		assert_int_equal(jacobi_vartime(minus), -jacobi_vartime(a));
	}
}

static void numbers_above_p_are_reduced(void **state)
{
	(void)state;
	static const uint64_t all_ones[4] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
	for (uint64_t i = 0; i < 2000; i++) {
		const uint64_t below[4] = {i};
		uint64_t above[4], rest[4];
		subtract(above, all_ones, below);
		subtract(rest, above, modulus);
		assert_int_equal(jacobi_vartime(above), jacobi_vartime(rest));
	}
}

/* An x of every shape: random, few bits, long runs of equal bits, around 0 and p. */
static void put_x(uint8_t x[static 32], unsigned shape)
{
	struct error err;
	memset(x, 0, 32);
	switch (shape % 5) {
	case 0:
		assert_ok(rng_fill(test_rng(), x, 32, &err), err);
		break;
	case 1:
		x[31] = (uint8_t)shape;
		x[30] = (uint8_t)(shape >> 8);
		break;
	case 2:
		x[test_random_below(32)] = (uint8_t)(1u << test_random_below(8));
		break;
	case 3:
		memset(x + test_random_below(32), 0xff, 1);
		memset(x, 0xff, test_random_below(16));
		x[0] = 0;
		break;
	default:
		for (int i = 0; i < 4; i++)
			store_be64(x + 8 * i, modulus[3 - i]);
		x[31] = (uint8_t)(0xff - test_random_below(250));
		break;
	}
}

static void an_x_has_a_point_exactly_when_the_root_exists(void **state)
{
	(void)state;
	unsigned with = 0, count = (unsigned)TEST_COUNT(3000, 200000);
	for (unsigned i = 0; i < count; i++) {
		uint8_t x[32];
		uint64_t on;
		point p;
		put_x(x, i);
		points_lift(&p, &on, x, 1);
		assert_int_equal(x_has_point_vartime(x), on != 0);
		with += on != 0;
	}
	assert_in_range(with, count / 3, count * 2 / 3);
}

static void an_x_that_is_no_field_element_has_no_point(void **state)
{
	(void)state;
	uint8_t x[32];
	memset(x, 0xff, sizeof x);
	assert_false(x_has_point_vartime(x));
	for (int i = 0; i < 4; i++)
		store_be64(x + 8 * i, modulus[3 - i]);
	for (unsigned i = 0; i < 64; i++) { /* p, p + 1 …: 0, 1 … are not meant */
		assert_false(x_has_point_vartime(x));
		for (int k = 31; ++x[k] == 0; k--)
			;
	}
}

static void only_the_root_that_is_a_square_is_lifted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t x[32];
		uint64_t on;
		point p;
		put_x(x, i);
		points_lift(&p, &on, x, 1);
		assert_int_equal(point_is_lifted_vartime(&p), on != 0);
		point_neg(&p, &p);
		assert_false(point_is_lifted_vartime(&p));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multiples_of_p_have_the_symbol_0),
		cmocka_unit_test(symbols_of_1_and_minus_1_and_powers_of_2_are_known),
		cmocka_unit_test(symbols_of_small_primes_are_known),
		cmocka_unit_test(negation_turns_the_sign),
		cmocka_unit_test(numbers_above_p_are_reduced),
		EACH_BACKEND(an_x_has_a_point_exactly_when_the_root_exists),
		EACH_BACKEND(an_x_that_is_no_field_element_has_no_point),
		EACH_BACKEND(only_the_root_that_is_a_square_is_lifted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
