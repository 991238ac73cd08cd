/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scotland: STV of Scottish local government (the Scottish Local Government Elections Order 2007,
 * SSI 2007/42, election rules in schedule 1). Quota = floor(valid / (seats + 1)) + 1. Stage 1 holds
 * the first preferences. Then one thing happens per stage: the largest undistributed surplus is
 * transferred (every paper of that candidate goes to its next continuing candidate at
 * value · surplus / total, cut to 5 decimals); or, with no surplus left, the lowest candidate is
 * excluded and the papers move on at their value. It ends when all seats are filled or as many
 * candidates continue as seats are left. A candidate exactly at the quota has a surplus of 0, which
 * takes its stage and moves nothing. Ties: the most recent earlier stage at which the tied
 * candidates differed (those still level there are compared at the stages before it), then the lot.
 *
 * Every paper that still carries votes stands in the list of the candidate it is with; a transfer
 * walks one list and puts its papers into others.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

#define DECIMALS 5u
#define NONE UINT32_MAX

struct stv {
	struct counting *c;
	const struct profile *p;
	uint32_t *first; /* of candidate: its first paper, or NONE */
	uint32_t *next;  /* of paper: the next one of the same candidate */
	uint32_t *value; /* of paper: what each of its ballots is worth, in units */
	uint32_t *place; /* of paper: where in choices[] its candidate stands */
};

static bool stv_init(struct stv *s, struct counting *c)
{
	*s = (struct stv){.c = c, .p = c->profile};
	size_t papers = s->p->papers_count + 1;
	counting_use_form(c, units_decimal(DECIMALS));
	if (!(s->first = counting_take(c, s->p->candidates_count, uint32_t)) ||
	    !(s->next = counting_take(c, papers, uint32_t)) ||
	    !(s->value = counting_take(c, papers, uint32_t)) ||
	    !(s->place = counting_take(c, papers, uint32_t)))
		return false;
	for (size_t i = 0; i < s->p->candidates_count; i++)
		s->first[i] = NONE;
	return true;
}

/* --- papers --- */

/* To the first continuing candidate at or after place[paper]; false when there is none. */
static bool give_paper(struct stv *s, uint32_t paper)
{
	uint32_t end = s->p->starts[paper + 1];
	for (uint32_t i = s->place[paper]; i < end; i++) {
		uint16_t candidate = s->p->choices[i];
		if (s->c->status[candidate] != COUNT_HOPEFUL)
			continue;
		s->place[paper] = i;
		s->next[paper] = s->first[candidate];
		s->first[candidate] = paper;
		s->c->tallies[candidate] += (units)s->p->counts[paper] * s->value[paper];
		return true;
	}
	return false;
}

static void count_first_preferences(struct stv *s)
{
	struct counting *c = s->c;
	units one = c->result->form.one;
	for (uint32_t i = 0; i < s->p->papers_count; i++) {
		s->place[i] = s->p->starts[i];
		s->value[i] = (uint32_t)one;
		counting_count_paper(c, i, give_paper(s, i));
	}
	c->quota = (units)(c->result->valid / (s->p->seats + 1u) + 1) * one;
	c->next.action = COUNT_FIRST;
}

/* Moves the papers of a candidate who continues no longer, each at value · part / whole, cut off.
 */
static void move_papers(struct stv *s, uint16_t from, units part, units whole)
{
	struct counting *c = s->c;
	units leaving = 0;
	for (uint32_t paper = s->first[from], next; paper != NONE; paper = next) {
		next = s->next[paper];
		s->value[paper] = (uint32_t)units_share(s->value[paper], part, whole);
		units votes = (units)s->p->counts[paper] * s->value[paper];
		leaving += votes;
		s->place[paper]++;
		if (votes > 0 && !give_paper(s, paper))
			c->nontransferable += votes;
	}
	s->first[from] = NONE;
	/* What the cut values do not add up to is nobody's any more. */
	require(leaving <= part);
	c->truncated += part - leaving;
	c->tallies[from] -= part;
}

static void transfer_surplus(struct stv *s, uint16_t candidate)
{
	struct counting *c = s->c;
	units total = c->tallies[candidate], surplus = total - c->quota;
	c->status[candidate] = COUNT_ELECTED;
	c->next.action = COUNT_SURPLUS;
	counting_about(c, candidate);
	c->next.amount = surplus;
	move_papers(s, candidate, surplus, total);
}

static void exclude(struct stv *s, uint16_t candidate)
{
	struct counting *c = s->c;
	units total = c->tallies[candidate];
	c->status[candidate] = COUNT_DEFEATED;
	c->next.action = COUNT_EXCLUSION;
	counting_about(c, candidate);
	c->next.amount = total;
	if (total > 0)
		move_papers(s, candidate, total, total);
}

/* --- electing --- */

/* The hopeful candidates at `least` votes or more, the highest first. */
static void elect_from(struct stv *s, units least, bool without_quota)
{
	struct counting *c = s->c;
	for (;;) {
		size_t best = s->p->candidates_count;
		for (size_t i = 0; i < s->p->candidates_count; i++)
			if (c->status[i] == COUNT_HOPEFUL && c->tallies[i] >= least &&
			    (best == s->p->candidates_count || c->tallies[i] > c->tallies[best]))
				best = i;
		if (best == s->p->candidates_count)
			return;
		counting_elect(c, (uint16_t)best, without_quota ? COUNT_ELECTED : COUNT_PENDING,
		               without_quota);
	}
}

static bool is_complete(const struct counting *c)
{
	size_t elected = c->result->elected_count, seats = c->profile->seats;
	return elected == seats || elected + counting_with(c, COUNT_HOPEFUL) <= seats;
}

static bool stv_count(struct counting *c)
{
	struct stv s;
	if (!stv_init(&s, c))
		return false;
	count_first_preferences(&s);
	for (;;) {
		elect_from(&s, c->quota, false);
		if (!counting_record(c))
			return false;
		if (is_complete(c))
			break;
		uint16_t candidate;
		bool surplus = counting_with(c, COUNT_PENDING) > 0;
		if (!counting_choose(c, surplus ? COUNT_PENDING : COUNT_HOPEFUL, surplus, true, &candidate))
			return false;
		if (surplus)
			transfer_surplus(&s, candidate);
		else
			exclude(&s, candidate);
	}
	if (c->result->elected_count < c->profile->seats)
		elect_from(&s, 0, true);
	return counting_end(c);
}

static size_t stv_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return 3 * arena_room((p->papers_count + 1) * sizeof(uint32_t)) +
	       arena_room(p->candidates_count * sizeof(uint32_t));
}

const struct count_method method_scotland = {
	.name = "scotland",
	.what = "single transferable vote of Scottish local government",
	.source = "SSI 2007/42, schedule 1",
	.ballot = PROFILE_RANKING,
	.staged = true,
	.conserves = true,
	.twice = true,
	.count = stv_count,
	.arena_bytes = stv_arena_bytes,
};
