/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers that stop at the next block once somebody wants it (IO, "stopped on request"): so long
 * work can be ended and leaves nothing half-done. The pool below stays the caller's.
 */
#ifndef HOST_STOPPABLE_H
#define HOST_STOPPABLE_H

#include "base/seams.h"

struct stoppable_workers {
	struct workers workers; /* first member */
	struct workers *pool;   /* NULL: not open */
	bool (*stopped)(void);  /* asked before each block, by any thread */
};

void stoppable_workers_init(struct stoppable_workers *s, struct workers *pool,
                            bool (*stopped)(void));

#endif
