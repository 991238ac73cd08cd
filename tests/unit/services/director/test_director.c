/* SPDX-License-Identifier: Apache-2.0 */
/* What a director sees of records in which somebody failed, and where it puts what failed. */
#include "support/support.h"

#include "director/director.h"
#include "support/cheat.h"
#include "unit/services/authority/steps.h"

#include <stdio.h>

static struct director d;
static struct ballot_box box;

static void begin(struct election *e, unsigned parties, unsigned threshold)
{
	struct error err;
	error_clear(&err);
	ready_to_mix(e, parties, threshold);
	const struct box_job job = {.manifest = e->manifest,
	                            .key = &e->key,
	                            .ceremony = &e->ceremony,
	                            .record = e->record,
	                            .world = &e->world};
	assert_ok(ballot_box_read(&box, &job, &err), err);
	assert_ok(director_open(&d, e->manifest, &e->key, e->record, &e->world, &err), err);
	d.box = &box;
	timeouts(e, 20000);
}

static struct director_list look(void)
{
	struct director_list l;
	struct error err;
	error_clear(&err);
	assert_ok(director_look(&l, &d, 0, NULL, &err), err);
	return l;
}

static struct cheat cheater(struct election *e, unsigned party)
{
	return (struct cheat){.manifest = e->manifest,
	                      .key = &e->key,
	                      .record = e->record,
	                      .world = &e->world,
	                      .identity = &e->party[party - 1].identity,
	                      .party = party};
}

static void cheats(struct election *e, unsigned party, enum cheat_kind kind)
{
	struct cheat c = cheater(e, party);
	struct error err;
	error_clear(&err);
	assert_ok(cheat_shuffle(&c, kind, &err), err);
}

static void chain_is(const struct director_list *l, const char *chain)
{
	assert_int_equal(l->chain_count, strlen(chain));
	for (unsigned i = 0; i < l->chain_count; i++)
		assert_int_equal(l->chain[i], chain[i] - '0');
}

static void blames(const struct director_list *l, unsigned party, const char *what)
{
	for (unsigned i = 0; i < l->faults_count; i++) {
		const struct director_fault *f = &l->faults[i];
		if (f->party != party)
			continue;
		if (!strstr(f->why.what, what) && !strstr(f->why.detail, what))
			fail_msg("party %u: %s: %s", party, f->why.what, f->why.detail);
		return;
	}
	fail_msg("party %u is not blamed", party);
}

/* "": not possible. */
static void wants(const struct director_list *l, const char *can, const char *next, unsigned keep)
{
	bool possible[LIMIT_PARTIES + 1] = {false}, wanted[LIMIT_PARTIES + 1] = {false};
	unsigned stays;
	for (const char *s = can; *s; s++)
		possible[*s - '0'] = true;
	assert_int_equal(director_wanted(wanted, &stays, &d, l, possible), next[0] != 0);
	assert_int_equal(stays, keep);
	for (unsigned p = 1; p <= 9; p++)
		assert_int_equal(wanted[p], strchr(next, (int)('0' + p)) != NULL);
}

static void set_aside(unsigned party, const char *what)
{
	struct error err, why;
	error_clear(&err);
	error_clear(&why);
	fail(&why, ERROR_REJECTED, what, party);
	assert_ok(director_set_aside_shuffle(&d, 0, party, &why, &err), err);
}

/* --- the chain --- */

static void a_list_is_followed_from_nothing_to_open(void **state)
{
	(void)state;
	struct election e;
	begin(&e, 3, 2);
	struct director_list l = look();
	assert_int_equal(l.state, DIRECTOR_MIXING);
	chain_is(&l, "");
	wants(&l, "123", "12", 0);
	wants(&l, "13", "13", 0);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	l = look();
	chain_is(&l, "1");
	wants(&l, "23", "2", 1);
	wants(&l, "3", "3", 1);
	wants(&l, "", "", UINT32_MAX);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2"));
	l = look();
	assert_int_equal(l.state, DIRECTOR_DECRYPTING);
	assert_int_equal(l.attempt, 0);
	assert_string_equal(l.missing_what, "a signed \"ready\"");
	assert_true(l.missing[1] && l.missing[2] && l.missing[3]);
	assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
	l = look();
	assert_int_equal(l.state, DIRECTOR_OPEN);
	assert_int_equal(l.faults_count, 0);
	election_end(&e);
}

static void every_way_to_cheat_is_blamed_on_its_author_alone(void **state)
{
	(void)state;
	static const struct {
		enum cheat_kind kind;
		const char *what;
	} ways[] = {{CHEAT_EQUATION, "shuffle equation"}, {CHEAT_OUTPUT, "shuffle equation"},
	            {CHEAT_INPUT, "another list"},        {CHEAT_SIGNATURE, "signature"},
	            {CHEAT_MALFORMED, "PoSCommitment02"}, {CHEAT_UNSIGNED, "has not signed"}};
	struct election e;
	begin(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		char path[64];
		cheats(&e, 2, ways[i].kind);
		struct director_list l = look();
		assert_int_equal(l.state, DIRECTOR_MIXING);
		chain_is(&l, "1");
		assert_int_equal(l.faults_count, 1);
		blames(&l, 2, ways[i].what);
		assert_int_equal(l.faults[0].unsigned_files, ways[i].kind == CHEAT_UNSIGNED);
		wants(&l, "3", "3", 1);
		set_aside(2, ways[i].what);
		snprintf(path, sizeof path,
		         i ? "evidence/l1/mix-02-%zu/reason.txt" : /* the first has none */
		             "evidence/l1/mix-02/reason.txt",
		         i + 1);
		assert_true(there(&e, path));
		l = look();
		assert_int_equal(l.faults_count, 0);
	}
	assert_true(election_step(&e, STEP_MIX, "1,3", "1,3"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2,3", "1,2,3"));
	assert_true(election_step(&e, STEP_COUNT, "1,2,3", "1,2,3"));
	verified(&e);
	election_end(&e);
}

/* An accomplice goes on behind a shuffle that does not hold. */
static void who_continues_a_false_chain_is_blamed_as_well(void **state)
{
	(void)state;
	struct election e;
	begin(&e, 4, 3);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2,3"));
	cheats(&e, 2, CHEAT_OUTPUT);
	cheats(&e, 3, CHEAT_HONEST);
	struct director_list l = look();
	chain_is(&l, "1");
	assert_int_equal(l.faults_count, 2);
	blames(&l, 2, "shuffle equation");
	blames(&l, 3, "another list");
	wants(&l, "4", "", UINT32_MAX);
	wants(&l, "34", "34", 1);
	election_end(&e);
}

static void a_chain_that_cannot_be_ended_is_begun_anew_as_late_as_possible(void **state)
{
	(void)state;
	struct election e;
	begin(&e, 5, 3);
	assert_true(election_step(&e, STEP_MIX, "1,4", "1,4,5"));
	struct director_list l = look();
	chain_is(&l, "14");
	wants(&l, "1345", "5", 2);
	wants(&l, "134", "", 1); /* 5 is gone: 4's must go, then 3 and 4 */
	wants(&l, "14", "", UINT32_MAX);
	wants(&l, "234", "", 1);
	set_aside(4, "begun anew");
	l = look();
	wants(&l, "134", "34", 1);
	assert_true(election_step(&e, STEP_MIX, "1,3,4", "1,3,4"));
	l = look();
	assert_int_equal(l.state, DIRECTOR_DECRYPTING);
	chain_is(&l, "134");
	/* its second shuffle is another one */
	bytes first = content(&e, "evidence/l1/mix-04/PermutationCommitment04.bt");
	bytes second = content(&e, PROOFS "PermutationCommitment04.bt");
	assert_int_equal(first.len, second.len);
	assert_memory_not_equal(first.p, second.p, first.len);
	drop(first);
	drop(second);
	assert_true(election_step(&e, STEP_DECRYPT, "2,3,5", "2,3,5"));
	assert_true(election_step(&e, STEP_COUNT, "2,3,5", "2,3,5"));
	verified(&e);
	election_end(&e);
}

static void a_list_or_key_that_is_not_the_elections_is_blamed_on_nobody(void **state)
{
	(void)state;
	static const char *const files[] = {PROOF "Ciphertexts.bt", PROOF "FullPublicKey.bt"};
	struct election e;
	begin(&e, 2, 2);
	for (unsigned i = 0; i < 2; i++) {
		struct error err;
		error_clear(&err);
		assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
		election_write(e.record, files[i], BYTES_LITERAL("x"));
		struct director_list l = look();
		assert_int_equal(l.faults_count, 1);
		assert_int_equal(l.faults[0].party, 0);
		assert_ok(director_set_aside_unsigned(&d, 0, &l.faults[0].why, &err), err);
		assert_false(there(&e, files[i]));
	}
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	struct director_list l = look();
	chain_is(&l, "12");
	assert_int_equal(l.faults_count, 0);
	election_tally(&e, "1,2");
	verified(&e);
	election_end(&e);
}

static void signatures_alone_say_nothing_of_equations(void **state)
{
	(void)state;
	struct election e;
	begin(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	cheats(&e, 2, CHEAT_EQUATION);
	d.signatures_only = true;
	struct director_list l = look();
	assert_int_equal(l.state, DIRECTOR_DECRYPTING);
	d.signatures_only = false;
	l = look();
	assert_int_equal(l.state, DIRECTOR_MIXING);
	blames(&l, 2, "shuffle equation");
	election_end(&e);
}

/* --- decryption --- */

static void whoever_the_others_wait_for_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *gone, *what;
	} steps[] = {{PROOFS "DecrFactReply02.bt", "the reply"},
	             {"endorse/l1/commitments-02.bt", "the signature on all commitments"},
	             {PROOFS "DecrFactCommitment02.bt", "the commitment"},
	             {"endorse/l1/factors-02.bt", "the signature on all factors"},
	             {PROOFS "DecryptionFactors02.bt", "the factors"},
	             {"endorse/l1/ready-02.bt", "a signed \"ready\""}};
	struct election e;
	begin(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	election_remove(e.record, PROOF "Plaintexts.bt");
	election_remove(e.record, PROOF "CorrectIndices.bt");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct director_list l;
		struct error err;
		const bool active[LIMIT_PARTIES + 1] = {[1] = true, [2] = true};
		error_clear(&err);
		election_remove(e.record, steps[i].gone);
		assert_ok(director_look(&l, &d, 0, active, &err), err);
		assert_int_equal(l.state, DIRECTOR_DECRYPTING);
		assert_int_equal(l.attempt, 1);
		assert_non_null(l.missing_what);
		assert_string_equal(l.missing_what, steps[i].what);
		assert_true(l.missing[2]);
		assert_false(l.missing[3]);
	}
	election_end(&e);
}

static void who_decrypts_wrongly_is_blamed_by_its_equation(void **state)
{
	(void)state;
	struct election e;
	begin(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	scalar_add(&e.party[1].share.secret, &e.party[1].share.secret, &scalar_one);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	struct director_list l = look();
	assert_int_equal(l.state, DIRECTOR_DECRYPTING);
	assert_int_equal(l.faults_count, 1);
	blames(&l, 2, "does not fit the public share");
	struct error err;
	error_clear(&err);
	assert_ok(director_note_decryptor(&d, 0, l.attempt, l.faults[0], &err), err);
	assert_true(there(&e, "evidence/l1/decrypt-1/reason-02.txt"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
	assert_true(election_step(&e, STEP_COUNT, "1,3", "1,3"));
	verified(&e);
	election_end(&e);
}

static void false_plaintexts_are_blamed_on_nobody_and_made_anew(void **state)
{
	(void)state;
	struct election e;
	struct error err;
	error_clear(&err);
	begin(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_ok(cheat_flip(e.record, PROOF "Plaintexts.bt", 0, &err), err);
	struct director_list l = look();
	assert_int_equal(l.state, DIRECTOR_DECRYPTING);
	assert_int_equal(l.faults[0].party, 0);
	assert_ok(director_set_aside_unsigned(&d, 0, &l.faults[0].why, &err), err);
	assert_true(there(&e, "evidence/l1/files/Plaintexts.bt"));
	assert_true(there(&e, PROOF "Ciphertexts.bt"));
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	verified(&e);
	election_end(&e);
}

static void a_false_result_is_set_aside_with_its_signatures(void **state)
{
	(void)state;
	struct election e;
	struct error err, why;
	error_clear(&err);
	error_clear(&why);
	fail(&why, ERROR_REJECTED, "test: false", 0);
	begin(&e, 2, 2);
	election_tally(&e, "1,2");
	election_write(e.record, "result.json", BYTES_LITERAL("{}\n"));
	assert_false(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	assert_ok(director_set_aside_result(&d, &why, &err), err);
	assert_true(there(&e, "evidence/result/result.json"));
	assert_true(there(&e, "evidence/result/result-01.bt"));
	election_remove(e.record, "log/checkpoint"); /* it spoke of the record before */
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	verified(&e);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_followed_from_nothing_to_open),
		cmocka_unit_test(every_way_to_cheat_is_blamed_on_its_author_alone),
		cmocka_unit_test(who_continues_a_false_chain_is_blamed_as_well),
		cmocka_unit_test(a_chain_that_cannot_be_ended_is_begun_anew_as_late_as_possible),
		cmocka_unit_test(a_list_or_key_that_is_not_the_elections_is_blamed_on_nobody),
		cmocka_unit_test(signatures_alone_say_nothing_of_equations),
		cmocka_unit_test(whoever_the_others_wait_for_is_named),
		cmocka_unit_test(who_decrypts_wrongly_is_blamed_by_its_equation),
		cmocka_unit_test(false_plaintexts_are_blamed_on_nobody_and_made_anew),
		cmocka_unit_test(a_false_result_is_set_aside_with_its_signatures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
