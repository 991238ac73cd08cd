/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/read_internal.h"
#include "manifest/text_internal.h"

#define LAYOUT_MAX_BYTES 64u

/* A list of distinct answer numbers from 1; seen[answer] becomes its place in the list, from 1. */
static bool read_answer_numbers(uint16_t *seen, size_t *len, const struct json_value *list,
                                unsigned answers, struct reader *r)
{
	memset(seen, 0, answers * sizeof *seen);
	if (!json_items(len, list, (struct json_range){0, answers}, r->err))
		return false;
	for (size_t i = 0; i < *len; i++) {
		uint64_t number;
		const struct json_value *v = json_item(list, i);
		if (!json_u64(&number, v, (struct json_range){1, answers}, r->err))
			return false;
		if (seen[number - 1])
			return json_refuse(v, ERROR_REJECTED, "manifest: an answer is named twice", r->err);
		seen[number - 1] = (uint16_t)(i + 1);
	}
	return true;
}

static bool read_withdrawn(struct manifest_question *q, const struct json_value *v,
                           struct reader *r)
{
	const struct json_value *withdrawn;
	const unsigned n = q->choices.answers;
	uint16_t seen[LIMIT_ANSWERS];
	size_t len;
	if (!(q->withdrawn = arena_take_array(r->arena, n, bool, r->err)) ||
	    !json_maybe(&withdrawn, v, "withdrawn", r->err))
		return false;
	memset(q->withdrawn, 0, n * sizeof *q->withdrawn);
	if (!withdrawn)
		return true;
	if (!read_answer_numbers(seen, &len, withdrawn, n, r))
		return false;
	for (unsigned i = 0; i < n; i++)
		q->withdrawn[i] = seen[i] != 0;
	return true;
}

static bool read_lot(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	const struct json_value *lot;
	const unsigned n = q->choices.answers;
	uint16_t seen[LIMIT_ANSWERS];
	size_t len;
	if (!json_maybe(&lot, v, "lot", r->err))
		return false;
	if (!lot)
		return true;
	if (!read_answer_numbers(seen, &len, lot, n, r))
		return false;
	if (len != n)
		return json_refuse(lot, ERROR_REJECTED, "manifest: a lot orders every answer", r->err);
	uint16_t *order = arena_take_array(r->arena, n, uint16_t, r->err);
	if (!order)
		return false;
	for (uint16_t i = 0; i < n; i++)
		order[seen[i] - 1] = i;
	q->rule.lot = order;
	q->rule.lot_count = n;
	return true;
}

/* seen: the answers as people see them, so that no two look alike. */
static bool read_answer(struct manifest_question *q, bytes *seen, unsigned i,
                        const struct json_value *item, struct reader *r)
{
	bytes text;
	struct error why;
	error_clear(&why);
	if (!json_text(&text, item, LIMIT_TEXT_BYTES, r->err))
		return false;
	if (!text_check_line(text, &why))
		return json_refuse_because(item, why.kind, "manifest: an answer nobody can read", why.what,
		                           r->err);
	if (!keep_text(&q->answers[i], text, r) ||
	    !text_as_seen(&seen[i], q->answers[i], r->arena, r->err))
		return false;
	for (unsigned k = 0; k < i; k++)
		if (bytes_equal(seen[k], seen[i]))
			return json_refuse_because(item, ERROR_REJECTED, "manifest: two answers have one text",
			                           "blanks and invisible characters do not count", r->err);
	return true;
}

static bool read_answers(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	const struct json_value *list;
	unsigned n;
	if (!need_items(&list, &n, v, "answers", (struct json_range){1, LIMIT_ANSWERS}, r) ||
	    !(q->answers = arena_take_array(r->arena, n, bytes, r->err)))
		return false;
	bytes *seen = arena_take_array(r->arena, n, bytes, r->err);
	if (!seen)
		return false;
	q->choices.answers = n;
	for (unsigned i = 0; i < n; i++)
		if (!read_answer(q, seen, i, json_item(list, i), r))
			return false;
	q->choices.write_ins = 0;
	return maybe_unsigned(&q->choices.write_ins, v, "write_ins",
	                      (struct json_range){0, LIMIT_ANSWERS - n}, r);
}

static bool read_rule(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	const struct json_value *rule;
	bytes name;
	struct error why;
	error_clear(&why);
	if (!json_need_text(&name, v, "rule", LIMIT_TEXT_BYTES, r->err) ||
	    !json_need(&rule, v, "rule", r->err))
		return false;
	if (!count_rule_read(&q->rule, name, &why))
		return json_refuse_because(rule, ERROR_REJECTED, why.what, why.detail, r->err);
	if (!q->rule.method->twice)
		return json_refuse_because(rule, ERROR_REJECTED,
		                           "manifest: this rule counts files, but no elections yet",
		                           "only what both verifiers count can be verified", r->err);
	switch (q->rule.method->ballot) {
	case PROFILE_RANKING:
		q->choices.kind = CHOICES_RANKS;
		return true;
	case PROFILE_MARKS:
		q->choices.kind = CHOICES_MARKS;
		return true;
	case PROFILE_SCORES:
		q->choices.kind = CHOICES_POINTS;
		return true;
	case PROFILE_RANKS:
	case PROFILE_PAIRS:
		break;
	}
	return json_refuse(rule, ERROR_REJECTED, "manifest: ballots of this kind cannot be encrypted",
	                   r->err);
}

/* What a rule that counts points needs beside min and max; no other may have it. */
static bool read_points(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	const uint32_t most = q->choices.answers + q->choices.write_ins;
	if (q->choices.kind == CHOICES_POINTS)
		return need_unsigned(&q->choices.points, v, "points",
		                     (struct json_range){1, CHOICES_POINTS_MAX}, r) &&
		       maybe_unsigned(&q->choices.total, v, "total",
		                      (struct json_range){1, (uint64_t)q->choices.points * most}, r);
	const struct json_value *points, *total;
	return json_maybe(&points, v, "points", r->err) && json_maybe(&total, v, "total", r->err) &&
	       ((!points && !total) ||
	        json_refuse(v, ERROR_REJECTED,
	                    "manifest: points and total are for rules that count points", r->err));
}

/* One ballot with as many points as the question allows, for as few answers as possible. */
struct worst_ballot {
	uint32_t counts[1], starts[2], values[LIMIT_ANSWERS];
	uint16_t choices[LIMIT_ANSWERS];
};

static void make_worst(struct profile *p, struct worst_ballot *worst, const struct choices_rule *c)
{
	uint32_t named = 0, left = c->total > 0 ? c->total : UINT32_MAX;
	for (; named < c->answers && named < c->max && left > 0; named++) {
		worst->choices[named] = (uint16_t)named;
		worst->values[named] = c->points < left ? c->points : left;
		left -= worst->values[named];
	}
	worst->counts[0] = 1;
	worst->starts[0] = 0;
	worst->starts[1] = named;
	p->counts = worst->counts;
	p->starts = worst->starts;
	p->choices = worst->choices;
	p->values = worst->values;
	p->papers_count = p->ballots_count = 1;
	p->choices_count = named;
}

/* What the rule would refuse when all have voted is refused now. */
static bool check_rule(const struct manifest_question *q, const struct json_value *v,
                       struct reader *r)
{
	const struct count_method *m = q->rule.method;
	struct candidate candidates[LIMIT_ANSWERS];
	struct worst_ballot worst;
	uint32_t none = 0;
	struct profile p = {.candidates = candidates,
	                    .candidates_count = q->choices.answers,
	                    .seats = q->seats,
	                    .title = q->title,
	                    .starts = &none,
	                    .kind = m->ballot};
	struct error why;
	error_clear(&why);
	if (m->ranks_most > 0 && q->choices.max > m->ranks_most)
		return json_refuse_because(
			v, ERROR_REJECTED,
			"manifest: this rule counts no ballots with so many ranks; lower max", m->name, r->err);
	if (m->votes_most && (units)r->m->weight_max * LIMIT_BALLOTS > m->votes_most(&q->rule))
		return json_refuse_because(
			v, ERROR_REJECTED,
			"manifest: with such weights there can be more votes than the rule counts "
			"exactly; lower weight_max or the rule's precision",
			q->rule.text, r->err);
	for (size_t i = 0; i < p.candidates_count; i++)
		candidates[i] = (struct candidate){q->answers[i], q->withdrawn[i]};
	if (!m->check)
		return true;
	if (!m->check(&q->rule, &p, &why))
		return json_refuse_because(v, ERROR_REJECTED, why.what, why.detail, r->err);
	if (q->choices.kind != CHOICES_POINTS)
		return true;
	make_worst(&p, &worst, &q->choices);
	return m->check(&q->rule, &p, &why) ||
	       json_refuse_because(
			   v, ERROR_REJECTED,
			   "manifest: a ballot may give more points than the rule counts; lower "
			   "points or total, or change the rule",
			   q->rule.text, r->err);
}

static bool read_question(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {
		"id",      "title",        "description", "rule",      "seats",  "min",    "max",   "lot",
		"answers", "group_layout", "withdrawn",   "write_ins", "layout", "points", "total",
	};
	struct error why;
	error_clear(&why);
	if (!json_only(v, JSON_NAMES(keys), r->err) || !need_name(&q->id, v, "id", r) ||
	    !need_line(&q->title, v, "title", r) ||
	    !maybe_lines(&q->description, v, "description", r) ||
	    !maybe_line(&q->layout, v, "layout", LAYOUT_MAX_BYTES, r) ||
	    !maybe_line(&q->group_layout, v, "group_layout", LAYOUT_MAX_BYTES, r) ||
	    !read_rule(q, v, r) || !read_answers(q, v, r))
		return false;
	const unsigned n = q->choices.answers + q->choices.write_ins;
	if (!need_unsigned(&q->seats, v, "seats", (struct json_range){1, n}, r) ||
	    !need_unsigned(&q->choices.min, v, "min", (struct json_range){0, n}, r) ||
	    !need_unsigned(&q->choices.max, v, "max", (struct json_range){1, n}, r) ||
	    !read_points(q, v, r) || !read_withdrawn(q, v, r) || !read_lot(q, v, r))
		return false;
	return (choices_rule_check(&q->choices, &why) ||
	        json_refuse_because(v, ERROR_REJECTED, why.what, why.detail, r->err)) &&
	       check_rule(q, v, r);
}

bool read_questions(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	if (!need_items(&list, &m->questions_count, root, "questions",
	                (struct json_range){1, LIMIT_QUESTIONS}, r) ||
	    !(m->questions =
	          arena_take_array(r->arena, m->questions_count, struct manifest_question, r->err)))
		return false;
	memset(m->questions, 0, m->questions_count * sizeof *m->questions);
	for (unsigned i = 0; i < m->questions_count; i++) {
		const struct json_value *v = json_item(list, i);
		m->questions[i].group = UINT32_MAX;
		if (!read_question(&m->questions[i], v, r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->questions[k].id, m->questions[i].id))
				return json_refuse(v, ERROR_REJECTED, "manifest: two questions have one id",
				                   r->err);
	}
	return true;
}
