/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bucklin: the Grand Junction plan of J. W. Bucklin (charter of Grand Junction, Colorado, 1909),
 * for one seat. quota = floor(valid / 2) + 1. In round r (stage r) a paper is a vote for each
 * candidate at its first r ranks. In the first round in which anybody has the quota the highest is
 * elected; if nobody has it and no paper has a further rank, or `ranks` are added, the highest is
 * elected without. Ties: the most recent earlier round at which they differed, then the lot.
 *
 * Withdrawn candidates are no rank: what follows moves up. Where the ballots have gaps, an empty,
 * an overvoted and a repeated rank are ranks without a vote. A paper is blank that names nobody who
 * stands. Votes are added, not moved: the tallies add up to more than the valid papers.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

/* The option. Its highest value bounds the stages, whatever a table has in a row. */
#define RANKS 0

static bool is_withdrawn(const struct profile *p, uint16_t choice)
{
	return choice < p->candidates_count && p->candidates[choice].withdrawn;
}

static size_t rounds_of(const struct count_rule *rule, const struct profile *p)
{
	size_t longest = 1;
	for (size_t i = 0; i < p->papers_count; i++) {
		size_t ranks = 0;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			ranks += !is_withdrawn(p, p->choices[j]);
		longest = ranks > longest ? ranks : longest;
	}
	return longest < (size_t)rule->values[RANKS] ? longest : (size_t)rule->values[RANKS];
}

/* Adds the votes of rank r, from 1; place[i] is where paper i's next rank stands. */
static void add_rank(struct counting *c, uint32_t *place)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		while (place[i] < p->starts[i + 1] && is_withdrawn(p, p->choices[place[i]]))
			place[i]++;
		if (place[i] == p->starts[i + 1])
			continue;
		uint16_t choice = p->choices[place[i]++];
		if (counting_is_standing(c, choice))
			c->tallies[choice] += p->counts[i];
	}
}

static void count_papers(struct counting *c, uint32_t *place)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool valid = false;
		place[i] = p->starts[i];
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			valid = valid || counting_is_standing(c, p->choices[j]);
		counting_count_paper(c, i, valid);
	}
	c->quota = (units)(c->result->valid / 2) + 1;
}

static bool bucklin_count(struct counting *c)
{
	uint32_t *place = counting_take(c, c->profile->papers_count + 1, uint32_t);
	size_t rounds = rounds_of(c->rule, c->profile);
	if (!place)
		return false;
	count_papers(c, place);
	for (size_t r = 1; c->result->elected_count == 0; r++) {
		c->next.action = r == 1 ? COUNT_FIRST : COUNT_ROUND;
		add_rank(c, place);
		counting_gather(c, COUNT_HOPEFUL);
		if (c->tied_count > 0)
			counting_narrow(c, c->tallies, true);
		bool quota = c->tied_count > 0 && c->tallies[c->tied[0]] >= c->quota;
		if (c->tied_count > 0 && (quota || r == rounds)) {
			uint16_t best;
			if (!counting_choose(c, COUNT_HOPEFUL, true, true, &best))
				return false;
			counting_elect(c, best, COUNT_ELECTED, !quota);
		}
		if (!counting_record(c))
			return false;
		if (r == rounds)
			break;
	}
	return counting_place(c, c->tallies) && counting_end(c);
}

static size_t bucklin_stages(const struct count_rule *rule, const struct profile *p)
{
	return rounds_of(rule, p) + 1;
}

static size_t bucklin_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return arena_room((p->papers_count + 1) * sizeof(uint32_t)) +
	       arena_room(p->candidates_count * sizeof(uint32_t));
}

static const struct count_option bucklin_options[] = {
	[RANKS] = {.name = "ranks",
               .what = "how many ranks are added at most",
               .type = COUNT_NUMBER,
               .min = 1,
               .max = LIMIT_ANSWERS,
               .otherwise = LIMIT_ANSWERS},
};

const struct count_method method_bucklin = {
	.name = "bucklin",
	.what = "rank after rank is added until somebody has a majority",
	.source = "the Grand Junction plan (J. W. Bucklin, 1909)",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.gaps = true,
	.staged = true,
	.options = bucklin_options,
	.options_count = sizeof bucklin_options / sizeof *bucklin_options,
	.check = counting_check_one_seat,
	.count = bucklin_count,
	.arena_bytes = bucklin_arena_bytes,
	.stages_most = bucklin_stages,
};
