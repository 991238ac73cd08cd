/* SPDX-License-Identifier: Apache-2.0 */
/* Parties that stay away, come late, or are killed and started again. */
#include "support/support.h"

#include "cheat.h"

#include <stdio.h>
#include <string.h>

static struct play p;
static struct election_key key;
static struct ceremony_report report;

/* Party 3 does its part before this round and is not seen again. */
static void leaves_before(enum ceremony_round round)
{
	play_begin(&p, 3, 2);
	while (ceremony_party_round(p.party[2]) < round)
		assert_true(play_sweep(&p));
	p.party[2] = NULL;
	play_out(&p);
	play_check(&p, &key, &report);
}

static void whoever_is_absent_from_the_start_is_left_out(void **state)
{
	(void)state;
	static const enum ceremony_round before[] = {CEREMONY_KEY, CEREMONY_COMMIT};
	for (unsigned k = 0; k < 2; k++) {
		leaves_before(before[k]);
		assert_int_equal(report.attempts, 1);
		assert_int_equal(report.fate[2], CEREMONY_ABSENT);
		play_end(&p);
	}
}

static void whoever_does_not_open_is_left_out(void **state)
{
	(void)state;
	leaves_before(CEREMONY_OPEN);
	assert_int_equal(report.attempts, 1);
	assert_int_equal(report.fate[2], CEREMONY_UNOPENED);
	assert_int_equal(report.fate[0], CEREMONY_QUALIFIED);
	assert_int_equal(report.fate[1], CEREMONY_QUALIFIED);
	play_end(&p);
}

static void whoever_is_silent_where_all_must_speak_is_named_and_the_next_attempt_begins(
	void **state)
{
	(void)state;
	static const enum ceremony_round before[] = {CEREMONY_ECHO, CEREMONY_VERDICT, CEREMONY_CERTIFY};
	for (unsigned k = 0; k < 3; k++) {
		struct ceremony_failure f;
		leaves_before(before[k]);
		assert_int_equal(report.attempts, 2);
		assert_int_equal(report.fate[2], CEREMONY_ABSENT);
		assert_int_equal(report.failures[0].culprit, 3);
		assert_int_equal(report.failures[0].by, 1);
		play_failure(&f, &p, 1, 1);
		assert_int_equal(f.culprit, 3);
		assert_non_null(strstr(f.reason, "deadline"));
		assert_non_null(strstr(f.reason, play_path(1, before[k], 3) + 2));
		play_end(&p);
	}
}

static void fewer_than_t_wait_and_do_not_use_up_attempts(void **state)
{
	(void)state;
	play_begin(&p, 3, 3);
	p.party[2] = NULL;
	play_out(&p);
	play_out(&p);
	for (unsigned i = 0; i < 2; i++) {
		assert_false(p.done[i]);
		assert_int_equal(p.err[i].kind, ERROR_UNAVAILABLE);
		assert_non_null(strstr(p.err[i].detail, "r0-03.bt"));
	}
	assert_false(play_has(&p, "1/failed-01.bt"));
	assert_int_equal(ceremony_party_attempt(p.party[0]), 1);
	play_start(&p, 3);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 1);
	play_end(&p);
}

static void with_t_of_n_needed_nobody_can_be_done_without(void **state)
{
	(void)state;
	play_begin(&p, 2, 2);
	play_until(&p, CEREMONY_VERDICT);
	struct cheat c;
	cheat_begin(&c, &p, 1, 2);
	cheat_open(&c); /* not what was committed to */
	play_out(&p);
	struct ceremony_failure f;
	play_failure(&f, &p, 1, 1);
	assert_false(p.done[0]);
	assert_int_equal(p.err[0].kind, ERROR_UNAVAILABLE);
	assert_int_equal(ceremony_party_attempt(p.party[0]), 2);
	play_end(&p);
}

static void whoever_comes_too_late_learns_that_it_has_no_share(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	p.party[2] = NULL;
	play_out(&p);
	play_check(&p, &key, &report);
	play_start(&p, 3);
	assert_fails(play_step(&p, 3, CEREMONY_PATIENT), p.err[2], ERROR_REJECTED);
	assert_non_null(strstr(p.err[2].what, "without this party"));
	assert_non_null(strstr(p.err[2].detail, "did not take part"));
	assert_false(play_has(&p, "1/r0-03.bt"));
	struct election_key again;
	struct error err;
	assert_ok(ceremony_verify(&again, &p.m, p.folder, &err), err);
	assert_true(digest_equal(&again.eid, &key.eid));
	play_end(&p);
}

static void whoever_was_killed_and_comes_back_after_the_end_does_not_end_it(void **state)
{
	(void)state;
	static const enum ceremony_round killed[] = {CEREMONY_COMMIT, CEREMONY_OPEN};
	for (unsigned k = 0; k < 2; k++) {
		leaves_before(killed[k]);
		play_start(&p, 3);
		assert_fails(play_step(&p, 3, CEREMONY_PATIENT), p.err[2], ERROR_REJECTED);
		assert_non_null(strstr(p.err[2].what, "without this party"));
		assert_false(play_has(&p, "1/failed-03.bt"));
		assert_true(play_step(&p, 1, CEREMONY_PATIENT));
		play_end(&p);
	}
}

static void whoever_comes_while_the_others_go_on_without_it_waits_for_the_end(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	p.party[2] = NULL;
	play_on(&p);
	assert_true(play_step(&p, 1, CEREMONY_DEADLINE));
	assert_true(play_step(&p, 2, CEREMONY_DEADLINE));
	play_start(&p, 3);
	assert_fails(play_step(&p, 3, CEREMONY_PATIENT), p.err[2], ERROR_UNAVAILABLE);
	assert_fails(play_step(&p, 3, CEREMONY_DEADLINE), p.err[2], ERROR_UNAVAILABLE);
	assert_non_null(strstr(p.err[2].what, "without this party"));
	assert_false(play_has(&p, "1/r0-03.bt"));
	/* The attempt fails after all: it takes part in the next. */
	forge(&p, 1, 2, 2, leaf_of(BYTES_LITERAL("broken")));
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.fate[2], CEREMONY_QUALIFIED);
	play_end(&p);
}

/* One early echo must not be a means to keep others out. */
static void fewer_than_t_echoes_keep_nobody_out(void **state)
{
	(void)state;
	static const uint8_t without_three[3] = {1, 1, 0};
	play_begin(&p, 3, 2);
	p.party[2] = NULL;
	play_on(&p);
	assert_true(play_step(&p, 1, CEREMONY_DEADLINE));
	assert_memory_equal(play_content(&p, 1, 2, 1).p + 10, without_three, 3);
	play_start(&p, 3);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.fate[2], CEREMONY_QUALIFIED);
	assert_int_equal(report.failures[0].culprit, 0);
	play_end(&p);
}

static void messages_that_come_too_late_change_nothing(void **state)
{
	(void)state;
	struct cheat c;
	uint8_t row[3] = {0};
	const unsigned to[] = {1, 0};
	struct election_key again;
	struct error err;
	/* 0: key and commitment; 1: opening; 2: right answer */
	for (unsigned late = 0; late < 3; late++) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		c.wrong[0] = true;
		if (late > 0) {
			cheat_key(&c);
			cheat_commit(&c);
			play_on(&p);
			cheat_echo(&c, 1);
		}
		if (late > 1) {
			cheat_open(&c);
			play_on(&p);
			cheat_verdict(&c, row, 1);
		}
		play_out(&p);
		play_check(&p, &key, &report);
		const enum ceremony_fate fate = report.fate[2];
		if (late == 0) {
			cheat_key(&c);
			cheat_commit(&c);
		}
		if (late == 1)
			cheat_open(&c);
		if (late == 2)
			cheat_answer(&c, to, 0);
		assert_ok(ceremony_verify_report(&again, &report, &p.m, p.folder, &err), err);
		assert_true(digest_equal(&again.eid, &key.eid));
		assert_int_equal(report.fate[2], fate);
		assert_int_equal(again.qualified[2], 0);
		play_end(&p);
	}
}

/* --- killed --- */

struct safe {
	struct election_key key;
	secret_scalar share;
	unsigned kept, recalled;
	bool crash; /* right after it was kept */
};

static bool keep(void *ctx, const struct election_key *k, const secret_scalar *share,
                 struct error *err)
{
	struct safe *s = ctx;
	s->key = *k;
	s->share = *share;
	s->kept++;
	return !s->crash || fail(err, ERROR_IO, "test: killed", ERROR_NOWHERE);
}

static bool recall(void *ctx, const struct election_key *k, secret_scalar *share, struct error *err)
{
	struct safe *s = ctx;
	s->recalled++;
	if (!digest_equal(&s->key.eid, &k->eid))
		return fail(err, ERROR_REJECTED, "test: no share of this election", ERROR_NOWHERE);
	*share = s->share;
	return true;
}

static struct safe safes[3];

static void start_with_safe(unsigned index)
{
	play_start(&p, index);
	ceremony_party_keep(p.party[index - 1], keep, recall, &safes[index - 1]);
}

static void begin_with_safes(void)
{
	memset(safes, 0, sizeof safes);
	play_begin(&p, 3, 2);
	for (unsigned i = 1; i <= 3; i++)
		start_with_safe(i);
}

static void a_party_killed_at_any_step_is_in_the_end_with_a_share(void **state)
{
	(void)state;
	for (unsigned steps = 0; steps < 9; steps++) {
		begin_with_safes();
		for (unsigned k = 0; k < steps; k++)
			assert_true(play_sweep(&p));
		bool spoke = play_has(&p, "1/r0-02.bt"), certified = play_has(&p, "1/r6-02.bt");
		start_with_safe(2);
		play_out(&p);
		play_check(&p, &key, &report);
		assert_int_equal(report.attempts, spoke && !certified ? 2 : 1);
		assert_int_equal(report.fate[1], CEREMONY_QUALIFIED);
		assert_int_equal(safes[1].recalled, certified);
		if (report.attempts == 2) {
			assert_int_equal(report.failures[0].culprit, 2);
			assert_non_null(strstr(report.failures[0].reason, "restarted"));
		}
		play_end(&p);
	}
}

static void when_all_are_killed_at_any_step_all_are_in_the_end_with_a_share(void **state)
{
	(void)state;
	for (unsigned steps = 0; steps < 9; steps++) {
		begin_with_safes();
		for (unsigned k = 0; k < steps; k++)
			assert_true(play_sweep(&p));
		for (unsigned i = 1; i <= 3; i++)
			start_with_safe(i);
		play_out(&p);
		play_check(&p, &key, &report);
		assert_true(report.attempts <= 2);
		play_end(&p);
	}
}

static void a_party_killed_before_its_certificate_is_written_deals_again(void **state)
{
	(void)state;
	begin_with_safes();
	safes[1].crash = true;
	play_on(&p);
	assert_int_equal(p.err[1].kind, ERROR_IO);
	assert_true(safes[1].kept > 0);
	digest dead = safes[1].key.eid;
	safes[1].crash = false;
	start_with_safe(2);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_false(digest_equal(&dead, &key.eid));
	assert_true(digest_equal(&safes[1].key.eid, &key.eid));
	play_end(&p);
}

static void a_certificate_is_no_use_when_another_never_comes(void **state)
{
	(void)state;
	begin_with_safes();
	safes[2].crash = true;
	play_on(&p);
	assert_true(play_has(&p, "1/r6-01.bt"));
	assert_false(play_has(&p, "1/r6-03.bt"));
	p.party[2] = NULL; /* it is gone, and party 1 was killed */
	start_with_safe(1);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.failures[0].culprit, 3);
	assert_true(digest_equal(&safes[0].key.eid, &key.eid));
	play_end(&p);
}

/* Between two looks at one file within a step, too: whoever counts twice counts the same. */
static void a_message_that_comes_while_a_party_looks_is_no_ones_fault(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	for (unsigned i = 0; i < 3; i++)
		p.view[i].late = true;
	for (unsigned sweep = 0; sweep < 200 && !(p.done[0] && p.done[1] && p.done[2]); sweep++)
		assert_true(play_sweep(&p));
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 1);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(report.fate[i], CEREMONY_QUALIFIED);
	play_end(&p);
}

static void a_party_never_deals_twice_in_an_attempt(void **state)
{
	(void)state;
	begin_with_safes();
	for (unsigned k = 0; k < 2; k++)
		assert_true(play_sweep(&p));
	bytes before[2] = {play_read(&p, "1/r0-01.bt"), play_read(&p, "1/r1-01.bt")};
	start_with_safe(1);
	play_out(&p);
	assert_true(bytes_equal(before[0], play_read(&p, "1/r0-01.bt")));
	assert_true(bytes_equal(before[1], play_read(&p, "1/r1-01.bt")));
	assert_false(bytes_equal(play_content(&p, 1, 0, 1), play_content(&p, 2, 0, 1)));
	assert_false(bytes_equal(play_content(&p, 1, 1, 1), play_content(&p, 2, 1, 1)));
	play_end(&p);
}

static void after_the_last_attempt_a_new_manifest_is_needed(void **state)
{
	(void)state;
	play_begin(&p, 2, 2);
	for (unsigned k = 0; k < LIMIT_ATTEMPTS; k++) {
		assert_true(play_step(&p, 1, CEREMONY_PATIENT));
		assert_int_equal(ceremony_party_attempt(p.party[0]), k + 1);
		play_start(&p, 1);
		assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	}
	assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_LIMIT);
	assert_fails(play_step(&p, 2, CEREMONY_PATIENT), p.err[1], ERROR_LIMIT);
	assert_non_null(strstr(p.err[1].what, "manifest"));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_absent_from_the_start_is_left_out),
		cmocka_unit_test(whoever_does_not_open_is_left_out),
		cmocka_unit_test(
			whoever_is_silent_where_all_must_speak_is_named_and_the_next_attempt_begins),
		cmocka_unit_test(fewer_than_t_wait_and_do_not_use_up_attempts),
		cmocka_unit_test(with_t_of_n_needed_nobody_can_be_done_without),
		cmocka_unit_test(whoever_comes_too_late_learns_that_it_has_no_share),
		cmocka_unit_test(whoever_was_killed_and_comes_back_after_the_end_does_not_end_it),
		cmocka_unit_test(whoever_comes_while_the_others_go_on_without_it_waits_for_the_end),
		cmocka_unit_test(fewer_than_t_echoes_keep_nobody_out),
		cmocka_unit_test(messages_that_come_too_late_change_nothing),
		cmocka_unit_test(a_party_killed_at_any_step_is_in_the_end_with_a_share),
		cmocka_unit_test(when_all_are_killed_at_any_step_all_are_in_the_end_with_a_share),
		cmocka_unit_test(a_party_killed_before_its_certificate_is_written_deals_again),
		cmocka_unit_test(a_certificate_is_no_use_when_another_never_comes),
		cmocka_unit_test(a_message_that_comes_while_a_party_looks_is_no_ones_fault),
		cmocka_unit_test(a_party_never_deals_twice_in_an_attempt),
		cmocka_unit_test(after_the_last_attempt_a_new_manifest_is_needed),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/absence", tests, NULL, NULL);
}
