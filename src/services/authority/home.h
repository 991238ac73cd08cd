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
 *   ceremony-<first 16 hex of D>      what it did in ceremonies of this manifest (struct
 *                    ceremony_past): never delete it, it refuses to make a second key, and to go on
 *                    with a record that has lost what this authority signed
 *   restored-<first 16 hex of EID>    says that the share came back from a backup: what was
 * promised before is not known here, see promise_internal.h destroyed-<…>.bt   the signed word that
 * the share was destroyed seal.key         without a passphrase: 64 random hex digits in its place.
 * Whoever can read this folder can then open the share; with a passphrase, not.
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

/*
 * From a backup, which never has promises. Into a home of this authority, or an empty one, which
 * becomes it; CONFLICT for a home of somebody else's, another share, or one that was destroyed. The
 * same share again is fine. never_closed: the operator's word that no urn of this election was
 * closed with the lost home.
 */
struct home_restored { /* borrows */
	const struct election_key *key;
	unsigned index;
	bytes operator_name;
	const struct key_backup *backup;
	bytes passphrase; /* of the share file that is written */
	bool never_closed;
};
bool home_restore(struct folder *home, const struct home_restored *r, struct rng *rng,
                  struct error *err) must_check;
enum home_past { HOME_KNOWS, HOME_RESTORED, HOME_RESTORED_UNUSED };
enum home_past home_past(struct folder *home, const struct election_key *key);

/* What was done in ceremonies of manifest D; all zeros: nothing. */
bool home_ceremony_past(struct ceremony_past *out, struct folder *home, const digest *d,
                        unsigned parties, struct error *err) must_check;
bool home_keep_ceremony_past(struct folder *home, const struct ceremony_past *past, const digest *d,
                             unsigned parties, struct error *err) must_check;
/* CONFLICT when the ceremony of its manifest that this authority finished made another key. */
bool home_is_for_key(struct folder *home, const struct election_key *key,
                     struct error *err) must_check;

/* Erases the share, and seal.key where nothing else is sealed with it; promises stay. `word`: what
 * the authority signed about it, durable before anything is gone. Can be repeated. */
bool home_destroy_share(uint8_t word[static KEY_DESTROYED_BYTES], struct folder *home,
                        const struct election_key *key, unsigned index,
                        struct error *err) must_check;

#endif
