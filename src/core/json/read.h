/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict reading of JSON. Every refusal names the place: line and column while parsing, a path like
 * questions[2].answers[0].text afterwards.
 *
 *   struct json_doc *doc;
 *   const struct json_value *q;
 *   uint64_t max;
 *   json_doc_parse(&doc, text, LIMIT_MANIFEST_BYTES, err)
 *   && json_only(json_doc_root(doc), KEYS(known), err)
 *   && json_need(&q, json_doc_root(doc), "question", err)
 *   && json_u64(&max, q, (struct json_range){1, 20}, err)
 *
 * Inputs: UTF-8 of RFC 8259, an object or an array at the top. Refused: duplicate keys, bytes after
 * the end, a byte order mark, the character U+0000, fractions and exponents, integers outside
 * -2^63 … 2^63-1, nesting deeper than LIMIT_JSON_DEPTH, more bytes than the caller's limit.
 * Errors: MALFORMED; LIMIT for size, depth and texts that are too long. Text from the document is
 * made printable before it goes into a message.
 * Memory: a document owns its values and texts (heap, through jansson); json_doc_free ends them
 * all. Not for secrets: nothing is wiped.
 * Threads: a parsed document does not change; any number may read it.
 * Cost: linear in the text; finding a key is linear in the keys of its object.
 */
#ifndef JSON_READ_H
#define JSON_READ_H

#include "base/bytes.h"
#include "base/error.h"

struct json_doc;
struct json_value; /* one node; belongs to its document, knows its path */

enum json_kind {
	JSON_KIND_OBJECT,
	JSON_KIND_ARRAY,
	JSON_KIND_TEXT,
	JSON_KIND_INTEGER,
	JSON_KIND_BOOL,
	JSON_KIND_NULL,
};

struct json_range {
	uint64_t min, max; /* both allowed */
};

struct json_names { /* what a caller knows: keys of an object, words of a choice */
	const char *const *names;
	size_t count;
};
#define JSON_NAMES(array) ((struct json_names){(array), sizeof(array) / sizeof((array)[0])})

bool json_doc_parse(struct json_doc **out, bytes text, size_t limit, struct error *err) must_check;
void json_doc_free(struct json_doc *doc); /* NULL is fine */
const struct json_value *json_doc_root(const struct json_doc *doc);

enum json_kind json_kind_of(const struct json_value *v);

/* Objects. need: MALFORMED when the key is missing. maybe: *out = NULL then. Both refuse what is
 * not an object. only: refuses a key that is not known, and names the nearest known one. */
bool json_need(const struct json_value **out, const struct json_value *object, const char *key,
               struct error *err) must_check;
bool json_maybe(const struct json_value **out, const struct json_value *object, const char *key,
                struct error *err) must_check;
bool json_only(const struct json_value *object, struct json_names known,
               struct error *err) must_check;

/* Arrays, and objects as lists of members in the order of the text. */
bool json_items(size_t *len, const struct json_value *v, struct json_range allowed,
                struct error *err) must_check; /* LIMIT when longer, MALFORMED when shorter */
bool json_members(size_t *count, const struct json_value *v, struct error *err) must_check;
const struct json_value *json_item(const struct json_value *v, size_t i); /* i < len */
bytes json_key(const struct json_value *member); /* of a member of an object, else empty */

/* Plain values. Texts borrow the document, are UTF-8, and have a 0 after the last byte. */
bool json_text(bytes *out, const struct json_value *v, size_t max_bytes,
               struct error *err) must_check;
bool json_hex(uint8_t *out, size_t len, const struct json_value *v, struct error *err) must_check;
bool json_u64(uint64_t *out, const struct json_value *v, struct json_range allowed,
              struct error *err) must_check; /* up to 2^63-1 */
bool json_i64(int64_t *out, const struct json_value *v, struct error *err) must_check;
bool json_flag(bool *out, const struct json_value *v, struct error *err) must_check;
/* A text that is one of the names: its index. */
bool json_choice(unsigned *out, const struct json_value *v, struct json_names names,
                 struct error *err) must_check;

/* The same for a required key of an object. */
bool json_need_text(bytes *out, const struct json_value *object, const char *key, size_t max_bytes,
                    struct error *err) must_check;
bool json_need_u64(uint64_t *out, const struct json_value *object, const char *key,
                   struct json_range allowed, struct error *err) must_check;
bool json_need_flag(bool *out, const struct json_value *object, const char *key,
                    struct error *err) must_check;
bool json_need_choice(unsigned *out, const struct json_value *object, const char *key,
                      struct json_names names, struct error *err) must_check;

/* A caller's own refusal of a value: `what` as in fail(), the path (and the reason) as detail. */
bool json_refuse(const struct json_value *v, enum error_kind kind, const char *what,
                 struct error *err);
bool json_refuse_because(const struct json_value *v, enum error_kind kind, const char *what,
                         const char *reason, struct error *err);
/* "questions[2].answers[0].text"; the root is "the document". */
void json_path(struct text *out, const struct json_value *v);

#endif
