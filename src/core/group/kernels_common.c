/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiples of many points: one secret scalar for all (mul_common), or one each and their sum
 * (straus). Both start from a table of the odd multiples of every point.
 *
 * mul_common: why no addition but the last can be special: before it the sum is m·P and the term
 * d·P with |d| ≤ 31 < 32 ≤ m and m + |d| < q, so that neither m = d nor m = -d modulo q.
 */
#include "group/kernels_internal.h"
#include "group/packed_internal.h"
#include "group/windows_internal.h"

struct lanes {
	struct affine *sum, *term;
	fe_loose *d;
	fe *inverse;
	point *table; /* [lane][COMMON_ENTRIES] */
	point *last[2];
	uint8_t *infinite; /* lanes whose point is infinity: they compute with G, for nothing */
};

static struct lanes lanes_take(struct arena *scratch, size_t n)
{
	return (struct lanes){
		.sum = scratch_take_array(scratch, n, struct affine),
		.term = scratch_take_array(scratch, n, struct affine),
		.d = scratch_take_array(scratch, n, fe_loose),
		.inverse = scratch_take_array(scratch, n, fe),
		.table = scratch_take_array(scratch, n * COMMON_ENTRIES, point),
		.last = {scratch_take_array(scratch, n, point), scratch_take_array(scratch, n, point)},
		.infinite = scratch_take_array(scratch, n, uint8_t),
	};
}

static void double_lanes(struct lanes *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fe_loose_add(&l->d[i], &l->sum[i].y, &l->sum[i].y);
	KERNEL(kernel_invert)(l->inverse, l->d, n);
	affine_double_lanes(l->sum, l->inverse, n);
}

static void add_lanes(struct lanes *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fe_loose_sub(&l->d[i], &l->term[i].x, &l->sum[i].x);
	KERNEL(kernel_invert)(l->inverse, l->d, n);
	affine_add_lanes(l->sum, l->term, l->inverse, n);
}

/* The table, and the mask of infinity; P, 3P … 31P are distinct from 2P and -2P. */
static void prepare_table(struct lanes *l, const point *p, size_t n)
{
	struct affine base, generator;
	point g;
	KERNEL(kernel_generator)(&g);
	affine_load(&generator, &g);
	for (size_t i = 0; i < n; i++) {
		affine_load(&base, &p[i]);
		uint64_t infinite = affine_infinity_mask(&base);
		l->infinite[i] = (uint8_t)(infinite & 1);
		affine_select(&l->sum[i], infinite, &generator, &base);
		affine_store(&l->table[i * COMMON_ENTRIES], &l->sum[i]);
	}
	double_lanes(l, n);
	memcpy(l->term, l->sum, n * sizeof *l->term);
	for (size_t i = 0; i < n; i++)
		affine_load(&l->sum[i], &l->table[i * COMMON_ENTRIES]);
	for (size_t j = 1; j < COMMON_ENTRIES; j++) {
		add_lanes(l, n);
		for (size_t i = 0; i < n; i++)
			affine_store(&l->table[i * COMMON_ENTRIES + j], &l->sum[i]);
	}
}

static void select_lane(point *out, const struct lanes *l, size_t i, uint8_t digit)
{
	table_select(out, l->table + i * COMMON_ENTRIES, COMMON_ENTRIES, digit);
	packed_negate_if(out, digit_negative_mask(digit));
}

static void select_lanes(struct affine *out, const struct lanes *l, uint8_t digit, size_t n)
{
	point entry;
	for (size_t i = 0; i < n; i++) {
		select_lane(&entry, l, i, digit);
		affine_load(&out[i], &entry);
	}
}

/* Everything but the last addition, whose two sides it leaves in l->last. */
static void mul_common_batch(struct lanes *l, const uint8_t digits[COMMON_WINDOWS], const point *a,
                             size_t n)
{
	prepare_table(l, a, n);
	select_lanes(l->sum, l, digits[COMMON_WINDOWS - 1], n);
	for (unsigned w = COMMON_WINDOWS - 1; w-- > 0;) {
		for (unsigned j = 0; j < COMMON_WINDOW; j++)
			double_lanes(l, n);
		select_lanes(l->term, l, digits[w], n);
		if (w > 0)
			add_lanes(l, n);
	}
	for (size_t i = 0; i < n; i++) {
		affine_store(&l->last[0][i], &l->sum[i]);
		affine_store(&l->last[1][i], &l->term[i]);
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
	size_t mark = arena_mark(scratch), batch = n < KERNEL_BATCH ? n : KERNEL_BATCH;
	struct lanes l = lanes_take(scratch, batch);
	uint64_t *windows = scratch_take_array(scratch, WINDOW_LIMBS, uint64_t);
	uint8_t *digits = scratch_take_array(scratch, COMMON_WINDOWS, uint8_t);
	unsigned flip = windows_prepare(windows, &k->secret, COMMON_WINDOW * COMMON_WINDOWS);
	for (unsigned w = 0; w < COMMON_WINDOWS; w++)
		digits[w] = window_digit(windows, w * COMMON_WINDOW, COMMON_WINDOW, flip);
	for (size_t done = 0; done < n; done += batch) {
		size_t count = n - done < batch ? n - done : batch;
		mul_common_batch(&l, digits, a + done, count);
		KERNEL(kernel_add)(out + done, l.last[0], l.last[1], count, 0, scratch);
		for (size_t i = 0; i < count; i++)
			packed_clear_if(&out[done + i], ct_mask_of_bit(l.infinite[i]));
	}
	arena_release_wiped(scratch, mark);
}

/* Lanes are summed by halves: all windows of a group side by side, so that rounds stay long. */
static void sum_lanes(point *p, size_t lanes, size_t group, struct arena *scratch)
{
	while (lanes > 1) {
		size_t half = (lanes + 1) / 2;
		KERNEL(kernel_add)(p, p, p + half * group, (lanes - half) * group, 0, scratch);
		lanes = half;
	}
}

#define STRAUS_GROUP 13u
_Static_assert(COMMON_WINDOWS % STRAUS_GROUP == 0, "groups are whole");

void KERNEL(kernel_straus)(point sums[static COMMON_WINDOWS], const secret_scalar *k,
                           const point *p, size_t n, struct arena *scratch)
{
	require(n <= STRAUS_BLOCK);
	size_t mark = arena_mark(scratch);
	struct lanes l = lanes_take(scratch, n);
	uint8_t *digits = scratch_take_array(scratch, n * COMMON_WINDOWS, uint8_t);
	point *terms = scratch_take_array(scratch, n * STRAUS_GROUP, point);
	uint64_t *windows = scratch_take_array(scratch, WINDOW_LIMBS, uint64_t);
	prepare_table(&l, p, n);
	for (size_t i = 0; i < n; i++) {
		unsigned flip = windows_prepare(windows, &k[i].secret, COMMON_WINDOW * COMMON_WINDOWS);
		for (unsigned w = 0; w < COMMON_WINDOWS; w++)
			digits[i * COMMON_WINDOWS + w] =
				window_digit(windows, w * COMMON_WINDOW, COMMON_WINDOW, flip);
	}
	for (size_t first = 0; first < COMMON_WINDOWS; first += STRAUS_GROUP) {
		for (size_t i = 0; i < n; i++)
			for (size_t w = 0; w < STRAUS_GROUP; w++) {
				point *t = &terms[i * STRAUS_GROUP + w];
				select_lane(t, &l, i, digits[i * COMMON_WINDOWS + first + w]);
				packed_clear_if(t, ct_mask_of_bit(l.infinite[i]));
			}
		sum_lanes(terms, n, STRAUS_GROUP, scratch);
		memcpy(sums + first, terms, STRAUS_GROUP * sizeof *terms);
	}
	arena_release_wiped(scratch, mark);
}
