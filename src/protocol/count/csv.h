/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots from a table, one row for each number of identical ballots. The first row is a header
 * and its first cell is `count`; what follows decides between two forms.
 *
 *   count,rank1,rank2,rank3         a cell for each rank
 *   3864,MARK ANDREW,undervote,
 *
 *   count,<any one heading>         one cell for the whole ballot
 *   25,Ann>Bo>Cy                    a ranking, the most preferred first
 *   12,3+9                          marks without an order (approval, plurality)
 *
 * Candidates are named, or numbered from 1. With a list of candidates in the options a cell is a
 * name of the list, else a number. Without one, names are collected and sorted by their bytes; when
 * every one of them is a number, candidate k is number k and all from 1 to the highest stand.
 * Empty cells and `undervote`, `UNDERVOTE`, `$UNDERVOTE` are skipped ranks: what follows moves up.
 * `overvote`, `OVERVOTE`, `$OVERVOTE` (two candidates at one rank) is an error, or ends the ballot,
 * as the options say. A candidate who stands a second time in a ranking is passed over there, since
 * no count could reach the second place; twice in one set of marks is an error.
 * A file has rankings or sets of marks, never both. A row without choices is blank ballots.
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
	const bytes *candidates; /* their names in order, or NULL: taken from the ballots */
	size_t candidates_count;
	uint32_t seats; /* 0: one */
	bytes title;
};

bool csv_read(struct profile *out, bytes file, const struct csv_options *options, struct arena *a,
              struct error *err) must_check;
size_t csv_arena_bytes(bytes file);

#endif
