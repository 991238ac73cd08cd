/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domain-separated digests and challenges of Urna's own protocol.
 *
 *   H_tag(x1…xm) = SHA-256(node(leaf("urna/1/" ‖ tag), x1…xm))
 *   C_tag(x1…xm) = int(RO(SHA-256, 384)(node(leaf("urna/1/" ‖ tag), x1…xm))) mod q
 *
 * Each tag is used in one place of the protocol. The 48 bytes of C_tag are reduced by the caller
 * (scalar_reduce), since this module knows no group. `children` is m: the caller then writes
 * exactly that many trees with tree_hash_*, or with hash_update for bytes that are a tree already.
 */
#ifndef HASH_TAGGED_H
#define HASH_TAGGED_H

#include "hash/bytetree.h"

#define TAGGED_CHALLENGE_BYTES 48u

void tagged_digest_init(struct hash *h, const char *tag, uint32_t children);
digest tagged_digest_finish(struct hash *h);
void tagged_challenge_init(struct hash *h, const char *tag, uint32_t children);
void tagged_challenge_finish(struct hash *h, uint8_t out[static TAGGED_CHALLENGE_BYTES]);

#endif
