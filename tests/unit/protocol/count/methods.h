/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small contests written as text, counted, and their results as text.
 *
 *   "3 1>2>3; 2 2=3>1; 1"      ranks: 3 ballots rank 1, 2, 3; 2 rank 2 and 3 alike; one is blank
 *   "3 1:5 2:0; 2 3:4"         scores
 *   "3 1>2 2>3"                pairs (kind PROFILE_PAIRS)
 * Candidates are A, B, C, … and numbers from 1.
 */
#ifndef COUNT_TEST_METHODS_H
#define COUNT_TEST_METHODS_H

#include "support/support.h"

#include "count/count.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;
static struct profile profile;
static struct count_result result;
static uint16_t lot[26];
static size_t lot_count;

static inline void load_paper(const char *text, const char *end)
{
	char *at;
	uint64_t count = strtoull(text, &at, 10);
	uint32_t rank = 1;
	for (; at < end && *at;) {
		uint64_t candidate = strtoull(at + 1, &at, 10) - 1;
		if (profile.kind == PROFILE_SCORES)
			assert_ok(profile_value(&profile, candidate, (uint32_t)strtoul(at + 1, &at, 10), &err),
			          err);
		else if (profile.kind == PROFILE_PAIRS)
			assert_ok(profile_pair(&profile, candidate, strtoull(at + 1, &at, 10) - 1, &err), err);
		else if (profile.kind == PROFILE_RANKING)
			assert_ok(profile_choice(&profile, candidate, &err), err);
		else
			assert_ok(profile_value(&profile, candidate, rank, &err), err);
		rank += at < end && *at == '>';
	}
	assert_ok(profile_close_paper(&profile, count, &err), err);
}

/* No lot; load_lot gives one. */
static inline void load(enum profile_kind kind, size_t candidates, uint32_t seats,
                        const char *papers)
{
	static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct profile_room room = {candidates, 100, 4000, kind};
	arena_release(test_arena(), 0);
	lot_count = 0;
	assert_ok(profile_init(&profile, room, test_arena(), &err), err);
	profile.seats = seats;
	profile.ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < candidates && i < 26; i++)
		profile.candidates[i].name = bytes_of(names + i, 1);
	while (*papers) {
		const char *end = strchr(papers, ';');
		load_paper(papers, end ? end : papers + strlen(papers));
		papers = end ? end + 2 : "";
	}
}

/* "312": candidate 3 first. */
static inline void load_lot(const char *order)
{
	for (lot_count = 0; order[lot_count]; lot_count++)
		lot[lot_count] = (uint16_t)(order[lot_count] - '1');
}

static inline struct count_rule rule_of(const char *text)
{
	struct count_rule rule;
	assert_ok(count_rule_read(&rule, bytes_of_text(text), &err), err);
	rule.lot = lot;
	rule.lot_count = lot_count;
	return rule;
}

static inline void count_by(const char *text)
{
	struct count_rule rule = rule_of(text);
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &profile));
}

static inline void assert_stops(const char *text, enum error_kind kind, const char *detail)
{
	struct count_rule rule = rule_of(text);
	size_t before = arena_mark(test_arena());
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, kind);
	assert_string_equal(err.detail, detail);
	assert_int_equal(arena_mark(test_arena()), before);
}

static inline void assert_elected(const char *names)
{
	char room[27] = "";
	for (size_t i = 0; i < result.elected_count; i++)
		room[i] = (char)('A' + result.elected[i].candidate);
	assert_string_equal(room, names);
}

static inline void assert_places(const char *expected)
{
	char room[200] = "";
	struct text t = TEXT_OF(room);
	assert_non_null(result.places);
	for (size_t i = 0; i < profile.candidates_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_u64(&t, result.places[i]);
	}
	assert_string_equal(room, expected);
}

static inline void assert_tallies(size_t stage, const char *expected)
{
	char room[300] = "";
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	for (size_t i = 0; i < profile.candidates_count; i++) {
		text_add(&t, i ? " " : "");
		units_add_text(&t, result.stages[stage].tallies[i], result.form);
	}
	assert_string_equal(room, expected);
}

/* Rows separated by " | ". */
static inline void assert_table(const char *name, const char *expected)
{
	char room[400] = "";
	struct text text = TEXT_OF(room);
	const struct count_table *t = NULL;
	for (size_t i = 0; i < result.tables_count; i++)
		if (strcmp(result.tables[i].name, name) == 0)
			t = &result.tables[i];
	assert_non_null(t);
	for (size_t i = 0; i < t->rows * t->columns; i++) {
		text_add(&text, i == 0 ? "" : i % t->columns == 0 ? " | " : " ");
		units_add_text(&text, t->cells[i], t->form);
	}
	assert_string_equal(room, expected);
}

static inline void assert_tie(size_t stage, enum count_tie tie, const char *names)
{
	char room[27] = "";
	const struct count_stage *s = &result.stages[stage];
	for (size_t i = 0; i < s->tied_count; i++)
		room[i] = (char)('A' + s->tied[i]);
	assert_string_equal(count_tie_name(s->tie), count_tie_name(tie));
	assert_string_equal(room, names);
}

#endif
