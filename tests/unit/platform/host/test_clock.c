/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "host/clock.h"

#include <stdio.h>
#include <time.h>

static void the_clock_does_not_go_back(void **state)
{
	(void)state;
	uint64_t before = clock_now_ms(host_clock());
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t now = clock_now_ms(host_clock());
		assert_true(now >= before);
		before = now;
	}
}

static void known_times_are_formatted(void **state)
{
	(void)state;
	static const struct {
		uint64_t ms;
		const char *text;
	} known[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{951782399999, "2000-02-28T23:59:59.999Z"},
		{951782400000, "2000-02-29T00:00:00.000Z"},
		{4107542400000, "2100-03-01T00:00:00.000Z"},
		{253402300799999, "9999-12-31T23:59:59.999Z"},
		{UINT64_MAX, "9999-12-31T23:59:59.999Z"},
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		char out[UTC_TEXT_BYTES];
		utc_format(out, known[i].ms);
		assert_string_equal(out, known[i].text);
	}
}

static void any_time_is_formatted_as_libc_does(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TEST_COUNT(20000, 1000000); i++) {
		char out[UTC_TEXT_BYTES], expected[64];
		uint64_t ms = test_random_below(253402300800000u);
		time_t s = (time_t)(ms / 1000);
		struct tm tm;
		gmtime_r(&s, &tm);
		strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(expected + 19, 10, ".%03uZ", (unsigned)(ms % 1000));
		utc_format(out, ms);
		assert_string_equal(out, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_clock_does_not_go_back),
		cmocka_unit_test(known_times_are_formatted),
		cmocka_unit_test(any_time_is_formatted_as_libc_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
