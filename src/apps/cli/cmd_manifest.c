/* SPDX-License-Identifier: Apache-2.0 */
/* urna manifest new | check */
#include "authority/home.h"
#include "cli/command.h"
#include "cli/contest.h"
#include "cli/election.h"
#include "cli/manifest_report.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define IDENTITY_FILE_MAX 65536u

enum { KEY_AUTHORITY = OPTIONS_KEY, KEY_RECORD };

/* --- new --- */

struct new_options {
	struct common_options common;
	struct contest_options contest;
	const char *record;
	const char *authorities[LIMIT_PARTIES];
	unsigned authorities_count;
};

static const struct argp_option new_argp_options[] = {
	{"authority", KEY_AUTHORITY, "FILE", 0,
     "The identity.json of an authority; once for each; their order numbers them", 0},
	{"record", KEY_RECORD, "DIR", 0, "Write DIR/manifest.json; DIR is made", 0},
	{0},
};

static const char new_doc[] =
	"Describe an election of one contest: candidates and seats as in a ballot FILE (.blt or .csv), "
	"the counting rule, the authorities and how many of them open the votes. The manifest's exact "
	"bytes are what the key is made for: change nothing in it later."
	"\vExample:\n"
	"  urna manifest new ward.blt --rule scotland --threshold 2 \\\n"
	"    --authority a1/identity.json --authority a2/identity.json --record "
	"record\n" OPTIONS_EXIT_CODES;

static error_t parse_new(int key, char *arg, struct argp_state *state)
{
	struct new_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->contest;
		state->child_inputs[1] = &o->common;
		return 0;
	case KEY_AUTHORITY:
		if (o->authorities_count == LIMIT_PARTIES)
			argp_error(state, "--authority: at most %u of them", LIMIT_PARTIES);
		o->authorities[o->authorities_count++] = arg;
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
		if (o->authorities_count == 0)
			argp_error(state, "--authority is missing: an election needs at least one");
		options_need(state, "--record", o->record);
		contest_check_options(state, &o->contest, o->authorities_count);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool read_authorities(struct manifest_authority *out, const struct new_options *o,
                             struct arena *arena, struct error *err)
{
	for (unsigned i = 0; i < o->authorities_count; i++) {
		bytes json;
		if (!operator_file_read(&json, o->authorities[i], IDENTITY_FILE_MAX, arena, err))
			return false;
		if (!home_read_public(&out[i], json, arena, err))
			return fail_within(err, o->authorities[i]);
	}
	return true;
}

/* The record is public, so its folder is as open as the operator's umask lets it be. */
static bool write_manifest(const char *path, bytes exact, struct error *err)
{
	struct folder *record;
	mkdir(path, 0777);
	if (!election_folder_open(&record, path, DISK_MAKE, err))
		return false;
	bool good = folder_write(record, "manifest.json", false, exact, err);
	disk_folder_close(record);
	return good;
}

static bool report_new(const char *command, const char *record, bytes exact, struct error *err)
{
	struct json_writer w;
	digest d = manifest_digest(exact);
	output_json_begin(&w, command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "record");
	json_put_text(&w, record);
	json_put_key(&w, "digest");
	json_put_hex(&w, BYTES_OF(d.b));
	return output_json_end(&w, err);
}

static bool make_manifest(struct session *s, void *ctx, struct error *err)
{
	const struct new_options *o = ctx;
	struct ballot_file file;
	struct ballot_file_options how = {.seats = o->contest.seats};
	struct manifest_authority authorities[LIMIT_PARTIES];
	bytes exact;
	if (!ballot_file_read(&file, o->contest.file, &how, &s->arena, err) ||
	    !contest_fits(s, &o->contest, &file.profile, err) ||
	    !read_authorities(authorities, o, &s->arena, err) ||
	    !contest_manifest(&exact, &o->contest, &file.profile, authorities, o->authorities_count,
	                      &s->arena, err) ||
	    !write_manifest(o->record, exact, err))
		return false;
	if (o->common.json)
		return report_new(s->command, o->record, exact, err);
	output_remark(&o->common,
	              "%s/manifest.json is written. Next: every authority reads it and runs urna "
	              "ceremony --home HOME --record %s",
	              o->record, o->record);
	if (o->contest.lot_count == 0 && file.profile.lot_count == 0)
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
		{&contest_argp, 0, "The contest:", 1}, options_common[0], {0}};
	const struct argp argp = {new_argp_options, parse_new, "FILE", new_doc, children, NULL, NULL};
	struct new_options o = {.common = COMMON_OPTIONS_DEFAULT, .contest = CONTEST_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, make_manifest, &o);
}

/* --- check --- */

struct check_options {
	struct common_options common;
	const char *file;
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
	if (o->common.json)
		return manifest_report_json(m, s->command, err);
	manifest_report_text(m);
	return true;
}

int cmd_manifest_check(int argc, char **argv)
{
	static const struct argp argp = {NULL,           parse_check, "FILE", check_doc,
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
		{"check", cmd_manifest_check, "check a manifest and print what it says", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
