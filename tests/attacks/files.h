/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished record with files changed, and what the board's program makes of it: the tally as it
 * then lies there is logged and signed anew. For one test program. Include support.h first.
 */
#ifndef ATTACKS_FILES_H
#define ATTACKS_FILES_H

#include "attacks/scene.h"
#include "negative/record_spoil.h"

static inline bool of_a_tally(const char *path)
{
	return begins(path, "proof/") || begins(path, "endorse/l") || begins(path, "result.json");
}

/* Where the path belongs to a tally. Where the program refuses, the log stays as it was. */
static inline void log_anew_if(const char *path)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	if (!of_a_tally(path))
		return;
	bytes entries = urn_file(&u, "log/entries"), note = urn_file(&u, BOARD_FINAL_PATH);
	error_clear(&err);
	assert_ok(u.record->remove(u.record, BOARD_FINAL_PATH, &err), err);
	if (board_finish(&c, &f, &err)) {
		for (unsigned w = 0; w < u.manifest->witnesses_quorum; w++)
			urn_cosign(&u, BOARD_FINAL_PATH, w);
	} else {
		urn_write(&u, "log/entries", entries);
		urn_write(&u, BOARD_FINAL_PATH, note);
	}
	drop(entries);
	drop(note);
}

/* One of the codes is among those that fail; every fifth record goes to the other verifier, as many
 * as a disk should hold. */
#define OTHERS_MAX 1000u
static inline void must_fail(const char *codes, const char *about)
{
	const struct record_anchor anchor = {.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	static unsigned judged;
	enum record_verdict v = tally_verify(&u, u.record, &anchor, &report);
	if (v != RECORD_REJECTED || !share_a_code(tally_failed(&report), codes))
		fail_msg("%s: verdict %d, failed \"%s\", not one of \"%s\"", about, (int)v,
		         tally_failed(&report), codes);
	if (questions && judged++ % TEST_COUNT(5, 1) == 0 && cases_count < OTHERS_MAX)
		compare(about);
}

#endif
