/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An election under attack, for one test program. A ballot of the attacker meets two boards: one
 * that does its duty and must refuse it by name, and one in league with the attacker, which logs
 * it, closes, and lets the authorities tally and sign; the verifiers must name it for the same
 * reason and not count it. Every record that is judged here is put before web/verifier as well, by
 * the last test of the program. `u` is verifiers_compare.h's. Include support.h first.
 */
#ifndef ATTACKS_SCENE_H
#define ATTACKS_SCENE_H

#include "differential/verifiers_compare.h"
#include "record/endorse.h"
#include "record/result.h"

#define SCENE_ATTACKS_MAX 512u

static struct error err;
static struct urn_log l;
static struct {
	unsigned honest, attacks;
	struct {
		uint64_t number; /* among the ballots of the log */
		enum board_answer answer;
		const char *about;
	} attack[SCENE_ATTACKS_MAX];
} scene;

static inline void scene_drop(bytes b)
{
	free((void *)(uintptr_t)b.p);
}

/* What the setting up of the election made stays, the log and all that follows goes. */
static inline void scene_clean(void)
{
	struct tally_files files;
	tally_files(&files, u.record);
	error_clear(&err);
	for (size_t i = 0; i < files.count; i++) {
		const char *path = files.file[i].path;
		if (strcmp(path, "manifest.json") != 0 && strncmp(path, "credentials", 11) != 0 &&
		    strncmp(path, "ceremony/", 9) != 0)
			assert_ok(u.record->remove(u.record, path, &err), err);
	}
	free(files.file);
}

/* Two of two, one list for each question group; in mode "credentials" four witnesses as well. */
static inline void scene_begin(enum ballot_mode mode)
{
	const struct urn_plan plan = {.mode = mode,
	                              .weight_max = 1,
	                              .witnesses = mode == BALLOT_CREDENTIALS ? 4 : 0,
	                              .parties = 2,
	                              .threshold = 2};
	urn_begin(&u, &plan);
}

static inline void scene_end(void)
{
	urn_end(&u);
	free(l.ballots);
	free(l.voids);
	l.ballots = l.voids = NULL;
}

/* Both boards open. */
static inline void scene_open(void)
{
	board_abandon(u.board);
	u.board = NULL;
	arena_release(&u.arena, u.mark);
	scene_clean();
	urn_open(&u);
	log_begin(&l, &u);
	scene.honest = scene.attacks = 0;
}

static inline void scene_honest(bytes ballot, const char *about)
{
	enum board_answer a = urn_accept(&u, ballot, 1);
	if (a != BOARD_ACCEPTED)
		fail_msg("%s: %s", about, board_answer_name(a));
	log_object(&l, false, ballot, 1);
	scene.honest++;
}

static inline bytes scene_vote(uint8_t *room, unsigned voter, uint32_t seq)
{
	bytes b = urn_ballot(room, &u, voter, u.voters[voter].style, seq);
	scene_honest(b, "an honest ballot");
	return b;
}

/* What the dutiful board answers; nothing is logged. */
static inline void scene_answer(bytes object, enum board_answer answer, const char *about)
{
	enum board_answer a = urn_accept(&u, object, 1);
	if (a != answer)
		fail_msg("%s: %s, not %s", about, board_answer_name(a), board_answer_name(answer));
}

static inline void scene_log(bytes object, enum board_answer answer, const char *about)
{
	assert_true(scene.attacks < SCENE_ATTACKS_MAX);
	scene.attack[scene.attacks].number = scene.honest + scene.attacks;
	scene.attack[scene.attacks].answer = answer;
	scene.attack[scene.attacks++].about = about;
	log_object(&l, false, object, 1);
}

/* Refused by the one board for this reason, logged by the other. */
static inline void scene_attack(bytes object, enum board_answer answer, const char *about)
{
	scene_answer(object, answer, about);
	scene_log(object, answer, about);
}

/* What the verifiers call what the board answered. */
static inline const char *scene_fault(enum board_answer a)
{
	static const enum ballot_fault faults[BOARD_ANSWERS] = {
		[BOARD_ACCEPTED_BEFORE] = BALLOT_REPEATED_U, /* the old receipt; logged twice it is this */
		[BOARD_MALFORMED] = BALLOT_MALFORMED,
		[BOARD_OTHER_ELECTION] = BALLOT_ELECTION,
		[BOARD_STYLE_NOT_ALLOWED] = BALLOT_STYLE_NOT_ALLOWED,
		[BOARD_UNKNOWN_CREDENTIAL] = BALLOT_UNKNOWN_CREDENTIAL,
		[BOARD_WEIGHT] = BALLOT_WEIGHT,
		[BOARD_VOIDED] = BALLOT_VOIDED,
		[BOARD_REPEATED_U] = BALLOT_REPEATED_U,
		[BOARD_WRONG_SEQ] = BALLOT_SEQ,
		[BOARD_WRONG_PROOF] = BALLOT_PROOF,
		[BOARD_WRONG_SIGNATURE] = BALLOT_SIGNATURE,
	};
	assert_true(faults[a] != BALLOT_FINE);
	return ballot_fault_name(faults[a]);
}

/* The board signs its log as it stands, in place of what it signed before. */
static inline void scene_sign_close(void)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	error_clear(&err);
	assert_ok(u.record->remove(u.record, BOARD_CLOSE_PATH, &err), err);
	assert_ok(board_sign_close(&c, &f, &err), err);
	for (unsigned w = 0; w < u.manifest->witnesses_quorum; w++)
		urn_cosign(&u, BOARD_CLOSE_PATH, w);
}

/* The tally as it now lies there is logged and signed again. */
static inline void scene_log_anew(void)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	error_clear(&err);
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	assert_ok(board_finish(&c, &f, &err), err);
	for (unsigned w = 0; w < u.manifest->witnesses_quorum; w++)
		urn_cosign(&u, BOARD_FINAL_PATH, w);
}

/* The log of the board in league, written and signed. */
static inline void scene_close(void)
{
	board_abandon(u.board);
	u.board = NULL;
	arena_release(&u.arena, u.mark);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	scene_sign_close();
}

static inline void scene_tally(void)
{
	tally_run(&u, &(struct tally_plan){.mixers = "12", .active = "12"});
	scene_log_anew();
}

/* The authorities sign what lies there as the result, and the board logs it. */
static inline void scene_sign_result(const struct ballot_box *box)
{
	digest d;
	bytes json = urn_file(&u, "result.json");
	error_clear(&err);
	assert_ok(result_statement(&d, u.manifest, &u.key, box->list_sizes, u.record, json, &err), err);
	for (unsigned i = 0; i < u.manifest->authorities_count; i++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, NULL, "result", i + 1);
		assert_ok(u.record->remove(u.record, path, &err), err);
		assert_ok(endorsement_write(u.record, path, &u.identity[i], (struct endorsed){0, &d}, &err),
		          err);
	}
	scene_drop(json);
	scene_log_anew();
}

/* The codes that fail, all of them: "4.4 6.3"; "" for an honest record. By the one verifier. */
static inline void scene_checked(const char *codes, const char *about)
{
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	enum record_verdict v = tally_verify(&u, u.record, &anchor, &report);
	const char *failed = tally_failed(&report);
	if (strcmp(failed, codes) != 0) {
		char first[8];
		snprintf(first, sizeof first, "%.*s", (int)strcspn(failed, " "), failed);
		const struct error *why = first[0] ? tally_error(&report, first) : NULL;
		fail_msg("%s: failed: \"%s\", not \"%s\": %s %s", about, failed, codes,
		         why ? why->what : "", why ? why->detail : "");
	}
	assert_int_equal(v, codes[0] ? RECORD_REJECTED : RECORD_VERIFIED);
}

/* And by the other. */
static inline void scene_judged(const char *codes, const char *about)
{
	scene_checked(codes, about);
	if (questions)
		compare(about);
}

static inline bool scene_says(const char *code, const char *text)
{
	for (unsigned i = 0; i < report.count; i++)
		if (strcmp(report.checks[i].code, code) == 0 && strstr(report.checks[i].error.detail, text))
			return true;
	return false;
}

/* Closed, tallied and judged: 6.1 names every attack by its reason, and the honest ones count. */
static inline void scene_named(const char *about)
{
	char text[96];
	unsigned named = 0;
	scene_close();
	scene_tally();
	scene_judged(scene.attacks ? "6.1" : "", about);
	for (unsigned i = 0; i < scene.attacks; i++) {
		const char *fault = scene_fault(scene.attack[i].answer);
		snprintf(text, sizeof text, "ballot %u (", (unsigned)scene.attack[i].number);
		for (unsigned k = 0; k < report.count; k++) {
			const char *d = report.checks[k].error.detail;
			if (strcmp(report.checks[k].code, "6.6") != 0 || strncmp(d, text, strlen(text)) != 0)
				continue;
			const char *reason = strstr(d, "): ");
			named++;
			if (!reason || strncmp(reason + 3, fault, strlen(fault)) != 0)
				fail_msg("%s: %s, not %s", scene.attack[i].about, d, fault);
		}
	}
	assert_int_equal(named, scene.attacks);
	snprintf(text, sizeof text, "%u ballots in the log, %u count", scene.honest + scene.attacks,
	         scene.honest);
	if (!scene_says("6.2", text))
		fail_msg("%s: not \"%s\"", about, text);
}

/* --- a record kept --- */

struct scene_files {
	struct tally_files files;
	bytes *content;
};

static inline void scene_keep(struct scene_files *k)
{
	tally_files(&k->files, u.record);
	k->content = calloc(k->files.count, sizeof *k->content);
	assert_non_null(k->content);
	for (size_t i = 0; i < k->files.count; i++)
		k->content[i] = urn_file(&u, k->files.file[i].path);
}

/* The record as it was. */
static inline void scene_restore(const struct scene_files *k)
{
	struct tally_files now;
	tally_files(&now, u.record);
	error_clear(&err);
	for (size_t i = 0; i < now.count; i++)
		assert_ok(u.record->remove(u.record, now.file[i].path, &err), err);
	free(now.file);
	for (size_t i = 0; i < k->files.count; i++)
		urn_write(&u, k->files.file[i].path, k->content[i]);
}

static inline void scene_forget(struct scene_files *k)
{
	for (size_t i = 0; i < k->files.count; i++)
		scene_drop(k->content[i]);
	free(k->content);
	free(k->files.file);
}

/* --- the second verifier --- */

static inline int scene_set_up(void **state)
{
	(void)state;
	if (can_compare())
		begin_comparing();
	return 0;
}

/* The last test: both verifiers say the same of every record that was judged. */
static inline void the_second_verifier_says_the_same(void **state)
{
	(void)state;
	if (!questions)
		skip();
	ask_the_other();
}

#endif
