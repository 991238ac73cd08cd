/* SPDX-License-Identifier: Apache-2.0 */
/* apply_modifications: who stands, for how many seats, by which rule. */
#include "results/pattern_internal.h"
#include "results/pipes_internal.h"

enum action {
	WITHDRAW,
	REMOVE,
	SEATS,
	LEAVE_OUT,
	MIN,
	MAX,
	TITLE,
	RULE,
};
static const char *const actions[] = {
	"withdraw-candidates", "remove-candidates", "modify-number-of-winners",
	"dont-tally-question", "set-min",           "set-max",
	"set-title",           "set-tally-type",
};

enum policy { MATCH, NOT_MATCH, WINNERS };
static const char *const withdraw_policies[] = {"match", "not-match",
                                                "withdraw-winners-by-name-from-other-question"};
static const char *const remove_policies[] = {"match", "not-match",
                                              "remove-winners-by-name-from-other-question"};
static const char *const fields[] = {"text", "category", "id"};
enum field { FIELD_TEXT, FIELD_TEAM, FIELD_ID };

struct modification {
	enum action action;
	unsigned question;
	enum policy policy;
	enum field field;
	bytes pattern;
	unsigned other; /* of WINNERS: who wins `question` is withdrawn in this one */
	uint64_t number;
	bytes text;
	struct count_rule rule;
};
struct modifications {
	struct modification *list;
	size_t count;
};

/* --- reading --- */

static bool read_whom(struct modification *m, const struct json_value *v, struct arena *a,
                      struct error *err)
{
	static const char *const known_match[] = {"question_index", "action", "policy",
	                                          "regex",          "field",  "help"};
	static const char *const known_other[] = {"question_index", "action", "policy",
	                                          "dest_question_index", "help"};
	unsigned policy, field;
	struct json_names policies =
		m->action == WITHDRAW ? JSON_NAMES(withdraw_policies) : JSON_NAMES(remove_policies);
	if (!json_need_choice(&policy, v, "policy", policies, err))
		return false;
	m->policy = (enum policy)policy;
	if (m->policy == WINNERS)
		return json_only(v, JSON_NAMES(known_other), err) &&
		       pipe_need_index(&m->other, v, "dest_question_index", err);
	const struct json_value *regex;
	if (!json_only(v, JSON_NAMES(known_match), err) ||
	    !json_need_choice(&field, v, "field", JSON_NAMES(fields), err) ||
	    !json_need(&regex, v, "regex", err) || !pipe_text(&m->pattern, regex, a, err))
		return false;
	m->field = (enum field)field;
	struct error wrong;
	error_clear(&wrong);
	return pattern_check(m->pattern, &wrong) || json_refuse(regex, wrong.kind, wrong.what, err);
}

static bool read_seats(struct modification *m, const struct json_value *v, struct error *err)
{
	static const char *const known[] = {"question_index", "action", "num_winners", "policy",
	                                    "help"};
	const struct json_value *policy;
	return json_only(v, JSON_NAMES(known), err) && json_maybe(&policy, v, "policy", err) &&
	       (!policy ||
	        json_refuse_because(policy, ERROR_REJECTED, "pipeline: Urna does not do this",
	                            "votes are judged by the maximum that voters were told; set-max "
	                            "can lower it",
	                            err)) &&
	       json_need_u64(&m->number, v, "num_winners", (struct json_range){1, LIMIT_ANSWERS}, err);
}

static bool read_rule(struct modification *m, const struct json_value *v, struct arena *a,
                      struct error *err)
{
	static const char *const known[] = {"question_index", "action", "tally-type", "help"};
	struct error wrong;
	const struct json_value *type;
	error_clear(&wrong);
	if (!json_only(v, JSON_NAMES(known), err) || !json_need(&type, v, "tally-type", err) ||
	    !pipe_text(&m->text, type, a, err))
		return false;
	return count_rule_read(&m->rule, m->text, &wrong) ||
	       json_refuse_because(type, wrong.kind, wrong.what, wrong.detail, err);
}

static bool read_number(struct modification *m, const struct json_value *v, const char *key,
                        struct error *err)
{
	const char *const known[] = {"question_index", "action", key, "help"};
	return json_only(v, JSON_NAMES(known), err) &&
	       json_need_u64(&m->number, v, key, (struct json_range){0, LIMIT_ANSWERS}, err);
}

static bool read_modification(struct modification *m, const struct json_value *v, struct arena *a,
                              struct error *err)
{
	static const char *const known_title[] = {"question_index", "action", "title", "help"};
	static const char *const known_alone[] = {"question_index", "action", "help"};
	unsigned action;
	*m = (struct modification){0};
	if (!json_need_choice(&action, v, "action", JSON_NAMES(actions), err) ||
	    !pipe_need_index(&m->question, v, "question_index", err))
		return false;
	m->action = (enum action)action;
	switch (m->action) {
	case WITHDRAW:
	case REMOVE:
		return read_whom(m, v, a, err);
	case SEATS:
		return read_seats(m, v, err);
	case LEAVE_OUT:
		return json_only(v, JSON_NAMES(known_alone), err);
	case MIN:
		return read_number(m, v, "min", err);
	case MAX:
		return read_number(m, v, "max", err);
	case TITLE:
		return json_only(v, JSON_NAMES(known_title), err) &&
		       pipe_need_text(&m->text, v, "title", a, err);
	case RULE:
		return read_rule(m, v, a, err);
	}
	return false;
}

static bool modifications_read(void **out, const struct json_value *params, struct arena *a,
                               struct error *err)
{
	static const char *const known[] = {"modifications", "help"};
	const struct json_value *list;
	struct modifications *p = arena_take_array(a, 1, struct modifications, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !json_need(&list, params, "modifications", err) ||
	    !json_items(&p->count, list, (struct json_range){0, LIMIT_ANSWERS}, err) ||
	    !(p->list = arena_take_array(a, p->count, struct modification, err)))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!read_modification(&p->list[i], json_item(list, i), a, err))
			return false;
	return true;
}

/* --- who goes --- */

static bool let_go(struct results *r, struct results_question *q, const struct modification *m,
                   size_t candidate, const char *why, struct error *err)
{
	if (m->action == WITHDRAW)
		return question_withdraw(r, q, candidate, why, err);
	if (q->candidates_count == 1) {
		fail(err, ERROR_REJECTED, "pipeline: nobody would be left; withdraw-candidates keeps them",
		     ERROR_NOWHERE);
		return question_fail(q, err);
	}
	return question_remove(r, q, candidate, why, err);
}

static bool matches(const struct modification *m, const struct results_question *q, size_t i)
{
	char room[24];
	struct text id = TEXT_OF(room);
	text_add_u64(&id, i);
	bytes text = m->field == FIELD_TEXT   ? q->candidates[i].name
	             : m->field == FIELD_TEAM ? q->candidates[i].team
	                                      : bytes_of(room, id.len);
	return pattern_matches(m->pattern, text) == (m->policy == MATCH);
}

/* From the last to the first: a removed one moves those behind it. */
static bool match_candidates(struct results *r, struct results_question *q,
                             const struct modification *m, struct error *err)
{
	char room[LIMIT_TEXT_BYTES + 64];
	struct text why = TEXT_OF(room);
	text_add(&why, fields[m->field]);
	text_add(&why, m->policy == MATCH ? " matches " : " does not match ");
	text_add_bytes(&why, m->pattern);
	for (size_t i = q->candidates_count; i-- > 0;)
		if (matches(m, q, i) && !let_go(r, q, m, i, room, err))
			return false;
	return true;
}

static bool winners_go(struct results *r, struct results_question *q, const struct modification *m,
                       struct error *err)
{
	uint16_t winners[LIMIT_ANSWERS];
	char room[LIMIT_TEXT_BYTES + 64];
	struct text why = TEXT_OF(room);
	struct results_question *other;
	if (!pipe_question(&other, r, m->other, err) || !results_evaluate(r, q, err))
		return false;
	if (other == q) {
		fail(err, ERROR_REJECTED, "pipeline: dest_question_index is the question itself", m->other);
		return question_fail(q, err);
	}
	text_add(&why, "has a seat of question ");
	text_add_bytes(&why, q->id);
	size_t n = results_winners(winners, q);
	for (size_t i = 0; i < n; i++) {
		uint16_t who = question_find(other, q->candidates[winners[i]].name);
		if (who != RESULTS_NOBODY && !let_go(r, other, m, who, room, err))
			return false;
	}
	return true;
}

/* --- min and max --- */

static size_t paper_length(const struct results_part *p, size_t i)
{
	return p->starts[i + 1] - p->starts[i];
}

/* The part without papers of other lengths; their weight goes to `v`. */
static bool shorten_part(uint64_t *moved, struct results *r, struct results_part *p,
                         const struct results_question *q, enum verdict v, struct error *err)
{
	struct results_part kept = *p;
	kept.papers_count = 0;
	if (!(kept.weights = arena_take_array(r->arena, p->papers_count, uint32_t, err)) ||
	    !(kept.starts = arena_take_array(r->arena, p->papers_count + 1, uint32_t, err)) ||
	    !(kept.choices = arena_take_array(r->arena, p->choices_room, uint32_t, err)) ||
	    (p->values && !(kept.values = arena_take_array(r->arena, p->choices_room, uint32_t, err))))
		return false;
	kept.starts[0] = 0;
	for (size_t i = 0; i < p->papers_count; i++) {
		size_t length = paper_length(p, i), n = kept.papers_count;
		if (length > q->max || length < q->min) {
			*moved += p->weights[i];
			kept.verdicts[VERDICT_VALID] -= p->weights[i];
			kept.verdicts[v] += p->weights[i];
			continue;
		}
		memcpy(kept.choices + kept.starts[n], p->choices + p->starts[i],
		       length * sizeof *kept.choices);
		if (p->values)
			memcpy(kept.values + kept.starts[n], p->values + p->starts[i],
			       length * sizeof *kept.values);
		kept.weights[n] = p->weights[i];
		kept.starts[n + 1] = kept.starts[n] + (uint32_t)length;
		kept.papers_count++;
	}
	*p = kept;
	return true;
}

/* Texts count on valid votes only. */
static void weigh_texts(struct results_question *q)
{
	for (size_t i = 0; i < q->options_count; i++)
		q->options[i].weight = 0;
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		for (size_t k = 0; k < p->papers_count; k++)
			for (uint32_t c = p->starts[k]; c < p->starts[k + 1]; c++) {
				struct results_option *o = &q->options[p->base + p->choices[c]];
				o->weight += o->written ? p->weights[k] : 0;
			}
	}
}

static bool set_bound(struct results *r, struct results_question *q, const struct modification *m,
                      struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	uint64_t moved = 0;
	bool max = m->action == MAX;
	if (max ? m->number > q->max || m->number < q->min || m->number == 0
	        : m->number < q->min || m->number > q->max) {
		fail(err, ERROR_REJECTED,
		     "pipeline: votes were judged by the bounds that voters were told; a smaller max or a "
		     "larger min makes some invalid, the reverse makes none valid",
		     m->number);
		return question_fail(q, err);
	}
	uint32_t before = max ? q->max : q->min;
	*(max ? &q->max : &q->min) = (uint32_t)m->number;
	for (size_t i = 0; i < q->parts_count; i++)
		if (q->parts[i].source == RESULTS_OPENED &&
		    !shorten_part(&moved, r, &q->parts[i], q, max ? VERDICT_TOO_MANY : VERDICT_TOO_FEW,
		                  err))
			return false;
	weigh_texts(q);
	question_stale(q);
	text_add(&t, max ? "max is " : "min is ");
	text_add_u64(&t, m->number);
	text_add(&t, ", not ");
	text_add_u64(&t, before);
	text_add(&t, ": ");
	text_add_votes(&t, moved);
	text_add(&t, " became invalid");
	return results_note(r, q, &t, err);
}

/* --- the rest --- */

static bool set_seats(struct results *r, struct results_question *q, const struct modification *m,
                      struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, m->number);
	text_add(&t, m->number == 1 ? " seat, not " : " seats, not ");
	text_add_u64(&t, q->seats);
	q->seats = (uint32_t)m->number;
	question_stale(q);
	return results_note(r, q, &t, err);
}

static bool set_text(struct results *r, struct results_question *q, const struct modification *m,
                     struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	bool rule = m->action == RULE;
	const struct count_method *method = m->rule.method;
	if (rule && method->ballot != q->kind && !(method->also >> q->kind & 1)) {
		fail_detail(err, ERROR_REJECTED, "pipeline: this rule does not count what people voted",
		            ERROR_NOWHERE, profile_kind_name(q->kind));
		return question_fail(q, err);
	}
	text_add(&t, rule ? "counted by " : "the title is '");
	text_add_bytes(&t, m->text);
	text_add(&t, rule ? ", not by " : "', not '");
	text_add_bytes(&t, rule ? bytes_of_text(q->rule.text) : q->title);
	text_add(&t, rule ? "" : "'");
	if (rule) {
		struct count_rule old = q->rule;
		q->rule = m->rule;
		q->rule.lot = old.lot;
		q->rule.lot_count = old.lot_count;
	} else {
		q->title = m->text;
	}
	question_stale(q);
	return results_note(r, q, &t, err);
}

static bool leave_out(struct results *r, struct results_question *q, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	struct results_totals of = results_totals(q);
	text_add(&t, "this question is not tallied; ");
	text_add_votes(&t, of.valid + of.blank + of.invalid);
	text_add(&t, " had been counted for it before");
	q->left_out = true;
	question_stale(q);
	return results_note(r, q, &t, err);
}

static bool modify(struct results *r, const struct modification *m, struct error *err)
{
	struct results_question *q;
	if (!pipe_question(&q, r, m->question, err))
		return false;
	switch (m->action) {
	case WITHDRAW:
	case REMOVE:
		return m->policy == WINNERS ? winners_go(r, q, m, err) : match_candidates(r, q, m, err);
	case SEATS:
		return set_seats(r, q, m, err);
	case LEAVE_OUT:
		return leave_out(r, q, err);
	case MIN:
	case MAX:
		return set_bound(r, q, m, err);
	case TITLE:
	case RULE:
		return set_text(r, q, m, err);
	}
	return false;
}

static bool modifications_apply(struct results *r, const void *params, struct error *err)
{
	const struct modifications *p = params;
	for (size_t i = 0; i < p->count; i++)
		if (!modify(r, &p->list[i], err))
			return fail_within_index(err, "modifications", i);
	return true;
}

const struct pipe pipe_apply_modifications = {
	"apply_modifications",
	"modifications",
	"withdraw or remove candidates; change seats, rule, title, bounds",
	modifications_read,
	modifications_apply,
};
