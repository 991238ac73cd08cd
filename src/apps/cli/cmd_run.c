/* SPDX-License-Identifier: Apache-2.0 */
/* urna run */
#include "cli/command.h"
#include "cli/member_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run.h"

#include <string.h>

enum {
	KEY_AUTHORITIES = OPTIONS_KEY,
	KEY_OUT,
	KEY_ACTIVE,
	KEY_MIXERS,
	KEY_TIMEOUT,
	KEY_CREDENTIALS,
	KEY_JAIL
};

#define TIMEOUT_DEFAULT_MS 3600000u

static const struct argp_option options[] = {
	{"authorities", KEY_AUTHORITIES, "N", 0, "How many authorities share the key, 1 to 25", 0},
	{"active", KEY_ACTIVE, "1,3", 0,
     "Who of them decrypts and counts, at least the threshold (default: all)", 0},
	{"mixers", KEY_MIXERS, "1,3", 0,
     "Who of them may shuffle, at least the threshold; they do in ascending order, until as many "
     "as "
     "the threshold have (default: those of --active)",
     0},
	{"credentials", KEY_CREDENTIALS, NULL, 0,
     "Sign every ballot with a credential of its own, of made-up voters, instead of leaving "
     "eligibility to the board",
     0},
	{"out", KEY_OUT, "DIR", 0, "Keep everything in DIR (default: ./urna-DATE-TIME)", 0},
	{"timeout", KEY_TIMEOUT, "SECONDS", 0,
     "Go on without an authority whose step takes longer (default: 3600)", 0},
	{MEMBER_JAIL_NAME, KEY_JAIL, NULL, 0, MEMBER_JAIL_HELP, 0},
	{0},
};

static const char doc[] =
	"Hold a whole election on this machine: one process per authority makes identities and the "
	"key, the ballots of FILE (.blt or .csv) are encrypted and collected by a board, mixed, opened "
	"and counted, and at last the record is verified as an outsider would. An authority that "
	"fails, "
	"or whose work does not hold, is named, and the others go on without it as long as the "
	"threshold of them is left. Everything stays in "
	"--out: private/a1 ... and private/board are homes, record is what everybody may see."
	"\vExample:\n"
	"  urna run ward.blt --authorities 3 --threshold 2 --rule scotland\n\n"
	"Exit codes: 0 verified; 1 something was rejected; 2 wrong usage; 3 could not finish.\n";

static void check_parties(struct argp_state *state, const struct run_options *o, const char *option,
                          const uint16_t *parties, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (parties[i] >= o->authorities)
			argp_error(state, "%s: there is no authority %u", option, parties[i] + 1u);
	if (count < o->contest.terms.threshold)
		argp_error(state, "%s: %u authorit%s, but the threshold is %u", option, count,
		           count == 1 ? "y" : "ies", o->contest.terms.threshold);
}

static void choose_parties(struct argp_state *state, struct run_options *o)
{
	for (; !o->active_text && o->active_count < o->authorities; o->active_count++)
		o->active[o->active_count] = (uint16_t)o->active_count;
	for (; !o->mixers_text && o->mixers_count < o->active_count; o->mixers_count++)
		o->mixers[o->mixers_count] = o->active[o->mixers_count];
	check_parties(state, o, "--active", o->active, o->active_count);
	check_parties(state, o, "--mixers", o->mixers, o->mixers_count);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->contest;
		state->child_inputs[1] = &o->common;
		return 0;
	case KEY_AUTHORITIES:
		o->authorities = (unsigned)options_number(state, "--authorities", arg, 1, LIMIT_PARTIES);
		return 0;
	case KEY_ACTIVE:
		o->active_text = arg;
		o->active_count = options_order(state, "--active", arg, o->active, LIMIT_PARTIES);
		return 0;
	case KEY_MIXERS:
		o->mixers_text = arg;
		o->mixers_count = options_order(state, "--mixers", arg, o->mixers, LIMIT_PARTIES);
		return 0;
	case KEY_CREDENTIALS:
		o->credentials = true;
		return 0;
	case KEY_JAIL:
		o->without_jail = true;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_TIMEOUT:
		o->timeout_ms = options_seconds(state, "--timeout", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one FILE at a time");
		o->contest.file = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->authorities == 0)
			argp_error(state, "--authorities is missing");
		contest_check_options(state, &o->contest, o->authorities);
		choose_parties(state, o);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool run(struct session *s, void *ctx, struct error *err)
{
	struct run_options *o = ctx;
	struct run *r = arena_take_array(&s->arena, 1, struct run, err);
	if (!r)
		return false;
	memset(r, 0, sizeof *r);
	r->options = o;
	r->session = s;
	bool good = run_election(r, err);
	o->child_code = r->told ? r->code : EXIT_YES;
	return good || r->told; /* what was told once is not told again */
}

int cmd_run(int argc, char **argv)
{
	const struct argp_child children[] = {
		{&contest_argp, 0, "The contest:", 1}, options_common[0], {0}};
	const struct argp argp = {options, parse, "FILE", doc, children, NULL, NULL};
	struct run_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                        .contest = CONTEST_OPTIONS_DEFAULT,
	                        .timeout_ms = TIMEOUT_DEFAULT_MS};
	options_parse(&argp, argc, argv, &o);
	int code = session_run(argv[0], &o.common, run, &o);
	return code == EXIT_YES ? o.child_code : code;
}
