/* SPDX-License-Identifier: Apache-2.0 */
#include "group/fixed_base.h"

#include "group/backend_internal.h"

_Static_assert(sizeof(point) * FIXED_WINDOWS * FIXED_ENTRIES <= FIXED_BASE_BYTES,
               "the table fits in what the header promises");

bool fixed_base_init(struct fixed_base *t, const point *base, struct arena *memory,
                     struct arena *scratch, struct error *err)
{
	t->base = *base;
	t->table = arena_take_array(memory, (size_t)FIXED_WINDOWS * FIXED_ENTRIES, point, err);
	if (!t->table)
		return false;
	if (!point_is_infinity(base))
		group_backend()->fixed_table(t->table, base, scratch);
	return true;
}

void fixed_base_mul(point *out, const struct fixed_base *t, const secret_scalar *k, size_t n,
                    struct arena *scratch)
{
	if (n == 0)
		return;
	if (point_is_infinity(&t->base)) { /* the base is public; its multiples are all infinity */
		memset(out, 0, n * sizeof *out);
		return;
	}
	group_backend()->fixed_mul(out, t->table, k, n, scratch);
}

void fixed_base_mul_add(point *out, const struct fixed_base *t, const secret_scalar *k,
                        const point *a, size_t n, struct arena *scratch)
{
	size_t mark = arena_mark(scratch), batch = n < KERNEL_BATCH ? n : KERNEL_BATCH;
	if (n == 0)
		return;
	point *product = scratch_take_array(scratch, batch, point);
	for (size_t done = 0; done < n; done += batch) {
		size_t count = n - done < batch ? n - done : batch;
		fixed_base_mul(product, t, k + done, count, scratch);
		points_add(out + done, product, a + done, count, scratch);
	}
	arena_release_wiped(scratch, mark);
}
