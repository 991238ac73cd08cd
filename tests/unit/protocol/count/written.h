/* SPDX-License-Identifier: Apache-2.0 */
/* Results to write, what a writer made of them, and whether markup is well-formed. */
#ifndef COUNT_TESTS_WRITTEN_H
#define COUNT_TESTS_WRITTEN_H

#include "support/support.h"

#include "count/blt.h"
#include "count/result_sheet.h"
#include "count/text_sink.h"

static struct error err;
static struct profile profile;
static uint8_t room[1 << 20];

/* --- results to write --- */

static const char tie_file[] = "3 1\n[tie 3 2]\n4 1 0\n2 2 1 0\n2 3 0\n1 0\n0\n"
							   "\"Ann, of Ayr\"\n\"=B&o\"\n\"Cy\"\n\"T <1>\"\n";

static inline struct count_result count_file(const char *name, const char *file)
{
	struct count_rule rule;
	struct count_result r;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	assert_ok(count_run(&r, &rule, &profile, test_arena(), &err), err);
	return r;
}

/* 3 candidates, one stage, votes in thirds, places and a table: no method's result. */
static inline struct count_result made_result(void)
{
	static units cells[] = {0, -7, 3, 0};
	static const bytes names[] = {{(const uint8_t *)"Ann", 3}, {(const uint8_t *)"-Bo", 3}};
	static struct count_table table;
	table = (struct count_table){
		"margins", "Row's margin over the column", 2, 2, names, names, {2, 0}, cells};
	static uint32_t places[] = {2, 2, 1}; /* not as the votes are */
	struct count_result r = count_file("plurality-at-large", tie_file);
	r.form = units_fraction(3);
	r.stages[1].tallies[0] = 14;
	r.stages[1].tallies[1] = 21;
	r.stages[1].tallies[2] = 14;
	r.stages[0].tallies[0] = 14;
	r.stages[0].tallies[1] = 21;
	r.stages[0].tallies[2] = 14;
	r.places = places;
	r.tables = &table;
	r.tables_count = 1;
	return r;
}

/* One question counted, one without a valid ballot. */
static inline struct result_sheets two_questions(const struct count_result *r)
{
	static const struct result_number verdicts[] = {{"valid", 0}, {"blank", 2}, {"too-many", 3}};
	static struct result_written texts[2];
	static struct result_sheet sheets[2];
	texts[0] = (struct result_written){BYTES_LITERAL("=Eve"), 3};
	texts[1] = (struct result_written){BYTES_LITERAL("<Dee>"), 1};
	sheets[0] = sheets[1] = result_sheet_of(r);
	sheets[1].title = BYTES_LITERAL("Second");
	sheets[1].count = NULL;
	sheets[1].blank = 2;
	sheets[1].invalid = 3;
	sheets[1].verdicts = verdicts;
	sheets[1].verdicts_count = 3;
	sheets[1].written = texts;
	sheets[1].written_count = 2;
	return (struct result_sheets){BYTES_LITERAL("Both"), sheets, 2};
}

typedef bool write_fn(struct sink *sink, const struct result_sheets *sheets, struct error *err);

static inline const char *written_sheets(write_fn *write, const struct result_sheets *sheets)
{
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room - 1);
	assert_ok(write(&sink.sink, sheets, &err), err);
	assert_true(sink.len > 0);
	room[sink.len] = '\0';
	return (const char *)room;
}

static inline const char *written(write_fn *write, const struct count_result *r)
{
	const struct result_sheet sheet = result_sheet_of(r);
	return written_sheets(write, &(struct result_sheets){.sheets = &sheet, .count = 1});
}

static inline void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("there is no '%s' in:\n%s", part, text);
}

/* --- markup --- */

#define DEPTH_MOST 64u

static inline const char *skip_name(const char *p)
{
	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
	       *p == '-' || *p == ':')
		p++;
	return p;
}

static inline const char *check_entity(const char *p) /* behind the & */
{
	static const char *const known[] = {"amp;", "lt;", "gt;", "quot;", "#39;"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp(p, known[i], strlen(known[i])) == 0)
			return p + strlen(known[i]);
	fail_msg("no entity: %.20s", p);
	return p;
}

/* NAME="VALUE" …; stops at > or />. */
static inline const char *check_attributes(const char *p)
{
	while (*p == ' ' || *p == '\n') {
		const char *end = skip_name(++p);
		if (end == p || end[0] != '=' || end[1] != '"')
			fail_msg("no attribute: %.40s", p);
		for (p = end + 2; *p != '"';) {
			if (!*p || *p == '<')
				fail_msg("an attribute does not end: %.40s", end);
			p = *p == '&' ? check_entity(p + 1) : p + 1;
		}
		p++;
	}
	return p;
}

/* Well-formed XML without comments, CDATA and entities of its own; what is in <style> is text. */
static inline void assert_well_formed(const char *p)
{
	struct {
		const char *name;
		size_t len;
	} open[DEPTH_MOST];
	size_t depth = 0, elements = 0;
	if (strncmp(p, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 39) == 0)
		p += 39;
	else if (strncmp(p, "<!DOCTYPE html>\n", 16) == 0)
		p += 16;
	while (*p) {
		if (*p == '&') {
			p = check_entity(p + 1);
		} else if (*p != '<') {
			if ((uint8_t)*p < 0x20 && *p != '\n')
				fail_msg("a control character: %02x", (unsigned)*p);
			p++;
		} else if (p[1] == '/') {
			const char *end = skip_name(p + 2);
			assert_true(depth > 0 && *end == '>');
			depth--;
			if (open[depth].len != (size_t)(end - p - 2) ||
			    memcmp(open[depth].name, p + 2, open[depth].len) != 0)
				fail_msg("an element ends that is not open: %.40s", p);
			p = end + 1;
		} else {
			const char *end = skip_name(p + 1);
			assert_true(end > p + 1 && depth < DEPTH_MOST);
			assert_true(depth > 0 || elements == 0);
			elements++;
			open[depth].name = p + 1;
			open[depth].len = (size_t)(end - p - 1);
			end = check_attributes(end);
			if (end[0] == '/' && end[1] == '>') {
				p = end + 2;
				continue;
			}
			if (*end != '>')
				fail_msg("an element does not end: %.40s", p);
			depth++;
			p = end + 1;
		}
	}
	assert_int_equal(depth, 0);
	assert_true(elements > 10);
}

#endif
