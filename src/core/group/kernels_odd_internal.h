/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of odd multiples, one for each of many points, in the field's own form.
 */
#ifndef GROUP_KERNELS_ODD_INTERNAL_H
#define GROUP_KERNELS_ODD_INTERNAL_H

#include "group/kernels_sweep_internal.h"
#include "group/packed_internal.h"
#include "group/windows_internal.h"

union odd_entry {
	struct affine a;
	words4 v[TABLE_VECTORS(struct affine)];
};

/* table[i·COMMON_ENTRIES + j] = (2j + 1)·p[i], of G where p[i] is infinity; sealed
 * (windows_internal.h). 80 M + 17 S each. */
void KERNEL(kernel_odd_multiples)(union odd_entry *table, const point *p, size_t n,
                                  struct arena *scratch);

static inline void odd_select(struct affine *out, const union odd_entry *table, uint8_t digit)
{
	union odd_entry e;
	table_select(e.v, table->v, TABLE_VECTORS(struct affine), COMMON_ENTRIES, digit);
	*out = e.a;
}

#endif
