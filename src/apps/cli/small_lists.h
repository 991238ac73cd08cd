/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changes of credentials do to lists: those that they leave with voters, but with fewer than
 * min_list. It is told and not refused, for a voter's right does not depend on how many have it.
 */
#ifndef CLI_SMALL_LISTS_H
#define CLI_SMALL_LISTS_H

#include "cli/output.h"
#include "record/electorate.h"

/* Zeros where nothing changed. */
struct electorate_change {
	struct electorate before, after;
};
/* A line on standard error for each, unless quiet. */
void small_lists_warn(const struct common_options *o, const struct manifest *m,
                      const struct electorate_change *c);
/* "small_lists": a sentence for each. */
void small_lists_put_json(struct json_writer *w, const struct manifest *m,
                          const struct electorate_change *c);

#endif
