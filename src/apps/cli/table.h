/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A CSV file of the operator's, row by row: cells between commas, a cell in quotes may have commas
 * and doubled quotes, lines end with LF or CR LF. Empty lines and a byte order mark at the
 * beginning do not count.
 *
 * Errors: MALFORMED with line and cell: a quote where none may be, a line break within quotes, a
 *   control character, more cells than TABLE_CELLS_MAX.
 * Memory: cells borrow the text or lie in the arena.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/arena.h"
#include "base/bytes.h"

#define TABLE_CELLS_MAX 8u

struct table {
	bytes left;
	uint64_t line; /* of the row read last, from 1 */
	struct arena *arena;
};
void table_init(struct table *t, bytes text, struct arena *arena);

struct table_row {
	unsigned count;
	bytes cell[TABLE_CELLS_MAX];
};
/* *more = false at the end. */
bool table_next(struct table_row *row, bool *more, struct table *t, struct error *err) must_check;
/* A number in a cell, as an error of its place where it is none. */
bool table_number(uint32_t *out, const struct table *t, bytes cell, uint32_t max,
                  struct error *err) must_check;
/* Puts "line N" in front of an error. */
bool table_fail(const struct table *t, struct error *err);

/* A cell as it is written, in quotes where it needs them. */
void table_add_cell(struct text *out, bytes cell);

#endif
