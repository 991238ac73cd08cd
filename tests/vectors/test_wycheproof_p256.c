/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wycheproof's edge cases for what our group and ChaCha20 are made of. Nothing of ours computes
 * ECDH, ECDSA or the AEAD; their equations, written here with our arithmetic, must give the answer
 * that every case has.
 */
#include "support/support.h"

#include "group/point.h"
#include "group/scalar.h"
#include "hash/chacha20.h"
#include "hash/sha2.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 4096u

static const char *text_in(const json_t *test, const char *key)
{
	const char *text = json_string_value(json_object_get(test, key));
	assert_non_null(text);
	return text;
}

static bytes hex_in(const json_t *test, const char *key, uint8_t *room, size_t size)
{
	const char *hex = text_in(test, key);
	size_t len = strlen(hex) / 2;
	assert_true(len <= size);
	test_from_hex(room, len, hex);
	return bytes_of(room, len);
}

typedef bool case_fn(const json_t *group, const json_t *test, bool *skip);

/* Every case of a file; answers how many were not skipped. */
static unsigned all_cases(const char *path, case_fn *holds)
{
	static bytes text; /* stays reachable: test_data gives it for the life of the program */
	unsigned checked = 0;
	size_t i, j;
	json_t *group, *test;
	json_error_t error;
	text = test_data(path);
	json_t *root = json_loadb((const char *)text.p, text.len, 0, &error);
	assert_non_null(root);
	json_array_foreach(json_object_get(root, "testGroups"), i, group)
	{
		json_array_foreach(json_object_get(group, "tests"), j, test)
		{
			bool skip = false, good = holds(group, test, &skip);
			bool valid = strcmp(text_in(test, "result"), "invalid") != 0;
			if (skip)
				continue;
			checked++;
			if (good != valid)
				fail_msg("%s, tcId %d is %s", path,
				         (int)json_integer_value(json_object_get(test, "tcId")),
				         text_in(test, "result"));
		}
	}
	json_decref(root);
	return checked;
}

/* The last 32 bytes of a number that may have zeros in front. */
static void number_in(uint8_t out[static 32], bytes b)
{
	memset(out, 0, 32);
	for (; b.len > 32; b = bytes_from(b, 1))
		assert_int_equal(b.p[0], 0);
	memcpy(out + 32 - b.len, b.p, b.len);
}

/* --- ECDH --- */

static bool shared_secret(const json_t *group, const json_t *test, bool *skip)
{
	uint8_t room[TEXT_MAX], k[32], raw[POINT_RAW_BYTES];
	point p;
	secret_scalar secret;
	struct error err;
	(void)group;
	number_in(k, hex_in(test, "private", room, sizeof room));
	assert_true(scalar_decode(&secret.secret, k));
	bytes pub = hex_in(test, "public", room, sizeof room);
	/* Compressed points are none of our forms. */
	*skip = pub.len == 33;
	if (pub.len != 1 + POINT_RAW_BYTES || pub.p[0] != 4 || !point_decode_raw(&p, pub.p + 1, &err))
		return false;
	point_mul(&p, &secret, &p);
	point_encode_raw(raw, &p);
	bytes shared = hex_in(test, "shared", room, sizeof room);
	/* Invalid ones have no secret: a point that was read is accepted. */
	return shared.len == 0 || bytes_equal(shared, bytes_of(raw, 32));
}

static void points_are_refused_and_multiplied_as_wycheproof_does(void **state)
{
	(void)state;
	assert_true(all_cases("vectors/wycheproof/ecdh_secp256r1_ecpoint_test.json", shared_secret) >
	            330);
}

/* --- ECDSA --- */

/* x(e/s·G + r/s·Q) = r modulo q */
static bool equation(const point *key, const scalar *e, const scalar *r, const scalar *s)
{
	const point g = point_generator();
	uint8_t raw[POINT_RAW_BYTES];
	scalar inverse, u1, u2, x;
	point a, b;
	scalar_invert(&inverse, s);
	scalar_mul(&u1, e, &inverse);
	scalar_mul(&u2, r, &inverse);
	point_mul_vartime(&a, &u1, &g);
	point_mul_vartime(&b, &u2, key);
	point_add(&a, &a, &b);
	if (point_is_infinity(&a))
		return false;
	point_encode_raw(raw, &a);
	scalar_reduce(&x, raw, 32);
	return scalar_equal(&x, r);
}

static bool signature(const json_t *group, const json_t *test, bool *skip)
{
	uint8_t room[TEXT_MAX];
	scalar e, r, s;
	point key;
	struct error err;
	(void)skip;
	bytes pub = hex_in(json_object_get(group, "publicKey"), "uncompressed", room, sizeof room);
	assert_ok(point_decode_raw(&key, pub.p + 1, &err), err);
	const digest d = sha256(hex_in(test, "msg", room, sizeof room));
	scalar_reduce(&e, d.b, sizeof d.b);
	bytes sig = hex_in(test, "sig", room, sizeof room);
	return sig.len == 64 && scalar_decode(&r, sig.p) && scalar_decode(&s, sig.p + 32) &&
	       !scalar_is_zero(&r) && !scalar_is_zero(&s) && equation(&key, &e, &r, &s);
}

static void edge_cases_of_ecdsa_come_out_right_in_our_arithmetic(void **state)
{
	(void)state;
	assert_true(all_cases("vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", signature) >
	            250);
}

/* --- ChaCha20 --- */

/* The cipher of the AEAD is the stream from block 1 on; what is invalid there is the tag. */
static bool stream(const json_t *group, const json_t *test, bool *skip)
{
	uint8_t key[32], nonce[12], message[TEXT_MAX], cipher[TEXT_MAX], block[64];
	*skip = json_integer_value(json_object_get(group, "ivSize")) != 96 ||
	        strcmp(text_in(test, "result"), "valid") != 0;
	if (*skip)
		return false;
	hex_in(test, "key", key, sizeof key);
	hex_in(test, "iv", nonce, sizeof nonce);
	bytes in = hex_in(test, "msg", message, sizeof message);
	bytes out = hex_in(test, "ct", cipher, sizeof cipher);
	for (size_t i = 0; i < in.len; i++) {
		if (i % 64 == 0)
			chacha20_block(block, key, (uint32_t)(1 + i / 64), nonce);
		message[i] ^= block[i % 64];
	}
	return bytes_equal(in, out);
}

static void blocks_of_chacha20_are_those_of_the_aead(void **state)
{
	(void)state;
	assert_true(all_cases("vectors/wycheproof/chacha20_poly1305_test.json", stream) > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_are_refused_and_multiplied_as_wycheproof_does),
		cmocka_unit_test(edge_cases_of_ecdsa_come_out_right_in_our_arithmetic),
		cmocka_unit_test(blocks_of_chacha20_are_those_of_the_aead),
	};
	return cmocka_run_group_tests_name("vectors/wycheproof p256", tests, NULL, NULL);
}
