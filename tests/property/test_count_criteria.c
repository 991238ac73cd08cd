/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Criteria of the theory of voting, for the rules that have them, on random contests for one seat:
 * whoever most put first is elected (majority), who beats each other one is elected (Condorcet) or
 * who loses to each is not (Condorcet loser), and being moved up on a ballot never loses a seat
 * (monotonicity). Computed here from the papers, by nothing of the code under test.
 */
#include "property/contest.h"

enum criterion { MAJORITY = 1, CONDORCET = 2, CONDORCET_LOSER = 4, MONOTONE = 8 };

static const struct {
	const char *rule;
	unsigned has;
} rules[] = {
	{"approval", MONOTONE},
	{"borda", MONOTONE},
	{"borda:unranked=shared", CONDORCET_LOSER | MONOTONE},
	{"bucklin", MAJORITY},
	{"copeland", MAJORITY | CONDORCET | CONDORCET_LOSER | MONOTONE},
	{"coombs:stop=majority", MAJORITY},
	{"ers97", MAJORITY},
	{"irv", MAJORITY | CONDORCET_LOSER},
	{"irv:batch=on", MAJORITY | CONDORCET_LOSER},
	{"majority-judgment:grades=6", MONOTONE},
	{"meek-prf", MAJORITY},
	{"minimax", MAJORITY | CONDORCET | MONOTONE},
	{"minimax:strength=margins", CONDORCET | MONOTONE},
	{"northern-ireland", MAJORITY},
	{"plurality", MAJORITY | MONOTONE},
	{"plurality-at-large", MONOTONE},
	{"ranked-pairs", MAJORITY | CONDORCET | CONDORCET_LOSER | MONOTONE},
	{"schulze", MAJORITY | CONDORCET | CONDORCET_LOSER | MONOTONE},
	{"schulze:strength=margins", MAJORITY | CONDORCET | CONDORCET_LOSER | MONOTONE},
	{"score", MONOTONE},
	{"scotland", MAJORITY | CONDORCET_LOSER},
	{"star", MONOTONE},
	{"supplementary-vote", MAJORITY},
	{"wigm-prf", MAJORITY},
};
#define RULES_COUNT (sizeof rules / sizeof *rules)

static struct contest contest;

/* How many ballots prefer a to b: it stands above, or the other one is not there. */
static uint64_t prefer(size_t a, size_t b)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < contest.papers; i++) {
		const struct contest_paper *p = &contest.paper[i];
		for (size_t j = 0; j < p->length && p->choices[j] != b; j++)
			if (p->choices[j] == a)
				sum += p->count;
	}
	return sum;
}

/* Who beats (or loses to) every other one who stands; candidates when nobody does. */
static size_t condorcet(bool winner)
{
	for (size_t a = 0; a < contest.candidates; a++) {
		bool all = !contest.withdrawn[a];
		size_t others = 0;
		for (size_t b = 0; b < contest.candidates && all; b++) {
			if (b == a || contest.withdrawn[b])
				continue;
			others++;
			all = winner ? prefer(a, b) > prefer(b, a) : prefer(a, b) < prefer(b, a);
		}
		if (all && others > 0)
			return a;
	}
	return contest.candidates;
}

static size_t majority(void)
{
	uint64_t first[CONTEST_CANDIDATES] = {0}, sum = 0;
	for (size_t i = 0; i < contest.papers; i++) {
		const struct contest_paper *p = &contest.paper[i];
		size_t j = 0;
		while (j < p->length && contest.withdrawn[p->choices[j]])
			j++;
		if (j == p->length)
			continue;
		first[p->choices[j]] += p->count;
		sum += p->count;
	}
	for (size_t a = 0; a < contest.candidates; a++)
		if (first[a] > sum / 2)
			return a;
	return contest.candidates;
}

/* The winner of the contest as it stands; candidates when the rule cannot tell without a lot. */
static size_t winner_by(const char *rule)
{
	struct profile p;
	struct count_result r;
	arena_release(test_arena(), 0);
	contest_build(&p, &contest, contest_kind(rule));
	if (!contest_count(&r, &p, rule, NULL) || r.elected_count == 0)
		return contest.candidates;
	return r.elected[0].candidate;
}

static void draw_for_one_seat(void)
{
	contest_draw(&contest);
	contest.seats = 1;
}

static void assert_criterion(enum criterion c, size_t (*who)(void), bool elected)
{
	for (size_t k = 0; k < RULES_COUNT; k++) {
		uint64_t met = 0;
		for (uint64_t n = rules[k].has & c ? TEST_COUNT(500, 10000) : 0; n > 0; n--) {
			draw_for_one_seat();
			const size_t it = who();
			const size_t winner = winner_by(rules[k].rule);
			if (it == contest.candidates || winner == contest.candidates)
				continue;
			met++;
			if ((winner == it) != elected)
				fail_msg("%s: %c is %selected", rules[k].rule, (char)('A' + it),
				         elected ? "not " : "");
		}
		if (rules[k].has & c)
			assert_true(met > 0);
	}
}

static size_t condorcet_winner(void)
{
	return condorcet(true);
}

static size_t condorcet_loser(void)
{
	return condorcet(false);
}

static void whom_most_put_first_is_elected(void **state)
{
	(void)state;
	assert_criterion(MAJORITY, majority, true);
}

static void who_beats_each_other_one_is_elected(void **state)
{
	(void)state;
	assert_criterion(CONDORCET, condorcet_winner, true);
}

static void who_loses_to_each_is_not_elected(void **state)
{
	(void)state;
	assert_criterion(CONDORCET_LOSER, condorcet_loser, false);
}

/* To the front of one paper, with the highest value there is; added where it was not named. */
static void raise(size_t candidate)
{
	struct contest_paper *p = &contest.paper[test_random_below(contest.papers)];
	size_t at = 0;
	while (p->choices[at] != candidate)
		at++;
	p->length += at >= p->length;
	for (; at > 0; at--) {
		p->choices[at] = p->choices[at - 1];
		p->values[at] = p->values[at - 1];
	}
	p->choices[0] = (uint16_t)candidate;
	p->values[0] = 5;
}

static void who_is_moved_up_does_not_lose(void **state)
{
	(void)state;
	for (size_t k = 0; k < RULES_COUNT; k++)
		for (uint64_t n = rules[k].has & MONOTONE ? TEST_COUNT(500, 10000) : 0; n > 0; n--) {
			draw_for_one_seat();
			const size_t winner = winner_by(rules[k].rule);
			if (winner == contest.candidates)
				continue;
			raise(winner);
			const size_t then = winner_by(rules[k].rule);
			if (then != contest.candidates && then != winner)
				fail_msg("%s: %c was moved up and lost to %c", rules[k].rule, (char)('A' + winner),
				         (char)('A' + then));
		}
}

int main(void)
{
	test_random_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whom_most_put_first_is_elected),
		cmocka_unit_test(who_beats_each_other_one_is_elected),
		cmocka_unit_test(who_loses_to_each_is_not_elected),
		cmocka_unit_test(who_is_moved_up_does_not_lose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
