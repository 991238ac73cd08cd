/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_RESULT_INTERNAL_H
#define RECORD_RESULT_INTERNAL_H

#include "record/result.h"

/* What result.json is written from. */
struct result_about {
	const struct manifest *manifest;
	const struct election_key *key;
	const uint64_t *list_sizes;
};
bool result_write_json(struct election_result *r, const struct result_about *about,
                       struct arena *arena, struct error *err) must_check;

/* Texts as they come; sorted and merged at the end. */
bool written_add(struct question_result *q, size_t room, const struct write_in *field,
                 uint64_t weight, struct error *err) must_check;
void written_sort(struct question_result *q);

#endif
