/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cumulative: a ballot gives candidates points, several to one if it likes; the highest sums are
 * elected, level ones at the last seat by lot. Marks are one point each. A ballot that gives nobody
 * who stands a point is blank.
 *
 * What a ballot may give is the question's affair, but where it is said here, nothing else is
 * counted: `checkboxes` is the most points for one candidate (Agora Voting's
 * cumulative_number_of_checkboxes), `points` the most on one ballot, the withdrawn's included. A
 * ballot with more is REJECTED by its number.
 *
 * Bounds: 2^57 ballots of less than 2^32 points for each candidate.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

enum { OPTION_CHECKBOXES, OPTION_POINTS };

static const struct count_option options[] = {
	[OPTION_CHECKBOXES] = {.name = "checkboxes",
                           .what = "the most points one candidate can have from a ballot",
                           .type = COUNT_NUMBER,
                           .min = 1,
                           .max = 1000000000},
	[OPTION_POINTS] = {.name = "points",
                       .what = "the most points a ballot can give",
                       .type = COUNT_NUMBER,
                       .min = 1,
                       .max = 1000000000},
};

static uint32_t points_of(const struct profile *p, uint32_t choice)
{
	return p->kind == PROFILE_SCORES ? p->values[choice] : 1;
}

static bool within(int64_t most, uint64_t v)
{
	return most == 0 || v <= (uint64_t)most;
}

static bool cumulative_check(const struct count_rule *rule, const struct profile *p,
                             struct error *err)
{
	for (size_t i = 0; i < p->papers_count; i++) {
		uint64_t sum = 0;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
			sum += points_of(p, j);
			if (within(rule->values[OPTION_CHECKBOXES], points_of(p, j)))
				continue;
			fail(err, ERROR_REJECTED,
			     "count: a ballot gives a candidate more points than checkboxes= says", i + 1);
			return fail_within_index(err, "paper", i + 1);
		}
		if (within(rule->values[OPTION_POINTS], sum))
			continue;
		fail(err, ERROR_REJECTED, "count: a ballot gives more points than points= says", i + 1);
		return fail_within_index(err, "paper", i + 1);
	}
	return true;
}

static bool cumulative_count(struct counting *c)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (counting_is_standing(c, p->choices[j]) && points_of(p, j) > 0) {
				c->tallies[p->choices[j]] += (units)p->counts[i] * points_of(p, j);
				any = true;
			}
		counting_count_paper(c, i, any);
	}
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

static size_t cumulative_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	return arena_room(p->candidates_count * sizeof(uint32_t));
}

const struct count_method method_cumulative = {
	.name = "cumulative",
	.what = "a ballot spreads points over candidates; the highest sums are elected",
	.source = "cumulative voting; Agora Voting's cumulative",
	.ballot = PROFILE_SCORES,
	.twice = true,
	.also = 1u << PROFILE_MARKS,
	.options = options,
	.options_count = sizeof options / sizeof *options,
	.check = cumulative_check,
	.count = cumulative_count,
	.arena_bytes = cumulative_arena_bytes,
};
