/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opened votes of a record as the state that pipes begin with: each question has a part for
 * each area, with its votes, verdicts, and who wrote in what on which vote.
 *
 * list_sizes: as result_compute has them. The record is read only; neither ballots nor proofs are
 * looked at, which urna verify does.
 *
 * Errors: those of opened_read.
 * Memory: world->arena keeps it: 8 bytes a vote and 4 a choice (8 with points) for each question,
 *   48 a written text.
 */
#ifndef RESULTS_OPEN_H
#define RESULTS_OPEN_H

#include "record/opened.h"
#include "results/results.h"

bool results_of_record(struct results *out, const struct manifest *m, const uint64_t *list_sizes,
                       struct folder *record, struct tally_world *world,
                       struct error *err) must_check;

/* A vote as it was opened goes into a part of its question. Written texts become options at the
 * end, in ascending order: opening_texts. */
struct opening_text {
	uint8_t text[WRITE_IN_BYTES];
	uint8_t length;
	uint32_t at; /* the how-many-eth it was */
	uint64_t weight;
};
struct opening_question {
	struct opening_text *texts;
	size_t texts_count, texts_room;
};
bool opening_add(struct results_part *p, struct opening_question *o,
                 const struct choices_rule *rule, const struct opened_vote *v,
                 struct error *err) must_check;
bool opening_texts(struct results_question *q, struct opening_question *o, struct arena *a,
                   struct error *err) must_check;
/* Room for `votes` votes of a question in one part; `all` in all of its parts. */
bool opening_part(struct results_part *out, bytes name, const struct choices_rule *rule,
                  uint64_t votes, struct arena *a, struct error *err) must_check;
bool opening_begin(struct opening_question *out, const struct choices_rule *rule, uint64_t all,
                   struct arena *a, struct error *err) must_check;

#endif
