/* SPDX-License-Identifier: Apache-2.0 */
/* urna witness init | cosign */
#include "cli/command.h"
#include "cli/election.h"
#include "cli/identity_init.h"
#include "cli/keyholder.h"
#include "cli/note_name.h"
#include "cli/options.h"
#include "cli/output.h"
#include "record/witness.h"

#include <time.h>

/* --- init --- */

static int cmd_witness_init(int argc, char **argv)
{
	static const struct identity_init what = {
		.doc =
			"Make a witness: a private folder with the key that signs the checkpoints of a board's "
			"log, and with what it has signed. A witness signs no second history, so that a board "
			"cannot show one log to some and another to others. Give the file identity.json to "
			"whoever writes the manifest; the rest of the folder never leaves this machine."
			"\vExample:\n"
			"  urna witness init --home w1 --name witness.example.org\n" OPTIONS_EXIT_CODES,
		.home_help = "The witness's private folder; it is made",
		.option = "name",
		.option_help = "What it is known as, such as witness.example.org: letters, digits, '.', "
					   "'-', '_' and '/'",
		.who = "this witness",
		.refuse = note_name_refuse,
	};
	return identity_init(&what, argc, argv);
}

/* --- cosign --- */

enum { KEY_HOME = OPTIONS_KEY, KEY_RECORD };

struct cosign_options {
	struct common_options common;
	const char *home, *record;
};

static const struct argp_option options[] = {
	{"home", KEY_HOME, "DIR", 0, "The witness's private folder", 0},
	{"record", KEY_RECORD, "DIR", 0, "The election's record", 0},
	{0},
};

static const char doc[] =
	"Sign what the board has signed: the log when it is closed, before the authorities mix, and "
	"the whole log when it is complete. The log's entries must have the root that the board "
	"signed, "
	"and begin with the log that this witness signed before; a smaller log, or another of the same "
	"size, is refused. What is signed already stays as it is. Witnesses that share a folder sign "
	"one after another; run again whoever is missing."
	"\vExample:\n"
	"  urna witness cosign --home w1 --record record\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cosign_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--record", o->record);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct signed_one {
	const char *path;
	struct checkpoint checkpoint;
	bool there, already;
	unsigned witnesses; /* that have cosigned now */
};

static bool cosign_one(struct signed_one *out, const struct witness *w, struct error *err)
{
	const struct checkpoint_policy policy = {w->manifest, w->eid, true};
	out->there = w->record->exists(w->record, out->path);
	if (!out->there)
		return true;
	if (!witness_cosign(&out->checkpoint, &out->already, w, out->path, err))
		return false;
	const struct checkpoint_claim claim = {w->record, out->path, out->checkpoint.size,
	                                       &out->checkpoint.root};
	return checkpoint_check(&out->witnesses, &claim, &policy, err);
}

static void report_text(const struct cosign_options *o, const struct signed_one *list,
                        const struct manifest *m)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct signed_one *s = &list[i];
		if (s->there)
			output_remark(&o->common, "%s: %s, %llu entries; %u of the %u witnesses it takes.",
			              s->path, s->already ? "signed before" : "signed",
			              (unsigned long long)s->checkpoint.size, s->witnesses,
			              m->witnesses_quorum);
	}
}

static bool report_json(const struct session *s, const struct signed_one *list,
                        const struct election *e, struct error *err)
{
	struct json_writer w;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "quorum");
	json_put_u64(&w, e->manifest->witnesses_quorum);
	json_put_key(&w, "checkpoints");
	json_put_array(&w);
	for (unsigned i = 0; i < 2; i++) {
		if (!list[i].there)
			continue;
		json_put_object(&w);
		json_put_key(&w, "path");
		json_put_text(&w, list[i].path);
		json_put_key(&w, "already");
		json_put_flag(&w, list[i].already);
		json_put_key(&w, "witnesses");
		json_put_u64(&w, list[i].witnesses);
		json_put_key(&w, "size");
		json_put_u64(&w, list[i].checkpoint.size);
		json_put_key(&w, "root");
		json_put_hex(&w, BYTES_OF(list[i].checkpoint.root.b));
		json_put_end(&w);
	}
	json_put_end(&w);
	output_json_fingerprint(&w, &e->key.eid);
	return output_json_end(&w, err);
}

static bool cosign_all(struct session *s, const struct cosign_options *o, struct election *e,
                       struct keyholder *k, struct error *err)
{
	struct signed_one list[2] = {{.path = BOARD_CLOSE_PATH}, {.path = BOARD_FINAL_PATH}};
	time_t now = time(NULL);
	const struct witness w = {.manifest = e->manifest,
	                          .eid = &e->key.eid,
	                          .record = e->record,
	                          .home = k->home,
	                          .arena = &s->arena,
	                          .key = k->identity,
	                          .time_s = (uint64_t)now};
	unsigned me;
	if (now < 0)
		return fail(err, ERROR_IO, "witness: the clock cannot be read", ERROR_NOWHERE);
	if (!witness_find(&me, e->manifest, k->identity->pub, err))
		return fail_within(err, k->path);
	for (unsigned i = 0; i < 2; i++)
		if (!cosign_one(&list[i], &w, err))
			return false;
	if (!list[0].there && !list[1].there)
		return fail(err, ERROR_UNAVAILABLE,
		            "witness: the board has signed nothing yet; it does when it closes the log",
		            ERROR_NOWHERE);
	session_progress_done(s);
	if (o->common.json)
		return report_json(s, list, e, err);
	report_text(o, list, e->manifest);
	return true;
}

static bool cosign(struct session *s, void *ctx, struct error *err)
{
	const struct cosign_options *o = ctx;
	struct election e;
	struct keyholder k;
	if (!election_open(&e, o->record, DISK_WRITE, s, err))
		return false;
	bool good = election_read_key(&e, err) && keyholder_open(&k, o->home, err);
	if (good) {
		good = cosign_all(s, o, &e, &k, err);
		keyholder_close(&k);
	}
	election_close(&e);
	return good;
}

static int cmd_witness_cosign(int argc, char **argv)
{
	static const struct argp argp = {options, parse, NULL, doc, options_common, NULL, NULL};
	struct cosign_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, cosign, &o);
}

int cmd_witness(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"init", cmd_witness_init, "make a witness's identity", false},
		{"cosign", cmd_witness_cosign, "sign the board's checkpoints, if there is one log", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
