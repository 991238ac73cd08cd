/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A shuffle in Verificatum's other form, with pre-computation: maxciph, a commitment to the
 * permutation that is proved before there is a list (PoSC), and a second proof for the list
 * (CCPoS). Every equation holds; docs/protocol.md 10 says that a record has no such files.
 *
 * The permutation is the identity and every nonce 0, so that a commitment is infinity and a reply
 * v·e. Include support.h first.
 */
#ifndef DIFFERENTIAL_PREPARED_SHUFFLE_H
#define DIFFERENTIAL_PREPARED_SHUFFLE_H

#include "hash/bytetree.h"
#include "hash/oracle.h"
#include "mixnet/shuffle.h"
#include "unit/protocol/record/tally.h"

#include <stdlib.h>

#define PREPARED_MAX URN_VOTERS

struct prepared {
	const struct shuffle_job *job;
	unsigned n, width;
	point h[PREPARED_MAX];
	scalar e[PREPARED_MAX], v;
	struct error err;
};

static void prepared_points(struct tree_writer *w, const point *p, unsigned n, bool array)
{
	uint8_t tree[POINT_TREE_BYTES];
	if (array)
		tree_write_node(w, n);
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static void prepared_scalars(struct tree_writer *w, const scalar *k, unsigned n, bool array)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	if (array)
		tree_write_node(w, n);
	for (unsigned i = 0; i < n; i++) {
		scalars_encode_tree(tree, &k[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

/* So many times the same point: an array where it is wide. */
static void prepared_wide(struct tree_writer *w, const struct prepared *p, const point *same)
{
	point all[LIMIT_WIDTH];
	for (unsigned i = 0; i < p->width; i++)
		all[i] = *same;
	prepared_points(w, all, p->width, p->width > 1);
}

static void prepared_put(struct prepared *p, enum mix_file file, struct tree_writer *w)
{
	struct folder *f = p->job->folder;
	assert_false(w->full);
	assert_ok(folder_write(f, mix_path(file, p->job->party).text, false, tree_written(w), &p->err),
	          p->err);
}

/* s of what is hashed, and e; then v, of s and the commitment. */
static void prepared_hash(struct prepared *p, bytes seeded, const struct tree_writer *commitment)
{
	uint8_t rho[HASH_MAX_BYTES], s[32], raw[32];
	uint8_t head[2 * TREE_HEADER_BYTES];
	struct oracle o;
	struct prg g;
	mix_rho(rho, p->job->session);
	oracle_init(&o, HASH_SHA256, 256);
	oracle_update(&o, bytes_of(rho, 32));
	oracle_update(&o, seeded);
	oracle_finish(&o, s);
	prg_init(&g, HASH_SHA256, s);
	for (unsigned i = 0; i < p->n; i++) {
		prg_read_integer(&g, raw, 256);
		scalar_reduce(&p->e[i], raw, sizeof raw);
	}
	if (!commitment)
		return;
	size_t len = tree_put_node(head, 2);
	len += tree_put_leaf(head + len, sizeof s);
	oracle_init(&o, HASH_SHA256, 256);
	oracle_update(&o, bytes_of(rho, 32));
	oracle_update(&o, bytes_of(head, len));
	oracle_update(&o, BYTES_OF(s));
	oracle_update(&o, tree_written(commitment));
	oracle_finish(&o, raw);
	scalar_reduce(&p->v, raw, sizeof raw);
}

/* k_E = v·e */
static void prepared_answer(scalar out[static PREPARED_MAX], const struct prepared *p)
{
	for (unsigned i = 0; i < p->n; i++)
		scalar_mul(&out[i], &p->v, &p->e[i]);
}

/* The permutation: B_i = (e_0 … e_i)·h_0. */
static void prepared_permutation(struct prepared *p)
{
	static uint8_t seeded[16384], made[16384], reply[16384];
	const point g = point_generator(), none = point_infinity();
	point b[PREPARED_MAX], zeros[PREPARED_MAX];
	scalar product = scalar_one, k[PREPARED_MAX], nothing[PREPARED_MAX] = {scalar_zero};
	struct tree_writer w = TREE_WRITER(seeded);
	tree_write_node(&w, 3);
	prepared_points(&w, &g, 1, false);
	prepared_points(&w, p->h, p->n, true);
	prepared_points(&w, p->h, p->n, true);
	prepared_hash(p, tree_written(&w), NULL);
	for (unsigned i = 0; i < p->n; i++) {
		scalar_mul(&product, &product, &p->e[i]);
		point_mul_vartime(&b[i], &product, &p->h[0]);
		zeros[i] = none;
		nothing[i] = scalar_zero;
	}
	struct tree_writer c = TREE_WRITER(made);
	tree_write_node(&c, 5);
	prepared_points(&c, b, p->n, true);
	prepared_points(&c, &none, 1, false);
	prepared_points(&c, zeros, p->n, true);
	prepared_points(&c, &none, 1, false);
	prepared_points(&c, &none, 1, false);
	prepared_put(p, MIX_FILE_POSC_COMMITMENT, &c);
	prepared_hash(p, tree_written(&w), &c);
	prepared_answer(k, p);
	w = TREE_WRITER(reply);
	tree_write_node(&w, 5);
	prepared_scalars(&w, nothing, 1, false);
	prepared_scalars(&w, nothing, p->n, true);
	prepared_scalars(&w, nothing, 1, false);
	prepared_scalars(&w, nothing, 1, false);
	prepared_scalars(&w, k, p->n, true);
	prepared_put(p, MIX_FILE_POSC_REPLY, &w);
}

/* The list, as it came. */
static void prepared_list(struct prepared *p, bytes list)
{
	static uint8_t seeded[65536], made[4096], reply[16384];
	const point g = point_generator(), none = point_infinity();
	const scalar zeros[LIMIT_WIDTH] = {scalar_zero};
	scalar k[PREPARED_MAX];
	struct tree_writer w = TREE_WRITER(seeded);
	tree_write_node(&w, 6);
	prepared_points(&w, &g, 1, false);
	prepared_points(&w, p->h, p->n, true);
	prepared_points(&w, p->h, p->n, true);
	tree_write_node(&w, 2);
	prepared_wide(&w, p, &g);
	prepared_wide(&w, p, p->job->y);
	tree_write_raw(&w, list);
	tree_write_raw(&w, list);
	assert_false(w.full);
	struct tree_writer c = TREE_WRITER(made);
	tree_write_node(&c, 2);
	prepared_points(&c, &none, 1, false);
	tree_write_node(&c, 2);
	prepared_wide(&c, p, &none);
	prepared_wide(&c, p, &none);
	prepared_put(p, MIX_FILE_CCPOS_COMMITMENT, &c);
	prepared_hash(p, tree_written(&w), &c);
	prepared_answer(k, p);
	w = TREE_WRITER(reply);
	tree_write_node(&w, 3);
	prepared_scalars(&w, zeros, 1, false);
	prepared_scalars(&w, zeros, p->width, p->width > 1);
	prepared_scalars(&w, k, p->n, true);
	prepared_put(p, MIX_FILE_CCPOS_REPLY, &w);
}

/* In place of shuffle_prove. */
static void prepared_shuffle(const struct shuffle_job *job)
{
	static struct prepared p;
	static uint8_t list[65536];
	uint8_t keep[PREPARED_MAX], room[4096];
	char number[16];
	struct text t = TEXT_OF(number);
	struct shuffle *begun;
	uint64_t n;
	bytes input;
	p = (struct prepared){.job = job, .width = job->session->width};
	error_clear(&p.err);
	assert_ok(mix_list_length(&n, job->folder, job->input, p.width, &p.err), p.err);
	assert_true(n <= PREPARED_MAX);
	p.n = (unsigned)n;
	assert_ok(shuffle_begin(&begun, job, n, &p.err), p.err);
	memcpy(p.h, shuffle_generators(begun)->h, p.n * sizeof *p.h);
	shuffle_abandon(begun);
	assert_ok(folder_read(job->folder, job->input, list, sizeof list, &input, &p.err), p.err);
	text_add_u64(&t, n);
	const char *maxciph = mix_path(MIX_FILE_MAXCIPH, 0).text;
	assert_ok(folder_write(job->folder, maxciph, true, bytes_of(number, t.len), &p.err), p.err);
	struct tree_writer w = TREE_WRITER(list);
	w.len = input.len;
	prepared_put(&p, MIX_FILE_LIST, &w);
	w = TREE_WRITER(room);
	prepared_points(&w, p.h, p.n, true);
	prepared_put(&p, MIX_FILE_PERMUTATION, &w);
	memset(keep, 1, sizeof keep);
	w = TREE_WRITER(room);
	tree_write_leaf(&w, bytes_of(keep, p.n));
	prepared_put(&p, MIX_FILE_KEEP, &w);
	prepared_permutation(&p);
	prepared_list(&p, input);
}

#endif
