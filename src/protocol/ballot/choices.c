/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/choices.h"

#include "base/ct.h"
#include "base/declassify.h"

bool choices_rule_check(const struct choices_rule *rule, struct error *err)
{
	if (rule->kind != CHOICES_MARKS && rule->kind != CHOICES_RANKS)
		return fail(err, ERROR_MALFORMED, "question: unknown kind of choice", ERROR_NOWHERE);
	if (rule->answers == 0)
		return fail(err, ERROR_MALFORMED, "question: no answers", ERROR_NOWHERE);
	if (rule->answers > LIMIT_ANSWERS)
		return fail(err, ERROR_LIMIT, "question: too many answers", LIMIT_ANSWERS);
	if (rule->max == 0 || rule->max > rule->answers)
		return fail(err, ERROR_MALFORMED, "question: max is not between 1 and the answers",
		            rule->max);
	if (rule->min > rule->max)
		return fail(err, ERROR_MALFORMED, "question: min is larger than max", rule->min);
	return true;
}

static uint32_t base_of(const struct choices_rule *rule)
{
	return rule->kind == CHOICES_RANKS ? rule->max + 1 : 2;
}

size_t choices_bases(uint32_t *bases, const struct choices_rule *rule)
{
	bases[0] = 2;
	for (size_t i = 1; i <= rule->answers; i++)
		bases[i] = base_of(rule);
	return choices_digits(rule);
}

bool choices_encode(uint32_t *digits, const struct choices_rule *rule, const uint32_t *values,
                    bool invalid, struct error *err)
{
	uint64_t good = 1;
	digits[0] = (uint32_t)invalid;
	for (size_t i = 0; i < rule->answers; i++) {
		digits[1 + i] = values[i];
		good &= ((uint64_t)values[i] - base_of(rule)) >> 63;
	}
	if (!ct_declassify(good))
		return fail(err, ERROR_MALFORMED, "question: a mark or rank that it does not have",
		            ERROR_NOWHERE);
	return true;
}

/* What the two ways of counting find; the bits are 0 or 1. */
struct findings {
	uint64_t flag, repeated, missing;
	uint64_t chosen; /* how many answers */
};

/* The verdicts in the order of choices.h, the last one written wins. */
static enum verdict verdict_of(const struct choices_rule *rule, const struct findings *f)
{
	const struct {
		uint64_t bit;
		enum verdict verdict;
	} ladder[] = {
		{(rule->max - f->chosen) >> 63, VERDICT_TOO_MANY},
		{(f->chosen - rule->min) >> 63, VERDICT_TOO_FEW},
		{f->missing, VERDICT_MISSING_RANK},
		{f->repeated, VERDICT_REPEATED_RANK},
		{ct_mask_zero(f->chosen) & 1, VERDICT_BLANK},
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

enum verdict choices_verdict(const struct choices_rule *rule, const uint32_t *digits)
{
	struct findings f = {.flag = not_zero(digits[0])};
	for (size_t i = 1; i <= rule->answers; i++)
		f.chosen += not_zero(digits[i]);
	if (rule->kind == CHOICES_RANKS) {
		uint64_t gap = 0;
		for (uint32_t rank = 1; rank <= rule->max; rank++) {
			uint64_t holders = 0;
			for (size_t i = 1; i <= rule->answers; i++)
				holders += ct_mask_equal(digits[i], rank) & 1;
			f.repeated |= (1 - holders) >> 63;
			f.missing |= gap & not_zero(holders);
			gap |= ct_mask_zero(holders) & 1;
		}
	}
	return verdict_of(rule, &f);
}

enum verdict choices_verdict_vartime(const struct choices_rule *rule, const uint32_t *digits)
{
	struct findings f = {.flag = digits[0] != 0};
	uint64_t held[LIMIT_ANSWERS / 64 + 1] = {0};
	uint32_t highest = 0, ranks = 0;
	for (size_t i = 1; i <= rule->answers; i++) {
		uint32_t rank = digits[i];
		if (rank == 0)
			continue;
		f.chosen++;
		if (rule->kind != CHOICES_RANKS)
			continue;
		uint64_t bit = (uint64_t)1 << rank % 64;
		f.repeated |= (held[rank / 64] & bit) != 0;
		ranks += (held[rank / 64] & bit) == 0;
		held[rank / 64] |= bit;
		if (rank > highest)
			highest = rank;
	}
	f.missing = highest != ranks;
	return verdict_of(rule, &f);
}
