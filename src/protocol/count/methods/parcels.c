/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STV by Gregory transfers of the last parcel: a surplus goes on with those papers alone that
 * brought it, the ones received last, and only transferable papers share it. An exclusion moves
 * papers in batches, the most valuable first, and candidates who reach the quota by a batch get no
 * papers of the next. docs/counting/stv.md has the same in words.
 *
 * Common to both. d = 2. Every batch is recorded as a stage of its own (a batch is what the
 * statutes call a sub-parcel; one with no papers at all is recorded for candidates who have none).
 * Surplus S of a candidate, papers of the last batch it received, each worth v, T of them with a
 * next hopeful candidate: those go on at v if v · T <= S, else at S / T, cut. What is left of S is
 * non-transferable, but what the cut lost is truncated: the statutes' non-transferable votes are
 * the sum of both. Papers that are not transferable stay with the candidate for good. The largest
 * surplus goes first. A set of lowest candidates is excluded instead, and surpluses wait, when
 * their votes and all surpluses together are fewer than the votes of the candidate above and enough
 * candidates remain: the largest such set, which may be one candidate; never one of two level. With
 * neither a set nor a surplus the lowest candidate is excluded. An exclusion that leaves as many as
 * there are seats moves no papers. Ties: the earliest stage at which the tied differed (those still
 * level there at the stages after it), then the lot.
 *
 * northern-ireland: Local Elections (Northern Ireland) Order 1985 (SI 1985/454), rules 47 to 52 of
 *   schedule 5 to the Electoral Law Act 1962. Quota floor(valid / (seats + 1)) + 1. Batches of an
 *   exclusion: first preferences, then by value. Ties look at whole exclusions, not at their
 *   batches. Rule 52 (2): with one seat left a candidate whose votes are no fewer than those of all
 *   other hopeful ones and all surpluses together has it, if there is only one such. Rule 48 (3)
 *   puts off the election for a single seat by one exclusion, which changes nothing: left out.
 * ers97: Newland and Britton, How to conduct an election by the Single Transferable Vote, 3rd
 *   edition, Electoral Reform Society 1997, section 5. Quota valid / (seats + 1), to two decimals,
 *   rounded up; while nobody is elected it is computed anew after each batch without the
 *   non-transferable votes (5.4.8). Batches by value. A set may also equal the candidate above
 *   ("does not exceed"). Elected, in descending order of votes, is who has the quota or the total
 *   active vote divided by one more than the seats left, where active are all votes but the
 *   non-transferable and the quotas (or fewer) of the elected. When more are level than there are
 *   seats, those with more at the earliest batch that differs are taken, and of those level all
 *   along nobody yet (5.6.2).
 *
 * Bounds: tallies are below 2^57 · 10^2 < 2^64; times seats + 1 below 2^97.
 */
#include "count/methods/methods.h"
#include "count/methods/piles_internal.h"

#define DECIMALS 2u

struct parcels {
	struct piles piles;
	bool ers97;
	uint8_t *point; /* of a recorded stage: whether ties look at it */
	uint16_t *out;  /* those being excluded */
	size_t out_count;
};

static bool parcels_init(struct parcels *s, struct counting *c, bool ers97)
{
	*s = (struct parcels){.ers97 = ers97};
	return piles_init(&s->piles, c, DECIMALS) &&
	       (s->point = counting_take(c, c->stages_room, uint8_t)) &&
	       (s->out = counting_take(c, c->candidates, uint16_t));
}

/* --- ties --- */

static void narrow_by_first_points(const struct parcels *s, bool highest)
{
	struct counting *c = s->piles.c;
	for (size_t i = 0; i < c->result->stages_count && c->tied_count > 1; i++)
		if (s->point[i])
			counting_narrow(c, c->result->stages[i].tallies, highest);
}

/* The highest (lowest) of a status. */
static bool choose(const struct parcels *s, enum count_status status, bool highest,
                   uint16_t *candidate)
{
	struct counting *c = s->piles.c;
	counting_gather(c, status);
	counting_narrow(c, c->tallies, highest);
	if (c->tied_count > 1) {
		if (!counting_note_tie(c, COUNT_TIE_BY_EARLIER_STAGE))
			return false;
		narrow_by_first_points(s, highest);
	}
	return counting_draw(c, candidate);
}

/* --- electing --- */

static void seat(struct counting *c, uint16_t candidate)
{
	units tally = c->tallies[candidate];
	counting_elect(c, candidate, tally > c->quota ? COUNT_PENDING : COUNT_ELECTED,
	               tally < c->quota);
}

static void keep_level(struct counting *c, units level)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->tied_count; i++)
		if (c->tallies[c->tied[i]] == level)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
}

/* All votes but the non-transferable and what the elected keep. */
static units active_vote(const struct counting *c)
{
	units one = c->result->form.one;
	units active = (units)c->result->valid * one - c->nontransferable - c->truncated;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_PENDING || c->status[i] == COUNT_ELECTED)
			active -= c->tallies[i] < c->quota ? c->tallies[i] : c->quota;
	return active;
}

/* Level candidates in c->tied, more than seats: by the earliest points, as far as those decide. */
static bool seat_some(const struct parcels *s)
{
	struct counting *c = s->piles.c;
	units level = c->tallies[c->tied[0]];
	bool noted = c->next.tie == COUNT_NO_TIE;
	if (noted && !counting_note_tie(c, COUNT_TIE_BY_EARLIER_STAGE))
		return false;
	size_t before = piles_seats_left(c);
	while (piles_seats_left(c) > 0) {
		narrow_by_first_points(s, true);
		if (c->tied_count > piles_seats_left(c))
			break;
		for (size_t i = 0; i < c->tied_count; i++)
			seat(c, c->tied[i]);
		counting_gather(c, COUNT_HOPEFUL);
		keep_level(c, level);
	}
	if (noted && before == piles_seats_left(c)) {
		c->next.tie = COUNT_NO_TIE;
		c->next.tied_count = 0;
	}
	return true;
}

static bool elect(const struct parcels *s)
{
	struct counting *c = s->piles.c;
	for (;;) {
		units left = (units)piles_seats_left(c);
		counting_gather(c, COUNT_HOPEFUL);
		if (left == 0 || c->tied_count == 0)
			return true;
		counting_narrow(c, c->tallies, true);
		units tally = c->tallies[c->tied[0]];
		if (tally < c->quota && !(s->ers97 && tally * (left + 1) >= active_vote(c)))
			return true;
		if ((units)c->tied_count > left)
			return seat_some(s);
		for (size_t i = 0; i < c->tied_count; i++)
			seat(c, c->tied[i]);
	}
}

static void find_quota(const struct parcels *s)
{
	struct counting *c = s->piles.c;
	units one = c->result->form.one, seats = (units)c->profile->seats + 1;
	units votes = (units)c->result->valid * one - c->nontransferable;
	c->quota =
		s->ers97 ? units_share_up(votes, 1, seats) : ((units)c->result->valid / seats + 1) * one;
}

/* --- surpluses --- */

static units surpluses(const struct counting *c)
{
	units sum = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_PENDING)
			sum += c->tallies[i] - c->quota;
	return sum;
}

/* The papers that came last stand first in their list. */
static bool transfer_surplus(struct parcels *s)
{
	struct piles *p = &s->piles;
	struct counting *c = p->c;
	uint16_t from;
	if (!choose(s, COUNT_PENDING, true, &from))
		return false;
	units surplus = c->tallies[from] - c->quota, papers = 0;
	uint32_t first = p->first[from];
	require(first != PILES_NONE);
	uint32_t last = p->came[first];
	for (uint32_t i = first; i != PILES_NONE && p->came[i] == last; i = p->next[i])
		papers += piles_find(p, i) == PILES_NONE ? 0 : p->p->counts[i];
	bool cut = papers * p->value[first] > surplus;
	uint32_t value = cut ? (uint32_t)units_share(surplus, 1, papers) : p->value[first];
	for (uint32_t i = first, next; i != PILES_NONE && p->came[i] == last; i = next) {
		next = p->next[i];
		p->value[i] = value;
		p->first[from] = next;
		(void)piles_give(p, i);
	}
	c->status[from] = COUNT_ELECTED;
	c->tallies[from] = c->quota;
	*(cut ? &c->truncated : &c->nontransferable) += surplus - papers * value;
	c->next.action = COUNT_SURPLUS;
	c->next.amount = surplus;
	counting_about(c, from);
	if (!elect(s))
		return false;
	s->point[c->result->stages_count] = 1;
	return counting_record(c);
}

/* --- exclusions --- */

/* Batches go in descending order of this. */
static uint32_t batch_of(const struct parcels *s, uint32_t paper)
{
	return !s->ers97 && s->piles.came[paper] == 0 ? UINT32_MAX : s->piles.value[paper] + 1;
}

/* 0: the excluded have no papers. */
static uint32_t find_batch(const struct parcels *s)
{
	uint32_t best = 0;
	for (size_t i = 0; i < s->out_count; i++)
		for (uint32_t paper = s->piles.first[s->out[i]]; paper != PILES_NONE;
		     paper = s->piles.next[paper])
			if (batch_of(s, paper) > best)
				best = batch_of(s, paper);
	return best;
}

static void move_batch(struct parcels *s, uint32_t batch)
{
	struct piles *p = &s->piles;
	struct counting *c = p->c;
	c->next.action = COUNT_EXCLUSION;
	for (size_t i = 0; i < s->out_count; i++) {
		uint16_t from = s->out[i];
		counting_about(c, from);
		for (uint32_t *link = &p->first[from], paper; (paper = *link) != PILES_NONE;) {
			if (batch_of(s, paper) != batch) {
				link = &p->next[paper];
				continue;
			}
			units votes = (units)p->p->counts[paper] * p->value[paper];
			*link = p->next[paper];
			c->tallies[from] -= votes;
			c->next.amount += votes;
			if (!piles_give(p, paper))
				c->nontransferable += votes;
		}
	}
}

/* Those in s->out; *over when that fills the seats and their papers therefore stay. */
static bool exclude(struct parcels *s, bool *over)
{
	struct counting *c = s->piles.c;
	for (size_t i = 0; i < s->out_count; i++)
		c->status[s->out[i]] = COUNT_DEFEATED;
	if ((*over = piles_complete(c)))
		return true;
	uint32_t batch = find_batch(s);
	do {
		move_batch(s, batch);
		if (s->ers97 && c->result->elected_count == 0)
			find_quota(s);
		if (!elect(s))
			return false;
		batch = find_batch(s);
		bool last = batch == 0 || piles_seats_left(c) == 0;
		s->point[c->result->stages_count] = s->ers97 || last;
		if (!counting_record(c))
			return false;
		if (last)
			break;
	} while (true);
	return true;
}

/* --- counting --- */

/* Rule 52 (2); true when somebody has the last seat. */
static bool fill_last(const struct parcels *s)
{
	struct counting *c = s->piles.c;
	counting_gather(c, COUNT_HOPEFUL);
	units all = surpluses(c);
	for (size_t i = 0; i < c->tied_count; i++)
		all += c->tallies[c->tied[i]];
	counting_narrow(c, c->tallies, true);
	units most = c->tallies[c->tied[0]];
	if (s->ers97 || piles_seats_left(c) > 1 || c->tied_count > 1 || most < all - most)
		return false;
	counting_elect(c, c->tied[0], COUNT_ELECTED, true);
	return true;
}

/* The transfer of the next stage or stages. */
static bool transfer(struct parcels *s, bool *over)
{
	struct counting *c = s->piles.c;
	units waiting = surpluses(c);
	*over = false;
	s->out_count = piles_find_losers(
		&s->piles, &(struct piles_losers){waiting, piles_seats_left(c), s->ers97, NULL});
	memcpy(s->out, s->piles.ranked, s->out_count * sizeof *s->out);
	if (s->out_count == 0 && waiting > 0)
		return transfer_surplus(s);
	if (s->out_count == 0) {
		if (!choose(s, COUNT_HOPEFUL, false, &s->out[0]))
			return false;
		s->out_count = 1;
	}
	return exclude(s, over);
}

static bool parcels_count(struct counting *c, bool ers97)
{
	struct parcels s;
	if (!parcels_init(&s, c, ers97))
		return false;
	piles_count_first(&s.piles);
	find_quota(&s);
	c->next.action = COUNT_FIRST;
	if (!elect(&s))
		return false;
	s.point[0] = 1;
	bool ok = counting_record(c);
	for (bool over = false; ok && !over && !piles_complete(c) && !fill_last(&s);)
		ok = transfer(&s, &over);
	if (!ok)
		return false;
	if (piles_seats_left(c) > 0)
		piles_elect(&s.piles, 0, 0, true);
	return counting_end(c);
}

/* --- the methods --- */

static bool count_northern_ireland(struct counting *c)
{
	return parcels_count(c, false);
}

static bool count_ers97(struct counting *c)
{
	return parcels_count(c, true);
}

/* A surplus for each seat, an exclusion for each candidate. A batch more moves a paper past a
 * choice; and there are at most 101 values (of which each surplus makes one) and first preferences.
 */
static size_t parcels_stages_most(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	size_t n = p->candidates_count, seats = p->seats < n ? p->seats : n;
	size_t batches = n * ((seats < 100 ? seats : 100) + 1);
	return n + seats + 2 + (batches < p->choices_count ? batches : p->choices_count);
}

static size_t parcels_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	return piles_arena_bytes(p) + arena_room(parcels_stages_most(rule, p)) +
	       arena_room(p->candidates_count * sizeof(uint16_t));
}

#define PARCELS(function)                                                              \
	.ballot = PROFILE_RANKING, .staged = true, .conserves = true, .count = (function), \
	.arena_bytes = parcels_arena_bytes, .stages_most = parcels_stages_most

const struct count_method method_northern_ireland = {
	.name = "northern-ireland",
	.what = "single transferable vote of Northern Ireland",
	.source = "SI 1985/454, rules 47 to 52",
	.twice = true,
	PARCELS(count_northern_ireland),
};

const struct count_method method_ers97 = {
	.name = "ers97",
	.what = "STV rules of the Electoral Reform Society, 1997",
	.source = "Newland and Britton, 3rd edition 1997, section 5",
	.twice = true,
	PARCELS(count_ers97),
};
