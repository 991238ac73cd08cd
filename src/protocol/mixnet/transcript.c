/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/engine_internal.h"

#include "group/generators.h"

void transcript_init(struct transcript *t, const struct mix_session *s, struct mix_trace *trace)
{
	*t = (struct transcript){.session = s, .trace = trace};
	mix_rho(t->rho, s);
	trace_value(t, 0, "der.rho", bytes_of(t->rho, hash_bytes(s->rohash)));
}

void trace_value(const struct transcript *t, unsigned party, const char *name, bytes value)
{
	if (t->trace)
		t->trace->value(t->trace, party, name, value);
}

static void begin(struct oracle *o, const struct transcript *t, unsigned bits)
{
	oracle_init(o, t->session->rohash, bits);
	oracle_update(o, bytes_of(t->rho, hash_bytes(t->session->rohash)));
}

void oracle_begin_seed(struct oracle *o, const struct transcript *t)
{
	begin(o, t, 8 * (unsigned)hash_bytes(t->session->prg));
}

void oracle_begin_challenge(struct oracle *o, const struct transcript *t)
{
	begin(o, t, t->session->vbits);
}

void oracle_node(struct oracle *o, uint32_t children)
{
	uint8_t header[TREE_HEADER_BYTES];
	oracle_update(o, bytes_of(header, tree_put_node(header, children)));
}

void oracle_point(struct oracle *o, const point *p)
{
	uint8_t raw[POINT_TREE_BYTES];
	points_encode_tree(raw, p, 1);
	oracle_update(o, BYTES_OF(raw));
}

void oracle_key(struct oracle *o, const point *y, uint32_t width)
{
	uint8_t room[3 * TREE_HEADER_BYTES + 2 * LIMIT_WIDTH * POINT_TREE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	mix_write_wide_key(&w, y, width);
	oracle_update(o, tree_written(&w));
}

void oracle_points(struct oracle *o, const point *p, uint64_t n)
{
	uint8_t room[64 * POINT_TREE_BYTES];
	oracle_node(o, (uint32_t)n);
	for (uint64_t at = 0; at < n; at += 64) {
		size_t count = n - at < 64 ? (size_t)(n - at) : 64;
		points_encode_tree(room, p + at, count);
		oracle_update(o, bytes_of(room, count * POINT_TREE_BYTES));
	}
}

static bool absorb(struct hash *h, struct folder *f, const char *path, uint64_t size,
                   struct error *err)
{
	struct source *s = NULL;
	if (!mix_open_sized(f, path, size, &s, err))
		return false;
	bytes part = BYTES_NONE;
	bool ok;
	while ((ok = source_next(s, SOURCE_WANT_MAX, &part, err)) && part.len > 0)
		hash_update(h, part);
	source_close(s);
	return ok;
}

bool oracle_file(struct oracle *o, struct folder *f, const char *path, uint64_t size,
                 struct error *err)
{
	return absorb(&o->h, f, path, size, err);
}

bool hash_file(struct hash *h, struct folder *f, const char *path, uint64_t size, struct error *err)
{
	return absorb(h, f, path, size, err);
}

bool file_digest(digest *out, struct folder *f, const char *path, uint64_t size, struct error *err)
{
	struct hash h;
	hash_init(&h, HASH_SHA256);
	if (!absorb(&h, f, path, size, err))
		return false;
	hash_finish(&h, out->b);
	return true;
}

void oracle_finish_seed(struct oracle *o, const struct transcript *t, uint8_t *seed, struct prg *e)
{
	oracle_finish(o, seed);
	prg_init(e, t->session->prg, seed);
}

void oracle_seed_leaf(struct oracle *o, const struct transcript *t, const uint8_t *seed)
{
	uint8_t header[TREE_HEADER_BYTES];
	size_t len = hash_bytes(t->session->prg);
	oracle_update(o, bytes_of(header, tree_put_leaf(header, (uint32_t)len)));
	oracle_update(o, bytes_of(seed, len));
}

void oracle_finish_challenge(struct oracle *o, const struct transcript *t, unsigned party,
                             const char *name, scalar *v)
{
	uint8_t raw[MIX_BITS_MAX / 8];
	size_t len = (t->session->vbits + 7) / 8;
	oracle_finish(o, raw);
	trace_value(t, party, name, bytes_of(raw, len));
	scalar_reduce(v, raw, len);
}

void batching_scalars(scalar *out, const struct prg *e, unsigned bits, uint64_t first, size_t count)
{
	uint8_t raw[MIX_BITS_MAX / 8];
	size_t len = (bits + 7) / 8;
	struct prg g = *e;
	prg_seek(&g, first * len);
	for (size_t i = 0; i < count; i++) {
		prg_read_integer(&g, raw, bits);
		scalar_reduce(&out[i], raw, len);
	}
}

struct batching {
	scalar *out;
	const struct prg *prg;
	unsigned bits;
};

static bool batching_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	(void)err;
	struct batching *job = ctx;
	scalar *e = job->out + b->first;
	batching_scalars(e, job->prg, job->bits, b->first, b->count);
	for (size_t i = 0; i < b->count; i++)
		scalar_mul(&lane->product, &lane->product, &e[i]);
	return true;
}

bool batching_fill(struct engine *e, scalar *out, const struct prg *prg,
                   const struct mix_session *s, uint64_t n, struct error *err)
{
	struct batching job = {out, prg, s->ebits};
	lanes_clear(e);
	return engine_run(e, n, batching_block, &job, err);
}

/* One wave of candidates, in blocks for the workers. */
struct candidates {
	const struct prg *stream;
	unsigned statdist;
	uint64_t first;
	size_t count, per_block;
	point *found; /* count of them: those of a block begin at its first candidate */
	size_t counts[WAVE_BLOCKS];
};

static bool candidates_block(void *ctx, size_t index, unsigned worker, struct error *err)
{
	(void)worker;
	(void)err;
	struct candidates *c = ctx;
	size_t at = index * c->per_block, left = c->count - at;
	c->counts[index] =
		generators_from_candidates(c->found + at, c->stream, c->statdist, c->first + at,
	                               left < c->per_block ? left : c->per_block);
	return true;
}

/*
 * Every second candidate is a point, give or take the square root of their number: so a wave seldom
 * leaves generators missing, and hardly tries more than are needed.
 */
static size_t candidates_for(uint64_t missing, size_t room)
{
	uint64_t wanted = 2 * missing + missing / 32 + 32;
	return wanted < room ? (size_t)wanted : room;
}

/* The next wave; returns how many points it found and puts them in order at the front. */
static bool candidates_wave(struct candidates *c, size_t *found, struct engine *e,
                            struct error *err)
{
	c->per_block = (c->count + WAVE_BLOCKS - 1) / WAVE_BLOCKS;
	size_t blocks = (c->count + c->per_block - 1) / c->per_block;
	if (!workers_run(e->workers, blocks, candidates_block, c, err))
		return false;
	*found = 0;
	for (size_t i = 0; i < blocks; i++) {
		memmove(c->found + *found, c->found + i * c->per_block, c->counts[i] * sizeof(point));
		*found += c->counts[i];
	}
	c->first += c->count;
	return true;
}

bool generators_fill(struct engine *e, point *out, uint64_t n, const struct transcript *t,
                     struct error *err)
{
	struct oracle o;
	uint8_t seed[HASH_MAX_BYTES];
	struct prg stream;
	enum hash_kind kind = t->session->rohash;
	begin(&o, t, 8 * (unsigned)hash_bytes(kind));
	tree_hash_leaf(&o.h, BYTES_LITERAL("generators"));
	oracle_finish(&o, seed);
	prg_init(&stream, kind, seed);
	const size_t room = e->wave_bytes / sizeof(point);
	struct candidates c = {
		.stream = &stream, .statdist = t->session->statdist, .found = (point *)(void *)e->wave};
	for (uint64_t have = 0; have < n;) {
		size_t found;
		c.count = candidates_for(n - have, room);
		if (!candidates_wave(&c, &found, e, err))
			return false;
		size_t count = found < n - have ? found : (size_t)(n - have);
		memcpy(out + have, c.found, count * sizeof(point));
		have += count;
	}
	if (t->trace) {
		for (uint64_t i = 0; i < n; i++) {
			uint8_t raw[POINT_TREE_BYTES];
			points_encode_tree(raw, &out[i], 1);
			trace_value(t, 0, "bas.h", BYTES_OF(raw));
		}
	}
	return true;
}
