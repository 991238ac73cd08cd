/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

static void big_endian_numbers_go_there_and_back(void **state)
{
	uint8_t b[8];
	store_be32(b, 0x01020304);
	assert_memory_equal(b, "\1\2\3\4", 4);
	assert_int_equal(load_be32(b), 0x01020304);
	store_be64(b, 0xf1f2f3f4f5f6f7f8);
	assert_memory_equal(b, "\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8", 8);
	assert_true(load_be64(b) == 0xf1f2f3f4f5f6f7f8);
}

static void slices_compare_by_content_and_length(void **state)
{
	assert_true(bytes_equal(BYTES_LITERAL("abc"), bytes_of_text("abc")));
	assert_false(bytes_equal(BYTES_LITERAL("abc"), BYTES_LITERAL("abd")));
	assert_false(bytes_equal(BYTES_LITERAL("abc"), BYTES_LITERAL("ab")));
	assert_true(bytes_equal(BYTES_NONE, BYTES_LITERAL("")));
}

static void a_slice_cut_beyond_its_end_is_empty(void **state)
{
	bytes b = BYTES_LITERAL("abc");
	assert_true(bytes_equal(bytes_from(b, 1), BYTES_LITERAL("bc")));
	assert_int_equal(bytes_from(b, 3).len, 0);
	assert_int_equal(bytes_from(b, 4).len, 0);
	assert_int_equal(bytes_from(b, SIZE_MAX).len, 0);
}

static void a_text_starts_empty_and_terminated(void **state)
{
	char room[8] = "garbage";
	struct text t = TEXT_OF(room);
	assert_string_equal(room, "");
	assert_int_equal(t.size, 8);
	assert_int_equal(t.len, 0);
	assert_false(t.cut);
}

static void text_numbers_and_hex_are_joined(void **state)
{
	char room[64];
	struct text t = TEXT_OF(room);
	text_add(&t, "party ");
	text_add_u64(&t, 0);
	text_add(&t, "/");
	text_add_u64(&t, UINT64_MAX);
	text_add(&t, " ");
	text_add_hex(&t, BYTES_LITERAL("\x00\x9a\xff"));
	text_add_bytes(&t, BYTES_NONE);
	assert_string_equal(room, "party 0/18446744073709551615 009aff");
	assert_int_equal(t.len, strlen(room));
	assert_false(t.cut);
}

static void numbers_are_written_as_printf_writes_them(void **state)
{
	for (uint64_t i = 0; i < TEST_COUNT(1000, 100000); i++) {
		uint64_t v = test_random_u64() >> test_random_below(64);
		char room[24], expected[24];
		struct text t = TEXT_OF(room);
		text_add_u64(&t, v);
		snprintf(expected, sizeof expected, "%" PRIu64, v);
		assert_string_equal(room, expected);
	}
}

static void numbers_are_read_as_they_are_written_and_not_otherwise(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  "00",
	                                  "01",
	                                  "-1",
	                                  "+1",
	                                  " 1",
	                                  "1 ",
	                                  "1\n",
	                                  "0x1",
	                                  "1e1",
	                                  ":",
	                                  "/",
	                                  "18446744073709551616",
	                                  "99999999999999999999"};
	static const uint64_t edges[] = {0, 1, 9, 10, 1000, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
	uint64_t v;
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		char room[32];
		struct text t = TEXT_OF(room);
		text_add_u64(&t, edges[i]);
		assert_true(number_decode(&v, bytes_of(t.p, t.len), UINT64_MAX));
		assert_true(v == edges[i]);
		assert_true(number_decode(&v, bytes_of(t.p, t.len), edges[i]));
		assert_true(edges[i] == 0 || !number_decode(&v, bytes_of(t.p, t.len), edges[i] - 1));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(number_decode(&v, bytes_of_text(bad[i]), UINT64_MAX));
	assert_false(number_decode(&v, BYTES_LITERAL("9"), 8));
	assert_false(number_decode(&v, BYTES_LITERAL("10"), 9));
}

static void what_fits_exactly_is_not_cut(void **state)
{
	char room[6];
	struct text t = TEXT_OF(room);
	text_add(&t, "12345");
	assert_string_equal(room, "12345");
	assert_false(t.cut);
	text_add(&t, "");
	assert_false(t.cut);
	text_add(&t, "6");
	assert_string_equal(room, "12345");
	assert_true(t.cut);
}

static void after_a_cut_nothing_more_is_added(void **state)
{
	char room[6];
	struct text t = TEXT_OF(room);
	text_add(&t, "123\xe2\x82\xac"); /* the euro sign needs three bytes, two are left */
	assert_string_equal(room, "123");
	assert_true(t.cut);
	text_add(&t, "4");
	assert_string_equal(room, "123");
}

static void a_cut_never_splits_a_character(void **state)
{
	const char *full = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x97\xb3z";
	const size_t whole[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
	for (size_t size = 1; size < sizeof whole / sizeof *whole; size++) {
		char room[16];
		struct text t = TEXT_OF(room);
		t.size = size;
		text_add(&t, full);
		assert_int_equal(t.len, whole[size]);
		assert_memory_equal(room, full, t.len);
		assert_int_equal(room[t.len], 0);
		assert_int_equal(t.cut, t.len < strlen(full));
	}
}

static void a_text_without_room_is_cut_and_untouched(void **state)
{
	char room[1] = {'x'};
	struct text t = {room, 0, 0, false};
	text_add(&t, "a");
	assert_true(t.cut);
	assert_int_equal(room[0], 'x');
}

static void hex_goes_there_and_back(void **state)
{
	uint8_t in[256], out[256];
	char hex[2 * sizeof in + 1], expected[3];
	for (unsigned i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)i;
	hex_encode(hex, BYTES_OF(in));
	assert_int_equal(strlen(hex), 2 * sizeof in);
	for (unsigned i = 0; i < sizeof in; i++) {
		snprintf(expected, sizeof expected, "%02x", i);
		assert_memory_equal(hex + 2 * i, expected, 2);
	}
	assert_true(hex_decode(out, sizeof out, bytes_of_text(hex)));
	assert_memory_equal(out, in, sizeof in);
	for (char *c = hex; *c; c++)
		*c = (char)toupper(*c);
	assert_true(hex_decode(out, sizeof out, bytes_of_text(hex)));
	assert_memory_equal(out, in, sizeof in);
}

static void every_character_that_is_no_hex_digit_is_refused(void **state)
{
	for (unsigned c = 0; c < 256; c++) {
		uint8_t pair[2] = {(uint8_t)c, '0'}, swapped[2] = {'0', (uint8_t)c}, out[1];
		bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
		assert_int_equal(hex_decode(out, 1, BYTES_OF(pair)), good);
		assert_int_equal(hex_decode(out, 1, BYTES_OF(swapped)), good);
	}
}

static void hex_of_another_length_is_refused(void **state)
{
	uint8_t out[2];
	assert_false(hex_decode(out, 2, BYTES_LITERAL("000")));
	assert_false(hex_decode(out, 2, BYTES_LITERAL("00000")));
	assert_false(hex_decode(out, 2, BYTES_LITERAL("000000")));
	assert_false(hex_decode(out, 2, BYTES_NONE));
	assert_true(hex_decode(out, 0, BYTES_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(big_endian_numbers_go_there_and_back),
		cmocka_unit_test(slices_compare_by_content_and_length),
		cmocka_unit_test(a_slice_cut_beyond_its_end_is_empty),
		cmocka_unit_test(a_text_starts_empty_and_terminated),
		cmocka_unit_test(text_numbers_and_hex_are_joined),
		cmocka_unit_test(numbers_are_written_as_printf_writes_them),
		cmocka_unit_test(numbers_are_read_as_they_are_written_and_not_otherwise),
		cmocka_unit_test(what_fits_exactly_is_not_cut),
		cmocka_unit_test(after_a_cut_nothing_more_is_added),
		cmocka_unit_test(a_cut_never_splits_a_character),
		cmocka_unit_test(a_text_without_room_is_cut_and_untouched),
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(every_character_that_is_no_hex_digit_is_refused),
		cmocka_unit_test(hex_of_another_length_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
