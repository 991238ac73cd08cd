/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verification of a whole record, in the protocol's order.
 *
 * Each check has a code ("3.1"), a sentence and an outcome; README.md lists them. Within a section
 * the first failure ends the section; later sections run where their inputs exist: faults of the
 * board (ballots that do not count, refused voids) are failed checks, and the tally is verified all
 * the same. A record passes only if nothing failed and nothing was skipped; without an anchor from
 * outside the best verdict is "self-consistent".
 *
 * Sections: 1 anchor, 2 manifest, 3 ceremony, 4 files, log, checkpoints, 5 credentials, 6 ballots
 * and voids, 7 lists, 8 shuffles, 9 decryption, 10 result, 11 what rests on trust.
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

/*
 * What somebody knows from outside: the election's fingerprint, or the fingerprints (SHA-256 of the
 * identity key) of all its authorities, party 1 first. Of these at least `vouch` must have made and
 * certified this very key, 0: all. The manifest's own threshold is no measure: who forges an
 * election alone writes 1 there, and everybody's public keys beside the own one.
 */
enum anchor_kind { ANCHOR_NONE, ANCHOR_ELECTION, ANCHOR_AUTHORITIES };
struct record_anchor {
	enum anchor_kind kind;
	digest eid;
	const digest *authorities;
	unsigned authorities_count;
	unsigned vouch;
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
