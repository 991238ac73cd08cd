/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 4 on the proofs of shuffles and decryptions: forged as the textbook does where a challenge
 * is known before the commitments, and with each thing that is hashed changed alone, with replies
 * that are right for the old challenge. In every case the equations are shown to hold for the
 * challenge that was hoped for, and the verifier names the party.
 */
#include "support/support.h"

#include "attacks/weak_shuffle.h"
#include "unit/protocol/mixnet/recorded.h"

#include <stdio.h>
#include <stdlib.h>

static const unsigned in_order[] = {1, 2};
static const bool both[LIMIT_PARTIES + 1] = {false, true, true};
static struct world w;
static struct recorder recorder;
static struct error err;

static void keep(struct mix_trace *t, unsigned party, const char *name, bytes value)
{
	struct recorder *r = (struct recorder *)(void *)t;
	if (strcmp(name, "bas.h") == 0) {
		assert_true(r->h_len + value.len <= sizeof r->h);
		memcpy(r->h + r->h_len, value.p, value.len);
		r->h_len += value.len;
		return;
	}
	assert_true(r->count < 64 && value.len <= 64);
	struct seen *s = &r->seen[r->count++];
	s->party = party;
	s->len = value.len;
	snprintf(s->name, sizeof s->name, "%s", name);
	memcpy(s->value, value.p, value.len);
}

static const uint8_t *value_of(unsigned party, const char *name)
{
	for (size_t i = 0; i < recorder.count; i++)
		if (recorder.seen[i].party == party && strcmp(recorder.seen[i].name, name) == 0)
			return recorder.seen[i].value;
	fail_msg("no value %s of party %u", name, party);
	return NULL;
}

/* What the verifier says of the shuffles, with its own hashes kept. */
static bool shuffles_hold(void)
{
	struct mix_verify_job job = world_verify_job(&w);
	memset(&recorder, 0, sizeof recorder);
	recorder.trace.value = keep;
	job.trace = &recorder.trace;
	w.findings_count = 0;
	error_clear(&err);
	return mix_verify_shuffles(&job, in_order, 2, NULL, &err);
}

static void exponents(scalar *e, const uint8_t *seed)
{
	struct prg g;
	prg_init(&g, HASH_SHA256, seed);
	for (unsigned i = 0; i < WEAK_N; i++) {
		uint8_t raw[32];
		prg_read_integer(&g, raw, 256);
		scalar_reduce(&e[i], raw, 32);
	}
}

/* After shuffles_hold: h, e and v as hashed. */
static scalar hashed(struct weak_shuffle *s)
{
	scalar v;
	bytes h = bytes_of(recorder.h, recorder.h_len);
	assert_int_equal(h.len, WEAK_N * POINT_TREE_BYTES);
	weak_read_points(s->h, &h, WEAK_N);
	exponents(s->e, value_of(2, "PoS.s"));
	scalar_reduce(&v, value_of(2, "PoS.v"), 32);
	return v;
}

/* Two parties, three ciphertexts, both honest so far. */
static void begin(struct weak_shuffle *s)
{
	world_init(&w, 2, 2, 1, WEAK_N, NULL);
	world_start(&w, MIX_MIXING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	world_shuffle(&w, "proofs/Ciphertexts01.bt", 2);
	s->pk[0] = point_generator();
	s->pk[1] = w.key.y;
	weak_read(s, w.folder, "proofs/Ciphertexts01.bt", 2);
	assert_ok(shuffles_hold(), err);
}

/* Party 2's shuffle is refused, and the whole proof with it, whoever decrypts. */
static void refused(const char *what)
{
	if (shuffles_hold())
		fail_msg("%s: accepted", what);
	assert_int_equal(err.kind, ERROR_REJECTED);
	assert_true(w.findings_count > 0);
	for (size_t i = 0; i < w.findings_count; i++)
		if (w.findings[i].party != 2)
			fail_msg("%s: party %u is named", what, w.findings[i].party);
}

/* --- shuffles --- */

static point any_point(void)
{
	const point g = point_generator();
	const scalar k = weak_scalar();
	point p;
	point_mul_vartime(&p, &k, &g);
	return p;
}

/* Party 2 replaces all votes by others, and proves it for a challenge chosen before. */
static void attack_04_a_shuffle_of_other_votes_with_its_challenge_chosen_first_is_refused(
	void **state)
{
	(void)state;
	struct weak_shuffle s;
	begin(&s);
	for (unsigned i = 0; i < WEAK_N; i++) {
		s.out[0][i] = any_point();
		s.out[1][i] = any_point();
		s.perm[i] = any_point();
		s.b[i] = any_point();
		s.kb[i] = weak_scalar();
		s.ke[i] = weak_scalar();
	}
	s.ka = weak_scalar();
	s.kc = weak_scalar();
	s.kd = weak_scalar();
	s.kf = weak_scalar();
	/* s and e: of list and commitments, which stand; v is hoped for */
	weak_write(&s, w.folder, 2);
	assert_false(shuffles_hold());
	hashed(&s);
	const scalar hope = weak_scalar();
	weak_solve(&s, &hope);
	assert_true(weak_holds(&s, &hope));
	weak_write(&s, w.folder, 2);
	refused("the challenge first");
	const scalar v = hashed(&s);
	assert_false(scalar_equal(&v, &hope));
	assert_false(weak_holds(&s, &v));
	world_decrypt(&w, "proofs/Ciphertexts02.bt", both);
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
	assert_int_equal(w.findings[0].party, 2);
	world_done(&w);
}

/* k·G more, and what it takes in the replies so that every equation stays true for e and v. */
static const char *change(struct weak_shuffle *s, unsigned what, const scalar *v)
{
	const point g = point_generator();
	const scalar k = weak_scalar();
	scalar ve, vk, t;
	point by, by_y;
	unsigned i = (unsigned)test_random_below(WEAK_N);
	point_mul_vartime(&by, &k, &g);
	point_mul_vartime(&by_y, &k, &s->pk[1]);
	scalar_mul(&vk, v, &k);
	scalar_mul(&ve, &vk, &s->e[i]);
	switch (what) {
	case 0: /* u_i: in A and C */
		point_add(&s->perm[i], &s->perm[i], &by);
		scalar_add(&s->ka, &s->ka, &ve);
		scalar_add(&s->kc, &s->kc, &vk);
		return "u";
	case 1: /* an output, re-encrypted once more */
		point_add(&s->out[0][i], &s->out[0][i], &by);
		point_add(&s->out[1][i], &s->out[1][i], &by_y);
		scalar_mul(&t, &s->ke[i], &k);
		scalar_add(&s->kf, &s->kf, &t);
		return "w'";
	case 2:
		point_add(&s->a1, &s->a1, &by);
		scalar_add(&s->ka, &s->ka, &k);
		return "A'";
	case 3:
		point_add(&s->b1[i], &s->b1[i], &by);
		scalar_add(&s->kb[i], &s->kb[i], &k);
		return "B'";
	case 4:
		point_add(&s->c1, &s->c1, &by);
		scalar_add(&s->kc, &s->kc, &k);
		return "C'";
	case 5:
		point_add(&s->d1, &s->d1, &by);
		scalar_add(&s->kd, &s->kd, &k);
		return "D'";
	case 6:
		point_add(&s->f1[0], &s->f1[0], &by);
		point_add(&s->f1[1], &s->f1[1], &by_y);
		scalar_sub(&s->kf, &s->kf, &k);
		return "F'";
	default: /* B_i: in its own equation, the next one's, and D */
		point_add(&s->b[i], &s->b[i], &by);
		scalar_add(&s->kb[i], &s->kb[i], &vk);
		if (i + 1 < WEAK_N) {
			scalar_mul(&t, &s->ke[i + 1], &k);
			scalar_sub(&s->kb[i + 1], &s->kb[i + 1], &t);
		} else {
			scalar_add(&s->kd, &s->kd, &vk);
		}
		return "B";
	}
}

static void attack_04_each_thing_that_a_shuffles_challenge_hashes_is_hashed(void **state)
{
	(void)state;
	struct weak_shuffle honest;
	begin(&honest);
	const scalar v = hashed(&honest);
	assert_true(weak_holds(&honest, &v));
	for (unsigned what = 0; what < 8; what++)
		for (uint64_t n = 0; n < TEST_COUNT(3, 50); n++) {
			struct weak_shuffle s = honest;
			const char *name = change(&s, what, &v);
			if (!weak_holds(&s, &v))
				fail_msg("%s: this test is wrong", name);
			weak_write(&s, w.folder, 2);
			refused(name);
		}
	weak_write(&honest, w.folder, 2);
	assert_ok(shuffles_hold(), err);
	world_done(&w);
}

/* The input is hashed too: party 1's output, re-encrypted once more by party 2 itself, who then
 * proves as before. Party 1 would be named as well, had it not agreed. */
static void attack_04_the_input_and_the_key_of_a_shuffle_are_hashed(void **state)
{
	(void)state;
	struct weak_shuffle s;
	begin(&s);
	const scalar v = hashed(&s), k = weak_scalar();
	scalar ve;
	point by, by_y;
	point_mul_vartime(&by, &k, &s.pk[0]);
	point_mul_vartime(&by_y, &k, &s.pk[1]);
	point_add(&s.w[0][0], &s.w[0][0], &by);
	point_add(&s.w[1][0], &s.w[1][0], &by_y);
	scalar_mul(&ve, &v, &s.e[0]);
	scalar_mul(&ve, &ve, &k);
	scalar_sub(&s.kf, &s.kf, &ve);
	assert_true(weak_holds(&s, &v));
	uint8_t room[1024];
	struct tree_writer t = TREE_WRITER(room);
	tree_write_node(&t, 2);
	weak_write_points(&t, s.w[0], WEAK_N);
	weak_write_points(&t, s.w[1], WEAK_N);
	world_write(w.folder, "proofs/Ciphertexts01.bt", tree_written(&t));
	weak_write(&s, w.folder, 2);
	assert_false(shuffles_hold());
	bool named = false;
	for (size_t i = 0; i < w.findings_count; i++)
		named |= w.findings[i].party == 2;
	assert_true(named);
	world_done(&w);
}

/* rho binds the election's name, the list's, and the lengths; the key is the session's. */
static void attack_04_a_shuffle_of_another_election_list_or_key_is_refused(void **state)
{
	(void)state;
	struct weak_shuffle s;
	begin(&s);
	const struct mix_session right = w.session;
	for (unsigned i = 0; i < 5; i++) {
		w.session = right;
		if (i == 0)
			w.session.sid[4] ^= 1;
		else if (i == 1)
			w.session.auxsid[1] = '2';
		else if (i == 2)
			w.session.statdist++;
		else if (i == 3)
			w.session.vbits += 8;
		else
			w.session.ebits += 8;
		assert_false(shuffles_hold());
		assert_int_equal(err.kind, ERROR_REJECTED);
	}
	w.session = right;
	struct mix_key other = w.key;
	struct mix_verify_job job = world_verify_job(&w);
	other.y = other.polynomial[0] = any_point();
	job.expected.key = &other;
	assert_fails(mix_verify_shuffles(&job, in_order, 2, NULL, &err), err, ERROR_REJECTED);
	assert_ok(shuffles_hold(), err);
	world_done(&w);
}

/* --- decryption --- */

struct weak_decryption {
	point a, b, y1, b1, y; /* Σ e·u, Σ e·f, the commitment, y_l */
	scalar k, mu_inverse;
};

/* −(v/μ)·y_l + y' = k·G  and  v·B + B' = k·A */
static bool decryption_holds(const struct weak_decryption *d, const scalar *v)
{
	point first, second, k_g, k_a;
	const point g = point_generator();
	scalar c;
	scalar_mul(&c, v, &d->mu_inverse);
	scalar_neg(&c, &c);
	point_mul_vartime(&first, &c, &d->y);
	point_add(&first, &first, &d->y1);
	point_mul_vartime(&second, v, &d->b);
	point_add(&second, &second, &d->b1);
	point_mul_vartime(&k_g, &d->k, &g);
	point_mul_vartime(&k_a, &d->k, &d->a);
	return point_equal(&first, &k_g) && point_equal(&second, &k_a);
}

static void decryption_solve(struct weak_decryption *d, const scalar *v)
{
	const point g = point_generator();
	scalar c;
	scalar_mul(&c, v, &d->mu_inverse);
	point_mul_vartime(&d->y1, &c, &d->y);
	weak_add(&d->y1, &d->k, &g);
	point_mul_vartime(&d->b1, &d->k, &d->a);
	weak_sub(&d->b1, v, &d->b);
}

static void write_commitment(const struct weak_decryption *d)
{
	uint8_t room[256];
	struct tree_writer t = TREE_WRITER(room);
	tree_write_node(&t, 2);
	weak_write_points(&t, &d->y1, 1);
	weak_write_points(&t, &d->b1, 1);
	world_write(w.folder, mix_path(MIX_FILE_DECRYPTION_COMMITMENT, 2).text, tree_written(&t));
}

static void write_reply(const struct weak_decryption *d)
{
	uint8_t room[64];
	struct tree_writer t = TREE_WRITER(room);
	weak_write_scalars(&t, &d->k, 1);
	world_write(w.folder, mix_path(MIX_FILE_DECRYPTION_REPLY, 2).text, tree_written(&t));
}

/* e, A and B from the files; s is the hash of list, key and all factors. */
static void sum_up(struct weak_decryption *d)
{
	point u[WEAK_N], f[WEAK_N];
	scalar e[WEAK_N];
	bytes at = world_read(w.folder, "proofs/Ciphertexts02.bt");
	weak_read_points(u, &at, WEAK_N);
	at = world_read(w.folder, mix_path(MIX_FILE_FACTORS, 2).text);
	weak_read_points(f, &at, WEAK_N);
	exponents(e, value_of(0, "Dec.s"));
	d->a = d->b = point_infinity();
	for (unsigned i = 0; i < WEAK_N; i++) {
		weak_add(&d->a, &e[i], &u[i]);
		weak_add(&d->b, &e[i], &f[i]);
	}
	mix_key_share_vartime(&d->y, &w.key, &w.session, 2);
	decryption_mu_inverse(&d->mu_inverse, 2);
}

/* Everything after the factors, which lie there; party 2 as it likes, party 1 honestly. */
static void decrypt_on(struct weak_decryption *d, const scalar *hope)
{
	struct decryption_nonce nonce = {0};
	memset(&recorder, 0, sizeof recorder);
	recorder.trace.value = keep;
	w.trace = &recorder.trace;
	struct decryption_job job = world_decryption_job(&w, "proofs/Ciphertexts02.bt");
	assert_ok(decryption_commit(&job, 1, test_rng(), &nonce, &err), err);
	sum_up(d);
	d->k = weak_scalar();
	decryption_solve(d, hope);
	assert_true(decryption_holds(d, hope));
	write_commitment(d);
	assert_ok(decryption_reply(&job, &w.share[1], &nonce, &err), err);
	write_reply(d);
	w.trace = NULL;
	error_clear(&err);
	assert_ok(decryption_combine(&job, both, &err), err);
}

/* Party 2 shifts a factor, so that a vote opens as another, and proves it for a hoped-for v. */
static void attack_04_a_decryption_with_its_challenge_chosen_first_is_refused(void **state)
{
	(void)state;
	struct weak_shuffle s;
	struct weak_decryption d;
	begin(&s);
	struct decryption_job job = world_decryption_job(&w, "proofs/Ciphertexts02.bt");
	for (unsigned l = 1; l <= 2; l++)
		assert_ok(decryption_factors(&job, l, &w.share[l], &err), err);
	point f[WEAK_N];
	const point g = point_generator();
	bytes at = world_read(w.folder, mix_path(MIX_FILE_FACTORS, 2).text);
	weak_read_points(f, &at, WEAK_N);
	point_add(&f[0], &f[0], &g);
	uint8_t room[1024];
	struct tree_writer t = TREE_WRITER(room);
	weak_write_points(&t, f, WEAK_N);
	world_write(w.folder, mix_path(MIX_FILE_FACTORS, 2).text, tree_written(&t));
	const scalar hope = weak_scalar();
	decrypt_on(&d, &hope);
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
	bool named = false;
	for (size_t i = 0; i < w.findings_count; i++) {
		assert_int_equal(w.findings[i].party, 2);
		named |= w.findings[i].check == MIX_CHECK_DECRYPTION_COMMITMENT ||
		         w.findings[i].check == MIX_CHECK_DECRYPTION_FACTORS;
	}
	assert_true(named);
	world_done(&w);
}

/* The commitment of party 2 shifted by k, and its reply with it: right for the old v. */
static void attack_04_each_commitment_of_a_decryption_is_hashed(void **state)
{
	(void)state;
	struct weak_shuffle s;
	struct weak_decryption d;
	scalar v;
	begin(&s);
	memset(&recorder, 0, sizeof recorder);
	recorder.trace.value = keep;
	world_decrypt(&w, "proofs/Ciphertexts02.bt", both);
	w.trace = &recorder.trace;
	assert_ok(world_verify(&w, NULL, &err), err);
	w.trace = NULL;
	scalar_reduce(&v, value_of(0, "Dec.v"), 32);
	sum_up(&d);
	bytes at = world_read(w.folder, mix_path(MIX_FILE_DECRYPTION_COMMITMENT, 2).text);
	weak_read_points(&d.y1, &at, 1);
	weak_read_points(&d.b1, &at, 1);
	at = world_read(w.folder, mix_path(MIX_FILE_DECRYPTION_REPLY, 2).text);
	weak_read_scalars(&d.k, &at, 1);
	assert_true(decryption_holds(&d, &v));
	const scalar k = weak_scalar();
	const point g = point_generator();
	weak_add(&d.y1, &k, &g);
	weak_add(&d.b1, &k, &d.a);
	scalar_add(&d.k, &d.k, &k);
	assert_true(decryption_holds(&d, &v));
	write_commitment(&d);
	write_reply(&d);
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
	assert_true(w.findings_count > 0);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			attack_04_a_shuffle_of_other_votes_with_its_challenge_chosen_first_is_refused),
		cmocka_unit_test(attack_04_each_thing_that_a_shuffles_challenge_hashes_is_hashed),
		cmocka_unit_test(attack_04_the_input_and_the_key_of_a_shuffle_are_hashed),
		cmocka_unit_test(attack_04_a_shuffle_of_another_election_list_or_key_is_refused),
		cmocka_unit_test(attack_04_a_decryption_with_its_challenge_chosen_first_is_refused),
		cmocka_unit_test(attack_04_each_commitment_of_a_decryption_is_hashed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
