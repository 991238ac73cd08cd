/* SPDX-License-Identifier: Apache-2.0 */
#include "report/content_internal.h"

#include "cli/output.h"

#include <stdio.h>
#include <string.h>

#define QUESTIONS ((struct json_range){1, LIMIT_QUESTIONS})
#define SENTENCE_BYTES (2 * LIMIT_TEXT_BYTES)

/* --- texts --- */

const char *content_printable(const struct content *c, bytes b, struct error *err)
{
	char *room = arena_take(c->arena, b.len + 1, 1, err);
	if (room)
		output_printable_bytes(room, b.len + 1, b);
	return room;
}

bool content_text(const char **out, const struct content *c, const struct json_value *object,
                  const char *key, struct error *err)
{
	bytes b;
	return json_need_text(&b, object, key, LIMIT_TEXT_BYTES, err) &&
	       (*out = content_printable(c, b, err)) != NULL;
}

bool content_item(const char **out, const struct content *c, const struct json_value *array,
                  size_t i, struct error *err)
{
	bytes b;
	return json_text(&b, json_item(array, i), LIMIT_TEXT_BYTES, err) &&
	       (*out = content_printable(c, b, err)) != NULL;
}

const char *content_number(const struct content *c, uint64_t v, struct error *err)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, v);
	return content_printable(c, bytes_of(room, t.len), err);
}

bool content_items(const struct json_value **out, size_t *count, const struct json_value *object,
                   const char *key, struct error *err)
{
	return json_need(out, object, key, err) && json_items(count, *out, CONTENT_ANY, err);
}

bool content_candidate(const char **out, const struct content *c, const struct content_count *k,
                       size_t i, struct error *err)
{
	return content_text(out, c, json_item(k->candidates, i), "name", err);
}

/* The name of the candidate whose number, from 1, is the value. */
static bool numbered_name(const char **out, const struct content *c, const struct content_count *k,
                          const struct json_value *number, struct error *err)
{
	uint64_t n;
	return json_u64(&n, number, (struct json_range){1, k->candidates_count}, err) &&
	       content_candidate(out, c, k, (size_t)n - 1, err);
}

static bool add_names(struct text *t, const struct content *c, const struct content_count *k,
                      const struct json_value *numbers, struct error *err)
{
	size_t count;
	if (!json_items(&count, numbers, CONTENT_ANY, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *name;
		if (!numbered_name(&name, c, k, json_item(numbers, i), err))
			return false;
		text_add(t, i == 0 ? "" : i + 1 == count ? " and " : ", ");
		text_add(t, name);
	}
	return true;
}

/* --- what happened --- */

static const char *const actions[] = {"first", "surplus", "exclusion", "election", "round", "end"};

static bool add_action(struct text *t, const struct content *c, const struct content_count *k,
                       const struct json_value *stage, struct error *err)
{
	static const char *const before[] = {"Votes counted", "Surplus of ",   "", "",
	                                     "Counted anew",  "Count complete"};
	static const char *const after[] = {
		"", " transferred: ", " excluded, votes transferred: ", " elected", "", ""};
	const struct json_value *who;
	const char *amount;
	unsigned action;
	size_t count;
	if (!json_need_choice(&action, stage, "action", JSON_NAMES(actions), err) ||
	    !content_items(&who, &count, stage, "candidates", err) ||
	    !content_text(&amount, c, stage, "amount", err))
		return false;
	text_add(t, before[action]);
	text_add(t, action == 4 && count > 0 ? " between " : "");
	if (!add_names(t, c, k, who, err))
		return false;
	text_add(t, after[action]);
	text_add(t, action == 1 || action == 2 ? amount : "");
	return true;
}

static bool add_tie(struct text *t, const struct content *c, const struct content_count *k,
                    const struct json_value *stage, struct error *err)
{
	static const char *const ties[] = {"none", "earlier stage", "rule", "lot"};
	static const char *const by[] = {"", "an earlier stage", "the rule's own order",
	                                 "the declared lot"};
	const struct json_value *tied;
	unsigned tie;
	if (!json_need_choice(&tie, stage, "tie", JSON_NAMES(ties), err) ||
	    !json_need(&tied, stage, "tied", err))
		return false;
	if (tie == 0)
		return true;
	text_add(t, "; a tie of ");
	if (!add_names(t, c, k, tied, err))
		return false;
	text_add(t, ": decided by ");
	text_add(t, by[tie]);
	return true;
}

static bool draw_stages(struct paper *p, const struct content *c, const struct content_count *k,
                        struct error *err)
{
	static const struct paper_column columns[] = {{"stage", 50, true},
	                                              {"what happened", 445, false}};
	paper_table_begin(p, "What happened", columns, 2);
	for (size_t i = 0; i < k->stages_count; i++) {
		char room[SENTENCE_BYTES];
		struct text t = TEXT_OF(room);
		const char *cells[2] = {content_number(c, i + 1, err), NULL};
		if (!cells[0] || !add_action(&t, c, k, json_item(k->stages, i), err) ||
		    !add_tie(&t, c, k, json_item(k->stages, i), err) ||
		    !(cells[1] = content_printable(c, bytes_of(room, t.len), err)))
			return false;
		paper_table_row(p, cells, 0);
	}
	paper_table_end(p);
	return true;
}

/* --- numbers --- */

static bool draw_elected(struct paper *p, const struct content *c, const struct content_count *k,
                         struct error *err)
{
	static const struct paper_column columns[] = {
		{"order", 50, true}, {"name", 315, false}, {"stage", 130, false}};
	const struct json_value *elected, *who;
	size_t count;
	if (!content_items(&elected, &count, k->json, "elected", err))
		return false;
	if (count == 0)
		paper_paragraph(p, "Nobody is elected.");
	else
		paper_table_begin(p, "Elected", columns, 3);
	for (size_t i = 0; i < count; i++) {
		const struct json_value *seat = json_item(elected, i);
		const char *cells[3] = {content_number(c, i + 1, err)};
		char room[64];
		struct text t = TEXT_OF(room);
		uint64_t stage;
		bool without;
		if (!cells[0] || !json_need(&who, seat, "candidate", err) ||
		    !numbered_name(&cells[1], c, k, who, err) ||
		    !json_need_u64(&stage, seat, "stage", CONTENT_VOTES, err) ||
		    !json_need_flag(&without, seat, "without_quota", err))
			return false;
		text_add_u64(&t, stage);
		text_add(&t, without ? ", without the quota" : "");
		cells[2] = room;
		paper_table_row(p, cells, 1);
	}
	if (count > 0)
		paper_table_end(p);
	return true;
}

static bool draw_candidates(struct paper *p, const struct content *c, const struct content_count *k,
                            struct error *err)
{
	static const struct paper_column columns[] = {{"name", 215, false},
	                                              {"votes at the end", 140, true},
	                                              {"status", 90, false},
	                                              {"place", 50, true}};
	const struct json_value *places, *tallies, *last = json_item(k->stages, k->stages_count - 1);
	size_t places_count, tallies_count;
	if (!content_items(&places, &places_count, k->json, "places", err) ||
	    !content_items(&tallies, &tallies_count, last, "tallies", err))
		return false;
	if (tallies_count != k->candidates_count ||
	    (places_count > 0 && places_count != k->candidates_count))
		return json_refuse(last, ERROR_MALFORMED, "report: not as many numbers as candidates", err);
	paper_table_begin(p, "Candidates", columns, places_count > 0 ? 4 : 3);
	for (size_t i = 0; i < k->candidates_count; i++) {
		const char *cells[4] = {NULL, NULL, NULL, ""};
		uint64_t place = 0;
		if (!content_candidate(&cells[0], c, k, i, err) ||
		    !content_item(&cells[1], c, tallies, i, err) ||
		    !content_text(&cells[2], c, json_item(k->candidates, i), "status", err) ||
		    (places_count > 0 && !json_u64(&place, json_item(places, i), CONTENT_VOTES, err)) ||
		    (place > 0 && !(cells[3] = content_number(c, place, err))))
			return false;
		paper_table_row(p, cells, 0);
	}
	paper_table_end(p);
	return true;
}

/* --- a question --- */

static bool draw_facts(struct paper *p, const struct content *c, const struct content_count *k,
                       struct error *err)
{
	static const struct paper_column columns[] = {{"what", 145, false}, {"value", 350, false}};
	static const char *const keys[] = {"seats", "valid", "blank"};
	static const char *const names[] = {"Seats", "Valid ballots", "Blank ballots"};
	const struct json_value *quota;
	const char *cells[2] = {"Rule", NULL};
	if (!content_text(&cells[1], c, k->json, "rule", err) ||
	    !json_need(&quota, k->json, "quota", err))
		return false;
	paper_table_begin(p, "Summary", columns, 2);
	paper_table_row(p, cells, 0);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t v;
		cells[0] = names[i];
		if (!json_need_u64(&v, k->json, keys[i], CONTENT_VOTES, err) ||
		    !(cells[1] = content_number(c, v, err)))
			return false;
		paper_table_row(p, cells, 0);
	}
	cells[0] = "Quota";
	if (json_kind_of(quota) != JSON_KIND_NULL) {
		if (!content_text(&cells[1], c, k->json, "quota", err))
			return false;
		paper_table_row(p, cells, 0);
	}
	paper_table_end(p);
	return true;
}

static bool draw_count(struct paper *p, const struct content *c, const struct json_value *json,
                       struct error *err)
{
	struct content_count k = {.json = json};
	const struct json_range some = {1, CONTENT_ANY.max};
	if (!json_need(&k.candidates, json, "candidates", err) ||
	    !json_items(&k.candidates_count, k.candidates, some, err) ||
	    !json_need(&k.stages, json, "stages", err) ||
	    !json_items(&k.stages_count, k.stages, some, err))
		return false;
	return draw_facts(p, c, &k, err) && draw_elected(p, c, &k, err) &&
	       draw_candidates(p, c, &k, err) && draw_stages(p, c, &k, err) &&
	       content_draw_votes(p, c, &k, err) && content_draw_tables(p, c, &k, err);
}

/* Of a record: how many ballots were what. */
static bool draw_verdicts(struct paper *p, const struct content *c,
                          const struct json_value *question, struct error *err)
{
	static const struct paper_column columns[] = {{"kind", 245, false}, {"ballots", 120, true}};
	const struct json_value *verdicts;
	size_t count;
	if (!json_need(&verdicts, question, "verdicts", err) || !json_members(&count, verdicts, err))
		return false;
	paper_table_begin(p, "All ballots", columns, 2);
	for (size_t i = 0; i < count; i++) {
		uint64_t v;
		const char *cells[2] = {content_printable(c, json_key(json_item(verdicts, i)), err), NULL};
		if (!cells[0] || !json_u64(&v, json_item(verdicts, i), CONTENT_VOTES, err) ||
		    !(cells[1] = content_number(c, v, err)))
			return false;
		paper_table_row(p, cells, 0);
	}
	paper_table_end(p);
	return true;
}

static bool draw_written(struct paper *p, const struct content *c,
                         const struct json_value *question, struct error *err)
{
	static const struct paper_column columns[] = {{"text", 245, false}, {"votes", 120, true}};
	const struct json_value *written;
	size_t count;
	if (!json_maybe(&written, question, "write_ins", err))
		return false;
	if (!written)
		return true;
	if (!json_items(&count, written, CONTENT_ANY, err))
		return false;
	if (count > 0)
		paper_table_begin(p, "Written in", columns, 2);
	for (size_t i = 0; i < count; i++) {
		uint64_t v;
		const char *cells[2];
		if (!content_text(&cells[0], c, json_item(written, i), "text", err) ||
		    !json_need_u64(&v, json_item(written, i), "weight", CONTENT_VOTES, err) ||
		    !(cells[1] = content_number(c, v, err)))
			return false;
		paper_table_row(p, cells, 0);
	}
	if (count > 0)
		paper_table_end(p);
	return true;
}

static bool draw_question(struct paper *p, const struct content *c,
                          const struct json_value *question, struct error *err)
{
	const struct json_value *count;
	const char *title;
	if (!json_need(&count, question, "count", err))
		return false;
	bool counted = json_kind_of(count) != JSON_KIND_NULL;
	if (!content_text(&title, c, counted ? count : question, counted ? "title" : "id", err))
		return false;
	paper_heading(p, 2, title[0] ? title : "Count");
	if (!counted)
		paper_paragraph(p, "No valid ballots: nobody is elected.");
	return (!counted || draw_count(p, c, count, err)) && draw_verdicts(p, c, question, err) &&
	       draw_written(p, c, question, err);
}

/* --- the whole --- */

/* NULL where the document is one count. */
static bool find_questions(const struct json_value **out, size_t *count, const struct content *c,
                           struct error *err)
{
	*count = 0;
	return json_maybe(out, c->root, "questions", err) &&
	       (!*out || json_items(count, *out, QUESTIONS, err));
}

bool content_title(const char **out, const struct content *c, struct error *err)
{
	const struct json_value *questions, *count = c->root;
	size_t number;
	*out = c->title;
	if (c->title)
		return (*out = content_printable(c, bytes_of_text(c->title), err)) != NULL;
	if (!find_questions(&questions, &number, c, err) ||
	    (questions && !json_need(&count, json_item(questions, 0), "count", err)))
		return false;
	if (json_kind_of(count) != JSON_KIND_NULL && !content_text(out, c, count, "title", err))
		return false;
	if (!*out || !(*out)[0])
		*out = "Result of the count";
	return true;
}

static bool draw_origin(struct paper *p, const struct content *c, bool record, struct error *err)
{
	char room[256];
	struct text t = TEXT_OF(room);
	const char *eid;
	if (c->date) {
		text_add(&t, "Date: ");
		text_add(&t, c->date);
		paper_paragraph(p, room);
	}
	if (record) {
		if (!content_text(&eid, c, c->root, "eid", err))
			return false;
		paper_paragraph(p, "Election:");
		paper_paragraph(p, eid);
	}
	paper_paragraph(p, record ? "Made from a file of this SHA-256; whether it is the result of the "
	                            "election is for urna verify to say:"
	                          : "Made from a file of this SHA-256:");
	paper_paragraph(p, c->digest);
	return true;
}

bool content_draw(struct paper *p, const struct content *c, struct error *err)
{
	const struct json_value *questions;
	const char *title;
	size_t count;
	if (!content_title(&title, c, err) || !find_questions(&questions, &count, c, err))
		return false;
	paper_heading(p, 1, title);
	if (!draw_origin(p, c, questions != NULL, err))
		return false;
	if (!questions)
		return draw_count(p, c, c->root, err);
	for (size_t i = 0; i < count; i++)
		if (!draw_question(p, c, json_item(questions, i), err))
			return false;
	return true;
}
