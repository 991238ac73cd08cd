/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in a report: result.json of a record, or what urna count --json says of a file, as
 * headings, paragraphs and tables. Everything is read from the document while it is drawn; votes
 * are shown as the texts they are.
 *
 * Errors: MALFORMED, with the path, where the document is no result.
 * Memory: texts for the page lie in the arena.
 */
#ifndef REPORT_CONTENT_H
#define REPORT_CONTENT_H

#include "base/arena.h"
#include "report/paper.h"
#include "json/read.h"

struct content {
	const struct json_value *root;
	const char *title;  /* NULL: that of the first question */
	const char *date;   /* as it is to be shown, or NULL */
	const char *digest; /* of the file, in hex */
	struct arena *arena;
};

/* The title of all, printable. */
bool content_title(const char **out, const struct content *c, struct error *err) must_check;
bool content_draw(struct paper *p, const struct content *c, struct error *err) must_check;

#endif
