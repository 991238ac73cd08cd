/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constant-time tests under memcheck: a secret is declared undefined, and memcheck then reports
 * every branch and every address that depends on it.
 *
 * Each case has two halves. "hold" runs the code on poisoned secrets and must give no report.
 * "leak" is its twin with a deliberate leak and must be reported: it shows that the poison is there
 * and goes through. Without a twin of its own (the _vartime counterpart, memcmp) a case is followed
 * by a branch on each byte of its result, which must then still be poisoned.
 * Verdicts that the code itself makes public (base/declassify.h) are unpoisoned where it does so.
 * Not seen: division, whose time depends on its operands, and what the processor itself does.
 *
 * A program is run as `valgrind program BACKEND hold` and `valgrind program BACKEND leak`; outside
 * of valgrind, or with another back end than the one asked for, it fails.
 */
#ifndef CT_CT_H
#define CT_CT_H

#include "base/bytes.h"

struct ct_case {
	const char *name;
	bytes (*run)(void); /* poisons, calls, returns where the result is */
	void (*leak)(void); /* or NULL */
};

/* argv as in main; executed: the back end in use, "none" for code that has no back ends. */
int ct_run(char **argv, const char *executed, const struct ct_case *cases, size_t count);

void ct_poison(const void *p, size_t len);
void ct_unpoison(const void *p, size_t len);
/* The deliberate leak for results: a branch on every byte. */
void ct_branch_on(const void *p, size_t len);

#endif
