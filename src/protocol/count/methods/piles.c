/* SPDX-License-Identifier: Apache-2.0 */
#include "count/methods/piles_internal.h"

bool piles_init(struct piles *s, struct counting *c, unsigned decimals)
{
	*s = (struct piles){.c = c, .p = c->profile};
	size_t papers = s->p->papers_count + 1;
	counting_use_form(c, units_decimal(decimals));
	if (!(s->first = counting_take(c, c->candidates, uint32_t)) ||
	    !(s->ranked = counting_take(c, c->candidates, uint16_t)) ||
	    !(s->next = counting_take(c, papers, uint32_t)) ||
	    !(s->value = counting_take(c, papers, uint32_t)) ||
	    !(s->place = counting_take(c, papers, uint32_t)) ||
	    !(s->came = counting_take(c, papers, uint32_t)))
		return false;
	for (size_t i = 0; i < c->candidates; i++) {
		s->first[i] = PILES_NONE;
		s->ranked[i] = (uint16_t)i;
	}
	return true;
}

size_t piles_arena_bytes(const struct profile *p)
{
	return 4 * arena_room((p->papers_count + 1) * sizeof(uint32_t)) +
	       arena_room(p->candidates_count * sizeof(uint32_t)) +
	       arena_room(p->candidates_count * sizeof(uint16_t));
}

/* --- papers --- */

uint32_t piles_find(const struct piles *s, uint32_t paper)
{
	uint32_t end = s->p->starts[paper + 1];
	for (uint32_t i = s->place[paper]; i < end; i++)
		if (s->c->status[s->p->choices[i]] == COUNT_HOPEFUL)
			return i;
	return PILES_NONE;
}

bool piles_give(struct piles *s, uint32_t paper)
{
	uint32_t at = piles_find(s, paper);
	if (at == PILES_NONE)
		return false;
	uint16_t candidate = s->p->choices[at];
	s->place[paper] = at;
	s->next[paper] = s->first[candidate];
	s->first[candidate] = paper;
	s->came[paper] = (uint32_t)s->c->result->stages_count;
	s->c->tallies[candidate] += (units)s->p->counts[paper] * s->value[paper];
	return true;
}

void piles_count_first(struct piles *s)
{
	for (uint32_t i = 0; i < s->p->papers_count; i++) {
		s->place[i] = s->p->starts[i];
		s->value[i] = (uint32_t)s->c->result->form.one;
		counting_count_paper(s->c, i, piles_give(s, i));
	}
}

/* --- the lowest --- */

size_t piles_rank(struct piles *s)
{
	const struct counting *c = s->c;
	size_t count = 0, others = 0;
	/* Hopeful ones keep their order and come first: between stages little moves. */
	for (size_t i = 0; i < c->candidates; i++) {
		uint16_t candidate = s->ranked[i];
		if (c->status[candidate] != COUNT_HOPEFUL) {
			others++;
			continue;
		}
		size_t at = i - others;
		s->ranked[i] = s->ranked[at];
		for (; at > 0 && c->tallies[s->ranked[at - 1]] > c->tallies[candidate]; at--)
			s->ranked[at] = s->ranked[at - 1];
		s->ranked[at] = candidate;
		count++;
	}
	return count;
}

size_t piles_find_losers(struct piles *s, const struct piles_losers *l)
{
	size_t hopeful = piles_rank(s), found = 0;
	const units *tallies = s->c->tallies;
	units votes = 0;
	for (size_t set = 1; set < hopeful && hopeful - set >= l->stay; set++) {
		units highest = tallies[s->ranked[set - 1]], above = tallies[s->ranked[set]];
		votes += highest;
		units most = votes + l->surpluses;
		if (highest < above && (most < above || (l->level && most == above)) &&
		    (!l->may || l->may(s, hopeful, set, votes, l->surpluses)))
			found = set;
	}
	return found;
}

/* --- seats --- */

void piles_elect(struct piles *s, units least, units pends, bool without_quota)
{
	struct counting *c = s->c;
	for (;;) {
		size_t best = c->candidates;
		for (size_t i = 0; i < c->candidates; i++)
			if (c->status[i] == COUNT_HOPEFUL && c->tallies[i] >= least &&
			    (best == c->candidates || c->tallies[i] > c->tallies[best]))
				best = i;
		if (best == c->candidates)
			return;
		bool pending = pends > 0 && c->tallies[best] >= pends;
		counting_elect(c, (uint16_t)best, pending ? COUNT_PENDING : COUNT_ELECTED, without_quota);
	}
}

size_t piles_seats_left(const struct counting *c)
{
	return c->profile->seats - c->result->elected_count;
}

bool piles_complete(const struct counting *c)
{
	return piles_seats_left(c) == 0 || counting_with(c, COUNT_HOPEFUL) <= piles_seats_left(c);
}
