/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory from the kernel: arenas and locked pages for secrets.
 *
 * Arenas: address space only; a page costs memory when it is first touched. size is the hard
 * maximum; a page that cannot be touched lies after it, so an overrun ends the program instead of
 * reaching other data. Secrets: locked in memory, left out of core dumps and of forked children,
 * with an untouchable page on both sides; wiped when freed.
 * Errors: LIMIT when the address space or the lock limit (ulimit -l) is not enough.
 */
#ifndef HOST_MEMORY_H
#define HOST_MEMORY_H

#include "base/arena.h"

bool host_arena_new(struct arena *out, size_t size, struct error *err) must_check;
void host_arena_free(struct arena *a); /* NULL and a zeroed one are fine */
/* Gives the pages above a->used back to the kernel; the next use finds zeros there. */
void host_arena_trim(struct arena *a);

struct host_secret {
	void *p;
	size_t len;
};
bool host_secret_new(struct host_secret *out, size_t len, struct error *err) must_check;
void host_secret_free(struct host_secret *s); /* NULL and a zeroed one are fine */

#endif
