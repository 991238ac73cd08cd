/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets: what msm_vartime.c (digits, sorting) asks of msm_buckets.c (sums). Public inputs. */
#ifndef GROUP_MSM_INTERNAL_H
#define GROUP_MSM_INTERNAL_H

#include "group/backend_internal.h"
#include "group/msm.h"

#define WIDTH_MIN 2u
#define WIDTH_MAX 14u

struct msm_vartime {
	unsigned width, windows;
	size_t half;    /* buckets of one window: digits ±1 … ±half */
	point *buckets; /* [window][half] */
	point *pending_points;
	scalar *pending_scalars;
	size_t pending;
};

/* Terms in order of buckets; those of bucket b end where ends[b] says. */
struct bucket_terms {
	const point *points;
	uint32_t *refs; /* index of the point · 2 + 1 if it enters negated */
	uint32_t *ends;
	point *buckets;
	size_t buckets_count;
};

void buckets_add(const struct bucket_terms *t, struct arena *scratch);
void buckets_merge(point *into, const point *from, size_t n, struct arena *scratch);
/* powers[width·w + i]: their sum weighted by 2^(width·w + i) is the result; spends the buckets. */
void buckets_collapse(point *powers, struct msm_vartime *m, struct arena *scratch);

#endif
