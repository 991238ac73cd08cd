/* SPDX-License-Identifier: Apache-2.0 */
/* What an authority keeps of ceremonies, so that who rolls the folder back gets nothing twice. */
#include "support/support.h"

#include "play.h"

#include "files/memory_folder.h"

#include <string.h>

#define PARTIES 3u

struct home {
	struct ceremony_past past;
	struct election_key key;
	secret_scalar share;
	unsigned crash_begun, crash_certified; /* right after this was kept */
	bool damaged;
};

static struct play p;
static struct home homes[PARTIES];
static struct election_key key;
static struct ceremony_report report;

static bool keep(void *ctx, const struct election_key *k, const secret_scalar *share,
                 struct error *err)
{
	struct home *h = ctx;
	(void)err;
	h->key = *k;
	h->share = *share;
	return true;
}

static bool recall(void *ctx, const struct election_key *k, secret_scalar *share, struct error *err)
{
	struct home *h = ctx;
	*share = h->share;
	return digest_equal(&h->key.eid, &k->eid) ||
	       fail(err, ERROR_REJECTED, "test: no share of this election", ERROR_NOWHERE);
}

static bool recollect(void *ctx, struct ceremony_past *out, struct error *err)
{
	struct home *h = ctx;
	*out = h->past;
	return !h->damaged || fail(err, ERROR_MALFORMED, "test: damaged", ERROR_NOWHERE);
}

static bool remember(void *ctx, const struct ceremony_past *past, struct error *err)
{
	struct home *h = ctx;
	const bool crash = (h->crash_begun && past->begun == h->crash_begun) ||
	                   (h->crash_certified && past->certified == h->crash_certified);
	h->past = *past;
	return !crash || fail(err, ERROR_IO, "test: killed", ERROR_NOWHERE);
}

static void start(unsigned index)
{
	play_start(&p, index);
	homes[index - 1].crash_begun = homes[index - 1].crash_certified = 0;
	ceremony_party_keep(p.party[index - 1], keep, recall, &homes[index - 1]);
	ceremony_party_remember(p.party[index - 1], recollect, remember, &homes[index - 1]);
}

static void begin(void)
{
	memset(homes, 0, sizeof homes);
	play_begin(&p, PARTIES, 2);
	for (unsigned i = 1; i <= PARTIES; i++)
		start(i);
}

/* The folder as it was before anything happened, and all programs are started again. */
static struct folder *roll_back(void)
{
	struct folder *first = p.folder;
	struct error err;
	error_clear(&err);
	assert_ok(memory_folder_new(&p.folder, "ceremony", 4 << 20, &err), err);
	for (unsigned i = 1; i <= PARTIES; i++) {
		p.view[i - 1].inner = p.folder;
		start(i);
	}
	return first;
}

static bool visit_nothing(void *ctx, const struct folder_entry *e, struct error *err)
{
	(void)e;
	(void)err;
	++*(unsigned *)ctx;
	return true;
}

static void assert_refused(unsigned index)
{
	const struct error *err = &p.err[index - 1];
	assert_false(play_step(&p, index, CEREMONY_PATIENT));
	assert_int_equal(err->kind, ERROR_CONFLICT);
	assert_non_null(strstr(err->what, "lost messages that this authority signed"));
	assert_non_null(strstr(err->what, "new manifest"));
}

static void who_has_finished_refuses_a_ceremony_that_was_rolled_back(void **state)
{
	(void)state;
	struct error err;
	unsigned files = 0;
	begin();
	play_whole(&p, &key);
	for (unsigned i = 0; i < PARTIES; i++) {
		assert_true(homes[i].past.finished);
		assert_int_equal(homes[i].past.begun, 1);
		assert_true(digest_equal(&homes[i].past.eid, &key.eid));
	}
	struct folder *first = roll_back();
	for (unsigned i = 1; i <= PARTIES; i++)
		assert_refused(i);
	error_clear(&err);
	assert_ok(p.folder->list(p.folder, "", visit_nothing, &files, &err), err);
	assert_int_equal(files, 0); /* not one word of them */
	/* With what was lost all is well. */
	memory_folder_free(p.folder);
	p.folder = first;
	for (unsigned i = 1; i <= PARTIES; i++) {
		p.view[i - 1].inner = first;
		start(i);
	}
	play_out(&p);
	play_check(&p, &key, &report);
	play_end(&p);
}

static void who_has_certified_refuses_a_ceremony_that_was_rolled_back(void **state)
{
	(void)state;
	begin();
	play_until(&p, CEREMONY_ROUNDS); /* party 1 has certified, the others' certificates lack */
	assert_true(play_has(&p, "1/r6-01.bt"));
	assert_false(homes[0].past.finished);
	assert_int_equal(homes[0].past.certified, 1);
	struct folder *first = roll_back();
	assert_refused(1);
	/* Neither does the word of a cheater that the attempt has failed take it further. */
	homes[2].past = (struct ceremony_past){.begun = 1};
	start(3);
	assert_true(play_step(&p, 3, CEREMONY_PATIENT));
	assert_true(play_has(&p, "1/failed-03.bt"));
	assert_refused(1);
	memory_folder_free(first);
	play_end(&p);
}

/* All it said but the certificates is there, and a cheater's word that they never came. */
static void who_has_finished_begins_no_other_attempt(void **state)
{
	(void)state;
	struct error err;
	begin();
	play_whole(&p, &key);
	error_clear(&err);
	for (unsigned i = 1; i <= PARTIES; i++)
		assert_ok(p.folder->remove(p.folder, play_path(1, CEREMONY_CERTIFY, i), &err), err);
	homes[2].past = (struct ceremony_past){.begun = 1};
	for (unsigned i = 1; i <= PARTIES; i++)
		start(i);
	assert_true(play_step(&p, 3, CEREMONY_PATIENT));
	assert_true(play_has(&p, "1/failed-03.bt"));
	assert_refused(1);
	assert_refused(2);
	play_end(&p);
}

/* Every path that is in both: the same, or nobody said it twice. */
static void assert_said_once(struct folder *first)
{
	static uint8_t room[PLAY_MESSAGE_MAX];
	struct error err;
	unsigned compared = 0;
	for (unsigned a = 1; a <= LIMIT_ATTEMPTS; a++)
		for (unsigned r = 0; r < CEREMONY_ROUNDS; r++)
			for (unsigned i = 1; i <= PARTIES; i++) {
				const char *path = play_path(a, r, i);
				bytes file;
				if (!first->exists(first, path) || !play_has(&p, path))
					continue;
				error_clear(&err);
				assert_ok(folder_read(first, path, room, sizeof room, &file, &err), err);
				assert_true(bytes_equal(file, play_read(&p, path)));
				compared++;
			}
	assert_int_equal(compared, 0);
}

static void after_a_roll_back_before_the_certificate_nothing_is_said_twice(void **state)
{
	(void)state;
	for (unsigned round = CEREMONY_COMMIT; round <= CEREMONY_CERTIFY; round++) {
		begin();
		play_until(&p, (enum ceremony_round)round);
		for (unsigned i = 0; i < PARTIES; i++)
			if (homes[i].past.certified)
				homes[i].past = (struct ceremony_past){.begun = 1};
		struct folder *first = roll_back();
		play_out(&p);
		play_check(&p, &key, &report);
		assert_int_equal(report.attempts, 2);
		assert_non_null(strstr(report.failures[0].reason, "deals once only"));
		assert_said_once(first);
		memory_folder_free(first);
		play_end(&p);
	}
}

static void an_earlier_attempt_than_the_last_that_was_begun_is_refused(void **state)
{
	(void)state;
	begin();
	homes[1].past.begun = 3;
	start(2);
	assert_refused(2);
	assert_false(play_has(&p, "1/failed-02.bt"));
	play_end(&p);
}

static void stopped_after_the_certificate_was_kept_it_says_that_certificate(void **state)
{
	(void)state;
	begin();
	homes[1].crash_certified = 1;
	while (!homes[1].past.certified)
		play_sweep(&p);
	assert_int_equal(p.err[1].kind, ERROR_IO);
	assert_false(play_has(&p, "1/r6-02.bt"));
	start(2);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 1);
	assert_true(digest_equal(&homes[1].past.eid, &key.eid));
	play_end(&p);
}

static void stopped_before_its_first_message_it_begins_the_next_attempt(void **state)
{
	(void)state;
	begin();
	homes[1].crash_begun = 1;
	play_sweep(&p);
	assert_int_equal(p.err[1].kind, ERROR_IO);
	assert_false(play_has(&p, "1/r0-02.bt"));
	start(2);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, 2);
	assert_int_equal(report.failures[0].culprit, 2);
	assert_int_equal(homes[1].past.begun, 2);
	play_end(&p);
}

/* The record shows all that was said, and somebody's word that it was in vain. */
static void after_an_attempt_that_ended_at_the_certificates_it_goes_on(void **state)
{
	(void)state;
	begin();
	play_until(&p, CEREMONY_ROUNDS);
	homes[2].crash_certified = 1;
	play_on(&p);
	assert_true(play_has(&p, "1/r6-02.bt"));
	homes[2].past = (struct ceremony_past){.begun = 1};
	for (unsigned i = 1; i <= PARTIES; i++)
		start(i);
	play_out(&p);
	play_check(&p, &key, &report);
	assert_int_equal(report.attempts, play_has(&p, "1/r6-03.bt") ? 1 : 2);
	for (unsigned i = 0; i < PARTIES; i++)
		assert_true(homes[i].past.finished && digest_equal(&homes[i].past.eid, &key.eid));
	play_end(&p);
}

static void nothing_is_done_when_the_past_cannot_be_read(void **state)
{
	(void)state;
	begin();
	homes[0].damaged = true;
	assert_fails(play_step(&p, 1, CEREMONY_PATIENT), p.err[0], ERROR_MALFORMED);
	assert_false(play_has(&p, "1/r0-01.bt"));
	homes[0].damaged = false;
	play_whole(&p, &key);
	play_end(&p);
}

static void the_file_of_the_past_is_read_as_it_was_written_and_not_otherwise(void **state)
{
	(void)state;
	uint8_t room[CEREMONY_PAST_BYTES + 1];
	struct ceremony_past past = {.begun = 7, .certified = 5, .finished = true}, back;
	struct error err;
	digest d = {{1, 2, 3}}, other = {{4}};
	for (unsigned i = 0; i < LIMIT_PARTIES; i++)
		past.qualified[i] = i & 1;
	memset(past.eid.b, 9, sizeof past.eid.b);
	error_clear(&err);
	bytes file = ceremony_past_write(room, &past, &d, LIMIT_PARTIES);
	assert_ok(ceremony_past_read(&back, file, &d, LIMIT_PARTIES, &err), err);
	assert_int_equal(back.begun, 7);
	assert_int_equal(back.certified, 5);
	assert_true(back.finished && digest_equal(&back.eid, &past.eid));
	assert_memory_equal(back.qualified, past.qualified, sizeof past.qualified);
	assert_fails(ceremony_past_read(&back, file, &other, LIMIT_PARTIES, &err), err,
	             ERROR_MALFORMED);
	assert_fails(ceremony_past_read(&back, file, &d, LIMIT_PARTIES - 1, &err), err,
	             ERROR_MALFORMED);
	for (size_t len = 0; len < file.len; len++)
		assert_fails(ceremony_past_read(&back, bytes_of(file.p, len), &d, LIMIT_PARTIES, &err), err,
		             ERROR_MALFORMED);
	room[file.len] = 0;
	assert_false(
		ceremony_past_read(&back, bytes_of(file.p, file.len + 1), &d, LIMIT_PARTIES, &err));
	past.certified = 8; /* never begun */
	file = ceremony_past_write(room, &past, &d, LIMIT_PARTIES);
	assert_fails(ceremony_past_read(&back, file, &d, LIMIT_PARTIES, &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_finished_refuses_a_ceremony_that_was_rolled_back),
		cmocka_unit_test(who_has_finished_begins_no_other_attempt),
		cmocka_unit_test(who_has_certified_refuses_a_ceremony_that_was_rolled_back),
		cmocka_unit_test(after_a_roll_back_before_the_certificate_nothing_is_said_twice),
		cmocka_unit_test(an_earlier_attempt_than_the_last_that_was_begun_is_refused),
		cmocka_unit_test(stopped_after_the_certificate_was_kept_it_says_that_certificate),
		cmocka_unit_test(stopped_before_its_first_message_it_begins_the_next_attempt),
		cmocka_unit_test(after_an_attempt_that_ended_at_the_certificates_it_goes_on),
		cmocka_unit_test(nothing_is_done_when_the_past_cannot_be_read),
		cmocka_unit_test(the_file_of_the_past_is_read_as_it_was_written_and_not_otherwise),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/past", tests, NULL, NULL);
}
