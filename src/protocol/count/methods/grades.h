/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What methods share whose ballots give each candidate a number: how often each number was given.
 *
 * Who has no number on a valid ballot has 0 there. Withdrawn candidates have zeros.
 * Sizes: numbers are below 2^57; sums of scores up to 10^9 below 2^87.
 */
#ifndef COUNT_GRADES_H
#define COUNT_GRADES_H

#include "count/methods/counting.h"

#define GRADES_MOST 100u

struct grades {
	struct counting *c;
	size_t steps;      /* grades 0 … steps - 1 */
	uint64_t *numbers; /* numbers[i * steps + g]: ballots that give i grade g */
};

/* REJECTED when a number on a paper is higher than `most`. */
bool grades_check(const struct profile *p, uint64_t most, struct error *err) must_check;

/* Counts valid and blank ballots; comes first. */
void grades_count_valid(struct counting *c);
bool grades_count(struct grades *g, struct counting *c, size_t steps) must_check;
bool grades_table(const struct grades *g) must_check;
void grades_add_scores(struct counting *c); /* to the tallies */
size_t grades_bytes(const struct profile *p, size_t steps);

#endif
