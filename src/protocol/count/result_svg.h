/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result as charts, one below the other in one SVG 1.1 file: for each question a bar for each
 * candidate with the votes at the end, longest first (or in the order of places where the method
 * makes one), and for methods with stages a row for each candidate with a bar for each stage.
 *
 * No script, no style sheet, no font but the reader's. Every chart has a role, a title and a
 * description; bars are told apart by filling, not by colour alone. Numbers of more than 16
 * characters are shown in whole votes after "≈"; the page of result_html.h has the exact ones in
 * tables beside the same charts. At most 60 candidates have a row of stages.
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef COUNT_RESULT_SVG_H
#define COUNT_RESULT_SVG_H

#include "base/seams.h"
#include "count/result_sheet.h"

bool result_svg_write(struct sink *sink, const struct result_sheets *sheets,
                      struct error *err) must_check;

#endif
