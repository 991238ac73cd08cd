/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Merkle tree of the log.
 *
 * Paper: RFC 6962 section 2.1 (hashing), RFC 9162 section 2.1.3–2.1.4 (verification).
 *   leaf = SHA-256(00 ‖ data), node = SHA-256(01 ‖ left ‖ right), empty = SHA-256().
 * Sizes: a running tree keeps one digest per bit of its size; a proof has at most 64 digests.
 * Inputs: public. Cost: one compression pair per appended leaf, amortised.
 */
#ifndef RECORD_MERKLE_H
#define RECORD_MERKLE_H

#include "hash/sha2.h"

#define MERKLE_PROOF_MAX 64u

struct merkle {
	uint64_t size;
	digest peaks[64]; /* roots of the full subtrees, one per set bit of size */
};

digest merkle_leaf(bytes data);
digest merkle_node(const digest *left, const digest *right);

void merkle_init(struct merkle *m);
void merkle_append(struct merkle *m, const digest *leaf);
digest merkle_root(const struct merkle *m);

/* Proofs over an array of leaf hashes; return the number of digests written. index < size. */
size_t merkle_prove_inclusion(digest out[static MERKLE_PROOF_MAX], const digest *leaves,
                              uint64_t size, uint64_t index);
size_t merkle_prove_consistency(digest out[static MERKLE_PROOF_MAX], const digest *leaves,
                                uint64_t old_size, uint64_t size);

struct merkle_proof {
	const digest *path;
	size_t len;
};
bool merkle_check_inclusion(const digest *leaf, uint64_t index, uint64_t size,
                            struct merkle_proof proof, const digest *root);
bool merkle_check_consistency(uint64_t old_size, const digest *old_root, uint64_t size,
                              const digest *root, struct merkle_proof proof);

#endif
