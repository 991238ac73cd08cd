/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/ct.h"

void arena_init(struct arena *a, void *memory, size_t size)
{
	/* Both ends on a cache line: then every rounded length fits when the plain one does. */
	size_t skip = (size_t)(-(uintptr_t)memory % ARENA_ALIGN);
	if (skip > size)
		skip = size;
	*a = (struct arena){(uint8_t *)memory + skip, (size - skip) / ARENA_ALIGN * ARENA_ALIGN, 0, 0};
}

void *arena_take(struct arena *a, size_t count, size_t item_bytes, struct error *err)
{
	size_t wanted;
	if (__builtin_mul_overflow(count, item_bytes, &wanted) || wanted > a->size - a->used) {
		fail(err, ERROR_LIMIT, "arena: memory set aside for this work is too small", count);
		return NULL;
	}
	uint8_t *p = a->base + a->used;
	a->used += arena_room(wanted);
	if (a->peak < a->used)
		a->peak = a->used;
	return p;
}

void arena_release(struct arena *a, size_t mark)
{
	require(mark <= a->used);
	a->used = mark;
}

void arena_release_wiped(struct arena *a, size_t mark)
{
	require(mark <= a->used);
	wipe(a->base + mark, a->used - mark);
	a->used = mark;
}
