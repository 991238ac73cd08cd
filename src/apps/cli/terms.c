/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terms.h"

#include "base/bytes.h"
#include "base/limits.h"

enum { KEY_THRESHOLD = OPTIONS_KEY + 0x300, KEY_MIN_LIST, KEY_ACCEPT_SMALL };

static const struct argp_option options[] = {
	{"threshold", KEY_THRESHOLD, "T", 0,
     "How many authorities together can open the votes; fewer cannot", 1},
	{"min-list", KEY_MIN_LIST, "N", 0,
     "Refuse to open fewer than N votes, for few votes tell who cast them (default: 10)", 1},
	{"accept-small-lists", KEY_ACCEPT_SMALL, NULL, 0,
     "Open even fewer votes than --min-list; the record says so", 1},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct terms_options *o = state->input;
	switch (key) {
	case KEY_THRESHOLD:
		o->threshold = (unsigned)options_number(state, "--threshold", arg, 1, LIMIT_PARTIES);
		return 0;
	case KEY_MIN_LIST:
		o->min_list = (uint32_t)options_number(state, "--min-list", arg, 0, LIMIT_BALLOTS);
		return 0;
	case KEY_ACCEPT_SMALL:
		o->accept_small_lists = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp terms_argp = {.options = options, .parser = parse};

void terms_check_options(struct argp_state *state, const struct terms_options *o,
                         unsigned authorities)
{
	if (o->threshold == 0)
		argp_error(state, "--threshold is missing");
	if (o->threshold > authorities)
		argp_error(state, "--threshold: %u is more than the %u authorit%s", o->threshold,
		           authorities, authorities == 1 ? "y" : "ies");
}

bool terms_check_size(const struct terms_options *o, uint64_t ballots, struct error *err)
{
	if (ballots == 0 || ballots >= o->min_list || o->accept_small_lists)
		return true;
	char room[96];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, ballots);
	text_add(&t, " ballots, at least ");
	text_add_u64(&t, o->min_list);
	text_add(&t, " are wanted; --accept-small-lists opens them all the same");
	return fail_detail(err, ERROR_REJECTED, "ballots: so few that the result tells who voted how",
	                   ERROR_NOWHERE, room);
}
