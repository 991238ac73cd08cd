/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing JSON: the same calls give the same bytes, always.
 *
 *   struct json_writer w;
 *   json_writer_to_memory(&w, limit, JSON_LINES);
 *   json_put_object(&w);
 *     json_put_key(&w, "votes");  json_put_u64(&w, 12);
 *   json_put_end(&w);
 *   json_writer_finish(&w, &text, err)
 *
 * Form: keys in the caller's order (canonical forms sort them); JSON_DENSE without any white space;
 * JSON_LINES with two blanks per level, one member a line, a line feed at the end. Texts keep their
 * UTF-8; only ", \ and U+0000 … U+001F are escaped (as RFC 8785 does).
 * Errors: the writer keeps the first one and ignores everything after it; finish returns it:
 * MALFORMED for a text that is not UTF-8, LIMIT for more bytes than the limit, IO of the sink.
 * A wrong sequence of calls (a value without a key, an end too many) is a programmer's error.
 * Memory: to_memory grows a buffer on the heap; the slice of finish borrows it until
 * json_writer_free, which is always needed, also after an error.
 */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/limits.h"
#include "base/seams.h"

enum json_form {
	JSON_DENSE,
	JSON_LINES,
};

struct json_writer {
	struct sink *sink; /* or NULL: memory */
	uint8_t *buffer;
	size_t used, room, limit;
	enum json_form form;
	unsigned depth;
	bool key_open; /* a key waits for its value */
	bool failed, complete;
	struct {
		bool object, filled;
	} level[LIMIT_JSON_DEPTH];
	struct error error;
};

/* limit = the most bytes the text may have. */
void json_writer_to_memory(struct json_writer *w, size_t limit, enum json_form form);
/* Keeps the sink until finish or free; neither commits nor aborts it. */
void json_writer_to_sink(struct json_writer *w, struct sink *sink, enum json_form form);
/* out may be NULL; for a sink it is empty. */
bool json_writer_finish(struct json_writer *w, bytes *out, struct error *err) must_check;
void json_writer_free(struct json_writer *w);

void json_put_object(struct json_writer *w);
void json_put_array(struct json_writer *w);
void json_put_end(struct json_writer *w); /* of the innermost object or array */
void json_put_key(struct json_writer *w, const char *key);
void json_put_key_bytes(struct json_writer *w, bytes key);
void json_put_text(struct json_writer *w, const char *text);
void json_put_text_bytes(struct json_writer *w, bytes text);
void json_put_hex(struct json_writer *w, bytes b); /* lower case */
void json_put_u64(struct json_writer *w, uint64_t v);
void json_put_i64(struct json_writer *w, int64_t v);
void json_put_flag(struct json_writer *w, bool v);
void json_put_null(struct json_writer *w);

#endif
