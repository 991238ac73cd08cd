/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_text.h"

#include "base/limits.h"
#include "count/result_sheet.h"
#include "count/utf8_internal.h"
#include "count/visible_internal.h"

struct table {
	struct writer w;
	const struct count_result *r;
	size_t names;   /* columns for names */
	size_t numbers; /* columns for one stage, the gap before it included */
	size_t stages;  /* per block */
	size_t width;   /* of all together */
};

/* --- names --- */

/* Exactly `width` columns: cut or filled up. A wide character at the cut may leave one blank. */
static void write_cell(struct writer *w, bytes b, size_t width)
{
	size_t used = visible_width(b);
	if (used > width) {
		uint32_t code;
		used = 0;
		for (size_t pos = 0; utf8_next(b, &pos, &code);) {
			size_t next = used + (utf8_is_invisible(code) ? 1 : utf8_width(code));
			if (next >= width)
				break;
			used = next;
		}
		used++;
	}
	visible_write(w, b, width, VISIBLE_PLAIN);
	write_spaces(w, width - used);
}

static void write_right(struct writer *w, const char *s, size_t width)
{
	size_t len = bytes_of_text(s).len;
	write_spaces(w, width > len ? width - len : 0);
	write_text(w, s);
}

static bytes name_of(const struct count_result *r, size_t candidate)
{
	return r->profile->candidates[candidate].name;
}

/* --- the parts --- */

static void write_count_of(struct writer *w, uint64_t count, const char *one, const char *many)
{
	write_u64(w, count);
	write_text(w, " ");
	write_text(w, count == 1 ? one : many);
}

static void write_head(struct table *t)
{
	const struct count_result *r = t->r;
	struct writer *w = &t->w;
	if (r->profile->title.len > 0) {
		visible_write(w, r->profile->title, SIZE_MAX, VISIBLE_PLAIN);
		write_text(w, "\n");
	}
	write_text(w, "Rule ");
	write_text(w, r->rule.text);
	write_text(w, ", ");
	write_count_of(w, r->profile->seats, "seat", "seats");
	write_text(w, ", ");
	write_count_of(w, r->valid, "valid ballot", "valid ballots");
	write_text(w, ", ");
	write_u64(w, r->blank);
	write_text(w, " blank");
	if (r->quota > 0) {
		char room[UNITS_TEXT_BYTES];
		struct text votes = TEXT_OF(room);
		units_add_text(&votes, r->quota, r->form);
		write_text(w, ", quota ");
		write_text(w, room);
	}
	write_text(w, "\n\nElected\n");
	for (size_t i = 0; i < r->elected_count; i++) {
		char number[24];
		struct text n = TEXT_OF(number);
		text_add_u64(&n, i + 1);
		write_right(w, number, 4);
		write_text(w, "  ");
		visible_write(w, name_of(r, r->elected[i].candidate), SIZE_MAX, VISIBLE_PLAIN);
		if (r->rule.method->staged) {
			write_text(w, ", stage ");
			write_u64(w, r->elected[i].stage + 1u);
		}
		write_text(w, r->elected[i].without_quota ? ", without the quota\n" : "\n");
	}
	if (r->elected_count == 0)
		write_text(w, "      nobody\n");
}

static void write_tie(struct table *t, size_t stage)
{
	if (t->r->stages[stage].tie == COUNT_NO_TIE)
		return;
	write_text(&t->w, "      ");
	visible_tie(&t->w, t->r, stage, VISIBLE_PLAIN);
	write_text(&t->w, "\n");
}

static void write_stages(struct table *t)
{
	write_text(&t->w, "\nStages\n");
	for (size_t i = 0; i < t->r->stages_count; i++) {
		char number[24];
		struct text n = TEXT_OF(number);
		text_add_u64(&n, i + 1);
		write_right(&t->w, number, 4);
		write_text(&t->w, "  ");
		visible_action(&t->w, t->r, i, VISIBLE_PLAIN);
		write_text(&t->w, "\n");
		write_tie(t, i);
	}
}

/* By place; of one place by votes, then by number. */
static void write_places(struct table *t)
{
	const struct count_result *r = t->r;
	uint16_t order[LIMIT_ANSWERS];
	if (!r->places)
		return;
	result_order(order, r);
	write_text(&t->w, "\nPlaces\n");
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		char number[24];
		struct text n = TEXT_OF(number);
		if (r->places[order[i]] == 0) /* withdrawn: behind everybody */
			return;
		text_add_u64(&n, r->places[order[i]]);
		write_right(&t->w, number, 4);
		write_text(&t->w, "  ");
		visible_write(&t->w, name_of(r, order[i]), SIZE_MAX, VISIBLE_PLAIN);
		write_text(&t->w, "\n");
	}
}

/* --- the table of votes --- */

/* Aligned on the last digit; the column after it is for the mark. No blanks end a line. */
static void write_number(struct table *t, const char *s, const char *mark, bool last)
{
	write_right(&t->w, s, t->numbers - 1);
	write_text(&t->w, mark ? mark : last ? "" : " ");
}

static void write_votes(struct table *t, units votes, const char *mark, bool last)
{
	char room[UNITS_TEXT_BYTES];
	struct text v = TEXT_OF(room);
	units_add_text(&v, votes, t->r->form);
	write_number(t, room, mark, last);
}

static void write_candidate(struct table *t, size_t candidate, size_t first, size_t end)
{
	write_cell(&t->w, name_of(t->r, candidate), t->names);
	for (size_t i = first; i < end; i++) {
		const struct count_stage *s = &t->r->stages[i];
		enum count_status status = (enum count_status)s->status[candidate];
		if (status == COUNT_WITHDRAWN)
			write_number(t, "withdrawn", NULL, i + 1 == end);
		else if (status == COUNT_DEFEATED && s->tallies[candidate] == 0 &&
		         t->r->rule.method->conserves) /* the votes have moved on */
			write_number(t, "-", NULL, i + 1 == end);
		else
			write_votes(t, s->tallies[candidate],
			            status == COUNT_ELECTED || status == COUNT_PENDING ? "*" : NULL,
			            i + 1 == end);
	}
	write_text(&t->w, "\n");
}

static void write_sums(struct table *t, size_t first, size_t end)
{
	write_cell(&t->w, BYTES_LITERAL("Non-transferable"), t->names);
	for (size_t i = first; i < end; i++)
		write_votes(t, t->r->stages[i].nontransferable, NULL, i + 1 == end);
	write_text(&t->w, "\n");
	if (result_sums(t->r) == 1)
		return;
	write_cell(&t->w, BYTES_LITERAL("Cut off"), t->names);
	for (size_t i = first; i < end; i++)
		write_votes(t, t->r->stages[i].truncated, NULL, i + 1 == end);
	write_text(&t->w, "\n");
	write_cell(&t->w, BYTES_LITERAL("Total"), t->names);
	for (size_t i = first; i < end; i++)
		write_votes(t, result_stage_total(t->r, i), NULL, i + 1 == end);
	write_text(&t->w, "\n");
}

static void write_block(struct table *t, size_t first, size_t end)
{
	write_text(&t->w, "\n");
	write_cell(&t->w, BYTES_LITERAL("Votes (* elected)"), t->names);
	for (size_t i = first; i < end; i++) {
		char room[32];
		struct text heading = TEXT_OF(room);
		text_add(&heading, "stage ");
		text_add_u64(&heading, i + 1);
		write_number(t, t->r->rule.method->staged ? room : "votes", NULL, i + 1 == end);
	}
	write_text(&t->w, "\n");
	for (size_t i = 0; i < t->r->profile->candidates_count; i++)
		write_candidate(t, i, first, end);
	if (t->r->rule.method->staged)
		write_sums(t, first, end);
}

/* --- what else the method computed --- */

static size_t units_width(units v, struct units_form form)
{
	char room[UNITS_TEXT_BYTES];
	struct text t = TEXT_OF(room);
	units_add_text(&t, v, form);
	return t.len;
}

static size_t longest_name(const bytes *names, size_t count, size_t least, size_t most)
{
	size_t longest = least;
	for (size_t i = 0; i < count; i++) {
		size_t width = visible_width(names[i]);
		longest = width > longest ? width : longest;
	}
	return longest > most ? most : longest;
}

/* Right-aligned, cut where it is longer than the column. */
static void write_heading(struct writer *w, bytes name, size_t width)
{
	size_t used = visible_width(name);
	write_text(w, "  ");
	if (used < width)
		write_spaces(w, width - used);
	visible_write(w, name, width, VISIBLE_PLAIN);
}

/* The columns first … end - 1, each `column` wide behind two blanks. */
static void write_columns(struct table *t, const struct count_table *of, size_t first, size_t end,
                          size_t column)
{
	write_text(&t->w, "\n");
	write_cell(&t->w, BYTES_NONE, t->names);
	for (size_t j = first; j < end; j++)
		write_heading(&t->w, of->column_names[j], column);
	write_text(&t->w, "\n");
	for (size_t i = 0; i < of->rows; i++) {
		write_cell(&t->w, of->row_names[i], t->names);
		for (size_t j = first; j < end; j++) {
			char room[UNITS_TEXT_BYTES];
			struct text v = TEXT_OF(room);
			units_add_text(&v, of->cells[i * of->columns + j], of->form);
			write_right(&t->w, room, column + 2);
		}
		write_text(&t->w, "\n");
	}
}

static void write_table(struct table *t, const struct count_table *of)
{
	size_t names = t->names, column = longest_name(of->column_names, of->columns, 1, 16);
	for (size_t i = 0; i < of->rows * of->columns; i++) {
		size_t width = units_width(of->cells[i], of->form);
		column = width > column ? width : column;
	}
	t->names = longest_name(of->row_names, of->rows, 1, t->width * 2 / 5);
	size_t fit = t->width > t->names + column + 2 ? (t->width - t->names) / (column + 2) : 1;
	write_text(&t->w, "\n");
	visible_write(&t->w, bytes_of_text(of->what), SIZE_MAX, VISIBLE_PLAIN);
	write_text(&t->w, "\n");
	for (size_t j = 0; j < of->columns; j += fit)
		write_columns(t, of, j, j + fit < of->columns ? j + fit : of->columns, column);
	t->names = names;
}

static void widen(struct table *t, units v)
{
	size_t width = units_width(v, t->r->form) + 2;
	t->numbers = width > t->numbers ? width : t->numbers;
}

static void lay_out(struct table *t, size_t width)
{
	const struct count_result *r = t->r;
	t->width = width = width == 0 ? 80 : width < 40 ? 40 : width;
	t->numbers = 12;
	for (size_t i = 0; i < r->stages_count; i++) {
		const struct count_stage *s = &r->stages[i];
		widen(t, s->nontransferable);
		widen(t, s->truncated);
		if (r->rule.method->staged)
			widen(t, result_stage_total(r, i));
		for (size_t j = 0; j < r->profile->candidates_count; j++)
			widen(t, s->tallies[j]);
	}
	t->names = 17;
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		size_t w = visible_width(name_of(r, i));
		t->names = w > t->names ? w : t->names;
	}
	size_t most = width * 2 / 5 > 17 ? width * 2 / 5 : 17;
	t->names = t->names > most ? most : t->names;
	t->stages = width > t->names + t->numbers ? (width - t->names) / t->numbers : 1;
}

bool result_text_write(struct sink *sink, const struct count_result *r, size_t width,
                       struct error *err)
{
	struct table t = {.r = r};
	writer_init(&t.w, sink, err);
	lay_out(&t, width);
	write_head(&t);
	write_places(&t);
	if (r->rule.method->staged)
		write_stages(&t);
	else
		for (size_t i = 0; i < r->stages_count; i++)
			write_tie(&t, i);
	/* Ends repeat the votes of the stage before them; their news is who is elected. */
	size_t end = r->rule.method->staged ? r->stages_count - 1 : r->stages_count;
	for (size_t i = r->rule.method->staged ? 0 : end - 1; i < end; i += t.stages)
		write_block(&t, i, i + t.stages < end ? i + t.stages : end);
	for (size_t i = 0; i < r->tables_count; i++)
		write_table(&t, &r->tables[i]);
	return writer_finish(&t.w);
}
