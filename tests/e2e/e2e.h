/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real processes: the built program, folders that go away when the test program ends.
 */
#ifndef E2E_E2E_H
#define E2E_E2E_H

#include "support/support.h"

#include "host/child.h"

struct outcome {
	int code;        /* exit code; -signal when ended by one */
	char *out, *err; /* 0-terminated; valid until 8 more programs have run */
};

/* Runs urna with these arguments, up to NULL; fails the test when it does not end in 300 s. */
struct outcome urna(const char *first, ...);
struct outcome urna_argv(const char *const *arguments);
struct outcome program(const char *const *argv);
/* Starts it without waiting; stdout and stderr are thrown away. */
void urna_start(struct child *out, const char *const *arguments);
int urna_wait(struct child *c, uint64_t timeout_ms); /* as outcome.code */

/* A text that lives to the end of the test program. */
const char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A new empty folder, removed with everything in it at exit. */
const char *fresh_folder(void);
void write_file(const char *path, const void *content, size_t len);
void write_text(const char *path, const char *content);
bytes read_file(const char *path); /* as test_file */

#define assert_code(outcome, expected)                                                         \
	do {                                                                                       \
		if ((outcome).code != (expected))                                                      \
			fail_msg("exit code %d, not %d\nstdout: %s\nstderr: %s", (outcome).code, expected, \
			         (outcome).out, (outcome).err);                                            \
	} while (0)
void assert_says(const char *text, const char *expected); /* contains */

/* n ballots over `candidates`, all kinds of lengths, as a .blt file; seats as given. */
const char *make_blt(unsigned candidates, unsigned seats, unsigned ballots);
/* urna run with accept-small-lists; the folder of the election, whose verdict is checked. */
const char *make_election(const char *file, const char *authorities, const char *threshold,
                          const char *active);
const char *record_of(const char *election);
/* urna board init; the home, which is FOLDER/board. */
const char *make_board(const char *folder);
/* urna encrypt and urna board collect, by the board of `folder`. */
void collect_ballots(const char *folder, const char *record, const char *file);
/* urna board finish. */
void finish_log(const char *folder, const char *record);
/* The words, as `urna verify --json` gives them. */
const char *fingerprint_of(const char *record);

#endif
