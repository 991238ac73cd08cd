/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of seat rules share: contests small enough to do by hand. A candidate is written
 * A1w:50: number 1 of team A, a woman, 50 points. The answer has those with seats before the bar,
 * and behind a name
 *   * guaranteed to her team   ! and it is a minority team   - left out   ? ordered by lot
 *   ^ has her seat by parity   v lost his by parity
 */
#ifndef UNIT_SEATS_SCENE_H
#define UNIT_SEATS_SCENE_H

#include "support/support.h"

#include "count/count.h"
#include "count/seats/seats.h"

#include <stdio.h>

#define MOST 64u

static struct error err;
static struct profile profile;
static struct count_rule counting_rule;
static struct count_result counted;
static struct seats_rule rule;
static struct seats_result result;
static struct seats_person people[MOST];
static bool elsewhere[MOST];
static uint16_t lot[MOST];
static char names[MOST][16];

static inline size_t parse(const char *text, unsigned long *points)
{
	size_t n = 0;
	for (int used; sscanf(text, " %15[^:]:%lu%n", names[n], &points[n], &used) == 2; n++) {
		char gender = names[n][strlen(names[n]) - 1];
		text += used;
		people[n] = (struct seats_person){bytes_of(names[n], 1), gender == 'w'   ? SEATS_WOMAN
		                                                         : gender == 'm' ? SEATS_MAN
		                                                                         : SEATS_NO_GENDER};
		assert_true(n + 1 < MOST);
	}
	return n;
}

/* Candidates with these points by approval; the lot is the order they are written in. */
static inline void count(const char *candidates, uint32_t seats)
{
	unsigned long points[MOST];
	size_t n = parse(candidates, points);
	arena_release(test_arena(), 0);
	assert_ok(
		profile_init(&profile, (struct profile_room){n, n, n, PROFILE_MARKS}, test_arena(), &err),
		err);
	profile.seats = seats;
	for (size_t i = 0; i < n; i++) {
		lot[i] = (uint16_t)i;
		elsewhere[i] = false;
		profile.candidates[i].name = bytes_of_text(names[i]);
		if (points[i] > 0)
			assert_ok(profile_choice(&profile, i, &err) &&
			              profile_close_paper(&profile, points[i], &err),
			          err);
	}
	assert_ok(count_rule_read(&counting_rule, BYTES_LITERAL("approval"), &err), err);
	counting_rule.lot = lot;
	counting_rule.lot_count = n;
	assert_ok(count_run(&counted, &counting_rule, &profile, test_arena(), &err), err);
}

static inline struct seats_input input(const char *text)
{
	assert_ok(seats_rule_read(&rule, bytes_of_text(text), &err), err);
	return (struct seats_input){&counted, people, elsewhere};
}

static inline void give(const char *text)
{
	struct seats_input in = input(text);
	size_t before = arena_mark(test_arena());
	assert_ok(seats_run(&result, &rule, &in, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= seats_arena_bytes(&in));
}

static inline void assert_refused(const char *text, enum error_kind kind, const char *detail)
{
	struct seats_input in = input(text);
	size_t before = arena_mark(test_arena());
	assert_fails(seats_run(&result, &rule, &in, test_arena(), &err), err, kind);
	assert_string_equal(err.detail, detail);
	assert_int_equal(arena_mark(test_arena()), before);
	assert_int_equal(result.places_count, 0);
}

static inline void assert_seats(const char *expected)
{
	static const char why[] = {' ', '*', '!', '-'}, parity[] = {' ', '^', 'v'};
	char room[1000] = "", mark[2] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < result.places_count; i++) {
		const struct seats_place *p = &result.places[i];
		const char marks[] = {why[p->why], parity[p->parity], p->by_lot ? '?' : ' '};
		text_add(&t, i == 0 ? "" : i == result.winners_count ? " | " : " ");
		text_add(&t, names[p->candidate]);
		for (size_t j = 0; j < sizeof marks; j++) {
			mark[0] = marks[j];
			text_add(&t, marks[j] == ' ' ? "" : mark);
		}
	}
	assert_string_equal(room, expected);
}

#endif
