/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums and differences of public points, each from and to a place of its own, as buckets need them:
 * batches of affine additions that share an inversion, 5 M + 1 S each.
 *
 * Points stay in the field's own form from one sum to the next. Infinity there is all zero: no
 * point of the curve has y = 0, and no other value has only zero limbs.
 *
 * Special cases. A sum with infinity is a copy. Those of equal or opposite points show by the
 * product of all denominators, which is zero then: only such a batch is searched for them and
 * multiplied anew. That costs a quarter more, the most that chosen points can do.
 */
#include "group/kernels_internal.h"

/* Jobs point all over the buckets: fetch ahead. */
#define AHEAD 12u
/* Independent products side by side hide the latency of a multiplication. */
#define CHAINS 4u
_Static_assert(TOGETHER % CHAINS == 0, "a block begins with the first chain");

static bool is_infinite(const struct affine *a)
{
	for (size_t i = 0; i < sizeof a->y.v / sizeof *a->y.v; i++)
		if (a->y.v[i] != 0)
			return false; /* nearly always at once */
	return true;
}

static void copy_signed(struct affine *out, const struct affine *a, bool negative)
{
	*out = *a;
	if (negative && !is_infinite(a))
		fe_neg(&out->y, &a->y);
}

static bool settle_infinity(const struct sum_job *j)
{
	if (is_infinite(j->a))
		copy_signed(j->out, j->b, j->negate_b);
	else if (is_infinite(j->b))
		copy_signed(j->out, j->a, j->negate_a);
	else
		return false;
	return true;
}

static void prefetch(const struct affine *a)
{
	__builtin_prefetch(&a->x);
	__builtin_prefetch(&a->y);
}

static void denominator(fe_loose *d, const struct sum_job *j)
{
	if (j->doubles)
		fe_loose_add(d, &j->a->y, &j->a->y);
	else
		fe_loose_sub(d, &j->b->x, &j->a->x);
}

/*
 * before[i]: the product of the denominators before that of job i, in its chain. Sums with infinity
 * are settled; the jobs that remain move up, and their number is returned.
 */
static size_t multiply_up(fe run[CHAINS], fe *before, struct sum_job *jobs, size_t n)
{
	size_t kept = 0;
	for (size_t c = 0; c < CHAINS; c++)
		fe_one(&run[c]);
	for (size_t i = 0; i < n; i++) {
		fe *r = &run[kept % CHAINS];
		fe_loose d;
		if (i + AHEAD < n) {
			prefetch(jobs[i + AHEAD].a);
			prefetch(jobs[i + AHEAD].b);
		}
		if (settle_infinity(&jobs[i]))
			continue;
		jobs[kept] = jobs[i];
		denominator(&d, &jobs[kept]);
		before[kept++] = *r;
		fe_mul_l(r, &d, r);
	}
	return kept;
}

/* The same for opposite points; equal ones are marked. */
static size_t settle_meetings(struct sum_job *jobs, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct sum_job *j = &jobs[i];
		if (fe_equal_mask(&j->a->x, &j->b->x)) {
			bool same_y = fe_equal_mask(&j->a->y, &j->b->y) != 0;
			j->doubles = same_y == (j->negate_a == j->negate_b);
			if (!j->doubles) {
				*j->out = (struct affine){0};
				continue;
			}
		}
		jobs[kept++] = *j;
	}
	return kept;
}

/* run[c] becomes its inverse; false if one is zero. */
static bool invert_chains(fe run[CHAINS])
{
	fe all, left, right, t, u;
	fe_mul(&left, &run[0], &run[1]);
	fe_mul(&right, &run[2], &run[3]);
	fe_mul(&all, &left, &right);
	if (fe_is_zero_mask(&all))
		return false;
	fe_invert(&all, &all);
	fe_mul(&t, &all, &right); /* 1/left */
	fe_mul(&u, &all, &left);
	fe_mul(&left, &t, &run[1]);
	fe_mul(&run[1], &t, &run[0]);
	run[0] = left;
	fe_mul(&right, &u, &run[3]);
	fe_mul(&run[3], &u, &run[2]);
	run[2] = right;
	return true;
}

/*
 * The last n ≤ TOGETHER jobs, run being the inverses of the products up to them. A sign costs
 * nothing before the carry: a's is that of the whole sum, b's counts relative to it.
 */
static void finish(fe run[CHAINS], const fe *before, const struct sum_job *jobs, size_t n)
{
	fe slope[TOGETHER], x[TOGETHER];
	for (size_t i = n; i-- > 0;) {
		const struct sum_job *j = &jobs[i];
		fe *r = &run[i % CHAINS];
		fe inverse;
		fe_loose d, rise;
		denominator(&d, j);
		fe_mul(&inverse, r, &before[i]);
		fe_mul_l(r, &d, r);
		fe_loose_difference(&rise, &j->b->y, j->negate_a ^ j->negate_b, &j->a->y);
		if (j->doubles) {
			fe plus, minus;
			affine_tangent(&plus, &minus, &j->a->x);
			fe_loose_sub(&rise, &plus, &minus);
		}
		fe_mul_l(&slope[i], &rise, &inverse);
	}
	for (size_t i = 0; i < n; i++)
		affine_x_on_line(&x[i], &slope[i], jobs[i].a, &jobs[i].b->x);
	for (size_t i = 0; i < n; i++) {
		const struct sum_job *j = &jobs[i];
		fe_loose back;
		fe t;
		fe_loose_sub(&back, &j->a->x, &x[i]);
		fe_mul_l(&t, &back, &slope[i]);
		fe_signed_difference(&j->out->y, &t, &j->a->y, j->negate_a);
		j->out->x = x[i];
	}
}

void KERNEL(kernel_sum_jobs_vartime)(struct sum_job *jobs, size_t n, fe *before)
{
	fe run[CHAINS];
	n = multiply_up(run, before, jobs, n);
	if (!invert_chains(run)) {
		n = settle_meetings(jobs, n);
		n = multiply_up(run, before, jobs, n);
		require(invert_chains(run));
	}
	for (size_t count; n > 0; n -= count) {
		count = n % TOGETHER ? n % TOGETHER : TOGETHER;
		for (size_t i = count; i < count + TOGETHER && i < n; i++) {
			prefetch(jobs[n - 1 - i].a);
			prefetch(jobs[n - 1 - i].b);
		}
		finish(run, before + n - count, jobs + n - count, count);
	}
}
