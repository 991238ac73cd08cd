/* SPDX-License-Identifier: Apache-2.0 */
#include "json/write.h"

#include <stdlib.h>

#define SINK_BUFFER_BYTES 65536u

static bool writer_fail(struct json_writer *w, enum error_kind kind, const char *what, uint64_t at)
{
	w->failed = true;
	return fail(&w->error, kind, what, at);
}

static void writer_init(struct json_writer *w, enum json_form form)
{
	*w = (struct json_writer){.form = form};
	error_clear(&w->error);
}

void json_writer_to_memory(struct json_writer *w, size_t limit, enum json_form form)
{
	writer_init(w, form);
	w->limit = limit;
}

void json_writer_to_sink(struct json_writer *w, struct sink *sink, enum json_form form)
{
	writer_init(w, form);
	w->sink = sink;
	w->room = SINK_BUFFER_BYTES;
	w->buffer = malloc(w->room);
	if (!w->buffer)
		writer_fail(w, ERROR_IO, "json: out of memory", ERROR_NOWHERE);
}

static bool flush(struct json_writer *w)
{
	if (w->used > 0 && !sink_append(w->sink, bytes_of(w->buffer, w->used), &w->error))
		w->failed = true;
	w->used = 0;
	return !w->failed;
}

static bool grow(struct json_writer *w, size_t more)
{
	if (more > w->limit - w->used)
		return writer_fail(w, ERROR_LIMIT, "json: the text becomes longer than allowed", w->limit);
	size_t room = w->room ? w->room : 256;
	while (room - w->used < more)
		room *= 2; /* below 2·limit, and limit fits in memory */
	uint8_t *p = room == w->room ? w->buffer : realloc(w->buffer, room);
	if (!p)
		return writer_fail(w, ERROR_IO, "json: out of memory", ERROR_NOWHERE);
	w->buffer = p;
	w->room = room;
	return true;
}

static void put(struct json_writer *w, bytes b)
{
	while (b.len > 0 && !w->failed) {
		if (!w->sink && !grow(w, b.len))
			return;
		if (w->used == w->room && !flush(w))
			return;
		size_t n = b.len < w->room - w->used ? b.len : w->room - w->used;
		memcpy(w->buffer + w->used, b.p, n);
		w->used += n;
		b = bytes_from(b, n);
	}
}

bool json_writer_finish(struct json_writer *w, bytes *out, struct error *err)
{
	if (out)
		*out = BYTES_NONE;
	if (!w->failed) {
		require(w->complete && w->depth == 0);
		if (w->form == JSON_LINES)
			put(w, BYTES_LITERAL("\n"));
		if (w->sink && !w->failed)
			flush(w);
	}
	if (w->failed) {
		fail_detail(err, w->error.kind, w->error.what, w->error.at, w->error.detail);
		return false;
	}
	if (out && !w->sink)
		*out = bytes_of(w->buffer, w->used);
	return true;
}

void json_writer_free(struct json_writer *w)
{
	free(w->buffer);
	w->buffer = NULL;
	w->used = w->room = 0;
}

/* Layout */

static void new_line(struct json_writer *w)
{
	if (w->form != JSON_LINES)
		return;
	put(w, BYTES_LITERAL("\n"));
	for (unsigned i = 0; i < w->depth; i++)
		put(w, BYTES_LITERAL("  "));
}

static void next_in_level(struct json_writer *w)
{
	if (w->level[w->depth - 1].filled)
		put(w, BYTES_LITERAL(","));
	w->level[w->depth - 1].filled = true;
	new_line(w);
}

static void before_value(struct json_writer *w)
{
	require(!w->complete);
	if (w->depth == 0)
		return;
	if (w->level[w->depth - 1].object) {
		require(w->key_open);
		w->key_open = false;
	} else {
		next_in_level(w);
	}
}

static void after_value(struct json_writer *w)
{
	if (w->depth == 0)
		w->complete = true;
}

static void begin(struct json_writer *w, bool object)
{
	before_value(w);
	require(w->depth < LIMIT_JSON_DEPTH);
	w->level[w->depth].object = object;
	w->level[w->depth].filled = false;
	w->depth++;
	put(w, object ? BYTES_LITERAL("{") : BYTES_LITERAL("["));
}

void json_put_object(struct json_writer *w)
{
	begin(w, true);
}

void json_put_array(struct json_writer *w)
{
	begin(w, false);
}

void json_put_end(struct json_writer *w)
{
	require(w->depth > 0 && !w->key_open);
	w->depth--;
	if (w->level[w->depth].filled)
		new_line(w);
	put(w, w->level[w->depth].object ? BYTES_LITERAL("}") : BYTES_LITERAL("]"));
	after_value(w);
}

/* Texts */

/* Length of the well-formed UTF-8 character at the front, 0 if there is none. Unicode table 3-7. */
static size_t utf8_character(bytes b)
{
	uint8_t c = b.p[0];
	if (c < 0x80)
		return 1;
	size_t n = c >= 0xc2 && c < 0xe0   ? 2
	           : c >= 0xe0 && c < 0xf0 ? 3
	           : c >= 0xf0 && c < 0xf5 ? 4
	                                   : 0;
	if (n == 0 || b.len < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b.p[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (c == 0xe0 && b.p[1] < 0xa0) || (c == 0xf0 && b.p[1] < 0x90);
	bool surrogate = c == 0xed && b.p[1] >= 0xa0;
	bool beyond = c == 0xf4 && b.p[1] >= 0x90;
	return overlong || surrogate || beyond ? 0 : n;
}

static void put_escape(struct json_writer *w, uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	static const char letters[] = {['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
	                               ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
	if (letters[c]) {
		put(w, bytes_of((const char[]){'\\', letters[c]}, 2));
		return;
	}
	const char code[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
	put(w, bytes_of(code, sizeof code));
}

static void put_quoted(struct json_writer *w, bytes text)
{
	size_t plain = 0; /* what lies before and waits to be put in one piece */
	put(w, BYTES_LITERAL("\""));
	while (plain < text.len) {
		uint8_t c = text.p[plain];
		if (c < 0x20 || c == '"' || c == '\\') {
			put(w, bytes_of(text.p, plain));
			put_escape(w, c);
			text = bytes_from(text, plain + 1);
			plain = 0;
			continue;
		}
		size_t n = utf8_character(bytes_from(text, plain));
		if (n == 0) {
			if (!w->failed)
				writer_fail(w, ERROR_MALFORMED, "json: a text to be written is not UTF-8",
				            ERROR_NOWHERE);
			return;
		}
		plain += n;
	}
	put(w, bytes_of(text.p, plain));
	put(w, BYTES_LITERAL("\""));
}

void json_put_key_bytes(struct json_writer *w, bytes key)
{
	require(w->depth > 0 && w->level[w->depth - 1].object && !w->key_open);
	next_in_level(w);
	put_quoted(w, key);
	put(w, w->form == JSON_LINES ? BYTES_LITERAL(": ") : BYTES_LITERAL(":"));
	w->key_open = true;
}

void json_put_key(struct json_writer *w, const char *key)
{
	json_put_key_bytes(w, bytes_of_text(key));
}

void json_put_text_bytes(struct json_writer *w, bytes text)
{
	before_value(w);
	put_quoted(w, text);
	after_value(w);
}

void json_put_text(struct json_writer *w, const char *text)
{
	json_put_text_bytes(w, bytes_of_text(text));
}

void json_put_hex(struct json_writer *w, bytes b)
{
	before_value(w);
	put(w, BYTES_LITERAL("\""));
	for (size_t i = 0; i < b.len; i++) {
		char pair[3];
		hex_encode(pair, bytes_of(b.p + i, 1));
		put(w, bytes_of(pair, 2));
	}
	put(w, BYTES_LITERAL("\""));
	after_value(w);
}

/* Other values */

static void put_word(struct json_writer *w, const char *word)
{
	before_value(w);
	put(w, bytes_of_text(word));
	after_value(w);
}

void json_put_u64(struct json_writer *w, uint64_t v)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, v);
	put_word(w, room);
}

void json_put_i64(struct json_writer *w, int64_t v)
{
	char room[24];
	struct text t = TEXT_OF(room);
	if (v < 0)
		text_add(&t, "-");
	text_add_u64(&t, v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v);
	put_word(w, room);
}

void json_put_flag(struct json_writer *w, bool v)
{
	put_word(w, v ? "true" : "false");
}

void json_put_null(struct json_writer *w)
{
	put_word(w, "null");
}
