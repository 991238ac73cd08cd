/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of changes that a registrar signed (urna credentials change, revoke): entries "credential"
 * as the log has them, each behind its length in two bytes. Signatures are not looked at here.
 *
 * Errors: MALFORMED and REJECTED with the file and the number of the change; LIMIT.
 */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "base/arena.h"
#include "record/entry.h"

struct changes {
	struct entry *list;  /* borrow the file */
	size_t count, known; /* known: that many of the first are in the log */
};
/* At least one. Everything lies in the arena. */
bool changes_read(struct changes *out, const char *path, const digest *eid, struct arena *arena,
                  struct error *err) must_check;

#endif
