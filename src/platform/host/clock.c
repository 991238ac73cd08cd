/* SPDX-License-Identifier: Apache-2.0 */
#include "host/clock.h"

#include "base/error.h"

#include <stdio.h>
#include <time.h>

static uint64_t read_ms(clockid_t id)
{
	struct timespec t;
	require(clock_gettime(id, &t) == 0);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t monotonic_ms(struct clock *c)
{
	(void)c;
	return read_ms(CLOCK_BOOTTIME);
}

static uint64_t utc_ms(struct clock *c)
{
	(void)c;
	return read_ms(CLOCK_REALTIME);
}

struct clock *host_clock(void)
{
	static struct clock machine = {monotonic_ms, utc_ms};
	return &machine;
}

/* Not gmtime: any value is formatted, years of more than four digits saturate. */
void utc_format(char out[static UTC_TEXT_BYTES], uint64_t ms)
{
	const uint64_t last = 253402300799999u; /* 9999-12-31T23:59:59.999Z */
	if (ms > last)
		ms = last;
	uint64_t days = ms / 86400000, rest = ms % 86400000;
	/* Civil from days: years begin in March, so that the leap day is the last of its year. */
	uint64_t z = days + 719468, era = z / 146097, day_of_era = z % 146097;
	uint64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	uint64_t march_month = (5 * day_of_year + 2) / 153;
	unsigned day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1);
	unsigned month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
	unsigned year = (unsigned)(year_of_era + era * 400 + (month <= 2));
	snprintf(out, UTC_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", year % 10000, month % 100,
	         day % 100, (unsigned)(rest / 3600000 % 24), (unsigned)(rest / 60000 % 60),
	         (unsigned)(rest / 1000 % 60), (unsigned)(rest % 1000));
}
