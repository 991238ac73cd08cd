/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Methods that look at the first ranks of a ballot only.
 *
 * plurality: a paper is one vote for the first candidate it names who stands; the highest are
 * elected (one seat: first past the post; several: the single non-transferable vote). Ties at the
 * last seat: the lot. Empty ranks are stepped over; a paper with an overvote before its first
 * candidate is a vote for nobody, and blank.
 *
 * supplementary-vote: mayors in England, 2000 to 2022 (Local Government Act 2000, schedule 2; the
 * same in the Greater London Authority Act 1999, schedule 2), for one seat. Who has more than half
 * of the first preferences is elected (quota = floor(valid / 2) + 1, at stage 1 only). Otherwise
 * the two with the most remain, with all who are level with the second; the others are excluded
 * together, and their papers count for their second preference if that remains. The highest is
 * elected; level ones: the lot. Ranks after the second mean nothing. A paper whose first rank is
 * empty or overvoted has no first preference: it is blank. Withdrawn candidates are no rank: what
 * follows moves up.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

#define NOBODY UINT16_MAX

/* The candidate at the rank (0, 1) of a paper, withdrawn ones left out; NOBODY: none is there. */
static uint16_t at_rank(const struct counting *c, size_t paper, unsigned rank)
{
	const struct profile *p = c->profile;
	for (uint32_t i = p->starts[paper]; i < p->starts[paper + 1]; i++) {
		uint16_t choice = p->choices[i];
		if (choice < c->candidates && !counting_is_standing(c, choice))
			continue;
		if (rank-- == 0)
			return choice < c->candidates ? choice : NOBODY;
	}
	return NOBODY;
}

/* --- plurality --- */

static uint16_t first_named(const struct counting *c, size_t paper)
{
	const struct profile *p = c->profile;
	for (uint32_t i = p->starts[paper]; i < p->starts[paper + 1]; i++) {
		if (p->choices[i] == PROFILE_OVERVOTE)
			return NOBODY;
		if (counting_is_standing(c, p->choices[i]))
			return p->choices[i];
	}
	return NOBODY;
}

static void count_for(struct counting *c, size_t paper, uint16_t candidate)
{
	counting_count_paper(c, paper, candidate != NOBODY);
	if (candidate != NOBODY)
		c->tallies[candidate] += c->profile->counts[paper];
}

static bool plurality_count(struct counting *c)
{
	for (size_t i = 0; i < c->profile->papers_count; i++)
		count_for(c, i, first_named(c, i));
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

static size_t plurality_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return arena_room(p->candidates_count * sizeof(uint32_t));
}

const struct count_method method_plurality = {
	.name = "plurality",
	.what = "first preferences only; the candidates with the most are elected",
	.source = "first past the post; with several seats the single non-transferable vote",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.gaps = true,
	.count = plurality_count,
	.arena_bytes = plurality_arena_bytes,
};

/* --- the supplementary vote --- */

static bool has_majority(struct counting *c)
{
	counting_gather(c, COUNT_HOPEFUL);
	if (c->tied_count == 0)
		return false;
	counting_narrow(c, c->tallies, true);
	if (c->tallies[c->tied[0]] < c->quota)
		return false;
	counting_elect(c, c->tied[0], COUNT_ELECTED, false);
	return true;
}

/* Who has fewer votes than the second highest is out; false when that is nobody. */
static bool exclude(struct counting *c)
{
	units first = -1, second = -1;
	for (size_t i = 0; i < c->candidates; i++) {
		if (c->status[i] != COUNT_HOPEFUL)
			continue;
		units v = c->tallies[i];
		second = v > first ? first : v > second ? v : second;
		first = v > first ? v : first;
	}
	for (size_t i = 0; i < c->candidates; i++) {
		if (c->status[i] != COUNT_HOPEFUL || c->tallies[i] >= second)
			continue;
		c->status[i] = COUNT_DEFEATED;
		c->next.amount += c->tallies[i];
		c->tallies[i] = 0;
		counting_about(c, (uint16_t)i);
	}
	return c->next.who_count > 0;
}

static void add_second_preferences(struct counting *c)
{
	c->next.action = COUNT_EXCLUSION;
	for (size_t i = 0; i < c->profile->papers_count; i++) {
		uint16_t first = at_rank(c, i, 0), second = at_rank(c, i, 1);
		if (first == NOBODY || c->status[first] == COUNT_HOPEFUL)
			continue;
		if (second != NOBODY && c->status[second] == COUNT_HOPEFUL)
			c->tallies[second] += c->profile->counts[i];
		else
			c->nontransferable += c->profile->counts[i];
	}
}

static bool supplementary_count(struct counting *c)
{
	for (size_t i = 0; i < c->profile->papers_count; i++)
		count_for(c, i, at_rank(c, i, 0));
	c->quota = (units)(c->result->valid / 2) + 1;
	c->next.action = COUNT_FIRST;
	bool majority = has_majority(c);
	if (!counting_record(c))
		return false;
	if (majority)
		return counting_end(c);
	c->quota = 0; /* from here on the highest wins */
	if (exclude(c)) {
		add_second_preferences(c);
		if (!counting_record(c))
			return false;
	}
	return counting_seat_highest(c, NULL);
}

const struct count_method method_supplementary_vote = {
	.name = "supplementary-vote",
	.what = "first preferences, then the second preferences of those not in the first two",
	.source = "Local Government Act 2000, schedule 2",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.gaps = true,
	.staged = true,
	.conserves = true,
	.check = counting_check_one_seat,
	.count = supplementary_count,
};
