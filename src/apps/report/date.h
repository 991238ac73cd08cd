/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A moment as the operator gives it, 2027-03-01T18:00:00Z, and as people of one time zone read it.
 * Threads: sets the time zone of the process.
 */
#ifndef REPORT_DATE_H
#define REPORT_DATE_H

#include <stdbool.h>
#include <time.h>

#define DATE_TEXT_BYTES 128u
#define DATE_FORMAT "%Y-%m-%d %H:%M %Z"

bool date_read(time_t *out, const char *text); /* of the years 1970 to 9999 */
/* UTC, or a name of the system's database such as Europe/Madrid; another name would silently be
 * UTC, and is refused. */
bool date_set_zone(const char *name);
/* format: strftime's. false for a text that is empty or too long. */
bool date_write(char out[static DATE_TEXT_BYTES], time_t when, const char *format);

#endif
