/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/people.h"

#include "authority/home.h"
#include "cli/ballot_file.h"

#include <string.h>

#define IDENTITY_FILE_MAX 65536u

enum {
	KEY_AUTHORITY = OPTIONS_KEY + 0x400,
	KEY_BOARD,
	KEY_MODE,
	KEY_REGISTRAR,
	KEY_WEIGHT_MAX,
};

static const struct argp_option options[] = {
	{"authority", KEY_AUTHORITY, "FILE", 0,
     "The identity.json of an authority; once for each; their order numbers them", 2},
	{"board", KEY_BOARD, "FILE", 0, "The identity.json of the board, which collects the ballots",
     2},
	{"mode", KEY_MODE, "MODE", 0,
     "server (default): whoever runs the board says who is entitled to vote; credentials: every "
     "ballot is signed by its voter, so that nobody can add one",
     2},
	{"registrar", KEY_REGISTRAR, "FILE", 0,
     "With --mode credentials: the identity.json of the registrar, who gives out the credentials",
     2},
	{"weight-max", KEY_WEIGHT_MAX, "W", 0, "A vote weighs 1 to W (default: 1)", 2},
	{0},
};

static enum ballot_mode parse_mode(struct argp_state *state, const char *text)
{
	if (strcmp(text, "credentials") == 0)
		return BALLOT_CREDENTIALS;
	if (strcmp(text, "server") != 0)
		argp_error(state, "--mode: '%s' is none of server, credentials", text);
	return BALLOT_SERVER;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct people_options *o = state->input;
	switch (key) {
	case KEY_AUTHORITY:
		if (o->authorities_count == LIMIT_PARTIES)
			argp_error(state, "--authority: at most %u of them", LIMIT_PARTIES);
		else
			o->authorities[o->authorities_count++] = arg;
		return 0;
	case KEY_BOARD:
		o->board = arg;
		return 0;
	case KEY_MODE:
		o->mode = parse_mode(state, arg);
		return 0;
	case KEY_REGISTRAR:
		o->registrar = arg;
		return 0;
	case KEY_WEIGHT_MAX:
		o->weight_max = (uint32_t)options_number(state, "--weight-max", arg, 1, LIMIT_WEIGHT);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp people_argp = {.options = options, .parser = parse};

void people_check_options(struct argp_state *state, const struct people_options *o)
{
	if (o->authorities_count == 0)
		argp_error(state, "--authority is missing: an election needs at least one");
	options_need(state, "--board", o->board);
	if (o->mode == BALLOT_CREDENTIALS && !o->registrar)
		argp_error(state, "--registrar is missing: with --mode credentials somebody gives them "
		                  "out (urna credentials init)");
	if (o->mode == BALLOT_SERVER && o->registrar)
		argp_error(state, "--registrar goes with --mode credentials");
}

static bool read_identity(struct manifest_authority *out, const char *path, struct arena *arena,
                          struct error *err)
{
	bytes json;
	return operator_file_read(&json, path, IDENTITY_FILE_MAX, arena, err) &&
	       (home_read_public(out, json, arena, err) || fail_within(err, path));
}

bool people_read(struct people *out, const struct people_options *o, struct arena *arena,
                 struct error *err)
{
	struct manifest_authority board, registrar;
	*out = (struct people){
		.authorities_count = o->authorities_count, .mode = o->mode, .weight_max = o->weight_max};
	for (unsigned i = 0; i < o->authorities_count; i++)
		if (!read_identity(&out->authorities[i], o->authorities[i], arena, err))
			return false;
	if (!read_identity(&board, o->board, arena, err))
		return false;
	out->board.name = board.operator_name;
	memcpy(out->board.key, board.identity, sizeof out->board.key);
	if (o->mode == BALLOT_CREDENTIALS) {
		if (!read_identity(&registrar, o->registrar, arena, err))
			return false;
		memcpy(out->registrar, registrar.identity, sizeof out->registrar);
	}
	return true;
}

void people_put(struct manifest_draft *draft, const struct people *p)
{
	draft->mode = p->mode;
	draft->board = p->board;
	memcpy(draft->registrar, p->registrar, sizeof draft->registrar);
	draft->weight_max = p->weight_max;
	draft->authorities = p->authorities;
	draft->authorities_count = p->authorities_count;
}
