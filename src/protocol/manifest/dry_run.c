/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#define PAPERS 3u

/* The first `length` answers, forwards or backwards, as a ballot of the question's kind. */
static bool add_paper(struct profile *p, const struct manifest_question *q, unsigned length,
                      bool backwards, struct error *err)
{
	const struct choices_rule *c = &q->choices;
	uint32_t left = c->total ? c->total : UINT32_MAX;
	for (unsigned i = 0; i < length; i++) {
		const unsigned answer = backwards ? length - 1 - i : i;
		const uint32_t points = left < c->points ? left : c->points;
		if (c->kind != CHOICES_POINTS) {
			if (!profile_choice(p, answer, err))
				return false;
			continue;
		}
		if (points > 0 && !profile_value(p, answer, points, err))
			return false;
		left -= points;
	}
	return true;
}

static bool add_papers(struct profile *p, const struct manifest *m,
                       const struct manifest_question *q, struct error *err)
{
	const unsigned most = q->choices.max < q->choices.answers ? q->choices.max : q->choices.answers;
	return add_paper(p, q, most, false, err) && profile_close_paper(p, m->weight_max, err) &&
	       add_paper(p, q, most, true, err) && profile_close_paper(p, 1, err) &&
	       add_paper(p, q, 1, false, err) && profile_close_paper(p, 1, err);
}

/* What the question's count can take at most: with any number of choices on any ballots. */
static bool add_bytes(size_t *taken, const struct count_rule *rule, const struct profile *p,
                      struct error *err)
{
	struct profile most = *p;
	most.choices_count = UINT32_MAX;
	*taken += count_arena_bytes(rule, &most);
	return *taken <= LIMIT_COUNT_BYTES ||
	       fail_detail(err, ERROR_REJECTED,
	                   "manifest: so many candidates and seats can have more stages than a result "
	                   "shows; use fewer, or another rule",
	                   *taken, rule->text);
}

/* taken: what this and the questions before it can take. */
static bool try_question(const struct manifest *m, const struct manifest_question *q, size_t *taken,
                         struct arena *arena, struct error *err)
{
	const size_t n = q->choices.answers;
	struct profile p;
	struct count_result result;
	struct count_rule rule = q->rule;
	const struct profile_room room = {n, PAPERS, PAPERS * n, rule.method->ballot};
	uint16_t *lot = arena_take_array(arena, n, uint16_t, err);
	if (!lot || !profile_init(&p, room, arena, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		lot[i] = (uint16_t)i;
		p.candidates[i] = (struct candidate){.name = q->answers[i], .withdrawn = q->withdrawn[i]};
	}
	p.seats = q->seats;
	p.ballots_max = PROFILE_WEIGHT_MAX;
	if (!rule.lot) { /* a tie of these ballots says nothing about the voters' */
		rule.lot = lot;
		rule.lot_count = n;
	}
	return add_papers(&p, m, q, err) && add_bytes(taken, &rule, &p, err) &&
	       count_run(&result, &rule, &p, arena, err);
}

bool manifest_dry_run(const struct manifest *m, struct arena *arena, struct error *err)
{
	const size_t mark = arena_mark(arena);
	size_t taken = 0;
	bool good = true;
	for (unsigned i = 0; i < m->questions_count && good; i++) {
		good = try_question(m, &m->questions[i], &taken, arena, err);
		arena_release(arena, mark);
		if (!good)
			fail_within(err, (const char *)m->questions[i].id.p); /* a text of core/json: it ends */
	}
	return good;
}
