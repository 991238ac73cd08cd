/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: one piece of memory with a hard maximum, filled from the front, released by lifetime.
 *
 * Memory: keeps the caller's block. Every allocation is aligned to a cache line (64 bytes) and not
 * cleared. core takes its scratch from one; each function states how much it needs.
 *   A block that does not itself begin on a cache line loses up to 63 bytes at the front.
 * Errors: LIMIT when full; the arena is unchanged then.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/error.h"

#include <stddef.h>

#define ARENA_ALIGN 64u

struct arena {
	uint8_t *base;
	size_t size, used, peak;
};

void arena_init(struct arena *a, void *memory, size_t size);
/* count items of item_bytes; overflow-checked; NULL and LIMIT when it does not fit. */
void *arena_take(struct arena *a, size_t count, size_t item_bytes, struct error *err) must_check;
#define arena_take_array(a, count, type, err) \
	((type *)arena_take((a), (count), sizeof(type), (err)))

/* size_t mark = arena_mark(a); … arena_release(a, mark); wipe it first if it held secrets */
static inline size_t arena_mark(const struct arena *a)
{
	return a->used;
}
void arena_release(struct arena *a, size_t mark);
void arena_release_wiped(struct arena *a, size_t mark); /* wipes what was taken since mark */
static inline size_t arena_room(size_t size)            /* what one allocation of this size uses */
{
	return (size + (ARENA_ALIGN - 1)) / ARENA_ALIGN * ARENA_ALIGN;
}

#endif
