/* SPDX-License-Identifier: Apache-2.0 */
/* A back end's table of block operations. */
#include "group/kernels_internal.h"

const struct group_backend KERNEL(group_backend) = {
	.name = KERNEL_BACKEND_NAME,
	.generator = KERNEL(kernel_generator),
	.decode = KERNEL(kernel_decode),
	.encode = KERNEL(kernel_encode),
	.lift_vartime = KERNEL(kernel_lift_vartime),
	.lift = KERNEL(kernel_lift),
	.right_side = KERNEL(kernel_right_side),
	.add = KERNEL(kernel_add),
	.bucket_terms_load = KERNEL(kernel_bucket_terms_load),
	.buckets_add_vartime = KERNEL(kernel_buckets_add_vartime),
	.buckets_merge_vartime = KERNEL(kernel_buckets_merge_vartime),
	.buckets_collapse_vartime = KERNEL(kernel_buckets_collapse_vartime),
	.fixed_table = KERNEL(kernel_fixed_table),
	.fixed_mul = KERNEL(kernel_fixed_mul),
	.mul = KERNEL(kernel_mul),
	.mul_common = KERNEL(kernel_mul_common),
	.straus = KERNEL(kernel_straus),
	.weighted_sum = KERNEL(kernel_weighted_sum),
};
