/* SPDX-License-Identifier: Apache-2.0 */
/* urna board open | suspend | resume | change: what a log says besides its ballots. */
#include "cli/board_work.h"
#include "cli/changes.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/small_lists.h"

enum act { ACT_OPEN, ACT_SUSPEND, ACT_RESUME, ACT_CHANGE };

struct act_options {
	struct board_options board;
	enum act act;
	const char *file;
};

static const char open_doc[] =
	"Begin the log, without ballots, and leave it open: then urna board collect, void, suspend, "
	"resume and change can each be used as often as it takes, until urna board close. Where it is "
	"open already, nothing changes."
	"\vExample:\n"
	"  urna board open --home board --record record\n" OPTIONS_EXIT_CODES;

static const char suspend_doc[] =
	"Suspend the voting: from this place in the log on no ballot is taken, until urna board "
	"resume. The log says so for ever."
	"\vExample:\n"
	"  urna board suspend --home board --record record\n" OPTIONS_EXIT_CODES;

static const char resume_doc[] =
	"Take ballots again in a voting that was suspended."
	"\vExample:\n"
	"  urna board resume --home board --record record\n" OPTIONS_EXIT_CODES;

static const char change_doc[] =
	"Put changes of voters' credentials, which the registrar signed (urna credentials change, "
	"revoke), into an open log; from there on they hold. Each is signed for its place, so that "
	"nobody can put it elsewhere or leave one out: give the files in the order they were made in. "
	"Changes that are in the log already are not put into it again."
	"\vExample:\n"
	"  urna board change --home board --record record changes-1/changes.bt\n" OPTIONS_EXIT_CODES;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct act_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->board;
		state->child_inputs[1] = &o->board.common;
		return 0;
	case ARGP_KEY_ARG:
		if (o->act != ACT_CHANGE)
			argp_error(state, "it takes no argument, but there is '%s'", arg);
		if (o->file)
			argp_error(state, "one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->act == ACT_CHANGE)
			options_need(state, "FILE", o->file);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- changes of credentials --- */

/* A signature is for one place: who signed the same is the same. */
static bool find_known(struct changes *c, const struct board_work *w, struct error *err)
{
	struct arena *a = &w->election.session->arena;
	struct folder *record = w->election.record;
	struct source *src;
	struct log_reader r;
	struct entry e;
	bool more = true;
	size_t mark = arena_mark(a);
	if (!record->open(record, "log/entries", &src, err))
		return false;
	bool good = log_reader_init(&r, src, &w->election.key.eid, a, err);
	while (good && c->known < c->count && (good = log_reader_next(&r, &e, &more, err)) && more)
		c->known += e.kind == ENTRY_CREDENTIAL &&
		            memcmp(e.signature, c->list[c->known].signature, sizeof e.signature) == 0;
	source_close(src);
	arena_release(a, mark);
	return good;
}

static bool put_changes(struct board *b, const struct changes *c, uint64_t number,
                        struct error *err)
{
	for (size_t i = c->known; i < c->count; i++) {
		const struct entry *e = &c->list[i];
		const struct credential_change change = {number++, e->key, e->style, e->weight};
		if (board_change_credential(b, &change, e->signature, err))
			continue;
		if (err->kind == ERROR_REJECTED)
			fail_within(err, "not the registrar's, or signed for another place in the log than "
			                 "the next");
		return fail_within_index(err, "change", i);
	}
	return true;
}

/* --- every act --- */

struct acting {
	const struct act_options *o;
	struct board_work *w;
	struct board_log log;
	struct changes changes;
	struct electorate_change electorate;
};

static bool do_act(struct board *b, const struct acting *a, struct error *err)
{
	switch (a->o->act) {
	case ACT_OPEN:
		return true;
	case ACT_SUSPEND:
		return board_suspend(b, err);
	case ACT_RESUME:
		return board_resume(b, err);
	case ACT_CHANGE:
		return put_changes(b, &a->changes, a->log.changes, err) || fail_within(err, a->o->file);
	}
	return true;
}

static bool report(const struct acting *a, struct error *err)
{
	const struct common_options *common = &a->o->board.common;
	const struct manifest *m = a->w->election.manifest;
	const struct board_log *log = &a->log;
	const struct changes *c = &a->changes;
	const char *state = log->state == LOG_SUSPENDED ? "suspended" : "open";
	small_lists_warn(common, m, &a->electorate);
	if (common->json) {
		const struct checkpoint end = {.size = log->size, .root = log->root};
		struct json_writer j;
		output_json_begin(&j, a->w->election.session->command);
		json_put_key(&j, "ok");
		json_put_flag(&j, true);
		json_put_key(&j, "state");
		json_put_text(&j, state);
		json_put_key(&j, "changes");
		json_put_u64(&j, c->count - c->known);
		small_lists_put_json(&j, m, &a->electorate);
		board_put_checkpoint_json(&j, a->w, &end);
		return output_json_end(&j, err);
	}
	if (a->o->act == ACT_CHANGE)
		output_remark(common, "%zu changes are in the log, %zu of them were before.", c->count,
		              c->known);
	output_remark(
		common, "The log of %llu entries is %s.%s", (unsigned long long)log->size, state,
		a->o->act == ACT_OPEN ? " Next: urna board collect, and at the end urna board close" : "");
	return true;
}

static bool act_in_run(struct acting *a, struct error *err)
{
	const struct board_bounds most = {.changes = a->changes.count};
	const bool changes = a->o->act == ACT_CHANGE;
	struct checkpoint ignored;
	struct board *b;
	if (!board_work_begin(&b, a->w, &most, err))
		return false;
	if (changes)
		board_electorate(&a->electorate.before, b);
	bool good = do_act(b, a, err);
	if (good && changes)
		board_electorate(&a->electorate.after, b);
	good = good && board_save(&ignored, b, err);
	board_abandon(b);
	return good;
}

static bool act_on(struct board_work *w, const struct act_options *o, struct error *err)
{
	struct acting a = {.o = o, .w = w};
	if (!board_log_read(&a.log, &w->final, err))
		return false;
	if (a.log.size == 0 && o->act != ACT_OPEN)
		return fail(err, ERROR_UNAVAILABLE,
		            "board: there is no log yet; urna board open begins one", ERROR_NOWHERE);
	if (o->act == ACT_CHANGE && (!changes_read(&a.changes, o->file, &w->election.key.eid,
	                                           &w->election.session->arena, err) ||
	                             !find_known(&a.changes, w, err)))
		return false;
	bool nothing = o->act == ACT_CHANGE ? a.changes.known == a.changes.count
	                                    : o->act == ACT_OPEN && a.log.size > 0;
	if (nothing && a.log.state < LOG_CLOSED)
		return report(&a, err);
	return act_in_run(&a, err) && board_log_read(&a.log, &w->final, err) && report(&a, err);
}

static bool act(struct session *s, void *ctx, struct error *err)
{
	const struct act_options *o = ctx;
	struct board_work w;
	if (!board_work_open(&w, s, &o->board, err))
		return false;
	bool good = act_on(&w, o, err);
	session_progress_done(s);
	board_work_close(&w);
	return good;
}

static int run(enum act which, const char *doc, int argc, char **argv)
{
	const struct argp_child children[] = {{&board_argp, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse, which == ACT_CHANGE ? "FILE" : NULL, doc, children,
	                          NULL, NULL};
	struct act_options o = {.board = {.common = COMMON_OPTIONS_DEFAULT}, .act = which};
	options_parse(&argp, argc, argv, &o);
	return session_run(argv[0], &o.board.common, act, &o);
}

int cmd_board_open(int argc, char **argv)
{
	return run(ACT_OPEN, open_doc, argc, argv);
}

int cmd_board_suspend(int argc, char **argv)
{
	return run(ACT_SUSPEND, suspend_doc, argc, argv);
}

int cmd_board_resume(int argc, char **argv)
{
	return run(ACT_RESUME, resume_doc, argc, argv);
}

int cmd_board_change(int argc, char **argv)
{
	return run(ACT_CHANGE, change_doc, argc, argv);
}
