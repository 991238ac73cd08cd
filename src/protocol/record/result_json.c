/* SPDX-License-Identifier: Apache-2.0 */
/* The result's exact bytes: canonical JSON, keys in ascending order, no white space. */
#include "record/result_internal.h"

#include "count/result_json.h"
#include "count/text_sink.h"

#define JSON_ROOM ((size_t)1 << 20)              /* what is neither a count nor a written-in text */
#define WRITTEN_ROOM (40u + 2u * WRITE_IN_BYTES) /* {"text":"…","weight":…}, */

struct put {
	struct text_sink text;
	struct error *err;
	bool good;
};

static void put_bytes(struct put *p, bytes b)
{
	p->good = p->good && sink_append(&p->text.sink, b, p->err);
}

static void put(struct put *p, const char *s)
{
	put_bytes(p, bytes_of_text(s));
}

static void put_u64(struct put *p, uint64_t v)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, v);
	put(p, room);
}

/* No text of a manifest or a valid vote has control characters: two characters are escaped. */
static void put_quoted(struct put *p, bytes text)
{
	size_t from = 0;
	put(p, "\"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '"' && text.p[i] != '\\')
			continue;
		put_bytes(p, bytes_of(text.p + from, i - from));
		put(p, "\\");
		from = i;
	}
	put_bytes(p, bytes_from(text, from));
	put(p, "\"");
}

static void put_auxsid(struct put *p, unsigned list)
{
	char auxsid[AUXSID_BYTES];
	list_auxsid(auxsid, list);
	put_quoted(p, bytes_of_text(auxsid));
}

static void put_lists(struct put *p, const struct result_about *about)
{
	const struct manifest *m = about->manifest;
	put(p, "\"lists\":[");
	for (unsigned l = 0; l < m->lists_count; l++) {
		const struct manifest_list *list = &m->lists[l];
		put(p, l ? ",{" : "{");
		if (m->areas_count) {
			put(p, "\"area\":");
			put_quoted(p, m->areas[list->area]);
			put(p, ",");
		}
		put(p, "\"auxsid\":");
		put_auxsid(p, l);
		put(p, ",\"ballots\":");
		put_u64(p, about->list_sizes[l]);
		put(p, ",\"group\":");
		put_quoted(p, m->groups[list->group].name);
		put(p, ",\"weight\":");
		put_u64(p, (uint64_t)1 << list->bit);
		put(p, "}");
	}
	put(p, "]");
}

static void put_lists_of(struct put *p, const struct manifest *m, unsigned group)
{
	bool first = true;
	put(p, ",\"lists\":[");
	for (unsigned l = 0; l < m->lists_count; l++) {
		if (m->lists[l].group != group)
			continue;
		put(p, first ? "" : ",");
		put_auxsid(p, l);
		first = false;
	}
	put(p, "]");
}

static void put_written(struct put *p, const struct question_result *r)
{
	put(p, ",\"write_ins\":[");
	for (size_t i = 0; i < r->written_count; i++) {
		put(p, i ? ",{\"text\":" : "{\"text\":");
		put_quoted(p, bytes_of(r->written[i].text, r->written[i].length));
		put(p, ",\"weight\":");
		put_u64(p, r->written[i].weight);
		put(p, "}");
	}
	put(p, "]");
}

static void put_question(struct put *p, const struct manifest *m, const struct manifest_question *q,
                         const struct question_result *r)
{
	put(p, "{\"count\":");
	if (r->count)
		p->good = p->good && result_json_write(&p->text.sink, r->count, p->err);
	else
		put(p, "null");
	put(p, ",\"id\":");
	put_quoted(p, q->id);
	put_lists_of(p, m, q->group);
	put(p, ",\"verdicts\":{");
	for (unsigned v = 0; v < VERDICTS; v++) {
		put(p, v ? "," : "");
		put_quoted(p, bytes_of_text(verdict_name((enum verdict)v)));
		put(p, ":");
		put_u64(p, r->verdicts[v]);
	}
	put(p, "}");
	if (q->choices.write_ins)
		put_written(p, r);
	put(p, "}");
}

bool result_write_json(struct election_result *r, const struct result_about *about,
                       struct arena *arena, struct error *err)
{
	const struct manifest *m = about->manifest;
	char eid[65];
	size_t size = JSON_ROOM;
	for (unsigned q = 0; q < m->questions_count; q++)
		size += r->questions[q].written_count * WRITTEN_ROOM +
		        (r->questions[q].count ? result_json_bytes(r->questions[q].count) : 0);
	void *room = arena_take(arena, size, 1, err);
	if (!room)
		return false;
	struct put p = {.err = err, .good = true};
	text_sink_init(&p.text, room, size);
	hex_encode(eid, BYTES_OF(about->key->eid.b));
	put(&p, "{\"eid\":");
	put_quoted(&p, bytes_of_text(eid));
	put(&p, ",");
	put_lists(&p, about);
	put(&p, ",\"questions\":[");
	for (unsigned q = 0; q < m->questions_count; q++) {
		put(&p, q ? "," : "");
		put_question(&p, m, &m->questions[q], &r->questions[q]);
	}
	put(&p, "],\"urna_result\":1}\n");
	r->json = text_sink_bytes(&p.text);
	return p.good;
}
