/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From plaintext points to the result's exact bytes.
 *
 * Every list's Plaintexts.bt is decoded by the canonical rule (28·ω bytes, all digits in range),
 * each question's choices are judged (valid, blank, invalid by a named reason) and counted with the
 * weight of its list, over all lists of the question's group, by the manifest's rule; written-in
 * texts are listed with their weight. Canonical JSON: the same plaintexts give the same bytes
 * everywhere.
 */
#ifndef RECORD_RESULT_H
#define RECORD_RESULT_H

#include "ceremony/ceremony.h"
#include "count/count.h"
#include "manifest/manifest.h"
#include "record/lists.h"
#include "record/statement.h"

/* A text somebody wrote in, on valid votes, with the weight of all of them. */
struct written_in {
	uint64_t weight;
	uint8_t length;
	uint8_t text[WRITE_IN_BYTES];
};

struct question_result {
	uint64_t verdicts[VERDICTS]; /* weight of ballots by verdict (ballot/verdict.h) */
	struct count_result *count;  /* NULL when no ballot was valid */
	struct written_in *written;  /* ascending by their bytes, each once */
	size_t written_count;
};

struct election_result {
	struct question_result *questions; /* one per question of the manifest */
	bytes json;                        /* canonical, ends with a line feed */
};

/*
 * lists: sizes as in struct ballot_box; a list of size 0 has no proof directory.
 * A written-in answer is no candidate of the count: where it was ranked, the next one moves up.
 * Memory: world->arena keeps the result; 64·ω bytes per ballot of one list at a time, 8 bytes per
 *   ballot of a group's lists, 2 per choice, 40 and some 100 of JSON per written-in text.
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
