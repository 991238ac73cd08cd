/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of SHA-2 that the rest of this folder builds on.
 */
#ifndef HASH_SHA2_INTERNAL_H
#define HASH_SHA2_INTERNAL_H

#include "hash/sha2.h"

/* Round constants, indexed by the round number, never by data. */
extern const uint32_t sha256_constants[64];
/* sha256_ni.c: only on x86-64, and only on a processor that has the instructions. */
void sha256_compress_instructions(uint32_t state[static 8], const uint8_t *blocks,
                                  size_t blocks_count);

/* SHA-384/512 state advanced over `blocks_count` blocks of 128 bytes. */
void sha512_compress(uint64_t state[static 8], const uint8_t *blocks, size_t blocks_count);

/*
 * Messages of a single block: sha2_pad puts 80 00 … 00 ‖ length behind the `used` bytes of message
 * in it (9 bytes must be free with SHA-256, 17 with the others), sha2_one_block hashes it.
 */
void sha2_pad(enum hash_kind kind, uint8_t *block, size_t used);
void sha2_one_block(enum hash_kind kind, uint8_t *out, const uint8_t *block);
size_t sha2_block_bytes(enum hash_kind kind);

#endif
