/* SPDX-License-Identifier: Apache-2.0 */
#include "results/results.h"

#include "results/part.h"
#include "results/question_internal.h"

const char *results_source_name(enum results_source s)
{
	return s == RESULTS_SHEET ? "sheet" : "opened";
}

/* --- where they come from --- */

static bool begin(struct results *out, size_t questions, struct arena *a, struct error *err)
{
	*out = (struct results){.arena = a, .questions_count = questions};
	out->questions = arena_take_array(a, questions, struct results_question, err);
	if (out->questions)
		memset(out->questions, 0, questions * sizeof *out->questions);
	return out->questions != NULL;
}

bool results_of_manifest(struct results *out, const struct manifest *m, struct arena *a,
                         struct error *err)
{
	if (!begin(out, m->questions_count, a, err))
		return false;
	out->title = m->title;
	for (unsigned i = 0; i < m->questions_count; i++) {
		const struct manifest_question *from = &m->questions[i];
		struct results_question *q = &out->questions[i];
		const struct question_names names = {from->answers, from->withdrawn, from->choices.answers};
		*q = (struct results_question){.id = from->id,
		                               .title = from->title,
		                               .rule = from->rule,
		                               .kind = from->rule.method->ballot,
		                               .seats = from->seats,
		                               .min = from->choices.min,
		                               .max = from->choices.max,
		                               .points = from->choices.points};
		if (!question_begin(q, &names, a, err))
			return false;
	}
	return true;
}

static bool copy_papers(struct results_part *part, const struct profile *p, struct error *err)
{
	for (size_t i = 0; i < p->papers_count; i++) {
		if (p->starts[i] == p->starts[i + 1]) {
			part->verdicts[VERDICT_BLANK] += p->counts[i];
			continue;
		}
		for (uint32_t k = p->starts[i]; k < p->starts[i + 1]; k++)
			if (!part_choice(part, p->choices[k], p->values ? p->values[k] : 0, err))
				return false;
		if (!part_close_paper(part, p->counts[i], err))
			return false;
		part->verdicts[VERDICT_VALID] += p->counts[i];
	}
	return true;
}

bool results_of_profile(struct results *out, const struct profile *p, const struct count_rule *rule,
                        struct arena *a, struct error *err)
{
	bool withdrawn[LIMIT_ANSWERS];
	bytes names[LIMIT_ANSWERS];
	struct results_part part;
	if (p->kind == PROFILE_PAIRS || p->gaps || p->lists_count > 0)
		return fail(err, ERROR_REJECTED,
		            "results: no pipe knows pairs, skipped ranks and party lists; count them with "
		            "urna count",
		            ERROR_NOWHERE);
	if (!begin(out, 1, a, err))
		return false;
	for (size_t i = 0; i < p->candidates_count; i++) {
		names[i] = p->candidates[i].name;
		withdrawn[i] = p->candidates[i].withdrawn;
	}
	struct results_question *q = &out->questions[0];
	out->title = p->title;
	*q = (struct results_question){.id = BYTES_LITERAL("q1"),
	                               .title = p->title,
	                               .rule = *rule,
	                               .kind = p->kind,
	                               .seats = p->seats,
	                               .max = (uint32_t)p->candidates_count};
	return question_begin(q, &(struct question_names){names, withdrawn, p->candidates_count}, a,
	                      err) &&
	       part_begin(
			   &part, BYTES_NONE,
			   (struct part_room){p->papers_count, p->starts[p->papers_count], p->values != NULL},
			   a, err) &&
	       copy_papers(&part, p, err) && question_add_part(q, &part, a, err);
}

/* --- totals --- */

struct results_totals results_part_totals(const struct results_part *p)
{
	struct results_totals t = {p->verdicts[VERDICT_VALID], p->verdicts[VERDICT_BLANK], 0};
	for (unsigned v = 0; v < VERDICTS; v++)
		t.invalid += verdict_is_invalid((enum verdict)v) ? p->verdicts[v] : 0;
	return t;
}

struct results_totals results_totals(const struct results_question *q)
{
	struct results_totals sum = {0, 0, 0};
	for (size_t i = 0; i < q->parts_count; i++) {
		struct results_totals t = results_part_totals(&q->parts[i]);
		if (!q->parts[i].counted)
			continue;
		sum.valid += t.valid;
		sum.blank += t.blank;
		sum.invalid += t.invalid;
	}
	return sum;
}

size_t results_winners(uint16_t *out, const struct results_question *q)
{
	size_t n = 0;
	if (q->seats_result)
		for (; n < q->seats_result->winners_count; n++)
			out[n] = q->seats_result->places[n].candidate;
	else if (q->count)
		for (; n < q->count->elected_count; n++)
			out[n] = q->count->elected[n].candidate;
	return n;
}

/* --- counting --- */

/* The better of what a paper gives one candidate: the lower rank, the higher points. */
static uint32_t best_value(const struct results_question *q, const struct results_part *p,
                           size_t paper, uint16_t candidate)
{
	uint32_t best = 0;
	bool any = false;
	for (uint32_t k = p->starts[paper]; k < p->starts[paper + 1]; k++) {
		uint32_t v = p->values[k];
		if (q->options[p->base + p->choices[k]].candidate != candidate)
			continue;
		if (!any || (q->kind == PROFILE_RANKS ? v < best : v > best))
			best = v;
		any = true;
	}
	return best;
}

static bool add_paper(struct profile *out, const struct results_question *q,
                      const struct results_part *p, size_t paper, struct error *err)
{
	for (uint32_t k = p->starts[paper]; k < p->starts[paper + 1]; k++) {
		uint16_t who = q->options[p->base + p->choices[k]].candidate;
		if (who == RESULTS_NOBODY || profile_paper_has(out, who))
			continue;
		bool good = p->values ? profile_value(out, who, best_value(q, p, paper, who), err)
		                      : profile_choice(out, who, err);
		if (!good)
			return false;
	}
	return profile_close_paper(out, p->weights[paper], err);
}

static bool make_profile(struct results *r, struct results_question *q, struct error *err)
{
	struct profile_room room = {.candidates = q->candidates_count, .kind = q->kind};
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		room.papers += p->counted ? p->papers_count : 0;
		room.choices += p->counted && p->papers_count > 0 ? p->starts[p->papers_count] : 0;
	}
	if (!(q->profile = arena_take_array(r->arena, 1, struct profile, err)) ||
	    !profile_init(q->profile, room, r->arena, err))
		return false;
	for (size_t i = 0; i < q->candidates_count; i++)
		q->profile->candidates[i] =
			(struct candidate){q->candidates[i].name, q->candidates[i].withdrawn};
	q->profile->seats = q->seats;
	q->profile->title = q->title;
	q->profile->ballots_max = PROFILE_WEIGHT_MAX;
	for (size_t i = 0; i < q->parts_count; i++)
		for (size_t k = 0; q->parts[i].counted && k < q->parts[i].papers_count; k++)
			if (!add_paper(q->profile, q, &q->parts[i], k, err))
				return false;
	return true;
}

static bool give_seats(struct results *r, struct results_question *q, struct error *err)
{
	struct seats_person *people =
		arena_take_array(r->arena, q->candidates_count, struct seats_person, err);
	q->seats_result = arena_take_array(r->arena, 1, struct seats_result, err);
	if (!people || !q->seats_result)
		return false;
	for (size_t i = 0; i < q->candidates_count; i++)
		people[i] = (struct seats_person){q->candidates[i].team, q->candidates[i].gender};
	const struct seats_input in = {q->count, people, q->elsewhere};
	return seats_run(q->seats_result, &q->seat_rule, &in, r->arena, err);
}

/* Synthetic votes may tie where real ones do not: whom no lot names stands behind, in order. */
static bool fill_lot(struct results *r, struct results_question *q, struct error *err)
{
	uint16_t *lot = arena_take_array(r->arena, LIMIT_ANSWERS, uint16_t, err);
	size_t count = q->rule.lot_count;
	bool there[LIMIT_ANSWERS] = {false};
	if (!lot)
		return false;
	for (size_t i = 0; i < count; i++) {
		lot[i] = q->rule.lot[i];
		there[lot[i]] = true;
	}
	for (size_t c = 0; c < q->candidates_count; c++)
		if (!there[c])
			lot[count++] = (uint16_t)c;
	q->rule.lot = lot;
	q->rule.lot_count = count;
	return true;
}

/* Votes made from sums have the sums and nothing else: only what adds up may read them. */
static bool check_sheets(const struct results_question *q, struct error *err)
{
	static const char *const sums[] = {"approval", "cumulative", "plurality-at-large"};
	bool adds = false, sheets = false;
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
		adds = adds || strcmp(q->rule.method->name, sums[i]) == 0;
	for (size_t i = 0; i < q->parts_count; i++)
		sheets = sheets || (q->parts[i].counted && q->parts[i].source == RESULTS_SHEET);
	return adds || !sheets ||
	       fail_detail(err, ERROR_REJECTED, "results: tally sheets go with sums of votes only",
	                   ERROR_NOWHERE, q->rule.method->name);
}

static bool evaluate(struct results *r, struct results_question *q, struct error *err)
{
	q->profile = NULL;
	q->count = NULL;
	q->seats_result = NULL;
	if (q->left_out || results_totals(q).valid == 0)
		return true;
	if (!check_sheets(q, err))
		return false;
	const struct count_rule declared = q->rule;
	if (r->dry && !fill_lot(r, q, err))
		return false;
	bool good = make_profile(r, q, err) &&
	            (q->count = arena_take_array(r->arena, 1, struct count_result, err)) &&
	            count_run(q->count, &q->rule, q->profile, r->arena, err) &&
	            (q->seat_rule.steps_count == 0 || give_seats(r, q, err));
	q->rule = declared;
	return good;
}

bool results_evaluate(struct results *r, struct results_question *q, struct error *err)
{
	if (!q->fresh && !evaluate(r, q, err)) {
		q->count = NULL;
		q->seats_result = NULL;
		return question_fail(q, err);
	}
	q->fresh = true;
	return true;
}

bool results_evaluate_all(struct results *r, struct error *err)
{
	for (size_t i = 0; i < r->questions_count; i++)
		if (!results_evaluate(r, &r->questions[i], err))
			return false;
	return true;
}
