/* SPDX-License-Identifier: Apache-2.0 */
#include "record/result.h"

#include "record/opened.h"
#include "record/proof.h"
#include "record/result_internal.h"

/* All lists of one group, one after another. */
struct decoding {
	const struct manifest *m;
	const struct manifest_group *group;
	struct election_result *result;
	struct profile *profiles; /* one per question of the group */
	uint64_t papers;          /* of all lists of the group */
};

/* --- one vote --- */

#define NOBODY UINT16_MAX /* written in: no candidate of the count */

/* An answer without points is not on the paper: what that means the rule says. */
static bool add_points(struct profile *p, const struct choices_rule *rule, const uint32_t *digits,
                       struct error *err)
{
	for (uint16_t a = 0; a < rule->answers; a++)
		if (digits[1 + a] && !profile_value(p, a, digits[1 + a], err))
			return false;
	return true;
}

/* Marks in the order of the answers, ranked ones in the order of their ranks. The vote is valid:
 * ranks are 1, 2, … over answers and texts together. */
static bool add_paper(struct profile *p, const struct choices_rule *rule, const uint32_t *digits,
                      uint64_t weight, struct error *err)
{
	uint16_t chosen[LIMIT_ANSWERS + 1];
	unsigned count = 0;
	if (rule->kind == CHOICES_POINTS)
		return add_points(p, rule, digits, err) && profile_close_paper(p, weight, err);
	for (unsigned k = 0; k < rule->max; k++)
		chosen[k] = NOBODY;
	for (uint16_t a = 0; a < rule->answers; a++) {
		if (!digits[1 + a])
			continue;
		chosen[rule->kind == CHOICES_RANKS ? digits[1 + a] - 1 : count] = a;
		count++;
	}
	for (unsigned k = 0; count > 0; k++) {
		if (chosen[k] == NOBODY)
			continue;
		if (!profile_choice(p, chosen[k], err))
			return false;
		count--;
	}
	return profile_close_paper(p, weight, err);
}

static bool add_written(struct decoding *d, const struct manifest_question *q,
                        struct question_result *r, const struct opened_vote *v, struct error *err)
{
	for (unsigned i = 0; i < q->choices.write_ins; i++) {
		struct write_in field;
		choices_write_in(&field, &q->choices, v->digits, i);
		if (field.length > 0 &&
		    !written_add(r, (size_t)d->papers * q->choices.write_ins, &field, v->weight, err))
			return false;
	}
	return true;
}

static bool take_vote(void *ctx, const struct opened_vote *v, struct error *err)
{
	struct decoding *d = ctx;
	const struct manifest_question *q = &d->m->questions[v->question];
	struct question_result *r = &d->result->questions[v->question];
	r->verdicts[v->verdict] += v->weight;
	return v->verdict != VERDICT_VALID ||
	       (add_paper(&d->profiles[v->place], &q->choices, v->digits, v->weight, err) &&
	        add_written(d, q, r, v, err));
}

/* --- the questions of a group --- */

static bool begin_question(struct decoding *d, unsigned k, struct arena *arena, struct error *err)
{
	const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
	struct question_result *r = &d->result->questions[d->group->questions[k]];
	struct profile *p = &d->profiles[k];
	size_t n = (size_t)d->papers;
	size_t per_paper = q->choices.max < q->choices.answers ? q->choices.max : q->choices.answers;
	if (!profile_init(
			p, (struct profile_room){q->choices.answers, n, n * per_paper, q->rule.method->ballot},
			arena, err))
		return false;
	for (unsigned a = 0; a < q->choices.answers; a++) {
		p->candidates[a].name = q->answers[a];
		p->candidates[a].withdrawn = q->withdrawn[a];
	}
	p->seats = q->seats;
	p->title = q->title;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	r->written = arena_take_array(arena, n * q->choices.write_ins, struct written_in, err);
	return r->written != NULL;
}

static bool end_question(struct decoding *d, unsigned k, struct arena *arena, struct error *err)
{
	const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
	struct question_result *r = &d->result->questions[d->group->questions[k]];
	written_sort(r);
	if (r->verdicts[VERDICT_VALID] == 0)
		return true;
	return ((r->count = arena_take_array(arena, 1, struct count_result, err)) &&
	        count_run(r->count, &q->rule, &d->profiles[k], arena, err)) ||
	       fail_within(err, (const char *)q->id.p);
}

static bool group_result(struct decoding *d, const uint64_t *list_sizes, struct folder *record,
                         struct tally_world *world, struct error *err)
{
	unsigned group = (unsigned)(d->group - d->m->groups), questions = d->group->questions_count;
	for (unsigned l = 0; l < d->m->lists_count; l++)
		d->papers += d->m->lists[l].group == group ? list_sizes[l] : 0;
	if (!(d->profiles = arena_take_array(world->arena, questions, struct profile, err)))
		return false;
	for (unsigned k = 0; k < questions; k++)
		if (!begin_question(d, k, world->arena, err))
			return false;
	for (unsigned l = 0; l < d->m->lists_count; l++) {
		const struct opened_list list = {d->m, record, l, list_sizes[l]};
		if (d->m->lists[l].group == group && !opened_read(&list, world, take_vote, d, err))
			return false;
	}
	for (unsigned k = 0; k < questions; k++)
		if (!end_question(d, k, world->arena, err))
			return false;
	return true;
}

bool result_compute(struct election_result **out, const struct manifest *m,
                    const struct election_key *key, const uint64_t *list_sizes,
                    struct folder *record, struct tally_world *world, struct error *err)
{
	struct election_result *r = arena_take_array(world->arena, 1, struct election_result, err);
	const struct result_about about = {m, key, list_sizes};
	if (!r || !(r->questions = arena_take_array(world->arena, m->questions_count,
	                                            struct question_result, err)))
		return false;
	memset(r->questions, 0, m->questions_count * sizeof *r->questions);
	for (unsigned g = 0; g < m->groups_count; g++) {
		struct decoding d = {.m = m, .group = &m->groups[g], .result = r};
		if (!group_result(&d, list_sizes, record, world, err))
			return fail_within(err, (const char *)m->groups[g].name.p);
	}
	*out = r;
	return result_write_json(r, &about, world->arena, err);
}

bool result_statement(digest *out, const struct manifest *m, const struct election_key *key,
                      const uint64_t *list_sizes, struct folder *record, bytes json,
                      struct error *err)
{
	digest plaintexts[LIMIT_LISTS], result = sha256(json);
	size_t lists = 0;
	for (unsigned l = 0; l < m->lists_count; l++)
		if (list_sizes[l] &&
		    !proof_digest(&plaintexts[lists++], record, l, MIX_FILE_PLAINTEXTS, 0, err))
			return false;
	*out = statement_result(&key->eid, plaintexts, lists, &result);
	return true;
}
