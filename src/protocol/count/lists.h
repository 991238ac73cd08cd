/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands on which list: a table beside the ballots, for methods that give seats to lists.
 *
 *   candidate,list
 *   Green,Green
 *   Ann,Green
 *   Bo,Green
 *   Cy,
 *
 * The first row is this header. The rows of one list are its candidates in its own order; lists
 * are numbered by their first rows. A candidate with the name of the list is the list's line: what
 * a voter marks to name the list and none of its candidates; nobody is elected there. An empty list
 * means that the candidate stands alone, a list of one with the candidate's name.
 *
 * Cells are those of csv.h: quoted where they hold commas or quotes ("" inside is one quote, no
 * line breaks), blanks around do not count, lines end in LF, CRLF or CR, a byte order mark and
 * blank lines are stepped over.
 *
 * Inputs: a table of ballots names only those who were marked: give lists_file.candidates to
 *   csv_read, so that everybody on a list stands.
 * Errors: MALFORMED or LIMIT; at = the row, detail begins with "row 3" (the header is row 1).
 *   lists_apply: MALFORMED when candidates and lists do not fit together, with the name in detail.
 * Memory: names borrow the file where they can; the rest lies in the arena, lists_arena_bytes of
 *   it for reading, lists_apply_bytes for applying.
 */
#ifndef COUNT_LISTS_H
#define COUNT_LISTS_H

#include "count/profile.h"

struct lists_file {
	bytes *candidates; /* in the order of the rows, no two the same */
	bytes *lists;      /* of the row; empty: the candidate stands alone */
	size_t count;      /* rows: 1 … LIMIT_ANSWERS */
};

bool lists_read(struct lists_file *out, bytes file, struct arena *a, struct error *err) must_check;
size_t lists_arena_bytes(bytes file);

/* Puts the candidates of a profile on their lists. The file names all of them and nobody else. */
bool lists_apply(struct profile *p, const struct lists_file *l, struct arena *a,
                 struct error *err) must_check;
size_t lists_apply_bytes(const struct profile *p);

#endif
