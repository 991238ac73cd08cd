/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points of P-256.
 *
 * Sizes: at rest 64 bytes, affine, both coordinates in the domain of the back end in use (only the
 *   byte forms are common to back ends); infinity is x = y = 0. Byte forms: 81 bytes as
 *   Verificatum's tree node(leaf x, leaf y) of 33-byte leaves, infinity all FF; 64 bytes raw x ‖ y.
 * Secrets: unsuffixed = constant time in scalars and in points. _vartime = public inputs only.
 * Inputs: points come from decoding (on the curve, coordinates < p; cofactor 1) or from here.
 * Memory: block functions take `scratch` with GROUP_SCRATCH_BYTES free, leave it as it was, and
 * wipe what was secret. out may be the same array as an input, never overlap it partly. Threads: no
 * state but the choice of back end, made once by group_init before anything else. Cost: in
 * multiplications (M) and squarings (S) of the field beside each function. Paper: Montgomery's
 * trick for batch inversion; see README.md for each kernel's source.
 */
#ifndef GROUP_POINT_H
#define GROUP_POINT_H

#include "base/arena.h"
#include "group/scalar.h"

typedef struct {
	uint64_t x[4], y[4];
} point;

#define POINT_RAW_BYTES 64u
#define POINT_TREE_BYTES 81u
#define GROUP_SCRATCH_BYTES ((size_t)4 << 20) /* enough for any one block function, any n */

/*
 * Back ends: "64" (128-bit products: 5 limbs, 4 under clang), "29" (9 limbs of 29 bits). NULL: the
 * fastest here. LIMIT if there is none of that name. Without any call "64" is in use. A second call
 * is for tests and benchmarks: points and tables made before it mean nothing to another back end.
 * Any call also chooses the fastest code of SHA-256 that the processor has (hash/sha2.h).
 */
bool group_init(const char *backend, struct error *err);
const char *group_backend_name(void);

point point_infinity(void);
point point_generator(void);
bool point_is_infinity(const point *a);
bool point_equal(const point *a, const point *b);
void point_neg(point *out, const point *a);
void point_add(point *out, const point *a, const point *b); /* complete */
void point_sub(point *out, const point *a, const point *b);
void point_mul(point *out, const secret_scalar *k, const point *a); /* constant time */
void point_mul_vartime(point *out, const scalar *k, const point *a);

/* Byte forms. Decoding validates once and for all: exact form, range, curve equation. */
enum point_accept { POINT_FINITE, POINT_OR_INFINITY };
bool points_decode_tree(point *out, bytes in, size_t n, enum point_accept accept,
                        struct error *err) must_check; /* MALFORMED, at = index. ≈ 5 M each */
void points_encode_tree(uint8_t *out, const point *in, size_t n); /* ≈ 2 M each */
/* Raw form: finite points only when decoding; infinity is encoded as zeros, which are refused. */
bool point_decode_raw(point *out, const uint8_t in[static POINT_RAW_BYTES],
                      struct error *err) must_check;
void point_encode_raw(uint8_t out[static POINT_RAW_BYTES], const point *a);
/* y from x: the smaller root as an integer in [0,p), if there is one. Public inputs. */
bool point_lift_vartime(point *out, const uint8_t x[static 32]);

/* Element by element; every special case handled without a branch. ≈ 7 M each. */
void points_add(point *out, const point *a, const point *b, size_t n, struct arena *scratch);
void points_sub(point *out, const point *a, const point *b, size_t n, struct arena *scratch);
void points_neg(point *out, const point *a, size_t n);
/* out[i] = k·a[i], one secret scalar for all (decryption factors). ≈ 1900 M each. */
void points_mul_common(point *out, const secret_scalar *k, const point *a, size_t n,
                       struct arena *scratch);
/* Σ a[i], constant time. */
void points_sum(point *out, const point *a, size_t n, struct arena *scratch);

#endif
