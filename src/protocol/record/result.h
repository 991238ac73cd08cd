/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From plaintext points to the result's exact bytes.
 *
 * Every list's Plaintexts.bt is decoded by the canonical rule (28·ω bytes, all digits in range),
 * each question's choices are judged (valid, blank, invalid by a named reason), counted by the
 * manifest's rule, and written as canonical JSON: the same plaintexts give the same bytes
 * everywhere.
 */
#ifndef RECORD_RESULT_H
#define RECORD_RESULT_H

#include "ceremony/ceremony.h"
#include "count/count.h"
#include "manifest/manifest.h"
#include "record/lists.h"
#include "record/statement.h"

struct question_result {
	uint64_t verdicts[VERDICTS]; /* ballots by verdict (ballot/verdict.h) */
	struct count_result *count;  /* NULL when no ballot was valid */
};

struct election_result {
	struct question_result *questions; /* one per question of the manifest */
	bytes json;                        /* canonical, ends with a line feed */
};

/*
 * lists: sizes as in struct ballot_box; a list of size 0 has no proof directory.
 * Memory: world->arena keeps the result; 64·ω bytes per ballot, 2 per choice.
 * Errors: MALFORMED for plaintexts of the wrong number; REJECTED for a tie that needs a lot nobody
 *   declared (detail names the candidates).
 */
bool result_compute(struct election_result **out, const struct manifest *m,
                    const struct election_key *key, const uint64_t *list_sizes,
                    struct folder *record, struct tally_world *world, struct error *err) must_check;

/* H_result over the plaintext lists that exist, in order, and these result bytes. */
bool result_statement(digest *out, const struct manifest *m, const struct election_key *key,
                      const uint64_t *list_sizes, struct folder *record, bytes json,
                      struct error *err) must_check;

#endif
