/* SPDX-License-Identifier: Apache-2.0 */
/* Dealers and accusers who do what they must not: the others end with a right key. */
#include "support/support.h"

#include "cheat.h"

#include <string.h>

static struct play p;
static struct cheat c;
static struct election_key key;
static struct ceremony_report report;

/* The honest finish, in this attempt, and the cheater has this fate. */
static void ends(unsigned attempts, unsigned cheater, enum ceremony_fate fate)
{
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, attempts);
	if (report.fate[cheater - 1] != fate)
		fail_msg("party %u %s", cheater, ceremony_fate_text(report.fate[cheater - 1]));
	assert_int_equal(key.qualified[cheater - 1], fate == CEREMONY_QUALIFIED);
}

static void names(unsigned attempt, unsigned by, unsigned culprit)
{
	struct ceremony_failure f;
	play_failure(&f, &p, attempt, by);
	if (f.culprit != culprit)
		fail_msg("culprit %u, not %u: %s", f.culprit, culprit, f.reason);
}

static void a_dealing_made_from_the_format_alone_is_accepted(void **state)
{
	(void)state;
	static const uint8_t fine[3] = {0};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_until_open(&c);
	cheat_verdict(&c, fine, 1);
	play_on(&p);
	cheat_certify(&c, 1);
	ends(1, 3, CEREMONY_QUALIFIED);
	play_end(&p);
}

/* c_0 = X - (what the others would deal): its logarithm is unknown, so the proof cannot be made. */
static void a_rogue_key_without_proof_of_possession_is_out(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	point other = point_generator();
	point_sub(&c.c[0], &c.c[0], &other);
	cheat_until_open(&c);
	ends(1, 3, CEREMONY_UNOPENED);
	play_end(&p);
}

static void a_proof_of_another_party_is_none(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 2);
	cheat_prove(&c);
	p.party[1] = NULL;
	c.index = 3; /* the dealing of party 2, proof and all, under the name of party 3 */
	play_start(&p, 2);
	p.party[2] = NULL;
	cheat_until_open(&c);
	ends(1, 3, CEREMONY_UNOPENED);
	play_end(&p);
}

static void a_rushing_dealer_who_opens_another_polynomial_is_out(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	play_on(&p); /* the others have opened now */
	assert_true(play_has(&p, "1/r3-01.bt"));
	struct cheat second;
	cheat_begin(&second, &p, 1, 3);
	second.box = c.box;
	cheat_open(&second);
	ends(1, 3, CEREMONY_UNOPENED);
	play_end(&p);
}

static void a_wrong_share_answered_rightly_keeps_the_dealer_in(void **state)
{
	(void)state;
	static const unsigned to[] = {2, 0};
	uint8_t row[3] = {0};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[1] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	assert_int_equal(play_content(&p, 1, 4, 2).p[5 + 5 + 2], 1); /* party 2 complains about 3 */
	cheat_answer(&c, to, 0);
	play_on(&p);
	cheat_certify(&c, 1);
	ends(1, 3, CEREMONY_QUALIFIED);
	assert_int_equal(report.accusers[2], 1);
	unsigned both[] = {1, 2};
	assert_true(play_reconstructs(&p, &key, both, 2));
	play_end(&p);
}

static void wrong_and_malformed_answers_put_the_dealer_out(void **state)
{
	(void)state;
	static const unsigned to[][3] = {{2, 0}, {1, 0}, {1, 2, 0}, {0}, {2, 3, 0}};
	for (size_t k = 0; k <= sizeof to / sizeof *to; k++) {
		uint8_t row[3] = {0};
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		c.wrong[1] = true;
		cheat_until_open(&c);
		cheat_verdict(&c, row, 1);
		play_on(&p);
		if (k < sizeof to / sizeof *to)
			cheat_answer(&c, to[k], k == 0);
		else
			forge(&p, 1, 5, 3, leaf_of(BYTES_LITERAL("no")));
		ends(1, 3, CEREMONY_MISANSWERED);
		play_end(&p);
	}
}

static void a_complaint_that_is_not_answered_puts_the_dealer_out(void **state)
{
	(void)state;
	uint8_t row[3] = {0};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	ends(1, 3, CEREMONY_UNANSWERED);
	play_end(&p);
}

static void t_accusers_put_a_dealer_out_whatever_it_answers(void **state)
{
	(void)state;
	static const unsigned to[] = {1, 2, 0};
	uint8_t row[3] = {0};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = c.wrong[1] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	cheat_answer(&c, to, 0);
	ends(1, 3, CEREMONY_ACCUSED);
	assert_int_equal(report.accusers[2], 2);
	play_end(&p);
}

static void a_false_accuser_achieves_nothing(void **state)
{
	(void)state;
	static const uint8_t row[4] = {1, 1, 0, 0};
	play_begin(&p, 4, 2);
	cheat_begin(&c, &p, 1, 4);
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	assert_true(play_has(&p, "1/r5-01.bt") && play_has(&p, "1/r5-02.bt"));
	assert_false(play_has(&p, "1/r5-03.bt"));
	cheat_certify(&c, 1);
	ends(1, 1, CEREMONY_QUALIFIED);
	assert_int_equal(report.accusers[0], 1);
	play_end(&p);
}

/* Else t false accusers would be told the polynomial. */
static void a_dealer_with_t_accusers_answers_nobody(void **state)
{
	(void)state;
	static const uint8_t row[5] = {1, 0, 0, 0, 0};
	struct cheat other;
	play_begin(&p, 5, 2);
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
	ends(1, 1, CEREMONY_ACCUSED);
	play_end(&p);
}

static void two_cheaters_of_five_do_not_stop_three(void **state)
{
	(void)state;
	uint8_t row[5] = {0};
	struct cheat other;
	play_begin(&p, 5, 3);
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
	ends(1, 2, CEREMONY_UNANSWERED);
	assert_int_equal(report.fate[3], CEREMONY_UNOPENED);
	unsigned three[] = {1, 3, 5};
	assert_true(play_reconstructs(&p, &key, three, 3));
	assert_false(play_reconstructs(&p, &key, three, 2));
	play_end(&p);
}

static void degrees_that_are_too_high_or_too_low_are_out(void **state)
{
	(void)state;
	static const unsigned coefficients[] = {1, 3, 4, 0};
	for (size_t k = 0; k < sizeof coefficients / sizeof *coefficients; k++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		const point g = point_generator();
		c.coefficients = coefficients[k];
		for (unsigned i = 0; i < c.coefficients; i++)
			point_mul_vartime(&c.c[i], &c.f[i], &g);
		cheat_prove(&c);
		cheat_until_open(&c);
		ends(1, 3, CEREMONY_UNOPENED);
		play_end(&p);
	}
}

static void infinity_as_a_coefficient_or_commitment_is_out(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		if (k < 2) {
			c.f[k] = scalar_zero;
			c.c[k] = point_infinity();
		}
		cheat_prove(&c);
		if (k == 2)
			c.a = point_infinity();
		cheat_until_open(&c);
		ends(1, 3, CEREMONY_UNOPENED);
		play_end(&p);
	}
}

static void boxes_that_are_missing_or_too_many_are_out(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.boxed[0] = 0;
	cheat_until_open(&c);
	ends(1, 3, CEREMONY_UNOPENED);
	play_end(&p);
}

static void an_opening_of_another_shape_is_out(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	forge(&p, 1, 3, 3, leaf_of(BYTES_LITERAL("something")));
	ends(1, 3, CEREMONY_UNOPENED);
	play_end(&p);
}

static void a_key_or_commitment_of_another_shape_is_as_good_as_none(void **state)
{
	(void)state;
	for (unsigned r = 0; r < 2; r++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		cheat_key(&c);
		cheat_commit(&c);
		forge(&p, 1, r, 3, leaf_of(BYTES_LITERAL("short")));
		ends(1, 3, CEREMONY_ABSENT);
		play_end(&p);
	}
}

static void a_key_of_small_order_harms_only_its_owner(void **state)
{
	(void)state;
	static const uint8_t zero[32], row[3] = {1, 1, 0};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	forge(&p, 1, 0, 3, leaf_of(BYTES_OF(zero)));
	play_on(&p);
	cheat_echo(&c, 1);
	c.boxed[2] = 1;
	/* its own box cannot be sealed either: take any */
	struct box_secret any = c.box;
	bytes r0 = play_read(&p, "1/r0-03.bt");
	forge(&p, 1, 0, 3, leaf_of(BYTES_OF(any.pub)));
	cheat_open(&c);
	play_write(&p, "1/r0-03.bt", r0);
	play_on(&p);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	cheat_certify(&c, 1);
	ends(1, 3, CEREMONY_QUALIFIED);
	assert_int_equal(report.accusers[0], 1);
	play_end(&p);
}

static void a_verdict_that_contradicts_its_digest_names_its_author(void **state)
{
	(void)state;
	static const uint8_t row[4] = {0, 2, 0, 0};
	play_begin(&p, 4, 2);
	cheat_begin(&c, &p, 1, 4);
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	names(1, 1, 4);
	ends(2, 4, CEREMONY_ABSENT);
	assert_int_equal(report.failures[0].culprit, 4);
	play_end(&p);
}

static void verdicts_of_another_shape_name_their_author(void **state)
{
	(void)state;
	static const uint8_t rows[][4] = {
		{3, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 2}, {2, 2, 2, 0}, {255, 0, 0, 0}};
	for (size_t k = 0; k <= sizeof rows / sizeof *rows; k++) {
		play_begin(&p, 4, 2);
		cheat_begin(&c, &p, 1, 4);
		cheat_until_open(&c);
		if (k < sizeof rows / sizeof *rows)
			cheat_verdict(&c, rows[k], 1);
		else
			forge(&p, 1, 4, 4, leaf_of(BYTES_LITERAL("fine")));
		play_on(&p);
		names(1, 1, 4);
		ends(2, 4, CEREMONY_ABSENT);
		play_end(&p);
	}
}

static void echoes_of_another_shape_name_their_author(void **state)
{
	(void)state;
	static const uint8_t flags[][4] = {{1, 1, 1, 2}, {1, 1, 1, 0}, {0, 0, 0, 1}};
	static const uint8_t d[32];
	for (size_t k = 0; k <= sizeof flags / sizeof *flags; k++) {
		play_begin(&p, 4, 2);
		cheat_begin(&c, &p, 1, 4);
		cheat_key(&c);
		cheat_commit(&c);
		forge(&p, 1, 2, 4,
		      k < sizeof flags / sizeof *flags ? statement_of(&p, flags[k], d)
		                                       : leaf_of(BYTES_LITERAL("echo")));
		play_on(&p);
		names(1, 1, 4);
		ends(2, 4, CEREMONY_ABSENT);
		play_end(&p);
	}
}

static void a_certificate_of_another_election_ends_the_attempt(void **state)
{
	(void)state;
	static const uint8_t all[3] = {1, 1, 1}, fine[3] = {0}, none[3] = {0}, d[32] = {9};
	for (unsigned k = 0; k < 3; k++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		cheat_until_open(&c);
		cheat_verdict(&c, fine, 1);
		play_on(&p);
		forge(&p, 1, 6, 3,
		      k == 0   ? statement_of(&p, all, d)
		      : k == 1 ? statement_of(&p, none, d)
		               : leaf_of(BYTES_OF(d)));
		ends(2, 3, CEREMONY_ABSENT);
		names(1, 1, k ? 3 : 0);
		play_end(&p);
	}
}

static void what_a_party_that_is_out_certifies_counts_for_nothing(void **state)
{
	(void)state;
	static const uint8_t all[3] = {1, 1, 1}, d[32] = {3};
	uint8_t row[3] = {0};
	for (unsigned k = 0; k < 2; k++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		c.wrong[0] = true;
		cheat_until_open(&c);
		cheat_verdict(&c, row, 1);
		play_on(&p);
		assert_true(play_step(&p, 1, CEREMONY_DEADLINE));
		assert_true(play_step(&p, 2, CEREMONY_DEADLINE));
		assert_true(play_has(&p, "1/r6-01.bt"));
		if (k)
			cheat_certify(&c, 1);
		else
			forge(&p, 1, 6, 3, statement_of(&p, all, d));
		ends(1, 3, CEREMONY_UNANSWERED);
		play_end(&p);
	}
}

/* Else anybody could undo a finished ceremony by saying something more. */
static void what_a_party_that_is_out_says_afterwards_undoes_nothing(void **state)
{
	(void)state;
	static const uint8_t all[3] = {1, 1, 1}, d[32] = {3}, fine[3] = {0};
	struct election_key again;
	struct error err;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	ends(1, 3, CEREMONY_UNOPENED);
	cheat_open(&c);
	forge(&p, 1, 4, 3, statement_of(&p, fine, d));
	forge(&p, 1, 5, 3, leaf_of(BYTES_OF(d)));
	forge(&p, 1, 6, 3, statement_of(&p, all, d));
	assert_ok(ceremony_verify(&again, &p.m, p.folder, &err), err);
	assert_true(digest_equal(&again.eid, &key.eid));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dealing_made_from_the_format_alone_is_accepted),
		cmocka_unit_test(a_rogue_key_without_proof_of_possession_is_out),
		cmocka_unit_test(a_proof_of_another_party_is_none),
		cmocka_unit_test(a_rushing_dealer_who_opens_another_polynomial_is_out),
		cmocka_unit_test(a_wrong_share_answered_rightly_keeps_the_dealer_in),
		cmocka_unit_test(wrong_and_malformed_answers_put_the_dealer_out),
		cmocka_unit_test(a_complaint_that_is_not_answered_puts_the_dealer_out),
		cmocka_unit_test(t_accusers_put_a_dealer_out_whatever_it_answers),
		cmocka_unit_test(a_false_accuser_achieves_nothing),
		cmocka_unit_test(a_dealer_with_t_accusers_answers_nobody),
		cmocka_unit_test(two_cheaters_of_five_do_not_stop_three),
		cmocka_unit_test(degrees_that_are_too_high_or_too_low_are_out),
		cmocka_unit_test(infinity_as_a_coefficient_or_commitment_is_out),
		cmocka_unit_test(boxes_that_are_missing_or_too_many_are_out),
		cmocka_unit_test(an_opening_of_another_shape_is_out),
		cmocka_unit_test(a_key_or_commitment_of_another_shape_is_as_good_as_none),
		cmocka_unit_test(a_key_of_small_order_harms_only_its_owner),
		cmocka_unit_test(a_verdict_that_contradicts_its_digest_names_its_author),
		cmocka_unit_test(verdicts_of_another_shape_name_their_author),
		cmocka_unit_test(echoes_of_another_shape_name_their_author),
		cmocka_unit_test(a_certificate_of_another_election_ends_the_attempt),
		cmocka_unit_test(what_a_party_that_is_out_certifies_counts_for_nothing),
		cmocka_unit_test(what_a_party_that_is_out_says_afterwards_undoes_nothing),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/cheating", tests, NULL, NULL);
}
