/* SPDX-License-Identifier: Apache-2.0 */
/* urna ceremony; init; share check */
#include "authority/home.h"
#include "cli/command.h"
#include "cli/identity_init.h"
#include "cli/member.h"
#include "cli/member_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>

/* --- init --- */

static int cmd_ceremony_init(int argc, char **argv)
{
	static const struct identity_init what = {
		.doc =
			"Make an authority: a private folder with the key it signs with. Give the file "
			"identity.json to whoever writes the manifest; the rest of the folder never leaves "
			"this machine."
			"\vExample:\n"
			"  urna ceremony init --home a1 --operator 'Chamber of Notaries'\n" OPTIONS_EXIT_CODES,
		.home_help = "The authority's private folder; it is made",
		.option = "operator",
		.option_help = "The organisation that runs this authority",
		.who = "this authority",
	};
	return identity_init(&what, argc, argv);
}

/* --- share check --- */

struct ceremony_options {
	struct common_options common;
	struct member_options member;
};

static error_t parse_share(int key, char *arg, struct argp_state *state)
{
	struct ceremony_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->member;
		state->child_inputs[1] = &o->common;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char share_doc[] =
	"Open this authority's key share, with its passphrase where it was sealed with one, and check "
	"that it is the share of this election's key: for a backup that was brought back, or before "
	"the votes are to be opened. Nothing is shown of it and nothing is written."
	"\vExample:\n"
	"  urna ceremony share check --home a1 --record record --passphrase-file "
	"a1.pass\n" OPTIONS_EXIT_CODES;

static bool show_share(const struct election *e, const struct member *m, struct error *err)
{
	const struct session *s = e->session;
	if (!s->options.json) {
		printf("The key share of authority %u in %s opens, and is a share of this election's "
		       "key.\n",
		       m->authority.index, m->holder.path);
		return true;
	}
	struct json_writer w;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "authority");
	json_put_u64(&w, m->authority.index);
	output_json_fingerprint(&w, &e->key.eid);
	return output_json_end(&w, err);
}

static bool check_share(struct session *s, void *ctx, struct error *err)
{
	const struct ceremony_options *o = ctx;
	struct election e;
	struct member m;
	bytes passphrase;
	if (!election_open(&e, o->member.record, DISK_READ, s, err))
		return false;
	bool good = election_read_key(&e, err) && member_open(&m, &e, o->member.home, 0, err);
	if (good) {
		good =
			member_passphrase(&passphrase, &m, o->member.passphrase_file, err) &&
			home_load_share(m.share, m.holder.home, &e.key, m.authority.index, passphrase, err) &&
			show_share(&e, &m, err);
		member_close(&m);
	}
	election_close(&e);
	return good;
}

static int cmd_share_check(int argc, char **argv)
{
	const struct argp_child children[] = {{&member_argp_share, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse_share, NULL, share_doc, children, NULL, NULL};
	struct ceremony_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                             .member = MEMBER_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, check_share, &o);
}

static int cmd_ceremony_share(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"check", cmd_share_check, "does this authority's key share open, and fit?", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}

/* --- the ceremony --- */

static const char doc[] =
	"Make the election's key together with all other authorities: each runs this command at the "
	"same time, they talk through files of the record, and no one ever knows the whole key. What "
	"remains is this authority's key share in its home, and the election's fingerprint. All "
	"operators compare the fingerprint word by word and publish it."
	"\vWho does not speak within --timeout of a round is left out, if at least the threshold of "
	"authorities is there; where all must speak, the attempt ends and another one is begun. "
	"Whoever "
	"was left out, and why, is said at the end, and stays in the record. Stopped before its "
	"certificate (r6), an authority joins the next attempt when it is started again; after it, it "
	"waits for the others.\n\n"
	"First urna ceremony init makes an authority's home, and urna manifest new the record. urna "
	"ceremony share check tells whether a share still opens.\n\n"
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
		argp_error(
			state,
			"there is no 'urna ceremony %s'; there is 'urna ceremony init' and 'urna ceremony "
			"share check'",
			arg);
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
	return home_save_share(k->member->holder.home, key, k->member->authority.index, share,
	                       k->passphrase, k->rng, err);
}

static bool recall_share(void *ctx, const struct election_key *key, secret_scalar *share,
                         struct error *err)
{
	const struct keeping *k = ctx;
	return home_load_share(share, k->member->holder.home, key, k->member->authority.index,
	                       k->passphrase, err);
}

/* A ceremony this authority has certified is not held again: the command may be repeated. */
static bool hold(struct election *e, struct member *m, const struct ceremony_options *o,
                 struct error *err)
{
	struct keeping k = {.member = m, .rng = e->session->rng};
	struct election_key key;
	if (!member_passphrase(&k.passphrase, m, o->member.passphrase_file, err))
		return false;
	m->authority.keep_share = keep_share;
	m->authority.recall_share = recall_share;
	m->authority.keep_ctx = &k;
	if (!authority_ceremony(&key, m->share, &m->authority, &m->holder.locked, err) ||
	    !election_read_key(e, err))
		return false;
	return digest_equal(&key.eid, &e->key.eid) ||
	       fail(err, ERROR_REJECTED, "ceremony: the record shows another key now", ERROR_NOWHERE);
}

/* Who has no part in the key, and how often it was begun. */
static void print_fates(const struct election *e)
{
	const struct ceremony_report *r = &e->ceremony;
	char name[LIMIT_TEXT_BYTES + 1];
	for (unsigned k = 1; k < r->attempts; k++) {
		output_printable(name, sizeof name, r->failures[k - 1].reason);
		printf("Attempt %u failed: %s\n", k, name);
	}
	for (unsigned i = 0; i < e->manifest->authorities_count; i++) {
		if (r->fate[i] == CEREMONY_QUALIFIED)
			continue;
		output_printable_bytes(name, sizeof name, e->manifest->authorities[i].operator_name);
		printf("Authority %u (%s) has no part in the key: %s\n", i + 1, name,
		       ceremony_fate_text(r->fate[i]));
	}
}

static void put_fates(struct json_writer *w, const struct election *e)
{
	json_put_key(w, "attempts");
	json_put_u64(w, e->ceremony.attempts);
	json_put_key(w, "parties");
	json_put_array(w);
	for (unsigned i = 0; i < e->manifest->authorities_count; i++) {
		json_put_object(w);
		json_put_key(w, "authority");
		json_put_u64(w, i + 1);
		json_put_key(w, "qualified");
		json_put_flag(w, e->ceremony.fate[i] == CEREMONY_QUALIFIED);
		json_put_key(w, "fate");
		json_put_text(w, ceremony_fate_text(e->ceremony.fate[i]));
		json_put_end(w);
	}
	json_put_end(w);
}

static bool show_key(const struct election *e, unsigned index, struct error *err)
{
	const struct common_options *o = &e->session->options;
	if (o->json) {
		struct json_writer w;
		output_json_begin(&w, e->session->command);
		json_put_key(&w, "authority");
		json_put_u64(&w, index);
		put_fates(&w, e);
		output_json_fingerprint(&w, &e->key.eid);
		return output_json_end(&w, err);
	}
	print_fates(e);
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
		{"share", cmd_ceremony_share, "look after this authority's key share", true},
		{NULL, NULL, NULL, false}};
	const struct argp_child children[] = {
		{&member_argp_ceremony, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse, NULL, doc, children, NULL, NULL};
	const struct command *verb = argc > 1 ? command_find(verbs, argv[1]) : NULL;
	if (verb)
		return command_call(verb, argv[0], argc - 1, argv + 1);
	struct ceremony_options o = {.common = COMMON_OPTIONS_DEFAULT,
	                             .member = MEMBER_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, ceremony, &o);
}
