/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records whose board, witnesses or director did wrong: the right check fails, the others stand,
 * and the tally is verified all the same.
 */
#include "support/support.h"

#include "unit/protocol/record/tally.h"
#include "unit/protocol/record/urn_log.h"

#include <stdio.h>

static struct urn u;
static struct urn_log l;
static struct tally_report report;
static struct error err;

static void fails(const char *codes)
{
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	enum record_verdict v = tally_verify(&u, u.record, &anchor, &report);
	const char *failed = tally_failed(&report);
	if (strcmp(failed, codes) != 0)
		fail_msg("failed: \"%s\", not \"%s\": %s", failed, codes,
		         failed[0]
		             ? tally_error(&report, (char[]){failed[0], failed[1], failed[2], 0})->what
		             : "");
	assert_int_equal(v, codes[0] ? RECORD_REJECTED : RECORD_VERIFIED);
}

static int set_up(void **state)
{
	(void)state;
	struct board_receipt r;
	uint8_t room[URN_BALLOT_MAX];
	urn_begin(&u, &(struct urn_plan){.mode = BALLOT_CREDENTIALS,
	                                 .weight_max = 1,
	                                 .witnesses = 4,
	                                 .parties = 3,
	                                 .threshold = 2});
	urn_open(&u);
	for (unsigned i = 0; i < 6; i++)
		urn_vote(&u, i, 0);
	urn_vote(&u, 2, 1);
	assert_ok(board_void(&r, u.board, urn_body(room, &u, 7, u.voters[7].style), &err), err);
	urn_close(&u);
	tally_run(&u, &(struct tally_plan){.mixers = "13", .active = "12", .attempt = 0});
	tally_finish(&u);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	urn_end(&u);
	free(l.ballots);
	free(l.voids);
	return 0;
}

static void the_honest_record_is_verified(void **state)
{
	(void)state;
	fails("");
	assert_true(tally_noted(&report, "11.3"));
	assert_false(tally_noted(&report, "6.6"));
}

/* --- checkpoints --- */

static void write_checkpoint(const char *path, const struct checkpoint *c,
                             const struct identity_secret *board, unsigned first, unsigned count)
{
	char room[4096];
	struct text t = TEXT_OF(room);
	struct note n;
	assert_ok(checkpoint_sign(&t, c, board, &err), err);
	assert_ok(note_read(&n, bytes_of(t.p, t.len), &err), err);
	for (unsigned i = 0; i < count; i++) {
		unsigned w = (first + i) % URN_WITNESSES;
		const struct cosigner by = {u.manifest->witnesses[w].name, &u.witness[w], 1800000000};
		assert_ok(checkpoint_cosign(&t, n.text, &by, &err), err);
	}
	urn_write(&u, path, bytes_of(t.p, t.len));
}

static struct checkpoint read_checkpoint(const char *path)
{
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, true};
	struct checkpoint c;
	unsigned witnesses;
	bytes note = urn_file(&u, path);
	assert_ok(checkpoint_verify(&c, &witnesses, note, &policy, &err), err);
	c.origin = u.manifest->board.name;
	free((void *)(uintptr_t)note.p);
	return c;
}

static void checkpoints_of_another_tree_log_or_signer_are_rejected(void **state)
{
	(void)state;
	static const char *const paths[] = {BOARD_CLOSE_PATH, BOARD_FINAL_PATH};
	for (unsigned i = 0; i < 2; i++) {
		const char *code = i ? "4.5" : "4.4";
		bytes kept = urn_file(&u, paths[i]);
		struct checkpoint good = read_checkpoint(paths[i]), c = good;
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails("");
		c.size--; /* stale: of a tree before the last entry */
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails(code);
		c.size += 2;
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails(code);
		c = good;
		c.root.b[31] ^= 1;
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails(code);
		c = good;
		c.eid.b[0] ^= 1;
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails(code);
		c = good;
		c.origin = BYTES_LITERAL("urna.example.org/other");
		write_checkpoint(paths[i], &c, &u.board_key, 0, 3);
		fails(code);
		write_checkpoint(paths[i], &good, &u.registrar, 0, 3); /* forged */
		fails(code);
		assert_ok(u.record->remove(u.record, paths[i], &err), err);
		fails(code);
		urn_write(&u, paths[i], kept);
		free((void *)(uintptr_t)kept.p);
	}
	fails("");
}

static void the_two_checkpoints_do_not_stand_for_each_other(void **state)
{
	(void)state;
	bytes close = urn_file(&u, BOARD_CLOSE_PATH), final = urn_file(&u, BOARD_FINAL_PATH);
	urn_write(&u, BOARD_CLOSE_PATH, final);
	urn_write(&u, BOARD_FINAL_PATH, close);
	fails("4.4 4.5");
	urn_write(&u, BOARD_CLOSE_PATH, close);
	urn_write(&u, BOARD_FINAL_PATH, final);
	free((void *)(uintptr_t)close.p);
	free((void *)(uintptr_t) final.p);
	fails("");
}

/* m = 4, f = 1, q = 3: whichever three, but three, and different ones. */
static void a_quorum_is_needed_on_both_checkpoints(void **state)
{
	(void)state;
	static const char *const paths[] = {BOARD_CLOSE_PATH, BOARD_FINAL_PATH};
	for (unsigned i = 0; i < 2; i++) {
		bytes kept = urn_file(&u, paths[i]);
		struct checkpoint c = read_checkpoint(paths[i]);
		for (unsigned count = 0; count <= 4; count++) {
			for (unsigned first = 0; first < 4; first++) {
				write_checkpoint(paths[i], &c, &u.board_key, first, count);
				fails(count < 3 ? "4.6" : "");
			}
		}
		write_checkpoint(paths[i], &c, &u.board_key, 0, 5); /* one of them twice */
		fails(i ? "4.5" : "4.4");
		urn_write(&u, paths[i], kept);
		free((void *)(uintptr_t)kept.p);
	}
}

/* A witness that lies cosigns another tree of the same size: with it alone no quorum comes about
 * for a second log, and what it signed does not hold here. */
static void a_lying_witness_does_not_help(void **state)
{
	(void)state;
	bytes kept = urn_file(&u, BOARD_CLOSE_PATH);
	struct checkpoint c = read_checkpoint(BOARD_CLOSE_PATH), other = c;
	other.root.b[0] ^= 1;
	write_checkpoint(BOARD_CLOSE_PATH, &other, &u.board_key, 3, 1);
	fails("4.4");
	/* its line for the other tree, below this one */
	char room[2048], other_room[2048];
	struct text t = TEXT_OF(room), wrong = TEXT_OF(other_room);
	struct note n;
	assert_ok(checkpoint_sign(&wrong, &other, &u.board_key, &err), err);
	assert_ok(note_read(&n, bytes_of(wrong.p, wrong.len), &err), err);
	assert_ok(checkpoint_sign(&t, &c, &u.board_key, &err), err);
	const struct cosigner by = {u.manifest->witnesses[3].name, &u.witness[3], 1};
	assert_ok(checkpoint_cosign(&t, n.text, &by, &err), err);
	urn_write(&u, BOARD_CLOSE_PATH, bytes_of(t.p, t.len));
	fails("4.4");
	urn_write(&u, BOARD_CLOSE_PATH, kept);
	free((void *)(uintptr_t)kept.p);
}

/* --- the log against the files --- */

static void files_of_a_tally_exchanged_afterwards_are_noticed(void **state)
{
	(void)state;
	static const struct {
		const char *path, *codes;
	} cases[] = {{"endorse/l1/mix-01.bt", "4.7 8.3"},
	             {"endorse/l1/ready-02.bt", "4.7 9.2"},
	             {"proof/l2/protInfo.xml", "4.7 8.1"},
	             {"result.json", "4.7 10.2"}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		bytes file = urn_file(&u, cases[i].path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		p[file.len - 2] ^= 1;
		urn_write(&u, cases[i].path, file);
		fails(cases[i].codes);
		p[file.len - 2] ^= 1;
		urn_write(&u, cases[i].path, file);
		free(p);
	}
}

static void evidence_is_exactly_what_the_log_says(void **state)
{
	(void)state;
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	bytes entries = urn_file(&u, "log/entries"), note = urn_file(&u, BOARD_FINAL_PATH);
	urn_write(&u, "evidence/l1/mix-02/PoSReply02.bt", BYTES_LITERAL("wrong"));
	fails("4.7");
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	assert_ok(board_finish(&c, &f, &err), err);
	for (unsigned w = 0; w < 3; w++)
		urn_cosign(&u, BOARD_FINAL_PATH, w);
	fails("");
	assert_true(tally_noted(&report, "4.8"));
	urn_write(&u, "evidence/l1/mix-02/PoSReply02.bt", BYTES_LITERAL("wronG"));
	fails("4.7");
	urn_write(&u, "evidence/l1/mix-02/PoSReply02.bt", BYTES_LITERAL("wrong"));
	urn_write(&u, "evidence/l1/mix-02/more", BYTES_NONE);
	fails("4.7");
	assert_ok(u.record->remove(u.record, "evidence/l1/mix-02/more", &err), err);
	assert_ok(u.record->remove(u.record, "evidence/l1/mix-02/PoSReply02.bt", &err), err);
	fails("4.7");
	urn_write(&u, "log/entries", entries);
	urn_write(&u, BOARD_FINAL_PATH, note);
	free((void *)(uintptr_t)entries.p);
	free((void *)(uintptr_t)note.p);
	fails("");
}

static void a_log_without_the_tally_is_not_complete(void **state)
{
	(void)state;
	bytes entries = urn_file(&u, "log/entries");
	size_t at = 0, ends[64], n = 0;
	while (at < entries.len)
		ends[n++] = at += 2 + ((size_t)entries.p[at] << 8 | entries.p[at + 1]);
	for (size_t k = n - u.manifest->lists_count - 2; k < n - 1; k++) {
		urn_write(&u, "log/entries", bytes_of(entries.p, ends[k]));
		fails("4.5 4.7");
	}
	urn_write(&u, "log/entries", entries);
	free((void *)(uintptr_t)entries.p);
	fails("");
}

static void anchors_of_either_kind_hold_or_not(void **state)
{
	(void)state;
	digest keys[URN_PARTIES];
	struct record_anchor anchor = {ANCHOR_AUTHORITIES, u.key.eid, keys, 3, 0};
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(u.identity[i].pub));
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_VERIFIED);
	for (unsigned i = 0; i < 3; i++) {
		keys[i].b[i] ^= 1;
		assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
		assert_string_equal(tally_failed(&report), "1.2");
		keys[i].b[i] ^= 1;
	}
	for (unsigned count = 0; count <= 4; count++) {
		anchor.authorities_count = count;
		keys[3] = keys[2];
		assert_int_equal(tally_verify(&u, u.record, &anchor, &report),
		                 count == 3 ? RECORD_VERIFIED : RECORD_REJECTED);
	}
	for (anchor.authorities_count = 3, anchor.vouch = 1; anchor.vouch <= 3; anchor.vouch++)
		assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_VERIFIED);
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "3.2");
	anchor.vouch = 0;
	digest swap = keys[0];
	keys[0] = keys[1];
	keys[1] = swap;
	anchor.authorities_count = 3;
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
	anchor = (struct record_anchor){.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_VERIFIED);
	anchor.eid.b[9] ^= 2;
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
	assert_string_equal(tally_failed(&report), "3.2");
	anchor.kind = ANCHOR_NONE;
	assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_SELF_CONSISTENT);
	assert_true(tally_noted(&report, "1.1"));
}

/* --- a board that did wrong --- */

static void sign_close(void)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	assert_ok(board_sign_close(&c, &f, &err), err);
}

/* It logged what it should have refused; the tally went on, and everything else holds. */
static void faults_of_the_board_are_named_and_the_tally_stands(void **state)
{
	(void)state;
	struct urn other;
	uint8_t room[URN_BALLOT_MAX], cast[URN_BALLOT_MAX];
	struct urn kept = u;
	urn_begin(&other, &(struct urn_plan){.mode = BALLOT_CREDENTIALS,
	                                     .weight_max = 1,
	                                     .witnesses = 4,
	                                     .parties = 2,
	                                     .threshold = 2});
	u = other;
	u.world.rng = &u.rng.rng;
	u.world.arena = &u.arena;
	log_begin(&l, &u);
	for (unsigned i = 0; i < 4; i++)
		log_object(&l, false, urn_ballot(room, &u, i, u.voters[i].style, 0), 1);
	log_object(&l, false, urn_ballot(room, &u, 0, u.voters[0].style, 5), 1);
	bytes b = urn_ballot(room, &u, 1, u.voters[1].style, 1);
	room[b.len - 1] ^= 1;
	log_object(&l, false, b, 1);
	log_object(&l, false, BYTES_LITERAL("nonsense"), 1);
	bytes body = urn_body(room, &u, 5, u.voters[5].style);
	log_object(&l, false, urn_cast(cast, &u, 5, body, 0), 1);
	log_object(&l, true, body, 0); /* cast, and audited afterwards */
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	sign_close();
	tally_run(&u, &(struct tally_plan){.mixers = "12", .active = "12", .attempt = 3});
	tally_finish(&u);
	fails("6.1 6.5");
	const struct error *e = tally_error(&report, "6.1");
	assert_int_equal(e->at, 3);
	assert_string_equal(e->detail, "1 malformed, 1 seq, 1 signature");
	unsigned listed = 0;
	for (unsigned i = 0; i < report.count; i++)
		listed += strcmp(report.checks[i].code, "6.6") == 0;
	assert_int_equal(listed, 4);
	assert_true(tally_noted(&report, "11.4") || u.manifest->min_list == 0);
	urn_end(&u);
	u = kept;
}

static void a_log_that_cannot_be_read_ends_the_verification(void **state)
{
	(void)state;
	static const struct {
		const char *path, *code;
	} cases[] = {{"log/entries", "4.2"},    {"ballots.bt", "4.3"},
	             {"voids.bt", "4.3"},       {"log/entries", "4.2"},
	             {"credentials.bt", "5.1"}, {"credentials-signature.bt", "5.1"}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		bytes file = urn_file(&u, cases[i].path);
		uint8_t *p = (uint8_t *)(uintptr_t)file.p;
		size_t at = i == 0 ? 1 : i == 3 ? 9 : file.len - 1;
		p[at] ^= 1;
		urn_write(&u, cases[i].path, file);
		fails(cases[i].code);
		bool skipped = false;
		for (unsigned k = 0; k < report.count; k++)
			skipped |= strcmp(report.checks[k].code, "8.0") == 0 &&
			           report.checks[k].outcome == CHECK_SKIPPED;
		assert_true(skipped);
		p[at] ^= 1;
		urn_write(&u, cases[i].path, file);
		free(p);
	}
	fails("");
}

static void files_that_do_not_belong_are_named(void **state)
{
	(void)state;
	static const char *const strangers[] = {
		"x",
		"log/x",
		"log/entries.old",
		"log/checkpoint-open",
		"Voids.bt",
		"endorse/close-00.bt",
		"endorse/close-04.bt",
		"endorse/l3/mix-01.bt",
		"endorse/l1/close-01.bt",
		"proof/l3/protInfo.xml",
		"proof/l1/nizkp/l2/x",
	};
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
		urn_write(&u, strangers[i], BYTES_LITERAL("x"));
		assert_int_equal(tally_verify(&u, u.record, &anchor, &report), RECORD_REJECTED);
		if (strncmp(tally_failed(&report), "4.1", 3) != 0)
			fail_msg("%s: %s", strangers[i], tally_failed(&report));
		assert_ok(u.record->remove(u.record, strangers[i], &err), err);
	}
	fails("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_honest_record_is_verified),
		cmocka_unit_test(checkpoints_of_another_tree_log_or_signer_are_rejected),
		cmocka_unit_test(the_two_checkpoints_do_not_stand_for_each_other),
		cmocka_unit_test(a_quorum_is_needed_on_both_checkpoints),
		cmocka_unit_test(a_lying_witness_does_not_help),
		cmocka_unit_test(files_of_a_tally_exchanged_afterwards_are_noticed),
		cmocka_unit_test(evidence_is_exactly_what_the_log_says),
		cmocka_unit_test(a_log_without_the_tally_is_not_complete),
		cmocka_unit_test(anchors_of_either_kind_hold_or_not),
		cmocka_unit_test(faults_of_the_board_are_named_and_the_tally_stands),
		cmocka_unit_test(a_log_that_cannot_be_read_ends_the_verification),
		cmocka_unit_test(files_that_do_not_belong_are_named),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
