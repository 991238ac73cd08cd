/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of party-list share: the lists while seats are given to them.
 *
 * The seats are given twice, by the same steps. The first time is a rehearsal that says how many
 * each list gets; only then is it known whether candidates who are level on an open list compete
 * for its last seat. The second time elects and records.
 *
 * Sizes: votes of a list below 2^67 (weights below 2^57, at most 1000 marks on a ballot).
 */
#ifndef COUNT_PARTY_INTERNAL_H
#define COUNT_PARTY_INTERNAL_H

#include "count/methods/counting.h"

#define PARTY_NUMBER_BYTES 16u /* a seat's number as the head of a column */

enum party_method {
	PARTY_DHONDT,
	PARTY_SAINTE_LAGUE,
	PARTY_MODIFIED,
	PARTY_IMPERIALI,
	PARTY_DANISH,
	PARTY_ADAMS,
	PARTY_HUNTINGTON_HILL,
	PARTY_HAMILTON,
	PARTY_DROOP,
};

enum party_option {
	PARTY_OPTION_METHOD,
	PARTY_OPTION_FIRST,
	PARTY_OPTION_THRESHOLD,
	PARTY_OPTION_THRESHOLD_VOTES,
	PARTY_OPTION_THRESHOLD_OF,
	PARTY_OPTION_LISTS,
	PARTY_OPTION_QUOTA,
	PARTY_OPTION_QUOTA_OF,
	PARTY_OPTION_LEVEL,
	PARTY_OPTION_PANACHAGE,
	PARTY_OPTIONS,
};

/* What the words of the options mean. */
enum { PARTY_OF_LISTS, PARTY_OF_BALLOTS };
enum { PARTY_CLOSED, PARTY_OPEN };
enum { PARTY_OF_LIST, PARTY_OF_HARE };
enum { PARTY_BY_LOT, PARTY_BY_LIST };

struct party_list {
	units votes;
	uint16_t *order; /* standing members, in the order of their claim to the list's seats */
	uint32_t room;   /* how many of them: no list gets more seats */
	uint16_t first;  /* the first standing member: in a lot between lists, the list */
	bool takes_part; /* in the apportionment */
	uint32_t seats;  /* so far */
	uint32_t gets;   /* at the end, as the rehearsal said */
	/* Positions of `order` that are level and compete for the last seat; from = to: none. */
	uint32_t level_from, level_to;
	/* Remainder methods. */
	uint32_t whole, round;
	units remainder;
	bool done; /* has its whole seats, or its seat for the remainder */
};

struct party {
	struct counting *c;
	enum party_method method;
	struct party_list *lists;
	size_t lists_count;
	uint16_t *list_of; /* of candidate */
	units votes;       /* of all lists */
	uint32_t left;     /* seats to give */
	bool rehearsal;
	bool stuck;      /* in it, a tie between lists wanted a lot that is not there */
	uint16_t *group; /* the lists that get a seat next, ascending */
	size_t group_count;
	bool *tied; /* of candidate: the tie of the stage being made, as a set */
	enum count_tie tie;
};

static inline int64_t party_option(const struct party *p, enum party_option o)
{
	return p->c->rule->values[o];
}

static inline bool party_is_remainders(const struct party *p)
{
	return p->method == PARTY_HAMILTON || p->method == PARTY_DROOP;
}

/* Once preference votes are counted: every list's standing candidates, and how many. */
bool party_order_candidates(struct party *p) must_check;
/* Gives all seats, once it is known which lists take part. */
bool party_award(struct party *p) must_check;

/* Whether a comes before b: > 0; level: 0. */
typedef int party_compare(const struct party *p, size_t a, size_t b);
/*
 * Of the lists in p->group, those that get the next seat, one each, stay: the highest; where not
 * all of these can have one, those with the most votes; where not all of these can, one by lot.
 */
bool party_choose(struct party *p, party_compare *compare) must_check;
/* Gives each list of p->group one seat, or all its whole ones: one stage. */
bool party_seat(struct party *p, bool whole) must_check;

bool party_award_divisors(struct party *p) must_check;
bool party_table_quotients(struct party *p, const bytes *names) must_check;
bool party_award_remainders(struct party *p) must_check;
bool party_table_remainders(struct party *p, const bytes *names) must_check;

#endif
