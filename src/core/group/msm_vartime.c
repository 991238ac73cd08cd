/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pippenger's buckets for public scalars. Digits lie in [-2^(w-1), 2^(w-1)]: with the constant
 * C = Σ 2^(wi + w - 1), digit i of k is window i of k + C, less 2^(w-1); no carry runs, and the
 * last window keeps all remaining bits, so that nothing overflows.
 *
 * A chunk of terms is sorted by bucket (counting sort), then msm_buckets.c sums it.
 */
#include "group/msm_internal.h"

#define TERMS_CHUNK 8192u   /* 0.5 MB of points: they stay in the second-level cache */
#define ENTRIES_MAX 16384u  /* (window, term) pairs sorted and summed together */
#define PENDING_TERMS 2048u /* short feeds are gathered until they are worth a pass */
#define LIMBS 5u

static unsigned windows_for(unsigned bits, unsigned width)
{
	return bits / width + 1;
}

/* A bucket costs two sums at the end, and as much again for the caches it takes: measured from
 * windows of 12 bits (at 100,000 terms) to 15 (at a million, no faster than 14 below that). */
static unsigned width_for(uint64_t terms)
{
	unsigned best = WIDTH_MIN;
	uint64_t best_cost = UINT64_MAX;
	if (terms > (uint64_t)1 << 40)
		terms = (uint64_t)1 << 40;
	for (unsigned width = WIDTH_MIN; width <= WIDTH_MAX; width++) {
		uint64_t cost = windows_for(256, width) * (terms + ((uint64_t)2 << width));
		if (cost < best_cost) {
			best = width;
			best_cost = cost;
		}
	}
	return best;
}

static size_t buckets_total(unsigned width)
{
	return (size_t)windows_for(256, width) << (width - 1);
}

size_t msm_vartime_bytes(uint64_t terms_expected)
{
	return arena_room(sizeof(struct msm_vartime)) +
	       arena_room(buckets_total(width_for(terms_expected)) * sizeof(point)) +
	       arena_room(PENDING_TERMS * sizeof(point)) + arena_room(PENDING_TERMS * sizeof(scalar));
}

struct msm_vartime *msm_vartime_new(struct arena *memory, uint64_t terms_expected,
                                    struct error *err)
{
	size_t mark = arena_mark(memory);
	unsigned width = width_for(terms_expected);
	struct msm_vartime *m = arena_take(memory, 1, sizeof *m, err);
	if (!m)
		return NULL;
	*m = (struct msm_vartime){
		.width = width,
		.windows = windows_for(256, width),
		.half = (size_t)1 << (width - 1),
		.buckets = arena_take_array(memory, buckets_total(width), point, err),
	};
	if (m->buckets)
		m->pending_points = arena_take_array(memory, PENDING_TERMS, point, err);
	if (m->pending_points)
		m->pending_scalars = arena_take_array(memory, PENDING_TERMS, scalar, err);
	if (!m->pending_scalars) {
		arena_release(memory, mark);
		return NULL;
	}
	memset(m->buckets, 0, buckets_total(width) * sizeof(point));
	return m;
}

struct chunk {
	const point *points;
	uint16_t *digits; /* [window][n]: window values of k + C */
	size_t n;
	unsigned windows;
	uint64_t offset[LIMBS]; /* C */
};

static void write_digits(const struct chunk *c, size_t at, const scalar *k, unsigned width)
{
	uint64_t s[LIMBS] = {k->v[0], k->v[1], k->v[2], k->v[3], 0}, carry = 0;
	for (unsigned i = 0; i < LIMBS; i++) {
		uint64_t t = s[i] + carry;
		carry = t < carry;
		s[i] = t + c->offset[i];
		carry |= s[i] < t;
	}
	for (unsigned w = 0; w < c->windows; w++) {
		unsigned limb = width * w / 64, shift = width * w % 64;
		unsigned taken = w + 1 == c->windows ? width + 1 : width;
		uint64_t u = s[limb] >> shift;
		if (shift + taken > 64 && limb + 1 < LIMBS)
			u |= s[limb + 1] << (64 - shift);
		c->digits[w * c->n + at] = (uint16_t)(u & (((uint64_t)1 << taken) - 1));
	}
}

/* The bucket of a window's digit and whether the point enters it negated; false: digit zero. */
static bool bucket_of(uint32_t *bucket, uint32_t *negative, uint32_t u, uint32_t half)
{
	*negative = u < half;
	*bucket = (u < half ? half - u : u - half) - 1;
	return u != half;
}

/* References (index of the point, sign) in order of buckets, for windows first…first+group-1. */
static size_t sort_group(const struct msm_vartime *m, const struct chunk *c, unsigned first,
                         unsigned group, struct bucket_terms *t)
{
	uint32_t bucket, negative, half = (uint32_t)m->half;
	memset(t->ends, 0, group * m->half * sizeof *t->ends);
	for (unsigned w = 0; w < group; w++) {
		const uint16_t *digits = c->digits + (first + w) * c->n;
		for (size_t i = 0; i < c->n; i++)
			if (bucket_of(&bucket, &negative, digits[i], half))
				t->ends[w * m->half + bucket]++;
	}
	uint32_t sum = 0;
	for (size_t b = 0; b < group * m->half; b++) {
		uint32_t count = t->ends[b];
		t->ends[b] = sum; /* the beginning, which filling moves to the end */
		sum += count;
	}
	for (unsigned w = 0; w < group; w++) {
		const uint16_t *digits = c->digits + (first + w) * c->n;
		for (size_t i = 0; i < c->n; i++)
			if (bucket_of(&bucket, &negative, digits[i], half))
				t->refs[t->ends[w * m->half + bucket]++] = (uint32_t)i << 1 | negative;
	}
	return sum;
}

static void add_chunk(struct msm_vartime *m, const point *p, const scalar *k, size_t n,
                      unsigned bits, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct chunk c = {.points = p, .n = n, .windows = windows_for(bits, m->width)};
	unsigned group = (unsigned)(ENTRIES_MAX / n);
	if (group > c.windows)
		group = c.windows;
	c.digits = scratch_take_array(scratch, c.windows * n, uint16_t);
	struct bucket_terms t = {
		.points = p,
		.refs = scratch_take_array(scratch, group * n, uint32_t),
		.ends = scratch_take_array(scratch, group * m->half, uint32_t),
	};
	for (unsigned top = m->width - 1; top < c.windows * m->width; top += m->width)
		c.offset[top / 64] |= (uint64_t)1 << top % 64;
	for (size_t i = 0; i < n; i++)
		write_digits(&c, i, &k[i], m->width);
	for (unsigned first = 0; first < c.windows; first += group) {
		if (group > c.windows - first)
			group = c.windows - first;
		t.buckets = m->buckets + first * m->half;
		t.buckets_count = group * m->half;
		if (sort_group(m, &c, first, group, &t) > 0)
			buckets_add(&t, scratch);
	}
	arena_release(scratch, mark);
}

static void flush_pending(struct msm_vartime *m, struct arena *scratch)
{
	if (m->pending > 0)
		add_chunk(m, m->pending_points, m->pending_scalars, m->pending, 256, scratch);
	m->pending = 0;
}

void msm_vartime_add(struct msm_vartime *m, const point *p, const scalar *k, size_t n,
                     unsigned bits, struct arena *scratch)
{
	require(bits == 128 || bits == 256);
	for (size_t i = 0; i < n && bits == 128; i++)
		require((k[i].v[2] | k[i].v[3]) == 0);
	while (n >= PENDING_TERMS) {
		size_t count = n < TERMS_CHUNK ? n : TERMS_CHUNK;
		add_chunk(m, p, k, count, bits, scratch);
		p += count;
		k += count;
		n -= count;
	}
	if (n == 0)
		return;
	if (m->pending + n > PENDING_TERMS)
		flush_pending(m, scratch);
	memcpy(m->pending_points + m->pending, p, n * sizeof *p);
	memcpy(m->pending_scalars + m->pending, k, n * sizeof *k);
	m->pending += n;
}

void msm_vartime_merge(struct msm_vartime *into, const struct msm_vartime *from,
                       struct arena *scratch)
{
	require(into->width == from->width);
	msm_vartime_add(into, from->pending_points, from->pending_scalars, from->pending, 256, scratch);
	buckets_merge(into->buckets, from->buckets, buckets_total(into->width), scratch);
}

void msm_vartime_finish(point *out, struct msm_vartime *m, struct arena *scratch)
{
	flush_pending(m, scratch);
	size_t mark = arena_mark(scratch);
	point *powers = scratch_take_array(scratch, (size_t)m->windows * m->width, point);
	buckets_collapse(powers, m, scratch);
	group_backend()->weighted_sum(out, powers, (size_t)m->windows * m->width, 1);
	arena_release(scratch, mark);
}
