/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody does with the parties' public messages: check them, and combine the good ones. */
#include "mixnet/decryption_internal.h"

/* --- Σ e_i·p_i --- */

struct batch {
	const struct prg *e;
	unsigned bits;
	const char *name;
};

static bool batch_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct batch *job = ctx;
	if (!decode_points(lane->points, b, job->name, err))
		return false;
	batching_scalars(lane->scalars, job->e, job->bits, b->first, b->count);
	msm_vartime_add(lane->msm, lane->points, lane->scalars, b->count, 256, &lane->scratch);
	return true;
}

static bool batch_column(struct decryption *d, struct source *s, const struct prg *e, point *out,
                         struct error *err)
{
	struct batch job = {e, d->session->ebits, s->name};
	size_t mark = arena_mark(d->job->memory);
	bool ok = engine_msm_begin(&d->engine, d->layout.n, d->job->memory, err) &&
	          engine_read(&d->engine, s, d->layout.n, POINT_TREE_BYTES, batch_block, &job, err);
	if (ok)
		engine_msm_finish(&d->engine, out);
	arena_release(d->job->memory, mark);
	return ok;
}

bool decryption_batch(struct decryption *d, const char *path, enum mix_list kind,
                      const struct prg *e, point out[static LIMIT_WIDTH], struct error *err)
{
	uint32_t width = d->session->width;
	uint64_t n = d->layout.n;
	struct columns_shape shape = columns_shape(kind, width);
	struct source *s = NULL;
	if (!mix_open_sized(d->job->folder, path, mix_list_bytes(kind, n, width), &s, err))
		return false;
	bool ok = true;
	for (unsigned c = 0; ok && c < width; c++)
		ok = mix_column_header(s, &shape, c, n, err) && batch_column(d, s, e, &out[c], err);
	source_close(s);
	return ok;
}

bool decryption_freeze(struct decryption *d, struct decryption_frozen *out, struct prg *e,
                       struct error *err)
{
	struct decryption_frozen *kept = d->job->frozen;
	if (kept && kept->known) {
		*out = *kept;
		prg_init(e, d->session->prg, out->seed);
		return true;
	}
	if (!decryption_seed(&d->files, out->seed, e, err) ||
	    !decryption_batch(d, d->job->list, MIX_LIST_CIPHERTEXTS, e, out->a, err))
		return false;
	out->known = true;
	if (kept)
		*kept = *out;
	return true;
}

/* --- check --- */

struct message {
	point y, b[LIMIT_WIDTH];
	scalar k;
};

static bool read_commitment(struct decryption *d, unsigned party, struct message *m,
                            struct error *err)
{
	struct source *s = NULL;
	bool ok = mix_open(d->job->folder, d->session, &d->layout, MIX_FILE_DECRYPTION_COMMITMENT,
	                   party, &s, err) &&
	          tree_source_node(s, 2, err) && mix_read_points(s, &m->y, 1, err) &&
	          mix_read_wide_point(s, m->b, d->session->width, err) && tree_source_end(s, err);
	source_close(s);
	return ok;
}

static bool read_reply(struct decryption *d, unsigned party, struct message *m, struct error *err)
{
	struct source *s = NULL;
	bool ok = mix_open(d->job->folder, d->session, &d->layout, MIX_FILE_DECRYPTION_REPLY, party, &s,
	                   err) &&
	          mix_read_scalars(s, &m->k, 1, err) && tree_source_end(s, err);
	source_close(s);
	return ok;
}

static bool is_absent(const struct message *m, uint32_t width)
{
	bool absent = scalar_is_zero(&m->k) && point_is_infinity(&m->y);
	for (uint32_t c = 0; absent && c < width; c++)
		absent = point_is_infinity(&m->b[c]);
	return absent;
}

/* factor·p + q = k·base */
static bool equation(const scalar *factor, const point *p, const point *q, const scalar *k,
                     const point *base)
{
	point left, right;
	point_mul_vartime(&left, factor, p);
	point_add(&left, &left, q);
	point_mul_vartime(&right, k, base);
	return point_equal(&left, &right);
}

struct challenge {
	struct prg e;
	scalar v;
	struct decryption_frozen frozen;
};

/* f: Σ e_i·f_i, or NULL for factors that need no check. */
static enum decryption_verdict judge(struct decryption *d, unsigned party, const struct message *m,
                                     const struct challenge *c, const point *f)
{
	point share, g = point_generator();
	scalar factor;
	mix_key_share_vartime(&share, d->job->key, d->session, party);
	decryption_mu_inverse(&factor, d->session->parties);
	scalar_mul(&factor, &factor, &c->v);
	scalar_neg(&factor, &factor);
	if (!equation(&factor, &share, &m->y, &m->k, &g))
		return DECRYPTION_BAD_COMMITMENT;
	for (uint32_t i = 0; f && i < d->session->width; i++) {
		if (!equation(&c->v, &f[i], &m->b[i], &m->k, &c->frozen.a[i]))
			return DECRYPTION_BAD_FACTORS;
	}
	return DECRYPTION_CORRECT;
}

/* A party's own bad bytes are its verdict; the machine's failures are errors. */
static bool own_fault(enum decryption_verdict *verdict, enum decryption_verdict which,
                      const struct error *own, struct error *err)
{
	*verdict = which;
	if (own->kind == ERROR_MALFORMED)
		return true;
	if (err)
		*err = *own;
	return false;
}

/* The reply last: with a wrong one the party is left out, with frozen files that are no such files
 * there is no proof at all. */
static bool check_party(struct decryption *d, unsigned party, const struct challenge *c,
                        enum decryption_verdict *verdict, struct error *err)
{
	struct error own, of_reply;
	struct message m;
	point f[LIMIT_WIDTH];
	struct mix_path path = mix_path(MIX_FILE_FACTORS, party);
	error_clear(&own);
	error_clear(&of_reply);
	bool ok = read_commitment(d, party, &m, &own), replied = read_reply(d, party, &m, &of_reply);
	if (ok && replied && is_absent(&m, d->session->width)) {
		*verdict = DECRYPTION_ABSENT;
		return true;
	}
	bool made = party == d->job->made;
	if (!ok || (!made && !decryption_batch(d, path.text, MIX_LIST_PLAINTEXTS, &c->e, f, &own)))
		return own_fault(verdict, DECRYPTION_MALFORMED, &own, err);
	if (!replied)
		return own_fault(verdict, DECRYPTION_BAD_REPLY, &of_reply, err);
	*verdict = judge(d, party, &m, c, made ? NULL : f);
	return true;
}

static bool check_all(struct decryption *d,
                      enum decryption_verdict verdict[static LIMIT_PARTIES + 1], struct error *err)
{
	struct challenge c;
	uint32_t parties = d->session->parties;
	if (!decryption_freeze(d, &c.frozen, &c.e, err) ||
	    !decryption_challenge(&d->files, c.frozen.seed, &c.v, err))
		return false;
	for (unsigned p = 1; p <= parties; p++) {
		progress_report(d->job->progress, "checking", p - 1, parties);
		if (!check_party(d, p, &c, &verdict[p], err))
			return false;
	}
	progress_report(d->job->progress, "checking", parties, parties);
	return true;
}

bool decryption_check(const struct decryption_job *job,
                      enum decryption_verdict verdict[static LIMIT_PARTIES + 1], struct error *err)
{
	struct decryption d;
	for (unsigned p = 0; p <= LIMIT_PARTIES; p++)
		verdict[p] = DECRYPTION_ABSENT;
	bool ok = decryption_begin(&d, job, err) && check_all(&d, verdict, err);
	decryption_done(&d);
	return ok;
}

/* --- combine --- */

/* A coefficient as sign and magnitude: they are small integers, so few doublings do. */
struct multiplier {
	uint64_t v[4];
	unsigned bits;
	bool negative;
};

static unsigned bit_length(const uint64_t v[static 4])
{
	unsigned bits = 0;
	for (unsigned i = 0; i < 256; i++) {
		if (v[i / 64] >> (i % 64) & 1)
			bits = i + 1;
	}
	return bits;
}

static struct multiplier multiplier_of(const scalar *c)
{
	scalar minus;
	scalar_neg(&minus, c);
	unsigned plus_bits = bit_length(c->v), minus_bits = bit_length(minus.v);
	struct multiplier m = {.negative = minus_bits < plus_bits};
	m.bits = m.negative ? minus_bits : plus_bits;
	memcpy(m.v, m.negative ? minus.v : c->v, sizeof m.v);
	return m;
}

struct combination {
	size_t count;
	struct multiplier m[LIMIT_PARTIES];
	struct source *factors[LIMIT_PARTIES], *list;
	bytes factor_wave[LIMIT_PARTIES], list_wave;
	uint64_t first; /* of the wave */
};

static bool decode_from(point *out, const struct combination *c, bytes wave, const char *name,
                        const struct block *b, struct error *err)
{
	struct block in = *b;
	in.in = wave.p + (size_t)b->first * POINT_TREE_BYTES;
	in.first += c->first;
	return decode_points(out, &in, name, err);
}

static bool combine_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct combination *c = ctx;
	point *total = lane->points, *f = lane->more[0], *sum = lane->more[1];
	if (!decode_from(total, c, c->list_wave, c->list->name, b, err))
		return false;
	for (size_t l = 0; l < c->count; l++) {
		const struct multiplier *m = &c->m[l];
		if (!decode_from(f, c, c->factor_wave[l], c->factors[l]->name, b, err))
			return false;
		if (m->negative)
			points_neg(f, f, b->count);
		memcpy(sum, f, b->count * sizeof *f);
		for (unsigned bit = m->bits - 1; bit-- > 0;) {
			points_add(sum, sum, sum, b->count, &lane->scratch);
			if (m->v[bit / 64] >> (bit % 64) & 1)
				points_add(sum, sum, f, b->count, &lane->scratch);
		}
		points_add(total, total, sum, b->count, &lane->scratch);
	}
	points_encode_tree(b->out, total, b->count);
	return true;
}

static bool next_waves(struct combination *c, size_t len, struct error *err)
{
	for (size_t l = 0; l < c->count; l++) {
		if (!engine_next(c->factors[l], len, &c->factor_wave[l], err))
			return false;
	}
	return engine_next(c->list, len, &c->list_wave, err);
}

static bool combine_column(struct decryption *d, struct combination *c, unsigned column,
                           struct sink *to, struct error *err)
{
	struct columns_shape narrow = columns_shape(MIX_LIST_PLAINTEXTS, d->session->width);
	struct columns_shape pairs = columns_shape(MIX_LIST_CIPHERTEXTS, d->session->width);
	uint8_t header[3 * TREE_HEADER_BYTES];
	struct tree_writer w = TREE_WRITER(header);
	struct outlet outlet = {.sink = to};
	uint64_t n = d->layout.n;
	mix_column_header_write(&w, &narrow, column, n);
	if (!sink_append(to, tree_written(&w), err) ||
	    !mix_column_header(c->list, &pairs, d->session->width + column, n, err))
		return false;
	for (size_t l = 0; l < c->count; l++) {
		if (!mix_column_header(c->factors[l], &narrow, column, n, err))
			return false;
	}
	const uint64_t wave = engine_wave_items(&d->engine);
	for (c->first = 0; c->first < n; c->first += wave) {
		uint64_t count = n - c->first < wave ? n - c->first : wave;
		progress_report(d->job->progress, "combining", column * n + c->first, d->steps * n);
		if (!next_waves(c, (size_t)count * POINT_TREE_BYTES, err) ||
		    !engine_write(&d->engine, &outlet, count, POINT_TREE_BYTES, combine_block, c, err))
			return false;
	}
	return true;
}

/* Past the u half of the list. */
static bool skip_u(struct decryption *d, struct source *list, struct error *err)
{
	struct columns_shape shape = columns_shape(MIX_LIST_CIPHERTEXTS, d->session->width);
	for (unsigned c = 0; c < d->session->width; c++) {
		if (!mix_column_header(list, &shape, c, d->layout.n, err) ||
		    !engine_skip(list, d->layout.n * POINT_TREE_BYTES, err))
			return false;
	}
	return true;
}

static bool write_plaintexts(struct decryption *d, struct combination *c, struct error *err)
{
	struct folder *folder = d->job->folder;
	struct mix_path path = mix_path(MIX_FILE_PLAINTEXTS, 0);
	struct sink *to = NULL;
	uint64_t size = mix_file_size(d->session, &d->layout, MIX_FILE_LIST);
	d->steps = d->session->width;
	if (!mix_open_sized(folder, d->job->list, size, &c->list, err) || !skip_u(d, c->list, err) ||
	    !folder->create(folder, path.text, false, &to, err))
		return false;
	bool ok = true;
	for (unsigned column = 0; ok && column < d->session->width; column++)
		ok = combine_column(d, c, column, to, err);
	if (ok)
		return sink_commit(to, err);
	sink_abort(to);
	return false;
}

static bool write_correct(struct decryption *d, const bool *correct, struct error *err)
{
	uint8_t flags[LIMIT_PARTIES + 1] = {1}, room[TREE_HEADER_BYTES + sizeof flags];
	struct tree_writer w = TREE_WRITER(room);
	struct mix_path path = mix_path(MIX_FILE_CORRECT, 0);
	for (unsigned p = 1; p <= d->session->parties; p++)
		flags[p] = correct[p];
	tree_write_leaf(&w, bytes_of(flags, d->session->parties + 1));
	return folder_write(d->job->folder, path.text, false, tree_written(&w), err);
}

static bool combine(struct decryption *d, const bool *correct, struct error *err)
{
	struct combination c = {0};
	scalar lagrange[LIMIT_PARTIES + 1];
	if (!decryption_coefficients(lagrange, d->session, correct))
		return fail(err, ERROR_UNAVAILABLE, "decryption: fewer correct parties than the threshold",
		            ERROR_NOWHERE);
	bool ok = true;
	for (unsigned p = 1; ok && p <= d->session->parties; p++) {
		if (scalar_is_zero(&lagrange[p]))
			continue;
		ok = mix_open(d->job->folder, d->session, &d->layout, MIX_FILE_FACTORS, p,
		              &c.factors[c.count], err);
		c.m[c.count++] = multiplier_of(&lagrange[p]);
	}
	ok = ok && write_plaintexts(d, &c, err) && write_correct(d, correct, err);
	for (size_t l = 0; l < c.count; l++)
		source_close(c.factors[l]);
	source_close(c.list);
	return ok;
}

bool decryption_combine(const struct decryption_job *job,
                        const bool correct[static LIMIT_PARTIES + 1], struct error *err)
{
	struct decryption d;
	bool ok = decryption_begin(&d, job, err) && combine(&d, correct, err);
	decryption_done(&d);
	return ok;
}
