/* SPDX-License-Identifier: Apache-2.0 */
/*
 * star (Equal Vote Coalition: score then automatic runoff): of the two candidates with the highest
 * sums of scores the one whom more ballots score higher. Several seats (bloc STAR): again without
 * the elected, for each.
 *
 * Ties as in the Coalition's official protocol, a place in the runoff at a time. Level in sums: who
 * lost the most comparisons among those level goes out, again and again; then more ballots with the
 * top score; then the lot. Level in the runoff: the higher sum, then more top scores, then the lot.
 *
 * Stages: the sums; for each seat one with the two finalists' votes (nontransferable: ballots that
 * score them alike) and one that elects; the end.
 */
#include "count/methods/grades.h"
#include "count/methods/methods.h"
#include "count/methods/pairwise.h"

struct star {
	struct grades grades;
	struct pairwise pairs;
	units *sums, *numbers; /* numbers: what a tie is looked at by */
};

/* Among c->tied: fewer lost comparisons among themselves, again and again. */
static void narrow_by_defeats(struct star *s)
{
	struct counting *c = s->grades.c;
	for (size_t before = 0; before != c->tied_count && c->tied_count > 1;) {
		before = c->tied_count;
		units most = 0;
		for (size_t i = 0; i < before; i++) {
			s->numbers[c->tied[i]] = 0;
			for (size_t j = 0; j < before; j++)
				s->numbers[c->tied[i]] +=
					pairwise_strength(&s->pairs, c->tied[j], c->tied[i], PAIRWISE_WINNING) > 0;
			most = s->numbers[c->tied[i]] > most ? s->numbers[c->tied[i]] : most;
		}
		size_t kept = 0;
		for (size_t i = 0; i < before; i++)
			if (s->numbers[c->tied[i]] < most)
				c->tied[kept++] = c->tied[i];
		c->tied_count = kept > 0 ? kept : before;
	}
}

static void narrow_by_top_scores(struct star *s)
{
	struct counting *c = s->grades.c;
	for (size_t i = 0; i < c->tied_count; i++)
		s->numbers[c->tied[i]] = s->grades.numbers[(c->tied[i] + 1u) * s->grades.steps - 1];
	counting_narrow(c, s->numbers, true);
}

/* A lot that was noted for the stage stays noted, whatever else is decided there. */
static bool note_rule(struct counting *c)
{
	return c->tied_count < 2 || c->next.tie == COUNT_TIE_BY_LOT ||
	       counting_note_tie(c, COUNT_TIE_BY_RULE);
}

static bool draw_once(struct counting *c, uint16_t *candidate)
{
	struct count_stage before = c->next;
	if (!counting_draw(c, candidate))
		return false;
	if (before.tie == COUNT_TIE_BY_LOT)
		c->next = before;
	return true;
}

/* The hopeful candidate with the highest sum, but for `taken`. `both` are wanted in all. */
static bool choose_finalist(struct star *s, const uint16_t *taken, uint16_t *finalist)
{
	struct counting *c = s->grades.c;
	size_t kept = 0, places = taken ? 1 : 2;
	counting_gather(c, COUNT_HOPEFUL);
	for (size_t i = 0; i < c->tied_count; i++)
		if (!taken || c->tied[i] != *taken)
			c->tied[kept++] = c->tied[i];
	c->tied_count = kept;
	counting_narrow(c, s->sums, true);
	if (c->tied_count <= places) {
		*finalist = c->tied[0];
		return true;
	}
	if (!note_rule(c))
		return false;
	narrow_by_defeats(s);
	narrow_by_top_scores(s);
	return draw_once(c, finalist);
}

/* Stage: the two finalists with the ballots that prefer each; the others' votes are nowhere. */
static bool hold_runoff(struct star *s, const uint16_t *finalists)
{
	struct counting *c = s->grades.c;
	size_t n = c->candidates, a = finalists[0], b = finalists[1];
	memset(c->tallies, 0, n * sizeof *c->tallies);
	c->tallies[a] = s->pairs.votes[a * n + b];
	c->tallies[b] = s->pairs.votes[b * n + a];
	c->nontransferable = (units)c->result->valid - c->tallies[a] - c->tallies[b];
	c->next.action = COUNT_ROUND;
	counting_about(c, finalists[0]);
	counting_about(c, finalists[1]);
	return counting_record(c);
}

static bool elect_finalist(struct star *s, const uint16_t *finalists)
{
	struct counting *c = s->grades.c;
	uint16_t winner;
	c->tied[0] = finalists[0] < finalists[1] ? finalists[0] : finalists[1];
	c->tied[1] = finalists[0] < finalists[1] ? finalists[1] : finalists[0];
	c->tied_count = 2;
	counting_narrow(c, c->tallies, true);
	if (!note_rule(c))
		return false;
	counting_narrow(c, s->sums, true);
	narrow_by_top_scores(s);
	if (!counting_draw(c, &winner))
		return false;
	c->next.action = COUNT_ELECTION;
	counting_about(c, winner);
	counting_elect(c, winner, COUNT_ELECTED, false);
	return counting_record(c);
}

static bool give_seat(struct star *s)
{
	uint16_t finalists[2];
	return choose_finalist(s, NULL, &finalists[0]) &&
	       choose_finalist(s, &finalists[0], &finalists[1]) && hold_runoff(s, finalists) &&
	       elect_finalist(s, finalists);
}

static bool count_star(struct counting *c)
{
	struct star s;
	if (!(s.sums = counting_take(c, c->candidates, units)) ||
	    !(s.numbers = counting_take(c, c->candidates, units)) ||
	    !pairwise_count(&s.pairs, c, true) ||
	    !grades_count(&s.grades, c, 0, (size_t)c->rule->values[0]) || !grades_table(&s.grades) ||
	    !pairwise_table(c, &s.pairs, "pairwise", "how many ballots score the row higher"))
		return false;
	grades_add_scores(c);
	memcpy(s.sums, c->tallies, c->candidates * sizeof *s.sums);
	c->next.action = COUNT_FIRST;
	if (!counting_record(c))
		return false;
	while (counting_with(c, COUNT_HOPEFUL) > 1 && c->result->elected_count < c->profile->seats)
		if (!give_seat(&s))
			return false;
	memcpy(c->tallies, s.sums, c->candidates * sizeof *s.sums);
	c->nontransferable = 0;
	return counting_seat_highest(c, NULL);
}

static bool check_star(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	return grades_check(p, (uint64_t)rule->values[0], err);
}

static size_t star_stages(const struct count_rule *rule, const struct profile *p)
{
	size_t seats = p->seats < p->candidates_count ? p->seats : p->candidates_count;
	return 2 * seats + 2;
}

static size_t star_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count;
	/* Two ties may be noted at a stage, and one of them kept. */
	return grades_bytes(p, (size_t)rule->values[0]) + pairwise_bytes(p) + pairwise_table_bytes(p) +
	       2 * arena_room(n * sizeof(units)) +
	       2 * star_stages(rule, p) * arena_room(n * sizeof(uint16_t));
}

static const struct count_option star_options[] = {
	{"max", "the highest score", COUNT_NUMBER, 1, GRADES_MOST - 1, 5, NULL},
};

const struct count_method method_star = {
	.name = "star",
	.what = "of the two with the highest sums of scores, whom more ballots score higher",
	.source = "Equal Vote Coalition, STAR voting and its official tiebreaker",
	.ballot = PROFILE_SCORES,
	.twice = true,
	.staged = true,
	.options = star_options,
	.options_count = 1,
	.check = check_star,
	.count = count_star,
	.arena_bytes = star_bytes,
	.stages_most = star_stages,
};
