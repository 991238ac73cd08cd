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
	return true;
}

bool seen_add(struct seen *s, bytes value)
{
	static const uint8_t empty[16];
	digest d = sha256(value);
	d.b[0] |= 1; /* never the mark of an empty slot */
	uint64_t at = load_be64(d.b + 8) & s->mask;
	while (memcmp(s->slots[at], empty, 16) != 0) {
		if (memcmp(s->slots[at], d.b, 16) == 0)
			return false;
		at = (at + 1) & s->mask;
	}
	memcpy(s->slots[at], d.b, 16);
	return true;
}
