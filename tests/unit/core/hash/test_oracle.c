/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "hash/oracle.h"

static uint8_t seed[HASH_MAX_BYTES];

static int count_up_in_seed(void **state)
{
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t)i;
	return 0;
}

/* The stream straight from its definition. */
static void stream_by_definition(enum hash_kind kind, uint8_t *out, uint32_t first, size_t blocks)
{
	for (size_t i = 0; i < blocks; i++) {
		struct hash h;
		uint8_t counter[4];
		store_be32(counter, (uint32_t)(first + i));
		hash_init(&h, kind);
		hash_update(&h, bytes_of(seed, hash_bytes(kind)));
		hash_update(&h, BYTES_OF(counter));
		hash_finish(&h, out + i * hash_bytes(kind));
	}
}

static void the_stream_is_the_hashes_of_seed_and_counter(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		uint8_t expected[300 * HASH_MAX_BYTES], got[sizeof expected];
		size_t len = 300 * hash_bytes(kind);
		struct prg g;
		stream_by_definition(kind, expected, 0, 300);
		prg_init(&g, kind, seed);
		prg_read(&g, got, len);
		assert_memory_equal(got, expected, len);
	}
}

static void reads_of_any_size_join_without_a_gap(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		uint8_t expected[64 * HASH_MAX_BYTES], got[sizeof expected];
		size_t len = 64 * hash_bytes(kind);
		stream_by_definition(kind, expected, 0, 64);
		for (uint64_t round = 0; round < TEST_COUNT(100, 10000); round++) {
			struct prg g;
			prg_init(&g, kind, seed);
			for (size_t at = 0, n; at < len; at += n) {
				n = (size_t)test_random_below(150);
				n = n < len - at ? n : len - at;
				prg_read(&g, got + at, n);
			}
			assert_memory_equal(got, expected, len);
		}
	}
}

static void every_offset_can_be_sought(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		uint8_t expected[8 * HASH_MAX_BYTES], got[100];
		size_t len = 8 * hash_bytes(kind);
		struct prg g;
		stream_by_definition(kind, expected, 0, 8);
		prg_init(&g, kind, seed);
		for (size_t at = len - sizeof got; at > 0; at--) {
			prg_seek(&g, at);
			prg_read(&g, got, sizeof got);
			assert_memory_equal(got, expected + at, sizeof got);
		}
	}
}

static void the_last_counters_are_reached(void **state)
{
	uint8_t expected[2 * 32], got[sizeof expected];
	struct prg g;
	stream_by_definition(HASH_SHA256, expected, UINT32_MAX - 1, 2);
	prg_init(&g, HASH_SHA256, seed);
	prg_seek(&g, (uint64_t)(UINT32_MAX - 1) * 32);
	prg_read(&g, got, sizeof got);
	assert_memory_equal(got, expected, sizeof got);
}

static jmp_buf refused;

static void note_refusal(const char *cond, const char *file, int line)
{
	longjmp(refused, 1);
}

static void the_stream_ends_rather_than_repeat(void **state)
{
	struct prg g;
	uint8_t out[32];
	prg_init(&g, HASH_SHA256, seed);
	prg_seek(&g, ((uint64_t)1 << 32) * 32);
	require_set_hook(note_refusal);
	if (!setjmp(refused)) {
		prg_read(&g, out, 1);
		fail_msg("a counter was used twice");
	}
	require_set_hook(NULL);
}

static void an_integer_has_its_unused_top_bits_cleared(void **state)
{
	uint8_t stream[64];
	stream_by_definition(HASH_SHA256, stream, 0, 2);
	for (unsigned bits = 1; bits <= 300; bits++) {
		struct prg g;
		uint8_t out[38];
		size_t len = (bits + 7) / 8;
		prg_init(&g, HASH_SHA256, seed);
		prg_read_integer(&g, out, bits);
		assert_int_equal(out[0], bits % 8 ? stream[0] % (1 << bits % 8) : stream[0]);
		assert_memory_equal(out + 1, stream + 1, len - 1);
		prg_read(&g, out, 8); /* only ⌈bits/8⌉ bytes were taken */
		assert_memory_equal(out, stream + len, 8);
	}
}

static void an_integer_of_no_bits_takes_nothing(void **state)
{
	struct prg g;
	uint8_t out[32], expected[32];
	stream_by_definition(HASH_SHA256, expected, 0, 1);
	prg_init(&g, HASH_SHA256, seed);
	prg_read_integer(&g, out, 0);
	prg_read(&g, out, sizeof out);
	assert_memory_equal(out, expected, sizeof out);
}

static void the_oracle_is_a_stream_seeded_with_the_hash_of_length_and_data(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		for (unsigned bits = 1; bits < 1100; bits += 37) {
			uint8_t n[4], s[HASH_MAX_BYTES], expected[138], got[138];
			struct hash h;
			struct prg g;
			struct oracle o;
			store_be32(n, bits);
			hash_init(&h, kind);
			hash_update(&h, BYTES_OF(n));
			hash_update(&h, BYTES_LITERAL("some data"));
			hash_finish(&h, s);
			prg_init(&g, kind, s);
			prg_read_integer(&g, expected, bits);
			oracle_init(&o, kind, bits);
			oracle_update(&o, BYTES_LITERAL("some"));
			oracle_update(&o, BYTES_LITERAL(" data"));
			oracle_finish(&o, got);
			assert_memory_equal(got, expected, (bits + 7) / 8);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stream_is_the_hashes_of_seed_and_counter),
		cmocka_unit_test(reads_of_any_size_join_without_a_gap),
		cmocka_unit_test(every_offset_can_be_sought),
		cmocka_unit_test(the_last_counters_are_reached),
		cmocka_unit_test(the_stream_ends_rather_than_repeat),
		cmocka_unit_test(an_integer_has_its_unused_top_bits_cleared),
		cmocka_unit_test(an_integer_of_no_bits_takes_nothing),
		cmocka_unit_test(the_oracle_is_a_stream_seeded_with_the_hash_of_length_and_data),
	};
	return cmocka_run_group_tests(tests, count_up_in_seed, NULL);
}
