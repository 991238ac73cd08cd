/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "group/point.h"
#include "hash/chacha20.h"
#include "hash/sha2.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define LENGTH_MAX 300u

static const EVP_MD *theirs_of(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return EVP_sha256();
	case HASH_SHA384:
		return EVP_sha384();
	case HASH_SHA512:
		return EVP_sha512();
	}
	return NULL;
}

static void update_in_pieces(struct hash *h, bytes message)
{
	while (message.len > 0) {
		size_t n = (size_t)test_random_below(message.len + 1);
		hash_update(h, bytes_of(message.p, n));
		message = bytes_from(message, n);
	}
}

static void hashes_of_every_length_in_random_pieces_agree(void **state)
{
	uint8_t message[LENGTH_MAX], ours[HASH_MAX_BYTES], theirs[EVP_MAX_MD_SIZE];
	for (uint64_t round = 0; round < TEST_COUNT(5, 5000); round++) {
		for (size_t len = 0; len <= sizeof message; len++) {
			enum hash_kind kind = (enum hash_kind)((len + round) % 3);
			assert_true(rng_fill(test_rng(), message, len, NULL));
			for (unsigned i = 0; i < 3; i++, kind = (kind + 1) % 3) {
				struct hash h;
				unsigned theirs_len = 0;
				hash_init(&h, kind);
				update_in_pieces(&h, bytes_of(message, len));
				hash_finish(&h, ours);
				assert_true(EVP_Digest(message, len, theirs, &theirs_len, theirs_of(kind), NULL));
				assert_int_equal(theirs_len, hash_bytes(kind));
				assert_memory_equal(ours, theirs, theirs_len);
			}
		}
	}
}

static void macs_of_random_keys_and_messages_agree(void **state)
{
	uint8_t key[LENGTH_MAX], message[LENGTH_MAX], ours[HASH_MAX_BYTES], theirs[EVP_MAX_MD_SIZE];
	for (uint64_t round = 0; round < TEST_COUNT(5, 5000); round++) {
		for (size_t key_len = 0; key_len <= sizeof key; key_len++) {
			size_t len = (size_t)test_random_below(sizeof message + 1);
			assert_true(rng_fill(test_rng(), key, key_len, NULL));
			assert_true(rng_fill(test_rng(), message, len, NULL));
			for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
				unsigned theirs_len = 0;
				hmac(kind, ours, bytes_of(key, key_len), bytes_of(message, len));
				assert_non_null(
					HMAC(theirs_of(kind), key, (int)key_len, message, len, theirs, &theirs_len));
				assert_int_equal(theirs_len, hash_bytes(kind));
				assert_memory_equal(ours, theirs, theirs_len);
			}
		}
	}
}

/* Their nonce of 16 bytes is RFC 8439's counter, little-endian, and nonce. */
static void their_block(uint8_t out[64], const uint8_t key[32], uint32_t counter,
                        const uint8_t nonce[12])
{
	static const uint8_t zeros[64];
	uint8_t iv[16] = {(uint8_t)counter, (uint8_t)(counter >> 8), (uint8_t)(counter >> 16),
	                  (uint8_t)(counter >> 24)};
	int len = 0;
	memcpy(iv + 4, nonce, 12);
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	assert_non_null(cipher);
	assert_true(EVP_EncryptInit_ex(cipher, EVP_chacha20(), NULL, key, iv));
	assert_true(EVP_EncryptUpdate(cipher, out, &len, zeros, sizeof zeros));
	assert_int_equal(len, sizeof zeros);
	EVP_CIPHER_CTX_free(cipher);
}

static void chacha20_blocks_agree(void **state)
{
	static const uint32_t counters[] = {0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xffffffff};
	for (uint64_t round = 0; round < TEST_COUNT(500, 500000); round++) {
		uint8_t key[32], nonce[12], ours[64], theirs[64];
		uint32_t counter = (uint32_t)test_random_u64();
		if (round < sizeof counters / sizeof *counters)
			counter = counters[round];
		assert_true(rng_fill(test_rng(), key, sizeof key, NULL));
		assert_true(rng_fill(test_rng(), nonce, sizeof nonce, NULL));
		chacha20_block(ours, key, counter, nonce);
		their_block(theirs, key, counter, nonce);
		assert_memory_equal(ours, theirs, sizeof ours);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_of_every_length_in_random_pieces_agree),
		cmocka_unit_test(macs_of_random_keys_and_messages_agree),
		cmocka_unit_test(chacha20_blocks_agree),
	};
	int failed = cmocka_run_group_tests_name("portable", tests, NULL, NULL);
	if (!group_init(NULL, NULL)) /* chooses the processor's own SHA-256 */
		return 1;
	if (sha256_selected() != SHA256_PORTABLE)
		failed += cmocka_run_group_tests_name("instructions", tests, NULL, NULL);
	return failed;
}
