/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_csv.h"

#include "count/utf8_internal.h"
#include "count/visible_internal.h"

struct table {
	struct writer w;
	size_t columns, used; /* of every record, of the one being written */
	size_t question;      /* from 1 */
};

/* --- fields --- */

static bool is_formula(bytes b)
{
	static const uint32_t first[] = {'=', '+', '-', '@', '\'', 0xff1d, 0xff0b, 0xff0d, 0xff20};
	uint32_t code = 0;
	size_t pos = 0;
	do {
		if (!utf8_next(b, &pos, &code))
			return false;
	} while (utf8_is_invisible(code) || utf8_is_control(code) || code == ' ');
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if (code == first[i])
			return true;
	return false;
}

static void next_field(struct table *t)
{
	if (t->used++ > 0)
		write_text(&t->w, ",");
}

/* Text that somebody chose. */
static void text_field(struct table *t, bytes b)
{
	bool quoted = false;
	for (size_t i = 0; i < b.len; i++)
		quoted |= b.p[i] == '"' || b.p[i] == ',' || b.p[i] == '\r' || b.p[i] == '\n' ||
		          b.p[i] == ';' || b.p[i] == '\t';
	next_field(t);
	write_text(&t->w, quoted ? "\"" : "");
	write_text(&t->w, is_formula(b) ? "'" : "");
	for (size_t start = 0, i = 0; i <= b.len; i++)
		if (i == b.len || b.p[i] == '"') {
			write_bytes(&t->w, bytes_of(b.p + start, i - start));
			write_text(&t->w, i == b.len ? "" : "\"\"");
			start = i + 1;
		}
	write_text(&t->w, quoted ? "\"" : "");
}

static void word_field(struct table *t, const char *word) /* of ours: nothing to guard against */
{
	next_field(t);
	write_text(&t->w, word);
}

static void number_field(struct table *t, uint64_t v)
{
	next_field(t);
	write_u64(&t->w, v);
}

static void units_field(struct table *t, units v, struct units_form form)
{
	char room[UNITS_TEXT_BYTES];
	struct text n = TEXT_OF(room);
	units_add_text(&n, v, form);
	next_field(t);
	write_text(&t->w, strchr(room, '/') ? "'" : "");
	write_text(&t->w, room);
}

static void numbers_field(struct table *t, const uint16_t *candidates, size_t count)
{
	next_field(t);
	for (size_t i = 0; i < count; i++) {
		write_text(&t->w, i > 0 ? " " : "");
		write_u64(&t->w, candidates[i] + 1u);
	}
}

static void end_record(struct table *t)
{
	while (t->used < t->columns)
		next_field(t);
	write_text(&t->w, "\r\n");
	t->used = 0;
}

static void begin_record(struct table *t, const char *part)
{
	word_field(t, part);
	number_field(t, t->question);
}

/* "part,question,…" with these headings, up to NULL. */
static void headings(struct table *t, const char *part, const char *const *names)
{
	word_field(t, part);
	word_field(t, "question");
	for (; *names; names++)
		word_field(t, *names);
}

/* --- the parts --- */

static void summary_number(struct table *t, const char *what, uint64_t v)
{
	begin_record(t, "summary");
	word_field(t, what);
	number_field(t, v);
	end_record(t);
}

static void write_summary(struct table *t, const struct result_sheet *s)
{
	static const char *const names[] = {"what", "value", NULL};
	headings(t, "summary", names);
	end_record(t);
	begin_record(t, "summary");
	word_field(t, "title");
	text_field(t, s->title);
	end_record(t);
	begin_record(t, "summary");
	word_field(t, "rule");
	text_field(t, bytes_of_text(s->rule));
	end_record(t);
	summary_number(t, "seats", s->seats);
	summary_number(t, "valid ballots", result_sheet_valid(s));
	summary_number(t, "blank ballots", result_sheet_blank(s));
	summary_number(t, "invalid ballots", s->invalid);
	if (s->count && s->count->quota > 0) {
		begin_record(t, "summary");
		word_field(t, "quota");
		units_field(t, s->count->quota, s->count->form);
		end_record(t);
	}
	if (s->count && s->count->rule.lot_count > 0) {
		begin_record(t, "summary");
		word_field(t, "lot");
		numbers_field(t, s->count->rule.lot, s->count->rule.lot_count);
		end_record(t);
	}
}

static void write_ballots(struct table *t, const struct result_sheet *s)
{
	static const char *const names[] = {"kind", "ballots", NULL};
	if (s->verdicts_count == 0)
		return;
	headings(t, "ballots", names);
	end_record(t);
	for (size_t i = 0; i < s->verdicts_count; i++) {
		begin_record(t, "ballots");
		word_field(t, s->verdicts[i].name);
		number_field(t, s->verdicts[i].count);
		end_record(t);
	}
}

static void write_elected(struct table *t, const struct result_sheet *s)
{
	static const char *const names[] = {"order", "candidate",     "name",
	                                    "stage", "without quota", NULL};
	headings(t, "elected", names);
	end_record(t);
	for (size_t i = 0; s->count && i < s->count->elected_count; i++) {
		const struct count_seat *seat = &s->count->elected[i];
		begin_record(t, "elected");
		number_field(t, i + 1);
		number_field(t, seat->candidate + 1u);
		text_field(t, s->candidates[seat->candidate].name);
		number_field(t, seat->stage + 1u);
		word_field(t, seat->without_quota ? "yes" : "no");
		end_record(t);
	}
}

static void begin_candidate(struct table *t, const char *part, const struct result_sheet *s,
                            size_t i)
{
	begin_record(t, part);
	number_field(t, i + 1);
	text_field(t, s->candidates[i].name);
}

static void write_candidates(struct table *t, const struct result_sheet *s)
{
	static const char *const names[] = {"candidate", "name", "status", "place", "votes", NULL};
	const struct count_result *r = s->count;
	headings(t, "candidates", names);
	end_record(t);
	for (size_t i = 0; i < s->candidates_count; i++) {
		begin_candidate(t, "candidates", s, i);
		if (r) {
			const struct count_stage *last = &r->stages[r->stages_count - 1];
			word_field(t, count_status_name((enum count_status)last->status[i]));
			if (r->places && r->places[i] > 0)
				number_field(t, r->places[i]);
			else
				word_field(t, "");
			units_field(t, last->tallies[i], r->form);
		}
		end_record(t);
	}
}

static void write_stages(struct table *t, const struct count_result *r)
{
	static const char *const names[] = {"stage", "action", "candidates",    "amount", "quota",
	                                    "tie",   "tied",   "what happened", NULL};
	headings(t, "stages", names);
	end_record(t);
	for (size_t i = 0; i < r->stages_count; i++) {
		const struct count_stage *s = &r->stages[i];
		char room[2 * LIMIT_TEXT_BYTES];
		struct text sentence = TEXT_OF(room);
		count_add_action(&sentence, r, i);
		begin_record(t, "stages");
		number_field(t, i + 1);
		word_field(t, count_action_name(s->action));
		numbers_field(t, s->who, s->who_count);
		units_field(t, s->amount, r->form);
		if (s->quota > 0)
			units_field(t, s->quota, r->form);
		else
			word_field(t, "");
		word_field(t, count_tie_name(s->tie));
		numbers_field(t, s->tied, s->tied_count);
		text_field(t, bytes_of(room, sentence.len));
		end_record(t);
	}
}

static void stage_headings(struct table *t, const char *part, const struct count_result *r)
{
	static const char *const names[] = {"candidate", "name", NULL};
	headings(t, part, names);
	for (size_t i = 0; i < r->stages_count; i++) {
		next_field(t);
		write_text(&t->w, "stage ");
		write_u64(&t->w, i + 1);
	}
	end_record(t);
}

static void write_votes(struct table *t, const struct result_sheet *s)
{
	static const char *const sums[] = {"non-transferable", "cut off", "total"};
	const struct count_result *r = s->count;
	stage_headings(t, "votes", r);
	for (size_t i = 0; i < s->candidates_count; i++) {
		begin_candidate(t, "votes", s, i);
		for (size_t j = 0; j < r->stages_count; j++)
			units_field(t, r->stages[j].tallies[i], r->form);
		end_record(t);
	}
	for (unsigned k = 0; r->rule.method->staged && k < result_sums(r); k++) {
		begin_record(t, "votes");
		word_field(t, "");
		word_field(t, sums[k]);
		for (size_t j = 0; j < r->stages_count; j++)
			units_field(t,
			            k == 0   ? r->stages[j].nontransferable
			            : k == 1 ? r->stages[j].truncated
			                     : result_stage_total(r, j),
			            r->form);
		end_record(t);
	}
}

static void write_status(struct table *t, const struct result_sheet *s)
{
	const struct count_result *r = s->count;
	stage_headings(t, "status", r);
	for (size_t i = 0; i < s->candidates_count; i++) {
		begin_candidate(t, "status", s, i);
		for (size_t j = 0; j < r->stages_count; j++)
			word_field(t, count_status_name((enum count_status)r->stages[j].status[i]));
		end_record(t);
	}
}

static void write_table(struct table *t, const struct count_table *of)
{
	char part[64];
	struct text name = TEXT_OF(part);
	text_add(&name, "table ");
	text_add(&name, of->name);
	word_field(t, part);
	word_field(t, "question");
	text_field(t, bytes_of_text(of->what));
	for (size_t j = 0; j < of->columns; j++)
		text_field(t, of->column_names[j]);
	end_record(t);
	for (size_t i = 0; i < of->rows; i++) {
		begin_record(t, part);
		text_field(t, of->row_names[i]);
		for (size_t j = 0; j < of->columns; j++)
			units_field(t, of->cells[i * of->columns + j], of->form);
		end_record(t);
	}
}

static void write_written(struct table *t, const struct result_sheet *s)
{
	static const char *const names[] = {"text", "votes", NULL};
	if (s->written_count == 0)
		return;
	headings(t, "written in", names);
	end_record(t);
	for (size_t i = 0; i < s->written_count; i++) {
		begin_record(t, "written in");
		text_field(t, s->written[i].text);
		number_field(t, s->written[i].votes);
		end_record(t);
	}
}

static size_t widest_record(const struct result_sheets *sheets)
{
	size_t most = 10; /* stages */
	for (size_t i = 0; i < sheets->count; i++) {
		const struct count_result *r = sheets->sheets[i].count;
		if (r && 4 + r->stages_count > most)
			most = 4 + r->stages_count;
		for (size_t j = 0; r && j < r->tables_count; j++)
			if (3 + r->tables[j].columns > most)
				most = 3 + r->tables[j].columns;
	}
	return most;
}

bool result_csv_write(struct sink *sink, const struct result_sheets *sheets, struct error *err)
{
	struct table t = {.columns = widest_record(sheets)};
	writer_init(&t.w, sink, err);
	write_text(&t.w, "\ufeff");
	for (size_t i = 0; i < sheets->count; i++) {
		const struct result_sheet *s = &sheets->sheets[i];
		t.question = i + 1;
		write_summary(&t, s);
		write_ballots(&t, s);
		write_elected(&t, s);
		write_candidates(&t, s);
		if (s->count) {
			write_stages(&t, s->count);
			write_votes(&t, s);
			write_status(&t, s);
			for (size_t j = 0; j < s->count->tables_count; j++)
				write_table(&t, &s->count->tables[j]);
		}
		write_written(&t, s);
	}
	return writer_finish(&t.w);
}
