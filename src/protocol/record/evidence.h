/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two signed things that cannot both be honest.
 *
 * Checkpoints of one log, one size, two roots: whoever signed both is convicted, the board, whose
 * signature each of them has, and every witness that cosigned both. Nothing but the manifest is
 * needed; the election is the one that both name. Lists of credentials of one manifest that differ:
 * the registrar, who signs one. (Two messages of a key ceremony: ceremony_convict.)
 *
 * Errors: MALFORMED: a file is no checkpoint, or no list. REJECTED: signed by others, or they
 *   convict nobody: the reason is told.
 */
#ifndef RECORD_EVIDENCE_H
#define RECORD_EVIDENCE_H

#include "record/credentials.h"
#include "record/note.h"

struct checkpoint_fork {
	struct checkpoint first, second; /* borrow the notes */
	bool witness[LIMIT_WITNESSES];   /* convicted as well */
	unsigned witnesses;
};
bool checkpoints_convict(struct checkpoint_fork *out, const struct manifest *m, bytes a, bytes b,
                         struct error *err) must_check;

/* Each folder has CREDENTIALS_FILE and CREDENTIALS_SIGNATURE; a record is one. */
struct credentials_fork {
	struct credentials_facts first, second;
};
bool credentials_convict(struct credentials_fork *out, const struct manifest *m, struct folder *a,
                         struct folder *b, struct error *err) must_check;

#endif
