/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 3: two elections of one manifest, with the same authorities, board, registrar, credentials
 * and questions, at two times. Whatever belongs to the one is moved to the other, and who could
 * sign it there signs.
 */
#include "support/support.h"

#include "attacks/attacker.h"
#include "attacks/files.h"
#include "record/proof.h"

/* `other` is record_spoil.h's: the first election, finished; `u` the second. */
static uint8_t mine[URN_BALLOT_MAX], yours[URN_BALLOT_MAX], room[URN_BALLOT_MAX];

static const char two_alike[] =
	"[{\"id\":\"q1\",\"title\":\"A\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]},"
	"{\"id\":\"q2\",\"title\":\"B\",\"rule\":\"plurality-at-large\",\"seats\":1,\"min\":0,"
	"\"max\":1,\"answers\":[\"Yes\",\"No\"],\"lot\":[1,2]}]";
static const struct urn_plan plan = {.mode = BALLOT_CREDENTIALS,
                                     .weight_max = 1,
                                     .witnesses = 4,
                                     .parties = 2,
                                     .threshold = 2,
                                     .questions = two_alike};

/* Five voters, all with both questions. */
static void honest_record(void)
{
	scene_open();
	for (unsigned i = 0; i < 5; i++)
		scene_vote(room, 3 * i, 0);
	scene_named("honest");
}

static void begin_two(void)
{
	urn_begin(&u, &plan);
	honest_record();
	other = u;
	other.world.arena = &other.arena;
	other.world.rng = &other.rng.rng;
	urn_begin_again(&u, &other, &plan);
	bytes credentials = urn_file(&other, "credentials.bt");
	urn_write(&u, "credentials.bt", credentials);
	memcpy(u.voters, other.voters, sizeof u.voters);
	scene_drop(credentials);
	credentials = urn_file(&other, CREDENTIALS_SIGNATURE);
	urn_write(&u, CREDENTIALS_SIGNATURE, credentials);
	scene_drop(credentials);
}

static void end_two(void)
{
	scene_end();
	urn_end(&other);
}

static void attack_03_ballots_proofs_and_signatures_of_another_election_are_refused(void **state)
{
	(void)state;
	begin_two();
	assert_memory_equal(u.manifest->d.b, other.manifest->d.b, 32);
	assert_memory_not_equal(u.key.eid.b, other.key.eid.b, 32);
	scene_open();
	scene_vote(room, 3, 0);
	const struct map m = map_of(0);
	bytes theirs = urn_ballot(yours, &other, 6, 0, 0);
	memcpy(mine, yours, m.end);
	scene_attack(bytes_of(mine, m.end), BOARD_OTHER_ELECTION, "as it is");
	urn_ballot(yours, &other, 6, 0, 0);
	memcpy(mine, yours, m.end);
	memcpy(mine + m.eid + 5, u.key.eid.b, 32);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "under our name");
	urn_ballot(yours, &other, 6, 0, 0);
	memcpy(mine, yours, m.end);
	memcpy(mine + m.eid + 5, u.key.eid.b, 32);
	sign_ballot(mine, 6, 0, 0);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "under our name and signed for us");
	/* our ballot with parts of theirs, of the same voter */
	urn_ballot(mine, &u, 6, 0, 0);
	memcpy(mine + m.r, yours + m.r, m.end - m.r);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "with the signature given there");
	urn_ballot(mine, &u, 6, 0, 0);
	memcpy(mine + m.aa, yours + m.aa, m.seq - m.aa);
	sign_ballot(mine, 6, 0, 0);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "with the proofs given there");
	urn_ballot(yours, &other, 6, 0, 0);
	urn_ballot(mine, &u, 6, 0, 0);
	memcpy(mine + m.ct, yours + m.ct, m.seq - m.ct);
	sign_ballot(mine, 6, 0, 0);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_PROOF, "with ciphertexts and proofs of there");
	scene_vote(room, 6, 0);
	scene_named("3: ballots of another election");
	assert_int_equal(theirs.len, m.end);
	end_two();
}

static void attack_03_a_credential_change_signed_for_another_election_is_refused(void **state)
{
	(void)state;
	uint8_t key[POINT_TREE_BYTES], signature[64];
	begin_two();
	points_encode_tree(key, &u.voters[0].who.key, 1);
	const struct credential_change c = {0, BYTES_OF(key), u.manifest->styles[0].name, 0};
	digest s = statement_credential(&other.key.eid, &c);
	identity_sign(signature, &u.registrar, BYTES_OF(s.b));
	scene_open();
	scene_vote(room, 0, 0);
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_REJECTED);
	struct entry e = {.kind = ENTRY_CREDENTIAL, .key = c.key, .style = c.style};
	memcpy(e.signature, signature, sizeof signature);
	log_entry(&l, &e);
	board_abandon(u.board);
	u.board = NULL;
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	scene_judged("5.1", "3: a revocation from another election");
	end_two();
}

/* Every file, alone, with the log written anew over it; those of a proof that change the statement
 * of an authority are found as its signature's fault as well. */
static void attack_03_every_file_of_another_election_is_refused(void **state)
{
	(void)state;
	struct scene_files here;
	unsigned moved = 0;
	begin_two();
	honest_record();
	scene_keep(&here);
	for (size_t i = 0; i < here.files.count; i++) {
		const char *path = here.files.file[i].path;
		if (!other.record->exists(other.record, path))
			continue;
		bytes theirs = urn_file(&other, path);
		if (!bytes_equal(theirs, here.content[i])) {
			urn_write(&u, path, theirs);
			log_anew_if(path);
			must_fail(codes_for(path), path);
			moved++;
			scene_restore(&here);
		}
		scene_drop(theirs);
	}
	assert_true(moved > 60);
	scene_judged("", "3: all back in their places");
	scene_forget(&here);
	end_two();
}

/* All files below these places at once. */
static void attack_03_whole_parts_of_another_election_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *places[3];
		const char *codes;
	} parts[] = {
		{{"proof/l1/", "endorse/l1/", NULL}, "8.1"},
		{{"proof/", "endorse/", "result.json"}, "8.1"},
		{{"result.json", "endorse/result", NULL}, "10.2"},
		{{"log/", "ballots.bt", "endorse/close"}, "4.2"},
		{{"log/checkpoint-close", "endorse/close", NULL}, "4.4"},
		{{"ceremony/", NULL, NULL}, "3.2"},
		{{"endorse/", NULL, NULL}, "8.3"},
	};
	struct scene_files here;
	struct tally_files theirs;
	begin_two();
	honest_record();
	scene_keep(&here);
	tally_files(&theirs, other.record);
	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
		for (size_t i = 0; i < theirs.count; i++)
			for (unsigned p = 0; p < 3 && parts[k].places[p]; p++)
				if (begins(theirs.file[i].path, parts[k].places[p])) {
					bytes b = urn_file(&other, theirs.file[i].path);
					urn_write(&u, theirs.file[i].path, b);
					scene_drop(b);
				}
		log_anew_if(parts[k].places[0]);
		must_fail(parts[k].codes, parts[k].places[0]);
		scene_restore(&here);
	}
	free(theirs.file);
	scene_forget(&here);
	end_two();
}

/* One authority's decryption of there, and both sign it here in every stage. */
static void attack_03_decryption_shares_of_another_election_are_refused(void **state)
{
	(void)state;
	static const enum mix_file shares[] = {MIX_FILE_FACTORS, MIX_FILE_DECRYPTION_COMMITMENT,
	                                       MIX_FILE_DECRYPTION_REPLY};
	begin_two();
	honest_record();
	for (unsigned i = 0; i < 3; i++) {
		char path[RECORD_PATH_BYTES];
		proof_file_path(path, 0, shares[i], 1);
		bytes b = urn_file(&other, path);
		urn_write(&u, path, b);
		scene_drop(b);
	}
	for (unsigned kind = 0; kind < 2; kind++) {
		digest parts[2], d;
		const struct statement_attempt about = {&u.key.eid, "l1", 1};
		error_clear(&err);
		assert_ok(proof_digests(parts, u.record, 0, shares[kind], 2, &err), err);
		d = kind ? statement_commitments(&about, parts, 2) : statement_factors(&about, parts, 2);
		for (unsigned party = 1; party <= 2; party++) {
			char path[RECORD_PATH_BYTES];
			endorsement_path(path, "l1", kind ? "commitments" : "factors", party);
			assert_ok(u.record->remove(u.record, path, &err), err);
			assert_ok(endorsement_write(u.record, path, &u.identity[party - 1],
			                            (struct endorsed){1, &d}, &err),
			          err);
		}
	}
	scene_log_anew();
	scene_judged("9.1", "3: decryption shares of another election");
	end_two();
}

/* Two questions of one shape in one election: the lists have equal sizes. */
static void attack_03_what_belongs_to_another_question_is_refused(void **state)
{
	(void)state;
	struct scene_files here;
	unsigned moved = 0;
	urn_begin(&u, &plan);
	honest_record();
	scene_keep(&here);
	for (size_t i = 0; i < here.files.count; i++) {
		const char *path = here.files.file[i].path;
		char twin[RECORD_PATH_BYTES];
		if (!strstr(path, "l1/"))
			continue;
		strcpy(twin, path);
		for (char *at = twin; (at = strstr(at, "l1/")) != NULL; at++)
			at[1] = '2';
		bytes a = here.content[i], b = urn_file(&u, twin);
		if (!bytes_equal(a, b)) {
			urn_write(&u, twin, a);
			log_anew_if(path);
			must_fail(codes_for(path), twin);
			urn_write(&u, path, b);
			log_anew_if(path);
			must_fail(codes_for(path), path);
			scene_restore(&here);
			moved++;
		}
		scene_drop(b);
	}
	assert_true(moved > 20);
	scene_forget(&here);
	scene_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_03_ballots_proofs_and_signatures_of_another_election_are_refused),
		cmocka_unit_test(attack_03_a_credential_change_signed_for_another_election_is_refused),
		cmocka_unit_test(attack_03_every_file_of_another_election_is_refused),
		cmocka_unit_test(attack_03_whole_parts_of_another_election_are_refused),
		cmocka_unit_test(attack_03_decryption_shares_of_another_election_are_refused),
		cmocka_unit_test(attack_03_what_belongs_to_another_question_is_refused),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
