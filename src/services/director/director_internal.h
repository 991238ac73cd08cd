/* SPDX-License-Identifier: Apache-2.0 */
/* How a list is looked at, step by step. */
#ifndef DIRECTOR_DIRECTOR_INTERNAL_H
#define DIRECTOR_DIRECTOR_INTERNAL_H

#include "director/director.h"

#include "base/subfolder.h"
#include "mixnet/verify.h"
#include "record/chain.h"
#include "record/endorse.h"
#include "record/proof.h"

struct looking {
	struct director *d;
	struct director_list *out;
	unsigned list;
	struct mix_session session;
	struct mix_key key;
	struct subfolder folder; /* the proof directory */
	digest last;             /* the list that the chain so far ends with */
	const bool *active;
	struct shuffle_tree tree;                  /* signatures */
	struct error equations[LIMIT_PARTIES + 1]; /* kind NONE, or why its shuffle does not hold */
};

/* Puts the error on the list of faults. IO and LIMIT are no faults: false, in err. */
bool look_blame(struct looking *k, unsigned party, const struct error *why,
                struct error *err) must_check;
/* A file of the proof directory, seen from the record. */
bool look_exists(const struct looking *k, enum mix_file file, unsigned party);

/* The shuffles, until t hold; *go_on when the list is mixed. */
bool look_at_chain(struct looking *k, bool *go_on, struct error *err) must_check;
bool look_at_decryption(struct looking *k, struct error *err) must_check;
bool look_at_plaintexts(struct looking *k, struct error *err) must_check;

#endif
