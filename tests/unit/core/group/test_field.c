/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256: laws and edges. Compiled once per back end (FIELD_HEADER names it) with
 * FIELD_VERIFY, so that every single operation also checks the bounds its header proves.
 */
#include "support/support.h"

#include FIELD_HEADER

static const uint64_t p_words[4] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};

static void add_small(uint64_t out[4], const uint64_t a[4], int64_t d)
{
	uint64_t carry = 0, high = d < 0 ? UINT64_MAX : 0;
	for (int i = 0; i < 4; i++) {
		const uint64_t w = i ? high : (uint64_t)d;
		const uint64_t s = a[i] + w, t = s + carry;
		carry = (uint64_t)(s < w) | (uint64_t)(t < s);
		out[i] = t;
	}
}

static bool is_below_p(const uint64_t v[4])
{
	bool below = false;
	for (int i = 0; i < 4; i++)
		below = v[i] < p_words[i] || (v[i] == p_words[i] && below);
	return below;
}

/* Any 256 bits: random, or built from words that break carries, or next to p or a limb's border. */
static void any_bits(uint64_t v[4])
{
	static const uint64_t zero[4] = {0};
	uint64_t border[4] = {0};
	const int64_t near = (int64_t)test_random_below(7) - 3;
	const unsigned bit = (unsigned)test_random_below(256);
	switch (test_random_below(5)) {
	case 0:
		add_small(v, p_words, near);
		break;
	case 1:
		add_small(v, zero, near);
		break;
	case 2:
		border[bit / 64] = (uint64_t)1 << bit % 64;
		add_small(v, border, near);
		break;
	case 3:
		for (int i = 0; i < 4; i++) {
			const uint64_t ones = UINT64_MAX << test_random_below(64);
			const uint64_t choice[4] = {0, UINT64_MAX, ones, ~ones};
			v[i] = choice[test_random_below(4)];
		}
		break;
	default:
		for (int i = 0; i < 4; i++)
			v[i] = test_random_u64();
	}
}

static void any_words(uint64_t v[4])
{
	do
		any_bits(v);
	while (!is_below_p(v));
}

static fe loaded(const uint64_t v[4])
{
	fe a;
	fe_load(&a, v);
	return a;
}

static fe any(void)
{
	uint64_t v[4];
	any_words(v);
	return loaded(v);
}

static void assert_same(const fe *a, const fe *b)
{
	uint64_t v[4], w[4];
	fe_store(v, a);
	fe_store(w, b);
	assert_memory_equal(v, w, sizeof v);
	assert_true(fe_equal_mask(a, b) == UINT64_MAX);
}

static void addition_is_a_commutative_group(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = any(), c = any(), s, t, zero;
		fe_zero(&zero);
		fe_add(&s, &a, &b);
		fe_add(&t, &b, &a);
		assert_same(&s, &t);
		fe_add(&s, &s, &c);
		fe_add(&t, &b, &c);
		fe_add(&t, &a, &t);
		assert_same(&s, &t);
		fe_add(&s, &a, &zero);
		assert_same(&s, &a);
		fe_neg(&t, &a);
		fe_add(&s, &a, &t);
		assert_same(&s, &zero);
	}
}

static void subtraction_undoes_addition(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = any(), c = any(), s, t;
		fe_add(&s, &a, &b);
		fe_sub(&t, &s, &b);
		assert_same(&t, &a);
		fe_sub(&s, &a, &b);
		fe_sub(&s, &s, &c);
		fe_sub2(&t, &a, &b, &c);
		assert_same(&s, &t);
	}
}

static void double_triple_and_half_are_sums(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), s, t;
		fe_add(&s, &a, &a);
		fe_double(&t, &a);
		assert_same(&s, &t);
		fe_half(&t, &t);
		assert_same(&t, &a);
		fe_half(&t, &a);
		fe_double(&t, &t);
		assert_same(&t, &a);
		fe_add(&s, &s, &a);
		fe_triple(&t, &a);
		assert_same(&s, &t);
	}
}

static void multiplication_is_commutative_and_associative(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = any(), c = any(), s, t;
		fe_mul(&s, &a, &b);
		fe_mul(&t, &b, &a);
		assert_same(&s, &t);
		fe_mul(&s, &s, &c);
		fe_mul(&t, &b, &c);
		fe_mul(&t, &a, &t);
		assert_same(&s, &t);
	}
}

static void multiplication_distributes_over_addition(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = any(), c = any(), s, t, u;
		fe_add(&s, &a, &b);
		fe_mul(&s, &s, &c);
		fe_mul(&t, &a, &c);
		fe_mul(&u, &b, &c);
		fe_add(&t, &t, &u);
		assert_same(&s, &t);
	}
}

static void one_is_neutral_and_a_square_is_a_product(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), s, t, one;
		fe_one(&one);
		fe_mul(&s, &a, &one);
		assert_same(&s, &a);
		fe_mul(&s, &a, &a);
		fe_sqr(&t, &a);
		assert_same(&s, &t);
	}
}

static void loose_factors_multiply_like_carried_ones(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = any(), c = any(), d = any(), s, t, want, got;
		fe_loose ls, lt;
		fe_add(&s, &a, &b);
		fe_sub(&t, &c, &d);
		fe_loose_add(&ls, &a, &b);
		fe_loose_sub(&lt, &c, &d);
		fe_mul(&want, &s, &t);
		fe_mul_ll(&got, &ls, &lt);
		assert_same(&got, &want);
		fe_mul(&want, &t, &a);
		fe_mul_l(&got, &lt, &a);
		assert_same(&got, &want);
		fe_sqr(&want, &t);
		fe_sqr_l(&got, &lt);
		assert_same(&got, &want);
	}
}

static void differences_with_a_sign_are_sums_and_differences(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		fe a = any(), b = test_random_below(8) ? any() : a, c = any(), want, got;
		for (uint32_t negate = 0; negate < 2; negate++) {
			fe_loose loose;
			fe_sub(&want, negate ? &b : &a, negate ? &a : &b);
			fe_signed_difference(&got, &a, &b, negate);
			assert_same(&got, &want);
			fe_neg(&want, &a);
			fe_sub(&want, negate ? &want : &a, &b);
			fe_mul(&want, &want, &c);
			fe_loose_difference(&loose, &a, negate, &b);
			fe_mul_l(&got, &loose, &c);
			assert_same(&got, &want);
		}
	}
}

/* -0 may be p itself: the one loose value that is not canonical. */
static void minus_zero_is_a_zero_factor(void **state)
{
	fe zero, out;
	fe_loose minus_zero;
	fe_zero(&zero);
	fe_loose_difference(&minus_zero, &zero, 1, &zero);
	fe_sqr_l(&out, &minus_zero);
	assert_same(&out, &zero);
	fe_mul_ll(&out, &minus_zero, &minus_zero);
	assert_same(&out, &zero);
	for (int n = 0; n < 1000; n++) {
		const fe a = any();
		fe_mul_l(&out, &minus_zero, &a);
		assert_same(&out, &zero);
	}
}

/* A product that is to be any value next to 0, p or a border: the last subtraction decides. */
static void products_may_end_anywhere(void **state)
{
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		fe a = any(), want = any(), other, got;
		if (fe_is_zero_mask(&a))
			continue;
		fe_invert(&other, &a);
		fe_mul(&other, &other, &want);
		fe_mul(&got, &a, &other);
		assert_same(&got, &want);
	}
}

#ifdef FE_LIMBS
/* Signed limbs: as large as (F) allows, in every combination of signs. */
#define CORNERS (1u << FE_LIMBS)
#define CORNER_STEP (FE_LIMBS == 5 ? 1u : 5u)
static fe corner(unsigned signs)
{
	fe f;
	for (unsigned i = 0; i < FE_LIMBS; i++) {
		const fe_limb high = i < FE_LIMBS - 1 ? FE_BOUND : FE_BOUND_TOP;
		const fe_limb low = i < FE_LIMBS - 1 ? FE_BOUND : FE_BOUND_LOW;
		f.v[i] = (signs >> i & 1 ? -low : high) * FE_SCALE;
	}
	return f;
}
#else
/* Words: 0 and what follows, p and what comes before, and words of equal bits. */
#define CORNERS 32u
#define CORNER_STEP 1u
static fe corner(unsigned which)
{
	uint64_t v[4] = {which / 2, 0, 0, 0};
	if (which % 2)
		add_small(v, p_words, -1 - (int64_t)(which / 2));
	if (which >= 16)
		for (unsigned i = 0; i < 4; i++)
			v[i] = which >> i & 1 ? p_words[3] - (i == 3) : 0;
	return loaded(v);
}
#endif

/* The worst operands there are, two and two: fe_verify is the judge. */
static void bounds_hold_at_the_corners(void **state)
{
	for (unsigned pair = 0; pair < CORNERS * CORNERS; pair += CORNER_STEP) {
		const fe f[2] = {corner(pair % CORNERS), corner(pair / CORNERS)};
		fe out, negative;
		fe_loose s, d;
		fe_loose_add(&s, &f[0], &f[1]);
		fe_loose_sub(&d, &f[0], &f[1]);
		fe_mul_ll(&out, &s, &d);
		fe_sqr_l(&out, &s);
		fe_sqr_l(&out, &d);
		fe_triple(&out, &f[0]);
		fe_neg(&negative, &f[0]);
		fe_sub2(&out, &negative, &f[0], &f[1]);
		fe_half(&out, &f[0]);
		fe_signed_difference(&out, &f[0], &f[1], pair & 1);
		fe_loose_difference(&s, &f[0], pair & 1, &f[1]);
		fe_mul_ll(&out, &s, &d);
		fe_sqr_l(&out, &s);
		fe_store((uint64_t[4]){0}, &f[0]);
		/* a + (-a) = 0 whatever the limbs */
		fe_add(&out, &f[0], &negative);
		assert_true(fe_is_zero_mask(&out) == UINT64_MAX);
	}
}

static void outputs_may_be_inputs(void **state)
{
	for (uint64_t n = TEST_COUNT(2000, 200000); n; n--) {
		const fe a = any(), b = any();
		fe want, got;
		fe_mul(&want, &a, &b);
		got = a;
		fe_mul(&got, &got, &b);
		assert_same(&got, &want);
		got = b;
		fe_mul(&got, &a, &got);
		assert_same(&got, &want);
		got = a;
		fe_sqr(&want, &a);
		fe_mul(&got, &got, &got);
		assert_same(&got, &want);
		fe_sub(&want, &a, &b);
		got = b;
		fe_sub(&got, &a, &got);
		assert_same(&got, &want);
		got = b;
		fe_signed_difference(&got, &got, &a, 1);
		assert_same(&got, &want);
		fe_sub(&want, &want, &a);
		got = a;
		fe_sub2(&got, &got, &b, &got);
		assert_same(&got, &want);
		fe_half(&want, &a);
		got = a;
		fe_half(&got, &got);
		assert_same(&got, &want);
		fe_select(&got, 0, &got, &b);
		assert_same(&got, &b);
		fe_select(&got, UINT64_MAX, &a, &got);
		assert_same(&got, &a);
	}
}

static void inverse_times_itself_is_one_and_zero_stays_zero(void **state)
{
	fe zero, one, s;
	fe_zero(&zero);
	fe_one(&one);
	fe_invert(&s, &zero);
	assert_same(&s, &zero);
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		fe a = any();
		if (fe_is_zero_mask(&a))
			continue;
		fe_invert(&s, &a);
		fe_mul(&s, &s, &a);
		assert_same(&s, &one);
	}
}

static void square_roots_are_found_and_non_squares_refused(void **state)
{
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		fe a = any(), s, root, minus;
		fe_sqr(&s, &a);
		assert_true(fe_sqrt(&root, &s) == UINT64_MAX);
		fe_neg(&minus, &root);
		assert_true((fe_equal_mask(&root, &a) | fe_equal_mask(&minus, &a)) == UINT64_MAX);
		/* p ≡ 3 mod 4: -1 is no square, so of a and -a exactly one is */
		fe_neg(&s, &a);
		const uint64_t of_a = fe_sqrt(&root, &a), of_minus = fe_sqrt(&root, &s);
		assert_true(of_a == 0 || of_a == UINT64_MAX);
		assert_true(fe_is_zero_mask(&a) ? (of_a & of_minus) != 0 : of_a == ~of_minus);
	}
}

static void roots_together_are_those_alone(void **state)
{
	fe a[FE_TOGETHER], root[FE_TOGETHER], alone;
	uint64_t good[FE_TOGETHER];
	for (uint64_t n = TEST_COUNT(200, 20000); n; n--) {
		const size_t count = 1 + (size_t)test_random_below(FE_TOGETHER);
		for (size_t i = 0; i < count; i++)
			a[i] = any();
		fe_sqrt_each(root, good, a, count);
		for (size_t i = 0; i < count; i++) {
			assert_true(fe_sqrt(&alone, &a[i]) == good[i]);
			assert_same(&root[i], &alone);
		}
	}
}

static void stored_values_are_canonical(void **state)
{
	for (uint64_t n = TEST_COUNT(20000, 2000000); n; n--) {
		uint64_t v[4], w[4];
		uint8_t form[32];
		fe a, b;
		any_words(v);
		fe_load(&a, v);
		fe_store(w, &a);
		assert_memory_equal(w, v, sizeof v);
		fe_double(&b, &a);
		fe_sub(&b, &b, &a);
		fe_store(w, &b);
		assert_memory_equal(w, v, sizeof v);
		fe_encode(form, &a);
		assert_true(fe_decode(&b, form));
		assert_same(&a, &b);
	}
}

static void only_zero_is_zero(void **state)
{
	static const uint64_t none[4] = {0};
	uint64_t v[4];
	for (int d = -3; d <= 3; d++) {
		add_small(v, d < 0 ? p_words : none, d);
		fe a = loaded(v), b;
		assert_true(fe_is_zero_mask(&a) == (d ? 0 : UINT64_MAX));
		fe_neg(&b, &a);
		fe_add(&b, &b, &a);
		assert_true(fe_is_zero_mask(&b) == UINT64_MAX);
	}
	for (unsigned bit = 0; bit < 256; bit++) {
		memset(v, 0, sizeof v);
		v[bit / 64] = (uint64_t)1 << bit % 64;
		const fe a = loaded(v);
		assert_true(fe_is_zero_mask(&a) == 0);
	}
}

static void decoding_refuses_p_and_above(void **state)
{
	uint8_t form[32], back[32];
	uint64_t v[4];
	fe a;
	for (int d = -1000; d <= 1000; d++) {
		add_small(v, p_words, d);
		for (int i = 0; i < 4; i++)
			store_be64(form + 8 * (3 - i), v[i]);
		assert_int_equal(fe_decode(&a, form), d < 0);
		if (d >= 0)
			assert_true(fe_is_zero_mask(&a) == UINT64_MAX);
		fe_encode(back, &a);
		if (d < 0)
			assert_memory_equal(back, form, 32);
	}
	memset(form, 0xff, sizeof form);
	assert_false(fe_decode(&a, form));
	for (int byte = 0; byte < 4; byte++) { /* 2^256 - 1 with one byte less is still too large */
		memset(form, 0xff, sizeof form);
		form[31 - byte] = 0;
		assert_false(fe_decode(&a, form));
	}
}

static void one_encodes_as_one(void **state)
{
	const uint8_t want[32] = {[31] = 1};
	uint8_t form[32];
	fe one;
	fe_one(&one);
	fe_encode(form, &one);
	assert_memory_equal(form, want, sizeof want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addition_is_a_commutative_group),
		cmocka_unit_test(subtraction_undoes_addition),
		cmocka_unit_test(double_triple_and_half_are_sums),
		cmocka_unit_test(multiplication_is_commutative_and_associative),
		cmocka_unit_test(multiplication_distributes_over_addition),
		cmocka_unit_test(one_is_neutral_and_a_square_is_a_product),
		cmocka_unit_test(loose_factors_multiply_like_carried_ones),
		cmocka_unit_test(differences_with_a_sign_are_sums_and_differences),
		cmocka_unit_test(minus_zero_is_a_zero_factor),
		cmocka_unit_test(products_may_end_anywhere),
		cmocka_unit_test(bounds_hold_at_the_corners),
		cmocka_unit_test(outputs_may_be_inputs),
		cmocka_unit_test(inverse_times_itself_is_one_and_zero_stays_zero),
		cmocka_unit_test(square_roots_are_found_and_non_squares_refused),
		cmocka_unit_test(roots_together_are_those_alone),
		cmocka_unit_test(stored_values_are_canonical),
		cmocka_unit_test(only_zero_is_zero),
		cmocka_unit_test(decoding_refuses_p_and_above),
		cmocka_unit_test(one_encodes_as_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
