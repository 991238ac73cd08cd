/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ballot_file.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/csv.h"
#include "files/disk_folder.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
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

static bool is_table(const char *path, bytes content)
{
	const char *dot = strrchr(path, '.');
	if (dot && strcasecmp(dot, ".blt") == 0)
		return false;
	if (dot && strcasecmp(dot, ".csv") == 0)
		return true;
	return content.len > 5 && memcmp(content.p, "count,", 6) == 0;
}

bool ballot_file_read(struct ballot_file *out, const char *path,
                      const struct ballot_file_options *options, struct arena *arena,
                      struct error *err)
{
	if (!operator_file_read(&out->content, path, LIMIT_PROFILE_BYTES, arena, err))
		return false;
	struct csv_options table = {
		.candidates = options->candidates,
		.candidates_count = options->candidates_count,
		.seats = options->seats,
	};
	bool good = is_table(path, out->content)
	                ? csv_read(&out->profile, out->content, &table, arena, err)
	                : blt_read(&out->profile, out->content, arena, err);
	if (!good)
		return fail_within(err, path);
	if (options->seats)
		out->profile.seats = options->seats;
	return true;
}

bool ballot_file_check_seats(const struct profile *p, struct error *err)
{
	if (p->seats <= p->candidates_count)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, p->seats);
	text_add(&t, p->seats == 1 ? " seat, " : " seats, ");
	text_add_u64(&t, p->candidates_count);
	text_add(&t, p->candidates_count == 1 ? " candidate" : " candidates");
	return fail_detail(err, ERROR_REJECTED, "seats: more than there are candidates", ERROR_NOWHERE,
	                   room);
}

bool ballot_file_rule(struct count_rule *out, const char *name, const struct profile *profile,
                      const uint16_t *lot, unsigned lot_count, struct error *err)
{
	if (!count_rule_named(out, bytes_of_text(name), err))
		return false;
	out->lot = lot_count ? lot : profile->lot_count ? profile->lot : NULL;
	out->lot_count = lot_count ? lot_count : profile->lot_count;
	return true;
}
