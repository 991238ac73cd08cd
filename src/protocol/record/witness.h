/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A witness: sees to it that a board has one log, by cosigning its checkpoints and remembering what
 * it cosigned.
 *
 * Papers: C2SP tlog-cosignature (cosignature/v1), tlog-witness: its rules, where the log's entries
 *   at hand take the place of a consistency proof.
 *
 *   HOME/seen-<first 16 hex of EID>   the checkpoint it cosigned last, with the board's signature;
 *                                     replaced, durably, before the cosignature leaves
 *
 * Errors: REJECTED: the manifest does not name this witness; the note is not the board's; the log's
 *   entries do not have its root, or do not begin with the log that was cosigned before
 *   (tlog-witness: 422). CONFLICT: smaller than, or as large as and other than what was cosigned
 *   before (409): nothing is signed, and two checkpoints of one size convict the board
 *   (evidence.h).
 * Secrets: the witness's signing key is borrowed.
 */
#ifndef RECORD_WITNESS_H
#define RECORD_WITNESS_H

#include "record/board.h"

struct witness {
	const struct manifest *manifest;
	const digest *eid;
	struct folder *record, *home;
	struct arena *arena;
	const struct identity_secret *key;
	uint64_t time_s; /* since 1970: part of the cosignature */
};

/* Which of the manifest's witnesses has this key. */
bool witness_find(unsigned *out, const struct manifest *m,
                  const uint8_t key[static IDENTITY_PUBLIC_BYTES], struct error *err) must_check;

/* Cosigns the checkpoint that lies at `path` in the record (record/board.h). *already: it had, and
 * nothing changes. */
bool witness_cosign(struct checkpoint *out, bool *already, const struct witness *w,
                    const char *path, struct error *err) must_check;

#endif
