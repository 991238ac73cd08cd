/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "json/read.h"
#include "json/write.h"

#include <stdlib.h>

static struct error err;

static void write_sample(struct json_writer *w)
{
	json_put_object(w);
	json_put_key(w, "empty");
	json_put_object(w);
	json_put_end(w);
	json_put_key(w, "list");
	json_put_array(w);
	json_put_u64(w, UINT64_MAX);
	json_put_i64(w, INT64_MIN);
	json_put_flag(w, true);
	json_put_flag(w, false);
	json_put_null(w);
	json_put_array(w);
	json_put_end(w);
	json_put_end(w);
	json_put_key(w, "text");
	json_put_text(w, "a\"\\/\b\f\n\r\t\x01\x1f\x7fé\u2028");
	json_put_key(w, "hex");
	json_put_hex(w, BYTES_LITERAL("\x00\xab"));
	json_put_end(w);
}

static void expect(enum json_form form, const char *expected)
{
	struct json_writer w;
	bytes text;
	json_writer_to_memory(&w, 10000, form);
	write_sample(&w);
	assert_ok(json_writer_finish(&w, &text, &err), err);
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.p, expected, text.len);
	json_writer_free(&w);
}

static void the_dense_form_has_no_white_space(void **state)
{
	(void)state;
	expect(JSON_DENSE,
	       "{\"empty\":{},\"list\":[18446744073709551615,-9223372036854775808,true,false,null,[]],"
	       "\"text\":\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé\u2028\",\"hex\":\"00ab\"}");
}

static void the_form_for_people_has_a_member_a_line(void **state)
{
	(void)state;
	expect(JSON_LINES, "{\n"
	                   "  \"empty\": {},\n"
	                   "  \"list\": [\n"
	                   "    18446744073709551615,\n"
	                   "    -9223372036854775808,\n"
	                   "    true,\n"
	                   "    false,\n"
	                   "    null,\n"
	                   "    []\n"
	                   "  ],\n"
	                   "  \"text\": \"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé\u2028\",\n"
	                   "  \"hex\": \"00ab\"\n"
	                   "}\n");
}

static void the_limit_is_exact_and_the_error_stays(void **state)
{
	(void)state;
	const char *text = "[1,\"ab\"]";
	for (size_t limit = 0; limit <= strlen(text); limit++) {
		struct json_writer w;
		bytes out;
		json_writer_to_memory(&w, limit, JSON_DENSE);
		json_put_array(&w);
		json_put_u64(&w, 1);
		json_put_text(&w, "ab");
		json_put_end(&w);
		if (limit == strlen(text)) {
			assert_ok(json_writer_finish(&w, &out, &err), err);
			assert_true(bytes_equal(out, bytes_of_text(text)));
		} else {
			assert_fails(json_writer_finish(&w, &out, &err), err, ERROR_LIMIT);
			assert_int_equal(out.len, 0);
		}
		json_writer_free(&w);
	}
}

static void text_that_is_not_utf8_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"\x80",
		"\xc3",
		"\xc0\xaf",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"ab\xff",
		"\xe2\x28\xa1",
	};
	static const char *const good[] = {"\xc2\x80",        "\xdf\xbf",     "\xe0\xa0\x80",
	                                   "\xed\x9f\xbf",    "\xef\xbf\xbf", "\xf0\x90\x80\x80",
	                                   "\xf4\x8f\xbf\xbf"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0] + sizeof good / sizeof good[0]; i++) {
		bool is_bad = i < sizeof bad / sizeof bad[0];
		struct json_writer w;
		json_writer_to_memory(&w, 100, JSON_DENSE);
		json_put_array(&w);
		json_put_text(&w, is_bad ? bad[i] : good[i - sizeof bad / sizeof bad[0]]);
		json_put_end(&w);
		if (is_bad)
			assert_fails(json_writer_finish(&w, NULL, &err), err, ERROR_MALFORMED);
		else
			assert_ok(json_writer_finish(&w, NULL, &err), err);
		json_writer_free(&w);
	}
}

/* A sink that fails when it has got more than `room` bytes. */
struct small_sink {
	struct sink sink;
	size_t room, used;
	uint8_t *p;
};

static bool small_append(struct sink *sink, bytes b, struct error *e)
{
	struct small_sink *s = (struct small_sink *)sink;
	if (b.len > s->room - s->used)
		return fail(e, ERROR_IO, "test: full", s->used);
	memcpy(s->p + s->used, b.p, b.len);
	s->used += b.len;
	return true;
}

static void fill(struct json_writer *w, size_t items)
{
	json_put_array(w);
	for (size_t i = 0; i < items; i++)
		json_put_u64(w, i);
	json_put_end(w);
}

static void a_sink_gets_the_same_bytes_as_memory(void **state)
{
	(void)state;
	struct json_writer w;
	bytes expected;
	struct small_sink s = {.sink = {.name = "x", .append = small_append}, .room = 1 << 20};
	s.p = malloc(s.room);
	json_writer_to_sink(&w, &s.sink, JSON_LINES);
	fill(&w, 50000);
	assert_ok(json_writer_finish(&w, NULL, &err), err);
	json_writer_free(&w);
	json_writer_to_memory(&w, 1 << 20, JSON_LINES);
	fill(&w, 50000);
	assert_ok(json_writer_finish(&w, &expected, &err), err);
	assert_true(bytes_equal(expected, bytes_of(s.p, s.used)));
	json_writer_free(&w);
	free(s.p);
}

static void an_error_of_the_sink_comes_out_at_the_end(void **state)
{
	(void)state;
	struct json_writer w;
	struct small_sink s = {.sink = {.name = "x", .append = small_append}, .room = 70000};
	s.p = malloc(s.room);
	json_writer_to_sink(&w, &s.sink, JSON_DENSE);
	fill(&w, 50000);
	assert_fails(json_writer_finish(&w, NULL, &err), err, ERROR_IO);
	assert_string_equal(err.what, "test: full");
	json_writer_free(&w);
	free(s.p);
}

/* Random texts of any code points come back as they were. */
static void what_is_written_is_read_back(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(200, 20000); round++) {
		uint8_t text[64];
		size_t len = 0;
		while (len < 56) {
			uint32_t c = (uint32_t)(1 + test_random_below(test_random_below(2) ? 0x7f : 0x10ffff));
			if (c >= 0xd800 && c < 0xe000)
				continue;
			if (c < 0x80) {
				text[len++] = (uint8_t)c;
			} else if (c < 0x800) {
				text[len++] = (uint8_t)(0xc0 | c >> 6);
				text[len++] = (uint8_t)(0x80 | (c & 63));
			} else if (c < 0x10000) {
				text[len++] = (uint8_t)(0xe0 | c >> 12);
				text[len++] = (uint8_t)(0x80 | (c >> 6 & 63));
				text[len++] = (uint8_t)(0x80 | (c & 63));
			} else {
				text[len++] = (uint8_t)(0xf0 | c >> 18);
				text[len++] = (uint8_t)(0x80 | (c >> 12 & 63));
				text[len++] = (uint8_t)(0x80 | (c >> 6 & 63));
				text[len++] = (uint8_t)(0x80 | (c & 63));
			}
		}
		struct json_writer w;
		struct json_doc *doc;
		bytes out, back;
		json_writer_to_memory(&w, 1000, round % 2 ? JSON_DENSE : JSON_LINES);
		json_put_object(&w);
		json_put_key_bytes(&w, bytes_of(text, len));
		json_put_text_bytes(&w, bytes_of(text, len));
		json_put_end(&w);
		assert_ok(json_writer_finish(&w, &out, &err), err);
		assert_ok(json_doc_parse(&doc, out, 1000, &err), err);
		const struct json_value *v = json_item(json_doc_root(doc), 0);
		assert_ok(json_text(&back, v, 1000, &err), err);
		assert_true(bytes_equal(back, bytes_of(text, len)));
		assert_true(bytes_equal(json_key(v), bytes_of(text, len)));
		json_doc_free(doc);
		json_writer_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dense_form_has_no_white_space),
		cmocka_unit_test(the_form_for_people_has_a_member_a_line),
		cmocka_unit_test(the_limit_is_exact_and_the_error_stays),
		cmocka_unit_test(text_that_is_not_utf8_is_refused),
		cmocka_unit_test(a_sink_gets_the_same_bytes_as_memory),
		cmocka_unit_test(an_error_of_the_sink_comes_out_at_the_end),
		cmocka_unit_test(what_is_written_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
