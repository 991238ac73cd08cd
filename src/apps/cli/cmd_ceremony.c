/* SPDX-License-Identifier: Apache-2.0 */
/* urna ceremony; init */
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

struct ceremony_options {
	struct common_options common;
	struct member_options member;
};

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
	"First urna ceremony init makes an authority's home, and urna manifest new the record. "
	"Afterwards urna share backup.\n\n"
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

/* A ceremony this authority has certified is not held again: the command may be repeated. */
static bool hold(struct member_done *done, struct election *e, struct member *m,
                 const struct ceremony_options *o, struct error *err)
{
	struct member_work work = {.step = STEP_CEREMONY, .options = &o->member};
	const struct member_secret passphrase = {o->member.passphrase_file, "key share", true};
	if (!member_passphrase(&work.secrets.passphrase, m, &passphrase, err) ||
	    !member_do(done, m, e, &work, err))
		return false;
	if (!election_read_key(e, err))
		return fail_within(err,
		                   "the share is kept, but the record is not in order; when that file is "
		                   "removed, run this again");
	return digest_equal(&done->eid, &e->key.eid) ||
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
	struct member_done done;
	if (!election_open(&e, o->member.record, DISK_WRITE, s, err))
		return false;
	bool good = manifest_dry_run(e.manifest, &s->arena, err) &&
	            member_open(&m, o->member.home, DISK_PRIVATE, err);
	if (good) {
		good = hold(&done, &e, &m, o, err);
		session_progress_done(s);
		good = good && show_key(&e, done.index, err);
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
