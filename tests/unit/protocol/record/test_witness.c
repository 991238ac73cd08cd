/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness signs and refuses, and whom two checkpoints convict. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "files/memory_folder.h"
#include "record/evidence.h"
#include "record/witness.h"

#include <stdlib.h>

static struct urn u;
static struct error err;
static struct folder *homes[URN_WITNESSES];
static struct checkpoint seen;
static bool already;

static void begin(void)
{
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1, .witnesses = 4});
	for (unsigned i = 0; i < URN_WITNESSES; i++)
		assert_ok(memory_folder_new(&homes[i], "home", 1 << 16, &err), err);
	error_clear(&err);
}

static void end(void)
{
	for (unsigned i = 0; i < URN_WITNESSES; i++)
		memory_folder_free(homes[i]);
	urn_end(&u);
}

static void close_with(unsigned ballots)
{
	urn_open(&u);
	for (unsigned i = 0; i < ballots; i++)
		urn_vote(&u, i, 0);
	urn_close(&u);
	u.board = NULL;
	arena_release(&u.arena, u.mark);
}

/* The board makes another log: it forgets the one before. */
static void close_again_with(unsigned ballots)
{
	static const char *const files[] = {"log/entries", "ballots.bt", BOARD_CLOSE_PATH,
	                                    BOARD_FINAL_PATH};
	for (unsigned i = 0; i < 4; i++)
		assert_ok(u.record->remove(u.record, files[i], &err), err);
	close_with(ballots);
}

static void finish(void)
{
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	struct checkpoint c;
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	assert_ok(board_finish(&c, &f, &err), err);
}

static bool cosign(unsigned i, const char *path)
{
	const struct witness w = {.manifest = u.manifest,
	                          .eid = &u.key.eid,
	                          .record = u.record,
	                          .home = homes[i],
	                          .arena = &u.arena,
	                          .key = &u.witness[i],
	                          .time_s = 1800000000 + i};
	error_clear(&err);
	return witness_cosign(&seen, &already, &w, path, &err);
}

static unsigned cosignatures(const char *path)
{
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, true};
	struct checkpoint c;
	unsigned count;
	bytes note = urn_file(&u, path);
	assert_ok(checkpoint_verify(&c, &count, note, &policy, &err), err);
	free((void *)(uintptr_t)note.p);
	return count;
}

static void witnesses_sign_the_closed_log_and_the_whole_one_once(void **state)
{
	(void)state;
	begin();
	close_with(3);
	for (unsigned i = 0; i < 4; i++) {
		assert_ok(cosign(i, BOARD_CLOSE_PATH), err);
		assert_false(already);
		assert_int_equal(seen.size, 3 + 3 + 1);
		assert_ok(cosign(i, BOARD_CLOSE_PATH), err);
		assert_true(already);
		assert_int_equal(cosignatures(BOARD_CLOSE_PATH), i + 1);
	}
	finish();
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(cosign(i, BOARD_FINAL_PATH), err);
		assert_true(seen.size > 7);
		assert_ok(cosign(i, BOARD_CLOSE_PATH), err); /* signed before: nothing to do */
		assert_true(already);
	}
	assert_int_equal(cosignatures(BOARD_FINAL_PATH), 3);
	end();
}

/* What others may still do is waited for; what nobody can make good is not. */
static void a_quorum_that_is_not_there_yet_is_unavailable_and_another_tree_rejected(void **state)
{
	(void)state;
	struct board_log log;
	unsigned count;
	begin();
	close_with(3);
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, false};
	assert_ok(board_log_read(&log, &f, &err), err);
	struct checkpoint_claim claim = {u.record, BOARD_CLOSE_PATH, log.size, &log.root};
	for (unsigned i = 0; i < 3; i++) {
		assert_fails(checkpoint_check(&count, &claim, &policy, &err), err, ERROR_UNAVAILABLE);
		assert_int_equal(count, i);
		assert_non_null(strstr(err.detail, " of 3 cosignatures, of 4 witnesses"));
		claim.size++;
		assert_fails(checkpoint_check(&count, &claim, &policy, &err), err, ERROR_REJECTED);
		claim.size--;
		log.root.b[0] ^= 1;
		assert_fails(checkpoint_check(&count, &claim, &policy, &err), err, ERROR_REJECTED);
		log.root.b[0] ^= 1;
		assert_ok(cosign(i, BOARD_CLOSE_PATH), err);
	}
	assert_ok(checkpoint_check(&count, &claim, &policy, &err), err);
	end();
}

/* Killed between its memory and the record: it signs the same again, and nothing else. */
static void what_was_remembered_but_not_written_is_signed_later(void **state)
{
	(void)state;
	begin();
	close_with(3);
	bytes before = urn_file(&u, BOARD_CLOSE_PATH);
	assert_ok(cosign(0, BOARD_CLOSE_PATH), err);
	urn_write(&u, BOARD_CLOSE_PATH, before);
	assert_ok(cosign(0, BOARD_CLOSE_PATH), err);
	assert_false(already);
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 1);
	free((void *)(uintptr_t)before.p);
	end();
}

static void another_log_of_the_same_size_is_refused(void **state)
{
	(void)state;
	begin();
	close_with(3);
	assert_ok(cosign(0, BOARD_CLOSE_PATH), err);
	close_again_with(3);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_CONFLICT);
	assert_non_null(strstr(err.what, "two logs of the same size"));
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 0);
	assert_ok(cosign(1, BOARD_CLOSE_PATH), err); /* who has not seen the first */
	end();
}

static void a_smaller_log_is_refused_after_a_larger_one(void **state)
{
	(void)state;
	begin();
	close_with(3);
	bytes small = urn_file(&u, BOARD_CLOSE_PATH);
	finish();
	assert_ok(cosign(0, BOARD_FINAL_PATH), err);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_CONFLICT);
	assert_non_null(strstr(err.what, "no smaller one"));
	close_again_with(2);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_CONFLICT);
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 0);
	free((void *)(uintptr_t)small.p);
	end();
}

static void a_larger_log_that_begins_otherwise_is_refused(void **state)
{
	(void)state;
	begin();
	close_with(3);
	assert_ok(cosign(0, BOARD_CLOSE_PATH), err);
	close_again_with(4);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "does not begin with"));
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 0);
	end();
}

static void entries_without_the_signed_root_are_refused(void **state)
{
	(void)state;
	begin();
	close_with(3);
	bytes log = urn_file(&u, "log/entries");
	bytes note = urn_file(&u, BOARD_CLOSE_PATH);
	urn_write(&u, "log/entries", bytes_of(log.p, log.len - 1));
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_MALFORMED);
	/* without "close", a node of the type and the EID behind two bytes of length */
	urn_write(&u, "log/entries", bytes_of(log.p, log.len - 2 - 5 - 10 - 37));
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "shorter"));
	close_again_with(3);
	urn_write(&u, BOARD_CLOSE_PATH, note);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "do not have the checkpoint's root"));
	urn_write(&u, "log/entries", log);
	assert_ok(cosign(0, BOARD_CLOSE_PATH), err);
	free((void *)(uintptr_t)log.p);
	free((void *)(uintptr_t)note.p);
	end();
}

static void who_is_no_witness_of_the_manifest_signs_nothing(void **state)
{
	(void)state;
	begin();
	close_with(3);
	struct identity_secret own = u.witness[0];
	u.witness[0] = u.board_key;
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_REJECTED);
	u.witness[0] = own;
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 0);
	end();
}

static void a_memory_that_cannot_be_read_signs_nothing(void **state)
{
	(void)state;
	begin();
	close_with(3);
	char path[32] = "seen-";
	hex_encode(path + 5, bytes_of(u.key.eid.b, 8));
	path[5 + 16] = '\0';
	assert_ok(folder_write(homes[0], path, true, BYTES_LITERAL("7\n"), &err), err);
	assert_fails(cosign(0, BOARD_CLOSE_PATH), err, ERROR_MALFORMED);
	assert_int_equal(cosignatures(BOARD_CLOSE_PATH), 0);
	end();
}

/* --- evidence --- */

static void two_logs_of_one_size_convict_the_board_and_who_signed_both(void **state)
{
	(void)state;
	begin();
	struct checkpoint_fork fork;
	close_with(3);
	for (unsigned i = 0; i < 3; i++)
		urn_cosign(&u, BOARD_CLOSE_PATH, i);
	bytes a = urn_file(&u, BOARD_CLOSE_PATH);
	close_again_with(3);
	urn_cosign(&u, BOARD_CLOSE_PATH, 1);
	urn_cosign(&u, BOARD_CLOSE_PATH, 3);
	bytes b = urn_file(&u, BOARD_CLOSE_PATH);
	assert_ok(checkpoints_convict(&fork, u.manifest, a, b, &err), err);
	assert_int_equal(fork.witnesses, 1);
	assert_true(fork.witness[1] && !fork.witness[0] && !fork.witness[2] && !fork.witness[3]);
	assert_fails(checkpoints_convict(&fork, u.manifest, a, a, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "twice the same"));
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	end();
}

static void honest_growth_and_strangers_convict_nobody(void **state)
{
	(void)state;
	begin();
	struct checkpoint_fork fork;
	close_with(3);
	bytes a = urn_file(&u, BOARD_CLOSE_PATH);
	finish();
	bytes b = urn_file(&u, BOARD_FINAL_PATH);
	assert_fails(checkpoints_convict(&fork, u.manifest, a, b, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "two sizes"));
	/* Somebody else's signature under another root. */
	char room[1024];
	struct text t = TEXT_OF(room);
	struct checkpoint c = {u.manifest->board.name, 3 + 3 + 1, {{1}}, u.key.eid};
	assert_ok(checkpoint_sign(&t, &c, &u.registrar, &err), err);
	assert_fails(checkpoints_convict(&fork, u.manifest, a, bytes_of(t.p, t.len), &err), err,
	             ERROR_REJECTED);
	t = TEXT_OF(room);
	c.eid.b[0] ^= 1;
	assert_ok(checkpoint_sign(&t, &c, &u.board_key, &err), err);
	assert_fails(checkpoints_convict(&fork, u.manifest, a, bytes_of(t.p, t.len), &err), err,
	             ERROR_REJECTED);
	assert_non_null(strstr(err.what, "two elections"));
	free((void *)(uintptr_t)a.p);
	free((void *)(uintptr_t)b.p);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(witnesses_sign_the_closed_log_and_the_whole_one_once),
		cmocka_unit_test(a_quorum_that_is_not_there_yet_is_unavailable_and_another_tree_rejected),
		cmocka_unit_test(what_was_remembered_but_not_written_is_signed_later),
		cmocka_unit_test(another_log_of_the_same_size_is_refused),
		cmocka_unit_test(a_smaller_log_is_refused_after_a_larger_one),
		cmocka_unit_test(a_larger_log_that_begins_otherwise_is_refused),
		cmocka_unit_test(entries_without_the_signed_root_are_refused),
		cmocka_unit_test(who_is_no_witness_of_the_manifest_signs_nothing),
		cmocka_unit_test(a_memory_that_cannot_be_read_signs_nothing),
		cmocka_unit_test(two_logs_of_one_size_convict_the_board_and_who_signed_both),
		cmocka_unit_test(honest_growth_and_strangers_convict_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
