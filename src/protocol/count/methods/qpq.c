/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qpq: Quota Preferential by Quotient (D. R. Woodall, "QPQ, a quota-preferential STV-like election
 * rule", Voting matters 17, 2003, sections 2.1 to 2.5, with the restart after each exclusion). It
 * elects as d'Hondt's rule gives seats to lists: a ballot that helped to elect somebody counts for
 * less with the next candidate on it.
 *
 * A ballot is with its topmost hopeful candidate; it is inactive when it has none. Ballots have
 * elected so far some fraction of a candidate; none at the start. Of the hopeful candidate c,
 *   v(c) is how many ballots are with c, and t(c) how many candidates those have elected together;
 *   quotient(c) = v(c) / (1 + t(c));
 *   quota = active ballots / (seats + 1 - tx), where tx is what the inactive ones have elected.
 * Then one thing happens per stage, until all seats are given or as many candidates continue as
 * seats are left:
 *   - the highest quotient is above the quota: that candidate c is elected. His ballots have now
 *     elected 1 + t(c) together, each the same, and go to their next hopeful candidates: if n of
 *     them go to d, t(d) grows by n · (1 + t(c)) / v(c);
 *   - else the candidate with the lowest quotient is excluded, everybody elected is hopeful again,
 *     every t is 0, and the count starts over without the excluded.
 * Level ones are decided by lot. A stage that completes the count moves no ballots.
 *
 * Arithmetic: t and tx have 18 decimals, what is added to them is rounded down; quotients and quota
 * are rounded to 9 decimals, a half upwards, and compared so. The reference counter (droop) counts
 * with 18 decimals and takes numbers for equal that differ by less than half of 10^-9.
 *
 * Tallies are v(c) of the hopeful candidates; the ballots of the elected have moved on. Hence
 * nontransferable are the inactive ballots.
 *
 * Sizes: valid · 10^27 has 127 bits, or the count fails with LIMIT; 10^11 ballots do. t and tx are
 *   at most the elected, so n · (1 + t) is smaller. Candidates · stages are at most CELLS_MOST, or
 *   the count fails with LIMIT.
 * Cost: one pass over the papers a stage.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

#define DECIMALS 9u
#define SHARE_DECIMALS 18u
/* A restart shows the elections of everybody again, so that stages grow with seats · candidates. */
#define CELLS_MOST (1u << 22)

struct qpq {
	struct counting *c;
	const struct profile *p;
	units one, whole; /* units of a vote; of a share: a whole candidate */
	uint32_t *place;  /* of paper: where in choices[] its topmost hopeful candidate stands */
	units *ballots;   /* of candidate: v; behind them the inactive ones */
	units *share;     /* of candidate: t; behind them tx */
	units *moved;     /* of candidate: ballots that come from the one elected; behind them … */
	units *quotient;  /* of candidate; of the elected, that with which they were elected */
	struct count_table *quotients, *shares;
};

static bool make_tables(struct qpq *q)
{
	struct counting *c = q->c;
	bytes *columns = counting_take(c, c->candidates + 1, bytes);
	if (!columns)
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		columns[i] = q->p->candidates[i].name;
	columns[c->candidates] = BYTES_LITERAL("inactive");
	q->quotients = counting_stage_table(
		c, &(struct count_table_shape){.name = "quotient",
	                                   .what = "Votes for each seat that their ballots would have",
	                                   .columns = c->candidates,
	                                   .column_names = columns,
	                                   .form = c->result->form});
	if (!q->quotients)
		return false;
	q->shares = counting_stage_table(
		c, &(struct count_table_shape){.name = "share",
	                                   .what = "Seats that the ballots with each have elected",
	                                   .columns = c->candidates + 1,
	                                   .row_names = q->quotients->row_names,
	                                   .column_names = columns,
	                                   .form = units_decimal(SHARE_DECIMALS)});
	return q->shares;
}

static units qpq_votes_most(const struct count_rule *rule)
{
	(void)rule;
	return UNITS_MOST / (units_decimal(DECIMALS).one * units_decimal(SHARE_DECIMALS).one);
}

static bool qpq_init(struct qpq *q, struct counting *c)
{
	*q = (struct qpq){.c = c, .p = c->profile, .whole = units_decimal(SHARE_DECIMALS).one};
	counting_use_form(c, units_decimal(DECIMALS));
	q->one = c->result->form.one;
	return (q->place = counting_take(c, q->p->papers_count, uint32_t)) &&
	       (q->quotient = counting_take(c, c->candidates, units)) &&
	       (q->ballots = counting_take(c, c->candidates + 1, units)) &&
	       (q->share = counting_take(c, c->candidates + 1, units)) &&
	       (q->moved = counting_take(c, c->candidates + 1, units)) && make_tables(q);
}

static void copy_rows(struct qpq *q)
{
	size_t n = q->c->candidates;
	memcpy(counting_stage_row(q->c, q->quotients), q->quotient, n * sizeof *q->quotient);
	memcpy(counting_stage_row(q->c, q->shares), q->share, (n + 1) * sizeof *q->share);
}

static bool record(struct qpq *q)
{
	copy_rows(q);
	return counting_record(q->c);
}

/* --- papers --- */

/* The first hopeful candidate at or after place[paper]; behind the last one when there is none. */
static size_t find_top(struct qpq *q, size_t paper)
{
	uint32_t end = q->p->starts[paper + 1];
	for (; q->place[paper] < end; q->place[paper]++) {
		uint16_t candidate = q->p->choices[q->place[paper]];
		if (q->c->status[candidate] == COUNT_HOPEFUL)
			return candidate;
	}
	return q->c->candidates;
}

/* a · one · whole / b, to the nearest. */
static units nearest(const struct qpq *q, units a, units b)
{
	units product = a * q->one * q->whole, down = product / b;
	return down + (2 * (product % b) >= b);
}

/* Quotients, quota and tallies, for ballots and shares as they are. */
static void compute(struct qpq *q)
{
	struct counting *c = q->c;
	units active = 0;
	for (size_t i = 0; i < c->candidates; i++) {
		active += q->ballots[i];
		c->tallies[i] = q->ballots[i] * q->one;
		if (c->status[i] == COUNT_HOPEFUL)
			q->quotient[i] = nearest(q, q->ballots[i], q->whole + q->share[i]);
	}
	units seats = (units)(c->profile->seats + 1u) * q->whole;
	c->quota = nearest(q, active, seats - q->share[c->candidates]);
	c->nontransferable = ((units)c->result->valid - active) * q->one;
}

/* Every ballot to its first hopeful candidate, having elected nobody. */
static void start_over(struct qpq *q)
{
	struct counting *c = q->c;
	memset(q->ballots, 0, (c->candidates + 1) * sizeof *q->ballots);
	memset(q->share, 0, (c->candidates + 1) * sizeof *q->share);
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_ELECTED)
			c->status[i] = COUNT_HOPEFUL;
	c->result->elected_count = 0;
	for (size_t i = 0; i < q->p->papers_count; i++) {
		q->place[i] = q->p->starts[i];
		q->ballots[find_top(q, i)] += q->p->counts[i];
	}
}

static bool count_first_preferences(struct qpq *q)
{
	struct counting *c = q->c;
	start_over(q);
	for (size_t i = 0; i < q->p->papers_count; i++)
		counting_count_paper(c, i, q->place[i] < q->p->starts[i + 1]);
	if ((units)c->result->valid > qpq_votes_most(c->rule))
		return counting_fail_large(c);
	compute(q);
	c->next.action = COUNT_FIRST;
	return true;
}

/* --- stages --- */

/* The ballots of a candidate who was just elected go on. */
static void move_ballots(struct qpq *q, uint16_t from)
{
	size_t columns = q->c->candidates + 1;
	memset(q->moved, 0, columns * sizeof *q->moved);
	for (size_t i = 0; i < q->p->papers_count; i++)
		if (q->place[i] < q->p->starts[i + 1] && q->p->choices[q->place[i]] == from)
			q->moved[find_top(q, i)] += q->p->counts[i];
	for (size_t i = 0; i < columns; i++) {
		q->share[i] += units_share(q->moved[i], q->whole + q->share[from], q->ballots[from]);
		q->ballots[i] += q->moved[i];
	}
	q->ballots[from] = q->share[from] = 0;
}

static void elect(struct qpq *q, uint16_t candidate)
{
	struct counting *c = q->c;
	c->next.action = COUNT_ELECTION;
	counting_about(c, candidate);
	c->next.amount = c->tallies[candidate];
	counting_elect(c, candidate, COUNT_ELECTED, false);
	if (counting_is_complete(c))
		return;
	move_ballots(q, candidate);
	compute(q);
}

static void exclude(struct qpq *q, uint16_t candidate)
{
	struct counting *c = q->c;
	c->next.action = COUNT_EXCLUSION;
	counting_about(c, candidate);
	c->next.amount = c->tallies[candidate];
	c->status[candidate] = COUNT_DEFEATED;
	q->quotient[candidate] = 0;
	if (!counting_is_complete(c)) {
		start_over(q);
		compute(q);
		return;
	}
	c->nontransferable += c->tallies[candidate];
	c->tallies[candidate] = 0;
}

static bool step(struct qpq *q)
{
	struct counting *c = q->c;
	uint16_t candidate;
	counting_gather(c, COUNT_HOPEFUL);
	counting_narrow(c, q->quotient, true);
	bool elects = q->quotient[c->tied[0]] > c->quota;
	if (!elects) {
		counting_gather(c, COUNT_HOPEFUL);
		counting_narrow(c, q->quotient, false);
	}
	if (!counting_draw(c, &candidate))
		return false;
	if (elects)
		elect(q, candidate);
	else
		exclude(q, candidate);
	return record(q);
}

static bool qpq_count(struct counting *c)
{
	struct qpq q;
	if (!qpq_init(&q, c) || !count_first_preferences(&q) || !record(&q))
		return false;
	while (!counting_is_complete(c))
		if (!step(&q))
			return false;
	copy_rows(&q);
	if (!counting_seat_rest(c, q.quotient))
		return false;
	counting_cut_rows(c, q.quotients);
	counting_cut_rows(c, q.shares);
	return true;
}

/* --- bounds --- */

/* The first and the last; each exclusion, and before each all seats but one given; then all. */
static size_t stages_of(const struct profile *p)
{
	size_t n = p->candidates_count, seats = p->seats < n ? p->seats : n;
	return 2 + (n - seats + 1) * seats;
}

static bool fits(const struct profile *p)
{
	return stages_of(p) * p->candidates_count <= CELLS_MOST;
}

static bool qpq_check(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	(void)rule;
	return fits(p) || fail(err, ERROR_LIMIT,
	                       "count: qpq cannot show all its stages for so many candidates and "
	                       "seats; choose another rule",
	                       p->candidates_count);
}

static size_t qpq_stages_most(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return fits(p) ? stages_of(p) : 0;
}

static size_t qpq_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, stages = qpq_stages_most(rule, p);
	return arena_room(p->papers_count * sizeof(uint32_t)) + arena_room(n * sizeof(units)) +
	       3 * arena_room((n + 1) * sizeof(units)) + arena_room((n + 1) * sizeof(bytes)) +
	       counting_stage_table_bytes(stages, n) + counting_stage_table_bytes(stages, n + 1);
}

const struct count_method method_qpq = {
	.name = "qpq",
	.what = "quota preferential by quotient: d'Hondt's rule for ranked candidates",
	.source = "Woodall: QPQ, a quota-preferential STV-like election rule, Voting matters 17 (2003)",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.staged = true,
	.check = qpq_check,
	.count = qpq_count,
	.votes_most = qpq_votes_most,
	.arena_bytes = qpq_arena_bytes,
	.stages_most = qpq_stages_most,
};
