/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program says: results on standard output, messages on standard error.
 *
 * Text from outside (names, titles, paths) is made printable before it reaches a terminal. Marks
 * and colours appear on a terminal only, colours not where NO_COLOR is set.
 * Standard output that cannot be written makes the exit code EXIT_UNDECIDED (output_flush): a
 * verdict nobody could read was not given.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/seams.h"
#include "cli/options.h"
#include "hash/sha2.h"
#include "identity/words.h"
#include "json/write.h"

/* A failure: "urna mix: rejected: what: detail", then a line with what to do next where the error
 * tells it. With --json (o may be NULL) an object on stdout as well. Returns the exit code. */
int output_failure(const struct common_options *o, const char *command, const struct error *err);
int output_exit_code(const struct error *err);
void output_remark(const struct common_options *o, const char *format, ...)
	__attribute__((format(printf, 2, 3))); /* on stderr, unless quiet */

void output_printable(char *out, size_t size, const char *text);
void output_printable_bytes(char *out, size_t size, bytes text);

/* Words, and hex below. */
#define FINGERPRINT_HEX_BYTES 65u
void output_fingerprint(const digest *eid);

/* What a mark in front of a line says. */
enum output_mark { MARK_GOOD, MARK_BAD, MARK_SKIPPED, MARK_NOTE };
const char *output_mark(enum output_mark mark); /* a literal, padded to one width */

unsigned output_columns(void);  /* of standard output; 80 when it is no terminal */
struct sink *output_sink(void); /* standard output; commit and abort do nothing */
bool output_flush(void);

/* One JSON object: json_begin … members … json_end. */
void output_json_begin(struct json_writer *w, const char *command);
void output_json_fingerprint(struct json_writer *w, const digest *eid); /* NULL: null */
void output_json_error(struct json_writer *w, const char *key, const struct error *err);
bool output_json_end(struct json_writer *w, struct error *err) must_check;

#endif
