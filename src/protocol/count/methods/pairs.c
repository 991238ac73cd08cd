/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pairwise-beta, pairwise-bradleyterry: ballots are comparisons, (winner, loser) each.
 *
 * pairwise-beta (Agora Voting): a candidate's score is (won + 1) / (won + lost + 2), the mean of
 *   a Beta distribution after won and lost comparisons; who was never compared has 0. Scores are
 *   compared as exact fractions; tallies show them cut to 9 decimals.
 * pairwise-bradleyterry (R. Bradley and M. Terry 1952): candidates have strengths so that i wins
 *   against j with probability s_i / (s_i + s_j); those under which the ballots are the likeliest,
 *   found by the iteration of D. Hunter, "MM algorithms for generalized Bradley-Terry models",
 * 2004, in integers, as docs/counting/condorcet.md has it step by step. They exist when there is no
 *   group that never won against the others (L. Ford 1957); else the count is REJECTED unless
 *   `prior` adds comparisons.
 *
 * Sizes: iteration: comparisons of one candidate at most 10^11, a strength at most 10^15 + 10^3
 *   units of 10^-12; their product with 10^12 has 127 bits.
 * Cost: a round of the iteration takes a division of 128 bits for each pair that was compared.
 */
#include "count/methods/methods.h"
#include "count/methods/pairwise.h"

#define WON "how many comparisons the row won against the column"

static bool count_comparisons(struct pairwise *w, struct counting *c)
{
	const struct profile *p = c->profile;
	if (!pairwise_new(w, c))
		return false;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j + 1 < p->starts[i + 1]; j += 2) {
			uint16_t winner = p->choices[j], loser = p->choices[j + 1];
			if (!counting_is_standing(c, winner) || !counting_is_standing(c, loser))
				continue;
			w->votes[winner * w->n + loser] += p->counts[i];
			any = true;
		}
		counting_count_paper(c, i, any);
	}
	return pairwise_table(c, w, "pairwise", WON);
}

static size_t pairs_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count;
	return 2 * pairwise_bytes(p) + pairwise_table_bytes(p) + 8 * arena_room(n * sizeof(units)) +
	       arena_room(n * sizeof(bytes)) + 3 * arena_room(n * sizeof(uint32_t));
}

static bool finish(struct counting *c, const units *order)
{
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, order) && counting_note_order(c, order) &&
	       counting_seat_highest(c, order);
}

/* --- beta --- */

#define BETA_DECIMALS 9u
#define BETA_MOST ((units)1 << 62) /* (won + 1) · (won + lost + 2) has 125 bits */

static bool sum_comparisons(struct counting *c, const struct pairwise *w, units *won, units *lost)
{
	static const bytes columns[] = {{(const uint8_t *)"won", 3}, {(const uint8_t *)"lost", 4}};
	struct count_table_shape shape = {.name = "comparisons",
	                                  .what = "how many comparisons the row won and lost",
	                                  .rows = w->n,
	                                  .columns = 2,
	                                  .column_names = columns,
	                                  .form = units_decimal(0)};
	struct count_table *t = counting_table(c, &shape);
	if (!t)
		return false;
	for (size_t i = 0; i < w->n; i++) {
		for (size_t j = 0; j < w->n; j++) {
			won[i] += w->votes[i * w->n + j];
			lost[i] += w->votes[j * w->n + i];
		}
		t->cells[2 * i] = won[i];
		t->cells[2 * i + 1] = lost[i];
		if (won[i] + lost[i] > BETA_MOST - 2)
			return counting_fail_large(c);
	}
	return true;
}

/* order[i]: minus the number of candidates with a higher score. */
static void order_scores(const struct counting *c, const units *won, const units *lost,
                         units *order)
{
	for (size_t i = 0; i < c->candidates; i++)
		for (size_t j = 0; j < c->candidates; j++) {
			if (c->status[i] == COUNT_WITHDRAWN || c->status[j] == COUNT_WITHDRAWN)
				continue;
			units of_i = won[i] + lost[i] == 0 ? 0 : won[i] + 1;
			units of_j = won[j] + lost[j] == 0 ? 0 : won[j] + 1;
			order[i] -= of_j * (won[i] + lost[i] + 2) > of_i * (won[j] + lost[j] + 2);
		}
}

static bool count_beta(struct counting *c)
{
	struct pairwise w;
	units *won = counting_take(c, c->candidates, units);
	units *lost = won ? counting_take(c, c->candidates, units) : NULL;
	units *order = lost ? counting_take(c, c->candidates, units) : NULL;
	counting_use_form(c, units_decimal(BETA_DECIMALS));
	if (!order || !count_comparisons(&w, c) || !sum_comparisons(c, &w, won, lost))
		return false;
	order_scores(c, won, lost, order);
	for (size_t i = 0; i < c->candidates; i++)
		if (won[i] + lost[i] > 0)
			c->tallies[i] = units_share(won[i] + 1, c->result->form.one, won[i] + lost[i] + 2);
	return finish(c, order);
}

const struct count_method method_pairwise_beta = {
	.name = "pairwise-beta",
	.what = "comparisons; the score is (won + 1) / (won + lost + 2)",
	.source = "Agora Voting's pairwise-beta",
	.ballot = PROFILE_PAIRS,
	.count = count_beta,
	.arena_bytes = pairs_bytes,
};

/* --- bradley and terry --- */

#define STRENGTH_DECIMALS 12u
#define SHOWN_DECIMALS 6u
#define STEPS_MOST 10000000u /* rounds · candidates², beyond ROUNDS_SURE rounds */
#define ROUNDS_SURE 1000u
#define LEAST_STRENGTH 1000000         /* units; below it rounding would be felt by the others */
#define COMPARISONS_MOST 100000000000u /* of one candidate: 10^11 */
#define CLOSE_ENOUGH 100000000000u     /* the iteration ends when nobody moves by more than */
#define CLOSE_UNITS 1u                 /* strength / 10^11 + one unit */

enum { PRIOR, AMONG };

struct fit {
	struct counting *c;
	struct pairwise won;    /* with the prior */
	units one;              /* 1 in units of a strength */
	units *strength, *next; /* of candidate */
	units *total;           /* how many comparisons the candidate won */
	uint16_t *queue;        /* of a search */
	bool *reached;
};

static uint64_t won_by(const struct fit *f, size_t i, size_t j)
{
	return f->won.votes[i * f->won.n + j];
}

static bool add_prior(struct fit *f)
{
	struct counting *c = f->c;
	size_t n = c->candidates;
	bool all = c->rule->values[AMONG] == 1;
	uint64_t prior = (uint64_t)c->rule->values[PRIOR];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			bool both = c->status[i] != COUNT_WITHDRAWN && c->status[j] != COUNT_WITHDRAWN;
			if (!both || (!all && won_by(f, i, j) == 0 && won_by(f, j, i) == 0))
				continue;
			f->won.votes[i * n + j] += prior;
			f->won.votes[j * n + i] += prior;
		}
	for (size_t i = 0; i < n; i++) {
		units compared = 0;
		for (size_t j = 0; j < n; j++) {
			f->total[i] += won_by(f, i, j);
			compared += (units)won_by(f, i, j) + won_by(f, j, i);
		}
		if (compared > COMPARISONS_MOST)
			return counting_fail_large(c);
	}
	return true;
}

/* --- whether there are strengths --- */

/* Who is reached from `start` by steps to whom somebody won against (lost against). */
static size_t reach(struct fit *f, size_t start, bool won)
{
	size_t n = f->c->candidates, found = 0;
	memset(f->reached, 0, n * sizeof *f->reached);
	f->reached[start] = true;
	f->queue[found++] = (uint16_t)start;
	for (size_t done = 0; done < found; done++)
		for (size_t j = 0; j < n; j++) {
			size_t i = f->queue[done];
			if (f->reached[j] || (won ? won_by(f, i, j) : won_by(f, j, i)) == 0)
				continue;
			f->reached[j] = true;
			f->queue[found++] = (uint16_t)j;
		}
	return found;
}

static bool fail_group(struct fit *f, const char *what)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	bool first = true;
	for (size_t i = 0; i < f->c->candidates; i++) {
		if (!f->reached[i])
			continue;
		text_add(&t, first ? "" : ", ");
		text_add_bytes(&t, f->c->profile->candidates[i].name);
		first = false;
	}
	return fail_detail(f->c->err, ERROR_REJECTED, what, ERROR_NOWHERE, room);
}

static bool check_connected(struct fit *f)
{
	struct counting *c = f->c;
	size_t start = 0;
	while (start < c->candidates && c->status[start] == COUNT_WITHDRAWN)
		start++;
	if (start == c->candidates)
		return true;
	if (reach(f, start, true) < c->standing)
		return fail_group(f, "count: these never won against any other candidate, so no strengths "
		                     "fit best; declare prior=1,among=all");
	if (reach(f, start, false) < c->standing)
		return fail_group(f, "count: these never lost against any other candidate, so no strengths "
		                     "fit best; declare prior=1,among=all");
	return true;
}

/* --- the iteration --- */

/* One round from strength to next; true when nothing moved. */
static bool improve(struct fit *f)
{
	struct counting *c = f->c;
	size_t n = c->candidates;
	units sum = 0;
	bool still = true;
	for (size_t i = 0; i < n; i++) {
		units expected = 0, si = f->strength[i];
		for (size_t j = 0; j < n; j++) {
			units compared = (units)won_by(f, i, j) + won_by(f, j, i);
			if (compared > 0)
				expected += units_share_up(compared * f->one, si, si + f->strength[j]);
		}
		f->next[i] = expected > 0 ? units_share(f->total[i] * f->one, si, expected) : 0;
		sum += f->next[i];
	}
	for (size_t i = 0; i < n; i++) {
		if (c->status[i] == COUNT_WITHDRAWN)
			continue;
		units s = units_share(f->next[i], (units)c->standing * f->one, sum);
		units moved = s > f->strength[i] ? s - f->strength[i] : f->strength[i] - s;
		still = still && moved <= f->strength[i] / CLOSE_ENOUGH + CLOSE_UNITS;
		f->strength[i] = s > 0 ? s : 1;
	}
	return still;
}

static bool iterate(struct fit *f, units *rounds)
{
	units most = ROUNDS_SURE + STEPS_MOST / (f->c->standing * f->c->standing);
	for (*rounds = 1; !improve(f); ++*rounds)
		if (*rounds == most)
			return fail(f->c->err, ERROR_LIMIT,
			            "count: the strengths do not settle; declare a higher prior",
			            (uint64_t)most);
	for (size_t i = 0; i < f->c->candidates; i++)
		if (f->c->status[i] != COUNT_WITHDRAWN && f->strength[i] < LEAST_STRENGTH)
			return fail(f->c->err, ERROR_LIMIT,
			            "count: a strength is below a millionth of the mean, too small to be "
			            "exact; declare a higher prior or among=all",
			            i);
	return true;
}

static bool start_fit(struct fit *f, struct counting *c)
{
	size_t n = c->candidates;
	*f = (struct fit){.c = c, .one = units_decimal(STRENGTH_DECIMALS).one};
	if (!(f->strength = counting_take(c, n, units)) || !(f->next = counting_take(c, n, units)) ||
	    !(f->total = counting_take(c, n, units)) || !(f->queue = counting_take(c, n, uint16_t)) ||
	    !(f->reached = counting_take(c, n, bool)) || !count_comparisons(&f->won, c))
		return false;
	for (size_t i = 0; i < n; i++)
		f->strength[i] = c->status[i] == COUNT_WITHDRAWN ? 0 : f->one;
	return add_prior(f);
}

static bool rounds_table(struct counting *c, units rounds)
{
	static const bytes row = {(const uint8_t *)"rounds", 6};
	struct count_table_shape shape = {.name = "iteration",
	                                  .what = "after how many rounds the strengths settled",
	                                  .rows = 1,
	                                  .columns = 1,
	                                  .row_names = &row,
	                                  .column_names = &row,
	                                  .form = units_decimal(0)};
	struct count_table *t = counting_table(c, &shape);
	if (t)
		t->cells[0] = rounds;
	return t != NULL;
}

static bool count_bradleyterry(struct counting *c)
{
	struct fit f;
	units rounds = 0, cut = units_decimal(STRENGTH_DECIMALS - SHOWN_DECIMALS).one;
	counting_use_form(c, units_decimal(SHOWN_DECIMALS));
	if (!start_fit(&f, c))
		return false;
	/* Without any comparison all strengths fit alike: everybody is level. */
	if (c->result->valid > 0 && (!check_connected(&f) || !iterate(&f, &rounds)))
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		c->tallies[i] = (f.strength[i] + cut / 2) / cut;
	return rounds_table(c, rounds) && finish(c, c->tallies);
}

static const char *const among_words[] = {"compared", "all", NULL};

static const struct count_option bradleyterry_options[] = {
	{"prior", "how many comparisons are added to a pair, so many won by each", COUNT_NUMBER, 0,
     1000, 0, NULL},
	{"among", "which pairs the prior is added to: those that somebody compared, or all", COUNT_WORD,
     0, 0, 0, among_words},
};

const struct count_method method_pairwise_bradleyterry = {
	.name = "pairwise-bradleyterry",
	.what = "comparisons; the strengths under which they are the likeliest",
	.source = "R. Bradley and M. Terry 1952; D. Hunter 2004",
	.ballot = PROFILE_PAIRS,
	.options = bradleyterry_options,
	.options_count = 2,
	.count = count_bradleyterry,
	.arena_bytes = pairs_bytes,
};
