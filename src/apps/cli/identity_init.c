/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/identity_init.h"

#include "authority/home.h"
#include "cli/election.h"
#include "cli/output.h"
#include "cli/session.h"

#include <stdio.h>

#define IDENTITY_JSON_MAX 65536u

enum { KEY_HOME = OPTIONS_KEY, KEY_NAME };

struct init_options {
	struct common_options common;
	const struct identity_init *what;
	const char *home, *name;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct init_options *o = state->input;
	const char *refusal;
	char option[32];
	struct text t = TEXT_OF(option);
	text_add(&t, "--");
	text_add(&t, o->what->option);
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_NAME:
		refusal = o->what->refuse ? o->what->refuse(arg) : NULL;
		if (refusal)
			argp_error(state, "%s: %s", option, refusal);
		o->name = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, option, o->name);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool show_identity(struct session *s, struct folder *home, const struct init_options *o,
                          struct error *err)
{
	bytes json;
	struct manifest_authority a;
	char words[WORDS_TEXT_BYTES];
	uint8_t *room = arena_take(&s->arena, IDENTITY_JSON_MAX, 1, err);
	if (!room || !folder_read(home, "identity.json", room, IDENTITY_JSON_MAX, &json, err) ||
	    !home_read_public(&a, json, &s->arena, err))
		return false;
	words_encode(words, a.identity);
	if (o->common.json) {
		struct json_writer w;
		output_json_begin(&w, s->command);
		json_put_key(&w, o->what->option);
		json_put_text_bytes(&w, a.operator_name);
		json_put_key(&w, "identity");
		json_put_hex(&w, BYTES_OF(a.identity));
		json_put_key(&w, "words");
		json_put_text(&w, words);
		return output_json_end(&w, err);
	}
	if (!o->common.quiet)
		printf("%s/identity.json names %s. Its key in words:\n  %s\n", o->home, o->what->who,
		       words);
	return true;
}

static bool init(struct session *s, void *ctx, struct error *err)
{
	const struct init_options *o = ctx;
	struct folder *home;
	if (!election_folder_open(&home, o->home, DISK_MAKE_PRIVATE, err))
		return false;
	bool good =
		home_create(home, bytes_of_text(o->name), s->rng, err) && show_identity(s, home, o, err);
	disk_folder_close(home);
	return good;
}

int identity_init(const struct identity_init *what, int argc, char **argv)
{
	const struct argp_option options[] = {
		{"home", KEY_HOME, "DIR", 0, what->home_help, 0},
		{what->option, KEY_NAME, "NAME", 0, what->option_help, 0},
		{0},
	};
	const struct argp argp = {options, parse, NULL, what->doc, options_common, NULL, NULL};
	struct init_options o = {.common = COMMON_OPTIONS_DEFAULT, .what = what};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, init, &o);
}
