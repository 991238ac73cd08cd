/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the parts of a manifest share. */
#ifndef MANIFEST_READ_INTERNAL_H
#define MANIFEST_READ_INTERNAL_H

#include "manifest/manifest.h"
#include "json/read.h"

struct reader {
	struct manifest *m;
	struct arena *arena;
	struct error *err;
};

/* Copies of texts in the arena, with a 0 behind them. */
bool keep_text(bytes *out, bytes text, struct reader *r);
/* One line that people can read: not blank, no control characters, none that turns directions. */
bool need_line(bytes *out, const struct json_value *o, const char *key, struct reader *r);
/* The same if the key is there, else empty; at most max_bytes. */
bool maybe_line(bytes *out, const struct json_value *o, const char *key, size_t max_bytes,
                struct reader *r);
/* Lines: tabs and line ends are allowed; may be empty or absent. */
bool maybe_lines(bytes *out, const struct json_value *o, const char *key, struct reader *r);
/* Names that occur in files and messages: 1 to 64 letters, digits, '-' and '_'. */
bool need_name(bytes *out, const struct json_value *o, const char *key, struct reader *r);
bool read_name(bytes *out, const struct json_value *v, struct reader *r);

/* A key of Ed25519 that can be somebody's (identity/identity.h). */
bool read_key(uint8_t out[static 32], const struct json_value *v, struct reader *r);

bool need_items(const struct json_value **out, unsigned *count, const struct json_value *o,
                const char *key, struct json_range range, struct reader *r);
bool need_unsigned(unsigned *out, const struct json_value *o, const char *key,
                   struct json_range range, struct reader *r);
/* *out keeps its value when the key is absent. */
bool maybe_unsigned(unsigned *out, const struct json_value *o, const char *key,
                    struct json_range range, struct reader *r);

bool read_rights(const struct json_value *root, struct reader *r); /* mode … witnesses */
bool read_questions(const struct json_value *root, struct reader *r);
bool read_groups(const struct json_value *root, struct reader *r);
bool read_styles(const struct json_value *root, struct reader *r); /* areas, styles, lists */

#endif
