/* SPDX-License-Identifier: Apache-2.0 */
/* Instant runoff of real elections: every round as others published it. */
#include "vectors/counted.h"

#include "count/csv.h"

#include <stdio.h>
#include <stdlib.h>

static struct counted all;

/* The names of a list "1": "Ann", …; NULL: the table's own. */
static void count_table(struct counted *c, const char *path, const json_t *names, const char *rule)
{
	struct error err;
	static bytes list[LIMIT_ANSWERS];
	size_t n = json_object_size(names);
	for (size_t i = 0; i < n; i++) {
		char number[24];
		snprintf(number, sizeof number, "%zu", i + 1);
		list[i] = bytes_of_text(json_string_value(json_object_get(names, number)));
	}
	struct csv_options options = {.gaps = true, .candidates = list, .candidates_count = n};
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(csv_read(&c->profile, test_data(path), &options, test_arena(), &err), err);
	counted_run(c, rule);
}

static units votes(const json_t *v)
{
	return json_is_string(v) ? (units)strtoll(json_string_value(v), NULL, 10)
	                         : (units)json_integer_value(v);
}

/* Names in the reports of the tabulator, and in its ballots. */
static const char *in_table(const char *name)
{
	return strcmp(name, "Undeclared Write-ins") == 0 ? "UWI" : name;
}

/* The continuing candidates are those of `tally`, with these votes. */
static void assert_tallies(const struct count_result *r, size_t stage, const json_t *tally)
{
	const struct count_stage *s = &r->stages[stage];
	const char *name;
	json_t *v;
	size_t continuing = 0;
	for (size_t i = 0; i < r->profile->candidates_count; i++)
		continuing += s->status[i] == COUNT_HOPEFUL || s->status[i] == COUNT_ELECTED;
	assert_int_equal(continuing, json_object_size(tally));
	json_object_foreach((json_t *)(uintptr_t)tally, name, v)
		assert_true(s->tallies[counted_candidate(r, in_table(name))] == votes(v));
}

static bool has(const struct count_result *r, size_t stage, const char *name)
{
	const struct count_stage *s = &r->stages[stage];
	for (size_t i = 0; i < s->who_count; i++)
		if (s->who[i] == counted_candidate(r, name))
			return true;
	return false;
}

/* Rounds of one exclusion each: tallies, who has no candidate left, who is eliminated. */
static void assert_rounds(const struct count_result *r, const json_t *rounds)
{
	size_t n = json_array_size(rounds);
	assert_int_equal(r->stages_count, n + 1);
	for (size_t i = 0; i < n; i++) {
		const json_t *round = json_array_get(rounds, i),
					 *out = json_object_get(round, "eliminated");
		assert_tallies(r, i, json_object_get(round, "tallies"));
		assert_true(r->stages[i].nontransferable == votes(json_object_get(round, "exhausted")));
		if (!out)
			continue;
		assert_int_equal(r->stages[i + 1].who_count, 1);
		assert_true(has(r, i + 1, json_string_value(out)));
	}
}

/* --- Minneapolis --- */

static const struct count_table *table(const struct count_result *r, const char *name)
{
	for (size_t i = 0; i < r->tables_count; i++)
		if (strcmp(r->tables[i].name, name) == 0)
			return &r->tables[i];
	fail_msg("no table %s", name);
	return NULL;
}

static void assert_inactive(const struct count_result *r, size_t stage, const json_t *expected)
{
	static const char *const reasons[] = {"exhaustedChoices", "overvotes", "skippedRankings",
	                                      "repeatedRankings"};
	const struct count_table *t = table(r, "inactive");
	for (size_t i = 0; i < 4; i++)
		assert_true(t->cells[stage * 4 + i] == votes(json_object_get(expected, reasons[i])));
}

static size_t transfer_row(const struct count_table *t, const char *name)
{
	for (size_t i = 0; i < t->rows; i++)
		if (bytes_equal(t->row_names[i], bytes_of_text(name)))
			return i;
	fail_msg("nobody excluded is named %s", name);
	return 0;
}

/* What is not said is 0: all cells of the row are looked at. */
static void assert_transfers(const struct count_result *r, const char *from, const json_t *to)
{
	const struct count_table *t = table(r, "transfers");
	const units *row = t->cells + transfer_row(t, from) * t->columns;
	const char *name;
	json_t *v;
	units listed = 0, sum = 0;
	json_object_foreach((json_t *)(uintptr_t)to, name, v)
	{
		size_t column = strcmp(name, "exhausted") == 0 ? r->profile->candidates_count
		                                               : counted_candidate(r, in_table(name));
		assert_true(row[column] == votes(v));
		listed += votes(v);
	}
	for (size_t i = 0; i < t->columns; i++)
		sum += row[i];
	assert_true(sum == listed);
}

static void minneapolis_equals_the_tabulators_report_in_every_round(void **state)
{
	(void)state;
	struct counted *c = &all;
	const struct count_result *r = &c->result;
	json_t *root = counted_json("election-data/irv-minneapolis-2013-mayor/expected.rctab.json");
	const json_t *rounds = json_object_get(root, "results");
	count_table(c, "election-data/irv-minneapolis-2013-mayor/ballots.csv", NULL,
	            "irv:skipped=1,batch=on,write-ins=first");
	assert_int_equal(json_array_size(rounds), 33);
	assert_int_equal(r->stages_count, 34);
	size_t excluded = 0;
	for (size_t i = 0; i < 33; i++) {
		const json_t *round = json_array_get(rounds, i),
					 *results = json_object_get(round, "tallyResults");
		assert_tallies(r, i, json_object_get(round, "tally"));
		assert_inactive(r, i, json_object_get(round, "inactiveBallots"));
		assert_true(r->stages[i].quota == votes(json_object_get(round, "threshold")));
		for (size_t k = 0; k < json_array_size(results) && i < 32; k++) {
			const json_t *one = json_array_get(results, k);
			const char *name = in_table(json_string_value(json_object_get(one, "eliminated")));
			assert_int_equal(r->stages[i + 1].who_count, json_array_size(results));
			assert_true(has(r, i + 1, name));
			assert_transfers(r, name, json_object_get(one, "transfers"));
			excluded++;
		}
	}
	assert_int_equal(excluded, 34);
	assert_int_equal(r->blank, 639);
	assert_int_equal(r->lots_count, 0);
	assert_int_equal(r->elected_count, 1);
	assert_int_equal(r->elected[0].candidate, counted_candidate(r, "BETSY HODGES"));
	json_decref(root);
}

/* --- one at a time --- */

static void burlington_equals_the_published_rounds(void **state)
{
	(void)state;
	struct counted *c = &all;
	json_t *root = counted_json("election-data/irv-burlington-2009-mayor/expected.json");
	count_table(c, "election-data/irv-burlington-2009-mayor/ballots.csv", NULL, "irv");
	assert_rounds(&c->result, json_object_get(root, "computed_rounds_one_at_a_time"));
	assert_true(counted_is(counted_name(&c->result, c->result.elected[0].candidate),
	                       json_object_get(root, "official_winner")));
	json_decref(root);
}

static void san_francisco_equals_the_published_rounds(void **state)
{
	struct counted *c = &all;
	char path[200];
	snprintf(path, sizeof path, "election-data/irv-san-francisco-2010/%s/expected.json",
	         (const char *)*state);
	json_t *root = counted_json(path);
	snprintf(path, sizeof path, "election-data/irv-san-francisco-2010/%s/ballots.csv",
	         (const char *)*state);
	count_table(c, path, json_object_get(root, "candidates"), "irv");
	assert_rounds(&c->result, json_object_get(root, "computed_rounds_one_at_a_time"));
	assert_true(counted_is(counted_name(&c->result, c->result.elected[0].candidate),
	                       json_object_get(root, "computed_winner")));
	json_decref(root);
}

static void labour_members_of_parliament_equal_the_published_rounds(void **state)
{
	(void)state;
	struct counted *c = &all;
	json_t *root = counted_json("election-data/irv-uk-labour-mps-2010/expected.json");
	counted_blt(c, test_data("election-data/irv-uk-labour-mps-2010/ballots.blt"), "irv");
	assert_rounds(&c->result, json_object_get(root, "computed_rounds_one_at_a_time"));
	json_decref(root);
}

static void psychologists_equal_the_computed_rounds(void **state)
{
	struct counted *c = &all;
	char path[200];
	snprintf(path, sizeof path, "election-data/positional-apa/%s.expected.json",
	         (const char *)*state);
	json_t *root = counted_json(path);
	snprintf(path, sizeof path, "election-data/positional-apa/%s.blt", (const char *)*state);
	counted_blt(c, test_data(path), "irv");
	assert_rounds(&c->result, json_object_get(root, "irv_rounds"));
	assert_true(counted_is(counted_name(&c->result, c->result.elected[0].candidate),
	                       json_object_get(root, "irv_winner")));
	counted_blt(c, test_data(path), "plurality");
	assert_tallies(&c->result, 0, json_object_get(root, "plurality"));
	assert_true(counted_is(counted_name(&c->result, c->result.elected[0].candidate),
	                       json_object_get(json_object_get(root, "winners"), "plurality")));
	json_decref(root);
}

#define WITH(test, name) cmocka_unit_test_prestate(test, (void *)(uintptr_t)name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minneapolis_equals_the_tabulators_report_in_every_round),
		cmocka_unit_test(burlington_equals_the_published_rounds),
		WITH(san_francisco_equals_the_published_rounds, "d6"),
		WITH(san_francisco_equals_the_published_rounds, "d8"),
		cmocka_unit_test(labour_members_of_parliament_equal_the_published_rounds),
		WITH(psychologists_equal_the_computed_rounds, "1998"),
		WITH(psychologists_equal_the_computed_rounds, "2000"),
		WITH(psychologists_equal_the_computed_rounds, "2002"),
		WITH(psychologists_equal_the_computed_rounds, "2004"),
		WITH(psychologists_equal_the_computed_rounds, "2006"),
		WITH(psychologists_equal_the_computed_rounds, "2008"),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
