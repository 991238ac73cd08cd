/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result as one page: charts, and every number of them in a table beside. Nothing is fetched:
 * style and charts are in it, there is no script, and its policy forbids both.
 *
 * For everybody: headings in order, a caption for each table, headings of rows and columns marked
 * as such, charts with title and description, tables that are wider than the page reached by
 * keyboard, light and dark. The page is HTML and well-formed XML at once. Names are isolated, so
 * that their direction of writing changes nothing around them.
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef COUNT_RESULT_HTML_H
#define COUNT_RESULT_HTML_H

#include "base/seams.h"
#include "count/result_sheet.h"

bool result_html_write(struct sink *sink, const struct result_sheets *sheets,
                       struct error *err) must_check;

#endif
