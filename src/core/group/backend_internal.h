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
#define WIDE_BYTES 64u     /* an x before reduction modulo p */
#define KERNEL_BATCH 2048u /* additions that share one inversion */
/* Below these an inversion per step costs more than coordinates that need none. */
#define SMALL_BLOCK 32u
#define SMALL_COMMON_BLOCK 64u

/* Room for one affine point in any back end's own form, where infinity is all zero bytes. */
#define AFFINE_BYTES 80u
struct affine;
struct bucket_terms; /* msm_internal.h */
struct msm_windows;

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
	/* x³ - 3x + b as a plain integer below p, four words; false when x ≥ p. */
	bool (*right_side)(uint64_t out[static 4], const uint8_t x[static 32]);
	/* out[i] = a[i] ± b[i]; negate: 0 or 1, public */
	void (*add)(point *out, const point *a, const point *b, size_t n, unsigned negate,
	            struct arena *scratch);
	/* terms[at…at+n-1] = p[0…n-1] in the back end's own form. */
	void (*bucket_terms_load)(struct affine *terms, size_t at, const point *p, size_t n);
	void (*buckets_add_vartime)(struct affine *buckets, const struct msm_windows *w,
	                            const struct bucket_terms *t, struct arena *scratch);
	/* into[i] += from[i] */
	void (*buckets_merge_vartime)(struct affine *into, const struct affine *from, size_t n,
	                              struct arena *scratch);
	/* Σ 2^i·powers[i] is the sum of all buckets times their digits; spends the buckets. */
	void (*buckets_collapse_vartime)(point *powers, struct affine *buckets,
	                                 const struct msm_windows *w, struct arena *scratch);
	/* The base is finite; k[i] any. */
	void (*fixed_table)(point *table, const point *base, struct arena *scratch);
	void (*fixed_mul)(point *out, const point *table, const secret_scalar *k, size_t n,
	                  struct arena *scratch);
	void (*mul)(point *out, const secret_scalar *k, const point *a);
	void (*mul_common)(point *out, const secret_scalar *k, const point *a, size_t n,
	                   struct arena *scratch);
	/* sums[w] = Σ digit_w(k[i])·p[i], so that Σ k[i]·p[i] = Σ 2^(5w)·sums[w]. */
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
