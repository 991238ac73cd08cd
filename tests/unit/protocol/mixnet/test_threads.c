/* SPDX-License-Identifier: Apache-2.0 */
/* Over real threads: what blocks share is what ThreadSanitizer is to see. */
#include "unit/protocol/mixnet/world.h"

#include "host/pool.h"

static void a_list_of_two_blocks_is_mixed_opened_and_verified_by_threads(void **state)
{
	(void)state;
	static const unsigned order[] = {1};
	static const bool active[LIMIT_PARTIES + 1] = {false, true};
	struct world w;
	struct error err;
	struct workers *threads;
	world_init(&w, 1, 1, 1, MIX_BLOCK + MIX_BLOCK / 2, NULL);
	assert_ok(host_workers_new(&threads, w.workers->count, &err), err);
	w.workers = threads;
	world_mix(&w, order, 1, active);
	assert_ok(world_verify(&w, NULL, &err), err);
	world_check_plaintexts(&w);
	world_done(&w);
	host_workers_free(threads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_two_blocks_is_mixed_opened_and_verified_by_threads),
	};
	return cmocka_run_group_tests_name("protocol/mixnet/threads", tests, NULL, NULL);
}
