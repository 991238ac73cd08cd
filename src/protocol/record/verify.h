/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verification of a whole record, in the protocol's order.
 *
 * Each check has a code ("3.4"), a sentence and an outcome. Within a section the first failure ends
 * the section; later sections run where their inputs exist. A record passes only if nothing failed
 * and nothing was skipped; without an anchor from outside the best verdict is "self-consistent".
 *
 * Sections: 1 anchor, 2 manifest, 3 ceremony, 4 log and file set, 5 credential list (says what
 * eligibility rests on), 6 ballots, 7 lists, 8 shuffles, 9 decryption, 10 result, 11 summary.
 */
#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include "record/lists.h"

enum check_outcome { CHECK_PASSED, CHECK_FAILED, CHECK_SKIPPED, CHECK_NOTE };

struct check {
	const char *code;     /* "8.2" */
	const char *sentence; /* what was checked; a literal */
	enum check_outcome outcome;
	struct error error; /* of a failure; detail also carries figures of a pass or a note */
};

/* Receives every check in order. Borrows during the call. */
struct report {
	void (*check)(struct report *r, const struct check *c);
};

struct record_anchor {
	bool given;
	digest eid;
};

enum record_verdict {
	RECORD_VERIFIED,        /* everything holds and it is the election of the anchor */
	RECORD_SELF_CONSISTENT, /* everything holds, but nobody said which election it should be */
	RECORD_REJECTED,
	RECORD_UNDECIDED, /* the machine failed us; says nothing about the record */
};

enum record_verdict record_verify(struct folder *record, const struct record_anchor *anchor,
                                  struct tally_world *world, struct report *report);

#endif
