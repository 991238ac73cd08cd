/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block of the scan: objects of consecutive entries, read and checked by all workers at once.
 */
#ifndef RECORD_SCAN_INTERNAL_H
#define RECORD_SCAN_INTERNAL_H

#include "record/entry.h"
#include "record/ledger.h"
#include "record/lists.h"

#define BLOCK_BYTES ((size_t)20 << 20)
#define BLOCK_ITEMS 32768u

/* One object and the entry that names it. */
struct block_item {
	bool is_void;
	uint32_t weight;
	uint64_t number; /* among ballots, or voids */
	uint64_t entry;
	digest named; /* by the entry */
	bytes object;
	enum ballot_fault read; /* of reading and of proofs */
	struct ballot *ballot;  /* with ct = NULL when nothing can be seen of it */
};

/* Objects in the order of their entries: a file read from the front. */
struct object_stream {
	struct source *src; /* NULL: there is no file */
	bytes have;         /* of the source, not used yet */
	uint64_t used;
};
bool object_stream_open(struct object_stream *s, struct folder *record, const char *path,
                        bool may_be_absent, struct error *err) must_check;
void object_stream_close(struct object_stream *s);
uint64_t object_stream_size(const struct object_stream *s);
/* The next len bytes. MALFORMED when the file ends before. */
bool object_stream_take(struct object_stream *s, uint8_t *out, size_t len,
                        struct error *err) must_check;
/* MALFORMED unless all is used. */
bool object_stream_end(struct object_stream *s, struct error *err) must_check;

struct block {
	const struct ballot_rules *rules;
	struct tally_world *world;
	uint8_t *buffer;
	size_t filled;
	struct block_item *items;
	struct ballot *ballots;
	size_t count, room;               /* items; at most */
	size_t batch;                     /* items of one worker's turn */
	struct arena parsed[BLOCK_ITEMS]; /* one per batch at most */
	struct arena scratch[LIMIT_WORKERS];
	uint8_t fresh[32];
};
bool block_init(struct block *b, const struct ballot_rules *rules, struct tally_world *world,
                struct error *err) must_check;
static inline bool block_fits(const struct block *b, size_t len)
{
	return b->count < b->room && len <= BLOCK_BYTES - b->filled;
}
/* The next item, with room for its object behind; block_fits was asked. */
struct block_item *block_add(struct block *b, size_t len);
uint8_t *block_room(struct block *b);
/* Digests, reading, proofs of all items. REJECTED: an object is not the one of its entry. */
bool block_check(struct block *b, struct error *err) must_check;
void block_clear(struct block *b);

#endif
