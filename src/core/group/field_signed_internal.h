/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two forms of P-256's field with signed limbs build from their limb functions; included
 * at the end of field_54_internal.h and field_29_internal.h, never alone. The bounds spoken of,
 * (F), and their proof stand at the top of those files.
 *
 * Secrets: everything is constant time. Aliasing: any output may be any input.
 */
#ifndef GROUP_FIELD_SIGNED_INTERNAL_H
#define GROUP_FIELD_SIGNED_INTERNAL_H

static inline void fe_mul(fe *out, const fe *a, const fe *b)
{
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_mul_limbs(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sqr(fe *out, const fe *a)
{
	fe_verify(a->v, 1);
	fe_sqr_limbs(out->v, a->v);
	fe_verify(out->v, 1);
}

static inline void fe_add(fe *out, const fe *a, const fe *b)
{
	fe_limb s[FE_LIMBS];
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_limbs_add(s, a->v, b->v);
	fe_carry(out, s);
}

static inline void fe_sub(fe *out, const fe *a, const fe *b)
{
	fe_limb s[FE_LIMBS];
	fe_verify(a->v, 1);
	fe_verify(b->v, 1);
	fe_limbs_sub(s, a->v, b->v);
	fe_carry(out, s);
}

/* a - b - c with one carry */
static inline void fe_sub2(fe *out, const fe *a, const fe *b, const fe *c)
{
	fe_limb s[FE_LIMBS];
	fe_limbs_sub(s, a->v, b->v);
	fe_limbs_sub(s, s, c->v);
	fe_carry(out, s);
}

static inline void fe_triple(fe *out, const fe *a)
{
	fe_limb s[FE_LIMBS];
	fe_limbs_add(s, a->v, a->v);
	fe_limbs_add(s, s, a->v);
	fe_carry(out, s);
}

/* Sums that are only wanted as factors. */
static inline void fe_loose_add(fe_loose *out, const fe *a, const fe *b)
{
	fe_limbs_add(out->v, a->v, b->v);
}

static inline void fe_loose_sub(fe_loose *out, const fe *a, const fe *b)
{
	fe_limbs_sub(out->v, a->v, b->v);
}

/* negate (0 or 1) ? -a - b : a - b */
static inline void fe_loose_difference(fe_loose *out, const fe *a, uint32_t negate, const fe *b)
{
	const fe_limb m = (fe_limb)ct_mask_of_bit(negate);
#pragma GCC unroll 9
	for (int i = 0; i < FE_LIMBS; i++)
		out->v[i] = ((a->v[i] ^ m) - m) - b->v[i];
}

/* negate (0 or 1) ? b - a : a - b */
static inline void fe_signed_difference(fe *out, const fe *a, const fe *b, uint32_t negate)
{
	const fe_limb m = (fe_limb)ct_mask_of_bit(negate);
	fe_limb s[FE_LIMBS];
#pragma GCC unroll 9
	for (int i = 0; i < FE_LIMBS; i++)
		s[i] = ((a->v[i] - b->v[i]) ^ m) - m;
	fe_carry(out, s);
}

static inline void fe_mul_l(fe *out, const fe_loose *a, const fe *b)
{
	fe_verify(a->v, 2);
	fe_verify(b->v, 1);
	fe_mul_limbs(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_mul_ll(fe *out, const fe_loose *a, const fe_loose *b)
{
	fe_verify(a->v, 2);
	fe_verify(b->v, 2);
	fe_mul_limbs(out->v, a->v, b->v);
	fe_verify(out->v, 1);
}

static inline void fe_sqr_l(fe *out, const fe_loose *a)
{
	fe_verify(a->v, 2);
	fe_sqr_limbs(out->v, a->v);
	fe_verify(out->v, 1);
}

/* mask ? a : b */
static inline void fe_select(fe *out, uint64_t mask, const fe *a, const fe *b)
{
	fe_limbs_select(out->v, mask, a->v, b->v);
}

#include "group/field_common_internal.h"

#endif
