/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars against OpenSSL's big numbers, and both forms of the product against each other. */
#include "support/support.h"

#include <openssl/bn.h>

#include "group/scalar_internal.h"

static BN_CTX *ctx;
static BIGNUM *q, *domain_inverse; /* 1/2^256 mod q */

static int set_up(void **state)
{
	ctx = BN_CTX_new();
	q = NULL;
	BN_hex2bn(&q, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
	BIGNUM *r = BN_new();
	BN_one(r);
	BN_lshift(r, r, 256);
	domain_inverse = BN_mod_inverse(NULL, r, q, ctx);
	BN_free(r);
	return domain_inverse ? 0 : -1;
}

static int tear_down(void **state)
{
	BN_free(q);
	BN_free(domain_inverse);
	BN_CTX_free(ctx);
	return 0;
}

static uint64_t any_word(void)
{
	const uint64_t ones = UINT64_MAX << test_random_below(64);
	const uint64_t choice[6] = {0, UINT64_MAX, ones, ~ones, test_random_u64(), test_random_u64()};
	return choice[test_random_below(6)];
}

static void to_bn(BIGNUM *value, const uint64_t v[4])
{
	uint8_t form[32];
	for (int i = 0; i < 4; i++)
		store_be64(form + 8 * (3 - i), v[i]);
	BN_bin2bn(form, 32, value);
}

static scalar any(BIGNUM *value)
{
	uint8_t form[32];
	scalar a;
	do {
		for (int i = 0; i < 4; i++)
			store_be64(form + 8 * i, any_word());
		if (test_random_below(16) == 0) {
			BN_bn2binpad(q, form, 32);
			form[31] = (uint8_t)(form[31] - test_random_below(8));
		}
		BN_bin2bn(form, 32, value);
		assert_int_equal(scalar_decode(&a, form), BN_cmp(value, q) < 0);
	} while (BN_cmp(value, q) >= 0);
	return a;
}

static void assert_is(const scalar *a, const BIGNUM *value)
{
	uint8_t got[32], want[32];
	scalar_encode(got, a);
	assert_int_equal(BN_bn2binpad(value, want, 32), 32);
	assert_memory_equal(got, want, 32);
}

static void scalars_compute_what_openssl_computes(void **state)
{
	BIGNUM *a = BN_new(), *b = BN_new(), *c = BN_new(), *r = BN_new();
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		const scalar x = any(a), y = any(b), z = any(c);
		scalar out;
		BN_mod_add(r, a, b, q, ctx);
		scalar_add(&out, &x, &y);
		assert_is(&out, r);
		BN_mod_sub(r, a, b, q, ctx);
		scalar_sub(&out, &x, &y);
		assert_is(&out, r);
		BN_mod_mul(r, a, b, q, ctx);
		scalar_mul(&out, &x, &y);
		assert_is(&out, r);
		BN_mod_add(r, r, c, q, ctx);
		scalar_mul_add(&out, &x, &y, &z);
		assert_is(&out, r);
		BN_sub(r, q, a);
		BN_mod(r, r, q, ctx);
		scalar_neg(&out, &x);
		assert_is(&out, r);
		assert_int_equal(scalar_is_zero(&x), BN_is_zero(a));
		assert_int_equal(scalar_equal(&x, &y), BN_cmp(a, b) == 0);
	}
	BN_free(a);
	BN_free(b);
	BN_free(c);
	BN_free(r);
}

static void inverses_agree_with_openssl(void **state)
{
	BIGNUM *a = BN_new(), *r = BN_new();
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		const scalar x = any(a);
		scalar out;
		if (BN_is_zero(a))
			continue;
		assert_non_null(BN_mod_inverse(r, a, q, ctx));
		scalar_invert(&out, &x);
		assert_is(&out, r);
	}
	BN_free(a);
	BN_free(r);
}

static void reduction_of_every_length_agrees_with_openssl(void **state)
{
	BIGNUM *a = BN_new();
	for (uint64_t n = TEST_COUNT(10000, 1000000); n; n--) {
		uint8_t form[64];
		const size_t len = test_random_below(65);
		scalar out;
		for (int i = 0; i < 8; i++)
			store_be64(form + 8 * i, any_word());
		BN_bin2bn(form, (int)len, a);
		BN_mod(a, a, q, ctx);
		scalar_reduce(&out, form, len);
		assert_is(&out, a);
	}
	BN_free(a);
}

/* out = a·b/2^256, a any 256 bits; with and without 128-bit products. */
static void both_forms_of_the_product_agree_with_openssl(void **state)
{
	BIGNUM *a = BN_new(), *b = BN_new();
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		const uint64_t x[4] = {any_word(), any_word(), any_word(), any_word()};
		const scalar y = any(b);
		scalar out;
		to_bn(a, x);
		BN_mod_mul(a, a, b, q, ctx);
		BN_mod_mul(a, a, domain_inverse, q, ctx);
		scalar_montgomery(out.v, x, y.v);
		assert_is(&out, a);
		scalar_montgomery_32(out.v, x, y.v);
		assert_is(&out, a);
		out = y; /* in place */
		scalar_montgomery_32(out.v, x, out.v);
		assert_is(&out, a);
	}
	BN_free(a);
	BN_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_compute_what_openssl_computes),
		cmocka_unit_test(inverses_agree_with_openssl),
		cmocka_unit_test(reduction_of_every_length_agrees_with_openssl),
		cmocka_unit_test(both_forms_of_the_product_agree_with_openssl),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
