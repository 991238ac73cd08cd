/* SPDX-License-Identifier: Apache-2.0 */
#include "report/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool date_read(time_t *out, const char *text)
{
	struct tm tm = {0};
	char again[32];
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (!end || *end)
		return false;
	*out = timegm(&tm);
	/* The 31st of April would be the 1st of May, and blanks would be passed over. */
	struct tm same;
	return *out >= 0 && gmtime_r(out, &same) &&
	       strftime(again, sizeof again, "%Y-%m-%dT%H:%M:%SZ", &same) == strlen(text) &&
	       strcmp(again, text) == 0;
}

bool date_set_zone(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
								  "0123456789_+-/";
	char path[128];
	size_t len = strlen(name);
	if (strcmp(name, "UTC") != 0) {
		if (len == 0 || len > 64 || name[0] == '/' || strspn(name, letters) != len)
			return false;
		snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
		if (access(path, R_OK) != 0 || name[len - 1] == '/')
			return false;
	}
	if (setenv("TZ", name, 1) != 0)
		return false;
	tzset();
	return true;
}

bool date_write(char out[static DATE_TEXT_BYTES], time_t when, const char *format)
{
	struct tm tm;
	return localtime_r(&when, &tm) && strftime(out, DATE_TEXT_BYTES, format, &tm) > 0;
}
