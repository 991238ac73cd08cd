/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other programs as children: started, fed, waited for with a deadline, ended. Everything goes
 * through a pidfd, so a process number that was given to somebody else is never hit.
 *
 * The child inherits descriptors 0 to 2 as told, those it is given from 3 on, and no other, no
 * blocked signals, and default handlers. argv[0] with a '/' is a path, otherwise it is looked up in
 * PATH of this process. Errors: UNAVAILABLE when the deadline passes first; MALFORMED when the
 * program does not exist; IO for the machine's failures. A child that fails is no error here: look
 * at its status. Threads: one child, one thread.
 */
#ifndef HOST_CHILD_H
#define HOST_CHILD_H

#include "base/bytes.h"
#include "base/error.h"

enum child_stream {
	CHILD_INHERIT,
	CHILD_NULL,  /* /dev/null */
	CHILD_PIPE,  /* a pipe; our end in struct child */
	CHILD_GIVEN, /* the descriptor given below; it stays the caller's */
};

#define CHILD_GIVEN_MAX 4u

struct child_spec {                 /* borrows during the call */
	const char *const *argv;        /* ends with NULL */
	const char *const *environment; /* "NAME=value"…, NULL; NULL = ours */
	const char *folder;             /* working directory; NULL = ours */
	enum child_stream in, out, err;
	int in_fd, out_fd, err_fd; /* for CHILD_GIVEN */
	const int *given;          /* become 3, 4, … in the child; they stay the caller's */
	unsigned given_count;      /* at most CHILD_GIVEN_MAX */
};

struct child {
	int pid;
	int pidfd;
	int in, out, err; /* our ends of pipes, else -1; closed by child_close */
	bool ended;
	int wait_status;
};

struct child_status {
	bool exited; /* else ended by a signal */
	int code;    /* exit code or signal number */
};

bool child_start(struct child *out, const struct child_spec *spec, struct error *err) must_check;
/* timeout_ms = UINT64_MAX: no deadline. UNAVAILABLE leaves the child running. */
bool child_wait(struct child *c, uint64_t timeout_ms, struct child_status *out,
                struct error *err) must_check;
bool child_signal(struct child *c, int signal_number, struct error *err) must_check;
/* SIGTERM, up to grace_ms for the child to end, then SIGKILL; waits for the end. Ended is fine. */
bool child_terminate(struct child *c, uint64_t grace_ms, struct child_status *out,
                     struct error *err) must_check;
void child_close(struct child *c); /* kills and reaps what still runs; closes all; twice is fine */

/* Start, feed `input` to stdin, collect stdout and stderr, wait. The spec's streams are ignored.
 * LIMIT when an output exceeds its room; at the deadline UNAVAILABLE; both end the child. */
struct child_output {
	struct {
		uint8_t *room;
		size_t room_len, len;
	} out, err; /* room given by the caller */
	struct child_status status;
};
bool child_run(struct child_output *out, const struct child_spec *spec, bytes input,
               uint64_t timeout_ms, struct error *err) must_check;

#endif
