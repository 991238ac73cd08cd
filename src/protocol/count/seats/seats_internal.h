/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of giving seats: an order of candidates that each step makes anew.
 *
 * A step sorts: it writes a part for each candidate, and seating_arrange puts part 0 first, then
 * part 1, …, each in the order that is given. The first winners_count places have the seats.
 */
#ifndef COUNT_SEATS_SEATS_INTERNAL_H
#define COUNT_SEATS_SEATS_INTERNAL_H

#include "count/seats/seats.h"

struct seating {
	struct seats_result *out;
	const struct seats_input *in;
	const struct seats_step *step;
	struct error *err;

	size_t candidates; /* all of the profile */
	size_t count;      /* who take part */
	size_t seats;
	const units *points; /* of candidate */
	uint16_t *by_points; /* who take part, most points first, the lot for equals */
	uint16_t *order;     /* the same people as the steps so far have them */
	uint16_t *scratch;   /* room for an order */
	uint8_t *part;       /* of candidate */
	uint8_t *why;        /* of candidate: enum seats_why */
	uint8_t *parity;     /* of candidate: enum seats_parity */
	uint16_t *team;      /* of candidate: index of out->teams */
	bool *won;           /* of candidate: in the order that seating_remember saw */
	bool *level;         /* of candidate: others have as many points */
	uint32_t *drawn;     /* of candidate: place in the lot, from 1 */
};

bool seating_is_woman(const struct seating *s, uint16_t candidate);
bool seating_is_sure(const struct seating *s, uint16_t candidate); /* list A */
/* order = by part, and within a part as in `base` (by_points or order). */
void seating_arrange(struct seating *s, const uint16_t *base, unsigned parts);
/* Who has a seat now; and whether parity gave or took one since then. */
void seating_remember(struct seating *s);
void seating_note_parity(struct seating *s);
/* Women and men among the first winners_count. */
void seating_count_genders(const struct seating *s, size_t *women, size_t *men);

/* The steps. */
bool seating_desborda(struct seating *s) must_check; /* 1, 2, 3 */
bool seating_desborda4(struct seating *s) must_check;
void seating_proportion(struct seating *s);
void seating_zip(struct seating *s);
void seating_rise(struct seating *s);

#endif
