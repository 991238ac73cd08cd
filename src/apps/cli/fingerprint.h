/* SPDX-License-Identifier: Apache-2.0 */
/* A fingerprint as an operator types it: 64 hex digits, or 16 words with '-' or blanks between. */
#ifndef CLI_FINGERPRINT_H
#define CLI_FINGERPRINT_H

#include "base/error.h"
#include "hash/sha2.h"

/* Blanks around it and line ends do not count. MALFORMED: at = the word, counted from 1. */
bool fingerprint_parse(digest *out, const char *text, struct error *err) must_check;

#endif
