/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ceremony played in one process: each party has its own state, the folder is what they share.
 */
#ifndef CEREMONY_PLAY_H
#define CEREMONY_PLAY_H

#include "support/support.h"

#include "ceremony/ceremony.h"

struct play {
	struct folder *folder;
	struct manifest m;
	struct manifest_authority authorities[LIMIT_PARTIES];
	struct identity_secret identity[LIMIT_PARTIES];
	struct ceremony_party *party[LIMIT_PARTIES];
};

void play_begin(struct play *p, unsigned n, unsigned t);
void play_end(struct play *p);
/* All parties do one step; false as soon as one fails. */
bool everybody(struct play *p, bool *done, struct error *err);
void play_rounds(struct play *p, unsigned rounds);
/* The rest, when so many rounds are played; checks the whole. */
void play_whole_from(struct play *p, unsigned played, struct election_key *key);
void play_whole(struct play *p, struct election_key *key);

/* Signs a message as that party would: what a cheating authority can always do. */
void forge(struct play *p, unsigned round, unsigned index, bytes content);
bytes leaf_of(uint8_t *room, size_t size, bytes b);

#endif
