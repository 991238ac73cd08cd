/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/shuffle_internal.h"

#include "base/ct.h"

size_t shuffle_bytes(uint64_t n, uint32_t width, unsigned workers)
{
	size_t count = (size_t)n;
	return arena_room(sizeof(struct shuffle)) + arena_room(count * sizeof(point)) +
	       arena_room(2 * width * count * sizeof(point)) +
	       2 * arena_room(count * sizeof(uint32_t)) + 2 * arena_room(count * sizeof(scalar)) +
	       arena_room(2 * workers * engine_block(n) * sizeof(scalar)) +
	       arena_room(workers * sizeof(point)) + 3 * arena_room(FIXED_BASE_BYTES) +
	       engine_bytes(n, workers);
}

bool shuffle_draw(const struct shuffle *s, enum draw use, unsigned component, uint64_t first,
                  scalar *out, size_t count, struct error *err)
{
	struct chacha_rng child;
	chacha_rng_derive(&child, s->seed, (uint32_t)use + component, first);
	bool ok = scalars_random(out, count, &child.rng, err);
	chacha_rng_wipe(&child);
	return ok;
}

unsigned shuffle_lane(const struct shuffle *s, const struct lane *lane)
{
	return (unsigned)(lane - s->engine.lanes);
}

secret_scalar *shuffle_room(const struct shuffle *s, const struct lane *lane, unsigned which)
{
	return s->rooms + (2 * shuffle_lane(s, lane) + which) * engine_block(s->n);
}

void shuffle_partial_clear(struct shuffle *s)
{
	for (unsigned i = 0; i < s->job->workers->count; i++)
		s->partial[i] = point_infinity();
}

void shuffle_partial_sum(const struct shuffle *s, point *out)
{
	*out = point_infinity();
	for (unsigned i = 0; i < s->job->workers->count; i++)
		point_add(out, out, &s->partial[i]);
}

static bool keep(struct sink *sink, bytes b, struct error *err)
{
	struct kept_file *f = (struct kept_file *)sink;
	if (b.len > f->room - f->len)
		return fail(err, ERROR_BUG, "shuffle: more than there is room for", f->len);
	memcpy(f->p + f->len, b.p, b.len);
	f->len += b.len;
	return true;
}

static bool take_memory(struct shuffle *s, struct error *err)
{
	struct arena *memory = s->job->memory;
	size_t n = (size_t)s->n;
	unsigned workers = s->job->workers->count;
	s->h = arena_take_array(memory, n, point, err);
	s->list = s->h ? arena_take_array(memory, 2 * s->width * n, point, err) : NULL;
	s->to_input = s->list ? arena_take_array(memory, n, uint32_t, err) : NULL;
	s->to_output = s->to_input ? arena_take_array(memory, n, uint32_t, err) : NULL;
	s->e = s->to_output ? arena_take_array(memory, n, secret_scalar, err) : NULL;
	s->y = s->e ? arena_take_array(memory, n, secret_scalar, err) : NULL;
	s->rooms = s->y ? arena_take_array(memory, 2 * workers * engine_block(s->n), secret_scalar, err)
	                : NULL;
	s->partial = s->rooms ? arena_take_array(memory, workers, point, err) : NULL;
	s->u = (struct kept_file){.sink = {.name = "u", .append = keep},
	                          .p = (uint8_t *)s->list,
	                          .room = 2 * s->width * n * sizeof(point)};
	_Static_assert(2 * sizeof(point) >= TREE_HEADER_BYTES + POINT_TREE_BYTES, "u has room");
	return s->partial && engine_init(&s->engine, s->job->workers, s->n, memory, err);
}

static const enum mix_file made[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION, MIX_FILE_POS_COMMITMENT,
                                     MIX_FILE_POS_REPLY};

static bool has_not_shuffled(const struct shuffle *s, struct error *err)
{
	struct folder *f = s->job->folder;
	for (size_t i = 0; i < 4; i++) {
		struct mix_path path = mix_path(made[i], s->job->party);
		if (f->exists(f, path.text))
			return fail_detail(err, ERROR_CONFLICT, "shuffle: this party has shuffled already",
			                   s->job->party, path.text);
	}
	return true;
}

/* No file is opened before everything for it is there: who waits for its turn leaves no traces. */
static bool open_sinks(struct shuffle *s, struct error *err)
{
	struct folder *f = s->job->folder;
	for (size_t i = 0; i < 4; i++) {
		struct mix_path path = mix_path(made[i], s->job->party);
		if (!f->create(f, path.text, false, &s->sinks[i], err))
			return false;
	}
	return sink_append(s->sinks[SINK_U], bytes_of(s->u.p, s->u.len), err);
}

/* All four or none: what was committed before a later one failed is removed again. */
static bool commit_sinks(struct shuffle *s, struct error *err)
{
	struct folder *f = s->job->folder;
	for (size_t i = 0; i < 4; i++) {
		struct sink *sink = s->sinks[i];
		s->sinks[i] = NULL;
		if (sink_commit(sink, err))
			continue;
		for (size_t k = 0; k < i; k++) {
			struct mix_path path = mix_path(made[k], s->job->party);
			struct error second;
			if (!f->remove(f, path.text, &second))
				fail_within(err, "and a part of the shuffle could not be removed");
		}
		return false;
	}
	return true;
}

static bool prepare(struct shuffle *s, struct error *err)
{
	struct arena *memory = s->job->memory;
	if (!take_memory(s, err))
		return false;
	struct arena *scratch = &s->engine.lanes[0].scratch;
	if (!public_key_init(&s->pk, s->job->y, memory, scratch, err) || !has_not_shuffled(s, err) ||
	    !rng_fill(s->job->rng, s->seed, sizeof s->seed, err))
		return false;
	transcript_init(&s->transcript, s->job->session, s->job->trace);
	if (!shuffle_offline(s, err))
		return false;
	s->generators = (struct mix_generators){.h = s->h, .count = s->n};
	memcpy(s->generators.rho, s->transcript.rho, sizeof s->generators.rho);
	return true;
}

bool shuffle_begin(struct shuffle **out, const struct shuffle_job *job, uint64_t n,
                   struct error *err)
{
	*out = NULL;
	if (!mix_session_validate(job->session, err))
		return false;
	require(job->party >= 1 && job->party <= job->session->parties);
	require(n >= 1 && n <= LIMIT_BALLOTS);
	size_t mark = arena_mark(job->memory);
	struct shuffle *s = arena_take(job->memory, 1, sizeof *s, err);
	if (!s)
		return false;
	*s = (struct shuffle){.job = job, .mark = mark, .width = job->session->width, .n = n};
	if (prepare(s, err)) {
		*out = s;
		return true;
	}
	shuffle_abandon(s);
	return false;
}

const struct mix_generators *shuffle_generators(const struct shuffle *s)
{
	return &s->generators;
}

static bool has_length(const struct shuffle *s, struct error *err)
{
	uint64_t n = 0;
	if (!mix_list_length(&n, s->job->folder, s->job->input, s->width, err))
		return false;
	return n == s->n ||
	       fail_detail(err, ERROR_REJECTED, "shuffle: not a list of that length", n, s->job->input);
}

bool shuffle_finish(struct shuffle *s, struct error *err)
{
	bool ok =
		has_length(s, err) && open_sinks(s, err) && shuffle_online(s, err) && commit_sinks(s, err);
	shuffle_abandon(s);
	return ok;
}

void shuffle_abandon(struct shuffle *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < 4; i++)
		sink_abort(s->sinks[i]);
	arena_release_wiped(s->job->memory, s->mark);
}

bool shuffle_prove(const struct shuffle_job *job, struct error *err)
{
	struct shuffle *s;
	uint64_t n = 0;
	return mix_session_validate(job->session, err) &&
	       mix_list_length(&n, job->folder, job->input, job->session->width, err) &&
	       shuffle_begin(&s, job, n, err) && shuffle_finish(s, err);
}
