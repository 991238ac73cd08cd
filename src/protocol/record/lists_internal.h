/* SPDX-License-Identifier: Apache-2.0 */
/* The lists in memory, column by column, as the pass over the ballots leaves them. */
#ifndef RECORD_LISTS_INTERNAL_H
#define RECORD_LISTS_INTERNAL_H

#include "record/lists.h"

struct list_columns {
	uint64_t n;
	unsigned width;
	point *columns[2 * LIMIT_WIDTH]; /* u_1…u_ω, v_1…v_ω */
};

/* Checks every ballot; fills ballots, log_size and root of `out`, and the lists in the arena. */
bool ballots_scan(struct ballot_box *out, struct list_columns lists[static LIMIT_GROUPS],
                  const struct manifest *m, const struct election_key *key, struct folder *record,
                  struct tally_world *world, struct error *err) must_check;

#endif
