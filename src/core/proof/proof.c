/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/proof.h"

void proof_respond(scalar *z, secret_scalar *a, const scalar *c, const secret_scalar *x)
{
	scalar_mul_add(z, c, &x->secret, &a->secret);
	secret_scalar_wipe(a);
}

/* z·h = A + c·X, compared as points: no inversion, no special case for infinity. */
static bool holds_vartime(const point *h, const point *commitment, const scalar *c,
                          const point *statement, const scalar *z)
{
	point left, right;
	point_mul_vartime(&left, z, h);
	point_mul_vartime(&right, c, statement);
	point_add(&right, &right, commitment);
	return point_equal(&left, &right);
}

bool proof_check_log_vartime(const point *commitment, const scalar *c, const point *statement,
                             const scalar *z, struct error *err)
{
	const point g = point_generator();
	if (!holds_vartime(&g, commitment, c, statement, z))
		return fail(err, ERROR_REJECTED, "proof: the equation does not hold", ERROR_NOWHERE);
	return true;
}

bool proof_check_equal_logs_vartime(const point *h, const point *x, const point *w,
                                    const point *commitment_g, const point *commitment_h,
                                    const scalar *c, const scalar *z, struct error *err)
{
	const point g = point_generator();
	if (!holds_vartime(&g, commitment_g, c, x, z))
		return fail(err, ERROR_REJECTED, "proof: the first of two equations does not hold", 0);
	if (!holds_vartime(h, commitment_h, c, w, z))
		return fail(err, ERROR_REJECTED, "proof: the second of two equations does not hold", 1);
	return true;
}
