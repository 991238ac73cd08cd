/* SPDX-License-Identifier: Apache-2.0 */
/* Constant-time multi-scalar multiplication: Straus, block by block, windows summed apart. */
#include "group/msm.h"

#include "group/backend_internal.h"

void msm(point *inout, const secret_scalar *k, const point *p, size_t n, struct arena *scratch)
{
	const struct group_backend *g = group_backend();
	size_t mark = arena_mark(scratch);
	if (n == 0)
		return;
	point *total = scratch_take_array(scratch, COMMON_WINDOWS, point);
	point *block = scratch_take_array(scratch, COMMON_WINDOWS, point);
	memset(total, 0, COMMON_WINDOWS * sizeof *total);
	for (size_t done = 0; done < n; done += STRAUS_BLOCK) {
		size_t count = n - done < STRAUS_BLOCK ? n - done : STRAUS_BLOCK;
		g->straus(block, k + done, p + done, count, scratch);
		g->add(total, total, block, COMMON_WINDOWS, 0, scratch);
	}
	g->weighted_sum(&block[0], total, COMMON_WINDOWS, COMMON_WINDOW);
	block[1] = *inout;
	g->weighted_sum(inout, block, 2, 0);
	arena_release_wiped(scratch, mark);
}
