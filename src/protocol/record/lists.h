/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the ballots to the lists that are mixed.
 *
 * One pass over ballots.bt: every ballot is parsed, belongs to this election and a style of its
 * manifest, has a pseudonym and first components u never seen before, seq 0 (without credentials a
 * pseudonym votes once) and proofs that hold (in batches). Kept ballots enter the list of each
 * group of their style, in log order; each ballot is a leaf of the log.
 *
 * Errors: the first ballot that fails, with its number (from 0) and reason.
 * Memory (world->arena, given back at the end): 128·ω bytes per ballot and group for the lists, 32
 *   bytes per u and pseudonym for the search of repeats, 45 MB for blocks and workers.
 * Cost: 1.5 terms of a multi-scalar multiplication per point of a ballot.
 */
#ifndef RECORD_LISTS_H
#define RECORD_LISTS_H

#include "base/limits.h"
#include "base/seams.h"
#include "ceremony/ceremony.h"
#include "manifest/manifest.h"

struct ballot_box {
	uint64_t ballots;  /* in the log */
	uint64_t log_size; /* leaves: manifest, ceremony, election, open, ballots, close */
	digest root;       /* of the log */
	uint64_t list_sizes[LIMIT_GROUPS];
	digest list_digests[LIMIT_GROUPS]; /* SHA-256 of the list as Ciphertexts.bt */
};

struct tally_world {
	struct rng *rng;
	struct workers *workers;
	struct arena *arena;
	struct progress *progress; /* may be NULL */
};

/*
 * Checks all ballots and derives the lists. write_lists: each list without one gets its
 * Ciphertexts.bt in the record's proof folder; one that is there must be the derived one
 * (REJECTED). Nothing is written when list_size_check refuses one.
 */
bool ballot_box_read(struct ballot_box *out, const struct manifest *m,
                     const struct election_key *key, struct folder *record, bool write_lists,
                     struct tally_world *world, struct error *err) must_check;

/* REJECTED when the list has ballots, but fewer than the manifest's min_list, and it does not
 * accept small lists: with few ballots a result tells how somebody voted. */
bool list_size_check(const struct manifest *m, const struct ballot_box *box, unsigned group,
                     struct error *err) must_check;

/* "l1", "l2", … in the manifest's order of groups. */
#define AUXSID_BYTES 8u
void list_auxsid(char out[static AUXSID_BYTES], unsigned group);

#endif
