/* SPDX-License-Identifier: Apache-2.0 */
/*
 * count_tally_sheets: sums of paper votes, as people wrote them on a sheet for each ballot box.
 *
 * A sheet's sums become votes that add up to them: candidate after candidate, her votes go to one
 * paper after another, round and round the V valid papers. No paper gets the same candidate twice
 * while no candidate has more than V votes, and all papers get ⌊total / V⌋ or ⌈total / V⌉ marks, so
 * none is blank and none has too many unless the sums themselves cannot be (McNaughton's
 * wrap-around rule). A method that only adds up cannot tell these votes from those in the box.
 */
#include "results/part.h"
#include "results/pattern_internal.h"
#include "results/pipes_internal.h"

enum { PLURALITY, CUMULATIVE };
static const char *const types[] = {"plurality-at-large", "cumulative"};

struct sheet_answer {
	bytes text;
	uint64_t votes;
};
struct sheet_question {
	bytes title;
	unsigned type;
	uint64_t blank, null;
	struct sheet_answer *answers;
	size_t answers_count;
};
struct sheet {
	bytes name;
	uint64_t votes;
	struct sheet_question *questions;
	size_t questions_count;
};
struct configuration {
	bytes pattern;
	unsigned question;
	uint64_t sheet_question;
};
struct sheets {
	struct sheet *sheets;
	size_t sheets_count;
	struct configuration *configurations;
	size_t configurations_count;
};
#define SHEETS_MAX 20000u
static const struct json_range papers = {0, PIPE_PAPERS_MAX};

/* --- reading --- */

static bool read_answers(struct sheet_question *q, const struct json_value *v, struct arena *a,
                         struct error *err)
{
	static const char *const known[] = {"text", "num_votes", "help"};
	const struct json_value *list;
	if (!json_need(&list, v, "answers", err) ||
	    !json_items(&q->answers_count, list, (struct json_range){1, LIMIT_ANSWERS}, err) ||
	    !(q->answers = arena_take_array(a, q->answers_count, struct sheet_answer, err)))
		return false;
	for (size_t i = 0; i < q->answers_count; i++) {
		const struct json_value *of = json_item(list, i);
		if (!json_only(of, JSON_NAMES(known), err) ||
		    !pipe_need_text(&q->answers[i].text, of, "text", a, err) ||
		    !json_need_u64(&q->answers[i].votes, of, "num_votes", papers, err))
			return false;
		for (size_t k = 0; k < i; k++)
			if (bytes_equal(q->answers[k].text, q->answers[i].text))
				return json_refuse(of, ERROR_MALFORMED,
				                   "tally sheet: an answer stands on the sheet twice", err);
	}
	return true;
}

static bool read_question(struct sheet_question *q, const struct json_value *v, struct arena *a,
                          struct error *err)
{
	static const char *const known[] = {"title",      "tally_type", "blank_votes",
	                                    "null_votes", "answers",    "help"};
	return json_only(v, JSON_NAMES(known), err) && pipe_need_text(&q->title, v, "title", a, err) &&
	       json_need_choice(&q->type, v, "tally_type", JSON_NAMES(types), err) &&
	       json_need_u64(&q->blank, v, "blank_votes", papers, err) &&
	       json_need_u64(&q->null, v, "null_votes", papers, err) && read_answers(q, v, a, err);
}

static bool read_sheet(struct sheet *s, const struct json_value *v, struct arena *a,
                       struct error *err)
{
	static const char *const known[] = {"ballot_box_name", "num_votes", "questions", "help"};
	const struct json_value *list;
	if (!json_only(v, JSON_NAMES(known), err) ||
	    !pipe_need_text(&s->name, v, "ballot_box_name", a, err) ||
	    !json_need_u64(&s->votes, v, "num_votes", papers, err) ||
	    !json_need(&list, v, "questions", err) ||
	    !json_items(&s->questions_count, list, (struct json_range){1, LIMIT_QUESTIONS}, err) ||
	    !(s->questions = arena_take_array(a, s->questions_count, struct sheet_question, err)))
		return false;
	for (size_t i = 0; i < s->questions_count; i++)
		if (!read_question(&s->questions[i], json_item(list, i), a, err))
			return false;
	return true;
}

static bool read_configuration(struct configuration *c, const struct json_value *v, struct arena *a,
                               struct error *err)
{
	static const char *const known[] = {"ballot_box_name_filter_re", "election_index",
	                                    "question_index", "tally_sheets_question_index", "help"};
	const struct json_value *pattern;
	struct error wrong;
	uint64_t election;
	error_clear(&wrong);
	return json_only(v, JSON_NAMES(known), err) &&
	       json_need(&pattern, v, "ballot_box_name_filter_re", err) &&
	       pipe_text(&c->pattern, pattern, a, err) &&
	       (pattern_check(c->pattern, &wrong) ||
	        json_refuse(pattern, wrong.kind, wrong.what, err)) &&
	       json_need_u64(&election, v, "election_index", (struct json_range){0, 0}, err) &&
	       pipe_need_index(&c->question, v, "question_index", err) &&
	       json_need_u64(&c->sheet_question, v, "tally_sheets_question_index",
	                     (struct json_range){0, LIMIT_QUESTIONS - 1}, err);
}

static bool sheets_read(void **out, const struct json_value *params, struct arena *a,
                        struct error *err)
{
	static const char *const known[] = {"tally_sheets", "configurations", "help"};
	const struct json_value *sheets, *configurations;
	struct sheets *p = arena_take_array(a, 1, struct sheets, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !json_need(&sheets, params, "tally_sheets", err) ||
	    !json_items(&p->sheets_count, sheets, (struct json_range){0, SHEETS_MAX}, err) ||
	    !(p->sheets = arena_take_array(a, p->sheets_count, struct sheet, err)) ||
	    !json_need(&configurations, params, "configurations", err) ||
	    !json_items(&p->configurations_count, configurations, (struct json_range){0, LIMIT_ANSWERS},
	                err) ||
	    !(p->configurations =
	          arena_take_array(a, p->configurations_count, struct configuration, err)))
		return false;
	for (size_t i = 0; i < p->sheets_count; i++)
		if (!read_sheet(&p->sheets[i], json_item(sheets, i), a, err))
			return false;
	for (size_t i = 0; i < p->configurations_count; i++)
		if (!read_configuration(&p->configurations[i], json_item(configurations, i), a, err))
			return false;
	return true;
}

/* --- one sheet for one question --- */

static bool refuse(const struct sheet *s, const struct results_question *q, const char *what,
                   const char *detail, struct error *err)
{
	char room[LIMIT_TEXT_BYTES + 1];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, s->name);
	fail_detail(err, ERROR_REJECTED, what, ERROR_NOWHERE, detail);
	question_fail(q, err);
	return fail_within(err, room);
}

static bool refuse_name(const struct sheet *s, const struct results_question *q, bytes name,
                        struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, name);
	return refuse(s, q, "tally sheet: a candidate is missing on the sheet", room, err);
}

static bool refuse_sums(const struct sheet *s, const struct results_question *q,
                        const struct sheet_question *of, uint64_t marks, struct error *err)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, s->votes);
	text_add(&t, " votes, ");
	text_add_u64(&t, of->blank);
	text_add(&t, " blank, ");
	text_add_u64(&t, of->null);
	text_add(&t, " invalid, ");
	text_add_u64(&t, marks);
	text_add(&t, of->type == CUMULATIVE ? " points" : " marks");
	text_add(&t, " with at most ");
	text_add_u64(&t, q->max);
	text_add(&t, " answers a vote");
	return refuse(s, q, "tally sheet: the sums cannot be those of these votes", room, err);
}

/* votes[c]: of candidate c. */
static bool match_answers(uint64_t *votes, const struct sheet *s, const struct sheet_question *of,
                          const struct results_question *q, struct error *err)
{
	if (!bytes_equal(of->title, q->title))
		return refuse(s, q, "tally sheet: the title is not the question's",
		              (const char *)of->title.p, err);
	if (strcmp(types[of->type], q->rule.method->name) != 0)
		return refuse(s, q, "tally sheet: the question is counted by another method",
		              q->rule.method->name, err);
	for (size_t i = 0; i < of->answers_count; i++) {
		uint16_t c = question_find(q, of->answers[i].text);
		if (c == RESULTS_NOBODY)
			return refuse(s, q, "tally sheet: the question has no candidate of this name",
			              (const char *)of->answers[i].text.p, err);
		votes[c] = of->answers[i].votes;
	}
	for (size_t c = 0; c < q->candidates_count; c++) {
		bool there = false;
		for (size_t i = 0; i < of->answers_count; i++)
			there = there || bytes_equal(of->answers[i].text, q->candidates[c].name);
		if (!there)
			return refuse_name(s, q, q->candidates[c].name, err);
	}
	return true;
}

/* How many of `votes` on the wheel of `size` papers, from `from` on, fall on paper i. */
static uint64_t on_paper(uint64_t votes, uint64_t from, uint64_t size, uint64_t i)
{
	uint64_t whole = votes / size, rest = votes % size;
	uint64_t behind = i >= from ? i - from : i + size - from;
	return whole + (behind < rest);
}

static void insert_cut(uint64_t *cuts, size_t *count, uint64_t at)
{
	size_t k = 0;
	while (k < *count && cuts[k] < at)
		k++;
	if (k < *count && cuts[k] == at)
		return;
	memmove(cuts + k + 1, cuts + k, (*count - k) * sizeof *cuts);
	cuts[k] = at;
	++*count;
}

/* Papers between two cuts are equal: a cut is where somebody's votes begin or end. */
struct wheel {
	const uint64_t *votes; /* of each candidate */
	size_t candidates;
	uint64_t size; /* valid papers, at least one */
	uint64_t cuts[LIMIT_ANSWERS + 1], from[LIMIT_ANSWERS];
	size_t cuts_count;
};

static void make_wheel(struct wheel *w)
{
	uint64_t at = 0;
	w->cuts_count = 0;
	insert_cut(w->cuts, &w->cuts_count, 0);
	for (size_t c = 0; c < w->candidates; c++) {
		w->from[c] = at;
		at = (at + w->votes[c]) % w->size;
		insert_cut(w->cuts, &w->cuts_count, at);
	}
}

static size_t wheel_choices(const struct wheel *w)
{
	size_t sum = 0;
	for (size_t k = 0; k < w->cuts_count; k++)
		for (size_t c = 0; c < w->candidates; c++)
			sum += on_paper(w->votes[c], w->from[c], w->size, w->cuts[k]) > 0;
	return sum;
}

static bool make_papers(struct results_part *out, const struct wheel *w, struct error *err)
{
	for (size_t k = 0; k < w->cuts_count; k++) {
		uint64_t end = k + 1 < w->cuts_count ? w->cuts[k + 1] : w->size;
		for (size_t c = 0; c < w->candidates; c++) {
			uint64_t points = on_paper(w->votes[c], w->from[c], w->size, w->cuts[k]);
			if (points > 0 && !part_choice(out, (uint32_t)c, (uint32_t)points, err))
				return false;
		}
		if (!part_close_paper(out, end - w->cuts[k], err))
			return false;
	}
	return true;
}

/* Whether votes with these sums can be: what makes make_papers' votes good ones too. */
static bool sums_can_be(const struct results_question *q, const struct sheet_question *of,
                        const uint64_t *votes, uint64_t valid, uint64_t marks)
{
	units each = of->type == CUMULATIVE ? q->points : 1;
	if (of->type == CUMULATIVE && each == 0)
		each = PIPE_PAPERS_MAX;
	for (size_t c = 0; c < q->candidates_count; c++)
		if (votes[c] > (units)valid * each)
			return false;
	units most = q->max < q->candidates_count ? q->max : q->candidates_count;
	units least = q->min > 1 ? q->min : 1;
	return marks >= valid * (of->type == CUMULATIVE ? 1 : least) && marks <= valid * most * each;
}

/* Options of the candidates as they are now, for all sheets of one question. */
static bool add_options(uint32_t *base, struct results *r, struct results_question *q,
                        struct error *err)
{
	size_t n = q->candidates_count;
	struct results_option *options = arena_take_array(r->arena, n, struct results_option, err);
	if (!options)
		return false;
	for (size_t c = 0; c < n; c++)
		options[c] =
			(struct results_option){.name = q->candidates[c].name, .candidate = (uint16_t)c};
	return question_add_options(base, r, q, options, n, err);
}

static bool fill_part(struct results_part *part, struct results *r, const struct sheet *s,
                      const struct wheel *w, bool points, struct error *err)
{
	const struct part_room none = {0, 0, false};
	if (w->size == 0)
		return part_begin(part, s->name, none, r->arena, err);
	const struct part_room room = {w->cuts_count, wheel_choices(w), points};
	return part_begin(part, s->name, room, r->arena, err) && make_papers(part, w, err);
}

static bool add_sheet(struct results *r, struct results_question *q, const struct sheet *s,
                      const struct sheet_question *of, uint32_t base, struct error *err)
{
	struct results_part part;
	uint64_t votes[LIMIT_ANSWERS] = {0}, marks = 0;
	struct wheel w = {.votes = votes, .candidates = q->candidates_count};
	if (!match_answers(votes, s, of, q, err))
		return false;
	for (size_t c = 0; c < q->candidates_count; c++)
		marks += votes[c];
	if (of->blank + of->null > s->votes)
		return refuse_sums(s, q, of, marks, err);
	w.size = s->votes - of->blank - of->null;
	if (!sums_can_be(q, of, votes, w.size, marks))
		return refuse_sums(s, q, of, marks, err);
	if (w.size > 0)
		make_wheel(&w);
	if (!fill_part(&part, r, s, &w, of->type == CUMULATIVE, err))
		return false;
	part.base = base;
	part.source = RESULTS_SHEET;
	part.counted = true;
	part.verdicts[VERDICT_VALID] = w.size;
	part.verdicts[VERDICT_BLANK] = of->blank;
	part.verdicts[VERDICT_INVALID_BY_VOTER] = of->null;
	return question_add_part(q, &part, r->arena, err);
}

static bool note_sheet(struct results *r, const struct results_question *q, const struct sheet *s,
                       const struct sheet_question *of, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "tally sheet '");
	text_add_bytes(&t, s->name);
	text_add(&t, "': ");
	text_add_votes(&t, s->votes);
	text_add(&t, ", ");
	text_add_u64(&t, of->blank);
	text_add(&t, " blank, ");
	text_add_u64(&t, of->null);
	text_add(&t, " invalid");
	for (size_t i = 0; i < of->answers_count; i++) {
		text_add(&t, "; ");
		text_add_bytes(&t, of->answers[i].text);
		text_add(&t, " ");
		text_add_u64(&t, of->answers[i].votes);
	}
	return results_note(r, q, &t, err);
}

/* --- all of them --- */

#define NO_OPTIONS UINT32_MAX

struct adding {
	struct results *r;
	const struct sheets *p;
	uint32_t base[LIMIT_QUESTIONS]; /* the options of a question's sheets */
};

/* Once into each question: *times says how often it went anywhere. */
static bool use_sheet(unsigned *times, struct adding *to, const struct sheet *s, struct error *err)
{
	const struct sheets *p = to->p;
	bool used[LIMIT_QUESTIONS] = {false};
	*times = 0;
	for (size_t i = 0; i < p->configurations_count; i++) {
		const struct configuration *c = &p->configurations[i];
		struct results_question *q;
		if (!pattern_matches(c->pattern, s->name))
			continue;
		if (!pipe_question(&q, to->r, c->question, err))
			return fail_within_index(err, "configurations", i);
		if (used[c->question])
			return refuse(s, q, "tally sheet: two configurations count it for one question", "",
			              err);
		if (c->sheet_question >= s->questions_count)
			return refuse(s, q, "tally sheet: it has no question of this number", "", err);
		used[c->question] = true;
		++*times;
		const struct sheet_question *of = &s->questions[c->sheet_question];
		uint32_t *base = &to->base[c->question];
		if ((*base == NO_OPTIONS && !add_options(base, to->r, q, err)) ||
		    !add_sheet(to->r, q, s, of, *base, err) || !note_sheet(to->r, q, s, of, err))
			return false;
	}
	return true;
}

static bool sheets_apply(struct results *r, const void *params, struct error *err)
{
	const struct sheets *p = params;
	struct adding to = {.r = r, .p = p};
	for (size_t i = 0; i < LIMIT_QUESTIONS; i++)
		to.base[i] = NO_OPTIONS;
	for (size_t i = 0; i < p->sheets_count; i++) {
		unsigned times;
		if (!use_sheet(&times, &to, &p->sheets[i], err))
			return fail_within_index(err, "tally_sheets", i);
		if (times > 0)
			continue;
		fail_detail(err, ERROR_REJECTED,
		            "tally sheet: no configuration names its ballot box: its votes would be lost",
		            i, (const char *)p->sheets[i].name.p);
		return fail_within_index(err, "tally_sheets", i);
	}
	return true;
}

const struct pipe pipe_count_tally_sheets = {
	"count_tally_sheets", "ballot_boxes", "add the sums of paper ballot boxes",
	sheets_read,          sheets_apply,
};
