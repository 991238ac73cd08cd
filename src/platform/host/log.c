/* SPDX-License-Identifier: Apache-2.0 */
#include "host/log.h"

#include "base/bytes.h"
#include "host/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int level_of_program = LOG_LEVEL_INFO;
static atomic_int fd_of_program = STDERR_FILENO;

static const char *const level_names[] = {"error", "warning", "info", "debug"};

void log_set_level(enum log_level most)
{
	atomic_store(&level_of_program, (int)most);
}

void log_set_fd(int fd)
{
	atomic_store(&fd_of_program, fd);
}

bool log_level_named(enum log_level *out, const char *name)
{
	for (unsigned i = 0; i < sizeof level_names / sizeof level_names[0]; i++)
		if (strcmp(name, level_names[i]) == 0) {
			*out = (enum log_level)i;
			return true;
		}
	return false;
}

/* In place: control characters, also U+0080 … U+009F, which are two bytes in UTF-8. */
static void make_printable(char *p)
{
	unsigned char before = 0;
	for (; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < 0x20 || c == 0x7f)
			*p = '?';
		else if (before == 0xc2 && c < 0xa0) {
			p[-1] = '?';
			*p = '?';
		}
		before = c;
	}
}

static void write_line(const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(atomic_load(&fd_of_program), p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* nobody is left who could be told */
		p += n;
		len -= (size_t)n;
	}
}

void log_line(enum log_level level, const char *format, ...)
{
	if ((int)level > atomic_load(&level_of_program))
		return;
	char message[LOG_LINE_BYTES], line[LOG_LINE_BYTES], time[UTC_TEXT_BYTES];
	int saved = errno;
	va_list args;
	va_start(args, format);
	if (vsnprintf(message, sizeof message, format, args) < 0)
		message[0] = '\0';
	va_end(args);
	utc_format(time, clock_utc_ms(host_clock()));
	make_printable(message);
	struct text t = {line, sizeof line - sizeof "…\n" + 1, 0, false};
	text_add(&t, time);
	text_add(&t, " ");
	text_add(&t, level_names[level]);
	text_add(&t, " ");
	text_add(&t, message);
	size_t len = t.len;
	bytes end = t.cut ? BYTES_LITERAL("…\n") : BYTES_LITERAL("\n");
	memcpy(line + len, end.p, end.len);
	write_line(line, len + end.len);
	errno = saved;
}

void error_describe(char *out, size_t size, const struct error *err)
{
	struct text t = {out, size, 0, false};
	if (size > 0)
		out[0] = '\0';
	text_add(&t, error_kind_name(err->kind));
	text_add(&t, ": ");
	text_add(&t, err->what ? err->what : "no reason given");
	if (err->detail[0]) {
		text_add(&t, ": ");
		text_add(&t, err->detail);
	}
	if (size > 0)
		make_printable(out);
}

void log_failure(enum log_level level, const char *doing, const struct error *err)
{
	char text[ERROR_DETAIL_BYTES + 256];
	error_describe(text, sizeof text, err);
	log_line(level, "%s: %s", doing, text);
}
