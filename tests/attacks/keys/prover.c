/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "attacks/keys/prover.h"

#include "group/generators.h"
#include "hash/bytetree.h"
#include "support/election.h"

#include <stdlib.h>

#define STATDIST 100u

/* --- arithmetic --- */

point times(const scalar *k, const point *p)
{
	point out;
	point_mul_vartime(&out, k, p);
	return out;
}

point plus(const point *a, const point *b)
{
	point out;
	point_add(&out, a, b);
	return out;
}

scalar random_scalar(void)
{
	struct error err;
	scalar out;
	assert_ok(scalar_random(&out, test_rng(), &err), err);
	return out;
}

scalar fraction(uint64_t a, uint64_t b)
{
	scalar x = scalar_of_u64(a), y = scalar_of_u64(b);
	scalar_invert(&y, &y);
	scalar_mul(&x, &x, &y);
	return x;
}

/* Σ k_i·p_i */
static point sum_of(const scalar *k, const point *p, unsigned n)
{
	point sum = point_infinity();
	for (unsigned i = 0; i < n; i++) {
		point part = times(&k[i], &p[i]);
		sum = plus(&sum, &part);
	}
	return sum;
}

static scalar dot(const scalar *a, const scalar *b, unsigned n)
{
	scalar sum = scalar_zero;
	for (unsigned i = 0; i < n; i++)
		scalar_mul_add(&sum, &a[i], &b[i], &sum);
	return sum;
}

static scalar product(const scalar *a, unsigned n)
{
	scalar all = scalar_one;
	for (unsigned i = 0; i < n; i++)
		scalar_mul(&all, &all, &a[i]);
	return all;
}

static void draw(scalar *out, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		out[i] = random_scalar();
}

/* k·base + more */
static point times_plus(const scalar *k, const point *base, const point *more)
{
	point p = times(k, base);
	return plus(&p, more);
}

/* --- hashes --- */

static void hash_points(struct oracle *o, const point *p, unsigned n, bool hidden)
{
	uint8_t tree[POINT_TREE_BYTES];
	point nothing = point_infinity();
	tree_hash_node(&o->h, n);
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, hidden ? &nothing : &p[i], 1);
		hash_update(&o->h, BYTES_OF(tree));
	}
}

static void hash_point(struct oracle *o, const point *p, bool hidden)
{
	uint8_t tree[POINT_TREE_BYTES];
	point nothing = point_infinity();
	points_encode_tree(tree, hidden ? &nothing : p, 1);
	hash_update(&o->h, BYTES_OF(tree));
}

static void hash_list(struct oracle *o, const point list[2][PROVER_MAX], unsigned n, bool hidden)
{
	tree_hash_node(&o->h, 2);
	hash_points(o, list[0], n, hidden);
	hash_points(o, list[1], n, hidden);
}

static void begin_hash(struct oracle *o, const struct prover *p)
{
	oracle_init(o, HASH_SHA256, 256);
	oracle_update(o, bytes_of(p->rho, 32));
}

void prover_generators(struct prover *p)
{
	point found[16 * PROVER_MAX];
	struct oracle o;
	struct prg stream;
	uint8_t seed[32];
	begin_hash(&o, p);
	tree_hash_leaf(&o.h, BYTES_LITERAL("generators"));
	oracle_finish(&o, seed);
	prg_init(&stream, HASH_SHA256, seed);
	assert_true(generators_from_candidates(found, &stream, STATDIST, 0, 16 * PROVER_MAX) >= p->n);
	memcpy(p->h, found, p->n * sizeof *found);
}

void prover_seed(struct prover *p)
{
	struct oracle o;
	struct prg g;
	const point base = point_generator();
	begin_hash(&o, p);
	tree_hash_node(&o.h, 6);
	hash_point(&o, &base, false);
	hash_points(&o, p->h, p->n, false);
	hash_points(&o, p->u, p->n, p->hidden & HIDE_U);
	tree_hash_node(&o.h, 2);
	hash_point(&o, &base, false);
	hash_point(&o, &p->y, false);
	hash_list(&o, (const point(*)[PROVER_MAX])p->w, p->n, false);
	hash_list(&o, (const point(*)[PROVER_MAX])p->out, p->n, p->hidden & HIDE_OUT);
	oracle_finish(&o, p->seed);
	prg_init(&g, HASH_SHA256, p->seed);
	for (unsigned i = 0; i < p->n; i++) {
		uint8_t raw[32];
		prg_read_integer(&g, raw, 256);
		scalar_reduce(&p->e[i], raw, sizeof raw);
	}
	for (unsigned i = 0; i < p->n; i++)
		p->permuted[i] = dot(p->m[i], p->e, p->n);
}

void prover_challenge(struct prover *p)
{
	struct oracle o;
	uint8_t raw[32];
	begin_hash(&o, p);
	tree_hash_node(&o.h, 2);
	tree_hash_leaf(&o.h, BYTES_OF(p->seed));
	tree_hash_node(&o.h, 6);
	hash_points(&o, p->b, p->n, false);
	hash_point(&o, &p->a1, p->hidden & HIDE_A);
	hash_points(&o, p->b1, p->n, p->hidden & HIDE_B);
	hash_point(&o, &p->c1, p->hidden & HIDE_C);
	hash_point(&o, &p->d1, p->hidden & HIDE_D);
	tree_hash_node(&o.h, 2);
	hash_point(&o, &p->f1[0], p->hidden & HIDE_F);
	hash_point(&o, &p->f1[1], p->hidden & HIDE_F);
	oracle_finish(&o, raw);
	scalar_reduce(&p->v, raw, sizeof raw);
}

/* --- steps --- */

static void read_list(struct prover *p, struct folder *proof, const char *path)
{
	struct error err;
	bytes file = election_read(proof, path);
	const size_t rest = file.len - 3 * TREE_HEADER_BYTES, half = rest / 2;
	error_clear(&err);
	assert_int_equal(rest % (2 * (size_t)POINT_TREE_BYTES), 0);
	p->n = (unsigned)(half / POINT_TREE_BYTES);
	assert_true(p->n >= 1 && p->n <= PROVER_MAX);
	for (unsigned k = 0; k < 2; k++)
		assert_ok(points_decode_tree(
					  p->w[k], bytes_of(file.p + (2 + k) * TREE_HEADER_BYTES + k * half, half),
					  p->n, POINT_FINITE, &err),
		          err);
	free((void *)(uintptr_t)file.p);
}

void prover_begin(struct prover *p, struct folder *proof, const struct mix_session *session,
                  const point *y, const char *input)
{
	unsigned to[PROVER_MAX];
	assert_int_equal(session->width, 1);
	*p = (struct prover){.session = session, .y = *y};
	mix_rho(p->rho, session);
	read_list(p, proof, input);
	prover_generators(p);
	for (unsigned i = 0; i < p->n; i++)
		to[i] = i;
	for (unsigned i = p->n; i > 1; i--) {
		unsigned at = (unsigned)test_random_below(i), kept = to[i - 1];
		to[i - 1] = to[at];
		to[at] = kept;
	}
	for (unsigned i = 0; i < p->n; i++)
		p->m[i][to[i]] = p->o[i][to[i]] = scalar_one;
}

void prover_list(struct prover *p)
{
	const point g = point_generator();
	draw(p->s, p->n);
	for (unsigned i = 0; i < p->n; i++)
		for (unsigned k = 0; k < 2; k++) {
			point mixed = sum_of(p->o[i], p->w[k], p->n);
			p->out[k][i] = times_plus(&p->s[i], k ? &p->y : &g, &mixed);
		}
}

void prover_permutation(struct prover *p)
{
	const point g = point_generator();
	draw(p->r, p->n);
	for (unsigned j = 0; j < p->n; j++) {
		p->u[j] = times(&p->r[j], &g);
		for (unsigned i = 0; i < p->n; i++)
			p->u[j] = times_plus(&p->m[i][j], &p->h[i], &p->u[j]);
	}
}

void prover_commitments(struct prover *p)
{
	const point g = point_generator();
	const point *before = &p->h[0];
	scalar minus_phi, last = scalar_zero, r_sum = scalar_zero;
	draw(p->beta, p->n);
	draw(p->beta_mask, p->n);
	draw(p->epsilon, p->n);
	p->alpha = random_scalar();
	p->gamma = random_scalar();
	p->delta = random_scalar();
	p->phi = random_scalar();
	for (unsigned i = 0; i < p->n; i++) {
		point on = times(&p->permuted[i], before), masked = times(&p->epsilon[i], before);
		p->b[i] = times_plus(&p->beta[i], &g, &on);
		p->b1[i] = times_plus(&p->beta_mask[i], &g, &masked);
		scalar_mul_add(&last, &p->permuted[i], &last, &p->beta[i]);
		scalar_add(&r_sum, &r_sum, &p->r[i]);
		before = &p->b[i];
	}
	point a = sum_of(p->epsilon, p->h, p->n);
	p->a1 = times_plus(&p->alpha, &g, &a);
	p->c1 = times(&p->gamma, &g);
	p->d1 = times(&p->delta, &g);
	scalar_neg(&minus_phi, &p->phi);
	for (unsigned k = 0; k < 2; k++) {
		point f = sum_of(p->epsilon, p->out[k], p->n);
		p->f1[k] = times_plus(&minus_phi, k ? &p->y : &g, &f);
	}
	p->of_a = dot(p->e, p->r, p->n);
	p->of_c = r_sum;
	p->of_d = last;
	p->of_f = dot(p->permuted, p->s, p->n);
}

void prover_replies(struct prover *p)
{
	scalar_mul_add(&p->ka, &p->v, &p->of_a, &p->alpha);
	scalar_mul_add(&p->kc, &p->v, &p->of_c, &p->gamma);
	scalar_mul_add(&p->kd, &p->v, &p->of_d, &p->delta);
	scalar_mul_add(&p->kf, &p->v, &p->of_f, &p->phi);
	for (unsigned i = 0; i < p->n; i++) {
		scalar_mul_add(&p->kb[i], &p->v, &p->beta[i], &p->beta_mask[i]);
		scalar_mul_add(&p->ke[i], &p->v, &p->permuted[i], &p->epsilon[i]);
	}
}

void prover_rest(struct prover *p)
{
	prover_permutation(p);
	prover_seed(p);
	prover_commitments(p);
	prover_challenge(p);
	prover_replies(p);
}

void prover_run(struct prover *p)
{
	prover_list(p);
	prover_rest(p);
}

/* --- the equations --- */

/* v·(what is proved) and what the commitment beside it must be: right side − v·statement. */
static point wanted(const struct prover *p, char equation, unsigned at)
{
	const point g = point_generator();
	const point base = at % 2 ? p->y : g; /* of F */
	point statement, right;
	scalar minus;
	switch (equation) {
	case 'A':
		statement = sum_of(p->e, p->u, p->n);
		right = sum_of(p->ke, p->h, p->n);
		right = times_plus(&p->ka, &g, &right);
		break;
	case 'B':
		statement = p->b[at];
		right = times(&p->ke[at], at ? &p->b[at - 1] : &p->h[0]);
		right = times_plus(&p->kb[at], &g, &right);
		break;
	case 'C':
		statement = point_infinity();
		for (unsigned i = 0; i < p->n; i++) {
			statement = plus(&statement, &p->u[i]);
			point_sub(&statement, &statement, &p->h[i]);
		}
		right = times(&p->kc, &g);
		break;
	case 'D':
		minus = product(p->e, p->n);
		scalar_neg(&minus, &minus);
		statement = times_plus(&minus, &p->h[0], &p->b[p->n - 1]);
		right = times(&p->kd, &g);
		break;
	default: /* F: at is the component */
		statement = sum_of(p->e, p->w[at], p->n);
		right = sum_of(p->ke, p->out[at], p->n);
		scalar_neg(&minus, &p->kf);
		right = times_plus(&minus, &base, &right);
	}
	scalar_neg(&minus, &p->v);
	return times_plus(&minus, &statement, &right);
}

void prover_solve(struct prover *p, char equation, unsigned at)
{
	switch (equation) {
	case 'A':
		p->a1 = wanted(p, 'A', 0);
		break;
	case 'B':
		p->b1[at] = wanted(p, 'B', at);
		break;
	case 'C':
		p->c1 = wanted(p, 'C', 0);
		break;
	case 'D':
		p->d1 = wanted(p, 'D', 0);
		break;
	default:
		for (unsigned k = 0; k < 2; k++)
			p->f1[k] = wanted(p, 'F', k);
	}
}

const char *prover_failing(const struct prover *p)
{
	static char room[6];
	struct text t = TEXT_OF(room);
	bool good[5] = {true, true, true, true, true};
	point w = wanted(p, 'A', 0);
	good[0] = point_equal(&w, &p->a1);
	for (unsigned i = 0; i < p->n; i++) {
		w = wanted(p, 'B', i);
		good[1] = good[1] && point_equal(&w, &p->b1[i]);
	}
	w = wanted(p, 'C', 0);
	good[2] = point_equal(&w, &p->c1);
	w = wanted(p, 'D', 0);
	good[3] = point_equal(&w, &p->d1);
	for (unsigned k = 0; k < 2; k++) {
		w = wanted(p, 'F', k);
		good[4] = good[4] && point_equal(&w, &p->f1[k]);
	}
	for (unsigned i = 0; i < 5; i++)
		text_add_bytes(&t, bytes_of(&"ABCDF"[i], good[i] ? 0 : 1));
	return room;
}

/* --- files --- */

static void put_points(struct tree_writer *w, const point *p, unsigned n)
{
	uint8_t tree[POINT_TREE_BYTES];
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static void put_scalars(struct tree_writer *w, const scalar *k, unsigned n)
{
	uint8_t tree[SCALAR_TREE_BYTES];
	for (unsigned i = 0; i < n; i++) {
		scalars_encode_tree(tree, &k[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static void put_file(struct folder *proof, enum mix_file file, unsigned party,
                     struct tree_writer *w)
{
	election_write(proof, mix_path(file, party).text, tree_written(w));
	w->len = 0;
}

void prover_write(const struct prover *p, struct folder *proof, unsigned party)
{
	uint8_t room[4096];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	for (unsigned k = 0; k < 2; k++) {
		tree_write_node(&w, p->n);
		put_points(&w, p->out[k], p->n);
	}
	put_file(proof, MIX_FILE_LIST, party, &w);
	tree_write_node(&w, p->n);
	put_points(&w, p->u, p->n);
	put_file(proof, MIX_FILE_PERMUTATION, party, &w);
	tree_write_node(&w, 6);
	tree_write_node(&w, p->n);
	put_points(&w, p->b, p->n);
	put_points(&w, &p->a1, 1);
	tree_write_node(&w, p->n);
	put_points(&w, p->b1, p->n);
	put_points(&w, &p->c1, 1);
	put_points(&w, &p->d1, 1);
	tree_write_node(&w, 2);
	put_points(&w, p->f1, 2);
	put_file(proof, MIX_FILE_POS_COMMITMENT, party, &w);
	tree_write_node(&w, 6);
	put_scalars(&w, &p->ka, 1);
	tree_write_node(&w, p->n);
	put_scalars(&w, p->kb, p->n);
	put_scalars(&w, &p->kc, 1);
	put_scalars(&w, &p->kd, 1);
	tree_write_node(&w, p->n);
	put_scalars(&w, p->ke, p->n);
	put_scalars(&w, &p->kf, 1);
	put_file(proof, MIX_FILE_POS_REPLY, party, &w);
}
