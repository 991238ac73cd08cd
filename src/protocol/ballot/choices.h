/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choices of one question as digits, and what they are worth.
 *
 * A question with n answers has 1 + n digits: the invalid flag (base 2), then one per answer in the
 * order of the manifest: MARKS 0 or 1 (base 2); RANKS 0 for none, else the rank 1…max (base
 * max + 1). The questions of a group follow each other; their digits are one plaintext.
 *
 * Secrets: unsuffixed functions are constant time in the choices (their time depends on the rule
 *   only); choices_verdict_vartime is for decrypted votes.
 * Verdicts, the first that applies: flag, blank, repeated rank, missing rank, too few, too many. A
 *   vote without any mark is blank whatever `min` says; whether the booth lets it pass is policy.
 * Cost: choices_verdict answers · max steps for RANKS; the vartime one is linear.
 */
#ifndef BALLOT_CHOICES_H
#define BALLOT_CHOICES_H

#include "ballot/verdict.h"
#include "base/error.h"
#include "base/limits.h"

#include <stddef.h>
#include <stdint.h>

enum choices_kind {
	CHOICES_MARKS,
	CHOICES_RANKS,
};

struct choices_rule {
	enum choices_kind kind;
	uint32_t answers;  /* 1…LIMIT_ANSWERS */
	uint32_t min, max; /* min ≤ max, 1 ≤ max ≤ answers */
};

bool choices_rule_check(const struct choices_rule *rule, struct error *err) must_check;

static inline size_t choices_digits(const struct choices_rule *rule)
{
	return (size_t)rule->answers + 1;
}
/* Writes choices_digits(rule) bases; returns how many. */
size_t choices_bases(uint32_t *bases, const struct choices_rule *rule);

/*
 * Digits from what a voter chose: values[i] is answer i's mark or rank. MALFORMED when a value has
 * no digit (the error does not say which). Contradictory choices are not refused here: ask
 * choices_verdict and warn the voter.
 */
bool choices_encode(uint32_t *digits, const struct choices_rule *rule, const uint32_t *values,
                    bool invalid, struct error *err) must_check;
/* digits[0] is the flag, digits + 1 the values; all in range. */
enum verdict choices_verdict(const struct choices_rule *rule, const uint32_t *digits);
enum verdict choices_verdict_vartime(const struct choices_rule *rule, const uint32_t *digits);

#endif
