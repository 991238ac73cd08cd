/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STV by keep values: every paper gives each candidate on it, in its order, what that candidate
 * keeps, and passes on the rest. Who is elected keeps just enough for the quota; who is excluded
 * keeps nothing, as if no paper had named him; and since what nobody keeps is lost to the count,
 * the quota is found anew from the votes that are held. The values that do all this at once are
 * found by iteration.
 *
 * meek-prf  the Proportional Representation Foundation's Reference Meek Rule, to the letter but
 *           for one gap (below): 9 decimals, omega 10^-6.
 * meek      the same in decimals that the rule declares (`precision`) and to an accuracy that it
 *           declares (`omega`): B. L. Meek's method, as Hill, Wichmann and Woodall first wrote it
 *           down for computers ("Algorithm 123: Single Transferable Vote by Meek's Method", The
 *           Computer Journal 30, 1987), who left both to a machine's real numbers.
 * warren    C. H. E. Warren's variant (Hill and Warren, "Meek versus Warren", Voting matters 20,
 *           2005): a keep value is a price. A paper gives the candidate that many votes, or what it
 *           has left, rather than a share of what it has left.
 *
 * One distribution, with units of 10^-precision of a vote and `one` of them in a vote: each paper
 * begins with w = one. For each candidate on it who keeps something, in order: it gives
 * ⌈w · keep / one⌉ (warren: min(w, keep)), w falls by that, and it ends when w is 0. Votes are the
 * sum of what was given times the paper's count; quota = ⌊votes / (seats + 1)⌋ + 1 unit; hopeful
 * candidates at the quota or above are elected. Surplus = the sum of (tally - quota) over all
 * elected, not less than 0.
 * One iteration: keep of each elected candidate becomes ⌈⌈keep · quota / one⌉ · one / tally⌉, not
 * more than one; then a distribution.
 *
 * Stages. First preferences: everybody keeps one. Then, until all seats are given or as many
 * candidates continue as seats are left: while the surplus is 10^-omega of a vote or more,
 * iterations, until somebody is elected (a stage), or the surplus is below that or no smaller than
 * in the iteration before (a stage, after which an exclusion follows); else the lowest hopeful
 * candidate is excluded and keeps nothing, followed by a distribution. Level with the lowest are
 * all whose tally is at most the lowest and the surplus together; the lot is drawn among them.
 * An exclusion that leaves no more candidates than seats ends the count at once: nothing is
 * distributed any more.
 *
 * The gap: because what is kept is rounded up, an elected candidate can fall short of the quota by
 * some units, and more candidates reach it than seats are left, in contests as small as 62 ballots
 * for 3 seats. The reference then elects too many. Here nobody is elected by that distribution, it
 * ends the iterations, and the lowest candidate is excluded.
 *
 * Sizes: valid · one^2 has 127 bits, or the count fails with LIMIT. With at most 10 decimals it
 *   always has.
 * Cost: an iteration is one pass over the papers, as far as the elected reach on each; the surplus
 *   falls by a factor in each (about seats / (seats + 1) in the worst case), and always by a unit
 *   at least, so it ends.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

#define PRECISION_MOST 15
#define PRECISION_USUAL 9
#define OMEGA_USUAL 6

enum { OPTION_PRECISION, OPTION_OMEGA, OPTIONS_COUNT };

struct meek {
	struct counting *c;
	units *keep; /* of candidate: one while hopeful, 0 once excluded */
	units one, omega, surplus;
	bool settled; /* no iteration would change who is lowest: an exclusion is next */
	struct count_table *table;
};

static unsigned decimals_of(const struct count_rule *rule, unsigned option)
{
	if (rule->method->options_count == 0)
		return option == OPTION_PRECISION ? PRECISION_USUAL : OMEGA_USUAL;
	return (unsigned)rule->values[option];
}

static units meek_votes_most(const struct count_rule *rule)
{
	units one = units_decimal(decimals_of(rule, OPTION_PRECISION)).one;
	return UNITS_MOST / (one * one);
}

static bool meek_init(struct meek *m, struct counting *c)
{
	unsigned precision = decimals_of(c->rule, OPTION_PRECISION);
	unsigned omega = decimals_of(c->rule, OPTION_OMEGA);
	*m = (struct meek){.c = c};
	counting_use_form(c, units_decimal(precision));
	m->one = c->result->form.one;
	m->omega = units_decimal(precision - omega).one;
	if (!(m->keep = counting_take(c, c->candidates, units)))
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		m->keep[i] = c->status[i] == COUNT_HOPEFUL ? m->one : 0;
	m->table = counting_stage_table(
		c, &(struct count_table_shape){.name = "keep",
	                                   .what = "The part of what reaches a candidate that is kept",
	                                   .columns = c->candidates,
	                                   .form = c->result->form});
	return m->table;
}

static bool record(struct meek *m)
{
	memcpy(counting_stage_row(m->c, m->table), m->keep, m->c->candidates * sizeof *m->keep);
	return counting_record(m->c);
}

/* --- one distribution --- */

static bool is_warren(const struct counting *c)
{
	return c->rule->method == &method_warren;
}

/* What a paper with w left gives to a candidate. */
static units given(const struct meek *m, units w, units keep, bool warren)
{
	if (warren)
		return keep < w ? keep : w;
	return keep == m->one ? w : units_share_up(w, keep, m->one);
}

static void give_papers(struct meek *m)
{
	struct counting *c = m->c;
	const struct profile *p = c->profile;
	bool warren = is_warren(c);
	memset(c->tallies, 0, c->candidates * sizeof *c->tallies);
	for (size_t i = 0; i < p->papers_count; i++) {
		units w = m->one;
		for (uint32_t j = p->starts[i]; w > 0 && j < p->starts[i + 1]; j++) {
			uint16_t candidate = p->choices[j];
			if (m->keep[candidate] == 0)
				continue;
			units part = given(m, w, m->keep[candidate], warren);
			c->tallies[candidate] += part * p->counts[i];
			w -= part;
		}
	}
}

/* The hopeful candidates at `least` votes or more, the highest first. */
static void elect_reached(struct meek *m)
{
	struct counting *c = m->c;
	size_t reached = 0;
	for (size_t i = 0; i < c->candidates; i++)
		reached += c->status[i] == COUNT_HOPEFUL && c->tallies[i] >= c->quota;
	if (reached > c->profile->seats - c->result->elected_count) {
		m->settled = true;
		return;
	}
	for (; reached > 0; reached -= c->tied_count) {
		counting_gather(c, COUNT_HOPEFUL);
		counting_narrow(c, c->tallies, true);
		for (size_t i = 0; i < c->tied_count; i++)
			counting_elect(c, c->tied[i], COUNT_ELECTED, false);
	}
}

/* Tallies, quota, elections and surplus for the keep values as they are. */
static void distribute(struct meek *m)
{
	struct counting *c = m->c;
	units votes = 0;
	give_papers(m);
	for (size_t i = 0; i < c->candidates; i++)
		votes += c->tallies[i];
	c->nontransferable = (units)c->result->valid * m->one - votes;
	c->quota = votes / (c->profile->seats + 1u) + 1;
	m->settled = false;
	elect_reached(m);
	m->surplus = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_ELECTED)
			m->surplus += c->tallies[i] - c->quota;
	if (m->surplus < 0)
		m->surplus = 0;
}

static bool count_first_preferences(struct meek *m)
{
	struct counting *c = m->c;
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		uint32_t j = p->starts[i];
		while (j < p->starts[i + 1] && !counting_is_standing(c, p->choices[j]))
			j++;
		counting_count_paper(c, i, j < p->starts[i + 1]);
	}
	if ((units)c->result->valid > meek_votes_most(c->rule))
		return counting_fail_large(c);
	distribute(m);
	c->next.action = COUNT_FIRST;
	return true;
}

/* --- stages --- */

static void lower_keeps(struct meek *m)
{
	struct counting *c = m->c;
	for (size_t i = 0; i < c->candidates; i++) {
		if (c->status[i] != COUNT_ELECTED || c->tallies[i] == 0)
			continue;
		units part = units_share_up(m->keep[i], c->quota, m->one);
		units keep = units_share_up(part, m->one, c->tallies[i]);
		m->keep[i] = keep < m->one ? keep : m->one;
	}
}

/* Iterates until somebody is elected or it makes no difference any more. */
static void transfer_surplus(struct meek *m)
{
	struct counting *c = m->c;
	size_t elected = c->result->elected_count;
	units before;
	c->next.action = COUNT_SURPLUS;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_ELECTED && c->tallies[i] > c->quota) {
			counting_about(c, (uint16_t)i);
			c->next.amount += c->tallies[i] - c->quota;
		}
	do {
		before = m->surplus;
		lower_keeps(m);
		distribute(m);
		if (c->result->elected_count > elected)
			return;
		m->settled = m->settled || m->surplus < m->omega || m->surplus >= before;
	} while (!m->settled);
}

/* What the surplus left over could make of the lowest tally is level with it: a lot decides. */
static bool choose_lowest(struct meek *m, uint16_t *candidate)
{
	struct counting *c = m->c;
	counting_gather(c, COUNT_HOPEFUL);
	counting_narrow(c, c->tallies, false);
	units most = c->tallies[c->tied[0]] + m->surplus;
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_HOPEFUL && c->tallies[i] <= most)
			c->tied[c->tied_count++] = (uint16_t)i;
	return counting_draw(c, candidate);
}

static bool exclude_lowest(struct meek *m)
{
	struct counting *c = m->c;
	uint16_t candidate;
	if (!choose_lowest(m, &candidate))
		return false;
	c->next.action = COUNT_EXCLUSION;
	counting_about(c, candidate);
	c->next.amount = c->tallies[candidate];
	c->status[candidate] = COUNT_DEFEATED;
	m->keep[candidate] = 0;
	if (!counting_is_complete(c)) {
		distribute(m);
		return true;
	}
	c->nontransferable += c->tallies[candidate];
	c->tallies[candidate] = 0;
	return true;
}

static bool meek_count(struct counting *c)
{
	struct meek m;
	if (!meek_init(&m, c) || !count_first_preferences(&m) || !record(&m))
		return false;
	while (!counting_is_complete(c)) {
		if (!m.settled && m.surplus >= m.omega)
			transfer_surplus(&m);
		else if (!exclude_lowest(&m))
			return false;
		if (!record(&m))
			return false;
	}
	memcpy(counting_stage_row(c, m.table), m.keep, c->candidates * sizeof *m.keep);
	if (!counting_seat_rest(c, c->tallies))
		return false;
	counting_cut_rows(c, m.table);
	return true;
}

/* --- bounds --- */

static bool meek_check(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	(void)p;
	if (rule->values[OPTION_OMEGA] <= rule->values[OPTION_PRECISION])
		return true;
	return fail(err, ERROR_REJECTED,
	            "count: omega has more decimals than precision; say a smaller omega",
	            (uint64_t)rule->values[OPTION_OMEGA]);
}

/* The first and the last; each exclusion, with surpluses before it; surpluses that elect. */
static size_t meek_stages_most(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, seats = p->seats < n ? p->seats : n;
	(void)rule;
	return 2 + 2 * (n - seats) + seats;
}

static size_t meek_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	return arena_room(p->candidates_count * sizeof(units)) +
	       counting_stage_table_bytes(meek_stages_most(rule, p), p->candidates_count);
}

static const struct count_option meek_options[OPTIONS_COUNT] = {
	[OPTION_PRECISION] = {.name = "precision",
                          .what = "decimals of a vote that are counted with",
                          .type = COUNT_NUMBER,
                          .min = 4,
                          .max = PRECISION_MOST,
                          .otherwise = PRECISION_USUAL},
	[OPTION_OMEGA] = {.name = "omega",
                      .what = "surpluses below this decimal of a vote are not transferred",
                      .type = COUNT_NUMBER,
                      .min = 1,
                      .max = PRECISION_MOST,
                      .otherwise = OMEGA_USUAL},
};

const struct count_method method_meek = {
	.name = "meek",
	.what = "single transferable vote by Meek's method, keep values found by iteration",
	.source = "Hill, Wichmann, Woodall: Algorithm 123, The Computer Journal 30 (1987)",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.staged = true,
	.conserves = true,
	.options = meek_options,
	.options_count = OPTIONS_COUNT,
	.check = meek_check,
	.count = meek_count,
	.votes_most = meek_votes_most,
	.arena_bytes = meek_arena_bytes,
	.stages_most = meek_stages_most,
};

const struct count_method method_meek_prf = {
	.name = "meek-prf",
	.what = "single transferable vote by the PR Foundation's reference Meek rule",
	.source = "Proportional Representation Foundation, Reference Meek Rule",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.staged = true,
	.conserves = true,
	.count = meek_count,
	.votes_most = meek_votes_most,
	.arena_bytes = meek_arena_bytes,
	.stages_most = meek_stages_most,
};

const struct count_method method_warren = {
	.name = "warren",
	.what = "single transferable vote by Warren's method, keep values as prices",
	.source = "Hill, Warren: Meek versus Warren, Voting matters 20 (2005)",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.staged = true,
	.conserves = true,
	.options = meek_options,
	.options_count = OPTIONS_COUNT,
	.check = meek_check,
	.count = meek_count,
	.votes_most = meek_votes_most,
	.arena_bytes = meek_arena_bytes,
	.stages_most = meek_stages_most,
};
