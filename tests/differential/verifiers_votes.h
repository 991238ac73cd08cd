/* SPDX-License-Identifier: Apache-2.0 */
/* Votes of every sort, for records of any shape. For one test program. Include support.h first. */
#ifndef DIFFERENTIAL_VERIFIERS_VOTES_H
#define DIFFERENTIAL_VERIFIERS_VOTES_H

#include "unit/protocol/record/urn.h"

#include <string.h>

/* g1: ranks, one point. g2: marks or points with a text, two points. */
static const char *const questions_with_texts[] = {
	"[{\"id\":\"q1\",\"title\":\"Who?\",\"rule\":\"scotland\",\"seats\":2,\"min\":0,\"max\":4,"
	"\"answers\":[\"Ann\",\"Bo \\\"B\\\"\",\"C\xc3\xa9\",\"Di\"],\"withdrawn\":[3],"
	"\"lot\":[4,2,1,3]},"
	"{\"id\":\"q2\",\"title\":\"What?\",\"rule\":\"plurality-at-large\",\"seats\":2,\"min\":1,"
	"\"max\":2,\"answers\":[\"x\",\"y\"],\"lot\":[2,1],\"write_ins\":1}]",
	"[{\"id\":\"q1\",\"title\":\"Who?\",\"rule\":\"ranked-pairs:strength=margins\",\"seats\":2,"
	"\"min\":0,\"max\":4,\"answers\":[\"Ann\",\"Bo\",\"C\xc3\xa9\",\"Di\"],\"withdrawn\":[2],"
	"\"lot\":[4,2,1,3]},"
	"{\"id\":\"q2\",\"title\":\"How?\",\"rule\":\"majority-judgment:grades=4\",\"seats\":1,"
	"\"min\":0,\"max\":3,\"points\":4,\"total\":5,\"answers\":[\"x\",\"y\"],\"lot\":[2,1],"
	"\"write_ins\":1}]"};

static inline const char *any_questions_with_texts(void)
{
	return questions_with_texts[test_random_below(2)];
}

static void choose_question(uint32_t *digits, const struct choices_rule *rule)
{
	static const char *const texts[] = {"Zo\xc3\xab", "a", "A \"b\" \\", "b\n", "\xff", "a"};
	uint32_t values[8] = {0};
	struct write_in field = {0};
	struct error e;
	bool wild = test_random_below(4) == 0;
	unsigned rank = 0;
	for (unsigned i = 0; i < rule->answers; i++)
		if (test_random_below(2))
			values[i] = rule->kind == CHOICES_MARKS ? 1
			            : rule->kind == CHOICES_POINTS
			                ? (uint32_t)test_random_below(rule->points + 1)
			            : wild ? (uint32_t)test_random_below(rule->max + 1)
			                   : ++rank;
	if (test_random_below(2)) {
		const char *s = texts[test_random_below(sizeof texts / sizeof *texts)];
		field.length = (uint32_t)strlen(s);
		memcpy(field.text, s, strlen(s));
		field.text[29] = wild && test_random_below(4) == 0;
	}
	if (rule->kind == CHOICES_POINTS && (field.length > 0 || wild))
		field.rank = (uint32_t)test_random_below(rule->points + 1);
	error_clear(&e);
	assert_ok(choices_encode(digits, rule, values, test_random_below(10) == 0, &e), e);
	if (rule->write_ins)
		assert_ok(choices_encode_write_ins(digits, rule, &field, &e), e);
}

/* Valid, blank, invalid for every reason that a voter can give. */
static void choose_anything(uint8_t *plaintexts, const struct urn *of, unsigned style)
{
	const struct manifest *m = of->manifest;
	struct error e;
	error_clear(&e);
	for (unsigned g = 0; g < m->styles[style].groups_count; g++) {
		const struct manifest_group *group = &m->groups[m->styles[style].groups[g]];
		uint32_t digits[64] = {0};
		choose_question(digits, &m->questions[group->questions[0]].choices);
		assert_ok(plaintext_encode(plaintexts, &group->code, digits, &e), e);
		if (test_random_below(16) == 0) /* no number that choices give */
			memset(plaintexts, 0xff, MESSAGE_BYTES);
		plaintexts += plaintext_bytes(&group->code);
	}
}

/* `count` of n parties, as "134". */
static void some_of(char out[URN_PARTIES + 1], unsigned n, unsigned count)
{
	size_t len = 0;
	for (unsigned i = 0; i < n; i++)
		if (test_random_below(n - i) < count - len)
			out[len++] = (char)('1' + i);
	out[len] = 0;
}

#endif
