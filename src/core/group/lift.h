/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points from x coordinates: how a voter's message becomes a point, and whether one was made so.
 *
 * Secrets: points_lift is constant time in x and in whether a point with that x exists.
 * Cost: one square root each, 253 S + 10 M; the questions a Jacobi symbol, a quarter of that.
 */
#ifndef GROUP_LIFT_H
#define GROUP_LIFT_H

#include "group/point.h"

/*
 * x: n coordinates of 32 bytes, big-endian, back to back. With f = x³ - 3x + b: when x < p and f is
 * a square, out[i] = (x, f^((p+1)/4)), y thus being the root that is itself a square, and on[i] is
 * all ones; otherwise out[i] is infinity and on[i] is zero.
 */
void points_lift(point *out, uint64_t *on, const uint8_t *x, size_t n);

/* Whether points_lift gives a point for this x. */
bool x_has_point_vartime(const uint8_t x[static 32]);
/* Whether points_lift gives this point for its x; never infinity. */
bool point_is_lifted_vartime(const point *p);

#endif
