/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opened votes of a record, one after another: what counting and every later stage of the
 * results begins with.
 *
 * A list's Plaintexts.bt is decoded by the canonical rule (28·ω bytes, all digits in range) and
 * each question of each vote is judged: valid, blank, or invalid by a named reason.
 *
 * Errors: MALFORMED for plaintexts of another number; the caller's, with the plaintext's number.
 * Memory: 64·ω bytes per vote of the list and a block's digits from world->arena, given back.
 * Cost: decoding is shared among world's workers; `take` is called in the order of the list.
 */
#ifndef RECORD_OPENED_H
#define RECORD_OPENED_H

#include "ballot/verdict.h"
#include "ceremony/ceremony.h"
#include "manifest/manifest.h"
#include "record/lists.h"

struct opened_list {
	const struct manifest *manifest;
	struct folder *record;
	unsigned list; /* index */
	uint64_t size; /* votes in it; 0: it has no proof directory */
};

struct opened_vote {
	unsigned list, question; /* indices */
	unsigned place;          /* of the question in its group */
	uint64_t weight;
	enum verdict verdict;
	const uint32_t *digits; /* of this question (ballot/choices.h); valid votes only */
};
typedef bool opened_fn(void *ctx, const struct opened_vote *vote, struct error *err);

bool opened_read(const struct opened_list *of, struct tally_world *world, opened_fn *take,
                 void *ctx, struct error *err) must_check;

#endif
