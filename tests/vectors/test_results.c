/* SPDX-License-Identifier: Apache-2.0 */
/* Sequent's tests of tally sheets, output, withdrawals and seats, through pipelines: theirs, as
 * they stand in the files, or the pipes that their test programs run. */
#include "named_votes.h"

#include "results/pipeline.h"
#include "unit/protocol/results/world.h"

static struct named_votes votes;
static struct results results;

static void give(const char *name, enum profile_kind kind, const char *rule, const char *title)
{
	char path[128], text[64];
	struct error err;
	error_clear(&err);
	snprintf(path, sizeof path, "sequent/tally-pipes/test/%s", name);
	named_read(&votes, path, kind);
	snprintf(text, sizeof text, rule, votes.longest);
	votes.c.profile.title = bytes_of_text(title);
	named_count(&votes, text);
	assert_ok(results_of_profile(&results, &votes.c.profile, &votes.c.rule, test_arena(), &err),
	          err);
}

static void run(bytes json)
{
	struct error err;
	struct pipeline p;
	error_clear(&err);
	assert_ok(pipeline_read(&p, json, test_arena(), &err), err);
	assert_ok(pipeline_run(&results, &p, &err), err);
}

/* Every number of votes that the file expects. */
static void assert_expected_votes(void)
{
	const struct results_question *q = &results.questions[0];
	assert_true(votes.results_count > 0);
	for (size_t i = 0; i < votes.results_count; i++)
		assert_int_equal(q->count->stages[0].tallies[votes.results[i].candidate],
		                 votes.results[i].votes);
}

static void assert_expected_winners(void)
{
	uint16_t winners[LIMIT_ANSWERS];
	size_t n = results_winners(winners, &results.questions[0]);
	assert_int_equal(n, votes.results_count);
	for (size_t i = 0; i < votes.results_count; i++) {
		bool found = false;
		for (size_t k = 0; k < n; k++)
			found = found || winners[k] == votes.results[i].candidate;
		if (!found)
			fail_msg("no seat for %s", votes.names[votes.results[i].candidate]);
	}
}

static void tally_sheets_are_counted_by_the_pipelines_of_the_files(void **state)
{
	(void)state;
	static const char *const files[] = {"plurality_tally_sheets/test_0",
	                                    "plurality_tally_sheets/test_2"};
	for (size_t i = 0; i < 2; i++) {
		give(files[i], PROFILE_MARKS, "plurality-at-large", "Desborda question");
		const char *json = strchr(votes.tail, '{');
		assert_non_null(json);
		run(bytes_of_text(json));
		assert_expected_votes();
	}
}

static void the_votes_of_the_output_test_are_counted(void **state)
{
	(void)state;
	give("output_tests/test_output_2", PROFILE_MARKS, "plurality-at-large", "Desborda question");
	run(world_json(PIPES("{'type':'tally_pipes.pipes.results.do_tallies','params':"
	                     "{'ignore_invalid_votes':true}},"
	                     "{'type':'tally_pipes.pipes.sort.sort_non_iterative','params':"
	                     "{'question_indexes':[0]}}")));
	assert_expected_votes();
}

/* "{'text':'A1f','team':'A','gender':'woman'},…" */
static bytes seats_pipeline(const char *pipe)
{
	static char room[1u << 20];
	size_t n = (size_t)snprintf(room, sizeof room,
	                            "{'version':'1.0','pipes':[" DO_TALLIES
	                            ",{'type':'describe_candidates','params':{'question_index':0,"
	                            "'candidates':[");
	for (size_t i = 0; i < votes.names_count; i++) {
		const char *name = votes.names[i];
		n += (size_t)snprintf(room + n, sizeof room - n,
		                      "%s{'text':'%s','team':'%c','gender':'%s'}", i > 0 ? "," : "", name,
		                      name[0], name[strlen(name) - 1] == 'f' ? "woman" : "man");
	}
	snprintf(room + n, sizeof room - n, "]}},{'type':'%s','params':{}}]}", pipe);
	return world_json(room);
}

static void the_pipes_of_desborda_seat_whom_their_tests_expect(void **state)
{
	(void)state;
	static const struct {
		const char *file, *rule, *pipe;
	} f[] = {
		{"desborda_tests/test_1", "desborda", "podemos_desborda"},
		{"desborda_tests/test_3", "desborda", "podemos_desborda"},
		{"desborda_tests/test_7", "desborda", "podemos_desborda"},
		{"desborda2_tests/test_2", "desborda2:max=%zu", "podemos_desborda2"},
		{"desborda2_tests/test_4", "desborda2:max=%zu", "podemos_desborda2"},
		{"desborda2_tests/test_10", "desborda2:max=%zu", "podemos_desborda2"},
		{"desborda2_tests/test_multi_women", "desborda2:max=%zu",
	     "tally_pipes.pipes.desborda2.podemos_desborda2"},
		{"desborda3_tests/test_3", "desborda3:max=%zu", "podemos_desborda3"},
		{"desborda3_tests/test_9", "desborda3:max=%zu", "podemos_desborda3"},
		{"desborda4_tests/test_1", "desborda2:max=%zu", "podemos_desborda4"},
		{"desborda4_tests/test_3", "desborda2:max=%zu", "podemos_desborda4"},
	};
	for (size_t i = 0; i < sizeof f / sizeof *f; i++) {
		give(f[i].file, PROFILE_RANKING, f[i].rule, "Desborda question");
		run(seats_pipeline(f[i].pipe));
		assert_expected_votes();
		assert_expected_winners();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tally_sheets_are_counted_by_the_pipelines_of_the_files),
		cmocka_unit_test(the_votes_of_the_output_test_are_counted),
		cmocka_unit_test(the_pipes_of_desborda_seat_whom_their_tests_expect),
	};
	return cmocka_run_group_tests_name("vectors/results", tests, NULL, NULL);
}
