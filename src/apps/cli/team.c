/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/team.h"

#include "cli/output.h"
#include "host/clock.h"
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACE_MS 2000u
#define SELF "/proc/self/exe"

void team_init(struct team *t, bool show_progress)
{
	memset(t, 0, sizeof *t);
	t->show_progress = show_progress;
	t->failed = -1;
}

struct team_member *team_add(struct team *t, const char *name)
{
	require(t->count < TEAM_MAX);
	struct team_member *m = &t->members[t->count++];
	snprintf(m->name, sizeof m->name, "%s", name);
	team_argument(m, SELF);
	return m;
}

void team_argument(struct team_member *m, const char *text)
{
	require(m->argc < TEAM_ARGUMENTS);
	m->argv[m->argc++] = text;
	m->argv[m->argc] = NULL;
}

void team_free(struct team *t)
{
	for (unsigned i = 0; i < t->count; i++) {
		struct team_member *m = &t->members[i];
		if (m->running)
			child_close(&m->child);
		free(m->out);
		free(m->message);
	}
	t->count = 0;
}

static bool start(struct team_member *m, struct error *err)
{
	const struct child_spec spec = {.argv = m->argv,
	                                .in = CHILD_NULL,
	                                .out = m->silent ? CHILD_NULL : CHILD_PIPE,
	                                .err = CHILD_PIPE};
	m->out = calloc(1, TEAM_OUTPUT_BYTES + 1);
	m->message = calloc(1, TEAM_MESSAGE_BYTES + 1);
	if (!m->out || !m->message)
		return fail(err, ERROR_IO, "run: out of memory", ERROR_NOWHERE);
	if (!child_start(&m->child, &spec, err))
		return fail_within(err, m->name);
	m->running = true;
	if ((!m->silent && fcntl(m->child.out, F_SETFL, O_NONBLOCK) != 0) ||
	    fcntl(m->child.err, F_SETFL, O_NONBLOCK) != 0)
		return fail_detail(err, ERROR_IO, "run: a pipe cannot be set up", ERROR_NOWHERE,
		                   strerror(errno));
	return true;
}

/* --- what they say --- */

/* "key ceremony   [####....]  28%  3/s": without the bar, which many would draw at once. */
static void show_line(const struct team *t, struct team_member *m)
{
	char shown[TEAM_LINE_BYTES];
	m->line[m->line_len] = '\0';
	m->line_len = 0;
	if (!t->show_progress || strncmp(m->line, "urna ", 5) == 0)
		return;
	output_printable(shown, sizeof shown, m->line);
	const char *figures = strrchr(shown, ']');
	size_t stage = strcspn(shown, "[");
	if (!figures || stage > 40)
		return;
	fprintf(stderr, "\r\033[K  %s: %.*s%.30s", m->name, (int)stage, shown, figures + 1);
	fflush(stderr);
}

static void take_message(const struct team *t, struct team_member *m, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			show_line(t, m);
		else if (m->line_len + 1 < TEAM_LINE_BYTES)
			m->line[m->line_len++] = p[i];
	}
	if (n > TEAM_MESSAGE_BYTES) {
		p += n - TEAM_MESSAGE_BYTES;
		n = TEAM_MESSAGE_BYTES;
	}
	size_t over =
		m->message_len + n > TEAM_MESSAGE_BYTES ? m->message_len + n - TEAM_MESSAGE_BYTES : 0;
	memmove(m->message, m->message + over, m->message_len - over);
	m->message_len -= over;
	memcpy(m->message + m->message_len, p, n);
	m->message_len += n;
	m->message[m->message_len] = '\0';
}

static bool take_output(struct team_member *m, const char *p, size_t n, struct error *err)
{
	if (n > TEAM_OUTPUT_BYTES - m->out_len) {
		fail(err, ERROR_LIMIT, "run: a child says more than there is room for", m->out_len);
		return fail_within(err, m->name);
	}
	memcpy(m->out + m->out_len, p, n);
	m->out_len += n;
	m->out[m->out_len] = '\0';
	return true;
}

/* Reads what is there; at the end closes our side. */
static bool drain(const struct team *t, struct team_member *m, int *fd, struct error *err)
{
	char room[4096];
	while (*fd >= 0) {
		ssize_t n = read(*fd, room, sizeof room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n <= 0) {
			close(*fd);
			*fd = -1;
			return true;
		}
		if (fd == &m->child.err)
			take_message(t, m, room, (size_t)n);
		else if (!take_output(m, room, (size_t)n, err))
			return false;
	}
	return true;
}

/* --- watching --- */

static bool reap(struct team *t, unsigned i, struct error *err)
{
	struct team_member *m = &t->members[i];
	if (!child_wait(&m->child, UINT64_MAX, &m->status, err) || !drain(t, m, &m->child.out, err) ||
	    !drain(t, m, &m->child.err, err))
		return false;
	m->running = false;
	child_close(&m->child);
	m->failed = !m->status.exited || m->status.code != 0;
	if (!m->failed || (t->goes_on && t->goes_on(t->ctx, m)))
		return true;
	t->failed = (int)i;
	return fail_detail(err, ERROR_REJECTED, "run: a child did not do its work", ERROR_NOWHERE,
	                   m->name);
}

static bool is_late(struct team *t, struct error *err)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->members[i].running) {
			t->members[i].failed = t->members[i].late = true;
			t->failed = (int)i;
			return fail_detail(err, ERROR_UNAVAILABLE, "run: a process does not end", ERROR_NOWHERE,
			                   t->members[i].name);
		}
	return true;
}

static int poll_ms(const struct team *t)
{
	const uint64_t now = clock_now_ms(host_clock()), end = t->last_end_ms + t->patience_ms;
	if (!t->patience_ms)
		return -1;
	return now >= end ? 0 : (int)(end - now < INT_MAX ? end - now : INT_MAX);
}

/* One round of poll: who ended is reaped, what was said is taken. */
static bool look(struct team *t, bool *any, struct error *err)
{
	struct pollfd p[3 * TEAM_MAX + 1] = {{.fd = host_stop_fd(), .events = POLLIN}};
	nfds_t count = 1;
	*any = false;
	for (unsigned i = 0; i < t->count; i++) {
		const struct team_member *m = &t->members[i];
		*any = *any || m->running;
		p[count++] = (struct pollfd){.fd = m->running ? m->child.pidfd : -1, .events = POLLIN};
		p[count++] = (struct pollfd){.fd = m->running ? m->child.out : -1, .events = POLLIN};
		p[count++] = (struct pollfd){.fd = m->running ? m->child.err : -1, .events = POLLIN};
	}
	if (!*any)
		return true;
	const int ready = poll(p, count, poll_ms(t));
	if (ready == 0 && poll_ms(t) == 0)
		return is_late(t, err);
	if (ready < 0 && errno != EINTR)
		return fail_detail(err, ERROR_IO, "run: cannot wait", ERROR_NOWHERE, strerror(errno));
	if (host_stop_requested())
		return fail(err, ERROR_IO, "stopped on request", ERROR_NOWHERE);
	for (unsigned i = 0; i < t->count; i++) {
		struct team_member *m = &t->members[i];
		const struct pollfd *mine = &p[1 + 3 * i];
		if (!m->running)
			continue;
		if ((mine[1].revents && !drain(t, m, &m->child.out, err)) ||
		    (mine[2].revents && !drain(t, m, &m->child.err, err)))
			return false;
		if (!mine[0].revents)
			continue;
		t->last_end_ms = clock_now_ms(host_clock());
		if (!reap(t, i, err))
			return false;
	}
	return true;
}

/* One that cannot be signalled is killed by child_close all the same. */
static void ask_to_end(struct child *c, int signal_number)
{
	struct error ignored;
	if (!child_signal(c, signal_number, &ignored))
		return;
}

/* All are asked before anyone is waited for. */
static void end_all(struct team *t)
{
	struct child_status status;
	for (unsigned i = 0; i < t->count; i++)
		if (t->members[i].running)
			ask_to_end(&t->members[i].child, SIGTERM);
	for (unsigned i = 0; i < t->count; i++) {
		struct team_member *m = &t->members[i];
		if (!m->running)
			continue;
		m->failed = true; /* not done */
		if (!child_wait(&m->child, GRACE_MS, &status, NULL))
			ask_to_end(&m->child, SIGKILL);
		child_close(&m->child);
		m->running = false;
	}
}

bool team_run(struct team *t, struct error *err)
{
	bool good = true, any = true;
	t->last_end_ms = clock_now_ms(host_clock());
	for (unsigned i = 0; good && i < t->count; i++)
		good = start(&t->members[i], err);
	while (good && any)
		good = look(t, &any, err);
	if (!good)
		end_all(t);
	if (t->show_progress)
		fputs("\r\033[K", stderr);
	return good;
}

const char *team_message(const struct team_member *m)
{
	if (strncmp(m->message, "urna ", 5) == 0)
		return m->message;
	const char *own = strstr(m->message, "\nurna ");
	return own ? own + 1 : m->message;
}
