/* SPDX-License-Identifier: Apache-2.0 */
#include "count/count_internal.h"

static void add_marks(struct counting *c)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (c->status[p->choices[j]] == COUNT_HOPEFUL) {
				c->tallies[p->choices[j]] += p->counts[i];
				any = true;
			}
		if (any)
			c->result->valid += p->counts[i];
		else
			c->result->blank += p->counts[i];
	}
}

/* The hopeful candidates with the most votes into c->tied. */
static void find_highest(struct counting *c)
{
	uint64_t highest = 0;
	c->tied_count = 0;
	for (size_t i = 0; i < c->profile->candidates_count; i++) {
		if (c->status[i] != COUNT_HOPEFUL || c->tallies[i] < highest)
			continue;
		if (c->tallies[i] > highest)
			c->tied_count = 0;
		highest = c->tallies[i];
		c->tied[c->tied_count++] = (uint16_t)i;
	}
}

static void leave_out(struct counting *c, uint16_t candidate)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->tied_count; i++)
		if (c->tied[i] != candidate)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
}

/* The level candidates in c->tied share the seats that are left, in the order of the lot. */
static bool elect_by_lot(struct counting *c, size_t seats)
{
	if (!counting_note_tie(c, COUNT_TIE_BY_LOT))
		return false;
	for (; seats > 0; seats--) {
		uint16_t candidate;
		if (!counting_draw(c, &candidate))
			return false;
		counting_elect(c, candidate, COUNT_ELECTED, false);
		leave_out(c, candidate);
	}
	return true;
}

bool plurality_count(struct counting *c, struct arena *a)
{
	if (!counting_init(c, 0, a))
		return false;
	add_marks(c);
	c->next.action = COUNT_FIRST;
	if (!counting_record(c))
		return false;
	size_t seats = c->standing < c->profile->seats ? c->standing : c->profile->seats;
	while (c->result->elected_count < seats) {
		size_t left = seats - c->result->elected_count;
		find_highest(c);
		if (c->tied_count > left) {
			if (!elect_by_lot(c, left))
				return false;
			break;
		}
		for (size_t i = 0; i < c->tied_count; i++)
			counting_elect(c, c->tied[i], COUNT_ELECTED, false);
	}
	for (size_t i = 0; i < c->profile->candidates_count; i++)
		if (c->status[i] == COUNT_HOPEFUL)
			c->status[i] = COUNT_DEFEATED;
	return counting_record(c);
}
