/* SPDX-License-Identifier: Apache-2.0 */
/* urna mix and urna decrypt: an authority's two steps of a tally. */
#include "authority/home.h"
#include "cli/command.h"
#include "cli/member.h"
#include "cli/member_options.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "host/log.h"
#include "record/board.h"

#include <stdio.h>

enum { KEY_ACTIVE = OPTIONS_KEY };

struct tally_options {
	struct common_options common;
	struct member_options member;
	const char *active;
	bool decrypts;
};

static const struct argp_option options[] = {
	{"active", KEY_ACTIVE, "1,3", 0,
     "The authorities that take part in this step, at least the threshold, the same list for all "
     "of them (default: all)",
     0},
	{0},
};

static const char mix_doc[] =
	"Check every ballot, sign what the urn holds when it closes, and, if this authority is one of "
	"the first active ones, as many as the threshold says, check the shuffles before it, shuffle "
	"and re-encrypt the ballots, "
	"prove that nothing else was done, and sign. All active authorities run it; each waits for its "
	"predecessor."
	"\vExample:\n"
	"  urna mix --home a1 --record record\n"
	"  urna mix --home a3 --record record --active 1,3      (authority 2 is "
	"away)\n" OPTIONS_EXIT_CODES;

static const char decrypt_doc[] =
	"Check all ballots and all shuffles once more, then use this authority's key share to open the "
	"mixed ballots, with a proof. All active authorities run it at the same time, for each answers "
	"a challenge that depends on what all others published. Who was ended half-way runs it again: "
	"that begins another attempt, which the others join. An authority that decrypts wrongly is "
	"named, and not needed where the threshold decrypts rightly."
	"\vExample:\n"
	"  urna decrypt --home a1 --record record --passphrase-file a1.pass\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tally_options *o = state->input;
	uint16_t numbers[LIMIT_PARTIES];
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->member;
		state->child_inputs[1] = &o->common;
		return 0;
	case KEY_ACTIVE:
		options_order(state, "--active", arg, numbers, LIMIT_PARTIES);
		o->active = arg;
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

/* The list must fit the manifest, and whoever decrypts must be on it. */
static bool choose_active(struct active_parties *active, const struct election *e,
                          const struct tally_options *o, struct error *err)
{
	return o->active ? session_usage(e->session,
	                                 active_parties_parse(active, e->manifest, o->active, err))
	                 : active_parties_all(active, e->manifest, err);
}

static unsigned position_of(const struct active_parties *active, unsigned index)
{
	unsigned position = 0;
	while (position < active->count && active->party[position] != index)
		position++;
	return position;
}

static bool take_part(struct election *e, struct member *m, const struct tally_options *o,
                      const struct active_parties *active, struct error *err)
{
	bytes passphrase;
	if (!o->decrypts)
		return authority_mix(&m->authority, &e->key, active, err);
	if (position_of(active, m->authority.index) == active->count) {
		fail_detail(err, ERROR_REJECTED, "active parties: this authority is not among them",
		            ERROR_NOWHERE, o->active);
		fail_within_index(err, "authority", m->authority.index);
		return session_usage(e->session, false);
	}
	return member_passphrase(&passphrase, m, o->member.passphrase_file, err) &&
	       home_load_share(m->share, m->holder.home, &e->key, m->authority.index, passphrase,
	                       err) &&
	       authority_decrypt(&m->authority, &e->key, m->share, active, err);
}

/* What was done, and who does what next. */
static void remark_done(const struct member *m, const struct tally_options *o,
                        const struct active_parties *active)
{
	const unsigned index = m->authority.index, mixers = m->authority.manifest->threshold;
	const unsigned position = position_of(active, index);
	const char *home = o->member.home, *record = o->member.record;
	if (o->decrypts)
		output_remark(&o->common,
		              "Authority %u: the votes are open. Next: urna count --home %s --record %s",
		              index, home, record);
	else if (position == active->count)
		output_remark(&o->common,
		              "Authority %u is not among the active ones: only the closing was signed.",
		              index);
	else
		output_remark(
			&o->common,
			"Authority %u: the ballots are checked and the closing is signed%s. Next, all "
			"active authorities at the same time: urna decrypt --home %s --record %s%s%s",
			index, position < mixers ? ", the list is shuffled" : "", home, record,
			o->active ? " --active " : "", o->active ? o->active : "");
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

/* What went wrong without stopping the work; it is in the record's evidence as well. */
static void on_notice(void *ctx, const struct error *what)
{
	struct session *s = ctx;
	char text[ERROR_DETAIL_BYTES + 256];
	error_describe(text, sizeof text, what);
	session_progress_break(s);
	fprintf(stderr, "%s: noticed: %s\n", s->command, text);
}

static bool tally(struct session *s, void *ctx, struct error *err)
{
	const struct tally_options *o = ctx;
	struct election e;
	struct member m;
	struct active_parties active;
	if (!election_open(&e, o->member.record, DISK_WRITE, s, err))
		return false;
	bool good = election_read_key(&e, err) && ballots_are_there(&e, err) &&
	            choose_active(&active, &e, o, err) &&
	            member_open(&m, &e, o->member.home, o->member.timeout_ms, err);
	if (good) {
		m.authority.notice = on_notice;
		m.authority.notice_ctx = s;
		good = take_part(&e, &m, o, &active, err);
		session_progress_done(s);
		good = good && show_done(&e, m.authority.index, err);
		if (good && !o->common.json)
			remark_done(&m, o, &active);
		member_close(&m);
	}
	election_close(&e);
	return good;
}

static int run(const struct argp_child *children, const char *doc, bool decrypts, int argc,
               char **argv)
{
	const struct argp argp = {options, parse, NULL, doc, children, NULL, NULL};
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
