/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log's entries: small byte trees; what they are about lies beside the log under its digest.
 *
 *   entry = node(leaf(type), EID, fields…)
 *   manifest     D, u64 size                     ceremony   H_certified, u64 attempt
 *   credentials  SHA-256, u64 records            open, close, suspend, resume: no fields
 *   ballot       SHA-256, u64 size, int weight   void       SHA-256, u64 size
 *   credential   S, text style, int weight, leaf(the registrar's signature on H_credential-change)
 *   tally        text auxsid, H_files            result     SHA-256, u64 size
 *   evidence     H_files, u64 files
 *
 * log/entries: every entry as uint16 big-endian length ‖ bytes (tlog-tiles entry bundles, not cut).
 * Order: manifest, ceremony, [credentials], open, {ballot | void | credential | suspend | resume}*,
 *   close, tally of every list in their order, result, [evidence]. No ballot and no void while
 *   suspended; closing is possible then. One table (entry.c) says all of it.
 *
 * Sizes: an entry ≤ LIMIT_LOG_ENTRY_BYTES. A ballot or void object has 1 … LIMIT_BALLOT_BYTES.
 * Inputs: bytes from anybody: exact shape, nothing behind, this election, numbers in range. Whether
 *   styles, credentials and weights exist is for who reads on (record/ledger.h).
 * Errors: MALFORMED, REJECTED (another election; an entry out of order). `at` = the entry's number
 *   in the log from 0 where a reader or an order names it.
 * Memory: a read entry borrows the bytes. A reader keeps 64 KiB of its own.
 */
#ifndef RECORD_ENTRY_H
#define RECORD_ENTRY_H

#include "base/limits.h"
#include "base/seams.h"
#include "group/point.h"
#include "hash/bytetree.h"
#include "identity/identity.h"
#include "record/merkle.h"

enum entry_kind {
	ENTRY_MANIFEST,
	ENTRY_CEREMONY,
	ENTRY_CREDENTIALS,
	ENTRY_OPEN,
	ENTRY_BALLOT,
	ENTRY_VOID,
	ENTRY_CREDENTIAL,
	ENTRY_SUSPEND,
	ENTRY_RESUME,
	ENTRY_CLOSE,
	ENTRY_TALLY,
	ENTRY_RESULT,
	ENTRY_EVIDENCE,
};
#define ENTRY_KINDS 13u
const char *entry_kind_name(enum entry_kind kind); /* the type as it is written */

struct entry {
	enum entry_kind kind;
	uint32_t weight;                             /* ballot, credential */
	digest object;                               /* where there is one */
	uint64_t number;                             /* size, attempt, records, files */
	bytes key;                                   /* credential: S, 81 bytes as they stand */
	bytes style;                                 /* credential */
	bytes auxsid;                                /* tally */
	uint8_t signature[IDENTITY_SIGNATURE_BYTES]; /* credential */
};

/* The exact bytes; room for LIMIT_LOG_ENTRY_BYTES. Fields out of range are a programmer's error. */
bytes entry_write(uint8_t room[static LIMIT_LOG_ENTRY_BYTES], const digest *eid,
                  const struct entry *e);
bool entry_read(struct entry *out, bytes in, const digest *eid, struct error *err) must_check;

/* H_credential-change(EID, u64 number, S, text style, int weight): what the registrar signs. */
struct credential_change {
	uint64_t number; /* of these entries in the log, from 0 */
	bytes key;       /* S, 81 bytes */
	bytes style;
	uint32_t weight; /* 0 revokes */
};
digest statement_credential(const digest *eid, const struct credential_change *c);

/* Which entry may follow. */
enum log_state {
	LOG_EMPTY,
	LOG_MANIFEST, /* the last entry was "manifest"; and so on */
	LOG_CEREMONY,
	LOG_CREDENTIALS,
	LOG_OPEN,
	LOG_SUSPENDED,
	LOG_CLOSED, /* tallies follow */
	LOG_RESULT,
	LOG_COMPLETE, /* with evidence */
};
struct log_order {
	enum log_state state;
	bool credentials;        /* the mode */
	unsigned lists, tallied; /* of the manifest; "tally" entries so far */
};
void log_order_init(struct log_order *o, bool credentials, unsigned lists);
/* REJECTED when this entry may not stand here; a tally's auxsid must be the next list's. */
bool log_order_take(struct log_order *o, const struct entry *e, struct error *err) must_check;

/* The log as a file, one entry after another. The tree grows with each. */
bool log_write_entry(struct sink *sink, struct merkle *tree, const digest *eid,
                     const struct entry *e, struct error *err) must_check;
#define LOG_READER_BYTES ((size_t)64 << 10)
struct log_reader {
	struct source *src; /* borrows */
	const digest *eid;  /* borrows */
	struct merkle tree;
	uint8_t *room; /* LOG_READER_BYTES of the arena: what is not used up yet */
	size_t from, to;
	bool at_end;
};
bool log_reader_init(struct log_reader *r, struct source *src, const digest *eid, struct arena *a,
                     struct error *err) must_check;
/* *more = false at the end. The entry borrows the reader until the next call. */
bool log_reader_next(struct log_reader *r, struct entry *out, bool *more,
                     struct error *err) must_check;

#endif
