/* SPDX-License-Identifier: Apache-2.0 */
/* urna ceremony, and urna ceremony init */
#include "authority/home.h"
#include "cli/command.h"
#include "cli/election.h"
#include "cli/member_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>

enum { KEY_HOME = OPTIONS_KEY, KEY_OPERATOR };

/* --- init --- */

struct init_options {
	struct common_options common;
	const char *home, *operator_name;
};

static const struct argp_option init_argp_options[] = {
	{"home", KEY_HOME, "DIR", 0, "The authority's private folder; it is made", 0},
	{"operator", KEY_OPERATOR, "NAME", 0, "The organisation that runs this authority", 0},
	{0},
};

static const char init_doc[] =
	"Make an authority: a private folder with the key it signs with. Give the file identity.json "
	"to whoever writes the manifest; the rest of the folder never leaves this machine."
	"\vExample:\n"
	"  urna ceremony init --home a1 --operator 'Chamber of Notaries'\n" OPTIONS_EXIT_CODES;

static error_t parse_init(int key, char *arg, struct argp_state *state)
{
	struct init_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_OPERATOR:
		o->operator_name = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--operator", o->operator_name);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool show_identity(struct session *s, struct folder *home, const struct init_options *o,
                          struct error *err)
{
	uint8_t room[16384];
	bytes json;
	struct manifest_authority a;
	char words[WORDS_TEXT_BYTES];
	if (!folder_read(home, "identity.json", room, sizeof room, &json, err) ||
	    !home_read_public(&a, json, &s->arena, err))
		return false;
	words_encode(words, a.identity);
	if (o->common.json) {
		struct json_writer w;
		output_json_begin(&w, s->command);
		json_put_key(&w, "operator");
		json_put_text_bytes(&w, a.operator_name);
		json_put_key(&w, "identity");
		json_put_hex(&w, BYTES_OF(a.identity));
		json_put_key(&w, "words");
		json_put_text(&w, words);
		return output_json_end(&w, err);
	}
	if (!o->common.quiet)
		printf("%s/identity.json names this authority. Its key in words:\n  %s\n", o->home, words);
	return true;
}

static bool init(struct session *s, void *ctx, struct error *err)
{
	const struct init_options *o = ctx;
	struct folder *home;
	if (!election_folder_open(&home, o->home, DISK_MAKE_PRIVATE, err))
		return false;
	bool good = home_create(home, bytes_of_text(o->operator_name), s->rng, err) &&
	            show_identity(s, home, o, err);
	disk_folder_close(home);
	return good;
}

int cmd_ceremony_init(int argc, char **argv)
{
	static const struct argp argp = {init_argp_options, parse_init, NULL, init_doc,
	                                 options_common,    NULL,       NULL};
	struct init_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, init, &o);
}

/* --- the ceremony --- */

struct ceremony_options {
	struct common_options common;
	struct member_options member;
};

static const char doc[] =
	"Make the election's key together with all other authorities: each runs this command at the "
	"same time, they talk through files of the record, and no one ever knows the whole key. What "
	"remains is this authority's key share in its home, and the election's fingerprint. All "
	"operators compare the fingerprint word by word and publish it."
	"\vFirst urna ceremony init makes an authority's home, and urna manifest new the record.\n\n"
	"Example:\n"
	"  urna ceremony --home a1 --record record --passphrase-file a1.pass\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct ceremony_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->member;
		state->child_inputs[1] = &o->common;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "there is no 'urna ceremony %s'; there is 'urna ceremony init'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct keeping {
	struct member *member;
	bytes passphrase;
	struct rng *rng;
};

static bool keep_share(void *ctx, const struct election_key *key, const secret_scalar *share,
                       struct error *err)
{
	const struct keeping *k = ctx;
	return home_save_share(k->member->home, key, k->member->authority.index, share, k->passphrase,
	                       k->rng, err);
}

/* A ceremony this authority has certified is not held again: the command may be repeated. */
static bool hold(struct election *e, struct member *m, const struct ceremony_options *o,
                 struct error *err)
{
	struct keeping k = {.member = m, .rng = e->session->rng};
	if (!member_passphrase(&k.passphrase, m, o->member.passphrase_file, err))
		return false;
	if (authority_has_certified(&m->authority)) {
		if (!authority_await_key(&e->key, &m->authority, err) ||
		    !home_load_share(m->share, m->home, &e->key, m->authority.index, k.passphrase, err))
			return false;
		output_remark(&o->common, "The ceremony is finished and the share is in %s.",
		              o->member.home);
		return true;
	}
	m->authority.keep_share = keep_share;
	m->authority.keep_ctx = &k;
	return authority_ceremony(&e->key, m->share, &m->authority, &m->locked, err);
}

static bool show_key(const struct election *e, unsigned index, struct error *err)
{
	const struct common_options *o = &e->session->options;
	if (o->json) {
		struct json_writer w;
		output_json_begin(&w, e->session->command);
		json_put_key(&w, "authority");
		json_put_u64(&w, index);
		output_json_fingerprint(&w, &e->key.eid);
		return output_json_end(&w, err);
	}
	output_fingerprint(&e->key.eid);
	return true;
}

static bool ceremony(struct session *s, void *ctx, struct error *err)
{
	const struct ceremony_options *o = ctx;
	struct election e;
	struct member m;
	if (!election_open(&e, o->member.record, DISK_WRITE, s, err))
		return false;
	bool good = member_open(&m, &e, o->member.home, o->member.timeout_ms, err);
	if (good) {
		good = hold(&e, &m, o, err);
		session_progress_done(s);
		good = good && show_key(&e, m.authority.index, err);
		member_close(&m);
	}
	election_close(&e);
	return good;
}

int cmd_ceremony(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"init", cmd_ceremony_init, "make an authority's identity", false},
		{NULL, NULL, NULL, false}};
	const struct argp_child children[] = {
		{&member_argp_with_passphrase, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse, NULL, doc, children, NULL, NULL};
	const struct command *verb = argc > 1 ? command_find(verbs, argv[1]) : NULL;
	if (verb)
		return command_call(verb, argv[0], argc - 1, argv + 1);
	struct ceremony_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                             .member = MEMBER_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, ceremony, &o);
}
