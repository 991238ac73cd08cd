/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "hash/bytetree.h"

struct memory_source {
	struct source source;
	bytes in;
	size_t at, step; /* step: the most it gives at once */
	bool breaks;
};

static bool next(struct source *s, size_t want, bytes *out, struct error *err)
{
	struct memory_source *m = (struct memory_source *)s;
	if (m->breaks)
		return fail(err, ERROR_IO, "disk: gone", 0);
	size_t n = m->in.len - m->at;
	n = n < want ? n : want;
	n = n < m->step ? n : m->step;
	*out = bytes_of(m->in.p + m->at, n);
	m->at += n;
	return true;
}

static struct memory_source source_of(bytes in)
{
	return (struct memory_source){
		{.name = "list.bt", .size = in.len, .next = next}, in, 0, 3, false};
}

/* node(leaf("abc"), node()) */
static const uint8_t example[] = {0, 0, 0, 0, 2, 1, 0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0};

static bool read_example(struct source *s, struct error *err)
{
	uint8_t abc[3];
	uint32_t count;
	return tree_source_node(s, 2, err) && tree_source_leaf(s, 3, err) &&
	       source_read(s, abc, sizeof abc, err) && tree_source_node_any(s, &count, 4, err) &&
	       tree_source_end(s, err);
}

static void a_tree_is_read_from_a_source(void **state)
{
	for (size_t step = 1; step <= sizeof example; step++) {
		struct memory_source m = source_of(BYTES_OF(example));
		struct error err;
		m.step = step;
		assert_ok(read_example(&m.source, &err), err);
	}
}

static void a_source_truncated_at_any_byte_is_malformed_and_named(void **state)
{
	for (size_t len = 0; len < sizeof example; len++) {
		struct memory_source m = source_of(bytes_of(example, len));
		struct error err;
		assert_fails(read_example(&m.source, &err), err, ERROR_MALFORMED);
		assert_string_equal(err.detail, "list.bt");
	}
}

static void bytes_after_the_tree_are_malformed(void **state)
{
	uint8_t longer[sizeof example + 1] = {0};
	struct error err;
	memcpy(longer, example, sizeof example);
	struct memory_source m = source_of(BYTES_OF(longer));
	assert_fails(read_example(&m.source, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "byte tree: bytes after the end");
}

static void changed_headers_are_malformed(void **state)
{
	/* Not the last byte: up to four children are allowed there. */
	static const size_t headers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		for (unsigned change = 1; change < 256; change++) {
			uint8_t copy[sizeof example];
			struct error err;
			memcpy(copy, example, sizeof copy);
			copy[headers[i]] ^= (uint8_t)change;
			struct memory_source m = source_of(BYTES_OF(copy));
			assert_fails(read_example(&m.source, &err), err, ERROR_MALFORMED);
		}
	}
}

static void a_count_is_bounded_by_the_caller(void **state)
{
	struct error err;
	uint32_t count = 77;
	struct memory_source m = source_of(BYTES_LITERAL("\x00\x00\x00\x00\x05"));
	assert_fails(tree_source_node_any(&m.source, &count, 4, &err), err, ERROR_MALFORMED);
	assert_int_equal(count, 77);
	m = source_of(BYTES_LITERAL("\x00\x80\x00\x00\x00"));
	assert_fails(tree_source_node_any(&m.source, &count, UINT32_MAX, &err), err, ERROR_MALFORMED);
	m = source_of(BYTES_LITERAL("\x00\x00\x00\x00\x04"));
	assert_ok(tree_source_node_any(&m.source, &count, 4, &err), err);
	assert_int_equal(count, 4);
}

static void a_broken_disk_is_no_malformed_tree(void **state)
{
	struct error err;
	struct memory_source m = source_of(BYTES_OF(example));
	m.breaks = true;
	assert_fails(tree_source_node(&m.source, 2, &err), err, ERROR_IO);
	assert_fails(tree_source_end(&m.source, &err), err, ERROR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_read_from_a_source),
		cmocka_unit_test(a_source_truncated_at_any_byte_is_malformed_and_named),
		cmocka_unit_test(bytes_after_the_tree_are_malformed),
		cmocka_unit_test(changed_headers_are_malformed),
		cmocka_unit_test(a_count_is_bounded_by_the_caller),
		cmocka_unit_test(a_broken_disk_is_no_malformed_tree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
