/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a private home with a signing key: urna ceremony init, urna board init, urna credentials
 * init differ in words only.
 */
#ifndef CLI_IDENTITY_INIT_H
#define CLI_IDENTITY_INIT_H

#include "cli/options.h"

struct identity_init {
	const char *doc, *home_help;
	const char *option, *option_help; /* its name: "operator"; also the member of --json */
	const char *who;                  /* "this authority", for the message */
	/* Why this name is none, or NULL. May be NULL. */
	const char *(*refuse)(const char *name);
};

/* The command: parses its arguments, makes the home, says who it is; the exit code. */
int identity_init(const struct identity_init *what, int argc, char **argv);

#endif
