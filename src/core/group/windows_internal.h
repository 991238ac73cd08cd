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

static inline uint32_t digit_sign(uint8_t digit) /* 1: negative */
{
	return (uint32_t)ct_barrier(digit / DIGIT_NEGATIVE);
}

static inline uint64_t digit_negative_mask(uint8_t digit)
{
	return ct_mask_of_bit(digit / DIGIT_NEGATIVE);
}

/*
 * Tables to select from with a secret digit: every entry is read. A table is a function of the bits
 * of the index, and once sealed it is kept as the coefficients of that function's polynomial over
 * GF(2) (Reed-Muller, or algebraic normal form): the entry at index b is the XOR of those
 * coefficients whose own index is a subset of b. So a selection is little more than one AND and one
 * XOR per entry and word, and compares nothing.
 *
 * Vectors of 128 bits, which every target has or its compiler makes of words. A table begins on a
 * border of 16 bytes and has 16 or 32 entries of `vectors` vectors, 4 or 5.
 */
typedef uint32_t words4 __attribute__((vector_size(16), may_alias));
#define TABLE_VECTORS(type) ((unsigned)((sizeof(type) + 15) / 16))
#define TABLE_MOST_ENTRIES 32u

union point_entry {
	point p;
	words4 v[TABLE_VECTORS(point)];
};

static inline void table_seal(words4 *table, unsigned vectors, unsigned entries)
{
	for (unsigned bit = 1; bit < entries; bit *= 2)
		for (unsigned i = 0; i < entries; i++)
			if (i & bit)
				for (unsigned v = 0; v < vectors; v++)
					table[i * vectors + v] ^= table[(i - bit) * vectors + v];
}

static inline words4 select_bit(words4 index, uint32_t bit)
{
	const words4 wanted = {bit, bit, bit, bit};
	return (words4)((index & wanted) == wanted);
}

static inline words4 select_of_4(const words4 *at, unsigned vectors, words4 bit0, words4 bit1)
{
	const words4 low = at[0] ^ (at[vectors] & bit0);
	const words4 high = at[2 * vectors] ^ (at[3 * vectors] & bit0);
	return low ^ (high & bit1);
}

/* The entry at the digit's index, reading every entry. */
static inline void table_select(words4 *out, const words4 *table, unsigned vectors,
                                unsigned entries, uint8_t digit)
{
	const words4 zero = {0, 0, 0, 0}, index = {digit, digit, digit, digit};
	const words4 bit0 = select_bit(index, 1), bit1 = select_bit(index, 2);
	const words4 bit2 = select_bit(index, 4), bit3 = select_bit(index, 8);
	const words4 bit4 = select_bit(index, 16), both = bit2 & bit3;
	/* the product of the bits above the lowest two, for every four entries */
	const words4 higher[TABLE_MOST_ENTRIES / 4] = {~zero, bit2,        bit3,        both,
	                                               bit4,  bit4 & bit2, bit4 & bit3, bit4 & both};
	words4 a = zero, b = zero, c = zero, d = zero, e = zero;
	for (unsigned i = 0; i < entries / 4; i++) {
		const words4 *at = table + (size_t)(4 * i) * vectors;
		a ^= select_of_4(at, vectors, bit0, bit1) & higher[i];
		b ^= select_of_4(at + 1, vectors, bit0, bit1) & higher[i];
		c ^= select_of_4(at + 2, vectors, bit0, bit1) & higher[i];
		d ^= select_of_4(at + 3, vectors, bit0, bit1) & higher[i];
		if (vectors > 4)
			e ^= select_of_4(at + 4, vectors, bit0, bit1) & higher[i];
	}
	out[0] = a;
	out[1] = b;
	out[2] = c;
	out[3] = d;
	if (vectors > 4)
		out[4] = e;
}

#endif
