/* SPDX-License-Identifier: Apache-2.0 */
/* Debian's project leaders, the APA's presidents and a polling station of Orsay: comparisons, paths
 * and grades that independent counters computed come out of ours. */
#include "vectors/counted.h"

#include <stdio.h>
#include <stdlib.h>

static struct error err;

/* --- files --- */

static char *copy_text(bytes b)
{
	char *text = arena_take(test_arena(), b.len + 1, 1, &err);
	assert_non_null(text);
	memcpy(text, b.p, b.len);
	text[b.len] = '\0';
	return text;
}

static void close_paper(struct profile *p, uint64_t count)
{
	assert_ok(profile_close_paper(p, count, &err), err);
}

static void start(struct profile *p, size_t candidates, size_t papers, enum profile_kind kind)
{
	struct profile_room room = {candidates, papers, candidates * papers, kind};
	assert_ok(profile_init(p, room, test_arena(), &err), err);
}

/* A line is a number of ballots and a character for each candidate: its rank, or '-'. */
static void read_debian(struct profile *p, bytes file, const json_t *names)
{
	size_t n = json_array_size(names);
	start(p, n, 1000, PROFILE_RANKS);
	for (size_t i = 0; i < n; i++)
		p->candidates[i].name = bytes_of_text(json_string_value(json_array_get(names, i)));
	char *rest = copy_text(file), *line = strtok_r(rest, "\n", &rest);
	while ((line = strtok_r(NULL, "\n", &rest))) {
		char *ranks;
		uint64_t count = strtoull(line, &ranks, 10);
		for (size_t i = 0; i < n; i++)
			if (ranks[1 + i] != '-')
				assert_ok(profile_value(p, i, (uint32_t)(ranks[1 + i] - '0'), &err), err);
		close_paper(p, count);
	}
}

/* A heading with the names, then a line for each ballot: its number, and 0 (no opinion) or a grade
 * from 1 for each candidate. */
static void read_orsay(struct profile *p, bytes file)
{
	size_t n = 0;
	char *rest = copy_text(file), *line = strtok_r(rest, "\r\n", &rest);
	start(p, 12, 1000, PROFILE_SCORES);
	for (char *name = strtok_r(line, ",", &line); name; name = strtok_r(NULL, ",", &line))
		p->candidates[n++].name = bytes_of_text(name);
	assert_int_equal(n, 12);
	while ((line = strtok_r(NULL, "\r\n", &rest))) {
		char *at = strchr(line, ',');
		for (size_t i = 0; i < n; i++)
			assert_ok(profile_value(p, i, (uint32_t)strtoul(at + 1, &at, 10), &err), err);
		close_paper(p, 1);
	}
}

/* --- what is compared --- */

static const struct count_table *table(const struct count_result *r, const char *name)
{
	for (size_t i = 0; i < r->tables_count; i++)
		if (strcmp(r->tables[i].name, name) == 0)
			return &r->tables[i];
	fail_msg("no table %s", name);
	return NULL;
}

static void assert_table(const struct count_result *r, const char *name, const json_t *rows)
{
	const struct count_table *t = table(r, name);
	assert_int_equal(t->rows, json_array_size(rows));
	for (size_t i = 0; i < t->rows; i++)
		for (size_t j = 0; j < t->columns; j++)
			assert_int_equal(t->cells[i * t->columns + j],
			                 json_integer_value(json_array_get(json_array_get(rows, i), j)));
}

/* The published order is ours. In 2006 two candidates have 166 ballots each against the other: we
 * give them one place, the published list has them in the order of the file. */
static void assert_order(const struct count_result *r, const json_t *names)
{
	const struct count_table *t = table(r, "pairwise");
	size_t before = 0;
	assert_int_equal(json_array_size(names), r->profile->candidates_count);
	for (size_t i = 0; i < t->rows; i++) {
		size_t k = counted_candidate(r, json_string_value(json_array_get(names, i)));
		bool level = i > 0 && t->cells[k * t->rows + before] == t->cells[before * t->rows + k];
		assert_int_equal(r->places[k], level ? i : i + 1);
		before = k;
	}
}

static struct counted counted;

static json_t *count_debian(const char *year, const char *rule)
{
	char path[120];
	arena_release(test_arena(), 0);
	snprintf(path, sizeof path, "election-data/condorcet-schulze-debian-dpl/%s/expected.json",
	         year);
	json_t *root = counted_json(path);
	snprintf(path, sizeof path, "election-data/condorcet-schulze-debian-dpl/%s/ballots.csv", year);
	read_debian(&counted.profile, test_data(path), json_object_get(root, "candidates"));
	assert_int_equal(counted.profile.ballots_count,
	                 json_integer_value(json_object_get(root, "ballots")));
	counted_run(&counted, rule);
	return root;
}

/* --- tests --- */

static void debian_leader_has_the_published_comparisons_paths_and_order(void **state)
{
	json_t *root = count_debian(*state, "schulze");
	assert_table(&counted.result, "pairwise", json_object_get(root, "pairwise_row_beats_column"));
	assert_table(&counted.result, "strengths", json_object_get(root, "beatpath_strength"));
	assert_order(&counted.result, json_object_get(root, "computed_order"));
	assert_elected_set(&counted.result, json_object_get(root, "computed_winners"));
	assert_int_equal(counted.result.lots_count, 0);
	json_decref(root);
}

/* Both years have a candidate who beats all others. */
static void every_condorcet_method_elects_the_debian_leader(void **state)
{
	static const char *const rules[] = {
		"ranked-pairs", "ranked-pairs:strength=margins", "copeland",
		"minimax",      "minimax:strength=margins",      "schulze:strength=margins"};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		json_t *root = count_debian(*state, rules[i]);
		assert_elected_set(&counted.result, json_object_get(root, "computed_winners"));
		json_decref(root);
	}
}

/* The trap of 2006: who takes the unranked for abstentions elects another leader. */
static void unranked_as_no_opinion_elects_another_leader_of_2006(void **state)
{
	(void)state;
	json_t *root = count_debian("2006", "schulze:unranked=none");
	assert_int_equal(counted.result.elected_count, 1);
	assert_int_equal(counted.result.elected[0].candidate,
	                 counted_candidate(&counted.result, "Steve McIntyre"));
	json_decref(root);
}

static void apa_comparisons_and_winners_are_the_published_ones(void **state)
{
	char path[80];
	snprintf(path, sizeof path, "election-data/positional-apa/%s.expected.json",
	         (const char *)*state);
	json_t *root = counted_json(path);
	snprintf(path, sizeof path, "election-data/positional-apa/%s.blt", (const char *)*state);
	static const char *const rules[] = {"schulze", "ranked-pairs", "copeland", "minimax"};
	for (size_t i = 0; i < 4; i++) {
		counted_blt(&counted, test_data(path), rules[i]);
		assert_table(&counted.result, "pairwise", json_object_get(root, "pairwise"));
		if (json_array_size(json_object_get(root, "condorcet_winner")) > 0)
			assert_elected_set(&counted.result, json_object_get(root, "condorcet_winner"));
	}
	json_decref(root);
}

static void orsay_grades_and_ranking_are_the_published_ones(void **state)
{
	static const char *const grades[] = {"À rejeter",  "Insuffisant", "Passable",
	                                     "Assez bien", "Bien",        "Très bien"};
	char path[100];
	arena_release(test_arena(), 0);
	snprintf(path, sizeof path, "election-data/majority-judgment-orsay-2007/%s.csv",
	         (const char *)*state);
	read_orsay(&counted.profile, test_data(path));
	counted_run(&counted, "majority-judgment:grades=6");
	snprintf(path, sizeof path, "election-data/majority-judgment-orsay-2007/%s.expected.json",
	         (const char *)*state);
	json_t *root = counted_json(path), *list = json_object_get(root, "ranking");
	assert_int_equal(counted.result.valid, json_integer_value(json_object_get(root, "ballots")));
	const struct count_table *numbers = table(&counted.result, "grades");
	const struct count_table *majority = table(&counted.result, "majority");
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *one = json_array_get(list, i);
		size_t k = counted_candidate(&counted.result,
		                             json_string_value(json_object_get(one, "candidate")));
		assert_int_equal(counted.result.places[k], i + 1);
		for (size_t g = 0; g < 6; g++)
			assert_int_equal(
				numbers->cells[k * 6 + g],
				json_integer_value(json_object_get(json_object_get(one, "grades"), grades[g])));
		assert_string_equal(grades[majority->cells[k * 3 + 1] - 1],
		                    json_string_value(json_object_get(one, "majority_grade")));
		assert_int_equal(majority->cells[k * 3],
		                 json_integer_value(json_object_get(one, "above_median")));
		assert_int_equal(majority->cells[k * 3 + 2],
		                 json_integer_value(json_object_get(one, "below_median")));
	}
	assert_int_equal(json_array_size(list), 12);
	json_decref(root);
}

/* Five comparisons form a tree, so no strengths fit best; R ended with steps of 24.56607 from each
 * winner to the loser. A prior on the compared pairs has the same step everywhere: here 2. The
 * plaintexts are one more than the digits of the pair; answers are numbered from 1 there. */
static void sequent_pairs_have_the_published_order_with_a_prior(void **state)
{
	(void)state;
	static const char dir[] = "sequent/tally-methods-pre2021/test/fixtures/pairwise-bradleyterry";
	char path[140];
	arena_release(test_arena(), 0);
	snprintf(path, sizeof path, "%s/0-question/plaintexts_json", dir);
	char *rest = copy_text(test_data(path));
	struct profile *p = &counted.profile;
	start(p, 6, 20, PROFILE_PAIRS);
	for (char *line; (line = strtok_r(rest, "\n", &rest));) {
		unsigned long v = strtoul(line + 1, NULL, 10) - 1;
		if (v < 10 || v > 99) /* three digits, one, or none */
			continue;
		assert_ok(profile_pair(p, v / 10 - 1, v % 10 - 1, &err), err);
		close_paper(p, 1);
	}
	snprintf(path, sizeof path, "%s/results_json", dir);
	json_t *root = counted_json(path);
	json_t *question = json_array_get(json_object_get(root, "questions"), 0);
	json_t *answers = json_object_get(question, "answers");
	for (size_t i = 0; i < 6; i++)
		p->candidates[i].name =
			bytes_of_text(json_string_value(json_object_get(json_array_get(answers, i), "text")));
	counted_run(&counted, "pairwise-bradleyterry:prior=1");
	assert_int_equal(
		counted.result.valid,
		json_integer_value(json_object_get(json_object_get(question, "totals"), "valid_votes")));
	const units *tallies = counted.result.stages[0].tallies;
	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < 6; j++) {
			double a =
				json_number_value(json_object_get(json_array_get(answers, i), "total_count"));
			double b =
				json_number_value(json_object_get(json_array_get(answers, j), "total_count"));
			assert_int_equal(a > b, tallies[i] > tallies[j]);
		}
	assert_int_equal(counted.result.elected[0].candidate, 0);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(debian_leader_has_the_published_comparisons_paths_and_order,
	                              (void *)"2006"),
		cmocka_unit_test_prestate(debian_leader_has_the_published_comparisons_paths_and_order,
	                              (void *)"2007"),
		cmocka_unit_test_prestate(every_condorcet_method_elects_the_debian_leader, (void *)"2006"),
		cmocka_unit_test_prestate(every_condorcet_method_elects_the_debian_leader, (void *)"2007"),
		cmocka_unit_test(unranked_as_no_opinion_elects_another_leader_of_2006),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"1998"),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"2000"),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"2002"),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"2004"),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"2006"),
		cmocka_unit_test_prestate(apa_comparisons_and_winners_are_the_published_ones,
	                              (void *)"2008"),
		cmocka_unit_test_prestate(orsay_grades_and_ranking_are_the_published_ones,
	                              (void *)"bureau_01"),
		cmocka_unit_test_prestate(orsay_grades_and_ranking_are_the_published_ones,
	                              (void *)"bureau_12"),
		cmocka_unit_test(sequent_pairs_have_the_published_order_with_a_prior),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
