/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ballot file of the operator's: .blt or .csv, whole in memory.
 *
 * The form follows from the name's ending; with another ending, from the content: a table begins
 * with the cell "count".
 */
#ifndef CLI_BALLOT_FILE_H
#define CLI_BALLOT_FILE_H

#include "base/arena.h"
#include "cli/operator_file.h"
#include "count/count.h"
#include "count/profile.h"

struct ballot_file {
	bytes content; /* the profile's names borrow it */
	struct profile profile;
};

/* candidates: for a table, the names in order, or NULL; a .blt file brings its own. gaps: skipped,
 * overvoted and repeated ranks of a table are kept, for a rule that knows them (csv.h). */
struct ballot_file_options {
	uint32_t seats; /* 0: as the file says, else this number */
	const bytes *candidates;
	size_t candidates_count;
	bool gaps;
	const char *lists; /* a file of candidates and their lists (count/lists.h), or NULL */
};

/* Everything lies in the arena. IO: it cannot be read; MALFORMED, LIMIT: line and column. */
bool ballot_file_read(struct ballot_file *out, const char *path,
                      const struct ballot_file_options *options, struct arena *arena,
                      struct error *err) must_check;

/* REJECTED, with both numbers, when there are more seats than candidates. */
bool ballot_file_check_seats(const struct profile *p, struct error *err) must_check;

/* The rule with the declared lot, or, where none was declared, with the one of the file. */
bool ballot_file_rule(struct count_rule *out, const char *name, const struct profile *profile,
                      const uint16_t *lot, unsigned lot_count, struct error *err) must_check;

#endif
