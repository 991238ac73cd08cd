/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attack 28: a director shows parties of a ceremony different things; or makes a whole election of
 * its own, with authorities that voters take for the true ones.
 */
#include "support/support.h"

#include "attacks/keys/rite.h"
#include "attacks/keys/second.h"

#include "files/memory_folder.h"

#include <string.h>

static struct play p;
static struct election e;
static struct cheat c;
static struct error err;

static void ends_in_the_second_attempt(const char *reason)
{
	struct ceremony_failure failure;
	play_failure(&failure, &p, 1, 1);
	if (!strstr(failure.reason, reason))
		fail_msg("%s, not: %s", failure.reason, reason);
	play_out(&p);
	rite_finish(&p, &e);
	assert_int_equal(e.ceremony.attempts, 2);
	rite_hold(&e, "1,2");
	assert_true(noted_by_verifier(&e, "3.3", reason));
	rite_end(&p, &e);
}

/* A dishonest party signs two keys, or two commitments; the director shows each to somebody. */
static void attack_28_two_messages_of_one_party_end_the_attempt_and_convict_it(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		static const uint8_t other[32] = {7};
		unsigned convicted = 0;
		rite_begin(&p, &e, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		cheat_key(&c);
		cheat_commit(&c);
		const char *path = play_path(1, round, 3);
		bytes second = forge_message(&p, 1, round, 3, leaf_of(BYTES_OF(other)));
		play_show(&p, 1, path, second);
		play_on(&p);
		assert_false(play_has(&p, "1/r3-01.bt"));
		assert_false(play_has(&p, "1/r3-02.bt"));
		error_clear(&err);
		assert_ok(ceremony_convict(&convicted, &p.m, play_read(&p, path), second, &err), err);
		assert_int_equal(convicted, 3);
		ends_in_the_second_attempt("shown different");
	}
}

/* Two openings, each as it was committed to, with boxes that differ. */
static void attack_28_two_openings_of_one_party_end_the_attempt_and_convict_it(void **state)
{
	(void)state;
	unsigned convicted = 0;
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	cheat_open(&c);
	bytes first = play_read(&p, "1/r3-03.bt");
	play_show(&p, 1, "1/r3-03.bt", first);
	c.wrong[1] = true;
	cheat_open(&c);
	error_clear(&err);
	assert_ok(ceremony_convict(&convicted, &p.m, first, play_read(&p, "1/r3-03.bt"), &err), err);
	assert_int_equal(convicted, 3);
	play_on(&p);
	ends_in_the_second_attempt("different openings");
}

/* An answer to a complaint is hidden from one party: they certify different elections. */
static void attack_28_an_answer_shown_to_one_party_only_ends_the_attempt(void **state)
{
	(void)state;
	static const unsigned to[] = {1, 0};
	uint8_t row[3] = {0};
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = true;
	play_show(&p, 2, "1/r5-03.bt", BYTES_NONE);
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_on(&p);
	cheat_answer(&c, to, 0);
	play_on(&p);
	assert_true(play_step(&p, 2, CEREMONY_DEADLINE));
	play_on(&p);
	ends_in_the_second_attempt("different elections");
}

/* Somebody else's certificate is of an election that nobody else has seen. */
static void attack_28_a_certificate_of_another_election_ends_the_attempt(void **state)
{
	(void)state;
	static const uint8_t all[3] = {1, 1, 1}, fine[3] = {0}, other[32] = {9};
	rite_begin(&p, &e, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_until_open(&c);
	cheat_verdict(&c, fine, 1);
	play_on(&p);
	forge(&p, 1, 6, 3, statement_of(&p, all, other));
	play_on(&p);
	ends_in_the_second_attempt("different elections");
}

/*
 * Two halves, of t parties each, held apart: each believes that the others were absent, and has a
 * key and an election of its own. Whoever sees the messages of both refuses both.
 */
static void hold_half(struct ceremony_party *const all[4], unsigned half, struct folder *folder)
{
	for (unsigned i = 0; i < 4; i++) {
		p.party[i] = i / 2 == half ? all[i] : NULL;
		p.view[i].inner = folder;
	}
	p.folder = folder;
	play_out(&p);
}

static void attack_28_two_ceremonies_held_apart_are_refused_by_who_sees_both(void **state)
{
	(void)state;
	struct ceremony_party *all[4];
	struct ceremony_report report;
	struct election_key keys[2];
	struct folder *folders[2];
	rite_begin(&p, &e, 4, 2);
	memcpy(all, p.party, sizeof all);
	error_clear(&err);
	folders[0] = p.folder;
	assert_ok(memory_folder_new(&folders[1], "half", 4 << 20, &err), err);
	for (unsigned half = 0; half < 2; half++) {
		hold_half(all, half, folders[half]);
		play_check(&p, &keys[half], &report);
		if (half == 0) { /* each half alone is an election */
			rite_finish(&p, &e);
			rite_hold(&e, "1,2");
		}
	}
	assert_false(digest_equal(&keys[0].eid, &keys[1].eid));
	rite_record(&p, &e); /* the second half's beside the first's */
	refused_by_verifier(&e, "3.1", "held it apart from each other", NULL);
	memory_folder_free(folders[1]);
	p.folder = folders[0];
	rite_end(&p, &e);
}

/* --- a whole election of the director's own --- */

static struct election_report report;

static enum record_verdict judged(struct election *shown, const struct record_anchor *anchor)
{
	election_verify(shown, shown->record, false, &report); /* for its report */
	assert_string_equal(election_failed(&report), "");
	report.count = 0;
	size_t mark = arena_mark(&shown->arena);
	enum record_verdict v = record_verify(shown->record, anchor, &shown->world, &report.report);
	arena_release(&shown->arena, mark);
	return v;
}

static void accepted_by_anchor(struct election *shown, const struct record_anchor *anchor)
{
	if (judged(shown, anchor) != RECORD_VERIFIED)
		fail_msg("'%s' failed", election_failed(&report));
}

static void refused_by_anchor(struct election *shown, const struct record_anchor *anchor,
                              const char *code)
{
	enum record_verdict v = judged(shown, anchor);
	if (v != RECORD_REJECTED || strcmp(election_failed(&report), code) != 0)
		fail_msg("verdict %d, '%s' failed, not %s", (int)v, election_failed(&report), code);
}

/* Same title, same questions, same names of operators; other keys, all the administrator's. */
static void attack_28_an_election_with_other_authorities_is_refused_by_either_fingerprint(
	void **state)
{
	(void)state;
	static struct election own;
	digest keys[3];
	election_whole(&e, &PLAN_SMALL(3, 2));
	election_whole(&own, &PLAN_SMALL(3, 2));
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(e.party[i].identity.pub));
	const struct record_anchor authorities = {
		.kind = ANCHOR_AUTHORITIES, .authorities = keys, .authorities_count = 3};
	const struct record_anchor election = {.kind = ANCHOR_ELECTION, .eid = e.key.eid};
	refused_by_anchor(&own, &authorities, "1.2");
	refused_by_anchor(&own, &election, "3.2");
	accepted_by_verifier(&e);
	election_end(&own);
	election_end(&e);
}

/* One authority's key is the administrator's; all others are the true ones and take part. */
static void attack_28_one_changed_authority_key_is_refused_by_either_fingerprint(void **state)
{
	(void)state;
	static struct election own;
	digest keys[3];
	election_whole(&e, &PLAN_SMALL(3, 2));
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(e.party[i].identity.pub));
	election_whole(&own, &PLAN_SMALL(3, 2));
	for (unsigned i = 1; i < 3; i++)
		keys[i] = sha256(BYTES_OF(own.party[i].identity.pub));
	const struct record_anchor authorities = {
		.kind = ANCHOR_AUTHORITIES, .authorities = keys, .authorities_count = 3};
	refused_by_anchor(&own, &authorities, "1.2");
	const struct record_anchor election = {.kind = ANCHOR_ELECTION, .eid = e.key.eid};
	refused_by_anchor(&own, &election, "3.2");
	election_end(&own);
	election_end(&e);
}

/*
 * One authority of three makes an election alone: its own manifest, of threshold 1, with the true
 * keys of the others, who never hear of it. Nothing in it is wrong, but nobody else certified it.
 */
static void attack_28_an_election_of_one_authority_with_the_keys_of_all_is_refused(void **state)
{
	(void)state;
	digest keys[3];
	rite_begin(&p, &e, 3, 1);
	p.party[1] = p.party[2] = NULL;
	play_out(&p);
	rite_finish(&p, &e);
	rite_hold(&e, "1");
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(e.party[i].identity.pub));
	struct record_anchor authorities = {
		.kind = ANCHOR_AUTHORITIES, .authorities = keys, .authorities_count = 3};
	refused_by_anchor(&e, &authorities, "3.2");
	authorities.vouch = 2; /* what the three agreed on */
	refused_by_anchor(&e, &authorities, "3.2");
	authorities.vouch = 1; /* who trusts each of them alone */
	accepted_by_anchor(&e, &authorities);
	rite_end(&p, &e);
}

/* Who was absent from an honest ceremony does not vouch; the other two do. */
static void an_absent_authority_does_not_vouch(void **state)
{
	(void)state;
	digest keys[3];
	rite_begin(&p, &e, 3, 2);
	p.party[1] = NULL;
	play_out(&p);
	rite_finish(&p, &e);
	rite_hold(&e, "1,3");
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(e.party[i].identity.pub));
	struct record_anchor authorities = {
		.kind = ANCHOR_AUTHORITIES, .authorities = keys, .authorities_count = 3};
	refused_by_anchor(&e, &authorities, "3.2");
	authorities.vouch = 2;
	accepted_by_anchor(&e, &authorities);
	rite_end(&p, &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attack_28_two_messages_of_one_party_end_the_attempt_and_convict_it),
		cmocka_unit_test(attack_28_two_openings_of_one_party_end_the_attempt_and_convict_it),
		cmocka_unit_test(attack_28_an_answer_shown_to_one_party_only_ends_the_attempt),
		cmocka_unit_test(attack_28_a_certificate_of_another_election_ends_the_attempt),
		cmocka_unit_test(attack_28_two_ceremonies_held_apart_are_refused_by_who_sees_both),
		cmocka_unit_test(
			attack_28_an_election_with_other_authorities_is_refused_by_either_fingerprint),
		cmocka_unit_test(attack_28_one_changed_authority_key_is_refused_by_either_fingerprint),
		cmocka_unit_test(attack_28_an_election_of_one_authority_with_the_keys_of_all_is_refused),
		cmocka_unit_test(an_absent_authority_does_not_vouch),
		cmocka_unit_test(attack_50_the_second_verifier_judges_all_these_records_alike),
	};
	return cmocka_run_group_tests_name("attacks/split", tests, NULL, NULL);
}
