/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identity keys: Ed25519 (RFC 8032), for statements of machines: endorsements, checkpoints,
 * cosignatures, promises, peer packages.
 *
 * Secrets: signing is constant time (libsodium). The private part has its own type; wipe it.
 * Inputs: what is signed must begin with its own context ("urna/endorsement/v1"); the key does not
 * tell kinds of statements apart.
 * Strictness: verification refuses a public key or R of small order, a public key that is not
 * canonical, S ≥ L and an R that is not canonical, and uses the equation without cofactor: one
 * answer for everybody who runs this code, and no key for which everything verifies.
 * Errors: REJECTED for a signature that does not hold, IO when randomness fails.
 * Threads: any.
 */
#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

#include "base/seams.h"

#define IDENTITY_PUBLIC_BYTES 32u
#define IDENTITY_SIGNATURE_BYTES 64u
#define IDENTITY_SEED_BYTES 32u

struct identity_secret {
	uint8_t seed[IDENTITY_SEED_BYTES];
	uint8_t pub[IDENTITY_PUBLIC_BYTES];
};

/* Prepares libsodium; every function here does it by itself, a jailed program calls it before. */
bool identity_ready(struct error *err) must_check;

bool identity_generate(struct identity_secret *out, struct rng *rng, struct error *err) must_check;
void identity_from_seed(struct identity_secret *out,
                        const uint8_t seed[static IDENTITY_SEED_BYTES]);
void identity_wipe(struct identity_secret *key);

/* Whether this can be somebody's key: canonically encoded, on the curve, not the neutral element,
 * and in the subgroup of prime order, hence of no small order. MALFORMED when it is not. */
bool identity_check_public_vartime(const uint8_t pub[static IDENTITY_PUBLIC_BYTES],
                                   struct error *err) must_check;

/* Deterministic: one message, one signature. */
void identity_sign(uint8_t sig[static IDENTITY_SIGNATURE_BYTES], const struct identity_secret *key,
                   bytes message);
bool identity_verify_vartime(const uint8_t pub[static IDENTITY_PUBLIC_BYTES],
                             const uint8_t sig[static IDENTITY_SIGNATURE_BYTES], bytes message,
                             struct error *err) must_check;

#endif
