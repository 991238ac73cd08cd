/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What methods share: the state of a count, recording stages, electing, breaking ties.
 *
 * A method gets a struct counting whose candidates all stand HOPEFUL (or WITHDRAWN) with tallies
 * of 0, adds up votes, and goes on: set c->next (action, who, amount), change tallies and status,
 * counting_elect, counting_record. It ends with a stage COUNT_END after which nobody is hopeful or
 * pending. A false from any of these is the method's own answer: pass it on.
 *
 * Memory: all in the arena. Tables and lists that a method makes with counting_* are the result's.
 */
#ifndef COUNT_COUNTING_H
#define COUNT_COUNTING_H

#include "count/count.h"

struct counting {
	struct count_result *result;
	const struct count_rule *rule;
	const struct profile *profile;
	struct arena *arena;
	struct error *err;

	size_t candidates; /* all of them */
	size_t standing;   /* not withdrawn */
	units *tallies;    /* now */
	uint8_t *status;
	units quota, nontransferable, truncated;

	uint16_t *tied; /* the candidates a choice is among, and how many */
	size_t tied_count;
	uint32_t *drawn; /* place in the lot, from 1; 0: not in it */

	struct count_stage next; /* action, amount, tie of the stage being made */
	uint16_t *who;           /* room for next.who: all candidates */
	size_t stages_room, tables_room;
};

/* --- stages --- */

void counting_use_form(struct counting *c, struct units_form form);
/* Says whom the stage being made is about; once, or more often in any order. */
void counting_about(struct counting *c, uint16_t candidate);
/* Copies the state into a new stage, with c->next saying what led to it; clears c->next. */
bool counting_record(struct counting *c) must_check;
/* Gives a hopeful candidate a seat at the stage that is being made. */
void counting_elect(struct counting *c, uint16_t candidate, enum count_status status,
                    bool without_quota);
/* COUNT_END: who is pending is elected, who is hopeful is defeated; recorded. */
bool counting_end(struct counting *c) must_check;
size_t counting_with(const struct counting *c, enum count_status status);

/* --- ties --- */

/* All candidates of a status into c->tied, ascending. */
void counting_gather(struct counting *c, enum count_status status);
/* Only those of c->tied whose number is the highest (lowest) stay. */
void counting_narrow(struct counting *c, const units *numbers, bool highest);
/* Narrows by the tallies of the stages before, the latest first, until one is left. */
void counting_narrow_by_stages(struct counting *c, bool highest);
/* Remembers c->tied as the tie that led to the stage being made. */
bool counting_note_tie(struct counting *c, enum count_tie tie) must_check;
/* The first of c->tied in the declared lot, noted as such; one alone is taken without. REJECTED
 * when the lot does not name all of them. */
bool counting_draw(struct counting *c, uint16_t *candidate) must_check;

/*
 * The usual choice: of all candidates of `status` the one with the highest (lowest) tally; if
 * several, by earlier stages (where `look_back`), then by lot. At least one has the status.
 */
bool counting_choose(struct counting *c, enum count_status status, bool highest, bool look_back,
                     uint16_t *candidate) must_check;
/* The usual end of methods that add up: the seats that are left go to the hopeful candidates with
 * the highest numbers, level ones at the last seat by lot; then counting_end. numbers NULL: the
 * tallies. */
bool counting_seat_highest(struct counting *c, const units *numbers) must_check;
/* The usual end of STV: the hopeful candidates, no more than seats are left, get them without the
 * quota, the highest numbers first; where no seat is left they are defeated; then counting_end. */
bool counting_seat_rest(struct counting *c, const units *numbers) must_check;
/* Whether all seats are given, or as many candidates continue as seats are left. */
bool counting_is_complete(const struct counting *c);
/* Before counting_seat_highest with numbers: where the last seat is between candidates whose
 * tallies are level, notes that the rule's own order decided among all of that tally. */
bool counting_note_order(struct counting *c, const units *numbers) must_check;
/* Places 1, 2, … by numbers, the highest first, equal numbers one place ("1, 2, 2, 4"). */
bool counting_place(struct counting *c, const units *numbers) must_check;

/* --- papers --- */

/* Votes for everybody named on a paper who stands; counts valid and blank ballots. */
bool counting_is_standing(const struct counting *c, uint16_t choice);
void counting_count_paper(struct counting *c, size_t paper, bool valid);

/* --- memory and tables --- */

#define counting_take(c, count, type) ((type *)counting_take_zeroed((c), (count), sizeof(type)))
void *counting_take_zeroed(struct counting *c, size_t count, size_t item_bytes) must_check;
/* A table of zeros; names NULL: the candidates'. */
struct count_table_shape {
	const char *name, *what;
	size_t rows, columns;
	const bytes *row_names, *column_names;
	struct units_form form;
};
struct count_table *counting_table(struct counting *c,
                                   const struct count_table_shape *shape) must_check;
/* Names "1", "2", … for the rows of a table (its stages). */
const bytes *counting_numbers(struct counting *c, size_t count) must_check;
size_t counting_numbers_bytes(size_t count);

/* A method's check: REJECTED unless there is one seat. */
bool counting_check_one_seat(const struct count_rule *rule, const struct profile *p,
                             struct error *err) must_check;

/* A table with a row for every stage there can be, named "1", "2", …; shape->rows is not read.
 * counting_stage_row is the row of the stage being made; counting_cut_rows leaves as many rows as
 * stages were recorded. The table takes counting_stage_table_bytes at most. */
struct count_table *counting_stage_table(struct counting *c,
                                         const struct count_table_shape *shape) must_check;
units *counting_stage_row(const struct counting *c, const struct count_table *t);
void counting_cut_rows(const struct counting *c, struct count_table *t);
size_t counting_stage_table_bytes(size_t stages, size_t columns);

/* LIMIT: numbers of this election are too large for the method. */
bool counting_fail_large(struct counting *c);

#endif
