/* SPDX-License-Identifier: Apache-2.0 */
/* The ballot box: what it writes and signs, when it closes and after the tally, and what is left
 * when a write fails. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "files/memory_folder.h"
#include "record/statement.h"

#include <stdio.h>
#include <stdlib.h>

static struct urn u;
static struct error err;
static uint8_t room[URN_BALLOT_MAX], other_room[URN_BALLOT_MAX];

static void begin(void)
{
	urn_begin(&u, &(struct urn_plan){
					  .mode = BALLOT_SERVER, .weight_max = 5, .areas = true, .witnesses = 4});
	urn_open(&u);
	error_clear(&err);
}

static void checkpoint_is(const char *path, const struct checkpoint *want, unsigned witnesses)
{
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, true};
	struct checkpoint c;
	unsigned count;
	bytes note = urn_file(&u, path);
	assert_ok(checkpoint_verify(&c, &count, note, &policy, &err), err);
	assert_int_equal(c.size, want->size);
	assert_memory_equal(c.root.b, want->root.b, 32);
	assert_int_equal(count, witnesses);
	free((void *)(uintptr_t)note.p);
}

static void closing_writes_the_files_and_signs_their_tree(void **state)
{
	(void)state;
	begin();
	struct ballot_box box;
	for (unsigned i = 0; i < 5; i++)
		urn_vote(&u, i, 0);
	assert_false(u.record->exists(u.record, "log/entries"));
	assert_false(u.record->exists(u.record, "ballots.bt"));
	urn_close(&u);
	assert_fails(board_close(&(struct checkpoint){.size = 0}, u.board, &u.board_key, &err), err,
	             ERROR_CONFLICT);
	assert_false(u.record->exists(u.record, "voids.bt"));
	assert_ok(urn_read(&box, &u, &err), err);
	const struct checkpoint want = {.size = box.log_size, .root = box.root};
	assert_int_equal(box.log_size, 3 + 5 + 1);
	assert_int_equal(box.whole_size, box.log_size);
	assert_false(box.complete);
	checkpoint_is(BOARD_CLOSE_PATH, &want, 0);
	for (unsigned w = 0; w < 4; w++) {
		urn_cosign(&u, BOARD_CLOSE_PATH, w);
		checkpoint_is(BOARD_CLOSE_PATH, &want, w + 1);
	}
	urn_end(&u);
}

static void a_cosignature_that_does_not_hold_is_not_written(void **state)
{
	(void)state;
	begin();
	urn_close(&u);
	urn_cosign(&u, BOARD_CLOSE_PATH, 0);
	char line_room[512];
	struct text line = TEXT_OF(line_room);
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, true};
	bytes before = urn_file(&u, BOARD_CLOSE_PATH);
	struct note n;
	assert_ok(note_read(&n, before, &err), err);
	for (unsigned i = 0; i < 4; i++) {
		const struct cosigner by = {u.manifest->witnesses[i == 3 ? 0 : 1].name,
		                            &u.witness[i == 1   ? 2
		                                       : i == 3 ? 0
		                                                : 1],
		                            1};
		line = TEXT_OF(line_room);
		assert_ok(checkpoint_cosign(&line, i == 0 ? BYTES_LITERAL("x\n") : n.text, &by, &err), err);
		if (i == 2)
			assert_ok(checkpoint_cosign(&line, n.text, &by, &err), err);
		assert_fails(board_add_cosignature(u.record, BOARD_CLOSE_PATH, &policy,
		                                   bytes_of(line.p, line.len), &err),
		             err, ERROR_REJECTED);
		assert_fails(board_add_cosignature(u.record, BOARD_CLOSE_PATH, &policy,
		                                   bytes_of(line.p, line.len - 1), &err),
		             err, ERROR_MALFORMED);
	}
	assert_fails(board_add_cosignature(u.record, BOARD_CLOSE_PATH, &policy, BYTES_NONE, &err), err,
	             ERROR_REJECTED);
	bytes after = urn_file(&u, BOARD_CLOSE_PATH);
	assert_true(bytes_equal(before, after));
	free((void *)(uintptr_t)before.p);
	free((void *)(uintptr_t)after.p);
	urn_end(&u);
}

static void a_log_is_begun_once_and_a_run_left_open_leaves_nothing(void **state)
{
	(void)state;
	begin();
	urn_vote(&u, 0, 0);
	board_abandon(u.board);
	arena_release(&u.arena, u.mark);
	urn_open(&u);
	urn_vote(&u, 1, 0);
	urn_close(&u);
	arena_release(&u.arena, u.mark);
	const struct board_plan plan = {.manifest = u.manifest,
	                                .key = &u.key,
	                                .ceremony = &u.ceremony,
	                                .record = u.record,
	                                .world = &u.world};
	struct board *again;
	assert_fails(board_open(&again, &plan, &err), err, ERROR_CONFLICT);
	struct ballot_box box;
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.ballots, 1);
	urn_end(&u);
}

static struct board_final final(void)
{
	return (struct board_final){u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
}

static void another_key_than_the_manifests_signs_nothing(void **state)
{
	(void)state;
	begin();
	struct checkpoint c;
	assert_fails(board_close(&c, u.board, &u.registrar, &err), err, ERROR_REJECTED);
	assert_false(u.record->exists(u.record, BOARD_CLOSE_PATH));
	/* the log is there, as after a crash before the signature */
	arena_release(&u.arena, u.mark);
	struct board_final f = final();
	struct ballot_box box;
	assert_ok(board_sign_close(&c, &f, &err), err);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(c.size, box.log_size);
	assert_memory_equal(c.root.b, box.root.b, 32);
	assert_ok(board_sign_close(&c, &f, &err), err);
	urn_end(&u);
}

static void the_tally_is_logged_behind_the_close(void **state)
{
	(void)state;
	begin();
	struct ballot_box box;
	struct checkpoint c, again;
	digest files;
	static const char *const folders[] = {"evidence"};
	for (unsigned i = 0; i < 5; i++)
		urn_vote(&u, i, 0);
	urn_close(&u);
	arena_release(&u.arena, u.mark);
	struct board_final f = final();
	assert_fails(board_finish(&c, &f, &err), err, ERROR_MALFORMED); /* no result yet */
	urn_write(&u, "proof/l1/x", BYTES_LITERAL("proof"));
	urn_write(&u, "endorse/l2/y", BYTES_LITERAL("endorsement"));
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	assert_ok(board_finish(&c, &f, &err), err);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.log_size, 3 + 5 + 1);
	assert_int_equal(box.whole_size, box.log_size + u.manifest->lists_count + 1);
	assert_true(box.complete);
	assert_false(box.has_evidence);
	assert_int_equal(c.size, box.whole_size);
	assert_memory_equal(c.root.b, box.whole_root.b, 32);
	checkpoint_is(BOARD_FINAL_PATH, &c, 0);
	for (unsigned l = 0; l < u.manifest->lists_count; l++) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, l);
		assert_ok(statement_list_files(&files, u.record, auxsid, &err), err);
		assert_memory_equal(files.b, box.tally[l].b, 32);
	}
	assert_int_equal(box.result_bytes, 3);
	/* the same again, and no other one */
	assert_ok(board_finish(&again, &f, &err), err);
	assert_memory_equal(again.root.b, c.root.b, 32);
	urn_write(&u, "evidence/l1/mix-01/z", BYTES_LITERAL("bad"));
	assert_fails(board_finish(&again, &f, &err), err, ERROR_REJECTED);
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	assert_ok(board_finish(&again, &f, &err), err);
	assert_ok(urn_read(&box, &u, &err), err);
	assert_true(box.has_evidence);
	assert_int_equal(box.evidence_files, 1);
	assert_ok(statement_files(&files, NULL, u.record, folders, 1, &err), err);
	assert_memory_equal(files.b, box.evidence.b, 32);
	urn_end(&u);
}

/* Nobody finishes another log than the one that was closed. */
static void a_tally_is_logged_only_behind_the_signed_close(void **state)
{
	(void)state;
	begin();
	struct checkpoint c;
	for (unsigned i = 0; i < 3; i++)
		urn_vote(&u, i, 0);
	urn_close(&u);
	arena_release(&u.arena, u.mark);
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	struct board_final f = final();
	bytes entries = urn_file(&u, "log/entries"), note = urn_file(&u, BOARD_CLOSE_PATH);
	assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
	assert_fails(board_finish(&c, &f, &err), err, ERROR_MALFORMED);
	urn_write(&u, BOARD_CLOSE_PATH, note);
	/* the last ballot's entry is gone */
	size_t at = 0, last = 0, close = 0;
	while (at < entries.len) {
		last = close;
		close = at;
		at += 2 + ((size_t)entries.p[at] << 8 | entries.p[at + 1]);
	}
	uint8_t *without = malloc(entries.len);
	assert_non_null(without);
	memcpy(without, entries.p, last);
	memcpy(without + last, entries.p + close, entries.len - close);
	urn_write(&u, "log/entries", bytes_of(without, last + entries.len - close));
	assert_fails(board_finish(&c, &f, &err), err, ERROR_REJECTED);
	urn_write(&u, "log/entries", entries);
	assert_ok(board_finish(&c, &f, &err), err);
	free(without);
	free((void *)(uintptr_t)entries.p);
	free((void *)(uintptr_t)note.p);
	urn_end(&u);
}

/* A folder whose n-th write fails. */
struct failing {
	struct folder folder;
	struct folder *inner;
	unsigned left;
};
struct failing_sink {
	struct sink sink;
	struct sink *inner;
	struct failing *of;
};
static bool breaks(struct failing *f, struct error *e)
{
	return f->left-- == 0 && !fail(e, ERROR_IO, "test: the disk is broken", ERROR_NOWHERE);
}
static bool failing_append(struct sink *s, bytes b, struct error *e)
{
	struct failing_sink *f = (struct failing_sink *)s;
	return !breaks(f->of, e) && sink_append(f->inner, b, e);
}
static bool failing_commit(struct sink *s, struct error *e)
{
	struct failing_sink *f = (struct failing_sink *)s;
	bool broken = breaks(f->of, e);
	bool good = !broken && sink_commit(f->inner, e);
	if (broken)
		sink_abort(f->inner);
	free(f);
	return good;
}
static void failing_abort(struct sink *s)
{
	struct failing_sink *f = (struct failing_sink *)s;
	sink_abort(f->inner);
	free(f);
}
static bool failing_create(struct folder *folder, const char *path, bool replace, struct sink **out,
                           struct error *e)
{
	struct failing *f = (struct failing *)folder;
	struct failing_sink *s = calloc(1, sizeof *s);
	assert_non_null(s);
	s->sink = (struct sink){path, failing_append, failing_commit, failing_abort};
	s->of = f;
	if (f->inner->create(f->inner, path, replace, &s->inner, e)) {
		*out = &s->sink;
		return true;
	}
	free(s);
	return false;
}
static bool failing_open(struct folder *f, const char *path, struct source **out, struct error *e)
{
	struct folder *inner = ((struct failing *)f)->inner;
	return inner->open(inner, path, out, e);
}
static bool failing_exists(struct folder *f, const char *path)
{
	struct folder *inner = ((struct failing *)f)->inner;
	return inner->exists(inner, path);
}
static bool failing_remove(struct folder *f, const char *path, struct error *e)
{
	struct folder *inner = ((struct failing *)f)->inner;
	return inner->remove(inner, path, e);
}

/* Whichever write fails, the log is whole or absent; the next run, or signing, ends it. */
static void a_write_that_fails_leaves_a_whole_log_or_none(void **state)
{
	(void)state;
	for (unsigned n = 0;; n++) {
		urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1});
		struct failing f = {
			{"record", failing_open, failing_create, failing_exists, NULL, failing_remove},
			u.record,
			n};
		const struct board_plan plan = {.manifest = u.manifest,
		                                .key = &u.key,
		                                .ceremony = &u.ceremony,
		                                .record = &f.folder,
		                                .world = &u.world,
		                                .voters_max = 10,
		                                .ballots_max = 10,
		                                .voids_max = 1};
		struct board_receipt r;
		struct checkpoint c;
		error_clear(&err);
		const struct board_ballot in = {urn_ballot(room, &u, 0, 0, 0), 1};
		bytes body = urn_body(other_room, &u, 1, 0);
		bool done = board_open(&u.board, &plan, &err) && board_accept(&r, u.board, &in, 1, &err) &&
		            board_void(&r, u.board, body, &err) &&
		            board_close(&c, u.board, &u.board_key, &err);
		if (!done)
			assert_int_equal(err.kind, ERROR_IO);
		board_abandon(u.board);
		u.board = NULL;
		arena_release(&u.arena, u.mark);
		struct board_final last = final();
		if (u.record->exists(u.record, "log/entries")) {
			assert_ok(board_sign_close(&c, &last, &err), err);
		} else {
			urn_open(&u);
			urn_vote(&u, 2, 0);
			urn_close(&u);
		}
		struct ballot_box box;
		assert_ok(urn_read(&box, &u, &err), err);
		assert_int_equal(box.ballots, 1);
		urn_end(&u);
		if (done)
			break;
	}
}

/* As it wrote them, byte by byte: what is not is no memory of this board. */
static void a_memory_with_zeros_in_front_of_its_numbers_is_refused(void **state)
{
	(void)state;
	char path[32], hex[17], spelled[300];
	uint8_t memory[256];
	bytes kept;
	struct checkpoint saved;
	struct board *b;
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1});
	error_clear(&err);
	assert_ok(memory_folder_new(&u.home, "home", 1 << 16, &err), err);
	for (unsigned run = 0; run < 2; run++) {
		urn_open(&u);
		urn_vote(&u, run, 0);
		assert_ok(board_save(&saved, u.board, &err), err);
		u.board = NULL;
		arena_release(&u.arena, u.mark);
	}
	const struct board_plan plan = urn_board_plan(&u);
	hex_encode(hex, bytes_of(u.key.eid.b, 8));
	snprintf(path, sizeof path, "log-%s", hex);
	assert_ok(folder_read(u.home, path, memory, sizeof memory, &kept, &err), err);
	const char *second = memchr(kept.p, '\n', kept.len);
	assert_non_null(second);
	const size_t first = (size_t)(second + 1 - (const char *)kept.p);
	for (unsigned line = 0; line < 2; line++) {
		const size_t at = line ? first : 0;
		snprintf(spelled, sizeof spelled, "%.*s0%.*s", (int)at, (const char *)kept.p,
		         (int)(kept.len - at), (const char *)kept.p + at);
		assert_ok(folder_write(u.home, path, true, bytes_of_text(spelled), &err), err);
		assert_fails(board_open(&b, &plan, &err), err, ERROR_MALFORMED);
	}
	assert_ok(folder_write(u.home, path, true, kept, &err), err);
	urn_open(&u);
	board_abandon(u.board);
	urn_end(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closing_writes_the_files_and_signs_their_tree),
		cmocka_unit_test(a_cosignature_that_does_not_hold_is_not_written),
		cmocka_unit_test(a_log_is_begun_once_and_a_run_left_open_leaves_nothing),
		cmocka_unit_test(another_key_than_the_manifests_signs_nothing),
		cmocka_unit_test(the_tally_is_logged_behind_the_close),
		cmocka_unit_test(a_tally_is_logged_only_behind_the_signed_close),
		cmocka_unit_test(a_write_that_fails_leaves_a_whole_log_or_none),
		cmocka_unit_test(a_memory_with_zeros_in_front_of_its_numbers_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
