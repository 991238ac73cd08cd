/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 32: one of three decryptors cheats by hand, in turn with two honest programs that work at
 * the same time, and publishes first. Two are enough.
 */
#include "support/support.h"

#include "attacks/keys/forge.h"
#include "attacks/keys/second.h"

#include "files/memory_folder.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CHEATER 2u
#define FILES_MS 60000u /* the most one waits for a file */

enum lie { ONE_FACTOR, WRONG_REPLY, ANOTHERS_FACTORS, NO_NUMBER, NO_POINT, LIES };
#define FIRST_MALFORMED NO_POINT /* from here on what is frozen is not of its form */

static struct election e;
static struct forgery f;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	attack_election(&e, 3, 2, 4);
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

/* Until this file of all three is there. */
static void await(const char *pattern)
{
	const struct timespec step = {0, 1000000};
	for (unsigned l = 1; l <= 3; l++) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		text_add(&t, pattern);
		text_add_u64(&t, l);
		text_add(&t, ".bt");
		for (unsigned i = 0; !there(&e, path); i++) {
			if (i == FILES_MS)
				fail_msg("%s is not there", path);
			nanosleep(&step, NULL);
		}
	}
}

/* G more in the last place, or no point there. */
static void spoil_factors(enum lie lie)
{
	const struct mix_path path = mix_path(MIX_FILE_FACTORS, CHEATER);
	const point g = point_generator();
	point last;
	bytes b = election_read(&f.proof.folder, path.text);
	uint8_t *at = (uint8_t *)(uintptr_t)b.p + b.len - POINT_TREE_BYTES;
	assert_ok(points_decode_tree(&last, bytes_of(at, POINT_TREE_BYTES), 1, POINT_FINITE, &err),
	          err);
	point_add(&last, &last, &g);
	points_encode_tree(at, &last, 1);
	at[POINT_TREE_BYTES - 1] ^= lie == NO_POINT;
	election_write(&f.proof.folder, path.text, b);
	drop(b);
}

/* Made aside, for the others read it as soon as it is there. */
static void publish_reply(struct decryption_job job, const secret_scalar *share,
                          struct decryption_nonce *nonce, enum lie lie)
{
	const struct mix_path path = mix_path(MIX_FILE_DECRYPTION_REPLY, CHEATER);
	job.folder = election_copy(&f.proof.folder);
	assert_ok(decryption_reply(&job, share, nonce, &err), err);
	bytes b = election_read(job.folder, path.text);
	uint8_t *p = (uint8_t *)(uintptr_t)b.p;
	if (lie == NO_NUMBER)
		memset(p + TREE_HEADER_BYTES, 0xff, b.len - TREE_HEADER_BYTES);
	else if (lie == WRONG_REPLY)
		p[b.len - 1] ^= 1;
	election_write(&f.proof.folder, path.text, b);
	drop(b);
	memory_folder_free(job.folder);
}

static void freeze(const char *kind, enum mix_file file)
{
	const struct statement_attempt about = {&e.key.eid, "l1", 1};
	digest parts[LIMIT_PARTIES];
	assert_ok(proof_digests(parts, e.record, 0, file, 3, &err), err);
	digest d = file == MIX_FILE_FACTORS ? statement_factors(&about, parts, 3)
	                                    : statement_commitments(&about, parts, 3);
	forgery_sign(&f, "l1", kind, CHEATER, &d, 1);
}

/* Before anybody else; then its part in the stages that follow. */
static void cheat_first(const struct decryption_job *job, const secret_scalar *share, enum lie lie)
{
	assert_ok(decryption_factors(job, CHEATER, share, &err), err);
	if (lie == ONE_FACTOR || lie == NO_POINT)
		spoil_factors(lie);
}

static void cheat_on(const struct decryption_job *job, const secret_scalar *share,
                     const bool *active, enum lie lie)
{
	const struct statement_attempt about = {&e.key.eid, "l1", 1};
	struct decryption_nonce nonce = {0};
	digest last = digest_of_file(&e, ATTACK_PROOFS "Ciphertexts02.bt"),
		   d = statement_ready(&about, &last, active, 3);
	forgery_sign(&f, "l1", "ready", CHEATER, &d, 1);
	await(ATTACK_PROOFS "DecryptionFactors0");
	freeze("factors", MIX_FILE_FACTORS);
	assert_ok(decryption_commit(job, CHEATER, test_rng(), &nonce, &err), err);
	await(ATTACK_PROOFS "DecrFactCommitment0");
	freeze("commitments", MIX_FILE_DECRYPTION_COMMITMENT);
	publish_reply(*job, share, &nonce, lie);
}

static void *honest(void *arg)
{
	const char *const *sets = arg;
	return election_step(&e, STEP_DECRYPT, sets[0], sets[1]) ? &e : NULL;
}

static const char *const verdicts[] = {
	[ONE_FACTOR] = "factors do not fit",
	[WRONG_REPLY] = "commitment or reply does not fit the public share",
	[ANOTHERS_FACTORS] = "commitment or reply does not fit the public share",
	[NO_NUMBER] = "the reply is no scalar",
	[NO_POINT] = "a file is malformed",
};

static bool run(const char *parties, const char *active, enum lie lie)
{
	struct mix_path list = mix_path(MIX_FILE_LIST, 2);
	const struct decryption_job job = {.session = &f.session,
	                                   .folder = &f.proof.folder,
	                                   .list = list.text,
	                                   .key = &f.key,
	                                   .workers = e.workers,
	                                   .memory = &e.arena};
	secret_scalar share = e.party[CHEATER - 1].share;
	bool is[LIMIT_PARTIES + 1] = {false};
	const char *sets[2] = {parties, active};
	pthread_t thread;
	void *good;
	forgery_undo(&f);
	for (const char *p = active; *p; p++)
		if (*p != ',')
			is[*p - '0'] = true;
	error_clear(&err);
	if (lie == ANOTHERS_FACTORS)
		scalar_add(&share.secret, &share.secret, &scalar_one);
	cheat_first(&job, &share, lie);
	assert_int_equal(pthread_create(&thread, NULL, honest, sets), 0);
	cheat_on(&job, &share, is, lie);
	assert_int_equal(pthread_join(thread, &good), 0);
	return good != NULL;
}

/* Who is last may find the placeholder that the first puts in the reply's place, or nothing. */
static void names_the_cheater(const struct error *said, enum lie lie)
{
	if (said->kind != ERROR_REJECTED || !strstr(said->detail, "party 2") ||
	    !(strstr(said->detail, verdicts[lie]) || strstr(said->detail, verdicts[WRONG_REPLY]) ||
	      strstr(said->detail, verdicts[NO_NUMBER])))
		fail_msg("lie %d: %s: %s (%s)", (int)lie, error_kind_name(said->kind), said->what,
		         said->detail);
}

static void attack_32_an_invalid_partial_decryption_stops_nothing_and_is_named(void **state)
{
	(void)state;
	for (enum lie lie = ONE_FACTOR; lie < FIRST_MALFORMED; lie++) {
		if (!run("1,3", "1,2,3", lie))
			fail_msg("lie %d: %s (%s); %s (%s)", (int)lie, e.party[0].err.what,
			         e.party[0].err.detail, e.party[2].err.what, e.party[2].err.detail);
		names_the_cheater(&e.party[0].noticed, lie);
		names_the_cheater(&e.party[2].noticed, lie);
		assert_true(there(&e, "evidence/l1/decrypt-1/DecrFactReply02.bt"));
		assert_true(election_step(&e, STEP_COUNT, "1,3", "1,3"));
		election_finish(&e);
		accepted_by_verifier(&e);
		assert_true(noted_by_verifier(&e, "4.8", "1"));
		bytes json = election_read(e.record, "result.json");
		((char *)(uintptr_t)json.p)[json.len - 1] = 0;
		assert_non_null(strstr((const char *)json.p, "\"valid\":3"));
		drop(json);
	}
}

/* What is frozen and not of its form cannot stay: the attempt ends with the name, though two would
 * be enough, and the next is without the cheater. */
static void attack_32_a_malformed_partial_decryption_ends_the_attempt_and_is_named(void **state)
{
	(void)state;
	for (enum lie lie = FIRST_MALFORMED; lie < LIES; lie++) {
		assert_false(run("1,3", "1,2,3", lie));
		names_the_cheater(&e.party[0].err, lie);
		names_the_cheater(&e.party[2].err, lie);
		assert_false(there(&e, ATTACK_PROOF "Plaintexts.bt"));
		assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
		assert_true(there(&e, "evidence/l1/decrypt-1/DecryptionFactors02.bt"));
		assert_true(election_step(&e, STEP_COUNT, "1,3", "1,3"));
		election_finish(&e);
		accepted_by_verifier(&e);
	}
}

/* With t active all are needed: it ends with the name, and the others begin another attempt. */
static void attack_32_where_all_are_needed_the_cheater_is_named_and_replaced(void **state)
{
	(void)state;
	for (enum lie lie = ONE_FACTOR; lie < LIES; lie++) {
		forgery_undo(&f);
		/* the placeholder of party 3 is the honest first party's to write */
		assert_false(run("1", "1,2", lie));
		names_the_cheater(&e.party[0].err, lie);
		assert_false(there(&e, ATTACK_PROOF "Plaintexts.bt"));
		assert_true(election_step(&e, STEP_DECRYPT, "1,3", "1,3"));
		assert_true(there(&e, "evidence/l1/decrypt-1/DecryptionFactors02.bt"));
		assert_true(election_step(&e, STEP_COUNT, "1,3", "1,3"));
		election_finish(&e);
		accepted_by_verifier(&e);
	}
}

/* The cheater marked as right by t colluding parties: the proof is missing, or wrong. */
static void attack_32_a_missing_proof_is_refused_by_the_verifier(void **state)
{
	(void)state;
	uint8_t zero[SCALAR_TREE_BYTES] = {1, 0, 0, 0, 33};
	for (unsigned k = 0; k < 2; k++) {
		forgery_undo(&f);
		f.last = 2;
		forgery_decrypt(&f, "12");
		if (k)
			election_write(&f.proof.folder, "proofs/DecrFactReply02.bt", BYTES_OF(zero));
		else
			election_remove(&f.proof.folder, "proofs/DecrFactReply02.bt");
		forgery_result(&f, "12");
		if (k)
			refused_by_verifier(&e, "9.1", "decryption commitment equation", "party 2");
		else
			refused_by_verifier(&e, "8.2", "is missing", "DecrFactReply02.bt");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_32_an_invalid_partial_decryption_stops_nothing_and_is_named),
		cmocka_unit_test(attack_32_a_malformed_partial_decryption_ends_the_attempt_and_is_named),
		cmocka_unit_test(attack_32_where_all_are_needed_the_cheater_is_named_and_replaced),
		cmocka_unit_test(attack_32_a_missing_proof_is_refused_by_the_verifier),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/decryptor", tests, set_up, tear_down);
}
