/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/changes.h"

#include "cli/operator_file.h"

#define CHANGES_BYTES_MAX ((size_t)1 << 30)
#define LENGTH_BYTES 2u

/* The next entry's bytes. */
static bool cut(bytes *out, bytes *left, struct error *err)
{
	size_t len = left->len < LENGTH_BYTES ? 0 : (size_t)left->p[0] << 8 | left->p[1];
	if (left->len < LENGTH_BYTES || len > left->len - LENGTH_BYTES)
		return fail(err, ERROR_MALFORMED, "changes: the file ends within one", ERROR_NOWHERE);
	*out = bytes_of(left->p + LENGTH_BYTES, len);
	*left = bytes_from(*left, LENGTH_BYTES + len);
	return true;
}

/* How many there are, if they are anything: no guess from their sizes. */
static size_t count_of(bytes file)
{
	size_t n = 0;
	bytes one;
	while (file.len && cut(&one, &file, NULL))
		n++;
	return n;
}

static bool next(struct entry *out, bytes *left, const digest *eid, struct error *err)
{
	bytes one;
	if (!cut(&one, left, err) || !entry_read(out, one, eid, err))
		return false;
	return out->kind == ENTRY_CREDENTIAL ||
	       fail(err, ERROR_MALFORMED, "changes: an entry of another kind", ERROR_NOWHERE);
}

bool changes_read(struct changes *out, const char *path, const digest *eid, struct arena *arena,
                  struct error *err)
{
	bytes left;
	*out = (struct changes){0};
	if (!operator_file_read(&left, path, CHANGES_BYTES_MAX, arena, err))
		return false;
	/* One more: what follows the last whole one is read as well, and refused. */
	out->list = arena_take_array(arena, count_of(left) + 1, struct entry, err);
	if (!out->list)
		return false;
	while (left.len) {
		if (!next(&out->list[out->count], &left, eid, err)) {
			fail_within_index(err, "change", out->count);
			return fail_within(err, path);
		}
		out->count++;
	}
	return out->count > 0 ||
	       fail_detail(err, ERROR_MALFORMED, "changes: there are none", ERROR_NOWHERE, path);
}
