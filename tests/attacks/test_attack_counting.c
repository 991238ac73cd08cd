/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks 41 and 43: a result that is not the count of the votes, and one that is of too few.
 * Whether the count itself is right is asked elsewhere, against elections that were counted by
 * others: vectors/count_scotland, vectors/count_csv, property/count; and web/verifier counts again.
 */
#include "support/support.h"

#include "attacks/scene.h"

static uint8_t room[URN_BALLOT_MAX];

/* --- 41 --- */

/* Every number of the result one higher, every name and word another, signed by all. */
static void attack_41_no_number_or_word_of_a_result_is_believed(void **state)
{
	(void)state;
	static struct ballot_box box;
	unsigned altered = 0;
	uint64_t seen = test_random_below(3);
	scene_begin(BALLOT_SERVER);
	scene_open();
	for (unsigned i = 0; i < 9; i++)
		scene_vote(room, i, 0);
	scene_named("honest");
	assert_ok(urn_read(&box, &u, &err), err);
	bytes json = urn_file(&u, "result.json");
	uint8_t *p = (uint8_t *)(uintptr_t)json.p;
	bool before_eid = true;
	for (size_t i = 1; i < json.len; i++) {
		const uint8_t was = p[i];
		if (before_eid && was != ',')
			continue;
		before_eid = false;
		bool digit = was >= '0' && was <= '9' && p[i - 1] == ':', word = p[i - 1] == '"';
		if ((!digit && !(word && was >= 'A' && was <= 'z')) || seen++ % TEST_COUNT(3, 1) != 0)
			continue;
		p[i] = digit ? (uint8_t)('0' + (was - '0' + 1) % 10) : (uint8_t)(was ^ 0x20);
		urn_write(&u, "result.json", json);
		scene_sign_result(&box);
		if (altered++ % 8 == 0)
			scene_judged("10.2", "41: a wrong result, signed by all");
		else
			scene_checked("10.2", "41: a wrong result, signed by all");
		p[i] = was;
	}
	assert_true(altered > 15);
	urn_write(&u, "result.json", json);
	scene_sign_result(&box);
	scene_judged("", "41: the right one again");
	scene_drop(json);
	scene_end();
}

/* --- 43 --- */

static const struct urn_plan of_ten = {.mode = BALLOT_CREDENTIALS,
                                       .weight_max = 1,
                                       .witnesses = 4,
                                       .parties = 2,
                                       .threshold = 2,
                                       .min_list = 10};

/* One ballot less than the least: no list is derived for a tally, of any group; and where t
 * authorities open it all the same, the record says that they did. */
static void attack_43_a_list_that_is_too_small_is_not_opened(void **state)
{
	(void)state;
	static struct ballot_box box;
	urn_begin(&u, &of_ten);
	for (unsigned voters = 9; voters <= 15; voters += 6) {
		scene_open();
		for (unsigned i = 0; i < voters; i++)
			scene_vote(room, i, 0);
		scene_close();
		struct box_job job = urn_job(&u);
		job.write_lists = true;
		error_clear(&err);
		/* style "part" has g2 only: of 15, ten are in g1 */
		if (voters == 15) {
			assert_ok(ballot_box_read(&box, &job, &err), err);
			scene_tally();
			scene_judged("", "43: ten in each list");
			assert_false(tally_noted(&report, "11.4"));
			continue;
		}
		assert_fails(ballot_box_read(&box, &job, &err), err, ERROR_REJECTED);
		assert_non_null(strstr(err.what, "fewer"));
		assert_false(u.record->exists(u.record, "proof/l1/nizkp/l1/Ciphertexts.bt"));
		u.manifest->accept_small_lists = true; /* the authorities' programs are theirs */
		scene_tally();
		u.manifest->accept_small_lists = false;
		scene_judged("7.1", "43: nine, opened all the same");
	}
	urn_end(&u);
}

/* Who accepts small lists by name has it said in the record; and none of one open election is
 * tallied: the difference of two results would be somebody's vote. */
static void attack_43_an_election_that_is_not_closed_has_no_result(void **state)
{
	(void)state;
	static struct ballot_box box;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	scene_vote(room, 0, 0);
	board_abandon(u.board);
	u.board = NULL;
	log_write(&l);
	struct box_job job = urn_job(&u);
	job.write_lists = true;
	error_clear(&err);
	assert_false(ballot_box_read(&box, &job, &err));
	assert_non_null(strstr(err.what, "close"));
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	error_clear(&err);
	assert_false(board_sign_close(&c, &f, &err));
	scene_judged("4.2", "43: not closed");
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	scene_sign_close();
	scene_tally();
	scene_judged("", "43: closed");
	scene_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_41_no_number_or_word_of_a_result_is_believed),
		cmocka_unit_test(attack_43_a_list_that_is_too_small_is_not_opened),
		cmocka_unit_test(attack_43_an_election_that_is_not_closed_has_no_result),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
