/* SPDX-License-Identifier: Apache-2.0 */
/* urna mix and urna decrypt: an authority's two steps of a tally. */
#include "authority/authority.h"
#include "cli/command.h"
#include "cli/member.h"
#include "cli/member_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "record/board.h"
#include "record/statement.h"

#include <stdio.h>

enum { KEY_PARTIES = OPTIONS_KEY };

struct tally_options {
	struct common_options common;
	struct member_options member;
	const char *parties; /* who shuffles, who decrypts; NULL: all who have a share of the key */
	bool decrypts;
};

static const struct argp_option mix_options[] = {
	{"mixers", KEY_PARTIES, "1,3", 0,
     "Who may shuffle, at least as many as the threshold says; they do in ascending order, and who "
     "is not needed any more does not (default: all who have a share of the key)",
     0},
	{0},
};

static const struct argp_option decrypt_options[] = {
	{"active", KEY_PARTIES, "1,3", 0,
     "The authorities that decrypt, at least the threshold, the same list for all of them; they "
     "need not be those that shuffled (default: all who have a share of the key)",
     0},
	{0},
};

static const char mix_doc[] =
	"Check every ballot and sign what the urn holds when it closes. Then as many authorities as "
	"the "
	"threshold says shuffle the ballots, one after another in the order of their numbers: when its "
	"turn comes, an authority checks the shuffles before it, shuffles and re-encrypts, proves that "
	"nothing else was done, and signs. All authorities run it; each waits for those before it. One "
	"that does not come within --timeout is passed over as long as enough are left. Who has not "
	"shuffled although asked ends well only when enough others have; else it says for whom it "
	"waited (exit code 3). One whose shuffle does not hold is named: urna director set-aside moves "
	"what it left to the evidence, "
	"and the others run urna mix again, with --mixers that leave it out."
	"\vExample:\n"
	"  urna mix --home a1 --record record\n"
	"  urna mix --home a3 --record record --mixers 1,3      (authority 2 is "
	"away)\n" OPTIONS_EXIT_CODES;

static const char decrypt_doc[] =
	"Check all ballots and all shuffles once more, then use this authority's key share to open the "
	"mixed ballots, with a proof. All active authorities run it at the same time, for each answers "
	"a challenge that depends on what all others published. Who was ended half-way runs it again: "
	"that begins another attempt, which the others join. An authority that decrypts wrongly is "
	"named, and not needed where the threshold decrypts rightly. When one does not come, all "
	"others "
	"run it again with --active that leaves it out."
	"\vExample:\n"
	"  urna decrypt --home a1 --record record --passphrase-file a1.pass\n"
	"  urna decrypt --home a1 --record record --active 1,3\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tally_options *o = state->input;
	uint16_t numbers[LIMIT_PARTIES];
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->member;
		state->child_inputs[1] = &o->common;
		return 0;
	case KEY_PARTIES:
		options_order(state, o->decrypts ? "--active" : "--mixers", arg, numbers, LIMIT_PARTIES);
		o->parties = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool ballots_are_there(const struct election *e, struct error *err)
{
	return e->record->exists(e->record, BOARD_CLOSE_PATH) ||
	       fail_detail(err, ERROR_UNAVAILABLE, "tally: there are no ballots yet", ERROR_NOWHERE,
	                   BOARD_CLOSE_PATH);
}

static unsigned shuffles_of(const struct election *e, unsigned list)
{
	unsigned count = 0;
	for (unsigned p = 1; p <= e->manifest->authorities_count; p++) {
		char auxsid[AUXSID_BYTES], path[RECORD_PATH_BYTES];
		list_auxsid(auxsid, list);
		endorsement_path(path, auxsid, "mix", p);
		count += e->record->exists(e->record, path);
	}
	return count;
}

/* How many must be named at least: of the threshold, those who are missing. */
static unsigned least_parties(const struct election *e, const struct tally_options *o)
{
	unsigned most = 0;
	if (o->decrypts)
		return e->manifest->threshold;
	for (unsigned l = 0; l < e->manifest->lists_count; l++) {
		unsigned there = shuffles_of(e, l);
		most = there > most ? there : most;
	}
	return most < e->manifest->threshold ? e->manifest->threshold - most : 1;
}

/* The list must fit the manifest, and whoever decrypts must be on it. */
static bool choose_parties(struct active_parties *parties, const struct election *e,
                           const struct tally_options *o, struct error *err)
{
	if (o->parties)
		return session_usage(
			e->session,
			active_parties_parse_least(parties, e->manifest, o->parties, least_parties(e, o), err));
	active_parties_qualified(parties, &e->key);
	return true;
}

static bool take_part(struct member_done *done, struct election *e, struct member *m,
                      const struct tally_options *o, struct error *err)
{
	struct member_work work = {
		.step = o->decrypts ? STEP_DECRYPT : STEP_MIX, .options = &o->member, .active = o->parties};
	const struct member_secret passphrase = {o->member.passphrase_file, "key share", false};
	return member_passphrase(&work.secrets.passphrase, m, &passphrase, err) &&
	       member_do(done, m, e, &work, err);
}

/* In how many lists this authority's shuffle is. */
static unsigned lists_shuffled(const struct election *e, unsigned index)
{
	unsigned count = 0;
	for (unsigned l = 0; l < e->manifest->lists_count; l++) {
		char auxsid[AUXSID_BYTES], path[RECORD_PATH_BYTES];
		list_auxsid(auxsid, l);
		endorsement_path(path, auxsid, "mix", index);
		count += e->record->exists(e->record, path);
	}
	return count;
}

/* What was done, and who does what next. */
static void remark_done(unsigned index, const struct election *e, const struct tally_options *o)
{
	const char *home = o->member.home, *record = o->member.record;
	if (o->decrypts)
		output_remark(&o->common,
		              "Authority %u: the votes are open. Next: urna count --home %s --record %s",
		              index, home, record);
	else
		output_remark(
			&o->common,
			"Authority %u: the ballots are checked and the closing is signed%s. Next, all "
			"who decrypt at the same time: urna decrypt --home %s --record %s",
			index, lists_shuffled(e, index) ? ", the list is shuffled" : "", home, record);
}

static bool show_done(const struct election *e, unsigned index, struct error *err)
{
	const struct session *s = e->session;
	if (!s->options.json)
		return true;
	struct json_writer w;
	output_json_begin(&w, s->command);
	json_put_key(&w, "ok");
	json_put_flag(&w, true);
	json_put_key(&w, "authority");
	json_put_u64(&w, index);
	output_json_fingerprint(&w, &e->key.eid);
	return output_json_end(&w, err);
}

static bool tally(struct session *s, void *ctx, struct error *err)
{
	const struct tally_options *o = ctx;
	struct election e;
	struct member m;
	struct active_parties parties;
	struct member_done done;
	if (!election_open(&e, o->member.record, DISK_WRITE, s, err))
		return false;
	bool good = election_read_key(&e, err) && ballots_are_there(&e, err) &&
	            choose_parties(&parties, &e, o, err) &&
	            member_open(&m, o->member.home, DISK_PRIVATE, err);
	if (good) {
		good = take_part(&done, &e, &m, o, err);
		session_progress_done(s);
		good = good && show_done(&e, done.index, err);
		if (good && !o->common.json)
			remark_done(done.index, &e, o);
		member_close(&m);
	}
	election_close(&e);
	return good;
}

static int run(const struct argp_child *children, const char *doc, bool decrypts, int argc,
               char **argv)
{
	const struct argp argp = {
		decrypts ? decrypt_options : mix_options, parse, NULL, doc, children, NULL, NULL};
	struct tally_options o = {
		.common = COMMON_OPTIONS_DEFAULT, .member = MEMBER_OPTIONS_DEFAULT, .decrypts = decrypts};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, tally, &o);
}

int cmd_mix(int argc, char **argv)
{
	const struct argp_child children[] = {{&member_argp, 0, NULL, 0}, options_common[0], {0}};
	return run(children, mix_doc, false, argc, argv);
}

int cmd_decrypt(int argc, char **argv)
{
	const struct argp_child children[] = {
		{&member_argp_with_passphrase, 0, NULL, 0}, options_common[0], {0}};
	return run(children, decrypt_doc, true, argc, argv);
}
