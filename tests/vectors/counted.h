/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting known elections: a file of ../shared/data read, counted by a rule, and its numbers as
 * text. The lot is the one in the file, else the order of the candidates: where a reference drew
 * one, it drew that.
 */
#ifndef VECTORS_COUNTED_H
#define VECTORS_COUNTED_H

#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

#include <jansson.h>

struct counted {
	struct profile profile;
	struct count_result result;
	struct count_rule rule;
	uint16_t lot[LIMIT_ANSWERS];
};

static inline json_t *counted_json(const char *path)
{
	bytes text = test_data(path);
	json_error_t e;
	json_t *root = json_loadb((const char *)text.p, text.len, 0, &e);
	if (!root)
		fail_msg("%s: %s", path, e.text);
	return root;
}

/* c->profile is there already. */
static inline void counted_run(struct counted *c, const char *rule)
{
	struct error err;
	error_clear(&err);
	assert_ok(count_rule_read(&c->rule, bytes_of_text(rule), &err), err);
	for (size_t i = 0; i < c->profile.candidates_count; i++)
		c->lot[i] = (uint16_t)i;
	c->rule.lot = c->profile.lot_count > 0 ? c->profile.lot : c->lot;
	c->rule.lot_count =
		c->profile.lot_count > 0 ? c->profile.lot_count : c->profile.candidates_count;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&c->result, &c->rule, &c->profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&c->rule, &c->profile));
}

static inline void counted_blt(struct counted *c, bytes file, const char *rule)
{
	struct error err;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&c->profile, file, test_arena(), &err), err);
	counted_run(c, rule);
}

/* Static room of eight results. */
static inline const char *counted_votes(const struct count_result *r, units v)
{
	static char room[8][UNITS_TEXT_BYTES];
	static unsigned next;
	char *out = room[next++ % 8];
	struct text t = {out, UNITS_TEXT_BYTES, 0, false};
	units_add_text(&t, v, r->form);
	return out;
}

static inline bytes counted_name(const struct count_result *r, size_t candidate)
{
	return r->profile->candidates[candidate].name;
}

static inline bool counted_is(bytes name, const json_t *expected)
{
	return bytes_equal(name, bytes_of(json_string_value(expected), json_string_length(expected)));
}

static inline size_t counted_candidate(const struct count_result *r, const char *name)
{
	for (size_t i = 0; i < r->profile->candidates_count; i++)
		if (bytes_equal(counted_name(r, i), bytes_of_text(name)))
			return i;
	fail_msg("no candidate %s", name);
	return 0;
}

/* The same candidates in any order. */
static inline void assert_elected_set(const struct count_result *r, const json_t *set)
{
	assert_int_equal(r->elected_count, json_array_size(set));
	for (size_t i = 0; i < r->elected_count; i++) {
		bool found = false;
		for (size_t j = 0; j < json_array_size(set); j++)
			found = found ||
			        counted_is(counted_name(r, r->elected[i].candidate), json_array_get(set, j));
		assert_true(found);
	}
}

/*
 * Some of the small files carry a line of options for other programs ("[droop …]", "[undeclared
 * 4]"); our reader refuses those, so a person would take them out.
 */
static inline bytes counted_without_foreign_options(bytes file)
{
	static uint8_t room[8192];
	size_t len = 0;
	assert_true(file.len < sizeof room);
	for (size_t i = 0; i < file.len;) {
		size_t end = i;
		while (end < file.len && file.p[end] != '\n')
			end++;
		end += end < file.len;
		bool foreign = end - i > 10 && (memcmp(file.p + i, "[droop ", 7) == 0 ||
		                                memcmp(file.p + i, "[undecl", 7) == 0);
		memcpy(room + len, file.p + i, foreign ? 0 : end - i);
		len += foreign ? 0 : end - i;
		i = end;
	}
	return bytes_of(room, len);
}

/* Names of candidates to tallies; the withdrawn have none. */
static inline void assert_tallies_by_name(const struct count_result *r, size_t stage,
                                          const json_t *tallies)
{
	size_t standing = 0;
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		char name[300];
		struct text t = TEXT_OF(name);
		text_add_bytes(&t, counted_name(r, i));
		const json_t *tally = json_object_get(tallies, name);
		if (tally)
			assert_string_equal(counted_votes(r, r->stages[stage].tallies[i]),
			                    json_string_value(tally));
		else
			assert_true(r->profile->candidates[i].withdrawn);
		standing += tally != NULL;
	}
	assert_int_equal(standing, json_object_size(tallies));
}

#endif
