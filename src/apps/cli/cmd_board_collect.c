/* SPDX-License-Identifier: Apache-2.0 */
/* urna board collect, urna board void: ballots of files into the record. */
#include "cli/ballot_stream.h"
#include "cli/board_work.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "host/log.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 256u
#define AT_ONCE 8192u
#define REFUSALS_SHOWN 1000u

enum { KEY_VOID = OPTIONS_KEY };

struct collect_options {
	struct board_options board;
	struct ballot_input {
		const char *path;
		uint32_t weight; /* 0: not said */
	} files[FILES_MAX];
	unsigned files_count;
	const char *voids[FILES_MAX]; /* files of audited ballots */
	unsigned voids_count;
	bool only_voids; /* urna board void */
	int code;        /* out */
};

static const struct argp_option options[] = {
	{"void", KEY_VOID, "FILE", 0,
     "The bodies of audited ballots, one after another: none of them may be cast. They come first",
     0},
	{0},
};

static const char doc[] =
	"Take encrypted ballots into the record: opens the log, accepts the ballots of the files in "
	"their order, closes the log for good and signs it. Where urna board open has opened the log, "
	"it adds the ballots and leaves it open, until urna board close. A ballot that may not count "
	"is "
	"refused and named on standard error, with the reason: a proof or signature that is wrong, a "
	"voter who is not on the list, a ballot that was cast before, a number that is not the voter's "
	"next. The record is as if it had not been sent."
	"\vAll ballots that are not refused are in the record when the command ends, and none of them "
	"if it is ended before; a ballot sent again is in it once. In mode server a ballot weighs 1; "
	"WEIGHT=FILE says what each ballot of a file weighs. In "
	"mode credentials the list of credentials says it.\n\n"
	"Examples:\n"
	"  urna board collect --home board --record record ballots.bt\n"
	"  urna board collect --home board --record record first.bt again.bt --void audited.bt\n"
	"  urna board collect --home board --record record 1=small.bt 40=large.bt\n\n"
	"Exit codes: 0 all ballots are in the record; 1 some were refused, and the others are in it, "
	"or "
	"something is wrong and nothing is in it; 2 wrong usage; 3 could not decide (nothing there, "
	"disk, stopped).\n";

static const char void_doc[] =
	"Note audited ballots in an open log, so that nobody can cast them: FILE has their bodies, one "
	"after another. What was cast before, or is no ballot, is refused and named."
	"\vExample:\n"
	"  urna board void --home board --record record audited.bt\n\n"
	"Exit codes: 0 all are noted; 1 some were refused, and the others are noted; 2 wrong usage; 3 "
	"could not decide (no open log, disk, stopped).\n";

static void add_void(struct argp_state *state, struct collect_options *o, const char *arg)
{
	if (o->voids_count == FILES_MAX)
		argp_error(state, "at most %u files", FILES_MAX);
	else
		o->voids[o->voids_count++] = arg;
}

static void add_file(struct argp_state *state, struct collect_options *o, const char *arg)
{
	char *end;
	errno = 0;
	unsigned long long weight = strtoull(arg, &end, 10);
	struct ballot_input in = {.path = arg};
	if (isdigit((unsigned char)*arg) && *end == '=') {
		if (errno != 0 || weight < 1 || weight > LIMIT_WEIGHT)
			argp_error(state, "'%s': a ballot weighs 1 ... %u", arg, LIMIT_WEIGHT);
		in = (struct ballot_input){end + 1, (uint32_t)weight};
	}
	if (o->files_count == FILES_MAX)
		argp_error(state, "at most %u files", FILES_MAX);
	else
		o->files[o->files_count++] = in;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct collect_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->board;
		state->child_inputs[1] = &o->board.common;
		return 0;
	case KEY_VOID:
		add_void(state, o, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (o->only_voids)
			add_void(state, o, arg);
		else
			add_file(state, o, arg);
		return 0;
	case ARGP_KEY_END:
		options_need(state, o->only_voids ? "FILE" : "BALLOTS",
		             o->only_voids    ? o->voids_count ? o : NULL
		             : o->files_count ? o
		                              : NULL);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct collecting {
	struct session *s;
	struct board *board;
	struct ballot_style styles[LIMIT_STYLES];
	struct ballot_rules rules;
	struct ballot_stream *streams; /* of the files, then of the audited ballots */
	unsigned streams_count;
	bool stays_open;                 /* the log was open before */
	uint64_t most, most_voids, done; /* ballots there can be; ballots dealt with */
	bytes *objects;
	struct board_ballot *ballots;
	struct board_receipt *receipts;
	uint64_t answers[BOARD_ANSWERS], voids, refused, refused_voids;
};

/* --- answers --- */

static bool is_refusal(enum board_answer a)
{
	return a != BOARD_ACCEPTED && a != BOARD_ACCEPTED_BEFORE;
}

/* A line on standard error, of the first thousand; progress begins anew below it. */
static void show_refusal(struct collecting *c, const struct ballot_stream *s, uint64_t number,
                         const struct board_receipt *r)
{
	char path[512], why[ERROR_DETAIL_BYTES + 256] = "";
	uint64_t shown = c->refused + c->refused_voids;
	if (shown > REFUSALS_SHOWN)
		return;
	session_progress_break(c->s);
	output_printable(path, sizeof path, s->path);
	if (r->why.kind != ERROR_NONE)
		error_describe(why, sizeof why, &r->why);
	fprintf(stderr, "%s: %s %llu: refused: %s", path, s->bodies ? "audited ballot" : "ballot",
	        (unsigned long long)number, board_answer_name(r->answer));
	if (r->answer == BOARD_WRONG_SEQ)
		fprintf(stderr, ", its voter's next number is %u", r->seq);
	fprintf(stderr, "%s%s\n", why[0] ? ": " : "", why);
	if (shown == REFUSALS_SHOWN)
		fputs("More are refused than are shown.\n", stderr);
}

static void take_answer(struct collecting *c, const struct ballot_stream *s, uint64_t number,
                        const struct board_receipt *r)
{
	if (!s->bodies) {
		c->answers[r->answer]++;
		c->refused += is_refusal(r->answer);
	} else {
		c->voids += r->answer == BOARD_ACCEPTED;
		c->refused_voids += r->answer != BOARD_ACCEPTED;
	}
	if (s->bodies ? r->answer != BOARD_ACCEPTED : is_refusal(r->answer))
		show_refusal(c, s, number, r);
}

/* --- the files --- */

static bool open_streams(struct collecting *c, const struct collect_options *o, struct error *err)
{
	struct arena *a = &c->s->arena;
	unsigned wanted = o->files_count + o->voids_count;
	uint8_t *window = arena_take(a, BALLOT_WINDOW_BYTES, 1, err);
	c->streams = arena_take_array(a, wanted, struct ballot_stream, err);
	if (!window || !c->streams)
		return false;
	for (unsigned i = 0; i < wanted; i++) {
		bool bodies = i >= o->files_count;
		const char *path = bodies ? o->voids[i - o->files_count] : o->files[i].path;
		if (!ballot_stream_open(&c->streams[i], path, &c->rules, bodies, err))
			return false;
		c->streams[i].window = window;
		c->streams_count++;
		*(bodies ? &c->most_voids : &c->most) += ballot_stream_most(&c->streams[i]);
	}
	return true;
}

static void close_streams(struct collecting *c)
{
	for (unsigned i = 0; i < c->streams_count; i++)
		ballot_stream_close(&c->streams[i]);
}

static bool collect_file(struct collecting *c, struct ballot_stream *s, uint32_t weight,
                         struct error *err)
{
	for (size_t n = 1; n > 0;) {
		uint64_t first = s->number;
		if (!ballot_stream_next(c->objects, &n, AT_ONCE, s, err))
			return false;
		for (size_t i = 0; i < n; i++)
			c->ballots[i] = (struct board_ballot){c->objects[i], weight};
		if (!board_accept(c->receipts, c->board, c->ballots, n, err))
			return fail_within(err, s->path);
		for (size_t i = 0; i < n; i++)
			take_answer(c, s, first + i, &c->receipts[i]);
		c->done += n;
		progress_report(c->s->progress, "collect ballots", c->done, c->most);
	}
	return true;
}

/* Before the ballots: what somebody had opened to him may not be cast. */
static bool collect_voids(struct collecting *c, struct ballot_stream *s, struct error *err)
{
	for (size_t n = 1; n > 0;) {
		uint64_t first = s->number;
		if (!ballot_stream_next(c->objects, &n, AT_ONCE, s, err))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (!board_void(&c->receipts[i], c->board, c->objects[i], err))
				return fail_within(err, s->path);
			take_answer(c, s, first + i, &c->receipts[i]);
		}
	}
	return true;
}

static bool collect_all(struct collecting *c, const struct collect_options *o, struct error *err)
{
	for (unsigned i = 0; i < o->voids_count; i++)
		if (!collect_voids(c, &c->streams[o->files_count + i], err))
			return false;
	for (unsigned i = 0; i < o->files_count; i++)
		if (!collect_file(c, &c->streams[i], o->files[i].weight ? o->files[i].weight : 1, err))
			return false;
	return true;
}

/* --- open, collect, close --- */

/* Where the list of credentials says it, a weight on the command line would be without effect. */
static bool weights_fit(struct session *s, const struct manifest *m,
                        const struct collect_options *o, struct error *err)
{
	for (unsigned i = 0; i < o->files_count; i++) {
		if (m->mode != BALLOT_CREDENTIALS || o->files[i].weight == 0)
			continue;
		fail_detail(err, ERROR_REJECTED,
		            "WEIGHT=FILE: in this election the list of credentials says what a vote weighs",
		            i, o->files[i].path);
		return session_usage(s, false);
	}
	return true;
}

static bool prepare(struct collecting *c, const struct board_work *w,
                    const struct collect_options *o, struct error *err)
{
	const struct election *e = &w->election;
	struct arena *a = &c->s->arena;
	c->rules =
		(struct ballot_rules){e->key.eid, e->manifest->mode, c->styles, e->manifest->styles_count};
	c->objects = arena_take_array(a, AT_ONCE, bytes, err);
	c->ballots = arena_take_array(a, AT_ONCE, struct board_ballot, err);
	c->receipts = arena_take_array(a, AT_ONCE, struct board_receipt, err);
	if (!c->objects || !c->ballots || !c->receipts ||
	    !manifest_ballot_styles(c->styles, e->manifest, err) || !open_streams(c, o, err))
		return false;
	return true;
}

/* A log that is there is open, and stays so (board_open refuses a closed one). */
static bool begin(struct collecting *c, struct board_work *w, const struct collect_options *o,
                  struct error *err)
{
	const struct board_bounds most = {c->most, c->most_voids, 0};
	struct board_log log;
	if (!board_log_read(&log, &w->final, err))
		return false;
	c->stays_open = log.size > 0;
	if (o->only_voids && !c->stays_open)
		return fail(err, ERROR_UNAVAILABLE,
		            "board: there is no log yet; urna board open begins one", ERROR_NOWHERE);
	return board_work_begin(&c->board, w, &most, err);
}

/* --- the report --- */

static void why_not_all(struct error *why, const struct collecting *c)
{
	char room[96];
	struct text t = TEXT_OF(room);
	error_clear(why);
	if (c->refused + c->refused_voids == 0)
		return;
	text_add_u64(&t, c->refused);
	text_add(&t, " of ");
	text_add_u64(&t, c->done);
	text_add(&t, " ballots, ");
	text_add_u64(&t, c->refused_voids);
	text_add(&t, " of ");
	text_add_u64(&t, c->voids + c->refused_voids);
	text_add(&t, " audits; the others are in the record");
	fail_detail(why, ERROR_REJECTED, "board: some were refused", ERROR_NOWHERE, room);
}

static bool report_json(const struct collecting *c, const struct board_work *w,
                        const struct checkpoint *end, const struct error *why, struct error *err)
{
	struct json_writer j;
	output_json_begin(&j, c->s->command);
	json_put_key(&j, "ok");
	json_put_flag(&j, why->kind == ERROR_NONE);
	if (why->kind != ERROR_NONE)
		output_json_error(&j, "error", why);
	json_put_key(&j, "closed");
	json_put_flag(&j, !c->stays_open);
	json_put_key(&j, "accepted");
	json_put_u64(&j, c->answers[BOARD_ACCEPTED]);
	json_put_key(&j, "refused");
	json_put_u64(&j, c->refused);
	json_put_key(&j, "answers");
	json_put_object(&j);
	for (unsigned a = 0; a < BOARD_ANSWERS; a++) {
		if (c->answers[a] == 0)
			continue;
		json_put_key(&j, board_answer_name((enum board_answer)a));
		json_put_u64(&j, c->answers[a]);
	}
	json_put_end(&j);
	json_put_key(&j, "audits");
	json_put_u64(&j, c->voids);
	json_put_key(&j, "refused_audits");
	json_put_u64(&j, c->refused_voids);
	board_put_checkpoint_json(&j, w, end);
	return output_json_end(&j, err);
}

static bool report(const struct collecting *c, const struct board_work *w,
                   const struct checkpoint *end, struct collect_options *o, struct error *err)
{
	struct error why;
	why_not_all(&why, c);
	o->code = why.kind == ERROR_NONE ? EXIT_YES : EXIT_NO;
	if (why.kind != ERROR_NONE)
		output_failure(NULL, c->s->command, &why);
	if (o->board.common.json)
		return report_json(c, w, end, &why, err);
	if (!o->only_voids)
		output_remark(&o->board.common, "%llu ballots are in %s; the log of %llu entries %s.",
		              (unsigned long long)c->answers[BOARD_ACCEPTED], o->board.record,
		              (unsigned long long)end->size, c->stays_open ? "stays open" : "is closed");
	if (c->answers[BOARD_ACCEPTED_BEFORE])
		output_remark(&o->board.common, "%llu were sent more than once; each is in it once.",
		              (unsigned long long)c->answers[BOARD_ACCEPTED_BEFORE]);
	if (c->voids)
		output_remark(&o->board.common, "%llu audited ballots are noted; none of them was cast.",
		              (unsigned long long)c->voids);
	if (!c->stays_open)
		board_say_next(w, false);
	else
		output_remark(&o->board.common, "When all is in: urna board close --home %s --record %s",
		              o->board.home, o->board.record);
	return true;
}

static bool collect(struct session *s, void *ctx, struct error *err)
{
	struct collect_options *o = ctx;
	struct board_work w;
	struct checkpoint end;
	struct collecting *c = arena_take_array(&s->arena, 1, struct collecting, err);
	if (!c || !board_work_open(&w, s, &o->board, err))
		return false;
	memset(c, 0, sizeof *c);
	c->s = s;
	bool good =
		weights_fit(s, w.election.manifest, o, err) && prepare(c, &w, o, err) &&
		begin(c, &w, o, err) && collect_all(c, o, err) &&
		(c->stays_open ? board_save(&end, c->board, err) : board_work_end(&end, c->board, &w, err));
	board_abandon(c->board);
	close_streams(c);
	session_progress_done(s);
	good = good && report(c, &w, &end, o, err);
	board_work_close(&w);
	return good;
}

static int run(const struct argp *argp, struct collect_options *o, int argc, char **argv)
{
	o->board.common = COMMON_OPTIONS_DEFAULT;
	options_parse(argp, argc, argv, o);
	int code = session_run(argv[0], &o->board.common, collect, o);
	return code == EXIT_YES ? o->code : code;
}

int cmd_board_collect(int argc, char **argv)
{
	const struct argp_child children[] = {{&board_argp, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {options, parse, "BALLOTS...", doc, children, NULL, NULL};
	struct collect_options o = {0};
	return run(&argp, &o, argc, argv);
}

int cmd_board_void(int argc, char **argv)
{
	const struct argp_child children[] = {{&board_argp, 0, NULL, 0}, options_common[0], {0}};
	const struct argp argp = {NULL, parse, "FILE...", void_doc, children, NULL, NULL};
	struct collect_options o = {.only_voids = true};
	return run(&argp, &o, argc, argv);
}
