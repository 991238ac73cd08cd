/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json_internal.h"

#include "base/limits.h"

#include <stdlib.h>

void json_add_printable(struct text *out, bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.p[i];
		/* U+0080 … U+009F are controls as well, in UTF-8 two bytes. */
		bool second = c == 0xc2 && i + 1 < b.len && b.p[i + 1] >= 0x80 && b.p[i + 1] < 0xa0;
		if (c < 0x20 || c == 0x7f || second)
			text_add(out, "?");
		else
			text_add_bytes(out, bytes_of(&c, 1));
		i += second;
	}
}

static bool fail_at(struct error *err, enum error_kind kind, const size_t place[3],
                    const char *reason)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "line ");
	text_add_u64(&t, place[0]);
	text_add(&t, ", column ");
	text_add_u64(&t, place[1]);
	text_add(&t, ": ");
	json_add_printable(&t, bytes_of_text(reason));
	return fail_detail(err, kind, "json: cannot be read", place[2], room);
}

/* jansson reads -0 as 0: two spellings of one number. -0.0 is refused as a fraction. */
static bool is_minus_zero(bytes text, size_t at)
{
	bytes b = bytes_from(text, at);
	return b.len >= 2 && b.p[0] == '-' && b.p[1] == '0' &&
	       (b.len == 2 || !(b.p[2] == '.' || b.p[2] == 'e' || b.p[2] == 'E'));
}

/*
 * Depth is counted before jansson sees the text: it recurses, and its own bound is far above ours.
 * In a broken text the count may be off, which does no harm: it is refused either way.
 */
static bool check_outside(bytes text, struct error *err)
{
	size_t place[3] = {1, 0, 0}, depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.p[i];
		place[1] += (c & 0xc0) != 0x80;
		place[2] = i;
		if (c == '\n') {
			place[0]++;
			place[1] = 0;
		}
		if (quoted) {
			if (c == '\\' && i + 1 < text.len && (text.p[i + 1] == '"' || text.p[i + 1] == '\\')) {
				i++;
				place[1]++;
			} else if (c == '"')
				quoted = false;
			continue;
		}
		if (c == '"')
			quoted = true;
		else if (c == '[' || c == '{') {
			if (++depth > LIMIT_JSON_DEPTH)
				return fail_at(err, ERROR_LIMIT, place, "nested too deeply");
		} else if (is_minus_zero(text, i))
			return fail_at(err, ERROR_MALFORMED, place, "zero is written 0");
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
	}
	return true;
}

static size_t count_values(const json_t *node)
{
	size_t n = 1, i;
	const char *key = NULL;
	json_t *child = NULL, *mutable_node = (json_t *)(uintptr_t)node;
	if (json_is_array(node))
		json_array_foreach(node, i, child) n += count_values(child);
	else if (json_is_object(node))
		json_object_foreach(mutable_node, key, child) n += count_values(child);
	return n;
}

static void fill_values(struct json_value *v, struct json_value **next)
{
	size_t i;
	const char *key = NULL;
	json_t *child = NULL, *mutable_node = (json_t *)(uintptr_t)v->node;
	struct json_value *to = *next;
	v->children = to;
	if (json_is_array(v->node)) {
		json_array_foreach(v->node, i, child) *to++ =
			(struct json_value){.node = child, .parent = v};
	} else if (json_is_object(v->node)) {
		json_object_foreach(mutable_node, key, child) *to++ =
			(struct json_value){.node = child, .parent = v, .key = key};
	}
	v->count = (size_t)(to - *next);
	struct json_value *first = *next;
	*next = to;
	for (i = 0; i < v->count; i++)
		fill_values(&first[i], next);
}

/* jansson reads 1.5 and 1e3; nothing of ours is a fraction, and two readers may round it apart. */
static bool refuse_fractions(const struct json_value *values, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (json_is_real(values[i].node))
			return json_refuse_because(&values[i], ERROR_MALFORMED, "json: not a whole number",
			                           "fractions and exponents are not used here", err);
	return true;
}

static bool load_tree(json_t **out, bytes text, struct error *err)
{
	json_error_t e;
	*out = json_loadb((const char *)text.p, text.len, JSON_REJECT_DUPLICATES, &e);
	if (*out)
		return true;
	size_t place[3] = {e.line > 0 ? (size_t)e.line : 1, e.column > 0 ? (size_t)e.column : 0,
	                   e.position > 0 ? (size_t)e.position : 0};
	enum json_error_code code = json_error_code(&e);
	if (code == json_error_out_of_memory)
		return fail(err, ERROR_IO, "json: out of memory", ERROR_NOWHERE);
	bool null = code == json_error_null_character || code == json_error_null_byte_in_key;
	return fail_at(err, ERROR_MALFORMED, place, null ? "the character U+0000 is not used" : e.text);
}

bool json_doc_parse(struct json_doc **out, bytes text, size_t limit, struct error *err)
{
	*out = NULL;
	if (text.len > limit)
		return fail(err, ERROR_LIMIT, "json: longer than allowed", limit);
	if (text.len == 0)
		return fail(err, ERROR_MALFORMED, "json: empty", ERROR_NOWHERE);
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		return fail_detail(err, ERROR_MALFORMED, "json: begins with a byte order mark", 0,
		                   "save it as UTF-8 without one");
	json_t *tree;
	if (!check_outside(text, err) || !load_tree(&tree, text, err))
		return false;
	size_t count = count_values(tree);
	struct json_doc *doc = malloc(sizeof *doc);
	struct json_value *values = calloc(count, sizeof *values);
	if (!doc || !values) {
		free(doc);
		free(values);
		json_decref(tree);
		return fail(err, ERROR_IO, "json: out of memory", ERROR_NOWHERE);
	}
	*doc = (struct json_doc){tree, values};
	values[0].node = tree;
	struct json_value *next = values + 1;
	fill_values(values, &next);
	require((size_t)(next - values) == count);
	if (!refuse_fractions(values, count, err)) {
		json_doc_free(doc);
		return false;
	}
	*out = doc;
	return true;
}

void json_doc_free(struct json_doc *doc)
{
	if (!doc)
		return;
	json_decref(doc->tree);
	free(doc->values);
	free(doc);
}
