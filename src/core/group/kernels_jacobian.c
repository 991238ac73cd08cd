/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One multiple alone, without inversions: Jacobian coordinates (x/z², y/z³), 4 M + 4 S for a
 * double, 12 M + 4 S for a sum, 8 M + 3 S when one side is affine.
 *
 * These sums are wrong for equal and opposite points, and by the arguments that stand above
 * kernels_common.c and kernels_fixed.c only the last sum of a multiplication can meet such a pair:
 * that one goes through the complete formulas of kernels_projective.c.
 */
#include "group/kernels_internal.h"
#include "group/packed_internal.h"
#include "group/windows_internal.h"

struct jacobian { /* never infinity */
	fe x, y, z;
};

static void jacobian_double(struct jacobian *out, const struct jacobian *a)
{
	fe z2, y2, slope, xy2, t;
	fe_loose plus, minus, twice;
	fe_sqr(&z2, &a->z);
	fe_sqr(&y2, &a->y);
	fe_mul(&xy2, &a->x, &y2);
	fe_loose_add(&plus, &a->x, &z2);
	fe_loose_sub(&minus, &a->x, &z2);
	fe_loose_add(&twice, &a->y, &a->y);
	fe_mul_l(&out->z, &twice, &a->z);
	fe_mul_ll(&slope, &plus, &minus);
	fe_triple(&slope, &slope); /* 3(x - z²)(x + z²) */
	fe_double(&xy2, &xy2);
	fe_double(&xy2, &xy2); /* 4xy² */
	fe_sqr(&t, &slope);
	fe_sub2(&out->x, &t, &xy2, &xy2);
	fe_loose_add(&twice, &y2, &y2);
	fe_sqr_l(&y2, &twice); /* 4y⁴ */
	fe_loose_sub(&minus, &xy2, &out->x);
	fe_mul_l(&t, &minus, &slope);
	fe_sub2(&out->y, &t, &y2, &y2);
}

/* Both kinds of sum end alike: u, s are a's x and y over the common denominator, h and r what b's
 * have more. */
static void jacobian_finish(struct jacobian *out, const fe *u, const fe *s, const fe_loose *h,
                            const fe_loose *r)
{
	fe h2, h3, v, x, t;
	fe_loose back;
	fe_sqr_l(&h2, h);
	fe_mul_l(&h3, h, &h2);
	fe_mul(&v, u, &h2);
	fe_sqr_l(&t, r);
	fe_sub2(&x, &t, &h3, &v);
	fe_sub(&x, &x, &v);
	fe_mul(&t, s, &h3);
	fe_loose_sub(&back, &v, &x);
	fe_mul_ll(&v, &back, r);
	fe_sub(&out->y, &v, &t);
	out->x = x;
}

static void jacobian_add(struct jacobian *out, const struct jacobian *a, const struct jacobian *b)
{
	fe az2, bz2, au, bu, as, bs, z;
	fe_loose h, r;
	fe_sqr(&az2, &a->z);
	fe_sqr(&bz2, &b->z);
	fe_mul(&au, &a->x, &bz2);
	fe_mul(&bu, &b->x, &az2);
	fe_mul(&as, &bz2, &b->z);
	fe_mul(&as, &as, &a->y);
	fe_mul(&bs, &az2, &a->z);
	fe_mul(&bs, &bs, &b->y);
	fe_loose_sub(&h, &bu, &au);
	fe_loose_sub(&r, &bs, &as);
	fe_mul(&z, &a->z, &b->z);
	fe_mul_l(&out->z, &h, &z);
	jacobian_finish(out, &au, &as, &h, &r);
}

static void jacobian_add_affine(struct jacobian *out, const struct jacobian *a,
                                const struct affine *b)
{
	fe az2, bu, bs;
	fe_loose h, r;
	const fe ax = a->x, ay = a->y;
	fe_sqr(&az2, &a->z);
	fe_mul(&bu, &b->x, &az2);
	fe_mul(&bs, &az2, &a->z);
	fe_mul(&bs, &bs, &b->y);
	fe_loose_sub(&h, &bu, &ax);
	fe_loose_sub(&r, &bs, &ay);
	fe_mul_l(&out->z, &h, &a->z);
	jacobian_finish(out, &ax, &ay, &h, &r);
}

static void jacobian_of_affine(struct jacobian *out, const struct affine *a)
{
	out->x = a->x;
	out->y = a->y;
	fe_one(&out->z);
}

/* (x/z², y/z³) = (xz : y : z³) */
static void projective_of_jacobian(struct projective *out, const struct jacobian *a)
{
	fe z2;
	fe_sqr(&z2, &a->z);
	fe_mul(&out->x, &a->x, &a->z);
	fe_mul(&out->z, &z2, &a->z);
	out->y = a->y;
}

static void jacobian_select(struct jacobian *out, const struct jacobian *table, uint8_t digit)
{
	uint64_t index = digit & (DIGIT_NEGATIVE - 1u);
	struct jacobian found = table[0];
	fe minus;
	for (uint64_t i = 1; i < COMMON_ENTRIES; i++) {
		uint64_t mask = ct_mask_equal(i, index);
		fe_select(&found.x, mask, &table[i].x, &found.x);
		fe_select(&found.y, mask, &table[i].y, &found.y);
		fe_select(&found.z, mask, &table[i].z, &found.z);
	}
	fe_neg(&minus, &found.y);
	fe_select(&found.y, digit_negative_mask(digit), &minus, &found.y);
	*out = found;
}

struct single {
	struct jacobian table[COMMON_ENTRIES], sum, term;
	struct projective last[2];
	struct affine base;
	union point_entry entry;
	uint64_t windows[WINDOW_LIMBS];
};

static void prepare_table(struct single *s, const point *a, uint64_t infinite)
{
	point generator;
	struct affine g;
	KERNEL(kernel_generator)(&generator);
	affine_load(&g, &generator);
	affine_load(&s->base, a);
	affine_select(&s->base, infinite, &g, &s->base); /* computes with G, for nothing */
	jacobian_of_affine(&s->table[0], &s->base);
	jacobian_double(&s->term, &s->table[0]);
	for (size_t i = 1; i < COMMON_ENTRIES; i++)
		jacobian_add(&s->table[i], &s->table[i - 1], &s->term);
}

void KERNEL(kernel_mul)(point *out, const secret_scalar *k, const point *a)
{
	struct single s;
	uint64_t infinite = packed_infinity_mask(a);
	unsigned flip = windows_prepare(s.windows, &k->secret, COMMON_WINDOW * COMMON_WINDOWS);
	prepare_table(&s, a, infinite);
	for (unsigned w = COMMON_WINDOWS; w-- > 0;) {
		jacobian_select(&s.term, s.table,
		                window_digit(s.windows, w * COMMON_WINDOW, COMMON_WINDOW, flip));
		if (w == COMMON_WINDOWS - 1) {
			s.sum = s.term;
			continue;
		}
		for (unsigned i = 0; i < COMMON_WINDOW; i++)
			jacobian_double(&s.sum, &s.sum);
		if (w > 0)
			jacobian_add(&s.sum, &s.sum, &s.term);
	}
	projective_of_jacobian(&s.last[0], &s.sum);
	projective_of_jacobian(&s.last[1], &s.term);
	KERNEL(kernel_complete_sum)(out, &s.last[0], &s.last[1]);
	packed_clear_if(out, infinite);
	wipe(&s, sizeof s);
}

static void fixed_mul_one(point *out, struct single *s, const point *table, const scalar *k)
{
	unsigned flip = windows_prepare(s->windows, k, FIXED_WINDOW * FIXED_WINDOWS);
	for (unsigned w = 0; w < FIXED_WINDOWS; w++) {
		uint8_t digit = window_digit(s->windows, w * FIXED_WINDOW, FIXED_WINDOW, flip);
		table_select(s->entry.v, (const words4 *)(table + (size_t)w * FIXED_ENTRIES),
		             TABLE_VECTORS(point), FIXED_ENTRIES, digit);
		packed_negate_if(&s->entry.p, digit_negative_mask(digit));
		affine_load(&s->base, &s->entry.p);
		if (w == 0)
			jacobian_of_affine(&s->sum, &s->base);
		else if (w + 1 < FIXED_WINDOWS)
			jacobian_add_affine(&s->sum, &s->sum, &s->base);
	}
	jacobian_of_affine(&s->term, &s->base);
	projective_of_jacobian(&s->last[0], &s->sum);
	projective_of_jacobian(&s->last[1], &s->term);
	KERNEL(kernel_complete_sum)(out, &s->last[0], &s->last[1]);
}

void KERNEL(kernel_fixed_mul_few)(point *out, const point *table, const secret_scalar *k, size_t n)
{
	struct single s;
	for (size_t i = 0; i < n; i++)
		fixed_mul_one(&out[i], &s, table, &k[i].secret);
	wipe(&s, sizeof s);
}
