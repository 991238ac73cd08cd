/* SPDX-License-Identifier: Apache-2.0 */
#include "record/opened.h"

#include "ballot/plaintext.h"
#include "record/proof.h"

#define DECODE_BLOCK 4096u /* plaintexts decoded at a time */
#define DECODE_BATCH 128u  /* by one worker */

struct decoding {
	const struct opened_list *of;
	const struct manifest_group *group;
	opened_fn *take;
	void *ctx;
	uint64_t weight;
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

static bool take_ballot(struct decoding *d, size_t i, struct error *err)
{
	const struct manifest *m = d->of->manifest;
	const uint32_t *digits = d->digits + i * d->group->code.digits;
	for (unsigned k = 0; k < d->group->questions_count; k++) {
		unsigned question = d->group->questions[k];
		const struct choices_rule *rule = &m->questions[question].choices;
		struct opened_vote vote = {d->of->list, question, k, d->weight, d->verdicts[i], digits};
		if (vote.verdict == VERDICT_VALID)
			vote.verdict = choices_verdict_vartime(rule, digits);
		if (!d->take(d->ctx, &vote, err))
			return false;
		digits += choices_digits(rule);
	}
	return true;
}

static bool decode_list(struct decoding *d, struct tally_world *world, struct error *err)
{
	uint64_t n = d->of->size;
	for (uint64_t at = 0; at < n; at += DECODE_BLOCK) {
		d->block_first = at;
		d->block_len = n - at < DECODE_BLOCK ? (size_t)(n - at) : DECODE_BLOCK;
		size_t batches = (d->block_len + DECODE_BATCH - 1) / DECODE_BATCH;
		if (!workers_run(world->workers, batches, decode_batch, d, err))
			return false;
		for (size_t i = 0; i < d->block_len; i++)
			if (!take_ballot(d, i, err))
				return fail_within_index(err, "plaintext", at + i);
		progress_report(world->progress, "decode plaintexts", at + d->block_len, n);
	}
	return true;
}

bool opened_read(const struct opened_list *of, struct tally_world *world, opened_fn *take,
                 void *ctx, struct error *err)
{
	char path[RECORD_PATH_BYTES];
	const struct manifest_list *list = &of->manifest->lists[of->list];
	struct decoding d = {.of = of,
	                     .group = &of->manifest->groups[list->group],
	                     .take = take,
	                     .ctx = ctx,
	                     .weight = (uint64_t)1 << list->bit};
	struct arena *a = world->arena;
	size_t mark = arena_mark(a);
	if (of->size == 0)
		return true;
	d.width = d.group->code.width;
	proof_file_path(path, of->list, MIX_FILE_PLAINTEXTS, 0);
	bool good =
		(d.points = arena_take_array(a, of->size * d.width, point, err)) &&
		(d.digits = arena_take_array(a, DECODE_BLOCK * d.group->code.digits, uint32_t, err)) &&
		(d.verdicts = arena_take_array(a, DECODE_BLOCK, enum verdict, err)) &&
		mix_list_read(of->record, path, MIX_LIST_PLAINTEXTS, of->size, d.width, take_column, &d, a,
	                  err) &&
		decode_list(&d, world, err);
	arena_release(a, mark);
	return good;
}
