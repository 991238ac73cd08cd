/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A complete record, honestly made by authorities 1 and 3 of 3, to be spoiled in memory in one
 * place after the other. Each test program has its own copy.
 */
#ifndef RECORD_SPOIL_H
#define RECORD_SPOIL_H

#include "support/election.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

static struct election e, other;
static struct folder *record, *foreign; /* in memory */
static struct election_files files;
static struct election_report report;

static inline bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

/* Which checks may be the first to fail for this file; separated by blanks. */
static inline const char *codes_for(const char *path)
{
	if (begins(path, "manifest.json"))
		return "2.1 3.1";
	if (begins(path, "ceremony/"))
		return "3.1";
	if (begins(path, "ballots.bt"))
		return "6.1 6.3";
	if (begins(path, "endorse/close"))
		return "6.3";
	if (begins(path, "endorse/result"))
		return "10.3";
	if (begins(path, "endorse/l1/mix"))
		return "8.3";
	if (begins(path, "endorse/l1/"))
		return "9.2";
	if (begins(path, "result.json"))
		return "10.2";
	if (strstr(path, "protInfo"))
		return "8.1";
	if (strstr(path, "Decr") || strstr(path, "CorrectIndices"))
		return "8.2 9.1";
	if (strstr(path, "Plaintexts"))
		return "8.2 9.1";
	return "8.2";
}

static inline bool is_among(const char *code, const char *codes)
{
	char padded[64], wanted[16];
	snprintf(padded, sizeof padded, " %s ", codes);
	snprintf(wanted, sizeof wanted, " %s ", code);
	return strstr(padded, wanted) != NULL;
}

/* With the anchor and without it in turn. */
static inline void rejected(const char *codes, const char *about)
{
	static bool anchor;
	anchor = !anchor;
	enum record_verdict v = election_verify(&e, record, anchor, &report);
	if (v != RECORD_REJECTED)
		fail_msg("%s: verdict %d", about, (int)v);
	if (!is_among(election_failed(&report), codes))
		fail_msg("%s: %s failed, not %s", about, election_failed(&report), codes);
	assert_non_null(election_error(&report, election_failed(&report))->what);
}

static inline void accepted(struct folder *f)
{
	if (election_verify(&e, f, true, &report) != RECORD_VERIFIED)
		fail_msg("%s failed: %s: %s", election_failed(&report),
		         election_error(&report, election_failed(&report))->what,
		         election_error(&report, election_failed(&report))->detail);
}

static inline void drop(bytes b)
{
	free((void *)(uintptr_t)b.p);
}

static inline int set_up(void **state)
{
	(void)state;
	const struct election_plan plan = PLAN_SMALL(3, 2);
	election_begin(&e, &plan, 1);
	election_begin_again(&other, &e);
	struct election *both[] = {&e, &other};
	for (size_t k = 0; k < 2; k++) {
		election_ceremony(both[k]);
		for (unsigned i = 0; i < 3; i++)
			election_mark(both[k], k ? 3 : i); /* no plaintexts alike in any order */
		election_write_box(both[k]);
		election_tally(both[k], "1,3");
	}
	record = election_copy(e.record);
	foreign = election_copy(other.record);
	election_files(&files, record);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	election_files_free(&files);
	memory_folder_free(record);
	memory_folder_free(foreign);
	election_end(&e);
	election_end(&other);
	return 0;
}

#endif
