/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs whose every file is well formed but which claim what is not so: exchanged, repeated and
 * foreign parts, other elections' statements, too few shuffles.
 */
#include "unit/protocol/mixnet/world.h"

#include <stdlib.h>

static const bool all_three[LIMIT_PARTIES + 1] = {false, true, true, true};
static const unsigned in_order[] = {1, 2, 3};

static void mixed(struct world *w)
{
	world_init(w, 3, 2, 1, 5, NULL);
	world_mix(w, in_order, 2, all_three);
}

static bool found(const struct world *w, enum mix_check check, unsigned party)
{
	for (size_t i = 0; i < w->findings_count; i++) {
		if (w->findings[i].check == check && w->findings[i].party == party)
			return true;
	}
	return false;
}

static void is_rejected(struct world *w, enum mix_check check, unsigned party)
{
	struct error err;
	assert_fails(world_verify(w, NULL, &err), err, ERROR_REJECTED);
	if (!found(w, check, party))
		fail_msg("party %u: %s was expected, not: %s %s", party, mix_check_name(check), err.what,
		         err.detail);
}

static void swap_files(struct folder *f, const char *a, const char *b)
{
	bytes x = world_read(f, a), y = world_read(f, b);
	world_write(f, a, y);
	world_write(f, b, x);
}

static void two_parties_files_exchanged_are_rejected(void **state)
{
	(void)state;
	static const enum mix_file files[] = {MIX_FILE_LIST,
	                                      MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT,
	                                      MIX_FILE_POS_REPLY,
	                                      MIX_FILE_FACTORS,
	                                      MIX_FILE_DECRYPTION_COMMITMENT,
	                                      MIX_FILE_DECRYPTION_REPLY};
	struct world w;
	struct error err;
	mixed(&w);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct mix_path a = mix_path(files[i], 1), b = mix_path(files[i], 2);
		swap_files(w.folder, a.text, b.text);
		assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
		swap_files(w.folder, a.text, b.text);
	}
	assert_ok(world_verify(&w, NULL, &err), err);
	world_done(&w);
}

/* Moves `count` elements of 81 bytes within the columns of a file. */
static void move_points(struct world *w, const char *path, size_t column_start, size_t to,
                        size_t from, bool exchange)
{
	bytes all = world_read(w->folder, path);
	uint8_t *b = (uint8_t *)(uintptr_t)all.p, kept[POINT_TREE_BYTES];
	uint8_t *x = b + column_start + to * POINT_TREE_BYTES;
	uint8_t *y = b + column_start + from * POINT_TREE_BYTES;
	memcpy(kept, x, sizeof kept);
	memcpy(x, y, sizeof kept);
	if (exchange)
		memcpy(y, kept, sizeof kept);
	world_write(w->folder, path, all);
}

/* Both halves of a ciphertext of width 1 in a list of five. */
static void move_ciphertexts(struct world *w, const char *path, size_t to, size_t from,
                             bool exchange)
{
	move_points(w, path, 10, to, from, exchange);
	move_points(w, path, 10 + 5 * POINT_TREE_BYTES + 5, to, from, exchange);
}

static void shuffle_with_two_swapped_outputs_is_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	move_ciphertexts(&w, "proofs/Ciphertexts02.bt", 1, 3, true);
	is_rejected(&w, MIX_CHECK_F, 2);
	world_done(&w);
}

static void shuffle_with_a_repeated_output_is_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	move_ciphertexts(&w, "proofs/Ciphertexts01.bt", 0, 4, false);
	is_rejected(&w, MIX_CHECK_F, 1);
	world_done(&w);
}

static void an_unshuffled_copy_of_the_input_is_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	bytes in = world_read(w.folder, "Ciphertexts.bt");
	world_write(w.folder, "proofs/Ciphertexts01.bt", in);
	is_rejected(&w, MIX_CHECK_F, 1);
	world_done(&w);
}

static void a_commitment_to_no_permutation_is_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	move_points(&w, "proofs/PermutationCommitment01.bt", 5, 2, 3, false);
	is_rejected(&w, MIX_CHECK_C, 1);
	world_done(&w);
}

static void input_ballots_exchanged_afterwards_are_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	move_ciphertexts(&w, "Ciphertexts.bt", 0, 1, false);
	is_rejected(&w, MIX_CHECK_F, 1);
	world_done(&w);
}

static void plaintexts_in_another_order_are_rejected_with_the_place(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	mixed(&w);
	move_points(&w, "Plaintexts.bt", 5, 3, 4, true);
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
	assert_int_equal(w.findings_count, 1);
	assert_int_equal(w.findings[0].check, MIX_CHECK_PLAINTEXTS);
	assert_int_equal(w.findings[0].at, 3);
	world_done(&w);
}

static void a_wrong_b_is_found_at_its_index(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	mixed(&w);
	/* k_B,3 of party 2: after the header, k_A and the array's header. */
	bytes reply = world_read(w.folder, "proofs/PoSReply02.bt");
	uint8_t *b = (uint8_t *)(uintptr_t)reply.p;
	b[5 + 38 + 5 + 3 * 38 + 37] ^= 1;
	world_write(w.folder, "proofs/PoSReply02.bt", reply);
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_REJECTED);
	assert_int_equal(w.findings_count, 1);
	assert_int_equal(w.findings[0].check, MIX_CHECK_B);
	assert_int_equal(w.findings[0].party, 2);
	assert_int_equal(w.findings[0].at, 3);
	assert_string_equal(err.what, "proof: shuffle equation B does not hold");
	assert_string_equal(err.detail, "party 2: element 3");
	world_done(&w);
}

static void fewer_shuffles_than_the_threshold_are_rejected(void **state)
{
	(void)state;
	static const enum mix_file of_shuffle[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                           MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	struct world w;
	struct error err;
	world_init(&w, 3, 2, 1, 5, NULL);
	world_start(&w, MIX_MIXING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	world_decrypt(&w, "proofs/Ciphertexts01.bt", all_three);
	is_rejected(&w, MIX_CHECK_SHUFFLE_COUNT, 0);
	for (size_t i = 0; i < 4; i++)
		assert_ok(w.folder->remove(w.folder, mix_path(of_shuffle[i], 1).text, &err), err);
	is_rejected(&w, MIX_CHECK_SHUFFLE_COUNT, 0);
	world_done(&w);
}

/* Verificatum renames the last list to that of party λ where party λ has no proof. */
static void the_one_surplus_list_must_be_the_last_list(void **state)
{
	(void)state;
	static const unsigned gap[] = {1, 3};
	struct world w;
	struct error err;
	world_init(&w, 3, 2, 1, 5, NULL);
	world_mix(&w, gap, 2, all_three);
	assert_ok(world_verify(&w, NULL, &err), err);
	bytes last = world_read(w.folder, "proofs/Ciphertexts03.bt");
	world_write(w.folder, "proofs/Ciphertexts02.bt", last);
	assert_ok(world_verify(&w, NULL, &err), err);
	bytes first = world_read(w.folder, "proofs/Ciphertexts01.bt");
	world_write(w.folder, "proofs/Ciphertexts02.bt", first);
	is_rejected(&w, MIX_CHECK_CHAIN, 2);
	world_done(&w);
}

static void a_shuffled_list_that_is_not_the_last_is_rejected(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	world_init(&w, 2, 2, 1, 5, NULL);
	world_start(&w, MIX_SHUFFLING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	world_shuffle(&w, "proofs/Ciphertexts01.bt", 2);
	bytes last = world_read(w.folder, "proofs/Ciphertexts02.bt");
	world_write(w.folder, "ShuffledCiphertexts.bt", last);
	assert_ok(world_verify(&w, NULL, &err), err);
	bytes first = world_read(w.folder, "proofs/Ciphertexts01.bt");
	world_write(w.folder, "ShuffledCiphertexts.bt", first);
	is_rejected(&w, MIX_CHECK_CHAIN, 0);
	world_done(&w);
}

static void another_session_is_rejected(void **state)
{
	(void)state;
	struct world w;
	mixed(&w);
	struct mix_session right = w.session;
	w.session.sid[3] = 'A';
	is_rejected(&w, MIX_CHECK_A, 1);
	w.session = right;
	w.session.statdist++;
	is_rejected(&w, MIX_CHECK_A, 1);
	world_done(&w);
}

static void another_threshold_or_number_of_parties_is_refused(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	mixed(&w);
	struct mix_session right = w.session;
	w.session.threshold = 1;
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_MALFORMED);
	w.session = right;
	w.session.parties = 2;
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_MALFORMED);
	w.session.parties = 4;
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_MALFORMED);
	world_done(&w);
}

static void a_valid_proof_about_something_else_is_rejected(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_facts facts;
	mixed(&w);
	assert_ok(world_verify(&w, &facts, &err), err);
	struct mix_verify_job job = world_verify_job(&w);
	job.expected =
		(struct mix_expectation){.type = MIX_MIXING, .key = &facts.key, .input = &facts.input};
	assert_ok(mix_verify(&job, NULL, &err), err);
	job.expected.type = MIX_SHUFFLING;
	assert_fails(mix_verify(&job, NULL, &err), err, ERROR_REJECTED);
	job.expected.type = MIX_MIXING;
	job.expected.input = &facts.output;
	assert_fails(mix_verify(&job, NULL, &err), err, ERROR_REJECTED);
	job.expected.input = NULL;
	struct mix_key other = facts.key;
	other.polynomial[1] = other.polynomial[0];
	job.expected.key = &other;
	assert_fails(mix_verify(&job, NULL, &err), err, ERROR_REJECTED);
	world_done(&w);
}

static void correct_indices_that_leave_out_too_many_are_rejected(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	mixed(&w);
	uint8_t flags[9] = {1, 0, 0, 0, 4, 1, 1, 1, 0};
	world_write(w.folder, "proofs/CorrectIndices.bt", BYTES_OF(flags));
	is_rejected(&w, MIX_CHECK_PLACEHOLDER, 3);
	flags[7] = 0;
	world_write(w.folder, "proofs/CorrectIndices.bt", BYTES_OF(flags));
	is_rejected(&w, MIX_CHECK_CORRECT_INDICES, 0);
	flags[5] = 0;
	flags[6] = flags[7] = flags[8] = 1;
	world_write(w.folder, "proofs/CorrectIndices.bt", BYTES_OF(flags));
	assert_fails(world_verify(&w, NULL, &err), err, ERROR_MALFORMED);
	world_done(&w);
}

static void shuffles_alone_are_checked_as_they_come(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_facts facts;
	world_init(&w, 3, 2, 2, 5, NULL);
	world_start(&w, MIX_MIXING, 3);
	struct mix_verify_job job = world_verify_job(&w);
	assert_ok(mix_verify_shuffles(&job, in_order, 0, &facts, &err), err);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	assert_ok(mix_verify_shuffles(&job, in_order, 1, NULL, &err), err);
	world_shuffle(&w, "proofs/Ciphertexts01.bt", 3);
	assert_ok(mix_verify_shuffles(&job, (const unsigned[]){1, 3}, 2, NULL, &err), err);
	assert_fails(mix_verify_shuffles(&job, (const unsigned[]){3, 1}, 2, NULL, &err), err,
	             ERROR_REJECTED);
	assert_fails(mix_verify_shuffles(&job, (const unsigned[]){1, 2}, 2, NULL, &err), err,
	             ERROR_MALFORMED);
	w.key.polynomial[1] = w.key.polynomial[0];
	job.expected.key = &w.key;
	assert_fails(mix_verify_shuffles(&job, in_order, 1, NULL, &err), err, ERROR_REJECTED);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_parties_files_exchanged_are_rejected),
		cmocka_unit_test(shuffle_with_two_swapped_outputs_is_rejected),
		cmocka_unit_test(shuffle_with_a_repeated_output_is_rejected),
		cmocka_unit_test(an_unshuffled_copy_of_the_input_is_rejected),
		cmocka_unit_test(a_commitment_to_no_permutation_is_rejected),
		cmocka_unit_test(input_ballots_exchanged_afterwards_are_rejected),
		cmocka_unit_test(plaintexts_in_another_order_are_rejected_with_the_place),
		cmocka_unit_test(a_wrong_b_is_found_at_its_index),
		cmocka_unit_test(fewer_shuffles_than_the_threshold_are_rejected),
		cmocka_unit_test(the_one_surplus_list_must_be_the_last_list),
		cmocka_unit_test(a_shuffled_list_that_is_not_the_last_is_rejected),
		cmocka_unit_test(another_session_is_rejected),
		cmocka_unit_test(another_threshold_or_number_of_parties_is_refused),
		cmocka_unit_test(a_valid_proof_about_something_else_is_rejected),
		cmocka_unit_test(correct_indices_that_leave_out_too_many_are_rejected),
		cmocka_unit_test(shuffles_alone_are_checked_as_they_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
