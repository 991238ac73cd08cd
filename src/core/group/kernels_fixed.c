/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiples of one base known in advance: a table of odd multiples for every window, so that there
 * is nothing to double, and one affine addition per window across the whole block.
 *
 * Why no addition but the last can be special: before window i the sum is less than 2^(6i) in
 * absolute value, the term is at least that, and both are below q/2 until the last window.
 */
#include "group/kernels_internal.h"
#include "group/packed_internal.h"
#include "group/windows_internal.h"

#define FIXED_BATCH 1024u

struct lanes {
	struct affine *sum, *term;
	fe_loose *d;
	fe *inverse;
	uint8_t *digits; /* [window][FIXED_BATCH] */
	point *last[2];
};

/* table[w][j] = (2j + 1)·2^(6w)·base */
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

static void select_terms(struct affine *out, const struct lanes *l, const point *table, unsigned w,
                         size_t n)
{
	point entry;
	for (size_t i = 0; i < n; i++) {
		uint8_t digit = l->digits[w * FIXED_BATCH + i];
		table_select(&entry, table + (size_t)w * FIXED_ENTRIES, FIXED_ENTRIES, digit);
		packed_negate_if(&entry, digit_negative_mask(digit));
		affine_load(&out[i], &entry);
	}
}

static void add_window(struct lanes *l, const point *table, unsigned w, size_t n)
{
	select_terms(l->term, l, table, w, n);
	for (size_t i = 0; i < n; i++)
		fe_loose_sub(&l->d[i], &l->term[i].x, &l->sum[i].x);
	KERNEL(kernel_invert)(l->inverse, l->d, n);
	affine_add_lanes(l->sum, l->term, l->inverse, n);
}

static void mul_batch(point *out, struct lanes *l, const point *table, const secret_scalar *k,
                      size_t n, struct arena *scratch)
{
	prepare_digits(l, k, n);
	select_terms(l->sum, l, table, 0, n);
	for (unsigned w = 1; w < FIXED_WINDOWS - 1; w++)
		add_window(l, table, w, n);
	select_terms(l->term, l, table, FIXED_WINDOWS - 1, n);
	for (size_t i = 0; i < n; i++) {
		affine_store(&l->last[0][i], &l->sum[i]);
		affine_store(&l->last[1][i], &l->term[i]);
	}
	KERNEL(kernel_add)(out, l->last[0], l->last[1], n, 0, scratch);
}

void KERNEL(kernel_fixed_mul)(point *out, const point *table, const secret_scalar *k, size_t n,
                              struct arena *scratch)
{
	if (n < SMALL_BLOCK) {
		KERNEL(kernel_fixed_mul_few)(out, table, k, n);
		return;
	}
	size_t mark = arena_mark(scratch);
	struct lanes l = {
		.sum = scratch_take_array(scratch, FIXED_BATCH, struct affine),
		.term = scratch_take_array(scratch, FIXED_BATCH, struct affine),
		.d = scratch_take_array(scratch, FIXED_BATCH, fe_loose),
		.inverse = scratch_take_array(scratch, FIXED_BATCH, fe),
		.digits = scratch_take_array(scratch, (size_t)FIXED_WINDOWS * FIXED_BATCH, uint8_t),
		.last = {scratch_take_array(scratch, FIXED_BATCH, point),
	             scratch_take_array(scratch, FIXED_BATCH, point)},
	};
	for (size_t done = 0; done < n; done += FIXED_BATCH) {
		size_t count = n - done < FIXED_BATCH ? n - done : FIXED_BATCH;
		mul_batch(out + done, &l, table, k + done, count, scratch);
	}
	arena_release_wiped(scratch, mark);
}
