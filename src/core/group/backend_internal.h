/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a back end provides: the block operations everything else in this folder is made of.
 *
 * A back end owns its field domain (Montgomery factor, limbs, lanes). Between calls points are at
 * rest: canonical values of that domain, packed in 4×64 bits, so that equality is equality of words
 * and the negative of y is p - y whatever the domain. Entries work on whole blocks, so that one
 * with vector lanes can keep its own layout from the first load to the last store.
 *
 * Secrets: constant time unless the name ends in _vartime. Memory: `scratch` as in point.h; each
 * entry gives back what it took, wiped. Nothing here may be called with n = 0.
 */
#ifndef GROUP_BACKEND_INTERNAL_H
#define GROUP_BACKEND_INTERNAL_H

#include "group/fixed_base.h"
#include "group/point.h"

#define FIXED_WINDOW 6u
#define FIXED_WINDOWS 43u /* ⌈257 / 6⌉: odd signed digits of k or q - k */
#define FIXED_ENTRIES 32u /* odd multiples 1, 3 … 63 of 2^(6i)·base */
#define COMMON_WINDOW 5u
#define COMMON_WINDOWS 52u
#define COMMON_ENTRIES 16u /* odd multiples 1, 3 … 31 */
#define STRAUS_BLOCK 1024u /* most terms of one straus call */
#define WIDE_BYTES 64u     /* an x before reduction modulo p */
#define KERNEL_BATCH 2048u /* additions that share one inversion */
/* Below these an inversion per step costs more than coordinates that need none. */
#define SMALL_BLOCK 32u
#define SMALL_COMMON_BLOCK 64u

/* out = ±a ± b. out may be the a or the b of its own job, never those of another job. */
struct sum_job {
	const point *a, *b;
	point *out;
	uint32_t negate_a, negate_b; /* 0 or 1 */
};

struct group_backend {
	const char *name;
	void (*generator)(point *out);
	/* Affine coordinates as 32 bytes big-endian, `step` bytes from one point to the next. decode
	 * returns the index of the first that is out of range or not on the curve, n if none is. */
	size_t (*decode)(point *out, const uint8_t *x, const uint8_t *y, size_t step, size_t n);
	void (*encode)(uint8_t *x, uint8_t *y, size_t step, const point *in, size_t n);
	/* Those x (mod p) that are points, with the smaller y, in order; returns how many. */
	size_t (*lift_vartime)(point *out, const uint8_t *x, size_t n);
	void (*lift)(point *out, uint64_t *on, const uint8_t *x, size_t n); /* lift.h */
	/* out[i] = a[i] ± b[i]; negate: 0 or 1, public */
	void (*add)(point *out, const point *a, const point *b, size_t n, unsigned negate,
	            struct arena *scratch);
	void (*sum_jobs_vartime)(const struct sum_job *jobs, size_t n, struct arena *scratch);
	/* The base is finite; k[i] any. */
	void (*fixed_table)(point *table, const point *base, struct arena *scratch);
	void (*fixed_mul)(point *out, const point *table, const secret_scalar *k, size_t n,
	                  struct arena *scratch);
	void (*mul)(point *out, const secret_scalar *k, const point *a);
	void (*mul_common)(point *out, const secret_scalar *k, const point *a, size_t n,
	                   struct arena *scratch);
	/* sums[w] = Σ digit_w(k[i])·p[i], so that Σ k[i]·p[i] = Σ 2^(5w)·sums[w]. n ≤ STRAUS_BLOCK. */
	void (*straus)(point sums[static COMMON_WINDOWS], const secret_scalar *k, const point *p,
	               size_t n, struct arena *scratch);
	/* out = Σ 2^(step·i)·p[i] */
	void (*weighted_sum)(point *out, const point *p, size_t n, unsigned step);
};

extern const struct group_backend group_backend_64, group_backend_29;

const struct group_backend *group_backend(void);

/* Scratch is a precondition of every block function, so running out of it is a caller's error. */
static inline void *scratch_take(struct arena *scratch, size_t count, size_t item_bytes)
{
	void *p = arena_take(scratch, count, item_bytes, NULL);
	require(p != NULL);
	return p;
}
#define scratch_take_array(a, count, type) ((type *)scratch_take((a), (count), sizeof(type)))

#endif
