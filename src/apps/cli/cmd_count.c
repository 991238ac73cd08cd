/* SPDX-License-Identifier: Apache-2.0 */
/* urna count: a plain ballot file, or the opened votes of a record. */
#include "cli/ballot_file.h"
#include "cli/command.h"
#include "cli/count_rules.h"
#include "cli/member.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/result.h"
#include "cli/result_out.h"
#include "cli/session.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_RULE = OPTIONS_KEY,
	KEY_SEATS,
	KEY_LISTS,
	KEY_LOT,
	KEY_RECORD,
	KEY_HOME,
	KEY_FORMAT,
	KEY_OUT,
	KEY_RULES,
	KEY_JAIL
};

struct count_options {
	struct common_options common;
	const char *file, *rule, *lists, *record, *home;
	uint32_t seats;
	uint16_t lot[LIMIT_ANSWERS];
	unsigned lot_count;
	const char *format_word, *out;
	enum result_format format;
	bool rules, without_jail;
};

static const struct argp_option options[] = {
	{"rule", KEY_RULE, "RULE", 0, "Count FILE by RULE, for example scotland; --rules lists them",
     0},
	{"seats", KEY_SEATS, "N", 0, "Fill N seats (default: as FILE says)", 0},
	{"lot", KEY_LOT, "2,1,3", 0,
     "An order of candidates drawn by lot, first drawn first, for ties that need one (default: "
     "the [tie] line of FILE)",
     0},
	{"lists", KEY_LISTS, "LISTS", 0,
     "Who stands on which list, for rules that give seats to lists: a table candidate,list", 0},
	{"record", KEY_RECORD, "DIR", 0, "Count the opened votes of this record instead of a FILE", 0},
	{"home", KEY_HOME, "DIR", 0,
     "With --record: as this authority, write result.json, or compare it, and sign it", 0},
	{"format", KEY_FORMAT, "FORM", 0,
     "The form of the result: " RESULT_FORMATS " (default: text; sequent: the JSON of Sequent's "
     "results, with the rounds)",
     0},
	{"out", KEY_OUT, "FILE", 0, "Write the result into a new file instead of standard output", 0},
	{"rules", KEY_RULES, NULL, 0, "List the counting rules, or explain the one named", 0},
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
	"  urna count council.csv --lists parties.csv --seats 9 --rule party-list:threshold=50\n"
	"  urna count --record board-2027/record\n"
	"  urna count ward.blt --rule scotland --format html --out ward.html\n"
	"  urna count --rules scotland                (what a rule is and which options it has)\n"
	"  urna count --home a1 --record record       (authority 1 writes and signs the "
	"result)\n" OPTIONS_EXIT_CODES;

/* --json is --format json that also makes objects of failures. */
static void check_format(struct argp_state *state, struct count_options *o)
{
	if (o->format_word && !result_format_read(&o->format, o->format_word))
		argp_error(state, "--format: '%s' is none of " RESULT_FORMATS, o->format_word);
	if (o->common.json && o->format_word && o->format != RESULT_JSON)
		argp_error(state, "either --json or --format, not both");
	if (o->common.json)
		o->format = RESULT_JSON;
}

static void check_rules(struct argp_state *state, const struct count_options *o)
{
	if (o->rule || o->seats || o->lot_count || o->record || o->home || o->out || o->format_word)
		argp_error(state, "--rules goes with the name of a rule and with --json only");
}

static void check_together(struct argp_state *state, const struct count_options *o)
{
	if (o->record && o->file)
		argp_error(state, "either a FILE or --record, not both");
	if (o->record && (o->rule || o->seats || o->lists || o->lot_count))
		argp_error(state, "with --record, rule, seats, lists and lot are those of its manifest");
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
	case KEY_LISTS:
		o->lists = arg;
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
	case KEY_FORMAT:
		o->format_word = arg;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_RULES:
		o->rules = true;
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
		check_format(state, o);
		if (o->rules)
			check_rules(state, o);
		else
			check_together(state, o);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool count_file(struct session *s, const struct count_options *o, struct result_target *t,
                       struct error *err)
{
	struct ballot_file file;
	struct count_rule rule;
	struct count_result result;
	if (!count_rule_read(&rule, bytes_of_text(o->rule), err))
		return false;
	struct ballot_file_options how = {
		.seats = o->seats, .gaps = rule.method->gaps, .lists = o->lists};
	return ballot_file_read(&file, o->file, &how, &s->arena, err) &&
	       (!o->seats || session_usage(s, ballot_file_check_seats(&file.profile, err))) &&
	       ballot_file_rule(&rule, o->rule, &file.profile, o->lot, o->lot_count, err) &&
	       count_run(&result, &rule, &file.profile, &s->arena, err) &&
	       result_write_count(t, &result, err);
}

static bool count_record(struct session *s, const struct count_options *o, struct result_target *t,
                         struct error *err)
{
	struct election e;
	struct election_result *result;
	if (!election_open(&e, o->record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && result_of_record(&result, &e, err);
	session_progress_done(s);
	good = good && result_write_election(t, result, &e, err);
	election_close(&e);
	return good;
}

static bool count_as_member(struct session *s, const struct count_options *o,
                            struct result_target *t, struct error *err)
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
	good = good && result_write_election(t, result, &e, err);
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
	struct result_target t;
	if (o->rules)
		return session_usage(s, count_rules_print(o->file, s->options.json, err));
	if (!result_target_open(&t, o->format, o->out, err))
		return false;
	bool good = !o->record ? count_file(s, o, &t, err)
	            : o->home  ? count_as_member(s, o, &t, err)
	                       : count_record(s, o, &t, err);
	return result_target_close(&t, good, err);
}

int cmd_count(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]\n--record DIR\n--rules [NAME]", doc, options_common, NULL, NULL};
	struct count_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, count, &o);
}
