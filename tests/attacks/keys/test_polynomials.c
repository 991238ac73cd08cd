/* SPDX-License-Identifier: Apache-2.0 */
/* Attack 29: polynomials and indices that no dealer may have. */
#include "support/support.h"

#include "attacks/keys/dealing.h"
#include "attacks/keys/second.h"

static void attack_29_a_polynomial_of_another_degree_is_out(void **state)
{
	(void)state;
	static const unsigned coefficients[] = {1, 3, 0};
	for (size_t k = 0; k < sizeof coefficients / sizeof *coefficients; k++) {
		const point g = point_generator();
		rite_begin(&p, &e, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		c.coefficients = coefficients[k];
		for (unsigned i = 0; i < c.coefficients; i++)
			c.c[i] = times(&c.f[i], &g);
		cheat_prove(&c);
		cheat_until_open(&c);
		is_out(3, CEREMONY_UNOPENED, NULL);
		rite_end(&p, &e);
	}
}

/* A constant of zero, or a top coefficient of zero, which lowers the degree. */
static void attack_29_a_coefficient_of_zero_is_out(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		rite_begin(&p, &e, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		c.f[k] = scalar_zero;
		c.c[k] = point_infinity();
		cheat_prove(&c);
		cheat_until_open(&c);
		is_out(3, CEREMONY_UNOPENED, NULL);
		rite_end(&p, &e);
	}
}

/* Two colluding dealers: the second deals the negative of the first, or the same once more, each
 * with a proof of its own. One honest dealer makes the key unknown all the same. */
static void attack_29_related_polynomials_of_two_dealers_do_not_make_the_key(void **state)
{
	(void)state;
	for (unsigned negative = 0; negative < 2; negative++) {
		static const uint8_t fine[4] = {0};
		const point g = point_generator();
		struct cheat twin;
		rite_begin(&p, &e, 4, 2);
		cheat_begin(&c, &p, 1, 3);
		cheat_begin(&twin, &p, 1, 4);
		for (unsigned i = 0; i < 2; i++) {
			twin.f[i] = c.f[i];
			if (negative)
				scalar_neg(&twin.f[i], &twin.f[i]);
			twin.c[i] = times(&twin.f[i], &g);
		}
		cheat_prove(&twin);
		cheat_key(&c);
		cheat_commit(&c);
		cheat_key(&twin);
		cheat_commit(&twin);
		play_on(&p);
		cheat_echo(&c, 1);
		cheat_echo(&twin, 1);
		cheat_open(&c);
		cheat_open(&twin);
		play_on(&p);
		cheat_verdict(&c, fine, 1);
		cheat_verdict(&twin, fine, 1);
		play_on(&p);
		cheat_certify(&c, 1);
		cheat_certify(&twin, 1);
		play_out(&p);
		rite_finish(&p, &e);
		point both = plus(&c.c[0], &twin.c[0]);
		assert_false(point_equal(&e.key.polynomial[0], &both));
		rite_hold(&e, "1,2");
		rite_end(&p, &e);
	}
}

/* All parties collude, so that the joint key is infinity: everybody could read every vote. */
static void attack_29_a_joint_key_of_zero_is_refused(void **state)
{
	(void)state;
	static const uint8_t fine[2] = {0}, all[2] = {1, 1}, d[32] = {2};
	const point g = point_generator();
	struct cheat twin;
	rite_begin(&p, &e, 2, 2);
	cheat_begin(&c, &p, 1, 1);
	cheat_begin(&twin, &p, 1, 2);
	scalar_neg(&twin.f[0], &c.f[0]);
	twin.c[0] = times(&twin.f[0], &g);
	cheat_prove(&twin);
	struct cheat *both[] = {&c, &twin};
	for (unsigned i = 0; i < 2; i++) {
		cheat_key(both[i]);
		cheat_commit(both[i]);
	}
	digest echo = rite_echo(&p);
	for (unsigned i = 1; i <= 2; i++)
		forge(&p, 1, 2, i, statement_of(&p, all, echo.b));
	for (unsigned i = 0; i < 2; i++)
		cheat_open(both[i]);
	digest openings = rite_openings(&p);
	for (unsigned i = 1; i <= 2; i++)
		forge(&p, 1, 4, i, statement_of(&p, fine, openings.b));
	for (unsigned i = 1; i <= 2; i++)
		forge(&p, 1, 6, i, statement_of(&p, all, d));
	rite_record(&p, &e);
	refused_by_verifier(&e, "3.1", "infinity", NULL);
	rite_end(&p, &e);
}

/* Messages of a party 0, of one beyond n, and a second one of an index that exists. */
static void attack_29_an_index_of_nobody_is_refused(void **state)
{
	(void)state;
	static const unsigned indices[] = {0, 4, 25, 1000};
	rite_begin(&p, &e, 3, 2);
	play_out(&p);
	rite_finish(&p, &e);
	rite_hold(&e, "1,2");
	for (size_t k = 0; k < sizeof indices / sizeof *indices; k++) {
		bytes honest = play_read(&p, "1/r1-03.bt");
		bytes b = rite_message(&p, 1, indices[k], 3, leaf_of(BYTES_LITERAL("x")));
		play_write(&p, "1/r1-03.bt", b);
		rite_record(&p, &e);
		refused_by_verifier(&e, "3.1", "no such party", NULL);
		play_write(&p, "1/r1-03.bt", honest);
		rite_record(&p, &e);
		accepted_by_verifier(&e);
	}
	/* a file of a party that is not there */
	election_write(e.record, "ceremony/1/r1-00.bt", BYTES_LITERAL("x"));
	refused_by_verifier(&e, "3.1", "does not belong here", "r1-00.bt");
	rite_end(&p, &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_29_a_polynomial_of_another_degree_is_out),
		cmocka_unit_test(attack_29_a_coefficient_of_zero_is_out),
		cmocka_unit_test(attack_29_related_polynomials_of_two_dealers_do_not_make_the_key),
		cmocka_unit_test(attack_29_a_joint_key_of_zero_is_refused),
		cmocka_unit_test(attack_29_an_index_of_nobody_is_refused),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/polynomials", tests, NULL, NULL);
}
