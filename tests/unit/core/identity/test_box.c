/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "identity/box.h"

#include <sodium.h>

static struct error err;

#define PLAIN_BYTES 100u
#define SEALED_BYTES (PLAIN_BYTES + BOX_OVERHEAD_BYTES)

struct sample {
	struct box_secret key;
	uint8_t plain[PLAIN_BYTES], sealed[SEALED_BYTES], opened[PLAIN_BYTES];
	bytes associated;
};

static void make_sample(struct sample *s)
{
	assert_ok(box_generate(&s->key, test_rng(), &err), err);
	assert_ok(rng_fill(test_rng(), s->plain, sizeof s->plain, &err), err);
	s->associated = BYTES_LITERAL("election 7, a1 to a2, share");
	const struct box_message m = {s->key.pub, BYTES_OF(s->plain), s->associated};
	assert_ok(box_seal(s->sealed, &m, test_rng(), &err), err);
}

static bool open_sample(struct sample *s)
{
	return box_open(s->opened, &s->key, BYTES_OF(s->sealed), s->associated, &err);
}

static void a_box_opens_to_what_was_sealed(void **state)
{
	(void)state;
	struct sample s;
	make_sample(&s);
	assert_ok(open_sample(&s), err);
	assert_memory_equal(s.opened, s.plain, PLAIN_BYTES);
	box_wipe(&s.key);
	box_wipe(NULL);
}

static void an_empty_message_can_be_sealed(void **state)
{
	(void)state;
	struct box_secret key;
	uint8_t sealed[BOX_OVERHEAD_BYTES], nothing;
	assert_ok(box_generate(&key, test_rng(), &err), err);
	const struct box_message m = {key.pub, BYTES_NONE, BYTES_NONE};
	assert_ok(box_seal(sealed, &m, test_rng(), &err), err);
	assert_ok(box_open(&nothing, &key, BYTES_OF(sealed), BYTES_NONE, &err), err);
}

static void two_boxes_of_one_message_share_nothing(void **state)
{
	(void)state;
	struct sample s;
	uint8_t again[SEALED_BYTES];
	make_sample(&s);
	const struct box_message m = {s.key.pub, BYTES_OF(s.plain), s.associated};
	assert_ok(box_seal(again, &m, test_rng(), &err), err);
	assert_memory_not_equal(again, s.sealed, BOX_PUBLIC_BYTES);
	assert_memory_not_equal(again + 32, s.sealed + 32, PLAIN_BYTES);
}

static void every_flipped_bit_of_a_box_is_refused(void **state)
{
	(void)state;
	struct sample s;
	make_sample(&s);
	for (size_t bit = 0; bit < 8 * SEALED_BYTES; bit++) {
		s.sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_fails(open_sample(&s), err, ERROR_REJECTED);
		s.sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_ok(open_sample(&s), err);
}

static void every_truncation_of_a_box_is_refused(void **state)
{
	(void)state;
	struct sample s;
	make_sample(&s);
	for (size_t len = 0; len < SEALED_BYTES; len++)
		assert_fails(box_open(s.opened, &s.key, bytes_of(s.sealed, len), s.associated, &err), err,
		             len < BOX_OVERHEAD_BYTES ? ERROR_MALFORMED : ERROR_REJECTED);
}

static void a_refused_box_gives_no_plaintext(void **state)
{
	(void)state;
	struct sample s;
	make_sample(&s);
	s.sealed[SEALED_BYTES - 1] ^= 1;
	memset(s.opened, 0, sizeof s.opened);
	assert_fails(open_sample(&s), err, ERROR_REJECTED);
	for (size_t i = 0; i < PLAIN_BYTES; i++)
		assert_int_equal(s.opened[i], 0);
}

static void a_box_for_another_purpose_or_key_is_refused(void **state)
{
	(void)state;
	struct sample s, other;
	make_sample(&s);
	make_sample(&other);
	s.associated = BYTES_LITERAL("election 8, a1 to a2, share");
	assert_fails(open_sample(&s), err, ERROR_REJECTED);
	memcpy(s.sealed, other.sealed, sizeof s.sealed);
	assert_fails(open_sample(&s), err, ERROR_REJECTED);
}

static void keys_of_small_order_are_refused_on_both_sides(void **state)
{
	(void)state;
	/* 0, 1, and the two points of order 8. */
	static const char *const keys[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	};
	struct sample s;
	make_sample(&s);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		uint8_t pub[32], sealed[SEALED_BYTES];
		test_from_hex(pub, 32, keys[i]);
		const struct box_message m = {pub, BYTES_OF(s.plain), s.associated};
		assert_fails(box_seal(sealed, &m, test_rng(), &err), err, ERROR_MALFORMED);
		memcpy(s.sealed, pub, sizeof pub);
		assert_fails(open_sample(&s), err, ERROR_MALFORMED);
	}
}

/* The construction of the header, done once more by hand: what is written stays readable. */
static void a_box_is_what_the_header_says(void **state)
{
	(void)state;
	struct sample s;
	uint8_t input[96], hash[56], opened[PLAIN_BYTES];
	uint8_t personal[16] = "urna-box-v1", salt[16] = {0};
	make_sample(&s);
	assert_int_equal(crypto_scalarmult(input, s.key.key, s.sealed), 0);
	memcpy(input + 32, s.sealed, 32);
	memcpy(input + 64, s.key.pub, 32);
	crypto_generichash_blake2b_salt_personal(hash, 56, input, 96, NULL, 0, salt, personal);
	assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, s.sealed + 32,
	                                                            SEALED_BYTES - 32, s.associated.p,
	                                                            s.associated.len, hash + 32, hash),
	                 0);
	assert_memory_equal(opened, s.plain, PLAIN_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_box_opens_to_what_was_sealed),
		cmocka_unit_test(an_empty_message_can_be_sealed),
		cmocka_unit_test(two_boxes_of_one_message_share_nothing),
		cmocka_unit_test(every_flipped_bit_of_a_box_is_refused),
		cmocka_unit_test(every_truncation_of_a_box_is_refused),
		cmocka_unit_test(a_refused_box_gives_no_plaintext),
		cmocka_unit_test(a_box_for_another_purpose_or_key_is_refused),
		cmocka_unit_test(keys_of_small_order_are_refused_on_both_sides),
		cmocka_unit_test(a_box_is_what_the_header_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
