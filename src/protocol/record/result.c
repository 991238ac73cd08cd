/* SPDX-License-Identifier: Apache-2.0 */
#include "record/result.h"

#include "ballot/plaintext.h"
#include "record/proof.h"
#include "record/result_internal.h"

#define DECODE_BLOCK 4096u /* plaintexts decoded at a time */
#define DECODE_BATCH 128u  /* by one worker */

/* All lists of one group, one after another: ω points a ballot. */
struct decoding {
	const struct manifest *m;
	const struct manifest_group *group;
	struct election_result *result;
	struct profile *profiles; /* one per question of the group */
	uint64_t papers;          /* of all lists of the group */
	/* the list at hand */
	uint64_t n, weight;
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

/* --- one vote --- */

#define NOBODY UINT16_MAX /* written in: no candidate of the count */

/* An answer without points is not on the paper: what that means the rule says. */
static bool add_points(struct profile *p, const struct choices_rule *rule, const uint32_t *digits,
                       struct error *err)
{
	for (uint16_t a = 0; a < rule->answers; a++)
		if (digits[1 + a] && !profile_value(p, a, digits[1 + a], err))
			return false;
	return true;
}

/* Marks in the order of the answers, ranked ones in the order of their ranks. The vote is valid:
 * ranks are 1, 2, … over answers and texts together. */
static bool add_paper(struct profile *p, const struct choices_rule *rule, const uint32_t *digits,
                      uint64_t weight, struct error *err)
{
	uint16_t chosen[LIMIT_ANSWERS + 1];
	unsigned count = 0;
	if (rule->kind == CHOICES_POINTS)
		return add_points(p, rule, digits, err) && profile_close_paper(p, weight, err);
	for (unsigned k = 0; k < rule->max; k++)
		chosen[k] = NOBODY;
	for (uint16_t a = 0; a < rule->answers; a++) {
		if (!digits[1 + a])
			continue;
		chosen[rule->kind == CHOICES_RANKS ? digits[1 + a] - 1 : count] = a;
		count++;
	}
	for (unsigned k = 0; count > 0; k++) {
		if (chosen[k] == NOBODY)
			continue;
		if (!profile_choice(p, chosen[k], err))
			return false;
		count--;
	}
	return profile_close_paper(p, weight, err);
}

static bool add_written(struct decoding *d, const struct manifest_question *q,
                        struct question_result *r, const uint32_t *digits, struct error *err)
{
	for (unsigned i = 0; i < q->choices.write_ins; i++) {
		struct write_in field;
		choices_write_in(&field, &q->choices, digits, i);
		if (field.length > 0 &&
		    !written_add(r, (size_t)d->papers * q->choices.write_ins, &field, d->weight, err))
			return false;
	}
	return true;
}

static bool take_ballot(struct decoding *d, size_t i, struct error *err)
{
	const uint32_t *digits = d->digits + i * d->group->code.digits;
	for (unsigned k = 0; k < d->group->questions_count; k++) {
		const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
		struct question_result *r = &d->result->questions[d->group->questions[k]];
		enum verdict v = d->verdicts[i];
		if (v == VERDICT_VALID)
			v = choices_verdict_vartime(&q->choices, digits);
		r->verdicts[v] += d->weight;
		if (v == VERDICT_VALID &&
		    (!add_paper(&d->profiles[k], &q->choices, digits, d->weight, err) ||
		     !add_written(d, q, r, digits, err)))
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

/* Its points are given back; what was read stays in profiles and tallies. */
static bool read_list(struct decoding *d, unsigned list, struct folder *record,
                      struct tally_world *world, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	struct arena *a = world->arena;
	size_t mark = arena_mark(a);
	d->weight = (uint64_t)1 << d->m->lists[list].bit;
	if (d->n == 0)
		return true;
	proof_file_path(path, list, MIX_FILE_PLAINTEXTS, 0);
	bool good =
		(d->points = arena_take_array(a, d->n * d->width, point, err)) &&
		(d->digits = arena_take_array(a, DECODE_BLOCK * d->group->code.digits, uint32_t, err)) &&
		(d->verdicts = arena_take_array(a, DECODE_BLOCK, enum verdict, err)) &&
		mix_list_read(record, path, MIX_LIST_PLAINTEXTS, d->n, d->width, take_column, d, a, err) &&
		decode_list(d, world, err);
	arena_release(a, mark);
	return good;
}

/* --- the questions of a group --- */

static bool begin_question(struct decoding *d, unsigned k, struct arena *arena, struct error *err)
{
	const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
	struct question_result *r = &d->result->questions[d->group->questions[k]];
	struct profile *p = &d->profiles[k];
	size_t n = (size_t)d->papers;
	size_t per_paper = q->choices.max < q->choices.answers ? q->choices.max : q->choices.answers;
	if (!profile_init(
			p, (struct profile_room){q->choices.answers, n, n * per_paper, q->rule.method->ballot},
			arena, err))
		return false;
	for (unsigned a = 0; a < q->choices.answers; a++) {
		p->candidates[a].name = q->answers[a];
		p->candidates[a].withdrawn = q->withdrawn[a];
	}
	p->seats = q->seats;
	p->title = q->title;
	p->ballots_max = PROFILE_WEIGHT_MAX;
	r->written = arena_take_array(arena, n * q->choices.write_ins, struct written_in, err);
	return r->written != NULL;
}

static bool end_question(struct decoding *d, unsigned k, struct arena *arena, struct error *err)
{
	const struct manifest_question *q = &d->m->questions[d->group->questions[k]];
	struct question_result *r = &d->result->questions[d->group->questions[k]];
	written_sort(r);
	if (r->verdicts[VERDICT_VALID] == 0)
		return true;
	return ((r->count = arena_take_array(arena, 1, struct count_result, err)) &&
	        count_run(r->count, &q->rule, &d->profiles[k], arena, err)) ||
	       fail_within(err, (const char *)q->id.p);
}

static bool group_result(struct decoding *d, const uint64_t *list_sizes, struct folder *record,
                         struct tally_world *world, struct error *err)
{
	unsigned group = (unsigned)(d->group - d->m->groups), questions = d->group->questions_count;
	d->width = d->group->code.width;
	for (unsigned l = 0; l < d->m->lists_count; l++)
		d->papers += d->m->lists[l].group == group ? list_sizes[l] : 0;
	if (!(d->profiles = arena_take_array(world->arena, questions, struct profile, err)))
		return false;
	for (unsigned k = 0; k < questions; k++)
		if (!begin_question(d, k, world->arena, err))
			return false;
	for (unsigned l = 0; l < d->m->lists_count; l++) {
		d->n = list_sizes[l];
		if (d->m->lists[l].group == group && !read_list(d, l, record, world, err))
			return false;
	}
	for (unsigned k = 0; k < questions; k++)
		if (!end_question(d, k, world->arena, err))
			return false;
	return true;
}

bool result_compute(struct election_result **out, const struct manifest *m,
                    const struct election_key *key, const uint64_t *list_sizes,
                    struct folder *record, struct tally_world *world, struct error *err)
{
	struct election_result *r = arena_take_array(world->arena, 1, struct election_result, err);
	const struct result_about about = {m, key, list_sizes};
	if (!r || !(r->questions = arena_take_array(world->arena, m->questions_count,
	                                            struct question_result, err)))
		return false;
	memset(r->questions, 0, m->questions_count * sizeof *r->questions);
	for (unsigned g = 0; g < m->groups_count; g++) {
		struct decoding d = {.m = m, .group = &m->groups[g], .result = r};
		if (!group_result(&d, list_sizes, record, world, err))
			return fail_within(err, (const char *)m->groups[g].name.p);
	}
	*out = r;
	return result_write_json(r, &about, world->arena, err);
}

bool result_statement(digest *out, const struct manifest *m, const struct election_key *key,
                      const uint64_t *list_sizes, struct folder *record, bytes json,
                      struct error *err)
{
	digest plaintexts[LIMIT_LISTS], result = sha256(json);
	size_t lists = 0;
	for (unsigned l = 0; l < m->lists_count; l++)
		if (list_sizes[l] &&
		    !proof_digest(&plaintexts[lists++], record, l, MIX_FILE_PLAINTEXTS, 0, err))
			return false;
	*out = statement_result(&key->eid, plaintexts, lists, &result);
	return true;
}
