/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

static _Alignas(ARENA_ALIGN) uint8_t memory[10 * ARENA_ALIGN];

static void takings_are_aligned_and_do_not_overlap(void **state)
{
	struct arena a;
	struct error err;
	arena_init(&a, memory, sizeof memory);
	void *p = arena_take(&a, 1, 1, &err), *q = arena_take_array(&a, 9, uint64_t, &err);
	void *r = arena_take(&a, ARENA_ALIGN, 1, &err);
	assert_ptr_equal(p, memory);
	assert_ptr_equal(q, memory + ARENA_ALIGN);
	assert_ptr_equal(r, memory + 3 * ARENA_ALIGN);
	assert_int_equal(a.used, 4 * ARENA_ALIGN);
	assert_int_equal(a.used, arena_room(1) + arena_room(72) + arena_room(ARENA_ALIGN));
}

static void a_crooked_block_is_used_from_its_first_cache_line(void **state)
{
	for (size_t skew = 0; skew < ARENA_ALIGN; skew++) {
		struct arena a;
		struct error err;
		arena_init(&a, memory + skew, 3 * ARENA_ALIGN);
		size_t taken = 0;
		for (uint8_t *p; (p = arena_take(&a, 1, 1, &err)); taken++) {
			assert_int_equal((uintptr_t)p % ARENA_ALIGN, 0);
			assert_true(p >= memory + skew && p < memory + skew + 3 * ARENA_ALIGN);
		}
		assert_int_equal(taken, skew ? 2 : 3);
	}
}

static void a_full_arena_refuses_and_stays_as_it_was(void **state)
{
	struct arena a;
	struct error err;
	arena_init(&a, memory, sizeof memory);
	assert_non_null(arena_take(&a, 9, ARENA_ALIGN, &err));
	struct arena before = a;
	assert_fails(arena_take(&a, ARENA_ALIGN + 1, 1, &err), err, ERROR_LIMIT);
	assert_memory_equal(&a, &before, sizeof a);
	assert_non_null(arena_take(&a, ARENA_ALIGN, 1, &err));
	assert_fails(arena_take(&a, 1, 1, &err), err, ERROR_LIMIT);
}

static void a_size_that_overflows_is_refused(void **state)
{
	struct arena a;
	struct error err;
	arena_init(&a, memory, sizeof memory);
	assert_fails(arena_take(&a, SIZE_MAX / 2 + 1, 2, &err), err, ERROR_LIMIT);
	assert_fails(arena_take(&a, SIZE_MAX, SIZE_MAX, &err), err, ERROR_LIMIT);
	assert_fails(arena_take(&a, SIZE_MAX, 1, &err), err, ERROR_LIMIT);
	assert_fails(arena_take(&a, SIZE_MAX - 62, 1, &err), err, ERROR_LIMIT);
	assert_int_equal(a.used, 0);
}

static void a_block_smaller_than_its_skew_is_an_empty_arena(void **state)
{
	struct arena a;
	struct error err;
	arena_init(&a, memory + 1, 5);
	assert_fails(arena_take(&a, 1, 1, &err), err, ERROR_LIMIT);
}

static void released_room_is_used_again_and_the_peak_stays(void **state)
{
	struct arena a;
	struct error err;
	arena_init(&a, memory, sizeof memory);
	assert_non_null(arena_take(&a, 1, 1, &err));
	size_t mark = arena_mark(&a);
	void *p = arena_take(&a, 3, ARENA_ALIGN, &err);
	arena_release(&a, mark);
	assert_ptr_equal(arena_take(&a, 1, 1, &err), p);
	assert_int_equal(a.peak, 4 * ARENA_ALIGN);
}

static void a_wiped_release_clears_what_was_taken_and_nothing_else(void **state)
{
	struct arena a;
	struct error err;
	memset(memory, 0xa5, sizeof memory);
	arena_init(&a, memory, sizeof memory);
	assert_non_null(arena_take(&a, 1, 1, &err));
	size_t mark = arena_mark(&a);
	assert_non_null(arena_take(&a, 2, ARENA_ALIGN, &err));
	arena_release_wiped(&a, mark);
	assert_int_equal(a.used, mark);
	for (size_t i = 0; i < sizeof memory; i++)
		assert_int_equal(memory[i], i / ARENA_ALIGN == 1 || i / ARENA_ALIGN == 2 ? 0 : 0xa5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takings_are_aligned_and_do_not_overlap),
		cmocka_unit_test(a_crooked_block_is_used_from_its_first_cache_line),
		cmocka_unit_test(a_full_arena_refuses_and_stays_as_it_was),
		cmocka_unit_test(a_size_that_overflows_is_refused),
		cmocka_unit_test(a_block_smaller_than_its_skew_is_an_empty_arena),
		cmocka_unit_test(released_room_is_used_again_and_the_peak_stays),
		cmocka_unit_test(a_wiped_release_clears_what_was_taken_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
