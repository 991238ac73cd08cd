/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/core/group/group_support.h"

#include "group/generators.h"

#define MANY 200u

static struct prg stream_of_hex_seed(const char *hex)
{
	uint8_t seed[32];
	struct prg g;
	test_from_hex(seed, sizeof seed, hex);
	prg_init(&g, HASH_SHA256, seed);
	return g;
}

/* The worked example of verificatum-format.md, section 5: draws 0 and 2 are dropped. */
static void the_worked_example_of_the_format_gives_its_two_generators(void **state)
{
	(void)state;
	static const char *const expected[2] = {
		"a494b090a3123f9fc161c76118e251766e573b553ad41092afb33e4af98d81fb"
		"38ee65b6fdf7a9ec172a70a93a9be5b4954b0efdd6de6d81c4fac746c1ca26f3",
		"71a983976f5cc798178196d8705b5f03d3faa8339a8516c64d74df96f8767697"
		"122cfd93ee2cdee3f1423c351cd35612eea564ad68af548364376afc2519269c"};
	struct prg g =
		stream_of_hex_seed("5b8b84a7a8dc74bec3538403251ea08bdc74b4296061198288f16d7342016586");
	point out[4];
	assert_int_equal(generators_from_candidates(out, &g, 100, 0, 1), 0);
	assert_int_equal(generators_from_candidates(out, &g, 100, 0, 4), 2);
	for (size_t i = 0; i < 2; i++) {
		uint8_t raw[64], wanted[64];
		test_from_hex(wanted, 64, expected[i]);
		point_encode_raw(raw, &out[i]);
		assert_memory_equal(raw, wanted, 64);
	}
}

static void blocks_of_candidates_are_independent_of_each_other(void **state)
{
	(void)state;
	point whole[MANY], parts[MANY];
	struct prg g =
		stream_of_hex_seed("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	uint8_t before[7];
	prg_read(&g, before, sizeof before); /* where the stream stands does not matter */
	for (unsigned statdist = 0; statdist <= 256; statdist += 37) {
		size_t n = generators_from_candidates(whole, &g, statdist, 0, MANY), found = 0, step;
		for (size_t first = 0; first < MANY; first += step) {
			step = 1 + test_random_below(90);
			if (step > MANY - first)
				step = MANY - first;
			found += generators_from_candidates(parts + found, &g, statdist, first, step);
		}
		assert_int_equal(found, n);
		assert_memory_equal(whole, parts, n * sizeof *whole);
	}
}

static void every_generator_is_a_point_with_the_smaller_root(void **state)
{
	(void)state;
	point out[MANY], again;
	struct prg g =
		stream_of_hex_seed("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	size_t n = generators_from_candidates(out, &g, 256, 5, MANY);
	assert_in_range(n, MANY / 4, 3 * MANY / 4);
	for (size_t i = 0; i < n; i++) {
		uint8_t raw[64];
		struct error err;
		point_encode_raw(raw, &out[i]);
		assert_ok(point_decode_raw(&again, raw, &err), err);
		assert_true(point_lift_vartime(&again, raw));
		assert_point_equal(&again, &out[i]);
	}
}

/* A line "PRG NAME seed 00..: …" starts each hash's part; "  gens P-256: TREE" is an array tree. */
static void verificatums_own_generators_come_out_for_every_hash(void **state)
{
	(void)state;
	bytes file = test_data("verificatum/primitives.txt");
	unsigned seen = 0;
	uint8_t seed[HASH_MAX_BYTES];
	struct prg g;
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t)i;
	for (size_t at = 0; at < file.len; at++) {
		static const char prg[] = "PRG ", gens[] = "  gens P-256: ";
		const uint8_t *line = file.p + at;
		size_t rest = file.len - at, len = 0;
		while (len < rest && line[len] != '\n')
			len++;
		if (len > sizeof prg && memcmp(line, prg, sizeof prg - 1) == 0) {
			enum hash_kind kind;
			assert_true(hash_of_name(&kind, bytes_of(line + sizeof prg - 1, 7)));
			prg_init(&g, kind, seed);
		}
		if (len > sizeof gens && memcmp(line, gens, sizeof gens - 1) == 0) {
			uint8_t tree[5 + 4 * POINT_TREE_BYTES];
			bytes hex = bytes_of(line + sizeof gens - 1, 2 * sizeof tree);
			assert_int_equal(len, sizeof gens - 1 + hex.len);
			assert_true(hex_decode(tree, sizeof tree, hex));
			point out[64], expected[4];
			assert_true(generators_from_candidates(out, &g, 100, 0, 64) >= 4);
			assert_true(
				points_decode_tree(expected, bytes_from(BYTES_OF(tree), 5), 4, POINT_FINITE, NULL));
			for (size_t i = 0; i < 4; i++)
				assert_point_equal(&out[i], &expected[i]);
			seen++;
		}
		at += len;
	}
	assert_int_equal(seen, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(the_worked_example_of_the_format_gives_its_two_generators),
		EACH_BACKEND(blocks_of_candidates_are_independent_of_each_other),
		EACH_BACKEND(every_generator_is_a_point_with_the_smaller_root),
		EACH_BACKEND(verificatums_own_generators_come_out_for_every_hash),
	};
	return cmocka_run_group_tests_name("core/group: independent generators", tests, NULL, NULL);
}
