/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "count/blt.h"
#include "count/result_json.h"
#include "count/result_text.h"
#include "count/text_sink.h"

#include <jansson.h>
#include <stdlib.h>

static struct error err;
static struct profile profile;
static uint8_t room[1 << 16];

static struct count_result count_file(const char *name, const char *file)
{
	struct count_rule rule;
	struct count_result r;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&profile, bytes_of_text(file), test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = profile.lot;
	rule.lot_count = profile.lot_count;
	assert_ok(count_run(&r, &rule, &profile, test_arena(), &err), err);
	return r;
}

static bytes json_of(const struct count_result *r)
{
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room);
	assert_ok(result_json_write(&sink.sink, r, &err), err);
	return text_sink_bytes(&sink);
}

static bytes text_of(const struct count_result *r, size_t width)
{
	struct text_sink sink;
	text_sink_init(&sink, room, sizeof room);
	assert_ok(result_text_write(&sink.sink, r, width, &err), err);
	room[sink.len] = '\0';
	return text_sink_bytes(&sink);
}

static const char tie_file[] = "3 1\n[tie 3 2]\n4 1 0\n2 2 1 0\n2 3 0\n1 0\n0\n"
							   "\"C\xc3\xa5stor\"\n\"B\\o\"\n\"Cy\"\n\"T\"\n";

static void json_has_every_fact_of_the_count(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	bytes json = json_of(&r);
	static const char expected[] =
		"{\"blank\":1,\"candidates\":[{\"name\":\"C\xc3\xa5stor\",\"status\":\"elected\"},"
		"{\"name\":\"B\\\\o\",\"status\":\"defeated\"},{\"name\":\"Cy\",\"status\":\"defeated\"}],"
		"\"elected\":[{\"candidate\":1,\"stage\":3,\"without_quota\":false}],"
		"\"lot\":[3,2],\"places\":[],\"quota\":\"5.00000\",\"rule\":\"scotland\",\"seats\":1,"
		"\"stages\":["
		"{\"action\":\"first\",\"amount\":\"0.00000\",\"candidates\":[],"
		"\"nontransferable\":\"0.00000\",\"quota\":\"5.00000\",\"status\":[\"hopeful\",\"hopeful\","
		"\"hopeful\"],"
		"\"tallies\":[\"4.00000\",\"2.00000\",\"2.00000\"],\"tie\":\"none\",\"tied\":[],"
		"\"truncated\":\"0.00000\"},"
		"{\"action\":\"exclusion\",\"amount\":\"2.00000\",\"candidates\":[3],"
		"\"nontransferable\":\"2.00000\",\"quota\":\"5.00000\",\"status\":[\"hopeful\",\"hopeful\","
		"\"defeated\"],"
		"\"tallies\":[\"4.00000\",\"2.00000\",\"0.00000\"],\"tie\":\"lot\",\"tied\":[2,3],"
		"\"truncated\":\"0.00000\"},";
	assert_true(json.len > sizeof expected);
	room[sizeof expected - 1] = '\0';
	assert_string_equal((char *)room, expected);
}

static void json_is_canonical(void **state)
{
	(void)state;
	static const char *const rules[] = {"scotland", "plurality-at-large"};
	for (size_t i = 0; i < 2; i++) {
		struct count_result r = count_file(rules[i], tie_file);
		profile.candidates[2].name = BYTES_LITERAL("\"\\\b\f\n\r\t\x01\x1f/\x7f\xc3\xa9");
		bytes json = json_of(&r);
		json_error_t e;
		json_t *root = json_loadb((const char *)json.p, json.len, JSON_REJECT_DUPLICATES, &e);
		assert_non_null(root);
		char *sorted = json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT);
		assert_non_null(sorted);
		/* jansson writes hexadecimal escapes in capitals; ours are as RFC 8785 wants them. */
		for (char *p = sorted; (p = strstr(p, "\\u00")); p += 6)
			for (char *q = p + 4; q < p + 6; q++)
				*q = (char)(*q >= 'A' && *q <= 'F' ? *q + 32 : *q);
		assert_true(bytes_equal(json, bytes_of_text(sorted)));
		free(sorted);
		json_decref(root);
	}
}

static void json_of_a_full_sink_is_an_error(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	size_t len = json_of(&r).len;
	assert_int_equal(result_json_bytes(&r), len);
	struct text_sink sink;
	text_sink_init(&sink, room, len - 1);
	assert_fails(result_json_write(&sink.sink, &r, &err), err, ERROR_LIMIT);
	text_sink_init(&sink, room, len);
	assert_ok(result_json_write(&sink.sink, &r, &err), err);
}

static void table_shows_stages_elected_and_ties(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	text_of(&r, 80);
	assert_string_equal((char *)room,
	                    "T\n"
	                    "Rule scotland, 1 seat, 8 valid ballots, 1 blank, quota 5.00000\n"
	                    "\n"
	                    "Elected\n"
	                    "   1  C\xc3\xa5stor, stage 3\n"
	                    "\n"
	                    "Stages\n"
	                    "   1  First preferences\n"
	                    "   2  Cy excluded, votes transferred: 2.00000\n"
	                    "      a tie of B\\o and Cy: decided by the declared lot\n"
	                    "   3  B\\o excluded, votes transferred: 2.00000\n"
	                    "   4  Count complete\n"
	                    "\n"
	                    "Votes (* elected)    stage 1     stage 2     stage 3\n"
	                    "C\xc3\xa5stor               4.00000     4.00000     6.00000*\n"
	                    "B\\o                  2.00000     2.00000           -\n"
	                    "Cy                   2.00000           -           -\n"
	                    "Non-transferable     0.00000     2.00000     2.00000\n"
	                    "Cut off              0.00000     0.00000     0.00000\n"
	                    "Total                8.00000     8.00000     8.00000\n");
}

static size_t columns_of(const char *line, size_t len)
{
	size_t columns = 0;
	for (size_t i = 0; i < len; i++)
		columns += ((uint8_t)line[i] & 0xc0) != 0x80;
	return columns;
}

static void table_keeps_to_the_width(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	profile.candidates[0].name = BYTES_LITERAL(
		"A very long name of a candidate that \xc3\xa9tait trop longue pour un \xc3\xa9"
		"cran de terminal");
	static const size_t widths[] = {0, 1, 40, 55, 80, 200};
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		size_t width = widths[i] == 0 ? 80 : widths[i] < 40 ? 40 : widths[i];
		text_of(&r, widths[i]);
		char *table = strstr((char *)room, "\nVotes");
		assert_non_null(table);
		for (char *line = table + 1, *end; (end = strchr(line, '\n')); line = end + 1) {
			assert_true(columns_of(line, (size_t)(end - line)) <= width);
			assert_true(end == line || end[-1] != ' ');
		}
		if (width < 200)
			assert_non_null(strstr(table, "\xe2\x80\xa6"));
	}
}

static void wide_and_combining_characters_are_aligned(void **state)
{
	(void)state;
	struct count_result r = count_file("plurality-at-large", tie_file);
	profile.candidates[0].name = BYTES_LITERAL("\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99"); /* 6 wide */
	profile.candidates[1].name = BYTES_LITERAL("Ame\xcc\x81lie");                       /* 6 wide */
	profile.candidates[2].name = BYTES_LITERAL("Amelie");
	text_of(&r, 80);
	assert_non_null(
		strstr((char *)room, "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99                     6*\n"));
	assert_non_null(strstr((char *)room, "Ame\xcc\x81lie                     2\n"));
	assert_non_null(strstr((char *)room, "Amelie                     2\n"));
}

static void characters_that_reorder_a_line_are_made_visible(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", tie_file);
	profile.candidates[0].name = BYTES_LITERAL("A\xe2\x80\xaenn"); /* right-to-left override */
	text_of(&r, 80);
	assert_null(strstr((char *)room, "\xe2\x80\xae"));
	assert_non_null(strstr((char *)room, "A\xef\xbf\xbdnn"));
}

static void withdrawn_candidates_say_so(void **state)
{
	(void)state;
	struct count_result r =
		count_file("scotland", "3 1\n-2\n4 1 0\n2 2 1 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n");
	text_of(&r, 80);
	assert_non_null(strstr((char *)room, "Bo                 withdrawn\n"));
	bytes json = json_of(&r);
	room[json.len] = '\0';
	assert_non_null(strstr((char *)room, "{\"name\":\"Bo\",\"status\":\"withdrawn\"}"));
}

static void nobody_elected_is_said(void **state)
{
	(void)state;
	struct count_result r = count_file("scotland", "1 1\n-1\n4 1 0\n0\n\"Ann\"\n\"\"\n");
	text_of(&r, 80);
	assert_non_null(strstr((char *)room, "Elected\n      nobody\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_has_every_fact_of_the_count),
		cmocka_unit_test(json_is_canonical),
		cmocka_unit_test(json_of_a_full_sink_is_an_error),
		cmocka_unit_test(table_shows_stages_elected_and_ties),
		cmocka_unit_test(table_keeps_to_the_width),
		cmocka_unit_test(wide_and_combining_characters_are_aligned),
		cmocka_unit_test(characters_that_reorder_a_line_are_made_visible),
		cmocka_unit_test(withdrawn_candidates_say_so),
		cmocka_unit_test(nobody_elected_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
