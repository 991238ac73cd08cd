/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coombs: C. H. Coombs, A Theory of Data (1964), for one seat. Like instant runoff, but excluded is
 * who is last on the most ballots. A paper is with its first continuing candidate; at every stage
 * quota = floor(active / 2) + 1, where active are the votes of continuing candidates; who has it is
 * elected (stop=one: nobody is before one continues alone). A candidate who continues alone is
 * elected. Otherwise the one with the most papers against them is excluded. A paper is against
 *   its last continuing candidate, if it ranks all of them;
 *   else, unranked=last: each continuing candidate it does not rank; unranked=none: nobody.
 * Papers that rank no continuing candidate are treated likewise. Ties: the fewest votes (tie
 * "rule"), then the lot.
 *
 * Every stage reads all papers once.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

enum option {
	STOP,
	UNRANKED,
};

struct coombs {
	struct counting *c;
	const int64_t *options;
	units *against;             /* now */
	units *merit;               /* of candidate: more is a better place */
	struct count_table *by_row; /* of every stage, what `against` was */
};

static bool coombs_init(struct coombs *s, struct counting *c)
{
	*s = (struct coombs){.c = c, .options = c->rule->values};
	const bytes *rows = counting_numbers(c, c->stages_room);
	if (!rows || !(s->against = counting_take(c, c->candidates, units)) ||
	    !(s->merit = counting_take(c, c->candidates, units)))
		return false;
	s->by_row = counting_table(
		c, &(struct count_table_shape){.name = "against",
	                                   .what = "How many ballots have each candidate last",
	                                   .rows = c->stages_room,
	                                   .columns = c->candidates,
	                                   .row_names = rows,
	                                   .form = c->result->form});
	if (s->by_row)
		s->by_row->rows = 0;
	return s->by_row != NULL;
}

/* Tallies, nontransferable and `against` anew; the papers are those counted valid at first. */
static void add_up(struct coombs *s, bool first)
{
	struct counting *c = s->c;
	const struct profile *p = c->profile;
	size_t hopeful = counting_with(c, COUNT_HOPEFUL);
	units incomplete = 0;
	memset(s->against, 0, c->candidates * sizeof *s->against);
	memset(c->tallies, 0, c->candidates * sizeof *c->tallies);
	c->nontransferable = 0;
	for (size_t i = 0; i < p->papers_count; i++) {
		size_t ranked = 0, best = 0, last = 0;
		bool valid = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
			valid = valid || counting_is_standing(c, p->choices[j]);
			if (c->status[p->choices[j]] != COUNT_HOPEFUL)
				continue;
			last = p->choices[j];
			best = ranked++ ? best : last;
		}
		if (first)
			counting_count_paper(c, i, valid);
		if (!valid)
			continue;
		if (ranked > 0)
			c->tallies[best] += p->counts[i];
		else
			c->nontransferable += p->counts[i];
		if (ranked == hopeful) {
			s->against[last] += p->counts[i];
			continue;
		}
		/* Against all, except those whom it ranks. */
		incomplete += p->counts[i];
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			s->against[p->choices[j]] -= s->options[UNRANKED] ? 0 : p->counts[i];
	}
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] != COUNT_HOPEFUL)
			s->against[i] = 0;
		else if (!s->options[UNRANKED])
			s->against[i] += incomplete;
}

static void elect(struct coombs *s)
{
	struct counting *c = s->c;
	c->quota = ((units)c->result->valid - c->nontransferable) / 2 + 1;
	counting_gather(c, COUNT_HOPEFUL);
	size_t hopeful = c->tied_count;
	if (hopeful == 0 || (s->options[STOP] && hopeful > 1))
		return;
	counting_narrow(c, c->tallies, true);
	bool quota = c->tallies[c->tied[0]] >= c->quota;
	if (quota || hopeful == 1)
		counting_elect(c, c->tied[0], COUNT_ELECTED, !quota);
}

static bool exclude(struct coombs *s)
{
	struct counting *c = s->c;
	uint16_t candidate;
	counting_gather(c, COUNT_HOPEFUL);
	counting_narrow(c, s->against, true);
	if (c->tied_count > 1) {
		if (!counting_note_tie(c, COUNT_TIE_BY_RULE))
			return false;
		counting_narrow(c, c->tallies, false);
	}
	if (!counting_draw(c, &candidate))
		return false;
	c->status[candidate] = COUNT_DEFEATED;
	c->next.action = COUNT_EXCLUSION;
	c->next.amount = c->tallies[candidate];
	counting_about(c, candidate);
	s->merit[candidate] = (units)c->result->stages_count << 64;
	return true;
}

static bool record(struct coombs *s)
{
	struct counting *c = s->c;
	memcpy(s->by_row->cells + s->by_row->rows * c->candidates, s->against,
	       c->candidates * sizeof *s->against);
	s->by_row->rows++;
	return counting_record(c);
}

static bool place(struct coombs *s)
{
	struct counting *c = s->c;
	units end = c->result->stages_count;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] == COUNT_HOPEFUL)
			s->merit[i] = (end << 64) + c->tallies[i];
		else if (c->status[i] == COUNT_ELECTED)
			s->merit[i] = (end + 1) << 64;
	return counting_place(c, s->merit);
}

static bool coombs_count(struct counting *c)
{
	struct coombs s;
	if (!coombs_init(&s, c))
		return false;
	add_up(&s, true);
	c->next.action = COUNT_FIRST;
	for (;;) {
		elect(&s);
		if (!record(&s))
			return false;
		if (c->result->elected_count > 0 || counting_with(c, COUNT_HOPEFUL) == 0)
			break;
		if (!exclude(&s))
			return false;
		add_up(&s, false);
	}
	return place(&s) && counting_end(c);
}

static size_t coombs_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	size_t n = p->candidates_count;
	return counting_numbers_bytes(n + 2) + 2 * arena_room(n * sizeof(units)) +
	       arena_room(n * sizeof(bytes)) + arena_room((n + 2) * n * sizeof(units)) +
	       arena_room(n * sizeof(uint32_t));
}

static const char *const stop_words[] = {"majority", "one", NULL};
static const char *const unranked_words[] = {"last", "none", NULL};

static const struct count_option coombs_options[] = {
	[STOP] = {.name = "stop",
              .what = "elect at a majority, or exclude until one candidate is left",
              .type = COUNT_WORD,
              .words = stop_words},
	[UNRANKED] = {.name = "unranked",
                  .what = "a ballot has those last whom it does not rank, or is against nobody",
                  .type = COUNT_WORD,
                  .words = unranked_words},
};

const struct count_method method_coombs = {
	.name = "coombs",
	.what = "the candidate whom most ballots have last is excluded until one has a majority",
	.source = "C. H. Coombs, A Theory of Data (1964)",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.staged = true,
	.conserves = true,
	.options = coombs_options,
	.options_count = sizeof coombs_options / sizeof *coombs_options,
	.check = counting_check_one_seat,
	.count = coombs_count,
	.arena_bytes = coombs_arena_bytes,
};
