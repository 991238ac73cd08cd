/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Votes as exact numbers: integers of 128 bits that count units of a fraction of a vote.
 *
 * How many units make one vote is said beside them, by a units_form: 10^decimals for rules that
 * declare a fixed point, any common denominator for rules whose numbers are exact fractions, 1 for
 * rules that only add. Text is "139.78233" in the first case, "7/2" or "3" in the second.
 *
 * Sizes: the weights of all ballots of an election are below 2^57 (PROFILE_WEIGHT_MAX); a sum of
 *   them in units of 10^-9 is below 2^87, its product with a value of at most one vote below 2^117.
 *   Rules with larger numbers use the checked functions and fail with LIMIT.
 * Errors: units_share requires that value · part has 127 bits; units_add_product says so instead.
 * Cost: a division of 128 bits is a call of some 30 ns, avoided where 64 bits hold the numbers.
 */
#ifndef COUNT_UNITS_H
#define COUNT_UNITS_H

#include "base/bytes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 units;

#define UNITS_MOST (((((units)1 << 126) - 1) << 1) + 1)
#define UNITS_TEXT_BYTES 90u /* "-<39 digits>/<39 digits>" */

struct units_form {
	units one;         /* how many units are one vote */
	unsigned decimals; /* one = 10^decimals; 0: text is a fraction in lowest terms, or an integer */
};

struct units_form units_decimal(unsigned decimals); /* at most 18 */
struct units_form units_fraction(units denominator);

/* ⌊value · part / whole⌋ for value, part ≥ 0 and whole > 0. */
units units_share(units value, units part, units whole);
units units_share_up(units value, units part, units whole); /* ⌈…⌉ */

/* *sum += a · b; false, and *sum as it was, when that has more than 127 bits. */
bool units_add_product(units *sum, units a, units b) must_check;
units units_gcd(units a, units b); /* of numbers ≥ 0; gcd(0, b) = b */

void units_add_text(struct text *t, units v, struct units_form form);

#endif
