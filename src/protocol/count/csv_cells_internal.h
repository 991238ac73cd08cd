/* SPDX-License-Identifier: Apache-2.0 */
/* A table's bytes as rows of cells, with the place of each: what csv.h says of quotes and blanks.
 */
#ifndef COUNT_CSV_CELLS_INTERNAL_H
#define COUNT_CSV_CELLS_INTERNAL_H

#include "base/bytes.h"
#include "base/error.h"

struct cell {
	bytes text;   /* without the outer quotes and blanks around */
	bool escaped; /* "" inside still stand for one quote */
	bool last;    /* of its row */
};

struct cells {
	bytes file;
	size_t pos;
	uint64_t row, column; /* of the cell read last, from 1 */
	struct error *err;
};

void cells_init(struct cells *c, bytes file, struct error *err);
/* To the first cell of the next row that is not blank; false at the end of the file. */
bool cells_next_row(struct cells *c);
/* The next cell of the row, and the separator or line end after it. */
bool cells_read(struct cells *c, struct cell *out) must_check;

/* Puts "row 7, column 3" in front of an error; false. */
bool cells_at_place(struct cells *c);
/* MALFORMED at this place. */
bool cells_fail(struct cells *c, const char *what);

bytes cells_trim(bytes b);
bool cells_ends_line(uint8_t c);

static inline bool cells_is(bytes b, const char *word)
{
	return bytes_equal(b, bytes_of_text(word));
}

#endif
