/* SPDX-License-Identifier: Apache-2.0 */
/* Real ballot tables: sums that others published come out of what csv.h reads. */
#include "support/support.h"

#include "base/limits.h"
#include "count/count.h"
#include "count/csv.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *read_json(const char *path)
{
	bytes text = test_data(path);
	json_error_t e;
	json_t *root = json_loadb((const char *)text.p, text.len, 0, &e);
	if (!root)
		fail_msg("%s: %s", path, e.text);
	return root;
}

static void read_table(struct profile *p, const char *path, const struct csv_options *options)
{
	struct error err;
	bytes file = test_data(path);
	size_t before = arena_mark(test_arena());
	assert_ok(csv_read(p, file, options, test_arena(), &err), err);
	assert_true(arena_mark(test_arena()) - before <= csv_arena_bytes(file));
}

static void run(struct count_result *r, const struct profile *p, const char *name)
{
	struct error err;
	struct count_rule rule;
	static uint16_t lot[LIMIT_ANSWERS];
	for (size_t i = 0; i < p->candidates_count; i++)
		lot[i] = (uint16_t)i;
	assert_ok(count_rule_read(&rule, bytes_of_text(name), &err), err);
	rule.lot = lot;
	rule.lot_count = p->candidates_count;
	assert_ok(count_run(r, &rule, p, test_arena(), &err), err);
}

static uint64_t votes_of(const struct count_result *r, const char *name)
{
	for (size_t i = 0; i < r->profile->candidates_count; i++)
		if (bytes_equal(r->profile->candidates[i].name, bytes_of_text(name)))
			return (uint64_t)r->stages[0].tallies[i];
	fail_msg("no candidate %s", name);
	return 0;
}

static void approval_sums_equal_the_published_ones(void **state)
{
	struct profile p;
	struct count_result r;
	bytes names[16];
	char path[200], number[24];
	arena_release(test_arena(), 0);
	snprintf(path, sizeof path, "election-data/approval-french-2002/%s/expected.json",
	         (const char *)*state);
	json_t *root = read_json(path), *list = json_object_get(root, "candidates");
	assert_int_equal(json_object_size(list), 16);
	for (unsigned i = 0; i < 16; i++) {
		snprintf(number, sizeof number, "%u", i + 1);
		names[i] = bytes_of_text(json_string_value(json_object_get(list, number)));
	}
	struct csv_options options = {.candidates = names, .candidates_count = 16};
	snprintf(path, sizeof path, "election-data/approval-french-2002/%s/ballots.csv",
	         (const char *)*state);
	read_table(&p, path, &options);
	run(&r, &p, "plurality-at-large");

	assert_int_equal(p.ballots_count, json_integer_value(json_object_get(root, "ballots")));
	const char *name;
	json_t *sum;
	uint64_t most = 0;
	json_object_foreach(json_object_get(root, "approvals"), name, sum)
	{
		assert_int_equal(votes_of(&r, name), json_integer_value(sum));
		most = votes_of(&r, name) > most ? votes_of(&r, name) : most;
	}
	assert_int_equal(r.elected_count, 1);
	assert_int_equal(r.stages[0].tallies[r.elected[0].candidate], most);
	json_decref(root);
}

static void burlington_first_choices_equal_the_published_ones(void **state)
{
	(void)state;
	struct profile p;
	struct count_result r;
	arena_release(test_arena(), 0);
	struct csv_options options = {.overvote = CSV_OVERVOTE_ENDS_BALLOT};
	json_t *root = read_json("election-data/irv-burlington-2009-mayor/expected.json");
	read_table(&p, "election-data/irv-burlington-2009-mayor/ballots.csv", &options);
	run(&r, &p, "scotland");
	json_t *first = json_array_get(json_object_get(root, "computed_rounds_one_at_a_time"), 0);
	const char *name;
	json_t *votes;
	assert_int_equal(p.ballots_count, 8980);
	assert_int_equal(r.blank, json_integer_value(json_object_get(first, "exhausted")));
	assert_int_equal(p.candidates_count, json_object_size(json_object_get(first, "tallies")));
	json_object_foreach(json_object_get(first, "tallies"), name, votes)
		assert_int_equal(votes_of(&r, name), (uint64_t)json_integer_value(votes) * 100000);
	json_decref(root);
}

static void minneapolis_first_choices_equal_the_published_ones(void **state)
{
	(void)state;
	struct profile p;
	struct count_result r;
	arena_release(test_arena(), 0);
	struct csv_options options = {.overvote = CSV_OVERVOTE_ENDS_BALLOT};
	json_t *root = read_json("election-data/irv-minneapolis-2013-mayor/expected.rctab.json");
	read_table(&p, "election-data/irv-minneapolis-2013-mayor/ballots.csv", &options);
	run(&r, &p, "scotland");
	assert_int_equal(p.ballots_count, 80101);
	assert_int_equal(p.candidates_count, 36);
	json_t *first = json_array_get(json_object_get(root, "results"), 0);
	const char *name;
	json_t *votes;
	size_t compared = 0;
	uint64_t more = 0;
	json_object_foreach(json_object_get(first, "tally"), name, votes)
	{
		uint64_t published = strtoull(json_string_value(votes), NULL, 10);
		const char *in_table = strcmp(name, "Undeclared Write-ins") == 0 ? "UWI" : name;
		assert_true(votes_of(&r, in_table) >= published * 100000);
		more += votes_of(&r, in_table) / 100000 - published;
		compared++;
	}
	assert_int_equal(compared, 36);
	/*
	 * The published rule ends a ballot at two blank ranks in a row, ours steps over them: 46
	 * ballots name somebody at rank 3 only.
	 */
	assert_int_equal(more, 46);
	json_decref(root);
}

static void table_of_numbers_gives_numbered_candidates(void **state)
{
	(void)state;
	struct profile p;
	struct count_result r;
	arena_release(test_arena(), 0);
	struct csv_options options = {.overvote = CSV_OVERVOTE_ENDS_BALLOT};
	read_table(&p, "election-data/irv-san-francisco-2010/d8/ballots.csv", &options);
	run(&r, &p, "scotland");
	assert_int_equal(p.ballots_count, 34931);
	for (size_t i = 0; i < p.candidates_count; i++) {
		char number[24];
		snprintf(number, sizeof number, "%zu", i + 1);
		assert_true(bytes_equal(p.candidates[i].name, bytes_of_text(number)));
	}
}

static void debian_ranks_give_the_published_pairs(void **state)
{
	struct profile p;
	char path[200];
	arena_release(test_arena(), 0);
	snprintf(path, sizeof path, "election-data/condorcet-schulze-debian-dpl/%s/expected.json",
	         (const char *)*state);
	json_t *root = read_json(path), *pairs = json_object_get(root, "pairwise_row_beats_column");
	snprintf(path, sizeof path, "election-data/condorcet-schulze-debian-dpl/%s/ballots.csv",
	         (const char *)*state);
	read_table(&p, path, &(struct csv_options){.seats = 1});
	size_t n = json_array_size(pairs);
	assert_int_equal(p.kind, PROFILE_RANKS);
	assert_int_equal(p.ballots_count, json_integer_value(json_object_get(root, "ballots")));
	assert_int_equal(p.candidates_count, n);
	uint64_t prefer[16][16] = {{0}};
	for (size_t i = 0; i < p.papers_count; i++) {
		uint32_t rank[16];
		memset(rank, 0xff, sizeof rank);
		for (uint32_t j = p.starts[i]; j < p.starts[i + 1]; j++)
			rank[p.choices[j]] = p.values[j];
		for (size_t a = 0; a < n; a++)
			for (size_t b = 0; b < n; b++)
				prefer[a][b] += rank[a] < rank[b] ? p.counts[i] : 0;
	}
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			assert_int_equal(prefer[a][b],
			                 json_integer_value(json_array_get(json_array_get(pairs, a), b)));
	json_decref(root);
}

static void orsay_grades_are_read_one_ballot_a_row(void **state)
{
	(void)state;
	struct profile p;
	arena_release(test_arena(), 0);
	read_table(&p, "election-data/majority-judgment-orsay-2007/bureau_01.csv",
	           &(struct csv_options){.seats = 1});
	assert_int_equal(p.kind, PROFILE_SCORES);
	assert_int_equal(p.ballots_count, 559);
	assert_int_equal(p.candidates_count, 12);
	assert_int_equal(p.choices_count, 559 * 12);
	assert_true(bytes_equal(p.candidates[0].name, BYTES_LITERAL("Besancenot")));
	/* the file's first row: 5,4,0,0,4,3,0,2,0,0,0,0 */
	assert_int_equal(p.values[0], 5);
	assert_int_equal(p.values[5], 3);
}

#define APPROVAL(place)                                                                     \
	{                                                                                       \
		place, approval_sums_equal_the_published_ones, NULL, NULL, (void *)(uintptr_t)place \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		APPROVAL("Orsay1"),
		APPROVAL("Orsay6"),
		APPROVAL("Orsay12"),
		cmocka_unit_test(burlington_first_choices_equal_the_published_ones),
		cmocka_unit_test(minneapolis_first_choices_equal_the_published_ones),
		cmocka_unit_test(table_of_numbers_gives_numbered_candidates),
		{"debian 2006", debian_ranks_give_the_published_pairs, NULL, NULL,
	     (void *)(uintptr_t) "2006"},
		{"debian 2007", debian_ranks_give_the_published_pairs, NULL, NULL,
	     (void *)(uintptr_t) "2007"},
		cmocka_unit_test(orsay_grades_are_read_one_ballot_a_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
