/* SPDX-License-Identifier: Apache-2.0 */
/* A home that came back from a backup begins above every attempt it can see. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include <stdio.h>

static void mark_restored(const struct election *e, unsigned party)
{
	char path[64], hex[17];
	hex_encode(hex, bytes_of(e->key.eid.b, 8));
	snprintf(path, sizeof path, "restored-%s", hex);
	election_write(e->party[party - 1].home, path, BYTES_LITERAL("never closed\n"));
}

static unsigned attempt_of(const struct election *e, unsigned party)
{
	char path[RECORD_PATH_BYTES];
	unsigned attempt = 0;
	struct error err;
	error_clear(&err);
	endorsement_path(path, "l1", "commitments", party);
	assert_ok(endorsement_attempt(&attempt, e->record, path, &err), err);
	return attempt;
}

/* Decrypts with "ready" for an attempt in the record's evidence, signed by this party, or, 0, by
 * nobody; the attempt that both ended in. */
static unsigned decrypts_in(unsigned attempt, unsigned signer, bool restored)
{
	static const char *const evidence = "evidence/l1/decrypt-3/ready-01.bt";
	struct election e;
	ready_to_mix(&e, 2, 2);
	if (restored)
		mark_restored(&e, 1);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	if (signer) {
		const bool active[LIMIT_PARTIES + 1] = {[1] = true};
		struct error err;
		digest list;
		error_clear(&err);
		assert_ok(record_file_digest(&list, e.record, PROOFS "Ciphertexts02.bt", &err), err);
		const struct statement_attempt about = {&e.key.eid, "l1", attempt};
		digest s = statement_ready(&about, &list, active, 2);
		assert_ok(endorsement_write(e.record, evidence, &e.party[signer - 1].identity,
		                            (struct endorsed){attempt, &s}, &err),
		          err);
	} else {
		election_write(e.record, evidence, BYTES_LITERAL("of an earlier life"));
	}
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	unsigned ended = attempt_of(&e, 1);
	assert_int_equal(attempt_of(&e, 2), ended);
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	verified(&e);
	election_end(&e);
	return ended;
}

static void a_restored_home_commits_above_what_it_has_signed_in_evidence(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in(3, 1, true), 4);
}

/* Else whoever can write there uses up all numbers there are. */
static void evidence_that_it_has_not_signed_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in(3, 0, true), 1);
	assert_int_equal(decrypts_in(3, 2, true), 1);
	assert_int_equal(decrypts_in(900, 1, true), 1); /* of another attempt than it lies at */
}

static void a_home_that_knows_its_attempts_believes_no_evidence(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in(3, 1, false), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restored_home_commits_above_what_it_has_signed_in_evidence),
		cmocka_unit_test(evidence_that_it_has_not_signed_does_not_count),
		cmocka_unit_test(a_home_that_knows_its_attempts_believes_no_evidence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
