/* SPDX-License-Identifier: Apache-2.0 */
/*
 * y from a secret x. The ordinary lift (kernels_bytes.c) leaves out what is no point, which tells
 * how many were.
 */
#include "group/kernels_internal.h"

void KERNEL(kernel_lift)(point *out, uint64_t *on, const uint8_t *x, size_t n)
{
	fe b, right, square;
	const struct affine infinity = {0};
	KERNEL(kernel_curve_b)(&b);
	for (size_t i = 0; i < n; i++) {
		struct affine a;
		uint64_t in_range = ct_mask_of_bit(fe_decode(&a.x, x + 32 * i));
		fe_sqr(&right, &a.x);
		fe_mul(&right, &right, &a.x);
		fe_triple(&square, &a.x);
		fe_sub(&right, &right, &square);
		fe_add(&right, &right, &b);
		on[i] = fe_sqrt(&a.y, &right) & in_range;
		affine_select(&a, on[i], &a, &infinity);
		affine_store(&out[i], &a);
	}
}
