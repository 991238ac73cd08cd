/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder inside a folder, seen as a folder of its own: "proof/l1/nizkp/l1" of a record is the
 * proof directory the mixnet works on.
 *
 * Memory: borrows the parent and keeps a copy of the prefix; nothing to release.
 * Errors: LIMIT for a path longer than SUBFOLDER_PATH_BYTES; the parent's otherwise.
 */
#ifndef BASE_SUBFOLDER_H
#define BASE_SUBFOLDER_H

#include "base/seams.h"

#define SUBFOLDER_PATH_BYTES 256u

struct subfolder {
	struct folder folder; /* first member: use as struct folder */
	struct folder *parent;
	char prefix[SUBFOLDER_PATH_BYTES];
};

bool subfolder_init(struct subfolder *s, struct folder *parent, const char *path,
                    struct error *err) must_check;

#endif
