/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fast-key-erasure generator on ChaCha20: the form every secret nonce comes from.
 *
 * Paper: Bernstein, "Fast-key-erasure random-number generators", 2017; RFC 8439 (block function).
 * Secrets: constant time; each refill replaces the key before a byte leaves; chacha_rng_wipe.
 * platform/host seeds one from getrandom; chacha_rng_derive makes independent children, so that
 * a prover can recompute the randomness of any block instead of storing it.
 */
#ifndef HASH_CHACHA20_H
#define HASH_CHACHA20_H

#include "base/seams.h"

#define CHACHA_BUFFER_BYTES 768u

struct chacha_rng {
	struct rng rng; /* first member: use as struct rng */
	uint8_t key[32];
	uint8_t buffer[CHACHA_BUFFER_BYTES];
	size_t used;
};

void chacha_rng_init(struct chacha_rng *g, const uint8_t seed[static 32]);
/* Child number (purpose, index) of a seed; independent of all others and of the seed's own stream.
 */
void chacha_rng_derive(struct chacha_rng *child, const uint8_t seed[static 32], uint32_t purpose,
                       uint64_t index);
void chacha_rng_wipe(struct chacha_rng *g);
void chacha20_block(uint8_t out[static 64], const uint8_t key[static 32], uint32_t counter,
                    const uint8_t nonce[static 12]);

#endif
