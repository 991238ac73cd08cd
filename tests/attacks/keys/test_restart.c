/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 37, and two challenges for one commitment (section 3 of the protocol's design): work is
 * interrupted and begun again, while director, board and the other parties change what they said,
 * and the authority's home is what it was, or an older copy of it.
 */
#include "support/support.h"

#include "attacks/keys/forge.h"
#include "attacks/keys/prover.h"
#include "attacks/keys/second.h"

#include "files/memory_folder.h"

#include <string.h>

static struct error err;

/* --- 37 --- */

static const char *const made[] = {"proofs/Ciphertexts01.bt", "proofs/PermutationCommitment01.bt",
                                   "proofs/PoSCommitment01.bt", "proofs/PoSReply01.bt"};

/* No leaf of a point or scalar of one run may occur in the other. */
static void share_nothing(bytes a, bytes b)
{
	const size_t leaf = 33;
	unsigned leaves = 0;
	for (size_t i = 0; i + 5 + leaf <= a.len; i++) {
		if (a.p[i] != 1 || load_be32(a.p + i + 1) != leaf)
			continue;
		leaves++;
		for (size_t j = 0; j + leaf <= b.len; j++)
			if (memcmp(a.p + i + 5, b.p + j, leaf) == 0)
				fail_msg("two runs have a number in common, at %zu and %zu", i, j);
	}
	assert_true(leaves >= 4);
}

static void keep(bytes out[4], struct forgery *f)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = election_read(&f->proof.folder, made[i]);
}

static void differ(bytes a[4], bytes b[4])
{
	for (unsigned i = 0; i < 4; i++)
		share_nothing(a[i], b[i]);
}

static void drop_all(bytes b[4])
{
	for (unsigned i = 0; i < 4; i++)
		drop(b[i]);
}

/* Killed before its signature, with any number of its files published. */
static void attack_37_a_mixer_begun_again_uses_no_number_twice(void **state)
{
	(void)state;
	struct election e;
	struct forgery f;
	bytes runs[6][4];
	attack_election(&e, 2, 2, 5);
	forgery_begin(&f, &e);
	for (unsigned left = 0; left <= 5; left++) {
		assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
		keep(runs[left], &f);
		for (unsigned before = 0; before < left; before++)
			differ(runs[before], runs[left]);
		if (left == 5)
			break;
		for (unsigned i = left; i < 4; i++)
			election_remove(&f.proof.folder, made[i]);
		election_remove(e.record, "endorse/l1/mix-01.bt");
	}
	election_tally(&e, "1,2");
	accepted_by_verifier(&e);
	for (unsigned i = 0; i < 6; i++)
		drop_all(runs[i]);
	forgery_end(&f);
	election_end(&e);
}

/* The same party, shown another urn after its first shuffle is out: by a home that remembers it is
 * refused, and one that does not shuffles anew. */
static void attack_37_a_restart_with_another_input_uses_no_number_twice(void **state)
{
	(void)state;
	struct election e;
	struct forgery f;
	bytes runs[2][4];
	attack_election(&e, 2, 2, 5);
	forgery_begin(&f, &e);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	keep(runs[0], &f);
	e.ballots--;
	for (unsigned forgets = 0; forgets < 2; forgets++) {
		struct folder *home = e.party[0].home;
		struct folder *was = election_copy(home);
		forgery_undo(&f);
		election_write_box(&e);
		if (!forgets) {
			e.party[0].authority.home = was;
			refused_by_party(&e, STEP_MIX, 1, "1,2", ERROR_CONFLICT, "closed before");
			assert_false(there(&e, "endorse/l1/mix-01.bt"));
			e.party[0].authority.home = e.party[0].home;
		} else {
			assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
			keep(runs[1], &f);
			differ(runs[0], runs[1]);
		}
		memory_folder_free(was);
	}
	drop_all(runs[0]);
	drop_all(runs[1]);
	forgery_end(&f);
	election_end(&e);
}

/* --- two challenges for one commitment --- */

#define COMMITMENT ATTACK_PROOFS "DecrFactCommitment01.bt"
#define REPLY ATTACK_PROOFS "DecrFactReply01.bt"

/* k = −(x/μ)·v + r: what two replies to two challenges for one r would give away. */
static void attack_section_3_two_challenges_for_one_commitment_would_give_the_share(void **state)
{
	(void)state;
	scalar r = random_scalar(), x = random_scalar(), v[2], k[2], gap, top;
	for (unsigned i = 0; i < 2; i++) {
		v[i] = random_scalar();
		scalar_neg(&gap, &x);
		scalar_mul_add(&k[i], &gap, &v[i], &r);
	}
	scalar_sub(&top, &k[1], &k[0]);
	scalar_sub(&gap, &v[0], &v[1]);
	scalar_invert(&gap, &gap);
	scalar_mul(&top, &top, &gap);
	assert_true(scalar_equal(&top, &x));
}

/* What is left in the record for the second run; the others say everything anew. */
enum left { ALL_BUT_THE_REPLY, ALL_BUT_COMMITMENT_AND_REPLY, NOTHING_OF_THIS_ATTEMPT, LEFTS };

static void remove_if_there(struct election *e, const char *path)
{
	if (there(e, path))
		election_remove(e->record, path);
}

static void forget(struct election *e, enum left left)
{
	static const char *const of_2[] = {
		"endorse/l1/commitments-02.bt",     "endorse/l1/factors-02.bt",
		"endorse/l1/ready-02.bt",           ATTACK_PROOFS "DecrFactCommitment02.bt",
		ATTACK_PROOFS "DecrFactReply02.bt", ATTACK_PROOF "Plaintexts.bt",
		ATTACK_PROOFS "CorrectIndices.bt",  REPLY};
	for (size_t i = 0; i < sizeof of_2 / sizeof *of_2; i++)
		remove_if_there(e, of_2[i]);
	if (left >= ALL_BUT_COMMITMENT_AND_REPLY) {
		remove_if_there(e, COMMITMENT);
		remove_if_there(e, "endorse/l1/commitments-01.bt");
	}
	if (left == NOTHING_OF_THIS_ATTEMPT) {
		remove_if_there(e, "endorse/l1/factors-01.bt");
		remove_if_there(e, "endorse/l1/ready-01.bt");
		remove_if_there(e, ATTACK_PROOFS "DecryptionFactors01.bt");
	}
}

static void restore_home(struct election *e, unsigned party, struct folder *older)
{
	struct election_party *p = &e->party[party - 1];
	memory_folder_free(p->home);
	p->home = p->authority.home = election_copy(older);
}

/*
 * Party 1 has replied. The director takes its reply back, party 2 forgets everything and commits
 * anew, so that there would be another challenge; party 1 runs again, with the home it has, or
 * with one restored from before. Whatever it does, the second commitment is another.
 */
static void attack_section_3_an_interrupted_reply_is_never_given_to_a_second_challenge(void **state)
{
	(void)state;
	struct election e;
	attack_election(&e, 2, 2, 3);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	struct forgery f;
	forgery_begin(&f, &e);
	for (unsigned older = 0; older < 2; older++)
		for (enum left left = ALL_BUT_THE_REPLY; left < LEFTS; left++) {
			forgery_undo(&f);
			struct folder *homes[2] = {election_copy(e.party[0].home),
			                           election_copy(e.party[1].home)};
			assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
			bytes first = election_read(e.record, COMMITMENT);
			bytes reply = election_read(e.record, REPLY);
			forget(&e, left);
			if (older)
				restore_home(&e, 1, homes[0]);
			restore_home(&e, 2, homes[1]);
			/* alone at first: else party 2 may meet what party 1 has not taken back yet */
			refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_UNAVAILABLE, "party 2");
			assert_false(there(&e, REPLY));
			assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
			bytes second = election_read(e.record, COMMITMENT);
			bytes again = election_read(e.record, REPLY);
			share_nothing(first, second);
			assert_false(bytes_equal(reply, again));
			assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
			election_finish(&e);
			accepted_by_verifier(&e);
			drop(first);
			drop(second);
			drop(reply);
			drop(again);
			memory_folder_free(homes[0]);
			memory_folder_free(homes[1]);
		}
	forgery_end(&f);
	election_end(&e);
}

/* Its reply is out, and the commitments it was for are exchanged: it says no, and nothing more. */
static void attack_section_3_a_reply_does_not_follow_other_commitments(void **state)
{
	(void)state;
	struct election e;
	struct forgery f;
	uint8_t room[TREE_HEADER_BYTES + 2 * POINT_TREE_BYTES];
	const struct statement_attempt about = {&e.key.eid, "l1", 1};
	digest parts[LIMIT_PARTIES];
	attack_election(&e, 2, 2, 3);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	forgery_begin(&f, &e);
	for (unsigned older = 0; older < 2; older++) {
		forgery_undo(&f);
		struct folder *home = election_copy(e.party[0].home);
		assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
		bytes first = election_read(e.record, COMMITMENT), reply = election_read(e.record, REPLY);
		const point g = point_generator(), other[2] = {g, g};
		tree_put_node(room, 2);
		points_encode_tree(room + TREE_HEADER_BYTES, other, 2);
		election_write(e.record, ATTACK_PROOFS "DecrFactCommitment02.bt", BYTES_OF(room));
		assert_ok(proof_digests(parts, e.record, 0, MIX_FILE_DECRYPTION_COMMITMENT, 2, &err), err);
		digest d = statement_commitments(&about, parts, 2);
		forgery_sign(&f, "l1", "commitments", 2, &d, 1);
		remove_if_there(&e, ATTACK_PROOF "Plaintexts.bt");
		remove_if_there(&e, ATTACK_PROOFS "CorrectIndices.bt");
		if (older)
			restore_home(&e, 1, home);
		refused_by_party(&e, STEP_DECRYPT, 1, "1,2", ERROR_REJECTED,
		                 "endorse/l1/commitments-01.bt");
		bytes second = election_read(e.record, COMMITMENT), again = election_read(e.record, REPLY);
		assert_true(bytes_equal(first, second) && bytes_equal(reply, again));
		drop(first);
		drop(second);
		drop(reply);
		drop(again);
		memory_folder_free(home);
	}
	forgery_end(&f);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_37_a_mixer_begun_again_uses_no_number_twice),
		cmocka_unit_test(attack_37_a_restart_with_another_input_uses_no_number_twice),
		cmocka_unit_test(attack_section_3_two_challenges_for_one_commitment_would_give_the_share),
		cmocka_unit_test(
			attack_section_3_an_interrupted_reply_is_never_given_to_a_second_challenge),
		cmocka_unit_test(attack_section_3_a_reply_does_not_follow_other_commitments),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/restart", tests, NULL, NULL);
}
