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
	KEY_WITNESS,
	KEY_WITNESS_QUORUM,
	KEY_WITNESS_LYING,
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
	{"witness", KEY_WITNESS, "FILE", 0,
     "The identity.json of a witness, who sees to it that the board has one log; once for each", 2},
	{"witness-quorum", KEY_WITNESS_QUORUM, "Q", 0,
     "So many witnesses must have signed (default: the fewest that exclude two logs)", 2},
	{"witness-lying", KEY_WITNESS_LYING, "F", 0,
     "So many witnesses may lie (default: less than a third of them)", 2},
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
	case KEY_WITNESS:
		if (o->witnesses_count == LIMIT_WITNESSES)
			argp_error(state, "--witness: at most %u of them", LIMIT_WITNESSES);
		else
			o->witnesses[o->witnesses_count++] = arg;
		return 0;
	case KEY_WITNESS_QUORUM:
		o->witness_quorum =
			(unsigned)options_number(state, "--witness-quorum", arg, 1, LIMIT_WITNESSES);
		return 0;
	case KEY_WITNESS_LYING:
		o->witness_lying =
			(unsigned)options_number(state, "--witness-lying", arg, 0, LIMIT_WITNESSES - 1);
		return 0;
	case KEY_WEIGHT_MAX:
		o->weight_max = (uint32_t)options_number(state, "--weight-max", arg, 1, LIMIT_WEIGHT);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp people_argp = {.options = options, .parser = parse};

/* Two quorums share an honest witness: 2q > m + f (docs/protocol.md 4). */
static unsigned lying_of(const struct people_options *o)
{
	return o->witness_lying != PEOPLE_USUAL ? o->witness_lying : (o->witnesses_count - 1) / 3;
}

static unsigned quorum_of(const struct people_options *o)
{
	return o->witness_quorum != PEOPLE_USUAL ? o->witness_quorum
	                                         : (o->witnesses_count + lying_of(o)) / 2 + 1;
}

static void check_witnesses(struct argp_state *state, const struct people_options *o)
{
	unsigned m = o->witnesses_count;
	if (m == 0) {
		if (o->witness_quorum != PEOPLE_USUAL || o->witness_lying != PEOPLE_USUAL)
			argp_error(state, "--witness-quorum and --witness-lying go with --witness");
		return;
	}
	unsigned f = lying_of(o), q = quorum_of(o);
	if (f >= m)
		argp_error(state, "--witness-lying: fewer than the %u witnesses", m);
	if (q > m || 2 * q <= m + f)
		argp_error(state,
		           "--witness-quorum: with %u witnesses, %u of which may lie, it is at least %u "
		           "and at most %u",
		           m, f, (m + f) / 2 + 1, m);
}

void people_check_options(struct argp_state *state, const struct people_options *o)
{
	if (o->authorities_count == 0)
		argp_error(state, "--authority is missing: an election needs at least one");
	options_need(state, "--board", o->board);
	check_witnesses(state, o);
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

static bool read_signer(struct manifest_signer *out, const char *path, struct arena *arena,
                        struct error *err)
{
	struct manifest_authority a;
	if (!read_identity(&a, path, arena, err))
		return false;
	out->name = a.operator_name;
	memcpy(out->key, a.identity, sizeof out->key);
	return true;
}

bool people_read(struct people *out, const struct people_options *o, struct arena *arena,
                 struct error *err)
{
	struct manifest_authority registrar;
	*out = (struct people){
		.authorities_count = o->authorities_count, .mode = o->mode, .weight_max = o->weight_max};
	for (unsigned i = 0; i < o->authorities_count; i++)
		if (!read_identity(&out->authorities[i], o->authorities[i], arena, err))
			return false;
	if (!read_signer(&out->board, o->board, arena, err))
		return false;
	for (unsigned i = 0; i < o->witnesses_count; i++)
		if (!read_signer(&out->witnesses[i], o->witnesses[i], arena, err))
			return false;
	out->witnesses_count = o->witnesses_count;
	if (o->witnesses_count) {
		out->witness_lying = lying_of(o);
		out->witness_quorum = quorum_of(o);
	}
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
	draft->witnesses = p->witnesses;
	draft->witnesses_count = p->witnesses_count;
	draft->witnesses_quorum = p->witness_quorum;
	draft->witnesses_lying = p->witness_lying;
	draft->weight_max = p->weight_max;
	draft->authorities = p->authorities;
	draft->authorities_count = p->authorities_count;
}
