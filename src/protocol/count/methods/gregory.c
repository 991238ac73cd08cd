/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STV by weighted inclusive Gregory transfers: a surplus goes on with all papers of its candidate,
 * each at a part of its value. One count, and a few data that say how the methods differ;
 * docs/counting/stv.md has the same in words.
 *
 * Common to all. Stage 1 holds the first preferences; hopeful candidates at the quota get seats.
 * Then each stage is one transfer. Surplus: every paper of the candidate goes to its next hopeful
 * candidate at value · surplus / total, cut to d decimals; the candidate keeps the quota.
 * Exclusion: all papers go on at their value. Papers without a next candidate are non-transferable;
 * what the cut values do not add up to is truncated. In the end the hopeful who are left get the
 * seats that are left. Unless said otherwise the largest surplus goes first, surpluses go before
 * exclusions, one candidate with the lowest tally is excluded, and ties are decided by lot.
 *
 * scotland: Scottish Local Government Elections Order 2007 (SSI 2007/42, schedule 1). d = 5; quota
 *   floor(valid / (seats + 1)) + 1. A candidate exactly at the quota has a surplus of 0, which
 *   takes its stage. Ties: the most recent earlier stage at which the tied differed (those still
 *   level there are compared at the stages before it), then the lot.
 * wigm-prf: the Proportional Representation Foundation's reference rule (WIGM), as droop 0.14
 * counts it. d = 4; quota valid / (seats + 1), cut, + 0.0001. The product value · surplus is cut,
 * and the quotient again. Surpluses of 0 take a stage. Whether the count is complete is looked at
 *   after a transfer and before its elections: so a last surplus may be moved that decides nothing.
 *   defeat=batch: before anything else sure losers are excluded together (rule B.2: the largest
 *   set, with all that are level, whose votes and all surpluses together are fewer than those of
 *   the candidate above, as long as enough remain); not transferred if that fills the seats.
 * cfer: Californians for Electoral Reform, draft of Elections Code section 10059. d = 5; the quota
 *   is valid / (seats + 1), cut, + 0.00001, as the programs have it. All surpluses above 0 are
 *   transferred in one stage (none of their papers can reach another of them, so their order means
 *   nothing). An exclusion that leaves as many as there are seats moves no papers. defeat=batch: as
 *   above, before surpluses, under section 10059 (k) (3).
 * mpls: Minneapolis, Code of Ordinances chapter 167 (167.20, 167.70). d = 4; quota
 *   floor(valid / (seats + 1)) + 1. Surplus fraction surplus / total, cut; the value is fraction ·
 *   value, cut (cut=product: as wigm-prf, which other programs do). Candidates at the quota stay
 * hopeful, and get papers, until their surplus goes. Each stage first excludes all who cannot be
 * elected (sets as above, surpluses of everybody). A single exclusion that leaves as many as there
 * are seats moves no papers. cambridge: NOT the count of Cambridge, Massachusetts, to the letter:
 * its law (M.G.L. c. 54A, 9) moves whole ballots drawn in their order, and ballots from a mix net
 * have none. This is the variant with fractional surpluses: d = 5, quota as scotland. When the
 * surpluses of the first stage have gone, all candidates below `signatures` votes are excluded
 * together (rule g), unless fewer would remain than seats are left. Ties of exclusions as scotland
 * (rule k).
 *
 * Bounds: tallies are below 2^57 · 10^5 < 2^74, values at most 10^5: no product has 100 bits.
 */
#include "count/methods/methods.h"
#include "count/methods/piles_internal.h"

enum cut {
	CUT_ONCE,     /* floor(value · surplus / total) */
	CUT_PRODUCT,  /* floor(floor(value · surplus) / total) */
	CUT_FRACTION, /* floor(value · floor(surplus / total)) */
};

struct gregory {
	unsigned decimals;
	enum cut cut;
	bool whole_quota;        /* floor(valid / (seats + 1)) + 1 votes; else + 1 unit */
	bool zero_surplus;       /* takes a stage */
	bool all_surpluses;      /* in one stage */
	bool hopeful_at_quota;   /* until the surplus goes */
	bool complete_first;     /* looked at before the elections of a stage */
	bool surplus_looks_back; /* ties; else by lot */
	bool exclusion_looks_back;
	bool last_one_stays, last_set_stays; /* exclusions that fill the seats move no papers */
	bool minimum;                        /* cambridge: its option */
	bool defeat_option, defeat_always;   /* sure losers together: if the option says so */
	bool (*may_defeat)(const struct piles *s, size_t hopeful, size_t set, units votes,
	                   units surpluses);
};

/* --- transfers --- */

static units cut_value(const struct piles *s, enum cut cut, units value, units part, units whole)
{
	units one = s->c->result->form.one;
	switch (cut) {
	case CUT_ONCE:
		return units_share(value, part, whole);
	case CUT_PRODUCT:
		return units_share(units_share(value, part, one), one, whole);
	case CUT_FRACTION:
		return units_share(value, units_share(part, one, whole), one);
	}
	return 0;
}

/* The papers of a candidate who continues no longer; all of `whole` at their value, or a part. */
static void move_papers(struct piles *s, const struct gregory *g, uint16_t from, units part)
{
	struct counting *c = s->c;
	units leaving = 0, whole = c->tallies[from];
	for (uint32_t paper = s->first[from], next; paper != PILES_NONE; paper = next) {
		next = s->next[paper];
		if (part < whole)
			s->value[paper] = (uint32_t)cut_value(s, g->cut, s->value[paper], part, whole);
		units votes = (units)s->p->counts[paper] * s->value[paper];
		leaving += votes;
		s->place[paper]++;
		if (votes > 0 && !piles_give(s, paper))
			c->nontransferable += votes;
	}
	s->first[from] = PILES_NONE;
	/* What the cut values do not add up to is nobody's any more. */
	require(leaving <= part);
	c->truncated += part - leaving;
	c->tallies[from] -= part;
}

/* Those in c->tied. */
static void transfer_surpluses(struct piles *s, const struct gregory *g)
{
	struct counting *c = s->c;
	c->next.action = COUNT_SURPLUS;
	for (size_t i = 0; i < c->tied_count; i++) {
		uint16_t candidate = c->tied[i];
		units surplus = c->tallies[candidate] - c->quota;
		if (c->status[candidate] == COUNT_HOPEFUL)
			counting_elect(c, candidate, COUNT_ELECTED, false);
		c->status[candidate] = COUNT_ELECTED;
		counting_about(c, candidate);
		c->next.amount += surplus;
		move_papers(s, g, candidate, surplus);
	}
}

/* Those in c->tied; false when that fills the seats and their papers therefore stay. */
static bool exclude(struct piles *s, const struct gregory *g, bool stays)
{
	struct counting *c = s->c;
	for (size_t i = 0; i < c->tied_count; i++)
		c->status[c->tied[i]] = COUNT_DEFEATED;
	if (stays && counting_with(c, COUNT_HOPEFUL) <= piles_seats_left(c))
		return false;
	c->next.action = COUNT_EXCLUSION;
	for (size_t i = 0; i < c->tied_count; i++) {
		counting_about(c, c->tied[i]);
		c->next.amount += c->tallies[c->tied[i]];
		move_papers(s, g, c->tied[i], c->tallies[c->tied[i]]);
	}
	return true;
}

/* --- whom --- */

static void only(struct counting *c, uint16_t candidate)
{
	c->tied[0] = candidate;
	c->tied_count = 1;
}

static units surpluses(const struct counting *c)
{
	units sum = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->tallies[i] > c->quota)
			sum += c->tallies[i] - c->quota;
	return sum;
}

/* Section 10059 (k) (3): one seat is left; or the rest is elected; or nobody can be elected by what
 * moves, so that the order of election stays as it is. */
static bool cfer_may_defeat(const struct piles *s, size_t hopeful, size_t set, units votes,
                            units surplus)
{
	const struct counting *c = s->c;
	units lacks = c->quota - c->tallies[s->ranked[hopeful - 1]];
	return piles_seats_left(c) == 1 || hopeful - set == piles_seats_left(c) ||
	       votes + surplus < lacks ||
	       (surplus == 0 && votes - c->tallies[s->ranked[set - 1]] < lacks);
}

/* Sure losers into c->tied; false when there are none. */
static bool find_losers(struct piles *s, const struct gregory *g)
{
	struct counting *c = s->c;
	c->tied_count = 0;
	if (g->defeat_always || (g->defeat_option && c->rule->values[0] == 1))
		c->tied_count = piles_find_losers(
			s, &(struct piles_losers){surpluses(c), piles_seats_left(c), false, g->may_defeat});
	memcpy(c->tied, s->ranked, c->tied_count * sizeof *c->tied);
	return c->tied_count > 0;
}

/* Rule (g) of Cambridge: all below the minimum into c->tied. */
static bool find_below_minimum(struct counting *c)
{
	units least = (units)c->rule->values[0] * c->result->form.one;
	counting_gather(c, COUNT_HOPEFUL);
	size_t hopeful = c->tied_count, kept = 0;
	for (size_t i = 0; i < hopeful; i++)
		if (c->tallies[c->tied[i]] < least)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
	return kept > 0 && hopeful - kept >= piles_seats_left(c);
}

/* Whose surplus goes, into c->tied: nobody's is 0. */
static bool choose_surplus(struct piles *s, const struct gregory *g)
{
	struct counting *c = s->c;
	uint16_t candidate;
	enum count_status status = g->hopeful_at_quota ? COUNT_HOPEFUL : COUNT_PENDING;
	counting_gather(c, status);
	if (c->tied_count == 0 || g->all_surpluses)
		return true;
	counting_narrow(c, c->tallies, true);
	if (c->tallies[c->tied[0]] < c->quota) {
		c->tied_count = 0;
		return true;
	}
	if (!counting_choose(c, status, true, g->surplus_looks_back, &candidate))
		return false;
	only(c, candidate);
	return true;
}

/* --- counting --- */

static void elect(struct piles *s, const struct gregory *g)
{
	struct counting *c = s->c;
	if (!g->hopeful_at_quota) {
		piles_elect(s, c->quota, c->quota + !g->zero_surplus, false);
		return;
	}
	size_t reached = 0;
	for (size_t i = 0; i < c->candidates; i++)
		reached += c->status[i] == COUNT_HOPEFUL && c->tallies[i] >= c->quota;
	if (reached >= piles_seats_left(c))
		piles_elect(s, c->quota, 0, false);
}

static bool is_complete(const struct piles *s, const struct gregory *g)
{
	const struct counting *c = s->c;
	if (!piles_complete(c) || piles_seats_left(c) == 0)
		return piles_complete(c);
	for (size_t i = 0; i < c->candidates && g->hopeful_at_quota; i++)
		if (c->status[i] == COUNT_HOPEFUL && c->tallies[i] >= c->quota)
			return false;
	return true;
}

/* The transfer of the next stage; *over when there is none because the seats are filled. */
static bool transfer(struct piles *s, const struct gregory *g, bool *minimum, bool *over)
{
	struct counting *c = s->c;
	uint16_t candidate;
	*over = false;
	if (find_losers(s, g)) {
		*over = !exclude(s, g, g->last_set_stays);
		return true;
	}
	if (!choose_surplus(s, g))
		return false;
	if (c->tied_count > 0) {
		transfer_surpluses(s, g);
		return true;
	}
	if (*minimum) {
		*minimum = false;
		if (find_below_minimum(c))
			return exclude(s, g, false);
	}
	if (!counting_choose(c, COUNT_HOPEFUL, false, g->exclusion_looks_back, &candidate))
		return false;
	only(c, candidate);
	*over = !exclude(s, g, g->last_one_stays);
	return true;
}

static bool gregory_count(struct counting *c, const struct gregory *g)
{
	struct piles s;
	bool minimum = g->minimum;
	if (!piles_init(&s, c, g->decimals))
		return false;
	units one = c->result->form.one, valid;
	piles_count_first(&s);
	valid = c->result->valid;
	c->quota = g->whole_quota ? (valid / (c->profile->seats + 1u) + 1) * one
	                          : valid * one / (c->profile->seats + 1u) + 1;
	c->next.action = COUNT_FIRST;
	for (bool over = false; !over;) {
		bool complete = g->complete_first && piles_complete(c);
		elect(&s, g);
		if (!counting_record(c))
			return false;
		if (complete || (!g->complete_first && is_complete(&s, g)))
			break;
		if (!transfer(&s, g, &minimum, &over))
			return false;
	}
	if (piles_seats_left(c) > 0)
		piles_elect(&s, 0, 0, true);
	return counting_end(c);
}

static size_t gregory_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return piles_arena_bytes(p);
}

/* --- the methods --- */

static bool count_scotland(struct counting *c)
{
	return gregory_count(c, &(struct gregory){.decimals = 5,
	                                          .whole_quota = true,
	                                          .zero_surplus = true,
	                                          .surplus_looks_back = true,
	                                          .exclusion_looks_back = true});
}

static bool count_wigm_prf(struct counting *c)
{
	return gregory_count(c, &(struct gregory){.decimals = 4,
	                                          .cut = CUT_PRODUCT,
	                                          .zero_surplus = true,
	                                          .complete_first = true,
	                                          .last_set_stays = true,
	                                          .defeat_option = true});
}

static bool count_cfer(struct counting *c)
{
	return gregory_count(c, &(struct gregory){.decimals = 5,
	                                          .all_surpluses = true,
	                                          .last_one_stays = true,
	                                          .last_set_stays = true,
	                                          .defeat_option = true,
	                                          .may_defeat = cfer_may_defeat});
}

static bool count_mpls(struct counting *c)
{
	return gregory_count(
		c, &(struct gregory){.decimals = 4,
	                         .cut = c->rule->values[0] == 1 ? CUT_PRODUCT : CUT_FRACTION,
	                         .whole_quota = true,
	                         .hopeful_at_quota = true,
	                         .last_one_stays = true,
	                         .defeat_always = true});
}

static bool count_cambridge(struct counting *c)
{
	return gregory_count(c, &(struct gregory){.decimals = 5,
	                                          .whole_quota = true,
	                                          .zero_surplus = true,
	                                          .exclusion_looks_back = true,
	                                          .minimum = true});
}

static const char *const defeats[] = {"single", "batch", NULL};
static const struct count_option defeat_option = {
	.name = "defeat",
	.what = "exclude one candidate at a time, or sure losers together",
	.type = COUNT_WORD,
	.words = defeats,
};
static const char *const cuts[] = {"fraction", "product", NULL};
static const struct count_option cut_option = {
	.name = "cut",
	.what = "which intermediate number is cut: the surplus fraction, or value times surplus",
	.type = COUNT_WORD,
	.words = cuts,
};
static const struct count_option signatures_option = {
	.name = "signatures",
	.what = "candidates with fewer votes after the first surpluses are excluded together",
	.type = COUNT_NUMBER,
	.max = LIMIT_BALLOTS,
	.otherwise = 50,
};

#define GREGORY(function)                                                              \
	.ballot = PROFILE_RANKING, .staged = true, .conserves = true, .count = (function), \
	.arena_bytes = gregory_arena_bytes

const struct count_method method_scotland = {
	.name = "scotland",
	.what = "single transferable vote of Scottish local government",
	.source = "SSI 2007/42, schedule 1",
	.twice = true,
	GREGORY(count_scotland),
};

const struct count_method method_wigm_prf = {
	.name = "wigm-prf",
	.what = "STV, weighted inclusive Gregory, reference rule",
	.source = "Proportional Representation Foundation, Reference WIGM Rule",
	.twice = true,
	.options = &defeat_option,
	.options_count = 1,
	GREGORY(count_wigm_prf),
};

const struct count_method method_cfer = {
	.name = "cfer",
	.what = "STV proposed for California",
	.source = "Californians for Electoral Reform, draft Elections Code 10059",
	.twice = true,
	.options = &defeat_option,
	.options_count = 1,
	GREGORY(count_cfer),
};

const struct count_method method_mpls = {
	.name = "mpls",
	.what = "STV of Minneapolis, certain losers excluded together",
	.source = "Minneapolis Code of Ordinances, 167.20 and 167.70",
	.twice = true,
	.options = &cut_option,
	.options_count = 1,
	GREGORY(count_mpls),
};

const struct count_method method_cambridge = {
	.name = "cambridge",
	.what = "STV of Cambridge, Massachusetts, but with fractional surpluses",
	.source = "M.G.L. chapter 54A, section 9, with Gregory's transfers for (e) and (f)",
	.twice = true,
	.options = &signatures_option,
	.options_count = 1,
	GREGORY(count_cambridge),
};
