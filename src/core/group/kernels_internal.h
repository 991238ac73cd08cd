/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of the kernels. Every kernels_*.c is compiled once per back end, with FIELD_BACKEND set
 * to its number: it sees that back end's field functions, and KERNEL(name) is its own symbol.
 */
#ifndef GROUP_KERNELS_INTERNAL_H
#define GROUP_KERNELS_INTERNAL_H

#include "group/backend_internal.h"

#if FIELD_BACKEND == 64 /* the form that this compiler is good at */
#ifdef __clang__
#include "group/field_64_internal.h"
#else
#include "group/field_54_internal.h"
#endif
#define KERNEL(name) name##_64
#define KERNEL_BACKEND_NAME "64"
#elif FIELD_BACKEND == 29
#include "group/field_29_internal.h"
#define KERNEL(name) name##_29
#define KERNEL_BACKEND_NAME "29"
#else
#error "FIELD_BACKEND must name a field"
#endif

struct affine { /* infinity: x = y = 0 */
	fe x, y;
};

struct projective { /* infinity: (0 : 1 : 0) */
	fe x, y, z;
};

/* kernels_bytes.c */
void KERNEL(kernel_curve_b)(fe *out);
void KERNEL(kernel_generator)(point *out);
size_t KERNEL(kernel_decode)(point *out, const uint8_t *x, const uint8_t *y, size_t step, size_t n);
void KERNEL(kernel_encode)(uint8_t *x, uint8_t *y, size_t step, const point *in, size_t n);
size_t KERNEL(kernel_lift_vartime)(point *out, const uint8_t *x, size_t n);
void KERNEL(kernel_lift)(point *out, uint64_t *on, const uint8_t *x, size_t n);
bool KERNEL(kernel_right_side)(uint64_t out[static 4], const uint8_t x[static 32]);

/* kernels_affine.c */
void KERNEL(kernel_add)(point *out, const point *a, const point *b, size_t n, unsigned negate,
                        struct arena *scratch);

/* kernels_jobs.c */
/* out = ±a ± b. out may be the a or the b of its own job, never those of another job. */
struct sum_job {
	const struct affine *a, *b;
	struct affine *out;
	bool negate_a, negate_b;
	bool doubles; /* set by kernel_sum_jobs_vartime only */
};
/* Spends the jobs; `before` has room for n. */
void KERNEL(kernel_sum_jobs_vartime)(struct sum_job *jobs, size_t n, fe *before);

/* kernels_buckets.c */
void KERNEL(kernel_bucket_terms_load)(struct affine *terms, size_t at, const point *p, size_t n);
void KERNEL(kernel_buckets_add_vartime)(struct affine *buckets, const struct msm_windows *w,
                                        const struct bucket_terms *t, struct arena *scratch);
void KERNEL(kernel_buckets_merge_vartime)(struct affine *into, const struct affine *from, size_t n,
                                          struct arena *scratch);
void KERNEL(kernel_buckets_collapse_vartime)(point *powers, struct affine *buckets,
                                             const struct msm_windows *w, struct arena *scratch);

/* kernels_projective.c */
void KERNEL(kernel_complete_sum)(point *out, const struct projective *a,
                                 const struct projective *b);
void KERNEL(kernel_double_times)(point *out, const point *a, unsigned times);
void KERNEL(kernel_weighted_sum)(point *out, const point *p, size_t n, unsigned step);

/* kernels_jacobian.c */
void KERNEL(kernel_mul)(point *out, const secret_scalar *k, const point *a);
void KERNEL(kernel_fixed_mul_few)(point *out, const point *table, const secret_scalar *k, size_t n);

/* kernels_fixed.c */
void KERNEL(kernel_fixed_table)(point *table, const point *base, struct arena *scratch);
void KERNEL(kernel_fixed_mul)(point *out, const point *table, const secret_scalar *k, size_t n,
                              struct arena *scratch);

/* kernels_common.c */
void KERNEL(kernel_mul_common)(point *out, const secret_scalar *k, const point *a, size_t n,
                               struct arena *scratch);

/* kernels_straus.c */
void KERNEL(kernel_straus)(point sums[static COMMON_WINDOWS], const secret_scalar *k,
                           const point *p, size_t n, struct arena *scratch);

static inline void affine_load(struct affine *out, const point *p)
{
	fe_load(&out->x, p->x);
	fe_load(&out->y, p->y);
}

static inline void affine_store(point *out, const struct affine *a)
{
	fe_store(out->x, &a->x);
	fe_store(out->y, &a->y);
}

static inline uint64_t affine_infinity_mask(const struct affine *a)
{
	return fe_is_zero_mask(&a->x) & fe_is_zero_mask(&a->y);
}

static inline void affine_select(struct affine *out, uint64_t mask, const struct affine *a,
                                 const struct affine *b)
{
	fe_select(&out->x, mask, &a->x, &b->x);
	fe_select(&out->y, mask, &a->y, &b->y);
}

/* The sum on the line of the given slope; a and b are finite and not opposite. */
static inline void affine_x_on_line(fe *x, const fe *slope, const struct affine *a, const fe *b_x)
{
	fe t;
	fe_sqr(&t, slope);
	fe_sub2(x, &t, &a->x, b_x);
}

static inline void affine_y_on_line(fe *y, const fe *slope, const struct affine *a, const fe *x)
{
	fe t;
	fe_loose back;
	fe_loose_sub(&back, &a->x, x);
	fe_mul_l(&t, &back, slope);
	fe_sub(y, &t, &a->y);
}

/* The tangent's slope times 2y is 3x² + a with a = -3: plus - minus */
static inline void affine_tangent(fe *plus, fe *minus, const fe *x)
{
	fe one;
	fe_one(&one);
	fe_triple(minus, &one);
	fe_sqr(plus, x);
	fe_triple(plus, plus);
}

/* Additions done side by side, step by step, as the steps of one wait for each other. */
#define TOGETHER 8u

#endif
