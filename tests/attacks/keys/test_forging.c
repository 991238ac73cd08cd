/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks 34 and 38: shuffles that are false and yet satisfy all five equations, if only the
 * verifier took the prover's generators, or left something out of a hash. The prover's own
 * evaluation says that they hold; everybody else refuses.
 */
#include "support/support.h"

#include "attacks/keys/mixing.h"
#include "attacks/keys/second.h"

/* --- 34 --- */

/*
 * Generators whose logarithms the mixer knows. Then u, B and the rest can be opened as anything:
 * a vote is multiplied by 2, so that it decrypts to nonsense, and no commitment is in the way.
 */
static scalar known[PROVER_MAX];

static scalar logarithm_of_u(unsigned j)
{
	scalar log = p.r[j];
	for (unsigned i = 0; i < p.n; i++)
		scalar_mul_add(&log, &p.m[i][j], &known[i], &log);
	return log;
}

/* e' that fits the output instead of what was committed to. */
static void open_by_trapdoor(void)
{
	scalar a = scalar_zero, c = scalar_zero, mine = scalar_one, true_one = scalar_one, part;
	for (unsigned j = 0; j < p.n; j++) {
		scalar log = logarithm_of_u(j);
		scalar_mul_add(&a, &p.e[j], &log, &a);
		scalar_mul(&part, &p.permuted[j], &known[j]);
		scalar_sub(&a, &a, &part);
		scalar_add(&c, &c, &log);
		scalar_sub(&c, &c, &known[j]);
		scalar_mul(&mine, &mine, &p.permuted[j]);
		scalar_mul(&true_one, &true_one, &p.e[j]);
	}
	p.of_a = a;
	p.of_c = c;
	scalar_sub(&mine, &mine, &true_one);
	scalar_mul_add(&p.of_d, &mine, &known[0], &p.of_d);
}

static void attack_34_generators_with_a_trapdoor_prove_anything_and_are_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	begin();
	for (unsigned i = 0; i < p.n; i++) {
		known[i] = random_scalar();
		p.h[i] = times(&known[i], &g);
	}
	unsigned a = input_of(0);
	p.o[0][a] = scalar_of_u64(2);
	prover_list(&p);
	prover_permutation(&p);
	prover_seed(&p);
	scalar half = fraction(1, 2);
	scalar_mul(&p.permuted[0], &p.permuted[0], &half);
	prover_commitments(&p);
	open_by_trapdoor();
	prover_challenge(&p);
	prover_replies(&p);
	assert_string_equal(prover_failing(&p), ""); /* a perfect proof, of a false statement */
	is_refused("A");
	/* for that proof, with the generators that everybody derives, nothing holds */
	prover_generators(&p);
	assert_string_equal(prover_failing(&p), "ABCD");
}

/* There is no place in a record where generators could be given. */
static void attack_34_generators_in_the_record_do_not_belong_there(void **state)
{
	(void)state;
	static const char *const places[] = {"Generators.bt", "proofs/Generators.bt", "proofs/bas.h"};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		begin();
		prover_run(&p);
		prover_write(&p, &f.proof.folder, 2);
		forgery_sign_mix(&f, 2, LIST_1, 2);
		forgery_decrypt(&f, "12");
		election_write(&f.proof.folder, places[i], BYTES_LITERAL("h"));
		forgery_result(&f, "12");
		refused_by_verifier(&e, "8.2", "does not belong to the proof", NULL);
	}
}

/* --- 38 --- */

/* The challenge is chosen first, and everything else made to fit it. */
static void attack_38_a_challenge_chosen_before_the_commitments_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	begin();
	prover_list(&p);
	p.out[1][0] = plus(&p.out[1][0], &g);
	prover_permutation(&p);
	prover_seed(&p);
	prover_commitments(&p); /* B; the rest is replaced */
	p.v = random_scalar();
	prover_replies(&p);
	prover_solve(&p, 'A', 0);
	prover_solve(&p, 'C', 0);
	prover_solve(&p, 'D', 0);
	prover_solve(&p, 'F', 0);
	for (unsigned i = 0; i < p.n; i++)
		prover_solve(&p, 'B', i);
	assert_string_equal(prover_failing(&p), "");
	is_refused("A");
}

/* A commitment that is not in the hash is chosen last: whatever it stands for is proved. */
static void forge(enum hidden hidden, const char *equations)
{
	p.hidden = hidden;
	prover_challenge(&p);
	prover_replies(&p);
	for (const char *x = equations; *x; x++)
		prover_solve(&p, *x, *x == 'B' ? p.n - 1 : 0);
	assert_string_equal(prover_failing(&p), "");
	is_refused("A");
	p.hidden = 0; /* the true challenge */
	prover_challenge(&p);
	assert_int_not_equal(strlen(prover_failing(&p)), 0);
}

static void attack_38_a_commitment_to_A_made_after_the_challenge_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	prover_permutation(&p);
	/* another permutation than that of u */
	p.m[0][a] = p.o[0][a] = p.m[1][b] = p.o[1][b] = scalar_zero;
	p.m[0][b] = p.o[0][b] = p.m[1][a] = p.o[1][a] = scalar_one;
	prover_list(&p);
	prover_seed(&p);
	prover_commitments(&p);
	forge(HIDE_A, "A");
}

/* No permutation; the chain ends in the right product all the same, one link being false. */
static void attack_38_a_commitment_to_B_made_after_the_challenge_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	scalar all = scalar_one, minus, two = scalar_of_u64(2);
	begin();
	unsigned a = input_of(0), b = input_of(1);
	scalar_neg(&minus, &scalar_one);
	p.m[0][a] = two;
	p.m[0][b] = minus;
	p.m[1][a] = scalar_one;
	p.m[1][b] = p.o[0][a] = scalar_zero;
	p.o[0][b] = minus;
	p.o[1][a] = scalar_one;
	p.o[1][b] = two;
	prover_list(&p);
	prover_permutation(&p);
	prover_seed(&p);
	prover_commitments(&p);
	for (unsigned i = 0; i < p.n; i++)
		scalar_mul(&all, &all, &p.e[i]);
	p.of_d = random_scalar();
	point last = times(&all, &p.h[0]), masked = times(&p.of_d, &g);
	p.b[p.n - 1] = plus(&last, &masked);
	forge(HIDE_B, "B");
}

static void attack_38_a_commitment_to_C_made_after_the_challenge_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	/* scaled against each other, so that the product is right */
	p.m[0][a] = p.o[1][b] = scalar_of_u64(2);
	p.o[0][a] = p.m[1][b] = fraction(1, 2);
	prover_list(&p);
	prover_permutation(&p);
	prover_seed(&p);
	prover_commitments(&p);
	forge(HIDE_C, "C");
}

static void attack_38_a_commitment_to_D_made_after_the_challenge_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	scalar_neg(&p.m[0][b], &scalar_one);
	p.m[0][a] = p.o[1][b] = scalar_of_u64(2);
	p.m[1][a] = p.o[1][a] = scalar_one;
	p.m[1][b] = p.o[0][a] = scalar_zero;
	p.o[0][b] = p.m[0][b];
	prover_list(&p);
	prover_permutation(&p);
	prover_seed(&p);
	prover_commitments(&p);
	forge(HIDE_D, "D");
}

/* A vote exchanged for another. */
static void attack_38_a_commitment_to_F_made_after_the_challenge_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	begin();
	prover_list(&p);
	p.out[1][0] = plus(&p.out[1][0], &g);
	prover_permutation(&p);
	prover_seed(&p);
	prover_commitments(&p);
	forge(HIDE_F, "F");
}

/* --- 38: e, known before what it is about --- */

static void attack_38_an_output_chosen_after_its_exponents_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	scalar share;
	begin();
	p.hidden = HIDE_OUT;
	prover_list(&p);
	prover_permutation(&p);
	prover_seed(&p);
	/* w'_0 grows by G, w'_1 shrinks by (e'_0/e'_1)·G: the sum stays */
	scalar_invert(&share, &p.permuted[1]);
	scalar_mul(&share, &share, &p.permuted[0]);
	point less = times(&share, &g);
	p.out[1][0] = plus(&p.out[1][0], &g);
	point_sub(&p.out[1][1], &p.out[1][1], &less);
	prover_commitments(&p);
	prover_challenge(&p);
	prover_replies(&p);
	assert_string_equal(prover_failing(&p), "");
	is_refused("A");
}

/* e'_0 = e_a/2 and e'_1 = 2·e_b, whose product is right; u is then solved for both sums. */
static void attack_38_a_permutation_commitment_chosen_after_its_exponents_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	scalar gap, k;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	p.hidden = HIDE_U;
	p.o[0][a] = scalar_of_u64(2);
	p.o[1][b] = fraction(1, 2);
	prover_list(&p);
	prover_permutation(&p); /* those of the other rows are as they should be */
	p.m[0][a] = fraction(1, 2);
	p.m[1][b] = scalar_of_u64(2);
	prover_seed(&p);
	/* e_a·T_a + e_b·T_b = e'_0·h_0 + e'_1·h_1 and T_a + T_b = h_0 + h_1 */
	point both = plus(&p.h[0], &p.h[1]), t0 = times(&p.permuted[0], &p.h[0]),
		  t1 = times(&p.permuted[1], &p.h[1]), off = times(&p.e[b], &both);
	t0 = plus(&t0, &t1);
	point_sub(&t0, &t0, &off);
	scalar_sub(&gap, &p.e[a], &p.e[b]);
	scalar_invert(&k, &gap);
	t0 = times(&k, &t0);
	point_sub(&t1, &both, &t0);
	point ra = times(&p.r[a], &g), rb = times(&p.r[b], &g);
	p.u[a] = plus(&t0, &ra);
	p.u[b] = plus(&t1, &rb);
	prover_commitments(&p);
	prover_challenge(&p);
	prover_replies(&p);
	assert_string_equal(prover_failing(&p), "");
	is_refused("A");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_34_generators_with_a_trapdoor_prove_anything_and_are_refused),
		cmocka_unit_test(attack_34_generators_in_the_record_do_not_belong_there),
		cmocka_unit_test(attack_38_a_challenge_chosen_before_the_commitments_is_refused),
		cmocka_unit_test(attack_38_a_commitment_to_A_made_after_the_challenge_is_refused),
		cmocka_unit_test(attack_38_a_commitment_to_B_made_after_the_challenge_is_refused),
		cmocka_unit_test(attack_38_a_commitment_to_C_made_after_the_challenge_is_refused),
		cmocka_unit_test(attack_38_a_commitment_to_D_made_after_the_challenge_is_refused),
		cmocka_unit_test(attack_38_a_commitment_to_F_made_after_the_challenge_is_refused),
		cmocka_unit_test(attack_38_an_output_chosen_after_its_exponents_is_refused),
		cmocka_unit_test(attack_38_a_permutation_commitment_chosen_after_its_exponents_is_refused),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/forging", tests, set_up, tear_down);
}
