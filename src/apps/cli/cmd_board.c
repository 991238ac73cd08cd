/* SPDX-License-Identifier: Apache-2.0 */
/* urna board init | close | finish, and the noun */
#include "cli/board_work.h"
#include "cli/command.h"
#include "cli/identity_init.h"
#include "cli/note_name.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/result.h"

/* --- init --- */

static int cmd_board_init(int argc, char **argv)
{
	static const struct identity_init what = {
		.doc =
			"Make a board: a private folder with the key that signs what the log of ballots holds "
			"when it closes, and when the election is over. Give the file identity.json to "
			"whoever writes the manifest; the rest of the folder never leaves this machine."
			"\vExample:\n"
			"  urna board init --home board --name urna.example.org/board\n" OPTIONS_EXIT_CODES,
		.home_help = "The board's private folder; it is made",
		.option = "name",
		.option_help = "What it is known as, such as urna.example.org/board: letters, digits, '.', "
					   "'-', '_' and '/'",
		.who = "this board",
		.refuse = note_name_refuse,
	};
	return identity_init(&what, argc, argv);
}

/* --- close, finish --- */

struct end_options {
	struct board_options board;
	bool finishes;
};

static const char close_doc[] =
	"Close an open log of ballots for good, and sign it. Where it is closed, but urna board was "
	"ended before it had signed, it is signed now; where it is signed already, nothing changes."
	"\vExample:\n"
	"  urna board close --home board --record record\n" OPTIONS_EXIT_CODES;

static const char finish_doc[] =
	"End the log: put into it what the tally published, list by list, and the result, and sign "
	"the whole. It is done when as many authorities as the threshold says have signed the result "
	"(urna count --home); without it a record does not verify. Repeating it changes nothing."
	"\vExample:\n"
	"  urna board finish --home board --record record\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct end_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->board;
		state->child_inputs[1] = &o->board.common;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool report(const struct end_options *o, const struct board_work *w,
                   const struct checkpoint *c, struct error *err)
{
	const struct session *s = w->election.session;
	struct json_writer j;
	if (s->options.json) {
		output_json_begin(&j, s->command);
		json_put_key(&j, "ok");
		json_put_flag(&j, true);
		board_put_checkpoint_json(&j, w, c);
		return output_json_end(&j, err);
	}
	output_remark(&s->options, "The log is %s, %llu entries, and signed.",
	              o->finishes ? "complete" : "closed", (unsigned long long)c->size);
	board_say_next(w, o->finishes);
	return true;
}

static bool close_log(struct checkpoint *out, struct board_work *w, struct error *err)
{
	static const struct board_bounds nothing;
	struct board_log log;
	struct board *b;
	if (!board_log_read(&log, &w->final, err))
		return false;
	if (log.state >= LOG_CLOSED)
		return board_sign_close(out, &w->final, err);
	if (log.size == 0)
		return fail(err, ERROR_UNAVAILABLE,
		            "board: there is no log yet; urna board open begins one, urna board collect "
		            "does it all",
		            ERROR_NOWHERE);
	if (!board_work_begin(&b, w, &nothing, err))
		return false;
	bool good = board_work_end(out, b, w, err);
	board_abandon(b);
	return good;
}

static bool end(struct session *s, void *ctx, struct error *err)
{
	const struct end_options *o = ctx;
	struct board_work w;
	struct checkpoint c;
	if (!board_work_open(&w, s, &o->board, err))
		return false;
	bool good = o->finishes
	                ? result_is_signed(&w.election, err) && board_check_tally(&w.final, err) &&
	                      board_finish(&c, &w.final, err)
	                : close_log(&c, &w, err);
	session_progress_done(s);
	good = good && report(o, &w, &c, err);
	board_work_close(&w);
	return good;
}

static int run(const char *doc, bool finishes, int argc, char **argv)
{
	const struct argp_child children[] = {{&board_argp, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse, NULL, doc, children, NULL, NULL};
	struct end_options o = {.board = {.common = COMMON_OPTIONS_DEFAULT}, .finishes = finishes};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.board.common, end, &o);
}

static int cmd_board_close(int argc, char **argv)
{
	return run(close_doc, false, argc, argv);
}

static int cmd_board_finish(int argc, char **argv)
{
	return run(finish_doc, true, argc, argv);
}

int cmd_board(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"init", cmd_board_init, "make a board's identity", false},
		{"open", cmd_board_open, "begin a log that stays open", false},
		{"collect", cmd_board_collect, "take encrypted ballots; closes a log it began itself",
	     false},
		{"void", cmd_board_void, "note audited ballots, which nobody may cast", false},
		{"suspend", cmd_board_suspend, "take no ballots for now", false},
		{"resume", cmd_board_resume, "take ballots again", false},
		{"change", cmd_board_change, "put the registrar's changes of credentials into the log",
	     false},
		{"close", cmd_board_close, "close an open log for good, and sign it", false},
		{"finish", cmd_board_finish, "end the log after the count, and sign the whole", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
