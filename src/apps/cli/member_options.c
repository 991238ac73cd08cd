/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/member_options.h"

enum { KEY_HOME = OPTIONS_KEY + 0x200, KEY_RECORD, KEY_TIMEOUT, KEY_PASSPHRASE, KEY_JAIL };

#define HOME                                                             \
	{                                                                    \
		"home", KEY_HOME, "DIR", 0, "This authority's private folder", 0 \
	}
#define RECORD                                                                                  \
	{                                                                                           \
		"record", KEY_RECORD, "DIR", 0, "The election's record, which all authorities share", 0 \
	}
#define TIMEOUT                                                                 \
	{                                                                           \
		"timeout", KEY_TIMEOUT, "SECONDS", 0,                                   \
			"Wait so long for each step of another authority (default: 600)", 0 \
	}
#define ROUND_TIMEOUT                                                                            \
	{                                                                                            \
		"timeout", KEY_TIMEOUT, "SECONDS", 0,                                                    \
			"Wait so long in each round for those who are missing; then go on without them, if " \
			"the threshold allows it (default: 600)",                                            \
			0                                                                                    \
	}
#define PASSPHRASE                                                                               \
	{                                                                                            \
		"passphrase-file", KEY_PASSPHRASE, "FILE", 0,                                            \
			"The passphrase of the key share, one line: the ceremony seals the share with it, "  \
			"decrypt "                                                                           \
			"needs it again. '-': asked at the terminal. Without it, whoever can read the home " \
			"can "                                                                               \
			"use the share",                                                                     \
			0                                                                                    \
	}

#define JAIL                                                     \
	{                                                            \
		MEMBER_JAIL_NAME, KEY_JAIL, NULL, 0, MEMBER_JAIL_HELP, 0 \
	}

static const struct argp_option of_mix[] = {HOME, RECORD, TIMEOUT, JAIL, {0}};
static const struct argp_option of_decrypt[] = {HOME, RECORD, TIMEOUT, PASSPHRASE, JAIL, {0}};
static const struct argp_option of_ceremony[] = {HOME,       RECORD, ROUND_TIMEOUT,
                                                 PASSPHRASE, JAIL,   {0}};
static const struct argp_option of_share[] = {HOME, RECORD, PASSPHRASE, JAIL, {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct member_options *o = state->input;
	switch (key) {
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_TIMEOUT:
		o->timeout_ms = options_seconds(state, "--timeout", arg);
		return 0;
	case KEY_PASSPHRASE:
		o->passphrase_file = arg;
		return 0;
	case KEY_JAIL:
		o->without_jail = true;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--record", o->record);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp member_argp = {.options = of_mix, .parser = parse};
const struct argp member_argp_with_passphrase = {.options = of_decrypt, .parser = parse};
const struct argp member_argp_ceremony = {.options = of_ceremony, .parser = parse};
const struct argp member_argp_share = {.options = of_share, .parser = parse};
