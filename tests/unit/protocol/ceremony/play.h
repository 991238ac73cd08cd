/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ceremony played in one process: each party has its own state and its own view of the folder
 * that they share, so that a director can show different things to different parties.
 */
#ifndef CEREMONY_PLAY_H
#define CEREMONY_PLAY_H

#include "support/support.h"

#include "ceremony/ceremony.h"

#define PLAY_MESSAGE_MAX 8192u
#define PLAY_SHOWN_MAX 256u

struct play_view {
	struct folder folder; /* first member */
	struct folder *inner;
	unsigned shown_count;
	struct {
		char path[32];
		bytes content; /* BYTES_NONE: hidden */
	} shown[PLAY_SHOWN_MAX];
	/* Every file comes into sight only after somebody has looked for it in vain. */
	bool late;
	unsigned looked_count;
	char looked[PLAY_SHOWN_MAX][32];
};

struct play {
	struct folder *folder;
	struct manifest m;
	struct manifest_authority authorities[LIMIT_PARTIES];
	struct identity_secret identity[LIMIT_PARTIES];
	struct ceremony_party *party[LIMIT_PARTIES]; /* NULL: played by the test, or away */
	struct play_view view[LIMIT_PARTIES];
	bool done[LIMIT_PARTIES];
	struct error err[LIMIT_PARTIES]; /* of the last step */
};

void play_begin(struct play *p, unsigned n, unsigned t);
void play_end(struct play *p);
/* A party's program is started (again): it knows nothing but what is in the folder. */
void play_start(struct play *p, unsigned index);
bool play_step(struct play *p, unsigned index, enum ceremony_patience patience);
/* Everybody once; those who wait may wait. false as soon as one fails otherwise. */
bool play_sweep(struct play *p);
/* Sweeps until nobody has anything to do. */
void play_on(struct play *p);
/* The same, and whenever nobody has anything to do, deadlines pass; until that does not help. */
void play_out(struct play *p);
/* Sweeps until party 1's next round in attempt 1 is this one. */
void play_until(struct play *p, enum ceremony_round round);
/* Honest, until all are done; checks key and shares of all parties that are played. */
void play_whole(struct play *p, struct election_key *key);
/* After play_out: all that are played are done, have one key and shares that fit. */
void play_check(struct play *p, struct election_key *key, struct ceremony_report *report);

/* From one party's eyes: this content in place of that file, or (BYTES_NONE) nothing. */
void play_show(struct play *p, unsigned to, const char *path, bytes content);

bool play_has(const struct play *p, const char *path);
/* The file; stays until play_end. */
bytes play_read(const struct play *p, const char *path);
void play_write(struct play *p, const char *path, bytes content);
/* The content of a message that is there. */
bytes play_content(const struct play *p, unsigned attempt, unsigned round, unsigned index);
const char *play_path(unsigned attempt, unsigned round, unsigned index); /* static */

/* What was said about an attempt by a party. */
void play_failure(struct ceremony_failure *out, const struct play *p, unsigned attempt,
                  unsigned by);

/* y = Σ of shares of parties[0…count-1], weighted by Lagrange: is it the key? */
bool play_reconstructs(const struct play *p, const struct election_key *key,
                       const unsigned *parties, unsigned count);

#endif
