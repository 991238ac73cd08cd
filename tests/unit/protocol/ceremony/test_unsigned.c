/* SPDX-License-Identifier: Apache-2.0 */
/* Files that anybody can put into a ceremony's folder: parties pass them over, verifiers do not. */
#include "support/support.h"

#include "cheat.h"

#include <stdio.h>
#include <string.h>

#define PARTIES 3u

static struct play p;
static struct election_key key;
static struct ceremony_report report;

static struct {
	char path[32];
	unsigned first, again;
} told[PARTIES];

static void doubt(void *ctx, const char *path, const struct error *why)
{
	const unsigned i = (unsigned)((char(*)[sizeof told[0]])ctx - (char(*)[sizeof told[0]])told);
	snprintf(told[i].path, sizeof told[i].path, "%s", path);
	told[i].first += why != NULL;
	told[i].again += why == NULL;
	assert_true(!why || why->kind != ERROR_NONE);
}

static void begin(void)
{
	memset(told, 0, sizeof told);
	play_begin(&p, PARTIES, 2);
	for (unsigned i = 0; i < PARTIES; i++)
		ceremony_party_doubt(p.party[i], doubt, &told[i]);
}

/* Kinds of files that the author of a place has not signed for it. */
static bytes worthless(unsigned kind, unsigned round, unsigned index)
{
	static const uint8_t content[] = {1, 0, 0, 0, 0};
	const digest d = p.m.d;
	bytes b = BYTES_LITERAL("garbage");
	switch (kind) {
	case 0:
		return b;
	case 1:
		return bytes_of(b.p, 0);
	case 2: /* of another manifest */
		p.m.d.b[0] ^= 1;
		b = forge_message(&p, 1, round, index, BYTES_OF(content));
		p.m.d = d;
		return b;
	case 3: /* of another attempt */
		return forge_message(&p, 2, round, index, BYTES_OF(content));
	default: /* of another party */
		return forge_message(&p, 1, round, index % PARTIES + 1, BYTES_OF(content));
	}
}

static void a_file_in_the_place_of_a_message_is_passed_over_and_the_author_replaces_it(void **state)
{
	(void)state;
	for (unsigned round = 0; round < CEREMONY_ROUNDS; round++)
		for (unsigned kind = 0; kind < 5; kind++) {
			if (round == CEREMONY_ANSWER)
				continue; /* nobody writes one here */
			begin();
			const char *path = play_path(1, round, PARTIES);
			play_write(&p, path, worthless(kind, round, PARTIES));
			play_whole(&p, &key);
			assert_string_equal(told[0].path, path);
			assert_int_equal(told[0].first, 1);
			play_end(&p);
		}
}

static bool visit_path(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)err;
	*(bool *)ctx = *(bool *)ctx || memcmp(e->name, "failed", 6) == 0;
	return true;
}

static bool somebody_gave_up(void)
{
	struct error err;
	bool any = false;
	error_clear(&err);
	assert_ok(p.folder->list(p.folder, "1", visit_path, &any, &err), err);
	return any;
}

static void assert_verifiers_name(const char *path)
{
	struct error err;
	error_clear(&err);
	struct election_key again;
	assert_false(ceremony_verify(&again, &p.m, p.folder, &err));
	assert_non_null(strstr(err.detail, path + 2));
	assert_ok(ceremony_key(&again, &p.m, p.folder, &err), err);
	assert_ok(p.folder->remove(p.folder, path, &err), err);
	assert_ok(ceremony_verify(&key, &p.m, p.folder, &err), err);
	assert_true(digest_equal(&again.eid, &key.eid));
}

static void in_the_place_of_who_is_away_it_counts_as_absent(void **state)
{
	(void)state;
	static const char *const paths[] = {"1/r0-03.bt", "1/r1-03.bt",     "1/r4-03.bt",
	                                    "1/r6-03.bt", "1/failed-03.bt", "2/r0-03.bt"};
	for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
		begin();
		p.party[2] = NULL;
		play_write(&p, paths[k], BYTES_LITERAL("garbage"));
		play_out(&p);
		for (unsigned i = 0; i < 2; i++)
			if (!p.done[i])
				fail_msg("%s: party %u: %s (%s)", paths[k], i + 1, p.err[i].what, p.err[i].detail);
		if (paths[k][2] == 'r')
			assert_false(somebody_gave_up());
		assert_verifiers_name(paths[k]);
		play_end(&p);
	}
}

/* Who waits for a message goes on when the right one is there, whatever lay in its place. */
static void the_right_message_is_read_as_soon_as_it_is_there(void **state)
{
	(void)state;
	begin();
	play_until(&p, CEREMONY_ECHO);
	bytes right = play_read(&p, "1/r1-03.bt");
	play_write(&p, "1/r1-03.bt", BYTES_LITERAL("garbage"));
	for (unsigned k = 0; k < 3; k++)
		assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_UNAVAILABLE);
	assert_non_null(strstr(p.err[0].detail, "r1-03.bt"));
	assert_int_equal(told[0].first, 1);
	assert_true(told[0].again >= 2);
	play_write(&p, "1/r1-03.bt", right);
	play_whole(&p, &key);
	assert_false(somebody_gave_up());
	play_end(&p);
}

/* Not even in the place of an honest party's word that the attempt has failed. */
static void a_word_of_failure_replaces_what_nobody_signed(void **state)
{
	(void)state;
	begin();
	play_until(&p, CEREMONY_OPEN);
	play_write(&p, "1/failed-02.bt", BYTES_LITERAL("garbage"));
	play_start(&p, 2);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.failures[0].by, 2);
	play_end(&p);
}

static void a_failed_attempt_with_such_a_file_does_not_stop_the_next(void **state)
{
	(void)state;
	begin();
	play_until(&p, CEREMONY_OPEN);
	play_start(&p, 2);
	play_on(&p);
	assert_true(play_has(&p, "1/failed-02.bt"));
	play_write(&p, "1/r5-01.bt", BYTES_LITERAL("garbage"));
	play_out(&p);
	for (unsigned i = 0; i < PARTIES; i++)
		assert_true(p.done[i]);
	assert_verifiers_name("1/r5-01.bt");
	play_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_file_in_the_place_of_a_message_is_passed_over_and_the_author_replaces_it),
		cmocka_unit_test(in_the_place_of_who_is_away_it_counts_as_absent),
		cmocka_unit_test(the_right_message_is_read_as_soon_as_it_is_there),
		cmocka_unit_test(a_word_of_failure_replaces_what_nobody_signed),
		cmocka_unit_test(a_failed_attempt_with_such_a_file_does_not_stop_the_next),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/unsigned", tests, NULL, NULL);
}
