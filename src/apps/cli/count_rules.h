/* SPDX-License-Identifier: Apache-2.0 */
/* The counting rules, as protocol/count knows them, for people and for programs. */
#ifndef CLI_COUNT_RULES_H
#define CLI_COUNT_RULES_H

#include "base/error.h"

#include <stdbool.h>

/* name NULL: all, one a line, else this one with what its options mean; with json one object.
 * REJECTED, with the names there are, for an unknown one. */
bool count_rules_print(const char *name, bool json, struct error *err) must_check;

#endif
