/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which first components and voided ids occurred already: a table of 128-bit digests.
 * Two different values collide with probability 2^-128 per pair, and a collision can only refuse
 * the ballot of whoever searched for it.
 */
#ifndef RECORD_SEEN_INTERNAL_H
#define RECORD_SEEN_INTERNAL_H

#include "base/arena.h"
#include "hash/sha2.h"

struct seen {
	uint8_t (*slots)[16];
	uint64_t mask, used, room; /* LIMIT beyond `room` values */
};

bool seen_init(struct seen *s, uint64_t values_max, struct arena *a, struct error *err) must_check;
bool seen_has(const struct seen *s, bytes value);
/* false when the value was there already; else it is now. A full table is a programmer's error:
 * ask seen_fits. */
bool seen_add(struct seen *s, bytes value);
static inline bool seen_fits(const struct seen *s, uint64_t more)
{
	return more <= s->room - s->used;
}

#endif
