/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one logger of a program: a line per event on stderr. Libraries return errors and never log.
 *
 *   2027-05-04T09:12:33.481Z warning authority: a2 does not answer
 *
 * Secrets: never log one; there is no call here that prints raw bytes.
 * A line is one write(2), so lines of several threads and processes do not mix. Control characters
 * in it become '?', so text from outside can neither forge a line nor steer a terminal. Lines
 * are cut at LOG_LINE_BYTES with "…".
 * Threads: any.
 */
#ifndef HOST_LOG_H
#define HOST_LOG_H

#include "base/error.h"

#include <stddef.h>

#define LOG_LINE_BYTES 2048u

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* What lies above `most` is dropped; INFO until told. fd is stderr's unless a test says so. */
void log_set_level(enum log_level most);
void log_set_fd(int fd);
bool log_level_named(enum log_level *out, const char *name); /* "error", "warning", … */

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "<doing>: <kind>: <what>: <detail>" */
void log_failure(enum log_level level, const char *doing, const struct error *err);

/*
 * The text of a failure as programs print it; always terminated. err->at is not in it: a number
 * alone says nothing, so where a place helps the detail names it ("ballot 17: byte 1203").
 */
void error_describe(char *out, size_t size, const struct error *err);

#endif
