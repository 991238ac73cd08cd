/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed files: a secret at rest under a passphrase. Over buffers; the caller owns the disk.
 *
 * Paper: Argon2id (RFC 9106) gives the key, XChaCha20-Poly1305 seals.
 * Sizes: always SEALED_FILE_BYTES, so that the size tells nothing about the content:
 *   magic (16) ‖ passes (4) ‖ memory in KiB (4) ‖ salt (16) ‖ nonce (24) ‖
 *   sealed [length (4) ‖ content ‖ zeros] ‖ tag (16), numbers big-endian; all before the sealed
 *   part is associated data.
 * Secrets: content and passphrase; the content comes back in its own type, wipe it.
 * Errors: REJECTED for a wrong passphrase or an altered file (they cannot be told apart);
 * MALFORMED for what is not a sealed file; LIMIT for content that is too long and for a file whose
 * cost lies outside the bounds below; IO when memory for the cost or randomness is not there.
 * Cost: SEALED_COST_NORMAL takes 256 MiB and about a second.
 */
#ifndef IDENTITY_SEALED_FILE_H
#define IDENTITY_SEALED_FILE_H

#include "base/seams.h"

#define SEALED_FILE_BYTES 16384u
#define SEALED_CONTENT_MAX (SEALED_FILE_BYTES - 64u - 4u - 16u)

struct sealed_cost {
	uint32_t passes;     /* 1 … 16 */
	uint32_t memory_kib; /* 8192 … 1048576: neither too weak to guard nor a way to fill memory */
};
#define SEALED_COST_NORMAL ((struct sealed_cost){3, 262144})

struct sealed_content { /* secret */
	uint8_t data[SEALED_CONTENT_MAX];
	size_t len;
};

struct sealed_input { /* borrows */
	bytes passphrase; /* not empty */
	bytes content;
	struct sealed_cost cost;
};

bool sealed_file_make(uint8_t out[static SEALED_FILE_BYTES], const struct sealed_input *in,
                      struct rng *rng, struct error *err) must_check;
bool sealed_file_open(struct sealed_content *out, bytes file, bytes passphrase,
                      struct error *err) must_check;
void sealed_content_wipe(struct sealed_content *c); /* NULL is fine */

#endif
