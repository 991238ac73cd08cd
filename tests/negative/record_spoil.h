/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A complete record, honestly made (mixed by 1 and 3 of 3, decrypted by 1 and 2), to be spoiled in
 * one place after the other. Each test program has its own.
 */
#ifndef RECORD_SPOIL_H
#define RECORD_SPOIL_H

#include "unit/protocol/record/tally.h"

#include <stdio.h>
#include <stdlib.h>

static struct urn u, other;
static struct tally_files files;
static struct tally_report report;
static struct error err;

static inline bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

/* Which checks must be among those that fail for this file: one of them, separated by blanks. */
static inline const char *codes_for(const char *path)
{
	static const struct {
		const char *path, *codes;
	} known[] = {
		{"manifest.json", "2.1 3.1"},
		{"ceremony/", "3.1"},
		{"log/checkpoint-close", "4.4"},
		{"log/checkpoint", "4.5"},
		{"log/entries", "4.2 4.3 4.4 4.5 5.1"},
		{"ballots.bt", "4.3"},
		{"voids.bt", "4.3"},
		{"credentials.bt", "5.1 4.2"},
		{"credentials-signature.bt", "5.1"},
		{"endorse/close", "6.3"},
		{"endorse/result", "10.3"},
		{"endorse/l1/mix", "8.3"},
		{"endorse/l2/mix", "8.3"},
		{"endorse/l", "9.2"},
		{"result.json", "10.2"},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (begins(path, known[i].path))
			return known[i].codes;
	if (strstr(path, "protInfo"))
		return "8.1";
	if (strstr(path, "Decr") || strstr(path, "CorrectIndices") || strstr(path, "Plaintexts"))
		return "8.2 9.1 9.2";
	return "8.2";
}

static inline bool share_a_code(const char *failed, const char *codes)
{
	char padded[512];
	struct text t = TEXT_OF(padded);
	text_add(&t, " ");
	text_add(&t, failed);
	text_add(&t, " ");
	for (size_t from = 0, to; codes[from]; from = codes[to] ? to + 1 : to) {
		char code[16];
		to = from + strcspn(codes + from, " ");
		t = TEXT_OF(code);
		text_add(&t, " ");
		text_add_bytes(&t, bytes_of(codes + from, to - from));
		text_add(&t, " ");
		if (strstr(padded, code))
			return true;
	}
	return false;
}

/* With an anchor of either kind and without one in turn. */
static inline enum record_verdict judge(void)
{
	static unsigned turn;
	digest keys[URN_PARTIES];
	struct record_anchor anchor = {(enum anchor_kind)(turn++ % 3), u.key.eid, keys, 3, 0};
	for (unsigned i = 0; i < 3; i++)
		keys[i] = sha256(BYTES_OF(u.identity[i].pub));
	return tally_verify(&u, u.record, &anchor, &report);
}

static inline void rejected(const char *codes, const char *about)
{
	enum record_verdict v = judge();
	if (v != RECORD_REJECTED)
		fail_msg("%s: verdict %d", about, (int)v);
	/* with the authorities' fingerprints another manifest may be noticed so */
	if (!share_a_code(tally_failed(&report), codes) && strcmp(tally_failed(&report), "1.2") != 0)
		fail_msg("%s: %s failed, not %s", about, tally_failed(&report), codes);
}

static inline void accepted(void)
{
	for (unsigned i = 0; i < 3; i++) {
		enum record_verdict v = judge();
		if (v != RECORD_VERIFIED && v != RECORD_SELF_CONSISTENT)
			fail_msg("failed: %s", tally_failed(&report));
	}
}

static inline void drop(bytes b)
{
	free((void *)(uintptr_t)b.p);
}

static inline void spoil_remove(const char *path)
{
	error_clear(&err);
	assert_ok(u.record->remove(u.record, path, &err), err);
}

static inline void make_record(struct urn *e)
{
	struct board_receipt r;
	uint8_t room[URN_BALLOT_MAX];
	urn_open(e);
	error_clear(&err);
	for (unsigned i = 0; i < 5; i++)
		urn_vote(e, i, 0);
	urn_vote(e, 1, 1);
	urn_change(e, 6, 0, 1);
	assert_ok(board_void(&r, e->board, urn_body(room, e, 7, e->voters[7].style), &err), err);
	urn_close(e);
	tally_run(e, &(struct tally_plan){.mixers = "13", .active = "12", .attempt = 2});
	urn_write(e, "evidence/l1/decrypt-1/x", BYTES_LITERAL("x"));
	tally_finish(e);
}

static inline int set_up(void **state)
{
	const struct urn_plan plan = {
		.mode = BALLOT_CREDENTIALS, .weight_max = 1, .witnesses = 4, .parties = 3, .threshold = 2};
	(void)state;
	urn_begin(&u, &plan);
	urn_begin_again(&other, &u, &plan);
	make_record(&u);
	make_record(&other);
	tally_files(&files, u.record);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	free(files.file);
	urn_end(&u);
	urn_end(&other);
	return 0;
}

#endif
