/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks 25 to 27: rogue keys, rushing, wrong shares, false accusations. */
#include "support/support.h"

#include "attacks/keys/dealing.h"
#include "attacks/keys/second.h"

#include "hash/chacha20.h"

static struct error err;

/* --- 25 --- */

/* The same dealings again and again: what a broken commitment would tell a rushing dealer. */
static void seeded_parties(uint8_t salt)
{
	static struct chacha_rng rng[LIMIT_PARTIES];
	for (unsigned i = 0; i < e.parties; i++) {
		uint8_t seed[32] = {salt, (uint8_t)i};
		if (!p.party[i])
			continue;
		chacha_rng_init(&rng[i], seed);
		assert_ok(ceremony_party_new(&p.party[i], &p.m, i + 1, &p.identity[i], &rng[i].rng,
		                             test_arena(), &err),
		          err);
	}
}

/* C_0 of a party that has opened. */
static point opened_constant(unsigned party)
{
	point out;
	bytes content = play_content(&p, 1, 3, party);
	assert_ok(points_decode_tree(&out,
	                             bytes_of(content.p + 2 * TREE_HEADER_BYTES, POINT_TREE_BYTES), 1,
	                             POINT_FINITE, &err),
	          err);
	return out;
}

/* X − Σ of the others: with it, the joint key is X, whose logarithm the cheater has. */
static void make_rogue(const point *x, const point *others, unsigned count)
{
	c.c[0] = *x;
	for (unsigned i = 0; i < count; i++)
		point_sub(&c.c[0], &c.c[0], &others[i]);
}

static void attack_25_a_rogue_key_without_proof_of_possession_is_out(void **state)
{
	(void)state;
	const point g = point_generator();
	const scalar secret = random_scalar();
	const point x = times(&secret, &g);
	point others[2];
	/* a rehearsal, which tells what parties 1 and 2 will deal */
	rite_begin(&p, &e, 3, 2);
	seeded_parties(7);
	play_on(&p);
	others[0] = opened_constant(1);
	others[1] = opened_constant(2);
	play_end(&p);
	rite_play(&p, &e);
	cheat_begin(&c, &p, 1, 3);
	seeded_parties(7);
	make_rogue(&x, others, 2);
	cheat_prove(&c); /* with what it knows, which is not the logarithm of C_0 */
	cheat_until_open(&c);
	assert_true(play_has(&p, "1/r3-01.bt"));
	point again[2] = {opened_constant(1), opened_constant(2)};
	assert_true(point_equal(&again[0], &others[0]) && point_equal(&again[1], &others[1]));
	/* taken as it is, the key would be the cheater's */
	point y = plus(&c.c[0], &others[0]);
	y = plus(&y, &others[1]);
	assert_true(point_equal(&y, &x));
	is_out(3, CEREMONY_UNOPENED, "1,2");
	assert_false(point_equal(&e.key.polynomial[0], &x));
	rite_end(&p, &e);
}

static void attack_25_a_rogue_key_that_all_accept_is_refused_by_the_verifier(void **state)
{
	(void)state;
	const point g = point_generator();
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	point_sub(&c.c[0], &c.c[0], &g);
	cheat_until_open(&c);
	all_agree_and_it_is_refused("no valid opening", "party 3");
	rite_end(&p, &e);
}

/* A true proof for the same polynomial, made for something else. */
enum replay { OTHER_ATTEMPT, OTHER_INDEX, OTHER_IDENTITY, OTHER_ELECTION, REPLAYS };

static void replayed_proof(enum replay of)
{
	const digest d = p.m.d;
	const struct identity_secret own = p.identity[2];
	c.attempt = of == OTHER_ATTEMPT ? 2 : 1;
	c.index = of == OTHER_INDEX ? 2 : 3;
	if (of == OTHER_INDEX) /* and nothing but the index */
		p.identity[1] = own;
	if (of == OTHER_IDENTITY)
		p.identity[2] = p.identity[1];
	p.m.d.b[0] ^= of == OTHER_ELECTION;
	cheat_prove(&c);
	p.m.d = d;
	p.identity[1] = e.party[1].identity;
	p.identity[2] = own;
	c.attempt = 1;
	c.index = 3;
}

static void attack_25_a_proof_of_possession_made_for_something_else_is_none(void **state)
{
	(void)state;
	for (enum replay of = OTHER_ATTEMPT; of < REPLAYS; of++) {
		rite_begin(&p, &e, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		replayed_proof(of);
		cheat_until_open(&c);
		is_out(3, CEREMONY_UNOPENED, NULL);
		rite_end(&p, &e);
	}
}

/* Another dealer's polynomial with its proof, under one's own name. */
static void attack_25_another_dealers_polynomial_and_proof_are_no_dealing(void **state)
{
	(void)state;
	struct cheat copied;
	rite_begin(&p, &e, 4, 2);
	cheat_begin(&copied, &p, 1, 2);
	cheat_begin(&c, &p, 1, 3);
	memcpy(c.f, copied.f, sizeof c.f);
	memcpy(c.c, copied.c, sizeof c.c);
	c.a = copied.a;
	c.z = copied.z;
	cheat_key(&c);
	cheat_commit(&c);
	cheat_key(&copied);
	cheat_commit(&copied);
	play_on(&p);
	cheat_echo(&c, 1);
	cheat_echo(&copied, 1);
	cheat_open(&c);
	cheat_open(&copied);
	play_on(&p);
	uint8_t row[4] = {0, 0, 2, 0};
	cheat_verdict(&copied, row, 1);
	play_on(&p);
	cheat_certify(&copied, 1);
	is_out(3, CEREMONY_UNOPENED, NULL);
	assert_int_equal(e.key.qualified[1], 1);
	rite_end(&p, &e);
}

/* --- 26 --- */

/* The last dealer waits for the others' openings, and then chooses. */
static void attack_26_a_dealer_who_chooses_after_the_others_is_out(void **state)
{
	(void)state;
	const point g = point_generator();
	const scalar secret = random_scalar();
	const point x = times(&secret, &g);
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	assert_false(play_has(&p, "1/r3-01.bt")); /* nobody opens before all have committed */
	cheat_echo(&c, 1);
	play_on(&p);
	assert_true(play_has(&p, "1/r3-01.bt") && play_has(&p, "1/r3-02.bt"));
	point others[2] = {opened_constant(1), opened_constant(2)};
	make_rogue(&x, others, 2);
	cheat_open(&c);
	is_out(3, CEREMONY_UNOPENED, "1,2");
	assert_false(point_equal(&e.key.polynomial[0], &x));
	rite_end(&p, &e);
}

/* A dealing with a true proof, which is not the one committed to. */
static void attack_26_another_dealing_than_committed_is_refused_by_the_verifier(void **state)
{
	(void)state;
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	struct cheat second;
	cheat_begin(&second, &p, 1, 3);
	second.box = c.box;
	cheat_open(&second);
	play_on(&p);
	all_agree_and_it_is_refused("no valid opening", "party 3");
	rite_end(&p, &e);
}

/* T covers every message: one exchanged afterwards, rightly signed, is another election. */
static void attack_26_a_message_exchanged_after_the_certificates_is_refused(void **state)
{
	(void)state;
	static const unsigned rounds[] = {0, 1, 2, 3, 4, 6};
	static const char *const what[] = {
		"echoes are of other keys and commitments", "echoes are of other keys and commitments",
		"what no party may say at this point",      "no valid opening",
		"what no party may say at this point",      "what no party may say at this point"};
	for (size_t k = 0; k < sizeof rounds / sizeof *rounds; k++) {
		static const uint8_t other[32] = {5};
		rite_begin(&p, &e, 3, 2);
		play_out(&p);
		rite_finish(&p, &e);
		rite_hold(&e, "1,2");
		forge(&p, 1, rounds[k], 3, leaf_of(BYTES_OF(other)));
		rite_record(&p, &e);
		refused_by_verifier(&e, "3.1", what[k], NULL);
		rite_end(&p, &e);
	}
}

/* --- 27 --- */

static void attack_27_a_wrong_share_that_is_not_answered_puts_the_dealer_out(void **state)
{
	(void)state;
	uint8_t row[3] = {0};
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	is_out(3, CEREMONY_UNANSWERED, "1,2");
	assert_int_equal(e.ceremony.accusers[2], 1);
	rite_end(&p, &e);
}

static void attack_27_a_wrong_share_answered_wrongly_puts_the_dealer_out(void **state)
{
	(void)state;
	static const unsigned to[] = {1, 0};
	uint8_t row[3] = {0};
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	cheat_answer(&c, to, 1);
	is_out(3, CEREMONY_MISANSWERED, "1,2");
	rite_end(&p, &e);
}

/* The accused publishes the share; the accuser takes it, and all three hold the election. */
static void attack_27_a_wrong_share_answered_rightly_leaves_a_key_that_works(void **state)
{
	(void)state;
	static const unsigned to[] = {2, 0};
	uint8_t row[3] = {0};
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[1] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	cheat_answer(&c, to, 0);
	play_on(&p);
	cheat_certify(&c, 1);
	play_out(&p);
	rite_finish(&p, &e);
	assert_int_equal(e.key.qualified[2], 1);
	rite_hold(&e, "1,2");
	rite_end(&p, &e);
}

static void attack_27_a_false_accuser_achieves_nothing(void **state)
{
	(void)state;
	static const uint8_t row[4] = {1, 0, 0, 0};
	rite_begin(&p, &e, 4, 2);
	cheat_begin(&c, &p, 1, 4);
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	assert_true(play_has(&p, "1/r5-01.bt"));
	cheat_certify(&c, 1);
	play_out(&p);
	rite_finish(&p, &e);
	assert_int_equal(e.key.qualified[0], 1);
	assert_int_equal(e.ceremony.accusers[0], 1);
	rite_hold(&e, "1,2");
	rite_end(&p, &e);
}

/* One deals wrong shares, one commits to what it does not open; three of five hold it. */
static void attack_27_two_cheaters_of_five_do_not_stop_three(void **state)
{
	(void)state;
	uint8_t row[5] = {0};
	struct cheat other;
	rite_begin(&p, &e, 5, 3);
	cheat_begin(&c, &p, 1, 2);
	cheat_begin(&other, &p, 1, 4);
	point_neg(&other.c[0], &other.c[0]);
	c.wrong[0] = c.wrong[2] = true;
	cheat_key(&c);
	cheat_commit(&c);
	cheat_key(&other);
	cheat_commit(&other);
	play_on(&p);
	cheat_echo(&c, 1);
	cheat_echo(&other, 1);
	cheat_open(&c);
	cheat_open(&other);
	play_on(&p);
	row[3] = 2;
	cheat_verdict(&c, row, 1);
	is_out(2, CEREMONY_UNANSWERED, "1,3,5");
	assert_int_equal(e.ceremony.fate[3], CEREMONY_UNOPENED);
	rite_end(&p, &e);
}

/* t false accusers put a dealer out, and learn nothing: it does not answer. */
static void attack_27_t_accusers_are_not_told_the_polynomial(void **state)
{
	(void)state;
	static const uint8_t row[5] = {1, 0, 0, 0, 0};
	struct cheat other;
	rite_begin(&p, &e, 5, 2);
	cheat_begin(&c, &p, 1, 4);
	cheat_begin(&other, &p, 1, 5);
	cheat_key(&c);
	cheat_commit(&c);
	cheat_key(&other);
	cheat_commit(&other);
	play_on(&p);
	cheat_echo(&c, 1);
	cheat_echo(&other, 1);
	cheat_open(&c);
	cheat_open(&other);
	play_on(&p);
	cheat_verdict(&c, row, 1);
	cheat_verdict(&other, row, 1);
	play_on(&p);
	assert_false(play_has(&p, "1/r5-01.bt"));
	cheat_certify(&c, 2);
	cheat_certify(&other, 2);
	play_out(&p);
	assert_int_equal(p.err[0].kind, ERROR_REJECTED);
	assert_non_null(strstr(p.err[0].what, "without this party"));
	p.party[0] = NULL;
	is_out(1, CEREMONY_ACCUSED, "2,3");
	rite_end(&p, &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_25_a_rogue_key_without_proof_of_possession_is_out),
		cmocka_unit_test(attack_25_a_rogue_key_that_all_accept_is_refused_by_the_verifier),
		cmocka_unit_test(attack_25_a_proof_of_possession_made_for_something_else_is_none),
		cmocka_unit_test(attack_25_another_dealers_polynomial_and_proof_are_no_dealing),
		cmocka_unit_test(attack_26_a_dealer_who_chooses_after_the_others_is_out),
		cmocka_unit_test(attack_26_another_dealing_than_committed_is_refused_by_the_verifier),
		cmocka_unit_test(attack_26_a_message_exchanged_after_the_certificates_is_refused),
		cmocka_unit_test(attack_27_a_wrong_share_that_is_not_answered_puts_the_dealer_out),
		cmocka_unit_test(attack_27_a_wrong_share_answered_wrongly_puts_the_dealer_out),
		cmocka_unit_test(attack_27_a_wrong_share_answered_rightly_leaves_a_key_that_works),
		cmocka_unit_test(attack_27_a_false_accuser_achieves_nothing),
		cmocka_unit_test(attack_27_two_cheaters_of_five_do_not_stop_three),
		cmocka_unit_test(attack_27_t_accusers_are_not_told_the_polynomial),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/ceremony", tests, NULL, NULL);
}
