/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tagged PDF on A4 paper: headings, paragraphs and tables that go on over pages, page numbers.
 *
 *   struct paper p;
 *   paper_begin(&p, "Title", date, 0);   draw;   size_t pages = paper_end(&p, err)
 *   paper_begin(&p, "Title", date, pages);   draw again;   paper_end(&p, err);   p.pdf
 *
 * The structure is Document > H1, H2, P, Table > Caption, TR > TH, TD. A table that goes on on
 * another page stays one table; its headings are drawn again there without being in the structure.
 * No text breaks over two pages: of a cell or a paragraph the first 30 lines are shown, and an
 * ellipsis for the rest.
 *
 * Inputs: texts are UTF-8; what could steer a reader's eye in them was replaced before.
 * Errors: IO when cairo fails, LIMIT beyond PAPER_BYTES_MAX.
 * Memory: the heap, given back by paper_done. One at a time: fonts are cairo's, for the process.
 */
#ifndef REPORT_PAPER_H
#define REPORT_PAPER_H

#include "base/bytes.h"
#include "base/error.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#define PAPER_WIDTH 495.0 /* what is between the margins, in points */
#define PAPER_COLUMNS 12u
#define PAPER_BYTES_MAX ((size_t)256 << 20)

struct paper_column {
	const char *heading;
	double width;
	bool number; /* aligned to the right */
};

struct paper {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	double y;
	size_t page, pages; /* 0 pages: not known yet */
	uint8_t *bytes;
	size_t used, room;
	bool too_large;
	/* the open table */
	struct paper_column columns[PAPER_COLUMNS];
	unsigned columns_count;
};

/* date: as in 2027-03-01T18:00:00Z. */
bool paper_begin(struct paper *p, const char *title, const char *date, size_t pages,
                 struct error *err) must_check;
bool paper_end(struct paper *p, struct error *err) must_check; /* p->page are all there were */
void paper_done(struct paper *p);                              /* also after a failure */

void paper_heading(struct paper *p, unsigned level, const char *text); /* 1 or 2 */
void paper_paragraph(struct paper *p, const char *text);

void paper_table_begin(struct paper *p, const char *caption, const struct paper_column *columns,
                       unsigned count);
/* One text for each column; the one of `head` is the row's heading. */
void paper_table_row(struct paper *p, const char *const *cells, unsigned head);
void paper_table_end(struct paper *p);

#endif
