/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "hash/chacha20.h"

#define STREAM_BYTES (CHACHA_BUFFER_BYTES - 32)

static uint8_t seed[32];

static int count_up_in_seed(void **state)
{
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t)i;
	return 0;
}

static void the_block_of_rfc_8439_comes_out(void **state)
{
	uint8_t nonce[12], out[64];
	test_from_hex(nonce, sizeof nonce, "000000090000004a00000000");
	chacha20_block(out, seed, 1, nonce);
	assert_string_equal(test_hex(BYTES_OF(out)),
	                    "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
	                    "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

/* Two buffers of the generator straight from its definition. */
static void stream_by_definition(uint8_t out[2 * STREAM_BYTES], const uint8_t first_key[32])
{
	uint8_t buffer[CHACHA_BUFFER_BYTES], key[32], nonce[12] = {0};
	memcpy(key, first_key, sizeof key);
	for (size_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < CHACHA_BUFFER_BYTES / 64; i++)
			chacha20_block(buffer + 64 * i, key, i, nonce);
		memcpy(key, buffer, sizeof key);
		memcpy(out + round * STREAM_BYTES, buffer + 32, STREAM_BYTES);
	}
}

static void the_first_bytes_of_each_buffer_are_the_next_key(void **state)
{
	uint8_t expected[2 * STREAM_BYTES], got[sizeof expected];
	struct chacha_rng g;
	stream_by_definition(expected, seed);
	chacha_rng_init(&g, seed);
	assert_true(rng_fill(&g.rng, got, sizeof got, NULL));
	assert_memory_equal(got, expected, sizeof got);
}

static void reads_of_any_size_join_without_a_gap(void **state)
{
	uint8_t expected[2 * STREAM_BYTES], got[sizeof expected];
	stream_by_definition(expected, seed);
	for (uint64_t round = 0; round < TEST_COUNT(200, 20000); round++) {
		struct chacha_rng g;
		chacha_rng_init(&g, seed);
		for (size_t at = 0, n; at < sizeof got; at += n) {
			n = (size_t)test_random_below(100);
			n = n < sizeof got - at ? n : sizeof got - at;
			assert_true(rng_fill(&g.rng, got + at, n, NULL));
		}
		assert_memory_equal(got, expected, sizeof got);
	}
}

static bool contains(bytes hay, bytes needle)
{
	for (size_t i = 0; i + needle.len <= hay.len; i++) {
		if (memcmp(hay.p + i, needle.p, needle.len) == 0)
			return true;
	}
	return false;
}

static void what_was_handed_out_is_nowhere_in_the_generator(void **state)
{
	struct chacha_rng g;
	uint8_t out[1600];
	chacha_rng_init(&g, seed);
	for (size_t len = 8; len < sizeof out; len += 24) {
		assert_true(rng_fill(&g.rng, out, len, NULL));
		for (size_t at = 0; at + 8 <= len; at += 8)
			assert_false(contains(bytes_of(&g, sizeof g), bytes_of(out + at, 8)));
		assert_false(contains(bytes_of(&g, sizeof g), bytes_of(seed, 8)));
	}
}

static void the_key_never_leaves(void **state)
{
	struct chacha_rng g;
	uint8_t out[64];
	chacha_rng_init(&g, seed);
	for (int i = 0; i < 100; i++) {
		assert_true(rng_fill(&g.rng, out, sizeof out, NULL));
		assert_false(contains(BYTES_OF(out), bytes_of(g.key, 8)));
		assert_false(contains(BYTES_OF(g.buffer), bytes_of(g.key, 8)));
	}
}

static void a_child_starts_from_the_block_of_its_number(void **state)
{
	uint8_t nonce[12], block[64], expected[2 * STREAM_BYTES], got[sizeof expected];
	struct chacha_rng child;
	test_from_hex(nonce, sizeof nonce, "010203041112131415161718");
	chacha20_block(block, seed, 0x80000000, nonce);
	stream_by_definition(expected, block);
	chacha_rng_derive(&child, seed, 0x01020304, 0x1112131415161718);
	assert_true(rng_fill(&child.rng, got, sizeof got, NULL));
	assert_memory_equal(got, expected, sizeof got);
}

static void children_differ_from_each_other_and_from_the_seed(void **state)
{
	static const struct {
		uint32_t purpose;
		uint64_t index;
	} numbers[] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {0, 1ull << 32}, {0, 1ull << 63}, {1u << 31, 0}};
	enum { COUNT = sizeof numbers / sizeof *numbers };
	struct chacha_rng g[COUNT + 1];
	uint8_t out[COUNT + 1][16];
	chacha_rng_init(&g[COUNT], seed);
	for (size_t i = 0; i < COUNT; i++)
		chacha_rng_derive(&g[i], seed, numbers[i].purpose, numbers[i].index);
	for (size_t i = 0; i <= COUNT; i++)
		assert_true(rng_fill(&g[i].rng, out[i], sizeof out[i], NULL));
	for (size_t i = 0; i <= COUNT; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_memory_not_equal(out[i], out[j], sizeof out[i]);
			assert_memory_not_equal(g[i].key, g[j].key, sizeof g[i].key);
		}
	}
}

static void a_wiped_generator_holds_nothing(void **state)
{
	struct chacha_rng g, zero;
	uint8_t out[5];
	memset(&zero, 0, sizeof zero);
	chacha_rng_init(&g, seed);
	assert_true(rng_fill(&g.rng, out, sizeof out, NULL));
	chacha_rng_wipe(&g);
	assert_memory_equal(&g, &zero, sizeof g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_block_of_rfc_8439_comes_out),
		cmocka_unit_test(the_first_bytes_of_each_buffer_are_the_next_key),
		cmocka_unit_test(reads_of_any_size_join_without_a_gap),
		cmocka_unit_test(what_was_handed_out_is_nowhere_in_the_generator),
		cmocka_unit_test(the_key_never_leaves),
		cmocka_unit_test(a_child_starts_from_the_block_of_its_number),
		cmocka_unit_test(children_differ_from_each_other_and_from_the_seed),
		cmocka_unit_test(a_wiped_generator_holds_nothing),
	};
	return cmocka_run_group_tests(tests, count_up_in_seed, NULL);
}
