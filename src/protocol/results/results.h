/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The results of an election as a state that pipes work on (pipeline.h): the votes as they were
 * opened, who stands, by which rule, and a journal of everything that was done.
 *
 * Votes never change. A part is the votes of one area, of a sheet of paper votes or of a question
 * that was joined; each of its papers names options. An option is an answer or a text that
 * somebody wrote in, and says which candidate it is a vote for, or nobody. So a text becomes a
 * vote for a candidate, a candidate is removed, two questions become one, by changing options
 * only; what is counted is made anew from the votes each time.
 *
 * Pure: the same votes and the same pipeline give the same state and the same bytes. Nothing here
 * writes to a record.
 *
 * Counting a part: verdicts are those of the manifest's rules, by which people voted. Invalid votes
 *   are told by verdict and never counted. A paper that names one candidate twice, by the answer
 *   and by a text, names them once: at the better rank, with the higher points.
 * Errors: those of count_run and seats_run, with the question's id as place.
 * Memory: all in results.arena, which only grows: 4 bytes a paper, 4 a choice (8 with points), the
 *   same again and more at each count.
 */
#ifndef RESULTS_RESULTS_H
#define RESULTS_RESULTS_H

#include "ballot/verdict.h"
#include "base/arena.h"
#include "count/count.h"
#include "count/seats/seats.h"
#include "manifest/manifest.h"

#define RESULTS_NOBODY UINT16_MAX

struct results_candidate {
	bytes name, team; /* team: empty when nothing said */
	enum seats_gender gender;
	bool withdrawn;
};

struct results_option {
	bytes name;
	bool written;       /* in by voters */
	uint64_t weight;    /* written: of the valid votes that have it */
	uint16_t candidate; /* whom it is a vote for; RESULTS_NOBODY */
};

enum results_source {
	RESULTS_OPENED, /* votes of the record, or of a ballot file */
	RESULTS_SHEET,  /* sums that people wrote on a tally sheet */
};
const char *results_source_name(enum results_source s); /* "opened", "sheet" */

struct results_part {
	bytes name; /* area, ballot box; may be empty */
	enum results_source source;
	bool counted;                /* takes part in the count: do_tallies, count_tally_sheets */
	uint64_t verdicts[VERDICTS]; /* weights, of all its votes */
	uint32_t base;               /* its option 0 is the question's option `base` */
	/* Its valid votes; paper i has choices starts[i] … starts[i + 1] - 1. */
	uint32_t *weights, *starts, *choices, *values; /* values: points or ranks; or NULL */
	size_t papers_count, papers_room, choices_room;
};

struct results_question {
	bytes id, title;
	struct count_rule rule; /* with the lot */
	enum profile_kind kind; /* of the papers */
	uint32_t seats, min, max;
	uint32_t points; /* the most for one answer, where voters give points; else 0 */
	struct results_candidate *candidates;
	size_t candidates_count;
	struct results_option *options;
	size_t options_count, options_room;
	struct results_part *parts;
	size_t parts_count, parts_room;
	bool left_out;               /* dont-tally-question, or joined into another */
	struct seats_rule seat_rule; /* no steps: the count alone gives the seats */
	bool *elsewhere;             /* of each candidate: has a seat of another question; or NULL */

	/* What follows from it; results_evaluate. */
	bool fresh;
	struct profile *profile;
	struct count_result *count;        /* NULL: there is no valid vote to count */
	struct seats_result *seats_result; /* NULL: no seat rule, or nothing counted */
};

/* What was done, in a sentence with numbers. */
struct results_note {
	struct results_note *next;
	unsigned pipe;     /* from 1; 0: after the last */
	unsigned question; /* from 1; 0: all */
	bytes text;
};

struct results {
	struct arena *arena;
	bytes title;
	struct results_question *questions;
	size_t questions_count;
	struct results_note *notes, *last_note;
	unsigned pipe;   /* at work */
	bool dry;        /* synthetic votes: ties need no lot */
	digest pipeline; /* SHA-256 of the pipeline's bytes; zeros before one ran */
};

/* The questions of a manifest without any vote. Borrows the manifest. */
bool results_of_manifest(struct results *out, const struct manifest *m, struct arena *a,
                         struct error *err) must_check;
/*
 * One question with the ballots of a file. REJECTED for pairs, for rankings with gaps and for
 * lists, which no pipe knows. Borrows the profile and the rule's lot.
 */
bool results_of_profile(struct results *out, const struct profile *p, const struct count_rule *rule,
                        struct arena *a, struct error *err) must_check;

/* Counts a question anew if anything changed since it was counted. */
bool results_evaluate(struct results *r, struct results_question *q, struct error *err) must_check;
bool results_evaluate_all(struct results *r, struct error *err) must_check;

/* Those with a seat, first seat first, into out[LIMIT_ANSWERS]; how many. Of a fresh question. */
size_t results_winners(uint16_t *out, const struct results_question *q);

/* Votes of the parts that are counted. */
struct results_totals {
	uint64_t valid, blank, invalid; /* blank: those that were opened so */
};
struct results_totals results_totals(const struct results_question *q);
struct results_totals results_part_totals(const struct results_part *p);

#endif
