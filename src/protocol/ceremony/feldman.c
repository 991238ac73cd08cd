/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/feldman.h"

/* Horner's rule, in the exponent too. */
void feldman_evaluate(secret_scalar *out, const secret_scalar *f, unsigned threshold, unsigned x)
{
	scalar at = scalar_of_u64(x);
	*out = f[threshold - 1];
	for (unsigned k = threshold - 1; k-- > 0;)
		scalar_mul_add(&out->secret, &out->secret, &at, &f[k].secret);
}

void feldman_commit(point *c, const secret_scalar *f, unsigned threshold)
{
	const point g = point_generator();
	for (unsigned k = 0; k < threshold; k++)
		point_mul(&c[k], &f[k], &g);
}

void feldman_at_vartime(point *out, const point *c, unsigned threshold, unsigned x)
{
	scalar k = scalar_of_u64(x);
	point acc = c[threshold - 1];
	for (unsigned m = threshold - 1; m-- > 0;) {
		point_mul_vartime(&acc, &k, &acc);
		point_add(&acc, &acc, &c[m]);
	}
	*out = acc;
}

bool feldman_fits(const secret_scalar *share, const point *c, unsigned threshold, unsigned x)
{
	const point g = point_generator();
	point got, want;
	point_mul(&got, share, &g);
	feldman_at_vartime(&want, c, threshold, x);
	return point_equal(&got, &want);
}
