/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifiable threshold decryption, step by step as the parties exchange it.
 *
 *   factors      f_{l,i} = (−x_l·μ⁻¹)·u_i                        DecryptionFactorsNN.bt
 *   commit       A = Σ e_i·u_i, y' = r·G, B' = r·A               DecrFactCommitmentNN.bt
 *   reply        k = −x_l·μ⁻¹·v + r                              DecrFactReplyNN.bt
 *   check        −μ⁻¹·v·y_l + y' = k·G  and  v·Σ e_i·f_{l,i} + B' = k·A, per party
 *   combine      CorrectIndices.bt and Plaintexts.bt
 *
 * e comes from all parties' factors, v from all parties' commitments, so between the steps the
 * files of ALL k parties must lie in the folder, placeholders included, and must not change any
 * more ("freeze"): the caller answers for that. μ = lcm(1…k)².
 * Paper: Chaum–Pedersen 1992, batched; Verificatum's Lagrange coefficients.
 * Secrets: x_l and r. Constant time. r lives in the caller's struct, is given out in exactly one
 *   reply and wiped then: two replies for one r give x_l away.
 * Memory: decryption_bytes(n, ω, workers).
 * Errors: MALFORMED and IO as usual; UNAVAILABLE from combine when fewer than λ parties are
 *   correct; BUG when a nonce is used twice, or when the factors made are not what their sum should
 *   be; CONFLICT from reply when the commitment in the folder is not the nonce's.
 * Cost: ω variable-base multiples and 2ω additions per ciphertext (factors); ω MSM terms (commit);
 * ω terms for each party but `made`, and ω without `frozen` (check); ω·λ small multiples (combine).
 */
#ifndef MIXNET_DECRYPTION_H
#define MIXNET_DECRYPTION_H

#include "mixnet/proof_dir.h"

/* What the frozen factors of all parties give: the seed of e, and A. */
struct decryption_frozen {
	uint8_t seed[HASH_MAX_BYTES];
	point a[LIMIT_WIDTH];
	bool known;
};

struct decryption_job {
	const struct mix_session *session;
	struct folder *folder;
	const char *list; /* path of the list to decrypt */
	const struct mix_key *key;
	struct workers *workers;
	struct arena *memory;
	struct progress *progress; /* may be NULL */
	struct mix_trace *trace;   /* may be NULL */
	/* Zero-initialised; commit leaves it for check, who need not hash and sum anew. May be NULL. */
	struct decryption_frozen *frozen;
	/* A party whose factors this process has made and compared with what is published; its factors
	 * are not checked again. 0: none. */
	unsigned made;
};

size_t decryption_bytes(uint64_t n, uint32_t width, unsigned workers);

/* Writes the factors of `party`, if their sum is the factor of the sum: that is no proof, but tells
 * a machine that computes wrongly. */
bool decryption_factors(const struct decryption_job *job, unsigned party,
                        const secret_scalar *share, struct error *err) must_check;

/* What a missing party leaves: factors all infinity, commitment of infinities, reply 0. Never in
 * place of what the party did deliver: CONFLICT. */
enum decryption_part { DECRYPTION_FACTORS, DECRYPTION_COMMITMENT, DECRYPTION_REPLY };
bool decryption_placeholder(const struct decryption_job *job, unsigned party,
                            enum decryption_part part, struct error *err) must_check;

/* A single-use nonce with what it was committed to. Zero-initialised = unused. */
struct decryption_nonce {
	secret_scalar r;
	uint8_t seed[HASH_MAX_BYTES]; /* of the frozen factors it was made for */
	unsigned party;
	enum { DECRYPTION_NONCE_UNUSED, DECRYPTION_NONCE_LIVE, DECRYPTION_NONCE_SPENT } state;
};
void decryption_nonce_wipe(struct decryption_nonce *nonce);

/* Draws r from rng, writes the commitment. BUG unless the nonce is unused. */
bool decryption_commit(const struct decryption_job *job, unsigned party, struct rng *rng,
                       struct decryption_nonce *nonce, struct error *err) must_check;
/* Marks the nonce spent and wipes r before the reply is written. BUG unless live. */
bool decryption_reply(const struct decryption_job *job, const secret_scalar *share,
                      struct decryption_nonce *nonce, struct error *err) must_check;

/* Per party: what holds. A placeholder reply (0) with placeholder commitment and factors is
 * ABSENT. */
enum decryption_verdict {
	DECRYPTION_CORRECT,
	DECRYPTION_ABSENT,
	DECRYPTION_BAD_COMMITMENT, /* the equation over G: commitment or reply against y_l */
	DECRYPTION_BAD_FACTORS,    /* the equation over A: the factors */
	DECRYPTION_BAD_REPLY,      /* no scalar, or none: others may just put a placeholder there */
	DECRYPTION_MALFORMED       /* what is frozen, factors or commitment, is not what it should be */
};
/* verdict[l] for l = 1…parties. Fails only for IO, LIMIT, or when a file that is hashed cannot be
 * (the list, or a factor or commitment file, missing or of the wrong size). */
bool decryption_check(const struct decryption_job *job,
                      enum decryption_verdict verdict[static LIMIT_PARTIES + 1],
                      struct error *err) must_check;

/* Writes CorrectIndices.bt for `correct` and the plaintexts by the first λ of them. */
bool decryption_combine(const struct decryption_job *job,
                        const bool correct[static LIMIT_PARTIES + 1], struct error *err) must_check;

/* Integer Lagrange coefficients c_l = μ·Π j/(j−l) mod q over the first λ correct parties, 0 for
 * the others; false when there are fewer. And μ⁻¹ mod q. */
bool decryption_coefficients(scalar out[static LIMIT_PARTIES + 1], const struct mix_session *s,
                             const bool correct[static LIMIT_PARTIES + 1]) must_check;
void decryption_mu_inverse(scalar *out, uint32_t parties);

#endif
