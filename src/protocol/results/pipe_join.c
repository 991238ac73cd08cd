/* SPDX-License-Identifier: Apache-2.0 */
/*
 * join_questions: several questions about the same candidates become one, with the votes of all:
 * sub-elections, or groups of voters who had a question each. Areas need no pipe: do_tallies counts
 * all areas of a question.
 */
#include "results/part.h"
#include "results/pipes_internal.h"

struct joining {
	unsigned into;
	size_t count;
	unsigned from[LIMIT_QUESTIONS];
};

static bool join_read(void **out, const struct json_value *params, struct arena *a,
                      struct error *err)
{
	static const char *const known[] = {"into", "from", "help"};
	const struct json_value *list;
	struct joining *p = arena_take_array(a, 1, struct joining, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !pipe_need_index(&p->into, params, "into", err) || !json_need(&list, params, "from", err) ||
	    !json_items(&p->count, list, (struct json_range){1, LIMIT_QUESTIONS}, err))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		uint64_t v;
		if (!json_u64(&v, json_item(list, i), (struct json_range){0, LIMIT_QUESTIONS - 1}, err))
			return false;
		bool twice = v == p->into;
		for (size_t k = 0; k < i; k++)
			twice = twice || v == p->from[k];
		if (twice)
			return json_refuse(json_item(list, i), ERROR_MALFORMED,
			                   "join: votes of one question would count twice", err);
		p->from[i] = (unsigned)v;
	}
	return true;
}

/* Equal candidates, in any order; withdrawn in both or in none. */
static bool check_equal(const struct results_question *to, const struct results_question *from,
                        struct error *err)
{
	const char *what = NULL;
	if (to->kind != from->kind || strcmp(to->rule.text, from->rule.text) != 0)
		what = "join: the questions are counted by different rules";
	else if (to->candidates_count != from->candidates_count)
		what = "join: the questions have different candidates";
	else if (to->min != from->min || to->max != from->max || to->points != from->points)
		what = "join: the questions have different bounds of how much a vote may choose";
	else if (from->left_out || to->left_out)
		what = "join: one of the questions is not tallied any more";
	for (size_t i = 0; i < from->candidates_count && !what; i++) {
		uint16_t c = question_find(to, from->candidates[i].name);
		if (c == RESULTS_NOBODY)
			what = "join: the questions have different candidates";
		else if (to->candidates[c].withdrawn != from->candidates[i].withdrawn)
			what = "join: a candidate is withdrawn in one of the questions only";
	}
	if (!what)
		return true;
	fail(err, ERROR_REJECTED, what, ERROR_NOWHERE);
	return question_fail(from, err);
}

static bool add_votes(struct results *r, struct results_question *to, struct results_question *from,
                      struct error *err)
{
	struct results_option *options =
		arena_take_array(r->arena, from->options_count, struct results_option, err);
	uint32_t base;
	uint64_t votes = 0;
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	if (!options || !check_equal(to, from, err))
		return false;
	for (size_t i = 0; i < from->options_count; i++) {
		options[i] = from->options[i];
		if (options[i].candidate != RESULTS_NOBODY)
			options[i].candidate = question_find(to, from->candidates[options[i].candidate].name);
	}
	if (!question_add_options(&base, r, to, options, from->options_count, err))
		return false;
	for (size_t i = 0; i < from->parts_count; i++) {
		struct results_part part = from->parts[i];
		struct results_totals of = results_part_totals(&part);
		part.base += base;
		votes += of.valid + of.blank + of.invalid;
		if (!question_add_part(to, &part, r->arena, err))
			return false;
	}
	for (size_t i = 0; i < from->parts_count; i++)
		from->parts[i].counted = false; /* there, not here */
	from->left_out = true;
	question_stale(from);
	text_add(&t, "joined by question ");
	text_add_bytes(&t, from->id);
	text_add(&t, " with ");
	text_add_votes(&t, votes);
	return results_note(r, to, &t, err);
}

static bool join_apply(struct results *r, const void *params, struct error *err)
{
	const struct joining *p = params;
	struct results_question *to, *from;
	if (!pipe_question(&to, r, p->into, err))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!pipe_question(&from, r, p->from[i], err) || !add_votes(r, to, from, err))
			return false;
	return true;
}

const struct pipe pipe_join_questions = {
	"join_questions", NULL, "questions with the same candidates become one", join_read, join_apply,
};
