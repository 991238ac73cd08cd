/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the folder at the end: changed, missing, moved, from elsewhere. Never a wrong key. */
#include "support/support.h"

#include "cheat.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <string.h>

static struct play p;
static struct election_key key;
static struct ceremony_report report;

/* Two attempts; in the second, party 4 is absent and party 3 answers a complaint. */
static void rich(void)
{
	static const unsigned to[] = {1, 0};
	static const uint8_t fine[4] = {0, 0, 0, 2};
	static struct cheat c;
	play_begin(&p, 4, 2);
	for (unsigned k = 0; k < 2; k++)
		assert_true(play_sweep(&p));
	p.party[3] = NULL;
	play_start(&p, 1);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	assert_true(play_has(&p, "1/failed-01.bt"));
	cheat_begin(&c, &p, 2, 3);
	c.wrong[0] = true;
	c.boxed[3] = 0;
	cheat_key(&c);
	cheat_commit(&c);
	play_on(&p);
	assert_true(play_step(&p, 1, CEREMONY_DEADLINE));
	assert_true(play_step(&p, 2, CEREMONY_DEADLINE));
	cheat_echo(&c, 1);
	cheat_open(&c);
	play_on(&p);
	cheat_verdict(&c, fine, 1);
	play_on(&p);
	cheat_answer(&c, to, 0);
	play_on(&p);
	cheat_certify(&c, 1);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.fate[2], CEREMONY_QUALIFIED);
	assert_int_equal(report.fate[3], CEREMONY_ABSENT);
	assert_int_equal(report.accusers[2], 1);
}

#define FILES_MAX 64u
static char files[FILES_MAX][32];
static unsigned files_count;
static unsigned listing;

static bool note(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)ctx;
	(void)err;
	assert_true(files_count < FILES_MAX);
	snprintf(files[files_count++], 32, "%u/%.24s", listing, e->name);
	return true;
}

static void list_files(void)
{
	struct error err;
	files_count = 0;
	for (listing = 1; listing <= 2; listing++) {
		char path[4];
		snprintf(path, sizeof path, "%u", listing);
		assert_ok(p.folder->list(p.folder, path, note, NULL, &err), err);
	}
	assert_int_equal(files_count, 2 * 4 + 1 + 6 * 3 + 1);
}

static bool verifies_as_before(struct error *err)
{
	struct election_key again;
	error_clear(err);
	if (!ceremony_verify(&again, &p.m, p.folder, err))
		return false;
	assert_true(digest_equal(&again.eid, &key.eid));
	assert_memory_equal(again.polynomial, key.polynomial, sizeof key.polynomial);
	return true;
}

static void every_changed_byte_of_every_file_is_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	list_files();
	for (unsigned k = 0; k < files_count; k++) {
		size_t mark = arena_mark(test_arena());
		bytes file = play_read(&p, files[k]);
		uint8_t *b = (uint8_t *)(uintptr_t)file.p;
		size_t step = (size_t)TEST_COUNT(29, 1);
		for (size_t at = 0; at < file.len; at += at < 40 || at + 8 > file.len ? 1 : step) {
			const uint8_t with = (uint8_t)(1u << test_random_below(8));
			b[at] ^= with;
			play_write(&p, files[k], file);
			if (verifies_as_before(&err))
				fail_msg("%s: byte %zu may be changed", files[k], at);
			assert_true(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED);
			b[at] ^= with;
		}
		play_write(&p, files[k], file);
		arena_release(test_arena(), mark);
	}
	assert_true(verifies_as_before(&err));
	play_end(&p);
}

static void every_truncation_and_trailing_byte_is_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	list_files();
	for (unsigned k = 0; k < files_count; k++) {
		size_t mark = arena_mark(test_arena());
		bytes file = play_read(&p, files[k]);
		size_t step = (size_t)TEST_COUNT(61, 1);
		for (size_t len = 0; len <= file.len + 1; len += len + step > file.len ? 1 : step) {
			if (len == file.len)
				continue;
			play_write(&p, files[k], bytes_of(file.p, len));
			if (verifies_as_before(&err))
				fail_msg("%s: %zu bytes", files[k], len);
		}
		play_write(&p, files[k], file);
		arena_release(test_arena(), mark);
	}
	assert_true(verifies_as_before(&err));
	play_end(&p);
}

/* In the attempt that counts every file is needed but a late one; in the other, the word that it
 * failed. */
static void missing_files_are_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	list_files();
	for (unsigned k = 0; k < files_count; k++) {
		size_t mark = arena_mark(test_arena());
		bytes file = play_read(&p, files[k]);
		assert_ok(p.folder->remove(p.folder, files[k], &err), err);
		bool counts = files[k][0] == '2' || strcmp(files[k], "1/failed-01.bt") == 0;
		if (verifies_as_before(&err) == counts)
			fail_msg("without %s: %s", files[k], err.what ? err.what : "accepted");
		play_write(&p, files[k], file);
		arena_release(test_arena(), mark);
	}
	play_end(&p);
}

static void any_file_in_the_place_of_another_is_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	list_files();
	for (unsigned k = 0; k < files_count; k++) {
		for (unsigned j = 0; j < files_count; j++) {
			if (j == k)
				continue;
			size_t mark = arena_mark(test_arena());
			bytes file = play_read(&p, files[k]);
			play_write(&p, files[k], play_read(&p, files[j]));
			if (verifies_as_before(&err))
				fail_msg("%s as %s", files[j], files[k]);
			play_write(&p, files[k], file);
			arena_release(test_arena(), mark);
		}
	}
	play_end(&p);
}

static void foreign_files_are_refused(void **state)
{
	(void)state;
	static const char *const names[] = {"x",           "1.bt",         "2/r7-01.bt", "2/r0-05.bt",
	                                    "2/r0-00.bt",  "2/r0-1.bt",    "2/x",        "17/r0-01.bt",
	                                    "02/r0-01.bt", "2/2/r0-01.bt", "0/r0-01.bt", "1/r00-01.bt"};
	struct error err;
	rich();
	bytes file = play_read(&p, "2/r0-01.bt");
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		play_write(&p, names[k], file);
		if (verifies_as_before(&err))
			fail_msg("%s is accepted", names[k]);
		assert_int_equal(err.kind, ERROR_MALFORMED);
		assert_ok(p.folder->remove(p.folder, names[k], &err), err);
	}
	play_end(&p);
}

/* Fewer than t parties cannot hold an attempt of their own: what they begin counts for nothing. */
static void attempts_after_the_end_count_for_nothing_or_are_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	forge(&p, 4, 0, 1, play_content(&p, 2, 0, 1));
	assert_true(verifies_as_before(&err));
	forge(&p, 3, 0, 1, play_content(&p, 2, 0, 1));
	assert_true(verifies_as_before(&err));
	bytes good = play_read(&p, "3/r0-01.bt");
	play_write(&p, "3/r0-01.bt", play_read(&p, "4/r0-01.bt"));
	assert_false(verifies_as_before(&err));
	play_write(&p, "3/r0-01.bt", good);
	forge(&p, 3, 0, 2, play_content(&p, 2, 0, 2));
	assert_false(verifies_as_before(&err));
	assert_non_null(strstr(err.what, "nobody ended"));
	play_end(&p);
}

/* Signed by whom it should be, about another thing. */
static void messages_of_another_manifest_attempt_round_or_party_are_refused(void **state)
{
	(void)state;
	struct error err;
	rich();
	digest d = p.m.d;
	static const struct {
		unsigned attempt, round, index;
	} other[] = {{1, 1, 1}, {3, 1, 1}, {17, 1, 1}, {0, 1, 1},          {2, 2, 1},
	             {2, 7, 1}, {2, 1, 2}, {2, 1, 4},  {2, UINT32_MAX, 1}, {2, 1, 1}};
	for (size_t k = 0; k < sizeof other / sizeof *other; k++) {
		bytes file = play_read(&p, "2/r1-01.bt"), content = play_content(&p, 2, 1, 1);
		bool last = k + 1 == sizeof other / sizeof *other;
		p.m.d.b[0] ^= last;
		bytes b = forge_message(&p, other[k].attempt, other[k].round, other[k].index, content);
		p.m.d = d;
		play_write(&p, "2/r1-01.bt", b);
		assert_false(verifies_as_before(&err));
		assert_true(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED);
		play_write(&p, "2/r1-01.bt", file);
	}
	play_end(&p);
}

/* An index in the header that is none, under a signature of party 1. */
static void an_index_of_no_party_is_malformed(void **state)
{
	(void)state;
	static const unsigned none[] = {0, 5, 25, 26, UINT32_MAX};
	struct ceremony_message msg;
	struct error err;
	rich();
	bytes good = play_read(&p, "2/r0-01.bt");
	assert_ok(ceremony_message_read(&msg, &p.m, good, &err), err);
	assert_int_equal(msg.attempt, 2);
	assert_int_equal(msg.round, CEREMONY_KEY);
	assert_int_equal(msg.index, 1);
	for (size_t k = 0; k < sizeof none / sizeof *none; k++) {
		store_be32((uint8_t *)(uintptr_t)good.p + 5 + 20 + 37 + 9 + 9 + 5, none[k]);
		assert_fails(ceremony_message_read(&msg, &p.m, good, &err), err, ERROR_MALFORMED);
		assert_non_null(strstr(err.what, "no such party"));
	}
	play_end(&p);
}

static void an_attempt_that_is_not_finished_is_not_there_yet(void **state)
{
	(void)state;
	struct error err;
	struct election_key k;
	play_begin(&p, 2, 2);
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_UNAVAILABLE);
	for (unsigned s = 0; s < CEREMONY_ROUNDS; s++) {
		assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_UNAVAILABLE);
		assert_true(play_sweep(&p));
	}
	assert_ok(ceremony_verify(&k, &p.m, p.folder, &err), err);
	/* and what failed is not finished */
	unsigned attempt;
	play_end(&p);
	play_begin(&p, 2, 2);
	assert_true(play_sweep(&p));
	play_start(&p, 1);
	assert_true(play_step(&p, 1, CEREMONY_PATIENT));
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_UNAVAILABLE);
	assert_ok(ceremony_current(&attempt, &p.m, p.folder, &err), err);
	assert_int_equal(attempt, 2);
	play_end(&p);
}

/* A word that attempt 1 failed, rightly signed, from another run with the same keys. */
static bytes word_of_failure(unsigned index)
{
	const struct play_view view = p.view[index - 1];
	struct folder *whole = p.folder;
	struct ceremony_party *party = p.party[index - 1];
	struct error err;
	assert_ok(memory_folder_new(&p.folder, "twin", 1 << 20, &err), err);
	p.view[index - 1].inner = p.folder;
	for (unsigned k = 0; k < 2; k++) {
		play_start(&p, index);
		assert_true(play_step(&p, index, CEREMONY_PATIENT));
	}
	char path[32];
	snprintf(path, sizeof path, "1/failed-%02u.bt", index);
	bytes word = play_read(&p, path);
	play_end(&p);
	p.folder = whole;
	p.view[index - 1] = view;
	p.party[index - 1] = party;
	return word;
}

static void a_word_of_failure_after_the_last_certificate_undoes_nothing(void **state)
{
	(void)state;
	struct error err;
	unsigned attempt;
	play_begin(&p, 3, 2);
	bytes word = word_of_failure(3);
	play_whole(&p, &key);
	play_write(&p, "1/failed-03.bt", word);
	assert_true(verifies_as_before(&err));
	/* Those who still run finish too; and who is alone in a next attempt is alone. */
	play_start(&p, 1);
	assert_ok(play_step(&p, 1, CEREMONY_PATIENT), p.err[0]);
	assert_true(p.done[0]);
	forge(&p, 2, 0, 3, play_content(&p, 1, 0, 3));
	assert_ok(ceremony_current(&attempt, &p.m, p.folder, &err), err);
	assert_int_equal(attempt, 1);
	assert_true(verifies_as_before(&err));
	forge(&p, 2, 0, 1, play_content(&p, 1, 0, 1));
	assert_ok(ceremony_current(&attempt, &p.m, p.folder, &err), err);
	assert_int_equal(attempt, 2);
	play_end(&p);
}

static void a_word_of_failure_before_the_last_certificate_ends_the_attempt(void **state)
{
	(void)state;
	struct error err;
	struct election_key k;
	unsigned attempt;
	play_begin(&p, 3, 2);
	bytes word = word_of_failure(3);
	play_whole(&p, &key);
	assert_ok(p.folder->remove(p.folder, "1/r6-03.bt", &err), err);
	play_write(&p, "1/failed-03.bt", word);
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_UNAVAILABLE);
	assert_ok(ceremony_current(&attempt, &p.m, p.folder, &err), err);
	assert_int_equal(attempt, 2);
	play_end(&p);
}

/* Though everybody who is left certifies it. */
static void who_counts_follows_from_the_messages_and_not_from_the_certificates(void **state)
{
	(void)state;
	static const uint8_t d[32] = {1}, two[3] = {1, 1, 0}, all[3] = {1, 1, 1};
	uint8_t row[3] = {0};
	struct election_key k;
	struct error err;
	struct cheat c;
	play_begin(&p, 3, 2);
	play_whole(&p, &key);
	assert_ok(p.folder->remove(p.folder, "1/r6-03.bt", &err), err);
	for (unsigned i = 1; i <= 2; i++)
		forge(&p, 1, 6, i, statement_of(&p, two, d));
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "without a reason"));
	assert_non_null(strstr(err.detail, "party 3"));
	play_end(&p);
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	c.wrong[0] = true;
	cheat_until_open(&c);
	cheat_verdict(&c, row, 1);
	play_out(&p);
	for (unsigned i = 1; i <= 3; i++)
		forge(&p, 1, 6, i, statement_of(&p, all, d));
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "that is out"));
	assert_non_null(strstr(err.detail, "party 3"));
	play_end(&p);
}

/* All verdicts and certificates let in a party that was not present. */
static void nobody_is_let_in_again(void **state)
{
	(void)state;
	static const uint8_t d[32] = {1}, all[3] = {1, 1, 1}, fine[3] = {0};
	struct election_key k;
	struct error err;
	struct cheat c;
	for (unsigned round = CEREMONY_VERDICT; round <= CEREMONY_CERTIFY; round += 2) {
		play_begin(&p, 3, 2);
		cheat_begin(&c, &p, 1, 3);
		play_out(&p);
		cheat_key(&c);
		cheat_commit(&c);
		cheat_open(&c);
		for (unsigned i = 1; i <= 3; i++)
			forge(&p, 1, round, i, statement_of(&p, round == CEREMONY_VERDICT ? fine : all, d));
		assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_REJECTED);
		assert_non_null(strstr(err.what, "no party may say"));
		play_end(&p);
	}
}

static void a_word_of_failure_elsewhere_is_refused(void **state)
{
	(void)state;
	static const char *const elsewhere[] = {"1/failed-02.bt", "2/failed-01.bt", "2/failed-02.bt",
	                                        "3/failed-01.bt"};
	struct error err;
	rich();
	bytes word = play_read(&p, "1/failed-01.bt");
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		play_write(&p, elsewhere[i], word);
		assert_false(verifies_as_before(&err));
		assert_int_equal(err.kind, ERROR_MALFORMED);
		assert_ok(p.folder->remove(p.folder, elsewhere[i], &err), err);
	}
	assert_true(verifies_as_before(&err));
	play_end(&p);
}

/* All agree on an opening that proves nothing. */
static void a_rogue_key_that_all_verdicts_accept_is_refused_all_the_same(void **state)
{
	(void)state;
	static const uint8_t fine[3] = {0}, d[32] = {1};
	struct election_key k;
	struct error err;
	struct cheat c;
	play_begin(&p, 3, 2);
	cheat_begin(&c, &p, 1, 3);
	const point g = point_generator();
	point_add(&c.c[0], &c.c[0], &g);
	cheat_until_open(&c);
	for (unsigned i = 1; i <= 3; i++)
		forge(&p, 1, 4, i, statement_of(&p, fine, d));
	assert_fails(ceremony_verify(&k, &p.m, p.folder, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "no valid opening"));
	assert_non_null(strstr(err.detail, "party 3"));
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_of_every_file_is_refused),
		cmocka_unit_test(every_truncation_and_trailing_byte_is_refused),
		cmocka_unit_test(missing_files_are_refused),
		cmocka_unit_test(any_file_in_the_place_of_another_is_refused),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(attempts_after_the_end_count_for_nothing_or_are_refused),
		cmocka_unit_test(messages_of_another_manifest_attempt_round_or_party_are_refused),
		cmocka_unit_test(an_index_of_no_party_is_malformed),
		cmocka_unit_test(an_attempt_that_is_not_finished_is_not_there_yet),
		cmocka_unit_test(who_counts_follows_from_the_messages_and_not_from_the_certificates),
		cmocka_unit_test(nobody_is_let_in_again),
		cmocka_unit_test(a_word_of_failure_elsewhere_is_refused),
		cmocka_unit_test(a_rogue_key_that_all_verdicts_accept_is_refused_all_the_same),
		cmocka_unit_test(a_word_of_failure_after_the_last_certificate_undoes_nothing),
		cmocka_unit_test(a_word_of_failure_before_the_last_certificate_ends_the_attempt),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/verify", tests, NULL, NULL);
}
