/* SPDX-License-Identifier: Apache-2.0 */
#include "json/read.h"

#include "json/json_internal.h"

#include "base/limits.h"

#define PATH_BYTES 176u    /* leaves room for the reason in the detail */
#define PATH_KEY_BYTES 40u /* of one key; the rest is "…" */
#define NEAR_KEY_BYTES 64u /* longer keys are not compared by edits */

const struct json_value *json_doc_root(const struct json_doc *doc)
{
	return &doc->values[0];
}

enum json_kind json_kind_of(const struct json_value *v)
{
	switch (json_typeof(v->node)) {
	case JSON_OBJECT:
		return JSON_KIND_OBJECT;
	case JSON_ARRAY:
		return JSON_KIND_ARRAY;
	case JSON_STRING:
		return JSON_KIND_TEXT;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_KIND_BOOL;
	case JSON_NULL:
		return JSON_KIND_NULL;
	case JSON_INTEGER:
	case JSON_REAL: /* refused while parsing */
		break;
	}
	return JSON_KIND_INTEGER;
}

static const char *kind_name(enum json_kind kind)
{
	static const char *const names[] = {"an object",      "an array",      "a text",
	                                    "a whole number", "true or false", "null"};
	return names[kind];
}

/* Paths and refusals */

static bool is_plain(const char *key)
{
	if (!key[0])
		return false;
	for (; *key; key++)
		if (!((*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z') ||
		      (*key >= '0' && *key <= '9') || *key == '_' || *key == '-'))
			return false;
	return true;
}

/* At most PATH_KEY_BYTES of it, never ending inside a character. */
static void add_key(struct text *out, bytes key)
{
	char room[PATH_KEY_BYTES + 1];
	struct text part = TEXT_OF(room);
	room[0] = 0;
	text_add_bytes(&part, key);
	json_add_printable(out, bytes_of(room, part.len));
	if (part.cut)
		text_add(out, "…");
}

static void add_step(struct text *out, const struct json_value *v)
{
	if (!v->key) {
		text_add(out, "[");
		text_add_u64(out, (uint64_t)(v - v->parent->children));
		text_add(out, "]");
	} else if (is_plain(v->key)) {
		if (v->parent->parent)
			text_add(out, ".");
		add_key(out, bytes_of_text(v->key));
	} else {
		text_add(out, "[\"");
		add_key(out, bytes_of_text(v->key));
		text_add(out, "\"]");
	}
}

void json_path(struct text *out, const struct json_value *v)
{
	const struct json_value *chain[LIMIT_JSON_DEPTH + 1];
	size_t steps = 0;
	for (; v->parent; v = v->parent)
		chain[steps++] = v;
	if (steps == 0)
		text_add(out, "the document");
	while (steps > 0)
		add_step(out, chain[--steps]);
}

bool json_refuse_because(const struct json_value *v, enum error_kind kind, const char *what,
                         const char *reason, struct error *err)
{
	char room[ERROR_DETAIL_BYTES], path[PATH_BYTES];
	struct text t = TEXT_OF(room), p = TEXT_OF(path);
	json_path(&p, v);
	text_add(&t, path);
	if (p.cut)
		text_add(&t, "…");
	if (reason[0]) {
		text_add(&t, ": ");
		text_add(&t, reason);
	}
	return fail_detail(err, kind, what, ERROR_NOWHERE, room);
}

bool json_refuse(const struct json_value *v, enum error_kind kind, const char *what,
                 struct error *err)
{
	return json_refuse_because(v, kind, what, "", err);
}

static bool need_kind(const struct json_value *v, enum json_kind kind, struct error *err)
{
	enum json_kind is = json_kind_of(v);
	if (is == kind)
		return true;
	char room[80];
	struct text t = TEXT_OF(room);
	text_add(&t, "must be ");
	text_add(&t, kind_name(kind));
	text_add(&t, ", is ");
	text_add(&t, kind_name(is));
	return json_refuse_because(v, ERROR_MALFORMED, "json: wrong kind of value", room, err);
}

/* Objects */

static const struct json_value *find(const struct json_value *object, const char *key)
{
	for (size_t i = 0; i < object->count; i++)
		if (strcmp(object->children[i].key, key) == 0)
			return &object->children[i];
	return NULL;
}

bool json_maybe(const struct json_value **out, const struct json_value *object, const char *key,
                struct error *err)
{
	*out = NULL;
	if (!need_kind(object, JSON_KIND_OBJECT, err))
		return false;
	*out = find(object, key);
	return true;
}

bool json_need(const struct json_value **out, const struct json_value *object, const char *key,
               struct error *err)
{
	if (!json_maybe(out, object, key, err))
		return false;
	if (*out)
		return true;
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "needs \"");
	text_add(&t, key);
	text_add(&t, "\"");
	return json_refuse_because(object, ERROR_MALFORMED, "json: a key is missing", room, err);
}

/* Levenshtein distance, one row. */
static size_t edits(bytes a, bytes b)
{
	size_t row[NEAR_KEY_BYTES + 1];
	if (a.len > NEAR_KEY_BYTES || b.len > NEAR_KEY_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			size_t best = diagonal + (a.p[i] != b.p[j]);
			diagonal = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (diagonal + 1 < best)
				best = diagonal + 1;
			row[j + 1] = best;
		}
	}
	return row[b.len];
}

/* "did you mean "answers"?" when one is near, else all of them. */
static void add_nearest(struct text *out, bytes word, struct json_names known)
{
	size_t best = SIZE_MAX, index = 0;
	for (size_t i = 0; i < known.count; i++) {
		size_t d = edits(word, bytes_of_text(known.names[i]));
		if (d < best) {
			best = d;
			index = i;
		}
	}
	if (best <= 2 || (best != SIZE_MAX && best <= word.len / 3)) {
		text_add(out, "did you mean \"");
		text_add(out, known.names[index]);
		text_add(out, "\"?");
		return;
	}
	text_add(out, "known are");
	for (size_t i = 0; i < known.count; i++) {
		text_add(out, i ? ", " : " ");
		text_add(out, known.names[i]);
	}
}

bool json_only(const struct json_value *object, struct json_names known, struct error *err)
{
	if (!need_kind(object, JSON_KIND_OBJECT, err))
		return false;
	for (size_t i = 0; i < object->count; i++) {
		const struct json_value *v = &object->children[i];
		size_t k = 0;
		while (k < known.count && strcmp(known.names[k], v->key) != 0)
			k++;
		if (k < known.count)
			continue;
		char room[ERROR_DETAIL_BYTES];
		struct text t = TEXT_OF(room);
		add_nearest(&t, bytes_of_text(v->key), known);
		return json_refuse_because(v, ERROR_MALFORMED, "json: unknown key", room, err);
	}
	return true;
}

/* Lists */

static bool refuse_range(const struct json_value *v, enum error_kind kind, const char *what,
                         struct json_range allowed, struct error *err)
{
	char room[80];
	struct text t = TEXT_OF(room);
	text_add(&t, "allowed are ");
	text_add_u64(&t, allowed.min);
	text_add(&t, " to ");
	text_add_u64(&t, allowed.max);
	return json_refuse_because(v, kind, what, room, err);
}

bool json_items(size_t *len, const struct json_value *v, struct json_range allowed,
                struct error *err)
{
	*len = 0;
	if (!need_kind(v, JSON_KIND_ARRAY, err))
		return false;
	if (v->count < allowed.min)
		return refuse_range(v, ERROR_MALFORMED, "json: too few items", allowed, err);
	if (v->count > allowed.max)
		return refuse_range(v, ERROR_LIMIT, "json: too many items", allowed, err);
	*len = v->count;
	return true;
}

bool json_members(size_t *count, const struct json_value *v, struct error *err)
{
	*count = 0;
	if (!need_kind(v, JSON_KIND_OBJECT, err))
		return false;
	*count = v->count;
	return true;
}

const struct json_value *json_item(const struct json_value *v, size_t i)
{
	require(i < v->count);
	return &v->children[i];
}

bytes json_key(const struct json_value *member)
{
	return member->key ? bytes_of_text(member->key) : BYTES_NONE;
}

/* Plain values */

bool json_text(bytes *out, const struct json_value *v, size_t max_bytes, struct error *err)
{
	*out = BYTES_NONE;
	if (!need_kind(v, JSON_KIND_TEXT, err))
		return false;
	size_t len = json_string_length(v->node);
	if (len > max_bytes)
		return refuse_range(v, ERROR_LIMIT, "json: a text has too many bytes",
		                    (struct json_range){0, max_bytes}, err);
	*out = bytes_of(json_string_value(v->node), len);
	return true;
}

bool json_hex(uint8_t *out, size_t len, const struct json_value *v, struct error *err)
{
	bytes text;
	if (!json_text(&text, v, SIZE_MAX, err))
		return false;
	if (text.len == 2 * len && hex_decode(out, len, text))
		return true;
	char room[80];
	struct text t = TEXT_OF(room);
	text_add(&t, "must be ");
	text_add_u64(&t, 2 * (uint64_t)len);
	text_add(&t, " hexadecimal digits");
	return json_refuse_because(v, ERROR_MALFORMED, "json: not hexadecimal", room, err);
}

bool json_u64(uint64_t *out, const struct json_value *v, struct json_range allowed,
              struct error *err)
{
	*out = 0;
	if (!need_kind(v, JSON_KIND_INTEGER, err))
		return false;
	json_int_t n = json_integer_value(v->node);
	if (n < 0 || (uint64_t)n < allowed.min || (uint64_t)n > allowed.max)
		return refuse_range(v, ERROR_MALFORMED, "json: number out of range", allowed, err);
	*out = (uint64_t)n;
	return true;
}

bool json_i64(int64_t *out, const struct json_value *v, struct error *err)
{
	*out = 0;
	if (!need_kind(v, JSON_KIND_INTEGER, err))
		return false;
	*out = json_integer_value(v->node);
	return true;
}

bool json_flag(bool *out, const struct json_value *v, struct error *err)
{
	*out = false;
	if (!need_kind(v, JSON_KIND_BOOL, err))
		return false;
	*out = json_is_true(v->node);
	return true;
}

bool json_choice(unsigned *out, const struct json_value *v, struct json_names names,
                 struct error *err)
{
	bytes text;
	*out = 0;
	if (!json_text(&text, v, SIZE_MAX, err))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (bytes_equal(text, bytes_of_text(names.names[i]))) {
			*out = (unsigned)i;
			return true;
		}
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "\"");
	add_key(&t, text);
	text_add(&t, "\" is not known; ");
	add_nearest(&t, text, names);
	return json_refuse_because(v, ERROR_MALFORMED, "json: unknown word", room, err);
}

/* Required members */

bool json_need_text(bytes *out, const struct json_value *object, const char *key, size_t max_bytes,
                    struct error *err)
{
	const struct json_value *v;
	*out = BYTES_NONE;
	return json_need(&v, object, key, err) && json_text(out, v, max_bytes, err);
}

bool json_need_u64(uint64_t *out, const struct json_value *object, const char *key,
                   struct json_range allowed, struct error *err)
{
	const struct json_value *v;
	*out = 0;
	return json_need(&v, object, key, err) && json_u64(out, v, allowed, err);
}

bool json_need_flag(bool *out, const struct json_value *object, const char *key, struct error *err)
{
	const struct json_value *v;
	*out = false;
	return json_need(&v, object, key, err) && json_flag(out, v, err);
}

bool json_need_choice(unsigned *out, const struct json_value *object, const char *key,
                      struct json_names names, struct error *err)
{
	const struct json_value *v;
	*out = 0;
	return json_need(&v, object, key, err) && json_choice(out, v, names, err);
}
