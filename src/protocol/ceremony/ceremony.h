/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key ceremony: n authorities make a key none of them knows, any t of them can use.
 *
 * Paper: Pedersen 1991 / Feldman 1987 joint key generation, with commitments first (so that the
 * last to speak cannot choose the key) and an echo round (so that nobody is shown other messages).
 * Rounds; every message signed, content included, with (D, attempt, round,
 * index):
 *   R0  a fresh X25519 key          R1  H_commit(D, attempt, i, C_i, A_i, z_i, salt)
 *   R2a echo: digest of all R1      R2b opening: C_i, A_i, z_i, salt, and f_i(j) sealed to each j
 *   R3  "ok", or complaints         R5  certificate: signature on EID
 * A message is the file "<folder>/r0-01.bt" … "<folder>/r5-NN.bt", one byte tree each.
 * The honest path ends with EID; any deviation ends the attempt and names the party and the round.
 *
 * Secrets: polynomial, shares, X25519 key live in struct ceremony_party (locked memory of the
 *   caller), wiped by ceremony_party_wipe, never written but as the final share.
 * Errors: REJECTED names the party ("party 2: …"); UNAVAILABLE: whose message is still missing.
 */
#ifndef CEREMONY_CEREMONY_H
#define CEREMONY_CEREMONY_H

#include "base/limits.h"
#include "base/seams.h"
#include "group/point.h"
#include "hash/sha2.h"
#include "identity/identity.h"
#include "identity/sealed_file.h"
#include "manifest/manifest.h"

/* What the ceremony leaves: public. */
struct election_key {
	digest d, t, eid; /* D, transcript digest T, EID */
	unsigned parties, threshold;
	point polynomial[LIMIT_PARTIES];  /* threshold entries; entry 0 is Y */
	point shares[LIMIT_PARTIES];      /* y_l = x_l·G of party l + 1 */
	uint8_t qualified[LIMIT_PARTIES]; /* Q: 1 for each dealer that counts */
};

/* "urna" ‖ hex(EID) and a terminator. */
#define ELECTION_SID_BYTES (4u + 64u)
void election_sid(char out[static ELECTION_SID_BYTES + 1], const struct election_key *key);

struct key_share_lock {
	bytes passphrase;
	struct sealed_cost cost;
};

enum ceremony_round {
	CEREMONY_KEY,
	CEREMONY_COMMIT,
	CEREMONY_ECHO,
	CEREMONY_OPEN,
	CEREMONY_VERDICT,
	CEREMONY_CERTIFY,
	CEREMONY_ROUNDS
};

struct ceremony_party; /* one authority's secret state; opaque, in the caller's arena */

bool ceremony_party_new(struct ceremony_party **out, const struct manifest *m, unsigned index,
                        const struct identity_secret *identity, struct rng *rng,
                        struct arena *locked, struct error *err) must_check;
void ceremony_party_wipe(struct ceremony_party *p);
/*
 * Called once, when key and share are known and before this party's certificate is written: where
 * the share is kept durably. Otherwise the others could finish with a share that is lost.
 */
typedef bool ceremony_keep_fn(void *ctx, const struct election_key *key, const secret_scalar *share,
                              struct error *err);
void ceremony_party_keep(struct ceremony_party *p, ceremony_keep_fn *keep, void *ctx);

/*
 * Does the next round that the messages in the folder allow: checks what the others wrote for the
 * previous one and writes this party's message. *done when the certificates of all are there.
 * UNAVAILABLE: nothing to do yet; the detail lists the parties waited for. Call again.
 */
bool ceremony_party_step(struct ceremony_party *p, struct folder *ceremony, bool *done,
                         struct error *err) must_check;
/* After *done: this party's share x_l, checked against y_l. */
void ceremony_party_share(secret_scalar *out, const struct ceremony_party *p);

/* Anybody: checks a finished ceremony message by message and derives the key. Exact file set. */
bool ceremony_verify(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                     struct error *err) must_check;

/*
 * Key share file: EID, index, n, t, transcript digest, share; a sealed file
 * (identity/sealed_file.h) of constant size. Opening checks EID and index, and x·G = y_l.
 */
bool key_share_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                    unsigned index, const secret_scalar *share, struct key_share_lock lock,
                    struct rng *rng, struct error *err) must_check;
bool key_share_open(secret_scalar *out, const struct election_key *key, unsigned index, bytes file,
                    bytes passphrase, struct error *err) must_check;

#endif
