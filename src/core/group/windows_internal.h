/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret scalars as signed odd digits, and constant-time selection from tables of odd multiples.
 *
 * For odd k < 2^(w·L): k = Σ 2^(wi)·(2u_i + 1 - 2^w), where the u_i are the plain w-bit windows of
 * (k >> 1) + 2^(wL-1). No digit is zero, no carry runs. Even k are replaced by q - k and the result
 * negated. One byte holds a digit: the index of the odd multiple |d| = 2·index + 1, and the sign.
 *
 * Paper: Joye and Tunstall, "Exponent recoding and regular exponentiation algorithms" (2009).
 * Secrets: constant time in everything but widths and counts.
 */
#ifndef GROUP_WINDOWS_INTERNAL_H
#define GROUP_WINDOWS_INTERNAL_H

#include "base/ct.h"
#include "group/point.h"

#define DIGIT_NEGATIVE 0x80u
#define WINDOW_LIMBS 5u

/* Returns 1 iff k is even, that is, iff the digits below are those of q - k. */
static inline unsigned windows_prepare(uint64_t out[static WINDOW_LIMBS], const scalar *k,
                                       unsigned total_bits)
{
	static const uint64_t q[4] = {0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff,
	                              0xffffffff00000000};
	uint64_t odd = k->v[0] & 1, keep = ct_mask_of_bit(odd), borrow = 0, t[4];
	for (unsigned i = 0; i < 4; i++) {
		uint64_t r = q[i] - k->v[i] - borrow;
		borrow = ((~q[i] & k->v[i]) | (~(q[i] ^ k->v[i]) & r)) >> 63;
		t[i] = ct_select(keep, k->v[i], r);
	}
	for (unsigned i = 0; i < 3; i++)
		out[i] = t[i] >> 1 | t[i + 1] << 63;
	out[3] = t[3] >> 1;
	out[4] = 0;
	/* t < 2^256, so bit total_bits - 1 ≥ 255 of the half is free: adding it is setting it */
	out[(total_bits - 1) / 64] |= (uint64_t)1 << (total_bits - 1) % 64;
	return (unsigned)(odd ^ 1);
}

static inline uint8_t window_digit(const uint64_t s[static WINDOW_LIMBS], unsigned at,
                                   unsigned width, unsigned flip)
{
	unsigned limb = at / 64, shift = at % 64;
	uint64_t u = s[limb] >> shift;
	if (shift + width > 64)
		u |= s[limb + 1] << (64 - shift);
	uint64_t positive = u >> (width - 1) & 1;
	uint64_t index = (u ^ (positive - 1)) & (((uint64_t)1 << (width - 1)) - 1);
	return (uint8_t)(index | (positive ^ 1 ^ flip) * DIGIT_NEGATIVE);
}

static inline uint64_t digit_negative_mask(uint8_t digit)
{
	return ct_mask_of_bit(digit / DIGIT_NEGATIVE);
}

/* Vectors of 128 bits, which every target has or its compiler makes of words. */
typedef uint32_t words4 __attribute__((vector_size(16), may_alias, aligned(8)));

/* table[index of digit], reading every entry */
static inline void table_select(point *out, const point *table, uint32_t entries, uint8_t digit)
{
	uint32_t index = digit & (DIGIT_NEGATIVE - 1u);
	const words4 wanted = {index, index, index, index}, one = {1, 1, 1, 1};
	words4 at = {0, 0, 0, 0}, a = at, b = at, c = at, d = at;
	for (uint32_t i = 0; i < entries; i++) {
		const words4 *e = (const words4 *)&table[i];
		words4 mask = (words4)(at == wanted);
		a |= e[0] & mask;
		b |= e[1] & mask;
		c |= e[2] & mask;
		d |= e[3] & mask;
		at += one;
	}
	words4 *o = (words4 *)out;
	o[0] = a;
	o[1] = b;
	o[2] = c;
	o[3] = d;
}

#endif
