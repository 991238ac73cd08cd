/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of names: what they match and what they refuse. */
#include "support/support.h"

#include "results/pattern_internal.h"

static bool matches(const char *pattern, const char *text)
{
	struct error err;
	error_clear(&err);
	assert_ok(pattern_check(bytes_of_text(pattern), &err), err);
	return pattern_matches(bytes_of_text(pattern), bytes_of_text(text));
}

static void a_pattern_begins_at_the_first_character_and_ends_anywhere(void **state)
{
	(void)state;
	assert_true(matches("test", "test2"));
	assert_true(matches("^test", "test2"));
	assert_false(matches("est", "test"));
	assert_true(matches("^test$", "test"));
	assert_false(matches("^test$", "test2"));
	assert_true(matches("", "anything"));
	assert_true(matches("^$", ""));
	assert_false(matches("^$", "x"));
}

static void characters_repeat_or_may_be_absent(void **state)
{
	(void)state;
	assert_true(matches("^ab*c$", "ac"));
	assert_true(matches("^ab*c$", "abbbc"));
	assert_false(matches("^ab+c$", "ac"));
	assert_true(matches("^ab+c$", "abbc"));
	assert_true(matches("^ab?c$", "abc"));
	assert_false(matches("^ab?c$", "abbc"));
	assert_true(matches("^.*vote$", "Postal vote"));
	assert_false(matches("^a?b?c?$", "cb"));
	assert_true(matches("^a*a*a*b$", "aaaaaaaaaaaab"));
}

static void classes_alternatives_and_escapes_say_what_they_mean(void **state)
{
	(void)state;
	assert_true(matches("^box [0-9]+$", "box 120"));
	assert_false(matches("^box [0-9]+$", "box x"));
	assert_true(matches("^[^a-c]$", "d"));
	assert_false(matches("^[^a-c]$", "b"));
	assert_true(matches("^[]x]$", "]"));
	assert_true(matches("^north$|^south$", "south"));
	assert_false(matches("^north$|^south$", "southern"));
	assert_true(matches("^a\\.b$", "a.b"));
	assert_false(matches("^a\\.b$", "axb"));
}

static void a_character_is_one_of_utf_8(void **state)
{
	(void)state;
	assert_true(matches("^.$", "\xc3\xa9"));
	assert_true(matches("^[\xc3\xa0-\xc3\xbc]$", "\xc3\xa9"));
	assert_false(matches("^[a-z]$", "\xc3\xa9"));
	assert_true(matches("^\xc3\xa9+$", "\xc3\xa9\xc3\xa9"));
}

static void what_is_not_known_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"(a|b)", "a{2}", "*a",  "a**",   "[a", "a\\",
	                                    "\\w",   "a^b",  "a$b", "[\\]]", "|+"};
	struct error err;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_fails(pattern_check(bytes_of_text(wrong[i]), &err), err, ERROR_MALFORMED);
}

static void a_pattern_that_is_too_long_is_refused(void **state)
{
	(void)state;
	char room[PATTERN_ITEMS + 2];
	struct error err;
	memset(room, 'a', sizeof room);
	error_clear(&err);
	assert_ok(pattern_check(bytes_of(room, PATTERN_ITEMS), &err), err);
	assert_fails(pattern_check(bytes_of(room, PATTERN_ITEMS + 1), &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_begins_at_the_first_character_and_ends_anywhere),
		cmocka_unit_test(characters_repeat_or_may_be_absent),
		cmocka_unit_test(classes_alternatives_and_escapes_say_what_they_mean),
		cmocka_unit_test(a_character_is_one_of_utf_8),
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(a_pattern_that_is_too_long_is_refused),
	};
	return cmocka_run_group_tests_name("protocol/results/pattern", tests, NULL, NULL);
}
