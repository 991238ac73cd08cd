/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranked-pairs (T. N. Tideman, "Independence of clones as a criterion for voting rules", 1987; ties
 * as T. Zavist and Tideman 1989 have them, with a declared lot for the drawn ballot): the pairwise
 * victories are locked one after another, the strongest first, each unless those locked before lead
 * from its loser to its winner. The locked victories, and what follows from them, are the order.
 *
 * Victories of equal strength are a group. If all of a group that are not refused by stronger ones
 * can be locked without a cycle, their order means nothing. Victories on a cycle of the group and
 * what is locked are disputed: these need the lot. Among equals the victory whose winner comes
 * first in the lot goes first; those of one winner cannot refuse each other, so their order means
 * nothing.
 *
 * "Leads to" is kept as a set of bits for each candidate and extended with each locked victory.
 * Cost: n^2 log n to sort; at most n^3 / 64 words for each victory that leads somewhere new.
 */
#include "count/methods/methods.h"
#include "count/methods/pairwise.h"

struct victory {
	uint64_t strength;
	uint16_t winner, loser;
};

struct ranking {
	struct counting *c;
	struct pairwise pairs, locked;
	struct victory *victories;
	size_t count;
	size_t words;
	uint64_t *leads, *trial; /* of candidate: whom the locked victories lead to */
	bool *disputed;          /* candidates of victories that only the lot puts in order */
};

/* --- what leads where --- */

static bool leads_to(const struct ranking *r, const uint64_t *leads, size_t from, size_t to)
{
	return leads[from * r->words + to / 64] >> (to % 64) & 1;
}

static void lead(const struct ranking *r, uint64_t *leads, size_t from, size_t to)
{
	if (leads_to(r, leads, from, to))
		return;
	for (size_t i = 0; i < r->c->candidates; i++) {
		if (i != from && !leads_to(r, leads, i, from))
			continue;
		for (size_t w = 0; w < r->words; w++)
			leads[i * r->words + w] |= leads[to * r->words + w];
		leads[i * r->words + to / 64] |= (uint64_t)1 << (to % 64);
	}
}

/* --- the order of the victories --- */

static bool goes_before(const struct counting *c, struct victory a, struct victory b)
{
	if (a.strength != b.strength)
		return a.strength > b.strength;
	return c->drawn[a.winner] < c->drawn[b.winner];
}

static void sift(struct ranking *r, size_t i, size_t count)
{
	struct victory *v = r->victories;
	for (size_t child; (child = 2 * i + 1) < count; i = child) {
		if (child + 1 < count && goes_before(r->c, v[child], v[child + 1]))
			child++;
		if (!goes_before(r->c, v[i], v[child]))
			return;
		struct victory swapped = v[i];
		v[i] = v[child];
		v[child] = swapped;
	}
}

/* A heap, since it sorts in place. Victories that compare equal are of one winner or of winners
 * outside the lot: their order means nothing, or the count stops. */
static void sort_victories(struct ranking *r)
{
	for (size_t i = r->count / 2; i-- > 0;)
		sift(r, i, r->count);
	for (size_t end = r->count; end-- > 1;) {
		struct victory swapped = r->victories[0];
		r->victories[0] = r->victories[end];
		r->victories[end] = swapped;
		sift(r, 0, end);
	}
}

static void gather_victories(struct ranking *r)
{
	enum pairwise_strength how = (enum pairwise_strength)r->c->rule->values[1];
	for (size_t i = 0; i < r->pairs.n; i++)
		for (size_t j = 0; j < r->pairs.n; j++) {
			uint64_t strength = pairwise_strength(&r->pairs, i, j, how);
			if (strength > 0)
				r->victories[r->count++] = (struct victory){strength, (uint16_t)i, (uint16_t)j};
		}
}

/* --- locking --- */

static bool refused(const struct ranking *r, const uint64_t *leads, size_t victory)
{
	return leads_to(r, leads, r->victories[victory].loser, r->victories[victory].winner);
}

/* Marks whose victories depend on each other; REJECTED when the lot leaves one of them out. */
static bool find_disputed(struct ranking *r, size_t start, size_t end)
{
	struct counting *c = r->c;
	bool complete = true;
	memcpy(r->trial, r->leads, c->candidates * r->words * sizeof *r->trial);
	for (size_t i = start; i < end; i++)
		if (!refused(r, r->leads, i))
			lead(r, r->trial, r->victories[i].winner, r->victories[i].loser);
	for (size_t i = start; i < end; i++)
		if (!refused(r, r->leads, i) && refused(r, r->trial, i))
			r->disputed[r->victories[i].winner] = r->disputed[r->victories[i].loser] = true;
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++) {
		if (!r->disputed[i])
			continue;
		c->tied[c->tied_count++] = (uint16_t)i;
		complete = complete && c->drawn[i] > 0;
	}
	uint16_t first;
	return complete || counting_draw(c, &first);
}

static bool lock_victories(struct ranking *r)
{
	for (size_t start = 0, end; start < r->count; start = end) {
		for (end = start + 1;
		     end < r->count && r->victories[end].strength == r->victories[start].strength;)
			end++;
		if (end - start > 1 && !find_disputed(r, start, end))
			return false;
		for (size_t i = start; i < end; i++) {
			struct victory v = r->victories[i];
			if (refused(r, r->leads, i))
				continue;
			r->locked.votes[v.winner * r->locked.n + v.loser] = v.strength;
			lead(r, r->leads, v.winner, v.loser);
		}
	}
	return true;
}

static bool note_disputed(struct ranking *r)
{
	struct counting *c = r->c;
	c->tied_count = 0;
	for (size_t i = 0; i < c->candidates; i++)
		if (r->disputed[i])
			c->tied[c->tied_count++] = (uint16_t)i;
	return c->tied_count == 0 || counting_note_tie(c, COUNT_TIE_BY_LOT);
}

/* --- the method --- */

static size_t victories_most(size_t n)
{
	return n * (n - 1) / 2;
}

static bool start(struct ranking *r, struct counting *c)
{
	size_t n = c->candidates;
	*r = (struct ranking){.c = c, .words = (n + 63) / 64};
	return pairwise_count(&r->pairs, c, c->rule->values[0] == 0) &&
	       pairwise_table(c, &r->pairs, "pairwise",
	                      "how many ballots prefer the row to the column") &&
	       pairwise_new(&r->locked, c) &&
	       (r->victories = counting_take(c, victories_most(n), struct victory)) &&
	       (r->leads = counting_take(c, n * r->words, uint64_t)) &&
	       (r->trial = counting_take(c, n * r->words, uint64_t)) &&
	       (r->disputed = counting_take(c, n, bool));
}

static bool count_ranked_pairs(struct counting *c)
{
	struct ranking r;
	if (!start(&r, c))
		return false;
	gather_victories(&r);
	sort_victories(&r);
	if (!lock_victories(&r) || !note_disputed(&r) ||
	    !pairwise_table(c, &r.locked, "locked",
	                    "the strength of the row's locked victory over the column"))
		return false;
	for (size_t i = 0; i < r.locked.n; i++)
		for (size_t j = 0; j < r.locked.n; j++)
			r.locked.votes[i * r.locked.n + j] = leads_to(&r, r.leads, i, j);
	return pairwise_seat_least_beaten(c, &r.locked);
}

static size_t arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, words = (n + 63) / 64;
	return 2 * (pairwise_bytes(p) + pairwise_table_bytes(p)) +
	       arena_room(victories_most(n) * sizeof(struct victory)) +
	       2 * arena_room(n * words * sizeof(uint64_t)) + arena_room(n) +
	       2 * arena_room(n * sizeof(uint32_t));
}

static const char *const strength_words[] = {"winning", "margins", NULL};

static const struct count_option ranked_pairs_options[] = {
	PAIRWISE_UNRANKED,
	{"strength", "of a victory: the ballots for the winner, or those less the ballots against",
     COUNT_WORD, 0, 0, 0, strength_words},
};

const struct count_method method_ranked_pairs = {
	.name = "ranked-pairs",
	.what = "pairwise victories are locked, the strongest first, unless they close a cycle",
	.source = "T. N. Tideman 1987; T. M. Zavist and Tideman 1989",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.also = 1u << PROFILE_RANKS,
	.options = ranked_pairs_options,
	.options_count = 2,
	.count = count_ranked_pairs,
	.arena_bytes = arena_bytes,
};
