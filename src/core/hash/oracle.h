/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verificatum's pseudo-random generator and random oracle.
 *
 * Paper: Verificatum VMN 3.1.0, "How to implement a stand-alone verifier", sections on PRG and RO.
 *   PRG(H, seed) = H(seed ‖ int32(0)) ‖ H(seed ‖ int32(1)) ‖ …      seed: hash_bytes(H) bytes
 *   RO(H, n)(d)  = first ⌈n/8⌉ bytes of PRG(H, H(int32(n) ‖ d)), top bits of byte 0 cleared
 *
 * Inputs: public; nothing is wiped here. Bytes are taken from the stream one after another, none is
 *   dropped between two reads. 2^32 blocks are the end: reading on is a programmer's error.
 * Cost: one compression per block (32, 48 or 64 bytes).
 */
#ifndef HASH_ORACLE_H
#define HASH_ORACLE_H

#include "hash/sha2.h"

struct prg {
	enum hash_kind kind;
	uint8_t block[128]; /* seed ‖ counter ‖ padding, one compression away from output */
	uint8_t ready[HASH_MAX_BYTES]; /* the current block */
	size_t ready_used;             /* of hash_bytes(kind) */
	uint64_t next_block;           /* ≤ 2^32: the counter never starts again from 0 */
};

void prg_init(struct prg *g, enum hash_kind kind, const uint8_t *seed);
void prg_read(struct prg *g, uint8_t *out, size_t len);
/* An integer of n bits, big-endian, in ⌈n/8⌉ bytes: unused top bits of the first byte cleared. */
void prg_read_integer(struct prg *g, uint8_t *out, unsigned bits);
/* To byte `offset` of the stream (random access for blocks of work). */
void prg_seek(struct prg *g, uint64_t offset);

struct oracle {
	struct hash h;
	unsigned bits;
};

void oracle_init(struct oracle *o, enum hash_kind kind, unsigned bits);
void oracle_update(struct oracle *o, bytes b);
void oracle_finish(struct oracle *o, uint8_t *out); /* ⌈bits/8⌉ bytes */

#endif
