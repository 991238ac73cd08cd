/* SPDX-License-Identifier: Apache-2.0 */
#include "e2e/e2e.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#define OUTPUT_ROOM ((size_t)4 << 20)
#define RUNS_KEPT 8u
#define ARGUMENTS_MAX 64u
#define DEADLINE_MS 300000u

static const char *urna_path(void)
{
	const char *build = getenv("URNA_BUILD");
	return text_of("%s/src/apps/cli/urna", build ? build : "build/release");
}

struct outcome program(const char *const *argv)
{
	static struct {
		uint8_t *out, *err;
	} kept[RUNS_KEPT];
	static unsigned next;
	unsigned k = next++ % RUNS_KEPT;
	if (!kept[k].out) {
		kept[k].out = malloc(OUTPUT_ROOM + 1);
		kept[k].err = malloc(OUTPUT_ROOM + 1);
	}
	struct child_output o = {.out = {kept[k].out, OUTPUT_ROOM, 0},
	                         .err = {kept[k].err, OUTPUT_ROOM, 0}};
	struct child_spec spec = {.argv = argv};
	struct error err;
	error_clear(&err);
	assert_ok(child_run(&o, &spec, BYTES_NONE, DEADLINE_MS, &err), err);
	o.out.room[o.out.len] = 0;
	o.err.room[o.err.len] = 0;
	return (struct outcome){o.status.exited ? o.status.code : -o.status.code, (char *)o.out.room,
	                        (char *)o.err.room};
}

static void with_program(const char *argv[static ARGUMENTS_MAX], const char *const *arguments)
{
	unsigned n = 0;
	argv[n++] = urna_path();
	for (; *arguments; arguments++) {
		assert_true(n + 1 < ARGUMENTS_MAX);
		argv[n++] = *arguments;
	}
	argv[n] = NULL;
}

struct outcome urna_argv(const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX];
	with_program(argv, arguments);
	return program(argv);
}

struct outcome urna(const char *first, ...)
{
	const char *arguments[ARGUMENTS_MAX];
	unsigned n = 0;
	va_list list;
	va_start(list, first);
	for (const char *a = first; a; a = va_arg(list, const char *)) {
		assert_true(n + 1 < ARGUMENTS_MAX);
		arguments[n++] = a;
	}
	va_end(list);
	arguments[n] = NULL;
	return urna_argv(arguments);
}

void urna_start(struct child *out, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX];
	struct error err;
	error_clear(&err);
	with_program(argv, arguments);
	const struct child_spec spec = {
		.argv = argv, .in = CHILD_NULL, .out = CHILD_NULL, .err = CHILD_NULL};
	assert_ok(child_start(out, &spec, &err), err);
}

int urna_wait(struct child *c, uint64_t timeout_ms)
{
	struct child_status status;
	struct error err;
	error_clear(&err);
	assert_ok(child_wait(c, timeout_ms, &status, &err), err);
	child_close(c);
	return status.exited ? status.code : -status.code;
}

const char *text_of(const char *format, ...)
{
	static struct kept {
		struct kept *next;
		char text[];
	} * all;
	va_list list;
	va_start(list, format);
	int len = vsnprintf(NULL, 0, format, list);
	va_end(list);
	struct kept *k = malloc(sizeof *k + (size_t)len + 1);
	if (!k)
		abort();
	va_start(list, format);
	vsnprintf(k->text, (size_t)len + 1, format, list);
	va_end(list);
	k->next = all;
	all = k;
	return k->text;
}

/* --- folders --- */

static char root[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_root(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fresh_folder(void)
{
	static unsigned number;
	if (!root[0]) {
		snprintf(root, sizeof root, "/tmp/urna-e2e-XXXXXX");
		if (!mkdtemp(root))
			fail_msg("no temporary folder: %s", strerror(errno));
		atexit(remove_root);
	}
	const char *path = text_of("%s/%u", root, number++);
	if (mkdir(path, 0700) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	return path;
}

void write_file(const char *path, const void *content, size_t len)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(content, 1, len, f) != len || fclose(f) != 0)
		fail_msg("%s: %s", path, strerror(errno));
}

void write_text(const char *path, const char *content)
{
	write_file(path, content, strlen(content));
}

bytes read_file(const char *path)
{
	return test_file(path);
}

void assert_says(const char *text, const char *expected)
{
	if (!strstr(text, expected))
		fail_msg("does not say '%s' but: %s", expected, text);
}

/* --- elections --- */

const char *make_blt(unsigned candidates, unsigned seats, unsigned ballots)
{
	const char *path = text_of("%s/ballots.blt", fresh_folder());
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%u %u\n[tie", candidates, seats);
	for (unsigned c = 0; c < candidates;
	     c++) /* a lot, so that random ballots cannot end in a tie */
		fprintf(f, " %u", c + 1);
	fprintf(f, "]\n");
	for (unsigned b = 0; b < ballots; b++) {
		unsigned first = (unsigned)test_random_below(candidates);
		unsigned marks = (unsigned)test_random_below(candidates + 1);
		fprintf(f, "1");
		for (unsigned k = 0; k < marks; k++)
			fprintf(f, " %u", (first + k) % candidates + 1);
		fprintf(f, " 0\n");
	}
	fprintf(f, "0\n");
	for (unsigned c = 0; c < candidates; c++)
		fprintf(f, "\"Candidate %u\"\n", c + 1);
	fprintf(f, "\"Made for a test\"\n");
	fclose(f);
	return path;
}

const char *record_of(const char *election)
{
	return text_of("%s/record", election);
}

const char *make_board(const char *folder)
{
	const char *home = text_of("%s/board", folder);
	struct outcome o = urna("board", "init", "--home", home, "--name", "urna.test/board", NULL);
	assert_code(o, 0);
	return home;
}

void collect_ballots(const char *folder, const char *record, const char *file)
{
	const char *ballots = text_of("%s/ballots.bt", fresh_folder());
	struct outcome o = urna("encrypt", file, "--record", record, "--out", ballots, NULL);
	assert_code(o, 0);
	o = urna("board", "collect", "--home", text_of("%s/board", folder), "--record", record, ballots,
	         NULL);
	assert_code(o, 0);
}

void finish_log(const char *folder, const char *record)
{
	struct outcome o =
		urna("board", "finish", "--home", text_of("%s/board", folder), "--record", record, NULL);
	assert_code(o, 0);
}

const char *make_election(const char *file, const char *authorities, const char *threshold,
                          const char *active)
{
	/* Any order serves as a lot; it is there so that random ballots cannot end in a tie. */
	const char *folder = text_of("%s/election", fresh_folder());
	const char *arguments[] = {"run",
	                           file,
	                           "--rule",
	                           "scotland",
	                           "--authorities",
	                           authorities,
	                           "--out",
	                           folder,
	                           "--threshold",
	                           threshold,
	                           "--lot",
	                           "5,4,3,2,1",
	                           "--quiet",
	                           "--accept-small-lists",
	                           active ? "--active" : NULL,
	                           active,
	                           NULL};
	struct outcome o = urna_argv(arguments);
	assert_code(o, 0);
	assert_says(o.out, "verified");
	return folder;
}

const char *fingerprint_of(const char *record)
{
	struct outcome o = urna("verify", record, "--json", NULL);
	json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	const char *words = NULL;
	if (!j || json_unpack(j, "{s:{s:s}}", "fingerprint", "words", &words) != 0)
		fail_msg("no fingerprint in: %s", o.out);
	words = text_of("%s", words);
	json_decref(j);
	return words;
}
