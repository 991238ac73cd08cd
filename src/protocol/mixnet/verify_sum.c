/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pass 2: all equations as one weighted sum.
 *
 * The lists are gone through in order. List j is the input of shuffle j+1 and the output of shuffle
 * j, so its points occur once, with the factor  (weight·v)·e_i − weight·k_i  where e belongs to
 * the shuffle (or decryption) that takes it and k = k_E to the one that made it. v->e and v->k hold
 * these two while a list is read; then v->k is replaced by the replies of the next shuffle.
 */
#include "mixnet/verify_internal.h"

void scalar_add_product(scalar *inout, const scalar *a, const scalar *b)
{
	scalar_mul_add(inout, a, b, inout);
}

void scalar_sub_product(scalar *inout, const scalar *a, const scalar *b)
{
	scalar product;
	scalar_mul(&product, a, b);
	scalar_sub(inout, inout, &product);
}

void sum_few(struct verifier *v)
{
	struct lane *lane = &v->engine.lanes[0];
	msm_vartime_add(lane->msm, v->few, v->few_factors, v->few_count, 256, &lane->scratch);
	v->few_count = 0;
}

void sum_point(struct verifier *v, const point *p, const scalar *factor)
{
	if (v->few_count == sizeof v->few / sizeof v->few[0])
		sum_few(v);
	v->few[v->few_count] = *p;
	v->few_factors[v->few_count++] = *factor;
}

void form_clear(struct form *f)
{
	*f = (struct form){0};
}

bool may_skip(const struct verifier *v, bool weighted)
{
	return v->weights.only && !weighted;
}

struct column {
	struct verifier *v;
	const struct form *form;
	const char *name;
	bool e, k, t, constant; /* which terms are there */
};

static bool column_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct column *c = ctx;
	const struct form *f = c->form;
	if (!decode_points(lane->points, b, c->name, err))
		return false;
	struct stream t = f->t;
	stream_seek(&t, b->first);
	for (size_t i = 0; i < b->count; i++) {
		scalar *out = &lane->scalars[i];
		*out = f->constant;
		if (c->e)
			scalar_add_product(out, &f->e, &c->v->e[b->first + i]);
		if (c->k)
			scalar_add_product(out, &f->k, &c->v->k[b->first + i]);
		if (c->t) {
			scalar at = stream_next(&t);
			scalar_add_product(out, &f->t_factor, &at);
		}
	}
	bool is_short =
		c->t && !c->e && !c->k && !c->constant && scalar_equal(&f->t_factor, &scalar_one);
	msm_vartime_add(lane->msm, lane->points, lane->scalars, b->count, is_short ? 128 : 256,
	                &lane->scratch);
	return true;
}

bool sum_column(struct verifier *v, struct source *s, const struct form *f, struct error *err)
{
	struct column c = {.v = v, .form = f, .name = s->name};
	c.constant = !scalar_is_zero(&f->constant);
	c.e = !scalar_is_zero(&f->e);
	c.k = !scalar_is_zero(&f->k);
	c.t = f->t.on && !scalar_is_zero(&f->t_factor);
	if (may_skip(v, c.constant || c.e || c.k || c.t))
		return engine_skip(s, v->layout.n * POINT_TREE_BYTES, err);
	return engine_read(&v->engine, s, v->layout.n, POINT_TREE_BYTES, column_block, &c, err);
}

/* The factor of e in component `column` of list `index`. */
static scalar input_factor(const struct verifier *v, size_t index, unsigned column)
{
	scalar out = scalar_zero;
	uint32_t width = v->session->width;
	if (index < v->shuffles) {
		unsigned party = v->order[index];
		const struct shuffle_hashes *h = &v->hashes[party];
		scalar w = weight_of(&v->weights, MIX_CHECK_F, party, column);
		scalar_mul(&out, &w, v->layout.n0 ? &h->consistent_v : &h->v);
		return out;
	}
	for (unsigned p = 1; v->decrypts && column < width && p <= v->session->parties; p++) {
		if (!v->correct[p])
			continue;
		scalar w = weight_of(&v->weights, MIX_CHECK_DECRYPTION_FACTORS, p, column);
		scalar_sub_product(&out, &w, &v->reply[p]);
	}
	return out;
}

static struct form list_form(const struct verifier *v, size_t index, unsigned column)
{
	struct form f;
	uint32_t width = v->session->width;
	form_clear(&f);
	f.e = input_factor(v, index, column);
	if (index > 0) {
		f.k = weight_of(&v->weights, MIX_CHECK_F, v->order[index - 1], column);
		scalar_neg(&f.k, &f.k);
	}
	if (v->decrypts && index == v->shuffles && column >= width) {
		scalar_neg(&f.t_factor, &scalar_one);
		f.t = stream_of(&v->weights, MIX_CHECK_PLAINTEXTS, 0, column - width);
	}
	return f;
}

static bool sum_list(struct verifier *v, size_t index, struct error *err)
{
	struct columns_shape shape = columns_shape(MIX_LIST_CIPHERTEXTS, v->session->width);
	struct mix_path path = verifier_list(v, index);
	struct source *s = NULL;
	uint64_t size = mix_file_size(v->session, &v->layout, MIX_FILE_LIST);
	if (!mix_open_sized(v->folder, path.text, size, &s, err))
		return false;
	bool ok = true;
	for (unsigned column = 0; ok && column < shape.halves * shape.width; column++) {
		struct form f = list_form(v, index, column);
		ok = mix_column_header(s, &shape, column, v->layout.n, err) && sum_column(v, s, &f, err);
	}
	ok = ok && tree_source_end(s, err);
	source_close(s);
	return ok;
}

/* v->e for what takes list `index`. */
static bool load_batching(struct verifier *v, size_t index, struct error *err)
{
	const struct prg *prg = &v->decryption_e;
	if (index < v->shuffles) {
		const struct shuffle_hashes *h = &v->hashes[v->order[index]];
		prg = v->layout.n0 ? &h->consistent_e : &h->e;
	} else if (!v->decrypts) {
		return true;
	}
	if (!batching_fill(&v->engine, v->e, prg, v->session, v->layout.n, err))
		return false;
	v->e_product = lanes_product(&v->engine);
	return true;
}

static bool sum_commitments_early(struct verifier *v, struct error *err)
{
	for (size_t i = 0; v->layout.n0 && i < v->shuffles; i++) {
		const struct shuffle_hashes *h = &v->hashes[v->order[i]];
		if (!batching_fill(&v->engine, v->e, &h->e, v->session, v->layout.n0, err))
			return false;
		v->e_product = lanes_product(&v->engine);
		if (!sum_shuffle(v, PART_POSC, v->order[i], err))
			return false;
	}
	return true;
}

static bool generators_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	(void)err;
	struct verifier *v = ctx;
	msm_vartime_add(lane->msm, v->h + b->first, v->h_factor + b->first, b->count, 256,
	                &lane->scratch);
	return true;
}

static bool sum_all(struct verifier *v, struct error *err)
{
	uint64_t steps = v->shuffles + 2;
	if (!sum_commitments_early(v, err))
		return false;
	for (size_t i = 0; i <= v->shuffles; i++) {
		progress_report(v->job->progress, "checking", i, steps);
		if (!load_batching(v, i, err) || !sum_list(v, i, err))
			return false;
		if (i < v->shuffles &&
		    !sum_shuffle(v, v->layout.n0 ? PART_CCPOS : PART_POS, v->order[i], err))
			return false;
	}
	progress_report(v->job->progress, "checking", v->shuffles + 1, steps);
	if (v->shuffles > 0 && !engine_run(&v->engine, v->h_count, generators_block, v, err))
		return false;
	if (v->decrypts && !sum_decryption(v, err))
		return false;
	progress_report(v->job->progress, "checking", steps, steps);
	return true;
}

static uint64_t terms_of_sum(const struct verifier *v)
{
	uint64_t n = v->layout.n, n0 = v->h_count, width = v->session->width;
	return 2 * width * n * (v->shuffles + 1) + 4 * n0 * (v->shuffles + 1) +
	       (v->decrypts ? width * n * (v->session->parties + 1) : 0);
}

bool verifier_sum(struct verifier *v, bool *zero, struct error *err)
{
	size_t mark = arena_mark(v->job->memory);
	if (!engine_msm_begin(&v->engine, terms_of_sum(v), v->job->memory, err))
		return false;
	v->g_factor = v->y_factor = scalar_zero;
	v->few_count = 0;
	if (v->shuffles > 0)
		memset(v->h_factor, 0, (size_t)v->h_count * sizeof(scalar));
	bool ok = sum_all(v, err);
	if (ok) {
		point g = point_generator(), sum;
		sum_point(v, &g, &v->g_factor);
		sum_point(v, &v->key.y, &v->y_factor);
		sum_few(v);
		engine_msm_finish(&v->engine, &sum);
		*zero = point_is_infinity(&sum);
	}
	arena_release(v->job->memory, mark);
	return ok;
}
