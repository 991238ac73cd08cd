/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "proof/proof.h"

#define MANY 1100u /* more than two blocks of the implementation */

static struct proof_equation eq[MANY];
static scalar weights[MANY];
static uint8_t bad[MANY];

static int set_up(void **state)
{
	(void)state;
	struct error err;
	const point g = point_generator();
	for (size_t i = 0; i < MANY; i++) {
		secret_scalar x, a, c;
		if (!secret_scalar_random(&x, test_rng(), &err) ||
		    !secret_scalar_random(&a, test_rng(), &err) ||
		    !secret_scalar_random(&c, test_rng(), &err))
			return 1;
		point_mul(&eq[i].statement, &x, &g);
		point_mul(&eq[i].commitment, &a, &g);
		eq[i].c = c.secret;
		proof_respond(&eq[i].z, &a, &eq[i].c, &x);
		weights[i] = (scalar){{test_random_u64() | 1, test_random_u64(), 0, 0}};
	}
	return 0;
}

static void break_one(size_t i)
{
	scalar_add(&eq[i].z, &eq[i].z, &scalar_one);
}

static void mend_one(size_t i)
{
	scalar_sub(&eq[i].z, &eq[i].z, &scalar_one);
}

static bool check(size_t n, struct error *err)
{
	return proof_check_batch_vartime(eq, weights, n, test_arena(), err);
}

static void batches_of_all_sizes_of_true_equations_are_accepted(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 511, 512, 513, 1025, MANY};
	struct error err;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_ok(check(sizes[i], &err), err);
	assert_int_equal(test_arena()->used, 0);
}

static void scratch_of_the_stated_size_is_enough(void **state)
{
	(void)state;
	static uint8_t room[(size_t)16 << 20];
	static const size_t sizes[] = {1, 7, 600, MANY};
	struct arena scratch;
	struct error err;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = proof_batch_scratch_bytes(sizes[i]) + ARENA_ALIGN;
		assert_true(size <= sizeof room);
		arena_init(&scratch, room, size);
		break_one(sizes[i] - 1);
		assert_fails(proof_check_batch_vartime(eq, weights, sizes[i], &scratch, &err), err,
		             ERROR_REJECTED);
		mend_one(sizes[i] - 1);
	}
}

static void one_bad_equation_is_found_at_its_index(void **state)
{
	(void)state;
	static const size_t places[] = {0, 1, 2, 5, 255, 256, 511, 512, 777, MANY - 1};
	struct error err;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		break_one(places[i]);
		assert_fails(check(MANY, &err), err, ERROR_REJECTED);
		assert_int_equal(err.at, places[i]);
		assert_int_equal(proof_find_bad_vartime(bad, eq, weights, MANY, test_arena()), 1);
		for (size_t j = 0; j < MANY; j++)
			assert_int_equal(bad[j], j == places[i]);
		mend_one(places[i]);
	}
}

static void the_first_of_several_bad_ones_is_named_and_all_are_found(void **state)
{
	(void)state;
	static const size_t places[] = {17, 18, 600, 1099};
	struct error err;
	for (size_t i = 0; i < 4; i++)
		break_one(places[i]);
	assert_fails(check(MANY, &err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 17);
	assert_int_equal(proof_find_bad_vartime(bad, eq, weights, MANY, test_arena()), 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(bad[places[i]], 1);
		mend_one(places[i]);
	}
	struct error none;
	assert_ok(check(MANY, &none), none);
}

static void errors_that_cancel_without_weights_are_rejected(void **state)
{
	(void)state;
	struct error err;
	break_one(3);
	mend_one(9); /* the sum of both equations still holds */
	assert_fails(check(20, &err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 3);
	break_one(9);
	mend_one(3);
	const scalar c = eq[3].c;
	eq[3].c = eq[9].c;
	eq[9].c = c;
	assert_fails(check(20, &err), err, ERROR_REJECTED);
	eq[9].c = eq[3].c;
	eq[3].c = c;
}

static void every_part_of_an_equation_counts(void **state)
{
	(void)state;
	struct error err;
	const point g = point_generator();
	const struct proof_equation whole = eq[2];
	point_add(&eq[2].commitment, &eq[2].commitment, &g);
	assert_fails(check(6, &err), err, ERROR_REJECTED);
	eq[2] = whole;
	point_add(&eq[2].statement, &eq[2].statement, &g);
	assert_fails(check(6, &err), err, ERROR_REJECTED);
	eq[2] = whole;
	scalar_add(&eq[2].c, &eq[2].c, &scalar_one);
	assert_fails(check(6, &err), err, ERROR_REJECTED);
	eq[2] = whole;
	assert_ok(check(6, &err), err);
}

static void all_equations_bad_are_all_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < 50; i++)
		break_one(i);
	assert_int_equal(proof_find_bad_vartime(bad, eq, weights, 50, test_arena()), 50);
	for (size_t i = 0; i < 50; i++) {
		assert_int_equal(bad[i], 1);
		mend_one(i);
	}
	assert_int_equal(proof_find_bad_vartime(bad, eq, weights, 0, test_arena()), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_of_all_sizes_of_true_equations_are_accepted),
		cmocka_unit_test(scratch_of_the_stated_size_is_enough),
		cmocka_unit_test(one_bad_equation_is_found_at_its_index),
		cmocka_unit_test(the_first_of_several_bad_ones_is_named_and_all_are_found),
		cmocka_unit_test(errors_that_cancel_without_weights_are_rejected),
		cmocka_unit_test(every_part_of_an_equation_counts),
		cmocka_unit_test(all_equations_bad_are_all_found),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
