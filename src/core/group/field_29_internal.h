/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256, portable back end "29": only 32×32→64 bit products (32-bit machines,
 * WebAssembly, compilers without 128-bit integers).
 *
 * A value is x = Σ l_i·2^(29 i), i = 0…8, with signed limbs, in Montgomery form with R = 2^261. As
 * -1/p ≡ 1 mod 2^29, the quotient digit of a column is its low 29 bits, and as p is a sum of powers
 * of two the reduction is shifts only. At rest (fe_load, fe_store) a value is its canonical
 * representative in [0, p), 4×64 bits packed.
 *
 * fe and fe_loose are what they are in field_54_internal.h: carried values, and the sum or
 * difference of two, which can only become a factor.
 *
 * Bounds. An fe satisfies (F):  |l_i| ≤ 2^28 + 2^24 for i < 8,  -2^22 ≤ l_8 ≤ 2^24 + 2^22, hence
 *   -2^254.01 < x < 2^256.33, inside (-p, 2p). An fe_loose satisfies twice (F): |l_i| ≤ 2^29 +
 * 2^25, |l_8| ≤ 2.5·2^24, |x| < 2^257.33. Proof that this is closed:
 * 1. Products (operands at worst loose). A column has at most 9 products < 2^58.18, < 2^61.36; to
 * it are added a carry < 2^33 and folds of digits m < 2^29, < 2^39 + 2^48 + 2^53: below 2^62, which
 *    fits. Result: r = (ab + m·p)/R with 0 ≤ m < R and |ab| < 2^514.66, so
 *    -2^253.66 < r < p + 2^253.66. Limbs 0…7 are in [-2^28, 2^28) by construction, together below
 *    2^232 in size; so l_8 is within 1 of r/2^232: in [-2^21.7, 2^24 + 2^21.7]: (F).
 * 2. fe_carry, of at most four fe summed with any signs: |s_i| ≤ 2^30 + 2^26 (i < 8),
 *    |s_8| ≤ 5·2^24. c_i = floor((s_i + 2^28)/2^29) is in [-2, 2], q = floor(s_8/2^24) in [-5, 5].
 *    The rests are in [-2^28, 2^28), the folds of q at most 5·2^21 < 2^24 - 2: (F) for i < 8;
 *    l_8 = rest + c_7 in [-2, 2^24 + 1]: (F). All sums fit 32 bits.
 * 3. fe_load takes any 256 bits: its unsigned limbs < 2^29 go through fe_carry (2 holds: they are
 *    below 2^30 + 2^26, the top one below 2^24).
 * FIELD_VERIFY checks (F) at every input and output.
 *
 * Secrets: everything is constant time (on machines whose 32×32→64 multiplication is).
 */
#ifndef GROUP_FIELD_29_INTERNAL_H
#define GROUP_FIELD_29_INTERNAL_H

#include "base/bytes.h"
#include "base/ct.h"
#include "base/error.h"

typedef struct {
	int32_t v[9];
} fe;

typedef struct {
	int32_t v[9];
} fe_loose;

typedef int32_t fe_limb;
#define FE_LIMBS 9
#define FE_BITS 29
#define FE_R_BITS (FE_LIMBS * FE_BITS)
#define FE_SCALE 1
/* (F): limbs but the top one, the top one, and how far that goes below 0. */
#define FE_BOUND (((int32_t)1 << 28) + ((int32_t)1 << 24))
#define FE_BOUND_TOP (((int32_t)1 << 24) + ((int32_t)1 << 22))
#define FE_BOUND_LOW ((int32_t)1 << 22)
#define FE_LIMB (((int32_t)1 << 29) - 1)
#define FE_TOP (((int32_t)1 << 24) - 1)
#define FE_HALF_LIMB ((int32_t)1 << 28)
#define FE_P                                                                           \
	{                                                                                  \
		0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1ff, 0, 0, 0x40000, 0x1fe00000, 0xffffff \
	}

#ifdef FIELD_VERIFY
static inline void fe_verify(const int32_t v[9], int32_t times)
{
	const int32_t limb = FE_SCALE * times * FE_BOUND;
	const int32_t top = FE_SCALE * times * FE_BOUND_TOP;
	const int32_t low = times == 1 ? FE_SCALE * FE_BOUND_LOW : top;
	for (int i = 0; i < FE_LIMBS - 1; i++)
		require(v[i] >= -limb && v[i] <= limb);
	require(v[FE_LIMBS - 1] <= top && v[FE_LIMBS - 1] >= -low);
}
#else
static inline void fe_verify(const int32_t v[9], int32_t times)
{
	(void)v;
	(void)times;
}
#endif

/* A digit's carry, floor, and a result limb's carry, to the nearest: see proof 1. */
static inline int64_t fe_carried(int64_t c)
{
	return c >> 29;
}

static inline int64_t fe_rounded(int64_t c)
{
	return (c + FE_HALF_LIMB) >> 29;
}

static inline int32_t fe_limb_of(int64_t c)
{
	return (int32_t)((c + FE_HALF_LIMB) & FE_LIMB) - FE_HALF_LIMB;
}

/*
 * Adding m·p with m the low digit of column k clears that digit; the rest of
 * m·p = m·(2^256 - 2^224 + 2^192 + 2^96 - 1) falls on columns k + 3 (bit 9), k + 6 (bit 18) and, as
 * 2^256 - 2^224 = 2^232·(2^24 - 2^-8), on k + 7 (minus bit 21) and k + 8 (bit 24).
 */
static inline int64_t fe_fold3(int64_t m)
{
	return m << 9;
}

static inline int64_t fe_fold6(int64_t m)
{
	return m << 18;
}

static inline int64_t fe_fold7(int64_t m)
{
	return m << 21;
}

static inline int64_t fe_fold8(int64_t m)
{
	return m << 24;
}

static inline void fe_mul_limbs(int32_t out[9], const int32_t a[9], const int32_t b[9])
{
	const int64_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6],
				  a7 = a[7], a8 = a[8];
	const int64_t b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4], b5 = b[5], b6 = b[6],
				  b7 = b[7], b8 = b[8];
	int64_t c = a0 * b0;
	const int64_t m0 = c & FE_LIMB;
	c = fe_carried(c);
	c += a0 * b1 + a1 * b0;
	const int64_t m1 = c & FE_LIMB;
	c = fe_carried(c);
	c += a0 * b2 + a1 * b1 + a2 * b0;
	const int64_t m2 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m0);
	c += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
	const int64_t m3 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m1);
	c += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
	const int64_t m4 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m2);
	c += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
	const int64_t m5 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m3) + fe_fold6(m0);
	c += a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
	const int64_t m6 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m4) + fe_fold6(m1) - fe_fold7(m0);
	c += a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0;
	const int64_t m7 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m5) + fe_fold6(m2) - fe_fold7(m1) + fe_fold8(m0);
	c += a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0;
	const int64_t m8 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m6) + fe_fold6(m3) - fe_fold7(m2) + fe_fold8(m1);
	c += a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1;
	out[0] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold3(m7) + fe_fold6(m4) - fe_fold7(m3) + fe_fold8(m2);
	c += a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2;
	out[1] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold3(m8) + fe_fold6(m5) - fe_fold7(m4) + fe_fold8(m3);
	c += a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3;
	out[2] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m6) - fe_fold7(m5) + fe_fold8(m4);
	c += a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4;
	out[3] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m7) - fe_fold7(m6) + fe_fold8(m5);
	c += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5;
	out[4] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m8) - fe_fold7(m7) + fe_fold8(m6);
	c += a6 * b8 + a7 * b7 + a8 * b6;
	out[5] = fe_limb_of(c);
	c = fe_rounded(c) - fe_fold7(m8) + fe_fold8(m7);
	c += a7 * b8 + a8 * b7;
	out[6] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold8(m8);
	c += a8 * b8;
	out[7] = fe_limb_of(c);
	out[8] = (int32_t)fe_rounded(c);
}

static inline void fe_sqr_limbs(int32_t out[9], const int32_t a[9])
{
	const int64_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6],
				  a7 = a[7], a8 = a[8];
	const int64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, d3 = 2 * a3, d4 = 2 * a4, d5 = 2 * a5,
				  d6 = 2 * a6, d7 = 2 * a7;
	int64_t c = a0 * a0;
	const int64_t m0 = c & FE_LIMB;
	c = fe_carried(c);
	c += d0 * a1;
	const int64_t m1 = c & FE_LIMB;
	c = fe_carried(c);
	c += d0 * a2 + a1 * a1;
	const int64_t m2 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m0);
	c += d0 * a3 + d1 * a2;
	const int64_t m3 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m1);
	c += d0 * a4 + d1 * a3 + a2 * a2;
	const int64_t m4 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m2);
	c += d0 * a5 + d1 * a4 + d2 * a3;
	const int64_t m5 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m3) + fe_fold6(m0);
	c += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3;
	const int64_t m6 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m4) + fe_fold6(m1) - fe_fold7(m0);
	c += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4;
	const int64_t m7 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m5) + fe_fold6(m2) - fe_fold7(m1) + fe_fold8(m0);
	c += d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4;
	const int64_t m8 = c & FE_LIMB;
	c = fe_carried(c) + fe_fold3(m6) + fe_fold6(m3) - fe_fold7(m2) + fe_fold8(m1);
	c += d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5;
	out[0] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold3(m7) + fe_fold6(m4) - fe_fold7(m3) + fe_fold8(m2);
	c += d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5;
	out[1] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold3(m8) + fe_fold6(m5) - fe_fold7(m4) + fe_fold8(m3);
	c += d3 * a8 + d4 * a7 + d5 * a6;
	out[2] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m6) - fe_fold7(m5) + fe_fold8(m4);
	c += d4 * a8 + d5 * a7 + a6 * a6;
	out[3] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m7) - fe_fold7(m6) + fe_fold8(m5);
	c += d5 * a8 + d6 * a7;
	out[4] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold6(m8) - fe_fold7(m7) + fe_fold8(m6);
	c += d6 * a8 + a7 * a7;
	out[5] = fe_limb_of(c);
	c = fe_rounded(c) - fe_fold7(m8) + fe_fold8(m7);
	c += d7 * a8;
	out[6] = fe_limb_of(c);
	c = fe_rounded(c) + fe_fold8(m8);
	c += a8 * a8;
	out[7] = fe_limb_of(c);
	out[8] = (int32_t)fe_rounded(c);
}

static inline int32_t fe_over(int32_t s)
{
	return (s + FE_HALF_LIMB) >> 29;
}

/*
 * Every limb gives what it has above its width to the next, all at once, and the top limb what it
 * has above 2^256 as q·(2^256 - p) = q·(2^224 - 2^192 - 2^96 + 1). Bounds: proof 2.
 */
static inline void fe_carry(fe *out, const int32_t s[9])
{
	const int32_t q = s[8] >> 24;
	const int32_t s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4], s5 = s[5], s6 = s[6],
				  s7 = s[7], s8 = s[8];
	out->v[0] = fe_limb_of(s0) + q;
	out->v[1] = fe_limb_of(s1) + fe_over(s0);
	out->v[2] = fe_limb_of(s2) + fe_over(s1);
	out->v[3] = fe_limb_of(s3) + fe_over(s2) - q * (1 << 9);
	out->v[4] = fe_limb_of(s4) + fe_over(s3);
	out->v[5] = fe_limb_of(s5) + fe_over(s4);
	out->v[6] = fe_limb_of(s6) + fe_over(s5) - q * (1 << 18);
	out->v[7] = fe_limb_of(s7) + fe_over(s6) + q * (1 << 21);
	out->v[8] = (s8 & FE_TOP) + fe_over(s7);
	fe_verify(out->v, 1);
}

static inline void fe_limbs_add(int32_t out[9], const int32_t a[9], const int32_t b[9])
{
	for (int i = 0; i < 9; i++)
		out[i] = a[i] + b[i];
}

static inline void fe_limbs_sub(int32_t out[9], const int32_t a[9], const int32_t b[9])
{
	for (int i = 0; i < 9; i++)
		out[i] = a[i] - b[i];
}

static inline void fe_limbs_select(int32_t out[9], uint64_t mask, const int32_t a[9],
                                   const int32_t b[9])
{
	const int32_t m = (int32_t)(uint32_t)ct_barrier(mask);
	for (int i = 0; i < 9; i++)
		out[i] = b[i] ^ (m & (a[i] ^ b[i]));
}

static inline void fe_zero(fe *out)
{
	*out = (fe){{0, 0, 0, 0, 0, 0, 0, 0, 0}};
}

static inline int32_t fe_bits(const uint64_t v[4], unsigned from)
{
	uint64_t w = v[from / 64] >> from % 64;
	if (from % 64 > 64 - 29 && from / 64 < 3)
		w |= v[from / 64 + 1] << (64 - from % 64);
	return (int32_t)(w & (uint64_t)FE_LIMB);
}

/* Any 256 bits, though field_64_internal.h takes canonical values only. */
static inline void fe_load(fe *out, const uint64_t v[4])
{
	const int32_t s[9] = {fe_bits(v, 0),   fe_bits(v, 29),  fe_bits(v, 58),
	                      fe_bits(v, 87),  fe_bits(v, 116), fe_bits(v, 145),
	                      fe_bits(v, 174), fe_bits(v, 203), fe_bits(v, 232)};
	fe_carry(out, s);
}

/* out = t + times·p, carried up to the signed top limb; limbs 0…7 in [0, 2^29). */
static inline void fe_ripple(int32_t out[9], const int32_t t[9], int32_t times)
{
	static const int32_t p[9] = FE_P;
	int32_t carry = 0;
	for (int i = 0; i < 8; i++) {
		carry += t[i] + times * p[i];
		out[i] = carry & FE_LIMB;
		carry >>= 29;
	}
	out[8] = carry + t[8] + times * p[8];
}

/* The canonical representative: by (F) x is in (-p, 2p). Add p if negative, then try x - p. */
static inline void fe_store(uint64_t v[4], const fe *a)
{
	fe_verify(a->v, 1);
	fe t;
	fe_ripple(t.v, a->v, 0);
	/* x - p where x ≥ 0; x itself, negative, where not: both come out right by adding p if < 0 */
	fe_ripple(t.v, t.v, -1 - (t.v[8] >> 31));
	fe_ripple(t.v, t.v, -(t.v[8] >> 31));
	const uint64_t u2 = (uint64_t)t.v[2], u4 = (uint64_t)t.v[4], u6 = (uint64_t)t.v[6];
	v[0] = (uint64_t)t.v[0] | (uint64_t)t.v[1] << 29 | u2 << 58;
	v[1] = u2 >> 6 | (uint64_t)t.v[3] << 23 | u4 << 52;
	v[2] = u4 >> 12 | (uint64_t)t.v[5] << 17 | u6 << 46;
	v[3] = u6 >> 18 | (uint64_t)t.v[7] << 11 | (uint64_t)t.v[8] << 40;
}

/* By (F) x is in (-p, 2p), where only 0 and p are zero. */
static inline uint64_t fe_is_zero_mask(const fe *a)
{
	static const int32_t p[9] = FE_P;
	fe_verify(a->v, 1);
	fe t;
	fe_ripple(t.v, a->v, 0);
	uint32_t not_zero = 0, not_p = 0;
	for (int i = 0; i < 9; i++) {
		not_zero |= (uint32_t)t.v[i];
		not_p |= (uint32_t)(t.v[i] ^ p[i]);
	}
	return ct_mask_zero(not_zero) | ct_mask_zero(not_p);
}

/* a/2: an odd a gets p added; then every limb is halved and lends its odd bit to the one below. */
static inline void fe_half(fe *out, const fe *a)
{
	static const int32_t p[9] = FE_P;
	fe_verify(a->v, 1);
	int32_t t[9], s[9];
	const int32_t odd = -(a->v[0] & 1);
	for (int i = 0; i < 9; i++)
		t[i] = a->v[i] + (odd & p[i]);
	for (int i = 0; i < 8; i++)
		s[i] = (t[i] >> 1) + (t[i + 1] & 1) * FE_HALF_LIMB;
	s[8] = t[8] >> 1;
	fe_carry(out, s);
}

/* The plain integer 1 as limbs, R and R^2 mod p packed. */
#define FE_PLAIN_ONE                  \
	{                                 \
		{                             \
			1, 0, 0, 0, 0, 0, 0, 0, 0 \
		}                             \
	}
#define FE_R                                                                           \
	{                                                                                  \
		0x0000000000000020, 0xffffffe000000000, 0xffffffffffffffff, 0x0000001fffffffdf \
	}
#define FE_R2                                                                          \
	{                                                                                  \
		0x0000000000000c00, 0xffffeffffffffc00, 0xfffffffffffffbff, 0x000013fffffff7ff \
	}

#include "group/field_signed_internal.h"

#endif
