/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballot files in the .blt form that STV programs exchange.
 *
 *   4 2              candidates, seats
 *   -3               withdrawn candidates: any number of lines, any number of numbers on each
 *   [tie 2 1 4 3]    an order of candidates drawn by lot, first drawn first
 *   12 2 1 0         12 ballots that prefer candidate 2, then 1; one paper a line, closed by 0
 *   3 0              3 blank ballots
 *   0                end of the ballots
 *   "Ann" "Bo"       as many quoted names as candidates, then the quoted title
 *   …
 *   "Board election"
 *   free text        everything after the title's line, unless it begins with a quote
 *
 * '#' begins a comment (not inside quotes), blank lines do not matter, lines end in LF, CRLF or CR,
 * a byte order mark is stepped over, the last line may lack its end.
 * Refused, each with a message of its own: equal ranks (1=2), skipped ranks (-), fractions of
 * ballots, ballot identities in parentheses, options in brackets other than [tie]: what they mean
 * differs from program to program, and a guess could elect somebody else.
 *
 * Inputs: any bytes. A profile comes out only when the whole file was understood.
 * Errors: MALFORMED or LIMIT; at = the line; detail begins with "line 12, column 5" (columns count
 *   characters, both count from 1).
 * Memory: names and title borrow `file`, the rest lies in the arena, blt_arena_bytes(file) of it.
 * Cost: two passes over the bytes.
 */
#ifndef COUNT_BLT_H
#define COUNT_BLT_H

#include "base/seams.h"
#include "count/profile.h"

bool blt_read(struct profile *out, bytes file, struct arena *a, struct error *err) must_check;
/* What blt_read takes; a malformed file never takes more. */
size_t blt_arena_bytes(bytes file);

/*
 * The profile as a .blt file that blt_read reads back as the same profile; UTF-8, LF, no comments.
 * Neither commits nor aborts the sink. A name with a double quote in it has no place in this form,
 * nor have gaps, values and pairs: MALFORMED, before anything is written.
 */
bool blt_write(struct sink *sink, const struct profile *p, struct error *err) must_check;

#endif
