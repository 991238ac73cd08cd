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

#include "counted.h"

#include <stdio.h>
#include <stdlib.h>

static void assert_votes(const struct count_result *r, units v, const json_t *expected)
{
	assert_string_equal(counted_votes(r, v), json_string_value(expected));
}

static void assert_action(const struct count_result *r, size_t stage, const json_t *expected)
{
	const struct count_stage *s = &r->stages[stage];
	bytes name = r->profile->candidates[s->who_count ? s->who[0] : 0].name;
	char room[300];
	if (s->action == COUNT_SURPLUS)
		snprintf(room, sizeof room, "Surplus transferred: %.*s (%s)", (int)name.len,
		         (const char *)name.p, counted_votes(r, s->amount));
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
	case COUNT_LIST_LINE:
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
		assert_true(counted_is(r->profile->candidates[i].name,
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
		assert_true(counted_is(r->profile->candidates[r->elected[i].candidate].name,
		                       json_array_get(order, i)));
	assert_int_equal(r->lots_count, 0);
}

static void ward_equals_the_reference_at_every_stage(void **state)
{
	static struct counted c;
	char path[200];
	snprintf(path, sizeof path, "election-data/%s.expected.json", (const char *)*state);
	json_t *expected = counted_json(path);
	snprintf(path, sizeof path, "election-data/%s.blt", (const char *)*state);
	counted_blt(&c, test_data(path), "scotland");
	assert_whole(&c.result, expected);
	json_decref(expected);
}

static void dublin_west_equals_the_reference_at_every_stage(void **state)
{
	static struct counted c;
	(void)state;
	json_t *expected = counted_json("election-data/stv-irish-2002/dublin-west-2002.expected.json");
	json_t *counts = json_object_get(expected, "counts");
	counted_blt(&c, test_data("election-data/stv-irish-2002/dublin-west-2002.blt"), "scotland");
	assert_whole(&c.result, json_object_get(counts, "scotland"));
	json_decref(expected);
}

/* --- rule cases --- */

static void case_equals_the_reference(void **state)
{
	static struct counted c;
	char path[200];
	snprintf(path, sizeof path, "election-data/rule-cases/%s.expected.json", (const char *)*state);
	json_t *root = counted_json(path), *expected = json_object_get(root, "scotland");
	snprintf(path, sizeof path, "election-data/rule-cases/%s.blt", (const char *)*state);
	counted_blt(&c, counted_without_foreign_options(test_data(path)), "scotland");
	const struct count_result *r = &c.result;

	assert_votes(r, r->quota, json_object_get(expected, "quota"));
	assert_elected_set(r, json_object_get(expected, "elected_set"));
	json_t *actions = json_object_get(expected, "actions");
	assert_int_equal(r->stages_count, json_array_size(actions) + 1);
	for (size_t i = 1; i < r->stages_count; i++)
		assert_action(r, i, json_array_get(actions, i - 1));
	assert_tallies_by_name(r, r->stages_count - 1, json_object_get(expected, "final_tallies"));
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
