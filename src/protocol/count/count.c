/* SPDX-License-Identifier: Apache-2.0 */
#include "count/count.h"

#include "count/methods/counting.h"

#define TABLES_MOST 8u

const char *count_status_name(enum count_status s)
{
	switch (s) {
	case COUNT_HOPEFUL:
		return "hopeful";
	case COUNT_PENDING:
		return "pending";
	case COUNT_ELECTED:
		return "elected";
	case COUNT_DEFEATED:
		return "defeated";
	case COUNT_WITHDRAWN:
		return "withdrawn";
	case COUNT_LIST_LINE:
		return "list";
	}
	return "unknown";
}

const char *count_action_name(enum count_action a)
{
	switch (a) {
	case COUNT_FIRST:
		return "first";
	case COUNT_SURPLUS:
		return "surplus";
	case COUNT_EXCLUSION:
		return "exclusion";
	case COUNT_ELECTION:
		return "election";
	case COUNT_ROUND:
		return "round";
	case COUNT_END:
		return "end";
	}
	return "unknown";
}

const char *count_tie_name(enum count_tie t)
{
	switch (t) {
	case COUNT_NO_TIE:
		return "none";
	case COUNT_TIE_BY_EARLIER_STAGE:
		return "earlier stage";
	case COUNT_TIE_BY_RULE:
		return "rule";
	case COUNT_TIE_BY_LOT:
		return "lot";
	}
	return "unknown";
}

/* --- preparing --- */

static bool read_lot(struct counting *c)
{
	const struct count_rule *rule = c->rule;
	for (size_t i = 0; i < rule->lot_count; i++) {
		const char *what = NULL;
		if (rule->lot[i] >= c->candidates)
			what = "count: the lot names a candidate who is none";
		else if (c->drawn[rule->lot[i]])
			what = "count: the lot names a candidate twice";
		if (what) {
			fail(c->err, ERROR_MALFORMED, what, rule->lot[i] + 1u);
			return fail_within_index(c->err, "candidate", rule->lot[i] + 1u);
		}
		c->drawn[rule->lot[i]] = (uint32_t)i + 1;
	}
	return true;
}

static size_t stages_most(const struct count_rule *rule, const struct profile *p)
{
	return rule->method->stages_most ? rule->method->stages_most(rule, p) : p->candidates_count + 2;
}

static bool prepare(struct counting *c)
{
	size_t n = c->candidates = c->profile->candidates_count;
	struct count_result *r = c->result;
	c->stages_room = stages_most(c->rule, c->profile);
	c->tables_room = TABLES_MOST;
	r->form = units_decimal(0);
	if (!(r->stages = counting_take(c, c->stages_room, struct count_stage)) ||
	    !(r->elected = counting_take(c, n, struct count_seat)) ||
	    !(r->tables = counting_take(c, c->tables_room, struct count_table)) ||
	    !(c->tallies = counting_take(c, n, units)) || !(c->status = counting_take(c, n, uint8_t)) ||
	    !(c->tied = counting_take(c, n, uint16_t)) || !(c->who = counting_take(c, n, uint16_t)) ||
	    !(c->drawn = counting_take(c, n, uint32_t)))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool withdrawn = c->profile->candidates[i].withdrawn;
		c->status[i] = withdrawn ? COUNT_WITHDRAWN : COUNT_HOPEFUL;
		c->standing += !withdrawn;
	}
	return read_lot(c);
}

/* Whether the rule can read these ballots at all. */
static bool check_ballots(const struct count_rule *rule, const struct profile *p, struct error *err)
{
	const struct count_method *m = rule->method;
	if (p->kind != m->ballot && !(m->also >> p->kind & 1)) {
		char room[ERROR_DETAIL_BYTES];
		struct text t = TEXT_OF(room);
		text_add(&t, "these ballots are ");
		text_add(&t, profile_kind_name(p->kind));
		text_add(&t, "; ");
		text_add(&t, m->name);
		text_add(&t, " counts ");
		text_add(&t, profile_kind_name(m->ballot));
		return fail_detail(err, ERROR_REJECTED, "count: ballots of another kind", ERROR_NOWHERE,
		                   room);
	}
	if (p->gaps && !m->gaps)
		return fail_detail(
			err, ERROR_REJECTED,
			"count: there are skipped or overvoted ranks, and this rule does not say "
			"what they mean",
			ERROR_NOWHERE, m->name);
	return !m->check || m->check(rule, p, err);
}

size_t count_arena_bytes(const struct count_rule *rule, const struct profile *p)
{
	size_t n = p->candidates_count, stages = stages_most(rule, p);
	size_t shared = arena_room(stages * sizeof(struct count_stage)) +
	                arena_room(n * sizeof(struct count_seat)) +
	                arena_room(TABLES_MOST * sizeof(struct count_table)) +
	                arena_room(n * sizeof(units)) + arena_room(n) +
	                2 * arena_room(n * sizeof(uint16_t)) + 2 * arena_room(n * sizeof(uint32_t));
	size_t stage =
		arena_room(n * sizeof(units)) + arena_room(n) + 3 * arena_room(n * sizeof(uint16_t));
	return shared + stages * stage +
	       (rule->method->arena_bytes ? rule->method->arena_bytes(rule, p) : 0);
}

bool count_run(struct count_result *out, const struct count_rule *rule,
               const struct profile *profile, struct arena *a, struct error *err)
{
	size_t mark = arena_mark(a);
	*out = (struct count_result){.rule = *rule, .profile = profile};
	struct counting c = {
		.result = out, .rule = &out->rule, .profile = profile, .arena = a, .err = err};
	if (check_ballots(rule, profile, err) && prepare(&c) && rule->method->count(&c)) {
		require(out->stages_count > 0);
		return true;
	}
	arena_release(a, mark);
	*out = (struct count_result){.rule = *rule, .profile = profile};
	return false;
}

/* --- words --- */

static void add_who(struct text *t, const struct count_result *r, const struct count_stage *s)
{
	for (size_t i = 0; i < s->who_count; i++) {
		text_add(t, i == 0 ? "" : i + 1 == s->who_count ? " and " : ", ");
		text_add_bytes(t, r->profile->candidates[s->who[i]].name);
	}
}

void count_add_action(struct text *t, const struct count_result *r, size_t stage)
{
	const struct count_stage *s = &r->stages[stage];
	switch (s->action) {
	case COUNT_FIRST:
		text_add(t, r->rule.method->staged && r->rule.method->ballot == PROFILE_RANKING
		                ? "First preferences"
		                : "Votes");
		return;
	case COUNT_SURPLUS:
		text_add(t, "Surplus of ");
		add_who(t, r, s);
		text_add(t, " transferred: ");
		break;
	case COUNT_EXCLUSION:
		add_who(t, r, s);
		text_add(t, " excluded, votes transferred: ");
		break;
	case COUNT_ELECTION:
		add_who(t, r, s);
		text_add(t, " elected");
		return;
	case COUNT_ROUND:
		text_add(t, "Counted anew");
		if (s->who_count > 0) {
			text_add(t, " between ");
			add_who(t, r, s);
		}
		return;
	case COUNT_END:
		text_add(t, "Count complete");
		return;
	}
	units_add_text(t, s->amount, r->form);
}
