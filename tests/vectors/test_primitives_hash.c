/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Verificatum itself computed (data/verificatum/primitives.txt: streams, oracle, integers,
 * byte tree) and the worked examples of its format (the global prefix ρ).
 */
#include "support/support.h"

#include "group/point.h"
#include "hash/bytetree.h"
#include "hash/oracle.h"

#include <stdio.h>
#include <stdlib.h>

static bytes file;

static int read_file(void **state)
{
	if (test_data_exists("verificatum/primitives.txt"))
		file = test_data("verificatum/primitives.txt");
	return 0;
}

/* What follows `start` on its line, for the count-th line that begins with it. */
static bytes line_after(const char *start, unsigned count)
{
	if (!file.p) {
		print_message("skipped: no verificatum/primitives.txt\n");
		skip();
	}
	bytes wanted = bytes_of_text(start);
	for (bytes rest = file; rest.len > 0;) {
		const uint8_t *end = memchr(rest.p, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.p) : rest.len;
		if (len >= wanted.len && memcmp(rest.p, wanted.p, wanted.len) == 0 && count-- == 0)
			return bytes_of(rest.p + wanted.len, len - wanted.len);
		rest = bytes_from(rest, len + 1);
	}
	fail_msg("no line starts with '%s'", start);
	return BYTES_NONE;
}

static void assert_hex(bytes got, bytes expected_hex)
{
	const char *hex = test_hex(got);
	if (!bytes_equal(bytes_of_text(hex), expected_hex))
		fail_msg("%s is not %.*s", hex, (int)expected_hex.len, (const char *)expected_hex.p);
}

static void start_stream(struct prg *g, enum hash_kind kind)
{
	uint8_t seed[HASH_MAX_BYTES];
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (uint8_t)i;
	prg_init(g, kind, seed);
}

static void streams_are_those_of_verificatum(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		char start[40];
		uint8_t out[128];
		struct prg g;
		snprintf(start, sizeof start, "PRG %s seed 00..: ", hash_name(kind));
		start_stream(&g, kind);
		prg_read(&g, out, sizeof out);
		assert_hex(BYTES_OF(out), line_after(start, 0));
	}
}

static void check_oracle(bytes expected_hex, enum hash_kind kind, unsigned bits)
{
	uint8_t out[256];
	struct oracle o;
	oracle_init(&o, kind, bits);
	oracle_update(&o, BYTES_LITERAL("some data"));
	oracle_finish(&o, out);
	assert_hex(bytes_of(out, (bits + 7) / 8), expected_hex);
}

static void oracles_answer_as_those_of_verificatum(void **state)
{
	static const unsigned lengths[] = {65, 261, 512, 2048};
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
			char start[40];
			snprintf(start, sizeof start, "RO %s out %u: ", hash_name(kind), lengths[i]);
			check_oracle(line_after(start, 0), kind, lengths[i]);
		}
	}
}

/* Verificatum prints integers without leading zeros. */
static void text_add_integer(struct text *t, bytes b)
{
	while (b.len > 0 && b.p[0] == 0)
		b = bytes_from(b, 1);
	text_add_hex(t, b);
}

static void integers_are_drawn_as_by_verificatum(void **state)
{
	for (enum hash_kind kind = HASH_SHA256; kind <= HASH_SHA512; kind++) {
		uint8_t small[2], large[32];
		char room[128];
		struct text t = TEXT_OF(room);
		struct prg g;
		start_stream(&g, kind);
		prg_read_integer(&g, small, 10);
		prg_read_integer(&g, large, 256);
		text_add_integer(&t, BYTES_OF(small));
		text_add(&t, " then 256 bits ");
		text_add_integer(&t, BYTES_OF(large));
		bytes expected = line_after("LargeInteger 10 bits: ", (unsigned)kind);
		assert_true(bytes_equal(bytes_of_text(room), expected));
	}
}

static void the_byte_tree_is_that_of_verificatum(void **state)
{
	uint8_t room[64];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_node(&w, 2);
	tree_write_leaf(&w, BYTES_LITERAL("hello"));
	tree_write_node(&w, 2);
	tree_write_leaf(&w, BYTES_NONE);
	tree_write_u32(&w, 1000);
	assert_hex(tree_written(&w), line_after("bytetree ", 0));
}

/* The format's text gives these, so they hold without the file. */
static void worked_examples_of_the_format_hold(void **state)
{
	uint8_t out[64];
	struct prg g;
	start_stream(&g, HASH_SHA256);
	prg_read(&g, out, sizeof out);
	assert_hex(BYTES_OF(out),
	           BYTES_LITERAL("70f4003d52b6eb03da852e93256b5986b5d4883098bb7973bc5318cc66637a84"
	                         "04a6950a06d3e3308ad7d3606ef810eb124e3943404ca746a12c51c7bf776839"));
	check_oracle(BYTES_LITERAL("00f16a7d74da856fed"), HASH_SHA256, 65);
	check_oracle(
		BYTES_LITERAL("089120c4fcc15eb4f438bec56740f61f6791607dd201bb9ec5e1a4541da518e125"),
		HASH_SHA256, 261);
	check_oracle(BYTES_LITERAL("0044c2398ae8cac23c"), HASH_SHA384, 65);
	check_oracle(BYTES_LITERAL("017282c6ae27940217"), HASH_SHA512, 65);
}

static void the_global_prefix_of_the_worked_example_holds(void **state)
{
	bytes p256 =
		BYTES_LITERAL("ECqPGroup(P-256)::00000000020100000020636f6d2e766572696669636174756d"
	                  "2e61726974686d2e4543715047726f75700100000005502d323536");
	uint8_t room[300];
	struct tree_writer w = TREE_WRITER(room);
	assert_int_equal(p256.len, 122);
	tree_write_node(&w, 8);
	tree_write_leaf(&w, BYTES_LITERAL("3.1.0"));
	tree_write_leaf(&w, BYTES_LITERAL("MyDemo.default"));
	tree_write_u32(&w, 100);
	tree_write_u32(&w, 256);
	tree_write_u32(&w, 256);
	tree_write_leaf(&w, BYTES_LITERAL("SHA-256"));
	tree_write_leaf(&w, p256);
	tree_write_leaf(&w, BYTES_LITERAL("SHA-256"));
	assert_int_equal(tree_written(&w).len, 212);
	digest rho = sha256(tree_written(&w));
	assert_hex(BYTES_OF(rho.b),
	           BYTES_LITERAL("93735233130915162640564d02defe15975323234e0a7eec90ae3aefa26ff112"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_those_of_verificatum),
		cmocka_unit_test(oracles_answer_as_those_of_verificatum),
		cmocka_unit_test(integers_are_drawn_as_by_verificatum),
		cmocka_unit_test(the_byte_tree_is_that_of_verificatum),
		cmocka_unit_test(worked_examples_of_the_format_hold),
		cmocka_unit_test(the_global_prefix_of_the_worked_example_holds),
	};
	int failed = cmocka_run_group_tests_name("portable", tests, read_file, NULL);
	if (!group_init(NULL, NULL)) /* chooses the processor's own SHA-256 */
		return 1;
	if (sha256_selected() != SHA256_PORTABLE)
		failed += cmocka_run_group_tests_name("instructions", tests, read_file, NULL);
	return failed;
}
