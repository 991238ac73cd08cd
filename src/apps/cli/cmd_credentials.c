/* SPDX-License-Identifier: Apache-2.0 */
/* urna credentials init | make */
#include "cli/command.h"
#include "cli/election.h"
#include "cli/identity_init.h"
#include "cli/keyholder.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/outside.h"
#include "cli/register.h"
#include "cli/session.h"
#include "record/electorate.h"

#define CODES_FILE "codes.csv"

enum { KEY_RECORD = OPTIONS_KEY, KEY_VOTERS, KEY_OUT, KEY_HOME };

/* --- init --- */

static int cmd_credentials_init(int argc, char **argv)
{
	static const struct identity_init what = {
		.doc = "Make a registrar: a private folder with the key that signs the list of "
			   "voters' credentials and its changes. Give the file identity.json to whoever writes "
			   "the manifest; the rest of "
			   "the folder never leaves this machine."
			   "\vExample:\n"
			   "  urna credentials init --home registrar --operator 'Electoral "
			   "roll'\n" OPTIONS_EXIT_CODES,
		.home_help = "The registrar's private folder; it is made",
		.option = "operator",
		.option_help = "Who keeps the list of voters",
		.who = "this registrar",
	};
	return identity_init(&what, argc, argv);
}

/* --- make --- */

struct make_options {
	struct common_options common;
	const char *home, *record, *voters, *out;
};

static const struct argp_option make_argp_options[] = {
	{"home", KEY_HOME, "DIR", 0, "The registrar's private folder: its key signs the list", 0},
	{"record", KEY_RECORD, "DIR", 0,
     "The election's record, with its manifest; " CREDENTIALS_FILE " and " CREDENTIALS_SIGNATURE
     " are put there",
     0},
	{"voters", KEY_VOTERS, "FILE", 0,
     "Who may vote: a table with a line VOTER, VOTER,STYLE or VOTER,STYLE,WEIGHT for each", 0},
	{"out", KEY_OUT, "DIR", 0,
     "A private folder outside of the record for " CODES_FILE
     ", every voter's code, and " REGISTER_FILE ", who has which credential; it is made",
     0},
	{0},
};

static const char make_doc[] =
	"Make a code for each voter: 27 characters that sign this voter's ballots. What is public of "
	"them goes into the record, signed by the registrar; the codes go into " CODES_FILE
	", to be sent to the voters, each his "
	"own, and destroyed; keep " REGISTER_FILE ", or nothing can be changed later (urna credentials "
	"change, revoke). No server ever knows a code, so none can vote in anybody's place: do this "
	"on a machine that is not on the network. It is for elections with --mode credentials, before "
	"the board opens."
	"\vExample:\n"
	"  urna credentials make --home registrar --record record --voters voters.csv \\\n"
	"    --out private\n" OPTIONS_EXIT_CODES;

static error_t parse_make(int key, char *arg, struct argp_state *state)
{
	struct make_options *o = state->input;
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
	case KEY_VOTERS:
		o->voters = arg;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--record", o->record);
		options_need(state, "--voters", o->voters);
		options_need(state, "--out", o->out);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct making {
	const struct manifest *m;
	const struct identity_secret *registrar;
	struct voter *voters;
	credential_code *codes;
	struct credential *list;
	struct registered *registered;
	size_t count;
};

static bool make_codes(struct making *k, struct session *s, struct error *err)
{
	if (!codes_make(k->codes, k->list, k->count, k->m, s, err))
		return false;
	for (size_t i = 0; i < k->count; i++) {
		k->list[i].style = k->voters[i].style;
		k->list[i].weight = k->voters[i].weight;
		k->registered[i] = (struct registered){k->voters[i].id, k->list[i]};
	}
	return true;
}

static bool write_codes(struct sink *sink, const struct making *k, struct error *err)
{
	return codes_write(sink, k->m, k->voters, k->codes, k->count, err);
}

static bool write_register(struct sink *sink, const struct making *k, struct error *err)
{
	return register_write(sink, k->m, k->registered, k->count, err);
}

static bool write_one(struct folder *out, const char *name, const struct making *k,
                      bool (*write)(struct sink *, const struct making *, struct error *),
                      struct error *err)
{
	struct sink *sink;
	if (!out->create(out, name, false, &sink, err))
		return false;
	if (write(sink, k, err))
		return sink_commit(sink, err);
	sink_abort(sink);
	return false;
}

/* The codes first: credentials nobody has a code of would shut everybody out. */
static bool write_all(struct making *k, struct folder *record, struct folder *out,
                      struct error *err)
{
	if (!write_one(out, CODES_FILE, k, write_codes, err))
		return false;
	if (write_one(out, REGISTER_FILE, k, write_register, err) &&
	    credentials_write(record, k->m, k->registrar, k->list, k->count, err))
		return true;
	if (!out->remove(out, CODES_FILE, NULL) || !out->remove(out, REGISTER_FILE, NULL))
		fail_within(err, "delete " CODES_FILE " and " REGISTER_FILE " by hand");
	return false;
}

static bool check_before(const struct election *e, struct folder *out, const struct make_options *o,
                         const struct identity_secret *registrar, struct error *err)
{
	if (e->manifest->mode != BALLOT_CREDENTIALS)
		return fail_detail(err, ERROR_REJECTED,
		                   "credentials: this election's manifest is of mode server", ERROR_NOWHERE,
		                   o->record);
	if (!credentials_is_registrar(e->manifest, registrar, err))
		return fail_within(err, o->home);
	if (e->record->exists(e->record, CREDENTIALS_FILE) ||
	    e->record->exists(e->record, CREDENTIALS_SIGNATURE))
		return fail_detail(err, ERROR_CONFLICT, "credentials: the record has them already",
		                   ERROR_NOWHERE, CREDENTIALS_FILE);
	if (out->exists(out, CODES_FILE) || out->exists(out, REGISTER_FILE))
		return fail_detail(err, ERROR_CONFLICT, "credentials: there are codes in this folder",
		                   ERROR_NOWHERE, o->out);
	return true;
}

/* Before there are codes: what the board would refuse. */
static bool check_electorate(const struct making *k, struct error *err)
{
	struct electorate e = {0};
	for (size_t i = 0; i < k->count; i++)
		electorate_add(&e, k->voters[i].style, k->voters[i].weight);
	return electorate_check(&e, k->m, err);
}

static bool make_in(struct session *s, const struct election *e, struct folder *out,
                    const struct make_options *o, const struct identity_secret *registrar,
                    uint64_t *made, struct error *err)
{
	struct making k = {.m = e->manifest, .registrar = registrar};
	if (!check_before(e, out, o, registrar, err) ||
	    !voters_read(&k.voters, &k.count, o->voters, e->manifest, &s->arena, err))
		return false;
	if (!check_electorate(&k, err))
		return false;
	*made = k.count;
	k.list = arena_take_array(&s->arena, k.count, struct credential, err);
	k.registered = arena_take_array(&s->arena, k.count, struct registered, err);
	size_t mark = arena_mark(&s->arena);
	k.codes = arena_take_array(&s->arena, k.count, credential_code, err);
	bool good = k.list && k.registered && k.codes && make_codes(&k, s, err) &&
	            write_all(&k, e->record, out, err);
	arena_release_wiped(&s->arena, mark);
	return good;
}

static bool report_made(struct session *s, const struct make_options *o, uint64_t made,
                        struct error *err)
{
	struct json_writer w;
	if (!o->common.json) {
		output_remark(&o->common,
		              "%llu voters' codes are in %s/" CODES_FILE
		              ", what is public of them in %s/" CREDENTIALS_FILE
		              ". Send each voter his own, then destroy the file; keep " REGISTER_FILE ".",
		              (unsigned long long)made, o->out, o->record);
		return true;
	}
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "voters");
	json_put_u64(&w, made);
	json_put_key(&w, "record");
	json_put_text(&w, o->record);
	json_put_key(&w, "out");
	json_put_text(&w, o->out);
	return output_json_end(&w, err);
}

static bool make_with(struct session *s, const struct make_options *o,
                      const struct identity_secret *registrar, struct error *err)
{
	struct election e;
	struct folder *out;
	uint64_t made;
	if (!election_open(&e, o->record, DISK_WRITE, s, err))
		return false;
	bool good = lies_outside(o->out, o->record, err) &&
	            election_folder_open(&out, o->out, DISK_MAKE_PRIVATE, err);
	if (good) {
		good = make_in(s, &e, out, o, registrar, &made, err);
		disk_folder_close(out);
	}
	session_progress_done(s);
	election_close(&e);
	return good && report_made(s, o, made, err);
}

static bool make(struct session *s, void *ctx, struct error *err)
{
	const struct make_options *o = ctx;
	struct keyholder k;
	if (!keyholder_open(&k, o->home, err))
		return false;
	bool good = make_with(s, o, k.identity, err);
	keyholder_close(&k);
	return good;
}

static int cmd_credentials_make(int argc, char **argv)
{
	static const struct argp argp = {make_argp_options, parse_make, NULL, make_doc,
	                                 options_common,    NULL,       NULL};
	struct make_options o = {.common = COMMON_OPTIONS_DEFAULT};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, make, &o);
}

int cmd_credentials(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"init", cmd_credentials_init, "make a registrar's identity", false},
		{"make", cmd_credentials_make, "make a code for each voter, offline", false},
		{"change", cmd_credentials_change, "sign new voters, or another style or weight", false},
		{"revoke", cmd_credentials_revoke, "sign that voters may not vote any more", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
