/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Affine additions in batches: one inversion for all of them (Montgomery's trick), 5 M + 1 S each;
 * the constant-time one pays 1 S more, for it prepares the tangent everywhere.
 */
#include "group/kernels_internal.h"
#include "group/packed_internal.h"

/* Independent products side by side hide the latency of a multiplication. */
#define CHAINS 4u

void KERNEL(kernel_invert)(fe *out, const fe_loose *d, size_t n)
{
	fe run[CHAINS], inverse[CHAINS], all, left, right, t;
	for (size_t c = 0; c < CHAINS; c++)
		fe_one(&run[c]);
	for (size_t i = 0; i < n; i++) { /* out[i]: the product of those before, in its chain */
		fe *r = &run[i % CHAINS];
		out[i] = *r;
		fe_mul_l(r, &d[i], r);
	}
	fe_mul(&left, &run[0], &run[1]);
	fe_mul(&right, &run[2], &run[3]);
	fe_mul(&all, &left, &right);
	fe_invert(&all, &all);
	fe_mul(&t, &all, &right); /* 1/left */
	fe_mul(&inverse[0], &t, &run[1]);
	fe_mul(&inverse[1], &t, &run[0]);
	fe_mul(&t, &all, &left);
	fe_mul(&inverse[2], &t, &run[3]);
	fe_mul(&inverse[3], &t, &run[2]);
	for (size_t i = n; i-- > 0;) {
		fe *r = &inverse[i % CHAINS];
		fe_mul(&out[i], r, &out[i]);
		fe_mul_l(r, &d[i], r);
	}
}

struct batch {
	fe_loose *d;
	fe *inverse;
	uint8_t *special;
};

static struct batch batch_take(struct arena *scratch, size_t n)
{
	return (struct batch){scratch_take_array(scratch, n, fe_loose),
	                      scratch_take_array(scratch, n, fe),
	                      scratch_take_array(scratch, n, uint8_t)};
}

/* What makes a sum special, one bit each. */
enum { A_INFINITE = 1, B_INFINITE = 2, SAME = 4, OPPOSITE = 8 };

static uint64_t special_mask(unsigned special, unsigned bit)
{
	return ct_mask_of_bit(special / bit & 1);
}

/* What the slope's numerator is divided by: b.x - a.x, 2·a.y for equal points, 1 otherwise. */
static uint8_t prepare_complete(fe_loose *d, const point *a, const point *b)
{
	fe plus, minus, one, zero, twice;
	uint64_t a_infinite = packed_infinity_mask(a), b_infinite = packed_infinity_mask(b);
	uint64_t meet = packed_equal_mask(a->x, b->x) & ~a_infinite & ~b_infinite;
	uint64_t same = meet & packed_equal_mask(a->y, b->y), opposite = meet & ~same;
	uint64_t unusual = a_infinite | b_infinite | opposite;
	fe_one(&one);
	fe_zero(&zero);
	fe_load(&plus, b->x);
	fe_load(&minus, a->x);
	fe_load(&twice, a->y);
	fe_double(&twice, &twice);
	fe_select(&plus, same, &twice, &plus);
	fe_select(&plus, unusual, &one, &plus);
	fe_select(&minus, same | unusual, &zero, &minus);
	fe_loose_sub(d, &plus, &minus);
	return (uint8_t)((a_infinite & A_INFINITE) | (b_infinite & B_INFINITE) | (same & SAME) |
	                 (opposite & OPPOSITE));
}

static void slope_complete(fe *slope, const struct affine *a, const struct affine *b,
                           const fe *inverse, uint64_t same)
{
	fe plus, minus, three;
	fe_loose rise;
	affine_tangent(&plus, &three, &a->x);
	fe_select(&plus, same, &plus, &b->y);
	fe_select(&minus, same, &three, &a->y);
	fe_loose_sub(&rise, &plus, &minus);
	fe_mul_l(slope, &rise, inverse);
}

static void choose(point *out, const point *sum, const point *a, const point *b, uint8_t special)
{
	uint64_t take_a = special_mask(special, B_INFINITE);
	uint64_t take_b = special_mask(special, A_INFINITE);
	uint64_t keep = ~(special_mask(special, OPPOSITE) | take_a | take_b);
	for (unsigned i = 0; i < 4; i++) {
		out->x[i] = (sum->x[i] & keep) | (b->x[i] & take_b) | (a->x[i] & take_a);
		out->y[i] = (sum->y[i] & keep) | (b->y[i] & take_b) | (a->y[i] & take_a);
	}
}

/* At most TOGETHER sums, step by step; q[i] is b[i] with its sign. */
static void finish_complete(point *out, const point *p, const point *q, const fe *inverse,
                            const uint8_t *special, size_t n)
{
	struct affine a[TOGETHER], b;
	fe slope[TOGETHER], x[TOGETHER];
	point sum;
	for (size_t i = 0; i < n; i++) {
		affine_load(&a[i], &p[i]);
		affine_load(&b, &q[i]);
		slope_complete(&slope[i], &a[i], &b, &inverse[i], special_mask(special[i], SAME));
		x[i] = b.x;
	}
	for (size_t i = 0; i < n; i++)
		affine_x_on_line(&x[i], &slope[i], &a[i], &x[i]);
	for (size_t i = 0; i < n; i++) {
		affine_y_on_line(&a[i].y, &slope[i], &a[i], &x[i]);
		a[i].x = x[i];
	}
	for (size_t i = 0; i < n; i++) {
		affine_store(&sum, &a[i]);
		choose(&out[i], &sum, &p[i], &q[i], special[i]);
	}
}

static void load_signed(point *q, const point *b, uint64_t negative, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		q[i] = b[i];
		packed_negate_if(&q[i], negative);
	}
}

void KERNEL(kernel_add)(point *out, const point *a, const point *b, size_t n, unsigned negate,
                        struct arena *scratch)
{
	size_t mark = arena_mark(scratch), batch = n < KERNEL_BATCH ? n : KERNEL_BATCH, few;
	struct batch l = batch_take(scratch, batch);
	uint64_t negative = ct_mask_of_bit(negate);
	point q[TOGETHER];
	for (size_t done = 0; done < n; done += batch) {
		size_t count = n - done < batch ? n - done : batch;
		for (size_t i = 0; i < count; i++) {
			load_signed(q, &b[done + i], negative, 1);
			l.special[i] = prepare_complete(&l.d[i], &a[done + i], q);
		}
		KERNEL(kernel_invert)(l.inverse, l.d, count);
		for (size_t i = 0; i < count; i += few) {
			few = count - i < TOGETHER ? count - i : TOGETHER;
			load_signed(q, &b[done + i], negative, few);
			finish_complete(&out[done + i], &a[done + i], q, &l.inverse[i], &l.special[i], few);
		}
	}
	wipe(q, sizeof q);
	arena_release_wiped(scratch, mark);
}

/* Public points: special cases are rare, so they are branched to, one addition at a time. */
static void job_points(point *a, point *b, const struct sum_job *j)
{
	*a = *j->a;
	*b = *j->b;
	if (j->negate_a)
		packed_negate_if(a, UINT64_MAX);
	if (j->negate_b)
		packed_negate_if(b, UINT64_MAX);
}

static bool is_zero(const uint64_t v[4])
{
	return (v[0] | v[1] | v[2] | v[3]) == 0;
}

static uint8_t job_prepare(fe_loose *d, const struct sum_job *j)
{
	const uint64_t *ax = j->a->x, *bx = j->b->x;
	const uint64_t difference[4] = {ax[0] ^ bx[0], ax[1] ^ bx[1], ax[2] ^ bx[2], ax[3] ^ bx[3]};
	point a, b;
	fe p, q;
	if (is_zero(difference) || is_zero(ax) || is_zero(bx)) {
		a = *j->a;
		b = *j->b;
		if (j->negate_a != j->negate_b) /* a's sign is put on at the end */
			packed_negate_if(&b, UINT64_MAX);
		return prepare_complete(d, &a, &b);
	}
	fe_load(&p, ax);
	fe_load(&q, bx);
	fe_loose_sub(d, &q, &p);
	return 0;
}

/* The exceptions, whose result is no sum on a line; false if it is one after all. */
static bool job_without_line(const struct sum_job *j, uint8_t special)
{
	point a, b;
	job_points(&a, &b, j);
	if (special & A_INFINITE)
		*j->out = b;
	else if (special & B_INFINITE)
		*j->out = a;
	else if (special & OPPOSITE)
		*j->out = point_infinity();
	else
		return false;
	return true;
}

/*
 * At most TOGETHER of them. A sign costs nothing before the carry: a's is that of the whole sum,
 * b's counts relative to it, and -a has the x of a.
 */
static void jobs_finish(const struct sum_job *jobs, const fe *inverse, const uint8_t *special,
                        size_t n)
{
	struct affine a[TOGETHER];
	fe slope[TOGETHER], x[TOGETHER];
	for (size_t i = 0; i < n; i++) {
		const struct sum_job *j = &jobs[i];
		fe b_y;
		fe_loose rise;
		affine_load(&a[i], j->a);
		fe_load(&x[i], j->b->x);
		fe_load(&b_y, j->b->y);
		fe_loose_difference(&rise, &b_y, j->negate_a ^ j->negate_b, &a[i].y);
		if (special[i] & SAME) {
			fe plus, minus;
			affine_tangent(&plus, &minus, &a[i].x);
			fe_loose_sub(&rise, &plus, &minus);
		}
		fe_mul_l(&slope[i], &rise, &inverse[i]);
	}
	for (size_t i = 0; i < n; i++)
		affine_x_on_line(&x[i], &slope[i], &a[i], &x[i]);
	for (size_t i = 0; i < n; i++) {
		fe_loose back;
		fe t;
		fe_loose_sub(&back, &a[i].x, &x[i]);
		fe_mul_l(&t, &back, &slope[i]);
		fe_signed_difference(&a[i].y, &t, &a[i].y, jobs[i].negate_a);
		a[i].x = x[i];
	}
	for (size_t i = 0; i < n; i++)
		if (!special[i] || !job_without_line(&jobs[i], special[i]))
			affine_store(jobs[i].out, &a[i]);
}

/* Jobs point all over the buckets: fetch ahead. */
#define AHEAD 12u

void KERNEL(kernel_sum_jobs_vartime)(const struct sum_job *jobs, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), batch = n < KERNEL_BATCH ? n : KERNEL_BATCH;
	struct batch l = batch_take(scratch, batch);
	for (size_t done = 0; done < n; done += batch) {
		size_t count = n - done < batch ? n - done : batch;
		for (size_t i = 0; i < count; i++) {
			if (i + AHEAD < count) {
				__builtin_prefetch(jobs[done + i + AHEAD].a);
				__builtin_prefetch(jobs[done + i + AHEAD].b);
			}
			l.special[i] = job_prepare(&l.d[i], &jobs[done + i]);
		}
		KERNEL(kernel_invert)(l.inverse, l.d, count);
		for (size_t i = 0; i < count; i += TOGETHER)
			jobs_finish(&jobs[done + i], &l.inverse[i], &l.special[i],
			            count - i < TOGETHER ? count - i : TOGETHER);
	}
	arena_release(scratch, mark);
}
