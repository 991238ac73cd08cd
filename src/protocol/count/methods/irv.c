/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irv: instant runoff (the alternative vote) for one seat, with the rules by which jurisdictions
 * differ as options; the options and their meaning are those of RCTab, the tabulator of the Ranked
 * Choice Voting Resource Center, as far as they concern one contest.
 *
 * A paper is with its first continuing candidate. At every stage quota = floor(active / 2) + 1,
 * where active are the votes of continuing candidates. Who has the quota is elected (stop=two: only
 * once at most two continue); a candidate who continues alone is elected whatever the votes.
 * Otherwise somebody is excluded, the first of these that names anybody:
 *   1. write-ins=first, after stage 1: the candidate named UWI (undeclared write-ins).
 *   2. minimum=M: all with fewer than M votes, unless that is everybody.
 *   3. batch=on: with the candidates by votes, the most that together have fewer votes than the
 *      next one; with stop=two no more than leave two.
 *   4. the one with the fewest votes. Ties: ties=earlier, the most recent earlier stage at which
 *      they differed, then the lot; ties=lot, the lot.
 * All papers of the excluded move to their next continuing candidate, at once.
 *
 * Reading a paper rank by rank (only the first `ranks` of them): a rank with a candidate, with
 * several (overvote) or with a candidate who stands before (repeated) is used. At a used rank after
 * more than `skipped` empty ones in a row the paper becomes inactive: skipped. At an overvote it
 * does so, overvote=exhaust, or steps over it; at a repeated rank likewise, repeated=exhaust. Past
 * its last rank it is exhausted. A rank with an excluded or withdrawn candidate is stepped over.
 * A paper is blank that names nobody who stands and has no overvote.
 *
 * Only whole votes move, nothing is truncated. Papers stand in the list of their candidate.
 */
#include "count/methods/counting.h"
#include "count/methods/methods.h"

#define NONE UINT32_MAX

enum option {
	BATCH,
	MINIMUM,
	OVERVOTE,
	RANKS,
	REPEATED,
	SKIPPED,
	STOP,
	TIES,
	WRITE_INS,
};

enum reason {
	EXHAUSTED,
	OVERVOTED,
	SKIPPED_RANKS,
	REPEATED_RANK,
	REASONS,
};

struct irv {
	struct counting *c;
	const struct profile *p;
	const int64_t *options;
	uint32_t *first; /* of candidate: its first paper, or NONE */
	uint32_t *next;  /* of paper: the next one of the same candidate */
	uint32_t *place; /* of paper: where in choices[] its candidate stands */
	uint16_t *order; /* the continuing candidates, the fewest votes first */
	size_t hopeful;
	uint16_t *out; /* who is to be excluded, ascending */
	size_t out_count;
	units *merit; /* of candidate: more is a better place */
	units inactive[REASONS];
	struct count_table *by_reason, *transfers;
	bytes *transfer_rows;
};

/* --- tables --- */

static bool make_by_reason(struct irv *s)
{
	struct counting *c = s->c;
	bytes *columns = counting_take(c, REASONS, bytes);
	const bytes *rows = counting_numbers(c, c->stages_room);
	if (!columns || !rows)
		return false;
	columns[EXHAUSTED] = BYTES_LITERAL("exhausted");
	columns[OVERVOTED] = BYTES_LITERAL("overvote");
	columns[SKIPPED_RANKS] = BYTES_LITERAL("skipped");
	columns[REPEATED_RANK] = BYTES_LITERAL("repeated");
	s->by_reason =
		counting_table(c, &(struct count_table_shape){.name = "inactive",
	                                                  .what = "Inactive ballots after each stage",
	                                                  .rows = c->stages_room,
	                                                  .columns = REASONS,
	                                                  .row_names = rows,
	                                                  .column_names = columns,
	                                                  .form = c->result->form});
	if (s->by_reason)
		s->by_reason->rows = 0;
	return s->by_reason != NULL;
}

static bool make_transfers(struct irv *s)
{
	struct counting *c = s->c;
	bytes *columns = counting_take(c, c->candidates + 1, bytes);
	s->transfer_rows = columns ? counting_take(c, c->candidates, bytes) : NULL;
	if (!s->transfer_rows)
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		columns[i] = c->profile->candidates[i].name;
	columns[c->candidates] = BYTES_LITERAL("inactive");
	s->transfers = counting_table(
		c, &(struct count_table_shape){.name = "transfers",
	                                   .what = "Where the votes of each excluded candidate went",
	                                   .rows = c->candidates,
	                                   .columns = c->candidates + 1,
	                                   .row_names = s->transfer_rows,
	                                   .column_names = columns,
	                                   .form = c->result->form});
	if (s->transfers)
		s->transfers->rows = 0;
	return s->transfers != NULL;
}

/* The stage that has just been recorded. */
static void note_inactive(struct irv *s)
{
	for (size_t i = 0; i < REASONS; i++)
		s->by_reason->cells[s->by_reason->rows * REASONS + i] = s->inactive[i];
	s->by_reason->rows++;
}

static bool irv_init(struct irv *s, struct counting *c)
{
	size_t papers = c->profile->papers_count + 1, n = c->candidates;
	*s = (struct irv){.c = c, .p = c->profile, .options = c->rule->values};
	if (!(s->first = counting_take(c, n, uint32_t)) ||
	    !(s->next = counting_take(c, papers, uint32_t)) ||
	    !(s->place = counting_take(c, papers, uint32_t)) ||
	    !(s->order = counting_take(c, n, uint16_t)) || !(s->out = counting_take(c, n, uint16_t)) ||
	    !(s->merit = counting_take(c, n, units)) || !make_by_reason(s))
		return false;
	for (size_t i = 0; i < n; i++) {
		s->first[i] = NONE;
		if (c->status[i] == COUNT_HOPEFUL)
			s->order[s->hopeful++] = (uint16_t)i;
	}
	return true;
}

/* --- papers --- */

/* Moves place[paper] on to a continuing candidate; false when there is none, and why. */
static bool find_candidate(struct irv *s, uint32_t paper, enum reason *why)
{
	uint32_t start = s->p->starts[paper], end = s->p->starts[paper + 1];
	int64_t empty = 0;
	*why = EXHAUSTED;
	if (end - start > s->options[RANKS])
		end = start + (uint32_t)s->options[RANKS];
	for (uint32_t i = s->place[paper]; i < end; i++) {
		uint16_t choice = s->p->choices[i];
		if (choice == PROFILE_SKIPPED) {
			empty++;
			continue;
		}
		if (empty > s->options[SKIPPED])
			*why = SKIPPED_RANKS;
		else if (choice == PROFILE_OVERVOTE && !s->options[OVERVOTE])
			*why = OVERVOTED;
		else if (choice == PROFILE_REPEATED && s->options[REPEATED])
			*why = REPEATED_RANK;
		if (*why != EXHAUSTED)
			return false;
		empty = 0;
		if (choice < s->c->candidates && s->c->status[choice] == COUNT_HOPEFUL) {
			s->place[paper] = i;
			return true;
		}
	}
	return false;
}

/* To its next candidate from place[paper] on, or away. went: a row of the transfers, or NULL. */
static void give_paper(struct irv *s, uint32_t paper, units *went)
{
	struct counting *c = s->c;
	units votes = s->p->counts[paper];
	enum reason why;
	size_t to = c->candidates;
	if (find_candidate(s, paper, &why)) {
		to = s->p->choices[s->place[paper]];
		s->next[paper] = s->first[to];
		s->first[to] = paper;
		c->tallies[to] += votes;
	} else {
		s->inactive[why] += votes;
		c->nontransferable += votes;
	}
	if (went)
		went[to] += votes;
}

static bool is_valid(const struct irv *s, uint32_t paper)
{
	for (uint32_t i = s->p->starts[paper]; i < s->p->starts[paper + 1]; i++)
		if (s->p->choices[i] == PROFILE_OVERVOTE || counting_is_standing(s->c, s->p->choices[i]))
			return true;
	return false;
}

static void count_first_preferences(struct irv *s)
{
	for (uint32_t i = 0; i < s->p->papers_count; i++) {
		bool valid = is_valid(s, i);
		counting_count_paper(s->c, i, valid);
		s->place[i] = s->p->starts[i];
		if (valid)
			give_paper(s, i, NULL);
	}
	s->c->next.action = COUNT_FIRST;
}

static bool exclude(struct irv *s)
{
	struct counting *c = s->c;
	if (!s->transfers && !make_transfers(s))
		return false;
	c->next.action = COUNT_EXCLUSION;
	for (size_t i = 0; i < s->out_count; i++) {
		uint16_t from = s->out[i];
		c->status[from] = COUNT_DEFEATED;
		c->next.amount += c->tallies[from];
		s->merit[from] = ((units)c->result->stages_count << 64) + c->tallies[from];
		counting_about(c, from);
	}
	for (size_t i = 0; i < s->out_count; i++) {
		uint16_t from = s->out[i];
		units *went = s->transfers->cells + s->transfers->rows * s->transfers->columns;
		s->transfer_rows[s->transfers->rows++] = c->profile->candidates[from].name;
		for (uint32_t paper = s->first[from], next; paper != NONE; paper = next) {
			next = s->next[paper];
			s->place[paper]++;
			give_paper(s, paper, went);
		}
		c->tallies[from] = 0;
		s->first[from] = NONE;
	}
	return true;
}

/* --- who is excluded --- */

/* After each stage the order is nearly right already. */
static void sort(struct irv *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->hopeful; i++) {
		uint16_t candidate = s->order[i];
		if (s->c->status[candidate] != COUNT_HOPEFUL)
			continue;
		size_t j = kept++;
		for (; j > 0 && s->c->tallies[s->order[j - 1]] > s->c->tallies[candidate]; j--)
			s->order[j] = s->order[j - 1];
		s->order[j] = candidate;
	}
	s->hopeful = kept;
}

static void take_out(struct irv *s, uint16_t candidate)
{
	size_t i = s->out_count++;
	for (; i > 0 && s->out[i - 1] > candidate; i--)
		s->out[i] = s->out[i - 1];
	s->out[i] = candidate;
}

static void take_write_ins(struct irv *s)
{
	for (size_t i = 0; i < s->c->candidates; i++)
		if (s->c->status[i] == COUNT_HOPEFUL &&
		    bytes_equal(s->p->candidates[i].name, BYTES_LITERAL("UWI")))
			take_out(s, (uint16_t)i);
}

static void take_below_minimum(struct irv *s)
{
	size_t below = 0;
	while (below < s->hopeful && s->c->tallies[s->order[below]] < s->options[MINIMUM])
		below++;
	for (size_t i = 0; i < below && below < s->hopeful; i++)
		take_out(s, s->order[i]);
}

static void take_batch(struct irv *s)
{
	size_t batch = 0, last = s->hopeful - (s->options[STOP] ? 2 : 1);
	units together = 0;
	for (size_t i = 0; i <= last; i++) {
		units votes = s->c->tallies[s->order[i]];
		if (together < votes)
			batch = i;
		together += votes;
	}
	for (size_t i = 0; i < batch; i++)
		take_out(s, s->order[i]);
}

static bool choose(struct irv *s)
{
	uint16_t candidate;
	s->out_count = 0;
	if (s->options[WRITE_INS] && s->c->result->stages_count == 1)
		take_write_ins(s);
	if (s->out_count == 0)
		take_below_minimum(s);
	if (s->out_count == 0 && s->options[BATCH])
		take_batch(s);
	if (s->out_count > 0)
		return true;
	if (!counting_choose(s->c, COUNT_HOPEFUL, false, !s->options[TIES], &candidate))
		return false;
	take_out(s, candidate);
	return true;
}

/* --- the count --- */

static void elect(struct irv *s)
{
	struct counting *c = s->c;
	sort(s);
	c->quota = ((units)c->result->valid - c->nontransferable) / 2 + 1;
	if (s->hopeful == 0 || (s->options[STOP] && s->hopeful > 2))
		return;
	uint16_t best = s->order[s->hopeful - 1];
	bool quota = c->tallies[best] >= c->quota;
	if (quota || s->hopeful == 1)
		counting_elect(c, best, COUNT_ELECTED, !quota);
}

/* The elected, then who continued to the end, then the excluded, the last first. */
static bool place(struct irv *s)
{
	units end = s->c->result->stages_count;
	for (size_t i = 0; i < s->c->candidates; i++)
		if (s->c->status[i] == COUNT_HOPEFUL)
			s->merit[i] = (end << 64) + s->c->tallies[i];
		else if (s->c->status[i] == COUNT_ELECTED)
			s->merit[i] = (end + 1) << 64;
	return counting_place(s->c, s->merit);
}

static bool irv_count(struct counting *c)
{
	struct irv s;
	if (!irv_init(&s, c))
		return false;
	count_first_preferences(&s);
	for (;;) {
		elect(&s);
		if (!counting_record(c))
			return false;
		note_inactive(&s);
		if (c->result->elected_count > 0 || s.hopeful == 0)
			break;
		if (!choose(&s) || !exclude(&s))
			return false;
	}
	if (!place(&s) || !counting_end(c))
		return false;
	note_inactive(&s);
	return true;
}

static size_t irv_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	(void)rule;
	size_t n = p->candidates_count;
	return 2 * arena_room((p->papers_count + 1) * sizeof(uint32_t)) +
	       2 * arena_room(n * sizeof(uint32_t)) + 2 * arena_room(n * sizeof(uint16_t)) +
	       arena_room(n * sizeof(units)) + counting_numbers_bytes(n + 2) +
	       arena_room(REASONS * sizeof(bytes)) + arena_room((n + 2) * REASONS * sizeof(units)) +
	       2 * arena_room((n + 1) * sizeof(bytes)) + arena_room(n * (n + 1) * sizeof(units));
}

static const char *const batch_words[] = {"off", "on", NULL};
static const char *const overvote_words[] = {"exhaust", "skip", NULL};
static const char *const repeated_words[] = {"skip", "exhaust", NULL};
static const char *const stop_words[] = {"majority", "two", NULL};
static const char *const ties_words[] = {"earlier", "lot", NULL};
static const char *const write_ins_words[] = {"stay", "first", NULL};

static const struct count_option irv_options[] = {
	[BATCH] = {.name = "batch",
               .what = "exclude together all who cannot reach the next candidate",
               .type = COUNT_WORD,
               .words = batch_words},
	[MINIMUM] = {.name = "minimum",
                 .what = "candidates with fewer votes are excluded together",
                 .type = COUNT_NUMBER,
                 .max = LIMIT_WEIGHT},
	[OVERVOTE] = {.name = "overvote",
                  .what = "what happens to a ballot at a rank with several candidates",
                  .type = COUNT_WORD,
                  .words = overvote_words},
	[RANKS] = {.name = "ranks",
               .what = "how many ranks count",
               .type = COUNT_NUMBER,
               .min = 1,
               .max = LIMIT_ANSWERS,
               .otherwise = LIMIT_ANSWERS},
	[REPEATED] = {.name = "repeated",
                  .what = "what happens to a ballot at a candidate it named before",
                  .type = COUNT_WORD,
                  .words = repeated_words},
	[SKIPPED] = {.name = "skipped",
                 .what = "how many ranks in a row may be empty",
                 .type = COUNT_NUMBER,
                 .max = LIMIT_ANSWERS,
                 .otherwise = LIMIT_ANSWERS},
	[STOP] = {.name = "stop",
              .what = "elect at a majority, or go on until two candidates are left",
              .type = COUNT_WORD,
              .words = stop_words},
	[TIES] = {.name = "ties",
              .what = "who is excluded of level candidates: by earlier stages, or by lot at once",
              .type = COUNT_WORD,
              .words = ties_words},
	[WRITE_INS] = {.name = "write-ins",
                   .what = "exclude the candidate named UWI (undeclared write-ins) first",
                   .type = COUNT_WORD,
                   .words = write_ins_words},
};

const struct count_method method_irv = {
	.name = "irv",
	.what =
		"instant runoff: the candidate with the fewest votes is excluded until one has a majority",
	.source = "RCTab's rules for one winner; the alternative vote",
	.ballot = PROFILE_RANKING,
	.twice = true,
	.gaps = true,
	.staged = true,
	.conserves = true,
	.options = irv_options,
	.options_count = sizeof irv_options / sizeof *irv_options,
	.check = counting_check_one_seat,
	.count = irv_count,
	.arena_bytes = irv_arena_bytes,
};
