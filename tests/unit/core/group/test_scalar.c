/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "group/scalar.h"

static const uint8_t q_bytes[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

/* q + d for a small d */
static void q_plus(uint8_t out[32], int d)
{
	memcpy(out, q_bytes, 32);
	store_be32(out + 28, (uint32_t)(load_be32(out + 28) + (uint32_t)d));
}

/* Random, or made of long runs of equal bits, or next to 0 or q; always < q. */
static scalar any(void)
{
	uint8_t form[32];
	scalar a;
	do {
		switch (test_random_below(4)) {
		case 0:
			q_plus(form, -(int)test_random_below(4));
			break;
		case 1:
			return scalar_of_u64(test_random_below(4));
		case 2:
			for (int i = 0; i < 4; i++) {
				const uint64_t ones = UINT64_MAX << test_random_below(64);
				const uint64_t choice[4] = {0, UINT64_MAX, ones, ~ones};
				store_be64(form + 8 * i, choice[test_random_below(4)]);
			}
			break;
		default:
			for (int i = 0; i < 4; i++)
				store_be64(form + 8 * i, test_random_u64());
		}
	} while (!scalar_decode(&a, form));
	return a;
}

static void assert_same(const scalar *a, const scalar *b)
{
	assert_memory_equal(a, b, sizeof *a);
	assert_true(scalar_equal(a, b));
}

static void addition_and_multiplication_are_a_ring(void **state)
{
	for (uint64_t n = TEST_COUNT(10000, 1000000); n; n--) {
		const scalar a = any(), b = any(), c = any();
		scalar s, t, u;
		scalar_add(&s, &a, &b);
		scalar_add(&t, &b, &a);
		assert_same(&s, &t);
		scalar_sub(&t, &s, &b);
		assert_same(&t, &a);
		scalar_mul(&s, &s, &c);
		scalar_mul(&t, &a, &c);
		scalar_mul(&u, &c, &b);
		scalar_add(&u, &t, &u);
		assert_same(&s, &u);
		scalar_mul(&s, &t, &b);
		scalar_mul(&u, &b, &c);
		scalar_mul(&u, &a, &u);
		assert_same(&s, &u);
		scalar_mul_add(&s, &a, &b, &c);
		scalar_mul(&t, &a, &b);
		scalar_add(&t, &t, &c);
		assert_same(&s, &t);
	}
}

static void zero_and_one_are_neutral(void **state)
{
	for (uint64_t n = TEST_COUNT(1000, 100000); n; n--) {
		const scalar a = any();
		scalar s, t;
		scalar_add(&s, &a, &scalar_zero);
		assert_same(&s, &a);
		scalar_mul(&s, &a, &scalar_one);
		assert_same(&s, &a);
		scalar_mul(&s, &a, &scalar_zero);
		assert_true(scalar_is_zero(&s));
		scalar_neg(&s, &a);
		scalar_add(&t, &s, &a);
		assert_true(scalar_is_zero(&t));
		assert_int_equal(scalar_equal(&s, &a), scalar_is_zero(&a));
	}
}

static void outputs_may_be_inputs(void **state)
{
	for (uint64_t n = TEST_COUNT(1000, 100000); n; n--) {
		const scalar a = any(), b = any();
		scalar want, got;
		scalar_mul(&want, &a, &b);
		got = a;
		scalar_mul(&got, &got, &b);
		assert_same(&got, &want);
		got = b;
		scalar_mul(&got, &a, &got);
		assert_same(&got, &want);
		scalar_sub(&want, &a, &b);
		got = b;
		scalar_sub(&got, &a, &got);
		assert_same(&got, &want);
		scalar_mul_add(&want, &a, &b, &a);
		got = a;
		scalar_mul_add(&got, &got, &b, &got);
		assert_same(&got, &want);
	}
}

static void inverse_times_itself_is_one_and_zero_stays_zero(void **state)
{
	scalar s;
	scalar_invert(&s, &scalar_zero);
	assert_true(scalar_is_zero(&s));
	for (uint64_t n = TEST_COUNT(500, 50000); n; n--) {
		const scalar a = any();
		if (scalar_is_zero(&a))
			continue;
		scalar_invert(&s, &a);
		scalar_mul(&s, &s, &a);
		assert_same(&s, &scalar_one);
	}
}

static void decoding_undoes_encoding(void **state)
{
	for (uint64_t n = TEST_COUNT(1000, 100000); n; n--) {
		const scalar a = any();
		uint8_t form[SCALAR_BYTES];
		scalar b;
		scalar_encode(form, &a);
		assert_true(scalar_decode(&b, form));
		assert_same(&a, &b);
	}
}

static void decoding_refuses_q_and_above(void **state)
{
	uint8_t form[32];
	scalar a;
	for (int d = -1000; d <= 1000; d++) {
		q_plus(form, d);
		assert_int_equal(scalar_decode(&a, form), d < 0);
		if (d >= 0)
			assert_true(scalar_is_zero(&a));
	}
	memset(form, 0xff, sizeof form);
	assert_false(scalar_decode(&a, form));
	for (int byte = 0; byte < 32; byte++) { /* one byte of q made larger */
		memcpy(form, q_bytes, 32);
		if (form[byte] == 0xff)
			continue;
		form[byte]++;
		assert_false(scalar_decode(&a, form));
	}
}

static void reduction_agrees_with_arithmetic(void **state)
{
	uint8_t wide[64] = {0};
	scalar base, s, want;
	scalar_reduce(&s, wide, 0);
	assert_true(scalar_is_zero(&s));
	scalar_reduce(&s, q_bytes, 32);
	assert_true(scalar_is_zero(&s));
	memset(wide, 0xff, sizeof wide);
	base = scalar_of_u64(256);
	want = scalar_zero;
	for (size_t len = 1; len <= 64; len++) {
		const scalar byte = scalar_of_u64(0xff);
		scalar_mul_add(&want, &want, &base, &byte);
		scalar_reduce(&s, wide, len);
		assert_same(&s, &want);
	}
	for (uint64_t n = TEST_COUNT(1000, 100000); n; n--) {
		const size_t len = test_random_below(65);
		want = scalar_zero;
		for (size_t i = 0; i < len; i++) {
			wide[i] = (uint8_t)test_random_u64();
			const scalar byte = scalar_of_u64(wide[i]);
			scalar_mul_add(&want, &want, &base, &byte);
		}
		scalar_reduce(&s, wide, len);
		assert_same(&s, &want);
	}
}

#define LEAVES 3

static void three_leaves(uint8_t form[LEAVES * SCALAR_TREE_BYTES], scalar of[LEAVES])
{
	for (int i = 0; i < LEAVES; i++)
		of[i] = any();
	scalars_encode_tree(form, of, LEAVES);
}

static void leaves_are_a_header_a_zero_byte_and_32_bytes(void **state)
{
	const uint8_t want[SCALAR_TREE_BYTES] = {0x01, 0, 0, 0, 0x21, 0, [36] = 0x01, [37] = 0x02};
	const scalar a = scalar_of_u64(0x0102);
	uint8_t form[SCALAR_TREE_BYTES];
	scalars_encode_tree(form, &a, 1);
	assert_memory_equal(form, want, sizeof want);
}

static void leaves_decode_to_what_was_encoded(void **state)
{
	uint8_t form[LEAVES * SCALAR_TREE_BYTES];
	scalar a[LEAVES], b[LEAVES];
	struct error err = {0};
	three_leaves(form, a);
	assert_ok(scalars_decode_tree(b, bytes_of(form, sizeof form), LEAVES, &err), err);
	assert_memory_equal(a, b, sizeof a);
	assert_ok(scalars_decode_tree(b, BYTES_NONE, 0, &err), err);
}

static void leaves_of_any_other_length_are_malformed(void **state)
{
	uint8_t form[(LEAVES + 1) * SCALAR_TREE_BYTES];
	scalar a[LEAVES], b[LEAVES + 1];
	struct error err = {0};
	three_leaves(form, a);
	memcpy(form + LEAVES * SCALAR_TREE_BYTES, form, SCALAR_TREE_BYTES);
	for (size_t len = 0; len <= sizeof form; len++) {
		if (len == LEAVES * SCALAR_TREE_BYTES)
			continue;
		assert_fails(scalars_decode_tree(b, bytes_of(form, len), LEAVES, &err), err,
		             ERROR_MALFORMED);
	}
	assert_fails(scalars_decode_tree(b, bytes_of(form, 0), SIZE_MAX, &err), err, ERROR_MALFORMED);
}

static void a_leaf_with_any_other_header_is_malformed_and_named(void **state)
{
	uint8_t form[LEAVES * SCALAR_TREE_BYTES];
	scalar a[LEAVES], b[LEAVES];
	struct error err = {0};
	three_leaves(form, a);
	for (size_t leaf = 0; leaf < LEAVES; leaf++)
		for (size_t i = 0; i < 6; i++)
			for (unsigned bit = 0; bit < 8; bit++) {
				form[leaf * SCALAR_TREE_BYTES + i] ^= (uint8_t)(1u << bit);
				assert_fails(scalars_decode_tree(b, bytes_of(form, sizeof form), LEAVES, &err), err,
				             ERROR_MALFORMED);
				assert_int_equal(err.at, leaf);
				form[leaf * SCALAR_TREE_BYTES + i] ^= (uint8_t)(1u << bit);
			}
}

static void a_leaf_of_q_or_more_is_malformed_and_named(void **state)
{
	uint8_t form[LEAVES * SCALAR_TREE_BYTES];
	scalar a[LEAVES], b[LEAVES];
	struct error err = {0};
	for (size_t leaf = 0; leaf < LEAVES; leaf++) {
		three_leaves(form, a);
		q_plus(form + leaf * SCALAR_TREE_BYTES + 6, (int)test_random_below(3));
		assert_fails(scalars_decode_tree(b, bytes_of(form, sizeof form), LEAVES, &err), err,
		             ERROR_MALFORMED);
		assert_int_equal(err.at, leaf);
		memset(form + leaf * SCALAR_TREE_BYTES + 6, 0xff, 32);
		assert_fails(scalars_decode_tree(b, bytes_of(form, sizeof form), LEAVES, &err), err,
		             ERROR_MALFORMED);
		assert_int_equal(err.at, leaf);
	}
}

struct fixed_rng {
	struct rng rng;
	uint64_t left; /* bytes before it fails */
	uint8_t next;
};

static bool fixed_fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct fixed_rng *r = (struct fixed_rng *)rng;
	if (len > r->left)
		return fail(err, ERROR_IO, "rng: empty", ERROR_NOWHERE);
	r->left -= len;
	for (size_t i = 0; i < len; i++)
		out[i] = r->next++;
	return true;
}

static void random_scalars_are_48_bytes_of_the_stream_reduced(void **state)
{
	enum { MANY = 100 };
	struct fixed_rng r = {{fixed_fill}, MANY * 48, 0};
	struct error err = {0};
	scalar many[MANY], want;
	uint8_t room[48], next = 0;
	assert_ok(scalars_random(many, MANY, &r.rng, &err), err);
	assert_int_equal(r.left, 0);
	for (size_t i = 0; i < MANY; i++) {
		for (size_t j = 0; j < 48; j++)
			room[j] = next++;
		scalar_reduce(&want, room, 48);
		assert_same(&many[i], &want);
	}
}

static void failing_randomness_is_passed_on(void **state)
{
	struct fixed_rng r = {{fixed_fill}, 47, 0};
	struct error err = {0};
	secret_scalar s;
	scalar many[100];
	assert_fails(secret_scalar_random(&s, &r.rng, &err), err, ERROR_IO);
	r.left = 99 * 48;
	assert_fails(scalars_random(many, 100, &r.rng, &err), err, ERROR_IO);
}

static void a_wiped_secret_is_zero(void **state)
{
	secret_scalar s = {{{1, 2, 3, 4}}};
	secret_scalar_wipe(&s);
	assert_true(scalar_is_zero(&s.secret));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addition_and_multiplication_are_a_ring),
		cmocka_unit_test(zero_and_one_are_neutral),
		cmocka_unit_test(outputs_may_be_inputs),
		cmocka_unit_test(inverse_times_itself_is_one_and_zero_stays_zero),
		cmocka_unit_test(decoding_undoes_encoding),
		cmocka_unit_test(decoding_refuses_q_and_above),
		cmocka_unit_test(reduction_agrees_with_arithmetic),
		cmocka_unit_test(leaves_are_a_header_a_zero_byte_and_32_bytes),
		cmocka_unit_test(leaves_decode_to_what_was_encoded),
		cmocka_unit_test(leaves_of_any_other_length_are_malformed),
		cmocka_unit_test(a_leaf_with_any_other_header_is_malformed_and_named),
		cmocka_unit_test(a_leaf_of_q_or_more_is_malformed_and_named),
		cmocka_unit_test(random_scalars_are_48_bytes_of_the_stream_reduced),
		cmocka_unit_test(failing_randomness_is_passed_on),
		cmocka_unit_test(a_wiped_secret_is_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
