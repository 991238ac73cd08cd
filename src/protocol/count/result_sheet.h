/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is published about one question: its count, and the ballots that never came to be counted.
 *
 * A ballot file has one sheet, a record one for each question. All writers of results for people
 * and for other programs (CSV, SVG, HTML, Sequent's JSON) read these.
 *
 * Inputs: candidates, seats and rule are those of `count` where there is one. blank and invalid are
 *   ballots beside those of the count; ballots that the count itself found blank are not in them.
 * Memory: everything is borrowed.
 */
#ifndef COUNT_RESULT_SHEET_H
#define COUNT_RESULT_SHEET_H

#include "base/limits.h"
#include "count/count.h"

struct result_number {
	const char *name;
	uint64_t count;
};

struct result_written {
	bytes text;
	uint64_t votes;
};

struct result_sheet {
	bytes title; /* may be empty */
	const char *rule, *method;
	const struct candidate *candidates;
	size_t candidates_count;
	uint32_t seats, min, max; /* how many answers a ballot may choose */
	uint64_t blank, invalid;
	const struct result_number *verdicts; /* ballots by what they were; none: a plain file */
	size_t verdicts_count;
	const struct result_written *written; /* in by voters; the most votes first */
	size_t written_count;
	const struct count_result *count; /* NULL: no ballot was valid */
};

struct result_sheets {
	bytes title; /* of all together; empty: that of the first */
	const struct result_sheet *sheets;
	size_t count;
};

/* The sheet of a ballot file that was counted. */
struct result_sheet result_sheet_of(const struct count_result *r);

bytes result_sheets_title(const struct result_sheets *s); /* never empty */
uint64_t result_sheet_valid(const struct result_sheet *s);
uint64_t result_sheet_blank(const struct result_sheet *s);
/* The place among the elected, from 1; 0: not elected. */
size_t result_sheet_seat(const struct result_sheet *s, size_t candidate);
/* Tallies, non-transferable and cut off votes of a stage together. */
units result_stage_total(const struct count_result *r, size_t stage);
/* How many of these three mean something, from the first on: non-transferable, cut off, total. A
 * method that does not move votes has no total that stays the same. */
unsigned result_sums(const struct count_result *r);
/* Candidates from the first to the last: by place where the method ranks, then by their votes at
 * the end and at the stages before; level ones by number. */
void result_order(uint16_t out[static LIMIT_ANSWERS], const struct count_result *r);

#endif
