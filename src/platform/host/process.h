/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program sets up about itself at its start.
 *
 * Threads: call the set-up functions from main before any thread exists. host_stop_requested may be
 * asked anywhere.
 */
#ifndef HOST_PROCESS_H
#define HOST_PROCESS_H

#include "base/error.h"

/* No core file and no debugger of the same user: memory with secrets stays in memory. */
bool host_forbid_core_dumps(struct error *err) must_check;

/* A failed require() writes "file:line: …" to stderr before the program ends. */
void host_report_require(void);

/* SIGINT and SIGTERM ask the program to stop: a flag and a readable descriptor. The second one ends
 * it at once, as if nothing had been installed. SIGPIPE is ignored: writes fail with EPIPE. */
bool host_watch_stop(struct error *err) must_check;
bool host_stop_requested(void);
int host_stop_fd(void); /* becomes readable; never read it; -1 before host_watch_stop */

#endif
