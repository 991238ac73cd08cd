/* SPDX-License-Identifier: Apache-2.0 */
/*
 * borda: points that go down by one from place to place (J.-C. de Borda, Mémoire sur les élections
 * au scrutin, 1781). With n standing candidates the first of a paper has n - 1 points, or `points`
 * where that is said, the next one less, and nobody less than 0. Who is unranked has 0 points
 * (unranked=zero), or the mean of the places that are left (unranked=shared): (u - 1) / 2 for each
 * of u unranked, an exact half. shared is defined for n - 1 points only.
 *
 * borda-custom: the place i of a paper is worth the number i of `weights`; places behind the end of
 * the list are worth 0.
 *
 * borda-nauru: the place i (from 1) is worth 1 / i (Nauru's Dowdall system, Electoral Act 2016).
 * Exact: all points are counted in units of 1 / lcm(1, …, m) where m is the longest paper.
 *
 * One sum each, no rounding. The highest sums are elected; where more are level than seats are
 * left, by lot. A paper is counted as if the withdrawn were not on it: who comes behind moves up.
 *
 * Bounds: 2^57 ballots of at most 2^31 units each for borda and borda-custom. Nauru fails with
 * LIMIT when ballots · lcm has more than 126 bits: 48 ranks are always possible.
 */
#include "count/methods/methods.h"
#include "count/methods/positional.h"

#define POINTS_MAX 1000000000

enum { OPTION_POINTS, OPTION_UNRANKED };
enum { UNRANKED_ZERO, UNRANKED_SHARED };

static const char *const unranked_words[] = {"zero", "shared", NULL};

static const struct count_option borda_options[] = {
	[OPTION_POINTS] = {.name = "points",
                       .what = "points of the first place; else one less than candidates stand",
                       .type = COUNT_NUMBER,
                       .min = 1,
                       .max = POINTS_MAX},
	[OPTION_UNRANKED] = {.name = "unranked",
                         .what = "the unranked have no points, or share those that are left",
                         .type = COUNT_WORD,
                         .words = unranked_words},
};

static bool borda_check(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	(void)p;
	if (rule->values[OPTION_POINTS] == 0 || rule->values[OPTION_UNRANKED] == UNRANKED_ZERO)
		return true;
	return fail(err, ERROR_REJECTED,
	            "count: the unranked can share only the points of the usual scale; leave out "
	            "points= or unranked=shared",
	            ERROR_NOWHERE);
}

static bool borda_count(struct counting *c)
{
	struct positional s;
	if (!positional_init(&s, c))
		return false;
	units first = c->rule->values[OPTION_POINTS];
	s.shared = c->rule->values[OPTION_UNRANKED] == UNRANKED_SHARED;
	if (first == 0)
		first = (units)c->standing - (c->standing > 0);
	if (s.shared)
		s.form = units_fraction(2);
	for (size_t i = 0; i < s.places; i++)
		s.worth[i] = (units)i < first ? (first - (units)i) * s.form.one : 0;
	return positional_count(c, &s);
}

const struct count_method method_borda = {
	.name = "borda",
	.what = "points by place, one less from place to place; the highest sums are elected",
	.source = "Borda 1781; Agora Voting's borda",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.options = borda_options,
	.options_count = sizeof borda_options / sizeof *borda_options,
	.check = borda_check,
	.count = borda_count,
	.arena_bytes = positional_arena_bytes,
};

/* --- borda-custom --- */

static const struct count_option custom_options[] = {
	{.name = "weights",
     .what = "points of the first place, the second, …: 9/7/5; behind the last: 0",
     .type = COUNT_NUMBERS,
     .max = POINTS_MAX},
};

static bool custom_check(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	(void)p;
	return rule->list_count > 0 ||
	       fail(err, ERROR_REJECTED,
	            "count: say what the places are worth: borda-custom:weights=9/7/5", ERROR_NOWHERE);
}

static bool custom_count(struct counting *c)
{
	struct positional s;
	if (!positional_init(&s, c))
		return false;
	for (size_t i = 0; i < s.places && i < c->rule->list_count; i++)
		s.worth[i] = c->rule->list[i];
	return positional_count(c, &s);
}

const struct count_method method_borda_custom = {
	.name = "borda-custom",
	.what = "points by place as a list says; the highest sums are elected",
	.source = "Agora Voting's borda-custom; positional voting with any weights",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.options = custom_options,
	.options_count = sizeof custom_options / sizeof *custom_options,
	.check = custom_check,
	.count = custom_count,
	.arena_bytes = positional_arena_bytes,
};

/* --- borda-nauru --- */

/* lcm(1, …, places), if so many units for each ballot can be added up; else 0. */
static units common_denominator(size_t places, uint64_t ballots)
{
	const units most = ((units)1 << 126) / (ballots > 0 ? ballots : 1);
	units lcm = 1;
	for (size_t i = 2; i <= places; i++) {
		units factor = (units)i / units_gcd(lcm, (units)i);
		if (factor > most / lcm)
			return 0;
		lcm *= factor;
	}
	return lcm;
}

static bool nauru_count(struct counting *c)
{
	struct positional s;
	if (!positional_init(&s, c))
		return false;
	units one = common_denominator(s.places, c->profile->ballots_count);
	if (one == 0)
		return counting_fail_large(c);
	s.form = units_fraction(one);
	for (size_t i = 0; i < s.places; i++)
		s.worth[i] = one / (units)(i + 1);
	return positional_count(c, &s);
}

const struct count_method method_borda_nauru = {
	.name = "borda-nauru",
	.what = "the first place is worth 1, the second 1/2, the third 1/3, …: exact fractions",
	.source = "Nauru's Electoral Act 2016 (Dowdall system); Agora Voting's borda-nauru",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.ranks_most = 48,
	.count = nauru_count,
	.arena_bytes = positional_arena_bytes,
};
