/* SPDX-License-Identifier: Apache-2.0 */
/* urna encrypt: ballots of a plain file, encrypted, for the board to collect. */
#include "cli/command.h"
#include "cli/encrypt_file.h"
#include "cli/import.h"
#include "cli/options.h"
#include "cli/out_file.h"
#include "cli/output.h"
#include "cli/voters.h"

#include <stdio.h>
#include <string.h>

enum { KEY_RECORD = OPTIONS_KEY, KEY_OUT, KEY_CREDENTIALS, KEY_SEQ, KEY_STYLE };

#define SEQ_MAX 0x7fffffffu

struct encrypt_options {
	struct common_options common;
	const char *record, *out, *credentials, *style;
	uint32_t seq;
	const char *files[LIMIT_QUESTIONS];
	unsigned files_count;
};

static const struct argp_option options[] = {
	{"record", KEY_RECORD, "DIR", 0, "The election's record, after the ceremony; only read", 0},
	{"out", KEY_OUT, "FILE", 0, "Write the encrypted ballots to FILE, for urna board collect", 0},
	{"credentials", KEY_CREDENTIALS, "FILE", 0,
     "In mode credentials: the voters' codes.csv; each ballot is signed with the next code", 0},
	{"seq", KEY_SEQ, "N", 0,
     "The ballots are their voters' N-th again (default: 0, the first): a later one replaces the "
     "earlier",
     0},
	{"style", KEY_STYLE, "NAME", 0, "The ballot style (default: the one that has every question)",
     0},
	{0},
};

static const char doc[] =
	"Encrypt the ballots of a plain file: a line that stands for twelve equal ballots becomes "
	"twelve single ones; all of them, in random order, are encrypted to the authorities' key with "
	"a proof. In mode server each has a fresh random pseudonym; in mode credentials each is "
	"signed with a voter's code. The file's candidates must be the manifest's answers. This is for "
	"counts and trials of paper ballots: whoever has the file knows what the ballots say. What "
	"becomes of the ballots is up to the board: urna board collect."
	"\vA ballot with several questions wants a file for each, named by the question's id.\n\n"
	"Examples:\n"
	"  urna encrypt ward.blt --record record --out ballots.bt\n"
	"  urna encrypt q1=A.blt q2=B.blt --record record --out ballots.bt\n"
	"  urna encrypt ward.blt --record record --credentials private/codes.csv --out "
	"ballots.bt\n" OPTIONS_EXIT_CODES;

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
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_CREDENTIALS:
		o->credentials = arg;
		return 0;
	case KEY_SEQ:
		o->seq = (uint32_t)options_number(state, "--seq", arg, 0, SEQ_MAX);
		return 0;
	case KEY_STYLE:
		o->style = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->files_count == LIMIT_QUESTIONS)
			argp_error(state, "more files than an election can have questions");
		o->files[o->files_count++] = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "FILE", o->files_count ? o : NULL);
		options_need(state, "--record", o->record);
		options_need(state, "--out", o->out);
		if (o->seq && !o->credentials)
			argp_error(state, "--seq goes with --credentials: without them nobody votes again");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool report(const struct session *s, const struct encrypt_options *o,
                   const struct election *e, uint64_t ballots, struct error *err)
{
	if (!s->options.json) {
		output_remark(
			&s->options,
			"%llu ballots are in %s. Next: urna board collect --home BOARD --record %s %s",
			(unsigned long long)ballots, o->out, o->record, o->out);
		return true;
	}
	struct json_writer w;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ballots");
	json_put_u64(&w, ballots);
	json_put_key(&w, "out");
	json_put_text(&w, o->out);
	output_json_fingerprint(&w, &e->key.eid);
	return output_json_end(&w, err);
}

/* Codes exactly where voters have them, and enough. The caller wipes the arena. */
static bool read_codes(struct encrypt_job *job, const struct encrypt_options *o, struct session *s,
                       struct error *err)
{
	const struct manifest *m = job->election->manifest;
	credential_code *codes;
	size_t count;
	char room[64];
	struct text t = TEXT_OF(room);
	if ((m->mode == BALLOT_CREDENTIALS) != (o->credentials != NULL)) {
		fail(err, ERROR_REJECTED,
		     o->credentials ? "--credentials: in this election, of mode server, voters have none"
		                    : "--credentials is missing: in this election every ballot is signed",
		     ERROR_NOWHERE);
		return session_usage(s, false);
	}
	if (!o->credentials)
		return true;
	if (!codes_read(&codes, &count, o->credentials, m, (uint32_t)(job->im->style - m->styles),
	                &s->arena, err))
		return false;
	job->codes = codes;
	if (count >= job->im->ballots)
		return true;
	text_add_u64(&t, job->im->ballots);
	text_add(&t, " ballots, ");
	text_add_u64(&t, count);
	text_add(&t, " codes of their style");
	fail_detail(err, ERROR_REJECTED, "encrypt: more ballots than voters", count, room);
	return fail_within(err, o->credentials);
}

static bool write_ballots(struct session *s, const struct encrypt_options *o,
                          struct encrypt_job *job, struct error *err)
{
	struct sink *sink;
	size_t mark = arena_mark(&s->arena);
	bool good = read_codes(job, o, s, err) && out_file_create(&sink, o->out, err);
	if (good && !encrypt_to(sink, job, err)) {
		sink_abort(sink);
		good = false;
	} else if (good) {
		good = sink_commit(sink, err);
	}
	arena_release_wiped(&s->arena, mark);
	return good;
}

static bool encrypt(struct session *s, void *ctx, struct error *err)
{
	const struct encrypt_options *o = ctx;
	const struct import_files files = {o->style, o->files, o->files_count};
	struct election e;
	struct import im;
	struct encrypt_job job = {.im = &im, .election = &e, .seq = o->seq};
	if (!election_open(&e, o->record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && import_read(&im, &e, &files, err) &&
	            write_ballots(s, o, &job, err);
	session_progress_done(s);
	good = good && report(s, o, &e, im.ballots, err);
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
