/* SPDX-License-Identifier: Apache-2.0 */
/* urna-report: a result as a PDF that people and their readers can read. */
#include "cli/command.h"
#include "cli/operator_file.h"
#include "cli/options.h"
#include "cli/out_file.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/content.h"
#include "report/date.h"
#include "report/pdf_update.h"

#include "host/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_DATE "1970-01-01T00:00:00Z" /* for cairo, which wants one; taken out again */
#define RESULT_BYTES_MAX ((size_t)256 << 20)

enum { KEY_OUT = OPTIONS_KEY, KEY_TITLE, KEY_DATE, KEY_ZONE, KEY_DATE_FORMAT };

struct report_options {
	struct common_options common;
	const char *file, *out, *title, *date, *zone, *format;
	char shown[DATE_TEXT_BYTES]; /* the date, for people */
};

static const struct argp_option options[] = {
	{"out", KEY_OUT, "FILE", 0, "The new file", 0},
	{"title", KEY_TITLE, "TEXT", 0, "Its title (default: that of the first question)", 0},
	{"date", KEY_DATE, "TIME", 0,
     "Its date, as in 2027-03-01T18:00:00Z (default: none; the clock is never asked)", 0},
	{"time-zone", KEY_ZONE, "NAME", 0,
     "Where the date is read, such as Europe/Madrid (default: UTC)", 0},
	{"date-format", KEY_DATE_FORMAT, "FORMAT", 0,
     "How the date is shown, as for date(1) (default: %Y-%m-%d %H:%M %Z)", 0},
	{0},
};

static const char doc[] =
	"Make a PDF of a result: of result.json of a record, or of what urna count --json says of a "
	"file. It is tagged for screen readers, and the same file and options give the same bytes "
	"wherever the same fonts are. It shows what the file says; urna verify says whether that is "
	"the result."
	"\vExamples:\n"
	"  urna-report record/result.json --out result.pdf --title 'Board 2027'\n"
	"  urna-report result.json --out result.pdf --date 2027-03-01T18:00:00Z \\\n"
	"      --time-zone Europe/Madrid --date-format '%d.%m.%Y %H:%M'\n" OPTIONS_EXIT_CODES;

static void check_date(struct argp_state *state, struct report_options *o)
{
	time_t when;
	if (!date_set_zone(o->zone ? o->zone : "UTC"))
		argp_error(state, "--time-zone: this system knows no '%s'", o->zone);
	if (!o->date) {
		if (o->zone || o->format)
			argp_error(state, "--time-zone and --date-format go with --date");
		return;
	}
	if (!date_read(&when, o->date))
		argp_error(state, "--date: '%s' is no time like 2027-03-01T18:00:00Z", o->date);
	if (!date_write(o->shown, when, o->format ? o->format : DATE_FORMAT))
		argp_error(state, "--date-format: it gives nothing, or too much");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_TITLE:
		o->title = arg;
		return 0;
	case KEY_DATE:
		o->date = arg;
		return 0;
	case KEY_ZONE:
		o->zone = arg;
		return 0;
	case KEY_DATE_FORMAT:
		o->format = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "FILE", o->file);
		options_need(state, "--out", o->out);
		check_date(state, o);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Once to know how many pages there are, once to say it on each. */
static bool draw(struct paper *p, const struct content *c, const char *date, size_t pages,
                 struct error *err)
{
	const char *title;
	size_t mark = arena_mark(c->arena);
	bool good = content_title(&title, c, err) && paper_begin(p, title, date, pages, err) &&
	            content_draw(p, c, err) && paper_end(p, err);
	arena_release(c->arena, mark);
	return good;
}

static bool write_file(const char *path, bytes pdf, const struct pdf_update *u, struct error *err)
{
	struct sink *sink;
	uint8_t *all = NULL;
	size_t len;
	if (!pdf_update(&all, &len, pdf, u, err) || !out_file_create(&sink, path, err)) {
		free(all);
		return false;
	}
	bool good = sink_append(sink, bytes_of(all, len), err);
	if (good)
		good = sink_commit(sink, err);
	else
		sink_abort(sink);
	free(all);
	return good;
}

static bool make(const struct report_options *o, const struct content *c, struct error *err)
{
	struct paper p = {0};
	const char *date = o->date ? o->date : NO_DATE;
	const struct pdf_update update = {.language = "en", .keep_date = o->date != NULL};
	bool good = draw(&p, c, date, 0, err);
	size_t pages = p.page;
	paper_done(&p);
	good = good && draw(&p, c, date, pages, err) &&
	       write_file(o->out, bytes_of(p.bytes, p.used), &update, err);
	paper_done(&p);
	return good;
}

static bool report(struct session *s, void *ctx, struct error *err)
{
	const struct report_options *o = ctx;
	struct json_doc *json = NULL;
	char hex[FINGERPRINT_HEX_BYTES];
	bytes text;
	if (!operator_file_read(&text, o->file, RESULT_BYTES_MAX, &s->arena, err))
		return false;
	digest d = sha256(text);
	hex_encode(hex, BYTES_OF(d.b));
	if (!json_doc_parse(&json, text, RESULT_BYTES_MAX, err))
		return fail_within(err, o->file);
	const struct content content = {.root = json_doc_root(json),
	                                .title = o->title,
	                                .date = o->date ? o->shown : NULL,
	                                .digest = hex,
	                                .arena = &s->arena};
	bool good = make(o, &content, err);
	json_doc_free(json);
	return good;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "FILE", doc, options_common, NULL, NULL};
	struct report_options o = {.common = COMMON_OPTIONS_DEFAULT};
	struct error err;
	char title[] = "urna-report";
	error_clear(&err);
	argp_err_exit_status = EXIT_USAGE;
	argp_program_version = "urna-report " URNA_VERSION;
	host_report_require();
	argv[0] = title;
	if (!host_watch_stop(&err))
		return output_failure(NULL, title, &err);
	options_parse(&argp, argc, argv, &o);
	int code = session_run(title, &o.common, report, &o);
	return output_flush() ? code : EXIT_UNDECIDED;
}
