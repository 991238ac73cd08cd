/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buckets: what msm_vartime.c (digits, memory) and a back end's kernels_buckets.c (sums) share.
 * Public inputs.
 */
#ifndef GROUP_MSM_INTERNAL_H
#define GROUP_MSM_INTERNAL_H

#include "group/backend_internal.h"
#include "group/msm.h"

/* Terms summed together: 1.3 MB. A reference to one has 15 bits; a power of two would put all
 * windows' digits of a term on the same lines of the cache. */
#define TERMS_CHUNK 16352u

/*
 * 256 bits cut into windows whose widths differ by at most one, the wider ones at the bottom. A
 * window of w bits has signed digits -2^(w-1) … 2^(w-1) and a bucket for each size but 0.
 */
#define WINDOWS_BITS 256u
#define WINDOWS_MIN 18u /* 14 and 15 bits: a digit has 16, and more buckets gain nothing */
#define WINDOWS_MAX 128u

struct msm_windows {
	unsigned count, wide; /* all of them, and those of width + 1 */
	unsigned width;
};

static inline unsigned window_width(const struct msm_windows *w, unsigned i)
{
	return w->width + (i < w->wide);
}

static inline unsigned window_at(const struct msm_windows *w, unsigned i) /* its lowest bit */
{
	return i * w->width + (i < w->wide ? i : w->wide);
}

static inline size_t window_half(const struct msm_windows *w, unsigned i) /* its buckets */
{
	return (size_t)1 << (window_width(w, i) - 1);
}

/* Its first bucket; of i = count: how many there are. */
static inline size_t window_buckets(const struct msm_windows *w, unsigned i)
{
	size_t half = (size_t)1 << (w->width - 1), wide = i < w->wide ? i : w->wide;
	return (i + wide) * half;
}

typedef uint16_t msm_digit; /* size · 2 + 1 if negative */

struct bucket_terms {
	const struct affine *terms;
	const msm_digit *digits; /* [window][room] */
	size_t n, room;
};

/*
 * Counting sort: index · 2 + sign of the terms in order of the sizes 0…half of their digits; those
 * of size j end at ends[j]. n ≤ TERMS_CHUNK.
 */
void msm_sort(uint16_t *refs, uint16_t *ends, const msm_digit *digits, size_t n, size_t half);

#endif
