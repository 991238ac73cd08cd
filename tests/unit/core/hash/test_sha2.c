/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "group/point.h"
#include "hash/sha2.h"

#include <stdlib.h>

static void check(enum hash_kind kind, bytes message, const char *expected)
{
	struct hash h;
	uint8_t out[HASH_MAX_BYTES];
	hash_init(&h, kind);
	hash_update(&h, message);
	hash_finish(&h, out);
	assert_string_equal(test_hex(bytes_of(out, hash_bytes(kind))), expected);
}

static void published_answers_of_sha256_come_out(void **state)
{
	check(HASH_SHA256, BYTES_NONE,
	      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check(HASH_SHA256, BYTES_LITERAL("abc"),
	      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check(HASH_SHA256, BYTES_LITERAL("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static const char two_blocks[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
								 "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

static void published_answers_of_sha384_come_out(void **state)
{
	check(HASH_SHA384, BYTES_NONE,
	      "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
	      "274edebfe76f65fbd51ad2f14898b95b");
	check(HASH_SHA384, BYTES_LITERAL("abc"),
	      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	      "8086072ba1e7cc2358baeca134c825a7");
	check(HASH_SHA384, bytes_of_text(two_blocks),
	      "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
	      "fcc7c71a557e2db966c3e9fa91746039");
}

static void published_answers_of_sha512_come_out(void **state)
{
	check(HASH_SHA512, BYTES_NONE,
	      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
	check(HASH_SHA512, BYTES_LITERAL("abc"),
	      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
	check(HASH_SHA512, bytes_of_text(two_blocks),
	      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
	      "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909");
}

static void a_million_letters_a_come_out(void **state)
{
	size_t len = 1000000;
	uint8_t *a = malloc(len);
	assert_non_null(a);
	memset(a, 'a', len);
	check(HASH_SHA256, bytes_of(a, len),
	      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	check(HASH_SHA384, bytes_of(a, len),
	      "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
	      "07b8b3dc38ecc4ebae97ddd87f3d8985");
	check(HASH_SHA512, bytes_of(a, len),
	      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
	      "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
	free(a);
}

static void pieces_of_every_size_give_the_same_digest(void **state)
{
	uint8_t message[300], whole[HASH_MAX_BYTES], pieces[HASH_MAX_BYTES];
	assert_true(rng_fill(test_rng(), message, sizeof message, NULL));
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		struct hash h;
		hash_init(&h, kind);
		hash_update(&h, BYTES_OF(message));
		hash_finish(&h, whole);
		for (size_t step = 1; step < sizeof message; step++) {
			hash_init(&h, kind);
			for (size_t at = 0; at < sizeof message; at += step) {
				size_t rest = sizeof message - at;
				hash_update(&h, bytes_of(message + at, rest < step ? rest : step));
				hash_update(&h, BYTES_NONE);
			}
			hash_finish(&h, pieces);
			assert_memory_equal(pieces, whole, hash_bytes(kind));
		}
	}
}

static void a_copied_state_goes_its_own_way(void **state)
{
	struct hash h, branch;
	digest abc, abx;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, BYTES_LITERAL("ab"));
	branch = h;
	hash_update(&branch, BYTES_LITERAL("x"));
	hash_finish(&branch, abx.b);
	hash_update(&h, BYTES_LITERAL("c"));
	hash_finish(&h, abc.b);
	digest expected_abc = sha256(BYTES_LITERAL("abc")), expected_abx = sha256(BYTES_LITERAL("abx"));
	assert_true(digest_equal(&abc, &expected_abc));
	assert_true(digest_equal(&abx, &expected_abx));
}

static void many_blocks_compress_as_one_after_another(void **state)
{
	uint8_t blocks[64 * 5];
	uint32_t at_once[8] = {1, 2, 3, 4, 5, 6, 7, 8}, singly[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	assert_true(rng_fill(test_rng(), blocks, sizeof blocks, NULL));
	sha256_compress(at_once, blocks, 5);
	for (size_t i = 0; i < 5; i++)
		sha256_compress(singly, blocks + 64 * i, 1);
	assert_memory_equal(at_once, singly, sizeof singly);
	sha256_compress(at_once, blocks, 0);
	assert_memory_equal(at_once, singly, sizeof singly);
}

static void both_codes_compress_alike(void **state)
{
	const enum sha256_code mine = sha256_selected();
	uint8_t blocks[64 * 3 + 1];
	uint32_t one[8], other[8];
	for (uint64_t round = 0; round < TEST_COUNT(1000, 1000000); round++) {
		size_t n = (size_t)test_random_below(4), at = (size_t)test_random_below(2);
		assert_true(rng_fill(test_rng(), blocks, sizeof blocks, NULL));
		assert_true(rng_fill(test_rng(), (uint8_t *)one, sizeof one, NULL));
		memcpy(other, one, sizeof one);
		sha256_compress(one, blocks + at, n);
		assert_true(sha256_select(SHA256_PORTABLE));
		sha256_compress(other, blocks + at, n);
		assert_true(sha256_select(mine));
		assert_memory_equal(one, other, sizeof one);
	}
}

static void the_upper_half_of_a_128_bit_length_counts(void **state)
{
	for (enum hash_kind kind = HASH_SHA384; kind <= HASH_SHA512; kind++) {
		struct hash short_one, long_one;
		uint8_t a[HASH_MAX_BYTES], b[HASH_MAX_BYTES];
		hash_init(&short_one, kind);
		long_one = short_one;
		long_one.absorbed = (uint64_t)1 << 61; /* 2^64 bits, which nobody has the time to feed */
		hash_finish(&short_one, a);
		hash_finish(&long_one, b);
		assert_memory_not_equal(a, b, hash_bytes(kind));
	}
}

static void names_go_there_and_back_and_others_are_refused(void **state)
{
	enum hash_kind kind = HASH_SHA512;
	for (enum hash_kind k = HASH_SHA256; k <= HASH_SHA512; k++) {
		assert_true(hash_of_name(&kind, bytes_of_text(hash_name(k))));
		assert_int_equal(kind, k);
	}
	const char *bad[] = {"", "SHA-25", "SHA-2566", "sha-256", "SHA256", "SHA-1", " SHA-256"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(hash_of_name(&kind, bytes_of_text(bad[i])));
}

static void a_wiped_state_holds_nothing(void **state)
{
	struct hash h, zero;
	memset(&zero, 0, sizeof zero);
	hash_init(&h, HASH_SHA512);
	hash_update(&h, BYTES_LITERAL("secret"));
	hash_wipe(&h);
	assert_memory_equal(&h, &zero, sizeof h);
}

static void digests_differ_by_any_byte(void **state)
{
	digest a = sha256(BYTES_LITERAL("abc")), b = a;
	assert_true(digest_equal(&a, &b));
	for (size_t i = 0; i < sizeof b.b; i++) {
		b.b[i] ^= 1;
		assert_false(digest_equal(&a, &b));
		b.b[i] ^= 1;
	}
}

static void check_hmac(enum hash_kind kind, bytes key, bytes message, const char *expected)
{
	uint8_t out[HASH_MAX_BYTES];
	hmac(kind, out, key, message);
	assert_string_equal(test_hex(bytes_of(out, hash_bytes(kind))), expected);
}

static void answers_of_rfc_4231_come_out_of_hmac(void **state)
{
	uint8_t longer_than_a_block[131], eleven[20];
	memset(longer_than_a_block, 0xaa, sizeof longer_than_a_block);
	memset(eleven, 0x0b, sizeof eleven);
	bytes hi = BYTES_LITERAL("Hi There");
	bytes jefe = BYTES_LITERAL("Jefe"), what = BYTES_LITERAL("what do ya want for nothing?");
	bytes large = BYTES_LITERAL("Test Using Larger Than Block-Size Key - Hash Key First");
	check_hmac(HASH_SHA256, BYTES_OF(eleven), hi,
	           "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	check_hmac(HASH_SHA256, jefe, what,
	           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	check_hmac(HASH_SHA256, BYTES_OF(longer_than_a_block), large,
	           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	check_hmac(HASH_SHA384, jefe, what,
	           "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
	           "8e2240ca5e69e2c78b3239ecfab21649");
	check_hmac(HASH_SHA384, BYTES_OF(longer_than_a_block), large,
	           "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
	           "0c2ef6ab4030fe8296248df163f44952");
	check_hmac(HASH_SHA512, jefe, what,
	           "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
	           "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
	check_hmac(HASH_SHA512, BYTES_OF(longer_than_a_block), large,
	           "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
	           "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_answers_of_sha256_come_out),
		cmocka_unit_test(published_answers_of_sha384_come_out),
		cmocka_unit_test(published_answers_of_sha512_come_out),
		cmocka_unit_test(a_million_letters_a_come_out),
		cmocka_unit_test(pieces_of_every_size_give_the_same_digest),
		cmocka_unit_test(a_copied_state_goes_its_own_way),
		cmocka_unit_test(many_blocks_compress_as_one_after_another),
		cmocka_unit_test(both_codes_compress_alike),
		cmocka_unit_test(the_upper_half_of_a_128_bit_length_counts),
		cmocka_unit_test(names_go_there_and_back_and_others_are_refused),
		cmocka_unit_test(a_wiped_state_holds_nothing),
		cmocka_unit_test(digests_differ_by_any_byte),
		cmocka_unit_test(answers_of_rfc_4231_come_out_of_hmac),
	};
	int failed = cmocka_run_group_tests_name("portable", tests, NULL, NULL);
	if (!group_init(NULL, NULL)) /* chooses the processor's own SHA-256 */
		return 1;
	if (sha256_selected() != SHA256_PORTABLE)
		failed += cmocka_run_group_tests_name("instructions", tests, NULL, NULL);
	return failed;
}
