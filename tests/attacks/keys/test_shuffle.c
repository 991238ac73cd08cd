/* SPDX-License-Identifier: Apache-2.0 */
/* Attack 36: what is no shuffle of the list before, and shuffles nobody made. */
#include "support/support.h"

#include "attacks/keys/mixing.h"
#include "attacks/keys/second.h"
#include "mixnet/verify.h"

static void attack_36_this_prover_is_honest_where_nothing_is_altered(void **state)
{
	(void)state;
	begin();
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "");
	prover_write(&p, &f.proof.folder, 2);
	forgery_sign_mix(&f, 2, LIST_1, 2);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2")); /* it is there already */
	election_tally(&e, "1,2");
	accepted_by_verifier(&e);
}

/* --- 36 --- */

static void move_entry(scalar (*matrix)[PROVER_MAX], unsigned row, unsigned from, unsigned to)
{
	matrix[row][to] = matrix[row][from];
	matrix[row][from] = scalar_zero;
}

/* One vote twice, another dropped; the prover follows the protocol with that matrix. */
static void attack_36_a_row_duplicated_and_one_dropped_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned dropped = input_of(0), twice = input_of(1);
	move_entry(p.m, 0, dropped, twice);
	move_entry(p.o, 0, dropped, twice);
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "DF");
	is_refused("D");
}

/* Rows that sum to 1 and an output by the inverse: only the product tells it. */
static void attack_36_an_invertible_matrix_that_is_no_permutation_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	/* rows (2, -1) and (1, 0) on the inputs a and b; their inverse, transposed: (0, -1), (1, 2) */
	scalar two = scalar_of_u64(2), minus;
	scalar_neg(&minus, &scalar_one);
	p.m[0][a] = two;
	p.m[0][b] = minus;
	p.m[1][a] = scalar_one;
	p.m[1][b] = scalar_zero;
	p.o[0][a] = scalar_zero;
	p.o[0][b] = minus;
	p.o[1][a] = scalar_one;
	p.o[1][b] = two;
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "D");
	is_refused("D");
}

/* A vote multiplied by a number, so that it decrypts to nonsense. */
static void attack_36_a_row_that_is_scaled_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0);
	p.m[0][a] = scalar_of_u64(2);
	p.o[0][a] = fraction(1, 2);
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "CD");
	is_refused("C");
}

/* Two votes' weights exchanged for each other: the product of e is what it was. */
static void attack_36_rows_scaled_against_each_other_are_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	p.m[0][a] = scalar_of_u64(2);
	p.o[0][a] = fraction(1, 2);
	p.m[1][b] = fraction(1, 2);
	p.o[1][b] = scalar_of_u64(2);
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "C");
	is_refused("C");
}

static void attack_36_another_permutation_than_committed_is_refused(void **state)
{
	(void)state;
	begin();
	unsigned a = input_of(0), b = input_of(1);
	move_entry(p.o, 0, a, b);
	move_entry(p.o, 1, b, a);
	prover_run(&p);
	assert_string_equal(prover_failing(&p), "F");
	is_refused("F");
}

/* The mixer opens another permutation than that of u. */
static void attack_36_a_permutation_chosen_after_the_seed_is_refused(void **state)
{
	(void)state;
	begin();
	prover_list(&p);
	prover_permutation(&p);
	unsigned a = input_of(0), b = input_of(1);
	move_entry(p.m, 0, a, b);
	move_entry(p.m, 1, b, a);
	prover_seed(&p);
	prover_commitments(&p);
	prover_challenge(&p);
	prover_replies(&p);
	assert_string_equal(prover_failing(&p), "AF");
	is_refused("A");
}

/* A voter's ciphertext with another vote in it. */
static void attack_36_a_replaced_vote_is_refused(void **state)
{
	(void)state;
	begin();
	const point g = point_generator();
	prover_list(&p);
	p.out[1][0] = plus(&p.out[1][0], &g);
	prover_rest(&p);
	assert_string_equal(prover_failing(&p), "F");
	is_refused("F");
}

/* The product's prover, with both identities' names and one identity's key. */
static void attack_36_one_signer_for_both_shuffles_is_refused(void **state)
{
	(void)state;
	struct mix_facts facts;
	struct error err;
	begin();
	election_remove(e.record, "endorse/l1/mix-01.bt");
	for (unsigned l = 1; l <= 2; l++)
		for (unsigned i = MIX_FILE_LIST; i <= MIX_FILE_POS_REPLY; i++) {
			struct mix_path path = mix_path((enum mix_file)i, l);
			if (f.proof.folder.exists(&f.proof.folder, path.text))
				election_remove(&f.proof.folder, path.text);
		}
	forgery_shuffle(&f, "Ciphertexts.bt", 1);
	forgery_shuffle(&f, LIST_1, 2);
	forgery_sign_mix(&f, 1, "Ciphertexts.bt", 1);
	forgery_sign_mix(&f, 2, LIST_1, 1);
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE, "not of the chain: party 2");
	share_is_unused(&e, 3);
	forgery_decrypt(&f, "12");
	forgery_result(&f, "12");
	/* Who looks at the proof alone, as Verificatum's verifier does, says yes. */
	const struct mix_verify_job job = {.folder = &f.proof.folder,
	                                   .session = &f.session,
	                                   .expected = {.type = MIX_MIXING, .key = &f.key},
	                                   .rng = test_rng(),
	                                   .workers = e.workers,
	                                   .memory = &e.arena};
	size_t mark = arena_mark(&e.arena);
	error_clear(&err);
	assert_ok(mix_verify(&job, &facts, &err), err);
	arena_release(&e.arena, mark);
	refused_by_verifier(&e, "8.3", "signature", "party 2");
}

/* Party 2 shuffles the ballots themselves: party 1's shuffle would hide nothing. */
static void attack_36_a_broken_chain_is_refused(void **state)
{
	(void)state;
	for (unsigned confessed = 0; confessed < 2; confessed++) {
		begin();
		forgery_shuffle(&f, "Ciphertexts.bt", 2);
		forgery_sign_mix(&f, 2, confessed ? "Ciphertexts.bt" : LIST_1, 2);
		if (confessed) /* signed: it counts for nothing */
			refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE,
			                 "not of the chain: party 2");
		else /* its equations say so */
			refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_REJECTED, "party 2");
		share_is_unused(&e, 3);
		forgery_decrypt(&f, "12");
		forgery_result(&f, "12");
		refused_by_verifier(&e, "8.2", "shuffle equation A does not hold", "party 2");
	}
}

static void attack_36_a_skipped_last_shuffle_is_refused(void **state)
{
	(void)state;
	/* nobody has made it */
	begin();
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE, "the deadline passed");
	share_is_unused(&e, 3);
	election_write(&f.proof.folder, "proofs/activethreshold", BYTES_LITERAL("1"));
	refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_UNAVAILABLE, "the deadline passed");
	share_is_unused(&e, 3);
	f.last = 1;
	forgery_decrypt(&f, "12");
	forgery_result(&f, "12");
	refused_by_verifier(&e, "8.2", "activethreshold", NULL);
	/* it is there, but what is opened is the list before */
	begin();
	prover_run(&p);
	prover_write(&p, &f.proof.folder, 2);
	forgery_sign_mix(&f, 2, LIST_1, 2);
	f.last = 1;
	forgery_decrypt(&f, "12");
	forgery_result(&f, "12");
	refused_by_verifier(&e, "9.1", "decryption", NULL);
}

/* --- 36: sizes --- */

/* The output of one more, or one fewer, each file of it as long as that list needs. */
static void attack_36_a_list_of_another_length_is_refused(void **state)
{
	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		begin();
		if (more) {
			p.w[0][p.n] = p.w[0][0];
			p.w[1][p.n] = p.w[1][0];
		} else {
			prover_begin(&p, &f.proof.folder, &f.session, &f.key.y, LIST_1);
		}
		p.n = more ? VOTES + 1 : VOTES - 1;
		memset(p.m, 0, sizeof p.m);
		memset(p.o, 0, sizeof p.o);
		for (unsigned i = 0; i < p.n; i++)
			p.m[i][i] = p.o[i][i] = scalar_one;
		if (more) /* a generator for it: the next one of the stream, as a verifier would derive */
			prover_generators(&p);
		prover_run(&p);
		assert_string_equal(prover_failing(&p), "");
		prover_write(&p, &f.proof.folder, 2);
		forgery_sign_mix(&f, 2, LIST_1, 2);
		refused_by_party(&e, STEP_DECRYPT, 3, "1,3", ERROR_MALFORMED, "Ciphertexts02.bt");
		share_is_unused(&e, 3);
		refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_MALFORMED, "Ciphertexts02.bt");
		forgery_decrypt(&f, "12");
		f.box.list_sizes[0] = p.n;
		forgery_result(&f, "12");
		f.box.list_sizes[0] = VOTES;
		refused_by_verifier(&e, "8.2", more ? "too long" : "too short", "Plaintexts.bt");
	}
}

static void attack_36_another_width_is_refused(void **state)
{
	(void)state;
	begin();
	prover_run(&p);
	prover_write(&p, &f.proof.folder, 2);
	forgery_sign_mix(&f, 2, LIST_1, 2);
	forgery_decrypt(&f, "12");
	election_write(&f.proof.folder, "width", BYTES_LITERAL("2"));
	forgery_result(&f, "12");
	refused_by_verifier(&e, "8.2", "another width is expected", "width");
}

/* All declare a list empty that has ballots. */
static void attack_36_an_empty_list_is_none_that_has_ballots(void **state)
{
	(void)state;
	begin();
	struct election_files files;
	election_files(&files, e.record);
	for (size_t i = 0; i < files.count; i++)
		if (strncmp(files.file[i].path, "proof/", 6) == 0 ||
		    strncmp(files.file[i].path, "endorse/", 8) == 0)
			election_remove(e.record, files.file[i].path);
	election_files_free(&files);
	forgery_close(&f, "123");
	digest d = statement_empty(&e.key.eid, "l1");
	for (unsigned l = 1; l <= 3; l++)
		forgery_sign(&f, "l1", "empty", l, &d, 0);
	f.box.list_sizes[0] = 0;
	forgery_result(&f, "123");
	refused_by_verifier(&e, "8.1", "protInfo.xml", NULL);
	f.box.list_sizes[0] = VOTES;
}

/* One ballot: there is one permutation only, and still nothing else can be proved. */
static void attack_36_a_list_of_one_is_mixed_and_cannot_be_altered(void **state)
{
	(void)state;
	static struct election one;
	static struct forgery of;
	const point g = point_generator();
	attack_election(&one, 2, 2, 1);
	assert_true(election_step(&one, STEP_MIX, "1", "1,2"));
	forgery_begin(&of, &one);
	for (unsigned k = 0; k < 3; k++) {
		forgery_undo(&of);
		forgery_close(&of, "12");
		of.last = 2;
		election_write(&of.proof.folder, "proofs/activethreshold", BYTES_LITERAL("2"));
		prover_begin(&p, &of.proof.folder, &of.session, &of.key.y, LIST_1);
		assert_int_equal(p.n, 1);
		if (k == 1) {
			p.m[0][0] = scalar_of_u64(2);
			p.o[0][0] = fraction(1, 2);
		}
		prover_list(&p);
		if (k == 2)
			p.out[1][0] = plus(&p.out[1][0], &g);
		prover_rest(&p);
		assert_string_equal(prover_failing(&p), k == 0 ? "" : k == 1 ? "CD" : "F");
		prover_write(&p, &of.proof.folder, 2);
		forgery_sign_mix(&of, 2, LIST_1, 2);
		if (k > 0)
			refused_by_party(&one, STEP_DECRYPT, 1, "1,2", ERROR_REJECTED, "party 2");
		forgery_decrypt(&of, "12");
		forgery_result(&of, "12");
		if (k == 0)
			accepted_by_verifier(&one);
		else
			refused_by_verifier(&one, "8.2", k == 1 ? "shuffle equation C" : "shuffle equation F",
			                    "party 2");
	}
	forgery_end(&of);
	election_end(&one);
}

/* No ballot: nothing to mix; who says that there was something is refused. */
static void attack_36_a_list_of_none_has_no_proof(void **state)
{
	(void)state;
	static struct election none;
	static struct forgery of;
	attack_election(&none, 2, 2, 0);
	election_tally(&none, "1,2");
	accepted_by_verifier(&none);
	forgery_begin(&of, &none);
	digest d = {{1}};
	forgery_sign(&of, "l1", "mix", 2, &d, 0);
	forgery_log(&of);
	refused_by_verifier(&none, "8.5", "contradicts the list's size", "party 2");
	/* fewer than t say that it is empty */
	forgery_undo(&of);
	election_remove(none.record, "endorse/l1/empty-02.bt");
	forgery_log(&of);
	refused_by_verifier(&none, "8.5", "fewer authorities", NULL);
	forgery_undo(&of);
	/* a proof of the other election's list, signed by both */
	begin();
	prover_run(&p);
	prover_write(&p, &of.proof.folder, 2);
	forgery_log(&of);
	refused_by_verifier(&none, "8.5", "a list without ballots", NULL);
	forgery_end(&of);
	election_end(&none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_36_this_prover_is_honest_where_nothing_is_altered),
		cmocka_unit_test(attack_36_a_row_duplicated_and_one_dropped_is_refused),
		cmocka_unit_test(attack_36_an_invertible_matrix_that_is_no_permutation_is_refused),
		cmocka_unit_test(attack_36_a_row_that_is_scaled_is_refused),
		cmocka_unit_test(attack_36_rows_scaled_against_each_other_are_refused),
		cmocka_unit_test(attack_36_another_permutation_than_committed_is_refused),
		cmocka_unit_test(attack_36_a_permutation_chosen_after_the_seed_is_refused),
		cmocka_unit_test(attack_36_a_replaced_vote_is_refused),
		cmocka_unit_test(attack_36_one_signer_for_both_shuffles_is_refused),
		cmocka_unit_test(attack_36_a_broken_chain_is_refused),
		cmocka_unit_test(attack_36_a_skipped_last_shuffle_is_refused),
		cmocka_unit_test(attack_36_a_list_of_another_length_is_refused),
		cmocka_unit_test(attack_36_another_width_is_refused),
		cmocka_unit_test(attack_36_an_empty_list_is_none_that_has_ballots),
		cmocka_unit_test(attack_36_a_list_of_one_is_mixed_and_cannot_be_altered),
		cmocka_unit_test(attack_36_a_list_of_none_has_no_proof),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/shuffle", tests, set_up, tear_down);
}
