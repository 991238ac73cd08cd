/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that Verificatum encoded (data/verificatum/primitives.txt, the lines `encode "…" -> hex
 * decodes "…"` of curve P-256). Its encoder cuts what is too long; ours refuses it.
 */
#include "support/support.h"

#include "elgamal/elgamal.h"

struct line {
	bytes message, tree_hex, decoded;
};

/* The part of *rest up to `end`, which is dropped from it too. */
static bytes cut(bytes *rest, const char *end)
{
	size_t len = strlen(end);
	for (size_t i = 0; i + len <= rest->len; i++) {
		if (memcmp(rest->p + i, end, len) == 0) {
			bytes out = bytes_of(rest->p, i);
			*rest = bytes_from(*rest, i + len);
			return out;
		}
	}
	bytes all = *rest;
	*rest = BYTES_NONE;
	return all;
}

static size_t read_lines(struct line *lines, size_t room)
{
	bytes file = test_data("verificatum/primitives.txt");
	cut(&file, "curve P-256 ");
	bytes part = cut(&file, "\ncurve ");
	size_t count = 0;
	while (part.len > 0) {
		bytes line = cut(&part, "\n");
		cut(&line, "  encode \"");
		if (line.len == 0)
			continue;
		assert_true(count < room);
		lines[count].message = cut(&line, "\" -> ");
		lines[count].tree_hex = cut(&line, " decodes \"");
		lines[count++].decoded = cut(&line, "\"");
	}
	return count;
}

static void points_are_those_of_verificatum(void **state)
{
	(void)state;
	struct line lines[16];
	size_t n = read_lines(lines, 16);
	unsigned full = 0, cut_there = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t expected[POINT_TREE_BYTES], tree[POINT_TREE_BYTES], back[MESSAGE_BYTES];
		struct error err;
		point p;
		bytes message = lines[i].message;
		if (message.len > MESSAGE_BYTES) {
			assert_fails(message_encode_vartime(&p, message, &err), err, ERROR_LIMIT);
			message.len = MESSAGE_BYTES;
			cut_there++;
		}
		assert_true(hex_decode(expected, sizeof expected, lines[i].tree_hex));
		assert_ok(message_encode_vartime(&p, message, &err), err);
		points_encode_tree(tree, &p, 1);
		assert_memory_equal(tree, expected, sizeof tree);
		assert_ok(points_decode_tree(&p, BYTES_OF(expected), 1, POINT_FINITE, &err), err);
		size_t len = message_decode_vartime(back, &p);
		assert_true(bytes_equal(bytes_of(back, len), lines[i].decoded));
		if (message.len == MESSAGE_BYTES) {
			assert_ok(message_encode(&p, message.p, &err), err);
			points_encode_tree(tree, &p, 1);
			assert_memory_equal(tree, expected, sizeof tree);
			assert_true(message_decode_canonical(back, &p));
			full++;
		}
	}
	assert_int_equal(n, 5);
	assert_int_equal(full, 2);
	assert_int_equal(cut_there, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_are_those_of_verificatum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
