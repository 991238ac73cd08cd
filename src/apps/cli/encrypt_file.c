/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/encrypt_file.h"

#include "ballot/ballot.h"
#include "base/ct.h"
#include "host/random.h"

#include <string.h>

#define BLOCK_MOST 128u               /* ballots encrypted by one worker at a time */
#define BLOCK_BYTES ((size_t)1 << 20) /* about as many bytes of ballots as that may give */
#define ROUND_BLOCKS 4u               /* per worker, before they are written */

struct encrypt_worker {
	struct rng *rng;
	struct arena scratch;
	pseudonym *who;
	secret_scalar *keys; /* credential mode */
	uint8_t *plaintexts, *bodies;
	uint32_t *digits;
};

struct encrypting {
	const struct encrypt_job *job;
	const struct import *im;
	struct ballot_style *styles;
	struct ballot_rules rules;
	struct public_key pk;
	const struct ballot_style *style;
	size_t block, bytes_each, plaintext_each, round;
	struct encrypt_worker *workers;
	uint8_t *ballots; /* of a round */
	uint64_t first;   /* ballot of the round */
	size_t count;
};

static bool take_worker(struct encrypt_worker *w, const struct encrypting *x, struct arena *a,
                        struct error *err)
{
	size_t digits = 0, scratch = ballots_encrypt_scratch_bytes(x->style, x->block);
	for (unsigned g = 0; g < x->im->manifest->groups_count; g++)
		if (x->im->manifest->groups[g].code.digits > digits)
			digits = x->im->manifest->groups[g].code.digits;
	void *memory = arena_take(a, scratch, 1, err);
	w->who = arena_take_array(a, x->block, pseudonym, err);
	w->keys = arena_take_array(a, x->block, secret_scalar, err);
	w->plaintexts = arena_take(a, x->block, x->plaintext_each, err);
	w->bodies = arena_take(a, x->block, x->bytes_each, err);
	w->digits = arena_take_array(a, digits, uint32_t, err);
	if (!memory || !w->who || !w->keys || !w->plaintexts || !w->bodies || !w->digits)
		return false;
	arena_init(&w->scratch, memory, scratch);
	return host_rng_new(&w->rng, err);
}

static bool prepare(struct encrypting *x, const struct encrypt_job *job, struct error *err)
{
	const struct election *e = job->election;
	struct tally_world *world = &e->session->world;
	struct arena *a = world->arena;
	const struct manifest *m = e->manifest;
	x->job = job;
	x->im = job->im;
	x->styles = arena_take_array(a, m->styles_count, struct ballot_style, err);
	if (!x->styles || !manifest_ballot_styles(x->styles, m, err))
		return false;
	x->rules = (struct ballot_rules){e->key.eid, m->mode, x->styles, m->styles_count};
	x->style = &x->styles[job->im->style - m->styles];
	x->bytes_each = ballot_bytes(x->style, m->mode);
	x->plaintext_each = (size_t)x->style->components * MESSAGE_BYTES;
	size_t fit = BLOCK_BYTES / x->bytes_each;
	x->block = fit < 1 ? 1 : fit < BLOCK_MOST ? fit : BLOCK_MOST;
	x->round = x->block * ROUND_BLOCKS * world->workers->count;
	x->ballots = arena_take(a, x->round, x->bytes_each, err);
	x->workers = arena_take_array(a, world->workers->count, struct encrypt_worker, err);
	if (!x->ballots || !x->workers)
		return false;
	memset(x->workers, 0, world->workers->count * sizeof *x->workers);
	for (unsigned i = 0; i < world->workers->count; i++)
		if (!take_worker(&x->workers[i], x, a, err))
			return false;
	/* The tables' scratch is given back by the caller with everything else. */
	return public_key_init(&x->pk, &e->key.polynomial[0], a, a, err);
}

/* Who casts these ballots: fresh random names, or the voters of the codes. */
static bool voters_of(struct encrypt_worker *w, const struct encrypting *x, uint64_t first,
                      size_t n, struct error *err)
{
	const digest *d = &x->im->manifest->d;
	for (size_t i = 0; i < n; i++) {
		w->who[i].mode = x->rules.mode;
		if (x->rules.mode == BALLOT_SERVER) {
			if (!rng_fill(w->rng, w->who[i].id, sizeof w->who[i].id, err))
				return false;
			continue;
		}
		credential_secret(&w->keys[i], d, &x->job->codes[first + i]);
		fixed_base_mul(&w->who[i].key, &x->pk.g_table, &w->keys[i], 1, &w->scratch);
	}
	return true;
}

static bool plaintexts_of(struct encrypt_worker *w, const struct encrypting *x, uint64_t first,
                          size_t n, struct error *err)
{
	uint8_t *out = w->plaintexts;
	for (size_t i = 0; i < n; i++) {
		for (unsigned g = 0; g < x->im->style->groups_count; g++) {
			unsigned group = x->im->style->groups[g];
			const struct plaintext_code *code = &x->im->manifest->groups[group].code;
			if (!import_digits(w->digits, x->im, group, first + i, err) ||
			    !plaintext_encode(out, code, w->digits, err))
				return false;
			out += plaintext_bytes(code);
		}
	}
	return true;
}

static bool cast(uint8_t *out, bytes body, struct encrypt_worker *w, const struct encrypting *x,
                 size_t i, struct error *err)
{
	if (x->rules.mode == BALLOT_SERVER) {
		ballot_wrap(out, body, x->job->seq);
		return true;
	}
	const struct ballot_signer signer = {&w->keys[i], &w->who[i].key, &x->rules.eid, x->job->seq};
	return ballot_sign(out, body, &signer, w->rng, err);
}

static bool encrypt_block(void *ctx, size_t block, unsigned worker, struct error *err)
{
	const struct encrypting *x = ctx;
	struct encrypt_worker *w = &x->workers[worker];
	size_t at = block * x->block;
	size_t n = x->count - at < x->block ? x->count - at : x->block;
	struct ballot_request request = {&x->rules, x->style, &x->pk, w->who, w->plaintexts, n};
	struct ballot_output output = {.bodies = w->bodies};
	size_t body = ballot_body_bytes(x->style, x->rules.mode), mark = arena_mark(&w->scratch);
	bool good = voters_of(w, x, x->first + at, n, err) &&
	            plaintexts_of(w, x, x->first + at, n, err) &&
	            ballots_encrypt_public_vartime(&output, &request, w->rng, &w->scratch, err);
	for (size_t i = 0; good && i < n; i++)
		good = cast(x->ballots + (at + i) * x->bytes_each, bytes_of(w->bodies + i * body, body), w,
		            x, i, err);
	wipe(w->keys, n * sizeof *w->keys);
	arena_release_wiped(&w->scratch, mark);
	return good || fail_within_index(err, "ballot", x->first + at);
}

static bool encrypt_all(struct encrypting *x, struct sink *sink, struct tally_world *world,
                        struct error *err)
{
	const uint64_t n = x->im->ballots;
	for (x->first = 0; x->first < n; x->first += x->count) {
		x->count = n - x->first < x->round ? (size_t)(n - x->first) : x->round;
		size_t blocks = (x->count + x->block - 1) / x->block;
		if (!workers_run(world->workers, blocks, encrypt_block, x, err) ||
		    !sink_append(sink, bytes_of(x->ballots, x->count * x->bytes_each), err))
			return false;
		progress_report(world->progress, "encrypt ballots", x->first + x->count, n);
	}
	return true;
}

bool encrypt_to(struct sink *sink, const struct encrypt_job *job, struct error *err)
{
	struct tally_world *world = &job->election->session->world;
	struct encrypting x = {0};
	require((job->codes != NULL) == (job->election->manifest->mode == BALLOT_CREDENTIALS));
	size_t mark = arena_mark(world->arena);
	bool good = prepare(&x, job, err) && encrypt_all(&x, sink, world, err);
	for (unsigned i = 0; x.workers && i < world->workers->count; i++)
		host_rng_free(x.workers[i].rng);
	arena_release(world->arena, mark);
	return good;
}
