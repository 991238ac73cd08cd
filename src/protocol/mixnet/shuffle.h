/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shuffling a list and proving it: the Terelius–Wikström proof of a shuffle.
 *
 * Reads the input list from the folder, permutes and re-encrypts it, and writes CiphertextsNN.bt,
 * PermutationCommitmentNN.bt, PoSCommitmentNN.bt and PoSReplyNN.bt: all four or none.
 * Paper: Terelius–Wikström, "Proofs of restricted shuffles", Africacrypt 2010; Wikström, ACISP
 *   2009. With x_i and z_i drawn first, B_i = x_i·G + y_i·h_0 and B'_i = z_i·G + ε_i·y_{i-1}·h_0
 *   where y_i = e'_0…e'_i: two fixed bases, the distribution is the paper's.
 * Sizes: 481 bytes per ciphertext at ω = 1.
 * Secrets: the permutation, re-encryption exponents and all nonces come from one 32-byte seed drawn
 *   from job->rng for this call and wiped with everything else at its end, so that a second proof
 *   can never share randomness with the first. Constant time in all of them, except that memory
 *   addresses depend on the permutation (gathers of w, h and e).
 * Inputs: every point of the list is decoded and checked here. That the list is the right one, and
 *   that earlier shuffles are good, is the caller's to know.
 * Memory: shuffle_bytes(n, ω, workers), about 240·N + 128·(ω−1)·N and 10 MB per worker.
 * Errors: MALFORMED with the input's name; LIMIT (memory, N); CONFLICT when an output exists;
 * IO. Threads: blocks over job->workers; the result depends on the seed only. Cost: (2ω+5)
 * fixed-base multiples and (2ω+1) constant-time MSM terms per ciphertext.
 */
#ifndef MIXNET_SHUFFLE_H
#define MIXNET_SHUFFLE_H

#include "elgamal/elgamal.h"
#include "mixnet/generators.h"
#include "mixnet/proof_dir.h"

struct shuffle_job {
	const struct mix_session *session;
	struct folder *folder; /* the proof directory */
	const char *input;     /* path of the input list in it */
	unsigned party;        /* NN of the outputs */
	const point *y;        /* the joint public key */
	struct rng *rng;
	struct workers *workers;
	struct arena *memory;
	struct progress *progress; /* may be NULL */
	struct mix_trace *trace;   /* may be NULL; public values only */
};

size_t shuffle_bytes(uint64_t n, uint32_t width, unsigned workers);
bool shuffle_prove(const struct shuffle_job *job, struct error *err) must_check;

/*
 * The same in two parts: begin needs only the number of ciphertexts, not the list, and is a third
 * of the work, for a party that waits for its turn. Everything stays in job->memory until the end:
 * what others take of it in between they must have given back. Borrows job until then.
 */
struct shuffle;
bool shuffle_begin(struct shuffle **out, const struct shuffle_job *job, uint64_t n,
                   struct error *err) must_check;
/* Lent until the end. */
const struct mix_generators *shuffle_generators(const struct shuffle *s);
/* REJECTED when the list is not of that length. Ends the shuffle in any case. */
bool shuffle_finish(struct shuffle *s, struct error *err) must_check;
void shuffle_abandon(struct shuffle *s); /* leaves no file; NULL is fine */

#endif
