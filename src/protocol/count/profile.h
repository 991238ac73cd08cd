/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A preference profile: all ballots of one question, as the counting rules want them.
 *
 * A paper is a number of identical ballots and what they say, in one of five kinds:
 *   RANKING  candidates in order of preference, the most preferred first, each once. A rank may
 *            stand empty (PROFILE_SKIPPED), hold several (PROFILE_OVERVOTE) or somebody who has a
 *            better one (PROFILE_REPEATED) if the profile says `gaps`: few rules know what to do
 *            with those.
 *   MARKS    the marked candidates, in any order.
 *   RANKS    candidates with a rank each, from 1; equal ranks are equal preference.
 *   SCORES   candidates with a number each: points, or a grade (0 is the lowest).
 *   PAIRS    comparisons: winner, loser, winner, loser, …; no pair twice.
 * The papers together are the true multiset of ballots; neither their order nor the way equal
 * ballots are split over papers means anything, and no counting rule may depend on either.
 *
 * Sizes: candidates are indices from 0 here; every text for people says index + 1, as ballot files
 * do. At most LIMIT_ANSWERS candidates. A ballot that weighs w counts as w ballots; the sum is at
 * most LIMIT_BALLOTS, or PROFILE_WEIGHT_MAX where the caller says so (ballots_max).
 * Inputs: profile_choice and profile_close_paper check range, repetition and totals, so a profile
 * built with them holds the invariants; a reader adds line and column to their errors.
 * Errors: MALFORMED or LIMIT, with "candidate 14 of 13" and the like in detail.
 * Memory: everything lies in the arena given to profile_init; names and title are borrowed.
 * Cost: 8 bytes a paper, 2 bytes a choice (6 with values), 24 bytes a candidate.
 */
#ifndef COUNT_PROFILE_H
#define COUNT_PROFILE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

enum profile_kind {
	PROFILE_RANKING,
	PROFILE_MARKS,
	PROFILE_RANKS,
	PROFILE_SCORES,
	PROFILE_PAIRS,
};

/* In choices[] of rankings with gaps, instead of a candidate. */
#define PROFILE_SKIPPED 0xffffu
#define PROFILE_OVERVOTE 0xfffeu
#define PROFILE_REPEATED 0xfffdu

struct candidate {
	bytes name; /* valid UTF-8 without control characters, never empty */
	bool withdrawn;
};

/*
 * A list (a party's, an alliance's): who stands on it, in the list's own order. Its line is what
 * stands on the ballot for the list itself: a mark there names the list and none of its candidates.
 */
struct profile_list {
	bytes name;
	uint16_t *members; /* candidates; at least one, the line not among them */
	size_t members_count;
	bool has_line;
	uint16_t line; /* a candidate index too */
};

/* Every ballot there can be, each of the greatest weight. */
#define PROFILE_WEIGHT_MAX ((uint64_t)LIMIT_WEIGHT * LIMIT_BALLOTS)

struct profile {
	struct candidate *candidates;
	size_t candidates_count;
	uint32_t seats;
	bytes title; /* may be empty */

	uint32_t *counts;  /* of paper i: how many ballots, at least 1 */
	uint32_t *starts;  /* paper i is choices[starts[i]] … choices[starts[i + 1] - 1] */
	uint16_t *choices; /* candidate indices, each at most once on a paper (pairs: see above) */
	uint32_t *values;  /* RANKS, SCORES: of each choice; else NULL */
	size_t papers_count, papers_room, choices_count, choices_room;
	uint64_t ballots_count; /* the sum of counts */
	uint64_t ballots_max;   /* LIMIT_BALLOTS; higher for ballots that have weights */
	enum profile_kind kind; /* as profile_init was told; a reader may settle it later */
	bool gaps;              /* skipped, overvoted, repeated ranks stand in choices */

	struct profile_list *lists; /* every candidate is on one, as a member or as its line */
	size_t lists_count;         /* 0: there are none; lists.h reads them */

	uint16_t *lot;    /* an order of candidates drawn by lot that came with the ballots */
	size_t lot_count; /* 0: none came; nobody uses it unless the caller hands it to the rule */

	uint32_t *seen; /* builder's: papers_count + 1 where a candidate stands on the open paper */
};

struct profile_room {
	size_t candidates, papers, choices; /* at most so many */
	enum profile_kind kind;
};

/* An empty profile with `candidates` unnamed candidates and one seat. */
bool profile_init(struct profile *p, struct profile_room room, struct arena *a,
                  struct error *err) must_check;
size_t profile_arena_bytes(struct profile_room room);

/*
 * A paper is open at all times: choices are added in order of preference, closing it says how many
 * ballots read so and opens the next. A failed call leaves the profile unfit for use.
 */
bool profile_choice(struct profile *p, uint64_t candidate, struct error *err) must_check;
/* RANKS, SCORES: a candidate with its value. Ranks are from 1. */
bool profile_value(struct profile *p, uint64_t candidate, uint32_t value,
                   struct error *err) must_check;
/* RANKING: a rank that is empty, holds several, or a candidate who stands before. */
bool profile_gap(struct profile *p, uint16_t which, struct error *err) must_check;
/* PAIRS: a comparison; a candidate against itself and the same pair again are MALFORMED. */
bool profile_pair(struct profile *p, uint64_t winner, uint64_t loser, struct error *err) must_check;
bool profile_close_paper(struct profile *p, uint64_t count, struct error *err) must_check;
/* Whether the open paper names the candidate already. */
bool profile_paper_has(const struct profile *p, uint64_t candidate);

/* A name that people can read and tell apart: UTF-8, 1 … LIMIT_TEXT_BYTES bytes, no controls. */
bool profile_check_name(bytes name, struct error *err) must_check;
/* No two candidates with the same name: a result would not say who is meant. */
bool profile_check_names_differ(const struct profile *p, struct error *err) must_check;

#endif
