/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256 against OpenSSL's big numbers, once per back end (FIELD_HEADER). Values come
 * as bytes, and as raw limbs anywhere in the bounds the header allows.
 */
#include "support/support.h"

#include <openssl/bn.h>

#include FIELD_HEADER

static BN_CTX *ctx;
static BIGNUM *p, *domain, *domain_inverse; /* R */

static int set_up(void **state)
{
	ctx = BN_CTX_new();
	p = domain = NULL;
	BN_hex2bn(&p, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
	BN_hex2bn(&domain, "1");
	BN_lshift(domain, domain, FE_R_BITS);
	domain_inverse = BN_mod_inverse(NULL, domain, p, ctx);
	return domain_inverse ? 0 : -1;
}

static int tear_down(void **state)
{
	BN_free(p);
	BN_free(domain);
	BN_free(domain_inverse);
	BN_CTX_free(ctx);
	return 0;
}

#ifdef FE_LIMBS
/* Limbs anywhere within (F), often at its very ends; *value becomes the number they stand for. */
static fe raw(BIGNUM *value)
{
	fe a;
	BIGNUM *limb = BN_new();
	BN_zero(value);
	for (int i = FE_LIMBS - 1; i >= 0; i--) {
		const int64_t high = i < FE_LIMBS - 1 ? FE_BOUND : FE_BOUND_TOP;
		const int64_t low = i < FE_LIMBS - 1 ? FE_BOUND : FE_BOUND_LOW;
		const int64_t border = (int64_t)1 << test_random_below(FE_BITS - (unsigned)(i / 4 * 14));
		const int64_t choice[6] = {high,       -low,
		                           0,          border < high ? border : high,
		                           border - 1, -(border < low ? border : low)};
		int64_t l = choice[test_random_below(6)];
		if (test_random_below(2))
			l = (int64_t)test_random_below((uint64_t)(high + low + 1)) - low;
		if (l > high)
			l = high;
		a.v[i] = (fe_limb)(l * FE_SCALE);
		BN_set_word(limb, (BN_ULONG)(l < 0 ? -l : l));
		BN_set_negative(limb, l < 0);
		BN_lshift(value, value, FE_BITS);
		BN_add(value, value, limb);
	}
	BN_free(limb);
	BN_mod_mul(value, value, domain_inverse, p, ctx);
	BN_nnmod(value, value, p, ctx);
	return a;
}

#else
/* Words anywhere below p, often next to its ends; *value becomes the number they stand for. */
static fe raw(BIGNUM *value)
{
	uint8_t form[32];
	fe a;
	if (test_random_below(2)) {
		BN_set_word(value, test_random_below(5));
		if (test_random_below(2))
			BN_sub(value, p, value);
	} else {
		for (int i = 0; i < 32; i++)
			form[i] = (uint8_t)(test_random_below(3) ? 0xff : test_random_below(256));
		BN_bin2bn(form, 32, value);
	}
	BN_nnmod(value, value, p, ctx);
	assert_int_equal(BN_bn2binpad(value, form, 32), 32);
	for (int i = 0; i < 4; i++)
		a.v[i] = load_be64(form + 8 * (3 - i));
	BN_mod_mul(value, value, domain_inverse, p, ctx);
	return a;
}
#endif

/* Canonical bytes, random or with long runs of equal bits. */
static fe decoded(BIGNUM *value)
{
	uint8_t form[32];
	fe a;
	do {
		for (int i = 0; i < 4; i++) {
			const uint64_t ones = UINT64_MAX << test_random_below(64);
			const uint64_t choice[5] = {0, UINT64_MAX, ones, ~ones, test_random_u64()};
			store_be64(form + 8 * i, choice[test_random_below(5)]);
		}
		BN_bin2bn(form, 32, value);
	} while (!fe_decode(&a, form));
	assert_true(BN_cmp(value, p) < 0);
	return a;
}

static fe any(BIGNUM *value)
{
	return test_random_below(2) ? raw(value) : decoded(value);
}

static void assert_is(const fe *a, const BIGNUM *value)
{
	uint8_t got[32], want[32];
	fe_encode(got, a);
	assert_int_equal(BN_bn2binpad(value, want, 32), 32);
	assert_memory_equal(got, want, 32);
}

/* The stored form is the value times R, canonical. */
static void assert_stored(const fe *a, const BIGNUM *value)
{
	uint64_t v[4];
	uint8_t got[32], want[32];
	BIGNUM *x = BN_new();
	BN_mod_mul(x, value, domain, p, ctx);
	assert_int_equal(BN_bn2binpad(x, want, 32), 32);
	BN_free(x);
	fe_store(v, a);
	for (int i = 0; i < 4; i++)
		store_be64(got + 8 * (3 - i), v[i]);
	assert_memory_equal(got, want, 32);
}

static void the_field_computes_what_openssl_computes(void **state)
{
	BIGNUM *a = BN_new(), *b = BN_new(), *c = BN_new(), *r = BN_new();
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		const fe x = any(a), y = any(b), z = any(c);
		fe_loose s, d;
		fe out;
		assert_is(&x, a);
		assert_stored(&y, b);
		BN_mod_mul(r, a, b, p, ctx);
		fe_mul(&out, &x, &y);
		assert_is(&out, r);
		BN_mod_sqr(r, a, p, ctx);
		fe_sqr(&out, &x);
		assert_is(&out, r);
		BN_mod_add(r, a, b, p, ctx);
		fe_add(&out, &x, &y);
		assert_is(&out, r);
		BN_mod_sub(r, r, a, p, ctx);
		BN_mod_sub(r, r, c, p, ctx);
		fe_sub(&out, &y, &z);
		assert_is(&out, r);
		BN_mod_sub(r, r, a, p, ctx);
		fe_sub2(&out, &y, &z, &x);
		assert_is(&out, r);
		/* (a + b)(b - c), both loose */
		BN_mod_add(r, r, a, p, ctx);
		BN_mod_add(a, a, b, p, ctx);
		BN_mod_mul(r, r, a, p, ctx);
		fe_loose_add(&s, &x, &y);
		fe_loose_sub(&d, &y, &z);
		fe_mul_ll(&out, &s, &d);
		assert_is(&out, r);
		BN_mod_sqr(r, a, p, ctx);
		fe_sqr_l(&out, &s);
		assert_is(&out, r);
		BN_mod_mul(r, a, c, p, ctx);
		fe_mul_l(&out, &s, &z);
		assert_is(&out, r);
		/* 2·(a/2) and 3a */
		fe_half(&out, &z);
		fe_double(&out, &out);
		assert_is(&out, c);
		BN_mod_lshift1(r, c, p, ctx);
		BN_mod_add(r, r, c, p, ctx);
		fe_triple(&out, &z);
		assert_is(&out, r);
		assert_int_equal(fe_is_zero_mask(&z) != 0, BN_is_zero(c));
	}
	BN_free(a);
	BN_free(b);
	BN_free(c);
	BN_free(r);
}

static void inverses_and_square_roots_agree_with_openssl(void **state)
{
	BIGNUM *a = BN_new(), *r = BN_new();
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		const fe x = any(a);
		fe out, back;
		if (!BN_is_zero(a)) {
			assert_non_null(BN_mod_inverse(r, a, p, ctx));
			fe_invert(&out, &x);
			assert_is(&out, r);
		}
		assert_int_equal(fe_sqrt(&out, &x) != 0, BN_kronecker(a, p, ctx) >= 0);
		if (BN_kronecker(a, p, ctx) >= 0) {
			fe_sqr(&back, &out);
			assert_is(&back, a);
		}
	}
	BN_free(a);
	BN_free(r);
}

/* Products whose lower half is p itself or next to it: the reduced half is then p or next to it. */
static void products_with_p_below_are_right(void **state)
{
	BIGNUM *a = BN_new(), *b = BN_new(), *low = BN_new(), *r = BN_new();
	uint8_t form[32];
	uint64_t v[2][4];
	for (uint64_t n = TEST_COUNT(2000, 200000), done = 0; done < n;) {
		do
			BN_rand_range(b, p);
		while (!BN_is_odd(b));
		BN_copy(low, p);
		BN_add_word(low, 3);
		BN_sub_word(low, (BN_ULONG)test_random_below(2) ? 3 : (BN_ULONG)test_random_below(7));
		assert_non_null(BN_mod_inverse(r, b, domain, ctx));
		BN_mod_mul(a, low, r, domain, ctx);
		if (BN_cmp(a, p) >= 0) {
			n -= FE_R_BITS > 256; /* the other domains are larger: hardly ever below p */
			continue;
		}
		done++;
		for (int k = 0; k < 2; k++) {
			assert_int_equal(BN_bn2binpad(k ? b : a, form, 32), 32);
			for (int i = 0; i < 4; i++)
				v[k][i] = load_be64(form + 8 * (3 - i));
		}
		fe x, y, out;
		fe_load(&x, v[0]);
		fe_load(&y, v[1]);
		fe_mul(&out, &x, &y);
		BN_mod_mul(r, a, b, p, ctx);
		BN_mod_mul(r, r, domain_inverse, p, ctx);
		BN_mod_mul(r, r, domain_inverse, p, ctx);
		assert_stored(&out, r);
	}
	BN_free(a);
	BN_free(b);
	BN_free(low);
	BN_free(r);
}

/* Long chains of operations without ever storing: no bound may creep. */
static void a_long_computation_stays_right(void **state)
{
	BIGNUM *a = BN_new(), *b = BN_new();
	fe x = any(a), y = any(b);
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		switch (test_random_below(6)) {
		case 0:
			fe_mul(&x, &x, &y);
			BN_mod_mul(a, a, b, p, ctx);
			break;
		case 1:
			fe_sub(&y, &x, &y);
			BN_mod_sub(b, a, b, p, ctx);
			break;
		case 2:
			fe_triple(&x, &x);
			BN_mul_word(a, 3);
			BN_mod(a, a, p, ctx);
			break;
		case 3:
			fe_neg(&y, &y);
			BN_sub(b, p, b);
			BN_mod(b, b, p, ctx);
			break;
		case 4:
			fe_add(&x, &y, &x);
			BN_mod_add(a, b, a, p, ctx);
			break;
		default:
			fe_double(&y, &y);
			BN_mod_lshift1(b, b, p, ctx);
		}
		if (n % 64 == 0) {
			assert_is(&x, a);
			assert_is(&y, b);
			y = any(b);
		}
	}
	assert_is(&x, a);
	BN_free(a);
	BN_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_field_computes_what_openssl_computes),
		cmocka_unit_test(inverses_and_square_roots_agree_with_openssl),
		cmocka_unit_test(products_with_p_below_are_right),
		cmocka_unit_test(a_long_computation_stays_right),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
