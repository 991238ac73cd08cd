/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting: from a profile and a rule to a result that shows its whole way, exact to the last
 * digit.
 *
 * What each method does stands in its own file in methods/ and, precisely enough to be written a
 * second time, in docs/counting/. A result of any method has the same shape:
 *   stages   what happened, one thing after another, with all tallies after it. The first holds the
 *            votes counted, the last gives the seats that are left.
 *   elected  who has a seat, in order of election.
 *   places   the order of all candidates, where the method makes one.
 *   tables   what else the method computed (pairwise comparisons, grades, quotients).
 *
 * Withdrawn candidates are stepped over as if no paper named them. A paper that names nobody
 * standing is blank; quota and totals know valid ballots only.
 *
 * Ties. Nothing is ever decided by the order of candidates or ballots. Where a method's own rule
 * leaves candidates level, rule.lot decides: an order of candidates that somebody drew and
 * declared; the first of the tied in it is the one taken (transferred, excluded, elected). The
 * result says wherever a lot was used. Without one that names all the tied candidates the count
 * stops: REJECTED, with their names in detail.
 *
 * Conserved, where a method moves votes: at every stage tallies, nontransferable and truncated add
 *   up to valid · one, exactly. nontransferable are the votes of papers without a next candidate;
 *   truncated is what rounding has lost so far.
 * Inputs: a profile built with profile_* (its invariants are relied on); a rule from
 *   count_rule_read. REJECTED when the rule does not count ballots of the profile's kind.
 * Memory: the result, and working room that stays taken with it, from the arena:
 *   count_arena_bytes at most. The result borrows the profile and the rule's lot.
 * Cost: no heap, no recursion; see the methods.
 */
#ifndef COUNT_COUNT_H
#define COUNT_COUNT_H

#include "base/arena.h"
#include "count/profile.h"
#include "count/rule.h"
#include "count/units.h"

enum count_status {
	COUNT_HOPEFUL,   /* continuing */
	COUNT_PENDING,   /* elected, surplus to be transferred */
	COUNT_ELECTED,   /* elected */
	COUNT_DEFEATED,  /* excluded, or not elected at the end */
	COUNT_WITHDRAWN, /* never stood */
	COUNT_LIST_LINE, /* no candidate: the line of a list, where marks are votes for the list */
};
const char *count_status_name(enum count_status s); /* "hopeful", … */

enum count_action {
	COUNT_FIRST,     /* votes counted: first preferences, all marks, points */
	COUNT_SURPLUS,   /* the surplus of `who`, `amount` of it, transferred */
	COUNT_EXCLUSION, /* `who` excluded, `amount` of votes transferred */
	COUNT_ELECTION,  /* `who` elected; votes were recomputed where the method does that */
	COUNT_ROUND,     /* counted anew: a runoff, a lower threshold, other parameters */
	COUNT_END,       /* the remaining seats given, everybody else not elected */
};
const char *count_action_name(enum count_action a); /* "first", … */

enum count_tie {
	COUNT_NO_TIE,
	COUNT_TIE_BY_EARLIER_STAGE,
	COUNT_TIE_BY_RULE, /* by another criterion of the method, which docs/counting/ names */
	COUNT_TIE_BY_LOT,
};
const char *count_tie_name(enum count_tie t); /* "none", "earlier stage", "rule", "lot" */

struct count_stage {
	enum count_action action;
	uint16_t *who; /* of a surplus, an exclusion, an election; ascending */
	size_t who_count;
	units amount;
	units quota;                      /* at this stage; 0 where there is none */
	units *tallies;                   /* after the action, one per candidate */
	uint8_t *status;                  /* enum count_status, after its elections */
	units nontransferable, truncated; /* so far */
	enum count_tie tie;               /* how the candidate of the action was chosen */
	uint16_t *tied;                   /* among whom; for a lot, those it decided among */
	size_t tied_count;
};

struct count_seat {
	uint16_t candidate;
	uint32_t stage;     /* index of the stage at which the seat was given */
	bool without_quota; /* STV: as many continued as seats were left */
};

/* Numbers a method computed beside the tallies: cells[row · columns + column]. */
struct count_table {
	const char *name; /* "pairwise": a word for JSON */
	const char *what; /* "How many ballots prefer the row to the column": a title for people */
	size_t rows, columns;
	const bytes *row_names, *column_names;
	struct units_form form;
	units *cells;
};

struct count_result {
	struct count_rule rule;
	const struct profile *profile;
	struct units_form form; /* of tallies, quota, amounts */
	uint64_t valid, blank;  /* ballots */
	units quota;            /* the last stage's; 0 where the rule has none */
	struct count_stage *stages;
	size_t stages_count;
	struct count_seat *elected; /* in order of election; of one stage, highest first */
	size_t elected_count;       /* fewer than seats when fewer candidates can have one */
	size_t lots_count;          /* stages that a lot decided */
	uint32_t *places;           /* of candidate: from 1, equal for equals; 0: withdrawn; or NULL */
	struct count_table *tables;
	size_t tables_count;
};

bool count_run(struct count_result *out, const struct count_rule *rule,
               const struct profile *profile, struct arena *a, struct error *err) must_check;
size_t count_arena_bytes(const struct count_rule *rule, const struct profile *profile);

/* What happened at a stage, in a sentence: "Surplus of Ann transferred: 399.00000". */
void count_add_action(struct text *t, const struct count_result *r, size_t stage);

#endif
