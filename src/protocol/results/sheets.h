/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The results as sheets (count/result_sheet.h), which all writers for people and other programs
 * read. Where a seat rule gave the seats, the sheet's count is a copy whose elected and last
 * statuses are those of the seats; stages and tallies are the count's own.
 *
 * Memory: the arena of the results. Questions that are left out have no sheet.
 */
#ifndef RESULTS_SHEETS_H
#define RESULTS_SHEETS_H

#include "count/result_sheet.h"
#include "results/results.h"

bool results_sheets(struct result_sheets *out, const struct results *r,
                    struct error *err) must_check;

#endif
