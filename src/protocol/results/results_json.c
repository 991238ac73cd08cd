/* SPDX-License-Identifier: Apache-2.0 */
#include "results/results_json.h"

#include "count/result_json.h"
#include "json/write.h"

static void put_u64(struct json_writer *w, const char *key, uint64_t v)
{
	json_put_key(w, key);
	json_put_u64(w, v);
}

static void put_text(struct json_writer *w, const char *key, bytes v)
{
	json_put_key(w, key);
	json_put_text_bytes(w, v);
}

static void put_flag(struct json_writer *w, const char *key, bool v)
{
	json_put_key(w, key);
	json_put_flag(w, v);
}

static bool literal(struct sink *s, const char *text, struct error *err)
{
	return sink_append(s, bytes_of_text(text), err);
}

/* What one writer wrote goes to the sink in whole. */
static bool finish(struct json_writer *w, struct error *err)
{
	bool good = json_writer_finish(w, NULL, err);
	json_writer_free(w);
	return good;
}

static bool write_journal(struct sink *sink, const struct results *r, struct error *err)
{
	struct json_writer w;
	json_writer_to_sink(&w, sink, JSON_DENSE);
	json_put_array(&w);
	for (const struct results_note *n = r->notes; n; n = n->next) {
		json_put_object(&w);
		put_u64(&w, "pipe", n->pipe);
		put_u64(&w, "question", n->question);
		put_text(&w, "what", n->text);
		json_put_end(&w);
	}
	json_put_end(&w);
	return finish(&w, err);
}

/* --- about a question --- */

static void put_candidates(struct json_writer *w, const struct results_question *q)
{
	static const char *const genders[] = {"", "woman", "man"};
	json_put_key(w, "candidates");
	json_put_array(w);
	for (size_t i = 0; i < q->candidates_count; i++) {
		const struct results_candidate *c = &q->candidates[i];
		json_put_object(w);
		put_text(w, "gender", bytes_of_text(genders[c->gender]));
		put_text(w, "name", c->name);
		put_text(w, "team", c->team);
		put_flag(w, "withdrawn", c->withdrawn);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_parts(struct json_writer *w, const struct results_question *q)
{
	json_put_key(w, "parts");
	json_put_array(w);
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		struct results_totals of = results_part_totals(p);
		json_put_object(w);
		put_u64(w, "blank", of.blank);
		put_flag(w, "counted", p->counted);
		put_u64(w, "invalid", of.invalid);
		put_text(w, "name", p->name);
		put_text(w, "source", bytes_of_text(results_source_name(p->source)));
		put_u64(w, "valid", of.valid);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_write_ins(struct json_writer *w, const struct results_question *q)
{
	json_put_key(w, "write_ins");
	json_put_array(w);
	for (size_t i = 0; i < q->options_count; i++) {
		const struct results_option *o = &q->options[i];
		if (!o->written)
			continue;
		json_put_object(w);
		json_put_key(w, "candidate");
		if (o->candidate == RESULTS_NOBODY)
			json_put_null(w);
		else
			json_put_text_bytes(w, q->candidates[o->candidate].name);
		put_text(w, "text", o->name);
		put_u64(w, "weight", o->weight);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_winners(struct json_writer *w, const struct results_question *q)
{
	uint16_t winners[LIMIT_ANSWERS];
	size_t n = results_winners(winners, q);
	json_put_key(w, "winners");
	json_put_array(w);
	for (size_t i = 0; i < n; i++)
		json_put_text_bytes(w, q->candidates[winners[i]].name);
	json_put_end(w);
}

static bool write_about(struct sink *sink, const struct results_question *q, struct error *err)
{
	struct json_writer w;
	struct results_totals of = results_totals(q);
	json_writer_to_sink(&w, sink, JSON_DENSE);
	json_put_object(&w);
	put_candidates(&w, q);
	put_flag(&w, "counted", !q->left_out);
	put_text(&w, "id", q->id);
	put_u64(&w, "max", q->max);
	put_u64(&w, "min", q->min);
	put_parts(&w, q);
	put_text(&w, "rule", bytes_of_text(q->rule.text));
	json_put_key(&w, "seat_rule");
	if (q->seat_rule.steps_count > 0)
		json_put_text(&w, q->seat_rule.text);
	else
		json_put_null(&w);
	put_u64(&w, "seats", q->seats);
	put_text(&w, "title", q->title);
	json_put_key(&w, "votes");
	json_put_object(&w);
	put_u64(&w, "blank", of.blank);
	put_u64(&w, "invalid", of.invalid);
	put_u64(&w, "valid", of.valid);
	json_put_end(&w);
	put_winners(&w, q);
	put_write_ins(&w, q);
	json_put_end(&w);
	return finish(&w, err);
}

/* --- seats --- */

static void put_places(struct json_writer *w, const struct seats_result *s)
{
	static const char *const parity[] = {"none", "gained", "lost"};
	json_put_key(w, "places");
	json_put_array(w);
	for (size_t i = 0; i < s->places_count; i++) {
		const struct seats_place *p = &s->places[i];
		json_put_object(w);
		put_flag(w, "by_lot", p->by_lot);
		put_u64(w, "candidate", p->candidate + 1u);
		put_text(w, "parity", bytes_of_text(parity[p->parity]));
		put_text(w, "why", bytes_of_text(seats_why_name(p->why)));
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_teams(struct json_writer *w, const struct results_question *q)
{
	const struct seats_result *s = q->seats_result;
	json_put_key(w, "teams");
	json_put_array(w);
	for (size_t i = 0; i < s->teams_count; i++) {
		char room[UNITS_TEXT_BYTES];
		struct text points = TEXT_OF(room);
		units_add_text(&points, s->teams[i].points, q->count->form);
		json_put_object(w);
		put_u64(w, "guaranteed", s->teams[i].guaranteed);
		put_flag(w, "minority", s->teams[i].minority);
		put_text(w, "name", s->teams[i].name);
		put_text(w, "points", bytes_of(room, points.len));
		put_u64(w, "reached", s->teams[i].reached);
		put_u64(w, "seats", s->teams[i].seats);
		json_put_end(w);
	}
	json_put_end(w);
}

static bool write_seats(struct sink *sink, const struct results_question *q, struct error *err)
{
	struct json_writer w;
	if (!q->seats_result || !q->count)
		return literal(sink, "null", err);
	json_writer_to_sink(&w, sink, JSON_DENSE);
	json_put_object(&w);
	put_flag(&w, "parity_error", q->seats_result->parity_error);
	put_places(&w, q->seats_result);
	put_teams(&w, q);
	put_u64(&w, "winners", q->seats_result->winners_count);
	json_put_end(&w);
	return finish(&w, err);
}

/* --- all --- */

static bool write_question(struct sink *sink, const struct results_question *q, struct error *err)
{
	return literal(sink, "{\"about\":", err) && write_about(sink, q, err) &&
	       literal(sink, ",\"count\":", err) &&
	       (q->count ? result_json_write(sink, q->count, err) : literal(sink, "null", err)) &&
	       literal(sink, ",\"seats\":", err) && write_seats(sink, q, err) &&
	       literal(sink, "}", err);
}

/* A text alone is no document: as the one member of a list without its brackets. */
static bool write_title(struct sink *sink, const struct results *r, struct error *err)
{
	struct json_writer w;
	bytes text;
	json_writer_to_memory(&w, 8 * LIMIT_TEXT_BYTES, JSON_DENSE);
	json_put_array(&w);
	json_put_text_bytes(&w, r->title);
	json_put_end(&w);
	bool good = json_writer_finish(&w, &text, err) &&
	            sink_append(sink, bytes_of(text.p + 1, text.len - 2), err);
	json_writer_free(&w);
	return good;
}

bool results_json_write(struct sink *sink, const struct results *r, struct error *err)
{
	char hex[2 * sizeof(digest) + 1];
	hex_encode(hex, BYTES_OF(r->pipeline.b));
	if (!literal(sink, "{\"journal\":", err) || !write_journal(sink, r, err) ||
	    !literal(sink, ",\"pipeline\":\"", err) || !literal(sink, hex, err) ||
	    !literal(sink, "\",\"questions\":[", err))
		return false;
	for (size_t i = 0; i < r->questions_count; i++)
		if ((i > 0 && !literal(sink, ",", err)) || !write_question(sink, &r->questions[i], err))
			return false;
	return literal(sink, "],\"title\":", err) && write_title(sink, r, err) &&
	       literal(sink, ",\"urna_results\":1}\n", err);
}
