/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt of a ceremony: its messages on disk, what they contain, what follows from them.
 *
 *   message = node(leaf("urna-ceremony-1"), D, int attempt, int round, int index, content,
 *                  leaf(signature)),  signature on H_message(D, int attempt, int round, int index,
 *                  leaf(content))
 *   r0, r1   leaf(32 bytes)
 *   r2       node(leaf(n bytes: 1 present), leaf(H_echo))
 *   r3       node(C_i, A_i, z_i, leaf(salt), node(leaf(box for j), …)), an empty leaf for j absent
 *   r4       node(leaf(n bytes: 0 fine, 1 wrong share, 2 not opened), leaf(H_openings))
 *   r5       node over the accusers, ascending, of node(int j, f_i(j))
 *   r6       node(leaf(n bytes: 1 qualified), leaf(EID))
 */
#ifndef CEREMONY_ATTEMPT_INTERNAL_H
#define CEREMONY_ATTEMPT_INTERNAL_H

#include "base/subfolder.h"
#include "ceremony/ceremony.h"
#include "hash/bytetree.h"
#include "identity/box.h"

#define MESSAGE_TAG "urna-ceremony-1"
#define MESSAGE_MAX 8192u
#define MESSAGE_PATH_BYTES 16u
#define SALT_BYTES 32u
#define SEALED_SHARE_BYTES (SCALAR_BYTES + BOX_OVERHEAD_BYTES)

/*
 * Whoever can write to the folder can put anything there; only what its author signed is a message.
 * Anything else counts as absent, and who wants to know is told.
 */
struct doubts {
	ceremony_doubt_fn *tell;
	void *ctx;
	bool told[LIMIT_ATTEMPTS][CEREMONY_ROUNDS + 1][LIMIT_PARTIES]; /* the last: words of failure */
};

struct attempt {
	const struct manifest *m;
	struct subfolder at;
	unsigned number;
	struct doubts *doubts; /* may be NULL */
	/* Which messages were there, rightly signed, when the attempt was looked at. Others arrive at
	 * any time: rules that count twice must count the same. */
	bool there[CEREMONY_ROUNDS][LIMIT_PARTIES];
	/* Digests of the messages read: what was read once may not change. */
	bool known[CEREMONY_ROUNDS][LIMIT_PARTIES];
	digest seen[CEREMONY_ROUNDS][LIMIT_PARTIES];
	/* What the last failing check says beside its error: */
	bool fails;       /* the attempt cannot end well */
	unsigned culprit; /* who is to blame for it, or 0 */
	unsigned missing; /* UNAVAILABLE: the first party that all the others wait for, or 0 */
};

/* A file that could not be read is neither there nor absent. */
static inline bool is_the_machines(const struct error *why)
{
	return why->kind == ERROR_IO || why->kind == ERROR_BUG;
}

/* Looks at the attempt as it is now; keeps what is known of its messages. */
bool attempt_begin(struct attempt *a, const struct manifest *m, struct folder *ceremony,
                   unsigned number, struct error *err) must_check;
/* Only says where it is: no message is there. */
bool attempt_at(struct attempt *a, const struct manifest *m, struct folder *ceremony,
                unsigned number, struct error *err) must_check;
/* Marks the attempt as failed, blames a party (0: nobody) and returns false. */
bool attempt_ends(struct attempt *a, unsigned culprit, struct error *err);

/* --- message.c --- */

void message_path(char out[static MESSAGE_PATH_BYTES], unsigned round, unsigned index);
void attempt_doubt(struct attempt *a, unsigned round, unsigned index, const struct error *why);

struct message { /* file and content borrow room */
	uint8_t room[MESSAGE_MAX];
	bytes file, content;
};
bool attempt_has(const struct attempt *a, enum ceremony_round round, unsigned index);
/* Reads, checks header and signature, and that it is what was read before. */
bool attempt_read(struct message *out, struct attempt *a, enum ceremony_round round, unsigned index,
                  struct error *err) must_check;
/* In place of what is no message; CONFLICT when there is one. */
bool attempt_write(struct attempt *a, enum ceremony_round round, unsigned index,
                   const struct identity_secret *identity, bytes content,
                   struct error *err) must_check;

/* --- failure.c --- */

void failure_path(char out[static MESSAGE_PATH_BYTES], unsigned index);
bool failure_exists(struct attempt *a, unsigned index);
bool failure_read(struct ceremony_failure *out, struct attempt *a, unsigned index,
                  struct error *err) must_check;
/* The rightly signed word of the lowest index in *out, if there is one. */
bool failure_find(bool *found, struct ceremony_failure *out, struct attempt *a,
                  struct error *err) must_check;
/* why: an error, whose text becomes the reason. */
bool failure_write(struct attempt *a, unsigned index, unsigned culprit,
                   const struct identity_secret *identity, const struct error *why,
                   struct error *err) must_check;

/* --- content.c --- */

bool content_leaf(uint8_t out[static 32], bytes content, struct error *err) must_check;

/* r2, r4, r6: a byte per party and a digest. */
struct statement {
	uint8_t of[LIMIT_PARTIES];
	digest d;
};
bool statement_read(struct statement *out, const struct manifest *m, enum ceremony_round round,
                    bytes content, struct error *err) must_check;
bytes statement_write(uint8_t room[static MESSAGE_MAX], const struct manifest *m,
                      const struct statement *s);

struct answer {
	unsigned count, to[LIMIT_PARTIES];
	scalar share[LIMIT_PARTIES];
};
bool answer_read(struct answer *out, const struct manifest *m, bytes content,
                 struct error *err) must_check;
bytes answer_write(uint8_t room[static MESSAGE_MAX], const struct answer *answer);

/* --- opening.c --- */

struct opening {
	unsigned attempt, index;   /* the dealer, from 1 */
	point c[LIMIT_PARTIES], a; /* threshold entries; commitment of the proof */
	scalar z;
	uint8_t salt[SALT_BYTES];
	uint8_t boxed[LIMIT_PARTIES]; /* 1: there is a box for that party */
	uint8_t box[LIMIT_PARTIES][SEALED_SHARE_BYTES];
};
bool opening_read(struct opening *out, const struct manifest *m, bytes content,
                  struct error *err) must_check;
bytes opening_write(uint8_t room[static MESSAGE_MAX], const struct opening *o,
                    const struct manifest *m);
/* H_commit(D, int attempt, int i, C_i, A_i, z_i, leaf(salt)) */
digest opening_digest(const struct opening *o, const struct manifest *m);
/* C_pop(D, int attempt, int i, leaf(identity key), C_i, A_i) */
void opening_challenge(scalar *c, const struct opening *o, const struct manifest *m);
/* It is what was committed to, and the dealer knows its constant coefficient. */
bool opening_check(const struct opening *o, const struct manifest *m, const digest *committed,
                   struct error *err) must_check;

/* --- rules.c: what follows from the messages --- */

struct outcome {
	uint8_t present[LIMIT_PARTIES], opened[LIMIT_PARTIES], qualified[LIMIT_PARTIES];
	uint8_t accused[LIMIT_PARTIES][LIMIT_PARTIES]; /* [dealer][accuser] */
	unsigned accusers[LIMIT_PARTIES];
	enum ceremony_fate fate[LIMIT_PARTIES];
	point c[LIMIT_PARTIES][LIMIT_PARTIES]; /* commitments of each dealer that opened */
	digest openings;
};

/*
 * A set of at least t parties, part of `within`, all of whom say the same in this round (2, 4 or
 * 6), and name just this set. What others say, outside of it, counts for nothing, so that nobody
 * can undo what the rest agreed on; but there may be only one such set. first: the set that this
 * party names, for itself; 0: any, for a verifier. UNAVAILABLE: some of it have not spoken yet.
 */
struct agreement {
	uint8_t member[LIMIT_PARTIES];
	digest d;
	uint8_t rows[LIMIT_PARTIES][LIMIT_PARTIES];
};
bool agreement_reach(struct agreement *out, struct attempt *a, enum ceremony_round round,
                     const uint8_t *within, unsigned first, struct error *err) must_check;
/* Whether t parties gave one echo, and it does not name this party. */
bool echo_settled_without(bool *out, struct attempt *a, unsigned index,
                          struct error *err) must_check;

/* Who has a well-formed r0 and r1; UNAVAILABLE (and out filled all the same) if not all have. */
bool presence_find(uint8_t *out, struct attempt *a, struct error *err) must_check;
/* r3 of one dealer, checked against its r1. *valid: a fault of the dealer is no error here. */
bool opening_find(struct opening *out, bool *valid, struct attempt *a, unsigned dealer,
                  const uint8_t *present, struct error *err) must_check;
/* UNAVAILABLE unless all of `who` have a message of the round. */
bool round_complete(struct attempt *a, enum ceremony_round round, const uint8_t *who,
                    struct error *err) must_check;

bool echo_digest(digest *out, struct attempt *a, const uint8_t *present,
                 struct error *err) must_check;
bool openings_digest(digest *out, struct attempt *a, const uint8_t *opened,
                     struct error *err) must_check;

/* From the rows of the verdicts: who accuses whom, and the fate of those who need no answer. */
void outcome_accuse(struct outcome *o, const struct manifest *m, const struct agreement *verdicts);
/* Dealers that must answer: opened, with 1 … t - 1 accusers. */
void outcome_must_answer(uint8_t *out, const struct outcome *o, const struct manifest *m);
/* The answer of one dealer; *right: complete and all shares fit. mine: the share for `receiver`. */
bool answer_find(bool *right, scalar *mine, struct attempt *a, const struct outcome *o,
                 unsigned dealer, unsigned receiver, struct error *err) must_check;

/* Joint polynomial, public shares, T and EID for o->qualified. */
bool key_derive(struct election_key *out, struct attempt *a, const struct outcome *o,
                struct error *err) must_check;

/* The whole attempt from its messages alone, first as above. UNAVAILABLE: not finished. */
bool attempt_verify(struct election_key *out, struct outcome *o, struct attempt *a, unsigned first,
                    struct error *err) must_check;

/* --- verify.c: as in ceremony.h, for a party that wants to know what it passes over --- */

bool attempt_current(unsigned *attempt, const struct manifest *m, struct folder *ceremony,
                     struct doubts *doubts, struct error *err) must_check;
bool attempt_key(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                 struct doubts *doubts, struct error *err) must_check;

#endif
