/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers read the objects of a block and check their proofs in batches, the larger the cheaper.
 * What comes out does not depend on their number.
 */
#include "record/scan_internal.h"

/* Of one batch: 20 % cheaper each with the most than with the least, which many workers get. */
#define BATCH_EQUATIONS_MIN 4096u
#define BATCH_EQUATIONS_MAX 32768u
#define PARSED_BYTES ((size_t)32 << 20) /* of a block: fewer ballots when they are wide */
#define STREAM_WANT ((size_t)1 << 20)

bool object_stream_open(struct object_stream *s, struct folder *record, const char *path,
                        bool may_be_absent, struct error *err)
{
	memset(s, 0, sizeof *s);
	if (may_be_absent && !record->exists(record, path))
		return true;
	return record->open(record, path, &s->src, err);
}

void object_stream_close(struct object_stream *s)
{
	source_close(s->src);
	s->src = NULL;
}

uint64_t object_stream_size(const struct object_stream *s)
{
	return s->src ? s->src->size : 0;
}

bool object_stream_take(struct object_stream *s, uint8_t *out, size_t len, struct error *err)
{
	s->used += len;
	while (len > 0) {
		if (s->have.len == 0 && s->src && !source_next(s->src, STREAM_WANT, &s->have, err))
			return false;
		if (s->have.len == 0)
			return fail(err, ERROR_MALFORMED, "log: an object is missing behind the last one",
			            ERROR_NOWHERE);
		size_t n = len < s->have.len ? len : s->have.len;
		memcpy(out, s->have.p, n);
		s->have = bytes_from(s->have, n);
		out += n;
		len -= n;
	}
	return true;
}

bool object_stream_end(struct object_stream *s, struct error *err)
{
	bytes more = s->have;
	if (!s->src) /* there is no such file, and nothing of it was asked for */
		return true;
	if (more.len == 0 && !source_next(s->src, STREAM_WANT, &more, err))
		return false;
	if (more.len > 0)
		return fail_detail(err, ERROR_MALFORMED, "log: an object that no entry names", s->used,
		                   s->src->name);
	return true;
}

static bool take_arena(struct arena *out, size_t size, struct arena *from, struct error *err)
{
	void *memory = arena_take(from, size, 1, err);
	if (memory)
		arena_init(out, memory, size);
	return memory != NULL;
}

/* A batch is small enough for a worker's scratch, and a block for the memory of parsed ballots. */
static void divide(struct block *b, size_t memory, size_t equations)
{
	size_t workers = b->world->workers->count;
	size_t least = BATCH_EQUATIONS_MIN / equations, most = BATCH_EQUATIONS_MAX / equations;
	b->room = PARSED_BYTES / memory < BLOCK_ITEMS ? PARSED_BYTES / memory : BLOCK_ITEMS;
	b->room = b->room ? b->room : 1;
	b->batch = (b->room + workers - 1) / workers;
	b->batch = b->batch > least ? b->batch : least;
	b->batch = b->batch < most ? b->batch : most;
	b->batch = b->batch < b->room ? b->batch : b->room;
	b->batch = b->batch ? b->batch : 1;
}

bool block_init(struct block *b, const struct ballot_rules *rules, struct tally_world *world,
                struct error *err)
{
	size_t memory = 1, equations = 1;
	memset(b, 0, sizeof *b);
	b->rules = rules;
	b->world = world;
	for (size_t i = 0; i < rules->styles_count; i++) {
		size_t need = ballot_memory_bytes(&rules->styles[i]);
		size_t n = rules->styles[i].components + 1u; /* and a signature */
		memory = need > memory ? need : memory;
		equations = n > equations ? n : equations;
	}
	divide(b, memory, equations);
	b->buffer = arena_take(world->arena, BLOCK_BYTES, 1, err);
	b->items = arena_take_array(world->arena, b->room, struct block_item, err);
	b->ballots = arena_take_array(world->arena, b->room, struct ballot, err);
	if (!b->buffer || !b->items || !b->ballots)
		return false;
	for (size_t i = 0; i * b->batch < b->room; i++)
		if (!take_arena(&b->parsed[i], b->batch * memory, world->arena, err))
			return false;
	size_t scratch = ballots_check_scratch_bytes_for(b->batch * equations);
	scratch += arena_room(b->batch); /* which of them are bad */
	for (unsigned i = 0; i < world->workers->count; i++)
		if (!take_arena(&b->scratch[i], scratch, world->arena, err))
			return false;
	return rng_fill(world->rng, b->fresh, sizeof b->fresh, err);
}

uint8_t *block_room(struct block *b)
{
	return b->buffer + b->filled;
}

struct block_item *block_add(struct block *b, size_t len)
{
	struct block_item *item = &b->items[b->count++];
	require(b->count <= b->room && len <= BLOCK_BYTES - b->filled);
	memset(item, 0, sizeof *item);
	item->object = bytes_of(b->buffer + b->filled, len);
	b->filled += len;
	return item;
}

void block_clear(struct block *b)
{
	b->count = b->filled = 0;
}

/* Those that are read fill the batch's ballots from the front, the others from the back: the
 * proofs of the first are one batch. */
struct batch {
	struct block *block;
	size_t first, n, good;
	struct arena *parsed, *scratch;
};

static bool read_items(struct batch *t, struct error *err)
{
	struct block *b = t->block;
	size_t others = t->n;
	for (size_t i = t->first; i < t->first + t->n; i++) {
		struct block_item *item = &b->items[i];
		struct ballot parsed;
		struct error why;
		digest d = sha256(item->object);
		if (!digest_equal(&d, &item->named)) {
			fail_detail(err, ERROR_REJECTED, "log: an object is not the one its entry names",
			            item->entry, item->is_void ? "void" : "ballot");
			return fail_within_index(err, "entry", item->entry);
		}
		item->read = ledger_parse(&parsed, item->object, b->rules, item->is_void, t->parsed, &why);
		item->ballot = &b->ballots[t->first + (item->read == BALLOT_FINE ? t->good++ : --others)];
		*item->ballot = parsed;
	}
	return true;
}

static bool mark_bad(struct batch *t, struct error *err)
{
	struct block *b = t->block;
	const struct ballot *ballots = &b->ballots[t->first];
	size_t bad_count, mark = arena_mark(t->scratch);
	uint8_t *bad = arena_take(t->scratch, t->good, 1, err);
	bool done = bad && ballots_find_bad_vartime(bad, &bad_count, ballots, t->good, b->fresh,
	                                            t->scratch, err);
	for (size_t i = t->first; done && i < t->first + t->n; i++) {
		struct block_item *item = &b->items[i];
		if (item->read == BALLOT_FINE && bad[item->ballot - ballots])
			item->read = ledger_bad_equation_vartime(item->ballot);
	}
	arena_release(t->scratch, mark);
	return done;
}

static bool batch_check(void *ctx, size_t number, unsigned worker, struct error *err)
{
	struct block *b = ctx;
	struct batch t = {.block = b,
	                  .first = number * b->batch,
	                  .parsed = &b->parsed[number],
	                  .scratch = &b->scratch[worker]};
	struct error found;
	t.n = b->count - t.first < b->batch ? b->count - t.first : b->batch;
	arena_release(t.parsed, 0);
	if (!read_items(&t, err))
		return false;
	/* The seed is secret until this run ends; the batch's own digest is mixed in by the check. */
	error_clear(&found);
	if (ballots_check_vartime(&b->ballots[t.first], t.good, b->fresh, t.scratch, &found))
		return true;
	if (found.kind == ERROR_REJECTED)
		return mark_bad(&t, err);
	if (err)
		*err = found;
	return false;
}

bool block_check(struct block *b, struct error *err)
{
	size_t batches = (b->count + b->batch - 1) / b->batch;
	return workers_run(b->world->workers, batches, batch_check, b, err);
}
