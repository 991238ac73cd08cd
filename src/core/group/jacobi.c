/* SPDX-License-Identifier: Apache-2.0 */
#include "group/jacobi_internal.h"

#include <stdbool.h>
#include <string.h>

#define WORDS 4

/* The loops over words are written out, for gcc leaves them loops at -O2, and compiled once for
 * each number of words: a third slower otherwise. */
#define FOR_EACH_LENGTH __attribute__((always_inline)) inline

static inline uint64_t subtract_word(uint64_t a, uint64_t b, uint64_t *borrow)
{
	uint64_t s = a - b, out = s - *borrow;
	*borrow = (uint64_t)(a < b) | (uint64_t)(s < *borrow);
	return out;
}

/* out = a - b; returns the borrow. Of words that do not count neither is looked at. */
static inline uint64_t subtract(uint64_t out[WORDS], const uint64_t a[WORDS],
                                const uint64_t b[WORDS], int words)
{
	uint64_t borrow = 0;
	out[0] = subtract_word(a[0], b[0], &borrow);
	if (words > 1)
		out[1] = subtract_word(a[1], b[1], &borrow);
	if (words > 2)
		out[2] = subtract_word(a[2], b[2], &borrow);
	if (words > 3)
		out[3] = subtract_word(a[3], b[3], &borrow);
	return borrow;
}

static inline uint64_t negate_word(uint64_t a, uint64_t negative, uint64_t *carry)
{
	uint64_t out = (a ^ negative) + *carry;
	*carry = out < *carry;
	return out;
}

/* a = -a where negative is all ones. */
static inline void negate(uint64_t a[WORDS], uint64_t negative, int words)
{
	uint64_t carry = negative & 1;
	a[0] = negate_word(a[0], negative, &carry);
	if (words > 1)
		a[1] = negate_word(a[1], negative, &carry);
	if (words > 2)
		a[2] = negate_word(a[2], negative, &carry);
	if (words > 3)
		a[3] = negate_word(a[3], negative, &carry);
}

/* n = a where mask is all ones. */
static inline void replace(uint64_t n[WORDS], uint64_t mask, const uint64_t a[WORDS], int words)
{
	n[0] ^= (n[0] ^ a[0]) & mask;
	if (words > 1)
		n[1] ^= (n[1] ^ a[1]) & mask;
	if (words > 2)
		n[2] ^= (n[2] ^ a[2]) & mask;
	if (words > 3)
		n[3] ^= (n[3] ^ a[3]) & mask;
}

static inline uint64_t shift_word(uint64_t low, uint64_t high, unsigned by)
{
	return low >> by | high << 1 << (63 - by); /* by may be 0 */
}

static inline void shift(uint64_t out[WORDS], const uint64_t a[WORDS], unsigned by, int words)
{
	out[0] = words > 1 ? shift_word(a[0], a[1], by) : a[0] >> by;
	if (words > 1)
		out[1] = words > 2 ? shift_word(a[1], a[2], by) : a[1] >> by;
	if (words > 2)
		out[2] = words > 3 ? shift_word(a[2], a[3], by) : a[2] >> by;
	if (words > 3)
		out[3] = a[3] >> by;
}

/* Bit 1 of it: whether (2/n)^exponent = -1. */
static inline uint64_t of_two(const uint64_t n[WORDS], unsigned exponent)
{
	return (n[0] ^ n[0] >> 1) & (uint64_t)exponent << 1;
}

/* a = 0 has no odd part: false. A whole word of zeros is rare. */
static FOR_EACH_LENGTH bool odd_part(uint64_t out[WORDS], uint64_t a[WORDS],
                                     const uint64_t n[WORDS], uint64_t *sign, int words)
{
	for (int zero = 0; a[0] == 0; zero++) { /* 2^64 is a square */
		if (zero == words)
			return false;
		for (int i = 0; i < words; i++)
			a[i] = i + 1 < words ? a[i + 1] : 0;
	}
	unsigned twos = (unsigned)__builtin_ctzll(a[0]);
	*sign ^= of_two(n, twos);
	shift(out, a, twos, words);
	return true;
}

/*
 * Of odd a and n the larger becomes the odd part of their difference, until both leave the top word
 * empty. Bit 1 of *sign is turned with the symbol's sign. False: they were equal, n is their gcd.
 */
static FOR_EACH_LENGTH bool reduce(uint64_t a[WORDS], uint64_t n[WORDS], uint64_t *sign, int words)
{
	do {
		uint64_t difference[WORDS];
		uint64_t below = -subtract(difference, a, n, words);
		*sign ^= a[0] & n[0] & below;
		replace(n, below, a, words);
		negate(difference, below, words);
		if (!odd_part(a, difference, n, sign, words))
			return false;
	} while (words == 1 || (a[words - 1] | n[words - 1]) != 0);
	return true;
}

int jacobi_vartime(const uint64_t in[static 4])
{
	uint64_t n[WORDS] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};
	uint64_t given[WORDS], a[WORDS], sign = 0;
	memcpy(given, in, sizeof given);
	if (!odd_part(a, given, n, &sign, 4))
		return 0;
	if (reduce(a, n, &sign, 4) && reduce(a, n, &sign, 3) && reduce(a, n, &sign, 2))
		(void)reduce(a, n, &sign, 1);
	if (n[0] != 1 || (n[1] | n[2] | n[3]) != 0)
		return 0;
	return sign & 2 ? -1 : 1;
}
