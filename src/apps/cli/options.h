/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How command lines are read: the options every command has, and numbers and lists as argp parsers
 * want them. A wrong value ends the program with EXIT_USAGE and a message that names the option.
 *
 *   struct argp argp = {…, .children = options_common};
 *   case ARGP_KEY_INIT: state->child_inputs[0] = &mine->common; return 0;
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "host/progress.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct common_options {
	bool json, quiet;
	enum progress_mode progress;
	unsigned threads;      /* 0: as many as there are CPUs */
	uint64_t memory_limit; /* bytes of address space for the work, touched as needed */
};
#define MEMORY_LIMIT_DEFAULT ((uint64_t)64 << 30)
#define COMMON_OPTIONS_DEFAULT ((struct common_options){.memory_limit = MEMORY_LIMIT_DEFAULT})

extern const struct argp_child options_common[];

/* The last paragraph of every command's --help. */
#define OPTIONS_EXIT_CODES                                                                 \
	"\nExit codes: 0 done; 1 rejected; 2 wrong usage; 3 could not decide (nothing there, " \
	"disk, deadline, stopped).\n"

/* Keys of options without a letter, beyond those of the common ones. */
#define OPTIONS_KEY 0x200

/* Hundreds of characters of help in the current terminal: argp's own parser and help output. */
void options_parse(const struct argp *argp, int argc, char **argv, void *input);

uint64_t options_number(struct argp_state *state, const char *option, const char *text,
                        uint64_t min, uint64_t max);
/* Seconds, decimals allowed, as milliseconds. */
uint64_t options_seconds(struct argp_state *state, const char *option, const char *text);
/* "2,1,3": numbers from 1, none twice, at most `most`; out has room for them, counted from 0. */
unsigned options_order(struct argp_state *state, const char *option, const char *text,
                       uint16_t *out, unsigned most);
/* For required options: ends the program unless value is there. */
void options_need(struct argp_state *state, const char *option, const void *value);

#endif
