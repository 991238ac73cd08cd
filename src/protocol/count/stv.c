/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scottish STV. Every paper that still carries votes stands in the list of the candidate it is
 * with; a transfer walks one list and puts its papers into others.
 */
#include "count/count_internal.h"

#define DECIMALS 5u
#define NONE UINT32_MAX

struct stv {
	struct counting *c;
	const struct profile *p;
	uint64_t quota;
	uint32_t *first; /* of candidate: its first paper, or NONE */
	uint32_t *next;  /* of paper: the next one of the same candidate */
	uint32_t *value; /* of paper: what each of its ballots is worth, in units */
	uint32_t *place; /* of paper: where in choices[] its candidate stands */
};

static bool stv_init(struct stv *s, struct counting *c, struct arena *a)
{
	*s = (struct stv){.c = c, .p = c->profile};
	size_t papers = s->p->papers_count + 1;
	if (!counting_init(c, DECIMALS, a))
		return false;
	s->first = arena_take_array(a, s->p->candidates_count, uint32_t, c->err);
	s->next = s->first ? arena_take_array(a, papers, uint32_t, c->err) : NULL;
	s->value = s->next ? arena_take_array(a, papers, uint32_t, c->err) : NULL;
	s->place = s->value ? arena_take_array(a, papers, uint32_t, c->err) : NULL;
	if (!s->place) {
		fail_within(c->err, "count");
		return false;
	}
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
		s->c->tallies[candidate] += (uint64_t)s->p->counts[paper] * s->value[paper];
		return true;
	}
	return false;
}

static void count_first_preferences(struct stv *s)
{
	struct count_result *r = s->c->result;
	uint32_t one = (uint32_t)count_one_vote(DECIMALS);
	for (uint32_t i = 0; i < s->p->papers_count; i++) {
		s->place[i] = s->p->starts[i];
		s->value[i] = one;
		if (give_paper(s, i))
			r->valid += s->p->counts[i];
		else
			r->blank += s->p->counts[i];
	}
	s->quota = r->quota = (r->valid / (s->p->seats + 1u) + 1) * one;
	s->c->next.action = COUNT_FIRST;
}

/* value · part / whole, cut off, for part ≤ whole < 2^63: long division, a bit of value at a time.
 */
static uint32_t scale(uint32_t value, uint64_t part, uint64_t whole)
{
	if (part <= UINT64_MAX >> 32)
		return (uint32_t)(value * part / whole);
	uint64_t quotient = 0, rest = 0;
	for (unsigned bit = 32; bit-- > 0;) {
		rest *= 2;
		quotient *= 2;
		if (rest >= whole) {
			rest -= whole;
			quotient++;
		}
		rest += value >> bit & 1 ? part : 0;
		if (rest >= whole) {
			rest -= whole;
			quotient++;
		}
	}
	return (uint32_t)quotient;
}

/* Moves the papers of a candidate who continues no longer, each at value · part / whole, cut off.
 */
static void move_papers(struct stv *s, uint16_t from, uint64_t part, uint64_t whole)
{
	struct counting *c = s->c;
	uint64_t leaving = 0;
	for (uint32_t paper = s->first[from], next; paper != NONE; paper = next) {
		next = s->next[paper];
		s->value[paper] = scale(s->value[paper], part, whole);
		uint64_t votes = (uint64_t)s->p->counts[paper] * s->value[paper];
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
	uint64_t total = c->tallies[candidate], surplus = total - s->quota;
	c->status[candidate] = COUNT_ELECTED;
	c->next.action = COUNT_SURPLUS;
	c->next.candidate = candidate;
	c->next.amount = surplus;
	move_papers(s, candidate, surplus, total);
}

static void exclude(struct stv *s, uint16_t candidate)
{
	struct counting *c = s->c;
	uint64_t total = c->tallies[candidate];
	c->status[candidate] = COUNT_DEFEATED;
	c->next.action = COUNT_EXCLUSION;
	c->next.candidate = candidate;
	c->next.amount = total;
	if (total > 0)
		move_papers(s, candidate, total, total);
}

/* --- choosing whom --- */

static uint64_t extreme(const struct counting *c, const uint64_t *tallies, bool highest)
{
	uint64_t best = tallies[c->tied[0]];
	for (size_t i = 1; i < c->tied_count; i++) {
		uint64_t v = tallies[c->tied[i]];
		if (highest ? v > best : v < best)
			best = v;
	}
	return best;
}

/* Only those of c->tied whose tally is the extreme one stay. */
static void narrow(struct counting *c, const uint64_t *tallies, bool highest)
{
	uint64_t best = extreme(c, tallies, highest);
	size_t kept = 0;
	for (size_t i = 0; i < c->tied_count; i++)
		if (tallies[c->tied[i]] == best)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
}

/* The highest or lowest candidate of a status, of which there is at least one. */
static bool choose(struct stv *s, enum count_status status, bool highest, uint16_t *candidate)
{
	struct counting *c = s->c;
	c->tied_count = 0;
	for (size_t i = 0; i < s->p->candidates_count; i++)
		if (c->status[i] == status)
			c->tied[c->tied_count++] = (uint16_t)i;
	narrow(c, c->tallies, highest);
	if (c->tied_count > 1) {
		if (!counting_note_tie(c, COUNT_TIE_BY_EARLIER_STAGE))
			return false;
		/* The last recorded stage is the present one: nobody differs there. */
		for (size_t i = c->result->stages_count; i-- > 0 && c->tied_count > 1;)
			narrow(c, c->result->stages[i].tallies, highest);
	}
	*candidate = c->tied[0];
	if (c->tied_count == 1)
		return true;
	c->next.tie = COUNT_TIE_BY_LOT;
	c->next.tied_count = c->tied_count; /* the lot is among those level all along */
	memcpy(c->next.tied, c->tied, c->tied_count * sizeof *c->tied);
	return counting_draw(c, candidate);
}

static size_t with_status(const struct stv *s, enum count_status status)
{
	size_t count = 0;
	for (size_t i = 0; i < s->p->candidates_count; i++)
		count += s->c->status[i] == status;
	return count;
}

/* --- electing --- */

/* The hopeful candidates at `least` votes or more, the highest first. */
static void elect_from(struct stv *s, uint64_t least, bool without_quota)
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

static bool is_complete(const struct stv *s)
{
	size_t elected = s->c->result->elected_count;
	return elected == s->p->seats || elected + with_status(s, COUNT_HOPEFUL) <= s->p->seats;
}

static bool finish(struct stv *s)
{
	struct counting *c = s->c;
	if (c->result->elected_count < s->p->seats)
		elect_from(s, 0, true);
	for (size_t i = 0; i < s->p->candidates_count; i++) {
		if (c->status[i] == COUNT_HOPEFUL)
			c->status[i] = COUNT_DEFEATED;
		if (c->status[i] == COUNT_PENDING)
			c->status[i] = COUNT_ELECTED;
	}
	c->next.action = COUNT_END;
	return counting_record(c);
}

bool stv_count(struct counting *c, struct arena *a)
{
	struct stv s;
	if (!stv_init(&s, c, a))
		return false;
	count_first_preferences(&s);
	for (;;) {
		elect_from(&s, s.quota, false);
		if (!counting_record(c))
			return false;
		if (is_complete(&s))
			return finish(&s);
		uint16_t candidate;
		bool surplus = with_status(&s, COUNT_PENDING) > 0;
		if (!choose(&s, surplus ? COUNT_PENDING : COUNT_HOPEFUL, surplus, &candidate))
			return false;
		if (surplus)
			transfer_surplus(&s, candidate);
		else
			exclude(&s, candidate);
	}
}
