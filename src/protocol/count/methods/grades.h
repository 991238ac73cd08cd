/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What methods share whose ballots give each candidate a number: how often each number was given.
 *
 * Who has no number on a valid ballot, or one below the method's lowest, has the lowest there: 0,
 * or 1 where the numbers are grades, so that who rejects everybody says so and is counted. The rows
 * of withdrawn candidates are zeros. Sizes: numbers are below 2^57; sums of scores up to 10^9 below
 * 2^87.
 */
#ifndef COUNT_GRADES_H
#define COUNT_GRADES_H

#include "count/methods/counting.h"

#define GRADES_MOST 100u

struct grades {
	struct counting *c;
	size_t lowest;     /* 0 or 1 */
	size_t steps;      /* highest + 1 */
	uint64_t *numbers; /* numbers[i * steps + g]: ballots that give i grade g */
};

/* REJECTED when a number on a paper is higher than `most`. */
bool grades_check(const struct profile *p, uint64_t most, struct error *err) must_check;

/* Counts valid and blank ballots; comes first. Valid ones give somebody who stands `lowest`, or
 * more. */
void grades_count_valid(struct counting *c, size_t lowest);
bool grades_count(struct grades *g, struct counting *c, size_t lowest, size_t highest) must_check;
bool grades_table(const struct grades *g) must_check;
void grades_add_scores(struct counting *c); /* to the tallies */
size_t grades_bytes(const struct profile *p, size_t highest);

#endif
