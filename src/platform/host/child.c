/* SPDX-License-Identifier: Apache-2.0 */
#include "host/child.h"

#include "host/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static bool fail_errno(struct error *err, const char *what, int code)
{
	return fail_detail(err, ERROR_IO, what, ERROR_NOWHERE, strerror(code));
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

#define DESCRIPTORS_MAX (3u + CHILD_GIVEN_MAX)

/* Descriptors of one start: for each of the child's 0, 1, 2, … what it becomes (-1: as ours). */
struct streams {
	int theirs[DESCRIPTORS_MAX];
	int ours[3];
};

static bool prepare_stream(struct streams *s, int n, enum child_stream kind, int given,
                           struct error *err)
{
	int pair[2] = {-1, -1}, source = -1;
	switch (kind) {
	case CHILD_INHERIT:
		return true;
	case CHILD_NULL:
		pair[0] = source = open("/dev/null", O_RDWR | O_CLOEXEC);
		break;
	case CHILD_GIVEN:
		source = given;
		break;
	case CHILD_PIPE:
		if (pipe2(pair, O_CLOEXEC) == 0)
			source = n == 0 ? pair[0] : pair[1];
		break;
	}
	/* Above all of them, so that putting one in place never overwrites another's source. */
	s->theirs[n] = source < 0 ? -1 : fcntl(source, F_DUPFD_CLOEXEC, DESCRIPTORS_MAX);
	int code = errno;
	if (kind == CHILD_PIPE && source >= 0) {
		s->ours[n] = n == 0 ? pair[1] : pair[0];
		close(source);
	} else if (kind == CHILD_NULL) {
		close_fd(&pair[0]);
	}
	return s->theirs[n] >= 0 || fail_errno(err, "child: its streams cannot be made", code);
}

static bool prepare_given(struct streams *s, const struct child_spec *spec, struct error *err)
{
	require(spec->given_count <= CHILD_GIVEN_MAX);
	for (unsigned i = 0; i < spec->given_count; i++) {
		s->theirs[3 + i] = fcntl(spec->given[i], F_DUPFD_CLOEXEC, DESCRIPTORS_MAX);
		if (s->theirs[3 + i] < 0)
			return fail_errno(err, "child: its descriptors cannot be made", errno);
	}
	return true;
}

static int spawn(int *pid, const struct child_spec *spec, const struct streams *s)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	extern char **environ;
	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	int code = 0;
	for (int n = 0; n < (int)DESCRIPTORS_MAX && code == 0; n++)
		if (s->theirs[n] >= 0)
			code = posix_spawn_file_actions_adddup2(&actions, s->theirs[n], n);
	if (code == 0)
		code = posix_spawn_file_actions_addclosefrom_np(&actions, 3 + (int)spec->given_count);
	if (code == 0 && spec->folder)
		code = posix_spawn_file_actions_addchdir_np(&actions, spec->folder);
	if (code == 0)
		code = posix_spawnattr_setsigmask(&attributes, &none);
	if (code == 0)
		code = posix_spawnattr_setsigdefault(&attributes, &all);
	if (code == 0)
		code =
			posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	/* posix_spawn takes char *const[] for historical reasons and writes to neither. */
	char *const *argv = (char *const *)(uintptr_t)spec->argv;
	char *const *env = spec->environment ? (char *const *)(uintptr_t)spec->environment : environ;
	if (code == 0)
		code = posix_spawnp(pid, spec->argv[0], &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return code;
}

static bool refuse_start(struct error *err, const struct child_spec *spec, int code)
{
	bool missing = code == ENOENT || code == ENOTDIR;
	fail_errno(err, "child: cannot be started", code);
	if (missing)
		fail_detail(err, ERROR_MALFORMED, "child: the program or its working folder is missing",
		            ERROR_NOWHERE, "");
	return fail_within(err, spec->argv[0]);
}

bool child_start(struct child *out, const struct child_spec *spec, struct error *err)
{
	struct streams s;
	memset(&s, 0xff, sizeof s); /* -1 everywhere */
	*out = (struct child){.pid = 0, .pidfd = -1, .in = -1, .out = -1, .err = -1};
	bool ok = prepare_stream(&s, 0, spec->in, spec->in_fd, err) &&
	          prepare_stream(&s, 1, spec->out, spec->out_fd, err) &&
	          prepare_stream(&s, 2, spec->err, spec->err_fd, err) && prepare_given(&s, spec, err);
	int pid = 0, code = ok ? spawn(&pid, spec, &s) : 0;
	for (size_t n = 0; n < DESCRIPTORS_MAX; n++)
		close_fd(&s.theirs[n]);
	if (ok && code == 0) {
		*out = (struct child){.pid = pid, .pidfd = pidfd_open(pid, 0)};
		out->in = s.ours[0];
		out->out = s.ours[1];
		out->err = s.ours[2];
		if (out->pidfd >= 0)
			return true;
		/* Not reaped yet, so the number is still the child's. */
		fail_errno(err, "child: no descriptor for it", errno);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		out->ended = true;
		child_close(out);
		return false;
	}
	for (int n = 0; n < 3; n++)
		close_fd(&s.ours[n]);
	return ok ? refuse_start(err, spec, code) : false;
}

static struct child_status status_of(const struct child *c)
{
	bool exited = WIFEXITED(c->wait_status);
	return (struct child_status){exited,
	                             exited ? WEXITSTATUS(c->wait_status) : WTERMSIG(c->wait_status)};
}

/* The pidfd still names the child, so nobody else's process can be reaped. */
static bool reap(struct child *c, struct error *err)
{
	while (waitpid(c->pid, &c->wait_status, 0) < 0)
		if (errno != EINTR)
			return fail_errno(err, "child: cannot be waited for", errno);
	c->ended = true;
	return true;
}

bool child_wait(struct child *c, uint64_t timeout_ms, struct child_status *out, struct error *err)
{
	uint64_t began = clock_now_ms(host_clock());
	while (!c->ended) {
		uint64_t gone = clock_now_ms(host_clock()) - began;
		uint64_t left = timeout_ms == UINT64_MAX ? INT_MAX : timeout_ms - gone;
		if (timeout_ms != UINT64_MAX && gone > timeout_ms)
			left = 0;
		struct pollfd p = {.fd = c->pidfd, .events = POLLIN};
		int n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (n < 0 && errno != EINTR)
			return fail_errno(err, "child: cannot be waited for", errno);
		if (n == 0 && timeout_ms != UINT64_MAX && left <= INT_MAX)
			return fail(err, ERROR_UNAVAILABLE, "child: still runs at the deadline", timeout_ms);
		if (n > 0 && !reap(c, err))
			return false;
	}
	*out = status_of(c);
	return true;
}

bool child_signal(struct child *c, int signal_number, struct error *err)
{
	if (c->ended || c->pid <= 0)
		return true;
	if (pidfd_send_signal(c->pidfd, signal_number, NULL, 0) != 0 && errno != ESRCH)
		return fail_errno(err, "child: cannot be signalled", errno);
	return true;
}

bool child_terminate(struct child *c, uint64_t grace_ms, struct child_status *out,
                     struct error *err)
{
	struct error late;
	error_clear(&late);
	if (!child_signal(c, SIGTERM, err))
		return false;
	if (child_wait(c, grace_ms, out, &late))
		return true;
	if (late.kind != ERROR_UNAVAILABLE)
		return fail_detail(err, late.kind, late.what, late.at, late.detail);
	return child_signal(c, SIGKILL, err) && child_wait(c, UINT64_MAX, out, err);
}

void child_close(struct child *c)
{
	if (!c || c->pid <= 0)
		return;
	if (!c->ended && child_signal(c, SIGKILL, NULL))
		reap(c, NULL);
	close_fd(&c->pidfd);
	close_fd(&c->in);
	close_fd(&c->out);
	close_fd(&c->err);
	c->pid = 0;
}
