/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of candidates and lists. For any input: it never takes more memory than it says, an
 * error has a kind, and what it accepts are lists of its own candidates, each on one.
 */
#include "base/error.h"
#include "count/lists.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void apply_it(const struct lists_file *l)
{
	struct error err;
	struct profile p;
	struct arena a;
	struct profile_room room = {l->count, 1, 1, PROFILE_MARKS};
	size_t needs = profile_arena_bytes(room), on_lists = 0;
	p = (struct profile){.candidates_count = l->count};
	needs += lists_apply_bytes(&p);
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory);
	arena_init(&a, memory, needs);
	require(profile_init(&p, room, &a, &err));
	for (size_t i = 0; i < l->count; i++)
		p.candidates[l->count - 1 - i].name = l->candidates[i];
	error_clear(&err);
	if (lists_apply(&p, l, &a, &err)) {
		for (size_t i = 0; i < p.lists_count; i++) {
			require(p.lists[i].members_count > 0);
			on_lists += p.lists[i].members_count + p.lists[i].has_line;
		}
		require(on_lists == l->count);
	} else {
		require(err.kind == ERROR_MALFORMED && p.lists_count == 0);
	}
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bytes file = bytes_of(data, size);
	struct lists_file l;
	struct error err;
	struct arena a;
	size_t needs = lists_arena_bytes(file);
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory);
	arena_init(&a, memory, needs);
	error_clear(&err);
	if (lists_read(&l, file, &a, &err))
		apply_it(&l);
	else
		require(err.kind == ERROR_MALFORMED || (err.kind == ERROR_LIMIT && err.what[0] != 'a'));
	free(memory);
	return 0;
}
