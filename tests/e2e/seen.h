/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was ever to be seen in records, and what must never be: two different things for one.
 *
 *   ceremony    one message for each party, attempt and round; no point of a polynomial twice
 *   shuffles    one proof for each permutation commitment, no point of one in another; one reply
 *               for each commitment
 *   decryption  for each commitment one attempt, one set of commitments (so one challenge) and one
 *               reply
 */
#ifndef E2E_SEEN_H
#define E2E_SEEN_H

#include "e2e/e2e.h"

/* Looks at all of a record as it is now; `life` tells records apart that begin alike. Fails the
 * test. */
void seen_look(const char *record, unsigned life);
/* How many relations were seen, and how many commitments with a reply: so that it saw something. */
unsigned seen_count(const char *kind);

#endif
