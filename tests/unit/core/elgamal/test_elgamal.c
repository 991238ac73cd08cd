/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "elgamal/elgamal.h"

#define MANY 1030u /* more than one block of the implementation */

static secret_scalar x;
static struct public_key pk;
static secret_scalar r[MANY];
static point m[MANY];
static ciphertext ct[MANY], again[MANY];

static int set_up(void **state)
{
	(void)state;
	struct error err = {0};
	const point g = point_generator();
	point y;
	if (!group_init(NULL, &err) || !secret_scalar_random(&x, test_rng(), &err))
		return 1;
	point_mul(&y, &x, &g);
	for (size_t i = 0; i < MANY; i++) {
		if (!secret_scalar_random(&r[i], test_rng(), &err))
			return 1;
		const scalar k = scalar_of_u64(i + 2);
		point_mul_vartime(&m[i], &k, &y);
	}
	return !public_key_init(&pk, &y, test_arena(), test_arena(), &err);
}

static void decrypt(point *out, const ciphertext *c)
{
	point shared;
	point_mul(&shared, &x, &c->u);
	point_sub(out, &c->v, &shared);
}

static void encryption_is_rG_and_m_plus_rY(void **state)
{
	(void)state;
	const point g = point_generator();
	point u, v;
	elgamal_encrypt(ct, &pk, m, r, 3, test_arena());
	for (size_t i = 0; i < 3; i++) {
		point_mul(&u, &r[i], &g);
		point_mul(&v, &r[i], &pk.y);
		point_add(&v, &v, &m[i]);
		assert_true(point_equal(&u, &ct[i].u));
		assert_true(point_equal(&v, &ct[i].v));
	}
}

static void every_ciphertext_of_a_long_block_decrypts_to_its_message(void **state)
{
	(void)state;
	size_t used = test_arena()->used;
	elgamal_encrypt(ct, &pk, m, r, MANY, test_arena());
	for (size_t i = 0; i < MANY; i++) {
		point back;
		decrypt(&back, &ct[i]);
		assert_true(point_equal(&back, &m[i]));
	}
	assert_int_equal(used, test_arena()->used);
}

static void reencryption_changes_both_halves_and_keeps_the_message(void **state)
{
	(void)state;
	point back;
	elgamal_encrypt(ct, &pk, m, r, MANY, test_arena());
	elgamal_reencrypt(again, &pk, ct, r, MANY, test_arena());
	for (size_t i = 0; i < MANY; i++) {
		/* the same r a second time: u is doubled */
		point_add(&back, &ct[i].u, &ct[i].u);
		assert_true(point_equal(&back, &again[i].u));
		assert_false(point_equal(&ct[i].v, &again[i].v));
		decrypt(&back, &again[i]);
		assert_true(point_equal(&back, &m[i]));
	}
}

static void reencryption_in_place_gives_the_same(void **state)
{
	(void)state;
	elgamal_encrypt(ct, &pk, m, r, MANY, test_arena());
	elgamal_reencrypt(again, &pk, ct, r, MANY, test_arena());
	elgamal_reencrypt(ct, &pk, ct, r, MANY, test_arena());
	assert_memory_equal(ct, again, sizeof ct);
}

static void nonce_zero_leaves_the_message_bare(void **state)
{
	(void)state;
	const secret_scalar zero = {scalar_zero};
	elgamal_encrypt(ct, &pk, m, &zero, 1, test_arena());
	assert_true(point_is_infinity(&ct[0].u));
	assert_true(point_equal(&ct[0].v, &m[0]));
}

static void infinity_as_a_public_key_is_rejected(void **state)
{
	(void)state;
	struct public_key none;
	struct error err;
	const point y = point_infinity();
	assert_fails(public_key_init(&none, &y, test_arena(), test_arena(), &err), err, ERROR_REJECTED);
}

static void public_key_without_memory_for_its_tables_is_refused(void **state)
{
	(void)state;
	static uint8_t little[FIXED_BASE_BYTES];
	struct arena small;
	struct public_key none;
	struct error err;
	arena_init(&small, little, sizeof little);
	assert_fails(public_key_init(&none, &pk.y, &small, test_arena(), &err), err, ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encryption_is_rG_and_m_plus_rY),
		cmocka_unit_test(every_ciphertext_of_a_long_block_decrypts_to_its_message),
		cmocka_unit_test(reencryption_changes_both_halves_and_keeps_the_message),
		cmocka_unit_test(reencryption_in_place_gives_the_same),
		cmocka_unit_test(nonce_zero_leaves_the_message_bare),
		cmocka_unit_test(infinity_as_a_public_key_is_rejected),
		cmocka_unit_test(public_key_without_memory_for_its_tables_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
