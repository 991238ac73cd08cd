/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_VERIFY_INTERNAL_H
#define RECORD_VERIFY_INTERNAL_H

#include "base/subfolder.h"
#include "record/note.h"
#include "record/verify.h"

struct verification {
	struct folder *record;
	const struct record_anchor *anchor;
	struct tally_world *world;
	struct report *report;
	struct manifest *manifest;
	struct election_key key;
	struct ceremony_report *ceremony;
	struct ballot_box box;
	bool has_box; /* the log could be read, hence lists could be derived */
	bool failed;
	unsigned skipped;
	unsigned closed_by; /* authorities that signed the closing root */
	bool undecided;     /* a failure of the machine, not of the record */
};

/* Reports one check; returns good. */
bool verification_check(struct verification *v, const char *code, const char *sentence, bool good,
                        const struct error *err);
void verification_note(struct verification *v, const char *code, const char *sentence,
                       enum check_outcome outcome, const char *detail);

/* Sections 4 to 7. */
void verify_log(struct verification *v);
/* Sections 8 and 9, for every list. */
void verify_proofs(struct verification *v);
/* Section 10. */
void verify_result(struct verification *v);

#endif
