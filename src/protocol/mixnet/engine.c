/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/engine_internal.h"

#define BLOCK_MIN 512u
#define EVEN 8u

static uint64_t parts(uint64_t n, uint64_t size)
{
	return (n + size - 1) / size;
}

size_t engine_block(uint64_t n)
{
	if (n == 0)
		return 1;
	uint64_t even = parts(n, EVEN * parts(n, (uint64_t)EVEN * ENGINE_BLOCK_MAX));
	uint64_t least = n < BLOCK_MIN ? n : BLOCK_MIN;
	return (size_t)(even > least ? even : least);
}

static size_t wave_room(uint64_t n)
{
	uint64_t wave = (uint64_t)WAVE_BLOCKS * engine_block(n);
	return (size_t)(n < wave ? n : wave) * POINT_TREE_BYTES;
}

size_t engine_bytes(uint64_t n, unsigned workers)
{
	size_t block = engine_block(n);
	size_t lane = arena_room(GROUP_SCRATCH_BYTES) + 3 * arena_room(block * sizeof(point)) +
	              arena_room(block * sizeof(scalar));
	return arena_room(workers * sizeof(struct lane)) + arena_room(wave_room(n)) + workers * lane;
}

bool engine_init(struct engine *e, struct workers *workers, uint64_t n, struct arena *memory,
                 struct error *err)
{
	size_t block = engine_block(n);
	*e = (struct engine){.workers = workers, .block = block, .wave_bytes = wave_room(n)};
	e->lanes = arena_take_array(memory, workers->count, struct lane, err);
	e->wave = e->lanes ? arena_take(memory, e->wave_bytes, 1, err) : NULL;
	if (!e->wave)
		return false;
	for (unsigned i = 0; i < workers->count; i++) {
		struct lane *lane = &e->lanes[i];
		*lane = (struct lane){0};
		void *scratch = arena_take(memory, GROUP_SCRATCH_BYTES, 1, err);
		if (!scratch)
			return false;
		arena_init(&lane->scratch, scratch, GROUP_SCRATCH_BYTES);
		lane->points = arena_take_array(memory, block, point, err);
		for (size_t k = 0; k < 2 && lane->points; k++) {
			lane->more[k] = arena_take_array(memory, block, point, err);
			if (!lane->more[k])
				return false;
		}
		lane->scalars = lane->points ? arena_take_array(memory, block, scalar, err) : NULL;
		if (!lane->scalars)
			return false;
	}
	return true;
}

static uint64_t lane_terms(uint64_t terms, unsigned workers)
{
	return terms / workers + 1;
}

size_t engine_msm_bytes(unsigned workers, uint64_t terms)
{
	return workers * arena_room(msm_vartime_bytes(lane_terms(terms, workers)));
}

bool engine_msm_begin(struct engine *e, uint64_t terms, struct arena *memory, struct error *err)
{
	for (unsigned i = 0; i < e->workers->count; i++) {
		e->lanes[i].msm = msm_vartime_new(memory, lane_terms(terms, e->workers->count), err);
		if (!e->lanes[i].msm)
			return false;
	}
	return true;
}

void engine_msm_finish(struct engine *e, point *out)
{
	struct arena *scratch = &e->lanes[0].scratch;
	for (unsigned i = 1; i < e->workers->count; i++)
		msm_vartime_merge(e->lanes[0].msm, e->lanes[i].msm, scratch);
	msm_vartime_finish(out, e->lanes[0].msm, scratch);
}

struct wave {
	struct engine *engine;
	block_fn *f;
	void *ctx;
	uint64_t first, count;
	size_t element_bytes;
	const uint8_t *in;
	uint8_t *out;
};

static bool wave_block(void *ctx, size_t index, unsigned worker, struct error *err)
{
	struct wave *w = ctx;
	size_t block = w->engine->block;
	uint64_t at = (uint64_t)index * block;
	struct block b = {.first = w->first + at};
	b.count = w->count - at < block ? (size_t)(w->count - at) : block;
	if (w->in)
		b.in = w->in + (size_t)at * w->element_bytes;
	if (w->out)
		b.out = w->out + (size_t)at * w->element_bytes;
	return w->f(w->ctx, &w->engine->lanes[worker], &b, err);
}

static bool run_wave(struct wave *w, struct error *err)
{
	size_t blocks = (size_t)parts(w->count, w->engine->block);
	return workers_run(w->engine->workers, blocks, wave_block, w, err);
}

static uint64_t wave_count(const struct engine *e, uint64_t first, uint64_t n)
{
	uint64_t wave = engine_wave_items(e);
	return n - first < wave ? n - first : wave;
}

bool engine_next(struct source *s, size_t len, bytes *out, struct error *err)
{
	if (!source_next(s, len, out, err))
		return false;
	return out->len == len ||
	       fail_detail(err, ERROR_MALFORMED, "file: ends too early", ERROR_NOWHERE, s->name);
}

bool engine_read(struct engine *e, struct source *s, uint64_t n, size_t element_bytes, block_fn *f,
                 void *ctx, struct error *err)
{
	struct wave w = {.engine = e, .f = f, .ctx = ctx, .element_bytes = element_bytes};
	for (; w.first < n; w.first += w.count) {
		w.count = wave_count(e, w.first, n);
		bytes raw = BYTES_NONE;
		if (!engine_next(s, (size_t)w.count * element_bytes, &raw, err))
			return false;
		w.in = raw.p;
		if (!run_wave(&w, err))
			return false;
	}
	return true;
}

bool engine_skip(struct source *s, uint64_t len, struct error *err)
{
	while (len > 0) {
		size_t want = len < SOURCE_WANT_MAX ? (size_t)len : SOURCE_WANT_MAX;
		bytes raw = BYTES_NONE;
		if (!engine_next(s, want, &raw, err))
			return false;
		len -= want;
	}
	return true;
}

bool engine_run(struct engine *e, uint64_t n, block_fn *f, void *ctx, struct error *err)
{
	struct wave w = {.engine = e, .f = f, .ctx = ctx, .count = n};
	return n == 0 || run_wave(&w, err);
}

bool outlet_put(const struct outlet *to, bytes b, struct error *err)
{
	if (to->oracle)
		oracle_update(to->oracle, b);
	return !to->sink || sink_append(to->sink, b, err);
}

bool engine_write(struct engine *e, const struct outlet *to, uint64_t n, size_t element_bytes,
                  block_fn *f, void *ctx, struct error *err)
{
	struct wave w = {
		.engine = e, .f = f, .ctx = ctx, .element_bytes = element_bytes, .out = e->wave};
	for (; w.first < n; w.first += w.count) {
		w.count = wave_count(e, w.first, n);
		if (!run_wave(&w, err) ||
		    !outlet_put(to, bytes_of(e->wave, (size_t)w.count * element_bytes), err))
			return false;
	}
	return true;
}

void lanes_clear(struct engine *e)
{
	for (unsigned i = 0; i < e->workers->count; i++) {
		e->lanes[i].sum = scalar_zero;
		e->lanes[i].product = scalar_one;
		for (unsigned which = 0; which < 2; which++)
			e->lanes[i].point_sums[which] = point_infinity();
	}
}

scalar lanes_sum(const struct engine *e)
{
	scalar out = scalar_zero;
	for (unsigned i = 0; i < e->workers->count; i++)
		scalar_add(&out, &out, &e->lanes[i].sum);
	return out;
}

scalar lanes_product(const struct engine *e)
{
	scalar out = scalar_one;
	for (unsigned i = 0; i < e->workers->count; i++)
		scalar_mul(&out, &out, &e->lanes[i].product);
	return out;
}

void lane_add_points(struct lane *lane, unsigned which, size_t count)
{
	point sum;
	points_sum(&sum, lane->points, count, &lane->scratch);
	point_add(&lane->point_sums[which], &lane->point_sums[which], &sum);
}

point lanes_point_sum(const struct engine *e, unsigned which)
{
	point out = point_infinity();
	for (unsigned i = 0; i < e->workers->count; i++)
		point_add(&out, &out, &e->lanes[i].point_sums[which]);
	return out;
}

static bool decoded(bool ok, const struct block *b, const char *name, struct error *err)
{
	if (ok)
		return true;
	if (err && err->at != ERROR_NOWHERE) {
		err->at += b->first;
		fail_within_index(err, "element", err->at);
	}
	return fail_within(err, name);
}

bool decode_points(point *out, const struct block *b, const char *name, struct error *err)
{
	bytes in = bytes_of(b->in, b->count * POINT_TREE_BYTES);
	return decoded(points_decode_tree(out, in, b->count, POINT_OR_INFINITY, err), b, name, err);
}

bool decode_scalars(scalar *out, const struct block *b, const char *name, struct error *err)
{
	bytes in = bytes_of(b->in, b->count * SCALAR_TREE_BYTES);
	return decoded(scalars_decode_tree(out, in, b->count, err), b, name, err);
}
