/* SPDX-License-Identifier: Apache-2.0 */
#include "record/result.h"

#include "ballot/plaintext.h"
#include "count/result_json.h"
#include "count/text_sink.h"
#include "record/proof.h"

#define JSON_ROOM ((size_t)64 << 20)
#define DECODE_BLOCK 4096u /* plaintexts decoded at a time */
#define DECODE_BATCH 128u  /* by one worker */

/* The plaintexts of one list: ω points each, ballot by ballot. */
struct decoding {
	const struct manifest *m;
	const struct manifest_group *group;
	struct election_result *result;
	struct profile *profiles; /* one per question of the group */
	uint64_t n;
	unsigned width;
	point *points;
	uint32_t *digits; /* of a block */
	enum verdict *verdicts;
	uint64_t block_first;
	size_t block_len;
};

static bool take_column(void *ctx, unsigned column, uint64_t first, point *points, size_t count,
                        struct error *err)
{
	struct decoding *d = ctx;
	(void)err;
	for (size_t i = 0; i < count; i++)
		d->points[(first + i) * d->width + column] = points[i];
	return true;
}

static bool decode_batch(void *ctx, size_t batch, unsigned worker, struct error *err)
{
	struct decoding *d = ctx;
	const struct plaintext_code *code = &d->group->code;
	size_t first = batch * DECODE_BATCH;
	size_t last = first + DECODE_BATCH < d->block_len ? first + DECODE_BATCH : d->block_len;
	(void)worker;
	(void)err;
	for (size_t i = first; i < last; i++)
		d->verdicts[i] = plaintext_decode_points_vartime(
			d->digits + i * code->digits, code, d->points + (d->block_first + i) * d->width);
	return true;
}

/* Marks in the order of the answers, ranked ones in the order of their ranks. */
static bool add_paper(struct profile *p, const struct choices_rule *rule, const uint32_t *values,
                      struct error *err)
{
	uint16_t by_rank[LIMIT_ANSWERS + 1];
	unsigned count = 0;
	for (uint16_t a = 0; a < rule->answers; a++) {
		if (!values[a])
			continue;
		by_rank[rule->kind == CHOICES_RANKS ? values[a] - 1 : count] = a;
		count++;
	}
	for (unsigned k = 0; k < count; k++)
		if (!profile_choice(p, by_rank[k], err))
			return false;
	return profile_close_paper(p, 1, err);
}

static bool take_ballot(struct decoding *d, size_t i, struct error *err)
{
	const uint32_t *digits = d->digits + i * d->group->code.digits;
	for (unsigned k = 0; k < d->group->questions_count; k++) {
		const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
		enum verdict v = d->verdicts[i];
		if (v == VERDICT_VALID)
			v = choices_verdict_vartime(&q->choices, digits);
		d->result->questions[d->group->questions[k]].verdicts[v]++;
		if (v == VERDICT_VALID && !add_paper(&d->profiles[k], &q->choices, digits + 1, err))
			return false;
		digits += choices_digits(&q->choices);
	}
	return true;
}

static bool decode_list(struct decoding *d, struct tally_world *world, struct error *err)
{
	for (uint64_t at = 0; at < d->n; at += DECODE_BLOCK) {
		d->block_first = at;
		d->block_len = d->n - at < DECODE_BLOCK ? (size_t)(d->n - at) : DECODE_BLOCK;
		size_t batches = (d->block_len + DECODE_BATCH - 1) / DECODE_BATCH;
		if (!workers_run(world->workers, batches, decode_batch, d, err))
			return false;
		for (size_t i = 0; i < d->block_len; i++)
			if (!take_ballot(d, i, err))
				return fail_within_index(err, "plaintext", at + i);
		progress_report(world->progress, "decode plaintexts", at + d->block_len, d->n);
	}
	return true;
}

static bool new_profile(struct profile *p, const struct manifest_question *q, uint64_t n,
                        struct arena *arena, struct error *err)
{
	size_t per_paper = q->choices.max;
	if (!profile_init(p, (struct profile_room){q->choices.answers, (size_t)n, n * per_paper}, arena,
	                  err))
		return false;
	for (unsigned a = 0; a < q->choices.answers; a++) {
		p->candidates[a].name = q->answers[a];
		p->candidates[a].withdrawn = q->withdrawn[a];
	}
	p->seats = q->seats;
	p->title = q->title;
	return true;
}

static bool count_questions(struct decoding *d, struct arena *arena, struct error *err)
{
	for (unsigned k = 0; k < d->group->questions_count; k++) {
		const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
		struct question_result *r = &d->result->questions[d->group->questions[k]];
		if (r->verdicts[VERDICT_VALID] == 0)
			continue;
		if (!(r->count = arena_take_array(arena, 1, struct count_result, err)) ||
		    !count_run(r->count, &q->rule, &d->profiles[k], arena, err))
			return fail_within(err, (const char *)q->id.p);
	}
	return true;
}

static bool list_result(struct decoding *d, unsigned group, struct folder *record,
                        struct tally_world *world, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	proof_folder_path(path, group);
	size_t len = strlen(path);
	struct text t = {path, sizeof path, len, false};
	text_add(&t, "/Plaintexts.bt");
	require(!t.cut);

	d->group = &d->m->groups[group];
	d->width = d->group->code.width;
	struct arena *a = world->arena;
	if (!(d->profiles = arena_take_array(a, d->group->questions_count, struct profile, err)))
		return false;
	for (unsigned k = 0; k < d->group->questions_count; k++)
		if (!new_profile(&d->profiles[k], &d->m->questions[d->group->questions[k]], d->n, a, err))
			return false;
	if (d->n == 0)
		return true;
	if (!(d->points = arena_take_array(a, d->n * d->width, point, err)) ||
	    !(d->digits = arena_take_array(a, DECODE_BLOCK * d->group->code.digits, uint32_t, err)) ||
	    !(d->verdicts = arena_take_array(a, DECODE_BLOCK, enum verdict, err)) ||
	    !mix_list_read(record, path, MIX_LIST_PLAINTEXTS, d->n, d->width, take_column, d, a, err))
		return false;
	return decode_list(d, world, err) && count_questions(d, a, err);
}

struct put {
	struct text_sink text;
	struct error *err;
	bool good;
};

static void put(struct put *p, const char *s)
{
	p->good = p->good && sink_append(&p->text.sink, bytes_of_text(s), p->err);
}

static void put_u64(struct put *p, uint64_t v)
{
	char room[24];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, v);
	put(p, room);
}

/* Names and ids have no character that JSON escapes (manifest/read.c). */
static void put_quoted(struct put *p, bytes name)
{
	put(p, "\"");
	p->good = p->good && sink_append(&p->text.sink, name, p->err);
	put(p, "\"");
}

static void put_lists(struct put *p, const struct manifest *m, const uint64_t *sizes)
{
	put(p, "\"lists\":[");
	for (unsigned g = 0; g < m->groups_count; g++) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, g);
		put(p, g ? ",{\"auxsid\":" : "{\"auxsid\":");
		put_quoted(p, bytes_of_text(auxsid));
		put(p, ",\"ballots\":");
		put_u64(p, sizes[g]);
		put(p, ",\"group\":");
		put_quoted(p, m->groups[g].name);
		put(p, "}");
	}
	put(p, "]");
}

static void put_question(struct put *p, const struct manifest_question *q,
                         const struct question_result *r)
{
	char auxsid[AUXSID_BYTES];
	put(p, "{\"count\":");
	if (r->count)
		p->good = p->good && result_json_write(&p->text.sink, r->count, p->err);
	else
		put(p, "null");
	put(p, ",\"id\":");
	put_quoted(p, q->id);
	put(p, ",\"list\":");
	list_auxsid(auxsid, q->group);
	put_quoted(p, bytes_of_text(auxsid));
	put(p, ",\"verdicts\":{");
	for (unsigned v = 0; v < VERDICTS; v++) {
		put(p, v ? "," : "");
		put_quoted(p, bytes_of_text(verdict_name((enum verdict)v)));
		put(p, ":");
		put_u64(p, r->verdicts[v]);
	}
	put(p, "}}");
}

static bool put_result(struct election_result *r, const struct manifest *m,
                       const struct election_key *key, const uint64_t *sizes, struct arena *arena,
                       struct error *err)
{
	char eid[65];
	void *room = arena_take(arena, JSON_ROOM, 1, err);
	if (!room)
		return false;
	struct put p = {.err = err, .good = true};
	text_sink_init(&p.text, room, JSON_ROOM);
	hex_encode(eid, BYTES_OF(key->eid.b));
	put(&p, "{\"eid\":");
	put_quoted(&p, bytes_of_text(eid));
	put(&p, ",");
	put_lists(&p, m, sizes);
	put(&p, ",\"questions\":[");
	for (unsigned q = 0; q < m->questions_count; q++) {
		put(&p, q ? "," : "");
		put_question(&p, &m->questions[q], &r->questions[q]);
	}
	put(&p, "],\"urna_result\":1}\n");
	r->json = text_sink_bytes(&p.text);
	return p.good;
}

bool result_compute(struct election_result **out, const struct manifest *m,
                    const struct election_key *key, const uint64_t *list_sizes,
                    struct folder *record, struct tally_world *world, struct error *err)
{
	struct election_result *r = arena_take_array(world->arena, 1, struct election_result, err);
	if (!r || !(r->questions = arena_take_array(world->arena, m->questions_count,
	                                            struct question_result, err)))
		return false;
	memset(r->questions, 0, m->questions_count * sizeof *r->questions);
	for (unsigned g = 0; g < m->groups_count; g++) {
		struct decoding d = {.m = m, .result = r, .n = list_sizes[g]};
		if (!list_result(&d, g, record, world, err))
			return fail_within(err, (const char *)m->groups[g].name.p);
	}
	*out = r;
	return put_result(r, m, key, list_sizes, world->arena, err);
}

bool result_statement(digest *out, const struct manifest *m, const struct election_key *key,
                      const uint64_t *list_sizes, struct folder *record, bytes json,
                      struct error *err)
{
	digest plaintexts[LIMIT_GROUPS], result = sha256(json);
	size_t lists = 0;
	for (unsigned g = 0; g < m->groups_count; g++)
		if (list_sizes[g] &&
		    !proof_digest(&plaintexts[lists++], record, g, MIX_FILE_PLAINTEXTS, 0, err))
			return false;
	*out = statement_result(&key->eid, plaintexts, lists, &result);
	return true;
}
