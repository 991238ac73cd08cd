/* SPDX-License-Identifier: Apache-2.0 */
/* A director who shows different parties different things, and parties who sign two of a kind. */
#include "support/support.h"

#include "cheat.h"

#include "files/memory_folder.h"

#include <string.h>

static struct play p;
static struct cheat c;
static struct election_key key;
static struct ceremony_report report;

static void convicts(bytes a, bytes b, unsigned whom)
{
	struct error err;
	unsigned party = 0;
	error_clear(&err);
	assert_ok(ceremony_convict(&party, &p.m, a, b, &err), err);
	assert_int_equal(party, whom);
}

static void two_keys_or_commitments_of_one_party_end_the_attempt_and_convict_it(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		static const uint8_t other[32] = {7};
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		cheat_key(&c);
		cheat_commit(&c);
		const char *path = play_path(1, round, 3);
		bytes second = forge_message(&p, 1, round, 3, leaf_of(BYTES_OF(other)));
		play_show(&p, 1, path, second);
		play_on(&p);
		struct ceremony_failure f;
		play_failure(&f, &p, 1, 1);
		assert_int_equal(f.culprit, 0);
		assert_non_null(strstr(f.reason, "shown different"));
		convicts(play_read(&p, "1/r0-03.bt"),
		         round ? forge_message(&p, 1, 0, 3, leaf_of(BYTES_OF(other))) : second, 3);
		convicts(play_read(&p, path), second, 3);
		play_out(&p);
		play_check(&p, &key, &report);
		assert_int_equal(report.attempts, 2);
		play_end(&p);
	}
}

static void an_opening_hidden_from_one_party_ends_the_attempt(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	play_show(&p, 1, "1/r3-02.bt", BYTES_NONE);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(report.fate[i], CEREMONY_QUALIFIED);
	play_end(&p);
}

static void two_openings_of_one_dealer_end_the_attempt_and_convict_it(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	cheat_echo(&c, 1);
	cheat_open(&c);
	bytes first = play_read(&p, "1/r3-03.bt");
	play_show(&p, 1, "1/r3-03.bt", first);
	c.wrong[1] = true; /* the same commitments, other boxes: both are valid openings */
	cheat_open(&c);
	convicts(first, play_read(&p, "1/r3-03.bt"), 3);
	play_on(&p);
	struct ceremony_failure f;
	play_failure(&f, &p, 1, 1);
	assert_non_null(strstr(f.reason, "different openings"));
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	play_end(&p);
}

static void an_answer_shown_to_one_party_only_ends_the_attempt(void **state)
{
	(void)state;
	static const unsigned to[] = {1, 0};
	uint8_t row[3] = {0};
	play_begin(&p, 3, 2);
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
	struct ceremony_failure f;
	play_failure(&f, &p, 1, 1);
	assert_non_null(strstr(f.reason, "different elections"));
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	play_end(&p);
}

static void a_second_message_seen_later_names_who_signed_it(void **state)
{
	(void)state;
	static const uint8_t other[32] = {1};
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	forge(&p, 1, 1, 3, leaf_of(BYTES_OF(other)));
	cheat_echo(&c, 1);
	cheat_open(&c);
	play_on(&p);
	struct ceremony_failure f;
	play_failure(&f, &p, 1, 1);
	assert_int_equal(f.culprit, 3);
	assert_non_null(strstr(f.reason, "second message"));
	play_end(&p);
}

static void a_message_changed_by_somebody_without_its_key_counts_as_absent(void **state)
{
	(void)state;
	play_begin(&p, 3, 2);
	play_on(&p);
	play_end(&p);
	play_begin(&p, 3, 2);
	for (unsigned k = 0; k < 2; k++)
		assert_true(play_sweep(&p));
	bytes file = play_read(&p, "1/r1-03.bt");
	((uint8_t *)(uintptr_t)file.p)[file.len - 1] ^= 1;
	play_write(&p, "1/r1-03.bt", file);
	assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_UNAVAILABLE);
	assert_non_null(strstr(p.err[0].detail, "r1-03.bt"));
	assert_false(play_has(&p, "1/r2-01.bt"));
	assert_false(play_has(&p, "1/failed-01.bt")); /* it accuses nobody */
	play_end(&p);
}

/* Two halves, each of t parties, kept apart: whoever sees both refuses both. */
static void two_ceremonies_in_one_attempt_are_refused(void **state)
{
	(void)state;
	struct error err;
	play_begin(&p, 4, 2);
	for (unsigned half = 0; half < 2; half++)
		for (unsigned i = 1; i <= 2; i++)
			for (unsigned r = 0; r < 2; r++)
				for (unsigned other = 1; other <= 2; other++)
					play_show(&p, i + 2 * half, play_path(1, r, other + 2 * (1 - half)),
					          BYTES_NONE);
	/* what else the other half writes: hidden by playing the halves one after the other */
	struct ceremony_party *second[2] = {p.party[2], p.party[3]};
	p.party[2] = p.party[3] = NULL;
	play_out(&p);
	play_check(&p, &key, &report);
	struct folder *whole = p.folder;
	assert_ok(memory_folder_new(&p.folder, "half", 1 << 20, &err), err);
	p.view[2].inner = p.view[3].inner = p.folder;
	p.party[0] = p.party[1] = NULL;
	p.party[2] = second[0];
	p.party[3] = second[1];
	play_out(&p);
	struct election_key other;
	play_check(&p, &other, &report);
	assert_false(digest_equal(&key.eid, &other.eid));
	for (unsigned r = 0; r < CEREMONY_ROUNDS; r++)
		for (unsigned i = 3; i <= 4; i++)
			if (play_has(&p, play_path(1, r, i))) {
				bytes b = play_read(&p, play_path(1, r, i));
				assert_ok(folder_write(whole, play_path(1, r, i), false, b, &err), err);
			}
	assert_fails(ceremony_verify(&other, &p.m, whole, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "apart from each other"));
	memory_folder_free(whole);
	play_end(&p);
}

static void what_convicts_nobody_is_told(void **state)
{
	(void)state;
	struct error err;
	unsigned party;
	play_begin(&p, 2, 2);
	play_whole(&p, &key);
	bytes a = play_read(&p, "1/r1-01.bt"), b = play_read(&p, "1/r1-02.bt"),
		  r0 = play_read(&p, "1/r0-01.bt");
	static const uint8_t other[32] = {1};
	bytes next = forge_message(&p, 2, 1, 1, leaf_of(BYTES_OF(other)));
	assert_fails(ceremony_convict(&party, &p.m, a, a, &err), err, ERROR_REJECTED);
	assert_fails(ceremony_convict(&party, &p.m, a, b, &err), err, ERROR_REJECTED);
	assert_fails(ceremony_convict(&party, &p.m, a, r0, &err), err, ERROR_REJECTED);
	assert_fails(ceremony_convict(&party, &p.m, a, next, &err), err, ERROR_REJECTED);
	assert_fails(ceremony_convict(&party, &p.m, a, bytes_of(b.p, b.len - 1), &err), err,
	             ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "second"));
	assert_fails(ceremony_convict(&party, &p.m, BYTES_NONE, a, &err), err, ERROR_MALFORMED);
	assert_non_null(strstr(err.detail, "first"));
	/* a second message that its alleged author did not sign */
	bytes twin = forge_message(&p, 1, 1, 1, leaf_of(BYTES_OF(other)));
	convicts(a, twin, 1);
	for (size_t at = 0; at < twin.len; at++) {
		((uint8_t *)(uintptr_t)twin.p)[at] ^= 1;
		assert_false(ceremony_convict(&party, &p.m, a, twin, &err));
		assert_false(ceremony_convict(&party, &p.m, twin, a, &err));
		((uint8_t *)(uintptr_t)twin.p)[at] ^= 1;
	}
	/* of another election, or under other keys */
	p.m.d.b[0] ^= 1;
	assert_fails(ceremony_convict(&party, &p.m, a, twin, &err), err, ERROR_REJECTED);
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_keys_or_commitments_of_one_party_end_the_attempt_and_convict_it),
		cmocka_unit_test(an_opening_hidden_from_one_party_ends_the_attempt),
		cmocka_unit_test(two_openings_of_one_dealer_end_the_attempt_and_convict_it),
		cmocka_unit_test(an_answer_shown_to_one_party_only_ends_the_attempt),
		cmocka_unit_test(a_second_message_seen_later_names_who_signed_it),
		cmocka_unit_test(a_message_changed_by_somebody_without_its_key_counts_as_absent),
		cmocka_unit_test(two_ceremonies_in_one_attempt_are_refused),
		cmocka_unit_test(what_convicts_nobody_is_told),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/views", tests, NULL, NULL);
}
