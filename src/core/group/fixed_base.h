/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiples of a point known in advance: G, a public key, h_0.
 *
 * Secrets: constant time: every table entry of a window is read whatever the digit; signed odd
 *   digits, so that no digit is zero.
 * Memory: the table is in the caller's arena (FIXED_BASE_BYTES), built in ≈ 1 ms.
 * Inputs: a base that is infinity is allowed. out may be the array of the points added.
 * Cost: 42 additions ≈ 260 M per multiple (window 6), batch-affine across the block; one multiple
 *   alone costs twice that. The table belongs to the back end it was made with.
 */
#ifndef GROUP_FIXED_BASE_H
#define GROUP_FIXED_BASE_H

#include "group/point.h"

#define FIXED_BASE_BYTES ((size_t)128 << 10)

struct fixed_base {
	point base;
	point *table; /* windows × entries, at rest form */
};

bool fixed_base_init(struct fixed_base *t, const point *base, struct arena *memory,
                     struct arena *scratch, struct error *err) must_check;
/* out[i] = k[i]·base */
void fixed_base_mul(point *out, const struct fixed_base *t, const secret_scalar *k, size_t n,
                    struct arena *scratch);
/* out[i] = k[i]·base + a[i] */
void fixed_base_mul_add(point *out, const struct fixed_base *t, const secret_scalar *k,
                        const point *a, size_t n, struct arena *scratch);

#endif
