/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "attacks/keys/opener.h"

#include "hash/bytetree.h"
#include "record/proof.h"

#include <stdlib.h>

static struct error err;

/* μ = lcm(1 … n)² */
static scalar mu_of(unsigned parties)
{
	uint64_t lcm = 1;
	for (uint64_t i = 2; i <= parties; i++) {
		uint64_t step = lcm;
		while (lcm % i)
			lcm += step;
	}
	scalar root = scalar_of_u64(lcm), mu;
	scalar_mul(&mu, &root, &root);
	return mu;
}

static void read_list(struct opener *o)
{
	bytes file = election_read(&o->f->proof.folder, mix_path(MIX_FILE_LIST, o->f->last).text);
	const size_t half = (file.len - 3 * TREE_HEADER_BYTES) / 2;
	o->n = (unsigned)(half / POINT_TREE_BYTES);
	assert_true(o->n >= 1 && o->n <= PROVER_MAX);
	assert_ok(points_decode_tree(o->u, bytes_of(file.p + 2 * TREE_HEADER_BYTES, half), o->n,
	                             POINT_FINITE, &err),
	          err);
	assert_ok(points_decode_tree(o->v_of, bytes_of(file.p + 3 * TREE_HEADER_BYTES + half, half),
	                             o->n, POINT_FINITE, &err),
	          err);
	drop(file);
}

void opener_begin(struct opener *o, struct forgery *f, const char *active)
{
	scalar mu;
	error_clear(&err);
	*o = (struct opener){.f = f, .parties = f->e->parties};
	mix_rho(o->rho, &f->session);
	mu = mu_of(o->parties);
	scalar_invert(&o->mu_inverse, &mu);
	for (const char *p = active; *p; p++)
		o->active[*p - '0'] = o->marked[*p - '0'] = true;
	for (unsigned l = 1; l <= o->parties; l++)
		o->share[l] = f->e->party[l - 1].share.secret;
	read_list(o);
}

void opener_factors(struct opener *o)
{
	for (unsigned l = 1; l <= o->parties; l++) {
		scalar x;
		scalar_mul(&x, &o->share[l], &o->mu_inverse);
		scalar_neg(&x, &x);
		for (unsigned i = 0; i < o->n; i++)
			o->factors[l][i] = o->active[l] ? times(&x, &o->u[i]) : point_infinity();
	}
}

/* --- hashes --- */

static void hash_points(struct oracle *h, const point *p, unsigned n)
{
	uint8_t tree[POINT_TREE_BYTES];
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		hash_update(&h->h, BYTES_OF(tree));
	}
}

static void begin_hash(struct oracle *h, const struct opener *o)
{
	oracle_init(h, HASH_SHA256, 256);
	oracle_update(h, bytes_of(o->rho, 32));
	tree_hash_node(&h->h, 2);
}

void opener_seed(struct opener *o)
{
	struct oracle h;
	struct prg g;
	const point base = point_generator();
	begin_hash(&h, o);
	tree_hash_node(&h.h, 2);
	hash_points(&h, &base, 1);
	tree_hash_node(&h.h, 2);
	tree_hash_node(&h.h, o->n);
	hash_points(&h, o->u, o->n);
	tree_hash_node(&h.h, o->n);
	hash_points(&h, o->v_of, o->n);
	tree_hash_node(&h.h, 2);
	tree_hash_node(&h.h, o->f->session.threshold);
	hash_points(&h, o->f->key.polynomial, o->f->session.threshold);
	tree_hash_node(&h.h, o->parties);
	for (unsigned l = 1; l <= o->parties; l++) {
		tree_hash_node(&h.h, o->n);
		if (!o->weak_seed)
			hash_points(&h, o->factors[l], o->n);
	}
	oracle_finish(&h, o->seed);
	prg_init(&g, HASH_SHA256, o->seed);
	o->a = point_infinity();
	for (unsigned i = 0; i < o->n; i++) {
		uint8_t raw[32];
		prg_read_integer(&g, raw, 256);
		scalar_reduce(&o->e[i], raw, sizeof raw);
		point part = times(&o->e[i], &o->u[i]);
		o->a = plus(&o->a, &part);
	}
}

void opener_challenge(struct opener *o)
{
	struct oracle h;
	uint8_t raw[32];
	begin_hash(&h, o);
	tree_hash_leaf(&h.h, BYTES_OF(o->seed));
	tree_hash_node(&h.h, o->parties);
	for (unsigned l = 1; l <= o->parties && !o->weak_challenge; l++) {
		tree_hash_node(&h.h, 2);
		hash_points(&h, &o->y1[l], 1);
		hash_points(&h, &o->b1[l], 1);
	}
	oracle_finish(&h, raw);
	scalar_reduce(&o->v, raw, sizeof raw);
}

/* --- steps --- */

void opener_commit(struct opener *o)
{
	const point g = point_generator();
	for (unsigned l = 1; l <= o->parties; l++) {
		o->r[l] = random_scalar();
		o->y1[l] = o->active[l] ? times(&o->r[l], &g) : point_infinity();
		o->b1[l] = o->active[l] ? times(&o->r[l], &o->a) : point_infinity();
	}
}

void opener_replies(struct opener *o)
{
	for (unsigned l = 1; l <= o->parties; l++) {
		scalar x;
		scalar_mul(&x, &o->share[l], &o->mu_inverse);
		scalar_neg(&x, &x);
		o->k[l] = scalar_zero;
		if (o->active[l])
			scalar_mul_add(&o->k[l], &x, &o->v, &o->r[l]);
	}
}

static bool is_counted(const struct opener *o, unsigned party)
{
	unsigned before = 0;
	for (unsigned l = 1; l < party; l++)
		before += o->marked[l];
	return o->marked[party] && before < o->f->session.threshold;
}

scalar opener_coefficient(const struct opener *o, unsigned party)
{
	scalar c = mu_of(o->parties), l = scalar_of_u64(party);
	for (unsigned j = 1; j <= o->parties; j++) {
		scalar x = scalar_of_u64(j), gap;
		if (j == party || !is_counted(o, j))
			continue;
		scalar_sub(&gap, &x, &l);
		scalar_invert(&gap, &gap);
		scalar_mul(&c, &c, &x);
		scalar_mul(&c, &c, &gap);
	}
	return c;
}

void opener_plaintexts(struct opener *o)
{
	for (unsigned i = 0; i < o->n; i++) {
		o->plaintexts[i] = o->v_of[i];
		for (unsigned l = 1; l <= o->parties; l++) {
			scalar c = opener_coefficient(o, l);
			point part = times(&c, &o->factors[l][i]);
			if (is_counted(o, l))
				o->plaintexts[i] = plus(&o->plaintexts[i], &part);
		}
	}
}

void opener_run(struct opener *o)
{
	opener_factors(o);
	opener_seed(o);
	opener_commit(o);
	opener_challenge(o);
	opener_replies(o);
	opener_plaintexts(o);
}

/* --- the equations --- */

/* What y' or B' must be for the reply. */
static point wanted(const struct opener *o, unsigned party, bool over_g)
{
	const point g = point_generator();
	point right = times(&o->k[party], over_g ? &g : &o->a), statement = point_infinity();
	scalar by = o->v;
	if (over_g) {
		statement = o->f->e->key.shares[party - 1];
		scalar_mul(&by, &by, &o->mu_inverse);
	} else {
		for (unsigned i = 0; i < o->n; i++) {
			point part = times(&o->e[i], &o->factors[party][i]);
			statement = plus(&statement, &part);
		}
		scalar_neg(&by, &by);
	}
	point moved = times(&by, &statement);
	return plus(&right, &moved);
}

void opener_solve(struct opener *o, unsigned party)
{
	o->y1[party] = wanted(o, party, true);
	o->b1[party] = wanted(o, party, false);
}

static const char *letters(bool g, bool a)
{
	return g ? a ? "" : "A" : a ? "G" : "GA";
}

const char *opener_failing(const struct opener *o, unsigned party)
{
	point g = wanted(o, party, true), a = wanted(o, party, false);
	return letters(point_equal(&g, &o->y1[party]), point_equal(&a, &o->b1[party]));
}

const char *opener_failing_together(const struct opener *o)
{
	point g = point_infinity(), a = point_infinity();
	for (unsigned l = 1; l <= o->parties; l++) {
		scalar c = opener_coefficient(o, l);
		point part = wanted(o, l, true), other = wanted(o, l, false);
		if (!is_counted(o, l))
			continue;
		point_sub(&part, &part, &o->y1[l]);
		point_sub(&other, &other, &o->b1[l]);
		part = times(&c, &part);
		other = times(&c, &other);
		g = plus(&g, &part);
		a = plus(&a, &other);
	}
	return letters(point_is_infinity(&g), point_is_infinity(&a));
}

/* --- files --- */

static void put(struct opener *o, enum mix_file file, unsigned party, bytes content)
{
	election_write(&o->f->proof.folder, mix_path(file, party).text, content);
}

static bytes points_of(uint8_t *room, const point *p, unsigned n)
{
	tree_put_node(room, n);
	points_encode_tree(room + TREE_HEADER_BYTES, p, n);
	return bytes_of(room, TREE_HEADER_BYTES + n * (size_t)POINT_TREE_BYTES);
}

static void put_files(struct opener *o)
{
	uint8_t room[TREE_HEADER_BYTES + PROVER_MAX * POINT_TREE_BYTES];
	uint8_t flags[TREE_HEADER_BYTES + OPENER_PARTIES];
	for (unsigned l = 1; l <= o->parties; l++) {
		const point both[2] = {o->y1[l], o->b1[l]};
		put(o, MIX_FILE_FACTORS, l, points_of(room, o->factors[l], o->n));
		put(o, MIX_FILE_DECRYPTION_COMMITMENT, l, points_of(room, both, 2));
		scalars_encode_tree(room, &o->k[l], 1);
		put(o, MIX_FILE_DECRYPTION_REPLY, l, bytes_of(room, SCALAR_TREE_BYTES));
		flags[TREE_HEADER_BYTES + l] = o->marked[l];
	}
	put(o, MIX_FILE_PLAINTEXTS, 0, points_of(room, o->plaintexts, o->n));
	tree_put_leaf(flags, o->parties + 1);
	flags[TREE_HEADER_BYTES] = 1;
	put(o, MIX_FILE_CORRECT, 0, bytes_of(flags, TREE_HEADER_BYTES + o->parties + 1));
}

void opener_write(struct opener *o)
{
	struct election *e = o->f->e;
	const struct statement_attempt about = {&e->key.eid, "l1", 1};
	bool active[LIMIT_PARTIES + 1] = {false};
	digest parts[LIMIT_PARTIES], said[3], last;
	static const char *const kinds[] = {"ready", "factors", "commitments"};
	put_files(o);
	for (unsigned l = 1; l <= o->parties; l++)
		active[l] = o->active[l];
	assert_ok(proof_digest(&last, e->record, 0, MIX_FILE_LIST, o->f->last, &err), err);
	said[0] = statement_ready(&about, &last, active, o->parties);
	assert_ok(proof_digests(parts, e->record, 0, MIX_FILE_FACTORS, o->parties, &err), err);
	said[1] = statement_factors(&about, parts, o->parties);
	assert_ok(proof_digests(parts, e->record, 0, MIX_FILE_DECRYPTION_COMMITMENT, o->parties, &err),
	          err);
	said[2] = statement_commitments(&about, parts, o->parties);
	for (unsigned l = 1; l <= o->parties; l++)
		for (unsigned i = 0; i < 3 && active[l]; i++)
			forgery_sign(o->f, "l1", kinds[i], l, &said[i], 1);
}
