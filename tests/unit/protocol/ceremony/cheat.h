/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A party played by the test: it can sign whatever it likes. Written from the format, not with the
 * code under test.
 */
#ifndef CEREMONY_CHEAT_H
#define CEREMONY_CHEAT_H

#include "play.h"

#include "identity/box.h"

struct cheat {
	struct play *p;
	unsigned attempt, index;
	unsigned coefficients; /* as many as the threshold, unless the test says otherwise */
	scalar f[LIMIT_PARTIES];
	point c[LIMIT_PARTIES], a;
	scalar z;
	uint8_t salt[32];
	struct box_secret box;
	bool wrong[LIMIT_PARTIES]; /* a false share for that party */
	uint8_t boxed[LIMIT_PARTIES];
};

/* A valid dealing; the party is no longer played by the program. */
void cheat_begin(struct cheat *c, struct play *p, unsigned attempt, unsigned index);
void cheat_prove(struct cheat *c); /* the proof of possession for f[0] and c as they stand */
void cheat_key(struct cheat *c);
void cheat_commit(struct cheat *c);
void cheat_echo(struct cheat *c, unsigned like); /* what that party says */
void cheat_open(struct cheat *c);
/* fate of each dealer, as many as parties; the digest of another's verdict. */
void cheat_verdict(struct cheat *c, const uint8_t *row, unsigned like);
/* f(j) + add for each j of a list that ends with 0. */
void cheat_answer(struct cheat *c, const unsigned *to, uint64_t add);
void cheat_certify(struct cheat *c, unsigned like);
/* Key, commitment; echo like party 1 once that is there; opening. The others are played on. */
void cheat_until_open(struct cheat *c);

/* Any message under a party's signature. */
void forge(struct play *p, unsigned attempt, unsigned round, unsigned index, bytes content);
bytes forge_message(struct play *p, unsigned attempt, unsigned round, unsigned index,
                    bytes content);
bytes leaf_of(bytes b);
/* node(leaf(flags), leaf(d)) */
bytes statement_of(const struct play *p, const uint8_t *flags, const uint8_t d[static 32]);

#endif
