/* SPDX-License-Identifier: Apache-2.0 */
/* urna-verify: the command urna verify as a program of its own, for auditors. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

#include "group/point.h"
#include "host/process.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct error err;
	char title[] = "urna-verify";
	error_clear(&err);
	argp_err_exit_status = EXIT_USAGE;
	argp_program_version = "urna-verify " URNA_VERSION;
	host_report_require();
	argv[0] = title; /* whatever it is called by: argp and messages name it */
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts(argp_program_version);
		return output_flush() ? EXIT_YES : EXIT_UNDECIDED;
	}
	int code = host_watch_stop(&err) && group_init(NULL, &err) ? cmd_verify(argc, argv)
	                                                           : output_failure(NULL, title, &err);
	return output_flush() ? code : EXIT_UNDECIDED;
}
