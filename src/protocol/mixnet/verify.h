/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifying a proof directory: that the plaintexts are those of the input list.
 *
 * Stricter than Verificatum's own verifier: exactly the expected files and no byte more; canonical
 * numbers only; at least λ shuffles, every one present valid; ShuffledCiphertexts.bt equal to the
 * last list; the equations of every party marked correct, and the reply 0 where one is not marked
 * (its factors and commitment stay as they were frozen; they are hashed); CorrectIndices' unused
 * byte 1.
 * Not checked here, for nothing in a directory says it: who made which file, and whether sid, key
 * and input list are those of an election. That is what `expected` and protocol/record are for.
 *
 * Method: pass 1 hashes (seeds, challenges), pass 2 folds every equation of every party, each with
 * its own random weight of 128 bits, into one multi-scalar multiplication. When the sum is not
 * zero, the same pass runs again with all weights but one equation's zero, until the culprits have
 * names; for equations with one instance per element the index is found by halving.
 * Papers: Terelius–Wikström 2010; Bellare–Garay–Rabin 1998 (small exponents); sections 8–12 of
 *   Verificatum's format. A false statement is accepted with probability < 2^-127.
 * Memory: mix_verify_bytes(n, maxciph, workers): 160 bytes per ciphertext, and per
 *   worker 5 MB and an accumulator (group/msm.h).
 * Errors: MALFORMED with file and place; REJECTED with party and equation; LIMIT, IO.
 *   Nothing in the folder may change during a call.
 * Cost: 2 + 2ω + shuffles·(2 + 2ω) … MSM terms per ciphertext, see README.md.
 */
#ifndef MIXNET_VERIFY_H
#define MIXNET_VERIFY_H

#include "mixnet/generators.h"
#include "mixnet/proof_dir.h"

enum mix_check {
	MIX_CHECK_FILES,       /* a file, its shape, its numbers: `err` has name and place */
	MIX_CHECK_EXPECTATION, /* type, key or input list is not the expected one */
	MIX_CHECK_SHUFFLE_COUNT,
	MIX_CHECK_CHAIN, /* ShuffledCiphertexts.bt against the last list */
	MIX_CHECK_A,     /* shuffle equations by their letters */
	MIX_CHECK_B,
	MIX_CHECK_C,
	MIX_CHECK_D,
	MIX_CHECK_F,
	MIX_CHECK_CONSISTENT_A, /* CCPoS's own A */
	MIX_CHECK_DECRYPTION_COMMITMENT,
	MIX_CHECK_DECRYPTION_FACTORS,
	MIX_CHECK_PLACEHOLDER,
	MIX_CHECK_CORRECT_INDICES,
	MIX_CHECK_PLAINTEXTS,
};
const char *mix_check_name(enum mix_check check); /* "shuffle equation F" */

/* One thing found wrong. `at` is an index of a list, or ERROR_NOWHERE. party 0: of no party. */
struct mix_finding {
	enum mix_check check;
	unsigned party;
	uint64_t at;
};

struct mix_expectation {
	bool any_type;
	enum mix_type type;
	const struct mix_key *key; /* NULL: any */
	const digest *input;       /* SHA-256 of the input list's file; NULL: any */
};

struct mix_verify_job {
	struct folder *folder;
	const struct mix_session *session;
	struct mix_expectation expected;
	unsigned after;  /* mix_verify_shuffles only; see there */
	struct rng *rng; /* for the weights */
	struct workers *workers;
	struct arena *memory;
	struct progress *progress; /* may be NULL */
	struct mix_trace *trace;   /* may be NULL */
	/* Of this session, which is required; derived here if NULL or too few. */
	const struct mix_generators *generators;
	/* Called for every finding, the first of which is also in err. May be NULL. */
	void (*report)(void *ctx, const struct mix_finding *finding);
	void *report_ctx;
};

/* Facts about a directory that was accepted. */
struct mix_facts {
	struct mix_layout layout;
	struct mix_key key;
	digest input, output;            /* SHA-256 of the first and the last list */
	bool correct[LIMIT_PARTIES + 1]; /* types mixing and decryption */
};

size_t mix_verify_bytes(uint64_t n, uint64_t n0, unsigned workers);

/* The whole directory. facts may be NULL. */
bool mix_verify(const struct mix_verify_job *job, struct mix_facts *facts,
                struct error *err) must_check;

/*
 * Only the shuffles of the given parties, in this order, chained from Ciphertexts.bt: what an
 * authority checks before it shuffles or decrypts. Other files are not looked at (but those of
 * these shuffles and the two of the key must be there and right); `count` may be 0: then only
 * the key and the input list are checked. expected.type is ignored. No pre-computation.
 * job->after: the party whose output is the first one's input, for who has checked that far
 * already; 0 is Ciphertexts.bt. expected.input is about that list then.
 */
bool mix_verify_shuffles(const struct mix_verify_job *job, const unsigned *parties, size_t count,
                         struct mix_facts *facts, struct error *err) must_check;

#endif
