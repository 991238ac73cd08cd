/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A parsed document: jansson's tree, and beside it our nodes, which know their parent and their
 * place. jansson shares one true, false and null between all places, so its own nodes cannot.
 */
#ifndef JSON_JSON_INTERNAL_H
#define JSON_JSON_INTERNAL_H

#include "json/read.h"

#include <jansson.h>

struct json_value {
	const json_t *node; /* borrows the document's tree */
	const struct json_value *parent;
	const char *key; /* of a member, else NULL; borrows the tree */
	const struct json_value *children;
	size_t count;
};

struct json_doc {
	json_t *tree;
	struct json_value *values; /* [0] is the root; children of one value lie side by side */
};

/* Adds text from outside to a message: control characters become '?'. */
void json_add_printable(struct text *out, bytes b);

#endif
