/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots from a table, one row for each number of identical ballots. The first row is a header
 * and its first cell is `count`; what follows decides between the forms.
 *
 *   count,rank1,rank2,rank3         RANKING: a cell for each rank
 *   3864,MARK ANDREW,undervote,
 *
 *   count,<any other heading>       one cell for the whole ballot:
 *   25,Ann>Bo>Cy                    RANKING, the most preferred first
 *   12,3+9                          MARKS without an order (approval, plurality)
 *
 *   count,rank:Ann,rank:Bo,rank:Cy  RANKS: a column for each candidate; equal ranks are equal,
 *   7,1,2,1                         empty or '-' is unranked
 *
 *   count,ranks                     RANKS: a character for each candidate, 1 to 9 or '-'
 *   4,12-1
 *
 *   count,score:Ann,score:Bo        SCORES: a column for each candidate, points or grades from 0;
 *   9,5,0                           empty or '-' is no score (which is not the score 0)
 *
 *   ,Ann,Bo                         SCORES as a data frame is written out: the first heading is
 *   560,5,0                         empty, its column an identity (not read), a row one ballot
 *
 * Candidates are named, or numbered from 1. With a list of candidates in the options a cell is a
 * name of the list, else a number. Without one, names are collected and sorted by their bytes (in
 * columns: they keep the order of the columns); when every one of them is a number, candidate k is
 * number k and all from 1 to the highest stand (in columns: a number is a name). In `ranks` the
 * characters stand for the list, or for numbers.
 * Empty cells and `undervote`, `UNDERVOTE`, `$UNDERVOTE` are skipped ranks: what follows moves up.
 * `overvote`, `OVERVOTE`, `$OVERVOTE` (two candidates at one rank) is an error, or ends the ballot,
 * as the options say. A candidate who stands a second time in a ranking is passed over there, since
 * no count could reach the second place; twice in one set of marks is an error. With the option
 * `gaps` each of the three keeps its rank in the profile (PROFILE_SKIPPED, OVERVOTE, REPEATED), for
 * a rule whose method knows what they mean; skipped ranks that nothing follows are no gaps.
 * Undeclared write-ins that are counted together are a candidate like others, `UWI` or as named.
 * A file has ballots of one kind. A row without choices is blank ballots.
 *
 * Fields may be quoted ("" inside is one quote, no line breaks), blanks around a cell do not count,
 * lines end in LF, CRLF or CR, a byte order mark and blank lines are stepped over.
 *
 * Errors: MALFORMED or LIMIT; at = the row; detail begins with "row 7, column 3" (the header is
 *   row 1, columns count cells, both as a spreadsheet shows them).
 * Memory: names borrow `file` or the options where they can, the rest lies in the arena,
 *   csv_arena_bytes(file) of it.
 */
#ifndef COUNT_CSV_H
#define COUNT_CSV_H

#include "count/profile.h"

enum csv_overvote {
	CSV_OVERVOTE_IS_ERROR = 0,
	CSV_OVERVOTE_ENDS_BALLOT,
};

struct csv_options {
	enum csv_overvote overvote;
	bool gaps; /* skipped, overvoted and repeated ranks are kept; overvote does not matter */
	const bytes *candidates; /* their names in order, or NULL: taken from the ballots */
	size_t candidates_count;
	uint32_t seats; /* 0: one */
	bytes title;
};

bool csv_read(struct profile *out, bytes file, const struct csv_options *options, struct arena *a,
              struct error *err) must_check;
size_t csv_arena_bytes(bytes file);

#endif
