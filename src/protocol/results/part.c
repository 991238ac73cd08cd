/* SPDX-License-Identifier: Apache-2.0 */
#include "results/part.h"

bool part_begin(struct results_part *out, bytes name, struct part_room room, struct arena *a,
                struct error *err)
{
	*out = (struct results_part){
		.name = name, .papers_room = room.papers, .choices_room = room.choices};
	if (!(out->weights = arena_take_array(a, room.papers, uint32_t, err)) ||
	    !(out->starts = arena_take_array(a, room.papers + 1, uint32_t, err)) ||
	    !(out->choices = arena_take_array(a, room.choices, uint32_t, err)) ||
	    (room.values && !(out->values = arena_take_array(a, room.choices, uint32_t, err))))
		return false;
	out->starts[0] = 0;
	if (room.papers > 0)
		out->starts[1] = 0;
	return true;
}

/* The open paper ends where the next choice goes. */
bool part_choice(struct results_part *p, uint32_t option, uint32_t value, struct error *err)
{
	if (p->papers_count == p->papers_room || p->starts[p->papers_count + 1] == p->choices_room)
		return fail(err, ERROR_BUG, "results: more choices than there is room for",
		            p->choices_room);
	uint32_t at = p->starts[p->papers_count + 1]++;
	p->choices[at] = option;
	if (p->values)
		p->values[at] = value;
	return true;
}

bool part_close_paper(struct results_part *p, uint64_t weight, struct error *err)
{
	if (p->papers_count == p->papers_room)
		return fail(err, ERROR_BUG, "results: more papers than there is room for", p->papers_room);
	if (weight == 0 || weight > UINT32_MAX)
		return fail(err, ERROR_LIMIT, "results: a paper's weight is out of range", p->papers_count);
	p->weights[p->papers_count++] = (uint32_t)weight;
	if (p->papers_count < p->papers_room)
		p->starts[p->papers_count + 1] = p->starts[p->papers_count];
	return true;
}

bool question_add_part(struct results_question *q, const struct results_part *p, struct arena *a,
                       struct error *err)
{
	if (q->parts_count == q->parts_room) {
		size_t room = 2 * q->parts_room + 4;
		struct results_part *parts = arena_take_array(a, room, struct results_part, err);
		if (!parts)
			return false;
		if (q->parts_count > 0)
			memcpy(parts, q->parts, q->parts_count * sizeof *parts);
		q->parts = parts;
		q->parts_room = room;
	}
	q->parts[q->parts_count++] = *p;
	q->fresh = false;
	return true;
}

bool question_begin(struct results_question *q, const struct question_names *names, struct arena *a,
                    struct error *err)
{
	size_t n = names->count;
	if (!(q->candidates = arena_take_array(a, n, struct results_candidate, err)) ||
	    !(q->options = arena_take_array(a, n, struct results_option, err)))
		return false;
	q->candidates_count = q->options_count = q->options_room = n;
	for (size_t i = 0; i < n; i++) {
		q->candidates[i] = (struct results_candidate){
			.name = names->names[i], .withdrawn = names->withdrawn && names->withdrawn[i]};
		q->options[i] = (struct results_option){.name = names->names[i], .candidate = (uint16_t)i};
	}
	return true;
}
