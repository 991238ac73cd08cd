/* SPDX-License-Identifier: Apache-2.0 */
/* What the pass over the log leaves in memory: the rules' state, and ciphertexts by group. */
#ifndef RECORD_LISTS_INTERNAL_H
#define RECORD_LISTS_INTERNAL_H

#include "record/lists.h"

/* Of every ballot that counts and has this group, in log order. */
struct group_columns {
	uint64_t n;
	unsigned width;
	point *columns[2 * LIMIT_WIDTH]; /* u_1…u_ω, v_1…v_ω */
};

struct scanned {
	struct ledger *ledger;
	struct group_columns groups[LIMIT_GROUPS];
};

bool style_has_group(const struct manifest_style *style, unsigned group);

/* Reads the whole log; fills all of `out` but what is about lists and kept ballots. */
bool box_scan(struct ballot_box *out, struct scanned *s, const struct box_job *job,
              struct error *err) must_check;

#endif
