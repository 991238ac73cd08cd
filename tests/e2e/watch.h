/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program whose every durable step is seen before it happens: a rename, link, removal or new
 * folder of it or of a process it starts stops in the kernel until the test says that it goes on
 * (seccomp user notification). So it can be killed at exactly the n-th one.
 */
#ifndef E2E_WATCH_H
#define E2E_WATCH_H

#include "e2e/e2e.h"

struct watched {
	int pid, listener, pidfd;
	unsigned step; /* that it is about to do; from 1 */
	bool pending;
	uint64_t id;
	int at_step; /* the process that does it */
};

/* urna with these arguments; skips the test where the kernel cannot do this. */
void watch_start(struct watched *w, const char *const *arguments);
/* Lets it do the step it is at; true when it is at the next one, false when it has ended. */
bool watch_next(struct watched *w);
/* SIGKILL to it, or to the process that is at the step. */
void watch_kill(struct watched *w, bool whole);
/* Its exit code, or -signal; closes everything. */
int watch_end(struct watched *w);

#endif
