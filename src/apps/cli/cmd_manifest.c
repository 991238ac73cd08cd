/* SPDX-License-Identifier: Apache-2.0 */
/* urna manifest check, and the noun */
#include "cli/ballot_file.h"
#include "cli/command.h"
#include "cli/manifest_report.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>

/* --- check --- */

struct check_options {
	struct common_options common;
	const char *file;
	uint32_t voters;
};

enum { KEY_VOTERS = OPTIONS_KEY };

static const struct argp_option check_options[] = {
	{"voters", KEY_VOTERS, "N", 0,
     "So many are expected to vote: warn where far more different ballots are possible (default "
     "100,000)",
     0},
	{0},
};

static const char check_doc[] =
	"Check a manifest: its form, and every rule an election must keep; then print what it says, to "
	"be read before the ceremony. A mistake is named with its place, such as questions[2].max."
	"\vExample:\n"
	"  urna manifest check record/manifest.json\n" OPTIONS_EXIT_CODES;

static error_t parse_check(int key, char *arg, struct argp_state *state)
{
	struct check_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_VOTERS:
		o->voters = (uint32_t)options_number(state, "--voters", arg, 1, LIMIT_BALLOTS);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "FILE", o->file);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool check_manifest(struct session *s, void *ctx, struct error *err)
{
	const struct check_options *o = ctx;
	bytes exact;
	struct manifest *m;
	if (!operator_file_read(&exact, o->file, LIMIT_MANIFEST_BYTES, &s->arena, err))
		return false;
	if (!manifest_read(&m, exact, &s->arena, err)) {
		/* A bound of the format is a rule too: the manifest is what is wrong. */
		if (err->kind == ERROR_LIMIT)
			err->kind = ERROR_REJECTED;
		return fail_within(err, o->file);
	}
	if (!manifest_dry_run(m, &s->arena, err))
		return fail_within(err, o->file);
	if (o->common.json)
		return manifest_report_json(m, o->voters, s->command, err);
	manifest_report_text(m, o->voters);
	return true;
}

int cmd_manifest_check(int argc, char **argv)
{
	static const struct argp argp = {check_options,  parse_check, "FILE", check_doc,
	                                 options_common, NULL,        NULL};
	struct check_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, check_manifest, &o);
}

/* --- the noun --- */

int cmd_manifest(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"new", cmd_manifest_new, "describe an election of one contest, from a ballot file", false},
		{"import-sequent", cmd_manifest_import,
	     "make it of an election of Agora Voting or Sequent, field by field", false},
		{"check", cmd_manifest_check, "check a manifest and print what it says", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
