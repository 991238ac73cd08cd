/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting votes into a part of a question, paper by paper, and questions into a state.
 *
 * Memory: the arena; room is what was said at the beginning.
 * Errors: BUG for more papers or choices than room, LIMIT for weights above LIMIT_WEIGHT.
 */
#ifndef RESULTS_PART_H
#define RESULTS_PART_H

#include "results/results.h"

struct part_room {
	size_t papers, choices;
	bool values;
};
bool part_begin(struct results_part *out, bytes name, struct part_room room, struct arena *a,
                struct error *err) must_check;
bool part_choice(struct results_part *p, uint32_t option, uint32_t value,
                 struct error *err) must_check;
bool part_close_paper(struct results_part *p, uint64_t weight, struct error *err) must_check;

/* A part more at the end of a question. */
bool question_add_part(struct results_question *q, const struct results_part *p, struct arena *a,
                       struct error *err) must_check;

/* Fills candidates and options of a question that has a title, from names. */
struct question_names {
	const bytes *names;
	const bool *withdrawn;
	size_t count;
};
bool question_begin(struct results_question *q, const struct question_names *names, struct arena *a,
                    struct error *err) must_check;

#endif
