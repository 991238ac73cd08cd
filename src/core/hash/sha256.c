/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/sha2_internal.h"

#include "base/ct.h"

const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t rotr(uint32_t v, unsigned n)
{
	return v >> n | v << (32 - n);
}

static inline uint32_t big0(uint32_t v)
{
	return rotr(v, 2) ^ rotr(v, 13) ^ rotr(v, 22);
}

static inline uint32_t big1(uint32_t v)
{
	return rotr(v, 6) ^ rotr(v, 11) ^ rotr(v, 25);
}

static inline uint32_t small0(uint32_t v)
{
	return rotr(v, 7) ^ rotr(v, 18) ^ v >> 3;
}

static inline uint32_t small1(uint32_t v)
{
	return rotr(v, 17) ^ rotr(v, 19) ^ v >> 10;
}

/*
 * One round with the eight letters renamed instead of moved. The schedule lives in a ring of 16
 * words: NEXT replaces word t by word t + 16 right where it is used.
 * choose(e,f,g) = g ^ (e & (f ^ g)); majority(a,b,c) = b ^ ((a ^ b) & (b ^ c)).
 */
#define ROUND(a, b, c, d, e, f, g, h, word, t)                                                 \
	do {                                                                                       \
		uint32_t sum = h + big1(e) + (g ^ (e & (f ^ g))) + sha256_constants[first + t] + word; \
		d += sum;                                                                              \
		h = sum + big0(a) + (b ^ ((a ^ b) & (b ^ c)));                                         \
	} while (0)
#define LOADED(t) (w[t] = load_be32(block + 4 * (t)))
#define NEXT(t) (w[t] += small1(w[((t) + 14) & 15]) + w[((t) + 9) & 15] + small0(w[((t) + 1) & 15]))

#define EIGHT_ROUNDS(WORD, t)                              \
	do {                                                   \
		ROUND(a, b, c, d, e, f, g, h, WORD(t), t);         \
		ROUND(h, a, b, c, d, e, f, g, WORD(t + 1), t + 1); \
		ROUND(g, h, a, b, c, d, e, f, WORD(t + 2), t + 2); \
		ROUND(f, g, h, a, b, c, d, e, WORD(t + 3), t + 3); \
		ROUND(e, f, g, h, a, b, c, d, WORD(t + 4), t + 4); \
		ROUND(d, e, f, g, h, a, b, c, WORD(t + 5), t + 5); \
		ROUND(c, d, e, f, g, h, a, b, WORD(t + 6), t + 6); \
		ROUND(b, c, d, e, f, g, h, a, WORD(t + 7), t + 7); \
	} while (0)

static void compress_portable(uint32_t state[static 8], const uint8_t *blocks, size_t blocks_count)
{
	uint32_t w[16];
	for (const uint8_t *block = blocks; blocks_count > 0; blocks_count--, block += 64) {
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
		uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
		unsigned first = 0;
		EIGHT_ROUNDS(LOADED, 0);
		EIGHT_ROUNDS(LOADED, 8);
		for (first = 16; first < 64; first += 16) {
			EIGHT_ROUNDS(NEXT, 0);
			EIGHT_ROUNDS(NEXT, 8);
		}
		state[0] += a;
		state[1] += b;
		state[2] += c;
		state[3] += d;
		state[4] += e;
		state[5] += f;
		state[6] += g;
		state[7] += h;
	}
	wipe(w, sizeof w);
}

typedef void compress_fn(uint32_t state[static 8], const uint8_t *blocks, size_t blocks_count);

/* The only state of this module: which code, never data. */
static compress_fn *chosen = compress_portable;

bool sha256_select(enum sha256_code code)
{
#ifdef __x86_64__
	chosen = code == SHA256_INSTRUCTIONS ? sha256_compress_instructions : compress_portable;
	return true;
#else
	return code == SHA256_PORTABLE;
#endif
}

enum sha256_code sha256_selected(void)
{
	return chosen == compress_portable ? SHA256_PORTABLE : SHA256_INSTRUCTIONS;
}

void sha256_compress(uint32_t state[static 8], const uint8_t *blocks, size_t blocks_count)
{
	chosen(state, blocks, blocks_count);
}
