/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the log and its ballots to the lists that are mixed.
 *
 * One pass over log/entries with ballots.bt, voids.bt and credentials.bt: the order of the entries,
 * every object under its digest, every ballot by the rules of record/ledger.h with proofs and
 * signatures in batches. A ballot that does not count is skipped and reported with its reason; it
 * never stops the tally. Kept ballots (the highest seq of each pseudonym that counts) enter the
 * list of each group of their style, their area and each set bit of their weight, in log order.
 * A log that goes on behind "close" is read to its end; nothing behind changes a list.
 *
 * Errors: what refuses the whole record, with `stage` saying where: entries out of order or
 *   malformed, objects missing or others, a wrong list of credentials, a change nobody authorised.
 * Memory (world->arena, given back at the end): 128·ω bytes per ballot and group, 12 per ballot,
 *   about 100 per voter, 32 per u, 60 MB for blocks and workers.
 * Cost: 1.5 terms of a multi-scalar multiplication per point of a ballot, and per signature.
 */
#ifndef RECORD_LISTS_H
#define RECORD_LISTS_H

#include "base/limits.h"
#include "base/seams.h"
#include "ceremony/ceremony.h"
#include "manifest/manifest.h"
#include "record/ledger.h"

struct tally_world {
	struct rng *rng;
	struct workers *workers;
	struct arena *arena;
	struct progress *progress; /* may be NULL */
};

/* What the log says: plain numbers, no pointers, so that it can be kept and compared. */
struct ballot_box {
	uint64_t log_size; /* of the tree that ends with "close" */
	digest root;
	uint64_t whole_size; /* of the whole log */
	digest whole_root;
	bool complete; /* every tally and the result are in the log */
	bool has_evidence;
	uint64_t ballots; /* entries */
	uint64_t counted; /* those that count, earlier ones of a voter too */
	uint64_t kept;    /* one per voter */
	uint64_t voids, refused_voids, changes, credentials, suspensions;
	uint64_t faults[BALLOT_FAULTS]; /* ballots by reason; [0] = counted */
	uint64_t list_sizes[LIMIT_LISTS];
	digest list_digests[LIMIT_LISTS]; /* SHA-256 of the list as Ciphertexts.bt */
	digest tally[LIMIT_LISTS];        /* what the log says about each list's files */
	digest result, evidence;
	uint64_t result_bytes, evidence_files;
};

/* A ballot that does not count, or a refused void. */
struct box_fault {
	bool is_void;
	enum ballot_fault fault;
	uint64_t number; /* among the ballots, or the voids, from 0 */
	uint64_t entry;  /* in the log, from 0 */
	digest object;
	struct error why; /* of malformed ones; else kind NONE */
};
#define BOX_FAULTS_LISTED 1000u

enum box_stage { BOX_LOG, BOX_OBJECTS, BOX_CREDENTIALS, BOX_LISTS };

struct box_job {
	const struct manifest *manifest;
	const struct election_key *key;
	const struct ceremony_report *ceremony; /* of the same verification: the log speaks of it */
	struct folder *record;
	struct tally_world *world;
	/*
	 * Each list without one gets its Ciphertexts.bt in the record's proof folder; one that is there
	 * must be the derived one (REJECTED). Nothing is written when list_size_check refuses one.
	 */
	bool write_lists;
	/* In log order, the first BOX_FAULTS_LISTED of them. May be NULL. */
	void (*fault)(void *ctx, const struct box_fault *f);
	void *fault_ctx;
	enum box_stage *stage; /* what went wrong; may be NULL */
};
bool ballot_box_read(struct ballot_box *out, const struct box_job *job,
                     struct error *err) must_check;

/* REJECTED when the list has ballots, but fewer than the manifest's min_list, and it does not
 * accept small lists: with few ballots a result tells how somebody voted. */
bool list_size_check(const struct manifest *m, const struct ballot_box *box, unsigned list,
                     struct error *err) must_check;

/* "l1", "l2", … in the manifest's order of lists. */
#define AUXSID_BYTES 8u
void list_auxsid(char out[static AUXSID_BYTES], unsigned list);

#endif
