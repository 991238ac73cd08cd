/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log's leaves. Small: what they are about lies in the record under its digest.
 *
 *   node(leaf(type), leaf(EID))                                       "open", "close"
 *   node(leaf(type), leaf(EID), leaf(digest), leaf(size, 8 bytes))    "manifest", "ceremony",
 *                                                                     "election", "ballot"
 * Order: manifest, ceremony, election, open, ballots, close.
 */
#ifndef RECORD_LOG_INTERNAL_H
#define RECORD_LOG_INTERNAL_H

#include "ceremony/ceremony.h"
#include "record/merkle.h"

struct log {
	struct merkle tree;
	const digest *eid;
};

/* With the leaves before the first ballot. */
void log_open(struct log *l, const struct manifest *m, const struct election_key *key);
void log_ballot(struct log *l, bytes ballot);
void log_close(struct log *l);

#endif
