/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a manifest says, for the people who agree on it: every candidate, seat and number, each
 * authority with its key in words, and what happens when a tie needs a lot.
 */
#ifndef CLI_MANIFEST_REPORT_H
#define CLI_MANIFEST_REPORT_H

#include "base/error.h"
#include "manifest/manifest.h"

/* voters: how many are expected, for the warnings; 0: not known. */
void manifest_report_text(const struct manifest *m, uint64_t voters);
/* The same as one JSON object. */
bool manifest_report_json(const struct manifest *m, uint64_t voters, const char *command,
                          struct error *err) must_check;

#endif
