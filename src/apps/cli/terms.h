/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under which terms votes are opened: options that every command shares which makes a manifest.
 */
#ifndef CLI_TERMS_H
#define CLI_TERMS_H

#include "base/error.h"
#include "cli/options.h"

struct terms_options {
	unsigned threshold;
	uint32_t min_list;
	bool accept_small_lists;
};
#define TERMS_MIN_LIST 10u
#define TERMS_OPTIONS_DEFAULT ((struct terms_options){.min_list = TERMS_MIN_LIST})

/* For struct argp_child; its input is a struct terms_options. */
extern const struct argp terms_argp;
/* Ends the program unless there is a threshold, at most the number of authorities. */
void terms_check_options(struct argp_state *state, const struct terms_options *o,
                         unsigned authorities);
/* REJECTED when the ballots are fewer than min_list and small lists are not accepted. */
bool terms_check_size(const struct terms_options *o, uint64_t ballots,
                      struct error *err) must_check;

#endif
