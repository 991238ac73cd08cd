/* SPDX-License-Identifier: Apache-2.0 */
/* What urna director status says. */
#ifndef CLI_DIRECTOR_STATUS_H
#define CLI_DIRECTOR_STATUS_H

#include "cli/election.h"
#include "director/director.h"

/* What the verbs work with. */
struct directing {
	struct election e;
	struct director d;
	struct ballot_box *box;
	bool can_mix[LIMIT_PARTIES + 1], decrypts[LIMIT_PARTIES + 1];
	bool active_chosen;
};

/* Looks at every list, and says, or puts into an object, how it stands and what to run next. */
bool director_show(struct directing *w, const char *record, bool json,
                   struct error *err) must_check;

#endif
