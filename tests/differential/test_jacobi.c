/* SPDX-License-Identifier: Apache-2.0 */
/* The Jacobi symbol modulo p against OpenSSL's exponentiation a^((p-1)/2). */
#include "support/support.h"

#include "group/jacobi_internal.h"

#include <openssl/bn.h>

static BN_CTX *ctx;
static BIGNUM *p, *half;

static int set_up(void **state)
{
	(void)state;
	ctx = BN_CTX_new();
	p = NULL;
	half = BN_new();
	BN_hex2bn(&p, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
	return BN_rshift1(half, p) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	BN_free(p);
	BN_free(half);
	BN_CTX_free(ctx);
	return 0;
}

static int by_exponentiation(const uint64_t a[static 4])
{
	uint8_t be[32];
	BIGNUM *n = BN_new();
	for (size_t i = 0; i < 4; i++)
		store_be64(be + 8 * i, a[3 - i]);
	BN_bin2bn(be, sizeof be, n);
	assert_int_equal(BN_mod_exp(n, n, half, p, ctx), 1);
	int symbol = BN_is_zero(n) ? 0 : BN_is_one(n) ? 1 : -1;
	BN_free(n);
	return symbol;
}

static void assert_symbol(const uint64_t a[static 4])
{
	assert_int_equal(jacobi_vartime(a), by_exponentiation(a));
}

static void random_numbers_have_the_symbol_of_exponentiation(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TEST_COUNT(3000, 300000); i++) {
		uint64_t a[4];
		for (int k = 0; k < 4; k++)
			a[k] = test_random_u64();
		assert_symbol(a);
	}
}

static void small_numbers_have_the_symbol_of_exponentiation(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 2000; i++) {
		const uint64_t a[4] = {i};
		assert_symbol(a);
	}
}

/* ±2^i ± 2^k as 256 bits wrap around: single bits, runs of ones and of zeros, whole words of
 * either. */
static void sums_of_two_powers_have_the_symbol_of_exponentiation(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i += 1 + i % 3) {
		for (unsigned k = 0; k <= i; k += 1 + k % 5) {
			uint64_t a[4] = {0}, b[4] = {0}, borrow = 0;
			a[i / 64] = (uint64_t)1 << i % 64;
			b[k / 64] = (uint64_t)1 << k % 64;
			for (int w = 0; w < 4; w++) { /* 2^i - 2^k */
				uint64_t s = a[w] - b[w], with = s - borrow;
				borrow = a[w] < b[w] || s < borrow;
				b[w] = with;
			}
			assert_symbol(b);
			for (int w = 0; w < 4; w++)
				b[w] = ~b[w];
			assert_symbol(b);
		}
	}
}

static void numbers_with_empty_words_have_the_symbol_of_exponentiation(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1600; i++) {
		uint64_t a[4];
		for (unsigned k = 0; k < 4; k++)
			a[k] = i >> k & 1 ? test_random_u64() : 0;
		assert_symbol(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers_have_the_symbol_of_exponentiation),
		cmocka_unit_test(small_numbers_have_the_symbol_of_exponentiation),
		cmocka_unit_test(sums_of_two_powers_have_the_symbol_of_exponentiation),
		cmocka_unit_test(numbers_with_empty_words_have_the_symbol_of_exponentiation),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
