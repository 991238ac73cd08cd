/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/read_internal.h"

static bool find_question(unsigned *out, const struct json_value *v, struct reader *r)
{
	bytes id;
	if (!json_text(&id, v, LIMIT_TEXT_BYTES, r->err))
		return false;
	for (*out = 0; *out < r->m->questions_count; ++*out)
		if (bytes_equal(r->m->questions[*out].id, id))
			return true;
	return json_refuse(v, ERROR_REJECTED, "manifest: no question has this id", r->err);
}

static bool too_many_choices(const struct json_value *v, enum error_kind kind, const char *what,
                             struct reader *r)
{
	return json_refuse_because(v, kind, what,
	                           "too many answers and write-ins for one ciphertext (a write-in "
	                           "takes 31 of its 448 bytes); use more groups",
	                           r->err);
}

static bool group_code(struct manifest_group *g, const struct json_value *v, struct reader *r)
{
	size_t digits = 0, at = 0;
	for (unsigned i = 0; i < g->questions_count; i++)
		digits += choices_digits(&r->m->questions[g->questions[i]].choices);
	if (digits > PLAINTEXT_MAX_DIGITS)
		return too_many_choices(v, ERROR_LIMIT, "plaintext: more choices than one ballot can hold",
		                        r);
	uint32_t *bases = arena_take_array(r->arena, digits, uint32_t, r->err);
	if (!bases)
		return false;
	for (unsigned i = 0; i < g->questions_count; i++)
		at += choices_bases(bases + at, &r->m->questions[g->questions[i]].choices);
	struct error why;
	error_clear(&why);
	return plaintext_code_init(&g->code, bases, digits, &why) ||
	       too_many_choices(v, why.kind, why.what, r);
}

static bool read_group(unsigned index, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {"name", "questions"};
	struct manifest_group *g = &r->m->groups[index];
	const struct json_value *list;
	if (!json_only(v, JSON_NAMES(keys), r->err) || !need_name(&g->name, v, "name", r) ||
	    !need_items(&list, &g->questions_count, v, "questions",
	                (struct json_range){1, LIMIT_QUESTIONS}, r) ||
	    !(g->questions = arena_take_array(r->arena, g->questions_count, unsigned, r->err)))
		return false;
	for (unsigned i = 0; i < g->questions_count; i++) {
		const struct json_value *item = json_item(list, i);
		if (!find_question(&g->questions[i], item, r))
			return false;
		struct manifest_question *q = &r->m->questions[g->questions[i]];
		if (q->group != UINT32_MAX)
			return json_refuse(item, ERROR_REJECTED, "manifest: a question is in two groups",
			                   r->err);
		q->group = index;
	}
	return group_code(g, v, r);
}

bool read_groups(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	if (!need_items(&list, &m->groups_count, root, "groups", (struct json_range){1, LIMIT_GROUPS},
	                r) ||
	    !(m->groups = arena_take_array(r->arena, m->groups_count, struct manifest_group, r->err)))
		return false;
	for (unsigned i = 0; i < m->groups_count; i++) {
		if (!read_group(i, json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->groups[k].name, m->groups[i].name))
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two groups have one name", r->err);
	}
	for (unsigned i = 0; i < m->questions_count; i++)
		if (m->questions[i].group == UINT32_MAX)
			return json_refuse_because(list, ERROR_REJECTED, "manifest: a question is in no group",
			                           (const char *)m->questions[i].id.p, r->err);
	return true;
}
