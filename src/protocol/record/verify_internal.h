/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_VERIFY_INTERNAL_H
#define RECORD_VERIFY_INTERNAL_H

#include "base/subfolder.h"
#include "record/verify.h"

struct verification {
	struct folder *record;
	const struct record_anchor *anchor;
	struct tally_world *world;
	struct report *report;
	struct manifest *manifest;
	struct election_key key;
	struct ballot_box box;
	unsigned failed, skipped;
	unsigned closed_by; /* authorities that signed the closing root */
	bool undecided;     /* a failure of the machine, not of the record */
};

/* Reports one check; returns good. */
bool verification_check(struct verification *v, const char *code, const char *sentence, bool good,
                        const struct error *err);
void verification_note(struct verification *v, const char *code, const char *sentence,
                       enum check_outcome outcome, const char *detail);

/* Sections 8 and 9, for every list. */
void verify_proofs(struct verification *v);

#endif
