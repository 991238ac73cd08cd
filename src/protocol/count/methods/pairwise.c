/* SPDX-License-Identifier: Apache-2.0 */
#include "count/methods/pairwise.h"

const char *const pairwise_unranked_words[] = {"last", "none", NULL};

bool pairwise_new(struct pairwise *out, struct counting *c)
{
	out->n = c->candidates;
	out->votes = counting_take(c, out->n * out->n, uint64_t);
	return out->votes != NULL;
}

size_t pairwise_bytes(const struct profile *p)
{
	size_t n = p->candidates_count;
	return arena_room(n * n * sizeof(uint64_t)) + arena_room(n * sizeof(uint64_t));
}

size_t pairwise_table_bytes(const struct profile *p)
{
	size_t n = p->candidates_count;
	return arena_room(n * n * sizeof(units)) + arena_room(n * sizeof(bytes));
}

/* --- counting --- */

/* Smaller is better. */
static uint64_t rank_of(const struct profile *p, uint32_t choice)
{
	if (p->kind == PROFILE_RANKS)
		return p->values[choice];
	if (p->kind == PROFILE_SCORES)
		return UINT32_MAX - (uint64_t)p->values[choice];
	return choice;
}

static bool is_ranked(const struct counting *c, uint32_t choice)
{
	const struct profile *p = c->profile;
	return counting_is_standing(c, p->choices[choice]) &&
	       (p->kind != PROFILE_SCORES || p->values[choice] > 0);
}

/*
 * With unranked_last a ballot prefers i to j when it ranks i and does not rank j as well or better.
 * So only pairs that it ranks are looked at: votes(j, i) takes up the ballots that rank j at least
 * as high as i, and in the end what prefers i to j is ranked(i) - votes(j, i).
 */
static void count_pairs(struct pairwise *w, const struct counting *c, size_t paper, bool level_too)
{
	const struct profile *p = c->profile;
	uint32_t end = p->starts[paper + 1];
	for (uint32_t a = p->starts[paper]; a < end; a++) {
		if (!is_ranked(c, a))
			continue;
		for (uint32_t b = a + 1; b < end; b++) {
			if (!is_ranked(c, b))
				continue;
			uint64_t i = p->choices[a], j = p->choices[b];
			uint64_t ri = rank_of(p, a), rj = rank_of(p, b);
			if (ri < rj || (level_too && ri == rj))
				w->votes[i * w->n + j] += p->counts[paper];
			if (rj < ri || (level_too && ri == rj))
				w->votes[j * w->n + i] += p->counts[paper];
		}
	}
}

static void turn_around(struct pairwise *w, const struct counting *c, const uint64_t *ranked)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < i; j++) {
			uint64_t *ij = &w->votes[i * w->n + j], *ji = &w->votes[j * w->n + i];
			uint64_t i_first = ranked[i] - *ji, j_first = ranked[j] - *ij;
			bool both = c->status[i] != COUNT_WITHDRAWN && c->status[j] != COUNT_WITHDRAWN;
			*ij = both ? i_first : 0;
			*ji = both ? j_first : 0;
		}
}

bool pairwise_count(struct pairwise *out, struct counting *c, bool unranked_last)
{
	const struct profile *p = c->profile;
	uint64_t *ranked = counting_take(c, c->candidates, uint64_t);
	if (!ranked || !pairwise_new(out, c))
		return false;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++) {
			any = any || counting_is_standing(c, p->choices[j]);
			if (is_ranked(c, j))
				ranked[p->choices[j]] += p->counts[i];
		}
		counting_count_paper(c, i, any);
		count_pairs(out, c, i, unranked_last);
	}
	if (unranked_last)
		turn_around(out, c, ranked);
	return true;
}

uint64_t pairwise_strength(const struct pairwise *p, size_t i, size_t j, enum pairwise_strength how)
{
	uint64_t for_i = p->votes[i * p->n + j], for_j = p->votes[j * p->n + i];
	if (for_i <= for_j)
		return 0;
	return how == PAIRWISE_MARGINS ? for_i - for_j : for_i;
}

/* --- results --- */

bool pairwise_table(struct counting *c, const struct pairwise *p, const char *name,
                    const char *what)
{
	struct count_table_shape shape = {
		.name = name, .what = what, .rows = p->n, .columns = p->n, .form = units_decimal(0)};
	struct count_table *t = counting_table(c, &shape);
	for (size_t i = 0; t && i < p->n * p->n; i++)
		t->cells[i] = p->votes[i];
	return t != NULL;
}

bool pairwise_seat_least_beaten(struct counting *c, const struct pairwise *beats)
{
	for (size_t j = 0; j < beats->n; j++) {
		if (c->status[j] == COUNT_WITHDRAWN)
			continue;
		c->tallies[j] = (units)c->standing - 1;
		for (size_t i = 0; i < beats->n; i++)
			c->tallies[j] -= beats->votes[i * beats->n + j] > 0;
	}
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}
