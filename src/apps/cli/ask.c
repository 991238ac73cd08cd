/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ask.h"

#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool no_terminal(struct error *err)
{
	return fail_detail(err, ERROR_IO, "passphrase: there is no terminal to ask at", ERROR_NOWHERE,
	                   strerror(errno));
}

/* Byte by byte: no buffer but the caller's sees it. */
static bool read_line(int tty, uint8_t *room, size_t size, size_t *len, struct error *err)
{
	for (*len = 0; *len < size;) {
		struct pollfd p[] = {{.fd = tty, .events = POLLIN},
		                     {.fd = host_stop_fd(), .events = POLLIN}};
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return no_terminal(err);
		if (host_stop_requested())
			return fail(err, ERROR_IO, "stopped on request", ERROR_NOWHERE);
		if (!p[0].revents)
			continue;
		ssize_t n = read(tty, room + *len, 1);
		if (n < 0 && errno != EINTR)
			return no_terminal(err);
		if (n == 0 || (n == 1 && room[*len] == '\n'))
			return true;
		*len += n == 1;
	}
	return true;
}

static void say(int tty, const char *text)
{
	ssize_t n = write(tty, text, strlen(text));
	(void)n; /* who cannot see the question will not answer */
}

bool ask_secret(uint8_t *room, size_t size, size_t *len, const char *question, struct error *err)
{
	struct termios before, quiet;
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool good = tty >= 0 && tcgetattr(tty, &before) == 0;
	if (good) {
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		good = tcsetattr(tty, TCSAFLUSH, &quiet) == 0;
	}
	if (!good) {
		no_terminal(err);
	} else {
		say(tty, question);
		good = read_line(tty, room, size, len, err);
		say(tty, "\n");
		tcsetattr(tty, TCSAFLUSH, &before);
	}
	if (tty >= 0)
		close(tty);
	return good;
}
