/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/chacha20.h"

#include "base/ct.h"

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void store_le32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static inline uint32_t rotl(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static inline void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotl(*d ^ *a, 16);
	*c += *d;
	*b = rotl(*b ^ *c, 12);
	*a += *b;
	*d = rotl(*d ^ *a, 8);
	*c += *d;
	*b = rotl(*b ^ *c, 7);
}

void chacha20_block(uint8_t out[static 64], const uint8_t key[static 32], uint32_t counter,
                    const uint8_t nonce[static 12])
{
	uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}; /* expand 32-byte k */
	for (size_t i = 0; i < 8; i++)
		start[4 + i] = load_le32(key + 4 * i);
	start[12] = counter;
	for (size_t i = 0; i < 3; i++)
		start[13 + i] = load_le32(nonce + 4 * i);

	uint32_t x[16];
	memcpy(x, start, sizeof x);
	for (unsigned i = 0; i < 10; i++) {
		quarter_round(&x[0], &x[4], &x[8], &x[12]);
		quarter_round(&x[1], &x[5], &x[9], &x[13]);
		quarter_round(&x[2], &x[6], &x[10], &x[14]);
		quarter_round(&x[3], &x[7], &x[11], &x[15]);
		quarter_round(&x[0], &x[5], &x[10], &x[15]);
		quarter_round(&x[1], &x[6], &x[11], &x[12]);
		quarter_round(&x[2], &x[7], &x[8], &x[13]);
		quarter_round(&x[3], &x[4], &x[9], &x[14]);
	}
	for (size_t i = 0; i < 16; i++)
		store_le32(out + 4 * i, x[i] + start[i]);
	wipe(x, sizeof x);
	wipe(start, sizeof start);
}

/* The first 32 bytes of every buffer become the next key and are gone before a byte is handed out.
 */
static void refill(struct chacha_rng *g)
{
	static const uint8_t nonce[12];
	for (uint32_t i = 0; i < CHACHA_BUFFER_BYTES / 64; i++)
		chacha20_block(g->buffer + (size_t)64 * i, g->key, i, nonce);
	memcpy(g->key, g->buffer, sizeof g->key);
	wipe(g->buffer, sizeof g->key);
	g->used = sizeof g->key;
}

static bool fill(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	struct chacha_rng *g = (struct chacha_rng *)rng;
	(void)err; /* it cannot run dry */
	while (len > 0) {
		if (g->used == CHACHA_BUFFER_BYTES)
			refill(g);
		size_t n = CHACHA_BUFFER_BYTES - g->used;
		if (n > len)
			n = len;
		memcpy(out, g->buffer + g->used, n);
		wipe(g->buffer + g->used, n);
		g->used += n;
		out += n;
		len -= n;
	}
	return true;
}

void chacha_rng_init(struct chacha_rng *g, const uint8_t seed[static 32])
{
	g->rng.fill = fill;
	memcpy(g->key, seed, sizeof g->key);
	memset(g->buffer, 0, sizeof g->buffer);
	g->used = CHACHA_BUFFER_BYTES;
}

/*
 * The child's key is the first half of one ChaCha20 block under the seed, with (purpose, index) as
 * nonce and a counter that refill never reaches: one input of the same function per child, none
 * shared with the seed's own stream.
 */
#define DERIVE_COUNTER 0x80000000u

void chacha_rng_derive(struct chacha_rng *child, const uint8_t seed[static 32], uint32_t purpose,
                       uint64_t index)
{
	uint8_t nonce[12], block[64];
	store_be32(nonce, purpose);
	store_be64(nonce + 4, index);
	chacha20_block(block, seed, DERIVE_COUNTER, nonce);
	chacha_rng_init(child, block);
	wipe(block, sizeof block);
}

void chacha_rng_wipe(struct chacha_rng *g)
{
	wipe(g, sizeof *g);
}
