/* SPDX-License-Identifier: Apache-2.0 */
/* The tally of urna run: what its stages and the settling of faults share. */
#ifndef CLI_RUN_TALLY_H
#define CLI_RUN_TALLY_H

#include "cli/run.h"
#include "director/director.h"

struct tally {
	struct run *r;
	struct election e;
	struct director d;
	bool out[LIMIT_PARTIES + 1];                              /* not asked again */
	bool mixer[LIMIT_PARTIES + 1], active[LIMIT_PARTIES + 1]; /* chosen */
	bool decrypts[LIMIT_PARTIES + 1];                         /* of the active, not out */
	bool wanted[LIMIT_PARTIES + 1];                           /* to shuffle next */
	bool settled;                                             /* something was set aside */
	bool mixing, decrypting;                                  /* some list is */
	unsigned unsigned_files;
	struct director_list view;
};

/*
 * Looks at every list. What failed is set aside, and its author left out; shuffles that hold go as
 * well where the chain must be begun anew. Then t->mixing, t->decrypting, t->wanted and t->decrypts
 * say what is to be done. UNAVAILABLE: fewer than the threshold are left; names the others.
 */
bool run_look(struct tally *t, struct error *err) must_check;
/* Says so, once; it is not asked again. */
void run_leave_out(struct tally *t, unsigned party, const char *stage, const char *list,
                   const struct error *why);
void run_tell(struct tally *t, const struct run_replaced *what);
bool run_can_mix(const struct tally *t, unsigned party);
unsigned run_count_left(const struct tally *t, const bool chosen[LIMIT_PARTIES + 1]);
bool run_too_few(const struct tally *t, unsigned left, struct error *err);

#endif
