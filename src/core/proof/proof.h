/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs of knowledge in (commitment, response) form, so that they verify in batches.
 *
 *   knowledge of a logarithm (Schnorr)      A = aG            z = a + c·x       zG = A + c·X
 *   plaintext knowledge, a vector of them   A_j = a_jG        z_j = a_j + c·r_j   one c for all
 *   equality of logarithms (Chaum–Pedersen) A = aG, B = aH    z = a + c·x       and zH = B + c·W
 *   signature                               R = kG            z = k + c·s       zG = R + c·S
 *
 * The challenge c is the caller's C_tag over the whole statement and the commitments
 * (hash/tagged.h): this module cannot forget a part of a statement because it never hashes one.
 * Secrets: constant time in x, a, r. Nonces are single-use: proof_respond wipes the one it used.
 * Papers: Schnorr 1991; Chaum–Pedersen 1992; Bellare–Garay–Rabin 1998 (small exponents batch test).
 */
#ifndef PROOF_PROOF_H
#define PROOF_PROOF_H

#include "group/fixed_base.h"
#include "group/msm.h"

/* z = a + c·x; a is wiped: a second response from one nonce would give x away. */
void proof_respond(scalar *z, secret_scalar *a, const scalar *c, const secret_scalar *x);

/* zG = A + cX, one statement, public. REJECTED. */
bool proof_check_log_vartime(const point *commitment, const scalar *c, const point *statement,
                             const scalar *z, struct error *err) must_check;
/* zG = A + cX and zH = B + cW. REJECTED. */
bool proof_check_equal_logs_vartime(const point *h, const point *x, const point *w,
                                    const point *commitment_g, const point *commitment_h,
                                    const scalar *c, const scalar *z, struct error *err) must_check;

/*
 * A batch of equations z_i·G = A_i + c_i·X_i (all three kinds reduce to these). Each has its own
 * 128-bit weight from PRG(random seed ‖ digest of the batch), the caller's `weights`, in [1,
 * 2^128). Verdict of the whole; on failure the first bad index by bisection, and all of them if
 * asked. Cost: 1.5 MSM terms per equation.
 * scratch: proof_batch_scratch_bytes(n) free.
 */
struct proof_equation {
	point commitment, statement;
	scalar c, z;
};
size_t proof_batch_scratch_bytes(size_t n);
bool proof_check_batch_vartime(const struct proof_equation *eq, const scalar *weights, size_t n,
                               struct arena *scratch, struct error *err) must_check;
/* bad[i] = 1 for each failing equation; returns their number. Bisection over the batch test. */
size_t proof_find_bad_vartime(uint8_t *bad, const struct proof_equation *eq, const scalar *weights,
                              size_t n, struct arena *scratch);

#endif
