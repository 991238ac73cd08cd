/* SPDX-License-Identifier: Apache-2.0 */
#include "count/count.h"

#include "base/limits.h"
#include "count/count_internal.h"

/* One stage per candidate at most, and the first and the last. */
_Static_assert(LIMIT_ANSWERS + 2 < UINT16_MAX, "a stage has 16 bits");

static const struct count_rule rules[] = {
	{COUNT_PLURALITY_AT_LARGE, "plurality-at-large", false, NULL, 0},
	{COUNT_SCOTLAND, "scotland", true, NULL, 0},
};
#define RULES_COUNT (sizeof rules / sizeof *rules)

bool count_rule_named(struct count_rule *out, bytes name, struct error *err)
{
	for (size_t i = 0; i < RULES_COUNT; i++)
		if (bytes_equal(name, bytes_of_text(rules[i].name))) {
			*out = rules[i];
			return true;
		}
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add_bytes(&t, name.len > 60 ? bytes_of(name.p, 60) : name);
	text_add(&t, ": the rules are");
	for (size_t i = 0; i < RULES_COUNT; i++) {
		text_add(&t, i ? ", " : " ");
		text_add(&t, rules[i].name);
	}
	return fail_detail(err, ERROR_REJECTED, "count: unknown counting rule", ERROR_NOWHERE, room);
}

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
	case COUNT_TIE_BY_LOT:
		return "lot";
	}
	return "unknown";
}

/* --- what the methods share --- */

static bool read_lot(struct counting *c)
{
	const struct count_rule *rule = &c->result->rule;
	for (size_t i = 0; i < rule->lot_count; i++) {
		const char *what = NULL;
		if (rule->lot[i] >= c->profile->candidates_count)
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

bool counting_init(struct counting *c, unsigned decimals, struct arena *a)
{
	size_t n = c->profile->candidates_count;
	struct count_result *r = c->result;
	c->arena = a;
	r->decimals = decimals;
	r->stages = arena_take_array(a, n + 2, struct count_stage, c->err);
	r->elected = r->stages ? arena_take_array(a, n, struct count_seat, c->err) : NULL;
	c->tallies = r->elected ? arena_take_array(a, n, uint64_t, c->err) : NULL;
	c->status = c->tallies ? arena_take_array(a, n, uint8_t, c->err) : NULL;
	c->tied = c->status ? arena_take_array(a, n, uint16_t, c->err) : NULL;
	c->drawn = c->tied ? arena_take_array(a, n, uint32_t, c->err) : NULL;
	if (!c->drawn)
		return fail_within(c->err, "count");
	for (size_t i = 0; i < n; i++) {
		bool withdrawn = c->profile->candidates[i].withdrawn;
		c->tallies[i] = 0;
		c->drawn[i] = 0;
		c->status[i] = withdrawn ? COUNT_WITHDRAWN : COUNT_HOPEFUL;
		c->standing += !withdrawn;
	}
	return read_lot(c);
}

bool counting_record(struct counting *c)
{
	size_t n = c->profile->candidates_count;
	struct count_result *r = c->result;
	require(r->stages_count < n + 2);
	struct count_stage *s = &r->stages[r->stages_count];
	*s = c->next;
	s->tallies = arena_take_array(c->arena, n, uint64_t, c->err);
	s->status = s->tallies ? arena_take_array(c->arena, n, uint8_t, c->err) : NULL;
	if (!s->status)
		return fail_within_index(c->err, "count: stage", r->stages_count + 1);
	memcpy(s->tallies, c->tallies, n * sizeof *s->tallies);
	memcpy(s->status, c->status, n);
	s->nontransferable = c->nontransferable;
	s->truncated = c->truncated;
	r->lots_count += s->tie == COUNT_TIE_BY_LOT;
	r->stages_count++;
	c->next = (struct count_stage){.action = COUNT_END};
	return true;
}

void counting_elect(struct counting *c, uint16_t candidate, enum count_status status,
                    bool without_quota)
{
	struct count_result *r = c->result;
	require(r->elected_count < c->profile->seats && c->status[candidate] == COUNT_HOPEFUL);
	c->status[candidate] = (uint8_t)status;
	r->elected[r->elected_count++] =
		(struct count_seat){candidate, (uint16_t)r->stages_count, without_quota};
}

bool counting_note_tie(struct counting *c, enum count_tie tie)
{
	c->next.tied = arena_take_array(c->arena, c->tied_count, uint16_t, c->err);
	if (!c->next.tied)
		return fail_within(c->err, "count: tie");
	memcpy(c->next.tied, c->tied, c->tied_count * sizeof *c->tied);
	c->next.tied_count = c->tied_count;
	c->next.tie = tie;
	return true;
}

bool counting_draw(struct counting *c, uint16_t *candidate)
{
	uint16_t first = c->tied[0];
	bool all = true;
	for (size_t i = 0; i < c->tied_count; i++) {
		all = all && c->drawn[c->tied[i]] > 0;
		if (c->drawn[c->tied[i]] < c->drawn[first])
			first = c->tied[i];
	}
	if (all) {
		*candidate = first;
		return true;
	}
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	for (size_t i = 0; i < c->tied_count; i++) {
		text_add(&t, i ? ", " : "");
		text_add_bytes(&t, c->profile->candidates[c->tied[i]].name);
	}
	fail_detail(c->err, ERROR_REJECTED,
	            "count: a tie needs a lot; draw one and declare an order of the candidates",
	            c->result->stages_count + 1, room);
	return fail_within_index(c->err, "stage", c->result->stages_count + 1);
}

/* --- entry --- */

size_t count_arena_bytes(const struct profile *p)
{
	size_t n = p->candidates_count;
	size_t shared = arena_room((n + 2) * sizeof(struct count_stage)) +
	                arena_room(n * sizeof(struct count_seat)) + arena_room(n * sizeof(uint64_t)) +
	                arena_room(n) + arena_room(n * sizeof(uint16_t)) +
	                arena_room(n * sizeof(uint32_t));
	size_t stage =
		arena_room(n * sizeof(uint64_t)) + arena_room(n) + arena_room(n * sizeof(uint16_t));
	size_t papers =
		3 * arena_room((p->papers_count + 1) * sizeof(uint32_t)) + arena_room(n * sizeof(uint32_t));
	return shared + (n + 2) * stage + papers;
}

bool count_run(struct count_result *out, const struct count_rule *rule,
               const struct profile *profile, struct arena *a, struct error *err)
{
	size_t mark = arena_mark(a);
	*out = (struct count_result){.rule = *rule, .profile = profile};
	struct counting c = {.result = out, .profile = profile, .err = err};
	if (rule->ranked && profile->unordered)
		return fail(
			err, ERROR_REJECTED,
			"count: these ballots are marks without an order (+); this rule needs rankings (>)",
			ERROR_NOWHERE);
	/* The sum of all tallies is the largest number there is. */
	if (rule->method == COUNT_SCOTLAND && profile->ballots_count > COUNT_STV_BALLOTS_MAX)
		return fail(err, ERROR_LIMIT,
		            "count: the weights of all ballots are too much to be counted exactly in "
		            "fractions of a vote",
		            profile->ballots_count);
	bool ok = false;
	switch (rule->method) {
	case COUNT_PLURALITY_AT_LARGE:
		ok = plurality_count(&c, a);
		break;
	case COUNT_SCOTLAND:
		ok = stv_count(&c, a);
		break;
	}
	if (!ok) {
		arena_release(a, mark);
		*out = (struct count_result){.rule = *rule, .profile = profile};
	}
	return ok;
}

/* --- words --- */

void count_add_votes(struct text *t, uint64_t units, unsigned decimals)
{
	uint64_t one = count_one_vote(decimals), rest = units % one;
	text_add_u64(t, units / one);
	if (decimals == 0)
		return;
	text_add(t, ".");
	for (uint64_t digit = one / 10; digit > 0; digit /= 10)
		text_add_u64(t, rest / digit % 10);
}

void count_add_action(struct text *t, const struct count_result *r, size_t stage)
{
	const struct count_stage *s = &r->stages[stage];
	bytes name = r->profile->candidates[s->candidate].name;
	switch (s->action) {
	case COUNT_FIRST:
		text_add(t, r->rule.ranked ? "First preferences" : "Votes");
		return;
	case COUNT_SURPLUS:
		text_add(t, "Surplus of ");
		text_add_bytes(t, name);
		text_add(t, " transferred: ");
		break;
	case COUNT_EXCLUSION:
		text_add_bytes(t, name);
		text_add(t, " excluded, votes transferred: ");
		break;
	case COUNT_END:
		text_add(t, "Count complete");
		return;
	}
	count_add_votes(t, s->amount, r->decimals);
}
