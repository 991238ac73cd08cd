/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_svg.h"

#include "count/svg_internal.h"
#include "count/visible_internal.h"

#define TITLE 32u /* above the charts of a question */
#define GAP 16u
#define TITLE_COLUMNS 80u

static size_t sheet_height(const struct result_sheet *s)
{
	size_t height = TITLE;
	if (!s->count)
		return height + TITLE;
	height += svg_chart_height(s->count, SVG_VOTES) + GAP;
	if (s->count->rule.method->staged)
		height += svg_chart_height(s->count, SVG_STAGES) + GAP;
	return height;
}

static void write_line(struct writer *w, size_t y, bytes text, const char *more)
{
	write_text(w, "<text y=\"");
	write_u64(w, y);
	write_text(w, more);
	visible_write(w, text, TITLE_COLUMNS, VISIBLE_MARKUP);
	write_text(w, "</text>\n");
}

static void write_sheet(struct writer *w, const struct result_sheet *s, struct svg_place *place)
{
	static const enum svg_chart charts[] = {SVG_VOTES, SVG_STAGES};
	write_line(w, place->y + 20, s->title, "\" font-size=\"18\" font-weight=\"bold\">");
	place->y += TITLE;
	if (!s->count) {
		write_line(w, place->y + 20, BYTES_LITERAL("No valid ballots: nobody is elected."), "\">");
		place->y += TITLE;
		return;
	}
	for (unsigned i = 0; i < (s->count->rule.method->staged ? 2u : 1u); i++) {
		place->id++;
		svg_chart_write(w, s->count, charts[i], place);
		place->y += svg_chart_height(s->count, charts[i]) + GAP;
	}
}

bool result_svg_write(struct sink *sink, const struct result_sheets *sheets, struct error *err)
{
	struct writer w;
	struct svg_place place = {0};
	size_t height = 0;
	for (size_t i = 0; i < sheets->count; i++)
		height += sheet_height(&sheets->sheets[i]);
	writer_init(&w, sink, err);
	write_text(&w,
	           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	           "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"en\" viewBox=\"-16 -8 752 ");
	write_u64(&w, height + GAP);
	write_text(&w, "\" width=\"752\" height=\"");
	write_u64(&w, height + GAP);
	write_text(&w, "\" font-family=\"sans-serif\" font-size=\"14\">\n<title>");
	visible_write(&w, result_sheets_title(sheets), SIZE_MAX, VISIBLE_MARKUP);
	write_text(&w, "</title>\n<rect x=\"-16\" y=\"-8\" width=\"752\" height=\"");
	write_u64(&w, height + GAP);
	write_text(&w, "\" fill=\"#ffffff\"/>\n");
	for (size_t i = 0; i < sheets->count; i++)
		write_sheet(&w, &sheets->sheets[i], &place);
	write_text(&w, "</svg>\n");
	return writer_finish(&w);
}
