/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several children of this very program at once, one per authority: started, watched, and ended
 * together. What they write is collected. The first that fails ends the others, unless they are
 * said to go on without it.
 */
#ifndef CLI_TEAM_H
#define CLI_TEAM_H

#include "base/error.h"
#include "base/limits.h"
#include "host/child.h"

#define TEAM_MAX (LIMIT_PARTIES + 2u) /* board and registrar beside the authorities */
#define TEAM_ARGUMENTS (32u + 2 * LIMIT_PARTIES)
#define TEAM_OUTPUT_BYTES 65536u /* of stdout; more is an error */
#define TEAM_MESSAGE_BYTES 8192u /* the end of stderr */
#define TEAM_LINE_BYTES 512u

struct team_member {
	char name[16]; /* "a1" */
	const char *argv[TEAM_ARGUMENTS + 1];
	unsigned argc;
	bool silent; /* its stdout is thrown away */

	struct child child;
	bool running, failed, late; /* late: it did not end in time, and was ended */
	struct child_status status;
	char *out, *message; /* 0-terminated */
	size_t out_len, message_len;
	char line[TEAM_LINE_BYTES]; /* the one stderr is in, for progress */
	size_t line_len;
};

struct team {
	struct team_member members[TEAM_MAX];
	unsigned count;
	bool show_progress; /* the latest line of anybody on our stderr, a terminal */
	int failed;         /* index of the member that failed and ended the others, -1: none */
	/* Whether the others go on without a member that failed; NULL: they do not. */
	bool (*goes_on)(void *ctx, const struct team_member *failed);
	void *ctx;
	uint64_t last_end_ms;
	uint64_t patience_ms; /* between two ends; 0: any time. When over, a member is late. */
};

void team_init(struct team *t, bool show_progress);
struct team_member *team_add(struct team *t, const char *name);
/* Borrows the text until team_run has returned. */
void team_argument(struct team_member *m, const char *text);
void team_free(struct team *t);

/*
 * Runs all. false: one could not be started, failed (t->failed, its status and message) or is late
 * (t->failed), or the program was asked to stop (IO "stopped on request"); nobody is left running.
 */
bool team_run(struct team *t, struct error *err) must_check;
/* What a failed member said: from its own "urna …" message on. */
const char *team_message(const struct team_member *m);

#endif
