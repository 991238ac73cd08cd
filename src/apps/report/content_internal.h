/* SPDX-License-Identifier: Apache-2.0 */
/* One count as its JSON has it, and its texts, made printable. */
#ifndef REPORT_CONTENT_INTERNAL_H
#define REPORT_CONTENT_INTERNAL_H

#include "base/limits.h"
#include "report/content.h"

#define CONTENT_ANY ((struct json_range){0, (uint64_t)1 << 24})
#define CONTENT_VOTES ((struct json_range){0, INT64_MAX})

struct content_count {
	const struct json_value *json, *candidates, *stages;
	size_t candidates_count, stages_count;
};

const char *content_printable(const struct content *c, bytes b, struct error *err);
const char *content_number(const struct content *c, uint64_t v, struct error *err);
/* A member of an object, an item of an array, the name of a candidate (counted from 0). */
bool content_text(const char **out, const struct content *c, const struct json_value *object,
                  const char *key, struct error *err) must_check;
bool content_item(const char **out, const struct content *c, const struct json_value *array,
                  size_t i, struct error *err) must_check;
bool content_candidate(const char **out, const struct content *c, const struct content_count *k,
                       size_t i, struct error *err) must_check;
bool content_items(const struct json_value **out, size_t *count, const struct json_value *object,
                   const char *key, struct error *err) must_check;

bool content_draw_votes(struct paper *p, const struct content *c, const struct content_count *k,
                        struct error *err) must_check;
bool content_draw_tables(struct paper *p, const struct content *c, const struct content_count *k,
                         struct error *err) must_check;

#endif
