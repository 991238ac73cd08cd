/* SPDX-License-Identifier: Apache-2.0 */
/* do_tallies, sort_non_iterative, withdraw_candidates: which votes count, and ties among them. */
#include "results/pipes_internal.h"

/* --- do_tallies --- */

struct do_tallies {
	struct pipe_questions questions;
	bool refuse_empty;
};

/* One tally, that of the record: [0] says the same. */
static bool read_tallies_indexes(const struct json_value *params, struct error *err)
{
	const struct json_value *list;
	size_t count;
	uint64_t v;
	return json_maybe(&list, params, "tallies_indexes", err) &&
	       (!list || json_kind_of(list) == JSON_KIND_NULL ||
	        (json_items(&count, list, (struct json_range){1, 1}, err) &&
	         json_u64(&v, json_item(list, 0), (struct json_range){0, 0}, err)));
}

static bool do_tallies_read(void **out, const struct json_value *params, struct arena *a,
                            struct error *err)
{
	static const char *const known[] = {"question_indexes",
	                                    "ignore_invalid_votes",
	                                    "allow_empty_tally",
	                                    "tallies_indexes",
	                                    "reuse_results",
	                                    "print_as_csv",
	                                    "help"};
	const struct json_value *empty;
	struct do_tallies *p = arena_take_array(a, 1, struct do_tallies, err);
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !pipe_read_questions(&p->questions, params, err) || !read_tallies_indexes(params, err) ||
	    !pipe_refuse_flag(params, "ignore_invalid_votes", true,
	                      "invalid votes are told by reason and do not stop a count", err) ||
	    !pipe_refuse_flag(params, "reuse_results", false, "the votes are counted each time", err) ||
	    !pipe_refuse_flag(params, "print_as_csv", false, "urna results --format csv", err) ||
	    !json_maybe(&empty, params, "allow_empty_tally", err))
		return false;
	bool allowed = true;
	if (empty && !json_flag(&allowed, empty, err))
		return false;
	p->refuse_empty = !allowed;
	*out = p;
	return true;
}

static bool note_part(struct results *r, const struct results_question *q,
                      const struct results_part *p, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	struct results_totals of = results_part_totals(p);
	text_add_votes(&t, of.valid + of.blank + of.invalid);
	text_add(&t, " opened");
	if (p->name.len > 0) {
		text_add(&t, " in ");
		text_add_bytes(&t, p->name);
	}
	text_add(&t, ": ");
	text_add_u64(&t, of.valid);
	text_add(&t, " valid, ");
	text_add_u64(&t, of.blank);
	text_add(&t, " blank, ");
	text_add_u64(&t, of.invalid);
	text_add(&t, " invalid");
	return results_note(r, q, &t, err);
}

static bool tally(struct results *r, struct results_question *q, bool refuse_empty,
                  struct error *err)
{
	uint64_t votes = 0;
	for (size_t i = 0; i < q->parts_count; i++) {
		struct results_part *p = &q->parts[i];
		struct results_totals of = results_part_totals(p);
		votes += of.valid + of.blank + of.invalid;
		if (p->counted || p->source != RESULTS_OPENED)
			continue;
		p->counted = true;
		question_stale(q);
		if (!note_part(r, q, p, err))
			return false;
	}
	if (votes == 0 && refuse_empty && !r->dry) {
		fail(err, ERROR_REJECTED, "pipeline: there are no votes, and allow_empty_tally is false",
		     ERROR_NOWHERE);
		return question_fail(q, err);
	}
	return true;
}

static bool do_tallies_apply(struct results *r, const void *params, struct error *err)
{
	const struct do_tallies *p = params;
	if (!pipe_check_questions(&p->questions, r, err))
		return false;
	for (size_t i = 0; i < r->questions_count; i++)
		if (pipe_is_for(&p->questions, r, i) && !tally(r, &r->questions[i], p->refuse_empty, err))
			return false;
	return true;
}

const struct pipe pipe_do_tallies = {
	"do_tallies",
	"results",
	"count the opened votes of the questions, all areas together",
	do_tallies_read,
	do_tallies_apply,
};

/* --- sort_non_iterative --- */

struct sorting {
	struct pipe_questions questions;
	struct pipe_items withdrawals, ties;
};

static bool sort_read(void **out, const struct json_value *params, struct arena *a,
                      struct error *err)
{
	static const char *const known[] = {"question_indexes", "withdrawals", "ties_sorting", "help"};
	struct sorting *p = arena_take_array(a, 1, struct sorting, err);
	*out = p;
	return p && json_only(params, JSON_NAMES(known), err) &&
	       pipe_read_questions(&p->questions, params, err) &&
	       pipe_read_items(&p->withdrawals, params, "withdrawals", a, err) &&
	       pipe_read_items(&p->ties, params, "ties_sorting", a, err);
}

static bool find_item(struct results_question **q, uint16_t *candidate, const struct results *r,
                      const struct pipe_item *item, struct error *err)
{
	if (!pipe_question(q, r, item->question, err) ||
	    !pipe_candidate(candidate, *q, item->text, err))
		return false;
	if (!item->has_id ||
	    (item->id < (*q)->options_count && bytes_equal((*q)->options[item->id].name, item->text)))
		return true;
	fail_detail(err, ERROR_REJECTED, "pipeline: answer_id is not the number of this answer",
	            item->id, (const char *)item->text.p);
	return question_fail(*q, err);
}

/* Its own room: the rule only borrows. */
static bool begin_lot(uint16_t **lot, struct results *r, struct results_question *q,
                      struct error *err)
{
	if (!(*lot = arena_take_array(r->arena, LIMIT_ANSWERS, uint16_t, err)))
		return false;
	if (q->rule.lot_count > 0)
		memcpy(*lot, q->rule.lot, q->rule.lot_count * sizeof **lot);
	q->rule.lot = *lot;
	return true;
}

static bool note_lot(struct results *r, const struct results_question *q, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "ties are decided in this order: ");
	for (size_t i = 0; i < q->rule.lot_count; i++) {
		text_add(&t, i > 0 ? ", " : "");
		text_add_bytes(&t, q->candidates[q->rule.lot[i]].name);
	}
	return results_note(r, q, &t, err);
}

/* The lot of one question: the items that name it, in their order, behind a lot that was declared
 * before: that stands, and lacks only who came by a pipe. */
static bool set_lot(struct results *r, unsigned index, const struct pipe_items *ties,
                    struct error *err)
{
	struct results_question *q = NULL;
	uint16_t *lot = NULL;
	for (size_t i = 0; i < ties->count; i++) {
		uint16_t who;
		if (ties->items[i].question != index)
			continue;
		if (!find_item(&q, &who, r, &ties->items[i], err) || (!lot && !begin_lot(&lot, r, q, err)))
			return false;
		for (size_t k = 0; k < q->rule.lot_count; k++)
			if (lot[k] == who) {
				fail_detail(err, ERROR_REJECTED,
				            "pipeline: ties_sorting names somebody who is in the declared lot, or "
				            "twice; a lot that was declared before the votes were opened stands",
				            i, (const char *)ties->items[i].text.p);
				return question_fail(q, err);
			}
		lot[q->rule.lot_count++] = who;
	}
	if (!lot)
		return true;
	question_stale(q);
	return note_lot(r, q, err);
}

static bool sort_apply(struct results *r, const void *params, struct error *err)
{
	const struct sorting *p = params;
	if (!pipe_check_questions(&p->questions, r, err))
		return false;
	for (size_t i = 0; i < p->withdrawals.count; i++) {
		struct results_question *q;
		uint16_t who;
		if (!find_item(&q, &who, r, &p->withdrawals.items[i], err) ||
		    !question_withdraw(r, q, who, "named in withdrawals", err))
			return false;
	}
	/* Items of questions that are none have been refused or are refused here. */
	for (size_t i = 0; i < p->ties.count; i++) {
		struct results_question *q;
		uint16_t who;
		if (!find_item(&q, &who, r, &p->ties.items[i], err))
			return false;
	}
	for (unsigned i = 0; i < r->questions_count; i++)
		if (!set_lot(r, i, &p->ties, err))
			return false;
	for (size_t i = 0; i < r->questions_count; i++)
		if (pipe_is_for(&p->questions, r, i) && !results_evaluate(r, &r->questions[i], err))
			return false;
	return true;
}

const struct pipe pipe_sort_non_iterative = {
	"sort_non_iterative",
	"sort",
	"who is elected; candidates withdrawn; the order for ties",
	sort_read,
	sort_apply,
};

/* --- withdraw_candidates --- */

struct withdrawing {
	size_t count;
	struct {
		unsigned question;
		uint64_t percent; /* in 1/10000 of a percent */
		bytes text;       /* as it was given */
	} of[LIMIT_QUESTIONS];
};
#define PERCENT_UNIT 10000u

/* In 1/10000 of a percent; false: not a percentage. */
static bool parse_percent(uint64_t *out, bytes text)
{
	uint64_t v = 0;
	unsigned decimals = 0;
	bool behind = false;
	if (text.len == 0 || text.len > 8 || text.p[0] == '.' || text.p[text.len - 1] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.p[i];
		if (c == '.' && !behind) {
			behind = true;
			continue;
		}
		if (c < '0' || c > '9' || decimals == 4)
			return false;
		decimals += behind;
		v = v * 10 + (c - '0');
	}
	for (; decimals < 4; decimals++)
		v *= 10;
	*out = v;
	return v <= 100 * PERCENT_UNIT;
}

/* 5, or "40.05" with up to four decimals: the document has no fractions. */
static bool read_percent(uint64_t *out, bytes *text, const struct json_value *v, struct arena *a,
                         struct error *err)
{
	if (json_kind_of(v) == JSON_KIND_INTEGER) {
		uint64_t whole;
		char *room = arena_take_array(a, 24, char, err);
		if (!room || !json_u64(&whole, v, (struct json_range){0, 100}, err))
			return false;
		struct text t = {room, 24, 0, false};
		text_add_u64(&t, whole);
		*text = bytes_of(room, t.len);
		*out = whole * PERCENT_UNIT;
		return true;
	}
	return pipe_text(text, v, a, err) &&
	       (parse_percent(out, *text) ||
	        json_refuse_because(v, ERROR_MALFORMED, "pipeline: not a percentage",
	                            "0 to 100, or a text like \"40.05\" with up to four decimals",
	                            err));
}

static bool read_withdrawing(struct withdrawing *p, size_t i, const struct json_value *v,
                             struct arena *a, struct error *err)
{
	static const char *const known[] = {"question_index", "policy", "min_percent", "help"};
	static const char *const policies[] = {"minimum-ballots-percent"};
	const struct json_value *percent;
	unsigned policy;
	return json_only(v, JSON_NAMES(known), err) &&
	       pipe_need_index(&p->of[i].question, v, "question_index", err) &&
	       json_need_choice(&policy, v, "policy", JSON_NAMES(policies), err) &&
	       json_need(&percent, v, "min_percent", err) &&
	       read_percent(&p->of[i].percent, &p->of[i].text, percent, a, err);
}

static bool withdraw_read(void **out, const struct json_value *params, struct arena *a,
                          struct error *err)
{
	static const char *const known[] = {"questions", "help"};
	const struct json_value *list;
	struct withdrawing *p = arena_take_array(a, 1, struct withdrawing, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !json_need(&list, params, "questions", err) ||
	    !json_items(&p->count, list, (struct json_range){1, LIMIT_QUESTIONS}, err))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!read_withdrawing(p, i, json_item(list, i), a, err))
			return false;
	return true;
}

/* A sheet of points does not say on how many votes somebody is. */
static bool check_known(const struct results_question *q, struct error *err)
{
	for (size_t i = 0; i < q->parts_count; i++)
		if (q->parts[i].counted && q->parts[i].source == RESULTS_SHEET && q->parts[i].values) {
			fail_detail(
				err, ERROR_REJECTED,
				"pipeline: on how many votes a candidate is cannot be known from this tally "
				"sheet of points",
				i, (const char *)q->parts[i].name.p);
			return question_fail(q, err);
		}
	return true;
}

static bool withdraw_apply(struct results *r, const void *params, struct error *err)
{
	const struct withdrawing *p = params;
	for (size_t i = 0; i < p->count; i++) {
		struct results_question *q;
		char room[128];
		struct text why = TEXT_OF(room);
		if (!pipe_question(&q, r, p->of[i].question, err) || !check_known(q, err))
			return false;
		uint64_t valid = results_totals(q).valid;
		text_add(&why, "on fewer than ");
		text_add_bytes(&why, p->of[i].text);
		text_add(&why, " % of ");
		text_add_u64(&why, valid);
		text_add(&why, " valid votes");
		for (size_t c = 0; c < q->candidates_count; c++) {
			units naming = question_naming_counted(q, c);
			if (naming * 100 * PERCENT_UNIT < (units)valid * (units)p->of[i].percent &&
			    !question_withdraw(r, q, c, room, err))
				return false;
		}
	}
	return true;
}

const struct pipe pipe_withdraw_candidates = {
	"withdraw_candidates",
	"withdraw_candidates",
	"withdraw candidates who are on too few of the valid votes",
	withdraw_read,
	withdraw_apply,
};
