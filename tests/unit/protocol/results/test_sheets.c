/* SPDX-License-Identifier: Apache-2.0 */
/* Tally sheets of paper votes: sums that can be, and those that cannot. */
#include "support/support.h"

#include "unit/protocol/results/world.h"

static struct world w;

#define QUESTION(max, min)                                                                      \
	"{'id':'q1','title':'Board','rule':'plurality-at-large','seats':1,'min':" min ",'max':" max \
	",'answers':['Ann','Bo','Cy'],'lot':[1,2,3]}"
#define SHEET_AS(title, type, votes, blank, null, a, b, c)                           \
	"{'ballot_box_name':'box 1','num_votes':" votes ",'questions':[{'title':'" title \
	"','tally_type':'" type "','blank_votes':" blank ",'null_votes':" null           \
	",'answers':[{'text':'Cy','num_votes':" c "},{'text':'Ann','num_votes':" a       \
	"},{'text':'Bo','num_votes':" b "}]}]}"
#define SHEET(votes, blank, null, a, b, c) \
	SHEET_AS("Board", "plurality-at-large", votes, blank, null, a, b, c)
#define CONFIGURATION(pattern)                                                          \
	"{'ballot_box_name_filter_re':'" pattern "','election_index':0,'question_index':0," \
	"'tally_sheets_question_index':0}"
#define COUNT(sheets, configurations)                                              \
	PIPES("{'type':'tally_pipes.pipes.ballot_boxes.count_tally_sheets','params':{" \
	      "'tally_sheets':[" sheets "],'configurations':[" configurations "]}}")

static void sums_are_added_to_the_opened_votes(void **state)
{
	(void)state;
	world_begin(&w, QUESTION("1", "0"));
	world_vote(&w, 0, 4, "100", NULL);
	world_run(&w, PIPES(DO_TALLIES ",{'type':'count_tally_sheets','params':{'tally_sheets':[" SHEET(
					  "44", "1", "2", "20", "10",
					  "11") "],'configurations':[" CONFIGURATION("^box [0-9]$") "]}}"));
	assert_tallies(&w.r, 0, "Ann 24, Bo 10, Cy 11");
	struct results_totals of = results_totals(&w.r.questions[0]);
	assert_int_equal(of.valid, 45);
	assert_int_equal(of.blank, 1);
	assert_int_equal(of.invalid, 2);
	assert_int_equal(w.r.questions[0].count->valid, 45);
	assert_journal_says(&w.r, "tally sheet 'box 1': 44 votes, 1 blank, 2 invalid; Cy 11; Ann 20; "
	                          "Bo 10");
}

static void sheets_alone_are_a_result(void **state)
{
	(void)state;
	world_begin(&w, QUESTION("1", "0"));
	world_vote(&w, 0, 4, "100", NULL);
	world_run(&w, COUNT(SHEET("3", "0", "0", "0", "3", "0"), CONFIGURATION("box")));
	assert_tallies(&w.r, 0, "Ann 0, Bo 3, Cy 0");
}

/* The votes that stand for the sums have them, and each of them could have been cast. */
static void any_sums_that_can_be_become_good_votes(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < TEST_COUNT(300, 20000); round++) {
		char room[2048];
		uint64_t sums[3] = {0}, marks = 0, papers = 0;
		unsigned most = 1 + (unsigned)test_random_below(3);
		uint64_t valid = 1 + test_random_below(9), blank = test_random_below(3);
		for (uint64_t i = 0; i < valid; i++) {
			/* A random vote of one to `most` answers. */
			unsigned set = 0;
			unsigned count = 0;
			while (count == 0 || count > most) {
				set = 1 + (unsigned)test_random_below(7);
				count = (set & 1) + (set >> 1 & 1) + (set >> 2);
			}
			for (unsigned c = 0; c < 3; c++)
				sums[c] += set >> c & 1;
		}
		world_begin(&w, most == 1   ? QUESTION("1", "0")
		                : most == 2 ? QUESTION("2", "0")
		                            : QUESTION("3", "0"));
		snprintf(room, sizeof room,
		         COUNT(SHEET("%u", "%u", "0", "%u", "%u", "%u"), CONFIGURATION("box")),
		         (unsigned)(valid + blank), (unsigned)blank, (unsigned)sums[2], (unsigned)sums[0],
		         (unsigned)sums[1]);
		world_run(&w, room);
		const struct results_part *p = &w.r.questions[0].parts[1];
		for (size_t i = 0; i < p->papers_count; i++) {
			uint32_t length = p->starts[i + 1] - p->starts[i];
			assert_in_range(length, 1, most);
			marks += (uint64_t)length * p->weights[i];
			papers += p->weights[i];
		}
		assert_int_equal(papers, valid);
		assert_int_equal(marks, sums[0] + sums[1] + sums[2]);
		for (unsigned c = 0; c < 3; c++)
			assert_int_equal(w.r.questions[0].count->stages[0].tallies[c], sums[c]);
	}
}

static void sums_that_cannot_be_are_refused_by_the_sheets_name(void **state)
{
	(void)state;
	static const struct {
		const char *question, *sheet;
	} wrong[] = {
		/* one answer a vote: marks and valid votes are equal */
		{QUESTION("1", "0"), SHEET("44", "1", "2", "20", "10", "12")},
		{QUESTION("1", "0"), SHEET("44", "1", "2", "20", "10", "10")},
		/* somebody is on more votes than there are */
		{QUESTION("3", "0"), SHEET("4", "0", "0", "5", "1", "1")},
		/* more than two on each; less than one on each; less than two on each */
		{QUESTION("2", "0"), SHEET("4", "0", "0", "3", "3", "3")},
		{QUESTION("3", "0"), SHEET("4", "0", "0", "1", "1", "1")},
		{QUESTION("3", "2"), SHEET("4", "0", "0", "3", "3", "1")},
		/* more blank ones than any; marks without a vote */
		{QUESTION("3", "0"), SHEET("4", "3", "2", "0", "0", "0")},
		{QUESTION("3", "0"), SHEET("4", "4", "0", "1", "0", "0")},
	};
	/* The fourth is 9 marks on 4 papers of at most 2. */
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char room[2048];
		world_begin(&w, wrong[i].question);
		snprintf(room, sizeof room, COUNT("%s", CONFIGURATION("box")), wrong[i].sheet);
		assert_refused(&w, room, ERROR_REJECTED,
		               "pipes[0] count_tally_sheets: tally_sheets 0: box 1: q1: 4");
	}
}

static void a_sheet_of_another_question_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *sheet, *place;
	} wrong[] = {
		{SHEET_AS("Other", "plurality-at-large", "1", "0", "0", "1", "0", "0"), "q1: Other"},
		{SHEET_AS("Board", "cumulative", "1", "0", "0", "1", "0", "0"), "q1: plurality-at-large"},
	};
	for (size_t i = 0; i < 2; i++) {
		char room[2048];
		world_begin(&w, QUESTION("1", "0"));
		snprintf(room, sizeof room, COUNT("%s", CONFIGURATION("box")), wrong[i].sheet);
		assert_refused(&w, room, ERROR_REJECTED, wrong[i].place);
	}
	world_begin(&w, QUESTION("1", "0"));
	assert_refused(&w,
	               COUNT("{'ballot_box_name':'b','num_votes':1,'questions':[{'title':'Board',"
	                     "'tally_type':'plurality-at-large','blank_votes':0,'null_votes':0,"
	                     "'answers':[{'text':'Ann','num_votes':1},{'text':'Cy','num_votes':0}]}]}",
	                     CONFIGURATION("")),
	               ERROR_REJECTED, "b: q1: Bo");
}

static void a_sheet_counts_once_and_none_is_forgotten(void **state)
{
	(void)state;
	world_begin(&w, QUESTION("1", "0"));
	assert_refused(&w,
	               COUNT(SHEET("1", "0", "0", "1", "0", "0"),
	                     CONFIGURATION("box") "," CONFIGURATION("^box 1$")),
	               ERROR_REJECTED, "tally_sheets 0: box 1: q1");
	world_begin(&w, QUESTION("1", "0"));
	assert_refused(&w, COUNT(SHEET("1", "0", "0", "1", "0", "0"), CONFIGURATION("^other")),
	               ERROR_REJECTED, "tally_sheets 0: box 1");
}

static void points_of_cumulative_votes_are_added(void **state)
{
	(void)state;
	/* A file's question, since no manifest has this rule. Two votes: 2 1 0 and 0 0 3. */
	struct profile p;
	struct count_rule rule;
	arena_release(test_arena(), 0);
	memset(&w, 0, sizeof w);
	error_clear(&w.err);
	assert_ok(count_rule_read(&rule, BYTES_LITERAL("cumulative"), &w.err), w.err);
	assert_ok(
		profile_init(&p, (struct profile_room){3, 2, 6, PROFILE_SCORES}, test_arena(), &w.err),
		w.err);
	p.title = BYTES_LITERAL("Board");
	static const char *const names[] = {"Ann", "Bo", "Cy"};
	for (size_t i = 0; i < 3; i++)
		p.candidates[i].name = bytes_of_text(names[i]);
	assert_ok(profile_value(&p, 0, 2, &w.err) && profile_value(&p, 1, 1, &w.err) &&
	              profile_close_paper(&p, 1, &w.err) && profile_value(&p, 2, 3, &w.err) &&
	              profile_close_paper(&p, 1, &w.err),
	          w.err);
	assert_ok(results_of_profile(&w.r, &p, &rule, test_arena(), &w.err), w.err);
	assert_ok(
		world_try(&w, PIPES(DO_TALLIES
	                        ",{'type':'count_tally_sheets','params':{'tally_sheets':[" SHEET_AS(
								"Board", "cumulative", "5", "1", "1", "4", "0",
								"4") "],'configurations':[" CONFIGURATION("box") "]}}")),
		w.err);
	assert_tallies(&w.r, 0, "Ann 6, Bo 1, Cy 7");
	assert_int_equal(w.r.questions[0].count->valid, 5);
	assert_fails(world_try(&w, PIPES("{'type':'withdraw_candidates','params':{'questions':[{"
	                                 "'question_index':0,'policy':'minimum-ballots-percent',"
	                                 "'min_percent':5}]}}")),
	             w.err, ERROR_REJECTED);
}

static void sums_are_not_counted_by_a_rule_that_does_more_than_add(void **state)
{
	(void)state;
	world_begin(&w, QUESTION("1", "0"));
	assert_refused(
		&w,
		PIPES("{'type':'count_tally_sheets','params':{'tally_sheets':[" SHEET(
			"2", "0", "0", "1", "0",
			"1") "],'configurations':[" CONFIGURATION("box") "]}},{'type':'apply_modifications','"
	                                                         "params':{'modifications':["
	                                                         "{'question_index':0,'action':'set-"
	                                                         "tally-type','tally-type':'party-list'"
	                                                         "}"
	                                                         "]}}"),
		ERROR_REJECTED, "q1: party-list");
	assert_non_null(strstr(w.err.what, "tally sheets go with sums"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_added_to_the_opened_votes),
		cmocka_unit_test(sheets_alone_are_a_result),
		cmocka_unit_test(any_sums_that_can_be_become_good_votes),
		cmocka_unit_test(sums_that_cannot_be_are_refused_by_the_sheets_name),
		cmocka_unit_test(a_sheet_of_another_question_is_refused),
		cmocka_unit_test(a_sheet_counts_once_and_none_is_forgotten),
		cmocka_unit_test(sums_are_not_counted_by_a_rule_that_does_more_than_add),
		cmocka_unit_test(points_of_cumulative_votes_are_added),
	};
	return cmocka_run_group_tests_name("protocol/results/sheets", tests, NULL, NULL);
}
