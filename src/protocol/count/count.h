/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting: from a profile and a rule to stage tables, exact to the last digit.
 *
 * plurality-at-large: every mark is one vote for its candidate; the highest are elected. Approval
 * is the same sum. One stage, then the end.
 *
 * scotland: STV of Scottish local government (the Scottish Local Government Elections Order 2007,
 * SSI 2007/42, election rules in schedule 1). Quota = floor(valid / (seats + 1)) + 1. Stage 1 holds
 * the first preferences. Then one thing happens per stage: the largest undistributed surplus is
 * transferred (every paper of that candidate goes to its next continuing candidate at
 * value · surplus / total, cut to 5 decimals); or, with no surplus left, the lowest candidate is
 * excluded and the papers move on at their value. It ends when all seats are filled or as many
 * candidates continue as seats are left. A candidate exactly at the quota has a surplus of 0, which
 * takes its stage and moves nothing.
 *
 * Withdrawn candidates are stepped over as if no paper named them. A paper that names nobody
 * standing is blank; quota and totals know valid ballots only.
 *
 * Ties. STV: the most recent earlier stage at which the tied candidates differed decides (the
 * candidates still level at that stage are compared at the stages before it). Where none did, and
 * for the last seats of a plurality count, a lot decides: rule.lot, an order of candidates that
 * somebody drew and declared; the first of the tied in it is the one taken (transferred, excluded,
 * elected). The result says wherever a lot was used. Without one that names all the tied
 * candidates the count stops: REJECTED, with their names in detail.
 *
 * Sizes: votes are integers in units of 10^-decimals: 10^-5 for scotland, 1 for plurality. Sums
 *   have 63 bits: PROFILE_WEIGHT_MAX for plurality, COUNT_STV_BALLOTS_MAX (92 million million) for
 *   scotland, LIMIT above; products of a value and a tally are never made whole.
 * Conserved: at every stage the tallies, nontransferable and truncated add up to
 *   valid · 10^decimals, exactly. nontransferable are the votes of papers without a next candidate;
 *   truncated is what cutting paper values off after 5 decimals has lost so far (each transfer of a
 *   surplus loses less than 10^-5 a ballot).
 * Inputs: sets of marks without an order under a rule that reads rankings are REJECTED. Otherwise
 *   a profile built with profile_* (its invariants are relied on); a rule from
 *   count_rule_named.
 * Memory: the result, and working room that stays taken with it, from the arena:
 *   count_arena_bytes(profile) at most. The result borrows the profile and the rule's lot.
 * Cost: stages · candidates + one visit per transferred paper; no heap, no recursion.
 */
#ifndef COUNT_COUNT_H
#define COUNT_COUNT_H

#include "count/profile.h"

#define COUNT_STV_BALLOTS_MAX ((uint64_t)INT64_MAX / 100000u)

enum count_method {
	COUNT_PLURALITY_AT_LARGE,
	COUNT_SCOTLAND,
};

struct count_rule {
	enum count_method method;
	const char *name;
	bool ranked;         /* reads orders of preference, not just marks */
	const uint16_t *lot; /* candidate indices, first drawn first; NULL: no lot was drawn */
	size_t lot_count;
};

/* REJECTED with the known names for an unknown one. The lot is empty. */
bool count_rule_named(struct count_rule *out, bytes name, struct error *err) must_check;

enum count_status {
	COUNT_HOPEFUL,   /* continuing */
	COUNT_PENDING,   /* elected, surplus to be transferred */
	COUNT_ELECTED,   /* elected */
	COUNT_DEFEATED,  /* excluded, or not elected at the end */
	COUNT_WITHDRAWN, /* never stood */
};
const char *count_status_name(enum count_status s); /* "hopeful", … */

enum count_action {
	COUNT_FIRST,     /* votes counted: first preferences, or all marks */
	COUNT_SURPLUS,   /* the surplus of `candidate`, `amount` of it, transferred */
	COUNT_EXCLUSION, /* `candidate` excluded, `amount` of votes transferred */
	COUNT_END,       /* the remaining seats given, everybody else not elected */
};
const char *count_action_name(enum count_action a); /* "first", … */

enum count_tie {
	COUNT_NO_TIE,
	COUNT_TIE_BY_EARLIER_STAGE,
	COUNT_TIE_BY_LOT,
};
const char *count_tie_name(enum count_tie t); /* "none", "earlier stage", "lot" */

struct count_stage {
	enum count_action action;
	uint16_t candidate; /* of a surplus or an exclusion */
	uint64_t amount;
	uint64_t *tallies;                   /* after the action, one per candidate */
	uint8_t *status;                     /* enum count_status, after its elections */
	uint64_t nontransferable, truncated; /* so far */
	enum count_tie tie;                  /* how the candidate of the action was chosen */
	uint16_t *tied;                      /* among whom; for a lot, those it decided among */
	size_t tied_count;
};

struct count_seat {
	uint16_t candidate;
	uint16_t stage;     /* index of the stage at which the seat was given */
	bool without_quota; /* STV: as many continued as seats were left */
};

struct count_result {
	struct count_rule rule;
	const struct profile *profile;
	unsigned decimals;
	uint64_t valid, blank; /* ballots */
	uint64_t quota;        /* in units; 0 where the rule has none */
	struct count_stage *stages;
	size_t stages_count;
	struct count_seat *elected; /* in order of election; of one stage, highest first */
	size_t elected_count;       /* fewer than seats when fewer candidates stand */
	size_t lots_count;          /* stages that a lot decided */
};

bool count_run(struct count_result *out, const struct count_rule *rule,
               const struct profile *profile, struct arena *a, struct error *err) must_check;
size_t count_arena_bytes(const struct profile *profile);

/* "1353.00000": units as a decimal number. */
void count_add_votes(struct text *t, uint64_t units, unsigned decimals);
/* What happened at a stage, in a sentence: "Surplus of Ann transferred: 399.00000". */
void count_add_action(struct text *t, const struct count_result *r, size_t stage);

#endif
