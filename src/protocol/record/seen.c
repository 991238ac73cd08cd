/* SPDX-License-Identifier: Apache-2.0 */
#include "record/seen_internal.h"

bool seen_init(struct seen *s, uint64_t values_max, struct arena *a, struct error *err)
{
	uint64_t slots = 64;
	while (slots < 2 * values_max)
		slots *= 2;
	s->slots = arena_take(a, slots, sizeof *s->slots, err);
	if (!s->slots)
		return false;
	memset(s->slots, 0, slots * sizeof *s->slots);
	s->mask = slots - 1;
	s->used = 0;
	s->room = values_max;
	return true;
}

/* Where the value is, or would be: *found says which. */
static uint64_t find(const struct seen *s, digest *d, bool *found, bytes value)
{
	static const uint8_t empty[16];
	*d = sha256(value);
	d->b[0] |= 1; /* never the mark of an empty slot */
	uint64_t at = load_be64(d->b + 8) & s->mask;
	*found = false;
	while (memcmp(s->slots[at], empty, 16) != 0) {
		*found = memcmp(s->slots[at], d->b, 16) == 0;
		if (*found)
			break;
		at = (at + 1) & s->mask;
	}
	return at;
}

bool seen_has(const struct seen *s, bytes value)
{
	digest d;
	bool found;
	find(s, &d, &found, value);
	return found;
}

bool seen_add(struct seen *s, bytes value)
{
	digest d;
	bool found;
	uint64_t at = find(s, &d, &found, value);
	if (found)
		return false;
	require(seen_fits(s, 1));
	memcpy(s->slots[at], d.b, 16);
	s->used++;
	return true;
}
