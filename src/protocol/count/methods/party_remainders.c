/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Largest remainders: as many seats as whole quotas, the others for the largest remainders.
 */
#include "count/methods/party_internal.h"

struct quota {
	units votes, seats; /* that the last round shared out */
	units quota;        /* in units of 1/one vote */
	units one;          /* hamilton: the seats, so that the quota votes/seats is exact; droop: 1 */
	uint32_t round;
};

static bool shares(const struct party *p, size_t list, uint32_t round)
{
	return p->lists[list].takes_part && p->lists[list].round == round;
}

static struct quota make_quota(const struct party *p, uint32_t round, uint32_t seats)
{
	struct quota q = {.seats = seats, .one = 1, .round = round};
	for (size_t i = 0; i < p->lists_count; i++)
		q.votes += shares(p, i, round) ? p->lists[i].votes : 0;
	if (p->method == PARTY_HAMILTON && seats > 0) {
		q.one = seats;
		q.quota = q.votes;
	} else {
		q.quota = q.votes / (q.seats + 1) + 1;
	}
	return q;
}

/*
 * Whole quotas of each list. Lists with more of them than candidates are settled at what they can
 * fill, and the other lists share the other seats anew, until none is.
 */
static struct quota share_out(struct party *p)
{
	uint32_t seats = p->left;
	for (size_t i = 0; i < p->lists_count; i++)
		p->lists[i].round = p->lists[i].takes_part;
	for (uint32_t round = 1;; round++) {
		struct quota q = make_quota(p, round, seats);
		bool settled = false;
		for (size_t i = 0; i < p->lists_count && q.votes > 0; i++) {
			struct party_list *l = &p->lists[i];
			if (!shares(p, i, round))
				continue;
			/* At most all seats: a list has at most all votes. */
			l->whole = (uint32_t)(l->votes * q.one / q.quota);
			l->remainder = l->votes * q.one % q.quota;
			settled = settled || l->whole > l->room;
		}
		if (!settled)
			return q;
		for (size_t i = 0; i < p->lists_count; i++) {
			struct party_list *l = &p->lists[i];
			if (!shares(p, i, round))
				continue;
			if (l->whole > l->room) {
				l->whole = l->room;
				l->remainder = 0;
				seats -= l->room;
			} else {
				l->round++;
			}
		}
	}
}

static int compare_votes(const struct party *p, size_t a, size_t b)
{
	units x = p->lists[a].votes, y = p->lists[b].votes;
	return (x > y) - (x < y);
}

static int compare_remainders(const struct party *p, size_t a, size_t b)
{
	units x = p->lists[a].remainder, y = p->lists[b].remainder;
	return (x > y) - (x < y);
}

/* The lists into p->group that are not done and (whole) have whole quotas or (else) room. */
static bool gather(struct party *p, bool whole)
{
	p->group_count = 0;
	for (size_t i = 0; i < p->lists_count; i++) {
		const struct party_list *l = &p->lists[i];
		if (l->takes_part && !l->done && (whole ? l->whole > 0 : l->seats < l->room))
			p->group[p->group_count++] = (uint16_t)i;
	}
	return p->group_count > 0;
}

static void begin(struct party *p)
{
	for (size_t i = 0; i < p->lists_count; i++)
		p->lists[i].done = false;
}

static bool seat(struct party *p, bool whole)
{
	for (size_t i = 0; i < p->group_count; i++)
		p->lists[p->group[i]].done = true;
	return party_seat(p, whole);
}

bool party_award_remainders(struct party *p)
{
	(void)share_out(p);
	begin(p);
	while (gather(p, true))
		if (!party_choose(p, compare_votes) || !seat(p, true))
			return false;
	begin(p);
	while (p->left > 0) {
		if (!gather(p, false)) {
			/* Everybody with room had a seat for the remainder: from the top once more. */
			begin(p);
			if (!gather(p, false))
				break;
		}
		if (!party_choose(p, compare_remainders) || !seat(p, false))
			return false;
	}
	return true;
}

/* --- the table --- */

bool party_table_remainders(struct party *p, const bytes *names)
{
	enum { VOTES, QUOTA, WHOLE, REMAINDER, ROUND, COLUMNS };
	static const char *const words[COLUMNS] = {"votes", "quota", "whole quotas", "remainder",
	                                           "round"};
	p->left = p->c->profile->seats;
	struct quota q = share_out(p);
	bytes *heads = counting_take(p->c, COLUMNS, bytes);
	if (!heads)
		return false;
	for (size_t j = 0; j < COLUMNS; j++)
		heads[j] = bytes_of_text(words[j]);
	struct count_table *t = counting_table(
		p->c, &(struct count_table_shape){.name = "remainders",
	                                      .what = "Whole quotas and remainders, and the round that "
	                                              "settled them",
	                                      .rows = p->lists_count,
	                                      .columns = COLUMNS,
	                                      .row_names = names,
	                                      .column_names = heads,
	                                      .form = units_fraction(q.one)});
	if (!t)
		return false;
	for (size_t i = 0; i < p->lists_count; i++) {
		const struct party_list *l = &p->lists[i];
		units *row = &t->cells[i * COLUMNS];
		row[VOTES] = l->votes * q.one;
		if (!l->takes_part)
			continue;
		row[QUOTA] = l->round == q.round ? q.quota : 0;
		row[WHOLE] = l->whole * q.one;
		row[REMAINDER] = l->remainder;
		row[ROUND] = l->round * q.one;
	}
	return true;
}
