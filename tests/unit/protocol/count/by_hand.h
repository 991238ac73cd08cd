/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contests small enough to count by hand: a .blt text counted by a rule, what must hold at every
 * stage of a method that moves votes, and numbers compared as people write them.
 */
#ifndef COUNT_BY_HAND_H
#define COUNT_BY_HAND_H

#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

#include <stdio.h>

static struct error err;
static struct profile profile;
static struct count_result result;

#define ABC "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"
#define ABCD "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"T\"\n"
#define ABCDEF "\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"Flo\"\n\"T\"\n"

/* The order in [tie …] of the file is the lot. */
static inline struct count_rule load(const char *name, const char *file)
{
	struct count_rule rule;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	return rule;
}

static inline void run(const struct count_rule *rule)
{
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(rule, &profile));
	for (size_t i = 0; i < result.stages_count; i++) {
		const struct count_stage *s = &result.stages[i];
		units sum = s->nontransferable;
		assert_true(s->nontransferable >= 0 && s->truncated == 0);
		for (size_t j = 0; j < profile.candidates_count; j++) {
			assert_true(s->tallies[j] >= 0);
			sum += s->tallies[j];
		}
		assert_true(sum == (units)result.valid * result.form.one);
	}
	for (size_t i = 0; i < result.tables_count; i++)
		assert_int_equal(result.tables[i].rows, result.stages_count);
	assert_true(result.elected_count <= profile.seats);
}

static inline void count_file(const char *name, const char *file)
{
	struct count_rule rule = load(name, file);
	run(&rule);
}

static inline void assert_elected(const char *numbers)
{
	char room[64] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < result.elected_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_u64(&t, result.elected[i].candidate + 1u);
	}
	assert_string_equal(room, numbers);
}

static inline void assert_numbers(const units *numbers, size_t count, struct units_form form,
                                  const char *expected)
{
	char room[300] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < count; i++) {
		text_add(&t, i ? " " : "");
		units_add_text(&t, numbers[i], form);
	}
	assert_string_equal(room, expected);
}

static inline void assert_tallies(size_t stage, const char *expected)
{
	assert_true(stage < result.stages_count);
	assert_numbers(result.stages[stage].tallies, profile.candidates_count, result.form, expected);
}

static inline void assert_quota(size_t stage, const char *expected)
{
	assert_true(stage < result.stages_count);
	assert_numbers(&result.stages[stage].quota, 1, result.form, expected);
}

static inline void assert_row(size_t table, const char *name, size_t stage, const char *expected)
{
	const struct count_table *t = &result.tables[table];
	char number[24];
	assert_true(table < result.tables_count && stage < t->rows);
	assert_string_equal(t->name, name);
	snprintf(number, sizeof number, "%zu", stage + 1);
	assert_true(bytes_equal(t->row_names[stage], bytes_of_text(number)));
	assert_numbers(t->cells + stage * t->columns, t->columns, t->form, expected);
}

static inline void assert_action(size_t stage, const char *expected)
{
	char room[200];
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	count_add_action(&t, &result, stage);
	assert_string_equal(room, expected);
}

static inline void assert_needs_lot(const char *name, const char *file, const char *tied)
{
	struct count_rule rule = load(name, file);
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, tied);
}

#endif
