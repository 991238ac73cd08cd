/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multi-scalar multiplication: Σ k_i·P_i.
 *
 * Two entries. msm_vartime: buckets, public scalars and points only. msm: constant time, for
 * sums whose scalars are a prover's secrets.
 *
 * Paper: Pippenger's bucket method with signed digits; sums inside buckets by batch-affine
 * additions (pairwise trees); constant time: Straus with signed odd windows and full table scans.
 * Memory: msm_vartime keeps persistent buckets: feed any number of blocks, N stays unbounded. One
 *   struct per thread; merge, then finish. Size: msm_vartime_bytes (≤ 16 MB; 11 MB at 100,000
 * terms). Exceptional additions (equal, opposite, infinity) are found once per batch, so that
 * nobody who chooses the points can slow it down. Cost per term at N = 100,000: ≈ 20 additions ≈
 * 120 M (256 bits), 65 M (128 bits); 18 additions from 400,000 terms on.
 */
#ifndef GROUP_MSM_H
#define GROUP_MSM_H

#include "group/point.h"

struct msm_vartime; /* opaque; lives in the arena it was made in */

size_t msm_vartime_bytes(uint64_t terms_expected); /* the window grows with it */
struct msm_vartime *msm_vartime_new(struct arena *memory, uint64_t terms_expected,
                                    struct error *err);
/* bits: 128 or 256; scalars with bits = 128 must be < 2^128. Takes n of any size. Zero scalars are
 * free. */
void msm_vartime_add(struct msm_vartime *m, const point *p, const scalar *k, size_t n,
                     unsigned bits, struct arena *scratch);
/* Both made for the same terms_expected. */
void msm_vartime_merge(struct msm_vartime *into, const struct msm_vartime *from,
                       struct arena *scratch);
/* m is spent: its memory may be released, nothing else. */
void msm_vartime_finish(point *out, struct msm_vartime *m, struct arena *scratch);

/* out += Σ k[i]·p[i] (out is read: start from infinity, go in blocks of hundreds). ≈ 390 M per
 * term; a hash of k and p keeps chosen points from meeting special cases. */
void msm(point *inout, const secret_scalar *k, const point *p, size_t n, struct arena *scratch);

#endif
