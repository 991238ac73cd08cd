/* SPDX-License-Identifier: Apache-2.0 */
/* Small contests of transferable votes, counted, and every number of a stage as text. */
#ifndef UNIT_COUNT_STV_H
#define UNIT_COUNT_STV_H

#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

static struct error err;
static struct profile profile;
static struct count_result result;

#define ABC "0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n"
#define ABCD "0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"T\"\n"
#define ABCDE "0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Di\"\n\"Ed\"\n\"T\"\n"

/* The order in [tie …] of the file is the lot. */
static inline struct count_rule load(const char *name, const char *file)
{
	struct count_rule rule;
	arena_release(test_arena(), 0);
	error_clear(&err);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	return rule;
}

static inline void run_rule(const struct count_rule *rule)
{
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&result, rule, &profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(rule, &profile));
	for (size_t i = 0; i < result.stages_count; i++) {
		const struct count_stage *s = &result.stages[i];
		units sum = s->nontransferable + s->truncated;
		for (size_t j = 0; j < profile.candidates_count; j++)
			sum += s->tallies[j];
		assert_true(sum == (units)result.valid * result.form.one);
	}
}

static inline void count_file(const char *name, const char *file)
{
	struct count_rule rule = load(name, file);
	run_rule(&rule);
}

static inline void assert_elected(const char *numbers)
{
	char room[64] = "";
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < result.elected_count; i++) {
		text_add(&t, i ? " " : "");
		text_add_u64(&t, result.elected[i].candidate + 1u);
		text_add(&t, result.elected[i].without_quota ? "*" : "");
	}
	assert_string_equal(room, numbers);
}

/* What happened, all tallies, non-transferable and truncated. */
static inline void assert_stage(size_t stage, const char *action, const char *votes)
{
	char room[300] = "";
	struct text t = TEXT_OF(room);
	assert_true(stage < result.stages_count);
	count_add_action(&t, &result, stage);
	assert_string_equal(room, action);
	struct text v = TEXT_OF(room);
	for (size_t i = 0; i < profile.candidates_count; i++) {
		units_add_text(&v, result.stages[stage].tallies[i], result.form);
		text_add(&v, " ");
	}
	text_add(&v, "| ");
	units_add_text(&v, result.stages[stage].nontransferable, result.form);
	text_add(&v, " ");
	units_add_text(&v, result.stages[stage].truncated, result.form);
	assert_string_equal(room, votes);
}

static inline void assert_quota(size_t stage, const char *expected)
{
	char room[UNITS_TEXT_BYTES];
	struct text t = TEXT_OF(room);
	units_add_text(&t, result.stages[stage].quota, result.form);
	assert_string_equal(room, expected);
}

static inline void assert_tie(size_t stage, enum count_tie tie, size_t count)
{
	assert_int_equal(result.stages[stage].tie, tie);
	assert_int_equal(result.stages[stage].tied_count, count);
}

static inline void assert_needs_lot(const char *name, const char *file, const char *tied)
{
	struct count_rule rule = load(name, file);
	assert_fails(count_run(&result, &rule, &profile, test_arena(), &err), err, ERROR_REJECTED);
	assert_string_equal(err.detail, tied);
}

#endif
