/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is of which team and gender, and the rules that give seats by them (count/seats/seats.h):
 * describe_candidates and seats, and Sequent's pipes for the same, each of which is one rule.
 * Several after one another are steps of one rule.
 */
#include "results/pipes_internal.h"

/* --- describe_candidates --- */

struct description {
	bytes name, team;
	bool has_team;
	enum seats_gender gender; /* SEATS_NO_GENDER: not said */
};
struct descriptions {
	unsigned question;
	struct description *list;
	size_t count;
};

static bool read_description(struct description *d, const struct json_value *v, struct arena *a,
                             struct error *err)
{
	static const char *const known[] = {"text", "team", "gender", "help"};
	static const char *const genders[] = {"woman", "man"};
	const struct json_value *team, *gender;
	unsigned g;
	*d = (struct description){0};
	if (!json_only(v, JSON_NAMES(known), err) || !pipe_need_text(&d->name, v, "text", a, err) ||
	    !json_maybe(&team, v, "team", err) || (team && !pipe_text(&d->team, team, a, err)) ||
	    !json_maybe(&gender, v, "gender", err) ||
	    (gender && !json_choice(&g, gender, JSON_NAMES(genders), err)))
		return false;
	d->has_team = team != NULL;
	if (gender)
		d->gender = g == 0 ? SEATS_WOMAN : SEATS_MAN;
	return true;
}

static bool describe_read(void **out, const struct json_value *params, struct arena *a,
                          struct error *err)
{
	static const char *const known[] = {"question_index", "candidates", "help"};
	const struct json_value *list;
	struct descriptions *p = arena_take_array(a, 1, struct descriptions, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !pipe_need_index(&p->question, params, "question_index", err) ||
	    !json_need(&list, params, "candidates", err) ||
	    !json_items(&p->count, list, (struct json_range){1, LIMIT_ANSWERS}, err) ||
	    !(p->list = arena_take_array(a, p->count, struct description, err)))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!read_description(&p->list[i], json_item(list, i), a, err))
			return false;
	return true;
}

static bool describe_apply(struct results *r, const void *params, struct error *err)
{
	const struct descriptions *p = params;
	struct results_question *q;
	if (!pipe_question(&q, r, p->question, err))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		uint16_t who;
		if (!pipe_candidate(&who, q, p->list[i].name, err))
			return false;
		if (p->list[i].has_team)
			q->candidates[who].team = p->list[i].team;
		if (p->list[i].gender != SEATS_NO_GENDER)
			q->candidates[who].gender = p->list[i].gender;
	}
	question_stale(q);
	return true;
}

const struct pipe pipe_describe_candidates = {
	"describe_candidates", NULL, "teams and genders of candidates", describe_read, describe_apply,
};

/* --- seats: reading --- */

struct seating_params {
	struct pipe_questions questions;
	struct seats_rule rule;
	const char *method; /* when questions are not named: those counted by it; NULL: all sums */
	bool has_women;
	struct pipe_texts women;         /* everybody else is a man */
	struct pipe_questions elsewhere; /* .all: none */
};

static bool read_rule(struct seats_rule *out, bytes text, const struct json_value *at,
                      struct error *err)
{
	struct error wrong;
	error_clear(&wrong);
	return seats_rule_read(out, text, &wrong) ||
	       json_refuse_because(at, wrong.kind, wrong.what, wrong.detail, err);
}

static bool read_women(struct seating_params *p, const struct json_value *params, struct arena *a,
                       struct error *err)
{
	const struct json_value *v;
	if (!json_maybe(&v, params, "women_names", err))
		return false;
	p->has_women = v && json_kind_of(v) != JSON_KIND_NULL;
	return !p->has_women || pipe_read_texts(&p->women, params, "women_names", a, err);
}

static bool read_elsewhere(struct seating_params *p, const struct json_value *params,
                           struct error *err)
{
	const struct json_value *list;
	p->elsewhere = (struct pipe_questions){.all = true};
	if (!json_maybe(&list, params, "elected_elsewhere", err))
		return false;
	if (!list)
		return true;
	if (!json_items(&p->elsewhere.count, list, (struct json_range){1, LIMIT_QUESTIONS}, err))
		return false;
	p->elsewhere.all = false;
	for (size_t i = 0; i < p->elsewhere.count; i++) {
		uint64_t v;
		if (!json_u64(&v, json_item(list, i), (struct json_range){0, LIMIT_QUESTIONS - 1}, err))
			return false;
		p->elsewhere.index[i] = (unsigned)v;
	}
	return true;
}

static struct seating_params *new_params(void **out, struct arena *a, struct error *err)
{
	struct seating_params *p = arena_take_array(a, 1, struct seating_params, err);
	if (p)
		*p = (struct seating_params){.elsewhere = {.all = true}};
	*out = p;
	return p;
}

static bool seats_read(void **out, const struct json_value *params, struct arena *a,
                       struct error *err)
{
	static const char *const known[] = {"question_indexes", "rule", "women_names",
	                                    "elected_elsewhere", "help"};
	const struct json_value *rule;
	bytes text;
	struct seating_params *p = new_params(out, a, err);
	return p && json_only(params, JSON_NAMES(known), err) &&
	       pipe_read_questions(&p->questions, params, err) &&
	       json_need(&rule, params, "rule", err) && json_text(&text, rule, SEATS_RULE_BYTES, err) &&
	       read_rule(&p->rule, text, rule, err) && read_women(p, params, a, err) &&
	       read_elsewhere(p, params, err);
}

/* Sequent's: the pipe is the rule. */
static bool read_named(void **out, const struct json_value *params, struct arena *a,
                       const char *const rule_method[2], struct error *err)
{
	static const char *const known[] = {"question_indexes", "women_names", "elected_elsewhere",
	                                    "help"};
	struct seating_params *p = new_params(out, a, err);
	if (!p)
		return false;
	p->method = rule_method[1];
	return json_only(params, JSON_NAMES(known), err) &&
	       pipe_read_questions(&p->questions, params, err) &&
	       read_rule(&p->rule, bytes_of_text(rule_method[0]), params, err) &&
	       read_women(p, params, a, err) && read_elsewhere(p, params, err);
}

#define NAMED(function, rule, method)                                                  \
	static bool function(void **out, const struct json_value *params, struct arena *a, \
	                     struct error *err)                                            \
	{                                                                                  \
		return read_named(out, params, a, (const char *const[2]){rule, method}, err);  \
	}
NAMED(desborda_read, "desborda", "desborda")
NAMED(desborda2_read, "desborda2", "desborda2")
NAMED(desborda3_read, "desborda3", "desborda3")
NAMED(desborda4_read, "desborda4", "desborda2")
NAMED(zip_read, "zip", NULL)

static bool proportion_read(void **out, const struct json_value *params, struct arena *a,
                            struct error *err)
{
	static const char *const known[] = {"question_indexes",  "women_names",
	                                    "proportions",       "add_missing_from_unbalanced_sex",
	                                    "elected_elsewhere", "help"};
	const struct json_value *list, *filled;
	struct seating_params *p = new_params(out, a, err);
	const struct json_range range = {1, LIMIT_ANSWERS};
	char room[SEATS_RULE_BYTES];
	struct text t = TEXT_OF(room);
	size_t count;
	uint64_t x, y;
	bool fill = false;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !pipe_read_questions(&p->questions, params, err) || !read_women(p, params, a, err) ||
	    !read_elsewhere(p, params, err) || !json_need(&list, params, "proportions", err) ||
	    !json_items(&count, list, (struct json_range){2, 2}, err) ||
	    !json_u64(&x, json_item(list, 0), range, err) ||
	    !json_u64(&y, json_item(list, 1), range, err) ||
	    !json_maybe(&filled, params, "add_missing_from_unbalanced_sex", err) ||
	    (filled && !json_flag(&fill, filled, err)))
		return false;
	text_add(&t, fill ? "proportion-filled:" : "proportion:");
	text_add_u64(&t, x > y ? x : y);
	text_add(&t, "/");
	text_add_u64(&t, x > y ? y : x);
	return read_rule(&p->rule, bytes_of(room, t.len), list, err);
}

/* --- seats: running --- */

static void say_women(struct results_question *q, const struct seating_params *p)
{
	for (size_t i = 0; i < q->candidates_count; i++)
		q->candidates[i].gender =
			pipe_has_text(&p->women, q->candidates[i].name) ? SEATS_WOMAN : SEATS_MAN;
}

/* A name that nobody has would silently make a man of somebody. */
static bool check_women(const struct results *r, const struct seating_params *p, struct error *err)
{
	for (size_t i = 0; i < p->women.count; i++) {
		bool found = false;
		for (size_t k = 0; k < r->questions_count && !found; k++)
			found = question_find(&r->questions[k], p->women.texts[i]) != RESULTS_NOBODY;
		if (!found)
			return fail_detail(err, ERROR_REJECTED,
			                   "seats: women_names has a name that no candidate has", i,
			                   (const char *)p->women.texts[i].p);
	}
	return true;
}

static bool mark_elsewhere(struct results *r, struct results_question *q,
                           const struct seating_params *p, struct error *err)
{
	uint16_t winners[LIMIT_ANSWERS];
	if (p->elsewhere.all)
		return true;
	if (!(q->elsewhere = arena_take_array(r->arena, q->candidates_count, bool, err)))
		return false;
	memset(q->elsewhere, 0, q->candidates_count * sizeof *q->elsewhere);
	for (size_t i = 0; i < p->elsewhere.count; i++) {
		struct results_question *other;
		if (!pipe_question(&other, r, p->elsewhere.index[i], err) ||
		    !results_evaluate(r, other, err))
			return false;
		size_t n = other == q ? 0 : results_winners(winners, other);
		for (size_t k = 0; k < n; k++) {
			uint16_t who = question_find(q, other->candidates[winners[k]].name);
			if (who != RESULTS_NOBODY)
				q->elsewhere[who] = true;
		}
	}
	return true;
}

static bool add_rule(struct results_question *q, const struct seats_rule *more, struct error *err)
{
	char room[2 * SEATS_RULE_BYTES];
	struct text t = TEXT_OF(room);
	if (q->seat_rule.steps_count == 0) {
		q->seat_rule = *more;
		return true;
	}
	text_add(&t, q->seat_rule.text);
	text_add(&t, "+");
	text_add(&t, more->text);
	return seats_rule_read(&q->seat_rule, bytes_of(room, t.len), err) || question_fail(q, err);
}

static bool in_list(const uint16_t *list, size_t count, uint16_t who)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == who)
			return true;
	return false;
}

/* "; in by it: …" of those in one list and not in the other. */
static void add_differing(struct text *t, const char *what, const struct results_question *q,
                          const uint16_t *in[2], const size_t count[2])
{
	bool any = false;
	for (size_t i = 0; i < count[0]; i++)
		if (!in_list(in[1], count[1], in[0][i])) {
			text_add(t, any ? ", " : what);
			text_add_bytes(t, q->candidates[in[0][i]].name);
			any = true;
		}
}

static bool note_seats(struct results *r, const struct results_question *q, struct error *err)
{
	uint16_t by_rule[LIMIT_ANSWERS], by_count[LIMIT_ANSWERS];
	const uint16_t *gained[2] = {by_rule, by_count}, *lost[2] = {by_count, by_rule};
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	if (!q->seats_result)
		return true;
	size_t n = results_winners(by_rule, q), m = q->count->elected_count;
	for (size_t i = 0; i < m; i++)
		by_count[i] = q->count->elected[i].candidate;
	text_add(&t, "seats by ");
	text_add(&t, q->seat_rule.text);
	text_add(&t, ": ");
	text_add_u64(&t, q->seats_result->women);
	text_add(&t, " women, ");
	text_add_u64(&t, q->seats_result->men);
	text_add(&t, " men");
	add_differing(&t, "; in by it: ", q, gained, (const size_t[2]){n, m});
	add_differing(&t, "; out by it: ", q, lost, (const size_t[2]){m, n});
	if (q->seats_result->parity_error)
		text_add(&t, "; parity could not be kept, people must decide");
	return results_note(r, q, &t, err);
}

static bool seat(struct results *r, struct results_question *q, const struct seating_params *p,
                 struct error *err)
{
	if (p->has_women)
		say_women(q, p);
	question_stale(q);
	return mark_elsewhere(r, q, p, err) && add_rule(q, &p->rule, err) &&
	       results_evaluate(r, q, err) && note_seats(r, q, err);
}

static bool seats_apply(struct results *r, const void *params, struct error *err)
{
	const struct seating_params *p = params;
	size_t seated = 0;
	if (!pipe_check_questions(&p->questions, r, err) || !check_women(r, p, err))
		return false;
	for (size_t i = 0; i < r->questions_count; i++) {
		struct results_question *q = &r->questions[i];
		const struct count_method *m = q->rule.method;
		if (!pipe_is_for(&p->questions, r, i) ||
		    (p->questions.all && (p->method ? strcmp(m->name, p->method) != 0 : m->staged)))
			continue;
		seated++;
		if (!seat(r, q, p, err))
			return false;
	}
	return seated > 0 ||
	       fail_detail(err, ERROR_REJECTED,
	                   "seats: no question is counted by a method that this is for; name it in "
	                   "question_indexes",
	                   ERROR_NOWHERE, p->method ? p->method : p->rule.text);
}

const struct pipe pipe_seats = {
	"seats", NULL, "give the seats by a rule of teams and parity", seats_read, seats_apply,
};
const struct pipe pipe_podemos_desborda = {
	"podemos_desborda", "desborda", "seats by desborda", desborda_read, seats_apply,
};
const struct pipe pipe_podemos_desborda2 = {
	"podemos_desborda2", "desborda2", "seats by desborda2", desborda2_read, seats_apply,
};
const struct pipe pipe_podemos_desborda3 = {
	"podemos_desborda3", "desborda3", "seats by desborda3", desborda3_read, seats_apply,
};
const struct pipe pipe_podemos_desborda4 = {
	"podemos_desborda4", "desborda4", "seats by desborda4, without parity",
	desborda4_read,      seats_apply,
};
const struct pipe pipe_parity_zip = {
	"parity_zip_non_iterative", "parity", "women and men take turns", zip_read, seats_apply,
};
const struct pipe pipe_proportion_rounded = {
	"proportion_rounded", "parity",    "no gender has more than its share of the seats",
	proportion_read,      seats_apply,
};
