/* SPDX-License-Identifier: Apache-2.0 */
/* What needs the list: the output, F', the batching integers, B, B', and the replies. */
#include "mixnet/shuffle_internal.h"

#include "base/ct.h"

/* --- input --- */

struct reading {
	point *to;
	const char *name;
};

static bool read_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	(void)lane;
	const struct reading *r = ctx;
	return decode_points(r->to + b->first, b, r->name, err);
}

static bool read_list(struct shuffle *s, struct error *err)
{
	struct folder *f = s->job->folder;
	struct columns_shape shape = columns_shape(MIX_LIST_CIPHERTEXTS, s->width);
	uint64_t size = mix_list_bytes(MIX_LIST_CIPHERTEXTS, s->n, s->width);
	struct source *in = NULL;
	if (!mix_open_sized(f, s->job->input, size, &in, err))
		return false;
	bool ok = true;
	for (unsigned c = 0; ok && c < 2 * s->width; c++) {
		struct reading r = {s->list + c * s->n, in->name};
		ok = mix_column_header(in, &shape, c, s->n, err) &&
		     engine_read(&s->engine, in, s->n, POINT_TREE_BYTES, read_block, &r, err);
	}
	ok = ok && tree_source_end(in, err);
	source_close(in);
	oracle_key(&s->seed_oracle, s->job->y, s->width);
	return ok && oracle_file(&s->seed_oracle, f, s->job->input, size, err);
}

/* --- output --- */

struct output {
	struct shuffle *s;
	unsigned column;
};

/* Column c of w'_i = w_π(i) + s_i·(G, Y), and Σ ε_i·w'_i for F'. */
static bool output_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct output *o = ctx;
	const struct shuffle *s = o->s;
	bool first_half = o->column < s->width;
	unsigned component = o->column % s->width;
	const struct fixed_base *base = first_half ? &s->pk.g_table : &s->pk.y_table;
	const point *column = s->list + o->column * s->n;
	secret_scalar *exponents = shuffle_room(s, lane, 0), *epsilon = shuffle_room(s, lane, 1);
	if (!shuffle_draw(s, DRAW_S, component, b->first, &exponents->secret, b->count, err) ||
	    !shuffle_draw(s, DRAW_EPSILON, 0, b->first, &epsilon->secret, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++)
		lane->points[i] = column[s->to_input[b->first + i]];
	fixed_base_mul_add(lane->points, base, exponents, lane->points, b->count, &lane->scratch);
	points_encode_tree(b->out, lane->points, b->count);
	msm(&s->partial[shuffle_lane(s, lane)], epsilon, lane->points, b->count, &lane->scratch);
	return true;
}

static bool write_list(struct shuffle *s, struct error *err)
{
	struct columns_shape shape = columns_shape(MIX_LIST_CIPHERTEXTS, s->width);
	struct outlet to = {s->sinks[SINK_LIST], &s->seed_oracle};
	struct arena *scratch = &s->engine.lanes[0].scratch;
	for (unsigned c = 0; c < 2 * s->width; c++) {
		struct output o = {s, c};
		uint8_t header[3 * TREE_HEADER_BYTES];
		struct tree_writer w = TREE_WRITER(header);
		secret_scalar minus_phi;
		progress_report(s->job->progress, "shuffling", c, 2 * s->width);
		mix_column_header_write(&w, &shape, c, s->n);
		shuffle_partial_clear(s);
		if (!outlet_put(&to, tree_written(&w), err) ||
		    !engine_write(&s->engine, &to, s->n, POINT_TREE_BYTES, output_block, &o, err))
			return false;
		shuffle_partial_sum(s, &s->f_prime[c]);
		scalar_neg(&minus_phi.secret, &s->phi[c % s->width].secret);
		fixed_base_mul_add(&s->f_prime[c], c < s->width ? &s->pk.g_table : &s->pk.y_table,
		                   &minus_phi, &s->f_prime[c], 1, scratch);
		secret_scalar_wipe(&minus_phi);
	}
	progress_report(s->job->progress, "shuffling", 2 * s->width, 2 * s->width);
	return true;
}

/* --- batching --- */

/* Σ r_j·e_j by input position, and e into the array (still in public order, in s->y's place). */
static bool batch_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	struct shuffle *s = ctx;
	scalar *e = &s->y[b->first].secret;
	secret_scalar *r = shuffle_room(s, lane, 0);
	if (!shuffle_draw(s, DRAW_R, 0, b->first, &r->secret, b->count, err))
		return false;
	batching_scalars(e, &s->e_prg, s->job->session->ebits, b->first, b->count);
	for (size_t i = 0; i < b->count; i++)
		scalar_mul_add(&lane->sum, &r[i].secret, &e[i], &lane->sum);
	return true;
}

static bool permute_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	(void)lane;
	(void)err;
	struct shuffle *s = ctx;
	for (size_t i = 0; i < b->count; i++)
		s->e[b->first + i] = s->y[s->to_input[b->first + i]];
	return true;
}

static bool sum_se_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct output *o = ctx;
	const struct shuffle *s = o->s;
	secret_scalar *exponents = shuffle_room(s, lane, 0);
	if (!shuffle_draw(s, DRAW_S, o->column, b->first, &exponents->secret, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++)
		scalar_mul_add(&lane->sum, &exponents[i].secret, &s->e[b->first + i].secret, &lane->sum);
	return true;
}

static bool batch(struct shuffle *s, struct error *err)
{
	oracle_finish_seed(&s->seed_oracle, &s->transcript, s->proof_seed, &s->e_prg);
	trace_value(&s->transcript, s->job->party, "PoS.s",
	            bytes_of(s->proof_seed, hash_bytes(s->job->session->prg)));
	lanes_clear(&s->engine);
	if (!engine_run(&s->engine, s->n, batch_block, s, err))
		return false;
	s->sum_re.secret = lanes_sum(&s->engine);
	if (!engine_run(&s->engine, s->n, permute_block, s, err))
		return false;
	for (unsigned c = 0; c < s->width; c++) {
		struct output o = {s, c};
		lanes_clear(&s->engine);
		if (!engine_run(&s->engine, s->n, sum_se_block, &o, err))
			return false;
		s->sum_se[c].secret = lanes_sum(&s->engine);
	}
	secret_scalar product = {scalar_one};
	for (uint64_t i = 0; i < s->n; i++) {
		scalar_mul(&product.secret, &product.secret, &s->e[i].secret);
		s->y[i] = product;
	}
	secret_scalar_wipe(&product);
	return true;
}

/* --- commitment --- */

/* B_i = x_i·G + y_i·h_0 */
static bool b_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	struct shuffle *s = ctx;
	secret_scalar *x = shuffle_room(s, lane, 0);
	if (!shuffle_draw(s, DRAW_X, 0, b->first, &x->secret, b->count, err))
		return false;
	fixed_base_mul(lane->points, &s->pk.g_table, x, b->count, &lane->scratch);
	fixed_base_mul_add(lane->points, &s->h0, s->y + b->first, lane->points, b->count,
	                   &lane->scratch);
	points_encode_tree(b->out, lane->points, b->count);
	if (b->first + b->count == s->n)
		s->last_x = x[b->count - 1];
	return true;
}

/* B'_i = z_i·G + ε_i·y_{i−1}·h_0 with y_{−1} = 1 */
static bool b_prime_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct shuffle *s = ctx;
	secret_scalar *z = shuffle_room(s, lane, 0), *epsilon = shuffle_room(s, lane, 1);
	if (!shuffle_draw(s, DRAW_Z, 0, b->first, &z->secret, b->count, err) ||
	    !shuffle_draw(s, DRAW_EPSILON, 0, b->first, &epsilon->secret, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++) {
		if (b->first + i > 0)
			scalar_mul(&epsilon[i].secret, &epsilon[i].secret, &s->y[b->first + i - 1].secret);
	}
	fixed_base_mul(lane->points, &s->pk.g_table, z, b->count, &lane->scratch);
	fixed_base_mul_add(lane->points, &s->h0, epsilon, lane->points, b->count, &lane->scratch);
	points_encode_tree(b->out, lane->points, b->count);
	return true;
}

static bool put_points(const struct outlet *to, const point *p, size_t count, struct error *err)
{
	uint8_t room[4 * POINT_TREE_BYTES];
	require(count <= 4);
	points_encode_tree(room, p, count);
	return outlet_put(to, bytes_of(room, count * POINT_TREE_BYTES), err);
}

static bool put_node(const struct outlet *to, uint32_t children, struct error *err)
{
	uint8_t header[TREE_HEADER_BYTES];
	return outlet_put(to, bytes_of(header, tree_put_node(header, children)), err);
}

static bool put_f_prime(struct shuffle *s, const struct outlet *to, struct error *err)
{
	uint8_t room[3 * TREE_HEADER_BYTES + 2 * LIMIT_WIDTH * POINT_TREE_BYTES];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	mix_write_wide_point(&w, s->f_prime, s->width);
	mix_write_wide_point(&w, s->f_prime + s->width, s->width);
	return outlet_put(to, tree_written(&w), err);
}

static bool write_commitment(struct shuffle *s, struct error *err)
{
	struct oracle o;
	struct outlet to = {s->sinks[SINK_COMMITMENT], &o};
	uint32_t n = (uint32_t)s->n;
	oracle_begin_challenge(&o, &s->transcript);
	oracle_node(&o, 2);
	oracle_seed_leaf(&o, &s->transcript, s->proof_seed);
	progress_report(s->job->progress, "proving", 0, 3);
	if (!put_node(&to, 6, err) || !put_node(&to, n, err) ||
	    !engine_write(&s->engine, &to, s->n, POINT_TREE_BYTES, b_block, s, err))
		return false;
	progress_report(s->job->progress, "proving", 1, 3);
	if (!put_points(&to, &s->a_prime, 1, err) || !put_node(&to, n, err) ||
	    !engine_write(&s->engine, &to, s->n, POINT_TREE_BYTES, b_prime_block, s, err) ||
	    !put_points(&to, &s->c_prime, 1, err) || !put_points(&to, &s->d_prime, 1, err) ||
	    !put_f_prime(s, &to, err))
		return false;
	progress_report(s->job->progress, "proving", 2, 3);
	oracle_finish_challenge(&o, &s->transcript, s->job->party, "PoS.v", &s->v);
	return true;
}

/* --- reply --- */

/* k_B,i = v·b_i + β_i = v·(x_i − x_{i−1}·e'_i) + z_i − ε_i·x_{i−1} = v·x_i + z_i − x_{i−1}·k_E,i */
static bool k_b_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct shuffle *s = ctx;
	secret_scalar *x = shuffle_room(s, lane, 0), *z = shuffle_room(s, lane, 1);
	secret_scalar before = {scalar_zero};
	scalar *k = lane->scalars, k_e, minus;
	if (b->first > 0) {
		/* The last x of the block before: its own draw, cut short is the same stream. */
		size_t block = s->engine.block;
		if (!shuffle_draw(s, DRAW_X, 0, b->first - block, &x->secret, block, err))
			return false;
		before = x[block - 1];
	}
	if (!shuffle_draw(s, DRAW_X, 0, b->first, &x->secret, b->count, err) ||
	    !shuffle_draw(s, DRAW_Z, 0, b->first, &z->secret, b->count, err) ||
	    !shuffle_draw(s, DRAW_EPSILON, 0, b->first, k, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++) {
		scalar_mul_add(&k_e, &s->v, &s->e[b->first + i].secret, &k[i]);
		scalar_mul(&minus, &before.secret, &k_e);
		scalar_mul_add(&k[i], &s->v, &x[i].secret, &z[i].secret);
		scalar_sub(&k[i], &k[i], &minus);
		before = x[i];
	}
	scalars_encode_tree(b->out, k, b->count);
	wipe(&minus, sizeof minus);
	secret_scalar_wipe(&before);
	return true;
}

/* k_E,i = v·e'_i + ε_i */
static bool k_e_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct shuffle *s = ctx;
	scalar *k = lane->scalars;
	if (!shuffle_draw(s, DRAW_EPSILON, 0, b->first, k, b->count, err))
		return false;
	for (size_t i = 0; i < b->count; i++)
		scalar_mul_add(&k[i], &s->v, &s->e[b->first + i].secret, &k[i]);
	scalars_encode_tree(b->out, k, b->count);
	return true;
}

/* v·secret + mask */
static bool put_reply(struct shuffle *s, const secret_scalar *secret, const secret_scalar *mask,
                      struct error *err)
{
	struct outlet to = {s->sinks[SINK_REPLY], NULL};
	uint8_t room[SCALAR_TREE_BYTES];
	scalar k;
	scalar_mul_add(&k, &s->v, &secret->secret, &mask->secret);
	scalars_encode_tree(room, &k, 1);
	return outlet_put(&to, BYTES_OF(room), err);
}

static bool write_reply(struct shuffle *s, struct error *err)
{
	struct outlet to = {s->sinks[SINK_REPLY], NULL};
	uint32_t n = (uint32_t)s->n;
	if (!put_node(&to, 6, err) || !put_reply(s, &s->sum_re, &s->alpha, err) ||
	    !put_node(&to, n, err) ||
	    !engine_write(&s->engine, &to, s->n, SCALAR_TREE_BYTES, k_b_block, s, err) ||
	    !put_reply(s, &s->sum_r, &s->gamma, err) || !put_reply(s, &s->last_x, &s->delta, err) ||
	    !put_node(&to, n, err) ||
	    !engine_write(&s->engine, &to, s->n, SCALAR_TREE_BYTES, k_e_block, s, err) ||
	    (s->width > 1 && !put_node(&to, s->width, err)))
		return false;
	for (uint32_t c = 0; c < s->width; c++) {
		if (!put_reply(s, &s->sum_se[c], &s->phi[c], err))
			return false;
	}
	progress_report(s->job->progress, "proving", 3, 3);
	return true;
}

bool shuffle_online(struct shuffle *s, struct error *err)
{
	return read_list(s, err) && write_list(s, err) && batch(s, err) && write_commitment(s, err) &&
	       write_reply(s, err);
}
