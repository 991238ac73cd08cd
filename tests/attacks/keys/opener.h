/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All parties of a decryption in one hand. Written from docs/protocol.md section 10, not with the
 * code under test, for few ciphertexts of width 1; every step can be interfered with.
 *
 * Parties are 1 … n here as there. Include support.h first.
 */
#ifndef ATTACK_OPENER_H
#define ATTACK_OPENER_H

#include "attacks/keys/forge.h"
#include "attacks/keys/prover.h"

#define OPENER_PARTIES (ELECTION_PARTIES_MAX + 1u)

struct opener {
	struct forgery *f;
	unsigned n, parties;
	uint8_t rho[HASH_MAX_BYTES], seed[32];
	bool active[OPENER_PARTIES], marked[OPENER_PARTIES];
	bool weak_seed;                        /* the factors are left out of the hash for e */
	bool weak_challenge;                   /* the commitments out of the one for v */
	point u[PROVER_MAX], v_of[PROVER_MAX]; /* the list */
	scalar share[OPENER_PARTIES], mu_inverse;
	point factors[OPENER_PARTIES][PROVER_MAX];
	scalar e[PROVER_MAX], v;
	point a; /* Σ e_i·u_i */
	scalar r[OPENER_PARTIES], k[OPENER_PARTIES];
	point y1[OPENER_PARTIES], b1[OPENER_PARTIES];
	point plaintexts[PROVER_MAX];
};

/* Of the last mixer's list, by these parties; the others leave placeholders. */
void opener_begin(struct opener *o, struct forgery *f, const char *active);
void opener_factors(struct opener *o);
void opener_seed(struct opener *o);   /* e, A */
void opener_commit(struct opener *o); /* r, y', B' */
void opener_challenge(struct opener *o);
void opener_replies(struct opener *o);
void opener_plaintexts(struct opener *o); /* by the first t that are marked */
void opener_run(struct opener *o);
/* y' and B' made for the reply one has, and v. */
void opener_solve(struct opener *o, unsigned party);
/* "", "G", "A" or "GA": which of its equations do not hold. */
const char *opener_failing(const struct opener *o, unsigned party);
/* The same two, of all that are counted together, as Verificatum's verifier looks at them. */
const char *opener_failing_together(const struct opener *o);
scalar opener_coefficient(const struct opener *o, unsigned party);
/* All files, and everybody's signature on every stage. */
void opener_write(struct opener *o);

#endif
