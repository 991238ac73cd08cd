/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "attacks/keys/second.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CASES_MAX 256u
#define CODES_MAX 32u
#define ANSWER_MAX 65536u

static char root[] = "/tmp/urna-attacks-XXXXXX";
static enum { NOT_TRIED, ABSENT, PRESENT } state_of;
static FILE *questions;
static struct {
	char says[256];
} cases[CASES_MAX];
static unsigned count;

static void run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static void remove_all(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	if (system(command) != 0)
		print_error("cannot remove %s\n", root);
}

static bool is_present(void)
{
	char path[1024];
	const char *source = getenv("URNA_SOURCE");
	if (state_of != NOT_TRIED)
		return state_of == PRESENT;
	snprintf(path, sizeof path, "%s/web/verifier/noble/curves", source ? source : ".");
	state_of = ABSENT;
	if (!source || access(path, R_OK) != 0 || system("node --version >/dev/null 2>&1") != 0)
		return false;
	assert_non_null(mkdtemp(root));
	assert_int_equal(atexit(remove_all), 0);
	snprintf(path, sizeof path, "%s/questions", root);
	questions = fopen(path, "w");
	assert_non_null(questions);
	state_of = PRESENT;
	return true;
}

static int by_name(const void *a, const void *b)
{
	char *p, *q;
	const long major = strtol(a, &p, 10) - strtol(b, &q, 10);
	const long minor = strtol(p + 1, NULL, 10) - strtol(q + 1, NULL, 10);
	return (int)(major ? major : minor);
}

void second_keep(const struct election *e, enum record_verdict verdict,
                 const struct election_report *report)
{
	static const char *const names[] = {[RECORD_VERIFIED] = "verified",
	                                    [RECORD_SELF_CONSISTENT] = "self-consistent",
	                                    [RECORD_REJECTED] = "rejected",
	                                    [RECORD_UNDECIDED] = "undecided"};
	char codes[CODES_MAX][8], command[256];
	size_t n = 0;
	if (!is_present())
		return;
	assert_true(count < CASES_MAX);
	struct text t = TEXT_OF(cases[count].says);
	text_add(&t, names[verdict]);
	for (unsigned i = 0; i < report->count; i++)
		if (report->checks[i].outcome == CHECK_FAILED && n < CODES_MAX)
			memcpy(codes[n++], report->checks[i].code, sizeof *codes);
	qsort(codes, n, sizeof *codes, by_name);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(codes[i - 1], codes[i]) == 0)
			continue;
		text_add(&t, " ");
		text_add(&t, codes[i]);
	}
	snprintf(command, sizeof command, "cp -r '%s' '%s/%u'", e->root, root, count);
	run(command);
	fprintf(questions, "%s/%u %s\n", root, count++, test_hex(BYTES_OF(e->key.eid.b)));
}

void attack_50_the_second_verifier_judges_all_these_records_alike(void **state)
{
	static char line[ANSWER_MAX];
	char command[1024];
	unsigned wrong = 0;
	(void)state;
	if (!is_present()) {
		print_message("node, or npm ci in web/verifier, is missing\n");
		skip();
	}
	assert_int_equal(fclose(questions), 0);
	snprintf(command, sizeof command, "node '%s/tests/differential/verifiers.mjs' < '%s/questions'",
	         getenv("URNA_SOURCE"), root);
	FILE *answers = popen(command, "r");
	assert_non_null(answers);
	for (unsigned i = 0; i < count; i++) {
		if (!fgets(line, sizeof line, answers))
			fail_msg("record %u of %u: no answer", i, count);
		const size_t len = strcspn(line, "\t");
		if (strlen(cases[i].says) == len && memcmp(cases[i].says, line, len) == 0)
			continue;
		wrong++;
		print_error("record %u:\n  C:    %s\n  node: %s", i, cases[i].says, line);
	}
	assert_int_equal(pclose(answers), 0);
	if (wrong)
		fail_msg("%u of %u records are judged differently", wrong, count);
	print_message("%u records\n", count);
}
