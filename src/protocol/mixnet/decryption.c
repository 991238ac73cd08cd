/* SPDX-License-Identifier: Apache-2.0 */
#include "mixnet/decryption_internal.h"

#include "base/ct.h"

size_t decryption_bytes(uint64_t n, uint32_t width, unsigned workers)
{
	(void)width; /* columns are worked on one after the other */
	return engine_bytes(n, workers) + engine_msm_bytes(workers, n);
}

bool decryption_begin(struct decryption *d, const struct decryption_job *job, struct error *err)
{
	*d = (struct decryption){.job = job, .session = job->session};
	d->mark = arena_mark(job->memory);
	if (!mix_session_validate(job->session, err) ||
	    !mix_list_length(&d->layout.n, job->folder, job->list, job->session->width, err) ||
	    !engine_init(&d->engine, job->workers, d->layout.n, job->memory, err))
		return false;
	transcript_init(&d->transcript, job->session, job->trace);
	d->files = (struct decryption_files){&d->transcript, job->folder, &d->layout, job->list};
	return true;
}

void decryption_done(struct decryption *d)
{
	arena_release_wiped(d->job->memory, d->mark);
}

static bool create(struct decryption *d, enum mix_file file, unsigned party, struct sink **out,
                   struct error *err)
{
	struct mix_path path = mix_path(file, party);
	return d->job->folder->create(d->job->folder, path.text, false, out, err);
}

static bool finish(struct sink *s, bool ok, struct error *err)
{
	if (ok)
		return sink_commit(s, err);
	sink_abort(s);
	return false;
}

/* --- factors --- */

struct factors {
	const secret_scalar *factor; /* −x_l·μ⁻¹ */
	const char *name;
	bytes wave;     /* of the u column */
	uint64_t first; /* of the wave */
};

static bool factors_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct factors *f = ctx;
	struct block in = *b;
	in.in = f->wave.p + (size_t)b->first * POINT_TREE_BYTES;
	in.first += f->first; /* for a message */
	if (!decode_points(lane->points, &in, f->name, err))
		return false;
	lane_add_points(lane, 0, b->count);
	points_mul_common(lane->points, f->factor, lane->points, b->count, &lane->scratch);
	lane_add_points(lane, 1, b->count);
	points_encode_tree(b->out, lane->points, b->count);
	return true;
}

static bool write_factor_column(struct decryption *d, struct source *list, struct sink *to,
                                struct factors *f, struct error *err)
{
	uint64_t n = d->layout.n;
	struct outlet outlet = {.sink = to};
	const uint64_t wave = engine_wave_items(&d->engine);
	for (uint64_t at = 0; at < n; at += wave) {
		uint64_t count = n - at < wave ? n - at : wave;
		progress_report(d->job->progress, "decrypting", d->step * n + at, d->steps * n);
		if (!engine_next(list, (size_t)count * POINT_TREE_BYTES, &f->wave, err))
			return false;
		f->first = at;
		if (!engine_write(&d->engine, &outlet, count, POINT_TREE_BYTES, factors_block, f, err))
			return false;
	}
	d->step++;
	return true;
}

/* Another function on other points must come to the same. */
static bool sums_agree(const struct decryption *d, const secret_scalar *factor, struct error *err)
{
	point expected = lanes_point_sum(&d->engine, 0), sum = lanes_point_sum(&d->engine, 1);
	point_mul(&expected, factor, &expected);
	return point_equal(&expected, &sum) ||
	       fail(err, ERROR_BUG, "decryption: this machine computes wrong factors", ERROR_NOWHERE);
}

static bool write_factors(struct decryption *d, struct source *list, struct sink *to,
                          const secret_scalar *factor, struct error *err)
{
	struct factors f = {.factor = factor, .name = list->name};
	uint32_t width = d->session->width;
	struct columns_shape in = columns_shape(MIX_LIST_CIPHERTEXTS, width);
	struct columns_shape out = columns_shape(MIX_LIST_PLAINTEXTS, width);
	d->steps = width;
	lanes_clear(&d->engine);
	for (unsigned column = 0; column < width; column++) {
		uint8_t header[3 * TREE_HEADER_BYTES];
		struct tree_writer w = TREE_WRITER(header);
		mix_column_header_write(&w, &out, column, d->layout.n);
		if (!mix_column_header(list, &in, column, d->layout.n, err) ||
		    !sink_append(to, tree_written(&w), err) || !write_factor_column(d, list, to, &f, err))
			return false;
	}
	progress_report(d->job->progress, "decrypting", d->steps, d->steps);
	return sums_agree(d, factor, err);
}

/* −x·μ⁻¹ */
static void decryption_exponent(secret_scalar *out, const secret_scalar *share, uint32_t parties)
{
	scalar inverse;
	decryption_mu_inverse(&inverse, parties);
	scalar_mul(&out->secret, &share->secret, &inverse);
	scalar_neg(&out->secret, &out->secret);
}

bool decryption_factors(const struct decryption_job *job, unsigned party,
                        const secret_scalar *share, struct error *err)
{
	struct decryption d;
	struct source *list = NULL;
	struct sink *to = NULL;
	secret_scalar factor;
	require(party >= 1 && party <= job->session->parties);
	decryption_exponent(&factor, share, job->session->parties);
	bool ok = decryption_begin(&d, job, err) &&
	          mix_open_sized(job->folder, job->list,
	                         mix_file_size(job->session, &d.layout, MIX_FILE_LIST), &list, err) &&
	          create(&d, MIX_FILE_FACTORS, party, &to, err);
	if (ok)
		ok = finish(to, write_factors(&d, list, to, &factor, err), err);
	source_close(list);
	secret_scalar_wipe(&factor);
	decryption_done(&d);
	return ok;
}

/* --- commitment and reply --- */

static bool write_small(struct decryption *d, enum mix_file file, unsigned party,
                        const struct tree_writer *w, struct error *err)
{
	struct mix_path path = mix_path(file, party);
	require(!w->full);
	return folder_write(d->job->folder, path.text, false, tree_written(w), err);
}

#define COMMITMENT_ROOM (2 * TREE_HEADER_BYTES + (1 + LIMIT_WIDTH) * POINT_TREE_BYTES)

static bool write_commitment(struct decryption *d, unsigned party, const point *y, const point *b,
                             struct error *err)
{
	uint8_t room[COMMITMENT_ROOM];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	mix_write_points(&w, y, 1);
	mix_write_wide_point(&w, b, d->session->width);
	return write_small(d, MIX_FILE_DECRYPTION_COMMITMENT, party, &w, err);
}

static bool write_reply(struct decryption *d, unsigned party, const scalar *k, struct error *err)
{
	uint8_t room[SCALAR_TREE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	mix_write_scalars(&w, k, 1);
	return write_small(d, MIX_FILE_DECRYPTION_REPLY, party, &w, err);
}

void decryption_nonce_wipe(struct decryption_nonce *nonce)
{
	wipe(nonce, sizeof *nonce);
	nonce->state = DECRYPTION_NONCE_SPENT;
}

static bool commit(struct decryption *d, unsigned party, struct rng *rng,
                   struct decryption_nonce *nonce, struct error *err)
{
	struct prg e;
	struct decryption_frozen frozen;
	point a[LIMIT_WIDTH], y, g = point_generator();
	if (!decryption_freeze(d, &frozen, &e, err) || !secret_scalar_random(&nonce->r, rng, err))
		return false;
	memcpy(nonce->seed, frozen.seed, sizeof frozen.seed);
	nonce->party = party;
	nonce->state = DECRYPTION_NONCE_LIVE;
	point_mul(&y, &nonce->r, &g);
	for (uint32_t c = 0; c < d->session->width; c++)
		point_mul(&a[c], &nonce->r, &frozen.a[c]);
	return write_commitment(d, party, &y, a, err);
}

bool decryption_commit(const struct decryption_job *job, unsigned party, struct rng *rng,
                       struct decryption_nonce *nonce, struct error *err)
{
	struct decryption d;
	require(party >= 1 && party <= job->session->parties);
	if (nonce->state != DECRYPTION_NONCE_UNUSED)
		return fail(err, ERROR_BUG, "decryption: this nonce was used before", party);
	bool ok = decryption_begin(&d, job, err) && commit(&d, party, rng, nonce, err);
	decryption_done(&d);
	if (!ok) /* what was drawn for a commitment that did not get out is never used */
		decryption_nonce_wipe(nonce);
	return ok;
}

/* The commitment in the folder must be the nonce's: the challenge is computed from the folder. */
static bool own_commitment(struct decryption *d, const struct decryption_nonce *nonce,
                           struct error *err)
{
	point y, mine, g = point_generator();
	struct source *s = NULL;
	if (!mix_open(d->job->folder, d->session, &d->layout, MIX_FILE_DECRYPTION_COMMITMENT,
	              nonce->party, &s, err))
		return false;
	bool ok = tree_source_node(s, 2, err) && mix_read_points(s, &y, 1, err);
	source_close(s);
	if (!ok)
		return false;
	point_mul(&mine, &nonce->r, &g);
	return point_equal(&mine, &y) ||
	       fail(err, ERROR_CONFLICT, "decryption: the commitment is not the nonce's", nonce->party);
}

static bool reply(struct decryption *d, const secret_scalar *share, struct decryption_nonce *nonce,
                  struct error *err)
{
	scalar v, k;
	secret_scalar exponent;
	if (!own_commitment(d, nonce, err) || !decryption_challenge(&d->files, nonce->seed, &v, err))
		return false;
	decryption_exponent(&exponent, share, d->session->parties);
	scalar_mul_add(&k, &exponent.secret, &v, &nonce->r.secret);
	secret_scalar_wipe(&exponent);
	unsigned party = nonce->party;
	decryption_nonce_wipe(nonce);
	return write_reply(d, party, &k, err);
}

bool decryption_reply(const struct decryption_job *job, const secret_scalar *share,
                      struct decryption_nonce *nonce, struct error *err)
{
	struct decryption d;
	if (nonce->state != DECRYPTION_NONCE_LIVE)
		return fail(err, ERROR_BUG, "decryption: this nonce is not to be used", ERROR_NOWHERE);
	bool ok = decryption_begin(&d, job, err) && reply(&d, share, nonce, err);
	decryption_done(&d);
	return ok;
}

/* --- placeholders --- */

static bool fill_infinity(void *ctx, unsigned column, uint64_t first, point *points, size_t count,
                          struct error *err)
{
	(void)ctx;
	(void)column;
	(void)first;
	(void)err;
	for (size_t i = 0; i < count; i++)
		points[i] = point_infinity();
	return true;
}

bool decryption_placeholder(const struct decryption_job *job, unsigned party,
                            enum decryption_part part, struct error *err)
{
	struct decryption d;
	point infinity[LIMIT_WIDTH];
	bool ok = decryption_begin(&d, job, err);
	for (size_t i = 0; i < LIMIT_WIDTH; i++)
		infinity[i] = point_infinity();
	require(party >= 1 && party <= job->session->parties);
	struct mix_path factors = mix_path(MIX_FILE_FACTORS, party);
	switch (part) {
	case DECRYPTION_FACTORS:
		if (ok && job->folder->exists(job->folder, factors.text))
			ok = fail_detail(err, ERROR_CONFLICT, "decryption: these factors exist already", party,
			                 factors.text);
		ok = ok && mix_list_write(job->folder, factors.text, MIX_LIST_PLAINTEXTS, d.layout.n,
		                          job->session->width, fill_infinity, NULL,
		                          &d.engine.lanes[0].scratch, err);
		break;
	case DECRYPTION_COMMITMENT:
		ok = ok && write_commitment(&d, party, infinity, infinity, err);
		break;
	case DECRYPTION_REPLY:
		ok = ok && write_reply(&d, party, &scalar_zero, err);
		break;
	}
	decryption_done(&d);
	return ok;
}
