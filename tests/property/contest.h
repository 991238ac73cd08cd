/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random contests for the laws of counting: small numbers and few papers make ties frequent, large
 * ones long fractions and sums of weights beyond 32 bits. One contest is a profile of any kind: the
 * order of its candidates on a paper for rankings, marks and pairs, a value for ranks and scores.
 */
#ifndef PROPERTY_CONTEST_H
#define PROPERTY_CONTEST_H

#include "support/support.h"

#include "count/count.h"

#define CONTEST_CANDIDATES 8u
#define CONTEST_PAPERS 120u

struct contest_paper {
	uint32_t count;
	size_t length; /* so many of choices are on the paper */
	uint16_t choices[CONTEST_CANDIDATES];
	uint32_t values[CONTEST_CANDIDATES]; /* of choices: 1 … 5 */
};

struct contest {
	size_t candidates, papers;
	uint32_t seats;
	bool withdrawn[CONTEST_CANDIDATES];
	uint16_t lot[CONTEST_CANDIDATES];
	struct contest_paper paper[CONTEST_PAPERS * 2];
};

void contest_draw(struct contest *c);
void contest_shuffle(uint16_t *a, size_t count);
/* In the test arena. */
void contest_build(struct profile *p, const struct contest *c, enum profile_kind kind);

/*
 * Counts by the contest's lot, or without one. False when the rule refuses: for want of a lot, or
 * because the contest is none for it or beyond its numbers (the test fails for any other reason).
 */
bool contest_count(struct count_result *r, const struct profile *p, const char *rule,
                   const uint16_t *lot);

/* The rules that are tried: every method with its defaults, and some with options. NULL ends. */
extern const char *const contest_rules[];
/* How many contests to try it on: fewer where it is slow. */
uint64_t contest_times(const char *rule, uint64_t sample, uint64_t soak);
/* The kind of ballots to try a rule with. */
enum profile_kind contest_kind(const char *rule);

#endif
