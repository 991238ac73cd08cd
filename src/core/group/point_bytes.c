/* SPDX-License-Identifier: Apache-2.0 */
/* The byte forms of points: Verificatum's tree of 81 bytes, raw 64 bytes, and y from x. */
#include "group/backend_internal.h"
#include "group/packed_internal.h"

/* node(2 children), leaf(33 bytes: 00, x), leaf(33 bytes: 00, y) */
#define TREE_X 11u /* where the 32 bytes begin */
#define TREE_Y 49u
#define LEAF_BYTES 33u
static const uint8_t tree_head[TREE_X] = {0, 0, 0, 0, 2, 1, 0, 0, 0, LEAF_BYTES, 0};
static const uint8_t leaf_head[TREE_Y - TREE_X - 32u] = {1, 0, 0, 0, LEAF_BYTES, 0};

static bool is_tree_of_finite(const uint8_t *in)
{
	return memcmp(in, tree_head, sizeof tree_head) == 0 &&
	       memcmp(in + TREE_X + 32, leaf_head, sizeof leaf_head) == 0;
}

static bool is_tree_of_infinity(const uint8_t *in)
{
	uint8_t all = 0xff;
	for (size_t i = 0; i < LEAF_BYTES; i++)
		all &= in[TREE_X - 1 + i] & in[TREE_Y - 1 + i];
	return all == 0xff && memcmp(in, tree_head, sizeof tree_head - 1) == 0 &&
	       memcmp(in + TREE_X + 32, leaf_head, sizeof leaf_head - 1) == 0;
}

bool points_decode_tree(point *out, bytes in, size_t n, enum point_accept accept, struct error *err)
{
	if (in.len / POINT_TREE_BYTES != n || in.len % POINT_TREE_BYTES != 0)
		return fail(err, ERROR_MALFORMED, "point: wrong number of bytes", ERROR_NOWHERE);
	for (size_t i = 0; i < n; i++) {
		const uint8_t *at = in.p + i * POINT_TREE_BYTES;
		size_t run = 0;
		while (i + run < n && is_tree_of_finite(at + run * POINT_TREE_BYTES))
			run++;
		if (run > 0) {
			size_t good =
				group_backend()->decode(out + i, at + TREE_X, at + TREE_Y, POINT_TREE_BYTES, run);
			if (good < run)
				return fail(err, ERROR_MALFORMED, "point: not on the curve", i + good);
			i += run - 1;
			continue;
		}
		if (!is_tree_of_infinity(at))
			return fail(err, ERROR_MALFORMED, "point: not the tree of a point", i);
		if (accept != POINT_OR_INFINITY)
			return fail(err, ERROR_MALFORMED, "point: infinity is not allowed here", i);
		out[i] = point_infinity();
	}
	return true;
}

void points_encode_tree(uint8_t *out, const point *in, size_t n)
{
	if (n == 0)
		return;
	group_backend()->encode(out + TREE_X, out + TREE_Y, POINT_TREE_BYTES, in, n);
	for (size_t i = 0; i < n; i++) {
		uint8_t *at = out + i * POINT_TREE_BYTES;
		memcpy(at, tree_head, sizeof tree_head);
		memcpy(at + TREE_X + 32, leaf_head, sizeof leaf_head);
		uint8_t fill = (uint8_t)packed_infinity_mask(&in[i]);
		for (size_t j = 0; j < LEAF_BYTES; j++) {
			at[TREE_X - 1 + j] |= fill;
			at[TREE_Y - 1 + j] |= fill;
		}
	}
}

bool point_decode_raw(point *out, const uint8_t in[static POINT_RAW_BYTES], struct error *err)
{
	if (group_backend()->decode(out, in, in + 32, POINT_RAW_BYTES, 1) != 1)
		return fail(err, ERROR_MALFORMED, "point: not on the curve", ERROR_NOWHERE);
	return true;
}

void point_encode_raw(uint8_t out[static POINT_RAW_BYTES], const point *a)
{
	group_backend()->encode(out, out + 32, POINT_RAW_BYTES, a, 1);
}

bool point_lift_vartime(point *out, const uint8_t x[static 32])
{
	static const uint8_t p[32] = {0xff, 0xff, 0xff, 0xff, 0,    0,    0,    1,    0,    0,    0,
	                              0,    0,    0,    0,    0,    0,    0,    0,    0,    0xff, 0xff,
	                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	uint8_t wide[WIDE_BYTES] = {0};
	if (memcmp(x, p, sizeof p) >= 0)
		return false;
	memcpy(wide + WIDE_BYTES - 32, x, 32);
	return group_backend()->lift_vartime(out, wide, 1) == 1;
}
