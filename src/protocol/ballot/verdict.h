/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one decrypted answer to one question is: a valid vote, a blank one, or an invalid one with
 * its reason. Every plaintext gets exactly one; invalid ones are counted by reason.
 */
#ifndef BALLOT_VERDICT_H
#define BALLOT_VERDICT_H

#include <stdbool.h>

enum verdict {
	VERDICT_VALID,
	VERDICT_BLANK,            /* nothing chosen */
	VERDICT_INVALID_BY_VOTER, /* the flag is set, whatever else is chosen */
	VERDICT_REPEATED_RANK,    /* two answers hold one rank */
	VERDICT_MISSING_RANK,     /* the ranks given are not 1, 2, … without a gap */
	VERDICT_TOO_FEW,          /* fewer answers than the question's minimum, but not none */
	VERDICT_TOO_MANY,
	VERDICT_MALFORMED_WRITE_IN, /* a text field that no booth fills like this */
	VERDICT_REPEATED_WRITE_IN,  /* two text fields hold one text */
	/* About a whole plaintext, hence about every question of its group: */
	VERDICT_NOT_CANONICAL, /* a point that is not the one encoding of its message */
	VERDICT_OUT_OF_RANGE,  /* the integer is none that choices can give */
};
#define VERDICTS 11u

/* Stable names for results and messages: "valid", "blank", "too-many", … */
const char *verdict_name(enum verdict v);

static inline bool verdict_is_invalid(enum verdict v)
{
	return v != VERDICT_VALID && v != VERDICT_BLANK;
}

#endif
