/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/result_out.h"

#include "cli/out_file.h"
#include "cli/output.h"
#include "count/result_csv.h"
#include "count/result_html.h"
#include "count/result_json.h"
#include "count/result_sequent.h"
#include "count/result_svg.h"
#include "count/result_text.h"

#include <stdlib.h>
#include <string.h>

bool result_format_read(enum result_format *out, const char *word)
{
	static const char *const words[] = {"text", "json", "csv", "svg", "html", "sequent"};
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum result_format)i;
			return true;
		}
	return false;
}

bool result_target_open(struct result_target *out, enum result_format format, const char *path,
                        struct error *err)
{
	*out = (struct result_target){format, output_sink(), path != NULL};
	return !path || out_file_create(&out->sink, path, err);
}

bool result_target_close(struct result_target *t, bool good, struct error *err)
{
	if (!t->file)
		return good;
	if (good)
		return sink_commit(t->sink, err);
	sink_abort(t->sink);
	return false;
}

/* --- what is not text --- */

static bool line_feed(struct sink *s, struct error *err)
{
	return sink_append(s, BYTES_LITERAL("\n"), err);
}

bool result_write_sheets(struct result_target *t, const struct result_sheets *sheets,
                         struct error *err)
{
	switch (t->format) {
	case RESULT_CSV:
		return result_csv_write(t->sink, sheets, err);
	case RESULT_SVG:
		return result_svg_write(t->sink, sheets, err);
	case RESULT_HTML:
		return result_html_write(t->sink, sheets, err);
	case RESULT_SEQUENT:
		return result_sequent_write(t->sink, sheets, err) && line_feed(t->sink, err);
	case RESULT_TEXT:
	case RESULT_JSON:
		break;
	}
	return fail(err, ERROR_BUG, "count: a format without sheets", ERROR_NOWHERE);
}

bool result_write_count(struct result_target *t, const struct count_result *r, struct error *err)
{
	const struct result_sheet sheet = result_sheet_of(r);
	const struct result_sheets sheets = {.sheets = &sheet, .count = 1};
	if (t->format == RESULT_TEXT)
		return result_text_write(t->sink, r, t->file ? 80 : output_columns(), err);
	if (t->format == RESULT_JSON)
		return result_json_write(t->sink, r, err) && line_feed(t->sink, err);
	return result_write_sheets(t, &sheets, err);
}

/* --- the sheets of an election --- */

static int by_votes(const void *a, const void *b)
{
	const struct result_written *x = a, *y = b;
	size_t common = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order = memcmp(x->text.p, y->text.p, common);
	return x->votes != y->votes         ? (x->votes < y->votes) - (x->votes > y->votes)
	       : order != 0                 ? order
	       : x->text.len != y->text.len ? (x->text.len > y->text.len) - (x->text.len < y->text.len)
	                                    : 0;
}

static bool fill_sheet(struct result_sheet *out, const struct manifest_question *q,
                       const struct question_result *r, struct arena *a, struct error *err)
{
	struct candidate *candidates = arena_take_array(a, q->choices.answers, struct candidate, err);
	struct result_number *verdicts = arena_take_array(a, VERDICTS, struct result_number, err);
	struct result_written *written =
		arena_take_array(a, r->written_count, struct result_written, err);
	if (!candidates || !verdicts || !written)
		return false;
	*out = (struct result_sheet){
		.title = q->title,
		.rule = q->rule.text,
		.method = q->rule.method->name,
		.candidates = candidates,
		.candidates_count = q->choices.answers,
		.seats = q->seats,
		.min = q->choices.min,
		.max = q->choices.max,
		.blank = r->verdicts[VERDICT_BLANK],
		.verdicts = verdicts,
		.verdicts_count = VERDICTS,
		.written = written,
		.written_count = r->written_count,
		.count = r->count,
	};
	for (unsigned i = 0; i < q->choices.answers; i++)
		candidates[i] = (struct candidate){q->answers[i], q->withdrawn[i]};
	for (unsigned v = 0; v < VERDICTS; v++) {
		verdicts[v] = (struct result_number){verdict_name((enum verdict)v), r->verdicts[v]};
		out->invalid += verdict_is_invalid((enum verdict)v) ? r->verdicts[v] : 0;
	}
	for (size_t i = 0; i < r->written_count; i++)
		written[i] = (struct result_written){bytes_of(r->written[i].text, r->written[i].length),
		                                     r->written[i].weight};
	if (r->written_count > 0)
		qsort(written, r->written_count, sizeof *written, by_votes);
	return true;
}

static bool write_election_sheets(struct result_target *t, const struct election_result *r,
                                  const struct election *e, struct error *err)
{
	struct arena *a = &e->session->arena;
	size_t count = e->manifest->questions_count;
	struct result_sheet *sheets = arena_take_array(a, count, struct result_sheet, err);
	if (!sheets)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!fill_sheet(&sheets[i], &e->manifest->questions[i], &r->questions[i], a, err))
			return false;
	return result_write_sheets(t, &(struct result_sheets){e->manifest->title, sheets, count}, err);
}

/* --- text --- */

static bool add_line(struct sink *s, struct text *t, struct error *err)
{
	text_add(t, "\n");
	return sink_append(s, bytes_of(t->p, t->len), err);
}

/* With weights a ballot is told by what it weighs. */
static bool write_verdicts(struct sink *s, const struct question_result *q, bool weighted,
                           struct error *err)
{
	char room[512];
	struct text t = TEXT_OF(room);
	for (unsigned v = 0; v < VERDICTS; v++) {
		if (q->verdicts[v] == 0)
			continue;
		text_add(&t, t.len > 0 ? ", " : weighted ? "Ballots by weight: " : "Ballots: ");
		text_add_u64(&t, q->verdicts[v]);
		text_add(&t, " ");
		text_add(&t, verdict_name((enum verdict)v));
	}
	if (t.len == 0)
		text_add(&t, "No ballots.");
	return add_line(s, &t, err);
}

static bool write_written_in(struct sink *s, const struct question_result *q, struct error *err)
{
	if (q->written_count &&
	    !sink_append(s, BYTES_LITERAL("Written in, with the number of votes:\n"), err))
		return false;
	for (size_t i = 0; i < q->written_count; i++) {
		const struct written_in *w = &q->written[i];
		char shown[WRITE_IN_BYTES + 1], room[WRITE_IN_BYTES + 32], number[24];
		struct text t = TEXT_OF(room), n = TEXT_OF(number);
		output_printable_bytes(shown, sizeof shown, bytes_of(w->text, w->length));
		text_add_u64(&n, w->weight);
		for (size_t blanks = n.len; blanks < 8; blanks++)
			text_add(&t, " ");
		text_add(&t, number);
		text_add(&t, "  ");
		text_add(&t, shown);
		if (!add_line(s, &t, err))
			return false;
	}
	return true;
}

static bool write_question(struct result_target *t, const struct question_result *q, bytes title,
                           struct error *err)
{
	char shown[LIMIT_TEXT_BYTES + 64];
	if (q->count)
		return result_text_write(t->sink, q->count, t->file ? 80 : output_columns(), err);
	output_printable_bytes(shown, LIMIT_TEXT_BYTES + 1, title);
	struct text line = {shown, sizeof shown, strlen(shown), false};
	text_add(&line, "\nNo valid ballots: nobody is elected.");
	return add_line(t->sink, &line, err);
}

bool result_write_election(struct result_target *t, const struct election_result *r,
                           const struct election *e, struct error *err)
{
	if (t->format == RESULT_JSON)
		return sink_append(t->sink, r->json, err);
	if (t->format != RESULT_TEXT)
		return write_election_sheets(t, r, e, err);
	for (unsigned i = 0; i < e->manifest->questions_count; i++) {
		const struct question_result *q = &r->questions[i];
		if (!write_question(t, q, e->manifest->questions[i].title, err) ||
		    !write_verdicts(t->sink, q, e->manifest->weight_max > 1, err) ||
		    !write_written_in(t->sink, q, err) || !line_feed(t->sink, err))
			return false;
	}
	return true;
}
