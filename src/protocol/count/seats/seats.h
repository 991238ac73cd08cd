/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seat rules: who gets the seats when teams are guaranteed some and women and men share them. A
 * step after the count: the points are counted already (struct count_result), and everybody's team
 * and gender are known.
 *
 * A rule is one or more steps, joined by +:
 *     desborda                 teams with > 5 % of the points have 2 seats, > 15 % 4; parity
 *     desborda2                1, 2, 3 seats from 5, 10, 15 % (up to 29 seats: 1, 2 from 10, 20 %)
 *     desborda3                parity only
 *     desborda4                1, 2, 3 seats from 5, 10, 15 % among the first 25
 *     proportion:3/2           neither women nor men have more than 3 of 5 seats
 *     proportion-filled:3/2    the same; seats that nobody could have go to the others after all
 *     zip                      women and men take turns
 *     rise                     within groups of 4, 5, 5, … seats women move up to their points
 * as in "desborda4+zip+rise". A step takes the order that the one before made; the first takes the
 * order of points. What each does, step by step, is in docs/counting/seats.md.
 *
 * Ties: candidates with equal points are in the order of the count's lot, and the result says so of
 * each. Every level candidate must be in the lot: teams and parity may look at any place. Without
 * it the answer is REJECTED, with names in detail.
 * Inputs: a result of a method that only adds up (not .staged); people[i] belongs to candidate i.
 *   A standing candidate needs a gender, and a team where a rule has teams: REJECTED otherwise.
 *   Nothing is guessed: a candidate who is nobody's is a team of her own.
 * Errors: LIMIT when the points of all are too large to be added up exactly.
 * Memory: all in the arena, seats_arena_bytes at most; the result borrows its input.
 * Cost: candidates · teams.
 */
#ifndef COUNT_SEATS_SEATS_H
#define COUNT_SEATS_SEATS_H

#include "base/arena.h"
#include "count/count.h"

#define SEATS_RULE_BYTES 64u
#define SEATS_STEPS 4u

enum seats_gender { SEATS_NO_GENDER, SEATS_WOMAN, SEATS_MAN };

struct seats_person {
	bytes team;
	enum seats_gender gender;
};

enum seats_method {
	SEATS_DESBORDA,
	SEATS_DESBORDA2,
	SEATS_DESBORDA3,
	SEATS_DESBORDA4,
	SEATS_PROPORTION,
	SEATS_PROPORTION_FILLED,
	SEATS_ZIP,
	SEATS_RISE,
};
#define SEATS_METHODS 8u

struct seats_step {
	enum seats_method method;
	uint32_t larger, smaller; /* of a proportion: 1 … LIMIT_ANSWERS, larger first */
};

struct seats_rule {
	char text[SEATS_RULE_BYTES];
	struct seats_step steps[SEATS_STEPS];
	size_t steps_count;
};

/* REJECTED with what is known; MALFORMED for a proportion that is none; LIMIT when too long. */
bool seats_rule_read(struct seats_rule *out, bytes text, struct error *err) must_check;

struct seats_input {
	const struct count_result *counted; /* its profile says how many seats */
	const struct seats_person *people;  /* of each candidate */
	const bool *elsewhere; /* of each candidate: has a seat of another question; NULL: nobody */
};

enum seats_why {
	SEATS_BY_POINTS,  /* list B: points alone put her where she is */
	SEATS_GUARANTEED, /* list A: among those her team is sure of, and it had enough anyway */
	SEATS_MINORITY,   /* list A: her team had fewer than it is sure of */
	SEATS_LEFT_OUT,   /* list C: the others of such a team, behind everybody else */
};
const char *seats_why_name(enum seats_why w); /* "points", "guaranteed", "minority", "left out" */

enum seats_parity { SEATS_AS_IT_WAS, SEATS_GAINED, SEATS_LOST };

struct seats_place {
	uint16_t candidate;
	enum seats_why why;
	enum seats_parity parity; /* whether parity gave or took the seat */
	bool by_lot;              /* others have as many points: the lot put them in order */
};

struct seats_team {
	bytes name;
	units points;
	uint32_t guaranteed; /* seats it is sure of by its share of the points */
	uint32_t reached;    /* seats it would have by points alone; desborda4: in the first 25 */
	uint32_t seats;      /* what it has in the end */
	bool minority;       /* reached < guaranteed */
};

struct seats_result {
	struct seats_rule rule;
	struct seats_place *places; /* everybody who takes part, in order; those with seats first */
	size_t places_count, winners_count;
	size_t women, men;        /* among the winners */
	bool parity_error;        /* candidates were missing for what parity asks; people decide */
	struct seats_team *teams; /* in the order of the names' bytes; none without a rule of teams */
	size_t teams_count;
	units points;      /* of all who take part */
	size_t lots_count; /* groups of candidates with equal points */
};

bool seats_run(struct seats_result *out, const struct seats_rule *rule,
               const struct seats_input *in, struct arena *a, struct error *err) must_check;
size_t seats_arena_bytes(const struct seats_input *in);

#endif
