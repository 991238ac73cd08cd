/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_text.h"

#include "base/limits.h"
#include "count/utf8_internal.h"
#include "count/writer_internal.h"

struct table {
	struct writer w;
	const struct count_result *r;
	size_t names;   /* columns for names */
	size_t numbers; /* columns for one stage, the gap before it included */
	size_t stages;  /* per block */
};

/* --- names --- */

static size_t text_width(bytes b)
{
	size_t width = 0;
	uint32_t code;
	for (size_t pos = 0; utf8_next(b, &pos, &code);)
		width += utf8_is_invisible(code) ? 1 : utf8_width(code);
	return width;
}

static void write_visible(struct writer *w, bytes b, size_t most)
{
	bool cut = text_width(b) > most;
	size_t width = 0;
	uint32_t code;
	for (size_t pos = 0, start = 0; utf8_next(b, &pos, &code); start = pos) {
		bool strange = utf8_is_invisible(code) || utf8_is_control(code);
		width += strange ? 1 : utf8_width(code);
		if (cut && width >= most) {
			write_text(w, "\u2026");
			return;
		}
		if (strange)
			write_text(w, "\ufffd");
		else
			write_bytes(w, bytes_of(b.p + start, pos - start));
	}
}

/* Exactly `width` columns: cut or filled up. A wide character at the cut may leave one blank. */
static void write_cell(struct writer *w, bytes b, size_t width)
{
	size_t used = text_width(b);
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
	write_visible(w, b, width);
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
		write_visible(w, r->profile->title, SIZE_MAX);
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
		write_visible(w, name_of(r, r->elected[i].candidate), SIZE_MAX);
		if (r->rule.method->staged) {
			write_text(w, ", stage ");
			write_u64(w, r->elected[i].stage + 1u);
		}
		write_text(w, r->elected[i].without_quota ? ", without the quota\n" : "\n");
	}
	if (r->elected_count == 0)
		write_text(w, "      nobody\n");
}

static void write_tie(struct table *t, const struct count_stage *s)
{
	struct writer *w = &t->w;
	if (s->tie == COUNT_NO_TIE)
		return;
	write_text(w, "      a tie of ");
	for (size_t i = 0; i < s->tied_count; i++) {
		write_text(w, i == 0 ? "" : i + 1 == s->tied_count ? " and " : ", ");
		write_visible(w, name_of(t->r, s->tied[i]), SIZE_MAX);
	}
	write_text(w, ": decided by ");
	write_text(w, s->tie == COUNT_TIE_BY_LOT    ? "the declared lot\n"
	              : s->tie == COUNT_TIE_BY_RULE ? "the rule's own order\n"
	                                            : "an earlier stage\n");
}

static void write_stages(struct table *t)
{
	write_text(&t->w, "\nStages\n");
	for (size_t i = 0; i < t->r->stages_count; i++) {
		char room[LIMIT_TEXT_BYTES + 128], number[24];
		struct text sentence = TEXT_OF(room), n = TEXT_OF(number);
		count_add_action(&sentence, t->r, i);
		text_add_u64(&n, i + 1);
		write_right(&t->w, number, 4);
		write_text(&t->w, "  ");
		write_visible(&t->w, bytes_of(room, sentence.len), SIZE_MAX);
		write_text(&t->w, "\n");
		write_tie(t, &t->r->stages[i]);
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
		else if (status == COUNT_DEFEATED && s->tallies[candidate] == 0)
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
	write_cell(&t->w, BYTES_LITERAL("Cut off"), t->names);
	for (size_t i = first; i < end; i++)
		write_votes(t, t->r->stages[i].truncated, NULL, i + 1 == end);
	write_text(&t->w, "\n");
	write_cell(&t->w, BYTES_LITERAL("Total"), t->names);
	for (size_t i = first; i < end; i++) {
		units sum = t->r->stages[i].nontransferable + t->r->stages[i].truncated;
		for (size_t j = 0; j < t->r->profile->candidates_count; j++)
			sum += t->r->stages[i].tallies[j];
		write_votes(t, sum, NULL, i + 1 == end);
	}
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

static void lay_out(struct table *t, size_t width)
{
	const struct count_result *r = t->r;
	char room[UNITS_TEXT_BYTES];
	struct text widest = TEXT_OF(room);
	width = width == 0 ? 80 : width < 40 ? 40 : width;
	t->numbers = 12;
	for (size_t i = 0; i < r->stages_count; i++)
		for (size_t j = 0; j < r->profile->candidates_count; j++) {
			widest.len = 0;
			units_add_text(&widest, r->stages[i].tallies[j], r->form);
			t->numbers = widest.len + 2 > t->numbers ? widest.len + 2 : t->numbers;
		}
	t->names = 17;
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		size_t w = text_width(name_of(r, i));
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
	if (r->rule.method->staged)
		write_stages(&t);
	else
		for (size_t i = 0; i < r->stages_count; i++)
			write_tie(&t, &r->stages[i]);
	/* Ends repeat the votes of the stage before them; their news is who is elected. */
	size_t end = r->rule.method->staged ? r->stages_count - 1 : r->stages_count;
	for (size_t i = r->rule.method->staged ? 0 : end - 1; i < end; i += t.stages)
		write_block(&t, i, i + t.stages < end ? i + t.stages : end);
	return writer_finish(&t.w);
}
