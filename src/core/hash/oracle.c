/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/oracle.h"

#include "base/error.h"
#include "hash/sha2_internal.h"

void prg_init(struct prg *g, enum hash_kind kind, const uint8_t *seed)
{
	/* seed ‖ counter ‖ padding is one block for all three hashes: only the counter ever changes. */
	size_t len = hash_bytes(kind);
	g->kind = kind;
	g->next_block = 0;
	g->ready_used = len;
	memcpy(g->block, seed, len);
	sha2_pad(kind, g->block, len + 4);
}

static void next_block(struct prg *g, uint8_t *out)
{
	require(g->next_block <= UINT32_MAX);
	store_be32(g->block + hash_bytes(g->kind), (uint32_t)g->next_block++);
	sha2_one_block(g->kind, out, g->block);
}

void prg_read(struct prg *g, uint8_t *out, size_t len)
{
	size_t block_bytes = hash_bytes(g->kind);
	while (len > 0) {
		if (g->ready_used == block_bytes && len >= block_bytes) {
			next_block(g, out);
			out += block_bytes;
			len -= block_bytes;
			continue;
		}
		if (g->ready_used == block_bytes) {
			next_block(g, g->ready);
			g->ready_used = 0;
		}
		size_t n = block_bytes - g->ready_used;
		if (n > len)
			n = len;
		memcpy(out, g->ready + g->ready_used, n);
		g->ready_used += n;
		out += n;
		len -= n;
	}
}

void prg_read_integer(struct prg *g, uint8_t *out, unsigned bits)
{
	prg_read(g, out, ((size_t)bits + 7) / 8);
	if (bits % 8 != 0)
		out[0] &= (uint8_t)(0xff >> (8 - bits % 8));
}

void prg_seek(struct prg *g, uint64_t offset)
{
	size_t block_bytes = hash_bytes(g->kind), inside = (size_t)(offset % block_bytes);
	g->next_block = offset / block_bytes;
	g->ready_used = block_bytes;
	if (inside > 0) {
		next_block(g, g->ready);
		g->ready_used = inside;
	}
}

void oracle_init(struct oracle *o, enum hash_kind kind, unsigned bits)
{
	uint8_t n[4];
	store_be32(n, bits);
	o->bits = bits;
	hash_init(&o->h, kind);
	hash_update(&o->h, BYTES_OF(n));
}

void oracle_update(struct oracle *o, bytes b)
{
	hash_update(&o->h, b);
}

void oracle_finish(struct oracle *o, uint8_t *out)
{
	uint8_t seed[HASH_MAX_BYTES];
	struct prg g;
	hash_finish(&o->h, seed);
	prg_init(&g, o->h.kind, seed);
	prg_read_integer(&g, out, o->bits);
}
