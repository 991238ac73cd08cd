/* SPDX-License-Identifier: Apache-2.0 */
/* Everybody is honest. */
#include "support/support.h"

#include "play.h"

#include <stdio.h>
#include <string.h>

static struct play p;

static void any_t_shares_give_the_key_and_fewer_do_not(void **state)
{
	(void)state;
	static const unsigned sizes[][2] = {{1, 1}, {2, 1}, {2, 2}, {3, 2}, {5, 3}, {4, 4}, {6, 1}};
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		struct election_key key;
		const unsigned n = sizes[s][0], t = sizes[s][1];
		play_begin(&p, n, t);
		play_whole(&p, &key);
		/* all subsets */
		for (unsigned set = 1; set < 1u << n; set++) {
			unsigned parties[LIMIT_PARTIES], count = 0;
			for (unsigned i = 0; i < n; i++)
				if (set >> i & 1)
					parties[count++] = i + 1;
			assert_int_equal(play_reconstructs(&p, &key, parties, count), count >= t);
		}
		play_end(&p);
	}
}

static void the_largest_ceremony_fits_into_its_messages_and_into_locked_memory(void **state)
{
	(void)state;
	struct election_key key;
	play_begin(&p, LIMIT_PARTIES, (unsigned)TEST_COUNT(3, LIMIT_PARTIES));
	play_whole(&p, &key);
	play_end(&p);
	struct arena locked;
	struct error err;
	struct ceremony_party *party;
	static uint8_t room[96 << 10];
	arena_init(&locked, room, sizeof room);
	play_begin(&p, 2, 1);
	assert_ok(ceremony_party_new(&party, &p.m, 1, &p.identity[0], test_rng(), &locked, &err), err);
	play_end(&p);
}

static void the_fingerprint_of_an_election_is_in_its_sid(void **state)
{
	(void)state;
	struct election_key key;
	char sid[ELECTION_SID_BYTES + 1];
	play_begin(&p, 1, 1);
	play_whole(&p, &key);
	election_sid(sid, &key);
	assert_int_equal(strlen(sid), 68);
	assert_memory_equal(sid, "urna", 4);
	assert_string_equal(sid + 4, test_hex(BYTES_OF(key.eid.b)));
	play_end(&p);
}

static void two_ceremonies_of_one_manifest_are_two_elections(void **state)
{
	(void)state;
	struct election_key a, b;
	play_begin(&p, 2, 2);
	play_whole(&p, &a);
	digest d = p.m.d;
	play_end(&p);
	play_begin(&p, 2, 2);
	p.m.d = d;
	play_whole(&p, &b);
	play_end(&p);
	assert_false(digest_equal(&a.eid, &b.eid));
	assert_false(digest_equal(&a.t, &b.t));
	assert_false(point_equal(&a.polynomial[0], &b.polynomial[0]));
}

static void missing_messages_are_waited_for_by_name(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	for (unsigned step = 0; step < 2; step++) /* key and commitment need nobody */
		assert_ok(play_step(&p, 1, CEREMONY_PATIENT), p.err[0]);
	assert_true(play_step(&p, 2, CEREMONY_PATIENT));
	assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_UNAVAILABLE);
	assert_non_null(strstr(p.err[0].detail, "r0-03.bt"));
	assert_null(strstr(p.err[0].detail, "r0-02.bt"));
	assert_true(play_step(&p, 3, CEREMONY_PATIENT));
	assert_true(play_step(&p, 3, CEREMONY_PATIENT));
	assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_UNAVAILABLE);
	assert_non_null(strstr(p.err[0].detail, "r1-02.bt"));
	assert_null(strstr(p.err[0].detail, "r1-03.bt"));
	assert_null(strstr(p.err[0].detail, "r1-01.bt"));
	play_end(&p);
}

static void the_order_in_which_parties_work_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(5, 500); round++) {
		struct election_key key;
		struct ceremony_report report;
		play_begin(&p, 4, 3);
		for (unsigned k = 0; k < 400; k++) {
			unsigned i = (unsigned)test_random_below(4);
			if (!p.done[i] && !play_step(&p, i + 1, CEREMONY_PATIENT))
				assert_int_equal(p.err[i].kind, ERROR_UNAVAILABLE);
		}
		play_on(&p);
		play_check(&p, &key, &report);
		assert_int_equal(report.attempts, 1);
		for (unsigned i = 0; i < 4; i++)
			assert_int_equal(report.fate[i], CEREMONY_QUALIFIED);
		play_end(&p);
	}
}

static void an_identity_that_is_not_the_manifests_cannot_take_part(void **state)
{
	(void)state;
	struct ceremony_party *party;
	struct error err;
	play_begin(&p, 2, 2);
	assert_fails(
		ceremony_party_new(&party, &p.m, 1, &p.identity[1], test_rng(), test_arena(), &err), err,
		ERROR_REJECTED);
	play_end(&p);
}

static void a_finished_party_may_be_asked_again(void **state)
{
	(void)state;
	struct election_key key;
	play_begin(&p, 2, 1);
	play_whole(&p, &key);
	assert_ok(play_step(&p, 1, CEREMONY_DEADLINE), p.err[0]);
	assert_true(p.done[0]);
	assert_int_equal(ceremony_party_attempt(p.party[0]), 1);
	assert_int_equal(ceremony_party_round(p.party[0]), CEREMONY_ROUNDS);
	play_end(&p);
}

static void what_is_certified_changes_with_every_message(void **state)
{
	(void)state;
	struct election_key key;
	struct ceremony_report one, other;
	struct error err;
	play_begin(&p, 2, 1);
	play_whole(&p, &key);
	assert_ok(ceremony_verify_report(&key, &one, &p.m, p.folder, &err), err);
	assert_ok(ceremony_verify_report(&key, &other, &p.m, p.folder, &err), err);
	assert_true(digest_equal(&one.certified, &other.certified));
	play_end(&p);
	play_begin(&p, 2, 1);
	play_whole(&p, &key);
	assert_ok(ceremony_verify_report(&key, &other, &p.m, p.folder, &err), err);
	assert_false(digest_equal(&one.certified, &other.certified));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_t_shares_give_the_key_and_fewer_do_not),
		cmocka_unit_test(the_largest_ceremony_fits_into_its_messages_and_into_locked_memory),
		cmocka_unit_test(the_fingerprint_of_an_election_is_in_its_sid),
		cmocka_unit_test(two_ceremonies_of_one_manifest_are_two_elections),
		cmocka_unit_test(missing_messages_are_waited_for_by_name),
		cmocka_unit_test(the_order_in_which_parties_work_does_not_matter),
		cmocka_unit_test(an_identity_that_is_not_the_manifests_cannot_take_part),
		cmocka_unit_test(a_finished_party_may_be_asked_again),
		cmocka_unit_test(what_is_certified_changes_with_every_message),
	};
	return cmocka_run_group_tests_name("protocol/ceremony", tests, NULL, NULL);
}
