/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schulze, minimax, copeland: orders made from comparisons of candidates two by two. i beats j when
 * more ballots prefer i to j than j to i; strength is the ballots for i (winning) or those less the
 * ballots for j (margins). docs/counting/condorcet.md defines them to the last tie.
 *
 * schulze (M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and
 *   condorcet-consistent single-winner election method", 2011; Debian's constitution, A.5): a path
 *   from i to j is as strong as its weakest victory; i stands above j when the strongest path from
 *   i to j is stronger than any from j to i. Strengths are compared as numbers alone.
 * minimax (P. Simpson 1969, G. Kramer 1977): the one whose worst defeat is the smallest.
 * copeland (A. Copeland 1951): a point for every victory, half a point for every draw.
 *
 * One stage and the end. Level candidates share a place; where they are level at the last seat, the
 * lot decides. Several seats go down the order.
 */
#include "count/methods/methods.h"
#include "count/methods/pairwise.h"

#define PREFER "how many ballots prefer the row to the column"

static const char *const strength_words[] = {"winning", "margins", NULL};
static const char *const defeat_words[] = {"winning", "margins", "opposition", NULL};
static const char *const draw_words[] = {"half", "none", NULL};

static bool compare(struct pairwise *w, struct counting *c)
{
	return pairwise_count(w, c, c->rule->values[0] == 0) &&
	       pairwise_table(c, w, "pairwise", PREFER);
}

static size_t two_tables_bytes(const struct count_rule *rule, const struct profile *p)
{
	return 2 * (pairwise_bytes(p) + pairwise_table_bytes(p)) +
	       arena_room(p->candidates_count * sizeof(uint32_t));
}

/* --- schulze --- */

/* paths: the strength of the strongest path, from that of the victories (Floyd and Warshall). */
static void widen_paths(struct pairwise *paths)
{
	size_t n = paths->n;
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < n; i++) {
			uint64_t to_k = paths->votes[i * n + k], *from_i = &paths->votes[i * n];
			const uint64_t *from_k = &paths->votes[k * n];
			if (to_k == 0 || i == k)
				continue;
			for (size_t j = 0; j < n; j++) {
				uint64_t by_k = to_k < from_k[j] ? to_k : from_k[j];
				from_i[j] = by_k > from_i[j] ? by_k : from_i[j];
			}
		}
	for (size_t i = 0; i < n; i++)
		paths->votes[i * n + i] = 0;
}

/* Turns strengths into "row stands above column". */
static void keep_the_stronger(struct pairwise *paths)
{
	size_t n = paths->n;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			uint64_t *ij = &paths->votes[i * n + j], *ji = &paths->votes[j * n + i];
			bool i_above = *ij > *ji, j_above = *ji > *ij;
			*ij = i_above;
			*ji = j_above;
		}
}

static bool count_schulze(struct counting *c)
{
	struct pairwise w, paths;
	if (!compare(&w, c) || !pairwise_new(&paths, c))
		return false;
	for (size_t i = 0; i < w.n; i++)
		for (size_t j = 0; j < w.n; j++)
			paths.votes[i * w.n + j] =
				pairwise_strength(&w, i, j, (enum pairwise_strength)c->rule->values[1]);
	widen_paths(&paths);
	if (!pairwise_table(c, &paths, "strengths",
	                    "the strongest path of victories from the row to the column"))
		return false;
	keep_the_stronger(&paths);
	return pairwise_seat_least_beaten(c, &paths);
}

static const struct count_option schulze_options[] = {
	PAIRWISE_UNRANKED,
	{"strength", "of a victory: the ballots for the winner, or those less the ballots against",
     COUNT_WORD, 0, 0, 0, strength_words},
};

const struct count_method method_schulze = {
	.name = "schulze",
	.what = "who is above another by the stronger path of pairwise victories",
	.source = "M. Schulze 2011; Debian constitution, A.5",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.also = 1u << PROFILE_RANKS,
	.options = schulze_options,
	.options_count = 2,
	.count = count_schulze,
	.arena_bytes = two_tables_bytes,
};

/* --- minimax --- */

enum { OPPOSITION = 2 };

static uint64_t worst_defeat(const struct pairwise *w, size_t i, int64_t how)
{
	uint64_t worst = 0;
	for (size_t j = 0; j < w->n; j++) {
		uint64_t by_j = how == OPPOSITION ? w->votes[j * w->n + i]
		                                  : pairwise_strength(w, j, i, (enum pairwise_strength)how);
		worst = by_j > worst ? by_j : worst;
	}
	return worst;
}

static bool count_minimax(struct counting *c)
{
	static const bytes column = {(const uint8_t *)"worst defeat", 12};
	struct pairwise w;
	struct count_table_shape shape = {.name = "defeats",
	                                  .what = "the worst defeat of each candidate",
	                                  .rows = c->candidates,
	                                  .columns = 1,
	                                  .column_names = &column,
	                                  .form = units_decimal(0)};
	if (!compare(&w, c))
		return false;
	struct count_table *defeats = counting_table(c, &shape);
	if (!defeats)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		if (c->status[i] == COUNT_WITHDRAWN)
			continue;
		defeats->cells[i] = worst_defeat(&w, i, c->rule->values[1]);
		c->tallies[i] = (units)c->result->valid - defeats->cells[i];
	}
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

static const struct count_option minimax_options[] = {
	PAIRWISE_UNRANKED,
	{"strength", "of a defeat; opposition: the ballots for another, even where that is no defeat",
     COUNT_WORD, 0, 0, 0, defeat_words},
};

const struct count_method method_minimax = {
	.name = "minimax",
	.what = "the candidate whose worst pairwise defeat is the smallest",
	.source = "P. Simpson 1969; G. Kramer 1977",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.also = 1u << PROFILE_RANKS,
	.options = minimax_options,
	.options_count = 2,
	.count = count_minimax,
	.arena_bytes = two_tables_bytes,
};

/* --- copeland --- */

static bool count_copeland(struct counting *c)
{
	struct pairwise w;
	bool half = c->rule->values[1] == 0;
	counting_use_form(c, units_fraction(2));
	if (!compare(&w, c))
		return false;
	for (size_t i = 0; i < w.n; i++)
		for (size_t j = 0; j < w.n; j++) {
			if (i == j || c->status[i] == COUNT_WITHDRAWN || c->status[j] == COUNT_WITHDRAWN)
				continue;
			uint64_t for_i = w.votes[i * w.n + j], for_j = w.votes[j * w.n + i];
			c->tallies[i] += for_i > for_j ? 2 : for_i == for_j ? half : 0;
		}
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

static const struct count_option copeland_options[] = {
	PAIRWISE_UNRANKED,
	{"draws", "what a draw is worth: half a victory, or nothing", COUNT_WORD, 0, 0, 0, draw_words},
};

const struct count_method method_copeland = {
	.name = "copeland",
	.what = "the candidate who wins the most pairwise comparisons",
	.source = "A. Copeland 1951",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.also = 1u << PROFILE_RANKS,
	.options = copeland_options,
	.options_count = 2,
	.count = count_copeland,
	.arena_bytes = two_tables_bytes,
};
