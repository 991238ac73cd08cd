/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/verify_internal.h"

#define WEIGHT_BYTES 16u

bool weight_on(const struct weights *w, enum mix_check check, unsigned party)
{
	return !w->only || (w->check == check && w->party == party);
}

static void weight_seed(uint8_t out[static 32], const struct weights *w, enum mix_check check,
                        unsigned party, unsigned component)
{
	struct hash h;
	hash_init(&h, HASH_SHA256);
	tree_hash_node(&h, 4);
	tree_hash_leaf(&h, BYTES_OF(w->master));
	tree_hash_u32(&h, (uint32_t)check);
	tree_hash_u32(&h, party);
	tree_hash_u32(&h, component);
	hash_finish(&h, out);
}

static scalar of_bytes(const uint8_t b[static WEIGHT_BYTES])
{
	return (scalar){{load_be64(b + 8), load_be64(b), 0, 0}};
}

scalar weight_of(const struct weights *w, enum mix_check check, unsigned party, unsigned component)
{
	uint8_t seed[32];
	if (!weight_on(w, check, party))
		return scalar_zero;
	weight_seed(seed, w, check, party, component);
	return of_bytes(seed);
}

struct stream stream_of(const struct weights *w, enum mix_check check, unsigned party,
                        unsigned component)
{
	struct stream s = {.on = weight_on(w, check, party), .hi = UINT64_MAX};
	uint8_t seed[32];
	if (!s.on)
		return s;
	weight_seed(seed, w, check, party, component);
	prg_init(&s.prg, HASH_SHA256, seed);
	if (w->only) {
		s.lo = w->lo;
		s.hi = w->hi;
	}
	return s;
}

void stream_seek(struct stream *s, uint64_t index)
{
	s->at = index;
	if (s->on)
		prg_seek(&s->prg, index * WEIGHT_BYTES);
}

scalar stream_next(struct stream *s)
{
	uint8_t raw[WEIGHT_BYTES];
	if (!s->on)
		return scalar_zero;
	prg_read(&s->prg, raw, sizeof raw);
	uint64_t at = s->at++;
	return at >= s->lo && at < s->hi ? of_bytes(raw) : scalar_zero;
}
