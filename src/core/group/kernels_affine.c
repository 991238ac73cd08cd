/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Complete affine additions in batches, one inversion for all of them: 5 M + 2 S each, one S more
 * than an addition needs, as the tangent is prepared everywhere.
 */
#include "group/kernels_sweep_internal.h"
#include "group/packed_internal.h"

/* What makes a sum special, one bit each. */
enum { A_INFINITE = 1, B_INFINITE = 2, SAME = 4, OPPOSITE = 8 };

static uint64_t special_mask(unsigned special, unsigned bit)
{
	return ct_mask_of_bit(special / bit & 1);
}

/* What the slope is divided by: b.x - a.x, -2·a.y for equal points, 1 where there is no line. */
static uint8_t begin_sum(fe_loose *d, const point *a, const point *b)
{
	static const uint64_t one[4] = FE_R;
	const uint64_t a_infinite = packed_infinity_mask(a), b_infinite = packed_infinity_mask(b);
	const uint64_t meet = packed_equal_mask(a->x, b->x) & ~a_infinite & ~b_infinite;
	const uint64_t same = meet & packed_equal_mask(a->y, b->y), opposite = meet & ~same;
	const uint64_t no_line = a_infinite | b_infinite | opposite, two = ~(same | no_line);
	uint64_t plus[4], minus[4];
	fe p, m;
	for (unsigned i = 0; i < 4; i++) {
		plus[i] = (b->x[i] & two) | (a->y[i] & same) | (one[i] & no_line);
		minus[i] = (a->x[i] & two) | (a->y[i] & same);
	}
	fe_load(&p, plus);
	fe_load(&m, minus);
	fe_loose_difference(d, &p, (uint32_t)(same & 1), &m);
	return (uint8_t)((a_infinite & A_INFINITE) | (b_infinite & B_INFINITE) | (same & SAME) |
	                 (opposite & OPPOSITE));
}

/* b.y - a.y, or for equal points 3 - 3x², the tangent's slope times -2y */
static void rise_complete(fe_loose *rise, const struct affine *a, const fe *b_y, uint64_t same)
{
	fe square, three;
	affine_tangent(&square, &three, &a->x);
	fe_select(&three, same, &three, b_y);
	fe_select(&square, same, &square, &a->y);
	fe_loose_sub(rise, &three, &square);
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

/* At most TOGETHER sums. */
static void end_sums(point *out, const point *p, const point *q, const fe *inverse,
                     const uint8_t *special, size_t n)
{
	struct affine a[TOGETHER], b;
	fe_loose rise[TOGETHER];
	fe x[TOGETHER];
	point sum;
	for (size_t i = 0; i < n; i++) {
		affine_load(&a[i], &p[i]);
		affine_load(&b, &q[i]);
		rise_complete(&rise[i], &a[i], &b.y, special_mask(special[i], SAME));
		x[i] = b.x;
	}
	lanes_add(a, x, rise, inverse, n);
	for (size_t i = 0; i < n; i++) {
		affine_store(&sum, &a[i]);
		choose(&out[i], &sum, &p[i], &q[i], special[i]);
	}
}

/* b itself, or the opposites in `opposites`. */
static const point *with_sign(point *opposites, const point *b, unsigned negate, size_t n)
{
	for (size_t i = 0; negate && i < n; i++) {
		opposites[i] = b[i];
		packed_negate_if(&opposites[i], UINT64_MAX);
	}
	return negate ? opposites : b;
}

void KERNEL(kernel_add)(point *out, const point *a, const point *b, size_t n, unsigned negate,
                        struct arena *scratch)
{
	size_t mark = arena_mark(scratch), batch = n < KERNEL_BATCH ? n : KERNEL_BATCH, few;
	struct sweep s = sweep_take(scratch, batch);
	uint8_t *special = scratch_take_array(scratch, batch, uint8_t);
	fe inverse[TOGETHER];
	point opposites[TOGETHER];
	for (size_t done = 0; done < n; done += batch) {
		sweep_start(&s, n - done < batch ? n - done : batch);
		for (size_t g = 0; g < sweep_groups(&s); g++) {
			size_t first = sweep_group(&s, g, &few);
			const point *q = with_sign(opposites, &b[done + first], negate, few);
			for (size_t i = 0; i < few; i++)
				special[first + i] = begin_sum(&s.d[first + i], &a[done + first + i], &q[i]);
			sweep_push(&s, first, few);
		}
		sweep_turn(&s, 1);
		for (size_t g = 0; g < sweep_groups(&s); g++) {
			size_t first = sweep_group(&s, g, &few);
			const point *q = with_sign(opposites, &b[done + first], negate, few);
			sweep_pop(inverse, &s, first, few);
			end_sums(&out[done + first], &a[done + first], q, inverse, &special[first], few);
		}
	}
	wipe(opposites, sizeof opposites);
	wipe(&s, sizeof s);
	arena_release_wiped(scratch, mark);
}
