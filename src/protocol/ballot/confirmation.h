/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The confirmation code: what a voter compares and keeps.
 *
 * The first 130 bits of the ballot id as 26 characters of Crockford's base 32 and his check
 * character (the 130-bit number modulo 37), in groups: "4G7K-9X2M-…-TQ5". It catches every
 * single wrong character and every exchange of two neighbours.
 * Reading is tolerant: either case, O as 0, I and L as 1, spaces and hyphens anywhere.
 * Errors: MALFORMED, at = position in the text, counted from 0, of the character that is wrong.
 */
#ifndef BALLOT_CONFIRMATION_H
#define BALLOT_CONFIRMATION_H

#include "base/bytes.h"
#include "base/error.h"
#include "hash/sha2.h"

#define CONFIRMATION_CHARACTERS 27u
#define CONFIRMATION_TEXT_BYTES 34u /* 27 characters, 6 hyphens, a terminator */
#define CONFIRMATION_BYTES 17u      /* 130 bits, the low 6 bits of the last byte are zero */

typedef struct {
	uint8_t b[CONFIRMATION_BYTES];
} confirmation;

confirmation confirmation_of(const digest *ballot_id);
void confirmation_format(char out[static CONFIRMATION_TEXT_BYTES], const confirmation *c);
bool confirmation_parse(confirmation *out, bytes text, struct error *err) must_check;
bool confirmation_equal(const confirmation *a, const confirmation *b); /* public data */

#endif
