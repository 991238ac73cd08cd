/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "hash/chacha20.h"
#include "hash/sha2.h"

static uint8_t secret[300], out[3][64];
static uint64_t drawn[64];

static void start(void)
{
	for (size_t i = 0; i < sizeof secret; i++)
		secret[i] = (uint8_t)(i * 13 + 1);
	ct_poison(secret, sizeof secret);
}

static bytes hashing(void)
{
	static const enum hash_kind kinds[] = {HASH_SHA256, HASH_SHA384, HASH_SHA512};
	start();
	for (size_t i = 0; i < 3; i++) {
		struct hash h;
		hash_init(&h, kinds[i]);
		hash_update(&h, bytes_of(secret, 100)); /* across a block's end, and in pieces */
		hash_update(&h, bytes_of(secret + 100, 200));
		hash_finish(&h, out[i]);
		hash_wipe(&h);
	}
	return bytes_of(out[0], 32);
}

static bytes authenticating(void)
{
	start();
	hmac(HASH_SHA256, out[0], bytes_of(secret, 32), bytes_of(secret, 90));
	hmac(HASH_SHA512, out[1], bytes_of(secret, 200), bytes_of(secret, 90));
	return bytes_of(out[0], 32);
}

static bytes generating(void)
{
	struct chacha_rng parent, child;
	start();
	chacha_rng_init(&parent, secret);
	chacha_rng_derive(&child, secret, 3, 7);
	/* Longer than the buffer, so that refills with erasure of the key are part of it. */
	for (size_t i = 0; i < 64; i++) {
		if (!rng_fill(&parent.rng, out, sizeof out, NULL) ||
		    !rng_fill(&child.rng, &drawn[i], sizeof drawn[i], NULL))
			return BYTES_NONE;
	}
	chacha_rng_wipe(&parent);
	chacha_rng_wipe(&child);
	ct_branch_on(parent.key, sizeof parent.key); /* wiped: nothing secret is left in it */
	ct_branch_on(child.buffer, sizeof child.buffer);
	return BYTES_OF(drawn);
}

static bytes block(void)
{
	static const uint8_t nonce[12] = {1};
	start();
	chacha20_block(out[0], secret, 5, nonce);
	return bytes_of(out[0], 64);
}

static const struct ct_case cases[] = {
	{"SHA-256, SHA-384, SHA-512", hashing, NULL},
	{"hmac", authenticating, NULL},
	{"chacha_rng", generating, NULL},
	{"chacha20_block", block, NULL},
};

int main(int argc, char **argv)
{
	(void)argc;
	return ct_run(argv, "none", cases, sizeof cases / sizeof cases[0]);
}
