/* SPDX-License-Identifier: Apache-2.0 */
/* urna director status | set-aside, for operators with machines of their own */
#include "authority/authority.h"
#include "cli/command.h"
#include "cli/director_status.h"
#include "cli/options.h"
#include "cli/output.h"
#include "record/board.h"
#include "record/proof.h"

#include <string.h>

enum {
	KEY_RECORD = OPTIONS_KEY,
	KEY_MIXERS,
	KEY_ACTIVE,
	KEY_QUICK,
	KEY_LIST,
	KEY_PARTY,
	KEY_REASON,
	KEY_VALID,
	KEY_FILE
};

struct director_options {
	struct common_options common;
	const char *record, *mixers, *active, *list, *reason, *file;
	unsigned party;
	bool quick, valid, sets_aside;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct director_options *o = state->input;
	uint16_t numbers[LIMIT_PARTIES];
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case KEY_MIXERS:
		options_order(state, "--mixers", arg, numbers, LIMIT_PARTIES);
		o->mixers = arg;
		return 0;
	case KEY_ACTIVE:
		options_order(state, "--active", arg, numbers, LIMIT_PARTIES);
		o->active = arg;
		return 0;
	case KEY_QUICK:
		o->quick = true;
		return 0;
	case KEY_LIST:
		o->list = arg;
		return 0;
	case KEY_PARTY:
		o->party = (unsigned)options_number(state, "--party", arg, 1, LIMIT_PARTIES);
		return 0;
	case KEY_REASON:
		o->reason = arg;
		return 0;
	case KEY_FILE:
		o->file = arg;
		return 0;
	case KEY_VALID:
		o->valid = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it takes no argument, but there is '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--record", o->record);
		if (o->sets_aside && !o->file) {
			options_need(state, "--list", o->list);
			options_need(state, "--party", o->party ? o : NULL);
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- opening --- */

static bool choose(bool out[static LIMIT_PARTIES + 1], const struct directing *w, const char *text,
                   struct error *err)
{
	struct active_parties parties;
	if (!text)
		active_parties_qualified(&parties, &w->e.key);
	else if (!session_usage(w->e.session,
	                        active_parties_parse_least(&parties, w->e.manifest, text, 1, err)))
		return false;
	memset(out, 0, (LIMIT_PARTIES + 1) * sizeof *out);
	for (unsigned i = 0; i < parties.count; i++)
		out[parties.party[i]] = true;
	return true;
}

/* The lists are derived anew: that Ciphertexts.bt is right is nothing to believe. */
static bool derive_lists(struct directing *w, struct error *err)
{
	const struct box_job job = {.manifest = w->e.manifest,
	                            .key = &w->e.key,
	                            .ceremony = &w->e.ceremony,
	                            .record = w->e.record,
	                            .world = &w->e.session->world};
	w->box = arena_take_array(&w->e.session->arena, 1, struct ballot_box, err);
	w->d.box = w->box;
	return w->box && ballot_box_read(w->box, &job, err);
}

static bool closed(const struct election *e, struct error *err)
{
	return e->record->exists(e->record, BOARD_CLOSE_PATH) ||
	       fail_detail(err, ERROR_UNAVAILABLE, "tally: there are no ballots yet", ERROR_NOWHERE,
	                   BOARD_CLOSE_PATH);
}

static bool open_all(struct directing *w, struct session *s, const struct director_options *o,
                     struct error *err)
{
	*w = (struct directing){.active_chosen = o->active != NULL};
	if (!election_open(&w->e, o->record, o->sets_aside ? DISK_WRITE : DISK_READ, s, err))
		return false;
	if (election_read_key(&w->e, err) && closed(&w->e, err) &&
	    choose(w->can_mix, w, o->mixers, err) && choose(w->decrypts, w, o->active, err) &&
	    director_open(&w->d, w->e.manifest, &w->e.key, w->e.record, &s->world, err) &&
	    (o->quick || derive_lists(w, err))) {
		w->d.signatures_only = o->quick;
		return true;
	}
	election_close(&w->e);
	return false;
}

/* --- status --- */

static bool show(struct directing *w, const struct director_options *o, struct error *err)
{
	return director_show(w, o->record, o->common.json, err);
}

static bool status(struct session *s, void *ctx, struct error *err)
{
	struct directing w;
	if (!open_all(&w, s, ctx, err))
		return false;
	bool good = show(&w, ctx, err);
	election_close(&w.e);
	return good;
}

/* --- set-aside --- */

static bool find_list(unsigned *out, const struct manifest *m, const char *name, struct error *err)
{
	for (*out = 0; *out < m->lists_count; ++*out) {
		char auxsid[AUXSID_BYTES];
		list_auxsid(auxsid, *out);
		if (strcmp(auxsid, name) == 0)
			return true;
	}
	return fail_detail(err, ERROR_REJECTED, "director: there is no such list", ERROR_NOWHERE, name);
}

/* Its place in the chain, or chain_count. */
static unsigned place_of(const struct director_list *l, unsigned party)
{
	unsigned i = 0;
	while (i < l->chain_count && l->chain[i] != party)
		i++;
	return i;
}

static bool may_go(const struct director_list *l, const struct director_options *o,
                   struct error *err)
{
	const char *what = NULL;
	const bool in_chain = place_of(l, o->party) < l->chain_count;
	if (in_chain && l->state != DIRECTOR_MIXING)
		what = "director: the list is mixed; its shuffles stay";
	else if (in_chain && !o->valid)
		what = "director: this shuffle holds; --valid sets it aside all the same";
	if (!what)
		return true;
	fail(err, ERROR_CONFLICT, what, o->party);
	fail_within_index(err, "party", o->party);
	return fail_within(err, l->auxsid);
}

/* Why, as the record says it; where it says nothing, as the operator does. */
static struct error reason_for(const struct director_list *l, const struct director_options *o)
{
	struct error why;
	error_clear(&why);
	for (unsigned i = 0; i < l->faults_count; i++)
		if (l->faults[i].party == o->party && !l->faults[i].unsigned_files)
			return l->faults[i].why;
	if (place_of(l, o->party) < l->chain_count)
		fail_detail(&why, ERROR_UNAVAILABLE, "this shuffle holds; the chain is begun anew",
		            o->party, o->reason ? o->reason : "");
	else
		fail_detail(&why, ERROR_UNAVAILABLE, "waited for it in vain", o->party,
		            o->reason ? o->reason : "");
	return why;
}

/* What was shuffled behind it goes as well: it has lost what it stood on. */
static bool set_aside(struct directing *w, const struct director_options *o, struct error *err)
{
	struct director_list l;
	unsigned list;
	if (o->party > w->e.manifest->authorities_count) {
		fail(err, ERROR_REJECTED, "director: the manifest has no authority of this number",
		     o->party);
		return session_usage(w->e.session, false);
	}
	if (!session_usage(w->e.session, find_list(&list, w->e.manifest, o->list, err)) ||
	    !director_look(&l, &w->d, list, NULL, err) || !may_go(&l, o, err))
		return false;
	const struct error why = reason_for(&l, o);
	for (unsigned i = l.chain_count; i > place_of(&l, o->party) + 1; i--)
		if (!director_set_aside_shuffle(&w->d, list, l.chain[i - 1], &why, err))
			return false;
	if (!director_set_aside_shuffle(&w->d, list, o->party, &why, err))
		return false;
	if (o->common.json)
		return show(w, o, err);
	output_remark(&o->common,
	              "Authority %u, %s: what it left is in evidence/%s. Next: urna "
	              "director status --record %s",
	              o->party, o->list, o->list, o->record);
	return true;
}

/* A rightly signed closing, and plaintexts that hold, stay. */
static bool may_file_go(struct directing *w, const struct director_options *o, struct error *err)
{
	for (unsigned p = 1; !o->valid && p <= w->e.manifest->authorities_count; p++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, NULL, "close", p);
		if (strcmp(path, o->file) == 0 && !director_wrong_closing(&w->d, p, NULL))
			return fail_detail(err, ERROR_CONFLICT,
			                   "director: this closing is signed as it should be; --valid sets it "
			                   "aside all the same",
			                   p, path);
	}
	for (unsigned i = 0; !o->valid && i < w->e.manifest->lists_count; i++) {
		char path[RECORD_PATH_BYTES];
		struct director_list l;
		proof_file_path(path, i, MIX_FILE_PLAINTEXTS, 0);
		if (strcmp(path, o->file) != 0)
			continue;
		if (!director_look(&l, &w->d, i, NULL, err))
			return false;
		if (l.state == DIRECTOR_OPEN)
			return fail_detail(err, ERROR_CONFLICT,
			                   "director: these plaintexts hold; --valid sets them aside all the "
			                   "same",
			                   i, path);
	}
	return true;
}

static bool set_file_aside(struct directing *w, const struct director_options *o, struct error *err)
{
	struct error why;
	error_clear(&why);
	fail_detail(&why, ERROR_REJECTED, "this file does not belong here, or nobody signed it rightly",
	            ERROR_NOWHERE, o->reason ? o->reason : o->file);
	if (!may_file_go(w, o, err) || !director_set_aside_file(&w->d, o->file, &why, err))
		return false;
	if (o->common.json)
		return show(w, o, err);
	output_remark(&o->common, "%s is in the evidence. Next: urna director status --record %s",
	              o->file, o->record);
	return true;
}

static bool set_one_aside(struct session *s, void *ctx, struct error *err)
{
	struct directing w;
	if (!open_all(&w, s, ctx, err))
		return false;
	const struct director_options *o = ctx;
	bool good = o->file ? set_file_aside(&w, o, err) : set_aside(&w, o, err);
	election_close(&w.e);
	return good;
}

/* --- the commands --- */

#define RECORD                                                     \
	{                                                              \
		"record", KEY_RECORD, "DIR", 0, "The election's record", 0 \
	}
#define MIXERS                                                                    \
	{                                                                             \
		"mixers", KEY_MIXERS, "1,3", 0,                                           \
			"Who can still shuffle (default: all who have a share of the key)", 0 \
	}

static const char status_doc[] =
	"Say of each list how far its tally is: whose shuffles hold, whose turn it is, who failed and "
	"by which equation, whom the others wait for, and what to run next. Everything is checked, as "
	"the authorities do; nothing is changed. Best while no authority is at work: half of what one "
	"publishes looks like a fault."
	"\vExample:\n"
	"  urna director status --record record\n"
	"  urna director status --record record --mixers 1,3,4      (2 and 5 are "
	"away)\n" OPTIONS_EXIT_CODES;

static const char set_aside_doc[] =
	"Move what an authority left of a shuffle to the record's evidence, with the reason, so that "
	"the next one can take its place: of one that failed, was killed, or does not come. The "
	"evidence counts for nothing and shows who did what. This needs no key: authorities check for "
	"themselves. A shuffle that holds stays, unless --valid says that the chain is begun anew "
	"there; then those behind it go, too. A list that is mixed to the end keeps its shuffles. With "
	"--file it is one file, which status, verify or board finish has named."
	"\vExample:\n"
	"  urna director set-aside --record record --list l1 --party 2\n"
	"  urna director set-aside --record record --file endorse/close-01.bt\n" OPTIONS_EXIT_CODES;

static int run(session_fn *work, const struct argp_option *options, const char *doc,
               struct director_options o, char **argv, int argc)
{
	const struct argp_child children[] = {options_common[0], {0}};
	const struct argp argp = {options, parse, NULL, doc, children, NULL, NULL};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.common, work, &o);
}

static int cmd_director_status(int argc, char **argv)
{
	static const struct argp_option options[] = {
		RECORD,
		MIXERS,
		{"active", KEY_ACTIVE, "1,3", 0, "Who was asked to decrypt (default: who is ready)", 0},
		{"quick", KEY_QUICK, NULL, 0, "Check signatures, no equations and no ballots", 0},
		{0}};
	return run(status, options, status_doc,
	           (struct director_options){.common = COMMON_OPTIONS_DEFAULT}, argv, argc);
}

static int cmd_director_set_aside(int argc, char **argv)
{
	static const struct argp_option options[] = {
		RECORD,
		{"list", KEY_LIST, "l1", 0, "Of which list", 0},
		{"party", KEY_PARTY, "N", 0, "Which authority, by its number in the manifest", 0},
		{"reason", KEY_REASON, "TEXT", 0, "Why, where the record does not say it", 0},
		{"valid", KEY_VALID, NULL, 0, "Also what holds", 0},
		{"file", KEY_FILE, "PATH", 0,
	     "In place of --list and --party: one file below endorse/ or proof/ that is not signed "
	     "rightly or does not belong there",
	     0},
		{0}};
	return run(set_one_aside, options, set_aside_doc,
	           (struct director_options){.common = COMMON_OPTIONS_DEFAULT, .sets_aside = true},
	           argv, argc);
}

int cmd_director(int argc, char **argv)
{
	static const struct command verbs[] = {
		{"status", cmd_director_status, "how far the tally is, who failed, who is next", false},
		{"set-aside", cmd_director_set_aside, "make room for the next where one failed", false},
		{NULL, NULL, NULL, false}};
	return command_run_verb(verbs, argc, argv);
}
