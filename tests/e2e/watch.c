/* SPDX-License-Identifier: Apache-2.0 */
#include "e2e/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 32u
#define PATIENCE_MS 120000

static bool send_descriptor(int socket_fd, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return sendmsg(socket_fd, &m, 0) == 1;
}

static int take_descriptor(int socket_fd)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec part = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
	int fd = -1;
	if (recvmsg(socket_fd, &m, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

static int make_listener(void)
{
	static const int durable[] = {SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(linkat),
	                              SCMP_SYS(unlinkat), SCMP_SYS(mkdirat)};
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	bool good = f != NULL;
	for (size_t i = 0; good && i < sizeof durable / sizeof *durable; i++)
		good = seccomp_rule_add(f, SCMP_ACT_NOTIFY, durable[i], 0) == 0;
	return good && seccomp_load(f) == 0 ? seccomp_notify_fd(f) : -1;
}

static void become(const char *const *argv, int socket_fd)
{
	int null = open("/dev/null", O_RDWR), listener = make_listener();
	if (null < 0 || listener < 0 || !send_descriptor(socket_fd, listener))
		_exit(99);
	close(listener);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(98);
}

void watch_start(struct watched *w, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX], *build = getenv("URNA_BUILD");
	unsigned n = 0;
	int pair[2];
	argv[n++] = text_of("%s/src/apps/cli/urna", build ? build : "build/release");
	for (; *arguments; arguments++) {
		assert_true(n + 1 < ARGUMENTS_MAX);
		argv[n++] = *arguments;
	}
	argv[n] = NULL;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	*w = (struct watched){.pid = fork()};
	assert_true(w->pid >= 0);
	if (w->pid == 0)
		become(argv, pair[1]);
	close(pair[1]);
	w->pidfd = pidfd_open(w->pid, 0);
	w->listener = take_descriptor(pair[0]);
	close(pair[0]);
	assert_true(w->pidfd >= 0);
	if (w->listener < 0) {
		waitpid(w->pid, NULL, 0);
		skip();
	}
}

static void answer(struct watched *w)
{
	struct seccomp_notif_resp r = {.id = w->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	if (w->pending && seccomp_notify_respond(w->listener, &r) != 0 && errno != ENOENT)
		fail_msg("a step cannot be let go: %s", strerror(errno));
	w->pending = false;
}

static bool receive(struct watched *w)
{
	struct seccomp_notif *request;
	assert_int_equal(seccomp_notify_alloc(&request, NULL), 0);
	memset(request, 0, sizeof *request);
	bool good = seccomp_notify_receive(w->listener, request) == 0;
	w->id = request->id;
	w->at_step = (int)request->pid;
	seccomp_notify_free(request, NULL);
	return good;
}

bool watch_next(struct watched *w)
{
	answer(w);
	for (;;) {
		struct pollfd p[] = {{.fd = w->listener, .events = POLLIN},
		                     {.fd = w->pidfd, .events = POLLIN}};
		if (poll(p, 2, PATIENCE_MS) == 0)
			fail_msg("nothing happens at step %u", w->step);
		/* Who was killed meanwhile is not there any more to be let go. */
		if ((p[0].revents & POLLIN) && receive(w)) {
			w->step++;
			return w->pending = true;
		}
		if (p[1].revents)
			return false;
	}
}

void watch_kill(struct watched *w, bool whole)
{
	assert_true(w->pending);
	assert_int_equal(kill(whole ? w->pid : w->at_step, SIGKILL), 0);
	w->pending = false;
}

int watch_end(struct watched *w)
{
	int status;
	while (watch_next(w))
		;
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	close(w->pidfd);
	close(w->listener);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
