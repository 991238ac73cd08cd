/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What pipes share: params that many of them have, and finding in the questions what they name.
 *
 * Reading keeps copies in the arena: nothing borrows the document. Finding fails with REJECTED and
 * what is there instead.
 */
#ifndef RESULTS_PIPES_INTERNAL_H
#define RESULTS_PIPES_INTERNAL_H

#include "results/pipeline.h"
#include "results/question_internal.h"

#define PIPE_PAPERS_MAX 0x7fffffffu /* votes on one tally sheet */

/* --- reading --- */

bool pipe_text(bytes *out, const struct json_value *v, struct arena *a,
               struct error *err) must_check;
bool pipe_need_text(bytes *out, const struct json_value *object, const char *key, struct arena *a,
                    struct error *err) must_check;
bool pipe_need_index(unsigned *out, const struct json_value *object, const char *key,
                     struct error *err) must_check; /* of a question, from 0 */

/* "question_indexes": [0, 2]; absent: all that the pipe is for. */
struct pipe_questions {
	bool all;
	size_t count;
	unsigned index[LIMIT_QUESTIONS];
};
bool pipe_read_questions(struct pipe_questions *out, const struct json_value *params,
                         struct error *err) must_check;

/* {"question_index": 0, "answer_text": "Ann", "answer_id": 0}; answer_id may be absent. */
struct pipe_item {
	unsigned question;
	bytes text;
	uint64_t id;
	bool has_id;
};
struct pipe_items {
	struct pipe_item *items;
	size_t count;
};
bool pipe_read_items(struct pipe_items *out, const struct json_value *params, const char *key,
                     struct arena *a, struct error *err) must_check;

/* A list of texts under a key that must be there; none twice. */
struct pipe_texts {
	bytes *texts;
	size_t count;
};
bool pipe_read_texts(struct pipe_texts *out, const struct json_value *object, const char *key,
                     struct arena *a, struct error *err) must_check;
bool pipe_has_text(const struct pipe_texts *t, bytes text);

/* Refuses a key with what to do instead, where it is there and not what Urna does anyway. */
bool pipe_refuse_flag(const struct json_value *params, const char *key, bool only,
                      const char *instead, struct error *err) must_check;

/* --- running --- */

bool pipe_question(struct results_question **out, const struct results *r, unsigned index,
                   struct error *err) must_check;
/* Whether the i-th question is one of them; q->left_out never is when all are meant. */
bool pipe_is_for(const struct pipe_questions *of, const struct results *r, size_t i);
bool pipe_check_questions(const struct pipe_questions *of, const struct results *r,
                          struct error *err) must_check;
bool pipe_candidate(uint16_t *out, const struct results_question *q, bytes name,
                    struct error *err) must_check;

/* --- the pipes --- */

extern const struct pipe pipe_apply_modifications, pipe_consolidate_write_ins,
	pipe_count_tally_sheets, pipe_describe_candidates, pipe_do_tallies, pipe_join_questions,
	pipe_parity_zip, pipe_podemos_desborda, pipe_podemos_desborda2, pipe_podemos_desborda3,
	pipe_podemos_desborda4, pipe_proportion_rounded, pipe_seats, pipe_sort_non_iterative,
	pipe_withdraw_candidates;

#endif
