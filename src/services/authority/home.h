/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An authority's private folder (0700).
 *
 *   identity.key     the seed of its Ed25519 key: 64 hex digits and a line feed
 *   identity.json    {"operator":"…","identity":"<64 hex>"}: what goes into the manifest, public
 *   share-<first 16 hex of EID>.key   the key share, a sealed file (identity/sealed_file.h)
 *   checked/         what this authority has checked already, see memo_internal.h; may be deleted
 *   closed-<first 16 hex of EID>      what this authority signed when the urn was closed,
 *   final-<…>-lK     which list of ballots it opens, and
 *   attempt-<…>-lK   in which attempts it has: never delete these before the election is over, they
 *                    refuse a second tally (promise_internal.h)
 *   seal.key         without a passphrase: 64 random hex digits in its place. Whoever can read this
 *                    folder can then open the share; with a passphrase, not.
 *
 * Errors: CONFLICT when a key would be overwritten; MALFORMED, IO (also where there is no share of
 *   this election); REJECTED for a passphrase that is wrong, missing, or given without need.
 */
#ifndef AUTHORITY_HOME_H
#define AUTHORITY_HOME_H

#include "ceremony/ceremony.h"

/* Makes identity.key and identity.json. */
bool home_create(struct folder *home, bytes operator_name, struct rng *rng,
                 struct error *err) must_check;
bool home_identity(struct identity_secret *out, struct folder *home, struct error *err) must_check;
/* Reads an identity.json, of this home or one that was sent here. Text lives in the arena. */
bool home_read_public(struct manifest_authority *out, bytes json, struct arena *arena,
                      struct error *err) must_check;

/* passphrase empty: seal.key in its place. */
bool home_save_share(struct folder *home, const struct election_key *key, unsigned index,
                     const secret_scalar *share, bytes passphrase, struct rng *rng,
                     struct error *err) must_check;
bool home_load_share(secret_scalar *out, struct folder *home, const struct election_key *key,
                     unsigned index, bytes passphrase, struct error *err) must_check;

#endif
