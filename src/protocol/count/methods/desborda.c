/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The points of the Desborda family (P. Echenique, DesBorda, 2016; Agora Voting's desborda,
 * desborda2 and desborda3): points that go down by one from place to place, and nobody who is
 * ranked has less than 1.
 *
 *   desborda              the first place has 80
 *   desborda2, desborda3  the first place has floor(13 · max / 10), where `max` is how many
 *                         candidates a ballot may rank; else all candidates, the withdrawn too
 *
 * One sum each, no rounding but that floor. The highest sums are elected; where more are level than
 * seats are left, by lot. A paper is counted as if the withdrawn were not on it. Who gets the seats
 * by teams and by parity is another step: seats/seats.h.
 *
 * Bounds: 2^57 ballots of at most 2^30 points.
 */
#include "count/methods/methods.h"
#include "count/methods/positional.h"

#define FIRST_OF_DESBORDA 80
#define MAX_MAX 100000

static bool count_down_to_one(struct counting *c, units first)
{
	struct positional s;
	if (!positional_init(&s, c))
		return false;
	for (size_t i = 0; i < s.places; i++)
		s.worth[i] = first - (units)i > 1 ? first - (units)i : 1;
	return positional_count(c, &s);
}

static bool desborda_count(struct counting *c)
{
	return count_down_to_one(c, FIRST_OF_DESBORDA);
}

const struct count_method method_desborda = {
	.name = "desborda",
	.what = "80 points for the first place, one less from place to place, at least 1",
	.source = "Echenique, DesBorda, 2016; Agora Voting's desborda",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.count = desborda_count,
	.arena_bytes = positional_arena_bytes,
};

static const struct count_option options[] = {
	{.name = "max",
     .what = "how many a ballot may rank: the first place has 1.3 times that; else all candidates",
     .type = COUNT_NUMBER,
     .min = 1,
     .max = MAX_MAX},
};

static bool desborda2_count(struct counting *c)
{
	units max = c->rule->values[0] > 0 ? c->rule->values[0] : (units)c->candidates;
	return count_down_to_one(c, 13 * max / 10);
}

const struct count_method method_desborda2 = {
	.name = "desborda2",
	.what = "1.3 · max points for the first place, one less from place to place, at least 1",
	.source = "Agora Voting's desborda2",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.options = options,
	.options_count = 1,
	.count = desborda2_count,
	.arena_bytes = positional_arena_bytes,
};

const struct count_method method_desborda3 = {
	.name = "desborda3",
	.what = "the points of desborda2; its seats know parity only",
	.source = "Agora Voting's desborda3",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.options = options,
	.options_count = 1,
	.count = desborda2_count,
	.arena_bytes = positional_arena_bytes,
};
