/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scottish STV against an independent counter: 20 real wards, a real Irish constituency and 23
 * small tricky files, every stage to the last digit.
 *
 * The reference lists transfers only and shows each one before its elections; our table begins
 * with the first preferences and shows each stage after its elections. So its stage k is our stage
 * k + 1 with the elections of our stage k, and with the acting candidate already settled.
 */
#include "support/support.h"

#include "base/limits.h"
#include "count/blt.h"
#include "count/count.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct counted {
	struct profile profile;
	struct count_result result;
	uint16_t lot[LIMIT_ANSWERS];
};

static const char *votes(const struct count_result *r, units v)
{
	static char room[4][UNITS_TEXT_BYTES];
	static unsigned next;
	char *out = room[next++ % 4];
	struct text t = {out, UNITS_TEXT_BYTES, 0, false};
	units_add_text(&t, v, r->form);
	return out;
}

static void assert_votes(const struct count_result *r, units v, const json_t *expected)
{
	assert_string_equal(votes(r, v), json_string_value(expected));
}

static bool is_name(bytes name, const json_t *expected)
{
	return bytes_equal(name, bytes_of(json_string_value(expected), json_string_length(expected)));
}

static json_t *read_json(const char *path)
{
	bytes text = test_data(path);
	json_error_t e;
	json_t *root = json_loadb((const char *)text.p, text.len, 0, &e);
	if (!root)
		fail_msg("%s: %s", path, e.text);
	return root;
}

/* The lot is the order of the file: where the reference drew one, it drew that. */
static void count_file(struct counted *c, bytes file)
{
	struct error err;
	struct count_rule rule;
	arena_release(test_arena(), 0);
	assert_ok(blt_read(&c->profile, file, test_arena(), &err), err);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("scotland"), &err), err);
	for (size_t i = 0; i < c->profile.candidates_count; i++)
		c->lot[i] = (uint16_t)i;
	rule.lot = c->lot;
	rule.lot_count = c->profile.candidates_count;
	size_t before = arena_mark(test_arena());
	assert_ok(count_run(&c->result, &rule, &c->profile, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= count_arena_bytes(&rule, &c->profile));
}

static void assert_action(const struct count_result *r, size_t stage, const json_t *expected)
{
	const struct count_stage *s = &r->stages[stage];
	bytes name = r->profile->candidates[s->who_count ? s->who[0] : 0].name;
	char room[300];
	if (s->action == COUNT_SURPLUS)
		snprintf(room, sizeof room, "Surplus transferred: %.*s (%s)", (int)name.len,
		         (const char *)name.p, votes(r, s->amount));
	else if (s->action == COUNT_EXCLUSION)
		snprintf(room, sizeof room, "Transfer defeated: %.*s", (int)name.len, (const char *)name.p);
	else
		snprintf(room, sizeof room, "%s", s->action == COUNT_END ? "Count Complete" : "?");
	assert_string_equal(room, json_string_value(expected));
}

static const char *reference_status(const struct count_result *r, size_t stage, size_t candidate)
{
	const struct count_stage *s = &r->stages[stage];
	enum count_status before = (enum count_status)s[-1].status[candidate];
	if (s->action == COUNT_END)
		before = (enum count_status)s->status[candidate];
	else if (s->who_count == 1 && s->who[0] == candidate)
		return s->action == COUNT_SURPLUS ? "elected" : "defeated";
	switch (before) {
	case COUNT_HOPEFUL:
	case COUNT_WITHDRAWN:
		return NULL;
	case COUNT_PENDING:
		return "elected-pending";
	case COUNT_ELECTED:
		return "elected";
	case COUNT_DEFEATED:
		return "defeated";
	}
	return NULL;
}

static void assert_stage(const struct count_result *r, size_t stage, const json_t *expected)
{
	const struct count_stage *s = &r->stages[stage];
	const json_t *state = json_object_get(expected, "state");
	size_t named = 0;
	units sum = s->nontransferable + s->truncated;
	assert_action(r, stage, json_object_get(expected, "action"));
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		char name[300];
		bytes b = r->profile->candidates[i].name;
		snprintf(name, sizeof name, "%.*s", (int)b.len, (const char *)b.p);
		assert_votes(r, s->tallies[i], json_array_get(json_object_get(expected, "tallies"), i));
		const char *ours = reference_status(r, stage, i);
		const char *theirs = json_string_value(json_object_get(state, name));
		if (!ours != !theirs || (ours && strcmp(ours, theirs) != 0))
			fail_msg("stage %zu: %s is %s, not %s", stage + 1, name, ours ? ours : "hopeful",
			         theirs ? theirs : "hopeful");
		named += theirs != NULL;
		sum += s->tallies[i];
	}
	assert_int_equal(named, json_object_size(state));
	assert_votes(r, s->nontransferable, json_object_get(expected, "nontransferable"));
	assert_int_equal(sum, r->valid * 100000);
}

static void assert_elected_set(const struct count_result *r, const json_t *set)
{
	assert_int_equal(r->elected_count, json_array_size(set));
	for (size_t i = 0; i < r->elected_count; i++) {
		bool found = false;
		for (size_t j = 0; j < json_array_size(set); j++)
			found = found || is_name(r->profile->candidates[r->elected[i].candidate].name,
			                         json_array_get(set, j));
		assert_true(found);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct count_seat *x = a, *y = b;
	return x->candidate - y->candidate;
}

static void assert_whole(const struct count_result *r, const json_t *expected)
{
	const json_t *stages = json_object_get(expected, "stages");
	const json_t *order = json_object_get(expected, "election_order_log");
	assert_int_equal(r->valid, json_integer_value(json_object_get(expected, "valid_ballots")));
	assert_int_equal(r->profile->seats, json_integer_value(json_object_get(expected, "seats")));
	assert_votes(r, r->quota, json_object_get(expected, "quota"));
	for (size_t i = 0; i < r->profile->candidates_count; i++) {
		assert_true(is_name(r->profile->candidates[i].name,
		                    json_array_get(json_object_get(expected, "candidates"), i)));
		assert_votes(r, r->stages[0].tallies[i],
		             json_array_get(json_object_get(expected, "first_preferences"), i));
	}
	assert_int_equal(r->stages_count, json_array_size(stages) + 1);
	for (size_t i = 1; i < r->stages_count; i++)
		assert_stage(r, i, json_array_get(stages, i - 1));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	/*
	 * Both name the highest of a stage first; but once a transfer has left no more candidates than
	 * seats, the reference names those in the order of the file.
	 */
	size_t kept = 0;
	while (kept < r->elected_count &&
	       (r->elected[kept].stage == 0 || r->elected[kept].stage + 2u < r->stages_count))
		kept++;
	qsort(r->elected + kept, r->elected_count - kept, sizeof *r->elected, by_number);
	for (size_t i = 0; i < r->elected_count; i++)
		assert_true(is_name(r->profile->candidates[r->elected[i].candidate].name,
		                    json_array_get(order, i)));
	assert_int_equal(r->lots_count, 0);
}

static void ward_equals_the_reference_at_every_stage(void **state)
{
	static struct counted c;
	char path[200];
	snprintf(path, sizeof path, "election-data/%s.expected.json", (const char *)*state);
	json_t *expected = read_json(path);
	snprintf(path, sizeof path, "election-data/%s.blt", (const char *)*state);
	count_file(&c, test_data(path));
	assert_whole(&c.result, expected);
	json_decref(expected);
}

static void dublin_west_equals_the_reference_at_every_stage(void **state)
{
	static struct counted c;
	(void)state;
	json_t *expected = read_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *counts = json_object_get(expected, "counts");
	count_file(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"));
	assert_whole(&c.result, json_object_get(counts, "scotland"));
	json_decref(expected);
}

/* --- rule cases --- */

/*
 * Some of the small files carry a line of options for other programs ("[droop …]", "[undeclared
 * 4]") that do not concern this rule; the reader refuses them, so a person would take them out.
 */
static bytes without_foreign_options(bytes file)
{
	static uint8_t room[8192];
	size_t len = 0;
	assert_true(file.len < sizeof room);
	for (size_t i = 0; i < file.len;) {
		size_t end = i;
		while (end < file.len && file.p[end] != '\n')
			end++;
		end += end < file.len;
		bool foreign = end - i > 10 && (memcmp(file.p + i, "[droop ", 7) == 0 ||
		                                memcmp(file.p + i, "[undecl", 7) == 0);
		memcpy(room + len, file.p + i, foreign ? 0 : end - i);
		len += foreign ? 0 : end - i;
		i = end;
	}
	return bytes_of(room, len);
}

static void case_equals_the_reference(void **state)
{
	static struct counted c;
	char path[200];
	snprintf(path, sizeof path, "election-data/rule-cases/%s.expected.json", (const char *)*state);
	json_t *root = read_json(path), *expected = json_object_get(root, "scotland");
	snprintf(path, sizeof path, "election-data/rule-cases/%s.blt", (const char *)*state);
	count_file(&c, without_foreign_options(test_data(path)));
	const struct count_result *r = &c.result;

	assert_votes(r, r->quota, json_object_get(expected, "quota"));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	json_t *actions = json_object_get(expected, "actions");
	assert_int_equal(r->stages_count, json_array_size(actions) + 1);
	for (size_t i = 1; i < r->stages_count; i++)
		assert_action(r, i, json_array_get(actions, i - 1));
	json_t *tallies = json_object_get(expected, "final_tallies");
	size_t standing = 0;
	for (size_t i = 0; i < c.profile.candidates_count; i++) {
		char name[200];
		bytes b = c.profile.candidates[i].name;
		snprintf(name, sizeof name, "%.*s", (int)b.len, (const char *)b.p);
		json_t *tally = json_object_get(tallies, name);
		assert_int_equal(tally == NULL, c.profile.candidates[i].withdrawn);
		if (tally)
			assert_votes(r, r->stages[r->stages_count - 1].tallies[i], tally);
		standing += tally != NULL;
	}
	assert_int_equal(standing, json_object_size(tallies));
	if (r->lots_count > 0)
		print_message("%s: %zu stages by lot\n", (const char *)*state, r->lots_count);
	json_decref(root);
}

/* The reference counts ballots with equal ranks for the quota and then loses them. We refuse. */
static void case_with_equal_ranks_is_refused(void **state)
{
	char path[200];
	struct profile p;
	struct error err;
	snprintf(path, sizeof path, "election-data/rule-cases/%s.blt", (const char *)*state);
	bytes file = test_data(path);
	arena_release(test_arena(), 0);
	assert_fails(blt_read(&p, file, test_arena(), &err), err, ERROR_MALFORMED);
}

#define WARD(path)                                                                          \
	{                                                                                       \
		path, ward_equals_the_reference_at_every_stage, NULL, NULL, (void *)(uintptr_t)path \
	}
#define CASE(name)                                                           \
	{                                                                        \
		name, case_equals_the_reference, NULL, NULL, (void *)(uintptr_t)name \
	}
#define REFUSED(name)                                                               \
	{                                                                               \
		name, case_with_equal_ranks_is_refused, NULL, NULL, (void *)(uintptr_t)name \
	}
#define GLASGOW(name) WARD("stv-scottish-glasgow-2007/" name "-2007")
#define EDINBURGH(number) WARD("stv-scottish-edinburgh-2017/ward" number)

int main(void)
{
	const struct CMUnitTest tests[] = {
		GLASGOW("Anderston-City"),
		GLASGOW("Calton"),
		GLASGOW("Craigton"),
		GLASGOW("East-Centre"),
		GLASGOW("Govan"),
		GLASGOW("Hillhead"),
		GLASGOW("Linn"),
		GLASGOW("Newlands-Auldburn"),
		GLASGOW("Partick-West"),
		GLASGOW("Shettleston"),
		GLASGOW("Springburn"),
		EDINBURGH("01"),
		EDINBURGH("03"),
		EDINBURGH("05"),
		EDINBURGH("07"),
		EDINBURGH("09"),
		EDINBURGH("11"),
		EDINBURGH("13"),
		EDINBURGH("15"),
		EDINBURGH("17"),
		cmocka_unit_test(dublin_west_equals_the_reference_at_every_stage),
		CASE("42"),
		CASE("42t"),
		CASE("42u"),
		CASE("513"),
		CASE("SC-Vm-12"),
		CASE("SC"),
		CASE("SCw"),
		CASE("dk1-2"),
		CASE("dk1-3-2"),
		CASE("dk1-3"),
		CASE("dk2-2"),
		CASE("dk2-3-2"),
		CASE("dk2-3"),
		CASE("loser"),
		CASE("qpq1"),
		CASE("qpq2"),
		CASE("qpq3"),
		CASE("qpq4"),
		CASE("qpq5"),
		CASE("tie"),
		CASE("undeclared"),
		CASE("weak-defeat"),
		CASE("weak-surplus"),
		REFUSED("eq1"),
		REFUSED("eq2")};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
