/* SPDX-License-Identifier: Apache-2.0 */
#include "count/writer_internal.h"

void writer_init(struct writer *w, struct sink *sink, struct error *err)
{
	w->sink = sink;
	w->err = err;
	w->failed = false;
	w->used = w->total = 0;
}

static void flush(struct writer *w)
{
	if (w->sink && !w->failed && w->used > 0)
		w->failed = !sink_append(w->sink, bytes_of(w->buffer, w->used), w->err);
	w->total += w->used;
	w->used = 0;
}

bool writer_finish(struct writer *w)
{
	flush(w);
	return !w->failed;
}

void write_bytes(struct writer *w, bytes b)
{
	while (b.len > 0 && !w->failed) {
		size_t room = sizeof w->buffer - w->used, n = b.len < room ? b.len : room;
		memcpy(w->buffer + w->used, b.p, n);
		w->used += n;
		b = bytes_from(b, n);
		if (w->used == sizeof w->buffer)
			flush(w);
	}
}

void write_text(struct writer *w, const char *s)
{
	write_bytes(w, bytes_of_text(s));
}

void write_u64(struct writer *w, uint64_t v)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, v);
	write_bytes(w, bytes_of(room, t.len));
}

void write_spaces(struct writer *w, size_t count)
{
	for (; count > 0; count--)
		write_bytes(w, BYTES_LITERAL(" "));
}
