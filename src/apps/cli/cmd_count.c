/* SPDX-License-Identifier: Apache-2.0 */
/* urna count: a plain ballot file, or the opened votes of a record. */
#include "cli/ballot_file.h"
#include "cli/command.h"
#include "cli/member.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/result.h"
#include "cli/session.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_RULE = OPTIONS_KEY, KEY_SEATS, KEY_LOT, KEY_RECORD, KEY_HOME, KEY_JAIL };

struct count_options {
	struct common_options common;
	const char *file, *rule, *record, *home;
	uint32_t seats;
	uint16_t lot[LIMIT_ANSWERS];
	unsigned lot_count;
	bool without_jail;
};

static const struct argp_option options[] = {
	{"rule", KEY_RULE, "RULE", 0, "Count FILE by RULE: scotland or plurality-at-large", 0},
	{"seats", KEY_SEATS, "N", 0, "Fill N seats (default: as FILE says)", 0},
	{"lot", KEY_LOT, "2,1,3", 0,
     "An order of candidates drawn by lot, first drawn first, for ties that need one (default: "
     "the [tie] line of FILE)",
     0},
	{"record", KEY_RECORD, "DIR", 0, "Count the opened votes of this record instead of a FILE", 0},
	{"home", KEY_HOME, "DIR", 0,
     "With --record: as this authority, write result.json, or compare it, and sign it", 0},
	{MEMBER_JAIL_NAME, KEY_JAIL, NULL, 0, MEMBER_JAIL_HELP, 0},
	{0},
};

static const char doc[] =
	"Count ballots, exactly, and print every stage. Without an election, a FILE in .blt or .csv "
	"form is counted by --rule. With --record the opened votes of a record are counted by its "
	"manifest's rules: that alone trusts the record, which urna verify checks. When the "
	"authorities have signed the result, urna board finish ends the log."
	"\vExamples:\n"
	"  urna count ward.blt --rule scotland\n"
	"  urna count --record board-2027/record\n"
	"  urna count --home a1 --record record       (authority 1 writes and signs the "
	"result)\n" OPTIONS_EXIT_CODES;

static void check_together(struct argp_state *state, const struct count_options *o)
{
	if (o->record && o->file)
		argp_error(state, "either a FILE or --record, not both");
	if (o->record && (o->rule || o->seats || o->lot_count))
		argp_error(state, "with --record, rule, seats and lot are those of its manifest");
	if (!o->record && !o->file)
		argp_error(state, "a ballot FILE or --record is missing");
	if (!o->record && o->home)
		argp_error(state, "--home goes with --record");
	if (!o->record)
		options_need(state, "--rule", o->rule);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct count_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
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
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_JAIL:
		o->without_jail = true;
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

static bool count_file(struct session *s, const struct count_options *o, struct error *err)
{
	struct ballot_file file;
	struct count_rule rule;
	struct count_result result;
	if (!count_rule_read(&rule, bytes_of_text(o->rule), err))
		return false;
	struct ballot_file_options how = {.seats = o->seats, .gaps = rule.method->gaps};
	return ballot_file_read(&file, o->file, &how, &s->arena, err) &&
	       (!o->seats || session_usage(s, ballot_file_check_seats(&file.profile, err))) &&
	       ballot_file_rule(&rule, o->rule, &file.profile, o->lot, o->lot_count, err) &&
	       count_run(&result, &rule, &file.profile, &s->arena, err) &&
	       result_print_count(&result, &s->options, err);
}

static bool count_record(struct session *s, const struct count_options *o, struct error *err)
{
	struct election e;
	struct election_result *result;
	if (!election_open(&e, o->record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && result_of_record(&result, &e, err);
	session_progress_done(s);
	good = good && result_print(result, &e, err);
	election_close(&e);
	return good;
}

static bool count_as_member(struct session *s, const struct count_options *o, struct error *err)
{
	struct election e;
	struct member m;
	struct member_done done;
	struct election_result *result;
	const struct member_options member = {
		.home = o->home, .record = o->record, .without_jail = o->without_jail};
	const struct member_work work = {.step = STEP_COUNT, .options = &member};
	if (!election_open(&e, o->record, DISK_WRITE, s, err))
		return false;
	bool good = election_read_key(&e, err) && result_can_be_counted(&e, err) &&
	            member_open(&m, o->home, DISK_PRIVATE, err);
	if (good) {
		/* What it has checked and signed is counted once more, to be shown. */
		good = member_do(&done, &m, &e, &work, err) && result_of_record(&result, &e, err);
		member_close(&m);
	}
	session_progress_done(s);
	good = good && result_print(result, &e, err);
	if (good && !s->options.json)
		output_remark(&s->options,
		              "The result is signed. Next, when enough authorities have signed it: urna "
		              "board finish --home BOARD --record %s",
		              o->record);
	election_close(&e);
	return good;
}

static bool count(struct session *s, void *ctx, struct error *err)
{
	const struct count_options *o = ctx;
	return !o->record ? count_file(s, o, err)
	       : o->home  ? count_as_member(s, o, err)
	                  : count_record(s, o, err);
}

int cmd_count(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "[FILE]", doc, options_common, NULL, NULL};
	struct count_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, count, &o);
}
