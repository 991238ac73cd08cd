/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

void table_init(struct table *t, bytes text, struct arena *arena)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
	*t = (struct table){.left = text, .arena = arena};
	if (text.len >= sizeof mark && memcmp(text.p, mark, sizeof mark) == 0)
		t->left = bytes_from(text, sizeof mark);
}

bool table_fail(const struct table *t, struct error *err)
{
	return fail_within_index(err, "line", t->line);
}

static bool refuse(const struct table *t, unsigned cell, const char *what, struct error *err)
{
	fail(err, ERROR_MALFORMED, what, t->line);
	fail_within_index(err, "cell", cell + 1u);
	return table_fail(t, err);
}

/* The next line, without its end; false: there is none. */
static bool next_line(bytes *line, struct table *t)
{
	if (t->left.len == 0)
		return false;
	const uint8_t *feed = memchr(t->left.p, '\n', t->left.len);
	size_t len = feed ? (size_t)(feed - t->left.p) : t->left.len;
	*line = bytes_of(t->left.p, len);
	t->left = bytes_from(t->left, feed ? len + 1 : len);
	t->line++;
	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* In quotes: the text between them, doubled ones as one. */
static bool quoted_cell(bytes *out, bytes *line, unsigned cell, struct table *t, struct error *err)
{
	uint8_t *copy = arena_take(t->arena, line->len, 1, err);
	size_t len = 0, at = 1;
	if (!copy)
		return false;
	for (;; at++) {
		if (at == line->len)
			return refuse(t, cell, "table: a cell in quotes does not end on its line", err);
		if (line->p[at] != '"') {
			copy[len++] = line->p[at];
			continue;
		}
		if (at + 1 == line->len || line->p[at + 1] != '"')
			break;
		copy[len++] = line->p[at++];
	}
	*out = bytes_of(copy, len);
	*line = bytes_from(*line, at + 1);
	if (line->len > 0 && line->p[0] != ',')
		return refuse(t, cell, "table: something between a cell's quotes and the comma", err);
	return true;
}

static bool plain_cell(bytes *out, bytes *line, unsigned cell, struct table *t, struct error *err)
{
	size_t len = 0;
	for (; len < line->len && line->p[len] != ','; len++)
		if (line->p[len] == '"')
			return refuse(t, cell, "table: a quote within a cell without quotes around it", err);
	*out = bytes_of(line->p, len);
	*line = bytes_from(*line, len);
	return true;
}

static bool has_control(bytes b)
{
	bool any = false;
	for (size_t i = 0; i < b.len; i++)
		any |= b.p[i] < 0x20 || b.p[i] == 0x7f;
	return any;
}

bool table_next(struct table_row *row, bool *more, struct table *t, struct error *err)
{
	bytes line = BYTES_NONE;
	row->count = 0;
	*more = false;
	while (line.len == 0)
		if (!next_line(&line, t))
			return true;
	for (*more = true;;) {
		unsigned cell = row->count;
		if (cell == TABLE_CELLS_MAX)
			return refuse(t, cell, "table: more cells than any table here has", err);
		bool quoted = line.len > 0 && line.p[0] == '"';
		if (!(quoted ? quoted_cell : plain_cell)(&row->cell[cell], &line, cell, t, err))
			return false;
		if (has_control(row->cell[cell]))
			return refuse(t, cell, "table: a control character", err);
		row->count++;
		if (line.len == 0)
			return true;
		line = bytes_from(line, 1);
	}
}

bool table_number(uint32_t *out, const struct table *t, bytes cell, uint32_t max, struct error *err)
{
	uint64_t v = 0;
	bool good = cell.len > 0 && cell.len <= 10;
	for (size_t i = 0; good && i < cell.len; i++) {
		good = cell.p[i] >= '0' && cell.p[i] <= '9';
		v = v * 10 + (uint64_t)(cell.p[i] - '0');
	}
	*out = (uint32_t)v;
	if (good && v <= max)
		return true;
	fail(err, ERROR_MALFORMED, good ? "table: the number is too great" : "table: not a number",
	     t->line);
	if (good)
		fail_within_index(err, "at most", max);
	return table_fail(t, err);
}

void table_add_cell(struct text *out, bytes cell)
{
	bool needs = false;
	for (size_t i = 0; i < cell.len; i++)
		needs |= cell.p[i] == ',' || cell.p[i] == '"';
	if (!needs) {
		text_add_bytes(out, cell);
		return;
	}
	text_add(out, "\"");
	for (size_t i = 0; i < cell.len; i++) {
		text_add_bytes(out, bytes_of(cell.p + i, 1));
		if (cell.p[i] == '"')
			text_add(out, "\"");
	}
	text_add(out, "\"");
}
