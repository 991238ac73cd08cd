/* SPDX-License-Identifier: Apache-2.0 */
/* A log that grows in several runs of the board, and what the board's home knows of it. */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "files/memory_folder.h"

#include <limits.h>
#include <stdlib.h>

static struct urn u;
static struct error err;
static uint8_t room[URN_BALLOT_MAX], other_room[URN_BALLOT_MAX];

static struct folder *new_home(void)
{
	struct folder *home;
	assert_ok(memory_folder_new(&home, "home", 1 << 16, &err), err);
	return home;
}

static void begin(enum ballot_mode mode)
{
	urn_begin(&u, &(struct urn_plan){.mode = mode, .weight_max = 5, .areas = true});
	u.home = new_home();
	urn_open(&u);
	error_clear(&err);
}

static void save(void)
{
	struct checkpoint c;
	assert_ok(board_save(&c, u.board, &err), err);
	u.board = NULL;
	arena_release(&u.arena, u.mark);
}

/* Ends this run of the board and begins another on what it wrote. */
static void again(void)
{
	uint64_t changes = u.changes;
	save();
	urn_open(&u);
	u.changes = changes;
}

static struct board_final final(void)
{
	return (struct board_final){u.manifest, &u.key, u.record, &u.world, &u.board_key, u.home};
}

static bool open_fails(enum error_kind kind)
{
	struct board *b;
	const struct board_plan plan = urn_board_plan(&u);
	error_clear(&err);
	bool good = board_open(&b, &plan, &err);
	board_abandon(b);
	arena_release(&u.arena, u.mark);
	return !good && err.kind == kind;
}

static const char *const files[] = {"log/entries", "ballots.bt", "voids.bt"};
#define FILES 3u

struct kept_files {
	bytes b[FILES]; /* p NULL: absent */
};

static struct kept_files take_files(void)
{
	struct kept_files k = {0};
	for (unsigned i = 0; i < FILES; i++)
		if (u.record->exists(u.record, files[i]))
			k.b[i] = urn_file(&u, files[i]);
	return k;
}

static void put_files(const struct kept_files *k)
{
	for (unsigned i = 0; i < FILES; i++) {
		if (k->b[i].p)
			urn_write(&u, files[i], k->b[i]);
		else
			assert_ok(u.record->remove(u.record, files[i], &err), err);
	}
}

static void free_files(struct kept_files *k)
{
	for (unsigned i = 0; i < FILES; i++)
		free((void *)(uintptr_t)k->b[i].p);
}

enum { CAST, VOID, CHANGE, REVOKE, SUSPEND };
struct step {
	int kind;
	unsigned voter;
	uint8_t object[URN_BALLOT_MAX];
	size_t len;
};
#define STEPS 24u
static struct step steps[STEPS];

static void choose_steps(void)
{
	static const int kinds[] = {CAST, CAST, CAST, CAST, VOID, CHANGE, REVOKE, SUSPEND};
	uint32_t seq[URN_VOTERS] = {0};
	for (unsigned i = 0; i < STEPS; i++) {
		struct step *s = &steps[i];
		s->voter = (unsigned)test_random_below(4);
		s->kind = kinds[test_random_below(8)];
		if (s->kind != CAST && s->kind != VOID)
			continue;
		unsigned style = u.voters[s->voter].style;
		bytes b = s->kind == CAST
		              ? urn_ballot(s->object, &u, s->voter, style, seq[s->voter]++)
		              : urn_body(s->object, &u, 4 + s->voter, u.voters[4 + s->voter].style);
		s->len = b.len;
	}
}

static void take_step(const struct step *s)
{
	struct board_receipt r;
	const struct urn_voter v = u.voters[s->voter];
	switch (s->kind) {
	case CAST:
		urn_accept(&u, bytes_of(s->object, s->len), v.weight); /* or refuses, either way */
		break;
	case VOID:
		assert_ok(board_void(&r, u.board, bytes_of(s->object, s->len), &err), err);
		break;
	case CHANGE:
	case REVOKE:
		urn_change(&u, s->voter, v.style, s->kind == REVOKE ? 0 : 2);
		u.voters[s->voter] = v;
		break;
	case SUSPEND:
		assert_ok(board_suspend(u.board, &err), err);
		urn_accept(&u, bytes_of(s->object, s->len), v.weight);
		assert_ok(board_resume(u.board, &err), err);
		break;
	}
}

static void a_log_written_in_many_runs_is_the_one_of_a_single_run(void **state)
{
	(void)state;
	static const struct kept_files none;
	for (uint64_t round = 0; round < TEST_COUNT(6, 60); round++) {
		begin(BALLOT_CREDENTIALS);
		choose_steps();
		for (unsigned i = 0; i < STEPS; i++) {
			take_step(&steps[i]);
			if (test_random_below(2))
				again();
		}
		urn_close(&u);
		arena_release(&u.arena, u.mark);
		struct kept_files many = take_files();
		struct ballot_box box;
		assert_ok(urn_read(&box, &u, &err), err);
		assert_int_equal(box.ballots, box.counted);
		put_files(&none);
		memory_folder_free(u.home);
		u.home = new_home();
		urn_open(&u);
		for (unsigned i = 0; i < STEPS; i++)
			take_step(&steps[i]);
		assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
		urn_close(&u);
		struct kept_files one = take_files();
		for (unsigned i = 0; i < FILES; i++)
			assert_true(bytes_equal(one.b[i], many.b[i]));
		free_files(&one);
		free_files(&many);
		urn_end(&u);
	}
}

static void a_board_begun_again_knows_what_it_had_said(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	struct board_receipt r, before;
	bytes ballot = urn_ballot(room, &u, 0, 0, 0), audited = urn_body(other_room, &u, 1, 0);
	const struct board_ballot in = {ballot, 3};
	assert_ok(board_accept(&before, u.board, &in, 1, &err), err);
	assert_int_equal(before.answer, BOARD_ACCEPTED);
	assert_ok(board_void(&r, u.board, audited, &err), err);
	again();
	assert_ok(board_accept(&r, u.board, &in, 1, &err), err);
	assert_int_equal(r.answer, BOARD_ACCEPTED_BEFORE);
	assert_int_equal(r.entry, before.entry);
	uint8_t cast[URN_BALLOT_MAX];
	assert_int_equal(urn_accept(&u, urn_cast(cast, &u, 1, audited, 0), 3), BOARD_VOIDED);
	assert_int_equal(urn_accept(&u, urn_ballot(cast, &u, 0, 0, 2), 3), BOARD_WRONG_SEQ);
	assert_int_equal(board_ballots(u.board), 1);
	assert_ok(board_suspend(u.board, &err), err);
	again();
	assert_int_equal(urn_accept(&u, urn_ballot(cast, &u, 2, 0, 0), 3), BOARD_NOT_OPEN);
	assert_fails(board_suspend(u.board, &err), err, ERROR_CONFLICT);
	assert_ok(board_resume(u.board, &err), err);
	again();
	assert_int_equal(urn_accept(&u, urn_ballot(cast, &u, 2, 0, 0), 3), BOARD_ACCEPTED);
	urn_end(&u);
}

static void each_run_has_room_for_what_it_was_made_for(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	struct board_receipt r;
	struct checkpoint c;
	for (unsigned i = 0; i < 4; i++) {
		board_abandon(u.board);
		arena_release(&u.arena, u.mark);
		struct board_plan plan = urn_board_plan(&u);
		plan.voters_max = plan.ballots_max = plan.voids_max = 1;
		assert_ok(board_open(&u.board, &plan, &err), err);
		urn_vote(&u, i, 0);
		assert_ok(board_void(&r, u.board, urn_body(room, &u, 4 + i, 0), &err), err);
		assert_fails(board_void(&r, u.board, urn_body(room, &u, 8 + i, 0), &err), err, ERROR_LIMIT);
		assert_ok(board_save(&c, u.board, &err), err);
	}
	urn_end(&u);
}

/* --- what is not this board's log --- */

static void a_record_other_than_the_one_written_last_is_refused(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	urn_vote(&u, 0, 0);
	save();
	struct kept_files old = take_files();
	urn_open(&u);
	urn_vote(&u, 1, 0);
	save();
	struct kept_files new = take_files();
	/* The write before the last is as if the last had not come: the home knows both. */
	put_files(&old);
	urn_open(&u);
	urn_vote(&u, 2, 0);
	save();
	put_files(&new);
	assert_true(open_fails(ERROR_CONFLICT));
	static const struct kept_files none;
	put_files(&none);
	assert_true(open_fails(ERROR_CONFLICT));
	put_files(&old);
	urn_open(&u);
	board_abandon(u.board);
	u.board = NULL;
	/* A home that has never written this log, or has lost its memory. */
	memory_folder_free(u.home);
	u.home = new_home();
	assert_true(open_fails(ERROR_CONFLICT));
	free_files(&old);
	free_files(&new);
	urn_end(&u);
}

static void a_log_that_the_board_did_not_close_is_not_signed(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	struct checkpoint c;
	urn_vote(&u, 0, 0);
	urn_close(&u);
	arena_release(&u.arena, u.mark);
	struct board_final f = final();
	assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
	assert_ok(board_sign_close(&c, &f, &err), err);
	assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
	static const struct kept_files none;
	put_files(&none);
	struct folder *home = u.home;
	u.home = NULL;
	urn_open(&u);
	urn_vote(&u, 1, 0);
	urn_close(&u); /* as somebody with the key, but without the home */
	assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
	arena_release(&u.arena, u.mark);
	u.home = home;
	assert_fails(board_sign_close(&c, &f, &err), err, ERROR_CONFLICT);
	assert_false(u.record->exists(u.record, BOARD_CLOSE_PATH));
	urn_end(&u);
}

static void a_log_is_ended_in_one_way_only(void **state)
{
	(void)state;
	begin(BALLOT_SERVER);
	struct checkpoint c;
	urn_vote(&u, 0, 0);
	urn_close(&u);
	arena_release(&u.arena, u.mark);
	struct board_final f = final();
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	assert_ok(board_finish(&c, &f, &err), err);
	assert_ok(board_finish(&c, &f, &err), err);
	assert_ok(board_sign_close(&c, &f, &err), err);
	urn_write(&u, "result.json", BYTES_LITERAL("{ }\n"));
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	assert_fails(board_finish(&c, &f, &err), err, ERROR_CONFLICT);
	assert_false(u.record->exists(u.record, BOARD_FINAL_PATH));
	urn_write(&u, "result.json", BYTES_LITERAL("{}\n"));
	assert_ok(board_finish(&c, &f, &err), err);
	urn_end(&u);
}

static void an_object_that_was_altered_between_two_runs_is_refused(void **state)
{
	(void)state;
	begin(BALLOT_CREDENTIALS);
	struct board_receipt r;
	urn_vote(&u, 0, 0);
	urn_vote(&u, 1, 0);
	bytes body = urn_body(room, &u, 2, u.voters[2].style);
	assert_ok(board_void(&r, u.board, body, &err), err);
	assert_int_equal(r.answer, BOARD_ACCEPTED);
	save();
	for (unsigned i = 1; i < FILES; i++) {
		bytes b = urn_file(&u, files[i]);
		uint8_t *p = (uint8_t *)(uintptr_t)b.p;
		for (uint64_t k = 0; k < TEST_COUNT(8, 80); k++) {
			size_t at = (size_t)test_random_below(b.len);
			p[at] ^= 1;
			urn_write(&u, files[i], b);
			assert_true(open_fails(ERROR_REJECTED));
			p[at] ^= 1;
		}
		urn_write(&u, files[i], bytes_of(b.p, b.len - 1));
		assert_true(open_fails(ERROR_MALFORMED));
		urn_write(&u, files[i], b);
		free(p);
	}
	urn_end(&u);
}

/* --- runs that are ended from outside --- */

/* The folder whose n-th operation that writes fails, and everything after it, as after kill -9. */
struct dying {
	struct folder folder;
	struct folder *inner;
	unsigned *left;
};
struct dying_sink {
	struct sink sink, *inner;
	unsigned *left;
};

static bool dies(unsigned *left, struct error *e)
{
	if (*left > 0) {
		--*left;
		return false;
	}
	return !fail(e, ERROR_IO, "killed", ERROR_NOWHERE);
}

static bool dying_append(struct sink *s, bytes b, struct error *e)
{
	return sink_append(((struct dying_sink *)s)->inner, b, e);
}

static bool dying_commit(struct sink *s, struct error *e)
{
	struct dying_sink *d = (struct dying_sink *)s;
	bool good = !dies(d->left, e);
	if (good)
		good = sink_commit(d->inner, e);
	else
		sink_abort(d->inner);
	free(d);
	return good;
}

static void dying_abort(struct sink *s)
{
	sink_abort(((struct dying_sink *)s)->inner);
	free(s);
}

static bool dying_create(struct folder *f, const char *path, bool replace, struct sink **out,
                         struct error *e)
{
	struct dying *d = (struct dying *)f;
	struct dying_sink *s = malloc(sizeof *s);
	assert_non_null(s);
	*s = (struct dying_sink){{path, dying_append, dying_commit, dying_abort}, NULL, d->left};
	if (d->inner->create(d->inner, path, replace, &s->inner, e)) {
		*out = &s->sink;
		return true;
	}
	free(s);
	return false;
}

static struct folder *inner_of(struct folder *f)
{
	return ((struct dying *)f)->inner;
}

static bool dying_open(struct folder *f, const char *path, struct source **out, struct error *e)
{
	return inner_of(f)->open(inner_of(f), path, out, e);
}

static bool dying_exists(struct folder *f, const char *path)
{
	return inner_of(f)->exists(inner_of(f), path);
}

static bool dying_remove(struct folder *f, const char *path, struct error *e)
{
	return !dies(((struct dying *)f)->left, e) && inner_of(f)->remove(inner_of(f), path, e);
}

static struct dying mortal(struct folder *inner, unsigned *left)
{
	return (struct dying){
		{"mortal", dying_open, dying_create, dying_exists, NULL, dying_remove}, inner, left};
}

/* One run: a ballot and an audit; with `closes` the end as well. */
static bool short_run(unsigned voter, bool closes, unsigned left)
{
	struct dying record = mortal(u.record, &left), home = mortal(u.home, &left);
	struct board_plan plan = urn_board_plan(&u);
	struct board_receipt r;
	struct checkpoint c;
	const struct board_ballot in = {urn_ballot(room, &u, voter, 0, 0), 1};
	bytes body = urn_body(other_room, &u, 10 + voter, 0);
	plan.record = &record.folder;
	plan.home = &home.folder;
	error_clear(&err);
	bool done =
		board_open(&u.board, &plan, &err) && board_accept(&r, u.board, &in, 1, &err) &&
		board_void(&r, u.board, body, &err) &&
		(closes ? board_close(&c, u.board, &u.board_key, &err) : board_save(&c, u.board, &err));
	if (!done)
		assert_int_equal(err.kind, ERROR_IO);
	board_abandon(u.board);
	u.board = NULL;
	arena_release(&u.arena, u.mark);
	return done;
}

/* Whichever write is the last: the log is as before the run or as after it, and goes on. */
static void a_killed_run_is_in_the_log_whole_or_not_at_all(void **state)
{
	(void)state;
	for (unsigned closes = 0; closes < 2; closes++)
		for (unsigned n = 0, done = 0; !done; n++) {
			struct board_log log;
			struct ballot_box box;
			struct checkpoint c;
			urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1});
			u.home = new_home();
			assert_true(short_run(0, false, UINT_MAX));
			done = short_run(1, closes, n);
			const struct board_final f = final();
			assert_ok(board_log_read(&log, &f, &err), err);
			assert_true(log.ballots == log.voids && log.ballots >= 1);
			assert_true(done ? log.ballots == 2 : log.ballots <= 2);
			if (log.state < LOG_CLOSED) {
				assert_true(short_run(2, false, UINT_MAX));
				assert_true(short_run(3, true, UINT_MAX));
				assert_int_equal(urn_read(&box, &u, &err), true);
				assert_int_equal(box.counted, log.ballots + 2);
			} else {
				assert_ok(board_sign_close(&c, &f, &err), err);
				assert_ok(urn_read(&box, &u, &err), err);
				assert_int_equal(box.counted, 2);
			}
			urn_end(&u);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_written_in_many_runs_is_the_one_of_a_single_run),
		cmocka_unit_test(a_board_begun_again_knows_what_it_had_said),
		cmocka_unit_test(each_run_has_room_for_what_it_was_made_for),
		cmocka_unit_test(a_record_other_than_the_one_written_last_is_refused),
		cmocka_unit_test(a_log_that_the_board_did_not_close_is_not_signed),
		cmocka_unit_test(a_log_is_ended_in_one_way_only),
		cmocka_unit_test(an_object_that_was_altered_between_two_runs_is_refused),
		cmocka_unit_test(a_killed_run_is_in_the_log_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
