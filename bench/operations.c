/* SPDX-License-Identifier: Apache-2.0 */
#include "operations.h"

#include "group/fixed_base.h"
#include "group/generators.h"
#include "group/msm.h"

#include <stdatomic.h>
#include <stdio.h>

static _Atomic uint64_t fixed, variable, secret, terms_256, terms_128, adds, decoded, encoded,
	lifted;

#define WRAP(type, name, arguments) \
	type __real_##name arguments;   \
	type __wrap_##name arguments;   \
	type __wrap_##name arguments

WRAP(void, fixed_base_mul,
     (point * out, const struct fixed_base *t, const secret_scalar *k, size_t n,
      struct arena *scratch))
{
	fixed += n;
	__real_fixed_base_mul(out, t, k, n, scratch);
}

WRAP(void, fixed_base_mul_add,
     (point * out, const struct fixed_base *t, const secret_scalar *k, const point *a, size_t n,
      struct arena *scratch))
{
	fixed += n; /* its additions are counted by points_add */
	__real_fixed_base_mul_add(out, t, k, a, n, scratch);
}

WRAP(void, points_mul_common,
     (point * out, const secret_scalar *k, const point *a, size_t n, struct arena *scratch))
{
	variable += n;
	__real_points_mul_common(out, k, a, n, scratch);
}

WRAP(void, msm,
     (point * inout, const secret_scalar *k, const point *p, size_t n, struct arena *scratch))
{
	secret += n;
	__real_msm(inout, k, p, n, scratch);
}

WRAP(void, msm_vartime_add,
     (struct msm_vartime * m, const point *p, const scalar *k, size_t n, unsigned bits,
      struct arena *scratch))
{
	if (bits == 128)
		terms_128 += n;
	else
		terms_256 += n;
	__real_msm_vartime_add(m, p, k, n, bits, scratch);
}

WRAP(void, points_add,
     (point * out, const point *a, const point *b, size_t n, struct arena *scratch))
{
	adds += n;
	__real_points_add(out, a, b, n, scratch);
}

WRAP(bool, points_decode_tree,
     (point * out, bytes in, size_t n, enum point_accept accept, struct error *err))
{
	decoded += n;
	return __real_points_decode_tree(out, in, n, accept, err);
}

WRAP(void, points_encode_tree, (uint8_t * out, const point *in, size_t n))
{
	encoded += n;
	__real_points_encode_tree(out, in, n);
}

WRAP(size_t, generators_from_candidates,
     (point * out, const struct prg *stream, unsigned statdist, uint64_t first, size_t candidates))
{
	lifted += candidates;
	return __real_generators_from_candidates(out, stream, statdist, first, candidates);
}

void operations_reset(void)
{
	fixed = variable = secret = terms_256 = terms_128 = adds = decoded = encoded = lifted = 0;
}

struct operations operations_since_reset(void)
{
	return (struct operations){fixed, variable, secret,  terms_256, terms_128,
	                           adds,  decoded,  encoded, lifted};
}

static void put(const char *name, uint64_t count, double n)
{
	if (count)
		printf(" %s %.2f", name, (double)count / n);
}

void operations_print(const struct operations *o, double n, const char *expected)
{
	printf("      per ciphertext:");
	put("FB", o->fixed, n);
	put("VB", o->variable, n);
	put("MSM(secret)", o->secret, n);
	put("MSM(256)", o->terms_256, n);
	put("MSM(128)", o->terms_128, n);
	put("add", o->adds, n);
	put("decode", o->decoded, n);
	put("encode", o->encoded, n);
	put("candidates", o->lifted, n);
	printf("%s%s\n", expected ? "   expected: " : "", expected ? expected : "");
}
