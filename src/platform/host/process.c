/* SPDX-License-Identifier: Apache-2.0 */
#include "host/process.h"

#include "base/bytes.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

bool host_forbid_core_dumps(struct error *err)
{
	const struct rlimit none = {0, 0};
	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fail_detail(err, ERROR_IO, "process: core dumps cannot be forbidden", ERROR_NOWHERE,
		                   strerror(errno));
	return true;
}

static void report_require(const char *cond, const char *file, int line)
{
	char room[512];
	struct text t = {room, sizeof room - 1, 0, false};
	text_add(&t, file);
	text_add(&t, ":");
	text_add_u64(&t, (uint64_t)line);
	text_add(&t, ": this must hold and does not: ");
	text_add(&t, cond);
	room[t.len] = '\n';
	ssize_t n = write(STDERR_FILENO, room, t.len + 1);
	(void)n; /* the program ends in the next instruction, heard or not */
}

void host_report_require(void)
{
	require_set_hook(report_require);
}

static atomic_bool stop_flag;
static atomic_int stop_event = -1;

/* Only what may be called in a signal handler. */
static void on_stop(int signal_number)
{
	(void)signal_number;
	int saved = errno;
	const uint64_t one = 1;
	atomic_store(&stop_flag, true);
	ssize_t n = write(atomic_load(&stop_event), &one, sizeof one);
	(void)n; /* the flag is set in any case */
	/* From now on either of the two ends the program at once. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	errno = saved;
}

bool host_watch_stop(struct error *err)
{
	if (atomic_load(&stop_event) < 0) {
		int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (fd < 0)
			return fail_detail(err, ERROR_IO, "process: no event descriptor", ERROR_NOWHERE,
			                   strerror(errno));
		atomic_store(&stop_event, fd);
	}
	struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigemptyset(&stop.sa_mask);
	sigaddset(&stop.sa_mask, SIGINT);
	sigaddset(&stop.sa_mask, SIGTERM);
	sigemptyset(&ignore.sa_mask);
	if (sigaction(SIGINT, &stop, NULL) != 0 || sigaction(SIGTERM, &stop, NULL) != 0 ||
	    sigaction(SIGPIPE, &ignore, NULL) != 0)
		return fail_detail(err, ERROR_IO, "process: signals cannot be watched", ERROR_NOWHERE,
		                   strerror(errno));
	return true;
}

bool host_stop_requested(void)
{
	return atomic_load(&stop_flag);
}

int host_stop_fd(void)
{
	return atomic_load(&stop_event);
}
