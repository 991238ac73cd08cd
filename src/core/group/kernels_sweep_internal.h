/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sweeps: affine additions and doublings in many lanes, step by step, an inverse per lane and step.
 *
 * Montgomery's trick goes over the lanes twice: forth, to multiply what is to be inverted, and
 * after the one inversion back, to take the product apart. A sweep is the way back of one step and
 * the way forth of the next: it ends in every lane what waited for an inverse and at once begins
 * what wants the next. So a step passes through memory once, and as the ways alternate it begins
 * with the lanes that are still in the cache.
 *
 *   sweep_start(&s, lanes);
 *   for (g < sweep_groups(&s)) { first = sweep_group(…); begin: s.d[first …]; sweep_push(…); }
 *   sweep_turn(&s, times);
 *   for (g < sweep_groups(&s)) { first = sweep_group(…); sweep_pop(…); end; begin; sweep_push(…); }
 *   …
 *
 * Groups are of TOGETHER lanes, as the steps of one addition wait for each other: they are mixed
 * with those of others. Secrets: constant time in everything but the number of lanes; the struct
 * itself holds secrets, too.
 */
#ifndef GROUP_KERNELS_SWEEP_INTERNAL_H
#define GROUP_KERNELS_SWEEP_INTERNAL_H

#include "group/kernels_internal.h"

/* Independent products side by side hide the latency of a multiplication. */
#define SWEEP_CHAINS 4u
_Static_assert(TOGETHER % SWEEP_CHAINS == 0, "a lane is in one chain, whichever way we come");

struct sweep {
	fe_loose *d; /* [lane] what it wants inverted, never zero */
	fe *before;  /* [lane] the product of those before it in its chain */
	fe forth[SWEEP_CHAINS], back[SWEEP_CHAINS];
	size_t lanes;
	bool descending;
};

static inline struct sweep sweep_take(struct arena *scratch, size_t lanes)
{
	return (struct sweep){.d = scratch_take_array(scratch, lanes, fe_loose),
	                      .before = scratch_take_array(scratch, lanes, fe)};
}

static inline void sweep_begin_way(struct sweep *s, bool descending)
{
	s->descending = descending;
	for (size_t c = 0; c < SWEEP_CHAINS; c++)
		fe_one(&s->forth[c]);
}

static inline void sweep_start(struct sweep *s, size_t lanes)
{
	s->lanes = lanes;
	sweep_begin_way(s, false);
}

static inline size_t sweep_groups(const struct sweep *s)
{
	return (s->lanes + TOGETHER - 1) / TOGETHER;
}

/* The first lane of the nth group on this way, and how many there are. */
static inline size_t sweep_group(const struct sweep *s, size_t nth, size_t *count)
{
	size_t first = TOGETHER * (s->descending ? sweep_groups(s) - 1 - nth : nth);
	*count = s->lanes - first < TOGETHER ? s->lanes - first : TOGETHER;
	return first;
}

static inline void sweep_push(struct sweep *s, size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fe *r = &s->forth[i % SWEEP_CHAINS];
		s->before[first + i] = *r;
		fe_mul_l(r, &s->d[first + i], r);
	}
}

/* inverse[i] = times/d[first + i]; those d and before are free then. */
static inline void sweep_pop(fe *inverse, struct sweep *s, size_t first, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		fe *r = &s->back[i % SWEEP_CHAINS];
		fe_mul(&inverse[i], r, &s->before[first + i]);
		fe_mul_l(r, &s->d[first + i], r);
	}
}

/* times: 1, 2 or 3, a factor of all inverses that costs nothing here. */
static inline void sweep_turn(struct sweep *s, unsigned times)
{
	fe left, right, all, t;
	fe_mul(&left, &s->forth[0], &s->forth[1]);
	fe_mul(&right, &s->forth[2], &s->forth[3]);
	fe_mul(&all, &left, &right);
	fe_invert(&all, &all);
	if (times == 2)
		fe_double(&all, &all);
	else if (times == 3)
		fe_triple(&all, &all);
	fe_mul(&t, &all, &right); /* times/left */
	fe_mul(&s->back[0], &t, &s->forth[1]);
	fe_mul(&s->back[1], &t, &s->forth[0]);
	fe_mul(&t, &all, &left);
	fe_mul(&s->back[2], &t, &s->forth[3]);
	fe_mul(&s->back[3], &t, &s->forth[2]);
	sweep_begin_way(s, !s->descending);
}

/* a + b is begun: d = b.x - a.x, rise = ±b.y - a.y; negate is 0 or 1, and secret. */
static inline void lane_begin_add(fe_loose *d, fe_loose *rise, const struct affine *a,
                                  const struct affine *b, uint32_t negate)
{
	fe_loose_sub(d, &b->x, &a->x);
	fe_loose_difference(rise, &b->y, negate, &a->y);
}

/*
 * The ends of steps in at most TOGETHER lanes: a[i] becomes its sum with the point of that rise and
 * x = b_x[i], given inverse[i] = 1/(b_x[i] - a[i].x), or its double, given 3/(2y). All are finite,
 * and no two are equal or opposite: proved by the caller.
 */
static inline void lanes_on_line(struct affine *a, const fe *slope, const fe *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		affine_y_on_line(&a[i].y, &slope[i], &a[i], &x[i]);
		a[i].x = x[i];
	}
}

static inline void lanes_add(struct affine *a, const fe *b_x, const fe_loose *rise,
                             const fe *inverse, size_t n)
{
	fe slope[TOGETHER], x[TOGETHER];
	for (size_t i = 0; i < n; i++)
		fe_mul_l(&slope[i], &rise[i], &inverse[i]);
	for (size_t i = 0; i < n; i++)
		affine_x_on_line(&x[i], &slope[i], &a[i], &b_x[i]);
	lanes_on_line(a, slope, x, n);
}

/* The tangent's slope is (3x² - 3)/(2y). */
static inline void lanes_double(struct affine *a, const fe *inverse, size_t n)
{
	fe slope[TOGETHER], x[TOGETHER], one;
	fe_one(&one);
	for (size_t i = 0; i < n; i++) {
		fe square;
		fe_loose rise;
		fe_sqr(&square, &a[i].x);
		fe_loose_sub(&rise, &square, &one);
		fe_mul_l(&slope[i], &rise, &inverse[i]);
	}
	for (size_t i = 0; i < n; i++)
		affine_x_on_line(&x[i], &slope[i], &a[i], &a[i].x);
	lanes_on_line(a, slope, x, n);
}

#endif
