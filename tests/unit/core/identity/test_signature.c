/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "identity/identity.h"
#include "json/read.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;

/* RFC 8032, section 7.1, tests 1 to 3. */
static const struct {
	const char *seed, *pub, *message, *sig;
} rfc[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void the_signatures_of_rfc_8032_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rfc / sizeof rfc[0]; i++) {
		uint8_t seed[32], pub[32], message[2], expected[64], sig[64];
		size_t len = strlen(rfc[i].message) / 2;
		struct identity_secret key;
		test_from_hex(seed, 32, rfc[i].seed);
		test_from_hex(pub, 32, rfc[i].pub);
		test_from_hex(message, len, rfc[i].message);
		test_from_hex(expected, 64, rfc[i].sig);
		identity_from_seed(&key, seed);
		assert_memory_equal(key.pub, pub, 32);
		identity_sign(sig, &key, bytes_of(message, len));
		assert_memory_equal(sig, expected, 64);
		assert_ok(identity_verify_vartime(pub, sig, bytes_of(message, len), &err), err);
	}
}

static void every_flipped_bit_is_refused(void **state)
{
	(void)state;
	struct identity_secret key;
	uint8_t sig[64], message[] = "urna/test/v1 a statement";
	assert_ok(identity_generate(&key, test_rng(), &err), err);
	identity_sign(sig, &key, BYTES_OF(message));
	assert_ok(identity_verify_vartime(key.pub, sig, BYTES_OF(message), &err), err);
	for (size_t bit = 0; bit < 512; bit++) {
		sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_fails(identity_verify_vartime(key.pub, sig, BYTES_OF(message), &err), err,
		             ERROR_REJECTED);
		sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
		message[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_fails(identity_verify_vartime(key.pub, sig, BYTES_OF(message), &err), err,
		             ERROR_REJECTED);
		message[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t bit = 0; bit < 256; bit++) {
		uint8_t pub[32];
		memcpy(pub, key.pub, 32);
		pub[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_fails(identity_verify_vartime(pub, sig, BYTES_OF(message), &err), err,
		             ERROR_REJECTED);
	}
	assert_fails(identity_verify_vartime(key.pub, sig, bytes_of(message, sizeof message - 1), &err),
	             err, ERROR_REJECTED);
	identity_wipe(&key);
}

static void another_key_is_refused(void **state)
{
	(void)state;
	struct identity_secret key, other;
	uint8_t sig[64];
	assert_ok(identity_generate(&key, test_rng(), &err), err);
	assert_ok(identity_generate(&other, test_rng(), &err), err);
	assert_memory_not_equal(key.seed, other.seed, 32);
	identity_sign(sig, &key, BYTES_LITERAL("x"));
	assert_fails(identity_verify_vartime(other.pub, sig, BYTES_LITERAL("x"), &err), err,
	             ERROR_REJECTED);
}

static bool no_randomness(struct rng *rng, uint8_t *out, size_t len, struct error *e)
{
	(void)rng;
	(void)out;
	(void)len;
	return fail(e, ERROR_IO, "test: no randomness", ERROR_NOWHERE);
}

static void without_randomness_there_is_no_key(void **state)
{
	(void)state;
	struct rng broken = {no_randomness};
	struct identity_secret key;
	const struct identity_secret nothing = {{0}, {0}};
	assert_fails(identity_generate(&key, &broken, &err), err, ERROR_IO);
	assert_memory_equal(&key, &nothing, sizeof key);
}

static void wiping_leaves_nothing(void **state)
{
	(void)state;
	struct identity_secret key;
	const struct identity_secret nothing = {{0}, {0}};
	assert_ok(identity_generate(&key, test_rng(), &err), err);
	identity_wipe(&key);
	assert_memory_equal(&key, &nothing, sizeof key);
	identity_wipe(NULL);
}

/* The key y = 1 (neutral element): R = B·S verifies for every message if it is let through. */
static void a_key_of_small_order_is_refused(void **state)
{
	(void)state;
	static const char *const keys[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		uint8_t pub[32], sig[64] = {0};
		test_from_hex(pub, 32, keys[i]);
		sig[0] = 1; /* R neutral, S = 0 */
		assert_fails(identity_verify_vartime(pub, sig, BYTES_LITERAL("any"), &err), err,
		             ERROR_REJECTED);
	}
}

/* Hex of any length, at most room bytes. */
static size_t get_hex(uint8_t *out, size_t room, const struct json_value *object, const char *key)
{
	bytes text;
	assert_ok(json_need_text(&text, object, key, 2 * room, &err), err);
	assert_true(hex_decode(out, text.len / 2, text));
	return text.len / 2;
}

static void wycheproof_is_answered_as_it_says(void **state)
{
	(void)state;
	bytes text = test_data("vectors/wycheproof/ed25519_test.json");
	struct json_doc *doc;
	const struct json_value *groups, *key, *tests;
	size_t groups_count, tests_count, good = 0, bad = 0;
	const struct json_range any = {0, 100000};
	assert_ok(json_doc_parse(&doc, text, text.len, &err), err);
	assert_ok(json_need(&groups, json_doc_root(doc), "testGroups", &err), err);
	assert_ok(json_items(&groups_count, groups, any, &err), err);
	for (size_t g = 0; g < groups_count; g++) {
		uint8_t pub[32], message[4096], sig[256];
		assert_ok(json_need(&key, json_item(groups, g), "publicKey", &err), err);
		assert_int_equal(get_hex(pub, 32, key, "pk"), 32);
		assert_ok(json_need(&tests, json_item(groups, g), "tests", &err), err);
		assert_ok(json_items(&tests_count, tests, any, &err), err);
		for (size_t i = 0; i < tests_count; i++) {
			const struct json_value *t = json_item(tests, i);
			bytes expected;
			size_t message_len = get_hex(message, sizeof message, t, "msg");
			size_t sig_len = get_hex(sig, sizeof sig, t, "sig");
			assert_ok(json_need_text(&expected, t, "result", 20, &err), err);
			bool valid = bytes_equal(expected, BYTES_LITERAL("valid"));
			bool held = sig_len == 64 &&
			            identity_verify_vartime(pub, sig, bytes_of(message, message_len), &err);
			if (held != valid)
				fail_msg("group %zu test %zu", g, i);
			good += valid;
			bad += !valid;
		}
	}
	print_message("wycheproof: %zu hold, %zu are refused\n", good, bad);
	assert_true(good > 50 && bad > 50);
	json_doc_free(doc);
}

/* Reads what `gzip -dc` says; the third-party file is stored compressed. */
static bytes unpacked(const char *path)
{
	char command[1024];
	const char *root = getenv("URNA_DATA");
	size_t room = 8u << 20, len = 0;
	uint8_t *p = malloc(room);
	assert_non_null(p);
	snprintf(command, sizeof command, "gzip -dc '%s/%s'", root ? root : "../shared/data", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	for (size_t n; (n = fread(p + len, 1, room - len, f)) > 0;)
		len += n;
	assert_int_equal(pclose(f), 0);
	return bytes_of(p, len);
}

/*
 * The edge cases that verifiers in the world disagree about. Ours: A and R are canonical, of prime
 * order, with no component of small order, so that nothing depends on whether the equation is
 * multiplied by the cofactor. What is left is what all verifiers accept.
 */
static bool should_hold(const struct json_value *t)
{
	static const char *const refused[] = {
		"low_order_A",     "low_order_R",     "low_order_component_A", "low_order_component_R",
		"non_canonical_A", "non_canonical_R", "low_order_residue"};
	const struct json_value *flags;
	size_t count = 0;
	assert_ok(json_need(&flags, t, "flags", &err), err);
	if (json_kind_of(flags) == JSON_KIND_NULL)
		return true;
	assert_ok(json_items(&count, flags, (struct json_range){0, 20}, &err), err);
	for (size_t i = 0; i < count; i++) {
		bytes flag;
		assert_ok(json_text(&flag, json_item(flags, i), 40, &err), err);
		for (size_t k = 0; k < sizeof refused / sizeof refused[0]; k++)
			if (bytes_equal(flag, bytes_of_text(refused[k])))
				return false;
	}
	return true;
}

static void cctv_edge_cases_get_the_strict_answer(void **state)
{
	(void)state;
	test_data("vectors/cctv/ed25519vectors.json.gz"); /* skips when it is not there */
	bytes text = unpacked("vectors/cctv/ed25519vectors.json.gz");
	struct json_doc *doc;
	size_t count, held_count = 0;
	assert_ok(json_doc_parse(&doc, text, text.len, &err), err);
	assert_ok(json_items(&count, json_doc_root(doc), (struct json_range){900, 2000}, &err), err);
	for (size_t i = 0; i < count; i++) {
		const struct json_value *t = json_item(json_doc_root(doc), i);
		uint8_t pub[32], sig[64];
		bytes message;
		assert_int_equal(get_hex(pub, 32, t, "key"), 32);
		assert_int_equal(get_hex(sig, 64, t, "sig"), 64);
		assert_ok(json_need_text(&message, t, "msg", 100, &err), err);
		bool held = identity_verify_vartime(pub, sig, message, &err);
		if (held != should_hold(t))
			fail_msg("case %zu: %s", i, held ? "held" : "refused");
		held_count += held;
	}
	assert_int_equal(held_count, 1);
	print_message("cctv: %zu of %zu hold\n", held_count, count);
	json_doc_free(doc);
	free((void *)(uintptr_t)text.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signatures_of_rfc_8032_come_out),
		cmocka_unit_test(every_flipped_bit_is_refused),
		cmocka_unit_test(another_key_is_refused),
		cmocka_unit_test(without_randomness_there_is_no_key),
		cmocka_unit_test(wiping_leaves_nothing),
		cmocka_unit_test(a_key_of_small_order_is_refused),
		cmocka_unit_test(wycheproof_is_answered_as_it_says),
		cmocka_unit_test(cctv_edge_cases_get_the_strict_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
