/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/import_internal.h"
#include "manifest/text_internal.h"

#define PATH_ROOM 512u
#define VALUE_ROOM 64u

const char *import_fate_name(enum import_fate f)
{
	switch (f) {
	case IMPORT_MAPPED:
		return "mapped";
	case IMPORT_KEPT:
		return "kept";
	case IMPORT_IGNORED:
		return "ignored";
	case IMPORT_UNSUPPORTED:
		return "unsupported";
	case IMPORT_WRONG:
		return "wrong";
	}
	return "unknown";
}

bool import_keep(struct importing *im, bytes *out, bytes text)
{
	uint8_t *copy = im->failed ? NULL : arena_take(im->arena, text.len + 1, 1, im->err);
	if (!copy) {
		im->failed = true;
		return false;
	}
	if (text.len > 0)
		memcpy(copy, text.p, text.len);
	copy[text.len] = 0;
	*out = bytes_of(copy, text.len);
	return true;
}

/* What fits and can be shown of a value; texts that hide something are not shown. */
static void show_value(struct text *out, const struct json_value *v)
{
	bytes text;
	int64_t number;
	bool flag;
	struct error why;
	if (json_text(&text, v, SIZE_MAX, &why) && text_check_line(text, &why)) {
		text_add_bytes(out, text);
		if (out->cut)
			text_add(out, "…");
	} else if (json_flag(&flag, v, &why)) {
		text_add(out, flag ? "true" : "false");
	} else if (json_i64(&number, v, &why)) {
		text_add(out, number < 0 ? "-" : "");
		text_add_u64(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
	}
}

/* The same said of the same field of an earlier answer. Looks at the first few entries only: a file
 * of nothing but different fields must not cost the square of its length. */
static struct import_entry *told_already(const struct importing *im, bytes path,
                                         const struct import_entry *like)
{
	size_t dot = path.len, looks = 64;
	while (dot > 0 && path.p[dot - 1] != '.')
		dot--;
	const bytes end = bytes_from(path, dot ? dot - 1 : 0); /* ".details" */
	struct import_entry *e = im->repeats ? im->repeats->next : NULL;
	for (; e && looks > 0; e = e->next, looks--)
		if (e->because == like->because && e->fate == like->fate && e->path.len >= end.len &&
		    bytes_equal(bytes_from(e->path, e->path.len - end.len), end) &&
		    bytes_equal(e->value, like->value))
			return e;
	return NULL;
}

/* Values are shown where they decide something: what is merely dropped may be long or private. */
static bool is_shown(enum import_fate fate)
{
	return fate == IMPORT_UNSUPPORTED || fate == IMPORT_WRONG;
}

static void note(struct importing *im, bytes path, struct import_entry like, const char *detail)
{
	struct import_entry *same = told_already(im, path, &like);
	if (im->failed)
		return;
	im->election->counts[like.fate]++;
	if (same) {
		same->more++;
		return;
	}
	struct import_entry *e = arena_take_array(im->arena, 1, struct import_entry, im->err);
	*im->end = e;
	if (!e) {
		im->failed = true;
		return;
	}
	*e = (struct import_entry){.fate = like.fate, .because = like.because};
	im->end = &e->next;
	im->last = e;
	(void)(import_keep(im, &e->path, path) && import_keep(im, &e->value, like.value) &&
	       import_keep(im, &e->detail, bytes_of_text(detail)));
}

static void add_path(struct text *out, const struct importing *im, const struct json_value *v)
{
	char room[PATH_ROOM];
	struct text inner = TEXT_OF(room);
	json_path(&inner, v);
	text_add_bytes(out, im->prefix);
	if (im->prefix.len == 0)
		text_add(out, room);
	else if (!bytes_equal(bytes_of_text(room), BYTES_LITERAL("the document"))) {
		text_add(out, room[0] == '[' ? "" : ".");
		text_add(out, room);
	}
}

void import_note_detail(struct importing *im, const struct json_value *v, enum import_fate fate,
                        const char *because, const char *detail)
{
	char path_room[PATH_ROOM], value_room[VALUE_ROOM];
	struct text path = TEXT_OF(path_room), value = TEXT_OF(value_room);
	add_path(&path, im, v);
	if (is_shown(fate))
		show_value(&value, v);
	note(im, bytes_of(path_room, path.len),
	     (struct import_entry){
			 .fate = fate, .because = because, .value = bytes_of(value_room, value.len)},
	     detail);
}

void import_note(struct importing *im, const struct json_value *v, enum import_fate fate,
                 const char *because)
{
	import_note_detail(im, v, fate, because, "");
}

void import_note_missing(struct importing *im, const struct json_value *object, const char *key)
{
	char room[PATH_ROOM];
	struct text path = TEXT_OF(room);
	add_path(&path, im, object);
	if (bytes_equal(bytes_of(room, path.len), BYTES_LITERAL("the document")))
		path = TEXT_OF(room);
	text_add(&path, path.len ? "." : "");
	text_add(&path, key);
	note(im, bytes_of(room, path.len),
	     (struct import_entry){.fate = IMPORT_WRONG, .because = "it is missing"}, "");
}

void import_note_error(struct importing *im, const struct json_value *v, const struct error *why)
{
	import_note_detail(im, v, IMPORT_WRONG, why->what, why->detail);
}

const struct json_value *import_member(const struct json_value *object, const char *key)
{
	const struct json_value *v;
	if (json_kind_of(object) != JSON_KIND_OBJECT || !json_maybe(&v, object, key, NULL) || !v)
		return NULL;
	return json_kind_of(v) == JSON_KIND_NULL ? NULL : v;
}

bool import_is_empty(const struct json_value *v)
{
	bytes text;
	bool flag;
	int64_t number;
	size_t count;
	switch (json_kind_of(v)) {
	case JSON_KIND_NULL:
		return true;
	case JSON_KIND_BOOL:
		return json_flag(&flag, v, NULL) && !flag;
	case JSON_KIND_INTEGER:
		return json_i64(&number, v, NULL) && number == 0;
	case JSON_KIND_TEXT:
		return json_text(&text, v, SIZE_MAX, NULL) &&
		       (text.len == 0 || bytes_equal(text, BYTES_LITERAL("{}")));
	case JSON_KIND_ARRAY:
		return json_items(&count, v, (struct json_range){0, SIZE_MAX}, NULL) && count == 0;
	case JSON_KIND_OBJECT:
		return json_members(&count, v, NULL) && count == 0;
	}
	return false;
}

bool import_is_word(const struct json_value *v, const char *word)
{
	bytes text;
	bool flag;
	if (json_kind_of(v) == JSON_KIND_BOOL && json_flag(&flag, v, NULL))
		return bytes_equal(bytes_of_text(word), bytes_of_text(flag ? "true" : "false"));
	return json_kind_of(v) == JSON_KIND_TEXT && json_text(&text, v, SIZE_MAX, NULL) &&
	       bytes_equal(text, bytes_of_text(word));
}

static bool is_harmless(const struct json_value *v, enum import_values values)
{
	bool flag;
	int64_t number;
	switch (values) {
	case VALUES_ANY:
	case VALUES_READ:
		return true;
	case VALUES_EMPTY:
		return import_is_empty(v);
	case VALUES_TRUE:
		return json_kind_of(v) == JSON_KIND_NULL ||
		       (json_kind_of(v) == JSON_KIND_BOOL && json_flag(&flag, v, NULL) && flag);
	case VALUES_ONE:
		return json_kind_of(v) == JSON_KIND_NULL ||
		       (json_kind_of(v) == JSON_KIND_INTEGER && json_i64(&number, v, NULL) && number == 1);
	case VALUES_NONE:
		return false;
	}
	return false;
}

static const struct import_field *find_field(bytes key, const struct import_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		if (bytes_equal(key, bytes_of_text(fields->list[i].key)))
			return &fields->list[i];
	return NULL;
}

bool import_walk(struct importing *im, const struct json_value *object, struct import_fields fields)
{
	size_t count;
	if (json_kind_of(object) != JSON_KIND_OBJECT || !json_members(&count, object, NULL)) {
		import_note(im, object, IMPORT_WRONG, "it must be an object, {…}");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct json_value *v = json_item(object, i);
		const struct import_field *f = find_field(json_key(v), &fields);
		if (!f)
			import_note(im, v, IMPORT_UNSUPPORTED,
			            "this importer does not know the field, so it cannot say what it would "
			            "change; remove it if it changes nothing");
		else if (!is_harmless(v, f->harmless))
			import_note(im, v, IMPORT_UNSUPPORTED, f->otherwise);
		else if (f->harmless != VALUES_READ)
			import_note(im, v, IMPORT_IGNORED, f->because);
	}
	return true;
}

bool import_items(struct importing *im, const struct json_value **list, size_t *count,
                  const struct json_value *object, const char *key)
{
	*count = 0;
	*list = import_member(object, key);
	if (!*list)
		return true;
	if (json_kind_of(*list) == JSON_KIND_ARRAY)
		return json_items(count, *list, (struct json_range){0, SIZE_MAX}, NULL);
	import_note(im, *list, IMPORT_WRONG, "it must be a list, […]");
	return false;
}

bool import_text(struct importing *im, bytes *out, const struct json_value *object, const char *key,
                 enum import_text kind, const char *because)
{
	const struct json_value *v = import_member(object, key);
	struct error why;
	bytes text;
	*out = BYTES_NONE;
	error_clear(&why);
	if (!v) {
		if (kind == IMPORT_LINE)
			import_note_missing(im, object, key);
		return kind == IMPORT_LINES;
	}
	if (!json_text(&text, v, LIMIT_TEXT_BYTES, &why) ||
	    !(kind == IMPORT_LINE ? text_check_line : text_check_lines)(text, &why)) {
		import_note_error(im, v, &why);
		return false;
	}
	import_note(im, v, IMPORT_MAPPED, because);
	return import_keep(im, out, text);
}

/* --- for people --- */

void import_entry_text(struct text *out, const struct import_entry *entry)
{
	text_add_bytes(out, entry->path);
	text_add(out, ": ");
	text_add(out, import_fate_name(entry->fate));
	text_add(out, ": ");
	if (entry->value.len) {
		text_add_bytes(out, entry->value);
		text_add(out, ": ");
	}
	text_add(out, entry->because);
	if (entry->detail.len) {
		text_add(out, " (");
		text_add_bytes(out, entry->detail);
		text_add(out, ")");
	}
	if (entry->more) {
		text_add(out, "; ");
		text_add_u64(out, entry->more);
		text_add(out, entry->more == 1 ? " more answer alike" : " more answers alike");
	}
}

bool sequent_refuse(const struct sequent_election *election, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	if (election->draft)
		return true;
	uint64_t places = 0;
	for (const struct import_entry *e = election->entries; e; e = e->next) {
		if (e->fate != IMPORT_UNSUPPORTED && e->fate != IMPORT_WRONG)
			continue;
		text_add(&t, places++ ? ", " : "");
		text_add_bytes(&t, e->path);
	}
	return fail_detail(err, ERROR_REJECTED,
	                   "import: the election has parts that Urna cannot take over", places, room);
}
