/* SPDX-License-Identifier: Apache-2.0 */
/* The log as a file: written entry by entry; for reading a window slides over it. */
#include "record/entry.h"

#define LENGTH_BYTES 2u
#define WANT ((size_t)32 << 10) /* half of the window: what is left of an entry fits before it */

bool log_reader_init(struct log_reader *r, struct source *src, const digest *eid, struct arena *a,
                     struct error *err)
{
	*r = (struct log_reader){.src = src, .eid = eid};
	merkle_init(&r->tree);
	r->room = arena_take(a, LOG_READER_BYTES, 1, err);
	return r->room != NULL;
}

/* At least `need` bytes in the window, unless the file ends before. */
static bool fill(struct log_reader *r, size_t need, struct error *err)
{
	bytes b;
	while (r->to - r->from < need && !r->at_end) {
		if (r->from > 0) {
			memmove(r->room, r->room + r->from, r->to - r->from);
			r->to -= r->from;
			r->from = 0;
		}
		if (!source_next(r->src, WANT, &b, err))
			return false;
		r->at_end = b.len == 0;
		if (b.len)
			memcpy(r->room + r->to, b.p, b.len);
		r->to += b.len;
	}
	return true;
}

static bool whole_entry(struct log_reader *r, bytes *out, struct error *err)
{
	if (r->to - r->from < LENGTH_BYTES)
		return fail(err, ERROR_MALFORMED, "log: the file ends within an entry", ERROR_NOWHERE);
	const uint8_t *at = r->room + r->from;
	size_t len = (size_t)at[0] << 8 | at[1];
	if (len > LIMIT_LOG_ENTRY_BYTES)
		return fail(err, ERROR_LIMIT, "log: an entry longer than LIMIT_LOG_ENTRY_BYTES", len);
	if (!fill(r, LENGTH_BYTES + len, err))
		return false;
	if (r->to - r->from < LENGTH_BYTES + len)
		return fail(err, ERROR_MALFORMED, "log: the file ends within an entry", ERROR_NOWHERE);
	*out = bytes_of(r->room + r->from + LENGTH_BYTES, len);
	r->from += LENGTH_BYTES + len;
	return true;
}

bool log_reader_next(struct log_reader *r, struct entry *out, bool *more, struct error *err)
{
	bytes entry;
	*more = false;
	if (!fill(r, LENGTH_BYTES, err))
		return false;
	if (r->from == r->to)
		return true;
	if (!whole_entry(r, &entry, err) || !entry_read(out, entry, r->eid, err))
		return fail_within_index(err, "entry", r->tree.size);
	digest leaf = merkle_leaf(entry);
	merkle_append(&r->tree, &leaf);
	*more = true;
	return true;
}

bool log_write_entry(struct sink *sink, struct merkle *tree, const digest *eid,
                     const struct entry *e, struct error *err)
{
	uint8_t room[LIMIT_LOG_ENTRY_BYTES], length[2];
	bytes entry = entry_write(room, eid, e);
	digest leaf = merkle_leaf(entry);
	merkle_append(tree, &leaf);
	length[0] = (uint8_t)(entry.len >> 8);
	length[1] = (uint8_t)entry.len;
	return sink_append(sink, BYTES_OF(length), err) && sink_append(sink, entry, err);
}
