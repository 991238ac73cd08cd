/* SPDX-License-Identifier: Apache-2.0 */
/*
 * struct workers over a pool of threads. The calling thread is worker 0; count - 1 threads sleep
 * between runs.
 *
 * Blocks are handed out in ascending order, so every block before a failing one is executed: the
 * error returned is that of the lowest failing block, whatever the number of threads.
 * Errors: what the block reports; BUG for a run from within a block (a nested run could deadlock or
 * use more memory than planned). LIMIT for more than LIMIT_WORKERS, IO when threads cannot be made.
 * Threads: runs of several threads on one pool follow one after the other. Not across fork.
 */
#ifndef HOST_POOL_H
#define HOST_POOL_H

#include "base/seams.h"

/* count = 0: as many as the CPUs this process may use, at most LIMIT_WORKERS. */
bool host_workers_new(struct workers **out, unsigned count, struct error *err) must_check;
void host_workers_free(struct workers *w); /* no run may be under way; NULL is fine */
unsigned host_cpus(void);

#endif
