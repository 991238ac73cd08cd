/* SPDX-License-Identifier: Apache-2.0 */
#include "group/scalar_internal.h"

/* (t, carry) = t + x·y + carry in 32-bit words: at most 2^64 - 1. */
static inline void accumulate(uint32_t *t, uint32_t x, uint32_t y, uint32_t *carry)
{
	const uint64_t s = (uint64_t)x * y + *t + *carry;
	*t = (uint32_t)s;
	*carry = (uint32_t)(s >> 32);
}

static void split(uint32_t out[8], const uint64_t v[4])
{
	for (int i = 0; i < 4; i++) {
		out[2 * i] = (uint32_t)v[i];
		out[2 * i + 1] = (uint32_t)(v[i] >> 32);
	}
}

/* The same row by row reduction as in scalar_64.c, eight rows of eight words. */
void scalar_montgomery_32(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	static const uint64_t q64[4] = SCALAR_Q;
	uint32_t x[8], y[8], q[8], t[9] = {0};
	split(x, a);
	split(y, b);
	split(q, q64);
	for (int i = 0; i < 8; i++) {
		uint32_t carry = 0, carry_q = 0;
		for (int j = 0; j < 8; j++)
			accumulate(&t[j], x[i], y[j], &carry);
		const uint64_t top = (uint64_t)t[8] + carry;
		const uint32_t m = t[0] * 0xee00bc4f; /* -1/q mod 2^32 */
		for (int j = 0; j < 8; j++)
			accumulate(&t[j], m, q[j], &carry_q);
		const uint64_t sum = top + carry_q;
		for (int j = 0; j < 7; j++)
			t[j] = t[j + 1];
		t[7] = (uint32_t)sum;
		t[8] = (uint32_t)(sum >> 32);
	}
	uint64_t r[4];
	for (int i = 0; i < 4; i++)
		r[i] = (uint64_t)t[2 * i + 1] << 32 | t[2 * i];
	scalar_settle(out, r, t[8]);
}
