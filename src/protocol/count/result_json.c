/* SPDX-License-Identifier: Apache-2.0 */
#include "count/result_json.h"

#include "count/json_internal.h"

static void write_escape(struct writer *w, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	static const char short_for[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *found = c ? strchr(short_for, c) : NULL;
	char room[7] = "\\u00..";
	if (found) {
		room[1] = letters[found - short_for];
		room[2] = '\0';
	} else {
		room[4] = hex[c >> 4];
		room[5] = hex[c & 15];
	}
	write_text(w, room);
}

void json_write_string(struct writer *w, bytes b)
{
	size_t start = 0;
	write_text(w, "\"");
	for (size_t i = 0; i < b.len; i++) {
		if (b.p[i] >= 0x20 && b.p[i] != '"' && b.p[i] != '\\')
			continue;
		write_bytes(w, bytes_of(b.p + start, i - start));
		write_escape(w, b.p[i]);
		start = i + 1;
	}
	write_bytes(w, bytes_from(b, start));
	write_text(w, "\"");
}

static void write_word(struct writer *w, const char *word)
{
	write_text(w, "\"");
	write_text(w, word);
	write_text(w, "\"");
}

static void write_units(struct writer *w, units v, struct units_form form)
{
	char room[UNITS_TEXT_BYTES];
	struct text t = TEXT_OF(room);
	units_add_text(&t, v, form);
	write_word(w, room);
}

static void write_comma(struct writer *w, size_t i)
{
	if (i > 0)
		write_text(w, ",");
}

static void write_numbers(struct writer *w, const uint16_t *candidates, size_t count)
{
	write_text(w, "[");
	for (size_t i = 0; i < count; i++) {
		write_comma(w, i);
		write_u64(w, candidates[i] + 1u);
	}
	write_text(w, "]");
}

static void write_candidates(struct writer *w, const struct count_result *r)
{
	const struct count_stage *last = &r->stages[r->stages_count - 1];
	write_text(w, "[");
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		write_comma(w, i);
		write_text(w, "{\"name\":");
		json_write_string(w, r->profile->candidates[i].name);
		write_text(w, ",\"status\":");
		write_word(w, count_status_name((enum count_status)last->status[i]));
		write_text(w, "}");
	}
	write_text(w, "]");
}

static void write_elected(struct writer *w, const struct count_result *r)
{
	write_text(w, "[");
	for (size_t i = 0; i < r->elected_count; i++) {
		write_comma(w, i);
		write_text(w, "{\"candidate\":");
		write_u64(w, r->elected[i].candidate + 1u);
		write_text(w, ",\"stage\":");
		write_u64(w, r->elected[i].stage + 1u);
		write_text(w, ",\"without_quota\":");
		write_text(w, r->elected[i].without_quota ? "true}" : "false}");
	}
	write_text(w, "]");
}

static void write_quota(struct writer *w, const struct count_result *r, units quota)
{
	if (quota > 0)
		write_units(w, quota, r->form);
	else
		write_text(w, "null");
}

static void write_places(struct writer *w, const struct count_result *r)
{
	write_text(w, "[");
	for (size_t i = 0; r->places && i < r->profile->candidates_count; i++) {
		write_comma(w, i);
		write_u64(w, r->places[i]);
	}
	write_text(w, "]");
}

static void write_names(struct writer *w, const bytes *names, size_t count)
{
	write_text(w, "[");
	for (size_t i = 0; i < count; i++) {
		write_comma(w, i);
		json_write_string(w, names[i]);
	}
	write_text(w, "]");
}

static void write_table(struct writer *w, const struct count_table *t)
{
	write_text(w, "{\"cells\":[");
	for (size_t i = 0; i < t->rows; i++) {
		write_comma(w, i);
		write_text(w, "[");
		for (size_t j = 0; j < t->columns; j++) {
			write_comma(w, j);
			write_units(w, t->cells[i * t->columns + j], t->form);
		}
		write_text(w, "]");
	}
	write_text(w, "],\"columns\":");
	write_names(w, t->column_names, t->columns);
	write_text(w, ",\"name\":");
	write_word(w, t->name);
	write_text(w, ",\"rows\":");
	write_names(w, t->row_names, t->rows);
	write_text(w, "}");
}

static void write_stage(struct writer *w, const struct count_result *r, const struct count_stage *s)
{
	write_text(w, "{\"action\":");
	write_word(w, count_action_name(s->action));
	write_text(w, ",\"amount\":");
	write_units(w, s->amount, r->form);
	write_text(w, ",\"candidates\":");
	write_numbers(w, s->who, s->who_count);
	write_text(w, ",\"nontransferable\":");
	write_units(w, s->nontransferable, r->form);
	write_text(w, ",\"quota\":");
	write_quota(w, r, s->quota);
	write_text(w, ",\"status\":[");
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		write_comma(w, i);
		write_word(w, count_status_name((enum count_status)s->status[i]));
	}
	write_text(w, "],\"tallies\":[");
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		write_comma(w, i);
		write_units(w, s->tallies[i], r->form);
	}
	write_text(w, "],\"tie\":");
	write_word(w, count_tie_name(s->tie));
	write_text(w, ",\"tied\":");
	write_numbers(w, s->tied, s->tied_count);
	write_text(w, ",\"truncated\":");
	write_units(w, s->truncated, r->form);
	write_text(w, "}");
}

void json_write_stages(struct writer *w, const struct count_result *r)
{
	write_text(w, "[");
	for (size_t i = 0; i < r->stages_count; i++) {
		write_comma(w, i);
		write_stage(w, r, &r->stages[i]);
	}
	write_text(w, "]");
}

void json_write_tables(struct writer *w, const struct count_result *r)
{
	write_text(w, "[");
	for (size_t i = 0; i < r->tables_count; i++) {
		write_comma(w, i);
		write_table(w, &r->tables[i]);
	}
	write_text(w, "]");
}

static void write_result(struct writer *w, const struct count_result *r)
{
	write_text(w, "{\"blank\":");
	write_u64(w, r->blank);
	write_text(w, ",\"candidates\":");
	write_candidates(w, r);
	write_text(w, ",\"elected\":");
	write_elected(w, r);
	write_text(w, ",\"lot\":");
	write_numbers(w, r->rule.lot, r->rule.lot_count);
	write_text(w, ",\"places\":");
	write_places(w, r);
	write_text(w, ",\"quota\":");
	write_quota(w, r, r->quota);
	write_text(w, ",\"rule\":");
	write_word(w, r->rule.text);
	write_text(w, ",\"seats\":");
	write_u64(w, r->profile->seats);
	write_text(w, ",\"stages\":");
	json_write_stages(w, r);
	write_text(w, ",\"tables\":");
	json_write_tables(w, r);
	write_text(w, ",\"title\":");
	json_write_string(w, r->profile->title);
	write_text(w, ",\"valid\":");
	write_u64(w, r->valid);
	write_text(w, "}");
}

bool result_json_write(struct sink *sink, const struct count_result *r, struct error *err)
{
	struct writer w;
	writer_init(&w, sink, err);
	write_result(&w, r);
	return writer_finish(&w);
}

size_t result_json_bytes(const struct count_result *r)
{
	struct writer w;
	writer_init(&w, NULL, NULL);
	write_result(&w, r);
	return writer_finish(&w) ? w.total : 0;
}
