/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over ballots.bt. A block is read and cut into ballots; workers parse them and check
 * their proofs in batches, the larger the cheaper; then, in log order, repeats are searched, the
 * log grows, and ciphertexts enter their lists.
 */
#include "record/lists_internal.h"
#include "record/log_internal.h"
#include "record/seen_internal.h"

#define BLOCK_BYTES ((size_t)20 << 20)
#define BLOCK_BALLOTS 32768u
/* Of one batch: 20 % cheaper each with the most than with the least, which many workers get. */
#define BATCH_EQUATIONS_MIN 4096u
#define BATCH_EQUATIONS_MAX 32768u
#define PARSED_BYTES ((size_t)32 << 20) /* of a block: fewer ballots when they are wide */

struct scan {
	const struct manifest *m;
	struct ballot_rules rules;
	struct ballot_style styles[LIMIT_STYLES];
	struct list_columns *lists;
	struct log log;
	struct seen seen;
	uint64_t done; /* ballots before this block */

	uint8_t *buffer;
	size_t filled;
	bool at_end;
	bytes *slices;
	struct ballot *ballots;
	size_t count;                       /* of this block */
	size_t batch;                       /* ballots of one batch */
	size_t block;                       /* ballots of a block at most */
	struct arena parsed[BLOCK_BALLOTS]; /* one per batch at most */
	struct arena scratch[LIMIT_WORKERS];
	uint8_t fresh[32];
};

static bool take_arena(struct arena *out, size_t size, struct arena *from, struct error *err)
{
	void *memory = arena_take(from, size, 1, err);
	if (memory)
		arena_init(out, memory, size);
	return memory != NULL;
}

static bool take_lists(struct scan *s, uint64_t ballots_max, struct arena *a, struct error *err)
{
	for (unsigned g = 0; g < s->m->groups_count; g++) {
		struct list_columns *l = &s->lists[g];
		l->n = 0;
		l->width = s->m->groups[g].code.width;
		for (unsigned c = 0; c < 2 * l->width; c++)
			if (!(l->columns[c] = arena_take_array(a, ballots_max, point, err)))
				return false;
	}
	return true;
}

/* Blocks must not depend on the number of workers: they decide which error comes first. */
static void divide(struct scan *s, size_t memory, size_t components, size_t workers)
{
	size_t least = BATCH_EQUATIONS_MIN / components, most = BATCH_EQUATIONS_MAX / components;
	s->block = PARSED_BYTES / memory < BLOCK_BALLOTS ? PARSED_BYTES / memory : BLOCK_BALLOTS;
	s->block = s->block ? s->block : 1;
	s->batch = (s->block + workers - 1) / workers;
	s->batch = s->batch > least ? s->batch : least;
	s->batch = s->batch < most ? s->batch : most;
	s->batch = s->batch < s->block ? s->batch : s->block;
	s->batch = s->batch ? s->batch : 1;
}

static bool scan_begin(struct scan *s, uint64_t size, struct tally_world *world, struct error *err)
{
	size_t shortest = SIZE_MAX, memory = 0;
	unsigned components = 1;
	if (!manifest_ballot_styles(s->styles, s->m, err))
		return false;
	for (unsigned i = 0; i < s->m->styles_count; i++) {
		size_t len = ballot_bytes(&s->styles[i], BALLOT_SERVER);
		size_t need = ballot_memory_bytes(&s->styles[i]);
		shortest = len < shortest ? len : shortest;
		memory = need > memory ? need : memory;
		components = s->styles[i].components > components ? s->styles[i].components : components;
	}
	require(memory > 0); /* a manifest has a style: manifest/read.c */
	uint64_t ballots_max = size / shortest;
	if (ballots_max > LIMIT_BALLOTS)
		return fail(err, ERROR_LIMIT, "ballots: more than LIMIT_BALLOTS", ballots_max);
	divide(s, memory, components, world->workers->count);
	if (!(s->buffer = arena_take(world->arena, BLOCK_BYTES, 1, err)) ||
	    !(s->slices = arena_take_array(world->arena, BLOCK_BALLOTS, bytes, err)) ||
	    !(s->ballots = arena_take_array(world->arena, BLOCK_BALLOTS, struct ballot, err)))
		return false;
	for (size_t i = 0; i * s->batch < s->block; i++)
		if (!take_arena(&s->parsed[i], s->batch * memory, world->arena, err))
			return false;
	size_t scratch = ballots_check_scratch_bytes_for(s->batch * components);
	for (unsigned i = 0; i < world->workers->count; i++)
		if (!take_arena(&s->scratch[i], scratch, world->arena, err))
			return false;
	return take_lists(s, ballots_max, world->arena, err) &&
	       seen_init(&s->seen, ballots_max * (components + 1u), world->arena, err) &&
	       rng_fill(world->rng, s->fresh, sizeof s->fresh, err);
}

/* Fills the buffer behind what the last block left over. */
static bool block_read(struct scan *s, struct source *src, struct error *err)
{
	while (!s->at_end && s->filled < BLOCK_BYTES) {
		bytes b;
		size_t want = BLOCK_BYTES - s->filled;
		if (!source_next(src, want < SOURCE_WANT_MAX ? want : SOURCE_WANT_MAX, &b, err))
			return false;
		s->at_end = b.len == 0;
		if (b.len)
			memcpy(s->buffer + s->filled, b.p, b.len);
		s->filled += b.len;
	}
	return true;
}

/* Cuts whole ballots; *used is where the first one that is not whole begins. */
static bool block_cut(struct scan *s, size_t *used, struct error *err)
{
	*used = 0;
	s->count = 0;
	while (*used < s->filled && s->count < s->block) {
		bytes rest = bytes_of(s->buffer + *used, s->filled - *used);
		size_t len;
		if (rest.len < BALLOT_HEAD_BYTES && !s->at_end)
			break;
		if (!ballot_measure(&len, rest, &s->rules, err))
			return fail_within_index(err, "ballot", s->done + s->count);
		if (len > rest.len && !s->at_end)
			break;
		if (len > rest.len) {
			fail(err, ERROR_MALFORMED, "ballots: the file ends within a ballot", rest.len);
			return fail_within_index(err, "ballot", s->done + s->count);
		}
		s->slices[s->count++] = bytes_of(rest.p, len);
		*used += len;
	}
	return true;
}

static bool batch_check(void *ctx, size_t block, unsigned worker, struct error *err)
{
	struct scan *s = ctx;
	size_t first = block * s->batch;
	size_t n = s->count - first < s->batch ? s->count - first : s->batch;
	struct arena *scratch = &s->scratch[worker];
	size_t parsed = 0;
	struct error malformed;
	error_clear(&malformed);
	arena_release(&s->parsed[block], 0);
	while (parsed < n && ballot_parse(&s->ballots[first + parsed], s->slices[first + parsed],
	                                  &s->rules, &s->parsed[block], &malformed))
		parsed++;
	/* The seed is secret until this run ends; the batch's own digest is mixed in by the check.
	 * Before a ballot that cannot be parsed another may be bad, and the first one is named. */
	if (!ballots_check_vartime(&s->ballots[first], parsed, s->fresh, scratch, err)) {
		if (err && err->at != ERROR_NOWHERE)
			err->at += s->done + first;
		return false;
	}
	if (parsed == n)
		return true;
	if (err)
		*err = malformed;
	return fail_within_index(err, "ballot", s->done + first + parsed);
}

static bool pseudonym_is_new(struct scan *s, const pseudonym *who)
{
	uint8_t p[PSEUDONYM_TREE_MAX];
	return seen_add(&s->seen, bytes_of(p, pseudonym_encode(p, who)));
}

static bool ballot_take(struct scan *s, const struct ballot *b, bytes slice, struct error *err)
{
	if (b->seq != 0)
		return fail(err, ERROR_REJECTED, "ballots: a sequence number other than 0", b->seq);
	if (!pseudonym_is_new(s, &b->who))
		return fail(err, ERROR_REJECTED, "ballots: a second ballot of this pseudonym",
		            ERROR_NOWHERE);
	for (unsigned i = 0; i < b->style->components; i++)
		if (!seen_add(&s->seen, bytes_of(&b->ct[i].u, sizeof b->ct[i].u)))
			return fail(err, ERROR_REJECTED,
			            "ballots: a first component that occurred before (a copied ballot?)", i);
	log_ballot(&s->log, slice);
	const struct manifest_style *style = &s->m->styles[b->style - s->styles];
	const ciphertext *ct = b->ct;
	for (unsigned g = 0; g < style->groups_count; g++) {
		struct list_columns *l = &s->lists[style->groups[g]];
		for (unsigned j = 0; j < l->width; j++, ct++) {
			l->columns[j][l->n] = ct->u;
			l->columns[l->width + j][l->n] = ct->v;
		}
		l->n++;
	}
	return true;
}

static bool block_take(struct scan *s, struct tally_world *world, struct error *err)
{
	size_t batches = (s->count + s->batch - 1) / s->batch;
	if (!workers_run(world->workers, batches, batch_check, s, err))
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (!ballot_take(s, &s->ballots[i], s->slices[i], err))
			return fail_within_index(err, "ballot", s->done + i);
	s->done += s->count;
	return true;
}

static bool scan_blocks(struct scan *s, struct source *src, struct tally_world *world,
                        struct error *err)
{
	uint64_t consumed = 0;
	do {
		size_t used;
		if (!block_read(s, src, err) || !block_cut(s, &used, err) || !block_take(s, world, err))
			return false;
		s->filled -= used;
		memmove(s->buffer, s->buffer + used, s->filled);
		consumed += used;
		progress_report(world->progress, "check ballots", consumed, src->size);
	} while (!s->at_end || s->filled);
	return true;
}

bool ballots_scan(struct ballot_box *out, struct list_columns lists[static LIMIT_GROUPS],
                  const struct manifest *m, const struct election_key *key, struct folder *record,
                  struct tally_world *world, struct error *err)
{
	struct source *src;
	struct scan *s = arena_take_array(world->arena, 1, struct scan, err);
	if (!s || !record->open(record, "ballots.bt", &src, err))
		return false;
	memset(s, 0, sizeof *s);
	s->m = m;
	s->lists = lists;
	s->rules = (struct ballot_rules){key->eid, BALLOT_SERVER, s->styles, m->styles_count};
	log_open(&s->log, m, key);
	bool good = scan_begin(s, src->size, world, err) && scan_blocks(s, src, world, err);
	source_close(src);
	if (!good)
		return fail_within(err, "ballots.bt");
	log_close(&s->log);
	out->ballots = s->done;
	out->log_size = s->log.tree.size;
	out->root = merkle_root(&s->log.tree);
	return true;
}
