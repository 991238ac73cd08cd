/* SPDX-License-Identifier: Apache-2.0 */
#include "host/child.h"

#include "host/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct talk {
	struct child child;
	struct child_output *out;
	bytes input;
	uint64_t end_ms; /* UINT64_MAX: none */
};

static void close_end(int *fd)
{
	close(*fd);
	*fd = -1;
}

static bool fail_errno(struct error *err, const char *what)
{
	return fail_detail(err, ERROR_IO, what, ERROR_NOWHERE, strerror(errno));
}

static bool feed(struct talk *t, struct error *err)
{
	while (t->input.len > 0) {
		ssize_t n = write(t->child.in, t->input.p, t->input.len);
		if (n > 0) {
			t->input = bytes_from(t->input, (size_t)n);
		} else if (n < 0 && errno == EAGAIN) {
			return true;
		} else if (n < 0 && errno == EPIPE) {
			break; /* it does not want the rest: its own business */
		} else if (n < 0 && errno != EINTR) {
			return fail_errno(err, "child: its input cannot be written");
		}
	}
	close_end(&t->child.in);
	return true;
}

/* One byte more than there is room tells "exactly full" from "too much". */
static bool collect(int *fd, uint8_t *room, size_t room_len, size_t *len, struct error *err)
{
	for (;;) {
		uint8_t extra;
		bool full = *len == room_len;
		ssize_t n = read(*fd, full ? &extra : room + *len, full ? 1 : room_len - *len);
		if (n > 0 && full)
			return fail(err, ERROR_LIMIT, "child: says more than there is room for", room_len);
		if (n > 0) {
			*len += (size_t)n;
		} else if (n == 0) {
			close_end(fd);
			return true;
		} else if (errno == EAGAIN) {
			return true;
		} else if (errno != EINTR) {
			return fail_errno(err, "child: its output cannot be read");
		}
	}
}

static bool left_ms(const struct talk *t, int *out)
{
	uint64_t now = clock_now_ms(host_clock());
	if (t->end_ms == UINT64_MAX) {
		*out = -1;
		return true;
	}
	uint64_t left = now < t->end_ms ? t->end_ms - now : 0;
	*out = left > INT_MAX ? INT_MAX : (int)left;
	return left > 0;
}

static bool converse(struct talk *t, struct error *err)
{
	struct child *c = &t->child;
	while (c->in >= 0 || c->out >= 0 || c->err >= 0) {
		struct pollfd p[3] = {{.fd = c->in, .events = POLLOUT},
		                      {.fd = c->out, .events = POLLIN},
		                      {.fd = c->err, .events = POLLIN}};
		int ms;
		if (!left_ms(t, &ms))
			return fail(err, ERROR_UNAVAILABLE, "child: still runs at the deadline", ERROR_NOWHERE);
		if (poll(p, 3, ms) < 0 && errno != EINTR)
			return fail_errno(err, "child: cannot be waited for");
		if (c->in >= 0 && p[0].revents && !feed(t, err))
			return false;
		if (c->out >= 0 && p[1].revents &&
		    !collect(&c->out, t->out->out.room, t->out->out.room_len, &t->out->out.len, err))
			return false;
		if (c->err >= 0 && p[2].revents &&
		    !collect(&c->err, t->out->err.room, t->out->err.room_len, &t->out->err.len, err))
			return false;
	}
	int ms;
	bool in_time = left_ms(t, &ms);
	return child_wait(c, ms < 0 ? UINT64_MAX : in_time ? (uint64_t)ms : 0, &t->out->status, err);
}

static bool run_one(struct talk *t, const struct child_spec *spec, struct error *err)
{
	struct child_spec own = *spec;
	own.in = own.out = own.err = CHILD_PIPE;
	if (!child_start(&t->child, &own, err))
		return false;
	int fds[3] = {t->child.in, t->child.out, t->child.err};
	bool ok = true;
	for (int n = 0; n < 3; n++)
		ok = ok && (fcntl(fds[n], F_SETFL, O_NONBLOCK) == 0 ||
		            fail_errno(err, "child: its streams cannot be made"));
	ok = ok && converse(t, err);
	child_close(&t->child);
	return ok;
}

bool child_run(struct child_output *out, const struct child_spec *spec, bytes input,
               uint64_t timeout_ms, struct error *err)
{
	uint64_t now = clock_now_ms(host_clock());
	struct talk t = {.out = out, .input = input};
	t.end_ms = timeout_ms > UINT64_MAX - now ? UINT64_MAX : now + timeout_ms;
	out->out.len = out->err.len = 0;
	out->status = (struct child_status){0};
	/* A child that closes its input early must not end us: SIGPIPE waits while we talk, and what
	 * came meanwhile is taken away, unless one was waiting before. */
	sigset_t pipe_signal, before, waiting;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&waiting);
	bool had_one = sigismember(&waiting, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	bool ok = run_one(&t, spec, err);
	const struct timespec at_once = {0, 0};
	while (!had_one && sigtimedwait(&pipe_signal, NULL, &at_once) > 0)
		continue;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ok;
}
