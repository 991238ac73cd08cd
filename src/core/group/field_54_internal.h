/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field of P-256, portable back end "64" where the compiler is not clang (field_64_internal.h):
 * 128-bit products, and no carry chains, of which gcc 12 makes compares and moves.
 *
 * A value is x = Σ l_i·2^(54 i), i = 0…4, with signed limbs, in Montgomery form with R = 2^270. A
 * limb is kept as v_i = 32·l_i: then a product of two limbs carries a factor 2^10, 54 + 10 = 64,
 * and the border between a column and its carry is the border between two machine words. So neither
 * the quotient digit nor the carry needs a 128-bit shift, which both compilers turn into slow code.
 * At rest (fe_load, fe_store) a value is its canonical representative in [0, p), 4×64 bits packed.
 *
 * Two types, so that the compiler checks what may meet what:
 *   fe        carried. Every function takes and gives these, any output may be any input.
 *   fe_loose  the sum or difference of two fe, not carried yet (a third of the price). It can only
 *             become a factor (fe_mul_l, fe_mul_ll, fe_sqr_l).
 *
 * Bounds. An fe satisfies (F):  |l_i| ≤ 2^54 + 2^46 for i < 4,  -2^32 ≤ l_4 ≤ 2^40 + 2^32, hence
 *   -2^249 < x < 2^256 + 2^250. An fe_loose satisfies twice (F):  |l_i| ≤ 2^55 + 2^47,
 *   |l_4| ≤ 2^41 + 2^33, |x| < 2^258. Proof that this is closed:
 * 1. Products (operands at worst loose). |v_i| ≤ 32·(2^55 + 2^47) < 2^60.01; a column has at most 5
 *    products, < 2^122.4. To it are added a carry < 2^74, folds of digits M < 2^64 by at most 2^42,
 *    < 2^107: every column stays < 2^123 and fits 127 bits. Result: r = (ab + m·p)/R with
 *    0 ≤ m < R, |ab| < 2^516, so -2^246 < r < p + 2^246. Its limbs 0…3 are in [0, 2^54) by
 *    construction; so l_4 = floor(r/2^216) is in [-2^30 - 1, 2^40 + 2^30]: (F).
 * 2. fe_carry, of at most four fe summed with any signs: |s_i| ≤ 2^56 + 2^48 (i < 4),
 *    |s_4| ≤ 2^42 + 2^34. c_i = floor(s_i/2^54) is in [-5, 4], q = floor(s_4/2^40) in [-5, 4].
 *    l_0 = rest + q in [-5, 2^54 + 4]; l_1 = rest + c_0 - q·2^42 within 2^54 + 2^45; l_2 = rest +
 *    c_1; l_3 = rest + c_2 - q·2^30; l_4 = rest + c_3 + q·2^8 in [-5 - 5·2^8, 2^40 + 4 + 2^10]:
 * (F).
 * 3. fe_load takes any 256 bits: 0 ≤ l_i < 2^54, l_4 < 2^40: (F).
 * FIELD_VERIFY checks (F) and the factor 32 at every input and output.
 *
 * Secrets: everything is constant time.
 */
#ifndef GROUP_FIELD_54_INTERNAL_H
#define GROUP_FIELD_54_INTERNAL_H

#include "base/bytes.h"
#include "base/ct.h"
#include "base/error.h"

typedef struct {
	int64_t v[5];
} fe;

typedef struct {
	int64_t v[5];
} fe_loose;

typedef int64_t fe_limb;
#define FE_LIMBS 5
#define FE_BITS 54
#define FE_R_BITS (FE_LIMBS * FE_BITS)
#define FE_SCALE 32
/* (F): limbs but the top one, the top one, and how far that goes below 0. */
#define FE_BOUND (((int64_t)1 << 54) + ((int64_t)1 << 46))
#define FE_BOUND_TOP (((int64_t)1 << 40) + ((int64_t)1 << 32))
#define FE_BOUND_LOW ((int64_t)1 << 32)

__extension__ typedef __int128 fe_wide;
__extension__ typedef unsigned __int128 fe_uwide;

#define FE_LIMB (((int64_t)1 << 54) - 1)
#define FE_TOP (((int64_t)1 << 40) - 1)

#ifdef FIELD_VERIFY
static inline void fe_verify(const int64_t v[5], int64_t times)
{
	const int64_t limb = FE_SCALE * times * FE_BOUND;
	const int64_t top = FE_SCALE * times * FE_BOUND_TOP;
	const int64_t low = times == 1 ? FE_SCALE * FE_BOUND_LOW : top;
	for (int i = 0; i < FE_LIMBS; i++)
		require(v[i] % FE_SCALE == 0);
	for (int i = 0; i < FE_LIMBS - 1; i++)
		require(v[i] >= -limb && v[i] <= limb);
	require(v[FE_LIMBS - 1] <= top && v[FE_LIMBS - 1] >= -low);
}
#else
static inline void fe_verify(const int64_t v[5], int64_t times)
{
	(void)v;
	(void)times;
}
#endif

/* Products: a column and its neighbours. */
static inline fe_wide fe_words(uint64_t high, uint64_t low)
{
	return (fe_wide)((fe_uwide)high << 64 | low);
}

/* What column c carries into the next: floor(c/2^64), which has the weight 2^10 there. */
static inline fe_wide fe_carried(fe_wide c)
{
	int64_t high = (int64_t)(c >> 64);
	return fe_words((uint64_t)(high >> 54), (uint64_t)high << 10);
}

static inline fe_wide fe_shifted(uint64_t digit, int by)
{
	return fe_words(digit >> (64 - by), digit << by);
}

/*
 * The quotient digit of column k is its low word m itself, as -1/p ≡ 1 mod 2^54. Adding m·p clears
 * that word; the rest of m·p = m·(2^256 - 2^224 + 2^192 + 2^96 - 1) falls on column k + 1 (bit 42),
 * k + 3 (bit 30) and k + 4 (bits 40 and 8).
 */
static inline fe_wide fe_fold1(uint64_t m)
{
	return fe_shifted(m, 42);
}

static inline fe_wide fe_fold3(uint64_t m)
{
	return fe_shifted(m, 30);
}

static inline fe_wide fe_fold4(uint64_t m)
{
	return (fe_wide)((fe_uwide)m * (((uint64_t)1 << 40) - ((uint64_t)1 << 8)));
}

static inline fe_wide fe_product(int64_t a, int64_t b)
{
	return (fe_wide)a * b;
}

static inline int64_t fe_limb_of(fe_wide c)
{
	return (int64_t)((uint64_t)c >> 5);
}

/* One statement per addition: gcc then keeps a column in one pair of registers. */
static inline void fe_mul_limbs(int64_t out[5], const int64_t a[5], const int64_t b[5])
{
	const int64_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
	const int64_t b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4];
	fe_wide c = fe_product(a0, b0);
	const uint64_t m0 = (uint64_t)c;
	c = fe_carried(c);
	c += fe_product(a0, b1);
	c += fe_product(a1, b0);
	c += fe_fold1(m0);
	const uint64_t m1 = (uint64_t)c;
	c = fe_carried(c);
	c += fe_product(a0, b2);
	c += fe_product(a1, b1);
	c += fe_product(a2, b0);
	c += fe_fold1(m1);
	const uint64_t m2 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m0);
	c += fe_product(a0, b3);
	c += fe_product(a1, b2);
	c += fe_product(a2, b1);
	c += fe_product(a3, b0);
	c += fe_fold1(m2);
	const uint64_t m3 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m1);
	c += fe_fold4(m0);
	c += fe_product(a0, b4);
	c += fe_product(a1, b3);
	c += fe_product(a2, b2);
	c += fe_product(a3, b1);
	c += fe_product(a4, b0);
	c += fe_fold1(m3);
	const uint64_t m4 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m2);
	c += fe_fold4(m1);
	c += fe_product(a1, b4);
	c += fe_product(a2, b3);
	c += fe_product(a3, b2);
	c += fe_product(a4, b1);
	c += fe_fold1(m4);
	out[0] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold3(m3);
	c += fe_fold4(m2);
	c += fe_product(a2, b4);
	c += fe_product(a3, b3);
	c += fe_product(a4, b2);
	out[1] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold3(m4);
	c += fe_fold4(m3);
	c += fe_product(a3, b4);
	c += fe_product(a4, b3);
	out[2] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold4(m4);
	c += fe_product(a4, b4);
	out[3] = fe_limb_of(c);
	out[4] = (int64_t)((uint64_t)(c >> 64) << 5);
}

static inline void fe_sqr_limbs(int64_t out[5], const int64_t a[5])
{
	const int64_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4];
	const int64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, d3 = 2 * a3;
	fe_wide c = fe_product(a0, a0);
	const uint64_t m0 = (uint64_t)c;
	c = fe_carried(c);
	c += fe_product(d0, a1);
	c += fe_fold1(m0);
	const uint64_t m1 = (uint64_t)c;
	c = fe_carried(c);
	c += fe_product(d0, a2);
	c += fe_product(a1, a1);
	c += fe_fold1(m1);
	const uint64_t m2 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m0);
	c += fe_product(d0, a3);
	c += fe_product(d1, a2);
	c += fe_fold1(m2);
	const uint64_t m3 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m1);
	c += fe_fold4(m0);
	c += fe_product(d0, a4);
	c += fe_product(d1, a3);
	c += fe_product(a2, a2);
	c += fe_fold1(m3);
	const uint64_t m4 = (uint64_t)c;
	c = fe_carried(c) + fe_fold3(m2);
	c += fe_fold4(m1);
	c += fe_product(d1, a4);
	c += fe_product(d2, a3);
	c += fe_fold1(m4);
	out[0] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold3(m3);
	c += fe_fold4(m2);
	c += fe_product(d2, a4);
	c += fe_product(a3, a3);
	out[1] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold3(m4);
	c += fe_fold4(m3);
	c += fe_product(d3, a4);
	out[2] = fe_limb_of(c);
	c = fe_carried(c) + fe_fold4(m4);
	c += fe_product(a4, a4);
	out[3] = fe_limb_of(c);
	out[4] = (int64_t)((uint64_t)(c >> 64) << 5);
}

/*
 * Every limb gives what it has above its width to the next, all at once, and the top limb what it
 * has above 2^256 as q·(2^256 - p) = q·(2^224 - 2^192 - 2^96 + 1). Bounds: proof 2.
 */
static inline void fe_carry(fe *out, const int64_t s[5])
{
	const int64_t limb = FE_LIMB * 32 + 31, top = FE_TOP * 32 + 31;
	const int64_t c0 = s[0] >> 59, c1 = s[1] >> 59, c2 = s[2] >> 59, c3 = s[3] >> 59;
	const int64_t q = s[4] >> 45;
	out->v[0] = (s[0] & limb) + q * 32;
	out->v[1] = (s[1] & limb) + c0 * 32 - q * ((int64_t)32 << 42);
	out->v[2] = (s[2] & limb) + c1 * 32;
	out->v[3] = (s[3] & limb) + c2 * 32 - q * ((int64_t)32 << 30);
	out->v[4] = (s[4] & top) + c3 * 32 + q * ((int64_t)32 << 8);
	fe_verify(out->v, 1);
}

static inline void fe_limbs_add(int64_t out[5], const int64_t a[5], const int64_t b[5])
{
	out[0] = a[0] + b[0];
	out[1] = a[1] + b[1];
	out[2] = a[2] + b[2];
	out[3] = a[3] + b[3];
	out[4] = a[4] + b[4];
}

static inline void fe_limbs_sub(int64_t out[5], const int64_t a[5], const int64_t b[5])
{
	out[0] = a[0] - b[0];
	out[1] = a[1] - b[1];
	out[2] = a[2] - b[2];
	out[3] = a[3] - b[3];
	out[4] = a[4] - b[4];
}

static inline void fe_zero(fe *out)
{
	*out = (fe){{0, 0, 0, 0, 0}};
}

/* Any 256 bits, though field_64_internal.h takes canonical values only. */
static inline void fe_load(fe *out, const uint64_t v[4])
{
	const uint64_t limb = (uint64_t)FE_LIMB;
	out->v[0] = (int64_t)((v[0] & limb) << 5);
	out->v[1] = (int64_t)(((v[0] >> 54 | v[1] << 10) & limb) << 5);
	out->v[2] = (int64_t)(((v[1] >> 44 | v[2] << 20) & limb) << 5);
	out->v[3] = (int64_t)(((v[2] >> 34 | v[3] << 30) & limb) << 5);
	out->v[4] = (int64_t)(v[3] >> 24 << 5);
}

/* t + (p if mask), limbs unscaled, carried up to the signed top limb. */
static inline void fe_ripple(int64_t t[5], int64_t mask)
{
	t[0] += mask & FE_LIMB;
	t[1] += (t[0] >> 54) + (mask & (((int64_t)1 << 42) - 1));
	t[2] += t[1] >> 54;
	t[3] += (t[2] >> 54) + (mask & ((int64_t)1 << 30));
	t[4] += (t[3] >> 54) + (mask & (((int64_t)1 << 40) - ((int64_t)1 << 8)));
	t[0] &= FE_LIMB;
	t[1] &= FE_LIMB;
	t[2] &= FE_LIMB;
	t[3] &= FE_LIMB;
}

/* The canonical representative: by (F) x is in (-p, 2p). Add p if negative, then try x - p. */
static inline void fe_store(uint64_t v[4], const fe *a)
{
	fe_verify(a->v, 1);
	int64_t t[5] = {a->v[0] >> 5, a->v[1] >> 5, a->v[2] >> 5, a->v[3] >> 5, a->v[4] >> 5};
	fe_ripple(t, 0);
	const int64_t mask = (int64_t)ct_barrier((uint64_t)(t[4] >> 63));
	/* x - p where x ≥ 0; x itself, negative, where not: both come out right by adding p if < 0 */
	t[0] -= ~mask & FE_LIMB;
	t[1] -= ~mask & (((int64_t)1 << 42) - 1);
	t[3] -= ~mask & ((int64_t)1 << 30);
	t[4] -= ~mask & (((int64_t)1 << 40) - ((int64_t)1 << 8));
	fe_ripple(t, 0);
	fe_ripple(t, (int64_t)ct_barrier((uint64_t)(t[4] >> 63)));
	const uint64_t u0 = (uint64_t)t[0], u1 = (uint64_t)t[1], u2 = (uint64_t)t[2];
	const uint64_t u3 = (uint64_t)t[3], u4 = (uint64_t)t[4];
	v[0] = u0 | u1 << 54;
	v[1] = u1 >> 10 | u2 << 44;
	v[2] = u2 >> 20 | u3 << 34;
	v[3] = u3 >> 30 | u4 << 24;
}

/* By (F) x is in (-p, 2p), where only 0 and p are zero. */
static inline uint64_t fe_is_zero_mask(const fe *a)
{
	fe_verify(a->v, 1);
	int64_t t[5] = {a->v[0] >> 5, a->v[1] >> 5, a->v[2] >> 5, a->v[3] >> 5, a->v[4] >> 5};
	fe_ripple(t, 0);
	const int64_t zero = t[0] | t[1] | t[2] | t[3] | t[4];
	const int64_t p = (t[0] ^ FE_LIMB) | (t[1] ^ (((int64_t)1 << 42) - 1)) | t[2] |
	                  (t[3] ^ ((int64_t)1 << 30)) |
	                  (t[4] ^ (((int64_t)1 << 40) - ((int64_t)1 << 8)));
	return ct_mask_zero((uint64_t)zero) | ct_mask_zero((uint64_t)p);
}

/* a/2: an odd a gets p added; then every limb is halved and lends its odd bit to the one below. */
static inline void fe_half(fe *out, const fe *a)
{
	fe_verify(a->v, 1);
	int64_t t[5] = {a->v[0] >> 5, a->v[1] >> 5, a->v[2] >> 5, a->v[3] >> 5, a->v[4] >> 5};
	const int64_t odd = -(t[0] & 1);
	t[0] += odd & FE_LIMB;
	t[1] += odd & (((int64_t)1 << 42) - 1);
	t[3] += odd & ((int64_t)1 << 30);
	t[4] += odd & (((int64_t)1 << 40) - ((int64_t)1 << 8));
	const int64_t s[5] = {((t[0] >> 1) + ((t[1] & 1) << 53)) * 32,
	                      ((t[1] >> 1) + ((t[2] & 1) << 53)) * 32,
	                      ((t[2] >> 1) + ((t[3] & 1) << 53)) * 32,
	                      ((t[3] >> 1) + ((t[4] & 1) << 53)) * 32, (t[4] >> 1) * 32};
	fe_carry(out, s);
}

static inline void fe_limbs_select(int64_t out[5], uint64_t mask, const int64_t a[5],
                                   const int64_t b[5])
{
	const int64_t m = (int64_t)ct_barrier(mask);
	out[0] = b[0] ^ (m & (a[0] ^ b[0]));
	out[1] = b[1] ^ (m & (a[1] ^ b[1]));
	out[2] = b[2] ^ (m & (a[2] ^ b[2]));
	out[3] = b[3] ^ (m & (a[3] ^ b[3]));
	out[4] = b[4] ^ (m & (a[4] ^ b[4]));
}

/* The plain integer 1 as limbs, R and R^2 mod p packed. */
#define FE_PLAIN_ONE       \
	{                      \
		{                  \
			32, 0, 0, 0, 0 \
		}                  \
	}
#define FE_R                                                                           \
	{                                                                                  \
		0x0000000000004000, 0xffffc00000000000, 0xffffffffffffffff, 0x00003fffffffbfff \
	}
#define FE_R2                                                                          \
	{                                                                                  \
		0x0000000030000000, 0xbffffffff0000000, 0xffffffffefffffff, 0x4fffffffdfffffff \
	}

#include "group/field_signed_internal.h"

#endif
