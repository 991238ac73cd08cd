/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a board and its witnesses come back to. The first byte chooses: the three files of a log
 * that goes on, the board's memory of it, the checkpoint a witness remembers, the board's
 * checkpoint, an endorsement, two checkpoints as evidence (a zero byte between them). Its high bit:
 * the input lies over the good file, from where its first two bytes say, or is the file. For any
 * input: what is refused has a reason; a board goes on with the log it wrote and no other; a
 * witness signs what the board signed; nobody is convicted by one log.
 */
#include "support/support.h"

#include "unit/protocol/record/urn.h"

#include "files/memory_folder.h"
#include "record/board_internal.h"
#include "record/endorse.h"
#include "record/evidence.h"
#include "record/witness.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)1 << 16)

enum { ENTRIES, BALLOTS, VOIDS, KEPT, SEEN, CLOSE, ENDORSED, GOODS };
static struct {
	const char *path;
	bytes content;
} goods[GOODS] = {[ENTRIES] = {.path = BOARD_ENTRIES_PATH},
                  [BALLOTS] = {.path = "ballots.bt"},
                  [VOIDS] = {.path = "voids.bt"},
                  [KEPT] = {.path = NULL},
                  [SEEN] = {.path = NULL},
                  [CLOSE] = {.path = BOARD_CLOSE_PATH},
                  [ENDORSED] = {.path = "endorse/close-01.bt"}};
static bytes closed_entries; /* `entries` is of the log that goes on */
static struct board_state kept;
static struct urn u;
static struct folder *witness_home;
static const digest closing = {{1}};
static char kept_path[32], seen_path[32];

/* Two checkpoints of one size are signed with the seeds 07…, 08…: the corpus has them. */
static struct manifest_signer witnesses[1] = {{.name = {(const uint8_t *)"w", 1}}};
static struct manifest evident = {
	.board = {.name = {(const uint8_t *)"b", 1}}, .witnesses_count = 1, .witnesses = witnesses};

static void refused(const struct error *err)
{
	require(err->kind == ERROR_MALFORMED || err->kind == ERROR_REJECTED ||
	        err->kind == ERROR_LIMIT || err->kind == ERROR_CONFLICT);
	require(err->what != NULL);
}

static void put(struct folder *f, const char *path, bytes content)
{
	require(folder_write(f, path, true, content, NULL));
}

static bytes get(struct folder *f, const char *path)
{
	uint8_t *room = malloc(ROOM);
	bytes content;
	require(room && folder_read(f, path, room, ROOM, &content, NULL));
	return content;
}

static void end_run(void)
{
	u.board = NULL;
	arena_release(&u.arena, u.mark);
}

static bool cosign(struct error *err)
{
	struct checkpoint c;
	bool already;
	const struct witness w = {.manifest = u.manifest,
	                          .eid = &u.key.eid,
	                          .record = u.record,
	                          .home = witness_home,
	                          .arena = &u.arena,
	                          .key = &u.witness[0],
	                          .time_s = 1800000000};
	return witness_cosign(&c, &already, &w, BOARD_CLOSE_PATH, err);
}

static struct endorsements endorsements(void)
{
	return (struct endorsements){u.record, u.manifest, NULL, "close", 0};
}

static void set_paths(void)
{
	struct text k = TEXT_OF(kept_path), s = TEXT_OF(seen_path);
	text_add(&k, "log-");
	text_add_hex(&k, bytes_of(u.key.eid.b, 8));
	text_add(&s, "seen-");
	text_add_hex(&s, bytes_of(u.key.eid.b, 8));
	goods[KEPT].path = kept_path;
	goods[SEEN].path = seen_path;
}

/* A log that goes on, then the same log closed. */
static void run_board(void)
{
	uint8_t room[URN_BALLOT_MAX];
	struct board_receipt receipt;
	struct checkpoint c;
	urn_open(&u);
	urn_vote(&u, 0, 0);
	urn_vote(&u, 2, 0);
	require(board_void(&receipt, u.board, urn_body(room, &u, 5, 2), NULL));
	require(receipt.answer == BOARD_ACCEPTED && board_save(&c, u.board, NULL));
	kept = (struct board_state){c.size, c.root};
	end_run();
	for (unsigned i = ENTRIES; i <= VOIDS; i++)
		goods[i].content = get(u.record, goods[i].path);
	goods[KEPT].content = get(u.home, goods[KEPT].path);
	urn_open(&u);
	urn_close(&u);
	end_run();
	closed_entries = get(u.record, BOARD_ENTRIES_PATH);
	goods[CLOSE].content = get(u.record, BOARD_CLOSE_PATH);
}

static void set_up(void)
{
	const uint64_t run = test_random_seed();
	struct error err;
	uint8_t seed[32];
	struct identity_secret key;
	test_random_restart(1);
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_SERVER, .weight_max = 1, .witnesses = 4});
	require(memory_folder_new(&u.home, "home", 1 << 22, &err));
	require(memory_folder_new(&witness_home, "home", 1 << 22, &err));
	set_paths();
	run_board();
	require(cosign(&err));
	goods[SEEN].content = get(witness_home, goods[SEEN].path);
	const struct endorsements e = endorsements();
	require(endorse(&e, 1, &u.identity[0], &closing, &err));
	goods[ENDORSED].content = get(u.record, goods[ENDORSED].path);
	for (unsigned i = 0; i < 2; i++) {
		memset(seed, 7 + (int)i, sizeof seed);
		identity_from_seed(&key, seed);
		memcpy(i ? witnesses[0].key : evident.board.key, key.pub, sizeof key.pub);
	}
	test_random_restart(run);
}

static void goes_on(unsigned file, bytes in)
{
	struct error err;
	struct board *b = NULL;
	const struct board_plan plan = urn_board_plan(&u);
	error_clear(&err);
	for (unsigned i = ENTRIES; i <= VOIDS; i++)
		put(u.record, goods[i].path, i == file ? in : goods[i].content);
	require(board_kept_step(u.home, &u.key.eid, &kept, &kept, NULL));
	if (board_open(&b, &plan, &err)) {
		/* What follows the objects of the log is of a run that was killed. */
		bytes good = goods[file].content;
		require(in.len >= good.len && bytes_equal(bytes_of(in.p, good.len), good));
		require(file != ENTRIES || in.len == good.len);
		board_abandon(b);
	} else {
		refused(&err);
	}
	arena_release(&u.arena, u.mark);
}

static void remembers(bytes in)
{
	struct error err;
	const struct board_state other = {kept.size, {{9}}};
	error_clear(&err);
	put(u.home, goods[KEPT].path, in);
	bool good = board_kept_check(u.home, &u.key.eid, &kept, &err);
	if (!good)
		refused(&err);
	require(good || !bytes_equal(in, goods[KEPT].content));
	if (!board_kept_end(u.home, &u.key.eid, &kept, &other, &err)) {
		refused(&err);
		return;
	}
	require(good && board_kept_check(u.home, &u.key.eid, &other, &err));
	require(board_kept_check(u.home, &u.key.eid, &kept, &err));
	require(!board_kept_end(u.home, &u.key.eid, &kept, &kept, &err));
}

static void witnessed(unsigned file, bytes in)
{
	struct error err;
	error_clear(&err);
	put(u.record, BOARD_ENTRIES_PATH, closed_entries);
	put(u.record, BOARD_CLOSE_PATH, file == CLOSE ? in : goods[CLOSE].content);
	put(witness_home, seen_path, file == SEEN ? in : goods[SEEN].content);
	bool good = cosign(&err);
	bytes now = get(u.record, BOARD_CLOSE_PATH), good_close = goods[CLOSE].content;
	if (good) {
		require(now.len > good_close.len &&
		        bytes_equal(bytes_of(now.p, good_close.len), good_close));
	} else {
		refused(&err);
		require(bytes_equal(now, file == CLOSE ? in : good_close));
	}
	bytes mine = goods[file].content;
	require(good || !bytes_equal(in, mine));
	/* Other witnesses' signatures may follow the board's, here and there. */
	require(!good || (in.len >= mine.len && bytes_equal(bytes_of(in.p, mine.len), mine)));
	free((void *)(uintptr_t)now.p);
	require(u.record->remove(u.record, BOARD_CLOSE_PATH, NULL));
	arena_release(&u.arena, u.mark);
}

static void endorsed(bytes in)
{
	struct error err;
	bool by[LIMIT_PARTIES + 1];
	const struct endorsements e = endorsements();
	error_clear(&err);
	put(u.record, goods[ENDORSED].path, in);
	bool good = endorsements_read(by, &e, &closing, &err);
	require(good == bytes_equal(in, goods[ENDORSED].content) && (!good || by[1]));
	if (!good)
		refused(&err);
}

static void convict(bytes in)
{
	struct checkpoint_fork f, g;
	struct error err;
	error_clear(&err);
	const uint8_t *zero = in.len ? memchr(in.p, 0, in.len) : NULL;
	size_t cut = zero ? (size_t)(zero - in.p) : in.len;
	bytes a = bytes_of(in.p, cut), b = bytes_from(in, cut + 1);
	require(!checkpoints_convict(&f, &evident, a, a, NULL));
	if (!checkpoints_convict(&f, &evident, a, b, &err)) {
		refused(&err);
		return;
	}
	require(f.first.size == f.second.size && !digest_equal(&f.first.root, &f.second.root));
	require(digest_equal(&f.first.eid, &f.second.eid) && f.witnesses == f.witness[0]);
	require(checkpoints_convict(&g, &evident, b, a, &err) && g.witnesses == f.witnesses);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[ROOM];
	if (!witness_home)
		set_up();
	if (size == 0 || size > ROOM / 2)
		return 0;
	unsigned which = (data[0] & 0x7f) % (GOODS + 1);
	bytes in = bytes_of(data + 1, size - 1);
	if (which == GOODS) {
		convict(in);
		return 0;
	}
	bytes good = goods[which].content;
	if (data[0] & 0x80 && in.len >= 2) {
		size_t at = ((size_t)in.p[0] << 8 | in.p[1]) % good.len, len = in.len - 2;
		memcpy(room, good.p, good.len);
		memcpy(room + at, in.p + 2, len < good.len - at ? len : good.len - at);
		in = bytes_of(room, good.len);
	}
	if (which <= VOIDS)
		goes_on(which, in);
	else if (which == KEPT)
		remembers(in);
	else if (which == ENDORSED)
		endorsed(in);
	else
		witnessed(which, in);
	return 0;
}
