/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pippenger's buckets for public scalars. Digits lie in [-2^(w-1), 2^(w-1)]: with the constant
 * C = Σ 2^(at + w - 1) over the windows, the digit of k at a window is that window of k + C, less
 * 2^(w-1); no carry runs. A k of 256 bits is replaced by q - k of the opposite sign if its top bit
 * is set, so that it has 255. So k + C < 2^(at + w) + 2^at for the last window that k needs: it
 * may hold 2^w, but no more, and the digit is 2^(w-1) then.
 *
 * Terms are gathered until they are worth a pass; kernels_buckets.c sums them.
 */
#include "group/msm_internal.h"

#define LIMBS 5u
#define SHORT_BITS 129u /* windows that hold 128 bits and the sign */

struct msm_vartime {
	struct msm_windows windows;
	unsigned short_windows;
	uint64_t offset[LIMBS], short_offset[LIMBS]; /* C */
	struct affine *buckets;
	struct affine *terms;
	msm_digit *digits; /* [window][room] */
	size_t room, filled;
};

/* A bucket costs two sums at the end and saves one at its first term. */
static struct msm_windows windows_for(uint64_t terms)
{
	struct msm_windows best = {0};
	uint64_t best_cost = UINT64_MAX;
	if (terms > (uint64_t)1 << 40)
		terms = (uint64_t)1 << 40;
	for (unsigned count = WINDOWS_MIN; count <= WINDOWS_MAX; count++) {
		const struct msm_windows w = {
			.count = count, .wide = WINDOWS_BITS % count, .width = WINDOWS_BITS / count};
		uint64_t cost = count * terms + 2 * window_buckets(&w, count);
		if (cost < best_cost) {
			best = w;
			best_cost = cost;
		}
	}
	return best;
}

static size_t room_for(uint64_t terms)
{
	return terms < TERMS_CHUNK ? (size_t)terms + 1 : TERMS_CHUNK;
}

size_t msm_vartime_bytes(uint64_t terms_expected)
{
	struct msm_windows w = windows_for(terms_expected);
	size_t room = room_for(terms_expected);
	return arena_room(sizeof(struct msm_vartime)) +
	       arena_room(window_buckets(&w, w.count) * AFFINE_BYTES) +
	       arena_room(room * AFFINE_BYTES) + arena_room(room * w.count * sizeof(msm_digit));
}

static void offset_init(uint64_t offset[LIMBS], const struct msm_windows *w, unsigned count)
{
	memset(offset, 0, LIMBS * sizeof *offset);
	for (unsigned i = 0; i < count; i++) {
		unsigned bit = window_at(w, i) + window_width(w, i) - 1;
		offset[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

struct msm_vartime *msm_vartime_new(struct arena *memory, uint64_t terms_expected,
                                    struct error *err)
{
	size_t mark = arena_mark(memory), room = room_for(terms_expected);
	struct msm_windows w = windows_for(terms_expected);
	size_t buckets = window_buckets(&w, w.count) * AFFINE_BYTES;
	struct msm_vartime *m = arena_take(memory, 1, sizeof *m, err);
	if (!m)
		return NULL;
	*m = (struct msm_vartime){.windows = w, .room = room};
	m->buckets = arena_take(memory, buckets, 1, err);
	if (m->buckets)
		m->terms = arena_take(memory, room, AFFINE_BYTES, err);
	if (m->terms)
		m->digits = arena_take_array(memory, room * w.count, msm_digit, err);
	if (!m->digits) {
		arena_release(memory, mark);
		return NULL;
	}
	memset(m->buckets, 0, buckets);
	while (window_at(&w, m->short_windows) < SHORT_BITS)
		m->short_windows++;
	offset_init(m->short_offset, &w, m->short_windows);
	offset_init(m->offset, &w, w.count);
	return m;
}

static void write_digits(const struct msm_vartime *m, size_t at, const scalar *k, unsigned bits)
{
	const uint64_t *offset = bits == 128 ? m->short_offset : m->offset;
	unsigned used = bits == 128 ? m->short_windows : m->windows.count, from = 0;
	scalar positive = *k;
	uint64_t s[LIMBS + 1] = {0}, carry = 0;
	msm_digit *digit = m->digits + at;
	const uint32_t flip = (uint32_t)(k->v[3] >> 63);
	if (flip)
		scalar_neg(&positive, k);
	for (unsigned i = 0; i < LIMBS; i++) {
		uint64_t t = (i < 4 ? positive.v[i] : 0) + carry;
		carry = t < carry;
		s[i] = t + offset[i];
		carry |= s[i] < t;
	}
	for (unsigned i = 0; i < used; i++) {
		const unsigned width = window_width(&m->windows, i), limb = from / 64, shift = from % 64;
		const unsigned taken = i + 1 == used ? width + 1 : width;
		const uint64_t word = s[limb] >> shift | s[limb + 1] << 1 << (63 - shift);
		const int32_t u = (int32_t)(word & (((uint64_t)1 << taken) - 1)) - (1 << (width - 1));
		const int32_t sign = u >> 31;
		*digit = (msm_digit)(((u ^ sign) - sign) << 1 | ((sign & 1) ^ (int32_t)flip));
		digit += m->room;
		from += width;
	}
	for (unsigned i = used; i < m->windows.count; i++) {
		*digit = 0;
		digit += m->room;
	}
}

static void add_terms(struct msm_vartime *to, const struct msm_vartime *terms,
                      struct arena *scratch)
{
	const struct bucket_terms t = {terms->terms, terms->digits, terms->filled, terms->room};
	if (t.n > 0)
		group_backend()->buckets_add_vartime(to->buckets, &to->windows, &t, scratch);
}

void msm_vartime_add(struct msm_vartime *m, const point *p, const scalar *k, size_t n,
                     unsigned bits, struct arena *scratch)
{
	require(bits == 128 || bits == 256);
	for (size_t i = 0; i < n && bits == 128; i++)
		require((k[i].v[2] | k[i].v[3]) == 0);
	for (size_t done = 0, count; done < n; done += count) {
		if (m->filled == m->room) {
			add_terms(m, m, scratch);
			m->filled = 0;
		}
		count = n - done < m->room - m->filled ? n - done : m->room - m->filled;
		group_backend()->bucket_terms_load(m->terms, m->filled, p + done, count);
		for (size_t i = done; i < done + count; i++)
			write_digits(m, m->filled++, &k[i], bits);
	}
}

void msm_vartime_merge(struct msm_vartime *into, const struct msm_vartime *from,
                       struct arena *scratch)
{
	require(into->windows.count == from->windows.count);
	add_terms(into, from, scratch);
	group_backend()->buckets_merge_vartime(
		into->buckets, from->buckets, window_buckets(&from->windows, from->windows.count), scratch);
}

void msm_vartime_finish(point *out, struct msm_vartime *m, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	point *powers = scratch_take_array(scratch, WINDOWS_BITS, point);
	add_terms(m, m, scratch);
	group_backend()->buckets_collapse_vartime(powers, m->buckets, &m->windows, scratch);
	group_backend()->weighted_sum(out, powers, WINDOWS_BITS, 1);
	arena_release(scratch, mark);
}
