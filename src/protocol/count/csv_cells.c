/* SPDX-License-Identifier: Apache-2.0 */
#include "count/csv_cells_internal.h"

#include "count/place_internal.h"
#include "count/utf8_internal.h"

void cells_init(struct cells *c, bytes file, struct error *err)
{
	*c = (struct cells){.file = file, .pos = utf8_skip_mark(file), .err = err};
}

bool cells_at_place(struct cells *c)
{
	return fail_at_place(c->err, (struct place){"row", c->row, c->column});
}

bool cells_fail(struct cells *c, const char *what)
{
	fail(c->err, ERROR_MALFORMED, what, c->row);
	return cells_at_place(c);
}

bool cells_ends_line(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool ends_cell(const struct cells *c)
{
	return c->pos == c->file.len || c->file.p[c->pos] == ',' || cells_ends_line(c->file.p[c->pos]);
}

static void step_over_blanks(struct cells *c)
{
	while (!ends_cell(c) && is_blank(c->file.p[c->pos]))
		c->pos++;
}

bytes cells_trim(bytes b)
{
	while (b.len > 0 && is_blank(b.p[0]))
		b = bytes_from(b, 1);
	while (b.len > 0 && is_blank(b.p[b.len - 1]))
		b.len--;
	return b;
}

static bool read_quoted(struct cells *c, struct cell *out)
{
	size_t start = ++c->pos;
	for (;; c->pos++) {
		if (c->pos == c->file.len || cells_ends_line(c->file.p[c->pos]))
			return cells_fail(c, "csv: a quoted cell is not closed on its line");
		if (c->file.p[c->pos] != '"')
			continue;
		if (c->pos + 1 == c->file.len || c->file.p[c->pos + 1] != '"')
			break;
		out->escaped = true;
		c->pos++;
	}
	out->text = cells_trim(bytes_of(c->file.p + start, c->pos - start));
	c->pos++;
	step_over_blanks(c);
	return ends_cell(c) || cells_fail(c, "csv: text after the closing quote of a cell");
}

bool cells_read(struct cells *c, struct cell *out)
{
	*out = (struct cell){BYTES_NONE, false, false};
	c->column++;
	step_over_blanks(c);
	if (!ends_cell(c) && c->file.p[c->pos] == '"') {
		if (!read_quoted(c, out))
			return false;
	} else {
		size_t start = c->pos;
		for (; !ends_cell(c); c->pos++)
			if (c->file.p[c->pos] == '"')
				return cells_fail(c, "csv: a quote inside a cell that does not begin with one");
		out->text = cells_trim(bytes_of(c->file.p + start, c->pos - start));
	}
	out->last = c->pos == c->file.len || cells_ends_line(c->file.p[c->pos]);
	if (c->pos < c->file.len)
		c->pos += 1u + (out->last && c->file.p[c->pos] == '\r' && c->pos + 1 < c->file.len &&
		                c->file.p[c->pos + 1] == '\n');
	return true;
}

bool cells_next_row(struct cells *c)
{
	c->column = 0;
	for (;;) {
		size_t p = c->pos;
		while (p < c->file.len && is_blank(c->file.p[p]))
			p++;
		c->row++;
		if (p == c->file.len)
			return false;
		if (!cells_ends_line(c->file.p[p]))
			return true;
		bool pair = c->file.p[p] == '\r' && p + 1 < c->file.len && c->file.p[p + 1] == '\n';
		c->pos = p + 1u + pair;
	}
}
