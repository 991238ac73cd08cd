/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the program `urna`. The table in main.c is the whole interface: a command is a
 * name, a function that takes its own argc and argv (argv[0] is "urna NAME") and returns the exit
 * code, and one line that says what it is for.
 *
 * Exit codes, the same for every command (README.md): EXIT_YES it is done, or holds; EXIT_NO it was
 * refused, for something in the input is wrong; EXIT_USAGE the command line is, by itself or for
 * this election; EXIT_UNDECIDED none of these: there is nothing to judge, the disk failed,
 * somebody's file is not there yet, it was stopped.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

enum exit_code {
	EXIT_YES = 0,
	EXIT_NO = 1,
	EXIT_USAGE = 2,
	EXIT_UNDECIDED = 3,
};

typedef int command_fn(int argc, char **argv);

struct command {
	const char *name;
	command_fn *run;
	const char *summary;
	bool noun; /* its plural means the same */
};

/* The nearest known name, or NULL when nothing comes near. */
const struct command *command_find(const struct command *table, const char *word);
const char *command_nearest(const struct command *table, const char *word);
/* Gives a command its own argv[0], which is how argp names it in every message: "BEFORE NAME". */
int command_call(const struct command *c, const char *before, int argc, char **argv);
/* A noun with verbs: argv[1] is one of them; --help lists them. */
int command_run_verb(const struct command *table, int argc, char **argv);

command_fn cmd_ceremony;
command_fn cmd_manifest, cmd_manifest_new, cmd_manifest_check, cmd_manifest_import;
command_fn cmd_credentials, cmd_credentials_change, cmd_credentials_revoke;
command_fn cmd_encrypt;
command_fn cmd_board, cmd_board_collect, cmd_board_void;
command_fn cmd_board_open, cmd_board_suspend, cmd_board_resume, cmd_board_change;
command_fn cmd_mix, cmd_decrypt;
command_fn cmd_director;
command_fn cmd_share;
command_fn cmd_count;
command_fn cmd_results;
command_fn cmd_verify, cmd_verify_proof, cmd_verify_evidence;
command_fn cmd_witness;
command_fn cmd_run;

#endif
