/* SPDX-License-Identifier: Apache-2.0 */
/* Files in a place of a shuffle that are none, and shuffles out of turn: they stop nobody. */
#include "support/support.h"

#include "files/memory_folder.h"
#include "support/cheat.h"
#include "unit/services/authority/steps.h"

static void shuffles_at_once(struct election *e, unsigned party, enum cheat_kind kind)
{
	struct error err;
	struct cheat c = {.manifest = e->manifest,
	                  .key = &e->key,
	                  .record = e->record,
	                  .world = &e->world,
	                  .identity = &e->party[party - 1].identity,
	                  .party = party};
	error_clear(&err);
	assert_ok(cheat_shuffle(&c, kind, &err), err);
}

static void set_aside(struct election *e, unsigned party)
{
	static const char *const names[] = {"endorse/l1/mix-0", PROOFS "Ciphertexts0",
	                                    PROOFS "PermutationCommitment0", PROOFS "PoSCommitment0",
	                                    PROOFS "PoSReply0"};
	for (unsigned i = 0; i < 5; i++) {
		char path[RECORD_PATH_BYTES];
		struct text t = TEXT_OF(path);
		text_add(&t, names[i]);
		text_add_u64(&t, party);
		text_add(&t, ".bt");
		path[t.len] = '\0';
		election_remove(e->record, path);
	}
}

static void shuffled(const struct election *e, const char *parties)
{
	for (unsigned l = 1; l <= e->parties; l++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, "l1", "mix", l);
		if (there(e, path) != (strchr(parties, (int)('0' + l)) != NULL))
			fail_msg("party %u", l);
	}
}

static void opens(struct election *e, const char *parties)
{
	timeouts(e, 60000);
	assert_true(election_step(e, STEP_DECRYPT, parties, parties));
	assert_true(election_step(e, STEP_COUNT, parties, parties));
}

static void noticed(const struct election *e, unsigned by, const char *whom)
{
	assert_non_null(strstr(e->party[by - 1].noticed.detail, whom));
}

static void garbage_in_the_last_place_stops_nobody(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	timeouts(&e, 2000);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2,3")); /* Ciphertexts.bt is there */
	set_aside(&e, 1);
	election_write(e.record, "endorse/l1/mix-03.bt", BYTES_LITERAL("garbage\n"));
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2,3"));
	shuffled(&e, "123");
	noticed(&e, 1, "party 3");
	noticed(&e, 2, "party 3");
	assert_true(election_step(&e, STEP_MIX, "3", "1,2,3")); /* not needed */
	opens(&e, "1,2");
	set_aside(&e, 3);
	verified(&e);
	election_end(&e);
}

static void garbage_in_the_place_of_the_next_gives_its_turn_to_another(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	timeouts(&e, 60000); /* and nobody waits for it */
	election_write(e.record, "endorse/l1/mix-01.bt", BYTES_LITERAL("garbage\n"));
	assert_true(election_step(&e, STEP_MIX, "2,3", "1,2,3"));
	noticed(&e, 2, "party 1");
	opens(&e, "1,2");
	set_aside(&e, 1);
	verified(&e);
	election_end(&e);
}

static void without_enough_others_it_says_whose_file_is_in_the_way(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	election_write(e.record, "endorse/l1/mix-01.bt", BYTES_LITERAL("garbage\n"));
	assert_false(election_step(&e, STEP_MIX, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "party 1");
	failed(&e, 2, ERROR_REJECTED, "not finished, 0 of 2 shuffles: party 1");
	set_aside(&e, 1);
	election_tally(&e, "1,2");
	verified(&e);
	election_end(&e);
}

static void a_shuffle_that_too_few_can_follow_is_not_continued(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	timeouts(&e, 3000);
	assert_true(election_step(&e, STEP_MIX, "3", "1,2")); /* the list is there */
	shuffles_at_once(&e, 3, CHEAT_INPUT);                 /* rightly, but out of turn */
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2,3"));
	shuffled(&e, "123");
	noticed(&e, 1, "party 3");
	opens(&e, "1,2");
	set_aside(&e, 3);
	verified(&e);
	election_end(&e);
}

/* Three could follow: 4 and 5 are waited for; when 4 does not come, 3's gets nowhere. */
static void a_shuffle_out_of_turn_is_left_when_its_followers_do_not_come(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 5, 3);
	timeouts(&e, 2000);
	assert_true(election_step(&e, STEP_MIX, "3", "1,2,4"));
	shuffles_at_once(&e, 3, CHEAT_INPUT);
	assert_true(election_step(&e, STEP_MIX, "1,2,5", "1,2,3,4,5"));
	shuffled(&e, "1235");
	opens(&e, "1,2,5");
	set_aside(&e, 3);
	verified(&e);
	election_end(&e);
}

static void one_that_comes_late_does_not_displace_a_longer_chain(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 5, 3);
	assert_true(election_step(&e, STEP_MIX, "2,3", "2,3,4"));
	shuffles_at_once(&e, 1, CHEAT_INPUT);
	assert_true(election_step(&e, STEP_MIX, "4", "2,3,4"));
	noticed(&e, 4, "party 1");
	opens(&e, "2,3,4");
	set_aside(&e, 1);
	verified(&e);
	election_end(&e);
}

static void nobody_that_was_asked_ends_well_while_the_list_is_not_mixed(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 4, 3);
	assert_true(election_step(&e, STEP_MIX, "2", "2,3,4")); /* what it was asked for is done */
	timeouts(&e, 100);
	assert_false(election_step(&e, STEP_MIX, "1", "1,2,3,4"));
	failed(&e, 1, ERROR_UNAVAILABLE, "l1: not finished, 1 of 3 shuffles: party 3");
	assert_false(election_step(&e, STEP_MIX, "4", "1,2,3,4"));
	failed(&e, 4, ERROR_UNAVAILABLE, "l1: not finished, 1 of 3 shuffles: party 3");
	assert_true(election_step(&e, STEP_MIX, "1", "2,3,4")); /* asked for the closing only */
	election_end(&e);
}

/* One of two chains would be opened, and the other by others. */
static void two_complete_chains_are_not_opened(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2,3"));
	struct folder *before = election_copy(e.record);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2,3"));
	e.party[2].authority.record = before;
	assert_true(election_step(&e, STEP_MIX, "3", "1,3"));
	e.party[2].authority.record = e.party[2].record;
	static const char *const made[] = {"endorse/l1/mix-03.bt", PROOFS "Ciphertexts03.bt",
	                                   PROOFS "PermutationCommitment03.bt",
	                                   PROOFS "PoSCommitment03.bt", PROOFS "PoSReply03.bt"};
	for (unsigned i = 0; i < 5; i++) {
		bytes b = election_read(before, made[i]);
		election_write(e.record, made[i], b);
		drop(b);
	}
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "1,2");
	assert_false(there(&e, "endorse/l1/ready-01.bt"));
	set_aside(&e, 3);
	opens(&e, "1,2");
	verified(&e);
	memory_folder_free(before);
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_in_the_last_place_stops_nobody),
		cmocka_unit_test(garbage_in_the_place_of_the_next_gives_its_turn_to_another),
		cmocka_unit_test(without_enough_others_it_says_whose_file_is_in_the_way),
		cmocka_unit_test(a_shuffle_that_too_few_can_follow_is_not_continued),
		cmocka_unit_test(a_shuffle_out_of_turn_is_left_when_its_followers_do_not_come),
		cmocka_unit_test(one_that_comes_late_does_not_displace_a_longer_chain),
		cmocka_unit_test(nobody_that_was_asked_ends_well_while_the_list_is_not_mixed),
		cmocka_unit_test(two_complete_chains_are_not_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
