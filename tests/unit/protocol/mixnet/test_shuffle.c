/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

#include "hash/bytetree.h"
#include "hash/chacha20.h"

static const bool everybody[LIMIT_PARTIES + 1] = {
	false, true, true, true, true, true, true, true, true, true, true, true, true,
	true,  true, true, true, true, true, true, true, true, true, true, true, true};

static void mixes_and_verifies(uint32_t parties, uint32_t threshold, uint32_t width, uint64_t n)
{
	static const unsigned order[] = {1, 2, 3, 4, 5};
	struct world w;
	struct error err;
	struct mix_facts facts;
	world_init(&w, parties, threshold, width, n, NULL);
	world_mix(&w, order, threshold, everybody);
	assert_ok(world_verify(&w, &facts, &err), err);
	assert_int_equal(facts.layout.n, n);
	assert_int_equal(facts.layout.shuffles, threshold);
	assert_int_equal(w.arena.used, 0);
	world_check_plaintexts(&w);
	world_done(&w);
}

static void a_list_of_one_is_mixed_and_verified(void **state)
{
	(void)state;
	mixes_and_verifies(2, 2, 1, 1);
}

static void lists_of_two_three_ten_and_257_are_mixed_and_verified(void **state)
{
	(void)state;
	mixes_and_verifies(2, 2, 1, 2);
	mixes_and_verifies(2, 2, 1, 3);
	mixes_and_verifies(2, 2, 1, 10);
	mixes_and_verifies(2, 2, 1, 257);
}

static void wide_ciphertexts_are_mixed_and_verified(void **state)
{
	(void)state;
	mixes_and_verifies(2, 2, 2, 10);
	mixes_and_verifies(2, 2, 3, 5);
	mixes_and_verifies(3, 2, 2, 1);
	mixes_and_verifies(1, 1, 3, 257);
}

static void three_of_five_are_mixed_and_verified(void **state)
{
	(void)state;
	mixes_and_verifies(5, 3, 1, 10);
}

/* More than one block, so that what crosses block borders is exercised. */
static void a_list_of_several_blocks_is_mixed_and_verified(void **state)
{
	(void)state;
	mixes_and_verifies(2, 2, 1, MIX_BLOCK + 1);
	mixes_and_verifies(1, 1, 2, MIX_BLOCK + 5);
}

static void any_pair_of_three_can_shuffle_and_any_pair_decrypt(void **state)
{
	(void)state;
	static const unsigned pairs[3][2] = {{1, 2}, {1, 3}, {2, 3}};
	for (size_t s = 0; s < 3; s++) {
		for (size_t d = 0; d < 3; d++) {
			struct world w;
			struct error err;
			bool active[LIMIT_PARTIES + 1] = {false};
			active[pairs[d][0]] = active[pairs[d][1]] = true;
			world_init(&w, 3, 2, 1, 7, NULL);
			world_mix(&w, pairs[s], 2, active);
			assert_ok(world_verify(&w, NULL, &err), err);
			world_check_plaintexts(&w);
			world_done(&w);
		}
	}
}

static void the_output_depends_on_the_seed_but_not_on_the_number_of_workers(void **state)
{
	(void)state;
	uint8_t seen[3][4][32];
	static const enum mix_file files[] = {MIX_FILE_LIST, MIX_FILE_PERMUTATION,
	                                      MIX_FILE_POS_COMMITMENT, MIX_FILE_POS_REPLY};
	struct world w;
	struct error err;
	world_init(&w, 2, 2, 1, MIX_BLOCK + 77, NULL);
	world_start(&w, MIX_MIXING, 2);
	for (unsigned i = 0; i < 3; i++) {
		struct chacha_rng rng;
		const uint8_t seed[32] = {i == 2};
		chacha_rng_init(&rng, seed);
		w.rng = &rng.rng;
		w.workers = serial_workers(i == 0 ? 1 : 2);
		world_shuffle(&w, "Ciphertexts.bt", 1);
		for (size_t k = 0; k < 4; k++) {
			struct mix_path path = mix_path(files[k], 1);
			bytes all = world_read(w.folder, path.text);
			digest d = sha256(all);
			memcpy(seen[i][k], d.b, 32);
			assert_ok(w.folder->remove(w.folder, path.text, &err), err);
		}
	}
	for (size_t k = 0; k < 4; k++) {
		assert_memory_equal(seen[0][k], seen[1][k], 32);
		assert_memory_not_equal(seen[0][k], seen[2][k], 32);
	}
	world_done(&w);
}

static void a_party_shuffles_only_once(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	world_init(&w, 2, 2, 1, 3, NULL);
	world_start(&w, MIX_MIXING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	struct shuffle_job job = {.session = &w.session,
	                          .folder = w.folder,
	                          .input = "Ciphertexts.bt",
	                          .party = 1,
	                          .y = &w.key.y,
	                          .rng = w.rng,
	                          .workers = w.workers,
	                          .memory = &w.arena};
	assert_fails(shuffle_prove(&job, &err), err, ERROR_CONFLICT);
	world_done(&w);
}

static void a_bad_input_list_leaves_no_output(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_path before[32], after[32];
	world_init(&w, 2, 2, 1, 3, NULL);
	world_start(&w, MIX_MIXING, 2);
	struct shuffle_job job = {.session = &w.session,
	                          .folder = w.folder,
	                          .input = "Ciphertexts.bt",
	                          .party = 1,
	                          .y = &w.key.y,
	                          .rng = w.rng,
	                          .workers = w.workers,
	                          .memory = &w.arena};
	bytes good = world_read(w.folder, "Ciphertexts.bt");
	uint8_t bad[1024];
	assert_true(good.len < sizeof bad);
	memcpy(bad, good.p, good.len);
	size_t count = world_files(w.folder, before, 32);
	for (size_t at = 0; at < good.len; at += 7) {
		bad[at] ^= 1;
		world_write(w.folder, "Ciphertexts.bt", bytes_of(bad, good.len));
		assert_fails(shuffle_prove(&job, &err), err, ERROR_MALFORMED);
		bad[at] ^= 1;
	}
	world_write(w.folder, "Ciphertexts.bt", bytes_of(good.p, good.len - 1));
	assert_fails(shuffle_prove(&job, &err), err, ERROR_MALFORMED);
	job.input = "proofs/Ciphertexts02.bt";
	assert_fails(shuffle_prove(&job, &err), err, ERROR_MALFORMED);
	assert_int_equal(world_files(w.folder, after, 32), count);
	assert_int_equal(w.arena.used, 0);
	world_done(&w);
}

static void too_little_memory_is_a_limit(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	world_init(&w, 2, 2, 1, 3, NULL);
	world_start(&w, MIX_MIXING, 2);
	struct arena small = w.arena;
	small.size = shuffle_bytes(3, 1, 2) / 2;
	struct shuffle_job job = {.session = &w.session,
	                          .folder = w.folder,
	                          .input = "Ciphertexts.bt",
	                          .party = 1,
	                          .y = &w.key.y,
	                          .rng = w.rng,
	                          .workers = w.workers,
	                          .memory = &small};
	assert_fails(shuffle_prove(&job, &err), err, ERROR_LIMIT);
	small.size = shuffle_bytes(3, 1, 2);
	assert_ok(shuffle_prove(&job, &err), err);
	world_done(&w);
}

static struct shuffle_job job_of(struct world *w, const char *input, unsigned party)
{
	return (struct shuffle_job){.session = &w->session,
	                            .folder = w->folder,
	                            .input = input,
	                            .party = party,
	                            .y = &w->key.y,
	                            .rng = w->rng,
	                            .workers = w->workers,
	                            .memory = &w->arena};
}

/* The second party begins before the first has shuffled, and checks it with what it has begun. */
static void a_shuffle_begun_before_its_list_exists_is_finished_and_verified(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct shuffle *own;
	const unsigned first = 1;
	world_init(&w, 2, 2, 2, 30, NULL);
	world_start(&w, MIX_MIXING, 2);
	struct shuffle_job job = job_of(&w, "proofs/Ciphertexts01.bt", 2);
	assert_ok(shuffle_begin(&own, &job, 30, &err), err);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	struct mix_verify_job check = world_verify_job(&w);
	check.generators = shuffle_generators(own);
	assert_ok(mix_verify_shuffles(&check, &first, 1, NULL, &err), err);
	assert_ok(shuffle_finish(own, &err), err);
	assert_int_equal(w.arena.used, 0);
	world_decrypt(&w, "proofs/Ciphertexts02.bt", everybody);
	assert_ok(world_verify(&w, NULL, &err), err);
	world_check_plaintexts(&w);
	world_done(&w);
}

static void generators_that_are_too_few_are_derived_anew(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct shuffle *own;
	const unsigned first = 1;
	world_init(&w, 2, 2, 1, 9, NULL);
	world_start(&w, MIX_MIXING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	struct shuffle_job job = job_of(&w, "proofs/Ciphertexts01.bt", 2);
	assert_ok(shuffle_begin(&own, &job, 8, &err), err);
	struct mix_verify_job check = world_verify_job(&w);
	check.generators = shuffle_generators(own);
	assert_int_equal(check.generators->count, 8);
	assert_ok(mix_verify_shuffles(&check, &first, 1, NULL, &err), err);
	shuffle_abandon(own);
	world_done(&w);
}

static void lent_generators_find_a_bad_shuffle_too(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct shuffle *own;
	const unsigned first = 1;
	world_init(&w, 2, 2, 1, 9, NULL);
	world_start(&w, MIX_MIXING, 2);
	world_shuffle(&w, "Ciphertexts.bt", 1);
	bytes u = bytes_of(world_read(w.folder, "Ciphertexts.bt").p + TREE_HEADER_BYTES,
	                   TREE_HEADER_BYTES + 9 * POINT_TREE_BYTES);
	world_write(w.folder, "proofs/PermutationCommitment01.bt", u);
	struct shuffle_job job = job_of(&w, "proofs/Ciphertexts01.bt", 2);
	assert_ok(shuffle_begin(&own, &job, 9, &err), err);
	struct mix_verify_job check = world_verify_job(&w);
	check.generators = shuffle_generators(own);
	assert_fails(mix_verify_shuffles(&check, &first, 1, NULL, &err), err, ERROR_REJECTED);
	assert_non_null(strstr(err.what, "shuffle equation"));
	shuffle_abandon(own);
	world_done(&w);
}

static void a_list_of_another_length_than_announced_is_refused(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_path before[32], after[32];
	world_init(&w, 2, 2, 1, 5, NULL);
	world_start(&w, MIX_MIXING, 2);
	size_t count = world_files(w.folder, before, 32);
	for (uint64_t n = 4; n <= 6; n += 2) {
		struct shuffle *own;
		struct shuffle_job job = job_of(&w, "Ciphertexts.bt", 1);
		assert_ok(shuffle_begin(&own, &job, n, &err), err);
		assert_fails(shuffle_finish(own, &err), err, ERROR_REJECTED);
		assert_int_equal(world_files(w.folder, after, 32), count);
		assert_int_equal(w.arena.used, 0);
	}
	world_done(&w);
}

static void an_abandoned_shuffle_leaves_nothing(void **state)
{
	(void)state;
	struct world w;
	struct error err;
	struct mix_path before[32], after[32];
	struct shuffle *own;
	world_init(&w, 2, 2, 1, 5, NULL);
	world_start(&w, MIX_MIXING, 2);
	size_t count = world_files(w.folder, before, 32);
	struct shuffle_job job = job_of(&w, "Ciphertexts.bt", 1);
	assert_ok(shuffle_begin(&own, &job, 5, &err), err);
	shuffle_abandon(own);
	assert_int_equal(world_files(w.folder, after, 32), count);
	assert_int_equal(w.arena.used, 0);
	for (size_t i = 0; i < shuffle_bytes(5, 1, w.workers->count) / 4; i++)
		assert_int_equal(w.arena.base[i], 0); /* the seed was there */
	shuffle_abandon(NULL);
	world_done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_one_is_mixed_and_verified),
		cmocka_unit_test(lists_of_two_three_ten_and_257_are_mixed_and_verified),
		cmocka_unit_test(wide_ciphertexts_are_mixed_and_verified),
		cmocka_unit_test(three_of_five_are_mixed_and_verified),
		cmocka_unit_test(a_list_of_several_blocks_is_mixed_and_verified),
		cmocka_unit_test(any_pair_of_three_can_shuffle_and_any_pair_decrypt),
		cmocka_unit_test(the_output_depends_on_the_seed_but_not_on_the_number_of_workers),
		cmocka_unit_test(a_party_shuffles_only_once),
		cmocka_unit_test(a_bad_input_list_leaves_no_output),
		cmocka_unit_test(too_little_memory_is_a_limit),
		cmocka_unit_test(a_shuffle_begun_before_its_list_exists_is_finished_and_verified),
		cmocka_unit_test(generators_that_are_too_few_are_derived_anew),
		cmocka_unit_test(lent_generators_find_a_bad_shuffle_too),
		cmocka_unit_test(a_list_of_another_length_than_announced_is_refused),
		cmocka_unit_test(an_abandoned_shuffle_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
