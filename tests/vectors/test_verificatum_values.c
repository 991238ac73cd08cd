/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every value Verificatum's verifier prints for a proof, against ours: rho, generators, seeds and
 * challenges from the verifier's trace, proof components from the files, batched values computed
 * from them.
 */
#include "unit/protocol/mixnet/recorded.h"

#include "hash/bytetree.h"

#include <stdio.h>

#define N_MAX RECORDED_N_MAX

/* Numbers one after the other in the leaves of a tree: points give x and y, scalars themselves. */
struct leaves {
	bytes tree;
	size_t at;
};

static bool next_leaf(struct leaves *l, uint8_t out[static 32])
{
	while (l->at < l->tree.len && l->tree.p[l->at] == 0)
		l->at += TREE_HEADER_BYTES;
	if (l->at >= l->tree.len)
		return false;
	assert_int_equal(l->tree.p[l->at], 1);
	assert_int_equal(load_be32(l->tree.p + l->at + 1), 33);
	memcpy(out, l->tree.p + l->at + TREE_HEADER_BYTES + 1, 32);
	l->at += TREE_HEADER_BYTES + 33;
	return true;
}

/* The recorded value is what stands next in the leaves. */
static void same_next(struct leaves *l, const char *value, const char *name)
{
	uint8_t want[32], got[32];
	size_t count = 0;
	for (; next_number(&value, want); count++) {
		assert_true(next_leaf(l, got));
		if (memcmp(want, got, 32) != 0)
			fail_msg("%s: number %zu is %s, not %s", name, count, test_hex(BYTES_OF(got)),
			         test_hex(BYTES_OF(want)));
	}
	assert_true(count > 0);
}

static void same_points(const point *p, size_t count, const char *value, const char *name)
{
	uint8_t raw[2 * N_MAX * POINT_TREE_BYTES];
	assert_true(count <= 2 * N_MAX);
	points_encode_tree(raw, p, count);
	struct leaves l = {bytes_of(raw, count * POINT_TREE_BYTES), 0};
	same_next(&l, value, name);
	assert_int_equal(l.at, l.tree.len);
}

/* The shares of the first λ parties are printed, and only where something is decrypted. */
static void same_keys(struct recorded_proof *p, bool decrypts)
{
	point y[LIMIT_PARTIES], pair[2] = {point_generator(), p->w.key.y};
	for (unsigned l = 1; l <= p->w.session.threshold; l++)
		mix_key_share_vartime(&y[l - 1], &p->w.key, &p->w.session, l);
	same_points(pair, 2, recorded(p->text, 0, "bas.pk"), "bas.pk");
	if (decrypts)
		same_points(y, p->w.session.threshold, recorded(p->text, 0, "bas.y_l"), "bas.y_l");
}

struct column {
	point *out;
	uint64_t n;
};

static bool collect(void *ctx, unsigned column, uint64_t first, point *p, size_t count,
                    struct error *err)
{
	(void)err;
	struct column *c = ctx;
	memcpy(c->out + column * c->n + first, p, count * sizeof *p);
	return true;
}

static void read_column(struct recorded_proof *p, const char *path, enum mix_list kind,
                        uint32_t width, point *out)
{
	struct error err;
	struct column c = {out, p->w.n};
	assert_ok(mix_list_read(p->w.folder, path, kind, p->w.n, width, collect, &c, &p->w.arena, &err),
	          err);
}

static void sum_of(point *out, const point *p, const scalar *k, size_t n)
{
	*out = point_infinity();
	for (size_t i = 0; i < n; i++) {
		point term;
		point_mul_vartime(&term, &k[i], &p[i]);
		point_add(out, out, &term);
	}
}

/* A = Σ e_i·u_i, F = Σ e_i·w_i, C = Σ u_i − Σ h_i, D = B_{N−1} − (Π e_i)·h_0, by the book. */
static void same_batched_values(struct recorded_proof *p, unsigned party, struct mix_path input)
{
	static point u[N_MAX], w[4 * N_MAX], b[N_MAX], h[2 * N_MAX];
	scalar e[N_MAX], product = scalar_one;
	point a, c, d, f[4];
	size_t n = (size_t)p->w.n, columns = 2 * p->w.session.width;
	struct error err;
	struct prg g;
	prg_init(&g, p->w.session.prg, seen(p->r, party, "PoS.s")->value);
	for (size_t i = 0; i < n; i++) {
		uint8_t raw[32];
		prg_read_integer(&g, raw, 256);
		scalar_reduce(&e[i], raw, 32);
		scalar_mul(&product, &product, &e[i]);
	}
	read_column(p, mix_path(MIX_FILE_PERMUTATION, party).text, MIX_LIST_PLAINTEXTS, 1, u);
	read_column(p, input.text, MIX_LIST_CIPHERTEXTS, p->w.session.width, w);
	assert_ok(points_decode_tree(h, bytes_of(p->r->h, n * POINT_TREE_BYTES), n, POINT_FINITE, &err),
	          err);
	bytes commitment = world_read(p->w.folder, mix_path(MIX_FILE_POS_COMMITMENT, party).text);
	assert_ok(points_decode_tree(b, bytes_of(commitment.p + 10, n * POINT_TREE_BYTES), n,
	                             POINT_FINITE, &err),
	          err);
	sum_of(&a, u, e, n);
	same_points(&a, 1, recorded(p->text, party, "PoS.A"), "PoS.A");
	for (size_t i = 0; i < columns; i++)
		sum_of(&f[i], w + i * n, e, n);
	same_points(f, columns, recorded(p->text, party, "PoS.F"), "PoS.F");
	c = point_infinity();
	for (size_t i = 0; i < n; i++) {
		point_add(&c, &c, &u[i]);
		point_sub(&c, &c, &h[i]);
	}
	same_points(&c, 1, recorded(p->text, party, "PoS.C"), "PoS.C");
	point_mul_vartime(&d, &product, &h[0]);
	point_sub(&d, &b[n - 1], &d);
	same_points(&d, 1, recorded(p->text, party, "PoS.D"), "PoS.D");
}

static void same_file(struct recorded_proof *p, struct mix_path path, unsigned party,
                      const char *const *names)
{
	struct leaves l = {world_read(p->w.folder, path.text), 0};
	uint8_t more[32];
	for (; *names; names++) {
		/* k_E is not printed: its array stands before k_F. */
		if (strcmp(*names, "PoS.k_F") == 0) {
			for (uint64_t i = 0; i < p->w.n; i++)
				assert_true(next_leaf(&l, more));
		}
		same_next(&l, recorded(p->text, party, *names), *names);
	}
	assert_false(next_leaf(&l, more));
}

static void same_proof_of_shuffle(struct recorded_proof *p, unsigned party)
{
	static const char *const u[] = {"u", NULL};
	static const char *const commitment[] = {"PoS.B",  "PoS.Ap", "PoS.Bp", "PoS.Cp",
	                                         "PoS.Dp", "PoS.Fp", NULL};
	static const char *const reply[] = {"PoS.k_A", "PoS.k_B", "PoS.k_C",
	                                    "PoS.k_D", "PoS.k_F", NULL};
	char list[16];
	snprintf(list, sizeof list, "bas.L_%u", party);
	const char *const lists[] = {list, NULL};
	same_value(p, party, "PoS.s");
	same_value(p, party, "PoS.v");
	same_file(p, mix_path(MIX_FILE_PERMUTATION, party), party, u);
	same_file(p, mix_path(MIX_FILE_LIST, party), party, lists);
	same_file(p, mix_path(MIX_FILE_POS_COMMITMENT, party), party, commitment);
	same_file(p, mix_path(MIX_FILE_POS_REPLY, party), party, reply);
	same_batched_values(
		p, party, party == 1 ? mix_path(MIX_FILE_INPUT, 0) : mix_path(MIX_FILE_LIST, party - 1));
}

static void same_common(struct recorded_proof *p, bool shuffles, bool decrypts)
{
	same_value(p, 0, "der.rho");
	same_keys(p, decrypts);
	if (shuffles) {
		struct leaves h = {bytes_of(p->r->h, p->r->h_len), 0};
		same_next(&h, recorded(p->text, 0, "bas.h"), "bas.h");
		assert_int_equal(h.at, h.tree.len);
	}
	if (decrypts) {
		same_value(p, 0, "Dec.s");
		same_value(p, 0, "Dec.v");
	}
}

static void same_mix(const char *set, unsigned shuffles)
{
	struct recorded_proof p;
	open_recorded(&p, set, "default");
	same_common(&p, true, strstr(p.text, "Dec.s") != NULL);
	for (unsigned party = 1; party <= shuffles; party++)
		same_proof_of_shuffle(&p, party);
	close_recorded(&p);
}

static void all_values_of_mixes_are_the_recorded_ones(void **state)
{
	(void)state;
	same_mix("p1t1-n10", 1);
	same_mix("p2t2-n1", 2);
	same_mix("p2t2-n2", 2);
	same_mix("p2t2-n10", 2);
	same_mix("p2t2-n100", 2);
	same_mix("p3t2-n10", 2);
	same_mix("p3t2-n100", 2);
	same_mix("p3t2-n10-party3-inactive", 2);
}

static void all_values_of_a_wide_mix_are_the_recorded_ones(void **state)
{
	(void)state;
	same_mix("p2t2-n10-width2", 2);
}

static void all_values_of_separate_sessions_are_the_recorded_ones(void **state)
{
	(void)state;
	struct recorded_proof p;
	same_mix("p2t2-n10-shuffle-then-decrypt", 2);
	open_recorded(&p, "p2t2-n10-shuffle-then-decrypt", "dec");
	same_common(&p, false, true);
	close_recorded(&p);
}

static void seeds_and_challenges_of_precomputation_are_the_recorded_ones(void **state)
{
	(void)state;
	struct recorded_proof p;
	open_recorded(&p, "p2t2-n10-precomp", "default");
	same_common(&p, true, true);
	for (unsigned party = 1; party <= 2; party++) {
		same_value(&p, party, "PoSC.s");
		same_value(&p, party, "PoSC.v");
		same_value(&p, party, "CCPoS.s");
		same_value(&p, party, "CCPoS.v");
	}
	close_recorded(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_values_of_mixes_are_the_recorded_ones),
		cmocka_unit_test(all_values_of_a_wide_mix_are_the_recorded_ones),
		cmocka_unit_test(all_values_of_separate_sessions_are_the_recorded_ones),
		cmocka_unit_test(seeds_and_challenges_of_precomputation_are_the_recorded_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
