/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define A4_WIDTH 595.276
#define A4_HEIGHT 841.89
#define MARGIN 50.0
#define BOTTOM (A4_HEIGHT - MARGIN - 20.0) /* above the page's number */
#define PADDING 3.0
#define LINES_MOST 30

#ifdef __SANITIZE_ADDRESS__
/* What fontconfig 2.14 never gives back, once for each process, is not ours to find. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}
#endif

/* --- bytes and pages --- */

static cairo_status_t take_bytes(void *ctx, const unsigned char *from, unsigned length)
{
	struct paper *p = ctx;
	if (p->used + length > PAPER_BYTES_MAX) {
		p->too_large = true;
		return CAIRO_STATUS_WRITE_ERROR;
	}
	if (p->used + length > p->room) {
		size_t room = 2 * (p->used + length);
		uint8_t *grown = realloc(p->bytes, room);
		if (!grown)
			return CAIRO_STATUS_NO_MEMORY;
		p->bytes = grown;
		p->room = room;
	}
	memcpy(p->bytes + p->used, from, length);
	p->used += length;
	return CAIRO_STATUS_SUCCESS;
}

static void set_text(struct paper *p, const char *text, const char *font, double width)
{
	PangoFontDescription *d = pango_font_description_from_string(font);
	pango_layout_set_font_description(p->layout, d);
	pango_font_description_free(d);
	pango_layout_set_alignment(p->layout, PANGO_ALIGN_LEFT);
	pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_text(p->layout, text, -1);
}

static double text_height(const struct paper *p)
{
	int height;
	pango_layout_get_size(p->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static void draw_text(struct paper *p, double x, double y)
{
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout(p->cr, p->layout);
}

/* Outside of the structure: a reader has its own page numbers. */
static void draw_number(struct paper *p)
{
	char text[64];
	snprintf(text, sizeof text, "Page %zu of %zu", p->page, p->pages);
	set_text(p, text, "Sans 8", PAPER_WIDTH);
	pango_layout_set_alignment(p->layout, PANGO_ALIGN_RIGHT);
	draw_text(p, MARGIN, A4_HEIGHT - MARGIN);
}

static void next_page(struct paper *p)
{
	draw_number(p);
	cairo_show_page(p->cr);
	p->page++;
	p->y = MARGIN;
}

bool paper_begin(struct paper *p, const char *title, const char *date, size_t pages,
                 struct error *err)
{
	*p = (struct paper){.page = 1, .pages = pages, .y = MARGIN};
	p->surface = cairo_pdf_surface_create_for_stream(take_bytes, p, A4_WIDTH, A4_HEIGHT);
	if (cairo_surface_status(p->surface) != CAIRO_STATUS_SUCCESS)
		return fail(err, ERROR_IO, "report: cairo cannot make a PDF", ERROR_NOWHERE);
	cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "urna-report");
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	p->cr = cairo_create(p->surface);
	p->layout = pango_cairo_create_layout(p->cr);
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_height(p->layout, -LINES_MOST);
	pango_layout_set_ellipsize(p->layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_single_paragraph_mode(p->layout, TRUE);
	/* Nothing that is not in a name or a number. */
	PangoAttrList *attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(p->layout, attributes);
	pango_attr_list_unref(attributes);
	cairo_set_line_width(p->cr, 0.5);
	cairo_tag_begin(p->cr, "Document", NULL);
	return true;
}

bool paper_end(struct paper *p, struct error *err)
{
	draw_number(p);
	cairo_tag_end(p->cr, "Document");
	cairo_show_page(p->cr);
	cairo_status_t status = cairo_status(p->cr);
	cairo_surface_finish(p->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(p->surface);
	if (p->too_large)
		return fail(err, ERROR_LIMIT, "report: the PDF is too large", PAPER_BYTES_MAX);
	return status == CAIRO_STATUS_SUCCESS ||
	       fail_detail(err, ERROR_IO, "report: cairo cannot write the PDF", ERROR_NOWHERE,
	                   cairo_status_to_string(status));
}

void paper_done(struct paper *p)
{
	if (p->layout)
		g_object_unref(p->layout);
	if (p->cr)
		cairo_destroy(p->cr);
	if (p->surface)
		cairo_surface_destroy(p->surface);
	free(p->bytes);
	*p = (struct paper){0};
}

/* --- texts --- */

static void block(struct paper *p, const char *tag, double before, double after)
{
	double height = text_height(p);
	p->y += before;
	if (p->y + height > BOTTOM && p->y > MARGIN + before) {
		/* draw_number needs the layout: it is set anew for what comes. */
		char *text = g_strdup(pango_layout_get_text(p->layout));
		char *font = pango_font_description_to_string(pango_layout_get_font_description(p->layout));
		next_page(p);
		set_text(p, text, font, PAPER_WIDTH);
		g_free(text);
		g_free(font);
	}
	cairo_tag_begin(p->cr, tag, NULL);
	draw_text(p, MARGIN, p->y);
	cairo_tag_end(p->cr, tag);
	p->y += height + after;
}

void paper_heading(struct paper *p, unsigned level, const char *text)
{
	/* Not alone at the foot of a page. */
	if (p->y + 80 > BOTTOM)
		next_page(p);
	set_text(p, text, level == 1 ? "Sans Bold 18" : "Sans Bold 13", PAPER_WIDTH);
	block(p, level == 1 ? "H1" : "H2", level == 1 ? 0 : 10, 6);
}

void paper_paragraph(struct paper *p, const char *text)
{
	set_text(p, text, "Sans 10", PAPER_WIDTH);
	block(p, "P", 0, 4);
}

/* --- tables --- */

#define HEADING_FONT "Sans Bold 9"
#define CELL_FONT "Sans 9"

static void set_cell(struct paper *p, unsigned column, const char *text, bool bold)
{
	set_text(p, text, bold ? HEADING_FONT : CELL_FONT, p->columns[column].width - 2 * PADDING);
	if (p->columns[column].number)
		pango_layout_set_alignment(p->layout, PANGO_ALIGN_RIGHT);
}

static double row_height(struct paper *p, const char *const *cells, int head)
{
	double most = 0;
	for (unsigned i = 0; i < p->columns_count; i++) {
		set_cell(p, i, cells[i], head < 0 || (int)i == head);
		double height = text_height(p);
		most = height > most ? height : most;
	}
	return most + 2 * PADDING;
}

static void tag(struct paper *p, bool begin, bool tagged, const char *name)
{
	if (tagged && begin)
		cairo_tag_begin(p->cr, name, NULL);
	else if (tagged)
		cairo_tag_end(p->cr, name);
}

/* head < 0: all are headings. */
static void draw_row(struct paper *p, const char *const *cells, int head, bool tagged)
{
	double x = MARGIN, height = row_height(p, cells, head);
	tag(p, true, tagged, "TR");
	for (unsigned i = 0; i < p->columns_count; i++) {
		bool is_head = head < 0 || (int)i == head;
		tag(p, true, tagged, is_head ? "TH" : "TD");
		set_cell(p, i, cells[i], is_head);
		draw_text(p, x + PADDING, p->y + PADDING);
		tag(p, false, tagged, is_head ? "TH" : "TD");
		x += p->columns[i].width;
	}
	tag(p, false, tagged, "TR");
	p->y += height;
	cairo_move_to(p->cr, MARGIN, p->y);
	cairo_line_to(p->cr, x, p->y);
	cairo_stroke(p->cr);
}

static void draw_headings(struct paper *p, bool tagged)
{
	const char *cells[PAPER_COLUMNS];
	for (unsigned i = 0; i < p->columns_count; i++)
		cells[i] = p->columns[i].heading;
	draw_row(p, cells, -1, tagged);
}

void paper_table_begin(struct paper *p, const char *caption, const struct paper_column *columns,
                       unsigned count)
{
	require(count <= PAPER_COLUMNS);
	p->columns_count = count;
	memcpy(p->columns, columns, count * sizeof *columns);
	if (p->y + 80 > BOTTOM)
		next_page(p);
	cairo_tag_begin(p->cr, "Table", NULL);
	set_text(p, caption, "Sans Bold 10", PAPER_WIDTH);
	block(p, "Caption", 8, 2);
	draw_headings(p, true);
}

void paper_table_row(struct paper *p, const char *const *cells, unsigned head)
{
	if (p->y + row_height(p, cells, (int)head) > BOTTOM) {
		next_page(p);
		draw_headings(p, false);
	}
	draw_row(p, cells, (int)head, true);
}

void paper_table_end(struct paper *p)
{
	cairo_tag_end(p->cr, "Table");
	p->y += 6;
}
