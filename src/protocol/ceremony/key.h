/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ceremony leaves: the election's public key, and each authority's key share file.
 *
 * Share file: a sealed file (identity/sealed_file.h) of constant size with EID, T, index, n, t and
 *   the share. Opening checks all of them, and x·G = y_l.
 * Backup: such a file that also has the authority's identity key.
 * Statement of destruction: node(leaf("urna-destroyed-1"), EID, int index, leaf(signature)),
 *   signature on H_destroyed(EID, int index): the authority says that no copy of its share is left.
 * Secrets: the share; constant time.
 * Errors: REJECTED for a wrong passphrase, an altered file, one of another election or party;
 *   MALFORMED for what is no such file.
 */
#ifndef CEREMONY_KEY_H
#define CEREMONY_KEY_H

#include "base/limits.h"
#include "group/point.h"
#include "hash/sha2.h"
#include "identity/identity.h"
#include "identity/sealed_file.h"

struct election_key {
	digest d, t, eid; /* D, transcript digest T, EID */
	unsigned parties, threshold;
	point polynomial[LIMIT_PARTIES];  /* threshold entries; entry 0 is Y */
	point shares[LIMIT_PARTIES];      /* y_l = x_l·G of party l + 1, whether it has x_l or not */
	uint8_t qualified[LIMIT_PARTIES]; /* Q: 1 for each party that dealt and has its share */
};

/* "urna" ‖ hex(EID) and a terminator. */
#define ELECTION_SID_BYTES (4u + 64u)
void election_sid(char out[static ELECTION_SID_BYTES + 1], const struct election_key *key);

struct key_share_lock {
	bytes passphrase;
	struct sealed_cost cost;
};

bool key_share_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                    unsigned index, const secret_scalar *share, struct key_share_lock lock,
                    struct rng *rng, struct error *err) must_check;
bool key_share_open(secret_scalar *out, const struct election_key *key, unsigned index, bytes file,
                    bytes passphrase, struct error *err) must_check;
/* Whether it would open: for a backup, or a share that comes back from one. */
bool key_share_check(const struct election_key *key, unsigned index, bytes file, bytes passphrase,
                     struct error *err) must_check;

/*
 * A backup: what an authority needs to take its place on another machine, and nothing it has
 * promised. The same file with another name and, behind the share, the seed of its identity key.
 */
struct key_backup_file { /* borrows */
	bytes content, passphrase;
	const uint8_t *identities; /* of all parties, 32 bytes each */
};
struct key_backup { /* secret */
	secret_scalar share;
	uint8_t seed[32];
};
bool key_backup_seal(uint8_t out[static SEALED_FILE_BYTES], const struct election_key *key,
                     unsigned index, const struct key_backup *backup, struct key_share_lock lock,
                     struct rng *rng, struct error *err) must_check;
/* REJECTED also when the seed is not of `identity`, the manifest's key of the party that the backup
 * says it is of, which *index is then. */
bool key_backup_open(struct key_backup *out, unsigned *index, const struct election_key *key,
                     const struct key_backup_file *file, struct error *err) must_check;
void key_backup_wipe(struct key_backup *b);

#define KEY_DESTROYED_BYTES (5u + (5u + 16u) + (5u + 32u) + (5u + 4u) + (5u + 64u))
/* To be made when the share file and every copy of it are gone. */
void key_destroyed_make(uint8_t out[static KEY_DESTROYED_BYTES], const struct election_key *key,
                        unsigned index, const struct identity_secret *identity);
/* identity: the manifest's key of party `index`. */
bool key_destroyed_check(bytes file, const struct election_key *key, unsigned index,
                         const uint8_t identity[static IDENTITY_PUBLIC_BYTES],
                         struct error *err) must_check;

#endif
