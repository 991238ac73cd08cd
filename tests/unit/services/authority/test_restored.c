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

/* Decrypts with this file in the record's evidence; the attempt that both ended in. */
static unsigned decrypts_in(const char *evidence, bool restored)
{
	struct election e;
	ready_to_mix(&e, 2, 2);
	if (restored)
		mark_restored(&e, 1);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	election_write(e.record, evidence, BYTES_LITERAL("of an earlier life"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	unsigned attempt = attempt_of(&e, 1);
	assert_int_equal(attempt_of(&e, 2), attempt);
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	verified(&e);
	election_end(&e);
	return attempt;
}

static void a_restored_home_commits_above_what_is_in_evidence(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in("evidence/l1/decrypt-3/DecrFactCommitment01.bt", true), 4);
	assert_int_equal(decrypts_in("evidence/l1/decrypt-2/ready-01.bt", true), 3);
}

static void evidence_of_others_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in("evidence/l1/decrypt-3/DecrFactCommitment02.bt", true), 1);
}

/* Whoever can write there cannot use up the attempts of a home that knows its own. */
static void a_home_that_knows_its_attempts_believes_no_evidence(void **state)
{
	(void)state;
	assert_int_equal(decrypts_in("evidence/l1/decrypt-3/DecrFactCommitment01.bt", false), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restored_home_commits_above_what_is_in_evidence),
		cmocka_unit_test(evidence_of_others_does_not_count),
		cmocka_unit_test(a_home_that_knows_its_attempts_believes_no_evidence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
