/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A secret typed at the terminal, whatever standard input is: one line that is not shown.
 *
 * Secrets: only in the caller's room. Errors: IO without a terminal, or when asked to stop.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Without the end of the line; a longer one fills the room. */
bool ask_secret(uint8_t *room, size_t size, size_t *len, const char *question,
                struct error *err) must_check;

#endif
