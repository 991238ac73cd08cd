/* SPDX-License-Identifier: Apache-2.0 */
/* A new manifest.json, and with it a new record. */
#ifndef CLI_MANIFEST_FILE_H
#define CLI_MANIFEST_FILE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "cli/options.h"

/* Makes the folder where there is none. CONFLICT when it has a manifest; REJECTED when ballots of
 * its questions could not be counted (manifest_dry_run). */
bool manifest_file_write(const char *record, bytes exact, struct arena *arena,
                         struct error *err) must_check;
/* What comes next, and what to think twice about; with --json the digest. */
bool manifest_file_report(const char *command, const struct common_options *o, const char *record,
                          bytes exact, struct error *err) must_check;

#endif
