/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks 30, 31 and 33, and errors that cancel (section 3 of the protocol's design): t parties
 * decrypt with a program of their own and finish the record with the board; or ask an honest one
 * to open what it must not.
 */
#include "support/support.h"

#include "attacks/keys/opener.h"
#include "attacks/keys/second.h"

#include "files/memory_folder.h"

#include <string.h>

#define VOTES 4u

static struct election e;
static struct forgery f;
static struct opener o;
static struct error err;

/* Closed and mixed by parties 1 and 2 of 3, with t = 2. */
static int set_up(void **state)
{
	(void)state;
	attack_election(&e, 3, 2, VOTES);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	forgery_begin(&f, &e);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	forgery_end(&f);
	election_end(&e);
	return 0;
}

static void begin(const char *active)
{
	forgery_undo(&f);
	f.last = 2;
	opener_begin(&o, &f, active);
}

static void finish(void)
{
	opener_write(&o);
	forgery_result(&f, "123");
}

static void attack_33_this_opener_is_honest_where_nothing_is_altered(void **state)
{
	(void)state;
	begin("12");
	opener_run(&o);
	assert_string_equal(opener_failing(&o, 1), "");
	assert_string_equal(opener_failing(&o, 2), "");
	assert_string_equal(opener_failing_together(&o), "");
	finish();
	accepted_by_verifier(&e);
}

/* --- 33 --- */

/* The exponents are known before the factors: two votes become nonsense, the sum stays. */
static void attack_33_factors_chosen_after_their_exponents_are_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	scalar share;
	begin("12");
	o.weak_seed = true;
	opener_factors(&o);
	opener_seed(&o);
	scalar_invert(&share, &o.e[1]);
	scalar_mul(&share, &share, &o.e[0]);
	point less = times(&share, &g);
	o.factors[1][0] = plus(&o.factors[1][0], &g);
	point_sub(&o.factors[1][1], &o.factors[1][1], &less);
	opener_commit(&o);
	opener_challenge(&o);
	opener_replies(&o);
	opener_plaintexts(&o);
	assert_string_equal(opener_failing(&o, 1), "");
	assert_string_equal(opener_failing(&o, 2), "");
	finish();
	refused_by_verifier(&e, "9.1", "decryption commitment equation does not hold", "party 1");
}

/* The challenge is known before the commitments, which then fit whatever was opened. */
static void attack_33_commitments_chosen_after_the_challenge_are_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	begin("12");
	o.weak_challenge = true;
	opener_factors(&o);
	o.factors[2][3] = plus(&o.factors[2][3], &g);
	opener_seed(&o);
	opener_commit(&o);
	opener_challenge(&o);
	opener_replies(&o);
	opener_solve(&o, 2);
	opener_plaintexts(&o);
	assert_string_equal(opener_failing(&o, 1), "");
	assert_string_equal(opener_failing(&o, 2), "");
	finish();
	refused_by_verifier(&e, "9.1", "decryption commitment equation does not hold", "party 1");
}

/* Everything by the protocol, but a factor: a valid vote decrypts to nonsense. */
static void attack_33_a_vote_opened_to_nonsense_is_refused(void **state)
{
	(void)state;
	const point g = point_generator();
	begin("12");
	opener_factors(&o);
	o.factors[2][3] = plus(&o.factors[2][3], &g);
	opener_seed(&o);
	opener_commit(&o);
	opener_challenge(&o);
	opener_replies(&o);
	opener_plaintexts(&o);
	assert_string_equal(opener_failing(&o, 1), "");
	assert_string_equal(opener_failing(&o, 2), "A");
	finish();
	refused_by_verifier(&e, "9.1", "decryption factor equation does not hold", "party 2");
}

static void attack_33_a_plaintext_that_does_not_follow_is_refused_by_its_place(void **state)
{
	(void)state;
	const point g = point_generator();
	begin("12");
	opener_run(&o);
	o.plaintexts[2] = plus(&o.plaintexts[2], &g);
	finish();
	refused_by_verifier(&e, "9.1", "the plaintexts are not those of the list", "element 2");
}

/* --- errors that cancel --- */

static void cancels(const char *failing, const char *equation)
{
	assert_string_equal(opener_failing(&o, 1), failing);
	assert_string_equal(opener_failing(&o, 2), failing);
	assert_string_equal(opener_failing_together(&o), "");
	finish();
	refused_by_verifier(&e, "9.1", equation, "party 1");
}

/* by and −(c_1/c_2)·by: together nothing. */
static void shift(point *one, point *two, const point *by)
{
	scalar ratio = opener_coefficient(&o, 2), first = opener_coefficient(&o, 1);
	scalar_invert(&ratio, &ratio);
	scalar_mul(&ratio, &ratio, &first);
	point less = times(&ratio, by);
	*one = plus(one, by);
	point_sub(two, two, &less);
}

static void attack_section_3_commitments_with_cancelling_errors_are_refused_per_party(void **state)
{
	(void)state;
	const point g = point_generator();
	for (unsigned k = 0; k < 2; k++) {
		begin("12");
		opener_factors(&o);
		opener_seed(&o);
		opener_commit(&o);
		if (k)
			shift(&o.b1[1], &o.b1[2], &g);
		else
			shift(&o.y1[1], &o.y1[2], &g);
		opener_challenge(&o);
		opener_replies(&o);
		opener_plaintexts(&o);
		cancels(k ? "A" : "G", k ? "decryption factor equation" : "decryption commitment equation");
	}
}

/* The plaintexts are the right ones all the same. */
static void attack_section_3_factors_with_cancelling_errors_are_refused_per_party(void **state)
{
	(void)state;
	const point g = point_generator();
	point honest[PROVER_MAX];
	begin("12");
	opener_run(&o);
	memcpy(honest, o.plaintexts, sizeof honest);
	opener_factors(&o);
	shift(&o.factors[1][0], &o.factors[2][0], &g);
	opener_seed(&o);
	opener_commit(&o);
	opener_challenge(&o);
	opener_replies(&o);
	opener_plaintexts(&o);
	for (unsigned i = 0; i < o.n; i++)
		assert_true(point_equal(&honest[i], &o.plaintexts[i]));
	cancels("A", "decryption factor equation");
}

/* --- 30 --- */

static void attack_30_two_elections_of_the_same_authorities_share_no_key(void **state)
{
	(void)state;
	static struct election twin;
	forgery_undo(&f);
	election_begin_again(&twin, &e);
	election_ceremony(&twin);
	assert_false(digest_equal(&twin.key.eid, &e.key.eid));
	assert_false(point_equal(&twin.key.polynomial[0], &e.key.polynomial[0]));
	for (unsigned l = 0; l < 3; l++) {
		assert_false(scalar_equal(&twin.party[l].share.secret, &e.party[l].share.secret));
		assert_false(point_equal(&twin.key.shares[l], &e.key.shares[l]));
	}
	/* the first election's share, used in the second */
	for (unsigned i = 0; i < 3; i++)
		election_mark(&twin, i);
	election_write_box(&twin);
	assert_true(election_step(&twin, STEP_MIX, "1,2", "1,2"));
	twin.party[0].share = e.party[0].share;
	assert_false(election_step(&twin, STEP_DECRYPT, "1,2", "1,2"));
	for (unsigned l = 0; l < 2; l++) {
		assert_int_equal(twin.party[l].err.kind, ERROR_REJECTED);
		assert_non_null(strstr(twin.party[l].err.detail, "party 1"));
	}
	assert_false(there(&twin, ATTACK_PROOF "Plaintexts.bt"));
	election_end(&twin);
}

/* Every pair has the key, nobody has it alone. */
static void attack_30_t_shares_are_the_key_and_fewer_are_not(void **state)
{
	(void)state;
	const point g = point_generator();
	for (unsigned set = 1; set < 8; set++) {
		const bool enough = (set & (set - 1)) != 0; /* two at least */
		char active[4] = "";
		for (unsigned l = 1; l <= 3; l++)
			if (set & 1u << (l - 1))
				active[strlen(active)] = (char)('0' + l);
		begin(active);
		/* Σ c_l·x_l/μ over the first t is the key */
		scalar x = scalar_zero;
		for (unsigned l = 1, taken = 0; l <= 3; l++) {
			scalar c = opener_coefficient(&o, l);
			if (!o.active[l] || taken++ == 2)
				continue;
			scalar_mul(&c, &c, &o.mu_inverse);
			scalar_mul_add(&x, &c, &o.share[l], &x);
		}
		point y = times(&x, &g);
		assert_int_equal(point_equal(&y, &e.key.polynomial[0]), enough);
		opener_run(&o);
		finish();
		if (enough)
			accepted_by_verifier(&e);
		else
			refused_by_verifier(&e, "9.1", "fewer correct parties than the threshold", NULL);
	}
}

/* t − 1 parties mark the placeholders of another as right. */
static void attack_30_a_party_too_few_cannot_be_made_up(void **state)
{
	(void)state;
	struct active_parties few;
	begin("1");
	opener_run(&o);
	o.marked[2] = true;
	opener_plaintexts(&o);
	finish();
	refused_by_verifier(&e, "9.1", "decryption commitment equation does not hold", "party 2");
	/* nor does an honest authority begin alone */
	assert_fails(active_parties_parse(&few, e.manifest, "1", &err), err, ERROR_REJECTED);
	forgery_undo(&f);
	refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_UNAVAILABLE, "party 2");
	assert_false(there(&e, ATTACK_PROOFS "DecryptionFactors01.bt"));
}

/* --- 31 --- */

/* The mixers pretend that one ballot was all; a third authority is asked to open it. */
static void attack_31_a_single_ballot_as_the_tallys_input_is_not_opened(void **state)
{
	(void)state;
	static struct prover p;
	forgery_undo(&f);
	f.last = 2;
	prover_begin(&p, &f.proof.folder, &f.session, &f.key.y, "Ciphertexts.bt");
	p.n = 1;
	memcpy(p.out, p.w, sizeof p.w);
	memset(p.m, 0, sizeof p.m);
	p.m[0][0] = p.o[0][0] = scalar_one;
	prover_rest(&p);
	prover_write(&p, &f.proof.folder, 1); /* its list is that of the one ballot */
	bytes one = election_read(&f.proof.folder, "proofs/Ciphertexts01.bt");
	election_write(&f.proof.folder, "Ciphertexts.bt", one);
	drop(one);
	for (unsigned l = 1; l <= 2; l++) {
		const char *input = l == 1 ? "Ciphertexts.bt" : "proofs/Ciphertexts01.bt";
		prover_begin(&p, &f.proof.folder, &f.session, &f.key.y, input);
		assert_int_equal(p.n, 1);
		prover_run(&p);
		assert_string_equal(prover_failing(&p), "");
		prover_write(&p, &f.proof.folder, l);
		forgery_sign_mix(&f, l, input, l);
	}
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_REJECTED, "Ciphertexts.bt");
	share_is_unused(&e, 3);
	assert_false(there(&e, "endorse/close-03.bt"));
}

/* The difference of two results is one vote: the board signs a log without the last ballot. */
static void attack_31_the_same_election_is_not_closed_with_other_ballots(void **state)
{
	(void)state;
	struct election_files files;
	forgery_undo(&f);
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE, "party 1"); /* it looked */
	share_is_unused(&e, 1);
	const size_t ballots = e.ballots;
	e.ballots = 1;
	election_write_box(&e);
	e.ballots = ballots;
	election_files(&files, e.record);
	for (size_t i = 0; i < files.count; i++)
		if (strncmp(files.file[i].path, "proof/", 6) == 0 ||
		    strncmp(files.file[i].path, "endorse/", 8) == 0)
			election_remove(e.record, files.file[i].path);
	election_files_free(&files);
	refused_by_party(&e, STEP_MIX, 3, "1,3", ERROR_CONFLICT, "closed before with other ballots");
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_CONFLICT,
	                 "closed before with other ballots");
	share_is_unused(&e, 3);
	assert_false(there(&e, "endorse/close-03.bt"));
}

/* One election's ballots, mixed twice and differently: whoever opens both lists links votes. */
static void attack_31_the_same_ballots_are_not_opened_in_two_tallies(void **state)
{
	(void)state;
	forgery_undo(&f);
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE, "party 1");
	assert_true(there(&e, "endorse/l1/ready-03.bt"));
	election_remove(e.record, "endorse/l1/ready-03.bt");
	for (unsigned l = 1; l <= 2; l++) {
		const char *input = l == 1 ? "Ciphertexts.bt" : "proofs/Ciphertexts01.bt";
		for (unsigned i = MIX_FILE_LIST; i <= MIX_FILE_POS_REPLY; i++)
			election_remove(&f.proof.folder, mix_path((enum mix_file)i, l).text);
		forgery_shuffle(&f, input, l);
		forgery_sign_mix(&f, l, input, l);
	}
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_CONFLICT, "it opens one list only");
	share_is_unused(&e, 3);
	/* they hold: another authority that was not ready before opens them */
	opener_begin(&o, &f, "12");
	opener_run(&o);
	finish();
	accepted_by_verifier(&e);
}

/* A ballot of another election of the same manifest and authorities, logged by its board. */
static void attack_31_a_ballot_of_another_election_is_not_opened(void **state)
{
	(void)state;
	static struct election twin;
	election_begin_again(&twin, &e);
	election_ceremony(&twin);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&twin, i);
	election_write_box(&twin);
	forgery_ballot(&twin, 1, election_ballot(&e, 0));
	election_tally(&twin, "1,2");
	assert_true(noted_by_verifier(&twin, "6.6", "election"));
	refused_by_verifier(&twin, "6.1", "ballot", NULL);
	bytes plaintexts = election_read(twin.record, ATTACK_PROOF "Plaintexts.bt");
	assert_int_equal(plaintexts.len, TREE_HEADER_BYTES + 2 * POINT_TREE_BYTES);
	drop(plaintexts);
	election_end(&twin);
}

/* --- 33: what is not counted --- */

static void attack_33_every_dropped_vote_has_its_public_reason(void **state)
{
	(void)state;
	static struct election all;
	static struct forgery of;
	const point g = point_generator();
	const uint32_t invalid[4] = {1, 0, 0, 0}, many[4] = {0, 1, 1, 1}, valid[4] = {0, 1, 0, 0};
	uint8_t huge[MESSAGE_BYTES];
	memset(huge, 0xff, sizeof huge);
	election_begin(&all, &PLAN_SMALL(2, 2), 1);
	election_ceremony(&all);
	election_cast_points(&all, 0, &g, NULL); /* a point that encodes nothing */
	election_cast(&all, 0, huge);
	election_vote(&all, 0, invalid);
	election_vote(&all, 0, many);
	election_mark(&all, 0);
	election_vote(&all, 0, valid);
	election_write_box(&all);
	election_tally(&all, "1,2");
	accepted_by_verifier(&all);
	static const char *const reasons[] = {
		"\"not-canonical\":1", "\"out-of-range\":1", "\"invalid-by-voter\":1",
		"\"too-many\":1",      "\"blank\":1",        "\"valid\":1"};
	bytes json = election_read(all.record, "result.json");
	char *text = (char *)(uintptr_t)json.p;
	forgery_begin(&of, &all);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		text[json.len - 1] = 0;
		char *at = strstr(text, reasons[i]);
		if (!at)
			fail_msg("no %s in %s", reasons[i], text);
		text[json.len - 1] = '\n';
		/* one reason for another, signed by all */
		at += strlen(reasons[i]) - 1;
		*at = '2';
		election_write(all.record, "result.json", json);
		digest plaintexts = digest_of_file(&all, ATTACK_PROOF "Plaintexts.bt"),
			   result = sha256(json), d = statement_result(&all.key.eid, &plaintexts, 1, &result);
		for (unsigned l = 1; l <= 2; l++)
			forgery_sign(&of, NULL, "result", l, &d, 0);
		forgery_log(&of);
		refused_by_verifier(&all, "10.2", "differs from the recomputed one", NULL);
		*at = '1';
	}
	drop(json);
	forgery_end(&of);
	election_end(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_30_two_elections_of_the_same_authorities_share_no_key),
		cmocka_unit_test(attack_30_t_shares_are_the_key_and_fewer_are_not),
		cmocka_unit_test(attack_30_a_party_too_few_cannot_be_made_up),
		cmocka_unit_test(attack_31_a_single_ballot_as_the_tallys_input_is_not_opened),
		cmocka_unit_test(attack_31_the_same_election_is_not_closed_with_other_ballots),
		cmocka_unit_test(attack_31_the_same_ballots_are_not_opened_in_two_tallies),
		cmocka_unit_test(attack_31_a_ballot_of_another_election_is_not_opened),
		cmocka_unit_test(attack_33_this_opener_is_honest_where_nothing_is_altered),
		cmocka_unit_test(attack_33_factors_chosen_after_their_exponents_are_refused),
		cmocka_unit_test(attack_33_commitments_chosen_after_the_challenge_are_refused),
		cmocka_unit_test(attack_33_a_vote_opened_to_nonsense_is_refused),
		cmocka_unit_test(attack_33_a_plaintext_that_does_not_follow_is_refused_by_its_place),
		cmocka_unit_test(attack_33_every_dropped_vote_has_its_public_reason),
		cmocka_unit_test(attack_section_3_commitments_with_cancelling_errors_are_refused_per_party),
		cmocka_unit_test(attack_section_3_factors_with_cancelling_errors_are_refused_per_party),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/opening", tests, set_up, tear_down);
}
