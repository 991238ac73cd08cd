/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which authority said what: reads the endorsements of a record and says who signed.
 *
 * Every endorsement file that is there must be that party's valid signature on exactly the
 * statement the record's own bytes give; the wanted ones must be there. Two parties have two
 * identity keys (manifest/read.c), so distinct parties are distinct identities.
 */
#ifndef RECORD_ENDORSE_H
#define RECORD_ENDORSE_H

#include "manifest/manifest.h"
#include "record/statement.h"

struct endorsements {
	struct folder *record;
	const struct manifest *manifest;
	const char *auxsid; /* NULL: of the whole election */
	const char *kind;   /* "close", "mix", … */
	unsigned attempt;   /* "ready", "factors", "commitments": which; else 0 */
};

/* signed_by[party] for party 1…n. REJECTED or MALFORMED for a file that is there and not right. */
bool endorsements_read(bool signed_by[static LIMIT_PARTIES + 1], const struct endorsements *e,
                       const digest *statement, struct error *err) must_check;
/* Who signed rightly; what else is there stops nobody. The lowest party in whose place it lies; 0:
 * none. For the work of a tally; a record with such a file does not verify. */
unsigned endorsements_right(bool signed_by[static LIMIT_PARTIES + 1], const struct endorsements *e,
                            const digest *statement);
/* REJECTED unless at least `least` parties signed. */
bool endorsements_enough(const bool signed_by[static LIMIT_PARTIES + 1], unsigned least,
                         struct error *err) must_check;
/* One party's, which must be there. */
bool endorsement_of(const struct endorsements *e, unsigned party, const digest *statement,
                    struct error *err) must_check;
bool endorsement_exists(const struct endorsements *e, unsigned party);
/* The attempt that all files of this kind are of; 0 when there is none. REJECTED when they differ.
 */
bool endorsements_attempt(unsigned *attempt, const struct endorsements *e,
                          struct error *err) must_check;
/* CONFLICT unless absent; the same signature again is fine (Ed25519 is deterministic). */
bool endorse(const struct endorsements *e, unsigned party, const struct identity_secret *identity,
             const digest *statement, struct error *err) must_check;

#endif
