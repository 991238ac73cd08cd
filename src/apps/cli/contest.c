/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contest.h"

#include <string.h>

enum {
	KEY_RULE = OPTIONS_KEY + 0x100,
	KEY_TITLE,
	KEY_SEATS,
	KEY_LOT,
	KEY_POINTS,
	KEY_TOTAL,
};

static const struct argp_option options[] = {
	{"rule", KEY_RULE, "RULE", 0,
     "How the votes are counted: for example scotland; urna count --rules lists them", 1},
	{"title", KEY_TITLE, "TEXT", 0, "What is elected (default: the title in FILE)", 1},
	{"seats", KEY_SEATS, "N", 0, "Seats to fill (default: as FILE says)", 1},
	{"lot", KEY_LOT, "2,1,3", 0,
     "All candidates in an order drawn by lot, for ties that need one (default: the [tie] line of "
     "FILE)",
     1},
	{"points", KEY_POINTS, "N", 0,
     "With rules that count points or grades: the most one candidate can get (default: as FILE "
     "has)",
     1},
	{"total", KEY_TOTAL, "N", 0, "Likewise: the most points on one ballot (default: no bound)", 1},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct contest_options *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->terms;
		return 0;
	case KEY_RULE:
		o->rule = arg;
		return 0;
	case KEY_TITLE:
		o->title = arg;
		return 0;
	case KEY_SEATS:
		o->seats = (uint32_t)options_number(state, "--seats", arg, 1, LIMIT_ANSWERS);
		return 0;
	case KEY_POINTS:
		o->points = (uint32_t)options_number(state, "--points", arg, 1, CHOICES_POINTS_MAX);
		return 0;
	case KEY_TOTAL:
		o->total =
			(uint32_t)options_number(state, "--total", arg, 1, CHOICES_POINTS_MAX * LIMIT_ANSWERS);
		return 0;
	case KEY_LOT:
		o->lot_text = arg;
		o->lot_count = options_order(state, "--lot", arg, o->lot, LIMIT_ANSWERS);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{&terms_argp, 0, NULL, 0}, {0}};
const struct argp contest_argp = {.options = options, .parser = parse, .children = children};

void contest_check_options(struct argp_state *state, const struct contest_options *o,
                           unsigned authorities)
{
	struct count_rule rule;
	struct error err;
	error_clear(&err);
	options_need(state, "FILE", o->file);
	options_need(state, "--rule", o->rule);
	if (!count_rule_read(&rule, bytes_of_text(o->rule), &err))
		argp_error(state, "--rule: '%s': %s%s%s", o->rule, err.what, err.detail[0] ? ": " : "",
		           err.detail);
	if ((o->points || o->total) && rule.method->ballot != PROFILE_SCORES)
		argp_error(state, "--points and --total are for rules that count points; %s counts %s",
		           rule.method->name, profile_kind_name(rule.method->ballot));
	terms_check_options(state, &o->terms, authorities);
}

/* The lot of the options, else of the file; a manifest's names every candidate. */
static bool choose_lot(const uint16_t **lot, const struct contest_options *o,
                       const struct profile *p, struct error *err)
{
	const uint16_t *chosen = o->lot_count ? o->lot : p->lot;
	size_t count = o->lot_count ? o->lot_count : p->lot_count;
	*lot = count ? chosen : NULL;
	for (size_t i = 0; i < count; i++) {
		if (chosen[i] < p->candidates_count)
			continue;
		fail(err, ERROR_REJECTED, "lot: there is no candidate of this number", chosen[i] + 1u);
		return fail_within_index(err, "number", chosen[i] + 1u);
	}
	if (count == 0 || count == p->candidates_count)
		return true;
	char room[64];
	struct text t = TEXT_OF(room);
	text_add_u64(&t, count);
	text_add(&t, " of ");
	text_add_u64(&t, p->candidates_count);
	return fail_detail(err, ERROR_REJECTED, "lot: does not name every candidate", count, room);
}

bool contest_fits(struct session *s, const struct contest_options *o, const struct profile *p,
                  struct error *err)
{
	const uint16_t *lot;
	if (!ballot_file_check_seats(p, err))
		return o->seats ? session_usage(s, false) : false;
	return choose_lot(&lot, o, p, err) || (o->lot_count ? session_usage(s, false) : false);
}

bool contest_check_count(const struct contest_options *o, const struct profile *p,
                         struct arena *arena, struct error *err)
{
	struct count_rule rule;
	struct count_result *result = arena_take_array(arena, 1, struct count_result, err);
	if (!result || !count_rule_read(&rule, bytes_of_text(o->rule), err) ||
	    !choose_lot(&rule.lot, o, p, err))
		return false;
	rule.lot_count = rule.lot ? p->candidates_count : 0;
	return p->ballots_count == 0 || count_run(result, &rule, p, arena, err);
}

/* Points for a rule that counts them: as the options say, else as the ballots have them. */
static void set_points(struct manifest_draft_question *q, const struct contest_options *o,
                       const struct profile *p)
{
	uint32_t highest = 1;
	struct count_rule rule;
	if (!count_rule_read(&rule, q->rule, NULL) || rule.method->ballot != PROFILE_SCORES)
		return;
	for (size_t i = 0; p->values && i < p->choices_count; i++)
		highest = p->values[i] > highest ? p->values[i] : highest;
	q->points = o->points ? o->points : highest;
	q->total = o->total;
}

bool contest_manifest(bytes *out, const struct contest_options *o, const struct profile *profile,
                      const struct people *people, struct arena *arena, struct error *err)
{
	const size_t n = profile->candidates_count;
	bytes *names = arena_take_array(arena, n, bytes, err);
	bool *withdrawn = arena_take_array(arena, n, bool, err), any = false;
	struct manifest_draft_question question = {
		.title = o->title ? bytes_of_text(o->title) : profile->title,
		.rule = bytes_of_text(o->rule),
		.seats = profile->seats,
		.max = (unsigned)n,
		.answers_count = (unsigned)n,
		.answers = names,
	};
	struct manifest_draft draft = {
		.threshold = o->terms.threshold,
		.min_list = o->terms.min_list,
		.accept_small_lists = o->terms.accept_small_lists,
		.questions_count = 1,
		.questions = &question,
	};
	if (!names || !withdrawn || !choose_lot(&question.lot, o, profile, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		names[i] = profile->candidates[i].name;
		withdrawn[i] = profile->candidates[i].withdrawn;
		any = any || withdrawn[i];
	}
	question.withdrawn = any ? withdrawn : NULL;
	set_points(&question, o, profile);
	if (question.title.len == 0)
		question.title = BYTES_LITERAL("Election");
	draft.title = question.title;
	people_put(&draft, people);
	return manifest_write(out, &draft, arena, err);
}
