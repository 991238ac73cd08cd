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
	.add = KERNEL(kernel_add),
	.sum_jobs_vartime = KERNEL(kernel_sum_jobs_vartime),
	.fixed_table = KERNEL(kernel_fixed_table),
	.fixed_mul = KERNEL(kernel_fixed_mul),
	.mul = KERNEL(kernel_mul),
	.mul_common = KERNEL(kernel_mul_common),
	.straus = KERNEL(kernel_straus),
	.weighted_sum = KERNEL(kernel_weighted_sum),
};
