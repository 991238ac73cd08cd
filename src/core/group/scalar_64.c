/* SPDX-License-Identifier: Apache-2.0 */
#include "group/scalar_internal.h"

/* WebAssembly has the type, but its product is a call into a library we do not link. */
#if defined(__SIZEOF_INT128__) && !defined(__wasm__)

__extension__ typedef unsigned __int128 u128;

/* (t, carry) = t + x·y + carry: at most (2^64-1) + (2^64-1)^2 + (2^64-1) = 2^128 - 1. */
static inline void accumulate(uint64_t *t, uint64_t x, uint64_t y, uint64_t *carry)
{
	const u128 s = (u128)x * y + *t + *carry;
	*t = (uint64_t)s;
	*carry = (uint64_t)(s >> 64);
}

/*
 * t = (t + x·b + m·q)/2^64, m such that the low word vanishes. If t < b + q before, then
 * t ≤ (b + q - 1 + (2^64 - 1)(b + q))/2^64 < b + q after: below 2q, five words, the top one 0 or 1.
 */
static inline void add_row(uint64_t t[5], uint64_t x, const uint64_t b[4])
{
	static const uint64_t q[4] = SCALAR_Q;
	uint64_t carry = 0, carry_q = 0;
	accumulate(&t[0], x, b[0], &carry);
	accumulate(&t[1], x, b[1], &carry);
	accumulate(&t[2], x, b[2], &carry);
	accumulate(&t[3], x, b[3], &carry);
	const u128 top = (u128)t[4] + carry;
	const uint64_t m = t[0] * 0xccd1c8aaee00bc4f; /* -1/q mod 2^64 */
	accumulate(&t[0], m, q[0], &carry_q);
	accumulate(&t[1], m, q[1], &carry_q);
	accumulate(&t[2], m, q[2], &carry_q);
	accumulate(&t[3], m, q[3], &carry_q);
	const u128 sum = top + carry_q;
	t[0] = t[1];
	t[1] = t[2];
	t[2] = t[3];
	t[3] = (uint64_t)sum;
	t[4] = (uint64_t)(sum >> 64);
}

void scalar_montgomery(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	uint64_t t[5] = {0, 0, 0, 0, 0};
	add_row(t, a[0], b);
	add_row(t, a[1], b);
	add_row(t, a[2], b);
	add_row(t, a[3], b);
	scalar_settle(out, t, t[4]);
}

#else

void scalar_montgomery(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	scalar_montgomery_32(out, a, b);
}

#endif
