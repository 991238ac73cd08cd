/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The .blt reader. For any input: it never takes more memory than it says, an error has a kind and
 * a place, and what it accepts is written and read back as the same bytes.
 */
#include "base/error.h"
#include "base/limits.h"
#include "count/blt.h"
#include "count/text_sink.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Written twice, the second time from what was read of the first: nothing may change. */
static void write_and_read_back(const struct profile *p, size_t input)
{
	struct profile again;
	struct error err;
	struct arena a;
	/* Numbers may grow by a digit of their own, withdrawals by a line each. */
	size_t room = input * 2 + LIMIT_ANSWERS * 8 + 64;
	uint8_t *first = malloc(room), *second = malloc(room);
	require(first && second);
	struct text_sink w1, w2;
	text_sink_init(&w1, first, room);
	text_sink_init(&w2, second, room);
	require(blt_write(&w1.sink, p, &err));
	size_t needs = blt_arena_bytes(text_sink_bytes(&w1));
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory);
	arena_init(&a, memory, needs);
	require(blt_read(&again, text_sink_bytes(&w1), &a, &err));
	require(again.ballots_count == p->ballots_count && again.papers_count == p->papers_count);
	require(blt_write(&w2.sink, &again, &err));
	require(bytes_equal(text_sink_bytes(&w1), text_sink_bytes(&w2)));
	free(memory);
	free(first);
	free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile p;
	struct error err;
	struct arena a;
	bytes file = bytes_of(data, size);
	size_t needs = blt_arena_bytes(file);
	void *memory = aligned_alloc(ARENA_ALIGN, needs);
	require(memory);
	arena_init(&a, memory, needs);
	error_clear(&err);
	if (blt_read(&p, file, &a, &err))
		write_and_read_back(&p, size);
	else
		require(err.kind == ERROR_MALFORMED || (err.kind == ERROR_LIMIT && err.what[0] != 'a'));
	free(memory);
	return 0;
}
