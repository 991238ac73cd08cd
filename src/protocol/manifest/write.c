/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include "json/write.h"

static void put_pair(struct json_writer *w, const char *key, const char *value)
{
	json_put_key(w, key);
	json_put_text(w, value);
}

static void put_number(struct json_writer *w, const char *key, uint64_t value)
{
	json_put_key(w, key);
	json_put_u64(w, value);
}

static void put_number_if(struct json_writer *w, const char *key, uint64_t value)
{
	if (value)
		put_number(w, key, value);
}

static void put_bytes(struct json_writer *w, const char *key, bytes value)
{
	json_put_key(w, key);
	json_put_text_bytes(w, value);
}

static void put_bytes_if(struct json_writer *w, const char *key, bytes value)
{
	if (value.len)
		put_bytes(w, key, value);
}

static void put_key(struct json_writer *w, const char *key, const uint8_t value[static 32])
{
	json_put_key(w, key);
	json_put_hex(w, bytes_of(value, 32));
}

/* "q7": the name of what was given none. */
static void put_numbered(struct json_writer *w, const char *letter, unsigned index)
{
	char room[16];
	struct text t = TEXT_OF(room);
	text_add(&t, letter);
	text_add_u64(&t, index + 1u);
	json_put_text(w, room);
}

static void put_question_id(struct json_writer *w, const struct manifest_draft *d, unsigned q)
{
	if (d->questions[q].id.len)
		json_put_text_bytes(w, d->questions[q].id);
	else
		put_numbered(w, "q", q);
}

static void put_signer(struct json_writer *w, const struct manifest_signer *s)
{
	json_put_object(w);
	put_bytes(w, "name", s->name);
	put_key(w, "key", s->key);
	json_put_end(w);
}

static void put_witnesses(struct json_writer *w, const struct manifest_draft *d)
{
	if (d->witnesses_count == 0)
		return;
	json_put_key(w, "witnesses");
	json_put_object(w);
	put_number(w, "lying", d->witnesses_lying);
	put_number(w, "quorum", d->witnesses_quorum);
	json_put_key(w, "keys");
	json_put_array(w);
	for (unsigned i = 0; i < d->witnesses_count; i++)
		put_signer(w, &d->witnesses[i]);
	json_put_end(w);
	json_put_end(w);
}

static void put_rights(struct json_writer *w, const struct manifest_draft *d)
{
	bool credentials = d->mode == BALLOT_CREDENTIALS;
	put_pair(w, "mode", credentials ? "credentials" : "server");
	json_put_key(w, "board");
	put_signer(w, &d->board);
	if (credentials)
		put_key(w, "registrar", d->registrar);
	put_witnesses(w, d);
	put_number_if(w, "promise_delay", d->promise_delay_s);
	put_number_if(w, "weight_max", d->weight_max);
}

static void put_authorities(struct json_writer *w, const struct manifest_draft *d)
{
	put_number(w, "threshold", d->threshold);
	json_put_key(w, "authorities");
	json_put_array(w);
	for (unsigned i = 0; i < d->authorities_count; i++) {
		json_put_object(w);
		put_bytes(w, "operator", d->authorities[i].operator_name);
		put_key(w, "identity", d->authorities[i].identity);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_withdrawn_and_lot(struct json_writer *w, const struct manifest_draft_question *q)
{
	if (q->withdrawn) {
		json_put_key(w, "withdrawn");
		json_put_array(w);
		for (unsigned i = 0; i < q->answers_count; i++)
			if (q->withdrawn[i])
				json_put_u64(w, i + 1);
		json_put_end(w);
	}
	if (q->lot) {
		json_put_key(w, "lot");
		json_put_array(w);
		for (unsigned i = 0; i < q->answers_count; i++)
			json_put_u64(w, q->lot[i] + 1u);
		json_put_end(w);
	}
}

static void put_texts(struct json_writer *w, const char *key, const bytes *texts, unsigned count)
{
	json_put_key(w, key);
	json_put_array(w);
	for (unsigned i = 0; i < count; i++)
		json_put_text_bytes(w, texts[i]);
	json_put_end(w);
}

static void put_question(struct json_writer *w, const struct manifest_draft *d, unsigned index)
{
	const struct manifest_draft_question *q = &d->questions[index];
	json_put_object(w);
	json_put_key(w, "id");
	put_question_id(w, d, index);
	put_bytes(w, "title", q->title);
	put_bytes_if(w, "description", q->description);
	put_bytes(w, "rule", q->rule);
	put_number(w, "seats", q->seats);
	put_number(w, "min", q->min);
	put_number(w, "max", q->max);
	put_texts(w, "answers", q->answers, q->answers_count);
	put_number_if(w, "write_ins", q->write_ins);
	put_number_if(w, "points", q->points);
	put_number_if(w, "total", q->total);
	put_withdrawn_and_lot(w, q);
	put_bytes_if(w, "layout", q->layout);
	put_bytes_if(w, "group_layout", q->group_layout);
	json_put_end(w);
}

static unsigned groups_of(const struct manifest_draft *d)
{
	return d->groups_count ? d->groups_count : d->questions_count;
}

static void put_group(struct json_writer *w, const struct manifest_draft *d, unsigned index)
{
	const struct manifest_draft_group *g = d->groups_count ? &d->groups[index] : NULL;
	json_put_object(w);
	json_put_key(w, "name");
	if (g)
		json_put_text_bytes(w, g->name);
	else
		put_numbered(w, "g", index);
	json_put_key(w, "questions");
	json_put_array(w);
	for (unsigned i = 0; g && i < g->questions_count; i++)
		put_question_id(w, d, g->questions[i]);
	if (!g)
		put_question_id(w, d, index);
	json_put_end(w);
	json_put_end(w);
}

static void put_group_name(struct json_writer *w, const struct manifest_draft *d, unsigned index)
{
	if (d->groups_count)
		json_put_text_bytes(w, d->groups[index].name);
	else
		put_numbered(w, "g", index);
}

static void put_style(struct json_writer *w, const struct manifest_draft *d, unsigned index)
{
	const struct manifest_draft_style *s = d->styles_count ? &d->styles[index] : NULL;
	bytes area = s ? s->area : d->areas_count ? d->areas[index] : BYTES_NONE;
	bytes name = s ? s->name : area.len ? area : BYTES_LITERAL("all");
	json_put_object(w);
	put_bytes(w, "name", name);
	json_put_key(w, "groups");
	json_put_array(w);
	for (unsigned i = 0; i < (s ? s->groups_count : groups_of(d)); i++)
		put_group_name(w, d, s ? s->groups[i] : i);
	json_put_end(w);
	put_bytes_if(w, "area", area);
	json_put_end(w);
}

typedef void put_one(struct json_writer *w, const struct manifest_draft *d, unsigned index);

static void put_all(struct json_writer *w, const char *key, const struct manifest_draft *d,
                    unsigned count, put_one *put)
{
	json_put_key(w, key);
	json_put_array(w);
	for (unsigned i = 0; i < count; i++)
		put(w, d, i);
	json_put_end(w);
}

static void put_manifest(struct json_writer *w, const struct manifest_draft *d)
{
	unsigned styles = d->styles_count ? d->styles_count : d->areas_count ? d->areas_count : 1;
	json_put_object(w);
	put_number(w, "urna", 1);
	put_bytes(w, "title", d->title);
	put_bytes_if(w, "description", d->description);
	put_pair(w, "group", "P-256");
	put_pair(w, "rohash", "SHA-256");
	put_pair(w, "prg", "SHA-256");
	put_number(w, "statdist", 100);
	put_number(w, "vbitlenro", 256);
	put_number(w, "ebitlenro", 256);
	put_rights(w, d);
	put_authorities(w, d);
	put_number(w, "min_list", d->min_list);
	json_put_key(w, "accept_small_lists");
	json_put_flag(w, d->accept_small_lists);
	if (d->areas_count)
		put_texts(w, "areas", d->areas, d->areas_count);
	put_all(w, "questions", d, d->questions_count, put_question);
	put_all(w, "groups", d, groups_of(d), put_group);
	put_all(w, "styles", d, styles, put_style);
	json_put_end(w);
}

/* Indices are the draft's maker's own; a wrong one is no data from outside. */
static void require_indices(const struct manifest_draft *d)
{
	for (unsigned g = 0; g < d->groups_count; g++)
		for (unsigned i = 0; i < d->groups[g].questions_count; i++)
			require(d->groups[g].questions[i] < d->questions_count);
	for (unsigned s = 0; s < d->styles_count; s++)
		for (unsigned i = 0; i < d->styles[s].groups_count; i++)
			require(d->styles[s].groups[i] < groups_of(d));
}

bool manifest_write(bytes *out, const struct manifest_draft *draft, struct arena *arena,
                    struct error *err)
{
	struct json_writer w;
	bytes text;
	struct manifest *checked;
	require_indices(draft);
	json_writer_to_memory(&w, LIMIT_MANIFEST_BYTES, JSON_LINES);
	put_manifest(&w, draft);
	bool good = json_writer_finish(&w, &text, err) && manifest_read(&checked, text, arena, err);
	json_writer_free(&w);
	if (good)
		*out = checked->exact;
	return good;
}
