/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/bytetree_internal.h"

static bool malformed(const struct source *s, const char *what, struct error *err)
{
	return fail_detail(err, ERROR_MALFORMED, what, ERROR_NOWHERE, s->name);
}

static bool read_header(struct source *s, enum tree_tag tag, uint32_t *count, struct error *err)
{
	uint8_t header[TREE_HEADER_BYTES];
	const char *what = NULL;
	if (!source_read(s, header, sizeof header, err))
		return false;
	return tree_check_header(header, tag, count, &what) || malformed(s, what, err);
}

bool tree_source_node(struct source *s, uint32_t children, struct error *err)
{
	uint32_t count;
	if (!read_header(s, TREE_NODE, &count, err))
		return false;
	return count == children || malformed(s, TREE_WRONG_CHILDREN, err);
}

bool tree_source_node_any(struct source *s, uint32_t *children, uint32_t max, struct error *err)
{
	uint32_t count;
	if (!read_header(s, TREE_NODE, &count, err))
		return false;
	if (count > max)
		return malformed(s, TREE_TOO_MANY_CHILDREN, err);
	*children = count;
	return true;
}

bool tree_source_leaf(struct source *s, uint32_t len, struct error *err)
{
	uint32_t count;
	if (!read_header(s, TREE_LEAF, &count, err))
		return false;
	return count == len || malformed(s, TREE_WRONG_LENGTH, err);
}

bool tree_source_end(struct source *s, struct error *err)
{
	bytes rest = BYTES_NONE;
	if (!source_next(s, 1, &rest, err))
		return false;
	return rest.len == 0 || malformed(s, TREE_MORE_FOLLOWS, err);
}
