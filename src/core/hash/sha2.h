/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, SHA-384, SHA-512 and HMAC.
 *
 * Paper: FIPS 180-4, FIPS 198-1.
 * Secrets: time depends on lengths only; hash_wipe after hashing a secret.
 * Memory: one struct for all three; copy it with = to branch a running hash (a common prefix is
 *   absorbed once).
 * Cost: linear in the length, one compression per 64 bytes (SHA-256) or 128 bytes (the others).
 */
#ifndef HASH_SHA2_H
#define HASH_SHA2_H

#include "base/bytes.h"

enum hash_kind { HASH_SHA256, HASH_SHA384, HASH_SHA512 };
#define HASH_MAX_BYTES 64u

struct hash {
	union {
		uint32_t w32[8];
		uint64_t w64[8];
	} state;
	uint64_t absorbed; /* bytes */
	uint8_t block[128];
	enum hash_kind kind;
};

typedef struct {
	uint8_t b[32];
} digest; /* SHA-256 */

size_t hash_bytes(enum hash_kind kind);     /* 32, 48, 64 */
const char *hash_name(enum hash_kind kind); /* "SHA-256", … */
bool hash_of_name(enum hash_kind *kind, bytes name);

void hash_init(struct hash *h, enum hash_kind kind);
void hash_update(struct hash *h, bytes b);
void hash_finish(struct hash *h, uint8_t *out); /* hash_bytes(kind) bytes; h is spent */
void hash_wipe(struct hash *h);

digest sha256(bytes b);
bool digest_equal(const digest *a, const digest *b); /* public data */

/*
 * Which code computes SHA-256: the portable one until somebody chooses, and the answers are the
 * same. group_init (group/point.h) chooses for this machine; INSTRUCTIONS (x86-64) is only for who
 * knows that the processor has them. Before any thread. False: not in this build.
 */
enum sha256_code { SHA256_PORTABLE, SHA256_INSTRUCTIONS };
bool sha256_select(enum sha256_code code);
enum sha256_code sha256_selected(void);

/* SHA-256 state advanced over `blocks` blocks of 64 bytes. */
void sha256_compress(uint32_t state[static 8], const uint8_t *blocks, size_t blocks_count);

void hmac(enum hash_kind kind, uint8_t *out, bytes key, bytes message);

#endif
