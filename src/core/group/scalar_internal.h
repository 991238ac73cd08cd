/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one product modulo q that scalar.c is built on, in two forms that agree bit for bit.
 *
 * out = a·b/2^256 mod q, canonical, for any a < 2^256 and b < q; out may be a or b. Constant time.
 */
#ifndef GROUP_SCALAR_INTERNAL_H
#define GROUP_SCALAR_INTERNAL_H

#include "base/ct.h"
#include "group/scalar.h"

#define SCALAR_Q                                                                       \
	{                                                                                  \
		0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000 \
	}

/* scalar_64.c: with 128-bit products where the compiler has them, else the next one. */
void scalar_montgomery(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);
/* scalar_32.c: 32×32→64 bit products only. */
void scalar_montgomery_32(uint64_t out[4], const uint64_t a[4], const uint64_t b[4]);

/* x + y + carry; carry is 0 or 1 before and after. No branch, no 128-bit type. */
static inline uint64_t scalar_add_word(uint64_t x, uint64_t y, uint64_t *carry)
{
	const uint64_t s = x + y, t = s + *carry;
	*carry = (uint64_t)(s < x) | (uint64_t)(t < s);
	return t;
}

static inline uint64_t scalar_sub_word(uint64_t x, uint64_t y, uint64_t *borrow)
{
	const uint64_t d = x - y, t = d - *borrow;
	*borrow = (uint64_t)(x < y) | (uint64_t)(d < t);
	return t;
}

/* out = (top·2^256 + t) mod q, for a value below 2q; out may be t. Written out, as gcc keeps loops
 * at -O2. */
static inline void scalar_settle(uint64_t out[4], const uint64_t t[4], uint64_t top)
{
	static const uint64_t q[4] = SCALAR_Q;
	uint64_t borrow = 0;
	const uint64_t r0 = scalar_sub_word(t[0], q[0], &borrow);
	const uint64_t r1 = scalar_sub_word(t[1], q[1], &borrow);
	const uint64_t r2 = scalar_sub_word(t[2], q[2], &borrow);
	const uint64_t r3 = scalar_sub_word(t[3], q[3], &borrow);
	const uint64_t keep = ct_mask_of_bit(borrow & (top ^ 1));
	out[0] = ct_select(keep, t[0], r0);
	out[1] = ct_select(keep, t[1], r1);
	out[2] = ct_select(keep, t[2], r2);
	out[3] = ct_select(keep, t[3], r3);
}

#endif
