/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seats by teams. A team with a large enough share of all points is sure of some seats (list A); if
 * points alone would give it fewer it is a minority team, whose sure candidates are chosen with
 * parity, and whose others stand behind everybody (list C). All else is decided by points (list B).
 *
 * Which teams are minority teams is said of all of them first, by points alone, and only then are
 * candidates moved: the order of teams means nothing.
 */
#include "count/seats/seats_internal.h"

#define BLOCK 25u

enum { PART_SURE, PART_POINTS, PART_MOVED, PART_LEFT_OUT, PARTS };

/* Whether the team has more than so many per cent of all points. */
static bool has_more(const struct seating *s, const struct seats_team *team, unsigned percent)
{
	/* seats.c has checked that 100 times the sum of all points fits. */
	return team->points * 100 > s->out->points * (units)percent;
}

static uint32_t guaranteed_to(const struct seating *s, const struct seats_team *team)
{
	bool few_seats = s->step->method == SEATS_DESBORDA2 && s->seats <= 29;
	switch (s->step->method) {
	case SEATS_DESBORDA:
		return has_more(s, team, 15) ? 4 : has_more(s, team, 5) ? 2 : 0;
	case SEATS_DESBORDA2:
	case SEATS_DESBORDA4:
		if (few_seats)
			return has_more(s, team, 20) ? 2 : has_more(s, team, 10);
		return has_more(s, team, 15) ? 3 : has_more(s, team, 10) ? 2 : has_more(s, team, 5);
	case SEATS_DESBORDA3:
	case SEATS_PROPORTION:
	case SEATS_PROPORTION_FILLED:
	case SEATS_ZIP:
	case SEATS_RISE:
		break;
	}
	return 0;
}

/* Of the team, by points, those of one gender (or of any) who are not chosen yet. */
static size_t choose(struct seating *s, size_t team, enum seats_gender gender, size_t most)
{
	const struct seats_team *t = &s->out->teams[team];
	size_t chosen = 0;
	for (size_t i = 0; i < s->count && chosen < most; i++) {
		uint16_t who = s->by_points[i];
		if (s->team[who] != team || s->part[who] == PART_SURE ||
		    (gender != SEATS_NO_GENDER && s->in->people[who].gender != gender))
			continue;
		s->part[who] = PART_SURE;
		s->why[who] = t->minority ? SEATS_MINORITY : SEATS_GUARANTEED;
		chosen++;
	}
	return chosen;
}

/* How many men are among the first `most` of the team. */
static size_t men_among(const struct seating *s, size_t team, size_t most)
{
	size_t men = 0;
	for (size_t i = 0; i < s->count && most > 0; i++) {
		if (s->team[s->by_points[i]] != team)
			continue;
		men += !seating_is_woman(s, s->by_points[i]);
		most--;
	}
	return men;
}

static void choose_minority(struct seating *s, size_t team)
{
	size_t most = s->out->teams[team].guaranteed;
	if (s->step->method == SEATS_DESBORDA) { /* women and men take turns, a woman first */
		size_t chosen = choose(s, team, SEATS_WOMAN, most / 2);
		chosen += choose(s, team, SEATS_MAN, most / 2);
		choose(s, team, SEATS_NO_GENDER, most - chosen);
	} else if (most == 1 || (s->step->method == SEATS_DESBORDA2 && men_among(s, team, most) <= 1)) {
		choose(s, team, SEATS_NO_GENDER, most);
	} else { /* one man at most */
		most -= choose(s, team, SEATS_MAN, 1);
		choose(s, team, SEATS_WOMAN, most);
	}
}

/* Lists A, B and C. `block`: among how many places a team must have reached its seats. */
static void guarantee(struct seating *s, size_t block)
{
	struct seats_team *teams = s->out->teams;
	size_t n = s->out->teams_count;
	for (size_t i = 0; i < block && i < s->count && n > 0; i++)
		teams[s->team[s->by_points[i]]].reached++;
	for (size_t i = 0; i < n; i++) {
		teams[i].guaranteed = guaranteed_to(s, &teams[i]);
		teams[i].minority = teams[i].reached < teams[i].guaranteed;
	}
	for (size_t i = 0; i < s->count; i++)
		s->part[s->by_points[i]] = PART_POINTS;
	for (size_t i = 0; i < n; i++) {
		if (teams[i].minority)
			choose_minority(s, i);
		else
			choose(s, i, SEATS_NO_GENDER, teams[i].guaranteed);
	}
	for (size_t i = 0; i < s->count && n > 0; i++) {
		uint16_t who = s->by_points[i];
		if (!teams[s->team[who]].minority || s->part[who] == PART_SURE)
			continue;
		s->part[who] = PART_LEFT_OUT;
		s->why[who] = SEATS_LEFT_OUT;
	}
}

/* Men beyond half of the seats, those on list A counted, go behind the rest of list B. */
static void move_men(struct seating *s)
{
	size_t men = 0, most = s->seats / 2;
	for (size_t i = 0; i < s->count; i++)
		men += s->part[s->by_points[i]] == PART_SURE && !seating_is_woman(s, s->by_points[i]);
	for (size_t i = 0; i < s->count; i++) {
		uint16_t who = s->by_points[i];
		if (s->part[who] != PART_POINTS || seating_is_woman(s, who))
			continue;
		if (men < most)
			men++;
		else
			s->part[who] = PART_MOVED;
	}
}

static bool more_men(const struct seating *s)
{
	size_t women, men;
	seating_count_genders(s, &women, &men);
	return men > women;
}

bool seating_desborda(struct seating *s)
{
	guarantee(s, s->seats);
	seating_arrange(s, s->by_points, PARTS);
	seating_remember(s);
	move_men(s);
	seating_arrange(s, s->by_points, PARTS);
	seating_note_parity(s);
	for (size_t i = 0; i < s->count; i++)
		s->part[s->order[i]] = i >= s->out->winners_count;
	seating_arrange(s, s->by_points, 2);
	s->out->parity_error = more_men(s);
	return true;
}

/* The first block: those who are sure of it, then by points, minority teams' others not. */
bool seating_desborda4(struct seating *s)
{
	if (s->seats < BLOCK || s->count < BLOCK)
		return fail(s->err, ERROR_REJECTED,
		            "seats: desborda4 has a first block of 25 seats; use desborda2 for fewer seats "
		            "or candidates",
		            s->seats < BLOCK ? s->seats : s->count);
	guarantee(s, BLOCK);
	size_t room = BLOCK;
	for (size_t i = 0; i < s->count; i++)
		room -= s->part[s->by_points[i]] == PART_SURE;
	for (size_t i = 0; i < s->count; i++) {
		uint8_t *part = &s->part[s->by_points[i]];
		if (*part == PART_SURE)
			*part = 0;
		else if (*part == PART_POINTS && room > 0)
			*part = 0, room--;
		else
			*part = 1;
	}
	seating_arrange(s, s->by_points, 2);
	s->out->parity_error = more_men(s);
	return true;
}
