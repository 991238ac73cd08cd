/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON reader. For any input: it is refused with a kind from {MALFORMED, LIMIT}, or
 *   every accessor answers for every value without leaving the document, and
 *   what the writer makes of the document is read back as the same document, and written again as
 *   the same bytes.
 */
#include "json/read.h"
#include "json/write.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_LIMIT ((size_t)1 << 20)

static void write_value(struct json_writer *w, const struct json_value *v)
{
	bytes text;
	int64_t n;
	bool flag;
	size_t count = 0;
	bool is_object = json_kind_of(v) == JSON_KIND_OBJECT;
	switch (json_kind_of(v)) {
	case JSON_KIND_OBJECT:
	case JSON_KIND_ARRAY:
		require(is_object ? json_members(&count, v, NULL)
		                  : json_items(&count, v, (struct json_range){0, SIZE_MAX}, NULL));
		if (is_object)
			json_put_object(w);
		else
			json_put_array(w);
		for (size_t i = 0; i < count; i++) {
			if (is_object)
				json_put_key_bytes(w, json_key(json_item(v, i)));
			write_value(w, json_item(v, i));
		}
		json_put_end(w);
		break;
	case JSON_KIND_TEXT:
		require(json_text(&text, v, SIZE_MAX, NULL) && text.p[text.len] == 0);
		json_put_text_bytes(w, text);
		break;
	case JSON_KIND_INTEGER:
		require(json_i64(&n, v, NULL));
		json_put_i64(w, n);
		break;
	case JSON_KIND_BOOL:
		require(json_flag(&flag, v, NULL));
		json_put_flag(w, flag);
		break;
	case JSON_KIND_NULL:
		json_put_null(w);
		break;
	}
}

/* Refusals write paths and texts of the document into a message; none may go wrong. */
static void refuse_everything(const struct json_value *v)
{
	static const char *const known[] = {"title", "answers"};
	const struct json_names names = JSON_NAMES(known);
	const struct json_value *child;
	struct error err;
	bytes text;
	uint64_t n;
	int64_t i;
	bool flag;
	size_t len;
	unsigned choice;
	uint8_t room[4];
	bool results[] = {
		json_only(v, names, &err),
		json_need(&child, v, "title", &err),
		json_items(&len, v, (struct json_range){1, 2}, &err),
		json_text(&text, v, 3, &err),
		json_hex(room, sizeof room, v, &err),
		json_u64(&n, v, (struct json_range){1, 2}, &err),
		json_i64(&i, v, &err),
		json_flag(&flag, v, &err),
		json_choice(&choice, v, names, &err),
		json_refuse(v, ERROR_REJECTED, "fuzz: refused", &err),
	};
	require(!results[sizeof results - 1] && err.kind == ERROR_REJECTED);
	bool is_object = json_members(&len, v, &err);
	if (is_object || json_items(&len, v, (struct json_range){0, SIZE_MAX}, &err))
		for (size_t k = 0; k < len && k < 20; k++)
			refuse_everything(json_item(v, k));
}

static void write_document(struct json_writer *w, const struct json_doc *doc, enum json_form form,
                           bytes *out)
{
	json_writer_to_memory(w, 64 * SIZE_LIMIT, form);
	write_value(w, json_doc_root(doc));
	require(json_writer_finish(w, out, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_doc *doc, *again;
	struct json_writer dense, lines, second;
	struct error err;
	bytes a, b, c;
	error_clear(&err);
	if (!json_doc_parse(&doc, bytes_of(data, size), SIZE_LIMIT, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_LIMIT);
		return 0;
	}
	refuse_everything(json_doc_root(doc));
	write_document(&dense, doc, JSON_DENSE, &a);
	write_document(&lines, doc, JSON_LINES, &b);
	require(json_doc_parse(&again, b, 64 * SIZE_LIMIT, NULL));
	write_document(&second, again, JSON_DENSE, &c);
	require(bytes_equal(a, c));
	json_doc_free(doc);
	json_doc_free(again);
	json_writer_free(&dense);
	json_writer_free(&lines);
	json_writer_free(&second);
	return 0;
}
