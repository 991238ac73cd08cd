/* SPDX-License-Identifier: Apache-2.0 */
/* What the methods share: recording stages, electing, breaking ties. */
#ifndef COUNT_COUNT_INTERNAL_H
#define COUNT_COUNT_INTERNAL_H

#include "count/count.h"

struct counting {
	struct count_result *result;
	const struct profile *profile;
	struct arena *arena;
	struct error *err;

	size_t standing;   /* candidates not withdrawn */
	uint64_t *tallies; /* now */
	uint8_t *status;
	uint64_t nontransferable, truncated;

	uint16_t *tied; /* the candidates a choice is among, and how many */
	size_t tied_count;
	uint32_t *drawn; /* place in the lot, from 1; 0: not in it */

	struct count_stage next; /* action, candidate, amount, tie of the stage being made */
};

/* For the values of these votes: 10^decimals units. */
static inline uint64_t count_one_vote(unsigned decimals)
{
	uint64_t one = 1;
	while (decimals-- > 0)
		one *= 10;
	return one;
}

bool counting_init(struct counting *c, unsigned decimals, struct arena *a) must_check;
/* Copies the state into a new stage, with c->next saying what led to it; clears c->next. */
bool counting_record(struct counting *c) must_check;
/* Gives a seat at the stage that is being made. */
void counting_elect(struct counting *c, uint16_t candidate, enum count_status status,
                    bool without_quota);
/* Remembers c->tied as the tie that led to the stage being made. */
bool counting_note_tie(struct counting *c, enum count_tie tie) must_check;
/* The first of c->tied in the declared lot; REJECTED when it does not name all of them. */
bool counting_draw(struct counting *c, uint16_t *candidate) must_check;

bool stv_count(struct counting *c, struct arena *a) must_check;
bool plurality_count(struct counting *c, struct arena *a) must_check;

#endif
