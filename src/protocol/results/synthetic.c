/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline tried before there are votes: over synthetic ones, the same each time. */
#include "results/open.h"
#include "results/part.h"
#include "results/pipeline.h"

enum kind { NONE, BLANK, INVALID, FORWARD, BACKWARD, TEXTS, RANDOM, RANDOM_AGAIN, ONE_ANSWER };
#define RUNS (ONE_ANSWER + DRY_RUN_ANSWERS)

static const char *const kind_names[] = {
	"no votes",
	"a blank vote",
	"an invalid vote",
	"a vote for all in their order",
	"a vote for all in the reverse order",
	"a vote with written texts",
	"votes at random, from seed 1",
	"votes at random, from seed 2",
};

struct making {
	const struct manifest *m;
	unsigned run;
	uint64_t seed;
	uint32_t *digits;
	uint32_t values[LIMIT_ANSWERS];
	struct write_in fields[LIMIT_ANSWERS];
};

/* xorshift64*: a sequence of its own for each run, nothing secret. */
static uint32_t below(struct making *m, uint32_t bound)
{
	require(bound > 0);
	m->seed ^= m->seed >> 12;
	m->seed ^= m->seed << 25;
	m->seed ^= m->seed >> 27;
	return (uint32_t)((m->seed * 0x2545f4914f6cdd1dull) >> 33) % bound;
}

/* How much the k-th choice of a vote gets of what is left of the total. */
static uint32_t value_of(const struct choices_rule *rule, uint32_t k, uint32_t *left)
{
	if (rule->kind == CHOICES_MARKS)
		return 1;
	if (rule->kind == CHOICES_RANKS)
		return k + 1;
	uint32_t v = rule->points > k ? rule->points - k : 1;
	v = rule->total > 0 && v > *left ? *left : v;
	*left -= rule->total > 0 ? v : 0;
	return v;
}

/* A vote for `count` answers: first, then each `step` further, round and round. */
static void choose(struct making *m, const struct choices_rule *rule, uint32_t first, uint32_t step,
                   uint32_t count)
{
	uint32_t left = rule->total;
	require(rule->answers > 0);
	memset(m->values, 0, rule->answers * sizeof *m->values);
	for (uint32_t k = 0, at = first % rule->answers; k < count && k < rule->answers; k++) {
		m->values[at] = value_of(rule, k, &left);
		at = (at + step) % rule->answers;
	}
}

static void choose_at_random(struct making *m, const struct choices_rule *rule)
{
	uint16_t order[LIMIT_ANSWERS];
	uint32_t most = rule->max < rule->answers ? rule->max : rule->answers;
	uint32_t least = rule->min < most ? rule->min : most;
	uint32_t count = least + below(m, most - least + 1), left = rule->total;
	for (uint16_t i = 0; i < rule->answers; i++)
		order[i] = i;
	memset(m->values, 0, rule->answers * sizeof *m->values);
	for (uint32_t k = 0; k < count; k++) {
		uint32_t other = k + below(m, rule->answers - k);
		uint16_t t = order[k];
		order[k] = order[other];
		order[other] = t;
		m->values[order[k]] = value_of(rule, k, &left);
	}
}

/* All fields filled, with texts that differ. */
static void write_texts(struct making *m, const struct choices_rule *rule)
{
	uint32_t left = rule->total;
	memset(m->values, 0, rule->answers * sizeof *m->values);
	for (uint32_t i = 0; i < rule->write_ins && i < rule->max; i++) {
		char room[WRITE_IN_BYTES];
		struct text t = TEXT_OF(room);
		text_add(&t, "somebody ");
		text_add_u64(&t, i + 1);
		m->fields[i].rank = rule->kind == CHOICES_MARKS ? 0 : value_of(rule, i, &left);
		m->fields[i].length = (uint32_t)t.len;
		memcpy(m->fields[i].text, room, t.len);
	}
}

static uint32_t votes_in(unsigned run)
{
	return run == NONE ? 0 : run == RANDOM || run == RANDOM_AGAIN ? DRY_RUN_RANDOM : 1;
}

static void make_vote(struct making *m, const struct choices_rule *rule)
{
	uint32_t most = rule->max < rule->answers ? rule->max : rule->answers;
	memset(m->fields, 0, rule->write_ins * sizeof *m->fields);
	if (m->run == BLANK)
		choose(m, rule, 0, 1, 0);
	else if (m->run == FORWARD || m->run == INVALID)
		choose(m, rule, 0, 1, most);
	else if (m->run == BACKWARD)
		choose(m, rule, rule->answers - 1, rule->answers - 1, most);
	else if (m->run == TEXTS)
		write_texts(m, rule);
	else if (m->run >= ONE_ANSWER)
		choose(m, rule, m->run - ONE_ANSWER, 1, rule->min > 1 ? rule->min : 1);
	else
		choose_at_random(m, rule);
}

static bool fill_question(struct making *m, struct results *r, unsigned index, struct error *err)
{
	const struct choices_rule *rule = &m->m->questions[index].choices;
	struct results_question *q = &r->questions[index];
	struct opening_question opening;
	struct results_part part;
	uint32_t votes = votes_in(m->run);
	if (!opening_begin(&opening, rule, votes, r->arena, err) ||
	    !opening_part(&part, BYTES_LITERAL("synthetic votes"), rule, votes, r->arena, err))
		return false;
	for (uint32_t i = 0; i < votes; i++) {
		make_vote(m, rule);
		if (!choices_encode(m->digits, rule, m->values, m->run == INVALID, err) ||
		    !choices_encode_write_ins(m->digits, rule, m->fields, err))
			return false;
		const struct opened_vote v = {.question = index,
		                              .weight = 1,
		                              .verdict = choices_verdict_vartime(rule, m->digits),
		                              .digits = m->digits};
		if (!opening_add(&part, &opening, rule, &v, err))
			return false;
	}
	return question_add_part(q, &part, r->arena, err) && opening_texts(q, &opening, r->arena, err);
}

static bool run_once(struct making *m, const struct pipeline *p, struct arena *a, struct error *err)
{
	struct results r;
	size_t digits = 0;
	m->seed = 0x9e3779b97f4a7c15ull * (m->run + 1);
	if (!results_of_manifest(&r, m->m, a, err))
		return false;
	r.dry = true;
	for (unsigned i = 0; i < m->m->questions_count; i++) {
		size_t n = choices_digits(&m->m->questions[i].choices);
		digits = n > digits ? n : digits;
	}
	if (!(m->digits = arena_take_array(a, digits, uint32_t, err)))
		return false;
	for (unsigned i = 0; i < m->m->questions_count; i++)
		if (!fill_question(m, &r, i, err))
			return false;
	return pipeline_run(&r, p, err);
}

static bool fail_in_run(unsigned run, struct error *err)
{
	char room[64];
	struct text t = TEXT_OF(room);
	if (run < ONE_ANSWER) {
		text_add(&t, kind_names[run]);
	} else {
		text_add(&t, "a vote for answer ");
		text_add_u64(&t, run - ONE_ANSWER + 1);
	}
	return fail_within(err, room);
}

bool pipeline_dry_run(unsigned *runs, const struct manifest *m, const struct pipeline *p,
                      struct arena *a, struct error *err)
{
	struct making *making = arena_take_array(a, 1, struct making, err);
	unsigned answers = 0;
	if (!making)
		return false;
	*making = (struct making){.m = m};
	for (unsigned i = 0; i < m->questions_count; i++)
		answers =
			m->questions[i].choices.answers > answers ? m->questions[i].choices.answers : answers;
	*runs = 0;
	for (unsigned run = 0; run < RUNS && run < ONE_ANSWER + answers; run++) {
		size_t mark = arena_mark(a);
		making->run = run;
		bool good = run_once(making, p, a, err);
		arena_release(a, mark);
		if (!good)
			return fail_in_run(run, err);
		++*runs;
	}
	return true;
}
