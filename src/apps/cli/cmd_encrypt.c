/* SPDX-License-Identifier: Apache-2.0 */
/* urna encrypt: the ballots of a file, into the urn. */
#include "cli/command.h"
#include "cli/contest.h"
#include "cli/encrypt_file.h"
#include "cli/import.h"
#include "cli/options.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

enum { KEY_RECORD = OPTIONS_KEY };

struct encrypt_options {
	struct common_options common;
	const char *record;
	const char *files[LIMIT_QUESTIONS];
	unsigned files_count;
};

static const struct argp_option options[] = {
	{"record", KEY_RECORD, "DIR", 0, "The election's record, after the ceremony", 0},
	{0},
};

static const char doc[] =
	"Import the ballots of a file: a line that stands for twelve equal ballots becomes twelve "
	"single ones; all of them, in random order and each under a fresh random pseudonym, are "
	"encrypted to the authorities' key with a proof. The file's candidates must be the manifest's "
	"answers. This is for counts and trials of paper ballots: whoever has the file knows what the "
	"ballots say."
	"\vA manifest of several questions wants a file for each, named by the question's id.\n\n"
	"Examples:\n"
	"  urna encrypt ward.blt --record record\n"
	"  urna encrypt q1=A.blt q2=B.blt --record record\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct encrypt_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->files_count == LIMIT_QUESTIONS)
			argp_error(state, "more files than an election can have questions");
		o->files[o->files_count++] = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "FILE", o->files_count ? o : NULL);
		options_need(state, "--record", o->record);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool report(const struct election *e, uint64_t ballots, struct error *err)
{
	const struct session *s = e->session;
	if (!s->options.json) {
		output_remark(&s->options, "%llu ballots are in %s/ballots.bt.",
		              (unsigned long long)ballots, e->path);
		return true;
	}
	struct json_writer w;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ballots");
	json_put_u64(&w, ballots);
	output_json_fingerprint(&w, &e->key.eid);
	return output_json_end(&w, err);
}

/* Better now than after the votes were cast. */
static bool enough(const struct election *e, uint64_t ballots, struct error *err)
{
	struct contest_options o = {.min_list = e->manifest->min_list,
	                            .accept_small_lists = e->manifest->accept_small_lists};
	return contest_check_size(&o, ballots, err);
}

static bool encrypt(struct session *s, void *ctx, struct error *err)
{
	const struct encrypt_options *o = ctx;
	struct election e;
	struct import im;
	if (!election_open(&e, o->record, DISK_WRITE, s, err))
		return false;
	bool good = election_read_key(&e, err) && import_read(&im, &e, o->files, o->files_count, err) &&
	            enough(&e, im.ballots, err) && encrypt_into_record(&im, &e, err);
	session_progress_done(s);
	good = good && report(&e, im.ballots, err);
	election_close(&e);
	return good;
}

int cmd_encrypt(int argc, char **argv)
{
	static const struct argp argp = {options, parse, "FILE\nQUESTION=FILE...", doc, options_common,
	                                 NULL,    NULL};
	struct encrypt_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, encrypt, &o);
}
