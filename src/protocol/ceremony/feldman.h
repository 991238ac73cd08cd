/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifiable secret sharing: a polynomial, points that commit to it, and values that fit.
 *
 * Paper: Feldman, FOCS 1987. f(x) = Σ f_k·x^k of degree t - 1, c_k = f_k·G; a share s for x fits
 * when s·G = Σ x^k·c_k. Secrets: constant time in f and s; x, t and the points are public. Cost: t
 * multiplications of a point by a small scalar for a check.
 */
#ifndef CEREMONY_FELDMAN_H
#define CEREMONY_FELDMAN_H

#include "group/point.h"

void feldman_evaluate(secret_scalar *out, const secret_scalar *f, unsigned threshold, unsigned x);
void feldman_commit(point *c, const secret_scalar *f, unsigned threshold);
void feldman_at_vartime(point *out, const point *c, unsigned threshold, unsigned x);
bool feldman_fits(const secret_scalar *share, const point *c, unsigned threshold, unsigned x);

#endif
