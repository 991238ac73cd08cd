/* SPDX-License-Identifier: Apache-2.0 */
/* The text of one write-in field, judged without a branch on it. */
#ifndef BALLOT_WRITE_IN_INTERNAL_H
#define BALLOT_WRITE_IN_INTERNAL_H

#include "ballot/choices.h"

/* 0 or 1; length ≤ WRITE_IN_BYTES and text[WRITE_IN_BYTES] < 256 are digits, possibly secret. */
uint64_t write_in_is_malformed(uint32_t length, const uint32_t *text);

#endif
