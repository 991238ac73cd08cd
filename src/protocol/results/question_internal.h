/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What pipes do to a question. Each change makes it stale, so that it is counted again, and what
 * can change who is elected goes into the journal with the votes that it concerns.
 */
#ifndef RESULTS_QUESTION_INTERNAL_H
#define RESULTS_QUESTION_INTERNAL_H

#include "results/results.h"

#define NOTE_BYTES 1024u

/* One sentence for the journal; q NULL: about all. What does not fit is cut and ends in "…". */
bool results_note(struct results *r, const struct results_question *q, struct text *t,
                  struct error *err) must_check;

/* The weight of the votes that name a candidate: of all parts, or of those that are counted. */
uint64_t question_naming(const struct results_question *q, size_t candidate);
uint64_t question_naming_counted(const struct results_question *q, size_t candidate);

/* The candidate of this name, or RESULTS_NOBODY. */
uint16_t question_find(const struct results_question *q, bytes name);

/* why: "withdrawn by the election board". One who is withdrawn already stays so. */
bool question_withdraw(struct results *r, struct results_question *q, size_t candidate,
                       const char *why, struct error *err) must_check;
bool question_remove(struct results *r, struct results_question *q, size_t candidate,
                     const char *why, struct error *err) must_check;
/* *out: the new candidate's number. LIMIT; MALFORMED for a name that is none or there already. */
bool question_add_candidate(uint16_t *out, struct results *r, struct results_question *q,
                            bytes name, struct error *err) must_check;
/* Options more, at the end: *base is where they begin. */
bool question_add_options(uint32_t *base, struct results *r, struct results_question *q,
                          const struct results_option *more, size_t count,
                          struct error *err) must_check;

static inline void question_stale(struct results_question *q)
{
	q->fresh = false;
}

/* fail_within with the question's id. */
bool question_fail(const struct results_question *q, struct error *err);

/* "12 votes", "1 vote". */
void text_add_votes(struct text *t, uint64_t n);

#endif
