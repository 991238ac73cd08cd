/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seats to lists and their candidates, with the ties of both: what all apportionments share.
 */
#include "count/methods/party_internal.h"

/* --- the order of candidates on a list --- */

/* Whether preference votes move the candidate before those without enough of them. */
static bool reaches_quota(const struct party *p, const struct party_list *l, uint16_t candidate)
{
	units quota = party_option(p, PARTY_OPTION_QUOTA), votes = p->c->tallies[candidate] * 1000;
	if (party_option(p, PARTY_OPTION_LISTS) == PARTY_CLOSED)
		return false;
	return party_option(p, PARTY_OPTION_QUOTA_OF) == PARTY_OF_HARE
	           ? votes * p->c->profile->seats >= quota * p->votes
	           : votes >= quota * l->votes;
}

/* Who has more votes than one who reaches the quota reaches it too. */
static bool is_before(const struct party *p, const struct party_list *l, uint16_t a, uint16_t b)
{
	return reaches_quota(p, l, a) && p->c->tallies[a] > p->c->tallies[b];
}

static bool is_level(const struct party *p, const struct party_list *l, uint16_t a, uint16_t b)
{
	return reaches_quota(p, l, a) && p->c->tallies[a] == p->c->tallies[b];
}

/* Standing members by their claim; those who have the same keep the list's order. */
bool party_order_candidates(struct party *p)
{
	uint16_t *room = counting_take(p->c, p->c->candidates, uint16_t);
	if (!room)
		return false;
	for (size_t i = 0; i < p->lists_count; i++) {
		const struct profile_list *members = &p->c->profile->lists[i];
		struct party_list *l = &p->lists[i];
		l->order = room;
		for (size_t j = 0; j < members->members_count; j++) {
			uint16_t candidate = members->members[j];
			if (p->c->status[candidate] != COUNT_HOPEFUL)
				continue;
			if (l->room == 0)
				l->first = candidate;
			uint32_t k = l->room++;
			for (; k > 0 && is_before(p, l, candidate, l->order[k - 1]); k--)
				l->order[k] = l->order[k - 1];
			l->order[k] = candidate;
		}
		room += l->room;
	}
	return true;
}

/* Now that it is known how many seats the list gets: who competes for its last one. */
static void settle_level(struct party *p, struct party_list *l)
{
	const uint32_t *drawn = p->c->drawn;
	uint32_t end = l->gets, from = l->gets;
	if (l->gets == 0 || l->gets == l->room || p->stuck)
		return;
	while (end < l->room && is_level(p, l, l->order[l->gets - 1], l->order[end]))
		end++;
	if (end == l->gets)
		return;
	while (from > 0 && is_level(p, l, l->order[from - 1], l->order[l->gets]))
		from--;
	l->level_from = from;
	l->level_to = end;
	if (party_option(p, PARTY_OPTION_LEVEL) == PARTY_BY_LIST)
		return;
	for (uint32_t i = from + 1; i < end; i++) {
		uint16_t candidate = l->order[i];
		uint32_t k = i;
		for (; k > from && drawn[candidate] < drawn[l->order[k - 1]]; k--)
			l->order[k] = l->order[k - 1];
		l->order[k] = candidate;
	}
}

/* --- ties --- */

static void begin_tie(struct party *p)
{
	memset(p->tied, 0, p->c->candidates * sizeof *p->tied);
	p->tie = COUNT_NO_TIE;
}

/* Of a stage's ties those that a lot decided are told, else those that the rule did. */
static bool joins_tie(struct party *p, enum count_tie tie)
{
	if (tie < p->tie)
		return false;
	if (tie > p->tie)
		begin_tie(p);
	p->tie = tie;
	return true;
}

static void list_tied(struct party *p)
{
	struct counting *c = p->c;
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (p->tied[i])
			c->tied[c->tied_count++] = (uint16_t)i;
}

static void tie_lists(struct party *p, enum count_tie tie)
{
	if (joins_tie(p, tie))
		for (size_t i = 0; i < p->group_count; i++)
			p->tied[p->lists[p->group[i]].first] = true;
}

/* The first in the lot of the lists in p->group, which alone stays there. */
static bool draw_list(struct party *p)
{
	struct counting *c = p->c;
	uint16_t drawn = 0;
	begin_tie(p);
	tie_lists(p, COUNT_TIE_BY_LOT);
	list_tied(p);
	if (!p->rehearsal) {
		if (!counting_draw(c, &drawn))
			return false;
	} else {
		drawn = c->tied[0];
		for (size_t i = 0; i < c->tied_count; i++) {
			p->stuck = p->stuck || c->drawn[c->tied[i]] == 0;
			if (c->drawn[c->tied[i]] < c->drawn[drawn])
				drawn = c->tied[i];
		}
	}
	p->group[0] = p->list_of[drawn];
	p->group_count = 1;
	return true;
}

static int compare_votes(const struct party *p, size_t a, size_t b)
{
	units x = p->lists[a].votes, y = p->lists[b].votes;
	return (x > y) - (x < y);
}

static void keep_best(struct party *p, party_compare *compare)
{
	uint16_t best = p->group[0];
	size_t kept = 0;
	for (size_t i = 1; i < p->group_count; i++)
		if (compare(p, p->group[i], best) > 0)
			best = p->group[i];
	for (size_t i = 0; i < p->group_count; i++)
		if (compare(p, p->group[i], best) == 0)
			p->group[kept++] = p->group[i];
	p->group_count = kept;
}

bool party_choose(struct party *p, party_compare *compare)
{
	begin_tie(p);
	keep_best(p, compare);
	if (p->group_count > p->left)
		tie_lists(p, COUNT_TIE_BY_RULE);
	keep_best(p, compare_votes);
	return p->group_count <= p->left || draw_list(p);
}

/* --- seats --- */

/* The next candidate of a list has a seat; says so if that was a choice among level ones. */
static void elect_next(struct party *p, struct party_list *l)
{
	uint32_t position = l->seats++;
	p->left--;
	if (p->rehearsal)
		return;
	counting_elect(p->c, l->order[position], COUNT_ELECTED, false);
	counting_about(p->c, l->order[position]);
	if (position < l->level_from || position >= l->level_to)
		return;
	bool lot = party_option(p, PARTY_OPTION_LEVEL) == PARTY_BY_LOT;
	if (joins_tie(p, lot ? COUNT_TIE_BY_LOT : COUNT_TIE_BY_RULE))
		for (uint32_t i = position; i < l->level_to; i++)
			p->tied[l->order[i]] = true;
}

/* The lot must name all who are level on a list. */
static bool check_drawn(struct party *p, const struct party_list *l)
{
	struct counting *c = p->c;
	bool all = true;
	uint16_t unused;
	if (party_option(p, PARTY_OPTION_LEVEL) != PARTY_BY_LOT || p->rehearsal)
		return true;
	for (uint32_t i = l->level_from; i < l->level_to; i++)
		all = all && c->drawn[l->order[i]] > 0;
	if (all || l->seats <= l->level_from || l->seats > l->level_to)
		return true;
	begin_tie(p);
	for (uint32_t i = l->level_from; i < l->level_to; i++)
		p->tied[l->order[i]] = true;
	list_tied(p);
	return counting_draw(c, &unused);
}

bool party_seat(struct party *p, bool whole)
{
	for (size_t i = 0; i < p->group_count; i++) {
		struct party_list *l = &p->lists[p->group[i]];
		for (uint32_t k = whole ? l->whole : 1; k > 0; k--)
			elect_next(p, l);
		if (!check_drawn(p, l))
			return false;
	}
	if (p->rehearsal)
		return true;
	list_tied(p);
	p->c->next.action = COUNT_ELECTION;
	return (p->tie == COUNT_NO_TIE || counting_note_tie(p->c, p->tie)) && counting_record(p->c);
}

static bool award(struct party *p)
{
	p->left = p->c->profile->seats;
	for (size_t i = 0; i < p->lists_count; i++)
		p->lists[i].seats = 0;
	return party_is_remainders(p) ? party_award_remainders(p) : party_award_divisors(p);
}

bool party_award(struct party *p)
{
	p->rehearsal = true;
	if (!award(p))
		return false;
	for (size_t i = 0; i < p->lists_count; i++) {
		p->lists[i].gets = p->lists[i].seats;
		settle_level(p, &p->lists[i]);
	}
	p->rehearsal = false;
	return award(p);
}
