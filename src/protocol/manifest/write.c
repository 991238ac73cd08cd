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

static void put_bytes(struct json_writer *w, const char *key, bytes value)
{
	json_put_key(w, key);
	json_put_text_bytes(w, value);
}

static void put_names(struct json_writer *w, const char *key, const char *only)
{
	json_put_key(w, key);
	json_put_array(w);
	json_put_text(w, only);
	json_put_end(w);
}

static void put_authorities(struct json_writer *w, const struct manifest_draft *d)
{
	json_put_key(w, "authorities");
	json_put_array(w);
	for (unsigned i = 0; i < d->authorities_count; i++) {
		json_put_object(w);
		put_bytes(w, "operator", d->authorities[i].operator_name);
		json_put_key(w, "identity");
		json_put_hex(w, BYTES_OF(d->authorities[i].identity));
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_withdrawn_and_lot(struct json_writer *w, const struct manifest_draft *d)
{
	if (d->withdrawn) {
		json_put_key(w, "withdrawn");
		json_put_array(w);
		for (unsigned i = 0; i < d->answers_count; i++)
			if (d->withdrawn[i])
				json_put_u64(w, i + 1);
		json_put_end(w);
	}
	if (d->lot) {
		json_put_key(w, "lot");
		json_put_array(w);
		for (unsigned i = 0; i < d->answers_count; i++)
			json_put_u64(w, d->lot[i] + 1u);
		json_put_end(w);
	}
}

static void put_question(struct json_writer *w, const struct manifest_draft *d)
{
	json_put_key(w, "questions");
	json_put_array(w);
	json_put_object(w);
	put_pair(w, "id", "q1");
	put_bytes(w, "title", d->title);
	put_bytes(w, "rule", d->rule);
	put_number(w, "seats", d->seats);
	put_number(w, "min", 0);
	put_number(w, "max", d->max);
	json_put_key(w, "answers");
	json_put_array(w);
	for (unsigned i = 0; i < d->answers_count; i++)
		json_put_text_bytes(w, d->answers[i]);
	json_put_end(w);
	put_withdrawn_and_lot(w, d);
	json_put_end(w);
	json_put_end(w);
}

static void put_group_and_style(struct json_writer *w)
{
	json_put_key(w, "groups");
	json_put_array(w);
	json_put_object(w);
	put_pair(w, "name", "g1");
	put_names(w, "questions", "q1");
	json_put_end(w);
	json_put_end(w);
	json_put_key(w, "styles");
	json_put_array(w);
	json_put_object(w);
	put_pair(w, "name", "all");
	put_names(w, "groups", "g1");
	json_put_end(w);
	json_put_end(w);
}

static void put_manifest(struct json_writer *w, const struct manifest_draft *d)
{
	json_put_object(w);
	put_number(w, "urna", 1);
	put_bytes(w, "title", d->title);
	put_pair(w, "group", "P-256");
	put_pair(w, "rohash", "SHA-256");
	put_pair(w, "prg", "SHA-256");
	put_number(w, "statdist", 100);
	put_number(w, "vbitlenro", 256);
	put_number(w, "ebitlenro", 256);
	put_pair(w, "mode", "server");
	put_number(w, "threshold", d->threshold);
	put_authorities(w, d);
	put_number(w, "min_list", d->min_list);
	json_put_key(w, "accept_small_lists");
	json_put_flag(w, d->accept_small_lists);
	put_question(w, d);
	put_group_and_style(w);
	json_put_end(w);
}

bool manifest_write(bytes *out, const struct manifest_draft *draft, struct arena *arena,
                    struct error *err)
{
	struct json_writer w;
	bytes text;
	struct manifest *checked;
	json_writer_to_memory(&w, LIMIT_MANIFEST_BYTES, JSON_LINES);
	put_manifest(&w, draft);
	bool good = json_writer_finish(&w, &text, err) && manifest_read(&checked, text, arena, err);
	json_writer_free(&w);
	if (good)
		*out = checked->exact;
	return good;
}
