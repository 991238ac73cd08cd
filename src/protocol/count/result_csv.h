/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result as a table for spreadsheets and other programs: RFC 4180, UTF-8 with a byte order mark
 * (spreadsheets take it for something else without), lines end in CR LF, every record has as many
 * fields as every other.
 *
 * The first field of a record names the part it belongs to, the second is the number of the
 * question, from 1. Each part begins with a record of headings.
 *
 *   summary,question,what,value                          title, rule, seats, ballots, quota, lot
 *   ballots,question,kind,ballots                        what ballots of a record were, by reason
 *   elected,question,order,candidate,name,stage,without quota
 *   candidates,question,candidate,name,status,place,votes
 *   stages,question,stage,action,candidates,amount,quota,tie,tied,what happened
 *   votes,question,candidate,name,stage 1,stage 2,…      then non-transferable, cut off, total
 *   status,question,candidate,name,stage 1,stage 2,…
 *   table NAME,question,TITLE,<columns>                  what else the method computed
 *   written in,question,text,votes
 *
 * Candidates and stages are numbered from 1; several numbers in a field are separated by blanks.
 *
 * A spreadsheet must not compute with what somebody is called. A text whose first visible character
 * is one of = + - @ (narrow or full-width) or an apostrophe gets an apostrophe in front, and so
 * does a fraction ("'7/2", which would be shown as a day in July). Whoever reads the file drops one
 * leading apostrophe. Decimal numbers stand as they are, negative ones too.
 *
 * Errors: the sink's. Neither commits nor aborts it.
 */
#ifndef COUNT_RESULT_CSV_H
#define COUNT_RESULT_CSV_H

#include "base/seams.h"
#include "count/result_sheet.h"

bool result_csv_write(struct sink *sink, const struct result_sheets *sheets,
                      struct error *err) must_check;

#endif
