/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two checkpoints that cannot both be honest: one log, one size, two roots.
 *
 * Whoever signed both is convicted: the board, whose signature each of them has, and every witness
 * that cosigned both. Nothing but the manifest is needed; the election is the one that both name.
 * (Two messages of a key ceremony: ceremony_convict.)
 *
 * Errors: MALFORMED: a file is no checkpoint. REJECTED: signed by others, or they convict nobody:
 *   the reason is told.
 */
#ifndef RECORD_EVIDENCE_H
#define RECORD_EVIDENCE_H

#include "record/note.h"

struct checkpoint_fork {
	struct checkpoint first, second; /* borrow the notes */
	bool witness[LIMIT_WITNESSES];   /* convicted as well */
	unsigned witnesses;
};
bool checkpoints_convict(struct checkpoint_fork *out, const struct manifest *m, bytes a, bytes b,
                         struct error *err) must_check;

#endif
