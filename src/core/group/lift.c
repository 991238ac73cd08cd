/* SPDX-License-Identifier: Apache-2.0 */
#include "group/lift.h"

#include "group/backend_internal.h"
#include "group/jacobi_internal.h"

void points_lift(point *out, uint64_t *on, const uint8_t *x, size_t n)
{
	group_backend()->lift(out, on, x, n);
}

bool x_has_point_vartime(const uint8_t x[static 32])
{
	uint64_t right[4];
	/* 0 would be a point of order two; there is none on a curve of odd order. */
	return group_backend()->right_side(right, x) && jacobi_vartime(right) == 1;
}

bool point_is_lifted_vartime(const point *p)
{
	uint8_t raw[POINT_RAW_BYTES];
	uint64_t y[4];
	if (point_is_infinity(p))
		return false;
	point_encode_raw(raw, p);
	for (size_t i = 0; i < 4; i++)
		y[i] = load_be64(raw + POINT_RAW_BYTES - 8 * (i + 1));
	return jacobi_vartime(y) == 1;
}
