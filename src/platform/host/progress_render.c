/* SPDX-License-Identifier: Apache-2.0 */
#include "host/progress.h"

/* "845", "12.3k", "4.5M": three or four signs, whatever the number. */
static void add_short(struct text *t, uint64_t v)
{
	static const char units[] = " kMGTPE";
	unsigned unit = 0;
	uint64_t tenths = v > UINT64_MAX / 10 ? v : v * 10;
	if (v > UINT64_MAX / 10) {
		tenths = v / 100;
		unit = 1;
	}
	for (; tenths >= 10000; unit++)
		tenths /= 1000;
	text_add_u64(t, tenths / 10);
	if (unit > 0 && tenths < 1000) {
		text_add(t, ".");
		text_add_u64(t, tenths % 10);
	}
	if (unit > 0)
		text_add_bytes(t, bytes_of(&units[unit], 1));
}

static void add_two(struct text *t, uint64_t v)
{
	if (v < 10)
		text_add(t, "0");
	text_add_u64(t, v);
}

/* "0:07", "12:34", "1:02:03" */
static void add_duration(struct text *t, uint64_t ms)
{
	uint64_t s = ms / 1000;
	if (s >= 3600) {
		text_add_u64(t, s / 3600);
		text_add(t, ":");
		add_two(t, s / 60 % 60);
	} else {
		text_add_u64(t, s / 60);
	}
	text_add(t, ":");
	add_two(t, s % 60);
}

static unsigned per_mille(uint64_t done, uint64_t total)
{
	if (total == 0 || done >= total)
		return 1000;
	/* Numbers above 2^53 lose low bits, which no bar shows. */
	return (unsigned)(1000.0 * (double)done / (double)total);
}

/* ms · factor / divisor, saturating: these are estimates for people. */
static uint64_t scaled(uint64_t ms, uint64_t factor, uint64_t divisor)
{
	double v = (double)ms * (double)factor / (double)(divisor ? divisor : 1);
	return v < 1e15 ? (uint64_t)v : 1000000000000000u;
}

/* What stands right of the bar. */
static void add_figures(struct text *t, const struct progress_state *s)
{
	unsigned part = per_mille(s->done, s->total);
	text_add(t, part < 100 ? "  " : part < 1000 ? " " : "");
	text_add_u64(t, part / 10);
	text_add(t, "%");
	if (s->done > 0 && s->elapsed_ms > 0) {
		uint64_t a_second = scaled(s->done, 1000, s->elapsed_ms);
		text_add(t, "  ");
		add_short(t, a_second ? a_second : scaled(s->done, 60000, s->elapsed_ms));
		text_add(t, a_second ? "/s" : "/min");
	}
	text_add(t, "  ");
	if (s->done >= s->total) {
		add_duration(t, s->elapsed_ms);
	} else if (s->done > 0 && s->elapsed_ms >= 500) { /* before that it is a guess */
		add_duration(t, scaled(s->elapsed_ms, s->total - s->done, s->done));
		text_add(t, " left");
	}
}

/* A stage is a literal of ours in ASCII: bytes are columns. */
void progress_render(struct text *out, const struct progress_state *s, unsigned columns)
{
	char room[64];
	struct text figures = TEXT_OF(room);
	add_figures(&figures, s);
	size_t name = strlen(s->stage), width = columns;
	const size_t bar_least = 10, name_room = 24;
	size_t shown = name < name_room ? name_room : name;
	if (width < figures.len + 1)
		return;
	if (shown + 1 + figures.len > width)
		shown = width - 1 - figures.len;
	text_add_bytes(out, bytes_of(s->stage, name < shown ? name : shown));
	for (size_t i = name; i < shown; i++)
		text_add(out, " ");
	text_add(out, " ");
	size_t rest = width - shown - 1 - figures.len;
	if (rest >= bar_least + 3) {
		size_t bar = rest - 3 < 40 ? rest - 3 : 40;
		size_t full = bar * per_mille(s->done, s->total) / 1000;
		text_add(out, "[");
		for (size_t i = 0; i < bar; i++)
			text_add(out, i < full ? "#" : ".");
		text_add(out, "] ");
	}
	text_add_bytes(out, bytes_of(room, figures.len));
}
