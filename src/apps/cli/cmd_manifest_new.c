/* SPDX-License-Identifier: Apache-2.0 */
/* urna manifest new */
#include "cli/command.h"
#include "cli/contest.h"
#include "cli/manifest_file.h"
#include "cli/output.h"

enum { KEY_RECORD = OPTIONS_KEY };

struct new_options {
	struct common_options common;
	struct contest_options contest;
	struct people_options people;
	const char *record;
};

static const struct argp_option new_argp_options[] = {
	{"record", KEY_RECORD, "DIR", 0, "Write DIR/manifest.json; DIR is made", 0},
	{0},
};

static const char new_doc[] =
	"Describe an election of one contest: candidates and seats as in a ballot FILE (.blt or .csv), "
	"the counting rule, the authorities and how many of them open the votes, the board that "
	"collects "
	"the ballots. The manifest's exact bytes are what the key is made for: change nothing in it "
	"later."
	"\vExample:\n"
	"  urna manifest new ward.blt --rule scotland --threshold 2 \\\n"
	"    --authority a1/identity.json --authority a2/identity.json \\\n"
	"    --board board/identity.json --record record\n" OPTIONS_EXIT_CODES;

static error_t parse_new(int key, char *arg, struct argp_state *state)
{
	struct new_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->contest;
		state->child_inputs[1] = &o->people;
		state->child_inputs[2] = &o->common;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->contest.file = arg;
		return 0;
	case ARGP_KEY_END:
		people_check_options(state, &o->people);
		options_need(state, "--record", o->record);
		contest_check_options(state, &o->contest, o->people.authorities_count);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool make_manifest(struct session *s, void *ctx, struct error *err)
{
	const struct new_options *o = ctx;
	struct ballot_file file;
	struct ballot_file_options how = {.seats = o->contest.seats};
	struct people people;
	bytes exact;
	if (!ballot_file_read(&file, o->contest.file, &how, &s->arena, err) ||
	    !contest_fits(s, &o->contest, &file.profile, err) ||
	    !people_read(&people, &o->people, &s->arena, err) ||
	    !contest_manifest(&exact, &o->contest, &file.profile, &people, &s->arena, err) ||
	    !manifest_file_write(o->record, exact, &s->arena, err) ||
	    !manifest_file_report(s->command, &o->common, o->record, exact, err))
		return false;
	if (!o->common.json && o->contest.lot_count == 0 && file.profile.lot_count == 0)
		output_remark(
			&o->common,
			"No lot is declared: a tie that only a lot can decide would stop the count for "
			"good, since the manifest cannot be changed. Before the ceremony: draw one, delete "
			"%s/manifest.json and run this again with --lot.",
			o->record);
	return true;
}

int cmd_manifest_new(int argc, char **argv)
{
	const struct argp_child children[] = {
		{&contest_argp, 0, "The contest:", 1},
		{&people_argp, 0, "Who answers for it:", 2},
		options_common[0],
		{0},
	};
	const struct argp argp = {new_argp_options, parse_new, "FILE", new_doc, children, NULL, NULL};
	struct new_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                        .contest = CONTEST_OPTIONS_DEFAULT,
	                        .people = PEOPLE_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, make_manifest, &o);
}
