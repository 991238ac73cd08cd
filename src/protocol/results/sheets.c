/* SPDX-License-Identifier: Apache-2.0 */
#include "results/sheets.h"

/* The count with the seats of the rule in place of its own. */
static struct count_result *with_seats(const struct results *r, const struct results_question *q,
                                       struct error *err)
{
	const struct count_result *c = q->count;
	const struct seats_result *s = q->seats_result;
	size_t n = q->candidates_count, last = c->stages_count - 1;
	struct count_result *out = arena_take_array(r->arena, 1, struct count_result, err);
	struct count_stage *stages =
		arena_take_array(r->arena, c->stages_count, struct count_stage, err);
	struct count_seat *elected =
		arena_take_array(r->arena, s->winners_count, struct count_seat, err);
	uint8_t *status = arena_take_array(r->arena, n, uint8_t, err);
	if (!out || !stages || !elected || !status)
		return NULL;
	memcpy(stages, c->stages, c->stages_count * sizeof *stages);
	for (size_t i = 0; i < n; i++)
		status[i] =
			c->stages[last].status[i] == COUNT_ELECTED ? COUNT_DEFEATED : c->stages[last].status[i];
	for (size_t i = 0; i < s->winners_count; i++) {
		elected[i] = (struct count_seat){s->places[i].candidate, (uint32_t)last, false};
		status[s->places[i].candidate] = COUNT_ELECTED;
	}
	stages[last].status = status;
	*out = *c;
	out->stages = stages;
	out->elected = elected;
	out->elected_count = s->winners_count;
	return out;
}

static int by_text(const struct result_written *a, const struct result_written *b)
{
	size_t common = a->text.len < b->text.len ? a->text.len : b->text.len;
	int order = memcmp(a->text.p, b->text.p, common);
	return order ? order : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

/* The most votes first. */
static int by_votes(const struct result_written *a, const struct result_written *b)
{
	return a->votes != b->votes ? (a->votes < b->votes) - (a->votes > b->votes) : by_text(a, b);
}

typedef int written_order(const struct result_written *a, const struct result_written *b);

static void sift(struct result_written *list, size_t at, size_t n, written_order *order)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&list[child], &list[child + 1]) < 0)
			child++;
		if (order(&list[at], &list[child]) >= 0)
			return;
		struct result_written t = list[at];
		list[at] = list[child];
		list[child] = t;
	}
}

static void sort(struct result_written *list, size_t n, written_order *order)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(list, i, n, order);
	for (size_t end = n; end > 1; end--) {
		struct result_written t = list[0];
		list[0] = list[end - 1];
		list[end - 1] = t;
		sift(list, 0, end - 1, order);
	}
}

/* Texts that are nobody's; a question that was joined has some of them twice. */
static size_t take_written(struct result_written *list, const struct results_question *q)
{
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < q->options_count; i++)
		if (q->options[i].written && q->options[i].candidate == RESULTS_NOBODY)
			list[count++] = (struct result_written){q->options[i].name, q->options[i].weight};
	sort(list, count, by_text);
	for (size_t i = 0; i < count; i++)
		if (kept > 0 && bytes_equal(list[kept - 1].text, list[i].text))
			list[kept - 1].votes += list[i].votes;
		else
			list[kept++] = list[i];
	sort(list, kept, by_votes);
	return kept;
}

static bool fill(struct result_sheet *out, const struct results *r,
                 const struct results_question *q, struct error *err)
{
	struct candidate *candidates =
		arena_take_array(r->arena, q->candidates_count, struct candidate, err);
	struct result_number *verdicts =
		arena_take_array(r->arena, VERDICTS, struct result_number, err);
	struct result_written *written =
		arena_take_array(r->arena, q->options_count, struct result_written, err);
	if (!candidates || !verdicts || !written)
		return false;
	struct results_totals of = results_totals(q);
	*out = (struct result_sheet){.title = q->title,
	                             .rule = q->rule.text,
	                             .method = q->rule.method->name,
	                             .candidates = candidates,
	                             .candidates_count = q->candidates_count,
	                             .seats = q->seats,
	                             .min = q->min,
	                             .max = q->max,
	                             .blank = of.blank,
	                             .invalid = of.invalid,
	                             .verdicts = verdicts,
	                             .verdicts_count = VERDICTS,
	                             .written = written,
	                             .count = q->count};
	for (size_t i = 0; i < q->candidates_count; i++)
		candidates[i] = (struct candidate){q->candidates[i].name, q->candidates[i].withdrawn};
	for (unsigned v = 0; v < VERDICTS; v++) {
		verdicts[v] = (struct result_number){verdict_name((enum verdict)v), 0};
		for (size_t i = 0; i < q->parts_count; i++)
			verdicts[v].count += q->parts[i].counted ? q->parts[i].verdicts[v] : 0;
	}
	out->written_count = take_written(written, q);
	return !q->seats_result || (out->count = with_seats(r, q, err));
}

bool results_sheets(struct result_sheets *out, const struct results *r, struct error *err)
{
	struct result_sheet *sheets =
		arena_take_array(r->arena, r->questions_count, struct result_sheet, err);
	if (!sheets)
		return false;
	*out = (struct result_sheets){r->title, sheets, 0};
	for (size_t i = 0; i < r->questions_count; i++)
		if (!r->questions[i].left_out && !fill(&sheets[out->count++], r, &r->questions[i], err))
			return false;
	return true;
}
