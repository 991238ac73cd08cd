/* SPDX-License-Identifier: Apache-2.0 */
#include "ct/ct.h"

#include "base/declassify.h"

#include <stdio.h>
#include <valgrind/memcheck.h>

void ct_poison(const void *p, size_t len)
{
	VALGRIND_MAKE_MEM_UNDEFINED(p, len);
}

void ct_unpoison(const void *p, size_t len)
{
	VALGRIND_MAKE_MEM_DEFINED(p, len);
}

/* Takes the place of base/declassify.c, which is no part of these programs. */
bool ct_declassify(uint64_t mask)
{
	ct_unpoison(&mask, sizeof mask);
	return mask != 0;
}

void ct_branch_on(const void *p, size_t len)
{
	/* The write is volatile, so that no compiler can do without the branch. */
	static volatile unsigned seen;
	const unsigned char *c = p;
	for (size_t i = 0; i < len; i++) {
		if (c[i] != 0)
			seen = seen + 1;
	}
}

static void run_leak(const struct ct_case *c)
{
	if (c->leak) {
		c->leak();
		return;
	}
	bytes result = c->run();
	ct_branch_on(result.p, result.len);
}

static bool run_case(const struct ct_case *c, bool leaks)
{
	unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
	if (leaks)
		run_leak(c);
	else
		c->run();
	unsigned reports = (unsigned)VALGRIND_COUNT_ERRORS - before;
	bool good = (reports > 0) == leaks;
	const char *expected = leaks ? "its leak is caught" : "holds";
	printf("%s %s: %s\n", good ? "[       OK ]" : "[    NOT   ]", c->name, expected);
	if (!good)
		printf("             %u reports\n", reports);
	return good;
}

int ct_run(char **argv, const char *executed, const struct ct_case *cases, size_t count)
{
	if (!argv[0] || !argv[1] || !argv[2]) {
		fputs("usage: valgrind PROGRAM BACKEND hold|leak\n", stderr);
		return 2;
	}
	if (!RUNNING_ON_VALGRIND) {
		fputs("not under valgrind: this would prove nothing\n", stderr);
		return 2;
	}
	printf("back end: %s\n", executed);
	if (strcmp(executed, argv[1]) != 0) {
		printf("asked for: %s\n", argv[1]);
		return 1;
	}
	bool leaks = strcmp(argv[2], "leak") == 0;
	size_t bad = 0;
	for (size_t i = 0; i < count; i++) {
		if (!run_case(&cases[i], leaks))
			bad++;
	}
	if (bad > 0)
		printf("[  FAILED  ] %zu test(s)\n", bad);
	return bad > 0 || count == 0;
}
