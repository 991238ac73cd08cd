/* SPDX-License-Identifier: Apache-2.0 */
/*
 * y from a secret x. The ordinary lift (kernels_bytes.c) leaves out what is no point, which tells
 * how many were.
 */
#include "group/kernels_internal.h"

/* x³ - 3x + b; all ones when x < p. */
static uint64_t right_side(fe *out, fe *x, const fe *b, const uint8_t encoded[static 32])
{
	fe three_x;
	uint64_t in_range = ct_mask_of_bit(fe_decode(x, encoded));
	fe_sqr(out, x);
	fe_mul(out, out, x);
	fe_triple(&three_x, x);
	fe_sub(out, out, &three_x);
	fe_add(out, out, b);
	return in_range;
}

void KERNEL(kernel_lift)(point *out, uint64_t *on, const uint8_t *x, size_t n)
{
	fe b, right[FE_TOGETHER], root[FE_TOGETHER];
	struct affine a[FE_TOGETHER];
	const struct affine infinity = {0};
	KERNEL(kernel_curve_b)(&b);
	for (size_t done = 0; done < n; done += FE_TOGETHER) {
		uint64_t in_range[FE_TOGETHER];
		const size_t few = n - done < FE_TOGETHER ? n - done : FE_TOGETHER;
		for (size_t i = 0; i < few; i++)
			in_range[i] = right_side(&right[i], &a[i].x, &b, x + 32 * (done + i));
		fe_sqrt_each(root, on + done, right, few);
		for (size_t i = 0; i < few; i++) {
			on[done + i] &= in_range[i];
			a[i].y = root[i];
			affine_select(&a[i], on[done + i], &a[i], &infinity);
			affine_store(&out[done + i], &a[i]);
		}
	}
}

bool KERNEL(kernel_right_side)(uint64_t out[static 4], const uint8_t x[static 32])
{
	fe b, right, decoded;
	KERNEL(kernel_curve_b)(&b);
	bool in_range = right_side(&right, &decoded, &b, x) != 0;
	fe_to_plain(out, &right);
	return in_range;
}
