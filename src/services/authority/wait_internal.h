/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting for what other authorities will publish. The condition is looked at again in growing
 * steps (10 ms … 500 ms) until it holds, fails for another reason than "not there yet", the
 * caller's deadline passes, or somebody asks the program to stop.
 */
#ifndef AUTHORITY_WAIT_INTERNAL_H
#define AUTHORITY_WAIT_INTERNAL_H

#include "authority/authority.h"

/* true: it holds. UNAVAILABLE: not yet (detail: what is missing). Anything else ends the wait. */
typedef bool wait_condition(void *ctx, struct error *err);
bool wait_until(const struct authority *a, wait_condition *holds, void *ctx,
                struct error *err) must_check;

#endif
