/* SPDX-License-Identifier: Apache-2.0 */
/* What mixing, decrypting and counting one list have in common. */
#ifndef AUTHORITY_STAGE_INTERNAL_H
#define AUTHORITY_STAGE_INTERNAL_H

#include "authority/wait_internal.h"
#include "base/subfolder.h"
#include "mixnet/verify.h"
#include "record/chain.h"
#include "record/endorse.h"
#include "record/proof.h"

struct list_stage {
	const struct authority *a;
	const struct election_key *key;
	unsigned list;
	char auxsid[AUXSID_BYTES];
	struct mix_session session;
	struct mix_key mix_key;
	struct subfolder folder;      /* the proof directory */
	struct active_parties chain;  /* who shuffles, in this order */
	struct shuffle_tree tree;     /* all signatures of shuffles, as others see them now */
	bool told[LIMIT_PARTIES + 1]; /* of one that does not count */
	digest input;                 /* SHA-256 of the derived list */
	digest closing;               /* what the authorities signed when the urn was closed */
	const struct mix_generators *generators; /* where they are known already */
};

/* Folder, session and key of one list. */
bool stage_open(struct list_stage *s, const struct authority *a, const struct election_key *key,
                unsigned list, struct error *err) must_check;
/* Signatures of this list that are of no attempt at decrypting it. */
struct endorsements stage_endorsements(const struct list_stage *s, const char *kind);

/* The list that shuffle number `position` starts from: Ciphertexts.bt or its predecessor's. */
struct mix_path stage_input(const struct list_stage *s, unsigned position);
/* What the author of shuffle number `position` signs, and the list it gave. */
bool stage_statement(digest *out, digest *output, const struct list_stage *s, unsigned position,
                     struct error *err) must_check;
/* The first `count` shuffles are signed by their authors and proved; *last is the list they end
 * with. Does not wait. */
bool stage_check_shuffles(digest *last, const struct list_stage *s, unsigned count,
                          struct error *err) must_check;
/* The chain as others see it now (record/chain.h), among those who are able to continue it; NULL:
 * everybody. s->chain and s->tree. Needs s->input. */
void stage_read_chain(struct list_stage *s, const bool *able);
/* The notice is told of every file in a place of a shuffle that is not in the chain; once. */
void stage_tell_strays(struct list_stage *s);
bool stage_in_chain(const struct list_stage *s, unsigned party);
unsigned stage_last_mixer(const struct list_stage *s);
/* A party's signature lies there as this authority has read it. */
bool stage_same_signature(const struct list_stage *s, unsigned party);
/* What was read of a shuffle is read again the next time: it was replaced. */
void stage_forget_shuffle(const struct list_stage *s, unsigned party);
/* Waits until t parties have signed shuffles of this list, each of the one before, and the proof
 * directory ends with the last of them: they are the chain. REJECTED when there are two chains. */
bool stage_wait_chain(struct list_stage *s, struct error *err) must_check;

/* What a memo of checked plaintexts is about: this list's file of them as it lies there. */
bool stage_plaintexts_memo(digest *about, const struct list_stage *s, struct error *err) must_check;
/* The plaintexts are what the list's ballots say: remembered from the decryption, or verified. */
bool stage_check_plaintexts(const struct list_stage *s, struct error *err) must_check;

/* Checks the log and all ballots and signs nothing; small lists are refused. */
bool ballots_check(struct ballot_box *box, const struct authority *a,
                   const struct election_key *key, struct error *err) must_check;

#endif
