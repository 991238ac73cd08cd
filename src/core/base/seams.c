/* SPDX-License-Identifier: Apache-2.0 */
#include "base/seams.h"

bool source_read(struct source *s, void *out, size_t len, struct error *err)
{
	uint8_t *to = out;
	while (len > 0) {
		size_t want = len < SOURCE_WANT_MAX ? len : SOURCE_WANT_MAX;
		bytes got = BYTES_NONE;
		if (!source_next(s, want, &got, err))
			return false;
		if (got.len == 0)
			return fail_detail(err, ERROR_MALFORMED, "file: ends too early", ERROR_NOWHERE,
			                   s->name);
		require(got.len <= want);
		memcpy(to, got.p, got.len);
		to += got.len;
		len -= got.len;
	}
	return true;
}

bool folder_read(struct folder *f, const char *path, uint8_t *room, size_t room_len, bytes *out,
                 struct error *err)
{
	struct source *s = NULL;
	*out = BYTES_NONE;
	if (!f->open(f, path, &s, err))
		return false;
	uint64_t size = s->size;
	bool ok = size <= room_len
	              ? source_read(s, room, (size_t)size, err)
	              : fail_detail(err, ERROR_LIMIT, "file: longer than allowed", room_len, s->name);
	source_close(s);
	if (ok)
		*out = bytes_of(room, (size_t)size);
	return ok;
}

bool folder_write(struct folder *f, const char *path, bool replace, bytes content,
                  struct error *err)
{
	struct sink *s = NULL;
	if (!f->create(f, path, replace, &s, err))
		return false;
	if (!sink_append(s, content, err)) {
		sink_abort(s);
		return false;
	}
	return sink_commit(s, err);
}
