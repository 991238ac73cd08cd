/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two authorities of which both are needed, a board, a registrar, and voters with credentials:
 * three candidates, one seat, small lists are opened.
 */
#ifndef E2E_CREDENTIAL_ELECTION_H
#define E2E_CREDENTIAL_ELECTION_H

#include "e2e/e2e.h"

struct place {
	const char *folder, *record, *homes[2], *board, *codes; /* codes: the file */
	unsigned witnesses;
	const char *witness[4]; /* homes */
};
#define PLACE_CANDIDATES "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Board\"\n"

/* Up to the ceremony; with `voters`, the content of voters.csv, in mode credentials and with their
 * codes, else in mode server. */
struct place place_make(const char *voters, const char *weight_max);
/* … with so many witnesses, at most 4, of which the usual number may lie. */
struct place place_make_witnessed(const char *voters, const char *weight_max, unsigned witnesses);
/* Up to the manifest, in mode credentials; lists of fewer than 10 are not opened. */
struct place place_begin_strict(const char *weight_max);
/* A ballot file with so many ballots for one candidate, encrypted; NULL codes: none. The path. */
const char *place_ballots(const struct place *p, unsigned candidate, unsigned ballots,
                          const char *codes, const char *seq);
/* Lines first … last of the voters in the file of codes, as another one. */
const char *place_codes(const struct place *p, unsigned first, unsigned last);
struct outcome place_collect(const struct place *p, const char *first, const char *second,
                             const char *third);
void place_both(const struct place *p, const char *command);
/* mix, decrypt, count by both; what the last count said. */
struct outcome place_tally(const struct place *p);
void place_finish_and_verify(const struct place *p);

#endif
