/* SPDX-License-Identifier: Apache-2.0 */
/* urna: online elections that anyone can verify. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

#include "group/point.h"
#include "host/process.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define TITLE_BYTES 64u

static command_fn cmd_help;

static const struct command commands[] = {
	{"run", cmd_run, "hold a whole election on this machine and verify it", false},
	{"count", cmd_count, "count a ballot file, or the opened votes of a record", false},
	{"results", cmd_results, "from counted votes to published results, by a pipeline", false},
	{"verify", cmd_verify, "check a record, or a mix-net proof, from beginning to end", false},
	{"manifest", cmd_manifest, "make or check the description of an election", true},
	{"ceremony", cmd_ceremony, "make an authority's identity; make the election's key", true},
	{"credentials", cmd_credentials, "make the voters' codes, offline", true},
	{"encrypt", cmd_encrypt, "encrypt the ballots of a plain file", false},
	{"board", cmd_board, "collect encrypted ballots in the record, close it, end it", true},
	{"witness", cmd_witness, "see to it that a board has one log only", true},
	{"mix", cmd_mix, "one authority's shuffle of the encrypted ballots", false},
	{"decrypt", cmd_decrypt, "one authority's part of opening the mixed ballots", false},
	{"director", cmd_director, "how a tally stands; make room where an authority failed", true},
	{"share", cmd_share, "check, back up, restore or destroy an authority's key share", true},
	{"help", cmd_help, "explain a command: urna help mix", false},
	{NULL, NULL, NULL, false},
};

static void print_overview(FILE *f)
{
	fputs("urna: elections whose result anyone can check.\n\n"
	      "usage: urna COMMAND [OPTION...] [ARGUMENT...]\n\n",
	      f);
	for (const struct command *c = commands; c->name; c++)
		fprintf(f, "  %-12s %s\n", c->name, c->summary);
	fputs("\nTry it:            urna run examples/allotment-board.blt --authorities 3 "
	      "--threshold 2 --rule scotland\n"
	      "More about one:    urna help COMMAND\n"
	      "Version:           urna --version\n\n"
	      "Exit codes: 0 yes, 1 rejected, 2 wrong usage, 3 could not decide.\n",
	      f);
}

static int unknown(const char *word)
{
	char shown[TITLE_BYTES];
	const char *nearest = command_nearest(commands, word);
	output_printable(shown, sizeof shown, word);
	fprintf(stderr, "urna: there is no command '%s'", shown);
	if (nearest)
		fprintf(stderr, "; did you mean '%s'?", nearest);
	fputs("\nurna help lists the commands.\n", stderr);
	return EXIT_USAGE;
}

static int cmd_help(int argc, char **argv)
{
	static char help_option[] = "--help", name[] = "";
	if (argc < 2 || argv[1][0] == '-') {
		print_overview(stdout);
		return EXIT_YES;
	}
	const struct command *c = command_find(commands, argv[1]);
	if (!c)
		return unknown(argv[1]);
	if (c->run == cmd_help) {
		print_overview(stdout);
		return EXIT_YES;
	}
	/* "urna help ceremony init" asks for what "urna ceremony init --help" says. */
	char *asked[] = {name, argc > 2 ? argv[2] : help_option, help_option, NULL};
	return command_call(c, "urna", argc > 2 ? 3 : 2, asked);
}

static int protect_process(void)
{
	struct error err;
	error_clear(&err);
	prctl(PR_SET_NAME, "urna", 0, 0, 0); /* started through /proc/self/exe it would be "exe" */
	host_report_require();
	if (host_forbid_core_dumps(&err) && host_watch_stop(&err) && group_init(NULL, &err))
		return EXIT_YES;
	return output_failure(NULL, "urna", &err);
}

/* The words that are no command: --help and --version. */
static bool is_answered(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0 || strcmp(word, "-h") == 0)
		print_overview(stdout);
	else if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		puts(argp_program_version);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	argp_err_exit_status = EXIT_USAGE;
	argp_program_version = "urna " URNA_VERSION;
	if (argc < 2) {
		print_overview(stderr);
		return EXIT_USAGE;
	}
	if (is_answered(argv[1]))
		return output_flush() ? EXIT_YES : EXIT_UNDECIDED;
	const struct command *c = command_find(commands, argv[1]);
	if (!c)
		return unknown(argv[1]);
	int code = protect_process();
	if (code == EXIT_YES)
		code = command_call(c, "urna", argc - 1, argv + 1);
	return output_flush() ? code : EXIT_UNDECIDED;
}
