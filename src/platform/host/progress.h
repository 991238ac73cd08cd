/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress of long work for whoever watches. On a terminal one line that is drawn anew at most ten
 * times a second: stage, bar, percent, rate, time left; a finished stage stays with its duration.
 * Elsewhere PROGRESS_AUTO is silent; PROGRESS_PLAIN writes a line per stage and every ten percent.
 *
 * Memory: keeps the clock. Threads: any may report.
 */
#ifndef HOST_PROGRESS_H
#define HOST_PROGRESS_H

#include "base/seams.h"
#include "host/clock.h"

enum progress_mode {
	PROGRESS_AUTO, /* bars if fd is a terminal, else nothing */
	PROGRESS_PLAIN,
	PROGRESS_QUIET,
};

/* fd: 2 for stderr. */
bool host_progress_new(struct progress **out, enum progress_mode mode, int fd, struct clock *clock,
                       struct error *err) must_check;
/* Ends the line under way; NULL is fine. Call it before printing anything else to the terminal. */
void host_progress_free(struct progress *p);

/* One line of at most `columns` columns, without line end. What the bar looks like, for tests. */
struct progress_state {
	const char *stage;
	uint64_t done, total, elapsed_ms;
};
void progress_render(struct text *out, const struct progress_state *s, unsigned columns);

#endif
