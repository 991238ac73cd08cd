/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command works with: randomness, threads, memory, progress; and how it ends.
 *
 * The workers stop at the next block once SIGINT or SIGTERM came (IO, "stopped on request"), so
 * every long computation can be ended and leaves no half-written file behind.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/arena.h"
#include "cli/options.h"
#include "host/stoppable.h"
#include "record/lists.h"

struct session {
	const char *command; /* "urna mix", for messages */
	struct common_options options;
	struct rng *rng;
	struct stoppable_workers threads;
	struct arena arena;
	struct progress *progress;
	struct tally_world world; /* of the four above */
	bool wrong_usage;         /* the failure is one of the command line */
};

/*
 * Opens a session, does the work, closes it; the exit code is EXIT_YES, or that of the failure,
 * which is said then (output_failure). ctx is the command's own options.
 */
typedef bool session_fn(struct session *s, void *ctx, struct error *err);
int session_run(const char *command, const struct common_options *options, session_fn *work,
                void *ctx);

/* Passes `good` on. When it is false, what is wrong is the command line, although it took a look at
 * the election to see it: session_run gives EXIT_USAGE. */
bool session_usage(struct session *s, bool good);

/* On failure everything is closed again. */
bool session_open(struct session *s, const char *command, const struct common_options *options,
                  struct error *err) must_check;
void session_close(struct session *s);
/* Ends the progress line, before anything is printed; _break begins a new one afterwards. */
void session_progress_done(struct session *s);
void session_progress_break(struct session *s);

#endif
