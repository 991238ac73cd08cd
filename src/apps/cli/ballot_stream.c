/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ballot_stream.h"

#include "files/disk_folder.h"
#include "hash/bytetree.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What a ballot has around its body, in either mode: the same for every style. */
static size_t around_body(const struct ballot_rules *rules)
{
	return ballot_bytes(&rules->styles[0], rules->mode) -
	       ballot_body_bytes(&rules->styles[0], rules->mode);
}

static size_t object_bytes(const struct ballot_stream *s, const struct ballot_style *style)
{
	return s->bodies ? ballot_body_bytes(style, s->rules->mode)
	                 : ballot_bytes(style, s->rules->mode);
}

bool ballot_stream_open(struct ballot_stream *s, const char *path, const struct ballot_rules *rules,
                        bool bodies, struct error *err)
{
	struct stat st;
	*s = (struct ballot_stream){.path = path, .rules = rules, .bodies = bodies};
	/* A wrong name is nothing about the content: IO, not MALFORMED. */
	if (stat(path, &st) != 0) {
		fail_detail(err, ERROR_IO, "file: cannot be read", ERROR_NOWHERE, strerror(errno));
		return fail_within(err, path);
	}
	if (!S_ISREG(st.st_mode))
		return fail_detail(err, ERROR_IO, "file: this is none", ERROR_NOWHERE, path);
	return disk_source_open(&s->src, path, err);
}

void ballot_stream_close(struct ballot_stream *s)
{
	source_close(s->src);
	s->src = NULL;
}

uint64_t ballot_stream_most(const struct ballot_stream *s)
{
	size_t least = SIZE_MAX;
	for (size_t i = 0; i < s->rules->styles_count; i++) {
		size_t len = object_bytes(s, &s->rules->styles[i]);
		least = len < least ? len : least;
	}
	return s->src->size / least;
}

static bool fill(struct ballot_stream *s, struct error *err)
{
	bytes b;
	memmove(s->window, s->window + s->from, s->to - s->from);
	s->to -= s->from;
	s->from = 0;
	while (!s->at_end && s->to < BALLOT_WINDOW_BYTES) {
		size_t room = BALLOT_WINDOW_BYTES - s->to;
		if (!source_next(s->src, room < SOURCE_WANT_MAX ? room : SOURCE_WANT_MAX, &b, err))
			return false;
		s->at_end = b.len == 0;
		if (b.len)
			memcpy(s->window + s->to, b.p, b.len);
		s->to += b.len;
	}
	return true;
}

/* A body is measured as the ballot that it would be. */
static bool measure(size_t *len, const struct ballot_stream *s, struct error *err)
{
	uint8_t head[TREE_HEADER_BYTES + BALLOT_HEAD_BYTES];
	size_t have = s->to - s->from, header = 0;
	if (s->bodies)
		header = tree_put_node(head, s->rules->mode == BALLOT_SERVER ? 2 : 4);
	if (have > BALLOT_HEAD_BYTES)
		have = BALLOT_HEAD_BYTES;
	memcpy(head + header, s->window + s->from, have);
	if (!ballot_measure(len, bytes_of(head, header + have), s->rules, err))
		return false;
	*len -= s->bodies ? around_body(s->rules) : 0;
	return true;
}

static bool refuse(struct ballot_stream *s, struct error *err)
{
	fail_within_index(err, s->bodies ? "audited ballot" : "ballot", s->number);
	return fail_within(err, s->path);
}

bool ballot_stream_next(bytes *out, size_t *count, size_t room, struct ballot_stream *s,
                        struct error *err)
{
	*count = 0;
	if (!fill(s, err))
		return false;
	while (*count < room && s->from < s->to) {
		size_t len, left = s->to - s->from;
		if (left < BALLOT_HEAD_BYTES && !s->at_end)
			break;
		if (!measure(&len, s, err))
			return refuse(s, err);
		if (len > left && !s->at_end)
			break;
		if (len > left) {
			fail(err, ERROR_MALFORMED, "ballots: the file ends within one", s->number);
			return refuse(s, err);
		}
		out[(*count)++] = bytes_of(s->window + s->from, len);
		s->from += len;
		s->number++;
	}
	return true;
}
