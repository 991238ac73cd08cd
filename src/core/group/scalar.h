/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scalars: the integers modulo q, the order of P-256.
 *
 * Sizes: 4×64 bits, little-endian limbs, always canonical (< q), never in Montgomery form; 32 bytes
 *   big-endian raw; 38 bytes as Verificatum's leaf (header, a zero byte, 32 bytes).
 * Secrets: constant time unless the name says vartime. A secret is held as secret_scalar and handed
 *   over as &s.secret; functions that take public scalars only end in _vartime and take `scalar`.
 * Inputs: decoding refuses values ≥ q; everything else takes canonical values.
 * Cost: mul ≈ two Montgomery products; invert ≈ 256 squarings.
 */
#ifndef GROUP_SCALAR_H
#define GROUP_SCALAR_H

#include "base/seams.h"

typedef struct {
	uint64_t v[4];
} scalar;

typedef struct {
	scalar secret;
} secret_scalar;

#define SCALAR_BYTES 32u
#define SCALAR_TREE_BYTES 38u
extern const scalar scalar_zero, scalar_one;

scalar scalar_of_u64(uint64_t v);
bool scalar_decode(scalar *out, const uint8_t in[static SCALAR_BYTES]) must_check; /* false: ≥ q */
void scalar_encode(uint8_t out[static SCALAR_BYTES], const scalar *a);
void scalar_reduce(scalar *out, const uint8_t *in,
                   size_t len); /* big-endian, any len ≤ 64, mod q */

/* n leaves of 38 bytes, back to back. MALFORMED with the index. */
bool scalars_decode_tree(scalar *out, bytes in, size_t n, struct error *err) must_check;
void scalars_encode_tree(uint8_t *out, const scalar *in, size_t n);

void scalar_add(scalar *out, const scalar *a, const scalar *b);
void scalar_sub(scalar *out, const scalar *a, const scalar *b);
void scalar_neg(scalar *out, const scalar *a);
void scalar_mul(scalar *out, const scalar *a, const scalar *b);
void scalar_mul_add(scalar *out, const scalar *a, const scalar *b, const scalar *c); /* ab + c */
void scalar_invert(scalar *out, const scalar *a);                                    /* 0 ↦ 0 */
bool scalar_is_zero(const scalar *a);
bool scalar_equal(const scalar *a, const scalar *b);

/* Uniform: 48 random bytes mod q each (bias < 2^-128). */
bool scalar_random(scalar *out, struct rng *rng, struct error *err) must_check;
bool scalars_random(scalar *out, size_t n, struct rng *rng, struct error *err) must_check;
static inline must_check bool secret_scalar_random(secret_scalar *out, struct rng *rng,
                                                   struct error *err)
{
	return scalar_random(&out->secret, rng, err);
}
void secret_scalar_wipe(secret_scalar *s);

#endif
