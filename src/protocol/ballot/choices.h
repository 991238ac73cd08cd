/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choices of one question as digits, and what they are worth.
 *
 * A question with n answers and k write-in fields has these digits:
 *   the invalid flag (base 2);
 *   one per answer in the order of the manifest: MARKS 0 or 1 (base 2), RANKS 0 for none, else the
 *     rank 1…max (base max + 1), POINTS 0…points (base points + 1): points or a grade, 0 for none;
 *   per field: RANKS its rank, POINTS its points (same bases); the length 0…30 of its text
 *     (base 31); 30 bytes (base 256), the text in UTF-8 and zeros behind it.
 * The questions of a group follow each other; their digits are one plaintext.
 *
 * Sizes: a field takes 31 bytes of the plaintext, so LIMIT_WIDTH leaves room for 14 in a group.
 * Secrets: unsuffixed functions are constant time in the choices and texts (their time depends on
 *   the rule only); choices_verdict_vartime is for decrypted votes.
 * Verdicts, the first that applies: flag, malformed write-in, blank, repeated rank, missing rank,
 *   repeated write-in, too few, too many. A field is an answer chosen when its text has a length.
 *   A write-in is malformed when its text is not UTF-8, has a control character (C0, DEL, C1,
 *   U+2028, U+2029) or one that turns the direction of what follows (U+202A…202E, U+2066…2069),
 *   when a byte after its length is not zero, or (RANKS, POINTS) when it has a rank or points and
 *   no text or a text without them. min and max bound how many answers are chosen (have a mark, a
 *   rank, a point); more points than `total` together are too many as well. A vote without any mark
 * is blank whatever `min` says; whether the booth lets it pass is policy. Cost: choices_verdict
 * answers · max steps for RANKS, the vartime one is linear; a field 30 steps of some 40
 * instructions, each pair of fields 30 comparisons, in both.
 */
#ifndef BALLOT_CHOICES_H
#define BALLOT_CHOICES_H

#include "ballot/verdict.h"
#include "base/error.h"
#include "base/limits.h"

#include <stddef.h>
#include <stdint.h>

#define WRITE_IN_BYTES 30u

enum choices_kind {
	CHOICES_MARKS,
	CHOICES_RANKS,
	CHOICES_POINTS,
};

#define CHOICES_POINTS_MAX 1000u

struct choices_rule {
	enum choices_kind kind;
	uint32_t answers;   /* 1…LIMIT_ANSWERS, together with the write-ins */
	uint32_t min, max;  /* min ≤ max, 1 ≤ max ≤ answers + write_ins */
	uint32_t write_ins; /* text fields */
	uint32_t points;    /* POINTS: the most for one answer, 1…CHOICES_POINTS_MAX; else 0 */
	uint32_t total;     /* POINTS: the most for all together; 0: not bounded */
};

bool choices_rule_check(const struct choices_rule *rule, struct error *err) must_check;

static inline size_t choices_write_in_digits(const struct choices_rule *rule)
{
	return WRITE_IN_BYTES + (rule->kind == CHOICES_MARKS ? 1 : 2);
}
static inline size_t choices_digits(const struct choices_rule *rule)
{
	return (size_t)rule->answers + 1 + rule->write_ins * choices_write_in_digits(rule);
}
/* Writes choices_digits(rule) bases; returns how many. */
size_t choices_bases(uint32_t *bases, const struct choices_rule *rule);

/*
 * Digits from what a voter chose: values[i] is answer i's mark, rank or points; all text fields are
 * empty. MALFORMED when a value has no digit (the error does not say which). Contradictory choices
 * are not refused here: ask choices_verdict and warn the voter.
 */
bool choices_encode(uint32_t *digits, const struct choices_rule *rule, const uint32_t *values,
                    bool invalid, struct error *err) must_check;

/* One text field. All 30 bytes are read, whatever the length is: put zeros behind the text. */
struct write_in {
	uint32_t rank; /* RANKS: 0 or 1…max; POINTS: its points; MARKS: not used */
	uint32_t length;
	uint8_t text[WRITE_IN_BYTES];
};
/* Fills the text fields of digits made by choices_encode; fields[rule->write_ins]. MALFORMED when a
 * rank or a length has no digit (the error does not say which). What is wrong with a text is said
 * by the verdict. */
bool choices_encode_write_ins(uint32_t *digits, const struct choices_rule *rule,
                              const struct write_in *fields, struct error *err) must_check;
/* Text field `field` of digits in range. */
void choices_write_in(struct write_in *out, const struct choices_rule *rule, const uint32_t *digits,
                      size_t field);

/* digits[0] is the flag, digits + 1 the values, then the text fields; all in range. */
enum verdict choices_verdict(const struct choices_rule *rule, const uint32_t *digits);
enum verdict choices_verdict_vartime(const struct choices_rule *rule, const uint32_t *digits);

#endif
