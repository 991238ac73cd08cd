/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of votes by name, as Sequent's tests have them: a title, a ballot a line ("A1f,B2m", the
 * most preferred first; a name twice is two points), "Results:", lines "A1f, 160" until an empty
 * one or "###", behind which the last question's results stand. A1f is a woman of team A.
 *
 * Candidates are numbered as they appear. The lot is their names ascending: that is how those
 * programs order equals.
 */
#ifndef VECTORS_NAMED_VOTES_H
#define VECTORS_NAMED_VOTES_H

#include "counted.h"

#include <stdlib.h>
#include <string.h>

struct named_votes {
	char *names[LIMIT_ANSWERS];
	size_t names_count, longest, results_count;
	struct {
		size_t candidate;
		uint64_t votes;
	} results[LIMIT_ANSWERS];
	const char *tail; /* behind the results */
	struct counted c;
};

static inline char *named_trim(char *s)
{
	while (*s == ' ')
		s++;
	for (size_t n = strlen(s); n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\r'); n--)
		s[n - 1] = 0;
	return s;
}

static inline size_t named_candidate(struct named_votes *v, char *name)
{
	for (size_t i = 0; i < v->names_count; i++)
		if (strcmp(v->names[i], name) == 0)
			return i;
	assert_true(v->names_count < LIMIT_ANSWERS);
	v->names[v->names_count] = name;
	return v->names_count++;
}

/* Cuts the next line off; NULL at the end. */
static inline char *named_line(char **rest)
{
	char *line = *rest, *end = line ? strchr(line, '\n') : NULL;
	if (!line || !*line)
		return NULL;
	*rest = end ? end + 1 : line + strlen(line);
	if (end)
		*end = 0;
	return named_trim(line);
}

static inline void named_paper(struct named_votes *v, const size_t *who, size_t count)
{
	struct error err;
	struct profile *p = &v->c.profile;
	error_clear(&err);
	for (size_t i = 0; i < count; i++) {
		uint32_t points = 0;
		for (size_t j = 0; j < count; j++)
			points += who[j] == who[i];
		if (p->kind != PROFILE_SCORES)
			assert_ok(profile_choice(p, who[i], &err), err);
		else if (!profile_paper_has(p, who[i]))
			assert_ok(profile_value(p, who[i], points, &err), err);
	}
	assert_ok(profile_close_paper(p, 1, &err), err);
}

static inline void named_results(struct named_votes *v, char *rest)
{
	for (char *line; (line = named_line(&rest)) && *line;) {
		char *comma = strchr(line, ',');
		if (strcmp(line, "###") == 0) {
			v->results_count = 0;
			continue;
		}
		assert_non_null(comma);
		*comma = 0;
		if (strcmp(line, "A_winner") == 0)
			continue; /* another question's */
		v->results[v->results_count].candidate = named_candidate(v, line);
		v->results[v->results_count++].votes = strtoull(comma + 1, NULL, 10);
	}
	v->tail = rest;
}

/* The profile has as many seats as there are results. */
static inline void named_read(struct named_votes *v, const char *path, enum profile_kind kind)
{
	static char text[1u << 20];
	static size_t choices[1u << 16], starts[4096];
	bytes file = test_data(path);
	struct error err;
	char *rest = text;
	size_t papers = 0, all = 0;
	error_clear(&err);
	assert_true(file.len < sizeof text);
	memcpy(text, file.p, file.len);
	text[file.len] = 0;
	*v = (struct named_votes){.names_count = 0};
	named_line(&rest);
	for (char *line; (line = named_line(&rest)) && strcmp(line, "Results:") != 0;) {
		if (!*line)
			continue;
		starts[papers++] = all;
		for (char *name, *more = line; (name = more);) {
			more = strchr(name, ',');
			if (more)
				*more++ = 0;
			choices[all++] = named_candidate(v, named_trim(name));
		}
		v->longest = all - starts[papers - 1] > v->longest ? all - starts[papers - 1] : v->longest;
	}
	starts[papers] = all;
	arena_release(test_arena(), 0);
	named_results(v, rest);
	assert_ok(profile_init(&v->c.profile,
	                       (struct profile_room){v->names_count, papers + 1000, all + 1000, kind},
	                       test_arena(), &err),
	          err);
	for (size_t i = 0; i < v->names_count; i++)
		v->c.profile.candidates[i].name = bytes_of_text(v->names[i]);
	for (size_t i = 0; i < papers; i++)
		named_paper(v, choices + starts[i], starts[i + 1] - starts[i]);
	v->c.profile.seats = (uint32_t)v->results_count;
}

/* Counts with the names' order as the lot. */
static inline void named_count(struct named_votes *v, const char *rule)
{
	struct counted *c = &v->c;
	struct error err;
	error_clear(&err);
	assert_ok(count_rule_read(&c->rule, bytes_of_text(rule), &err), err);
	for (size_t i = 0; i < v->names_count; i++) {
		size_t j = i;
		for (; j > 0 && strcmp(v->names[i], v->names[c->lot[j - 1]]) < 0; j--)
			c->lot[j] = c->lot[j - 1];
		c->lot[j] = (uint16_t)i;
	}
	c->rule.lot = c->lot;
	c->rule.lot_count = v->names_count;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&c->result, &c->rule, &c->profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&c->rule, &c->profile));
}

static inline void assert_named_votes(const struct named_votes *v)
{
	for (size_t i = 0; i < v->results_count; i++)
		assert_int_equal(v->c.result.stages[0].tallies[v->results[i].candidate],
		                 v->results[i].votes);
}

#endif
