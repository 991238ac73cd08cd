/* SPDX-License-Identifier: Apache-2.0 */
/*
 * majority-judgment, score: every candidate gets a number from every ballot; who has none on
 * a ballot gets the lowest there: grade 1, or the score 0. docs/counting/grades.md defines them to
 * the last tie.
 *
 * majority-judgment (M. Balinski and R. Laraki, "Majority Judgment", MIT Press 2011): the highest
 *   lower median stands first; level candidates lose one median grade at a time until they differ.
 *   The grades that go so are those of the ascending list of a candidate's grades, read from its
 *   lower middle outwards: the middle, then by turns the next on either side. All lists are as
 *   long, so two candidates are compared where their lists first differ on that way; both lists are
 *   steps, so that place is found from the numbers of grades, whatever the number of ballots.
 * score (W. D. Smith, range voting, 2000): the highest sum.
 */
#include "count/methods/grades.h"
#include "count/methods/methods.h"

#define SCORE_MOST 1000000000 /* times all weights: 87 bits */
#define GRADE_LOWEST 1u

bool grades_check(const struct profile *p, uint64_t most, struct error *err)
{
	for (size_t i = 0; i < p->choices_count; i++)
		if (p->values[i] > most) {
			char room[80];
			struct text t = TEXT_OF(room);
			text_add_u64(&t, p->values[i]);
			text_add(&t, " for candidate ");
			text_add_u64(&t, p->choices[i] + 1u);
			text_add(&t, ", the highest is ");
			text_add_u64(&t, most);
			return fail_detail(err, ERROR_REJECTED,
			                   "count: a score is too high; leave it out or raise the option", i,
			                   room);
		}
	return true;
}

/* --- what they share --- */

bool grades_count(struct grades *g, struct counting *c, size_t lowest, size_t highest)
{
	const struct profile *p = c->profile;
	const size_t steps = highest + 1;
	*g = (struct grades){c, lowest, steps, counting_take(c, c->candidates * steps, uint64_t)};
	if (!g->numbers)
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		if (c->status[i] != COUNT_WITHDRAWN)
			g->numbers[i * steps + lowest] = c->result->valid;
	for (size_t i = 0; i < p->papers_count; i++)
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (counting_is_standing(c, p->choices[j])) {
				uint64_t *of = &g->numbers[p->choices[j] * steps];
				of[lowest] -= p->counts[i];
				of[p->values[j] < lowest ? lowest : p->values[j]] += p->counts[i];
			}
	return true;
}

bool grades_table(const struct grades *g)
{
	const size_t columns = g->steps - g->lowest;
	bytes *names = counting_take(g->c, columns, bytes);
	char *digits = names ? counting_take(g->c, columns * 4, char) : NULL;
	if (!digits)
		return false;
	for (size_t i = 0; i < columns; i++) {
		struct text t = {digits + 4 * i, 4, 0, false};
		text_add_u64(&t, g->lowest + i);
		names[i] = bytes_of(t.p, t.len);
	}
	struct count_table_shape shape = {.name = "grades",
	                                  .what = "how many ballots give the row the grade",
	                                  .rows = g->c->candidates,
	                                  .columns = columns,
	                                  .column_names = names,
	                                  .form = units_decimal(0)};
	struct count_table *t = counting_table(g->c, &shape);
	for (size_t i = 0; t && i < shape.rows; i++)
		for (size_t j = 0; j < columns; j++)
			t->cells[i * columns + j] = g->numbers[i * g->steps + g->lowest + j];
	return t != NULL;
}

size_t grades_bytes(const struct profile *p, size_t highest)
{
	size_t n = p->candidates_count, steps = highest + 1;
	return arena_room(n * steps * sizeof(uint64_t)) + arena_room(steps * sizeof(bytes)) +
	       arena_room(steps * 4) + arena_room(n * steps * sizeof(units)) +
	       arena_room(n * sizeof(bytes)) + arena_room(n * sizeof(uint32_t));
}

void grades_count_valid(struct counting *c, size_t lowest)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++) {
		bool any = false;
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			any = any || (p->values[j] >= lowest && counting_is_standing(c, p->choices[j]));
		counting_count_paper(c, i, any);
	}
}

void grades_add_scores(struct counting *c)
{
	const struct profile *p = c->profile;
	for (size_t i = 0; i < p->papers_count; i++)
		for (uint32_t j = p->starts[i]; j < p->starts[i + 1]; j++)
			if (counting_is_standing(c, p->choices[j]))
				c->tallies[p->choices[j]] += (units)p->counts[i] * p->values[j];
}

/* Both rules' option is the highest number. */
static bool check_highest(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	return grades_check(p, (uint64_t)rule->values[0], err);
}

/* --- majority judgment --- */

/* A list of grades in ascending order, as far as it is read: `left` of grade `at` come next. */
struct reader {
	const uint64_t *numbers;
	size_t at, steps;
	uint64_t left;
};

/* Stands so that `skip` items of the list were read; upwards from the lowest grade or downwards
 * from the highest. */
static struct reader read_after(const struct grades *g, size_t candidate, uint64_t skip, bool up)
{
	struct reader r = {&g->numbers[candidate * g->steps], up ? 0 : g->steps - 1, g->steps, 0};
	while (skip > 0 && skip >= r.numbers[r.at]) {
		skip -= r.numbers[r.at];
		r.at += up ? 1u : (size_t)-1;
		if (r.at >= r.steps)
			return r;
	}
	r.left = r.numbers[r.at] - skip;
	return r;
}

static void next_grade(struct reader *r, bool up)
{
	while (r->left == 0 && r->at < r->steps) {
		r->at += up ? 1u : (size_t)-1;
		if (r->at < r->steps)
			r->left = r->numbers[r->at];
	}
}

/* After how many equal items two lists differ, going one way from behind `skip` items; UINT64_MAX
 * if they never do. *above: whether a has the higher grade there. */
static uint64_t first_difference(const struct grades *g, size_t a, size_t b, uint64_t skip, bool up,
                                 bool *above)
{
	struct reader ra = read_after(g, a, skip, up), rb = read_after(g, b, skip, up);
	for (uint64_t same = 0;;) {
		next_grade(&ra, up);
		next_grade(&rb, up);
		if (ra.at >= g->steps || rb.at >= g->steps)
			return UINT64_MAX;
		if (ra.at != rb.at) {
			*above = ra.at > rb.at;
			return same;
		}
		uint64_t both = ra.left < rb.left ? ra.left : rb.left;
		same += both;
		ra.left -= both;
		rb.left -= both;
	}
}

/* The lower median is item ceil(valid / 2), from 1. Downwards the list begins with it, upwards
 * behind it; of an odd number of items the next after the median is below it, else above. */
static bool is_above(const struct grades *g, size_t a, size_t b)
{
	uint64_t valid = g->c->result->valid, middle = valid / 2 + valid % 2;
	bool above_down = false, above_up = false;
	uint64_t down = first_difference(g, a, b, valid - middle, false, &above_down);
	uint64_t up = first_difference(g, a, b, middle, true, &above_up);
	/* The way is down 0, then down 1, up 0, down 2, up 1, … (odd) or up 0, down 1, up 1, … */
	if (up == UINT64_MAX)
		return above_down;
	if (down == 0)
		return above_down;
	return (valid % 2 ? down <= up + 1 : down <= up) ? above_down : above_up;
}

/* The grade of an item, which is numbered from 1; 0 where there are no grades. */
static size_t grade_at(const struct grades *g, size_t candidate, uint64_t item)
{
	uint64_t below = 0;
	for (size_t grade = 0; grade < g->steps; grade++) {
		below += g->numbers[candidate * g->steps + grade];
		if (item <= below)
			return grade;
	}
	return 0;
}

static bool majority_table(const struct grades *g)
{
	static const bytes columns[] = {{(const uint8_t *)"above", 5},
	                                {(const uint8_t *)"majority grade", 14},
	                                {(const uint8_t *)"below", 5}};
	struct counting *c = g->c;
	uint64_t valid = c->result->valid, middle = valid / 2 + valid % 2;
	struct count_table_shape shape = {
		.name = "majority",
		.what = "the majority grade, and how many ballots give a higher and a lower one",
		.rows = c->candidates,
		.columns = 3,
		.column_names = columns,
		.form = units_decimal(0)};
	struct count_table *t = counting_table(c, &shape);
	for (size_t i = 0; t && i < c->candidates; i++) {
		size_t median = grade_at(g, i, middle);
		for (size_t grade = 0; grade < g->steps; grade++)
			if (grade != median)
				t->cells[i * 3 + (grade < median ? 2 : 0)] += g->numbers[i * g->steps + grade];
		t->cells[i * 3 + 1] = (units)median;
		c->tallies[i] = (units)median;
	}
	return t != NULL;
}

static bool count_majority(struct counting *c)
{
	struct grades g;
	units *order = counting_take(c, c->candidates, units);
	grades_count_valid(c, GRADE_LOWEST);
	if (!order || !grades_count(&g, c, GRADE_LOWEST, (size_t)c->rule->values[0]) ||
	    !grades_table(&g) || !majority_table(&g))
		return false;
	for (size_t i = 0; i < c->candidates; i++)
		for (size_t j = 0; j < c->candidates; j++)
			order[i] -= c->status[i] != COUNT_WITHDRAWN && c->status[j] != COUNT_WITHDRAWN &&
			            is_above(&g, j, i);
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, order) && counting_note_order(c, order) &&
	       counting_seat_highest(c, order);
}

static size_t majority_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count;
	return grades_bytes(p, (size_t)rule->values[0]) + arena_room(n * sizeof(units)) +
	       arena_room(3 * n * sizeof(units)) + arena_room(n * sizeof(bytes)) +
	       arena_room(n * sizeof(uint16_t));
}

static const struct count_option majority_options[] = {
	{"grades", "how many grades there are, 1 the lowest", COUNT_NUMBER, 2, GRADES_MOST, 6, NULL},
};

const struct count_method method_majority_judgment = {
	.name = "majority-judgment",
	.what = "the highest median grade; level ones lose one median grade at a time",
	.source = "M. Balinski and R. Laraki 2011",
	.ballot = PROFILE_SCORES,
	.twice = true,
	.options = majority_options,
	.options_count = 1,
	.check = check_highest,
	.count = count_majority,
	.arena_bytes = majority_bytes,
};

/* --- score --- */

static bool count_score(struct counting *c)
{
	grades_count_valid(c, 0);
	grades_add_scores(c);
	c->next.action = COUNT_FIRST;
	return counting_record(c) && counting_place(c, c->tallies) && counting_seat_highest(c, NULL);
}

static size_t score_bytes(const struct count_rule *rule, const struct profile *p)
{
	return arena_room(p->candidates_count * sizeof(uint32_t));
}

static const struct count_option score_options[] = {
	{"max", "the highest score", COUNT_NUMBER, 1, SCORE_MOST, 5, NULL},
};

const struct count_method method_score = {
	.name = "score",
	.what = "the candidates with the highest sums of scores",
	.source = "W. D. Smith, Range voting, 2000",
	.ballot = PROFILE_SCORES,
	.twice = true,
	.options = score_options,
	.options_count = 1,
	.check = check_highest,
	.count = count_score,
	.arena_bytes = score_bytes,
};
