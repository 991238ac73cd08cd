/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A prover of shuffles who may lie. Written from docs/protocol.md 9.1 to 9.3, not with the code
 * under test, for few ciphertexts of width 1; every step can be interfered with.
 *
 *   e'_i = Σ_j m[i][j]·e_j     what it commits to: a permutation, when it is honest
 *   w'_i = Σ_j o[i][j]·w_j + s_i·pk
 *
 * Include support.h first.
 */
#ifndef ATTACK_PROVER_H
#define ATTACK_PROVER_H

#include "group/point.h"
#include "mixnet/proof_dir.h"

#define PROVER_MAX 8u

/* Left out of a hash, as a weak Fiat-Shamir transform would. */
enum hidden {
	HIDE_U = 1,   /* of the seed of e */
	HIDE_OUT = 2, /* likewise */
	HIDE_A = 4,   /* of the challenge: A', and so on */
	HIDE_B = 8,
	HIDE_C = 16,
	HIDE_D = 32,
	HIDE_F = 64
};

struct prover {
	const struct mix_session *session;
	point y;
	unsigned n, hidden;
	uint8_t rho[HASH_MAX_BYTES], seed[32];
	point h[PROVER_MAX], w[2][PROVER_MAX], out[2][PROVER_MAX], u[PROVER_MAX];
	scalar m[PROVER_MAX][PROVER_MAX], o[PROVER_MAX][PROVER_MAX];
	scalar r[PROVER_MAX], s[PROVER_MAX]; /* of u; of the output */
	scalar e[PROVER_MAX], permuted[PROVER_MAX];
	scalar beta[PROVER_MAX], beta_mask[PROVER_MAX], epsilon[PROVER_MAX];
	scalar alpha, gamma, delta, phi;
	point b[PROVER_MAX], a1, b1[PROVER_MAX], c1, d1, f1[2];
	scalar v;
	scalar of_a, of_c, of_d, of_f; /* what it knows for the equations (A), (C), (D), (F) */
	scalar ka, kb[PROVER_MAX], kc, kd, ke[PROVER_MAX], kf;
};

/* An honest one, with a random permutation, of the list in that file. */
void prover_begin(struct prover *p, struct folder *proof, const struct mix_session *session,
                  const point *y, const char *input);
void prover_list(struct prover *p);        /* s, w' */
void prover_permutation(struct prover *p); /* r, u */
void prover_seed(struct prover *p);        /* e, e' */
void prover_commitments(struct prover *p); /* B, A', B', C', D', F' */
void prover_challenge(struct prover *p);   /* v */
void prover_replies(struct prover *p);
/* h once more, where n was changed. */
void prover_generators(struct prover *p);
/* What follows the list; and all of it. */
void prover_rest(struct prover *p);
void prover_run(struct prover *p);
/* One's own last commitment, made for the replies one has and v: A, C, D, F; or B at an index. */
void prover_solve(struct prover *p, char equation, unsigned at);
/* The equations that do not hold, for h, e and v as the prover has them: "", "AD", … */
const char *prover_failing(const struct prover *p);
/* The four files of a party, in place of what is there. */
void prover_write(const struct prover *p, struct folder *proof, unsigned party);

/* --- arithmetic of the tests --- */

point times(const scalar *k, const point *p);
point plus(const point *a, const point *b);
scalar random_scalar(void);
scalar fraction(uint64_t a, uint64_t b); /* a/b mod q */

#endif
