/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consolidate_write_ins: which written texts are votes for whom.
 *
 * The mapping is people's judgement, so somebody has to stand for it: "confirmed" is the SHA-256 of
 * what it says, which the refusal of a mapping without it tells. A mapping that is changed later
 * has to be confirmed again.
 *
 * Digest: of the dense JSON [{"candidate":"Ann","texts":["ann","ANN"]},{"new":"Zoe","texts":[…]}…],
 * entries and texts in the order of the file, escaped as result_json.h does.
 */
#include "results/pipes_internal.h"
#include "json/write.h"

struct entry {
	bytes name;
	bool is_new;
	struct pipe_texts texts;
};
struct write_ins {
	unsigned question;
	struct entry *entries;
	size_t count;
	digest says;
};

static bool read_entry(struct entry *e, const struct json_value *v, struct arena *a,
                       struct error *err)
{
	static const char *const known[] = {"texts", "candidate", "new", "help"};
	const struct json_value *candidate, *added;
	if (!json_only(v, JSON_NAMES(known), err) || !json_maybe(&candidate, v, "candidate", err) ||
	    !json_maybe(&added, v, "new", err))
		return false;
	if ((candidate != NULL) == (added != NULL))
		return json_refuse_because(v, ERROR_MALFORMED, "write-ins: for whom are these texts",
		                           "either \"candidate\", who stands, or \"new\", a name", err);
	e->is_new = added != NULL;
	return pipe_text(&e->name, added ? added : candidate, a, err) &&
	       pipe_read_texts(&e->texts, v, "texts", a, err);
}

static bool no_text_twice(const struct write_ins *p, const struct json_value *list,
                          struct error *err)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < i; k++) {
			for (size_t t = 0; t < p->entries[i].texts.count; t++)
				if (pipe_has_text(&p->entries[k].texts, p->entries[i].texts.texts[t]))
					return json_refuse_because(json_item(list, i), ERROR_MALFORMED,
					                           "write-ins: a text is mapped twice",
					                           (const char *)p->entries[i].texts.texts[t].p, err);
			if (bytes_equal(p->entries[i].name, p->entries[k].name))
				return json_refuse_because(json_item(list, i), ERROR_MALFORMED,
				                           "write-ins: a candidate has two entries",
				                           (const char *)p->entries[i].name.p, err);
		}
	return true;
}

static bool take_digest(digest *out, const struct write_ins *p, struct error *err)
{
	struct json_writer w;
	bytes text;
	json_writer_to_memory(&w, PIPELINE_BYTES, JSON_DENSE);
	json_put_array(&w);
	for (size_t i = 0; i < p->count; i++) {
		json_put_object(&w);
		json_put_key(&w, p->entries[i].is_new ? "new" : "candidate");
		json_put_text_bytes(&w, p->entries[i].name);
		json_put_key(&w, "texts");
		json_put_array(&w);
		for (size_t t = 0; t < p->entries[i].texts.count; t++)
			json_put_text_bytes(&w, p->entries[i].texts.texts[t]);
		json_put_end(&w);
		json_put_end(&w);
	}
	json_put_end(&w);
	bool good = json_writer_finish(&w, &text, err);
	if (good)
		*out = sha256(text);
	json_writer_free(&w);
	return good;
}

static bool check_confirmed(const struct write_ins *p, const struct json_value *params,
                            struct error *err)
{
	const struct json_value *v;
	digest given;
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "read the mapping; if it is right, put \"confirmed\": \"");
	text_add_hex(&t, BYTES_OF(p->says.b));
	text_add(&t, "\" beside it");
	if (!json_maybe(&v, params, "confirmed", err))
		return false;
	if (!v)
		return json_refuse_because(params, ERROR_REJECTED,
		                           "write-ins: nobody has confirmed this mapping", room, err);
	return json_hex(given.b, sizeof given.b, v, err) &&
	       (digest_equal(&given, &p->says) ||
	        json_refuse_because(v, ERROR_REJECTED, "write-ins: another mapping was confirmed", room,
	                            err));
}

static bool write_ins_read(void **out, const struct json_value *params, struct arena *a,
                           struct error *err)
{
	static const char *const known[] = {"question_index", "mapping", "confirmed", "help"};
	const struct json_value *list;
	struct write_ins *p = arena_take_array(a, 1, struct write_ins, err);
	*out = p;
	if (!p || !json_only(params, JSON_NAMES(known), err) ||
	    !pipe_need_index(&p->question, params, "question_index", err) ||
	    !json_need(&list, params, "mapping", err) ||
	    !json_items(&p->count, list, (struct json_range){1, LIMIT_ANSWERS}, err) ||
	    !(p->entries = arena_take_array(a, p->count, struct entry, err)))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!read_entry(&p->entries[i], json_item(list, i), a, err))
			return false;
	return no_text_twice(p, list, err) && take_digest(&p->says, p, err) &&
	       check_confirmed(p, params, err);
}

/* --- running --- */

static bool note_entry(struct results *r, const struct results_question *q, const struct entry *e,
                       size_t found, uint64_t votes, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	text_add_votes(&t, votes);
	text_add(&t, " written in with ");
	text_add_u64(&t, found);
	text_add(&t, " of ");
	text_add_u64(&t, e->texts.count);
	text_add(&t, e->is_new ? " texts are for a new candidate, " : " texts are for ");
	text_add_bytes(&t, e->name);
	return results_note(r, q, &t, err);
}

static bool map_entry(struct results *r, struct results_question *q, const struct entry *e,
                      struct error *err)
{
	uint16_t who;
	uint64_t votes = 0;
	size_t found = 0;
	if (!e->is_new && !pipe_candidate(&who, q, e->name, err))
		return false;
	if (e->is_new && !question_add_candidate(&who, r, q, e->name, err)) {
		fail_within(err, (const char *)e->name.p);
		return question_fail(q, err);
	}
	for (size_t i = 0; i < q->options_count; i++) {
		struct results_option *o = &q->options[i];
		if (!o->written || !pipe_has_text(&e->texts, o->name))
			continue;
		o->candidate = who;
		votes += o->weight;
		found++;
	}
	question_stale(q);
	return note_entry(r, q, e, found, votes, err);
}

/* Votes that name one candidate twice now, which count once. */
static uint64_t doubled(const struct results_question *q)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < q->parts_count; i++) {
		const struct results_part *p = &q->parts[i];
		for (size_t k = 0; k < p->papers_count; k++) {
			bool twice = false;
			for (uint32_t c = p->starts[k]; c < p->starts[k + 1] && !twice; c++)
				for (uint32_t d = p->starts[k]; d < c && !twice; d++) {
					uint16_t who = q->options[p->base + p->choices[c]].candidate;
					twice = who != RESULTS_NOBODY &&
					        who == q->options[p->base + p->choices[d]].candidate;
				}
			sum += twice ? p->weights[k] : 0;
		}
	}
	return sum;
}

static bool note_rest(struct results *r, const struct results_question *q,
                      const struct write_ins *p, struct error *err)
{
	char room[NOTE_BYTES];
	struct text t = TEXT_OF(room);
	size_t texts = 0;
	uint64_t votes = 0;
	for (size_t i = 0; i < q->options_count; i++)
		if (q->options[i].written && q->options[i].candidate == RESULTS_NOBODY) {
			texts++;
			votes += q->options[i].weight;
		}
	text_add(&t, "the mapping of written texts, SHA-256 ");
	text_add_hex(&t, BYTES_OF(p->says.b));
	text_add(&t, ", leaves ");
	text_add_votes(&t, votes);
	text_add(&t, " with ");
	text_add_u64(&t, texts);
	text_add(&t, texts == 1 ? " text that is" : " texts that are");
	text_add(&t, " nobody's; ");
	text_add_votes(&t, doubled(q));
	text_add(&t, " name a candidate twice, which counts once");
	return results_note(r, q, &t, err);
}

static bool write_ins_apply(struct results *r, const void *params, struct error *err)
{
	const struct write_ins *p = params;
	struct results_question *q;
	if (!pipe_question(&q, r, p->question, err))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!map_entry(r, q, &p->entries[i], err))
			return false;
	return note_rest(r, q, p, err);
}

const struct pipe pipe_consolidate_write_ins = {
	"consolidate_write_ins", NULL, "which written texts are votes for whom", write_ins_read,
	write_ins_apply,
};
