/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_sequent.h"

#include "count/json_internal.h"

#define DECIMALS 9u

/* What `v` is in decimals, cut after DECIMALS of them; false when that is not all of it. */
static bool add_decimal(struct text *t, units v, struct units_form form)
{
	units whole = v / form.one, rest = v % form.one;
	char digits[20];
	unsigned count = 0;
	if (v < 0) {
		text_add(t, "-");
		whole = -whole;
		rest = -rest;
	}
	units_add_text(t, whole, units_decimal(0));
	/* Ten times the rest must have 127 bits: a denominator of more is halved with it. */
	bool exact = true;
	units one = form.one;
	for (; one >> 123; one >>= 1) {
		exact = exact && !(one & 1) && !(rest & 1);
		rest >>= 1;
	}
	if (rest >= one)
		rest = one - 1;
	for (; count < (form.decimals > DECIMALS ? form.decimals : DECIMALS) && rest > 0; count++) {
		rest *= 10;
		digits[count] = (char)('0' + (int)(rest / one));
		rest %= one;
	}
	exact = exact && rest == 0;
	while (count > 0 && digits[count - 1] == '0')
		count--;
	if (count > 0) {
		text_add(t, ".");
		text_add_bytes(t, bytes_of(digits, count));
	}
	return exact;
}

struct answer {
	size_t id;
	bytes text;
	const char *count, *exact; /* exact: NULL, or the fraction */
	size_t seat;               /* from 1; 0: none */
};

static void write_answer(struct writer *w, const struct answer *a)
{
	write_text(w, a->id > 0 ? ",{\"category\":\"\",\"details\":\"\",\"id\":"
	                        : "{\"category\":\"\",\"details\":\"\",\"id\":");
	write_u64(w, a->id);
	write_text(w, ",\"text\":");
	json_write_string(w, a->text);
	write_text(w, ",\"total_count\":");
	write_text(w, a->count);
	if (a->exact) {
		write_text(w, ",\"total_count_exact\":");
		json_write_string(w, bytes_of_text(a->exact));
	}
	write_text(w, ",\"urls\":[],\"winner_position\":");
	if (a->seat > 0)
		write_u64(w, a->seat - 1);
	else
		write_text(w, "null");
	write_text(w, "}");
}

static void write_candidate(struct writer *w, const struct result_sheet *s, size_t i)
{
	char decimal[UNITS_TEXT_BYTES] = "0", fraction[UNITS_TEXT_BYTES];
	struct answer a = {.id = i, .text = s->candidates[i].name, .count = decimal};
	if (s->count) {
		const struct count_result *r = s->count;
		struct text d = TEXT_OF(decimal), f = TEXT_OF(fraction);
		units v = r->stages[r->stages_count - 1].tallies[i];
		if (!add_decimal(&d, v, r->form)) {
			units_add_text(&f, v, r->form);
			a.exact = fraction;
		}
		a.seat = result_sheet_seat(s, i);
	}
	write_answer(w, &a);
}

static void write_written(struct writer *w, const struct result_sheet *s)
{
	for (size_t i = 0; i < s->written_count; i++) {
		char votes[24];
		struct text t = TEXT_OF(votes);
		text_add_u64(&t, s->written[i].votes);
		write_answer(w, &(struct answer){.id = s->candidates_count + i,
		                                 .text = s->written[i].text,
		                                 .count = votes});
	}
}

static void write_number(struct writer *w, const char *key, uint64_t v)
{
	write_text(w, key);
	write_u64(w, v);
}

static void write_count(struct writer *w, const struct result_sheet *s)
{
	write_text(w, ",\"rounds\":");
	if (s->count)
		json_write_stages(w, s->count);
	else
		write_text(w, "[]");
	write_text(w, ",\"rule\":");
	json_write_string(w, bytes_of_text(s->rule));
	write_text(w, ",\"tables\":");
	if (s->count)
		json_write_tables(w, s->count);
	else
		write_text(w, "[]");
}

static void write_question(struct writer *w, const struct result_sheet *s)
{
	write_text(w, "{\"answer_total_votes_percentage\":\"over-total-valid-votes\",\"answers\":[");
	for (size_t i = 0; i < s->candidates_count; i++)
		write_candidate(w, s, i);
	write_written(w, s);
	write_text(w, "],\"description\":\"\",\"layout\":\"simple\"");
	write_number(w, ",\"max\":", s->max);
	write_number(w, ",\"min\":", s->min);
	write_number(w, ",\"num_winners\":", s->seats);
	write_count(w, s);
	write_text(w, ",\"tally_type\":");
	json_write_string(w, bytes_of_text(s->method));
	write_text(w, ",\"title\":");
	json_write_string(w, s->title);
	write_number(w, ",\"totals\":{\"blank_votes\":", result_sheet_blank(s));
	write_number(w, ",\"null_votes\":", s->invalid);
	write_number(w, ",\"valid_votes\":", result_sheet_valid(s));
	write_text(w, "},\"winners\":[");
	for (size_t i = 0; s->count && i < s->count->elected_count; i++) {
		write_text(w, i > 0 ? "," : "");
		json_write_string(w, s->candidates[s->count->elected[i].candidate].name);
	}
	write_text(w, "]}");
}

bool result_sequent_write(struct sink *sink, const struct result_sheets *sheets, struct error *err)
{
	struct writer w;
	uint64_t most = 0;
	writer_init(&w, sink, err);
	write_text(&w, "{\"questions\":[");
	for (size_t i = 0; i < sheets->count; i++) {
		const struct result_sheet *s = &sheets->sheets[i];
		uint64_t ballots = result_sheet_valid(s) + result_sheet_blank(s) + s->invalid;
		most = ballots > most ? ballots : most;
		write_text(&w, i > 0 ? "," : "");
		write_question(&w, s);
	}
	write_text(&w, "],\"total_votes\":");
	write_u64(&w, most);
	write_text(&w, "}");
	return writer_finish(&w);
}
