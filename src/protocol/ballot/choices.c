/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/choices.h"

#include "ballot/write_in_internal.h"
#include "base/ct.h"
#include "base/declassify.h"

bool choices_rule_check(const struct choices_rule *rule, struct error *err)
{
	if (rule->kind != CHOICES_MARKS && rule->kind != CHOICES_RANKS && rule->kind != CHOICES_POINTS)
		return fail(err, ERROR_MALFORMED, "question: unknown kind of choice", ERROR_NOWHERE);
	if (rule->answers == 0)
		return fail(err, ERROR_MALFORMED, "question: no answers", ERROR_NOWHERE);
	if (rule->answers > LIMIT_ANSWERS || rule->write_ins > LIMIT_ANSWERS - rule->answers)
		return fail(err, ERROR_LIMIT, "question: too many answers and write-ins", LIMIT_ANSWERS);
	if (rule->max == 0 || rule->max > rule->answers + rule->write_ins)
		return fail(err, ERROR_MALFORMED,
		            "question: max is not between 1 and the answers, write-ins included",
		            rule->max);
	if (rule->min > rule->max)
		return fail(err, ERROR_MALFORMED, "question: min is larger than max", rule->min);
	if (rule->kind != CHOICES_POINTS)
		return (rule->points == 0 && rule->total == 0) ||
		       fail(err, ERROR_MALFORMED, "question: points where none are given", rule->points);
	if (rule->points == 0 || rule->points > CHOICES_POINTS_MAX)
		return fail(err, ERROR_MALFORMED, "question: points are not between 1 and 1000",
		            rule->points);
	return rule->total <= rule->points * LIMIT_ANSWERS ||
	       fail(err, ERROR_MALFORMED, "question: a total that no ballot could reach", rule->total);
}

static uint32_t base_of(const struct choices_rule *rule)
{
	switch (rule->kind) {
	case CHOICES_MARKS:
		return 2;
	case CHOICES_RANKS:
		return rule->max + 1;
	case CHOICES_POINTS:
		return rule->points + 1;
	}
	return 0;
}

/* Whether a text field has a digit of its own beside its text: a rank, points. */
static bool fields_have_value(const struct choices_rule *rule)
{
	return rule->kind != CHOICES_MARKS;
}

/* Where field k begins, behind the flag, the answers and the fields before it. */
static size_t field_at(const struct choices_rule *rule, size_t k)
{
	return (size_t)rule->answers + 1 + k * choices_write_in_digits(rule);
}

static size_t length_at(const struct choices_rule *rule, size_t k)
{
	return field_at(rule, k) + fields_have_value(rule);
}

size_t choices_bases(uint32_t *bases, const struct choices_rule *rule)
{
	size_t n = 0;
	bases[n++] = 2;
	while (n <= rule->answers)
		bases[n++] = base_of(rule);
	for (size_t k = 0; k < rule->write_ins; k++) {
		if (fields_have_value(rule))
			bases[n++] = base_of(rule);
		bases[n++] = WRITE_IN_BYTES + 1;
		for (size_t i = 0; i < WRITE_IN_BYTES; i++)
			bases[n++] = 256;
	}
	return n;
}

static uint64_t below(uint64_t a, uint64_t b) /* both < 2^63 */
{
	return (a - b) >> 63;
}

bool choices_encode(uint32_t *digits, const struct choices_rule *rule, const uint32_t *values,
                    bool invalid, struct error *err)
{
	uint64_t good = 1;
	digits[0] = (uint32_t)invalid;
	for (size_t i = 0; i < rule->answers; i++) {
		digits[1 + i] = values[i];
		good &= below(values[i], base_of(rule));
	}
	for (size_t i = field_at(rule, 0); i < choices_digits(rule); i++)
		digits[i] = 0;
	if (!ct_declassify(good))
		return fail(err, ERROR_MALFORMED,
		            "question: a mark, a rank or points that it does not have", ERROR_NOWHERE);
	return true;
}

bool choices_encode_write_ins(uint32_t *digits, const struct choices_rule *rule,
                              const struct write_in *fields, struct error *err)
{
	uint64_t good = 1;
	for (size_t k = 0; k < rule->write_ins; k++) {
		uint32_t *to = digits + field_at(rule, k);
		if (fields_have_value(rule)) {
			*to++ = fields[k].rank;
			good &= below(fields[k].rank, base_of(rule));
		}
		*to++ = fields[k].length;
		good &= below(fields[k].length, WRITE_IN_BYTES + 1);
		for (size_t i = 0; i < WRITE_IN_BYTES; i++)
			to[i] = fields[k].text[i];
	}
	if (!ct_declassify(good))
		return fail(err, ERROR_MALFORMED,
		            "question: a write-in of more bytes than a field has, or a rank or points "
		            "that it does not have",
		            ERROR_NOWHERE);
	return true;
}

void choices_write_in(struct write_in *out, const struct choices_rule *rule, const uint32_t *digits,
                      size_t field)
{
	const uint32_t *text = digits + length_at(rule, field);
	out->rank = fields_have_value(rule) ? digits[field_at(rule, field)] : 0;
	out->length = *text++;
	for (size_t i = 0; i < WRITE_IN_BYTES; i++)
		out->text[i] = (uint8_t)text[i];
}

/* What the two ways of counting find; the bits are 0 or 1. */
struct findings {
	uint64_t flag, malformed, repeated_rank, missing_rank, repeated_text;
	uint64_t chosen; /* how many answers */
	uint64_t points; /* the sum of all digits of answers and fields, for POINTS */
};

/* The verdicts in the order of choices.h, the last one written wins. */
static enum verdict verdict_of(const struct choices_rule *rule, const struct findings *f)
{
	const struct {
		uint64_t bit;
		enum verdict verdict;
	} ladder[] = {
		{below(rule->max, f->chosen) | (rule->total > 0 ? below(rule->total, f->points) : 0),
	     VERDICT_TOO_MANY},
		{below(f->chosen, rule->min), VERDICT_TOO_FEW},
		{f->repeated_text, VERDICT_REPEATED_WRITE_IN},
		{f->missing_rank, VERDICT_MISSING_RANK},
		{f->repeated_rank, VERDICT_REPEATED_RANK},
		{ct_mask_zero(f->chosen) & 1, VERDICT_BLANK},
		{f->malformed, VERDICT_MALFORMED_WRITE_IN},
		{f->flag, VERDICT_INVALID_BY_VOTER},
	};
	uint64_t verdict = VERDICT_VALID;
	for (size_t i = 0; i < sizeof ladder / sizeof ladder[0]; i++)
		verdict = ct_select(ct_mask_of_bit(ladder[i].bit), ladder[i].verdict, verdict);
	return (enum verdict)verdict;
}

static uint64_t not_zero(uint64_t v)
{
	return ~ct_mask_zero(v) & 1;
}

/* The fields hold few bytes: one way for both, constant time. */
static void find_in_write_ins(struct findings *f, const struct choices_rule *rule,
                              const uint32_t *digits)
{
	for (size_t k = 0; k < rule->write_ins; k++) {
		const uint32_t *length = digits + length_at(rule, k);
		uint64_t filled = not_zero(*length);
		f->chosen += filled;
		f->malformed |= write_in_is_malformed(*length, length + 1);
		if (fields_have_value(rule)) {
			f->malformed |= filled ^ not_zero(digits[field_at(rule, k)]);
			f->points += digits[field_at(rule, k)];
		}
		for (size_t j = 0; j < k; j++) {
			const uint32_t *other = digits + length_at(rule, j);
			uint64_t same = filled;
			for (size_t i = 0; i <= WRITE_IN_BYTES; i++)
				same &= ct_mask_equal(length[i], other[i]);
			f->repeated_text |= same;
		}
	}
}

/* How many answers and fields hold this rank. */
static uint64_t holders_of(const struct choices_rule *rule, const uint32_t *digits, uint32_t rank)
{
	uint64_t holders = 0;
	for (size_t i = 1; i <= rule->answers; i++)
		holders += ct_mask_equal(digits[i], rank) & 1;
	for (size_t k = 0; k < rule->write_ins; k++)
		holders += ct_mask_equal(digits[field_at(rule, k)], rank) & 1;
	return holders;
}

enum verdict choices_verdict(const struct choices_rule *rule, const uint32_t *digits)
{
	struct findings f = {.flag = not_zero(digits[0])};
	for (size_t i = 1; i <= rule->answers; i++) {
		f.chosen += not_zero(digits[i]);
		f.points += digits[i];
	}
	find_in_write_ins(&f, rule, digits);
	if (rule->kind == CHOICES_RANKS) {
		uint64_t gap = 0;
		for (uint32_t rank = 1; rank <= rule->max; rank++) {
			uint64_t holders = holders_of(rule, digits, rank);
			f.repeated_rank |= below(1, holders);
			f.missing_rank |= gap & not_zero(holders);
			gap |= ct_mask_zero(holders) & 1;
		}
	}
	return verdict_of(rule, &f);
}

/* Which ranks were seen, and how many different ones. */
struct ranks_seen {
	uint64_t held[LIMIT_ANSWERS / 64 + 1];
	uint32_t highest, count;
};

static void see_rank_vartime(struct findings *f, struct ranks_seen *seen, uint32_t rank)
{
	uint64_t bit = (uint64_t)1 << rank % 64;
	if (rank == 0)
		return;
	f->repeated_rank |= (seen->held[rank / 64] & bit) != 0;
	seen->count += (seen->held[rank / 64] & bit) == 0;
	seen->held[rank / 64] |= bit;
	if (rank > seen->highest)
		seen->highest = rank;
}

enum verdict choices_verdict_vartime(const struct choices_rule *rule, const uint32_t *digits)
{
	struct findings f = {.flag = digits[0] != 0};
	struct ranks_seen seen = {.highest = 0};
	bool ranked = rule->kind == CHOICES_RANKS;
	for (size_t i = 1; i <= rule->answers; i++) {
		f.chosen += digits[i] != 0;
		f.points += digits[i];
		if (ranked)
			see_rank_vartime(&f, &seen, digits[i]);
	}
	find_in_write_ins(&f, rule, digits);
	for (size_t k = 0; ranked && k < rule->write_ins; k++)
		see_rank_vartime(&f, &seen, digits[field_at(rule, k)]);
	f.missing_rank = seen.highest != seen.count;
	return verdict_of(rule, &f);
}
