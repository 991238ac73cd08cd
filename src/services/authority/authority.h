/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One authority's work on a record folder: ceremony, mixing, decryption, counting.
 *
 * Authorities are separate processes that talk through files of the record only. Every message and
 * stage is signed; every step checks what it builds on before it uses a secret; what is missing is
 * waited for until a deadline, and the error then says whose it is. Steps are safe to start again:
 * what this authority has already published and signed is checked, not made anew. A decryption
 * interrupted between commitment and reply cannot go on, for its nonce was memory only and a second
 * challenge for one commitment would give the share away: all begin another attempt.
 *
 * Secrets: the share and nonces are in the caller's locked memory and wiped.
 * Errors: REJECTED names the party whose statement does not hold; UNAVAILABLE says what was waited
 *   for; CONFLICT when a file of ours exists with another content.
 */
#ifndef AUTHORITY_AUTHORITY_H
#define AUTHORITY_AUTHORITY_H

#include "ceremony/ceremony.h"
#include "host/clock.h"
#include "manifest/manifest.h"
#include "record/lists.h"
#include "record/result.h"

struct authority {
	const struct manifest *manifest;
	unsigned index; /* from 1 */
	const struct identity_secret *identity;
	/* Pinned (files/pinned_folder.h), which is required: others can write there at any time, and
	 * what was checked must be what is mixed, opened and signed. */
	struct folder *record;
	/* The same as others see it now; for what may still change before work begins. */
	struct folder *live;
	/* Remembers what was checked and which urn was closed; NULL (tests): nothing. */
	struct folder *home;
	struct tally_world *world;
	struct clock *clock;
	uint64_t timeout_ms;              /* for each wait */
	ceremony_keep_fn *keep_share;     /* for the ceremony; NULL: nobody keeps it */
	ceremony_recall_fn *recall_share; /* what an earlier run kept; NULL: nobody can */
	void *keep_ctx;
	/* Asked while waiting; true ends the wait with UNAVAILABLE "stopped". NULL: never. */
	bool (*stopped)(void);
	/* Told what went wrong and did not stop the work: a party that decrypted wrongly, an attempt
	 * that is given up. NULL: nobody. */
	void (*notice)(void *ctx, const struct error *what);
	void *notice_ctx;
};

/* The parties that take part in a step: of 1…n, ascending, at least t of them. Who shuffles and who
 * decrypts may be others. */
struct active_parties {
	unsigned count;
	unsigned party[LIMIT_PARTIES];
};
/* All of the manifest, or a list such as "1,3". REJECTED: unknown, repeated, fewer than t, or than
 * `least`. */
bool active_parties_all(struct active_parties *out, const struct manifest *m,
                        struct error *err) must_check;
/* Everybody who has a share of the key. */
void active_parties_qualified(struct active_parties *out, const struct election_key *key);
bool active_parties_parse(struct active_parties *out, const struct manifest *m, const char *text,
                          struct error *err) must_check;
bool active_parties_parse_least(struct active_parties *out, const struct manifest *m,
                                const char *text, unsigned least, struct error *err) must_check;

/*
 * The whole ceremony, attempt after attempt; leaves the public key and this party's share, which
 * a->keep_share has stored before this party certified the key. timeout_ms is for each round: when
 * it is over, the ceremony goes on without those who are missing where t are there, and otherwise
 * ends with UNAVAILABLE. Run it again after a crash: until this party has certified, it begins
 * another attempt; afterwards it waits and recalls the share. REJECTED "… without this party": the
 * others have finished, and this authority has no share.
 */
bool authority_ceremony(struct election_key *key, secret_scalar *share, const struct authority *a,
                        struct arena *locked, struct error *err) must_check;
/* Whether this party has certified the key already; then its share is kept, and what is left is to
 * wait for the others' certificates. */
bool authority_has_certified(const struct authority *a);
bool authority_await_key(struct election_key *key, const struct authority *a,
                         struct error *err) must_check;

/*
 * Checks the log, its checkpoint and ballots and signs the closing root. Then, of every list: t of
 * the `mixers` shuffle it, in ascending order. The record says whose turn it is: that of the lowest
 * mixer above the last of the chain (record/chain.h). When the turn comes, this authority checks
 * all shuffles so far, shuffles, and signs, and is done: it does not wait for those behind it. A
 * mixer that does not come within the deadline, or in whose place lies what is no shuffle of the
 * chain, is passed over, and a->notice told, as long as t can still shuffle. Who is no mixer ends
 * well without a shuffle; who is, only when the list has t: else UNAVAILABLE, "not finished", names
 * who is waited for.
 *
 * REJECTED names the party whose shuffle does not hold, or whose place is taken by what is none and
 * who cannot be done without: what it left must go to evidence
 * (director/director.h), and the others go on without it. Shuffles may be taken away and made anew
 * by others at any time; what this authority had built on them is thrown away and made anew.
 */
bool authority_mix(const struct authority *a, const struct election_key *key,
                   const struct active_parties *mixers, struct error *err) must_check;

/*
 * Checks ballots and the shuffles of t parties, whoever they are, then factors, freeze, commitment,
 * freeze, reply, for every list; checks everybody's equations and that the plaintexts are right.
 * `active` decrypt; waits for all of them. With t whose equations hold it succeeds, and a->notice
 * is told of the others.
 *
 * All work in the same attempt. A party that is run again and has committed without a reply begins
 * the next; the others, running or run again, join it. No attempt is used twice, not even by an
 * authority whose record was replaced: a->home knows. What is given up goes to the record's
 * evidence folder. A list that others have opened already is verified, and that is all. CONFLICT:
 * another list of these ballots was opened or closed before. LIMIT: LIMIT_DECRYPTIONS are used.
 */
bool authority_decrypt(const struct authority *a, const struct election_key *key,
                       const secret_scalar *share, const struct active_parties *active,
                       struct error *err) must_check;

/* Checks that the plaintexts are those of the ballots, unless this authority has done so when they
 * were decrypted; counts, writes result.json or compares it, signs it. */
bool authority_count(struct election_result **out, const struct authority *a,
                     const struct election_key *key, struct error *err) must_check;

#endif
