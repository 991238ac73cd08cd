/* SPDX-License-Identifier: Apache-2.0 */
/* Which attempt of others an authority joins. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include <stdio.h>

static unsigned ready_of_first(struct election *e)
{
	struct error err;
	unsigned attempt;
	error_clear(&err);
	assert_ok(endorsement_attempt(&attempt, e->record, "endorse/l1/ready-01.bt", &err), err);
	return attempt;
}

static void says_ready(struct election *e, unsigned party, unsigned attempt,
                       const bool active[static LIMIT_PARTIES + 1])
{
	char path[RECORD_PATH_BYTES];
	struct error err;
	digest list;
	error_clear(&err);
	assert_ok(record_file_digest(&list, e->record, PROOFS "Ciphertexts02.bt", &err), err);
	const struct statement_attempt about = {&e->key.eid, "l1", attempt};
	digest s = statement_ready(&about, &list, active, e->parties);
	endorsement_path(path, "l1", "ready", party);
	election_remove(e->record, path);
	assert_ok(endorsement_write(e->record, path, &e->party[party - 1].identity,
	                            (struct endorsed){attempt, &s}, &err),
	          err);
}

/* Else a cheater makes all others keep a number that none of them has got to, run after run. */
static void one_partys_word_is_followed_one_attempt_up_and_that_of_all_others_further(void **state)
{
	(void)state;
	static const struct {
		unsigned second, third, joined;
	} cases[] = {{2, 1, 2}, {3, 1, 1}, {5, 2, 2}, {5, 5, 5}, {4, 3, 4}, {900, 900, 900}};
	const bool active[LIMIT_PARTIES + 1] = {[1] = true, [2] = true, [3] = true};
	struct election e;
	char path[64], hex[17];
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	timeouts(&e, 50);
	hex_encode(hex, bytes_of(e.key.eid.b, 8));
	snprintf(path, sizeof path, "attempt-%s-l1", hex);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		/* it has committed in attempt 10, and begins 11 */
		election_remove(e.record, "endorse/l1/ready-01.bt");
		election_write(e.party[0].home, path, BYTES_LITERAL("10\n"));
		says_ready(&e, 2, cases[i].second + 10, active);
		says_ready(&e, 3, cases[i].third + 10, active);
		assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2,3"));
		assert_int_equal(ready_of_first(&e), cases[i].joined + 10);
	}
	/* who never committed has nothing to lose */
	election_remove(e.record, "endorse/l1/ready-01.bt");
	election_remove(e.party[0].home, path);
	says_ready(&e, 2, 4, active);
	says_ready(&e, 3, 1, active);
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2,3"));
	assert_int_equal(ready_of_first(&e), 4);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_partys_word_is_followed_one_attempt_up_and_that_of_all_others_further),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
