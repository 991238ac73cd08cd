/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_sheet.h"

struct result_sheet result_sheet_of(const struct count_result *r)
{
	const struct profile *p = r->profile;
	return (struct result_sheet){
		.title = p->title,
		.rule = r->rule.text,
		.method = r->rule.method->name,
		.candidates = p->candidates,
		.candidates_count = p->candidates_count,
		.seats = p->seats,
		.max = (uint32_t)p->candidates_count,
		.count = r,
	};
}

bytes result_sheets_title(const struct result_sheets *s)
{
	if (s->title.len > 0)
		return s->title;
	return s->count > 0 && s->sheets[0].title.len > 0 ? s->sheets[0].title
	                                                  : BYTES_LITERAL("Result of the count");
}

uint64_t result_sheet_valid(const struct result_sheet *s)
{
	return s->count ? s->count->valid : 0;
}

uint64_t result_sheet_blank(const struct result_sheet *s)
{
	return s->blank + (s->count ? s->count->blank : 0);
}

size_t result_sheet_seat(const struct result_sheet *s, size_t candidate)
{
	for (size_t i = 0; s->count && i < s->count->elected_count; i++)
		if (s->count->elected[i].candidate == candidate)
			return i + 1;
	return 0;
}

unsigned result_sums(const struct count_result *r)
{
	return r->rule.method->conserves ? 3 : 1;
}

units result_stage_total(const struct count_result *r, size_t stage)
{
	const struct count_stage *s = &r->stages[stage];
	units sum = s->nontransferable + s->truncated;
	for (size_t i = 0; i < r->profile->candidates_count; i++)
		sum += s->tallies[i];
	return sum;
}

/* Withdrawn candidates have place 0 and stand behind everybody. */
static bool is_before(const struct count_result *r, uint16_t a, uint16_t b)
{
	bool a_stood = !r->profile->candidates[a].withdrawn;
	bool b_stood = !r->profile->candidates[b].withdrawn;
	if (a_stood != b_stood)
		return a_stood;
	if (r->places && r->places[a] != r->places[b])
		return r->places[a] < r->places[b];
	for (size_t i = r->stages_count; i-- > 0;)
		if (r->stages[i].tallies[a] != r->stages[i].tallies[b])
			return r->stages[i].tallies[a] > r->stages[i].tallies[b];
	return false;
}

void result_order(uint16_t out[static LIMIT_ANSWERS], const struct count_result *r)
{
	require(r->profile->candidates_count <= LIMIT_ANSWERS);
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		size_t at = i;
		for (; at > 0 && is_before(r, (uint16_t)i, out[at - 1]); at--)
			out[at] = out[at - 1];
		out[at] = (uint16_t)i;
	}
}
