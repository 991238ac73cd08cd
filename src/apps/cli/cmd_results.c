/* SPDX-License-Identifier: Apache-2.0 */
/* urna results: a pipeline over the opened votes of a record or over a ballot file; check. */
#include "cli/ballot_file.h"
#include "cli/command.h"
#include "cli/operator_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/result.h"
#include "cli/results_out.h"
#include "cli/session.h"
#include "results/open.h"
#include "results/pipeline.h"

#include "base/limits.h"

#include <stdio.h>

static bool read_pipeline(struct pipeline *out, const char *path, struct session *s,
                          struct error *err)
{
	bytes text;
	return operator_file_read(&text, path, PIPELINE_BYTES, &s->arena, err) &&
	       (pipeline_read(out, text, &s->arena, err) || fail_within(err, path));
}

/* --- check --- */

enum { KEY_MANIFEST = OPTIONS_KEY };

struct check_options {
	struct common_options common;
	const char *pipeline, *manifest;
};

static const struct argp_option check_options[] = {
	{"manifest", KEY_MANIFEST, "FILE", 0, "The manifest of the election it is for", 0},
	{0},
};

static const char check_doc[] =
	"Try a pipeline before there are votes: read it, and run it over synthetic votes of the "
	"manifest's questions. What is wrong is named with its pipe, the question and the votes."
	"\vExample:\n"
	"  urna results check pipeline.json --manifest record/manifest.json\n" OPTIONS_EXIT_CODES;

static error_t parse_check(int key, char *arg, struct argp_state *state)
{
	struct check_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_MANIFEST:
		o->manifest = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one PIPELINE at a time");
		o->pipeline = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "PIPELINE", o->pipeline);
		options_need(state, "--manifest", o->manifest);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool report_check(const struct session *s, size_t pipes_count, unsigned runs,
                         struct error *err)
{
	if (s->options.json) {
		struct json_writer w;
		output_json_begin(&w, s->command);
		json_put_key(&w, "ok");
		json_put_flag(&w, true);
		json_put_key(&w, "pipes");
		json_put_u64(&w, pipes_count);
		json_put_key(&w, "runs");
		json_put_u64(&w, runs);
		return output_json_end(&w, err);
	}
	printf("%s%zu pipe%s ran over %u sets of synthetic votes.\n", output_mark(MARK_GOOD),
	       pipes_count, pipes_count == 1 ? "" : "s", runs);
	return true;
}

static bool check(struct session *s, void *ctx, struct error *err)
{
	const struct check_options *o = ctx;
	struct pipeline p;
	struct manifest *m;
	bytes exact;
	unsigned runs;
	if (!operator_file_read(&exact, o->manifest, LIMIT_MANIFEST_BYTES, &s->arena, err))
		return false;
	if (!manifest_read(&m, exact, &s->arena, err))
		return fail_within(err, o->manifest);
	return read_pipeline(&p, o->pipeline, s, err) &&
	       (pipeline_dry_run(&runs, m, &p, &s->arena, err) || fail_within(err, o->pipeline)) &&
	       report_check(s, p.steps_count, runs, err);
}

static int cmd_results_check(int argc, char **argv)
{
	static const struct argp argp = {check_options,  parse_check, "PIPELINE", check_doc,
	                                 options_common, NULL,        NULL};
	struct check_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, check, &o);
}

/* --- results --- */

enum {
	KEY_RECORD = OPTIONS_KEY,
	KEY_PIPELINE,
	KEY_RULE,
	KEY_SEATS,
	KEY_LOT,
	KEY_FORMAT,
	KEY_OUT,
	KEY_PIPES
};

struct results_options {
	struct common_options common;
	const char *record, *file, *pipeline, *rule, *format_word, *out;
	uint32_t seats;
	uint16_t lot[LIMIT_ANSWERS];
	unsigned lot_count;
	enum result_format format;
	bool pipes;
};

static const struct argp_option options[] = {
	{"record", KEY_RECORD, "DIR", 0, "Work on the opened votes of this record", 0},
	{"pipeline", KEY_PIPELINE, "FILE", 0, "What is done, as a document of pipes", 0},
	{"rule", KEY_RULE, "RULE", 0, "With a ballot FILE: count it by RULE", 0},
	{"seats", KEY_SEATS, "N", 0, "With a ballot FILE: fill N seats (default: as FILE says)", 0},
	{"lot", KEY_LOT, "2,1,3", 0, "With a ballot FILE: an order of candidates drawn by lot", 0},
	{"format", KEY_FORMAT, "FORM", 0,
     "The form of the results: " RESULT_FORMATS " (default: text; json and text have the journal)",
     0},
	{"out", KEY_OUT, "FILE", 0, "Write the results into a new file instead of standard output", 0},
	{"pipes", KEY_PIPES, NULL, 0, "List the pipes", 0},
	{0},
};

static const char doc[] =
	"From opened votes to published results: withdrawals, what written texts mean, sheets of paper "
	"votes, seats by teams and parity, joined questions, as a pipeline that is run anew each time. "
	"The record is only read, and trusted; urna verify checks it. Everything that was done is in a "
	"journal with the results."
	"\vExamples:\n"
	"  urna results --record board-2027/record --pipeline pipeline.json\n"
	"  urna results --record r --pipeline p.json --format json --out results.json\n"
	"  urna results council.csv --rule borda --seats 9 --pipeline parity.json\n"
	"  urna results check pipeline.json --manifest r/manifest.json   (before there are votes)\n"
	"  urna results --pipes\n" OPTIONS_EXIT_CODES;

static void check_together(struct argp_state *state, struct results_options *o)
{
	if (o->format_word && !result_format_read(&o->format, o->format_word))
		argp_error(state, "--format: '%s' is none of " RESULT_FORMATS, o->format_word);
	if (o->common.json && o->format_word && o->format != RESULT_JSON)
		argp_error(state, "either --json or --format, not both");
	if (o->common.json)
		o->format = RESULT_JSON;
	if (o->pipes) {
		if (o->record || o->file || o->pipeline || o->rule || o->out || o->format_word)
			argp_error(state, "--pipes goes with --json only");
		return;
	}
	if (o->record && o->file)
		argp_error(state, "either a FILE or --record, not both");
	if (!o->record && !o->file)
		argp_error(state, "a ballot FILE or --record is missing");
	if (o->record && (o->rule || o->seats || o->lot_count))
		argp_error(state, "with --record, rule, seats and lot are those of its manifest");
	if (o->file)
		options_need(state, "--rule", o->rule);
	options_need(state, "--pipeline", o->pipeline);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct results_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_PIPELINE:
		o->pipeline = arg;
		return 0;
	case KEY_RULE:
		o->rule = arg;
		return 0;
	case KEY_SEATS:
		o->seats = (uint32_t)options_number(state, "--seats", arg, 1, LIMIT_ANSWERS);
		return 0;
	case KEY_LOT:
		o->lot_count = options_order(state, "--lot", arg, o->lot, LIMIT_ANSWERS);
		return 0;
	case KEY_FORMAT:
		o->format_word = arg;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_PIPES:
		o->pipes = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		check_together(state, o);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool of_file(struct results *r, struct session *s, const struct results_options *o,
                    struct error *err)
{
	struct ballot_file file;
	struct profile *profile;
	struct count_rule rule;
	const struct ballot_file_options how = {.seats = o->seats};
	if (!count_rule_read(&rule, bytes_of_text(o->rule), err) ||
	    !ballot_file_read(&file, o->file, &how, &s->arena, err) ||
	    (o->seats && !session_usage(s, ballot_file_check_seats(&file.profile, err))) ||
	    !ballot_file_rule(&rule, o->rule, &file.profile, o->lot, o->lot_count, err) ||
	    !(profile = arena_take_array(&s->arena, 1, struct profile, err)))
		return false;
	*profile = file.profile;
	return results_of_profile(r, profile, &rule, &s->arena, err);
}

static bool run_and_write(struct results *r, const struct pipeline *p, struct result_target *t,
                          const struct results_options *o, struct error *err)
{
	return (pipeline_run(r, p, err) || fail_within(err, o->pipeline)) && results_write(t, r, err);
}

static bool of_record(struct session *s, const struct results_options *o, const struct pipeline *p,
                      struct result_target *t, struct error *err)
{
	struct election e;
	struct results r;
	uint64_t sizes[LIMIT_LISTS];
	if (!election_open(&e, o->record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && result_can_be_counted(&e, err) &&
	            result_list_sizes(sizes, &e, err) &&
	            results_of_record(&r, e.manifest, sizes, e.record, &s->world, err);
	session_progress_done(s);
	good = good && run_and_write(&r, p, t, o, err);
	election_close(&e);
	return good;
}

static bool results(struct session *s, void *ctx, struct error *err)
{
	const struct results_options *o = ctx;
	struct result_target t;
	struct pipeline p;
	struct results r;
	if (o->pipes)
		return results_pipes_print(s->options.json, err);
	if (!read_pipeline(&p, o->pipeline, s, err) || !result_target_open(&t, o->format, o->out, err))
		return false;
	bool good = o->record ? of_record(s, o, &p, &t, err)
	                      : of_file(&r, s, o, err) && run_and_write(&r, &p, &t, o, err);
	return result_target_close(&t, good, err);
}

int cmd_results(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"check", cmd_results_check, "try a pipeline before there are votes", false},
		{NULL, NULL, NULL, false}};
	static const struct argp argp = {options,
	                                 parse,
	                                 "FILE --rule RULE --pipeline FILE\n--record DIR --pipeline "
	                                 "FILE\n--pipes",
	                                 doc,
	                                 options_common,
	                                 NULL,
	                                 NULL};
	struct results_options o = {.common = COMMON_OPTIONS_DEFAULT};
	const struct command *verb = argc > 1 ? command_find(verbs, argv[1]) : NULL;
	if (verb)
		return command_call(verb, argv[0], argc - 1, argv + 1);
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, results, &o);
}
