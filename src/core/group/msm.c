/* SPDX-License-Identifier: Apache-2.0 */
/* Constant-time multi-scalar multiplication: Straus, block by block, windows summed apart. */
#include "group/msm.h"

#include "base/ct.h"
#include "group/backend_internal.h"

void msm(point *inout, const secret_scalar *k, const point *p, size_t n, struct arena *scratch)
{
	const struct group_backend *g = group_backend();
	size_t mark = arena_mark(scratch);
	if (n == 0)
		return;
	point *sums = scratch_take_array(scratch, COMMON_WINDOWS, point), both[2];
	g->straus(sums, k, p, n, scratch);
	g->weighted_sum(&both[0], sums, COMMON_WINDOWS, COMMON_WINDOW);
	both[1] = *inout;
	g->weighted_sum(inout, both, 2, 0);
	wipe(both, sizeof both);
	arena_release_wiped(scratch, mark);
}
