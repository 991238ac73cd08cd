/* SPDX-License-Identifier: Apache-2.0 */
/* One chart as an <svg> element: for a file of charts and for a page with tables beside them. */
#ifndef COUNT_SVG_INTERNAL_H
#define COUNT_SVG_INTERNAL_H

#include "count/count.h"
#include "count/writer_internal.h"

enum svg_chart {
	SVG_VOTES,  /* a bar for each candidate */
	SVG_STAGES, /* a row for each candidate, with a column for each stage */
};

#define SVG_WIDTH 720u

struct svg_place {
	unsigned id; /* no two charts of a document have one */
	size_t y;    /* in a file of several; 0 in a page */
	bool page;   /* it scales with the page, and the page says what namespace it is of */
};

size_t svg_chart_height(const struct count_result *r, enum svg_chart chart);
void svg_chart_write(struct writer *w, const struct count_result *r, enum svg_chart chart,
                     const struct svg_place *place);

#endif
