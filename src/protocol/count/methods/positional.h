/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points by position: what the Borda and Desborda families share.
 *
 * Of a paper the standing candidates are taken in order: the first has place 0, the next one place
 * 1, … A method says what each place is worth; the highest sums are elected, level ones at the
 * last seat by lot. Table voters_by_position: how many ballots have the row's candidate in that
 * place.
 *
 * Sizes: a sum is at most the ballots times the greatest worth: a method keeps that below 2^126.
 * Memory: the table and what a method takes for `worth`; positional_arena_bytes has both.
 * Cost: one addition for each choice; the table has candidates · places cells.
 */
#ifndef COUNT_POSITIONAL_H
#define COUNT_POSITIONAL_H

#include "count/methods/counting.h"

struct positional {
	struct units_form form;
	size_t places; /* positional_places: the most that a paper has */
	units *worth;  /* of place 0 … places - 1, in units of form */
	bool shared;   /* who is unranked shares what the places behind the last rank are worth:
	                * worth must go down by form.one to 0 at the last of all standing */
};

/* Of each paper, the longest first: how many standing candidates the paper that has most has. */
size_t positional_places(const struct counting *c);
/* Places counted, worth there and all zeros, form for whole points. */
bool positional_init(struct positional *s, struct counting *c) must_check;
bool positional_count(struct counting *c, const struct positional *s) must_check;
size_t positional_arena_bytes(const struct count_rule *rule, const struct profile *p);

#endif
