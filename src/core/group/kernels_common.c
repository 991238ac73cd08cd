/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiples of many points by one secret scalar: windows of odd signed digits, the same in every
 * lane. A window is four doublings to S and then (S + T) + S for 2S + T, which needs neither the y
 * of S + T nor a tangent: 9 M + 2 S instead of 10 M + 3 S.
 *
 * Why no addition but the last can be special. Let the sum before a window be m·P and the term d·P,
 * |d| ≤ 31, both odd. m is positive: k > 0 and the windows to come add less than a unit of this
 * one's place. So is 32m + d for the same reason, and below q/16 but for the last window.
 *   - A doubling needs y ≠ 0, and q is odd.
 *   - S = 16m·P and T are neither equal nor opposite: 16m ± d is odd, thus not 0, and less than q.
 *   - S + T is not S, as 0 < |d| < q, and not -S, as 0 < 32m + d < q.
 * In the last window S is doubled, and T added to it completely. With the digits of q - k all signs
 * are the other way round, which changes nothing.
 *
 * Paper: Eisenträger, Lauter and Montgomery, "Fast elliptic curve arithmetic and improved Weil
 * pairing evaluation" (2003), for 2S + T.
 */
#include "group/kernels_odd_internal.h"

/* With fewer lanes the inversions cost more, with more the tables (1280 bytes a lane) are farther
 * away than the second cache. */
#define COMMON_BATCH 1024u

struct lanes {
	struct affine *sum;
	fe *x;          /* that of the term, then that of sum + term */
	fe_loose *rise; /* the term's y less the sum's */
	fe *slope;      /* that of the line through both */
	union odd_entry *table;
	point *last[2];
};

/* What a sweep ends and begins: a doubling, S + T, (S + T) + S. */
enum step { STEP_DOUBLE, STEP_ADD, STEP_ADD_BACK, STEP_NONE };

static struct lanes lanes_take(struct arena *scratch, size_t n)
{
	return (struct lanes){
		.sum = scratch_take_array(scratch, n, struct affine),
		.x = scratch_take_array(scratch, n, fe),
		.rise = scratch_take_array(scratch, n, fe_loose),
		.slope = scratch_take_array(scratch, n, fe),
		.table = scratch_take_array(scratch, n * COMMON_ENTRIES, union odd_entry),
		.last = {scratch_take_array(scratch, n, point), scratch_take_array(scratch, n, point)},
	};
}

/* S + T, of which only x is wanted. */
static void end_add(struct lanes *l, const fe *inverse, size_t first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fe_mul_l(&l->slope[first + i], &l->rise[first + i], &inverse[i]);
	for (size_t i = first; i < first + n; i++)
		affine_x_on_line(&l->x[i], &l->slope[i], &l->sum[i], &l->x[i]);
}

/* With x' that of S + T and 2/(x' - x): the slope is -(2y/(x' - x) + that of S + T). */
static void end_add_back(struct lanes *l, const fe *inverse, size_t first, size_t n)
{
	struct affine *a = &l->sum[first];
	fe_loose minus_slope[TOGETHER];
	fe x[TOGETHER], t;
	for (size_t i = 0; i < n; i++) {
		fe_mul(&t, &a[i].y, &inverse[i]);
		fe_loose_add(&minus_slope[i], &t, &l->slope[first + i]);
	}
	for (size_t i = 0; i < n; i++) {
		fe_sqr_l(&t, &minus_slope[i]);
		fe_sub2(&x[i], &t, &a[i].x, &l->x[first + i]);
	}
	for (size_t i = 0; i < n; i++) {
		fe_loose back;
		fe_loose_sub(&back, &x[i], &a[i].x);
		fe_mul_ll(&t, &back, &minus_slope[i]);
		fe_sub(&a[i].y, &t, &a[i].y);
		a[i].x = x[i];
	}
}

static void end_step(struct lanes *l, struct sweep *s, enum step step, size_t first, size_t n)
{
	fe inverse[TOGETHER];
	sweep_pop(inverse, s, first, n);
	if (step == STEP_DOUBLE)
		lanes_double(&l->sum[first], inverse, n);
	else if (step == STEP_ADD)
		end_add(l, inverse, first, n);
	else
		end_add_back(l, inverse, first, n);
}

static void begin_step(struct lanes *l, struct sweep *s, enum step step, size_t first, size_t n,
                       uint8_t digit)
{
	struct affine term;
	for (size_t i = first; i < first + n; i++) {
		struct affine *a = &l->sum[i];
		if (step == STEP_DOUBLE) {
			fe_loose_add(&s->d[i], &a->y, &a->y);
		} else if (step == STEP_ADD) {
			odd_select(&term, &l->table[i * COMMON_ENTRIES], digit);
			lane_begin_add(&s->d[i], &l->rise[i], a, &term, digit_sign(digit));
			l->x[i] = term.x;
		} else {
			fe_loose_sub(&s->d[i], &l->x[i], &a->x);
		}
	}
	sweep_push(s, first, n);
}

static void sweep_once(struct lanes *l, struct sweep *s, enum step ended, enum step begun,
                       uint8_t digit)
{
	size_t n;
	sweep_turn(s, ended == STEP_DOUBLE ? 3 : ended == STEP_ADD ? 1 : 2);
	for (size_t g = 0; g < sweep_groups(s); g++) {
		size_t first = sweep_group(s, g, &n);
		end_step(l, s, ended, first, n);
		if (begun != STEP_NONE)
			begin_step(l, s, begun, first, n, digit);
	}
}

static void select_signed(struct affine *out, const struct lanes *l, size_t i, uint8_t digit)
{
	fe minus;
	odd_select(out, &l->table[i * COMMON_ENTRIES], digit);
	fe_neg(&minus, &out->y);
	fe_select(&out->y, digit_negative_mask(digit), &minus, &out->y);
}

/* Everything but the last addition, whose two sides it leaves in l->last. */
static void mul_common_batch(struct lanes *l, struct sweep *s, const uint8_t *digits, size_t n)
{
	struct affine term;
	size_t count;
	sweep_start(s, n);
	for (size_t g = 0; g < sweep_groups(s); g++) {
		size_t first = sweep_group(s, g, &count);
		for (size_t i = first; i < first + count; i++)
			select_signed(&l->sum[i], l, i, digits[COMMON_WINDOWS - 1]);
		begin_step(l, s, STEP_DOUBLE, first, count, 0);
	}
	for (unsigned w = COMMON_WINDOWS - 1; w-- > 0;) {
		for (unsigned j = 1; j < COMMON_WINDOW - 1; j++)
			sweep_once(l, s, STEP_DOUBLE, STEP_DOUBLE, 0);
		if (w == 0)
			break;
		sweep_once(l, s, STEP_DOUBLE, STEP_ADD, digits[w]);
		sweep_once(l, s, STEP_ADD, STEP_ADD_BACK, 0);
		sweep_once(l, s, STEP_ADD_BACK, STEP_DOUBLE, 0);
	}
	sweep_once(l, s, STEP_DOUBLE, STEP_DOUBLE, 0);
	sweep_once(l, s, STEP_DOUBLE, STEP_NONE, 0);
	for (size_t i = 0; i < n; i++) {
		affine_store(&l->last[0][i], &l->sum[i]);
		select_signed(&term, l, i, digits[0]);
		affine_store(&l->last[1][i], &term);
	}
}

void KERNEL(kernel_mul_common)(point *out, const secret_scalar *k, const point *a, size_t n,
                               struct arena *scratch)
{
	if (n < SMALL_COMMON_BLOCK) {
		for (size_t i = 0; i < n; i++)
			KERNEL(kernel_mul)(&out[i], k, &a[i]);
		return;
	}
	size_t mark = arena_mark(scratch), batch = n < COMMON_BATCH ? n : COMMON_BATCH;
	struct sweep s = sweep_take(scratch, batch);
	struct lanes l = lanes_take(scratch, batch);
	uint64_t *windows = scratch_take_array(scratch, WINDOW_LIMBS, uint64_t);
	uint8_t *digits = scratch_take_array(scratch, COMMON_WINDOWS, uint8_t);
	unsigned flip = windows_prepare(windows, &k->secret, COMMON_WINDOW * COMMON_WINDOWS);
	for (unsigned w = 0; w < COMMON_WINDOWS; w++)
		digits[w] = window_digit(windows, w * COMMON_WINDOW, COMMON_WINDOW, flip);
	for (size_t done = 0; done < n; done += batch) {
		size_t count = n - done < batch ? n - done : batch;
		KERNEL(kernel_odd_multiples)(l.table, a + done, count, scratch);
		mul_common_batch(&l, &s, digits, count);
		for (size_t i = 0; i < count; i++) {
			uint64_t infinite = packed_infinity_mask(&a[done + i]);
			packed_clear_if(&l.last[0][i], infinite);
			packed_clear_if(&l.last[1][i], infinite);
		}
		KERNEL(kernel_add)(out + done, l.last[0], l.last[1], count, 0, scratch);
	}
	wipe(&s, sizeof s);
	arena_release_wiped(scratch, mark);
}
