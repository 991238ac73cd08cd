/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result for people at a terminal: what was counted, who is elected, the places where the method
 * ranks everybody, what happened at each stage, the table of votes in blocks of as many stages as
 * fit the width, and the tables of what else was computed. Votes are exact: with all their
 * decimals, or as fractions in lowest terms.
 *
 * Long names are cut with an ellipsis in the table only. Characters that could hide or reorder what
 * stands beside them on a terminal are shown as U+FFFD.
 *
 * Inputs: width in columns; 0 means 80, and less than 40 counts as 40. Errors: the sink's; it is
 * neither committed nor aborted.
 */
#ifndef COUNT_RESULT_TEXT_H
#define COUNT_RESULT_TEXT_H

#include "base/seams.h"
#include "count/count.h"

bool result_text_write(struct sink *sink, const struct count_result *r, size_t width,
                       struct error *err) must_check;

#endif
