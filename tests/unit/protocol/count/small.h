/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small elections as text, and what came out of them as text.
 *
 *   papers  "5 AB 3 B-C 1 xA 2 .": five ballots A>B, and so on; '-' is a skipped rank, 'x' one with
 *           several candidates, '=' one with a candidate who stands before, '.' a blank ballot;
 * "!C" withdraws C. The candidates are A … the highest letter; where the rule says write-ins, the
 * last one is named UWI. lot     "BAC": the order that was drawn, "" for none result  a line for
 * each stage, the elected and the places: exclusion C 2: 5 4 0 | 0 | 5 lot CD action, whose,
 * amount: tallies | non-transferable | quota, tie, tied elected A@2~        stage from 1; ~ without
 * the quota places 1 2 3
 */
#ifndef UNIT_COUNT_SMALL_H
#define UNIT_COUNT_SMALL_H

#include "support/support.h"

#include "count/count.h"

#include <stdio.h>

#define SMALL_MOST 26u

struct small {
	struct profile profile;
	struct count_rule rule;
	struct count_result result;
	struct error err;
	uint16_t lot[SMALL_MOST];
	char text[4000];
};

static inline size_t small_candidates(const char *papers)
{
	size_t most = 0;
	for (const char *s = papers; *s; s++)
		if (*s >= 'A' && *s <= 'Z' && (size_t)(*s - 'A') + 1 > most)
			most = (size_t)(*s - 'A') + 1;
	return most;
}

static inline void small_choice(struct small *s, char c)
{
	struct profile *p = &s->profile;
	if (c == '.')
		return;
	assert_ok(c == '-'   ? profile_gap(p, PROFILE_SKIPPED, &s->err)
	          : c == 'x' ? profile_gap(p, PROFILE_OVERVOTE, &s->err)
	          : c == '=' ? profile_gap(p, PROFILE_REPEATED, &s->err)
	                     : profile_choice(p, (uint64_t)(c - 'A'), &s->err),
	          s->err);
}

static inline void small_profile(struct small *s, const char *papers, uint32_t seats)
{
	static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = small_candidates(papers), len = strlen(papers);
	struct profile_room room = {n, len + 1, len + 1, PROFILE_RANKING};
	arena_release(test_arena(), 0);
	error_clear(&s->err);
	assert_ok(profile_init(&s->profile, room, test_arena(), &s->err), s->err);
	s->profile.seats = seats;
	for (size_t i = 0; i < n; i++)
		s->profile.candidates[i].name = bytes_of(names + i, 1);
	while (*papers) {
		uint64_t count = 0;
		for (; *papers == ' '; papers++)
			;
		if (*papers == '!') {
			s->profile.candidates[papers[1] - 'A'].withdrawn = true;
			papers += 2;
			continue;
		}
		for (; *papers >= '0' && *papers <= '9'; papers++)
			count = count * 10 + (uint64_t)(*papers - '0');
		for (papers++; *papers && *papers != ' '; papers++)
			small_choice(s, *papers);
		assert_ok(profile_close_paper(&s->profile, count, &s->err), s->err);
	}
}

/* A false is the count's; the rule must be one. */
static inline bool small_count(struct small *s, const char *rule, const char *papers,
                               const char *lot, uint32_t seats)
{
	small_profile(s, papers, seats);
	assert_ok(count_rule_read(&s->rule, bytes_of_text(rule), &s->err), s->err);
	if (strstr(rule, "write-ins"))
		s->profile.candidates[s->profile.candidates_count - 1].name = BYTES_LITERAL("UWI");
	s->rule.lot_count = strlen(lot);
	s->rule.lot = s->rule.lot_count ? s->lot : NULL;
	for (size_t i = 0; i < s->rule.lot_count; i++)
		s->lot[i] = (uint16_t)(lot[i] - 'A');
	size_t before = arena_mark(test_arena());
	bool good = count_run(&s->result, &s->rule, &s->profile, test_arena(), &s->err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&s->rule, &s->profile));
	return good;
}

static inline void small_add_units(struct text *t, const struct count_result *r, units v)
{
	units_add_text(t, v, r->form);
}

static inline void small_add_letters(struct text *t, const uint16_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_add_bytes(t, bytes_of(&(uint8_t){(uint8_t)('A' + list[i])}, 1));
}

static inline void small_add_stage(struct text *t, const struct small *s, size_t stage)
{
	const struct count_result *r = &s->result;
	const struct count_stage *g = &r->stages[stage];
	text_add(t, count_action_name(g->action));
	if (g->who_count > 0) {
		text_add(t, " ");
		small_add_letters(t, g->who, g->who_count);
		text_add(t, " ");
		small_add_units(t, r, g->amount);
	}
	text_add(t, ":");
	for (size_t i = 0; i < s->profile.candidates_count; i++) {
		text_add(t, " ");
		small_add_units(t, r, g->tallies[i]);
	}
	text_add(t, " | ");
	small_add_units(t, r, g->nontransferable);
	text_add(t, " | ");
	small_add_units(t, r, g->quota);
	if (g->tie != COUNT_NO_TIE) {
		text_add(t, " ");
		text_add(t, count_tie_name(g->tie));
		text_add(t, " ");
		small_add_letters(t, g->tied, g->tied_count);
	}
	text_add(t, "\n");
}

static inline const char *small_text(struct small *s)
{
	struct text t = TEXT_OF(s->text);
	const struct count_result *r = &s->result;
	for (size_t i = 0; i < r->stages_count; i++)
		small_add_stage(&t, s, i);
	text_add(&t, "elected");
	for (size_t i = 0; i < r->elected_count; i++) {
		text_add(&t, " ");
		small_add_letters(&t, &r->elected[i].candidate, 1);
		text_add(&t, "@");
		text_add_u64(&t, r->elected[i].stage + 1u);
		text_add(&t, r->elected[i].without_quota ? "~" : "");
	}
	text_add(&t, r->places ? "\nplaces" : "\n");
	for (size_t i = 0; r->places && i < s->profile.candidates_count; i++) {
		text_add(&t, " ");
		text_add_u64(&t, r->places[i]);
	}
	text_add(&t, r->places ? "\n" : "");
	return s->text;
}

static inline void assert_counted(const char *rule, const char *papers, const char *lot,
                                  const char *result)
{
	static struct small s;
	assert_ok(small_count(&s, rule, papers, lot, 1), s.err);
	assert_string_equal(small_text(&s), result);
}

/* A table as text: a line for each row, "name: cells". */
static inline const char *small_table(struct small *s, const char *name)
{
	struct text t = TEXT_OF(s->text);
	for (size_t k = 0; k < s->result.tables_count; k++) {
		const struct count_table *b = &s->result.tables[k];
		if (strcmp(b->name, name) != 0)
			continue;
		for (size_t i = 0; i < b->rows; i++) {
			text_add_bytes(&t, b->row_names[i]);
			text_add(&t, ":");
			for (size_t j = 0; j < b->columns; j++) {
				text_add(&t, " ");
				units_add_text(&t, b->cells[i * b->columns + j], b->form);
			}
			text_add(&t, "\n");
		}
		return s->text;
	}
	return "none";
}

static inline void assert_tie_needs_a_lot(const char *rule, const char *papers, const char *lot,
                                          const char *names)
{
	static struct small s;
	assert_false(small_count(&s, rule, papers, lot, 1));
	assert_int_equal(s.err.kind, ERROR_REJECTED);
	assert_non_null(strstr(s.err.detail, names));
}

static inline void assert_refuses_two_seats(const char *rule)
{
	static struct small s;
	assert_false(small_count(&s, rule, "1 AB 1 B", "", 2));
	assert_int_equal(s.err.kind, ERROR_REJECTED);
}

static inline void assert_rule_refused(const char *rule)
{
	struct error err;
	struct count_rule out;
	error_clear(&err);
	assert_fails(count_rule_read(&out, bytes_of_text(rule), &err), err, ERROR_REJECTED);
}

#endif
