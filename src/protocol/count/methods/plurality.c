/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plurality-at-large: every mark is one vote for its candidate; the highest are elected. One stage,
 * then the end. approval (Brams and Fishburn 1978) is the same count of ballots that may mark
 * everybody they approve of.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

static bool count_marks(struct counting *c)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (counting_is_standing(c, p->choices[j])) {
				c->tallies[p->choices[j]] += p->counts[i];
				any = true;
			}
		counting_count_paper(c, i, any);
	}
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_seat_highest(c, NULL);
}

const struct count_method method_plurality_at_large = {
	.name = "plurality-at-large",
	.what = "every mark is a vote; the candidates with the most votes are elected",
	.source = "Agora Voting's plurality-at-large; approval voting is the same sum",
	.ballot = PROFILE_MARKS,
	.also = 1u << PROFILE_RANKING,
	.twice = true,
	.count = count_marks,
};

const struct count_method method_approval = {
	.name = "approval",
	.what = "voters mark all they approve of; the candidates with the most marks are elected",
	.source = "Brams and Fishburn, Approval Voting, 1978",
	.ballot = PROFILE_MARKS,
	.twice = true,
	.also = 1u << PROFILE_RANKING,
	.count = count_marks,
};
