/* SPDX-License-Identifier: Apache-2.0 */
/* How the key process speaks: progress, notices and its last word, to whoever started it. */
#ifndef KEYS_REPORT_H
#define KEYS_REPORT_H

#include "base/seams.h"
#include "keys/wire.h"

/* At most ten times a second, but never without the beginning, the end and every tenth of a stage.
 * Threads: any. */
struct progress *report_progress(void);
void report_notice(const struct error *what);
/* The exit code: 0 when it was heard. */
int report_done(unsigned index, const digest *eid, bytes data);
int report_failed(const struct error *err, bool wrong_usage);

/* Asked to stop: by a signal, or by the end of the pipe from whoever started it. */
bool report_stopped(void);

#endif
