/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The papers of a count of transferable votes, in piles by candidate: for methods that move papers
 * at values (gregory.c, parcels.c).
 *
 * Every paper that still carries votes stands in the list of the candidate it is with; a transfer
 * walks one list and puts its papers into others. A candidate's votes are the sum of its papers'
 * counts times their values, in units of the result's form.
 *
 * Memory: 16 bytes a paper, 6 bytes a candidate, in the arena of the count.
 * Cost: giving a paper looks at each of its choices once in all.
 */
#ifndef COUNT_PILES_INTERNAL_H
#define COUNT_PILES_INTERNAL_H

#include "count/methods/counting.h"

#define PILES_NONE UINT32_MAX

struct piles {
	struct counting *c;
	const struct profile *p;
	uint32_t *first;  /* of candidate: its first paper, or PILES_NONE; the last come stand first */
	uint32_t *next;   /* of paper: the next one of the same candidate */
	uint32_t *value;  /* of paper: what each of its ballots is worth, in units */
	uint32_t *place;  /* of paper: where in choices[] its candidate stands */
	uint32_t *came;   /* of paper: the index of the stage that brought it there */
	uint16_t *ranked; /* all candidates, as the last piles_rank left them */
};

bool piles_init(struct piles *s, struct counting *c, unsigned decimals) must_check;
size_t piles_arena_bytes(const struct profile *p);

/* All papers to their first standing candidates at value one; valid and blank ballots counted. */
void piles_count_first(struct piles *s);
/* Where in choices[], at or after place[paper], its first hopeful candidate stands, or PILES_NONE.
 */
uint32_t piles_find(const struct piles *s, uint32_t paper);
/* To that candidate, at value[paper]; false when there is none. The paper stands in no list. */
bool piles_give(struct piles *s, uint32_t paper);

/* The hopeful candidates into s->ranked, by tally ascending, and how many they are. */
size_t piles_rank(struct piles *s);
/*
 * How many of those ranked, from the lowest, can be excluded together: the most for whom all of
 *   votes(set) + surpluses < the tally of the candidate above   (or ≤, where `level` says so),
 *   at least `stay` candidates are above, and nobody above is level with one in the set
 * hold, and `may` (or NULL) agrees; 0: no set does.
 */
struct piles_losers {
	units surpluses;
	size_t stay;
	bool level;
	bool (*may)(const struct piles *s, size_t hopeful, size_t set, units votes, units surpluses);
};
size_t piles_find_losers(struct piles *s, const struct piles_losers *l);

/* Gives seats to the hopeful candidates at `least` votes or more, the highest first: PENDING at
 * `pends` votes or more (0: nobody), else ELECTED. */
void piles_elect(struct piles *s, units least, units pends, bool without_quota);

/* All seats given, or no more candidates left than seats. */
bool piles_complete(const struct counting *c);
size_t piles_seats_left(const struct counting *c);

#endif
