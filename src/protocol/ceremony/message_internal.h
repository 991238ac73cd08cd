/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One signed message of the ceremony, and the content of an opening.
 *
 *   message = node(leaf("urna-ceremony-1"), D, int attempt, int round, int index, content,
 *                  leaf(signature)),   signature on H_message(D, attempt, round, index,
 * leaf(content)) opening = node(C_i, A_i, z_i, leaf(salt), node(leaf(box for 1) … leaf(box for n)))
 */
#ifndef CEREMONY_MESSAGE_INTERNAL_H
#define CEREMONY_MESSAGE_INTERNAL_H

#include "ceremony/ceremony.h"
#include "hash/bytetree.h"
#include "identity/box.h"

#define ATTEMPT 1u
#define MESSAGE_MAX 8192u
#define MESSAGE_PATH_BYTES 16u
#define SALT_BYTES 32u
#define SEALED_SHARE_BYTES (SCALAR_BYTES + BOX_OVERHEAD_BYTES)

struct message_name {
	const struct manifest *manifest;
	enum ceremony_round round;
	unsigned index; /* from 1 */
};

void message_path(char out[static MESSAGE_PATH_BYTES], enum ceremony_round round, unsigned index);
bool message_write(struct folder *f, const struct message_name *name,
                   const struct identity_secret *identity, bytes content,
                   struct error *err) must_check;
/* Reads, checks header and signature. file and content borrow room. */
bool message_read(bytes *file, bytes *content, uint8_t room[static MESSAGE_MAX], struct folder *f,
                  const struct message_name *name, struct error *err) must_check;

struct opening {
	unsigned index;            /* the dealer, from 1 */
	point c[LIMIT_PARTIES], a; /* threshold entries; commitment of the proof */
	scalar z;
	uint8_t salt[SALT_BYTES];
	uint8_t box[LIMIT_PARTIES][SEALED_SHARE_BYTES];
};

bool opening_parse(struct opening *out, const struct message_name *name, bytes content,
                   struct error *err) must_check;
bytes opening_write(uint8_t room[static MESSAGE_MAX], const struct opening *o,
                    const struct manifest *m);
/* H_commit(D, attempt, i, C_i, A_i, z_i, salt) */
digest opening_digest(const struct opening *o, const struct manifest *m);
/* C_pop(D, attempt, i, identity key, C_i, A_i) */
void opening_challenge(scalar *c, const struct opening *o, const struct manifest *m);
/* Proof of possession of c_0. */
bool opening_check(const struct opening *o, const struct manifest *m, const digest *committed,
                   struct error *err) must_check;

/* Σ x^m·c[m], x = the party's number. Public. */
void commitment_at(point *out, const point *c, unsigned threshold, unsigned x);

/* H_echo over the messages of the first two rounds, by round and index. */
bool echo_digest(digest *out, const struct manifest *m, struct folder *f,
                 struct error *err) must_check;
/* H_transcript over all messages before the certificates. */
bool transcript_digest(digest *out, const struct manifest *m, struct folder *f,
                       struct error *err) must_check;
/* Joint polynomial, shares, D, T, EID from all openings. */
bool key_derive(struct election_key *out, const struct manifest *m, const struct opening *openings,
                const digest *transcript, struct error *err) must_check;

/* UNAVAILABLE unless every party's message of the round is there; the detail lists who is missing.
 */
bool round_complete(const struct manifest *m, struct folder *f, enum ceremony_round round,
                    struct error *err) must_check;

/* Reads and checks one round of everybody; both sides of the ceremony use them. */
bool round_openings(struct opening *out, const struct manifest *m, struct folder *f,
                    struct error *err) must_check;
bool round_echoes(const struct manifest *m, struct folder *f, struct error *err) must_check;
bool round_verdicts(const struct manifest *m, struct folder *f, struct error *err) must_check;
bool round_certificates(const struct manifest *m, struct folder *f, const digest *eid,
                        struct error *err) must_check;

#endif
