/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key ceremony: n authorities make a key none of them knows, any t of them can use.
 *
 * Paper: Pedersen 1991 / Feldman 1987 joint key generation, with commitments first (so that the
 * last to speak cannot choose the key) and an echo round (so that nobody is shown other messages).
 * Attempts A = 1, 2, … are folders of the ceremony's folder. In each: rounds; a message is the file
 * "A/rR-NN.bt", one byte tree, signed, content included, with (D, attempt, round, index):
 *   r0 key      a fresh X25519 key        r1 commit   H_commit of polynomial, proof and salt
 *   r2 echo     who is present, and digest of their r0 and r1
 *   r3 open     what was committed to, and f_i(j) sealed to each j present
 *   r4 verdict  on each dealer; digest of the openings seen
 *   r5 answer   the shares that somebody complained about, in the open
 *   r6 certificate   EID and who counts
 * r2, r4 and r6 are where everybody must say the same, and where it is fixed who goes on: present ⊇
 * opened ⊇ qualified. Whoever is not among them takes no further part, and what he says later
 * counts for nothing. When the same is not said, or somebody does not speak where all must, the
 * parties that notice write "A/failed-NN.bt" and all begin attempt A + 1 afresh.
 *
 * Secrets: polynomial, shares, X25519 key live in struct ceremony_party (locked memory of the
 *   caller), wiped by ceremony_party_wipe, never written but as the final share.
 * Errors: REJECTED and MALFORMED name file and party; UNAVAILABLE: whose message is still missing;
 *   LIMIT after LIMIT_ATTEMPTS attempts.
 */
#ifndef CEREMONY_CEREMONY_H
#define CEREMONY_CEREMONY_H

#include "base/limits.h"
#include "base/seams.h"
#include "ceremony/key.h"
#include "identity/identity.h"
#include "manifest/manifest.h"

enum ceremony_round {
	CEREMONY_KEY,
	CEREMONY_COMMIT,
	CEREMONY_ECHO,
	CEREMONY_OPEN,
	CEREMONY_VERDICT,
	CEREMONY_ANSWER,
	CEREMONY_CERTIFY,
	CEREMONY_ROUNDS
};

/* --- one authority --- */

struct ceremony_party; /* its secret state; opaque, in the caller's arena */

bool ceremony_party_new(struct ceremony_party **out, const struct manifest *m, unsigned index,
                        const struct identity_secret *identity, struct rng *rng,
                        struct arena *locked, struct error *err) must_check;
void ceremony_party_wipe(struct ceremony_party *p);

/*
 * keep: called when key and share are known and before this party's certificate is written: where
 * the share is kept durably. Otherwise the others could finish with a share that is lost. It may be
 * called again for the same key and share. A share kept in an attempt that then failed is of no use
 * to anybody. recall: called at the end when this program had certified the key before it was
 * restarted: hands over what was kept. Both may be NULL.
 */
typedef bool ceremony_keep_fn(void *ctx, const struct election_key *key, const secret_scalar *share,
                              struct error *err);
typedef bool ceremony_recall_fn(void *ctx, const struct election_key *key, secret_scalar *share,
                                struct error *err);
void ceremony_party_keep(struct ceremony_party *p, ceremony_keep_fn *keep,
                         ceremony_recall_fn *recall, void *ctx);

/*
 * What an authority has done about one manifest, kept durably beyond any folder that others can
 * take away or roll back. An authority deals in an attempt once only: in none that is not above the
 * highest it has begun. It goes on from a certificate only where the record shows that attempt,
 * with what it said there, as ended; and from a ceremony that it saw finished never. Otherwise
 * whoever rolls the record back would get two keys and two messages for one round from honest
 * parties.
 */
struct ceremony_past {
	unsigned begun;                   /* the highest attempt begun; 0: none */
	unsigned certified;               /* the last attempt certified; 0: none, or not known */
	uint8_t qualified[LIMIT_PARTIES]; /* what it certified: what r6 says, and says again, */
	digest eid;                       /* … and of which election */
	bool finished;                    /* it saw all certificates of eid */
};
#define CEREMONY_PAST_BYTES 160u
/* A file of it: for manifest D of so many parties. */
bytes ceremony_past_write(uint8_t room[static CEREMONY_PAST_BYTES],
                          const struct ceremony_past *past, const digest *d, unsigned parties);
bool ceremony_past_read(struct ceremony_past *out, bytes file, const digest *d, unsigned parties,
                        struct error *err) must_check;

/* recollect: all zeros when nothing was kept. remember: called before a first message of an attempt
 * and a certificate leave, and at the end; durable when it returns. Both NULL: nothing is kept. */
typedef bool ceremony_recollect_fn(void *ctx, struct ceremony_past *out, struct error *err);
typedef bool ceremony_remember_fn(void *ctx, const struct ceremony_past *past, struct error *err);
void ceremony_party_remember(struct ceremony_party *p, ceremony_recollect_fn *recollect,
                             ceremony_remember_fn *remember, void *ctx);

/*
 * Told of a file, "A/rR-NN.bt" or "A/failed-NN.bt" of the ceremony's folder, that the party named
 * has not signed for this place. It counts as absent and is looked at again: a folder that
 * remembers what it read must forget it now. why: NULL when it was told before.
 */
typedef void ceremony_doubt_fn(void *ctx, const char *path, const struct error *why);
void ceremony_party_doubt(struct ceremony_party *p, ceremony_doubt_fn *doubt, void *ctx);

/*
 * Does the next thing that the messages in the folder allow: checks what the others wrote and
 * writes this party's message, or its word that the attempt failed. *done when all certificates are
 * there. UNAVAILABLE: nothing to do yet; the detail lists what is waited for. Call again; and with
 * CEREMONY_DEADLINE when the time that the caller gives this wait is over: then the party goes on
 * without those who did not speak, or ends the attempt where all must speak. Still UNAVAILABLE:
 * fewer than t parties are there, or others hold this attempt without this party.
 * REJECTED "… without this party": the ceremony is over, and this authority has no share.
 *
 * A party that was restarted in the middle of an attempt has lost its polynomial: it ends that
 * attempt and joins the next; but once it has certified, it has its share and only waits.
 * CONFLICT: the record has lost messages that this party signed (see struct ceremony_past).
 */
enum ceremony_patience { CEREMONY_PATIENT, CEREMONY_DEADLINE };
bool ceremony_party_step(struct ceremony_party *p, struct folder *ceremony,
                         enum ceremony_patience patience, bool *done, struct error *err) must_check;
/* Where it stands: the attempt, and the round to write next (CEREMONY_ROUNDS: none). */
unsigned ceremony_party_attempt(const struct ceremony_party *p);
enum ceremony_round ceremony_party_round(const struct ceremony_party *p);
/* After *done: this party's share x_l, checked against y_l. false: certified by an earlier run, and
 * there was nothing to recall it with. */
bool ceremony_party_share(secret_scalar *out, const struct ceremony_party *p) must_check;

/* --- anybody --- */

/* What became of a party in the attempt that counts. */
enum ceremony_fate {
	CEREMONY_QUALIFIED,
	CEREMONY_ABSENT,     /* no key and commitment in time */
	CEREMONY_UNOPENED,   /* no valid opening in time */
	CEREMONY_ACCUSED,    /* t or more parties say that their shares are wrong */
	CEREMONY_UNANSWERED, /* a share was complained about and not published in time */
	CEREMONY_MISANSWERED /* … and what was published is wrong too */
};
const char *ceremony_fate_text(enum ceremony_fate fate); /* "kept", "did not take part: …" */

#define CEREMONY_REASON_BYTES 160u /* printable ASCII, no terminator counted */
struct ceremony_failure {
	unsigned attempt, by, culprit; /* culprit 0: nobody can be named */
	char reason[CEREMONY_REASON_BYTES + 1];
};

struct ceremony_report {
	unsigned attempts; /* the last of which counts */
	enum ceremony_fate fate[LIMIT_PARTIES];
	unsigned accusers[LIMIT_PARTIES]; /* how many complained about this party's shares */
	/* What the party of lowest index said about each attempt before the last. */
	struct ceremony_failure failures[LIMIT_ATTEMPTS];
	digest certified; /* H_certified(D, every message of the last attempt) */
};

/* Checks a finished ceremony message by message and derives the key. Exact file set. UNAVAILABLE:
 * it is not finished. report may be NULL. */
bool ceremony_verify_report(struct election_key *out, struct ceremony_report *report,
                            const struct manifest *m, struct folder *ceremony,
                            struct error *err) must_check;
bool ceremony_verify(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                     struct error *err) must_check;

/* The key as the rightly signed messages make it, whatever else lies among them: for authorities
 * at work. A record that is published is checked with ceremony_verify. */
bool ceremony_key(struct election_key *out, const struct manifest *m, struct folder *ceremony,
                  struct error *err) must_check;

/* The attempt that counts, or that is to be held: 1 when nothing is there yet. */
bool ceremony_current(unsigned *attempt, const struct manifest *m, struct folder *ceremony,
                      struct error *err) must_check;
/* Whether this party's certificate is there in that attempt. */
bool ceremony_certified_by(bool *out, const struct manifest *m, unsigned index,
                           struct folder *ceremony, struct error *err) must_check;

/* --- messages out of their place: for whoever stores or compares them --- */

struct ceremony_message { /* content borrows the file */
	unsigned attempt;
	enum ceremony_round round;
	unsigned index;
	bytes content;
};
/* Header, D and signature. The content is any bytes. */
bool ceremony_message_read(struct ceremony_message *out, const struct manifest *m, bytes file,
                           struct error *err) must_check;
/* Whether the content has the form of its round. */
bool ceremony_content_check(const struct ceremony_message *message, const struct manifest *m,
                            struct error *err) must_check;
bool ceremony_failure_read(struct ceremony_failure *out, const struct manifest *m, bytes file,
                           struct error *err) must_check;

/*
 * true: the two messages convict *party: both are signed by it, for the same attempt and round, and
 * they differ. (An honest party signs one message for a round, and Ed25519 as it is used here gives
 * one signature for one message.) REJECTED: they convict nobody, the reason is told; MALFORMED: one
 * is no message.
 */
bool ceremony_convict(unsigned *party, const struct manifest *m, bytes a, bytes b,
                      struct error *err) must_check;

#endif
