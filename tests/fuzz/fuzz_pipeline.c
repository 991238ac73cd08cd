/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipelines of results. For any input: it is refused with a kind from {MALFORMED, LIMIT, REJECTED},
 * or it runs over a few votes and is refused then, or every vote is in a part once and results are
 * in range; twice gives the same JSON.
 */
#include "count/text_sink.h"
#include "results/part.h"
#include "results/pipeline.h"
#include "results/results_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)64 << 20)
#define OUT ((size_t)4 << 20)

/* Two questions of Ann, Bo and Cy, the second with texts; four votes each. */
static bool begin(struct results *r, struct arena *a, struct error *err)
{
	static const bytes names[] = {
		{(const uint8_t *)"Ann", 3}, {(const uint8_t *)"Bo", 2}, {(const uint8_t *)"Cy", 2}};
	static const struct results_option text = {.name = {(const uint8_t *)"zoe", 3},
	                                           .written = true,
	                                           .weight = 1,
	                                           .candidate = RESULTS_NOBODY};
	*r = (struct results){.arena = a, .questions_count = 2};
	require(r->questions = arena_take_array(a, 2, struct results_question, err));
	for (unsigned i = 0; i < 2; i++) {
		struct results_question *q = &r->questions[i];
		struct results_part part;
		*q = (struct results_question){.id = bytes_of(i ? "q2" : "q1", 2),
		                               .title = BYTES_LITERAL("Board"),
		                               .kind = PROFILE_MARKS,
		                               .seats = 1,
		                               .max = 3};
		require(count_rule_read(&q->rule, BYTES_LITERAL("plurality-at-large"), err));
		require(question_begin(q, &(struct question_names){names, NULL, 3}, a, err));
		struct results_option *o = arena_take_array(a, 4, struct results_option, err);
		require(o && part_begin(&part, BYTES_LITERAL("north"), (struct part_room){4, 12, false}, a,
		                        err));
		memcpy(o, q->options, 3 * sizeof *o);
		o[3] = text;
		q->options = o;
		q->options_count = q->options_room = 4;
		for (uint32_t v = 0; v < 4; v++)
			require(part_choice(&part, v, 0, err) && part_choice(&part, (v + 1) % 4, 0, err) &&
			        part_close_paper(&part, v + 1, err));
		part.verdicts[VERDICT_VALID] = 10;
		require(question_add_part(q, &part, a, err));
	}
	return true;
}

static bool run(bytes *out, uint8_t *room, bytes json, struct arena *a)
{
	struct results r;
	struct pipeline p;
	struct error err;
	struct text_sink sink;
	uint16_t winners[LIMIT_ANSWERS];
	error_clear(&err);
	if (!begin(&r, a, &err) || !pipeline_read(&p, json, a, &err) || !pipeline_run(&r, &p, &err)) {
		require(err.kind == ERROR_MALFORMED || err.kind == ERROR_REJECTED ||
		        err.kind == ERROR_LIMIT);
		return false;
	}
	for (size_t i = 0; i < r.questions_count; i++) {
		const struct results_question *q = &r.questions[i];
		size_t n = results_winners(winners, q);
		require(n <= q->candidates_count && n <= LIMIT_ANSWERS);
		for (size_t k = 0; k < n; k++)
			require(winners[k] < q->candidates_count && !q->candidates[winners[k]].withdrawn);
		for (size_t k = 0; k < q->options_count; k++)
			require(q->options[k].candidate == RESULTS_NOBODY ||
			        q->options[k].candidate < q->candidates_count);
		if (q->count)
			require(q->count->valid + q->count->blank == results_totals(q).valid);
	}
	text_sink_init(&sink, room, OUT);
	require(results_json_write(&sink.sink, &r, &err));
	*out = text_sink_bytes(&sink);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t *memory, *first_room, *second_room;
	struct arena a;
	bytes first, second;
	if (!memory) {
		require(memory = aligned_alloc(ARENA_ALIGN, ROOM));
		require(first_room = malloc(OUT));
		require(second_room = malloc(OUT));
	}
	arena_init(&a, memory, ROOM);
	if (!run(&first, first_room, bytes_of(data, size), &a))
		return 0;
	arena_init(&a, memory, ROOM);
	require(run(&second, second_room, bytes_of(data, size), &a));
	require(bytes_equal(first, second));
	return 0;
}
