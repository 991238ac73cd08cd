/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiples of one base known in advance: a table of odd multiples for every window, so that there
 * is nothing to double, and one affine addition per window across the whole block.
 *
 * Why no addition but the last can be special: before window i the sum is less than 2^(6i) in
 * absolute value, the term is at least that, and both are below q/2 until the last window.
 */
#include "group/kernels_sweep_internal.h"
#include "group/packed_internal.h"
#include "group/windows_internal.h"

#define FIXED_BATCH 1024u

struct lanes {
	struct affine *sum;
	fe *x;           /* the term's */
	fe_loose *rise;  /* the term's y less the sum's */
	uint8_t *digits; /* [window][FIXED_BATCH] */
	point *last[2];
};

/* table[w][j] = (2j + 1)·2^(6w)·base, every window sealed */
void KERNEL(kernel_fixed_table)(point *table, const point *base, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	point *odd = scratch_take_array(scratch, FIXED_WINDOWS, point);
	point *twice = scratch_take_array(scratch, FIXED_WINDOWS, point);
	odd[0] = *base;
	for (size_t w = 1; w < FIXED_WINDOWS; w++)
		KERNEL(kernel_double_times)(&odd[w], &odd[w - 1], FIXED_WINDOW);
	KERNEL(kernel_add)(twice, odd, odd, FIXED_WINDOWS, 0, scratch);
	for (size_t j = 0; j < FIXED_ENTRIES; j++) {
		for (size_t w = 0; w < FIXED_WINDOWS; w++)
			table[w * FIXED_ENTRIES + j] = odd[w];
		if (j + 1 < FIXED_ENTRIES)
			KERNEL(kernel_add)(odd, odd, twice, FIXED_WINDOWS, 0, scratch);
	}
	for (size_t w = 0; w < FIXED_WINDOWS; w++)
		table_seal((words4 *)&table[w * FIXED_ENTRIES], TABLE_VECTORS(point), FIXED_ENTRIES);
	arena_release(scratch, mark);
}

static void prepare_digits(struct lanes *l, const secret_scalar *k, size_t n)
{
	uint64_t windows[WINDOW_LIMBS];
	for (size_t i = 0; i < n; i++) {
		unsigned flip = windows_prepare(windows, &k[i].secret, FIXED_WINDOW * FIXED_WINDOWS);
		for (unsigned w = 0; w < FIXED_WINDOWS; w++)
			l->digits[w * FIXED_BATCH + i] =
				window_digit(windows, w * FIXED_WINDOW, FIXED_WINDOW, flip);
	}
	wipe(windows, sizeof windows);
}

static void select_entry(union point_entry *out, const point *table, unsigned w, uint8_t digit)
{
	table_select(out->v, (const words4 *)(table + (size_t)w * FIXED_ENTRIES), TABLE_VECTORS(point),
	             FIXED_ENTRIES, digit);
}

static void select_signed(point *out, const point *table, unsigned w, uint8_t digit)
{
	union point_entry e;
	select_entry(&e, table, w, digit);
	packed_negate_if(&e.p, digit_negative_mask(digit));
	*out = e.p;
}

/* Window w's additions, in a group of lanes. */
static void begin_group(struct lanes *l, struct sweep *s, const point *table, unsigned w,
                        size_t first, size_t n)
{
	union point_entry e;
	struct affine term;
	for (size_t i = first; i < first + n; i++) {
		const uint8_t digit = l->digits[w * FIXED_BATCH + i];
		select_entry(&e, table, w, digit);
		affine_load(&term, &e.p);
		lane_begin_add(&s->d[i], &l->rise[i], &l->sum[i], &term, digit_sign(digit));
		l->x[i] = term.x;
	}
	sweep_push(s, first, n);
}

/* Everything but the last addition, whose two sides it leaves in l->last. */
static void mul_batch(struct lanes *l, struct sweep *s, const point *table, size_t n)
{
	const unsigned top = FIXED_WINDOWS - 1;
	fe inverse[TOGETHER];
	size_t count;
	sweep_start(s, n);
	for (size_t g = 0; g < sweep_groups(s); g++) {
		size_t first = sweep_group(s, g, &count);
		for (size_t i = first; i < first + count; i++) {
			select_signed(&l->last[0][i], table, 0, l->digits[i]);
			affine_load(&l->sum[i], &l->last[0][i]);
		}
		begin_group(l, s, table, 1, first, count);
	}
	for (unsigned w = 1; w < top; w++) {
		sweep_turn(s, 1);
		for (size_t g = 0; g < sweep_groups(s); g++) {
			size_t first = sweep_group(s, g, &count);
			sweep_pop(inverse, s, first, count);
			lanes_add(&l->sum[first], &l->x[first], &l->rise[first], inverse, count);
			if (w + 1 < top)
				begin_group(l, s, table, w + 1, first, count);
		}
	}
	for (size_t i = 0; i < n; i++) {
		affine_store(&l->last[0][i], &l->sum[i]);
		select_signed(&l->last[1][i], table, top, l->digits[top * FIXED_BATCH + i]);
	}
}

void KERNEL(kernel_fixed_mul)(point *out, const point *table, const secret_scalar *k, size_t n,
                              struct arena *scratch)
{
	if (n < SMALL_BLOCK) {
		KERNEL(kernel_fixed_mul_few)(out, table, k, n);
		return;
	}
	size_t mark = arena_mark(scratch);
	struct sweep s = sweep_take(scratch, FIXED_BATCH);
	struct lanes l = {
		.sum = scratch_take_array(scratch, FIXED_BATCH, struct affine),
		.x = scratch_take_array(scratch, FIXED_BATCH, fe),
		.rise = scratch_take_array(scratch, FIXED_BATCH, fe_loose),
		.digits = scratch_take_array(scratch, (size_t)FIXED_WINDOWS * FIXED_BATCH, uint8_t),
		.last = {scratch_take_array(scratch, FIXED_BATCH, point),
	             scratch_take_array(scratch, FIXED_BATCH, point)},
	};
	for (size_t done = 0; done < n; done += FIXED_BATCH) {
		size_t count = n - done < FIXED_BATCH ? n - done : FIXED_BATCH;
		prepare_digits(&l, k + done, count);
		mul_batch(&l, &s, table, count);
		KERNEL(kernel_add)(out + done, l.last[0], l.last[1], count, 0, scratch);
	}
	wipe(&s, sizeof s);
	arena_release_wiped(scratch, mark);
}
