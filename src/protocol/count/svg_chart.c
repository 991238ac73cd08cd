/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Geometry in tenths of a pixel, in integers: a length is ⌊votes · room / most⌋. Who is elected is
 * told by a filled bar, nobody by colour alone; names are cut by the element that holds them.
 */
#include "count/svg_internal.h"

#include "count/result_sheet.h"
#include "count/visible_internal.h"

#define HEAD 56u   /* title and legend above the first row */
#define NAMES 200u /* the width for names */
#define NAME_COLUMNS 26u
#define BAR_ROW 24u
#define STAGE_ROW 34u
#define STAGE_ROWS_MOST 60u /* a row is as long as there are stages */
#define NUMBER_COLUMNS 16u  /* longer ones are shown in whole votes */

struct chart {
	struct writer *w;
	const struct count_result *r;
	enum svg_chart kind;
	uint16_t order[LIMIT_ANSWERS];
	size_t rows;
	units most;          /* the longest bar */
	size_t number_width; /* pixels for numbers at the right */
};

static size_t rows_of(const struct count_result *r, enum svg_chart kind)
{
	size_t n = r->profile->candidates_count;
	return kind == SVG_STAGES && n > STAGE_ROWS_MOST ? STAGE_ROWS_MOST : n;
}

size_t svg_chart_height(const struct count_result *r, enum svg_chart kind)
{
	size_t row = kind == SVG_STAGES ? STAGE_ROW : BAR_ROW;
	return HEAD + rows_of(r, kind) * row + 8;
}

/* --- numbers --- */

static void write_tenths(struct writer *w, uint64_t v)
{
	write_u64(w, v / 10);
	if (v % 10) {
		write_text(w, ".");
		write_u64(w, v % 10);
	}
}

/* Of `room` tenths; votes beyond 100 bits lose the last of them, which no picture shows. */
static uint64_t length_of(const struct chart *c, units votes, uint64_t room)
{
	units most = c->most;
	if (votes <= 0 || most <= 0)
		return 0;
	for (; most >> 100; most >>= 1)
		votes >>= 1;
	return (uint64_t)units_share(votes, (units)room, most);
}

/* Exact where it is short; else the whole votes of it, said to be so. */
static void add_votes(struct text *t, const struct count_result *r, units votes)
{
	char room[UNITS_TEXT_BYTES];
	struct text exact = TEXT_OF(room);
	units_add_text(&exact, votes, r->form);
	if (exact.len <= NUMBER_COLUMNS) {
		text_add(t, room);
		return;
	}
	text_add(t, "\u2248 ");
	units_add_text(t, votes / r->form.one, units_decimal(0));
}

static const struct count_stage *last_stage(const struct count_result *r)
{
	return &r->stages[r->stages_count - 1];
}

static void measure(struct chart *c)
{
	const struct count_result *r = c->r;
	size_t first = c->kind == SVG_STAGES ? 0 : r->stages_count - 1;
	c->most = c->kind == SVG_VOTES ? r->quota : 0;
	for (size_t i = first; i < r->stages_count; i++)
		for (size_t j = 0; j < r->profile->candidates_count; j++)
			if (r->stages[i].tallies[j] > c->most)
				c->most = r->stages[i].tallies[j];
	size_t longest = 0;
	for (size_t j = 0; j < r->profile->candidates_count; j++) {
		char room[UNITS_TEXT_BYTES + 8];
		struct text t = TEXT_OF(room);
		add_votes(&t, r, last_stage(r)->tallies[j]);
		longest = t.len > longest ? t.len : longest;
	}
	c->number_width = longest * 9 + 8;
	c->rows = rows_of(r, c->kind);
	result_order(c->order, r);
}

static bool has_seat(enum count_status s)
{
	return s == COUNT_ELECTED || s == COUNT_PENDING;
}

/* --- what it says to those who do not see it --- */

static void write_elected_names(struct chart *c)
{
	const struct count_result *r = c->r;
	for (size_t i = 0; i < r->elected_count; i++) {
		write_text(c->w, i == 0 ? " Elected: " : ", ");
		visible_write(c->w, r->profile->candidates[r->elected[i].candidate].name, SIZE_MAX,
		              VISIBLE_MARKUP);
	}
	write_text(c->w, r->elected_count ? "." : " Nobody is elected.");
}

static void write_rows_shown(struct chart *c, const char *shown)
{
	write_u64(c->w, c->rows);
	if (c->rows < c->r->profile->candidates_count) {
		write_text(c->w, " of ");
		write_u64(c->w, c->r->profile->candidates_count);
	}
	write_text(c->w, shown);
}

static const char *title_of(enum svg_chart kind)
{
	return kind == SVG_VOTES ? "Votes at the end of the count" : "Votes at each stage";
}

static void write_texts(struct chart *c, unsigned id)
{
	struct writer *w = c->w;
	write_text(w, "<title id=\"chart");
	write_u64(w, id);
	write_text(w, "-title\">");
	write_text(w, title_of(c->kind));
	write_text(w, "</title>\n<desc id=\"chart");
	write_u64(w, id);
	write_text(w, "-desc\">");
	if (c->kind == SVG_VOTES) {
		write_text(w, "A bar for each of ");
		write_rows_shown(c, " candidates.");
	} else {
		write_text(w, "A row for each of ");
		write_rows_shown(c, " candidates, and in it a bar for each of ");
		write_u64(w, c->r->stages_count);
		write_text(w, " stages.");
	}
	write_elected_names(c);
	write_text(w, " The table of votes has all the numbers.</desc>\n");
}

/* --- what it shows --- */

static void begin_text(struct writer *w, uint64_t x, uint64_t y, const char *more)
{
	write_text(w, "<text x=\"");
	write_tenths(w, x);
	write_text(w, "\" y=\"");
	write_u64(w, y);
	write_text(w, "\"");
	write_text(w, more);
	write_text(w, ">");
}

static void write_rectangle(struct writer *w, const uint64_t at[static 4], bool filled)
{
	static const char *const names[] = {"<rect x=\"", "\" y=\"", "\" width=\"", "\" height=\""};
	for (unsigned i = 0; i < 4; i++) {
		write_text(w, names[i]);
		write_tenths(w, at[i]);
	}
	write_text(w, filled ? "\" fill=\"#1d5c96\" stroke=\"#1d5c96\"/>\n"
	                     : "\" fill=\"#d8dee5\" stroke=\"#5f6b77\"/>\n");
}

static void write_legend(struct chart *c)
{
	struct writer *w = c->w;
	begin_text(w, 0, 18, " font-size=\"16\" font-weight=\"bold\"");
	write_text(w, title_of(c->kind));
	write_text(w, "</text>\n");
	write_rectangle(w, (uint64_t[]){2050, 300, 120, 120}, true);
	begin_text(w, 2220, 41, "");
	write_text(w, "elected</text>\n");
	write_rectangle(w, (uint64_t[]){2850, 300, 120, 120}, false);
	begin_text(w, 3020, 41, "");
	write_text(w, "not elected");
	if (c->kind == SVG_VOTES && c->r->quota > 0) {
		char room[UNITS_TEXT_BYTES + 8];
		struct text t = TEXT_OF(room);
		add_votes(&t, c->r, c->r->quota);
		write_text(w, "; dashed line: quota ");
		write_text(w, room);
	}
	if (c->rows < c->r->profile->candidates_count) {
		write_text(w, "; ");
		write_rows_shown(c, " candidates");
	}
	write_text(w, "</text>\n");
}

/* An element of its own cuts what is longer than the room for names. */
static void write_names(struct chart *c, size_t row_height)
{
	struct writer *w = c->w;
	write_text(w, "<svg width=\"");
	write_u64(w, NAMES);
	write_text(w, "\" height=\"");
	write_u64(w, svg_chart_height(c->r, c->kind));
	write_text(w, "\">\n");
	for (size_t i = 0; i < c->rows; i++) {
		begin_text(w, 0, HEAD + i * row_height + row_height - 7, "");
		visible_write(w, c->r->profile->candidates[c->order[i]].name, NAME_COLUMNS, VISIBLE_MARKUP);
		write_text(w, "</text>\n");
	}
	write_text(w, "</svg>\n");
}

static void write_bars(struct chart *c)
{
	struct writer *w = c->w;
	const struct count_stage *last = last_stage(c->r);
	uint64_t left = NAMES + 4, room = (SVG_WIDTH - left - c->number_width) * 10;
	for (size_t i = 0; i < c->rows; i++) {
		char votes[UNITS_TEXT_BYTES + 8];
		struct text t = TEXT_OF(votes);
		size_t who = c->order[i];
		uint64_t length = length_of(c, last->tallies[who], room);
		if (length > 0)
			write_rectangle(w, (uint64_t[]){left * 10, (HEAD + i * BAR_ROW + 4) * 10, length, 160},
			                has_seat((enum count_status)last->status[who]));
		add_votes(&t, c->r, last->tallies[who]);
		begin_text(w, SVG_WIDTH * 10, HEAD + i * BAR_ROW + BAR_ROW - 7, " text-anchor=\"end\"");
		write_text(w, last->status[who] == COUNT_WITHDRAWN ? "withdrawn" : votes);
		write_text(w, "</text>\n");
	}
	if (c->r->quota > 0) {
		write_text(w, "<path d=\"M");
		write_tenths(w, left * 10 + length_of(c, c->r->quota, room));
		write_text(w, ",");
		write_u64(w, HEAD);
		write_text(w, "v");
		write_u64(w, c->rows * BAR_ROW);
		write_text(w, "\" fill=\"none\" stroke=\"currentColor\" stroke-dasharray=\"4 3\"/>\n");
	}
}

/* One candidate's bars, those with a seat or those without, as one path. */
static void write_row(struct chart *c, size_t row, bool seated)
{
	struct writer *w = c->w;
	uint64_t room = (SVG_WIDTH - NAMES - 4) * 10, stages = c->r->stages_count;
	bool begun = false;
	for (size_t i = 0; i < stages; i++) {
		const struct count_stage *s = &c->r->stages[i];
		uint64_t from = i * room / stages, to = (i + 1) * room / stages;
		uint64_t height = length_of(c, s->tallies[c->order[row]], (STAGE_ROW - 4) * 10);
		if (height == 0 || has_seat((enum count_status)s->status[c->order[row]]) != seated)
			continue;
		if (!begun)
			write_text(w, "<path d=\"");
		begun = true;
		write_text(w, "M");
		write_tenths(w, (NAMES + 4) * 10 + from);
		write_text(w, ",");
		write_u64(w, HEAD + (row + 1) * STAGE_ROW);
		write_text(w, "v-");
		write_tenths(w, height);
		write_text(w, "h");
		write_tenths(w, to - from);
		write_text(w, "v");
		write_tenths(w, height);
		write_text(w, "z");
	}
	if (begun)
		write_text(w, seated ? "\" fill=\"#1d5c96\" stroke=\"#1d5c96\"/>\n"
		                     : "\" fill=\"#d8dee5\" stroke=\"#5f6b77\"/>\n");
}

static void write_stage_rows(struct chart *c)
{
	uint64_t room = (SVG_WIDTH - NAMES - 4) * 10, stages = c->r->stages_count;
	uint64_t every = (300 * stages + room - 1) / room; /* 30 pixels for a number */
	for (size_t i = 0; i < stages; i += every) {
		begin_text(c->w, (NAMES + 4) * 10 + (2 * i + 1) * room / (2 * stages), HEAD + 2,
		           " text-anchor=\"middle\" font-size=\"11\"");
		write_u64(c->w, i + 1);
		write_text(c->w, "</text>\n");
	}
	for (size_t i = 0; i < c->rows; i++) {
		write_row(c, i, false);
		write_row(c, i, true);
		write_text(c->w, "<path d=\"M");
		write_u64(c->w, NAMES + 4);
		write_text(c->w, ",");
		write_u64(c->w, HEAD + (i + 1) * STAGE_ROW);
		write_text(c->w, "H");
		write_u64(c->w, SVG_WIDTH);
		write_text(c->w, "\" stroke=\"currentColor\"/>\n");
	}
}

static void write_opening(struct writer *w, const struct svg_place *place, size_t height)
{
	write_text(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"chart");
	write_u64(w, place->id);
	write_text(w, "-title\" aria-describedby=\"chart");
	write_u64(w, place->id);
	write_text(w, "-desc\" viewBox=\"0 0 ");
	write_u64(w, SVG_WIDTH);
	write_text(w, " ");
	write_u64(w, height);
	if (!place->page) {
		write_text(w, "\" y=\"");
		write_u64(w, place->y);
		write_text(w, "\" width=\"");
		write_u64(w, SVG_WIDTH);
		write_text(w, "\" height=\"");
		write_u64(w, height);
	}
	write_text(w, "\" font-family=\"sans-serif\" font-size=\"14\" fill=\"currentColor\">\n");
}

void svg_chart_write(struct writer *w, const struct count_result *r, enum svg_chart kind,
                     const struct svg_place *place)
{
	struct chart c = {.w = w, .r = r, .kind = kind};
	measure(&c);
	write_opening(w, place, svg_chart_height(r, kind));
	write_texts(&c, place->id);
	write_legend(&c);
	write_names(&c, kind == SVG_VOTES ? BAR_ROW : STAGE_ROW);
	if (kind == SVG_VOTES)
		write_bars(&c);
	else
		write_stage_rows(&c);
	write_text(w, "</svg>\n");
}
