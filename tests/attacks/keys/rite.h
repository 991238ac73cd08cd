/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ceremony of a real election, with a cheating dealer in it (cheat.h) or a director who shows
 * different things (play.h), and what becomes of the election afterwards.
 *
 * Include support.h first.
 */
#ifndef ATTACK_RITE_H
#define ATTACK_RITE_H

#include "attacks/keys/forge.h"
#include "unit/protocol/ceremony/cheat.h"

/* Manifest and identities are the election's; the messages lie in the play's own folder. */
void rite_begin(struct play *p, struct election *e, unsigned parties, unsigned threshold);
/* Another one for the same manifest. */
void rite_play(struct play *p, struct election *e);
/* What the messages of attempt 1 that lie there give, all parties being present: the digests of
 * rounds 2 and 4. */
digest rite_echo(const struct play *p);
digest rite_openings(const struct play *p);
/* Any index, under any party's key. */
bytes rite_message(const struct play *p, unsigned round, unsigned index, unsigned signer,
                   bytes content);
/* The messages become the record's; what is left of them is looked at by the verifier alone. */
void rite_record(struct play *p, struct election *e);
/* The honest parties are done: record, shares and key are the election's, as far as qualified. */
void rite_finish(struct play *p, struct election *e);
void rite_end(struct play *p, struct election *e);
/* Votes, tally by these parties, and the record verifies. */
void rite_hold(struct election *e, const char *parties);

#endif
