/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256 in four words of 64 bits, for compilers that turn additions with carry into
 * the instruction of that name: clang does, gcc 12 takes three times as long (field_54_internal.h).
 *
 * A value is x in [0, p), least significant word first, in Montgomery form with R = 2^256. It is
 * canonical always: at rest and in use are the same, fe_load and fe_store are copies.
 *
 * fe and fe_loose are two types as in field_54_internal.h. Here nothing is gained by not carrying:
 * an fe_loose is a finished sum as well, except that it may be p instead of 0.
 *
 * Bounds. Every function takes x < p (as a loose factor x ≤ p) and gives x < p. Proof:
 * 1. fe_reduce, of t = hR + l with 0 ≤ l < R and h < p; a product ab ≤ p² is one, as p² < pR. A
 *    digit takes x < R to (x + mp)/2^64 ≤ (R - 1 + (2^64 - 1)p)/2^64 < 2^192 + p < R: four words
 *    hold it. Four digits take l to k = (l + Mp)/R with 0 ≤ M < R, so that k < 1 + p, and k ≤ p.
 *    The result is r = h + k < 2p, less p if r ≥ p. As h < p, h + (R - p) fits four words; with k
 *    added it carries exactly when r ≥ p and leaves r - p < p; else it leaves r - p + R, and p
 *    added makes it r < p, the carry lost.
 * 2. fe_add: a - (p - b) is a + b - p, in [-p, p); fe_sub: a - b, in (-p, p]. A borrow says that it
 *    is negative and R too large; then p is added, the carry lost. p itself can only come from
 *    fe_loose_difference, where a may be p, and gives a loose value.
 * 3. fe_signed_difference: four words u and a borrow make a - b = u - borrow·R, in (-p, p). Turning
 *    all bits round, those of the word above too, and adding 1 negates it; the word above is then
 *    the sign, 0 or -1.
 * 4. fe_half: a + p < 2p is below 2R, its half below p.
 * FIELD_VERIFY checks the range of every input and output.
 *
 * Secrets: everything is constant time, with masks alone, neither branches nor selections.
 */
#ifndef GROUP_FIELD_64_INTERNAL_H
#define GROUP_FIELD_64_INTERNAL_H

#include "base/bytes.h"
#include "base/ct.h"
#include "base/error.h"

typedef struct {
	uint64_t v[4];
} fe;

typedef struct {
	uint64_t v[4];
} fe_loose;

__extension__ typedef unsigned __int128 fe_wide;

/* Left alone clang calls what is best inside the kernels' loops: a twentieth of their time. */
#define FE_INLINE static inline __attribute__((always_inline))

#define FE_R_BITS 256
/* p = 2^256 - 2^224 + 2^192 + 2^96 - 1, and what it lacks of R */
#define FE_P0 UINT64_MAX
#define FE_P1 ((uint64_t)0x00000000ffffffff)
#define FE_P2 ((uint64_t)0)
#define FE_P3 ((uint64_t)0xffffffff00000001)
#define FE_C0 ((uint64_t)1)
#define FE_C1 ((uint64_t)0xffffffff00000000)
#define FE_C2 UINT64_MAX
#define FE_C3 ((uint64_t)0x00000000fffffffe)

/* x + y + carry and x - y - borrow; the last argument is 0 or 1 before and after. */
static inline uint64_t fe_adc(uint64_t x, uint64_t y, uint64_t *carry)
{
#ifdef __clang__
	unsigned long long out;
	const uint64_t s = __builtin_addcll(x, y, *carry, &out);
	*carry = out;
#else
	const fe_wide s = (fe_wide)x + y + *carry;
	*carry = (uint64_t)(s >> 64);
#endif
	return (uint64_t)s;
}

static inline uint64_t fe_sbb(uint64_t x, uint64_t y, uint64_t *borrow)
{
#ifdef __clang__
	unsigned long long out;
	const uint64_t d = __builtin_subcll(x, y, *borrow, &out);
	*borrow = out;
#else
	const fe_wide d = (fe_wide)x - y - *borrow;
	*borrow = (uint64_t)(d >> 64) & 1;
#endif
	return (uint64_t)d;
}

#ifdef FIELD_VERIFY
/* v + below ≤ p: below is 1 for an fe, 0 for an fe_loose */
static inline void fe_verify(const uint64_t v[4], uint64_t below)
{
	uint64_t borrow = below;
	(void)fe_sbb(FE_P0, v[0], &borrow);
	(void)fe_sbb(FE_P1, v[1], &borrow);
	(void)fe_sbb(FE_P2, v[2], &borrow);
	(void)fe_sbb(FE_P3, v[3], &borrow);
	require(borrow == 0);
}
#else
static inline void fe_verify(const uint64_t v[4], uint64_t below)
{
	(void)v;
	(void)below;
}
#endif

static inline uint64_t fe_low(fe_wide w)
{
	return (uint64_t)w;
}

static inline uint64_t fe_high(fe_wide w)
{
	return (uint64_t)(w >> 64);
}

/* out = u + (p if mask), whatever is above 2^256 lost */
static inline void fe_add_p(uint64_t out[4], const uint64_t u[4], uint64_t mask)
{
	uint64_t carry = 0;
	out[0] = fe_adc(u[0], mask, &carry);
	out[1] = fe_adc(u[1], mask >> 32, &carry);
	out[2] = fe_adc(u[2], 0, &carry);
	out[3] = u[3] + (mask & FE_P3) + carry;
}

/*
 * One digit: adds m·p with m = t[0], which makes t[0] vanish, as p ends in -1. The rest of m·p is
 * m·2^96, on t[1] and t[2], and m·(2^256 - 2^224 + 2^192), on t[3] and t[4], which holds nothing
 * yet: at most FE_P3 - 1, so that the carry fits.
 */
static inline void fe_digit(uint64_t t[5])
{
	const uint64_t m = t[0], left = m << 32, right = m >> 32;
	uint64_t carry = 0, borrow = 0;
	const uint64_t low = fe_sbb(m, left, &borrow), high = fe_sbb(m, right, &borrow);
	t[1] = fe_adc(t[1], left, &carry);
	t[2] = fe_adc(t[2], right, &carry);
	t[3] = fe_adc(t[3], low, &carry);
	t[4] = high + carry;
}

/* (t/R) mod p: proof 1 */
FE_INLINE void fe_reduce(uint64_t out[4], const uint64_t t[8])
{
	uint64_t k[8] = {t[0], t[1], t[2], t[3]}, h[4], carry = 0;
	fe_digit(k);
	fe_digit(k + 1);
	fe_digit(k + 2);
	fe_digit(k + 3);
	h[0] = fe_adc(t[4], FE_C0, &carry);
	h[1] = fe_adc(t[5], FE_C1, &carry);
	h[2] = fe_adc(t[6], FE_C2, &carry);
	h[3] = t[7] + FE_C3 + carry;
	carry = 0;
	h[0] = fe_adc(h[0], k[4], &carry);
	h[1] = fe_adc(h[1], k[5], &carry);
	h[2] = fe_adc(h[2], k[6], &carry);
	h[3] = fe_adc(h[3], k[7], &carry);
	fe_add_p(out, h, ct_barrier(carry - 1));
}

/*
 * t[0…4] = t[0…3] + x·b ≤ (R - 1) + (2^64 - 1)(R - 1) < 2^64·R. Products that do not overlap go
 * together: that takes fewer registers at a time than all four.
 */
static inline void fe_row(uint64_t t[5], uint64_t x, const uint64_t b[4])
{
	const fe_wide p1 = (fe_wide)x * b[1], p3 = (fe_wide)x * b[3];
	uint64_t carry = 0;
	t[1] = fe_adc(t[1], fe_low(p1), &carry);
	t[2] = fe_adc(t[2], fe_high(p1), &carry);
	t[3] = fe_adc(t[3], fe_low(p3), &carry);
	t[4] = fe_high(p3) + carry;
	const fe_wide p0 = (fe_wide)x * b[0], p2 = (fe_wide)x * b[2];
	carry = 0;
	t[0] = fe_adc(t[0], fe_low(p0), &carry);
	t[1] = fe_adc(t[1], fe_high(p0), &carry);
	t[2] = fe_adc(t[2], fe_low(p2), &carry);
	t[3] = fe_adc(t[3], fe_high(p2), &carry);
	t[4] += carry;
}

static inline void fe_first_row(uint64_t t[5], uint64_t x, const uint64_t b[4])
{
	const fe_wide p0 = (fe_wide)x * b[0], p1 = (fe_wide)x * b[1];
	const fe_wide p2 = (fe_wide)x * b[2], p3 = (fe_wide)x * b[3];
	uint64_t carry = 0;
	t[0] = fe_low(p0);
	t[1] = fe_adc(fe_high(p0), fe_low(p1), &carry);
	t[2] = fe_adc(fe_low(p2), fe_high(p1), &carry);
	t[3] = fe_adc(fe_high(p2), fe_low(p3), &carry);
	t[4] = fe_high(p3) + carry;
}

FE_INLINE void fe_mul_words(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	uint64_t t[8];
	fe_first_row(t, a[0], b);
	fe_row(t + 1, a[1], b);
	fe_row(t + 2, a[2], b);
	fe_row(t + 3, a[3], b);
	fe_reduce(out, t);
}

FE_INLINE void fe_sqr_words(uint64_t out[4], const uint64_t a[4])
{
	const fe_wide p02 = (fe_wide)a[0] * a[2], p13 = (fe_wide)a[1] * a[3];
	const fe_wide p01 = (fe_wide)a[0] * a[1], p03 = (fe_wide)a[0] * a[3];
	const fe_wide p23 = (fe_wide)a[2] * a[3], p12 = (fe_wide)a[1] * a[2];
	uint64_t t[8], carry = 0;
	t[1] = fe_low(p01);
	t[2] = fe_adc(fe_high(p01), fe_low(p02), &carry);
	t[3] = fe_adc(fe_low(p03), fe_high(p02), &carry);
	t[4] = fe_adc(fe_high(p03), fe_low(p13), &carry);
	t[5] = fe_adc(fe_low(p23), fe_high(p13), &carry);
	t[6] = fe_high(p23) + carry;
	carry = 0;
	t[3] = fe_adc(t[3], fe_low(p12), &carry);
	t[4] = fe_adc(t[4], fe_high(p12), &carry);
	t[5] = fe_adc(t[5], 0, &carry);
	t[6] += carry;
	carry = 0;
	for (int i = 1; i < 7; i++)
		t[i] = fe_adc(t[i], t[i], &carry);
	t[7] = carry;
	carry = 0;
	const fe_wide p00 = (fe_wide)a[0] * a[0], p11 = (fe_wide)a[1] * a[1];
	const fe_wide p22 = (fe_wide)a[2] * a[2], p33 = (fe_wide)a[3] * a[3];
	t[0] = fe_low(p00);
	t[1] = fe_adc(t[1], fe_high(p00), &carry);
	t[2] = fe_adc(t[2], fe_low(p11), &carry);
	t[3] = fe_adc(t[3], fe_high(p11), &carry);
	t[4] = fe_adc(t[4], fe_low(p22), &carry);
	t[5] = fe_adc(t[5], fe_high(p22), &carry);
	t[6] = fe_adc(t[6], fe_low(p33), &carry);
	t[7] += fe_high(p33) + carry;
	fe_reduce(out, t);
}

/* a - (p - b): proof 2 */
static inline void fe_add_words(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	uint64_t n[4], u[4], borrow = 0;
	n[0] = fe_sbb(FE_P0, b[0], &borrow);
	n[1] = fe_sbb(FE_P1, b[1], &borrow);
	n[2] = fe_sbb(FE_P2, b[2], &borrow);
	n[3] = FE_P3 - b[3] - borrow;
	borrow = 0;
	u[0] = fe_sbb(a[0], n[0], &borrow);
	u[1] = fe_sbb(a[1], n[1], &borrow);
	u[2] = fe_sbb(a[2], n[2], &borrow);
	u[3] = fe_sbb(a[3], n[3], &borrow);
	fe_add_p(out, u, ct_barrier((uint64_t)0 - borrow));
}

static inline void fe_sub_words(uint64_t out[4], const uint64_t a[4], const uint64_t b[4])
{
	uint64_t u[4], borrow = 0;
	u[0] = fe_sbb(a[0], b[0], &borrow);
	u[1] = fe_sbb(a[1], b[1], &borrow);
	u[2] = fe_sbb(a[2], b[2], &borrow);
	u[3] = fe_sbb(a[3], b[3], &borrow);
	fe_add_p(out, u, ct_barrier((uint64_t)0 - borrow));
}

static inline void fe_zero(fe *out)
{
	*out = (fe){{0, 0, 0, 0}};
}

static inline void fe_load(fe *out, const uint64_t v[4])
{
	fe_verify(v, 1);
	*out = (fe){{v[0], v[1], v[2], v[3]}};
}

static inline void fe_store(uint64_t v[4], const fe *a)
{
	fe_verify(a->v, 1);
	v[0] = a->v[0];
	v[1] = a->v[1];
	v[2] = a->v[2];
	v[3] = a->v[3];
}

FE_INLINE void fe_mul(fe *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_mul_words(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sqr(fe *out, const fe *a)
{
	fe_verify(a->v, 1);
	fe_sqr_words(out->v, a->v);
	fe_verify(out->v, 1);
}

FE_INLINE void fe_mul_l(fe *out, const fe_loose *a, const fe *b)
{
	fe_verify(a->v, 0);
	fe_verify(b->v, 1);
	fe_mul_words(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

FE_INLINE void fe_mul_ll(fe *out, const fe_loose *a, const fe_loose *b)
{
	fe_verify(a->v, 0);
	fe_verify(b->v, 0);
	fe_mul_words(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sqr_l(fe *out, const fe_loose *a)
{
	fe_verify(a->v, 0);
	fe_sqr_words(out->v, a->v);
	fe_verify(out->v, 1);
}

static inline void fe_add(fe *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_add_words(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sub(fe *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_sub_words(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sub2(fe *out, const fe *a, const fe *b, const fe *c)
{
	fe t;
	fe_sub(&t, a, b);
	fe_sub(out, &t, c);
}

static inline void fe_triple(fe *out, const fe *a)
{
	fe t;
	fe_add(&t, a, a);
	fe_add(out, &t, a);
}

static inline void fe_loose_add(fe_loose *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_add_words(out->v, a->v, b->v);
}

static inline void fe_loose_sub(fe_loose *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_sub_words(out->v, a->v, b->v);
}

/* negate (0 or 1) ? -a - b : a - b; for -a stands p - a = ~a + (p + 1) - R */
static inline void fe_loose_difference(fe_loose *out, const fe *a, uint32_t negate, const fe *b)
{
	const uint64_t m = ct_mask_of_bit(negate);
	uint64_t t[4], carry = 0;
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	t[0] = a->v[0] ^ m;
	t[1] = fe_adc(a->v[1] ^ m, m & (FE_P1 + 1u), &carry);
	t[2] = fe_adc(a->v[2] ^ m, 0, &carry);
	t[3] = (a->v[3] ^ m) + (m & FE_P3) + carry;
	fe_sub_words(out->v, t, b->v);
	fe_verify(out->v, 0);
}

/* negate (0 or 1) ? b - a : a - b: proof 3 */
static inline void fe_signed_difference(fe *out, const fe *a, const fe *b, uint32_t negate)
{
	const uint64_t m = ct_mask_of_bit(negate);
	uint64_t u[4], borrow = 0, carry = 0;
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	u[0] = fe_sbb(a->v[0], b->v[0], &borrow);
	u[1] = fe_sbb(a->v[1], b->v[1], &borrow);
	u[2] = fe_sbb(a->v[2], b->v[2], &borrow);
	u[3] = fe_sbb(a->v[3], b->v[3], &borrow);
	u[0] = fe_adc(u[0] ^ m, negate, &carry);
	u[1] = fe_adc(u[1] ^ m, 0, &carry);
	u[2] = fe_adc(u[2] ^ m, 0, &carry);
	u[3] = fe_adc(u[3] ^ m, 0, &carry);
	fe_add_p(out->v, u, ct_barrier((((uint64_t)0 - borrow) ^ m) + carry));
	fe_verify(out->v, 1);
}

/* a/2, or (a + p)/2 for an odd a */
static inline void fe_half(fe *out, const fe *a)
{
	const uint64_t odd = ct_mask_of_bit(a->v[0] & 1);
	uint64_t t[4], carry = 0;
	fe_verify(a->v, 1);
	t[0] = fe_adc(a->v[0], odd, &carry);
	t[1] = fe_adc(a->v[1], odd & FE_P1, &carry);
	t[2] = fe_adc(a->v[2], 0, &carry);
	t[3] = fe_adc(a->v[3], odd & FE_P3, &carry);
	out->v[0] = t[0] >> 1 | t[1] << 63;
	out->v[1] = t[1] >> 1 | t[2] << 63;
	out->v[2] = t[2] >> 1 | t[3] << 63;
	out->v[3] = t[3] >> 1 | carry << 63;
	fe_verify(out->v, 1);
}

/* mask ? a : b */
static inline void fe_select(fe *out, uint64_t mask, const fe *a, const fe *b)
{
	const uint64_t m = ct_barrier(mask);
	for (int i = 0; i < 4; i++)
		out->v[i] = b->v[i] ^ (m & (a->v[i] ^ b->v[i]));
}

static inline uint64_t fe_is_zero_mask(const fe *a)
{
	fe_verify(a->v, 1);
	return ct_mask_zero(a->v[0] | a->v[1] | a->v[2] | a->v[3]);
}

/* The plain integer 1, R and R^2 mod p. */
#define FE_PLAIN_ONE   \
	{                  \
		{              \
			1, 0, 0, 0 \
		}              \
	}
#define FE_R                                                                           \
	{                                                                                  \
		0x0000000000000001, 0xffffffff00000000, 0xffffffffffffffff, 0x00000000fffffffe \
	}
#define FE_R2                                                                          \
	{                                                                                  \
		0x0000000000000003, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd \
	}

#include "group/field_common_internal.h"

#endif
