/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ballot: one byte tree, made, read strictly, and proved.
 *
 *   body   = node(leaf("urna-body-1"), EID, P, leaf(style), CT, AA, ZZ)
 *   P      = leaf of 16 bytes (server mode) or the credential's point S
 *   CT     = node over groups of node(node(u…), node(v…))     (u, v) = (rG, M + rY)
 *   AA, ZZ = node over groups of node(A…), node(z…)           A = aG, z = a + c·r
 *   c      = C_ballot(EID, P, leaf(style), CT, AA)            zG = A + c·u
 *   b      = H_body(leaf(body))                               the ballot id
 *   ballot = node(body, int seq)                              server mode
 *          = node(body, int seq, R, z_s)                      R = kG, z_s = k + c_s·s,
 *                                                             c_s = C_sig(S, R, EID, int seq, b)
 *
 * Sizes: every ballot of a style and mode has the same length, whatever is chosen.
 * Secrets: plaintexts, r, a, k, s: constant time; a and k are wiped, r too unless asked for.
 * Inputs: parsing takes bytes from anybody: exact shape, exact length, scalars < q, points on the
 *   curve and not infinity, known style, this election, this mode, no u twice.
 * Errors: MALFORMED (the field in `detail`, its offset in `at`), REJECTED (another election,
 * another mode, unknown style, wrong proof or signature), LIMIT (longer than LIMIT_BALLOT_BYTES).
 * Memory: a parsed ballot borrows the bytes and the rules and keeps its numbers in `memory`.
 * Threads: none of these keeps state; give each thread its own arena and rng.
 * Cost: encryption 3 fixed-base multiples per point and, unless _public_vartime, MESSAGE_TRIES
 *   square roots; checking 1.5 MSM terms per point.
 * Papers: Schnorr 1991; Bernhard–Pereira–Warinschi 2012 (the whole statement is hashed).
 */
#ifndef BALLOT_BALLOT_H
#define BALLOT_BALLOT_H

#include "base/limits.h"
#include "elgamal/elgamal.h"
#include "hash/sha2.h"
#include "proof/proof.h"

#define PSEUDONYM_BYTES 16u
#define PSEUDONYM_TREE_MAX POINT_TREE_BYTES
#define BALLOT_STYLE_NAME_MAX 255u

enum ballot_mode {
	BALLOT_SERVER,      /* pseudonyms of the registrar, unsigned ballots */
	BALLOT_CREDENTIALS, /* a voter's key is the pseudonym and signs */
};

struct ballot_style {
	bytes name; /* borrows; UTF-8, as in the manifest */
	uint32_t groups;
	uint32_t components; /* points of all groups together */
	uint8_t width[LIMIT_GROUPS];
};
/* LIMIT when a ballot of this style would exceed LIMIT_BALLOT_BYTES; MALFORMED on an empty one. */
bool ballot_style_init(struct ballot_style *style, bytes name, const uint32_t *widths,
                       size_t groups, struct error *err) must_check;

typedef struct {
	enum ballot_mode mode;
	uint8_t id[PSEUDONYM_BYTES]; /* server mode */
	point key;                   /* credential mode: S = sG */
} pseudonym;
/* P as it stands in the body: 21 or 81 bytes, returned; what lists are sorted and compared by. */
size_t pseudonym_encode(uint8_t out[static PSEUDONYM_TREE_MAX], const pseudonym *p);

/* What is fixed for an election. Borrowed by everything made under it. */
struct ballot_rules {
	digest eid;
	enum ballot_mode mode;
	const struct ballot_style *styles;
	size_t styles_count;
};

size_t ballot_body_bytes(const struct ballot_style *style, enum ballot_mode mode);
size_t ballot_bytes(const struct ballot_style *style, enum ballot_mode mode);
/* Bytes before CT of the longest body, with the header of the wrapper. */
#define BALLOT_HEAD_BYTES 512u
/* The length of the ballot that begins at start, from its first BALLOT_HEAD_BYTES (or all there
 * is): how a file of ballots is cut. */
bool ballot_measure(size_t *len, bytes start, const struct ballot_rules *rules,
                    struct error *err) must_check;

digest ballot_id(bytes body);

/* Making: `n` ballots of one style at once. */
struct ballot_request {
	const struct ballot_rules *rules;
	const struct ballot_style *style;
	const struct public_key *pk;
	const pseudonym *who;      /* n, of the rules' mode */
	const uint8_t *plaintexts; /* n · components · MESSAGE_BYTES, groups in the style's order */
	size_t n;
};
struct ballot_output {
	uint8_t *bodies;       /* n · ballot_body_bytes */
	digest *ids;           /* n, or NULL */
	secret_scalar *nonces; /* n · components r's for audits, or NULL: wiped */
};
/* What ballots_encrypt takes from its scratch for n ballots. */
size_t ballots_encrypt_scratch_bytes(const struct ballot_style *style, size_t n);
/* For a voter's choices: constant time. */
bool ballots_encrypt(const struct ballot_output *out, const struct ballot_request *request,
                     struct rng *rng, struct arena *scratch, struct error *err) must_check;
/* For plaintexts everybody knows (imported files, self-tests): message encoding stops at the first
 * counter that fits, 30 times faster. Nonces are as secret as in the other. */
bool ballots_encrypt_public_vartime(const struct ballot_output *out,
                                    const struct ballot_request *request, struct rng *rng,
                                    struct arena *scratch, struct error *err) must_check;

/* Casting: out has ballot_bytes(style, mode). seq < 2^31. */
void ballot_wrap(uint8_t *out, bytes body, uint32_t seq); /* server mode */
struct ballot_signer {
	const secret_scalar *s;
	const point *key; /* S = sG */
	const digest *eid;
	uint32_t seq;
};
bool ballot_sign(uint8_t *out, bytes body, const struct ballot_signer *signer, struct rng *rng,
                 struct error *err) must_check;

/* Reading. */
struct ballot {
	bytes body;
	bytes ending; /* int seq[, R, z_s] as they stand; empty for a body alone */
	digest id;
	pseudonym who;
	const struct ballot_style *style;
	ciphertext *ct;     /* style->components each, groups one after another */
	point *commitments; /* A */
	scalar *responses;  /* z */
	scalar challenge;   /* c, recomputed */
	uint32_t seq;
	point sig_commitment; /* R; credential mode, as the next two */
	scalar sig_challenge, sig_response;
};
size_t ballot_memory_bytes(const struct ballot_style *style); /* taken from `memory` by a parse */
bool ballot_parse(struct ballot *out, bytes in, const struct ballot_rules *rules,
                  struct arena *memory, struct error *err) must_check;
/* A body that is not cast (yet): what an audit shows. No seq, no signature. */
bool ballot_parse_body(struct ballot *out, bytes body, const struct ballot_rules *rules,
                       struct arena *memory, struct error *err) must_check;

/* Checking. One equation per component, one more for a signature. */
size_t ballot_equations_count(const struct ballot *b);
void ballot_equations(struct proof_equation *out, const struct ballot *b);
/*
 * All proofs and signatures of n parsed ballots as one batch. `fresh`: 32 bytes nobody could know
 * before the ballots were fixed. REJECTED: at = the first bad ballot, detail = which equation.
 */
size_t ballots_check_scratch_bytes(const struct ballot *b, size_t n);
size_t ballots_check_scratch_bytes_for(size_t equations);
bool ballots_check_vartime(const struct ballot *b, size_t n, const uint8_t fresh[static 32],
                           struct arena *scratch, struct error *err) must_check;
/* bad[i] = 1 for each ballot with a failing equation; *count of them. */
bool ballots_find_bad_vartime(uint8_t *bad, size_t *count, const struct ballot *b, size_t n,
                              const uint8_t fresh[static 32], struct arena *scratch,
                              struct error *err) must_check;

/*
 * Audit: do these plaintexts and nonces give this ballot's ciphertexts? Everything is public once
 * the voter asked for it. REJECTED: at = the component.
 */
struct ballot_opening {
	const uint8_t *plaintexts; /* components · MESSAGE_BYTES */
	const scalar *nonces;      /* components: r */
};
bool ballot_check_opening_vartime(const struct ballot *b, const struct public_key *pk,
                                  const struct ballot_opening *opening, struct arena *scratch,
                                  struct error *err) must_check;

#endif
