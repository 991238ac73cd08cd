/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/limits.h"
#include "json/read.h"

#include <stdlib.h>

static struct error err;

static struct json_doc *parse(const char *text)
{
	struct json_doc *doc;
	assert_ok(json_doc_parse(&doc, bytes_of_text(text), LIMIT_MANIFEST_BYTES, &err), err);
	return doc;
}

/* Parses `text`, which must be refused with this kind and this detail. */
static void refused_bytes(bytes text, enum error_kind kind, const char *detail)
{
	struct json_doc *doc = NULL;
	assert_fails(json_doc_parse(&doc, text, LIMIT_MANIFEST_BYTES, &err), err, kind);
	assert_null(doc);
	assert_string_equal(err.detail, detail);
}

static void refused(const char *text, const char *detail)
{
	refused_bytes(bytes_of_text(text), ERROR_MALFORMED, detail);
}

/* Walks "a[2].b" by the public functions only. */
static const struct json_value *at(const struct json_doc *doc, const char *path)
{
	const struct json_value *v = json_doc_root(doc);
	while (*path) {
		if (*path == '[') {
			char *end;
			v = json_item(v, strtoul(path + 1, &end, 10));
			path = end + 1;
			continue;
		}
		path += *path == '.';
		char key[64];
		size_t n = strcspn(path, ".[");
		memcpy(key, path, n);
		key[n] = '\0';
		assert_ok(json_need(&v, v, key, &err), err);
		path += n;
	}
	return v;
}

static void every_kind_of_value_is_read(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"t\":\"grün\",\"n\":-7,\"u\":42,\"y\":true,\"f\":false,"
	                             "\"z\":null,\"l\":[1,2,3],\"o\":{\"x\":{}}}");
	bytes text;
	int64_t n;
	uint64_t u;
	bool y, f;
	size_t len, members;
	assert_ok(json_text(&text, at(doc, "t"), 100, &err), err);
	assert_true(bytes_equal(text, bytes_of_text("grün")));
	assert_int_equal(text.p[text.len], 0);
	assert_ok(json_i64(&n, at(doc, "n"), &err), err);
	assert_int_equal(n, -7);
	assert_ok(json_u64(&u, at(doc, "u"), (struct json_range){42, 42}, &err), err);
	assert_int_equal(u, 42);
	assert_ok(json_flag(&y, at(doc, "y"), &err), err);
	assert_ok(json_flag(&f, at(doc, "f"), &err), err);
	assert_true(y && !f);
	assert_int_equal(json_kind_of(at(doc, "z")), JSON_KIND_NULL);
	assert_ok(json_items(&len, at(doc, "l"), (struct json_range){3, 3}, &err), err);
	assert_int_equal(len, 3);
	assert_ok(json_members(&members, json_doc_root(doc), &err), err);
	assert_int_equal(members, 8);
	assert_true(bytes_equal(json_key(json_item(json_doc_root(doc), 7)), BYTES_LITERAL("o")));
	assert_int_equal(json_key(json_item(at(doc, "l"), 0)).len, 0);
	json_doc_free(doc);
}

static void members_keep_the_order_of_the_text(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"z\":1,\"a\":2,\"m\":3}");
	const char *expected[] = {"z", "a", "m"};
	for (size_t i = 0; i < 3; i++)
		assert_true(
			bytes_equal(json_key(json_item(json_doc_root(doc), i)), bytes_of_text(expected[i])));
	json_doc_free(doc);
}

static void a_path_names_every_step(void **state)
{
	(void)state;
	struct json_doc *doc = parse(
		"{\"questions\":[0,1,{\"answers\":[{\"text\":true,\"other\":true,\"a b\":[true]}]}]}");
	const struct json_value *answer = at(doc, "questions[2].answers[0]");
	bytes text;
	assert_fails(json_need_text(&text, answer, "text", 9, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail,
	                    "questions[2].answers[0].text: must be a text, is true or false");
	/* jansson has one "true" for all places; the path must not confuse them. */
	assert_fails(json_need_text(&text, answer, "other", 9, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail,
	                    "questions[2].answers[0].other: must be a text, is true or false");
	assert_fails(json_text(&text, at(doc, "questions[2].answers[0].a b[0]"), 9, &err), err,
	             ERROR_MALFORMED);
	assert_string_equal(err.detail,
	                    "questions[2].answers[0][\"a b\"][0]: must be a text, is true or false");
	assert_fails(json_need_text(&text, json_doc_root(doc), "title", 9, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "the document: needs \"title\"");
	json_doc_free(doc);
}

static void a_caller_can_refuse_a_value_by_its_path(void **state)
{
	(void)state;
	struct json_doc *doc = parse("[{\"id\":3}]");
	error_clear(&err);
	assert_false(
		json_refuse(at(doc, "[0].id"), ERROR_CONFLICT, "manifest: two answers share it", &err));
	assert_int_equal(err.kind, ERROR_CONFLICT);
	assert_string_equal(err.what, "manifest: two answers share it");
	assert_string_equal(err.detail, "[0].id");
	json_doc_free(doc);
}

static void a_missing_optional_key_is_null(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"a\":null}");
	const struct json_value *v;
	assert_ok(json_maybe(&v, json_doc_root(doc), "b", &err), err);
	assert_null(v);
	assert_ok(json_maybe(&v, json_doc_root(doc), "a", &err), err);
	assert_non_null(v);
	assert_fails(json_maybe(&v, v, "a", &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "a: must be an object, is null");
	json_doc_free(doc);
}

static void an_unknown_key_is_refused_with_the_nearest_one(void **state)
{
	(void)state;
	static const char *const known[] = {"title", "answers", "max"};
	struct json_doc *doc = parse("{\"q\":[{\"max\":1,\"answrs\":2}],\"r\":{\"completely\":1}}");
	assert_fails(json_only(at(doc, "q[0]"), JSON_NAMES(known), &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "json: unknown key");
	assert_string_equal(err.detail, "q[0].answrs: did you mean \"answers\"?");
	assert_fails(json_only(at(doc, "r"), JSON_NAMES(known), &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "r.completely: known are title, answers, max");
	json_doc_free(doc);
	doc = parse("{\"max\":1,\"title\":2}");
	assert_ok(json_only(json_doc_root(doc), JSON_NAMES(known), &err), err);
	json_doc_free(doc);
}

static void a_very_long_unknown_key_is_cut_in_the_message(void **state)
{
	(void)state;
	static const char *const known[] = {"a"};
	char text[2000] = "{\"";
	memset(text + 2, 'k', 1500);
	strcpy(text + 1502, "\":1}");
	struct json_doc *doc = parse(text);
	assert_fails(json_only(json_doc_root(doc), JSON_NAMES(known), &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: known are a");
	json_doc_free(doc);
}

static void control_characters_of_a_document_do_not_reach_messages(void **state)
{
	(void)state;
	static const char *const known[] = {"a"};
	struct json_doc *doc = parse("{\"\\u001b[2J\\u009b1m\":1}");
	assert_fails(json_only(json_doc_root(doc), JSON_NAMES(known), &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "[\"?[2J?1m\"]: known are a");
	json_doc_free(doc);
	refused("{\"a\":1,\n \"\x1b\":2}", "line 2, column 2: control character 0x1b near '\"'");
}

static void numbers_outside_their_range_are_refused(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"n\":21,\"m\":-1,\"max\":9223372036854775807}");
	const struct json_range range = {1, 20};
	uint64_t n;
	assert_fails(json_need_u64(&n, json_doc_root(doc), "n", range, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.detail, "n: allowed are 1 to 20");
	assert_fails(
		json_need_u64(&n, json_doc_root(doc), "m", (struct json_range){0, UINT64_MAX}, &err), err,
		ERROR_MALFORMED);
	assert_ok(
		json_need_u64(&n, json_doc_root(doc), "max", (struct json_range){0, UINT64_MAX}, &err),
		err);
	assert_true(n == INT64_MAX);
	json_doc_free(doc);
	refused("[9223372036854775808]",
	        "line 1, column 20: too big integer near '9223372036854775808'");
	refused("[-9223372036854775809]",
	        "line 1, column 21: too big negative integer near '-9223372036854775809'");
}

static void fractions_and_exponents_are_refused_by_path(void **state)
{
	(void)state;
	refused("{\"a\":[1,1.0]}", "a[1]: fractions and exponents are not used here");
	refused("{\"a\":[1,{\"b\":1e3}]}", "a[1].b: fractions and exponents are not used here");
	refused("[-0.0]", "[0]: fractions and exponents are not used here");
}

static void zero_has_one_spelling(void **state)
{
	(void)state;
	refused("[0,-0]", "line 1, column 4: zero is written 0");
	refused("{\"a\":\n -0 }", "line 2, column 2: zero is written 0");
	refused("-0", "line 1, column 1: zero is written 0");
	struct json_doc *doc = parse("{\"-0\":[\"-0\",-1,0]}");
	json_doc_free(doc);
}

static void lists_of_a_wrong_length_are_refused(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"l\":[1,2,3]}");
	size_t len;
	assert_fails(json_items(&len, at(doc, "l"), (struct json_range){0, 2}, &err), err, ERROR_LIMIT);
	assert_string_equal(err.detail, "l: allowed are 0 to 2");
	assert_fails(json_items(&len, at(doc, "l"), (struct json_range){4, 9}, &err), err,
	             ERROR_MALFORMED);
	assert_fails(json_items(&len, json_doc_root(doc), (struct json_range){0, 9}, &err), err,
	             ERROR_MALFORMED);
	assert_string_equal(err.detail, "the document: must be an array, is an object");
	json_doc_free(doc);
}

static void a_text_that_is_too_long_is_refused(void **state)
{
	(void)state;
	struct json_doc *doc = parse("{\"t\":\"äöü\"}");
	bytes text;
	assert_ok(json_text(&text, at(doc, "t"), 6, &err), err);
	assert_fails(json_text(&text, at(doc, "t"), 5, &err), err, ERROR_LIMIT);
	assert_string_equal(err.detail, "t: allowed are 0 to 5");
	json_doc_free(doc);
}

static void hex_of_another_length_or_alphabet_is_refused(void **state)
{
	(void)state;
	struct json_doc *doc = parse("[\"00ff\",\"00f\",\"00fg\",\"00ff00\",7]");
	uint8_t out[2];
	assert_ok(json_hex(out, 2, at(doc, "[0]"), &err), err);
	assert_memory_equal(out, "\x00\xff", 2);
	for (size_t i = 1; i < 4; i++) {
		assert_fails(json_hex(out, 2, json_item(json_doc_root(doc), i), &err), err,
		             ERROR_MALFORMED);
		assert_non_null(strstr(err.detail, "]: must be 4 hexadecimal digits"));
	}
	assert_fails(json_hex(out, 2, at(doc, "[4]"), &err), err, ERROR_MALFORMED);
	json_doc_free(doc);
}

static void a_choice_names_the_known_words(void **state)
{
	(void)state;
	static const char *const words[] = {"plurality", "borda", "stv"};
	struct json_doc *doc = parse("{\"m\":\"bordo\",\"n\":\"stv\",\"p\":\"x\\u001by\"}");
	unsigned choice;
	assert_ok(json_need_choice(&choice, json_doc_root(doc), "n", JSON_NAMES(words), &err), err);
	assert_int_equal(choice, 2);
	assert_fails(json_need_choice(&choice, json_doc_root(doc), "m", JSON_NAMES(words), &err), err,
	             ERROR_MALFORMED);
	assert_string_equal(err.detail, "m: \"bordo\" is not known; did you mean \"borda\"?");
	assert_fails(json_need_choice(&choice, json_doc_root(doc), "p", JSON_NAMES(words), &err), err,
	             ERROR_MALFORMED);
	assert_string_equal(err.detail, "p: \"x?y\" is not known; known are plurality, borda, stv");
	json_doc_free(doc);
}

static void broken_texts_are_refused_with_line_and_column(void **state)
{
	(void)state;
	refused("{\n  \"a\": 1,\n  \"a\": 2\n}", "line 3, column 5: duplicate object key near '\"a\"'");
	refused("{\"a\":1,\"\\u0061\":2}",
	        "line 1, column 15: duplicate object key near '\"\\u0061\"'");
	refused("{} x", "line 1, column 4: end of file expected near 'x'");
	refused("{}{}", "line 1, column 3: end of file expected near '{'");
	refused("[1,]", "line 1, column 4: unexpected token near ']'");
	refused("{\"a\" 1}", "line 1, column 6: ':' expected near '1'");
	refused("{a:1}", "line 1, column 2: string or '}' expected near 'a'");
	refused("['a']", "line 1, column 2: invalid token near '''");
	refused("[01]", "line 1, column 2: invalid token near '0'");
	refused("[+1]", "line 1, column 2: invalid token near '+'");
	refused("[NaN]", "line 1, column 4: invalid token near 'NaN'");
	refused("[1] // c", "line 1, column 5: end of file expected near '/'");
	refused("\"text\"", "line 1, column 6: '[' or '{' expected near '\"text\"'");
	refused("7", "line 1, column 1: '[' or '{' expected near '7'");
	refused(" ", "line 1, column 1: '[' or '{' expected near end of file");
	refused("[\"\\ud800\"]", "line 1, column 9: invalid Unicode '\\uD800' near '\"\\ud800\"'");
	refused("[\"\\u0000\"]", "line 1, column 9: the character U+0000 is not used");
	refused("{\"\\u0000\":1}", "line 1, column 9: the character U+0000 is not used");
	refused("[\"\xff\"]", "line 1, column 2: unable to decode byte 0xff near '\"'");
	refused("[\"\xc0\x80\"]", "line 1, column 2: unable to decode byte 0xc0 near '\"'");
	refused("\xef\xbb\xbf{}", "save it as UTF-8 without one");
	refused("", "");
	refused_bytes(bytes_of("{}\0", 3), ERROR_MALFORMED,
	              "line 1, column 3: end of file expected near end of file");
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	const char *text = "{\"a\":[1,{\"b\":\"\\u00e4\"},true,null],\"c\":-12}";
	size_t len = strlen(text);
	for (size_t n = 0; n < len; n++) {
		struct json_doc *doc = NULL;
		uint8_t *copy = malloc(n ? n : 1); /* exact, so that the sanitizer sees an overrun */
		assert_non_null(copy);
		memcpy(copy, text, n);
		assert_fails(json_doc_parse(&doc, bytes_of(copy, n), 1000, &err), err, ERROR_MALFORMED);
		free(copy);
	}
}

static void depth_is_limited_and_brackets_in_texts_do_not_count(void **state)
{
	(void)state;
	char text[LIMIT_JSON_DEPTH * 2 + 8] = "";
	for (unsigned depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		if (depth == LIMIT_JSON_DEPTH)
			json_doc_free(parse(text));
		else
			refused_bytes(bytes_of_text(text), ERROR_LIMIT, "line 1, column 33: nested too deeply");
	}
	json_doc_free(parse("[\"\\\\\",\"[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\",1]"));
	char objects[400] = "\n";
	for (unsigned i = 0; i <= LIMIT_JSON_DEPTH; i++)
		strcat(objects, "{\"ä\":");
	refused_bytes(bytes_of_text(objects), ERROR_LIMIT, "line 2, column 161: nested too deeply");
}

static void the_size_limit_is_exact(void **state)
{
	(void)state;
	struct json_doc *doc;
	assert_ok(json_doc_parse(&doc, BYTES_LITERAL("[10]"), 4, &err), err);
	json_doc_free(doc);
	assert_fails(json_doc_parse(&doc, BYTES_LITERAL("[10]"), 3, &err), err, ERROR_LIMIT);
	assert_int_equal(err.at, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_is_read),
		cmocka_unit_test(members_keep_the_order_of_the_text),
		cmocka_unit_test(a_path_names_every_step),
		cmocka_unit_test(a_caller_can_refuse_a_value_by_its_path),
		cmocka_unit_test(a_missing_optional_key_is_null),
		cmocka_unit_test(an_unknown_key_is_refused_with_the_nearest_one),
		cmocka_unit_test(a_very_long_unknown_key_is_cut_in_the_message),
		cmocka_unit_test(control_characters_of_a_document_do_not_reach_messages),
		cmocka_unit_test(numbers_outside_their_range_are_refused),
		cmocka_unit_test(fractions_and_exponents_are_refused_by_path),
		cmocka_unit_test(zero_has_one_spelling),
		cmocka_unit_test(lists_of_a_wrong_length_are_refused),
		cmocka_unit_test(a_text_that_is_too_long_is_refused),
		cmocka_unit_test(hex_of_another_length_or_alphabet_is_refused),
		cmocka_unit_test(a_choice_names_the_known_words),
		cmocka_unit_test(broken_texts_are_refused_with_line_and_column),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(depth_is_limited_and_brackets_in_texts_do_not_count),
		cmocka_unit_test(the_size_limit_is_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
