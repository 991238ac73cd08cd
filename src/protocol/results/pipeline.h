/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A results pipeline: what is done between the opened votes and the published results, as data.
 *
 *   {"version": "1.0",
 *    "pipes": [
 *      {"type": "do_tallies", "params": {}},
 *      {"type": "tally_pipes.pipes.sort.sort_non_iterative",
 *       "params": {"question_indexes": [0], "ties_sorting": [{"question_index": 0,
 *                  "answer_text": "Ann"}]}}]}
 *
 * Names and params are Sequent's (formerly Agora Voting's) where the meaning is the same; type is
 * the short name or theirs with its module. docs/results.md has every pipe. "params" may be absent;
 * "help" is allowed everywhere and ignored.
 *
 * Reading knows no election: it checks shape, names and ranges. Running checks them against the
 * questions. A dry run is a run over synthetic votes, before there are any.
 *
 * Errors: MALFORMED, LIMIT, REJECTED with the place ("pipes[3].params.questions[0].min_percent");
 *   an unknown type with the nearest known one, one that Urna does not have with what to use
 *   instead. Running: "pipes[3] withdraw_candidates: q1: …". The state is unfit for use then.
 * Memory: the pipeline and what it does in the arena; the document's tree on the heap while
 * reading.
 */
#ifndef RESULTS_PIPELINE_H
#define RESULTS_PIPELINE_H

#include "results/results.h"
#include "json/read.h"

#define PIPELINE_BYTES (4u << 20) /* tally sheets of a few thousand ballot boxes */
#define PIPELINE_PIPES 256u

/* One kind of pipe. */
struct pipe {
	const char *name;
	const char *module; /* Sequent's; NULL: ours alone */
	const char *what;   /* one line for people */
	/* Checks params (an object) and keeps what they say in the arena: *out. */
	bool (*read)(void **out, const struct json_value *params, struct arena *a, struct error *err);
	bool (*apply)(struct results *r, const void *params, struct error *err);
};
extern const struct pipe *const pipes[]; /* by name ascending; NULL at the end */

struct pipeline_step {
	const struct pipe *pipe;
	const void *params;
};
struct pipeline {
	struct pipeline_step *steps;
	size_t steps_count;
	digest exact; /* SHA-256 of the bytes that were read */
};

bool pipeline_read(struct pipeline *out, bytes json, struct arena *a, struct error *err) must_check;

/* Runs all pipes and evaluates all questions. */
bool pipeline_run(struct results *r, const struct pipeline *p, struct error *err) must_check;

/*
 * Before there are votes: runs the pipeline over synthetic ones of the manifest's questions, the
 * same each time: none at all; a blank one; an invalid one; one for as many as may be chosen, from
 * the first answer on and from the last; one with written texts; twice DRY_RUN_RANDOM at random;
 * for each of the first DRY_RUN_ANSWERS answers one for it, with as few others as may be. *runs:
 * how many runs there were.
 *
 * Ties are decided in the order of the candidates where no lot was declared: those of synthetic
 * votes are nobody's fault.
 * Errors: as pipeline_run, with the votes that it failed on ("a vote for answer 2") as place.
 */
#define DRY_RUN_RANDOM 40u
#define DRY_RUN_ANSWERS 16u
bool pipeline_dry_run(unsigned *runs, const struct manifest *m, const struct pipeline *p,
                      struct arena *a, struct error *err) must_check;

#endif
