/* SPDX-License-Identifier: Apache-2.0 */
#include "results/pipes_internal.h"

const struct pipe *const pipes[] = {
	&pipe_apply_modifications,
	&pipe_consolidate_write_ins,
	&pipe_count_tally_sheets,
	&pipe_describe_candidates,
	&pipe_do_tallies,
	&pipe_join_questions,
	&pipe_parity_zip,
	&pipe_podemos_desborda,
	&pipe_podemos_desborda2,
	&pipe_podemos_desborda3,
	&pipe_podemos_desborda4,
	&pipe_proportion_rounded,
	&pipe_seats,
	&pipe_sort_non_iterative,
	&pipe_withdraw_candidates,
	NULL,
};

/* --- reading --- */

bool pipe_text(bytes *out, const struct json_value *v, struct arena *a, struct error *err)
{
	bytes text;
	if (!json_text(&text, v, LIMIT_TEXT_BYTES, err))
		return false;
	uint8_t *copy = arena_take_array(a, text.len + 1, uint8_t, err);
	if (!copy)
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = 0;
	*out = bytes_of(copy, text.len);
	return true;
}

bool pipe_need_text(bytes *out, const struct json_value *object, const char *key, struct arena *a,
                    struct error *err)
{
	const struct json_value *v;
	return json_need(&v, object, key, err) && pipe_text(out, v, a, err);
}

bool pipe_need_index(unsigned *out, const struct json_value *object, const char *key,
                     struct error *err)
{
	uint64_t v;
	if (!json_need_u64(&v, object, key, (struct json_range){0, LIMIT_QUESTIONS - 1}, err))
		return false;
	*out = (unsigned)v;
	return true;
}

bool pipe_read_questions(struct pipe_questions *out, const struct json_value *params,
                         struct error *err)
{
	const struct json_value *list;
	*out = (struct pipe_questions){.all = true};
	if (!json_maybe(&list, params, "question_indexes", err))
		return false;
	if (!list || json_kind_of(list) == JSON_KIND_NULL)
		return true;
	if (!json_items(&out->count, list, (struct json_range){1, LIMIT_QUESTIONS}, err))
		return false;
	out->all = false;
	for (size_t i = 0; i < out->count; i++) {
		uint64_t v;
		if (!json_u64(&v, json_item(list, i), (struct json_range){0, LIMIT_QUESTIONS - 1}, err))
			return false;
		for (size_t k = 0; k < i; k++)
			if (out->index[k] == v)
				return json_refuse(json_item(list, i), ERROR_MALFORMED,
				                   "pipeline: a question is named twice", err);
		out->index[i] = (unsigned)v;
	}
	return true;
}

static bool read_item(struct pipe_item *out, const struct json_value *v, struct arena *a,
                      struct error *err)
{
	static const char *const known[] = {"question_index", "answer_text", "answer_id", "help"};
	const struct json_value *id;
	*out = (struct pipe_item){0};
	if (!json_only(v, JSON_NAMES(known), err) ||
	    !pipe_need_index(&out->question, v, "question_index", err) ||
	    !pipe_need_text(&out->text, v, "answer_text", a, err) ||
	    !json_maybe(&id, v, "answer_id", err))
		return false;
	out->has_id = id != NULL;
	return !id || json_u64(&out->id, id, (struct json_range){0, LIMIT_ANSWERS - 1}, err);
}

bool pipe_read_items(struct pipe_items *out, const struct json_value *params, const char *key,
                     struct arena *a, struct error *err)
{
	const struct json_value *list;
	*out = (struct pipe_items){NULL, 0};
	if (!json_maybe(&list, params, key, err))
		return false;
	if (!list)
		return true;
	if (!json_items(&out->count, list, (struct json_range){0, LIMIT_QUESTIONS * LIMIT_ANSWERS},
	                err) ||
	    !(out->items = arena_take_array(a, out->count, struct pipe_item, err)))
		return false;
	for (size_t i = 0; i < out->count; i++)
		if (!read_item(&out->items[i], json_item(list, i), a, err))
			return false;
	return true;
}

bool pipe_read_texts(struct pipe_texts *out, const struct json_value *object, const char *key,
                     struct arena *a, struct error *err)
{
	const struct json_value *list;
	*out = (struct pipe_texts){NULL, 0};
	size_t count;
	if (!json_need(&list, object, key, err) ||
	    !json_items(&count, list, (struct json_range){0, LIMIT_ANSWERS}, err) ||
	    !(out->texts = arena_take_array(a, count, bytes, err)))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!pipe_text(&out->texts[i], json_item(list, i), a, err))
			return false;
		if (pipe_has_text(out, out->texts[i]))
			return json_refuse(json_item(list, i), ERROR_MALFORMED,
			                   "pipeline: a text stands twice in the list", err);
		out->count++;
	}
	return true;
}

bool pipe_has_text(const struct pipe_texts *t, bytes text)
{
	for (size_t i = 0; i < t->count; i++)
		if (bytes_equal(t->texts[i], text))
			return true;
	return false;
}

bool pipe_refuse_flag(const struct json_value *params, const char *key, bool only,
                      const char *instead, struct error *err)
{
	const struct json_value *v;
	bool flag;
	if (!json_maybe(&v, params, key, err))
		return false;
	if (!v)
		return true;
	return json_flag(&flag, v, err) &&
	       (flag == only || json_refuse_because(v, ERROR_REJECTED,
	                                            "pipeline: Urna does not do this", instead, err));
}

/* --- running --- */

bool pipe_question(struct results_question **out, const struct results *r, unsigned index,
                   struct error *err)
{
	if (index >= r->questions_count) {
		fail(err, ERROR_REJECTED, "pipeline: there is no question of this number (the first is 0)",
		     index);
		return fail_within_index(err, "question_index", index);
	}
	*out = &r->questions[index];
	return true;
}

bool pipe_is_for(const struct pipe_questions *of, const struct results *r, size_t i)
{
	if (of->all)
		return !r->questions[i].left_out;
	for (size_t k = 0; k < of->count; k++)
		if (of->index[k] == i)
			return true;
	return false;
}

bool pipe_check_questions(const struct pipe_questions *of, const struct results *r,
                          struct error *err)
{
	for (size_t i = 0; i < of->count; i++) {
		struct results_question *q;
		if (!pipe_question(&q, r, of->index[i], err))
			return false;
		if (q->left_out) {
			fail(err, ERROR_REJECTED, "pipeline: this question is not tallied any more", i);
			return question_fail(q, err);
		}
	}
	return true;
}

bool pipe_candidate(uint16_t *out, const struct results_question *q, bytes name, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	*out = question_find(q, name);
	if (*out != RESULTS_NOBODY)
		return true;
	text_add(&t, "'");
	text_add_bytes(&t, name);
	text_add(&t, "'");
	fail_detail(err, ERROR_REJECTED, "pipeline: the question has no candidate of this name",
	            ERROR_NOWHERE, room);
	return question_fail(q, err);
}
