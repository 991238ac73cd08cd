/* SPDX-License-Identifier: Apache-2.0 */
/* Authorities at work when something is missing, killed, done again, or asked for twice. */
#include "support/support.h"

#include "unit/services/authority/steps.h"

#include "files/memory_folder.h"

#include <stdio.h>

/* --- starting again --- */

static void a_shuffle_killed_before_its_signature_is_made_anew(void **state)
{
	(void)state;
	static const char *const made[] = {PROOFS "Ciphertexts01.bt",
	                                   PROOFS "PermutationCommitment01.bt",
	                                   PROOFS "PoSCommitment01.bt", PROOFS "PoSReply01.bt"};
	struct election e;
	ready_to_mix(&e, 2, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	for (unsigned left = 0; left < 5; left++) { /* how many of the four files were there */
		bytes before[4];
		for (unsigned i = 0; i < 4; i++)
			before[i] = content(&e, made[i]);
		for (unsigned i = left; i < 4; i++)
			election_remove(e.record, made[i]);
		election_remove(e.record, "endorse/l1/mix-01.bt");
		assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
		for (unsigned i = 0; i < 4; i++) {
			bytes after = content(&e, made[i]);
			assert_int_equal(after.len, before[i].len);
			assert_memory_not_equal(after.p, before[i].p, after.len);
			drop(after);
			drop(before[i]);
		}
	}
	election_tally(&e, "1,2");
	verified(&e);
	election_end(&e);
}

static void each_step_done_again_changes_nothing(void **state)
{
	(void)state;
	struct election e;
	struct election_files files;
	election_whole(&e, &PLAN_SMALL(3, 2));
	for (unsigned remembers = 0; remembers < 2; remembers++) {
		struct folder *before = election_copy(e.record);
		for (unsigned i = 0; i < 3 && !remembers; i++)
			e.party[i].authority.home = NULL;
		election_tally(&e, "1,2,3");
		election_files(&files, e.record);
		for (size_t i = 0; i < files.count; i++) {
			bytes a = election_read(before, files.file[i].path);
			bytes b = content(&e, files.file[i].path);
			assert_true(bytes_equal(a, b));
			drop(a);
			drop(b);
		}
		election_files_free(&files);
		memory_folder_free(before);
		for (unsigned i = 0; i < 3; i++)
			e.party[i].authority.home = e.party[i].home;
	}
	election_end(&e);
}

static void who_takes_part_may_change_until_enough_have_shuffled(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2")); /* 2 never comes */
	election_tally(&e, "1,3");
	verified(&e);
	timeouts(&e, 50);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	assert_true(election_step(&e, STEP_MIX, "2", "1,2")); /* not needed any more */
	assert_false(there(&e, "endorse/l1/mix-02.bt"));
	assert_false(there(&e, PROOFS "Ciphertexts02.bt"));
	/* nor to decrypt: whoever comes later checks what the others have opened */
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_false(there(&e, "endorse/l1/ready-02.bt"));
	verified(&e);
	election_end(&e);
}

static void a_mixer_that_does_not_come_is_passed_over(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 5, 3);
	timeouts(&e, 1500);
	assert_true(election_step(&e, STEP_MIX, "2,4,5", "1,2,3,4,5"));
	assert_true(there(&e, "endorse/l1/mix-02.bt") && there(&e, "endorse/l1/mix-04.bt") &&
	            there(&e, "endorse/l1/mix-05.bt"));
	assert_int_equal(e.party[1].noticed.kind, ERROR_UNAVAILABLE);
	assert_string_equal(e.party[1].noticed.detail, "l1: party 1");
	const char *told = e.party[4].noticed.detail; /* the last that it passed over itself */
	assert_true(strcmp(told, "l1: party 1") == 0 || strcmp(told, "l1: party 3") == 0);
	/* who comes late finds that others have taken the place */
	assert_true(election_step(&e, STEP_MIX, "1,3", "1,2,3,4,5"));
	assert_false(there(&e, "endorse/l1/mix-01.bt") || there(&e, "endorse/l1/mix-03.bt"));
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_DECRYPT, "1,3,5", "1,3,5"));
	assert_true(election_step(&e, STEP_COUNT, "1,3,5", "1,3,5"));
	verified(&e);
	election_end(&e);
}

static void who_is_not_needed_does_not_shuffle(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2,3", "1,2,3"));
	assert_true(there(&e, "endorse/l1/mix-01.bt") && there(&e, "endorse/l1/mix-02.bt"));
	assert_false(there(&e, "endorse/l1/mix-03.bt") || there(&e, PROOFS "Ciphertexts03.bt"));
	assert_true(there(&e, "endorse/close-03.bt"));
	election_end(&e);
}

/* --- a chain that changes while a party waits or works --- */

/* A record in which something happens to others' files when the first of a party's is written. */
struct meddled {
	struct folder folder, *inner; /* first member */
	const char *at;
	struct folder *away; /* what lies in the record is replaced by what is here */
	unsigned times;
};
static struct meddled meddled;

static void exchange_shuffle(struct meddled *m)
{
	static const char *const made[] = {
		PROOFS "Ciphertexts01.bt", PROOFS "PermutationCommitment01.bt", PROOFS "PoSCommitment01.bt",
		PROOFS "PoSReply01.bt", "endorse/l1/mix-01.bt"};
	for (unsigned i = 0; i < 5; i++) {
		bytes b = election_read(m->away, made[i]);
		election_write(m->inner, made[i], b);
		drop(b);
	}
}
static bool meddled_open(struct folder *f, const char *path, struct source **out, struct error *err)
{
	struct folder *inner = ((struct meddled *)f)->inner;
	return inner->open(inner, path, out, err);
}
static bool meddled_create(struct folder *f, const char *path, bool replace, struct sink **out,
                           struct error *err)
{
	struct meddled *m = (struct meddled *)f;
	if (strcmp(path, m->at) == 0 && m->times++ == 0)
		exchange_shuffle(m);
	return m->inner->create(m->inner, path, replace, out, err);
}
static bool meddled_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct meddled *)f)->inner;
	return inner->exists(inner, path);
}
static bool meddled_list(struct folder *f, const char *path, folder_visit_fn *visit, void *ctx,
                         struct error *err)
{
	struct folder *inner = ((struct meddled *)f)->inner;
	return inner->list(inner, path, visit, ctx, err);
}
static bool meddled_remove(struct folder *f, const char *path, struct error *err)
{
	struct folder *inner = ((struct meddled *)f)->inner;
	return inner->remove(inner, path, err);
}

static void a_shuffle_of_what_is_no_longer_in_the_chain_is_made_anew(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	struct folder *other = election_copy(e.record);
	election_remove(e.record, "endorse/l1/mix-01.bt");
	assert_true(election_step(&e, STEP_MIX, "1", "1,2")); /* another shuffle, as good */
	meddled = (struct meddled){.folder = {.name = "record",
	                                      .open = meddled_open,
	                                      .create = meddled_create,
	                                      .exists = meddled_exists,
	                                      .list = meddled_list,
	                                      .remove = meddled_remove},
	                           .inner = e.party[1].record,
	                           .at = PROOFS "PoSReply02.bt",
	                           .away = other};
	e.party[1].authority.record = &meddled.folder;
	assert_true(election_step(&e, STEP_MIX, "2", "1,2"));
	assert_true(meddled.times >= 2); /* it has shuffled twice */
	e.party[1].authority.record = e.party[1].record;
	assert_true(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	assert_true(election_step(&e, STEP_COUNT, "1,2", "1,2"));
	verified(&e);
	memory_folder_free(other);
	election_end(&e);
}

/* --- waiting --- */

static void a_deadline_names_who_is_missing(void **state)
{
	(void)state;
	struct election e;
	election_begin(&e, &PLAN_SMALL(2, 2), 1);
	timeouts(&e, 30);
	assert_false(election_step(&e, STEP_CEREMONY, "2", ""));
	failed(&e, 2, ERROR_UNAVAILABLE, "r0-01.bt");
	election_remove(e.record, "ceremony/1/r0-02.bt");
	timeouts(&e, 60000);
	election_ceremony(&e);
	election_mark(&e, 1);
	election_write_box(&e);
	timeouts(&e, 30);
	assert_false(election_step(&e, STEP_MIX, "2", "1,2"));
	failed(&e, 2, ERROR_UNAVAILABLE, "party 1");
	assert_true(election_step(&e, STEP_MIX, "1", "1,2"));
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
	failed(&e, 1, ERROR_UNAVAILABLE, "1 of 2 shuffles, the last by party 1");
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_MIX, "2", "1,2"));
	timeouts(&e, 30);
	assert_false(election_step(&e, STEP_DECRYPT, "1", "1,2"));
	failed(&e, 1, ERROR_UNAVAILABLE, "party 2");
	assert_false(there(&e, PROOFS "DecryptionFactors01.bt"));
	election_end(&e);
}

static bool stop(void)
{
	return true;
}

static void a_request_to_stop_ends_the_wait(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	e.party[1].authority.stopped = stop;
	assert_false(election_step(&e, STEP_MIX, "2", "1,2"));
	failed(&e, 2, ERROR_UNAVAILABLE, "stopped");
	election_end(&e);
}

/* --- one urn, once --- */

static void remove_tally(struct election *e)
{
	struct election_files files;
	election_files(&files, e->record);
	for (size_t i = 0; i < files.count; i++)
		if (strncmp(files.file[i].path, "proof", 5) == 0 ||
		    strncmp(files.file[i].path, "endorse", 7) == 0 ||
		    strncmp(files.file[i].path, "result", 6) == 0)
			election_remove(e->record, files.file[i].path);
	election_files_free(&files);
}

/* Two tallies that differ by a ballot would tell what it says. */
static void an_election_closed_once_is_not_closed_with_other_ballots(void **state)
{
	(void)state;
	struct election e;
	election_whole(&e, &PLAN_SMALL(2, 2));
	timeouts(&e, 30);
	/* in the record: lists and signatures stand in the way */
	election_mark(&e, 1);
	election_write_box(&e);
	assert_false(election_step(&e, STEP_MIX, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "Ciphertexts.bt");
	/* with a record that knows nothing: the authority's own memory does */
	remove_tally(&e);
	for (unsigned i = 0; i < 2; i++) {
		assert_false(election_step(&e, i ? STEP_DECRYPT : STEP_MIX, "1,2", "1,2"));
		failed(&e, 1, ERROR_CONFLICT, "closed");
		failed(&e, 2, ERROR_CONFLICT, "closed");
	}
	assert_false(there(&e, "endorse/close-01.bt"));
	/* the same ballots may be closed again, but no other mix of them is opened */
	e.box_len = e.starts[--e.ballots];
	election_write_box(&e);
	remove_tally(&e);
	timeouts(&e, 60000);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_CONFLICT, "one list only");
	failed(&e, 2, ERROR_CONFLICT, "final-");
	assert_false(there(&e, "endorse/l1/ready-01.bt"));
	election_end(&e);
}

static void decryption_wants_the_urn_closed_by_t_authorities(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 2, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2", "1,2"));
	election_remove(e.record, "endorse/close-02.bt");
	timeouts(&e, 2000);
	assert_false(election_step(&e, STEP_DECRYPT, "1,2", "1,2"));
	failed(&e, 1, ERROR_REJECTED, "fewer authorities than the threshold");
	assert_false(there(&e, PROOFS "DecryptionFactors01.bt"));
	election_end(&e);
}

/* The board must have promised this tree: an authority derives it, and looks. */
static void nothing_is_closed_without_the_boards_checkpoint(void **state)
{
	(void)state;
	static struct ballot_box box;
	struct election e;
	struct error err;
	char room[1024];
	struct text note = TEXT_OF(room);
	ready_to_mix(&e, 1, 1);
	const struct box_job job = {.manifest = e.manifest,
	                            .key = &e.key,
	                            .ceremony = &e.ceremony,
	                            .record = e.record,
	                            .world = &e.world};
	error_clear(&err);
	assert_ok(ballot_box_read(&box, &job, &err), err);
	bytes honest = content(&e, "log/checkpoint-close");
	struct checkpoint other = {e.manifest->board.name, box.log_size, box.root, e.key.eid};
	other.root.b[0] ^= 1;
	assert_ok(checkpoint_sign(&note, &other, &e.board_key, &err), err);
	for (unsigned i = 0; i < 2; i++) {
		election_remove(e.record, "log/checkpoint-close");
		if (i)
			election_write(e.record, "log/checkpoint-close", bytes_of(note.p, note.len));
		assert_false(election_step(&e, STEP_MIX, "1", "1"));
		failed(&e, 1, i ? ERROR_REJECTED : ERROR_MALFORMED, "checkpoint");
		assert_false(there(&e, "endorse/close-01.bt"));
	}
	/* and nothing was promised either */
	election_write(e.record, "log/checkpoint-close", honest);
	election_tally(&e, "1");
	verified(&e);
	drop(honest);
	election_end(&e);
}

static void spoil_last(struct election *e, const char *path)
{
	bytes b = content(e, path);
	((uint8_t *)(uintptr_t)b.p)[b.len - 1] ^= 1;
	election_write(e->record, path, b);
	drop(b);
}

static void what_was_checked_is_checked_again_when_any_of_it_changes(void **state)
{
	(void)state;
	static const char *const read[] = {"log/entries", "ballots.bt", "voids.bt"};
	struct election e;
	ready_to_mix(&e, 1, 1);
	assert_true(election_step(&e, STEP_MIX, "1", "1"));
	for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
		bytes before = i < 2 ? content(&e, read[i]) : BYTES_NONE;
		if (i < 2)
			spoil_last(&e, read[i]);
		else
			election_write(e.record, read[i], BYTES_LITERAL("x"));
		if (election_step(&e, STEP_DECRYPT, "1", "1"))
			fail_msg("%s: accepted", read[i]);
		assert_false(there(&e, "endorse/l1/ready-01.bt"));
		election_remove(e.record, read[i]);
		if (i < 2)
			election_write(e.record, read[i], before);
		drop(before);
	}
	election_tally(&e, "1");
	verified(&e);
	election_end(&e);
}

static void a_small_list_is_neither_closed_nor_mixed(void **state)
{
	(void)state;
	struct election e;
	struct election_plan plan = PLAN_SMALL(1, 1);
	plan.min_list = 4;
	election_begin(&e, &plan, 1);
	election_ceremony(&e);
	for (unsigned i = 0; i < 3; i++)
		election_mark(&e, 1);
	election_write_box(&e);
	assert_false(election_step(&e, STEP_MIX, "1", "1"));
	failed(&e, 1, ERROR_REJECTED, "min_list");
	assert_false(there(&e, "endorse/close-01.bt"));
	election_mark(&e, 1);
	election_write_box(&e);
	election_tally(&e, "1");
	verified(&e);
	election_end(&e);
}

static void an_authority_that_is_not_active_does_not_decrypt(void **state)
{
	(void)state;
	struct election e;
	ready_to_mix(&e, 3, 2);
	assert_true(election_step(&e, STEP_MIX, "1,2,3", "1,2"));
	assert_false(there(&e, "endorse/l1/mix-03.bt"));
	assert_false(election_step(&e, STEP_DECRYPT, "3", "1,2"));
	failed(&e, 3, ERROR_REJECTED, "not among the active");
	assert_false(there(&e, PROOFS "DecryptionFactors03.bt"));
	election_end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shuffle_killed_before_its_signature_is_made_anew),
		cmocka_unit_test(each_step_done_again_changes_nothing),
		cmocka_unit_test(who_takes_part_may_change_until_enough_have_shuffled),
		cmocka_unit_test(a_mixer_that_does_not_come_is_passed_over),
		cmocka_unit_test(who_is_not_needed_does_not_shuffle),
		cmocka_unit_test(a_shuffle_of_what_is_no_longer_in_the_chain_is_made_anew),
		cmocka_unit_test(a_deadline_names_who_is_missing),
		cmocka_unit_test(a_request_to_stop_ends_the_wait),
		cmocka_unit_test(an_election_closed_once_is_not_closed_with_other_ballots),
		cmocka_unit_test(decryption_wants_the_urn_closed_by_t_authorities),
		cmocka_unit_test(nothing_is_closed_without_the_boards_checkpoint),
		cmocka_unit_test(what_was_checked_is_checked_again_when_any_of_it_changes),
		cmocka_unit_test(a_small_list_is_neither_closed_nor_mixed),
		cmocka_unit_test(an_authority_that_is_not_active_does_not_decrypt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
