/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything an attacker who has t authorities, the board and the director can do to a record of a
 * small election (one list of width 1): work without any of the checks that honest authorities
 * make, with true signatures, and a log that says the same as the files.
 *
 * Include support.h first.
 */
#ifndef ATTACK_FORGE_H
#define ATTACK_FORGE_H

#include "base/subfolder.h"
#include "mixnet/decryption.h"
#include "record/lists.h"
#include "record/proof.h"
#include "support/election.h"

#define ATTACK_PROOF "proof/l1/nizkp/l1/"
#define ATTACK_PROOFS ATTACK_PROOF "proofs/"

struct forgery {
	struct election *e;
	struct mix_session session;
	struct mix_key key;
	struct subfolder proof; /* proof/l1/nizkp/l1 */
	struct folder *begun;   /* the record as it was, for forgery_undo */
	struct ballot_box box;
	unsigned last; /* mixer: whose list is decrypted */
};

/* Of an election whose log is closed; the record as it is now is what forgery_undo gives back. */
void forgery_begin(struct forgery *f, struct election *e);
/* As it was, and no home remembers anything. */
void forgery_undo(struct forgery *f);
void forgery_end(struct forgery *f);

/* --- the closed urn --- */

/* The object number `index` replaced in place by one of the same length, its entry too; the board
 * signs anew. */
void forgery_ballot(struct election *e, size_t index, bytes object);
/* All of the named parties sign what is in the log up to "close". */
void forgery_close(struct forgery *f, const char *parties);

/* --- the tally --- */

void forgery_frame(struct forgery *f, unsigned last); /* protInfo, key, and so on */
/* The product's own prover, by one person in whatever name. */
void forgery_shuffle(struct forgery *f, const char *input, unsigned party);
/* Party signs its shuffle of that list, with the key of `signer`. */
void forgery_sign_mix(struct forgery *f, unsigned party, const char *input, unsigned signer);
void forgery_sign(struct forgery *f, const char *auxsid, const char *kind, unsigned party,
                  const digest *statement, unsigned attempt);
/* By the last mixer's list, attempt 1. */
void forgery_decrypt(struct forgery *f, const char *active);
/* Counted, signed by these, logged. */
void forgery_result(struct forgery *f, const char *parties);
void forgery_log(struct forgery *f);

/* --- what must come of it --- */

/* The verifier, with the election's fingerprint: rejected, this check first; `what` in the message
 * or in its detail; so must `detail` be, unless NULL. */
void refused_by_verifier(struct election *e, const char *code, const char *what,
                         const char *detail);
void accepted_by_verifier(struct election *e);
bool noted_by_verifier(struct election *e, const char *code, const char *text);
/* An honest party's step ends so. */
void refused_by_party(struct election *e, enum election_step step, unsigned party,
                      const char *active, enum error_kind kind, const char *text);
/* It has not used its share: neither word nor factors are there. */
void share_is_unused(struct election *e, unsigned party);

bool there(const struct election *e, const char *path);
void drop(bytes b);
digest digest_of_file(const struct election *e, const char *path);
/* parties, threshold, votes 0, 1, 2, 3, 0 …; the log is closed. */
void attack_election(struct election *e, unsigned parties, unsigned threshold, unsigned votes);

#endif
