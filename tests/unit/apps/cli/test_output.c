/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "cli/command.h"
#include "cli/output.h"

static void assert_shows(const char *text, const char *expected)
{
	char out[64];
	output_printable(out, sizeof out, text);
	assert_string_equal(out, expected);
}

static void text_of_any_language_is_shown_as_it_is(void **state)
{
	(void)state;
	assert_shows("Ann", "Ann");
	assert_shows("Zoë Ångström 投票 🗳", "Zoë Ångström 投票 🗳");
}

static void what_could_steer_a_terminal_is_not(void **state)
{
	(void)state;
	assert_shows("\033[31mred", "?[31mred");
	assert_shows("a\nb\tc\x7f", "a?b?c?");
	assert_shows("\xc2\x9b"
	             "31m",
	             "?31m");
	assert_shows("a\xe2\x80\xae"
	             "b",
	             "a?b");
	assert_shows("a\xe2\x81\xa6"
	             "b",
	             "a?b");
}

static void broken_utf8_becomes_question_marks(void **state)
{
	(void)state;
	assert_shows("a\xff"
	             "b",
	             "a?b");
	assert_shows("a\xc3", "a?");
	assert_shows("\xc0\xaf", "??");
	assert_shows("\xed\xa0\x80", "???");
	assert_shows("\xf4\x90\x80\x80", "????");
}

static void a_long_text_is_cut_between_characters(void **state)
{
	(void)state;
	char out[5];
	output_printable(out, sizeof out, "aé投");
	assert_string_equal(out, "aé");
	output_printable(out, sizeof out, "ab投票");
	assert_string_equal(out, "ab");
	output_printable(out, 1, "ab");
	assert_string_equal(out, "");
}

static void a_refusal_and_a_failure_of_the_machine_have_two_exit_codes(void **state)
{
	(void)state;
	static const struct {
		enum error_kind kind;
		int code;
	} expected[] = {
		{ERROR_REJECTED, EXIT_NO},        {ERROR_MALFORMED, EXIT_NO},
		{ERROR_IO, EXIT_UNDECIDED},       {ERROR_UNAVAILABLE, EXIT_UNDECIDED},
		{ERROR_CONFLICT, EXIT_UNDECIDED}, {ERROR_LIMIT, EXIT_UNDECIDED},
		{ERROR_BUG, EXIT_UNDECIDED},      {ERROR_NONE, EXIT_UNDECIDED},
	};
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct error err = {.kind = expected[i].kind};
		assert_int_equal(output_exit_code(&err), expected[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_language_is_shown_as_it_is),
		cmocka_unit_test(what_could_steer_a_terminal_is_not),
		cmocka_unit_test(broken_utf8_becomes_question_marks),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
		cmocka_unit_test(a_refusal_and_a_failure_of_the_machine_have_two_exit_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
