/* SPDX-License-Identifier: Apache-2.0 */
#include "results/open.h"

#include "results/part.h"

/* --- one vote --- */

#define NO_OPTION UINT32_MAX

bool opening_begin(struct opening_question *out, const struct choices_rule *rule, uint64_t all,
                   struct arena *a, struct error *err)
{
	*out = (struct opening_question){.texts_room = (size_t)all * rule->write_ins};
	out->texts = arena_take_array(a, out->texts_room, struct opening_text, err);
	return out->texts != NULL;
}

bool opening_part(struct results_part *out, bytes name, const struct choices_rule *rule,
                  uint64_t votes, struct arena *a, struct error *err)
{
	uint32_t all = rule->answers + rule->write_ins, most = rule->max < all ? rule->max : all;
	const struct part_room room = {(size_t)votes, (size_t)votes * most,
	                               rule->kind == CHOICES_POINTS};
	return part_begin(out, name, room, a, err);
}

/* The option that a text field stands for; NO_OPTION when it is empty. */
static bool take_text(uint32_t *option, struct write_in *field, struct opening_question *o,
                      const struct choices_rule *rule, const struct opened_vote *v, unsigned i,
                      struct error *err)
{
	choices_write_in(field, rule, v->digits, i);
	*option = NO_OPTION;
	if (field->length == 0)
		return true;
	if (o->texts_count == o->texts_room)
		return fail(err, ERROR_BUG, "results: more texts than fields", o->texts_room);
	struct opening_text *t = &o->texts[o->texts_count];
	*t = (struct opening_text){
		.length = (uint8_t)field->length, .at = (uint32_t)o->texts_count, .weight = v->weight};
	memcpy(t->text, field->text, sizeof t->text);
	*option = rule->answers + (uint32_t)o->texts_count++;
	return true;
}

/* Marks in the order of the answers, ranked ones in the order of their ranks. The vote is valid:
 * ranks are 1, 2, … over answers and texts together. */
static bool add_choices(struct results_part *p, struct opening_question *o,
                        const struct choices_rule *rule, const struct opened_vote *v,
                        struct error *err)
{
	uint32_t chosen[LIMIT_ANSWERS + 1], values[LIMIT_ANSWERS + 1];
	unsigned count = 0;
	for (uint32_t a = 0; a < rule->answers; a++) {
		uint32_t digit = v->digits[1 + a];
		if (digit == 0)
			continue;
		unsigned at = rule->kind == CHOICES_RANKS ? digit - 1 : count;
		chosen[at] = a;
		values[at] = digit;
		count++;
	}
	for (unsigned i = 0; i < rule->write_ins; i++) {
		struct write_in field;
		uint32_t option;
		if (!take_text(&option, &field, o, rule, v, i, err))
			return false;
		if (option == NO_OPTION)
			continue;
		unsigned at = rule->kind == CHOICES_RANKS ? field.rank - 1 : count;
		chosen[at] = option;
		values[at] = field.rank;
		count++;
	}
	for (unsigned k = 0; k < count; k++)
		if (!part_choice(p, chosen[k], values[k], err))
			return false;
	return part_close_paper(p, v->weight, err);
}

bool opening_add(struct results_part *p, struct opening_question *o,
                 const struct choices_rule *rule, const struct opened_vote *v, struct error *err)
{
	p->verdicts[v->verdict] += v->weight;
	return v->verdict != VERDICT_VALID || add_choices(p, o, rule, v, err);
}

/* --- texts --- */

/* By bytes, the shorter first: behind a text are zeros, which no text has. */
static int order(const struct opening_text *a, const struct opening_text *b)
{
	int o = memcmp(a->text, b->text, sizeof a->text);
	return o ? o : (a->at > b->at) - (a->at < b->at);
}

static void sift(struct opening_text *list, size_t at, size_t n)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && order(&list[child], &list[child + 1]) < 0)
			child++;
		if (order(&list[at], &list[child]) >= 0)
			return;
		struct opening_text t = list[at];
		list[at] = list[child];
		list[child] = t;
	}
}

static void sort(struct opening_text *list, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(list, i, n);
	for (size_t end = n; end > 1; end--) {
		struct opening_text t = list[0];
		list[0] = list[end - 1];
		list[end - 1] = t;
		sift(list, 0, end - 1);
	}
}

/* Equal texts are one option; option_of[i]: of the i-th that came. */
static size_t make_options(struct results_option *out, uint32_t *option_of,
                           const struct opening_question *o, uint32_t answers)
{
	size_t count = 0;
	for (size_t i = 0; i < o->texts_count; i++) {
		const struct opening_text *t = &o->texts[i];
		bytes name = bytes_of(t->text, t->length);
		if (count == 0 || !bytes_equal(out[count - 1].name, name))
			out[count++] =
				(struct results_option){.name = name, .written = true, .candidate = RESULTS_NOBODY};
		out[count - 1].weight += t->weight;
		option_of[t->at] = answers + (uint32_t)count - 1;
	}
	return count;
}

bool opening_texts(struct results_question *q, struct opening_question *o, struct arena *a,
                   struct error *err)
{
	uint32_t answers = (uint32_t)q->options_count;
	size_t room = q->options_count + o->texts_count;
	struct results_option *options = arena_take_array(a, room, struct results_option, err);
	uint32_t *option_of = arena_take_array(a, o->texts_count, uint32_t, err);
	if (!options || !option_of)
		return false;
	sort(o->texts, o->texts_count);
	memcpy(options, q->options, q->options_count * sizeof *options);
	q->options = options;
	q->options_room = room;
	q->options_count += make_options(options + answers, option_of, o, answers);
	for (size_t i = 0; i < q->parts_count; i++) {
		struct results_part *p = &q->parts[i];
		for (size_t k = 0; p->papers_count > 0 && k < p->starts[p->papers_count]; k++)
			if (p->choices[k] >= answers)
				p->choices[k] = option_of[p->choices[k] - answers];
	}
	return true;
}

/* --- all lists --- */

struct opening {
	struct results *r;
	const struct manifest *m;
	struct opening_question *questions; /* one per question of the manifest */
	struct results_part **parts;        /* the part at hand of each question */
};

static bool take_vote(void *ctx, const struct opened_vote *v, struct error *err)
{
	struct opening *o = ctx;
	return opening_add(o->parts[v->question], &o->questions[v->question],
	                   &o->m->questions[v->question].choices, v, err);
}

/* The lists of one group and area follow one another. */
static uint64_t votes_of(const struct opening *o, const uint64_t *sizes, unsigned group, int area)
{
	uint64_t sum = 0;
	for (unsigned l = 0; l < o->m->lists_count; l++)
		if (o->m->lists[l].group == group && (area < 0 || o->m->lists[l].area == (unsigned)area))
			sum += sizes[l];
	return sum;
}

static bool begin_area(struct opening *o, const uint64_t *sizes, unsigned list, struct error *err)
{
	const struct manifest_list *l = &o->m->lists[list];
	const struct manifest_group *g = &o->m->groups[l->group];
	bytes name = o->m->areas_count > 0 ? o->m->areas[l->area] : BYTES_NONE;
	for (unsigned k = 0; k < g->questions_count; k++) {
		struct results_question *q = &o->r->questions[g->questions[k]];
		const struct choices_rule *rule = &o->m->questions[g->questions[k]].choices;
		struct results_part part;
		if (!opening_part(&part, name, rule, votes_of(o, sizes, l->group, (int)l->area),
		                  o->r->arena, err) ||
		    !question_add_part(q, &part, o->r->arena, err))
			return false;
		o->parts[g->questions[k]] = &q->parts[q->parts_count - 1];
	}
	return true;
}

static bool read_lists(struct opening *o, const uint64_t *sizes, struct folder *record,
                       struct tally_world *world, struct error *err)
{
	for (unsigned l = 0; l < o->m->lists_count; l++) {
		const struct manifest_list *at = &o->m->lists[l];
		bool first = l == 0 || at[-1].group != at->group || at[-1].area != at->area;
		const struct opened_list list = {o->m, record, l, sizes[l]};
		if ((first && !begin_area(o, sizes, l, err)) ||
		    !opened_read(&list, world, take_vote, o, err))
			return fail_within(err, (const char *)o->m->groups[at->group].name.p);
	}
	return true;
}

bool results_of_record(struct results *out, const struct manifest *m, const uint64_t *list_sizes,
                       struct folder *record, struct tally_world *world, struct error *err)
{
	struct arena *a = world->arena;
	struct opening o = {.r = out, .m = m};
	if (!results_of_manifest(out, m, a, err) ||
	    !(o.questions = arena_take_array(a, m->questions_count, struct opening_question, err)) ||
	    !(o.parts = arena_take_array(a, m->questions_count, struct results_part *, err)))
		return false;
	for (unsigned i = 0; i < m->questions_count; i++) {
		const struct manifest_question *q = &m->questions[i];
		if (!opening_begin(&o.questions[i], &q->choices, votes_of(&o, list_sizes, q->group, -1), a,
		                   err))
			return false;
	}
	if (!read_lists(&o, list_sizes, record, world, err))
		return false;
	for (unsigned i = 0; i < m->questions_count; i++)
		if (!opening_texts(&out->questions[i], &o.questions[i], a, err))
			return false;
	return true;
}
