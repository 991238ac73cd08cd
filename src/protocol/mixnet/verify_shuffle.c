/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One party's proof of shuffle in the weighted sum. With weights a, t_i, c, d, f of its equations:
 *
 *   a·(v·Σ e_i·u_i + A' − k_A·G − Σ k_i·h_i)
 *   Σ t_i·(v·B_i + B'_i − k_B,i·G − k_i·B_{i−1}),  B_{−1} = h_0
 *   c·(v·(Σ u_i − Σ h_i) + C' − k_C·G)
 *   d·(v·(B_{N−1} − (Π e_i)·h_0) + D' − k_D·G)
 *   f·(v·Σ e_i·w_i + F' + k_F·pk − Σ k_i·w'_i)           the lists are in verify_sum.c
 *
 * PoS has all five, PoSC (of pre-computation) the first four over N_0 elements, CCPoS a first one
 * of its own and the last.
 */
#include "mixnet/verify_internal.h"

struct proof {
	struct verifier *v;
	enum part part;
	unsigned party;
	uint64_t n;
	scalar challenge;
	scalar a, c, d, f[2 * LIMIT_WIDTH];
	struct stream t;
	bool any_f;
	const char *name;
};

static void proof_init(struct proof *p, struct verifier *v, enum part part, unsigned party)
{
	const struct weights *w = &v->weights;
	const struct shuffle_hashes *h = &v->hashes[party];
	bool consistent = part == PART_CCPOS;
	*p = (struct proof){.v = v, .part = part, .party = party};
	p->n = part == PART_POSC ? v->layout.n0 : v->layout.n;
	p->challenge = consistent ? h->consistent_v : h->v;
	p->a = weight_of(w, consistent ? MIX_CHECK_CONSISTENT_A : MIX_CHECK_A, party, 0);
	if (!consistent) {
		p->c = weight_of(w, MIX_CHECK_C, party, 0);
		p->d = weight_of(w, MIX_CHECK_D, party, 0);
		p->t = stream_of(w, MIX_CHECK_B, party, 0);
	}
	if (part != PART_POSC) {
		p->any_f = weight_on(w, MIX_CHECK_F, party);
		for (unsigned i = 0; i < 2 * v->session->width; i++)
			p->f[i] = weight_of(w, MIX_CHECK_F, party, i);
	}
}

/* Σ t_i·k_B,i */
static bool k_b_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct proof *p = ctx;
	if (!decode_scalars(lane->scalars, b, p->name, err))
		return false;
	struct stream t = p->t;
	stream_seek(&t, b->first);
	for (size_t i = 0; p->t.on && i < b->count; i++) {
		scalar at = stream_next(&t);
		scalar_add_product(&lane->sum, &at, &lane->scalars[i]);
	}
	return true;
}

/* k_E into v->k, and its share in the factors of h. */
static bool k_e_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	(void)lane;
	const struct proof *p = ctx;
	scalar *k = p->v->k + b->first, *h = p->v->h_factor + b->first, cv;
	if (!decode_scalars(k, b, p->name, err))
		return false;
	scalar_mul(&cv, &p->c, &p->challenge);
	bool any_a = !scalar_is_zero(&p->a);
	for (size_t i = 0; i < b->count; i++) {
		if (any_a)
			scalar_sub_product(&h[i], &p->a, &k[i]);
		scalar_sub(&h[i], &h[i], &cv);
	}
	return true;
}

static bool read_k_b(struct proof *p, struct source *s, struct error *err)
{
	struct verifier *v = p->v;
	lanes_clear(&v->engine);
	if (!tree_source_node(s, (uint32_t)p->n, err) ||
	    !engine_read(&v->engine, s, p->n, SCALAR_TREE_BYTES, k_b_block, p, err))
		return false;
	scalar sum = lanes_sum(&v->engine);
	scalar_sub(&v->g_factor, &v->g_factor, &sum);
	return true;
}

static bool read_one(struct proof *p, struct source *s, const scalar *weight, struct error *err)
{
	scalar k;
	if (!mix_read_scalars(s, &k, 1, err))
		return false;
	scalar_sub_product(&p->v->g_factor, weight, &k);
	return true;
}

static bool read_k_e(struct proof *p, struct source *s, struct error *err)
{
	return tree_source_node(s, (uint32_t)p->n, err) &&
	       engine_read(&p->v->engine, s, p->n, SCALAR_TREE_BYTES, k_e_block, p, err);
}

static bool read_k_f(struct proof *p, struct source *s, struct error *err)
{
	scalar k[LIMIT_WIDTH];
	uint32_t width = p->v->session->width;
	if (!mix_read_wide_scalar(s, k, width, err))
		return false;
	for (uint32_t i = 0; i < width; i++) {
		scalar_add_product(&p->v->g_factor, &p->f[i], &k[i]);
		scalar_add_product(&p->v->y_factor, &p->f[width + i], &k[i]);
	}
	return true;
}

static bool sum_reply(struct proof *p, struct source *s, struct error *err)
{
	p->name = s->name;
	switch (p->part) {
	case PART_POS:
	case PART_POSC:
		if (!tree_source_node(s, p->part == PART_POS ? 6 : 5, err) || !read_one(p, s, &p->a, err) ||
		    !read_k_b(p, s, err) || !read_one(p, s, &p->c, err) || !read_one(p, s, &p->d, err) ||
		    !read_k_e(p, s, err) || (p->part == PART_POS && !read_k_f(p, s, err)))
			return false;
		break;
	case PART_CCPOS:
		if (!tree_source_node(s, 3, err) || !read_one(p, s, &p->a, err) || !read_k_f(p, s, err) ||
		    !read_k_e(p, s, err))
			return false;
		break;
	}
	return tree_source_end(s, err);
}

static bool b_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct proof *p = ctx;
	if (!decode_points(lane->points, b, p->name, err))
		return false;
	struct stream t = p->t;
	stream_seek(&t, b->first);
	scalar at = stream_next(&t), next, dv;
	for (size_t i = 0; i < b->count; i++, at = next) {
		scalar *out = &lane->scalars[i];
		uint64_t after = b->first + i + 1;
		next = after < p->n ? stream_next(&t) : scalar_zero;
		scalar_mul(out, &p->challenge, &at);
		if (after < p->n)
			scalar_sub_product(out, &next, &p->v->k[after]);
	}
	if (b->first + b->count == p->n) {
		scalar_mul(&dv, &p->d, &p->challenge);
		scalar_add(&lane->scalars[b->count - 1], &lane->scalars[b->count - 1], &dv);
	}
	msm_vartime_add(lane->msm, lane->points, lane->scalars, b->count, 256, &lane->scratch);
	return true;
}

static bool b_prime_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct proof *p = ctx;
	if (!decode_points(lane->points, b, p->name, err))
		return false;
	struct stream t = p->t;
	stream_seek(&t, b->first);
	for (size_t i = 0; i < b->count; i++)
		lane->scalars[i] = stream_next(&t);
	msm_vartime_add(lane->msm, lane->points, lane->scalars, b->count, 128, &lane->scratch);
	return true;
}

static bool sum_b(struct proof *p, struct source *s, block_fn *f, bool weighted, struct error *err)
{
	struct verifier *v = p->v;
	if (!tree_source_node(s, (uint32_t)p->n, err))
		return false;
	if (may_skip(v, weighted))
		return engine_skip(s, p->n * POINT_TREE_BYTES, err);
	return engine_read(&v->engine, s, p->n, POINT_TREE_BYTES, f, p, err);
}

static bool sum_single(struct proof *p, struct source *s, const scalar *weight, struct error *err)
{
	point c;
	if (!mix_read_points(s, &c, 1, err))
		return false;
	sum_point(p->v, &c, weight);
	return true;
}

static bool sum_f_prime(struct proof *p, struct source *s, struct error *err)
{
	point c[2 * LIMIT_WIDTH];
	uint32_t width = p->v->session->width;
	if (!mix_read_wide_ciphertext(s, c, width, err))
		return false;
	for (uint32_t i = 0; i < 2 * width; i++)
		sum_point(p->v, &c[i], &p->f[i]);
	return true;
}

/* What falls on h_0 beyond its part as a generator: B_{−1}, and the product of D. */
static void sum_h0(struct proof *p)
{
	struct verifier *v = p->v;
	struct stream t = p->t;
	stream_seek(&t, 0);
	scalar first = stream_next(&t), dv;
	scalar_sub_product(&v->h_factor[0], &first, &v->k[0]);
	scalar_mul(&dv, &p->d, &p->challenge);
	scalar_sub_product(&v->h_factor[0], &dv, &v->e_product);
}

static bool sum_commitment(struct proof *p, struct source *s, struct error *err)
{
	p->name = s->name;
	bool b_used = p->t.on || !scalar_is_zero(&p->d);
	switch (p->part) {
	case PART_POS:
	case PART_POSC:
		sum_h0(p);
		if (!tree_source_node(s, p->part == PART_POS ? 6 : 5, err) ||
		    !sum_b(p, s, b_block, b_used, err) || !sum_single(p, s, &p->a, err) ||
		    !sum_b(p, s, b_prime_block, p->t.on, err) || !sum_single(p, s, &p->c, err) ||
		    !sum_single(p, s, &p->d, err) || (p->part == PART_POS && !sum_f_prime(p, s, err)))
			return false;
		break;
	case PART_CCPOS:
		if (!tree_source_node(s, 2, err) || !sum_single(p, s, &p->a, err) ||
		    !sum_f_prime(p, s, err))
			return false;
		break;
	}
	return tree_source_end(s, err);
}

/* u_i has a·v·e_i + c·v; under CCPoS the i-th kept one a·v·e_i and the others nothing. */
static bool u_block(void *ctx, struct lane *lane, const struct block *b, struct error *err)
{
	const struct proof *p = ctx;
	const struct verifier *v = p->v;
	scalar av, cv;
	uint64_t rank = b->first;
	if (!decode_points(lane->points, b, p->name, err))
		return false;
	scalar_mul(&av, &p->a, &p->challenge);
	scalar_mul(&cv, &p->c, &p->challenge);
	if (p->part == PART_CCPOS)
		rank = v->keep_rank[b->first / v->engine.block];
	for (size_t i = 0; i < b->count; i++) {
		bool kept = p->part != PART_CCPOS || v->keep[b->first + i];
		lane->scalars[i] = cv;
		if (kept)
			scalar_add_product(&lane->scalars[i], &av, &v->e[rank++]);
	}
	msm_vartime_add(lane->msm, lane->points, lane->scalars, b->count, 256, &lane->scratch);
	return true;
}

static bool sum_u(struct proof *p, struct source *s, struct error *err)
{
	struct verifier *v = p->v;
	uint64_t n = v->layout.n0 ? v->layout.n0 : v->layout.n;
	p->name = s->name;
	if (may_skip(v, !scalar_is_zero(&p->a) || !scalar_is_zero(&p->c)))
		return true;
	if (p->part == PART_CCPOS && !verifier_read_keep(v, p->party, err))
		return false;
	return tree_source_node(s, (uint32_t)n, err) &&
	       engine_read(&v->engine, s, n, POINT_TREE_BYTES, u_block, p, err) &&
	       tree_source_end(s, err);
}

typedef bool sum_fn(struct proof *p, struct source *s, struct error *err);

static bool with_file(struct proof *p, enum mix_file file, sum_fn *f, struct error *err)
{
	struct source *s = NULL;
	bool ok = verifier_open(p->v, file, p->party, &s, err) && f(p, s, err);
	source_close(s);
	return ok;
}

static bool concerns(const struct weights *w, unsigned party)
{
	return !w->only || w->party == party;
}

bool sum_shuffle(struct verifier *v, enum part part, unsigned party, struct error *err)
{
	static const enum mix_file replies[] = {MIX_FILE_POS_REPLY, MIX_FILE_POSC_REPLY,
	                                        MIX_FILE_CCPOS_REPLY};
	static const enum mix_file commitments[] = {MIX_FILE_POS_COMMITMENT, MIX_FILE_POSC_COMMITMENT,
	                                            MIX_FILE_CCPOS_COMMITMENT};
	struct proof p;
	if (!concerns(&v->weights, party))
		return true;
	proof_init(&p, v, part, party);
	return with_file(&p, replies[part], sum_reply, err) &&
	       with_file(&p, MIX_FILE_PERMUTATION, sum_u, err) &&
	       with_file(&p, commitments[part], sum_commitment, err);
}
