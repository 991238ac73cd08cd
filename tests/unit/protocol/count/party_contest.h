/* SPDX-License-Identifier: Apache-2.0 */
/* Small contests of party-list, and what came of them as text. */
#ifndef COUNT_PARTY_CONTEST_H
#define COUNT_PARTY_CONTEST_H

#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"
#include "count/lists.h"

static struct error err;
static struct profile profile;
static struct count_result result;

/* Lists A, B, C of three, two and two; their candidates are A1 A2 A3 B1 B2 C1 C2 = 1 … 7. */
#define NAMES "\"A1\"\n\"A2\"\n\"A3\"\n\"B1\"\n\"B2\"\n\"C1\"\n\"C2\"\n\"T\"\n"
#define LISTS "candidate,list\nA1,A\nA2,A\nA3,A\nB1,B\nB2,B\nC1,C\nC2,C\n"

static inline struct count_rule load(const char *name, const char *lists, const char *file)
{
	struct count_rule rule;
	struct lists_file l;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(lists_read(&l, bytes_of_text(lists), test_arena(), &err), err);
	assert_ok(lists_apply(&profile, &l, test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	return rule;
}

static inline void count_lists(const char *name, const char *lists, const char *file)
{
	struct count_rule rule = load(name, lists, file);
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, &rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &profile));
}

static inline void count_file(const char *name, const char *file)
{
	count_lists(name, LISTS, file);
}

static inline void assert_needs_lot(const char *name, const char *file, const char *tied)
{
	struct count_rule rule = load(name, LISTS, file);
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, tied);
}

static inline void assert_elected(const char *names)
{
	char room[100] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < result.elected_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_bytes(&t, profile.candidates[result.elected[i].candidate].name);
	}
	assert_string_equal(room, names);
}

/* One row after another: "5 1 3 2|…" */
static inline void assert_table(size_t table, const char *name, const char *expected)
{
	char room[400] = "";
	struct text out = TEXT_OF(room);
	assert_true(table < result.tables_count);
	const struct count_table *t = &result.tables[table];
	assert_string_equal(t->name, name);
	for (size_t i = 0; i < t->rows * t->columns; i++) {
		text_add(&out, i == 0 ? "" : i % t->columns == 0 ? "|" : " ");
		units_add_text(&out, t->cells[i], t->form);
	}
	assert_string_equal(room, expected);
}

static inline void assert_tie(size_t stage, enum count_tie tie, const char *tied)
{
	char room[100] = "";
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	const struct count_stage *s = &result.stages[stage];
	for (size_t i = 0; i < s->tied_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_bytes(&t, profile.candidates[s->tied[i]].name);
	}
	assert_int_equal(s->tie, tie);
	assert_string_equal(room, tied);
}

#endif
