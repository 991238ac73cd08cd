/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/board_work.h"

#include "cli/output.h"
#include "cli/terms.h"

#include <string.h>

enum { KEY_HOME = OPTIONS_KEY + 0x500, KEY_RECORD };

static const struct argp_option options[] = {
	{"home", KEY_HOME, "DIR", 0, "The board's private folder", 0},
	{"record", KEY_RECORD, "DIR", 0, "The election's record", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct board_options *o = state->input;
	switch (key) {
	case KEY_HOME:
		o->home = arg;
		return 0;
	case KEY_RECORD:
		o->record = arg;
		return 0;
	case ARGP_KEY_END:
		options_need(state, "--home", o->home);
		options_need(state, "--record", o->record);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp board_argp = {.options = options, .parser = parse};

static bool is_the_board(const struct board_work *w, struct error *err)
{
	const struct manifest_signer *board = &w->election.manifest->board;
	if (memcmp(board->key, w->holder.identity->pub, sizeof board->key) == 0)
		return true;
	fail(err, ERROR_REJECTED, "board: the manifest names another one than this home's key",
	     ERROR_NOWHERE);
	return fail_within(err, w->holder.path);
}

bool board_work_open(struct board_work *w, struct session *s, const struct board_options *o,
                     struct error *err)
{
	memset(w, 0, sizeof *w);
	if (!election_open(&w->election, o->record, DISK_WRITE, s, err))
		return false;
	if (!election_read_key(&w->election, err) || !keyholder_open(&w->holder, o->home, err)) {
		election_close(&w->election);
		return false;
	}
	w->final = (struct board_final){.manifest = w->election.manifest,
	                                .key = &w->election.key,
	                                .record = w->election.record,
	                                .world = &s->world,
	                                .signer = w->holder.identity,
	                                .home = w->holder.home};
	if (is_the_board(w, err))
		return true;
	board_work_close(w);
	return false;
}

void board_work_close(struct board_work *w)
{
	keyholder_close(&w->holder);
	election_close(&w->election);
}

bool board_work_begin(struct board **out, struct board_work *w, const struct board_bounds *most,
                      struct error *err)
{
	const struct board_plan plan = {
		.manifest = w->election.manifest,
		.key = &w->election.key,
		.ceremony = &w->election.ceremony,
		.record = w->election.record,
		.world = w->final.world,
		.voters_max = most->ballots,
		.ballots_max = most->ballots,
		.voids_max = most->voids,
		.changes_max = most->changes,
		.home = w->holder.home,
	};
	*out = NULL;
	if (most->ballots > LIMIT_BALLOTS)
		return fail(err, ERROR_LIMIT, "board: more ballots than an election can have",
		            most->ballots);
	return board_open(out, &plan, err);
}

bool board_work_end(struct checkpoint *out, struct board *b, const struct board_work *w,
                    struct error *err)
{
	const struct manifest *m = w->election.manifest;
	const struct terms_options terms = {.min_list = m->min_list,
	                                    .accept_small_lists = m->accept_small_lists};
	return terms_check_size(&terms, board_ballots(b), err) &&
	       board_close(out, b, w->holder.identity, err);
}

void board_say_next(const struct board_work *w, bool finished)
{
	const struct common_options *o = &w->election.session->options;
	const struct manifest *m = w->election.manifest;
	const char *record = w->election.path;
	if (m->witnesses_count)
		output_remark(o,
		              "Next: urna witness cosign --home WITNESS --record %s, by %u of the %u "
		              "witnesses, one after another; then",
		              record, m->witnesses_quorum, m->witnesses_count);
	const char *next = m->witnesses_count ? "     " : "Next:";
	if (finished)
		output_remark(o, "%s urna verify %s --fingerprint WORDS", next, record);
	else
		output_remark(o, "%s urna mix --home HOME --record %s, by all active authorities", next,
		              record);
}

void board_put_checkpoint_json(struct json_writer *w, const struct board_work *work,
                               const struct checkpoint *c)
{
	json_put_key(w, "record");
	json_put_text(w, work->election.path);
	json_put_key(w, "size");
	json_put_u64(w, c->size);
	json_put_key(w, "root");
	json_put_hex(w, BYTES_OF(c->root.b));
	output_json_fingerprint(w, &work->election.key.eid);
}
