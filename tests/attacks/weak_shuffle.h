/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proof of a shuffle for a challenge chosen by hand, docs/protocol.md 9.3 by the book, width 1:
 * to forge what would hold were the challenge not a hash of all of it. Include support.h first.
 */
#ifndef ATTACKS_WEAK_SHUFFLE_H
#define ATTACKS_WEAK_SHUFFLE_H

#include "hash/bytetree.h"
#include "unit/protocol/mixnet/world.h"

#define WEAK_N 3u

struct weak_shuffle {
	/* What all the world knows. */
	point h[WEAK_N], pk[2], w[2][WEAK_N];
	scalar e[WEAK_N];
	/* The files of the party. */
	point out[2][WEAK_N], perm[WEAK_N];
	point b[WEAK_N], a1, b1[WEAK_N], c1, d1, f1[2];
	scalar ka, kb[WEAK_N], kc, kd, ke[WEAK_N], kf;
};

static inline scalar weak_scalar(void)
{
	struct error err;
	scalar s;
	assert_ok(scalar_random(&s, test_rng(), &err), err);
	return s;
}

/* out += k·p */
static inline void weak_add(point *out, const scalar *k, const point *p)
{
	point term;
	point_mul_vartime(&term, k, p);
	point_add(out, out, &term);
}

static inline void weak_sub(point *out, const scalar *k, const point *p)
{
	scalar minus;
	scalar_neg(&minus, k);
	weak_add(out, &minus, p);
}

/* For each equation its left side without the commitment, v·X, and its right side. */
struct weak_sides {
	point left[5 + WEAK_N], right[5 + WEAK_N], commitment[5 + WEAK_N];
};
#define WEAK_EQUATIONS (5 + WEAK_N) /* A, C, D, F of two halves, B of each element */

static inline struct weak_sides weak_sides(const struct weak_shuffle *s, const scalar *v)
{
	const point g = point_generator(), zero = point_infinity();
	struct weak_sides out;
	scalar product = scalar_one;
	for (unsigned i = 0; i < WEAK_EQUATIONS; i++)
		out.left[i] = out.right[i] = zero;
	for (unsigned i = 0; i < WEAK_N; i++) {
		weak_add(&out.left[0], &s->e[i], &s->perm[i]);
		weak_add(&out.right[0], &s->ke[i], &s->h[i]);
		point_add(&out.left[1], &out.left[1], &s->perm[i]);
		point_sub(&out.left[1], &out.left[1], &s->h[i]);
		scalar_mul(&product, &product, &s->e[i]);
		for (unsigned half = 0; half < 2; half++) {
			weak_add(&out.left[3 + half], &s->e[i], &s->w[half][i]);
			weak_add(&out.right[3 + half], &s->ke[i], &s->out[half][i]);
		}
		out.left[5 + i] = s->b[i];
		weak_add(&out.right[5 + i], &s->kb[i], &g);
		weak_add(&out.right[5 + i], &s->ke[i], i ? &s->b[i - 1] : &s->h[0]);
		out.commitment[5 + i] = s->b1[i];
	}
	weak_add(&out.right[0], &s->ka, &g);
	weak_add(&out.right[1], &s->kc, &g);
	out.left[2] = s->b[WEAK_N - 1];
	weak_sub(&out.left[2], &product, &s->h[0]);
	weak_add(&out.right[2], &s->kd, &g);
	for (unsigned half = 0; half < 2; half++) {
		weak_sub(&out.right[3 + half], &s->kf, &s->pk[half]);
		out.commitment[3 + half] = s->f1[half];
	}
	out.commitment[0] = s->a1;
	out.commitment[1] = s->c1;
	out.commitment[2] = s->d1;
	for (unsigned i = 0; i < WEAK_EQUATIONS; i++)
		point_mul_vartime(&out.left[i], v, &out.left[i]);
	return out;
}

static inline bool weak_holds(const struct weak_shuffle *s, const scalar *v)
{
	const struct weak_sides sides = weak_sides(s, v);
	bool good = true;
	for (unsigned i = 0; i < WEAK_EQUATIONS; i++) {
		point sum;
		point_add(&sum, &sides.left[i], &sides.commitment[i]);
		good &= point_equal(&sum, &sides.right[i]);
	}
	return good;
}

/* The commitments that make all equations true for this v and the replies as they are. */
static inline void weak_solve(struct weak_shuffle *s, const scalar *v)
{
	const struct weak_sides sides = weak_sides(s, v);
	point c[WEAK_EQUATIONS];
	for (unsigned i = 0; i < WEAK_EQUATIONS; i++)
		point_sub(&c[i], &sides.right[i], &sides.left[i]);
	s->a1 = c[0];
	s->c1 = c[1];
	s->d1 = c[2];
	for (unsigned half = 0; half < 2; half++)
		s->f1[half] = c[3 + half];
	for (unsigned i = 0; i < WEAK_N; i++)
		s->b1[i] = c[5 + i];
}

/* --- files --- */

static inline void weak_write_points(struct tree_writer *w, const point *p, uint32_t n)
{
	uint8_t tree[POINT_TREE_BYTES];
	if (n > 1)
		tree_write_node(w, n);
	for (uint32_t i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static inline void weak_write_scalars(struct tree_writer *w, const scalar *k, uint32_t n)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	if (n > 1)
		tree_write_node(w, n);
	for (uint32_t i = 0; i < n; i++) {
		scalars_encode_tree(tree, &k[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static inline void weak_write(const struct weak_shuffle *s, struct folder *f, unsigned party)
{
	uint8_t room[4096];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	weak_write_points(&w, s->out[0], WEAK_N);
	weak_write_points(&w, s->out[1], WEAK_N);
	world_write(f, mix_path(MIX_FILE_LIST, party).text, tree_written(&w));
	w = TREE_WRITER(room);
	weak_write_points(&w, s->perm, WEAK_N);
	world_write(f, mix_path(MIX_FILE_PERMUTATION, party).text, tree_written(&w));
	w = TREE_WRITER(room);
	tree_write_node(&w, 6);
	weak_write_points(&w, s->b, WEAK_N);
	weak_write_points(&w, &s->a1, 1);
	weak_write_points(&w, s->b1, WEAK_N);
	weak_write_points(&w, &s->c1, 1);
	weak_write_points(&w, &s->d1, 1);
	weak_write_points(&w, s->f1, 2);
	world_write(f, mix_path(MIX_FILE_POS_COMMITMENT, party).text, tree_written(&w));
	w = TREE_WRITER(room);
	tree_write_node(&w, 6);
	weak_write_scalars(&w, &s->ka, 1);
	weak_write_scalars(&w, s->kb, WEAK_N);
	weak_write_scalars(&w, &s->kc, 1);
	weak_write_scalars(&w, &s->kd, 1);
	weak_write_scalars(&w, s->ke, WEAK_N);
	weak_write_scalars(&w, &s->kf, 1);
	world_write(f, mix_path(MIX_FILE_POS_REPLY, party).text, tree_written(&w));
}

/* The leaves of a tree one after another: numbers of 33 bytes, headers of nodes passed over. */
static inline bytes weak_leaf(bytes *at)
{
	while (at->p[0] == 0)
		*at = bytes_from(*at, 5);
	bytes leaf = bytes_of(at->p, 38);
	*at = bytes_from(*at, 38);
	return leaf;
}

static inline void weak_read_points(point *out, bytes *at, size_t n)
{
	struct error err;
	for (size_t i = 0; i < n; i++) {
		uint8_t tree[POINT_TREE_BYTES];
		tree_put_node(tree, 2);
		memcpy(tree + 5, weak_leaf(at).p, 38);
		memcpy(tree + 43, weak_leaf(at).p, 38);
		assert_ok(points_decode_tree(&out[i], BYTES_OF(tree), 1, POINT_OR_INFINITY, &err), err);
	}
}

static inline void weak_read_scalars(scalar *out, bytes *at, size_t n)
{
	struct error err;
	for (size_t i = 0; i < n; i++)
		assert_ok(scalars_decode_tree(&out[i], weak_leaf(at), 1, &err), err);
}

/* The party's four files, and the list before it. */
static inline void weak_read(struct weak_shuffle *s, struct folder *f, const char *input,
                             unsigned party)
{
	bytes at = world_read(f, input);
	weak_read_points(s->w[0], &at, WEAK_N);
	weak_read_points(s->w[1], &at, WEAK_N);
	at = world_read(f, mix_path(MIX_FILE_LIST, party).text);
	weak_read_points(s->out[0], &at, WEAK_N);
	weak_read_points(s->out[1], &at, WEAK_N);
	at = world_read(f, mix_path(MIX_FILE_PERMUTATION, party).text);
	weak_read_points(s->perm, &at, WEAK_N);
	at = world_read(f, mix_path(MIX_FILE_POS_COMMITMENT, party).text);
	weak_read_points(s->b, &at, WEAK_N);
	weak_read_points(&s->a1, &at, 1);
	weak_read_points(s->b1, &at, WEAK_N);
	weak_read_points(&s->c1, &at, 1);
	weak_read_points(&s->d1, &at, 1);
	weak_read_points(s->f1, &at, 2);
	at = world_read(f, mix_path(MIX_FILE_POS_REPLY, party).text);
	weak_read_scalars(&s->ka, &at, 1);
	weak_read_scalars(s->kb, &at, WEAK_N);
	weak_read_scalars(&s->kc, &at, 1);
	weak_read_scalars(&s->kd, &at, 1);
	weak_read_scalars(s->ke, &at, WEAK_N);
	weak_read_scalars(&s->kf, &at, 1);
}

#endif
