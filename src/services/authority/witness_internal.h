/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder that takes the digest of every byte read or written through it.
 *
 * Others can write in a record at any time. What an authority signs, and what it uses its share on,
 * must be the bytes it worked on, not those a file has when it is looked at again: a list exchanged
 * in between would be mixed in its name, or opened.
 *
 * A file read more than once counts only if its content was the same each time; it is read to its
 * end even if whoever reads it stops before.
 * Memory: keeps nothing but digests. Borrows the folder below.
 */
#ifndef AUTHORITY_WITNESS_INTERNAL_H
#define AUTHORITY_WITNESS_INTERNAL_H

#include "base/seams.h"
#include "hash/sha2.h"
#include "mixnet/proof_dir.h"

#define WITNESS_FILES (2 * LIMIT_PARTIES + 8u) /* one step reads factors of all parties */
#define WITNESS_SOURCES                                                      \
	(LIMIT_PARTIES + 4u) /* combining reads the factors of t parties at once \
	                      */
#define WITNESS_SINKS 4u /* a shuffle has four outputs */

struct witness;
struct witness_source {
	struct source source; /* first member */
	struct source *inner; /* NULL: this room is free */
	struct witness *witness;
	struct hash hash;
	char path[MIX_PATH_BYTES];
};
struct witness_sink {
	struct sink sink; /* first member */
	struct sink *inner;
	struct witness *witness;
	struct hash hash;
	char path[MIX_PATH_BYTES];
};
struct witness {
	struct folder folder; /* first member */
	struct folder *below;
	struct witness_source sources[WITNESS_SOURCES];
	struct witness_sink sinks[WITNESS_SINKS];
	struct {
		char path[MIX_PATH_BYTES];
		digest content;
		bool unsteady; /* two contents were seen, or one not to its end */
	} files[WITNESS_FILES];
	unsigned files_count;
};

void witness_init(struct witness *w, struct folder *below);
/* What was read or written under this path. REJECTED: it was not always the same; BUG: nothing. */
bool witness_digest(digest *out, const struct witness *w, const char *path,
                    struct error *err) must_check;

#endif
