/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects records with our answers, then asks web/verifier about all of them in one process. For
 * one test program, like random_box.h. Include support.h first.
 */
#ifndef DIFFERENTIAL_VERIFIERS_COMPARE_H
#define DIFFERENTIAL_VERIFIERS_COMPARE_H

#include "unit/protocol/record/tally.h"
#include "unit/protocol/record/urn_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASES_MAX 4096u

static struct urn u; /* the record at hand */
static struct tally_report report;

/* --- what is compared --- */

struct comparison {
	char what[160];    /* which record: for whoever looks for the difference */
	const char *first; /* the code that must be the first to fail; NULL: whatever both say */
	char ours[8192];
};
static struct comparison cases[CASES_MAX];
static size_t cases_count;
static char root[] = "/tmp/urna-verifiers-XXXXXX";
static FILE *questions;     /* lines for verifiers.mjs */
static size_t wrong_firsts; /* where our own answer is not the expected one */

static const char *const verdict_names[] = {
	[RECORD_VERIFIED] = "verified",
	[RECORD_SELF_CONSISTENT] = "self-consistent",
	[RECORD_REJECTED] = "rejected",
	[RECORD_UNDECIDED] = "undecided",
};

/* "4.7" before "10.1": as numbers, so that the first code is the first check. */
static int order(const void *a, const void *b)
{
	const char *p = a, *q = b;
	char *p_end, *q_end;
	for (;;) {
		unsigned long m = strtoul(p, &p_end, 10), n = strtoul(q, &q_end, 10);
		if (m != n)
			return m < n ? -1 : 1;
		if (*p_end != '.' || *q_end != '.')
			return strcmp(p, q);
		p = p_end + 1;
		q = q_end + 1;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

#define WORDS_MAX 512u
static char words[WORDS_MAX][64];

/* Sorted, each once, with something between them. */
static void add_words(struct text *t, size_t n, const char *between, const char *before)
{
	qsort(words, n, sizeof *words, *before ? order : by_text);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(words[i - 1], words[i]) == 0)
			continue;
		text_add(t, i ? between : before);
		text_add(t, words[i]);
	}
}

/* "ballot 3 (entry 9, object ab…): seq: why" becomes "ballot 3: seq". */
static void shorten(char *out, const char *detail)
{
	const char *end = strstr(detail, " ("), *reason = strstr(detail, "): ");
	assert_non_null(end);
	assert_non_null(reason);
	reason += 3;
	snprintf(out, sizeof *words, "%.*s: %.*s", (int)(end - detail), detail,
	         (int)strcspn(reason, ":"), reason);
}

static void say(struct comparison *c, enum record_verdict verdict)
{
	struct text t = TEXT_OF(c->ours);
	size_t n = 0;
	text_add(&t, verdict_names[verdict]);
	for (unsigned i = 0; i < report.count; i++)
		if (report.checks[i].outcome == CHECK_FAILED && n < WORDS_MAX)
			snprintf(words[n++], sizeof *words, "%s", report.checks[i].code);
	add_words(&t, n, " ", " ");
	text_add(&t, "\t");
	n = 0;
	for (unsigned i = 0; i < report.count; i++)
		if (strcmp(report.checks[i].code, "6.6") == 0 && n < WORDS_MAX)
			shorten(words[n++], report.checks[i].error.detail);
	add_words(&t, n, ", ", "");
	assert_false(t.cut);
}

static void write_file(const char *folder, const char *path, bytes content)
{
	char full[512];
	int len = snprintf(full, sizeof full, "%s/%s", folder, path);
	assert_true(len > 0 && (size_t)len < sizeof full);
	for (char *p = full + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
		*p = '/';
	}
	FILE *f = fopen(full, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(content.p, 1, content.len, f), content.len);
	assert_int_equal(fclose(f), 0);
}

static void ask(const char *folder, const struct record_anchor *anchor)
{
	fprintf(questions, "%s ", folder);
	if (anchor->kind != ANCHOR_AUTHORITIES)
		fprintf(questions, "%s",
		        anchor->kind == ANCHOR_NONE ? "-" : test_hex(BYTES_OF(anchor->eid.b)));
	else
		fprintf(questions, "%u", anchor->vouch);
	for (unsigned i = 0; anchor->kind == ANCHOR_AUTHORITIES && i < anchor->authorities_count; i++)
		fprintf(questions, ",%s", test_hex(BYTES_OF(anchor->authorities[i].b)));
	fprintf(questions, "\n");
}

/* Our answer now, the other one at the end: one process answers for all. */
static void compare_with(const char *what, const struct record_anchor *anchor, const char *first)
{
	char folder[64], begin[32];
	struct tally_files files;
	assert_true(cases_count < CASES_MAX);
	struct comparison *c = &cases[cases_count];
	snprintf(folder, sizeof folder, "%s/%zu", root, cases_count++);
	snprintf(c->what, sizeof c->what, "%s", what);
	c->first = first;
	say(c, tally_verify(&u, u.record, anchor, &report));
	if (first) {
		int len = snprintf(begin, sizeof begin, "rejected %s", first);
		if (strncmp(c->ours, begin, (size_t)len) != 0 ||
		    (c->ours[len] != ' ' && c->ours[len] != '\t'))
			print_error("%s: C says %s, not %s\n", what, c->ours, first);
		wrong_firsts += strncmp(c->ours, begin, (size_t)len) != 0;
	}
	tally_files(&files, u.record);
	for (size_t i = 0; i < files.count; i++) {
		bytes b = urn_file(&u, files.file[i].path);
		write_file(folder, files.file[i].path, b);
		free((void *)(uintptr_t)b.p);
	}
	free(files.file);
	ask(folder, anchor);
}

/* Mostly a fingerprint; else nothing, or keys of all authorities, sometimes one that is wrong, and
 * a threshold that may be too high. */
static struct record_anchor any_anchor(digest keys[static LIMIT_PARTIES])
{
	const unsigned n = u.manifest->authorities_count;
	const uint64_t kind = test_random_below(8);
	if (kind > 1)
		return (struct record_anchor){.kind = ANCHOR_ELECTION, .eid = u.key.eid};
	if (kind == 0)
		return (struct record_anchor){.kind = ANCHOR_NONE};
	for (unsigned i = 0; i < n; i++)
		keys[i] = sha256(BYTES_OF(u.identity[i].pub));
	keys[0].b[0] ^= test_random_below(8) == 0;
	return (struct record_anchor){.kind = ANCHOR_AUTHORITIES,
	                              .authorities = keys,
	                              .authorities_count = n,
	                              .vouch = (unsigned)test_random_below(n + 2)};
}

static inline void compare_from_anywhere(const char *what)
{
	digest keys[LIMIT_PARTIES];
	const struct record_anchor anchor = any_anchor(keys);
	compare_with(what, &anchor, NULL);
}

static inline void compare(const char *what)
{
	const struct record_anchor anchor = {
		.kind = test_random_below(8) > 0 ? ANCHOR_ELECTION : ANCHOR_NONE, .eid = u.key.eid};
	compare_with(what, &anchor, NULL);
}

static void remove_all(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	assert_int_equal(system(command), 0);
}

/* One answer as the other: exactly, or, where entries were moved, with another of the three codes
 * of the one pass over the log (docs/protocol.md 12). */
static bool is_alike(const struct comparison *c, const char *line, size_t len)
{
	if (strlen(c->ours) == len && memcmp(c->ours, line, len) == 0)
		return true;
	static const char *const of_the_pass[] = {"rejected 4.2\t", "rejected 4.3\t", "rejected 5.1\t"};
	bool ours = false, theirs = false;
	for (size_t i = 0; i < 3; i++) {
		ours |= strcmp(c->ours, of_the_pass[i]) == 0;
		theirs |= len == strlen(of_the_pass[i]) && memcmp(line, of_the_pass[i], len) == 0;
	}
	return strncmp(c->what, "entr", 4) == 0 && ours && theirs;
}

/* Both answers, line by line. */
static void ask_the_other(void)
{
	static char line[65536];
	char command[1024];
	size_t wrong = 0;
	assert_int_equal(fclose(questions), 0);
	snprintf(command, sizeof command, "node '%s/tests/differential/verifiers.mjs' < '%s/questions'",
	         getenv("URNA_SOURCE"), root);
	FILE *answers = popen(command, "r");
	assert_non_null(answers);
	for (size_t i = 0; i < cases_count; i++) {
		if (!fgets(line, sizeof line, answers))
			fail_msg("record %zu of %zu (%s): no answer", i, cases_count, cases[i].what);
		const char *faults = strchr(line, '\t');
		const char *why = faults ? strchr(faults + 1, '\t') : NULL;
		assert_non_null(why);
		if (getenv("URNA_WHY"))
			print_message("%s: %s", cases[i].what, line);
		if (is_alike(&cases[i], line, (size_t)(why - line)))
			continue;
		wrong++;
		print_error("record %zu, %s:\n  C:    %s\n  node: %s", i, cases[i].what, cases[i].ours,
		            line);
	}
	assert_int_equal(pclose(answers), 0);
	if (wrong_firsts)
		fail_msg("%zu records are refused for another reason than the one meant", wrong_firsts);
	if (wrong)
		fail_msg("%zu of %zu records are judged differently; %s has them", wrong, cases_count,
		         root);
	remove_all();
}

static bool can_compare(void)
{
#ifdef __SANITIZE_ADDRESS__
	print_message("compared in the other builds: the second verifier is none of this one's code\n");
	return false;
#endif
	char path[1024];
	const char *source = getenv("URNA_SOURCE");
	snprintf(path, sizeof path, "%s/web/verifier/noble/curves", source ? source : ".");
	if (source && access(path, R_OK) == 0 && system("node --version >/dev/null 2>&1") == 0)
		return true;
	print_message("node, or npm ci in web/verifier, is missing\n");
	return false;
}

static void begin_comparing(void)
{
	char path[1024];
	if (!can_compare())
		skip();
	memcpy(root + sizeof root - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof path, "%s/questions", root);
	questions = fopen(path, "w");
	assert_non_null(questions);
	cases_count = wrong_firsts = 0;
}

#endif
