/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/operator_file.h"

#include "files/disk_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_rest(uint8_t *room, struct source *s, struct error *err)
{
	for (uint64_t at = 0; at < s->size;) {
		bytes b;
		uint64_t left = s->size - at;
		if (!source_next(s, left < SOURCE_WANT_MAX ? (size_t)left : SOURCE_WANT_MAX, &b, err))
			return false;
		memcpy(room + at, b.p, b.len);
		at += b.len;
	}
	return true;
}

bool operator_file_read(bytes *out, const char *path, size_t limit, struct arena *arena,
                        struct error *err)
{
	struct source *s;
	struct stat st;
	/* A wrong name is nothing about the content: IO, not MALFORMED. */
	if (access(path, R_OK) != 0) {
		fail_detail(err, ERROR_IO, "file: cannot be read", ERROR_NOWHERE, strerror(errno));
		return fail_within(err, path);
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return fail_detail(err, ERROR_IO, "file: this is a folder", ERROR_NOWHERE, path);
	if (!disk_source_open(&s, path, err))
		return false;
	uint8_t *room = NULL;
	bool good = s->size <= limit;
	if (!good) {
		fail(err, ERROR_LIMIT, "file: too long", s->size);
		fail_within_index(err, "bytes at most", limit);
		fail_within(err, path);
	}
	good = good && (room = arena_take(arena, (size_t)s->size + 1, 1, err)) != NULL &&
	       read_rest(room, s, err);
	if (good) {
		room[s->size] = 0;
		*out = bytes_of(room, (size_t)s->size);
	}
	source_close(s);
	return good;
}
