/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results on their way out: in one of the forms of protocol/count, to standard output or into a
 * file that appears whole or not at all.
 */
#ifndef CLI_RESULT_OUT_H
#define CLI_RESULT_OUT_H

#include "cli/election.h"
#include "count/result_sheet.h"
#include "record/result.h"

enum result_format {
	RESULT_TEXT,
	RESULT_JSON, /* of a record: the bytes of result.json */
	RESULT_CSV,
	RESULT_SVG,
	RESULT_HTML,
	RESULT_SEQUENT,
};
#define RESULT_FORMATS "text, json, csv, svg, html or sequent"
bool result_format_read(enum result_format *out, const char *word);

struct result_target {
	enum result_format format;
	struct sink *sink;
	bool file; /* the sink is to be committed */
};

/* path NULL: standard output. CONFLICT when there is a file of this name: before the work. */
bool result_target_open(struct result_target *out, enum result_format format, const char *path,
                        struct error *err) must_check;
/* Ends what was opened: commits where `good` is true, else leaves nothing. Passes `good` on. */
bool result_target_close(struct result_target *t, bool good, struct error *err) must_check;

/* Sheets in one of the forms that are neither text nor JSON. */
bool result_write_sheets(struct result_target *t, const struct result_sheets *sheets,
                         struct error *err) must_check;

/* One count without an election. */
bool result_write_count(struct result_target *t, const struct count_result *r,
                        struct error *err) must_check;
/* All questions of an election. */
bool result_write_election(struct result_target *t, const struct election_result *r,
                           const struct election *e, struct error *err) must_check;

#endif
