/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose shuffles of a list are one chain.
 *
 * A file in somebody's name is no shuffle. What counts is a signature of its author on exactly the
 * files there, with the list of the ballots, or another counting shuffle of a lower number, as
 * input. So shuffles are a tree, and the chain is the way to one of its members: the longest that
 * can still get as long as it must be. Of several as long, the one whose last number is the lowest:
 * who shuffled out of turn, too early, gains nothing, and most are left to follow. Who of two that
 * shuffled the same list came first, nothing in a record says.
 *
 * Nothing here looks at a proof: signatures bind files, and cost a pass over them the first time.
 * Inputs: a record that others write. Errors: none; what cannot be read does not count.
 */
#ifndef RECORD_CHAIN_H
#define RECORD_CHAIN_H

#include "manifest/manifest.h"
#include "record/proof.h"

enum shuffle_state {
	SHUFFLE_NONE,   /* no signature lies there */
	SHUFFLE_UNFIT,  /* one does, and is not its author's on anything that counts */
	SHUFFLE_COUNTS, /* in the tree; in the chain or not */
};

struct shuffle_tree {
	unsigned parties;
	struct {
		enum shuffle_state state;
		unsigned parent; /* whose list it shuffled; 0: that of the ballots */
		unsigned depth;  /* of how many the way to it is */
		digest signature, input, output;
	} of[LIMIT_PARTIES + 1];
};

struct shuffle_place { /* borrows */
	struct folder *record;
	const struct manifest *manifest;
	const digest *eid;
	unsigned list;
	const digest *input; /* the list of the ballots, as a file */
};

/* Reads anew what has changed since; begin with an empty one, {0}. */
void shuffle_tree_read(struct shuffle_tree *t, const struct shuffle_place *place);
/* This one does not count, nor what stands on it. */
void shuffle_tree_drop(struct shuffle_tree *t, unsigned party);

/* Those who shuffled up to `party`, ascending; how many. */
unsigned shuffle_tree_way(unsigned chain[static LIMIT_PARTIES], const struct shuffle_tree *t,
                          unsigned party);
enum chain_hope {
	CHAIN_STUCK,              /* too few are left behind it */
	CHAIN_CAN_END_IF_CLEARED, /* when what is in the place of some of them goes to evidence */
	CHAIN_CAN_END,
};
/* The last of the chain; 0: there is none yet. able: who may still shuffle, NULL: everybody. */
unsigned shuffle_tree_last(enum chain_hope *hope, const struct shuffle_tree *t, unsigned threshold,
                           const bool *able);
/* How many chains there are of as many shuffles as it takes. */
unsigned shuffle_tree_complete(const struct shuffle_tree *t, unsigned threshold);

#endif
