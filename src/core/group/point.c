/* SPDX-License-Identifier: Apache-2.0 */
/* Points one by one, and blocks of them element by element. */
#include "group/point.h"

#include "group/backend_internal.h"
#include "group/packed_internal.h"

#define SUM_LANES 512u

point point_infinity(void)
{
	return (point){{0, 0, 0, 0}, {0, 0, 0, 0}};
}

point point_generator(void)
{
	point g;
	group_backend()->generator(&g);
	return g;
}

bool point_is_infinity(const point *a)
{
	return packed_infinity_mask(a) & 1;
}

bool point_equal(const point *a, const point *b)
{
	return ct_equal(a, b, sizeof *a);
}

void points_neg(point *out, const point *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = a[i];
		packed_negate_if(&out[i], UINT64_MAX);
	}
}

void point_neg(point *out, const point *a)
{
	points_neg(out, a, 1);
}

void point_add(point *out, const point *a, const point *b)
{
	point both[2] = {*a, *b};
	group_backend()->weighted_sum(out, both, 2, 0);
	wipe(both, sizeof both);
}

void point_sub(point *out, const point *a, const point *b)
{
	point both[2] = {*a, *b};
	points_neg(&both[1], &both[1], 1);
	group_backend()->weighted_sum(out, both, 2, 0);
	wipe(both, sizeof both);
}

void point_mul(point *out, const secret_scalar *k, const point *a)
{
	group_backend()->mul(out, k, a);
}

void point_mul_vartime(point *out, const scalar *k, const point *a)
{
	const secret_scalar public_one = {*k};
	group_backend()->mul(out, &public_one, a);
}

void points_add(point *out, const point *a, const point *b, size_t n, struct arena *scratch)
{
	if (n > 0)
		group_backend()->add(out, a, b, n, 0, scratch);
}

void points_sub(point *out, const point *a, const point *b, size_t n, struct arena *scratch)
{
	if (n > 0)
		group_backend()->add(out, a, b, n, 1, scratch);
}

void points_mul_common(point *out, const secret_scalar *k, const point *a, size_t n,
                       struct arena *scratch)
{
	if (n > 0)
		group_backend()->mul_common(out, k, a, n, scratch);
}

void points_sum(point *out, const point *a, size_t n, struct arena *scratch)
{
	const struct group_backend *g = group_backend();
	size_t mark = arena_mark(scratch), lanes = n < SUM_LANES ? n : SUM_LANES;
	if (n == 0) {
		*out = point_infinity();
		return;
	}
	point *sum = scratch_take_array(scratch, lanes, point);
	memcpy(sum, a, lanes * sizeof *sum);
	for (size_t done = lanes; done < n; done += lanes)
		g->add(sum, sum, a + done, n - done < lanes ? n - done : lanes, 0, scratch);
	while (lanes > 1) {
		size_t half = (lanes + 1) / 2;
		g->add(sum, sum, sum + half, lanes - half, 0, scratch);
		lanes = half;
	}
	*out = sum[0];
	arena_release_wiped(scratch, mark);
}
