/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options of what an authority does in a record: `urna ceremony`, `urna mix`, `urna decrypt`.
 *
 *   struct argp_child children[] = {{&member_argp, 0, NULL, 0}, options_common[0], {0}};
 */
#ifndef CLI_MEMBER_OPTIONS_H
#define CLI_MEMBER_OPTIONS_H

#include "cli/options.h"

struct member_options {
	const char *home, *record, *passphrase_file;
	uint64_t timeout_ms;
	bool without_jail;
};
#define MEMBER_OPTIONS_DEFAULT ((struct member_options){.timeout_ms = 600000})

/* For struct argp_child; the input is a struct member_options. --home and --record are needed. */
extern const struct argp member_argp;
/* With --passphrase-file as well, for who uses the key share. */
extern const struct argp member_argp_with_passphrase;
/* The same; --timeout is for each round. */
extern const struct argp member_argp_ceremony;
/* Without --timeout: nobody is waited for. */
extern const struct argp member_argp_share;
/* What every command of an authority has that takes no other options from here. */
#define MEMBER_JAIL_NAME "without-jail"
#define MEMBER_JAIL_HELP                                                                         \
	"Let the key process work where this system cannot confine it (no seccomp): whatever takes " \
	"it over can then do whatever you can"

#endif
