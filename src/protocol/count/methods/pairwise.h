/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Candidates compared two by two: how many ballots put one above the other.
 *
 * Inputs: rankings; ranks, lower is better; scores, higher is better, and who has none has 0.
 *   Withdrawn candidates have zeros. unranked_last: who is not ranked is below all who are, and
 *   level with the others who are not; without it a ballot compares only those it ranks.
 * Sizes: votes are below 2^57 (PROFILE_WEIGHT_MAX).
 * Memory: 8 bytes a pair (pairwise_bytes); a table takes 16 (pairwise_table_bytes).
 * Cost: for each paper the square of how many it ranks; the paths take n^3 steps, 1 s for 1000.
 */
#ifndef COUNT_PAIRWISE_H
#define COUNT_PAIRWISE_H

#include "count/methods/counting.h"

struct pairwise {
	size_t n;        /* all candidates */
	uint64_t *votes; /* votes[i * n + j]: ballots that prefer i to j */
};

/* How strong i's victory over j is; 0 where i does not win. */
enum pairwise_strength {
	PAIRWISE_WINNING, /* the ballots for i */
	PAIRWISE_MARGINS, /* those less the ballots for j */
};

bool pairwise_new(struct pairwise *out, struct counting *c) must_check;
/* Counts all papers, valid and blank ones too. */
bool pairwise_count(struct pairwise *out, struct counting *c, bool unranked_last) must_check;
uint64_t pairwise_strength(const struct pairwise *p, size_t i, size_t j,
                           enum pairwise_strength how);
/* The numbers as a table of the result. */
bool pairwise_table(struct counting *c, const struct pairwise *p, const char *name,
                    const char *what) must_check;

/* The order of a relation "row beats column" without cycles: the fewer beat a candidate, the
 * higher the candidate. Sets the tallies to how many others do not beat it, the places by them,
 * makes stage 1 and gives the seats. c->next.tie may be set before. */
bool pairwise_seat_least_beaten(struct counting *c, const struct pairwise *beats) must_check;

size_t pairwise_bytes(const struct profile *p);
size_t pairwise_table_bytes(const struct profile *p);

/* What every method of this kind may be told of: unranked=last|none. */
#define PAIRWISE_UNRANKED                                                                     \
	{                                                                                         \
		"unranked", "who is not ranked is below all who are (last), or compared with nobody", \
			COUNT_WORD, 0, 0, 0, pairwise_unranked_words                                      \
	}
extern const char *const pairwise_unranked_words[];

#endif
