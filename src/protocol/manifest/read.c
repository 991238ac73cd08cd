/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include "hash/tagged.h"
#include "json/read.h"

#define NAME_MAX_BYTES 64u

struct reader {
	struct manifest *m;
	struct arena *arena;
	struct error *err;
};

static bool keep(bytes *out, bytes text, struct reader *r)
{
	uint8_t *copy = arena_take(r->arena, text.len + 1, 1, r->err);
	if (!copy)
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = 0;
	*out = bytes_of(copy, text.len);
	return true;
}

static bool need_text(bytes *out, const struct json_value *o, const char *key, struct reader *r)
{
	bytes text;
	return json_need_text(&text, o, key, LIMIT_TEXT_BYTES, r->err) && keep(out, text, r);
}

static bool need_filled_text(bytes *out, const struct json_value *o, const char *key,
                             struct reader *r)
{
	const struct json_value *v;
	if (!need_text(out, o, key, r) || !json_need(&v, o, key, r->err))
		return false;
	return out->len || json_refuse(v, ERROR_REJECTED, "manifest: an empty text", r->err);
}

/* Names that occur in files and messages: letters, digits, '-' and '_'. */
static bool need_name(bytes *out, const struct json_value *o, const char *key, struct reader *r)
{
	const struct json_value *v;
	if (!need_filled_text(out, o, key, r) || !json_need(&v, o, key, r->err))
		return false;
	bool good = out->len <= NAME_MAX_BYTES;
	for (size_t i = 0; i < out->len; i++) {
		uint8_t c = out->p[i];
		good &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		        c == '-' || c == '_';
	}
	return good || json_refuse(v, ERROR_REJECTED,
	                           "manifest: a name has 1 to 64 letters, digits, '-' and '_'", r->err);
}

static bool need_items(const struct json_value **out, unsigned *count, const struct json_value *o,
                       const char *key, struct json_range range, struct reader *r)
{
	size_t len;
	if (!json_need(out, o, key, r->err) || !json_items(&len, *out, range, r->err))
		return false;
	*count = (unsigned)len;
	return true;
}

static bool need_unsigned(unsigned *out, const struct json_value *o, const char *key,
                          struct json_range range, struct reader *r)
{
	uint64_t v;
	if (!json_need_u64(&v, o, key, range, r->err))
		return false;
	*out = (unsigned)v;
	return true;
}

/* What only one value is allowed for yet: written out, so that a later version can say more. */
static bool fixed_values(const struct json_value *root, struct reader *r)
{
	static const char *const group[] = {"P-256"}, *const hash[] = {"SHA-256"},
							 *const mode[] = {"server"};
	unsigned ignored;
	uint64_t number;
	return json_need_u64(&number, root, "urna", (struct json_range){1, 1}, r->err) &&
	       json_need_choice(&ignored, root, "group", JSON_NAMES(group), r->err) &&
	       json_need_choice(&ignored, root, "rohash", JSON_NAMES(hash), r->err) &&
	       json_need_choice(&ignored, root, "prg", JSON_NAMES(hash), r->err) &&
	       json_need_u64(&number, root, "statdist", (struct json_range){100, 100}, r->err) &&
	       json_need_u64(&number, root, "vbitlenro", (struct json_range){256, 256}, r->err) &&
	       json_need_u64(&number, root, "ebitlenro", (struct json_range){256, 256}, r->err) &&
	       json_need_choice(&ignored, root, "mode", JSON_NAMES(mode), r->err);
}

static bool read_authority(struct manifest_authority *a, const struct json_value *v,
                           struct reader *r)
{
	static const char *const keys[] = {"operator", "identity"};
	const struct json_value *identity;
	return json_only(v, JSON_NAMES(keys), r->err) &&
	       need_filled_text(&a->operator_name, v, "operator", r) &&
	       json_need(&identity, v, "identity", r->err) &&
	       json_hex(a->identity, sizeof a->identity, identity, r->err);
}

static bool read_authorities(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list, *t;
	if (!need_items(&list, &m->authorities_count, root, "authorities",
	                (struct json_range){1, LIMIT_PARTIES}, r) ||
	    !need_unsigned(&m->threshold, root, "threshold", (struct json_range){1, LIMIT_PARTIES},
	                   r) ||
	    !json_need(&t, root, "threshold", r->err))
		return false;
	if (m->threshold > m->authorities_count)
		return json_refuse(t, ERROR_REJECTED,
		                   "manifest: the threshold is more than the number of authorities",
		                   r->err);
	m->authorities =
		arena_take_array(r->arena, m->authorities_count, struct manifest_authority, r->err);
	for (unsigned i = 0; i < m->authorities_count; i++) {
		if (!m->authorities || !read_authority(&m->authorities[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (memcmp(m->authorities[k].identity, m->authorities[i].identity, 32) == 0)
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two authorities have one identity key", r->err);
	}
	return true;
}

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

static bool read_withdrawn_and_lot(struct manifest_question *q, const struct json_value *v,
                                   struct reader *r)
{
	const struct json_value *withdrawn, *lot;
	const unsigned n = q->choices.answers;
	uint16_t seen[LIMIT_ANSWERS];
	size_t len;
	if (!(q->withdrawn = arena_take_array(r->arena, n, bool, r->err)) ||
	    !json_maybe(&withdrawn, v, "withdrawn", r->err) || !json_maybe(&lot, v, "lot", r->err))
		return false;
	memset(q->withdrawn, 0, n * sizeof *q->withdrawn);
	if (withdrawn) {
		if (!read_answer_numbers(seen, &len, withdrawn, n, r))
			return false;
		for (unsigned i = 0; i < n; i++)
			q->withdrawn[i] = seen[i] != 0;
	}
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

static bool read_answers(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	const struct json_value *list;
	unsigned n;
	if (!need_items(&list, &n, v, "answers", (struct json_range){1, LIMIT_ANSWERS}, r) ||
	    !(q->answers = arena_take_array(r->arena, n, bytes, r->err)))
		return false;
	q->choices.answers = n;
	for (unsigned i = 0; i < n; i++) {
		bytes text;
		const struct json_value *item = json_item(list, i);
		struct error why;
		if (!json_text(&text, item, LIMIT_TEXT_BYTES, r->err) || !keep(&q->answers[i], text, r))
			return false;
		if (!profile_check_name(text, &why))
			return json_refuse_because(item, why.kind, "manifest: an answer nobody can read",
			                           why.what, r->err);
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(q->answers[k], text))
				return json_refuse(item, ERROR_REJECTED, "manifest: two answers have one text",
				                   r->err);
	}
	return true;
}

static bool read_question(struct manifest_question *q, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {"id",  "title",   "rule",      "seats", "min",
	                                   "max", "answers", "withdrawn", "lot"};
	const struct json_value *rule_value;
	bytes rule;
	if (!json_only(v, JSON_NAMES(keys), r->err) || !need_name(&q->id, v, "id", r) ||
	    !need_filled_text(&q->title, v, "title", r) || !need_text(&rule, v, "rule", r) ||
	    !json_need(&rule_value, v, "rule", r->err) || !read_answers(q, v, r))
		return false;
	const unsigned n = q->choices.answers;
	struct error why;
	if (!count_rule_named(&q->rule, rule, &why))
		return json_refuse_because(rule_value, ERROR_REJECTED, why.what, why.detail, r->err);
	q->choices.kind = q->rule.ranked ? CHOICES_RANKS : CHOICES_MARKS;
	if (!need_unsigned(&q->seats, v, "seats", (struct json_range){1, n}, r) ||
	    !need_unsigned(&q->choices.min, v, "min", (struct json_range){0, n}, r) ||
	    !need_unsigned(&q->choices.max, v, "max", (struct json_range){1, n}, r) ||
	    !read_withdrawn_and_lot(q, v, r))
		return false;
	if (!choices_rule_check(&q->choices, &why))
		return json_refuse_because(v, ERROR_REJECTED, why.what, why.detail, r->err);
	return true;
}

static bool read_questions(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	if (!need_items(&list, &m->questions_count, root, "questions",
	                (struct json_range){1, LIMIT_QUESTIONS}, r) ||
	    !(m->questions =
	          arena_take_array(r->arena, m->questions_count, struct manifest_question, r->err)))
		return false;
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

static bool group_code(struct manifest_group *g, const struct json_value *v, struct reader *r)
{
	size_t digits = 0, at = 0;
	for (unsigned i = 0; i < g->questions_count; i++)
		digits += choices_digits(&r->m->questions[g->questions[i]].choices);
	uint32_t *bases = arena_take_array(r->arena, digits, uint32_t, r->err);
	if (!bases)
		return false;
	for (unsigned i = 0; i < g->questions_count; i++)
		at += choices_bases(bases + at, &r->m->questions[g->questions[i]].choices);
	struct error why;
	return plaintext_code_init(&g->code, bases, digits, &why) ||
	       json_refuse_because(v, why.kind, why.what,
	                           "too many choices for one ciphertext; use "
	                           "more groups",
	                           r->err);
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

static bool read_groups(const struct json_value *root, struct reader *r)
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

static bool find_group(unsigned *out, const struct json_value *v, struct reader *r)
{
	bytes name;
	if (!json_text(&name, v, LIMIT_TEXT_BYTES, r->err))
		return false;
	for (*out = 0; *out < r->m->groups_count; ++*out)
		if (bytes_equal(r->m->groups[*out].name, name))
			return true;
	return json_refuse(v, ERROR_REJECTED, "manifest: no group has this name", r->err);
}

static bool read_style(struct manifest_style *s, const struct json_value *v, struct reader *r)
{
	static const char *const keys[] = {"name", "groups"};
	const struct json_value *list;
	if (!json_only(v, JSON_NAMES(keys), r->err) || !need_name(&s->name, v, "name", r) ||
	    !need_items(&list, &s->groups_count, v, "groups", (struct json_range){1, LIMIT_GROUPS},
	                r) ||
	    !(s->groups = arena_take_array(r->arena, s->groups_count, unsigned, r->err)))
		return false;
	for (unsigned i = 0; i < s->groups_count; i++) {
		if (!find_group(&s->groups[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (s->groups[k] == s->groups[i])
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: a style names a group twice", r->err);
	}
	return true;
}

static bool read_styles(const struct json_value *root, struct reader *r)
{
	struct manifest *m = r->m;
	const struct json_value *list;
	bool used[LIMIT_GROUPS] = {false};
	if (!need_items(&list, &m->styles_count, root, "styles", (struct json_range){1, LIMIT_STYLES},
	                r) ||
	    !(m->styles = arena_take_array(r->arena, m->styles_count, struct manifest_style, r->err)))
		return false;
	for (unsigned i = 0; i < m->styles_count; i++) {
		if (!read_style(&m->styles[i], json_item(list, i), r))
			return false;
		for (unsigned k = 0; k < i; k++)
			if (bytes_equal(m->styles[k].name, m->styles[i].name))
				return json_refuse(json_item(list, i), ERROR_REJECTED,
				                   "manifest: two styles have one name", r->err);
		for (unsigned k = 0; k < m->styles[i].groups_count; k++)
			used[m->styles[i].groups[k]] = true;
	}
	for (unsigned i = 0; i < m->groups_count; i++)
		if (!used[i])
			return json_refuse_because(list, ERROR_REJECTED, "manifest: no style has this group",
			                           (const char *)m->groups[i].name.p, r->err);
	return true;
}

/* Style by style: a ballot of it must have a length that a server takes. */
static bool styles_fit(const struct json_value *root, struct reader *r)
{
	struct ballot_style *styles =
		arena_take_array(r->arena, r->m->styles_count, struct ballot_style, r->err);
	const struct json_value *list;
	struct error why;
	if (!styles || !json_need(&list, root, "styles", r->err))
		return false;
	error_clear(&why);
	return manifest_ballot_styles(styles, r->m, &why) ||
	       json_refuse_because(list, why.kind, why.what, why.detail, r->err);
}

static bool read_root(const struct json_value *root, struct reader *r)
{
	static const char *const keys[] = {"urna",        "title",
	                                   "description", "group",
	                                   "rohash",      "prg",
	                                   "statdist",    "vbitlenro",
	                                   "ebitlenro",   "mode",
	                                   "threshold",   "authorities",
	                                   "min_list",    "accept_small_lists",
	                                   "questions",   "groups",
	                                   "styles"};
	const struct json_value *description;
	if (!json_only(root, JSON_NAMES(keys), r->err) || !fixed_values(root, r) ||
	    !need_filled_text(&r->m->title, root, "title", r) ||
	    !json_maybe(&description, root, "description", r->err))
		return false;
	if (description && !need_text(&r->m->description, root, "description", r))
		return false;
	return need_unsigned(&r->m->min_list, root, "min_list", (struct json_range){0, LIMIT_BALLOTS},
	                     r) &&
	       json_need_flag(&r->m->accept_small_lists, root, "accept_small_lists", r->err) &&
	       read_authorities(root, r) && read_questions(root, r) && read_groups(root, r) &&
	       read_styles(root, r) && styles_fit(root, r);
}

digest manifest_digest(bytes exact)
{
	struct hash h;
	tagged_digest_init(&h, "manifest", 1);
	tree_hash_leaf(&h, exact);
	return tagged_digest_finish(&h);
}

bool manifest_read(struct manifest **out, bytes exact, struct arena *arena, struct error *err)
{
	struct json_doc *doc;
	if (!json_doc_parse(&doc, exact, LIMIT_MANIFEST_BYTES, err))
		return false;
	struct manifest *m = arena_take_array(arena, 1, struct manifest, err);
	struct reader r = {m, arena, err};
	bool good = m != NULL;
	if (good) {
		memset(m, 0, sizeof *m);
		good = keep(&m->exact, exact, &r) && read_root(json_doc_root(doc), &r);
	}
	json_doc_free(doc);
	if (!good)
		return false;
	m->d = manifest_digest(m->exact);
	*out = m;
	return true;
}

bool manifest_ballot_styles(struct ballot_style *out, const struct manifest *m, struct error *err)
{
	for (unsigned s = 0; s < m->styles_count; s++) {
		uint32_t widths[LIMIT_GROUPS];
		const struct manifest_style *style = &m->styles[s];
		for (unsigned g = 0; g < style->groups_count; g++)
			widths[g] = m->groups[style->groups[g]].code.width;
		if (!ballot_style_init(&out[s], style->name, widths, style->groups_count, err))
			return fail_within_index(err, "style", s);
	}
	return true;
}
