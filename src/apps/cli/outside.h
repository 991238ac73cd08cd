/* SPDX-License-Identifier: Apache-2.0 */
/* A record is published whole: nothing secret may lie in it. */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include "base/error.h"

/* REJECTED when `out`, which may not be there yet, lies in the record or is it. */
bool lies_outside(const char *out, const char *record, struct error *err) must_check;

#endif
