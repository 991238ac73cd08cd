/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of the odd multiples P, 3P … 31P of many points: P doubled, and 2P added fifteen times.
 *
 * No addition is special: (2j - 1)P and 2P are neither equal nor opposite, as 2j - 3 and 2j + 1 are
 * not divisible by q for the j in question.
 */
#include "group/kernels_odd_internal.h"

struct lanes {
	struct affine *sum, *twice;
};

static void begin(struct sweep *s, struct lanes *l, const point *p)
{
	struct affine generator;
	point g;
	size_t count;
	KERNEL(kernel_generator)(&g);
	affine_load(&generator, &g);
	for (size_t group = 0; group < sweep_groups(s); group++) {
		size_t first = sweep_group(s, group, &count);
		for (size_t i = first; i < first + count; i++) {
			struct affine *a = &l->sum[i];
			affine_load(a, &p[i]);
			affine_select(a, packed_infinity_mask(&p[i]), &generator, a);
			l->twice[i] = *a;
			fe_loose_add(&s->d[i], &a->y, &a->y);
		}
		sweep_push(s, first, count);
	}
	sweep_turn(s, 3);
}

static void want_sum(struct sweep *s, const struct lanes *l, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		fe_loose_sub(&s->d[i], &l->twice[i].x, &l->sum[i].x);
	sweep_push(s, first, count);
}

static void add_twice(struct lanes *l, const fe *inverse, size_t first, size_t count)
{
	fe_loose rise[TOGETHER];
	fe x[TOGETHER];
	for (size_t i = 0; i < count; i++) {
		fe_loose_sub(&rise[i], &l->twice[first + i].y, &l->sum[first + i].y);
		x[i] = l->twice[first + i].x;
	}
	lanes_add(&l->sum[first], x, rise, inverse, count);
}

void KERNEL(kernel_odd_multiples)(union odd_entry *table, const point *p, size_t n,
                                  struct arena *scratch)
{
	size_t mark = arena_mark(scratch), count;
	struct sweep s = sweep_take(scratch, n);
	struct lanes l = {scratch_take_array(scratch, n, struct affine),
	                  scratch_take_array(scratch, n, struct affine)};
	fe inverse[TOGETHER];
	sweep_start(&s, n);
	begin(&s, &l, p);
	for (size_t j = 0; j < COMMON_ENTRIES; j++) {
		for (size_t group = 0; group < sweep_groups(&s); group++) {
			size_t first = sweep_group(&s, group, &count);
			sweep_pop(inverse, &s, first, count);
			if (j == 0)
				lanes_double(&l.twice[first], inverse, count);
			else
				add_twice(&l, inverse, first, count);
			for (size_t i = first; i < first + count; i++)
				table[i * COMMON_ENTRIES + j].a = l.sum[i];
			if (j + 1 < COMMON_ENTRIES)
				want_sum(&s, &l, first, count);
		}
		if (j + 1 < COMMON_ENTRIES)
			sweep_turn(&s, 1);
	}
	for (size_t i = 0; i < n; i++)
		table_seal(table[i * COMMON_ENTRIES].v, TABLE_VECTORS(struct affine), COMMON_ENTRIES);
	wipe(&s, sizeof s);
	arena_release_wiped(scratch, mark);
}
