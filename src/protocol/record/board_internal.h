/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_BOARD_INTERNAL_H
#define RECORD_BOARD_INTERNAL_H

#include "record/board.h"
#include "record/entry.h"
#include "record/scan_internal.h"

#define BOARD_ENTRIES_PATH "log/entries"

/* Which ballots were accepted, by the first half of their ids: for who asks again. */
struct known {
	uint8_t id[16];
	uint64_t entry;
	uint32_t seq;
	bool used;
};

struct board {
	struct board_plan plan;
	const digest *eid;
	struct board_log before; /* as it lay in the record */
	struct ledger *ledger;
	struct log_order order;
	struct merkle tree;
	struct block block;
	struct sink *entries, *ballots, *voids; /* voids: NULL until the first */
	struct known *known;
	uint64_t known_mask;
	uint64_t voids_count;
	bool broken, closed;
};

/* --- steps of a run --- */

/* Appends to the log of this run. After a failure the run has no defined end. */
bool board_put(struct board *b, const struct entry *e, struct error *err) must_check;
bool board_broke(struct board *b, struct error *err);
/* Notes a ballot that is accepted, or was, for who sends it again. */
void board_note(struct board *b, const struct ballot *ballot, uint64_t entry);
bool board_append_void(struct board *b, bytes body, struct error *err) must_check;
/* What the first entries say, in order; returns how many they are. */
#define BOARD_HEADS 4u
unsigned board_heads(struct entry out[static BOARD_HEADS], const struct board_plan *p,
                     const struct credentials_facts *credentials);
/* Takes the log that lies in the record into this run, entry by entry, as if it came now. */
bool board_replay(struct board *b, const struct credentials_facts *credentials,
                  struct error *err) must_check;

/* --- what the board's home keeps --- */

/*
 * HOME/log-<first 16 hex of EID>: two lines "SIZE ROOT", the log as it was before the last write
 * and as it was to be after it. Written before the record is: a log that is neither is not this
 * board's, or not its last. Without a home nothing is kept and everything is allowed.
 */
struct board_state {
	uint64_t size;
	digest root; /* of no entries: zeros */
};
/* CONFLICT unless the home knows the log as it lies there. */
bool board_kept_check(struct folder *home, const digest *eid, const struct board_state *now,
                      struct error *err) must_check;
bool board_kept_step(struct folder *home, const digest *eid, const struct board_state *before,
                     const struct board_state *after, struct error *err) must_check;
/* The end of a log that closed as `closed`: one end only. */
bool board_kept_end(struct folder *home, const digest *eid, const struct board_state *closed,
                    const struct board_state *end, struct error *err) must_check;
struct board_state board_state_of(const struct merkle *tree);

/* --- writing --- */

/* Signs and writes; REJECTED when one of another tree lies there. */
bool board_put_checkpoint(struct checkpoint *out, const char *path, const struct merkle *tree,
                          const struct board_final *f, struct error *err) must_check;

#endif
