/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/results_out.h"

#include "cli/output.h"
#include "count/result_text.h"
#include "results/pipeline.h"
#include "results/results_json.h"
#include "results/sheets.h"

#include <stdio.h>

#define LINE_BYTES (4u * LIMIT_TEXT_BYTES)

/* Texts of a pipeline or of voters: what is not printable is made so. */
static void add_shown(struct text *t, bytes b)
{
	char shown[LIMIT_TEXT_BYTES + 1];
	output_printable_bytes(shown, sizeof shown, b);
	text_add(t, shown);
}

static bool put(struct result_target *t, struct text *line, struct error *err)
{
	text_add(line, "\n");
	bool good = sink_append(t->sink, bytes_of(line->p, line->len), err);
	line->len = 0;
	return good;
}

static void add_padded(struct text *t, uint64_t n)
{
	char room[24];
	struct text number = TEXT_OF(room);
	text_add_u64(&number, n);
	for (size_t blanks = number.len; blanks < 6; blanks++)
		text_add(t, " ");
	text_add(t, room);
}

static bool write_parts(struct result_target *t, const struct results_question *q,
                        struct error *err)
{
	char room[LINE_BYTES];
	struct text line = TEXT_OF(room);
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		struct results_totals of = results_part_totals(p);
		text_add(&line, p->source == RESULTS_SHEET ? "Tally sheet" : "Votes opened");
		text_add(&line, p->name.len > 0 ? " " : "");
		add_shown(&line, p->name);
		text_add(&line, ": ");
		text_add_u64(&line, of.valid);
		text_add(&line, " valid, ");
		text_add_u64(&line, of.blank);
		text_add(&line, " blank, ");
		text_add_u64(&line, of.invalid);
		text_add(&line, p->counted ? " invalid" : " invalid; not counted");
		if (!put(t, &line, err))
			return false;
	}
	return true;
}

static bool write_seats(struct result_target *t, const struct results_question *q,
                        struct error *err)
{
	char room[LINE_BYTES];
	struct text line = TEXT_OF(room);
	const struct seats_result *s = q->seats_result;
	if (!s)
		return true;
	text_add(&line, "Seats by ");
	text_add(&line, s->rule.text);
	text_add(&line, s->parity_error ? " (parity could not be kept, people must decide):" : ":");
	if (!put(t, &line, err))
		return false;
	for (size_t i = 0; i < s->winners_count; i++) {
		const struct seats_place *p = &s->places[i];
		const struct results_candidate *c = &q->candidates[p->candidate];
		add_padded(&line, i + 1);
		text_add(&line, "  ");
		add_shown(&line, c->name);
		text_add(&line, c->team.len > 0 ? ", " : "");
		add_shown(&line, c->team);
		text_add(&line, ": by ");
		text_add(&line, p->why == SEATS_BY_POINTS ? "points" : "guarantee of the team");
		text_add(&line, p->parity == SEATS_GAINED ? ", by parity" : "");
		text_add(&line, p->by_lot ? ", order by lot" : "");
		if (!put(t, &line, err))
			return false;
	}
	return true;
}

static bool write_written(struct result_target *t, const struct results_question *q,
                          struct error *err)
{
	char room[LINE_BYTES];
	struct text line = TEXT_OF(room);
	bool any = false;
	for (size_t i = 0; i < q->options_count; i++) {
		const struct results_option *o = &q->options[i];
		if (!o->written)
			continue;
		if (!any) {
			text_add(&line, "Written in, with the number of votes, and for whom:");
			if (!put(t, &line, err))
				return false;
		}
		any = true;
		add_padded(&line, o->weight);
		text_add(&line, "  ");
		add_shown(&line, o->name);
		text_add(&line, ": ");
		if (o->candidate == RESULTS_NOBODY)
			text_add(&line, "nobody");
		else
			add_shown(&line, q->candidates[o->candidate].name);
		if (!put(t, &line, err))
			return false;
	}
	return true;
}

static bool write_question(struct result_target *t, const struct results_question *q,
                           const struct result_sheet *sheet, struct error *err)
{
	char room[LINE_BYTES];
	struct text line = TEXT_OF(room);
	if (sheet && sheet->count) {
		if (!result_text_write(t->sink, sheet->count, t->file ? 80 : output_columns(), err))
			return false;
	} else {
		add_shown(&line, q->title);
		text_add(&line, sheet ? "\nNo valid votes are counted: nobody is elected."
		                      : "\nThis question is not tallied.");
		if (!put(t, &line, err))
			return false;
	}
	return write_seats(t, q, err) && write_parts(t, q, err) && write_written(t, q, err) &&
	       put(t, &line, err);
}

static bool write_journal(struct result_target *t, const struct results *r, struct error *err)
{
	char room[LINE_BYTES];
	struct text line = TEXT_OF(room);
	text_add(&line, "What was done, by the pipe's number:");
	if (!put(t, &line, err))
		return false;
	for (const struct results_note *n = r->notes; n; n = n->next) {
		if (n->pipe > 0)
			add_padded(&line, n->pipe);
		else
			text_add(&line, "   end");
		text_add(&line, "  ");
		if (n->question > 0) {
			add_shown(&line, r->questions[n->question - 1].id);
			text_add(&line, ": ");
		}
		add_shown(&line, n->text);
		if (!put(t, &line, err))
			return false;
	}
	text_add(&line, "Pipeline, SHA-256: ");
	text_add_hex(&line, BYTES_OF(r->pipeline.b));
	return put(t, &line, err);
}

bool results_write(struct result_target *t, const struct results *r, struct error *err)
{
	struct result_sheets sheets;
	size_t next = 0;
	if (t->format == RESULT_JSON)
		return results_json_write(t->sink, r, err);
	if (!results_sheets(&sheets, r, err))
		return false;
	if (t->format != RESULT_TEXT)
		return result_write_sheets(t, &sheets, err);
	for (size_t i = 0; i < r->questions_count; i++) {
		const struct results_question *q = &r->questions[i];
		if (!write_question(t, q, q->left_out ? NULL : &sheets.sheets[next++], err))
			return false;
	}
	return write_journal(t, r, err);
}

bool results_pipes_print(bool json, struct error *err)
{
	struct json_writer w;
	if (!json) {
		for (size_t i = 0; pipes[i]; i++)
			printf("%-26s%s\n", pipes[i]->name, pipes[i]->what);
		return true;
	}
	output_json_begin(&w, "urna results");
	json_put_key(&w, "pipes");
	json_put_array(&w);
	for (size_t i = 0; pipes[i]; i++) {
		json_put_object(&w);
		json_put_key(&w, "name");
		json_put_text(&w, pipes[i]->name);
		json_put_key(&w, "module");
		if (pipes[i]->module)
			json_put_text(&w, pipes[i]->module);
		else
			json_put_null(&w);
		json_put_key(&w, "what");
		json_put_text(&w, pipes[i]->what);
		json_put_end(&w);
	}
	json_put_end(&w);
	return output_json_end(&w, err);
}
