/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "hash/bytetree.h"

#include <stdlib.h>

/* node(leaf("hello"), node(leaf(empty), int 1000)) */
static const uint8_t example[] = {0, 0, 0, 0, 2, 1, 0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o', 0, 0,
                                  0, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0,   0,   4,   0,   0,   3, 0xe8};

static bool read_example(bytes in, struct error *err)
{
	struct tree_reader r = TREE_READER(in);
	uint8_t hello[5];
	bytes empty;
	uint32_t number;
	return tree_node(&r, 2, err) && tree_leaf(&r, hello, sizeof hello, err) &&
	       tree_node(&r, 2, err) && tree_leaf_any(&r, &empty, 0, err) &&
	       tree_leaf_u32(&r, &number, err) && tree_end(&r, err);
}

static void the_worked_example_is_written_and_hashed_as_published(void **state)
{
	uint8_t room[sizeof example];
	struct tree_writer w = TREE_WRITER(room);
	struct hash h;
	digest hashed, expected = sha256(BYTES_OF(example));
	tree_write_node(&w, 2);
	tree_write_leaf(&w, BYTES_LITERAL("hello"));
	tree_write_node(&w, 2);
	tree_write_leaf(&w, BYTES_NONE);
	tree_write_u32(&w, 1000);
	assert_true(bytes_equal(tree_written(&w), BYTES_OF(example)));
	hash_init(&h, HASH_SHA256);
	tree_hash_node(&h, 2);
	tree_hash_leaf(&h, BYTES_LITERAL("hello"));
	tree_hash_node(&h, 2);
	tree_hash_leaf(&h, BYTES_NONE);
	tree_hash_u32(&h, 1000);
	hash_finish(&h, hashed.b);
	assert_true(digest_equal(&hashed, &expected));
}

static void the_worked_example_is_read_back(void **state)
{
	struct tree_reader r = TREE_READER(BYTES_OF(example));
	struct error err;
	uint32_t count, number;
	bytes leaf, raw;
	uint8_t hello[5];
	assert_ok(tree_node_any(&r, &count, 2, &err), err);
	assert_int_equal(count, 2);
	assert_ok(tree_leaf(&r, hello, 5, &err), err);
	assert_memory_equal(hello, "hello", 5);
	struct tree_reader again = r;
	assert_ok(tree_node(&r, 2, &err), err);
	assert_ok(tree_leaf_any(&r, &leaf, 9, &err), err);
	assert_int_equal(leaf.len, 0);
	assert_ok(tree_leaf_u32(&r, &number, &err), err);
	assert_int_equal(number, 1000);
	assert_ok(tree_end(&r, &err), err);
	assert_ok(tree_raw(&again, &raw, 19, &err), err);
	assert_ptr_equal(raw.p, example + 15);
	assert_ok(tree_end(&again, &err), err);
}

static void a_tree_truncated_at_any_byte_is_malformed(void **state)
{
	struct error err;
	assert_ok(read_example(BYTES_OF(example), &err), err);
	for (size_t len = 0; len < sizeof example; len++) {
		/* Its own block of exactly this size, so that a sanitizer sees any byte read beyond. */
		uint8_t *copy = malloc(len + (len == 0));
		assert_non_null(copy);
		memcpy(copy, example, len);
		assert_fails(read_example(bytes_of(copy, len), &err), err, ERROR_MALFORMED);
		assert_true(err.at <= len);
		free(copy);
	}
}

static void bytes_after_the_tree_are_malformed(void **state)
{
	uint8_t longer[sizeof example + 1] = {0};
	struct error err;
	memcpy(longer, example, sizeof example);
	assert_fails(read_example(BYTES_OF(longer), &err), err, ERROR_MALFORMED);
	assert_int_equal(err.at, sizeof example);
}

static void every_changed_header_byte_is_malformed(void **state)
{
	static const size_t headers[] = {0, 5, 15, 20, 25};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		for (size_t at = headers[i]; at < headers[i] + TREE_HEADER_BYTES; at++) {
			for (unsigned change = 1; change < 256; change++) {
				uint8_t copy[sizeof example];
				struct error err;
				memcpy(copy, example, sizeof copy);
				copy[at] ^= (uint8_t)change;
				assert_fails(read_example(BYTES_OF(copy), &err), err, ERROR_MALFORMED);
				assert_int_equal(err.at, headers[i]);
			}
		}
	}
}

static void check_refusal(bytes in, const char *what)
{
	struct tree_reader r = TREE_READER(in);
	struct error err;
	uint32_t count = 77;
	bytes leaf = BYTES_LITERAL("untouched");
	const bytes before = leaf;
	bool is_node = in.p[0] == 0;
	if (is_node)
		assert_fails(tree_node_any(&r, &count, 1000, &err), err, ERROR_MALFORMED);
	else
		assert_fails(tree_leaf_any(&r, &leaf, TREE_MAX, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, what);
	assert_int_equal(err.at, 0);
	assert_int_equal(r.at, 0);
	assert_int_equal(count, 77);
	assert_memory_equal(&leaf, &before, sizeof leaf);
}

static void negative_lengths_and_counts_are_malformed(void **state)
{
	check_refusal(BYTES_LITERAL("\x00\x80\x00\x00\x00"), "byte tree: negative length");
	check_refusal(BYTES_LITERAL("\x00\xff\xff\xff\xff"), "byte tree: negative length");
	check_refusal(BYTES_LITERAL("\x01\x80\x00\x00\x00"), "byte tree: negative length");
	check_refusal(BYTES_LITERAL("\x01\xff\xff\xff\xff"), "byte tree: negative length");
}

static void a_length_beyond_the_end_is_malformed(void **state)
{
	check_refusal(BYTES_LITERAL("\x01\x00\x00\x00\x01"), "byte tree: ends too early");
	check_refusal(BYTES_LITERAL("\x01\x7f\xff\xff\xff"), "byte tree: ends too early");
	check_refusal(BYTES_LITERAL("\x01\x00\x00\x00\x04"
	                            "abc"),
	              "byte tree: ends too early");
}

static void a_count_above_the_callers_maximum_is_malformed(void **state)
{
	check_refusal(BYTES_LITERAL("\x00\x00\x00\x03\xe9"), "byte tree: more children than allowed");
	struct tree_reader r = TREE_READER(BYTES_LITERAL("\x00\x00\x00\x03\xe8"));
	struct error err;
	uint32_t count;
	assert_ok(tree_node_any(&r, &count, 1000, &err), err);
	assert_int_equal(count, 1000);
}

static void a_leaf_above_the_callers_maximum_is_malformed(void **state)
{
	struct tree_reader r = TREE_READER(BYTES_LITERAL("\x01\x00\x00\x00\x03"
	                                                 "abc"));
	struct error err;
	bytes leaf;
	assert_fails(tree_leaf_any(&r, &leaf, 2, &err), err, ERROR_MALFORMED);
	assert_ok(tree_leaf_any(&r, &leaf, 3, &err), err);
	assert_true(bytes_equal(leaf, BYTES_LITERAL("abc")));
}

static void a_leaf_of_another_length_is_malformed_and_writes_nothing(void **state)
{
	struct error err;
	uint8_t out[8];
	uint32_t number = 5;
	memset(out, 0xa5, sizeof out);
	for (uint32_t len = 0; len < 8; len++) {
		struct tree_reader r = TREE_READER(BYTES_LITERAL("\x01\x00\x00\x00\x08zzzzzzzz"));
		assert_fails(tree_leaf(&r, out, len, &err), err, ERROR_MALFORMED);
		assert_fails(tree_leaf_u32(&r, &number, &err), err, ERROR_MALFORMED);
		assert_int_equal(r.at, 0);
	}
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], 0xa5);
	assert_int_equal(number, 5);
}

static void a_leaf_is_no_node_and_a_node_no_leaf(void **state)
{
	struct tree_reader leaf = TREE_READER(BYTES_LITERAL("\x01\x00\x00\x00\x00"));
	struct tree_reader node = TREE_READER(BYTES_LITERAL("\x00\x00\x00\x00\x00"));
	struct tree_reader other = TREE_READER(BYTES_LITERAL("\x02\x00\x00\x00\x00"));
	struct error err;
	uint8_t out[1];
	assert_fails(tree_node(&leaf, 0, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "byte tree: leaf where a node belongs");
	assert_fails(tree_leaf(&node, out, 0, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "byte tree: node where a leaf belongs");
	assert_fails(tree_node(&other, 0, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "byte tree: neither node nor leaf");
	assert_fails(tree_leaf(&other, out, 0, &err), err, ERROR_MALFORMED);
	assert_ok(tree_leaf(&leaf, out, 0, &err), err);
	assert_ok(tree_node(&node, 0, &err), err);
}

static void raw_bytes_beyond_the_end_are_malformed(void **state)
{
	struct tree_reader r = TREE_READER(BYTES_LITERAL("abc"));
	struct error err;
	bytes out;
	assert_fails(tree_raw(&r, &out, 4, &err), err, ERROR_MALFORMED);
	assert_fails(tree_raw(&r, &out, SIZE_MAX, &err), err, ERROR_MALFORMED);
	assert_ok(tree_raw(&r, &out, 2, &err), err);
	assert_fails(tree_raw(&r, &out, 2, &err), err, ERROR_MALFORMED);
	assert_int_equal(err.at, 2);
	assert_fails(tree_end(&r, &err), err, ERROR_MALFORMED);
	assert_ok(tree_raw(&r, &out, 1, &err), err);
	assert_ok(tree_end(&r, &err), err);
}

static void a_cursor_beyond_its_input_reads_nothing(void **state)
{
	struct tree_reader r = {BYTES_LITERAL("\x01\x00\x00\x00\x00"), 6};
	struct error err;
	uint8_t out[1];
	bytes raw;
	assert_fails(tree_leaf(&r, out, 0, &err), err, ERROR_MALFORMED);
	assert_fails(tree_raw(&r, &raw, 0, &err), err, ERROR_MALFORMED);
	assert_fails(tree_end(&r, &err), err, ERROR_MALFORMED);
}

static void a_writer_without_room_says_so_and_never_overruns(void **state)
{
	for (size_t size = 0; size < sizeof example; size++) {
		uint8_t room[sizeof example];
		struct tree_writer w = {room, size, 0, false};
		memset(room, 0xa5, sizeof room);
		tree_write_node(&w, 2);
		tree_write_leaf(&w, BYTES_LITERAL("hello"));
		tree_write_node(&w, 2);
		tree_write_leaf(&w, BYTES_NONE);
		tree_write_u32(&w, 1000);
		assert_true(w.full);
		assert_int_equal(tree_written(&w).len, 0);
		for (size_t i = size; i < sizeof room; i++)
			assert_int_equal(room[i], 0xa5);
	}
}

static void a_full_writer_stays_full(void **state)
{
	uint8_t room[8];
	struct tree_writer w = TREE_WRITER(room);
	tree_write_raw(&w, BYTES_LITERAL("123456789"));
	tree_write_raw(&w, BYTES_LITERAL("1"));
	assert_true(w.full);
	assert_int_equal(w.len, 0);
	assert_int_equal(tree_written(&w).len, 0);
}

static void headers_are_five_bytes(void **state)
{
	uint8_t out[TREE_HEADER_BYTES];
	assert_int_equal(tree_put_node(out, TREE_MAX), TREE_HEADER_BYTES);
	assert_memory_equal(out, "\x00\x7f\xff\xff\xff", TREE_HEADER_BYTES);
	assert_int_equal(tree_put_leaf(out, 258), TREE_HEADER_BYTES);
	assert_memory_equal(out, "\x01\x00\x00\x01\x02", TREE_HEADER_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_example_is_written_and_hashed_as_published),
		cmocka_unit_test(the_worked_example_is_read_back),
		cmocka_unit_test(a_tree_truncated_at_any_byte_is_malformed),
		cmocka_unit_test(bytes_after_the_tree_are_malformed),
		cmocka_unit_test(every_changed_header_byte_is_malformed),
		cmocka_unit_test(negative_lengths_and_counts_are_malformed),
		cmocka_unit_test(a_length_beyond_the_end_is_malformed),
		cmocka_unit_test(a_count_above_the_callers_maximum_is_malformed),
		cmocka_unit_test(a_leaf_above_the_callers_maximum_is_malformed),
		cmocka_unit_test(a_leaf_of_another_length_is_malformed_and_writes_nothing),
		cmocka_unit_test(a_leaf_is_no_node_and_a_node_no_leaf),
		cmocka_unit_test(raw_bytes_beyond_the_end_are_malformed),
		cmocka_unit_test(a_cursor_beyond_its_input_reads_nothing),
		cmocka_unit_test(a_writer_without_room_says_so_and_never_overruns),
		cmocka_unit_test(a_full_writer_stays_full),
		cmocka_unit_test(headers_are_five_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
