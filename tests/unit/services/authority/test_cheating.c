/* SPDX-License-Identifier: Apache-2.0 */
/* False work of others, or in one's own name: named, and nothing is signed or opened. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include <stdio.h>

static void endorse_again(struct election *e, unsigned party, unsigned before)
{
	char path[RECORD_PATH_BYTES];
	struct error err;
	struct statement_mix m = {.party = party};
	const char *const names[] = {"Ciphertexts", "PermutationCommitment", "PoSCommitment",
	                             "PoSReply"};
	digest *const to[] = {&m.output, &m.permutation_commitment, &m.commitment, &m.reply};
	error_clear(&err);
	for (unsigned i = 0; i < 4; i++) {
		snprintf(path, sizeof path, PROOFS "%s0%u.bt", names[i], party);
		assert_ok(record_file_digest(to[i], e->record, path, &err), err);
	}
	if (before)
		snprintf(path, sizeof path, PROOFS "Ciphertexts0%u.bt", before);
	else
		snprintf(path, sizeof path, PROOF "Ciphertexts.bt");
	assert_ok(record_file_digest(&m.input, e->record, path, &err), err);
	digest s = statement_mix(&e->key.eid, "l1", &m);
	endorsement_path(path, "l1", "mix", party);
	election_remove(e->record, path);
	assert_ok(endorsement_write(e->record, path, &e->party[party - 1].identity,
	                            (struct endorsed){0, &s}, &err),
	          err);
}

static void spoil(struct election *e, const char *path, size_t from_end)
{
	bytes b = content(e, path);
	((uint8_t *)(uintptr_t)b.p)[b.len - from_end] ^= 1;
	election_write(e->record, path, b);
	drop(b);
}

static void a_predecessors_broken_proof_is_named_and_nothing_is_signed(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 3);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2,3"));
	spoil(&e, PROOFS "PoSReply01.bt", 1);
	assert_false(election_step(&e, STEP_MIX, "2", "1,2,3"));
	failed(&e, 2, ERROR_REJECTED, "party 1"); /* its signature is on something else */
	endorse_again(&e, 1, 0);
	assert_false(election_step(&e, STEP_MIX, "2", "1,2,3"));
	failed(&e, 2, ERROR_REJECTED, "shuffle equation");
	assert_non_null(strstr(e.party[1].err.detail, "1"));
	assert_false(there(&e, "endorse/l1/mix-02.bt"));
	assert_false(there(&e, PROOFS "Ciphertexts02.bt"));
	/* the third looks at all before it, and at decryption everybody does */
	assert_false(there(&e, PROOFS "PoSReply02.bt"));
	election_end(&e);
}

static void a_broken_proof_stops_the_decryption_before_any_share_is_used(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	spoil(&e, PROOFS "PoSReply02.bt", 1);
	endorse_again(&e, 2, 1);
	timeouts(&e, 2000);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	for (unsigned i = 1; i <= 2; i++)
		failed(&e, i, ERROR_REJECTED, "shuffle equation");
	assert_false(there(&e, "endorse/l1/ready-01.bt"));
	assert_false(there(&e, PROOFS "DecryptionFactors01.bt"));
	election_end(&e);
}

static void another_input_list_is_rejected_also_by_who_checked_the_ballots_before(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	for (unsigned before = 0; before < 2; before++) {
		timeouts(&e, 30);
		if (before) /* now it remembers the ballots */
			assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
		else
			election_write(e.record, PROOF "Ciphertexts.bt", BYTES_LITERAL("x"));
		if (before)
			spoil(&e, PROOF "Ciphertexts.bt", 1);
		assert_false(election_step(&e, STEP_MIX, "1", "1,2"));
		failed(&e, 1, ERROR_REJECTED, "Ciphertexts.bt");
		assert_false(there(&e, "endorse/l1/mix-01.bt"));
		assert_false(there(&e, PROOFS "Ciphertexts01.bt"));
		election_remove(e.record, PROOF "Ciphertexts.bt");
	}
	timeouts(&e, 60000);
	election_tally(&e, "1,2");
	verified(&e);
	election_end(&e);
}

static void a_decryptor_with_a_wrong_share_is_named_by_all(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	scalar_add(&e.party[1].share.secret, &e.party[1].share.secret, &scalar_one);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	for (unsigned i = 1; i <= 2; i++)
		failed(&e, i, ERROR_REJECTED, "party 2");
	assert_false(there(&e, PROOF "Plaintexts.bt"));
	/* the others go on without it */
	assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
	assert_true(there(&e, "evidence/l1/decrypt-1/DecryptionFactors02.bt"));
	assert_true(there(&e, "evidence/l1/decrypt-1/DecrFactReply02.bt"));
	assert_true(election_step(&e, STEP_COUNT, "1,3", "1,3"));
	verified(&e);
	election_end(&e);
}

/* Also when it is the one that publishes for all. */
static void with_enough_others_a_wrong_decryptor_stops_nothing(void **state)
{
	(void)state;
	for (unsigned wrong = 1; wrong <= 3; wrong += 2) {
		struct election e;
		char path[RECORD_PATH_BYTES], who[16];
		uint8_t zero[38] = {0};
		ready_to_mix(&e, 3, 2);
		assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
		scalar_add(&e.party[wrong - 1].share.secret, &e.party[wrong - 1].share.secret, &scalar_one);
		assert_false(election_step(&e, STEP_DECRYPT, "1,2,3", "1,2,3"));
		snprintf(who, sizeof who, "party %u", wrong);
		failed(&e, wrong, ERROR_REJECTED, who);
		for (unsigned i = 1; i <= 3; i++) {
			if (i == wrong)
				continue;
			assert_true(e.party[i - 1].good);
			assert_int_equal(e.party[i - 1].noticed.kind, ERROR_REJECTED);
			assert_non_null(strstr(e.party[i - 1].noticed.detail, who));
		}
		snprintf(path, sizeof path, PROOFS "DecrFactReply0%u.bt", wrong);
		bytes reply = content(&e, path);
		assert_int_equal(reply.len, sizeof zero);
		assert_memory_equal(reply.p + 5, zero, 33);
		drop(reply);
		snprintf(path, sizeof path, "evidence/l1/decrypt-1/DecrFactReply0%u.bt", wrong);
		assert_true(there(&e, path));
		assert_true(election_step(&e, STEP_COUNT, "1,2,3", "1,2,3"));
		verified(&e);
		/* done again, the others find the same */
		assert_false(election_step(&e, STEP_DECRYPT, "1,2,3", "1,2,3"));
		failed(&e, wrong, ERROR_REJECTED, who);
		assert_true(e.party[1].good);
		verified(&e);
		election_end(&e);
	}
}

static void false_factors_in_ones_own_name_are_not_signed(void **state)
{
	(void)state;
	struct election e, twin;
	ready_to_mix(&e, 2, 2);
	election_whole(&twin, &PLAN_SMALL(2, 2));
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	bytes other = content(&twin, PROOFS "DecryptionFactors01.bt");
	election_write(e.record, PROOFS "DecryptionFactors01.bt", other);
	timeouts(&e, 2000);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "DecryptionFactors01.bt");
	assert_false(there(&e, "endorse/l1/factors-01.bt"));
	drop(other);
	election_end(&twin);
	election_end(&e);
}

static void false_plaintexts_are_not_counted(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	bytes true_ones = content(&e, PROOF "Plaintexts.bt");
	uint8_t *p = (uint8_t *)(uintptr_t)true_ones.p, swap[81];
	memcpy(swap, p + 5, 81); /* the first plaintext over the second */
	memcpy(p + 5 + 81, swap, 81);
	bytes kept = content(&e, PROOF "Plaintexts.bt");
	election_write(e.record, PROOF "Plaintexts.bt", true_ones);
	for (unsigned i = 1; i <= 3; i++) { /* who decrypted, and who was away */
		char who[2] = {(char)('0' + i), 0};
		assert_false(election_step(&e, STEP_COUNT, who, "1,2"));
		failed(&e, i, ERROR_REJECTED, "l1");
	}
	assert_false(there(&e, "result.json"));
	assert_false(there(&e, "endorse/result-01.bt"));
	election_write(e.record, PROOF "Plaintexts.bt", kept);
	assert_true(election_step(&e, STEP_COUNT, "1,2,3", "1,2"));
	verified(&e);
	drop(true_ones);
	drop(kept);
	election_end(&e);
}

static void a_result_in_place_that_is_not_the_counted_one_is_not_signed(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	election_write(e.record, "result.json", BYTES_LITERAL("{}\n"));
	assert_false(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "result.json");
	assert_false(there(&e, "endorse/result-01.bt"));
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_predecessors_broken_proof_is_named_and_nothing_is_signed),
		cmocka_unit_test(a_broken_proof_stops_the_decryption_before_any_share_is_used),
		cmocka_unit_test(another_input_list_is_rejected_also_by_who_checked_the_ballots_before),
		cmocka_unit_test(a_decryptor_with_a_wrong_share_is_named_by_all),
		cmocka_unit_test(with_enough_others_a_wrong_decryptor_stops_nothing),
		cmocka_unit_test(false_factors_in_ones_own_name_are_not_signed),
		cmocka_unit_test(false_plaintexts_are_not_counted),
		cmocka_unit_test(a_result_in_place_that_is_not_the_counted_one_is_not_signed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
