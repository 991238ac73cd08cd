/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "report/date.h"

#include <string.h>

static void a_moment_is_read_exactly(void **state)
{
	(void)state;
	time_t t;
	assert_true(date_read(&t, "1970-01-01T00:00:00Z"));
	assert_int_equal(t, 0);
	assert_true(date_read(&t, "2024-02-29T23:59:59Z"));
	assert_int_equal(t, 1709251199);
}

static void what_is_no_moment_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"2027-03-01",
		"2027-03-01T18:00:00",
		"2027-03-01T18:00:00Z ",
		" 2027-03-01T18:00:00Z",
		"2027-02-29T00:00:00Z",
		"2027-04-31T00:00:00Z",
		"2027-3-1T18:00:00Z",
		"2027-03-01T24:00:00Z",
		"2027-03-01T18:00:00+01:00",
		"1969-12-31T23:59:59Z",
	};
	time_t t;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (date_read(&t, wrong[i]))
			fail_msg("accepted: '%s'", wrong[i]);
}

static void a_moment_is_shown_in_a_time_zone(void **state)
{
	(void)state;
	char text[DATE_TEXT_BYTES];
	assert_true(date_set_zone("UTC"));
	assert_true(date_write(text, 1709251199, DATE_FORMAT));
	assert_string_equal(text, "2024-02-29 23:59 UTC");
	if (!date_set_zone("Europe/Madrid"))
		skip(); /* no database of time zones here */
	assert_true(date_write(text, 1709251199, "%d.%m.%Y %H:%M %Z"));
	assert_string_equal(text, "01.03.2024 00:59 CET");
	assert_true(date_set_zone("UTC"));
}

static void a_zone_nobody_knows_is_refused_and_not_utc(void **state)
{
	(void)state;
	static const char *const wrong[] = {"",        "Mars",  "/etc/passwd", "../../../etc/passwd",
	                                    "Europe/", "CET-1", ":UTC"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(date_set_zone(wrong[i]));
}

static void a_format_that_gives_nothing_or_too_much_is_refused(void **state)
{
	(void)state;
	char text[DATE_TEXT_BYTES], format[2 * DATE_TEXT_BYTES];
	memset(format, 'x', sizeof format);
	format[sizeof format - 1] = '\0';
	assert_false(date_write(text, 0, ""));
	assert_false(date_write(text, 0, format));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_read_exactly),
		cmocka_unit_test(what_is_no_moment_is_refused),
		cmocka_unit_test(a_moment_is_shown_in_a_time_zone),
		cmocka_unit_test(a_zone_nobody_knows_is_refused_and_not_utc),
		cmocka_unit_test(a_format_that_gives_nothing_or_too_much_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
