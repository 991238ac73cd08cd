/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums without any special case, in projective coordinates: where points may be equal, opposite or
 * infinite and there is no block of them to share an inversion.
 *
 * Paper: Renes, Costello and Batina, "Complete addition formulas for prime order elliptic curves"
 * (2015), section 3 with a = -3: 14 M for a sum, 11 M + 3 S for a double.
 */
#include "group/kernels_internal.h"

/* The six products both formulas are made of: xx = X1·X2, xy = X1·Y2 + X2·Y1 and so on. */
struct products {
	fe xx, yy, zz, xy, xz, yz;
};

static void from_products(struct projective *out, const struct products *p)
{
	fe b, w, u, v, e, f, t;
	KERNEL(kernel_curve_b)(&b);
	/* w = 3(b·zz - xz), u = yy - w, v = yy + w */
	fe_mul(&w, &b, &p->zz);
	fe_sub(&w, &w, &p->xz);
	fe_triple(&w, &w);
	fe_sub(&u, &p->yy, &w);
	fe_add(&v, &p->yy, &w);
	/* e = 3(b·xz - xx - 3zz), f = 3(xx - zz) */
	fe_mul(&e, &b, &p->xz);
	fe_sub(&e, &e, &p->xx);
	fe_triple(&t, &p->zz);
	fe_sub(&e, &e, &t);
	fe_triple(&e, &e);
	fe_sub(&f, &p->xx, &p->zz);
	fe_triple(&f, &f);
	/* X = xy·u - yz·e, Y = u·v + e·f, Z = yz·v + xy·f */
	fe_mul(&out->x, &p->xy, &u);
	fe_mul(&t, &p->yz, &e);
	fe_sub(&out->x, &out->x, &t);
	fe_mul(&out->y, &u, &v);
	fe_mul(&t, &e, &f);
	fe_add(&out->y, &out->y, &t);
	fe_mul(&out->z, &p->yz, &v);
	fe_mul(&t, &p->xy, &f);
	fe_add(&out->z, &out->z, &t);
}

/* a1·b2 + a2·b1 from (a1 + b1)(a2 + b2) and the products aa = a1·a2, bb = b1·b2 */
static void cross(fe *out, const fe *a[2], const fe *b[2], const fe *aa, const fe *bb)
{
	fe s, t;
	fe_add(&s, a[0], b[0]);
	fe_add(&t, a[1], b[1]);
	fe_mul(&s, &s, &t);
	fe_sub(&s, &s, aa);
	fe_sub(out, &s, bb);
}

static void projective_add(struct projective *out, const struct projective *a,
                           const struct projective *b)
{
	struct products p;
	const fe *x[2] = {&a->x, &b->x}, *y[2] = {&a->y, &b->y}, *z[2] = {&a->z, &b->z};
	fe_mul(&p.xx, x[0], x[1]);
	fe_mul(&p.yy, y[0], y[1]);
	fe_mul(&p.zz, z[0], z[1]);
	cross(&p.xy, x, y, &p.xx, &p.yy);
	cross(&p.xz, x, z, &p.xx, &p.zz);
	cross(&p.yz, y, z, &p.yy, &p.zz);
	from_products(out, &p);
}

static void projective_double(struct projective *out, const struct projective *a)
{
	struct products p;
	fe_sqr(&p.xx, &a->x);
	fe_sqr(&p.yy, &a->y);
	fe_sqr(&p.zz, &a->z);
	fe_mul(&p.xy, &a->x, &a->y);
	fe_double(&p.xy, &p.xy);
	fe_mul(&p.xz, &a->x, &a->z);
	fe_double(&p.xz, &p.xz);
	fe_mul(&p.yz, &a->y, &a->z);
	fe_double(&p.yz, &p.yz);
	from_products(out, &p);
}

static void projective_load(struct projective *out, const point *p)
{
	struct affine a;
	fe one, zero;
	fe_one(&one);
	fe_zero(&zero);
	affine_load(&a, p);
	uint64_t infinite = affine_infinity_mask(&a);
	out->x = a.x;
	fe_select(&out->y, infinite, &one, &a.y);
	fe_select(&out->z, infinite, &zero, &one);
}

static void projective_store(point *out, const struct projective *p)
{
	struct affine a;
	fe inverse;
	fe_invert(&inverse, &p->z); /* of infinity: 0, which makes x = y = 0 */
	fe_mul(&a.x, &p->x, &inverse);
	fe_mul(&a.y, &p->y, &inverse);
	affine_store(out, &a);
}

static void projective_infinity(struct projective *out)
{
	fe_zero(&out->x);
	fe_one(&out->y);
	fe_zero(&out->z);
}

void KERNEL(kernel_complete_sum)(point *out, const struct projective *a, const struct projective *b)
{
	struct projective sum;
	projective_add(&sum, a, b);
	projective_store(out, &sum);
	wipe(&sum, sizeof sum);
}

void KERNEL(kernel_double_times)(point *out, const point *a, unsigned times)
{
	struct projective p;
	projective_load(&p, a);
	for (unsigned i = 0; i < times; i++)
		projective_double(&p, &p);
	projective_store(out, &p);
}

void KERNEL(kernel_weighted_sum)(point *out, const point *p, size_t n, unsigned step)
{
	struct projective sum, term;
	projective_infinity(&sum);
	for (size_t i = n; i-- > 0;) {
		for (unsigned j = 0; j < step; j++)
			projective_double(&sum, &sum);
		projective_load(&term, &p[i]);
		projective_add(&sum, &sum, &term);
	}
	projective_store(out, &sum);
	wipe(&sum, sizeof sum);
	wipe(&term, sizeof term);
}
