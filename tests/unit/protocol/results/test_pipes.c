/* SPDX-License-Identifier: Apache-2.0 */
/* What each pipe does to the votes of a small election, and what it refuses. */
#include "support/support.h"

#include "unit/protocol/results/world.h"

static struct world w;

#define MARKS(id, more)                                                                     \
	"{'id':'" id "','title':'Board','rule':'plurality-at-large','seats':1,'min':0,'max':3," \
	"'answers':['Ann','Bo','Cy']" more "}"

/* Ann 3, Bo 2, Cy 2; one blank, one of weight 2. */
static void begin_marks(const char *questions)
{
	world_begin(&w, questions);
	world_vote(&w, 0, 2, "100", NULL);
	world_vote(&w, 0, 1, "111", NULL);
	world_vote(&w, 0, 1, "011", NULL);
	world_vote(&w, 0, 1, "000", NULL);
}

static void do_tallies_counts_the_opened_votes(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w, PIPES(DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 3, Bo 2, Cy 2");
	assert_winners(&w.r, 0, "Ann");
	assert_journal_says(&w.r, "5 votes opened in north: 4 valid, 1 blank, 0 invalid");
	assert_int_equal(results_totals(&w.r.questions[0]).blank, 1);
}

static void votes_that_nothing_asks_for_are_not_counted_and_the_journal_says_so(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w, PIPES(""));
	assert_null(w.r.questions[0].count);
	assert_journal_says(&w.r,
	                    "5 votes of this question are not counted: no do_tallies asked for them");
}

static void do_tallies_twice_counts_once(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w, PIPES(DO_TALLIES "," DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 3, Bo 2, Cy 2");
	assert_non_null(w.r.notes);
	assert_null(w.r.notes->next);
}

static void a_tie_needs_ties_sorting_and_follows_it(void **state)
{
	(void)state;
	const char *sort = PIPES(
		DO_TALLIES ",{'type':'sort_non_iterative','params':{'question_indexes':[0],'withdrawals':"
				   "[{'question_index':0,'answer_text':'Ann','answer_id':0}],'ties_sorting':"
				   "[{'question_index':0,'answer_text':'Cy'},"
				   "{'question_index':0,'answer_text':'Bo'}]}}");
	begin_marks(MARKS("q1", ""));
	world_run(&w, sort);
	assert_winners(&w.r, 0, "Cy");
	assert_journal_says(&w.r,
	                    "Ann is withdrawn: named in withdrawals; 3 votes named this candidate");
	assert_journal_says(&w.r, "ties are decided in this order: Cy, Bo");
	begin_marks(MARKS("q1", ""));
	assert_refused(&w,
	               PIPES(DO_TALLIES ",{'type':'sort_non_iterative','params':{'question_indexes':"
	                                "[0],'withdrawals':[{'question_index':0,'answer_text':'Ann'}]"
	                                "}}"),
	               ERROR_REJECTED, "pipes[1] sort_non_iterative: q1");
	begin_marks(MARKS("q1", ",'lot':[1,2,3]"));
	assert_refused(&w, sort, ERROR_REJECTED, "pipes[1] sort_non_iterative: q1");
}

static void an_answer_id_must_be_that_of_the_text(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	assert_refused(
		&w,
		PIPES("{'type':'sort_non_iterative','params':{'question_indexes':[0],"
	          "'withdrawals':[{'question_index':0,'answer_text':'Ann','answer_id':1}]}}"),
		ERROR_REJECTED, "q1: Ann");
}

/* 4 valid votes: Ann is on 3, Bo and Cy on 2. Exactly 50 % is enough for 50, not for 50.0001. */
static void candidates_on_too_few_votes_are_withdrawn(void **state)
{
	(void)state;
#define LEAST(percent)                                                                     \
	PIPES(DO_TALLIES                                                                       \
	      ",{'type':'tally_pipes.pipes.withdraw_candidates.withdraw_candidates','params':" \
	      "{'questions':[{'question_index':0,'policy':'minimum-ballots-percent',"          \
	      "'min_percent':" percent "}]}}")
	begin_marks(MARKS("q1", ""));
	world_run(&w, LEAST("50"));
	assert_false(w.r.questions[0].candidates[1].withdrawn);
	begin_marks(MARKS("q1", ""));
	world_run(&w, LEAST("'50.0001'"));
	assert_false(w.r.questions[0].candidates[0].withdrawn);
	assert_true(w.r.questions[0].candidates[1].withdrawn);
	assert_true(w.r.questions[0].candidates[2].withdrawn);
	assert_journal_says(&w.r, "Bo is withdrawn: on fewer than 50.0001 % of 4 valid votes; 2 votes "
	                          "named this candidate");
	static const char *const wrong[] = {LEAST("'50.00001'"), LEAST("'100.1'"), LEAST("'.5'"),
	                                    LEAST("'5.'"),       LEAST("''"),      LEAST("101"),
	                                    LEAST("'1.2.3'"),    LEAST("'-1'")};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		begin_marks(MARKS("q1", ""));
		assert_refused(&w, wrong[i], ERROR_MALFORMED, "pipes[1].params.questions[0].min_percent");
	}
}

#define MODIFY(what) "{'type':'apply_modifications','params':{'modifications':[" what "]}}"

static void candidates_are_withdrawn_or_removed_by_their_names(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'withdraw-candidates','policy':"
	                           "'match','regex':'^A','field':'text'},"
	                           "{'question_index':0,'action':'remove-candidates','policy':"
	                           "'not-match','regex':'^[AC]','field':'text'}") "," DO_TALLIES));
	assert_int_equal(w.r.questions[0].candidates_count, 2);
	assert_true(w.r.questions[0].candidates[0].withdrawn);
	assert_winners(&w.r, 0, "Cy");
	assert_journal_says(&w.r, "Ann is withdrawn: text matches ^A; 3 votes named this candidate");
	assert_journal_says(&w.r,
	                    "Bo is removed: text does not match ^[AC]; 2 votes named this candidate");
}

static void nobody_is_left_is_refused(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	assert_refused(&w,
	               PIPES(MODIFY("{'question_index':0,'action':'remove-candidates','policy':"
	                            "'match','regex':'','field':'text'}")),
	               ERROR_REJECTED, "pipes[0] apply_modifications: modifications 0: q1");
}

static void a_removed_candidate_takes_her_place_in_the_lot_with_her(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ",'lot':[3,1,2]"));
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'remove-candidates','policy':"
	                           "'match','regex':'Ann','field':'text'}") "," DO_TALLIES));
	assert_int_equal(w.r.questions[0].rule.lot_count, 2);
	assert_winners(&w.r, 0, "Cy");
}

static void who_wins_one_question_is_withdrawn_in_another(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", "") "," MARKS("q2", ""));
	world_vote(&w, 1, 5, "100", NULL);
	world_vote(&w, 1, 1, "010", NULL);
	world_run(&w, PIPES(DO_TALLIES "," MODIFY("{'question_index':0,'action':'withdraw-candidates',"
	                                          "'policy':'withdraw-winners-by-name-from-other-"
	                                          "question','dest_question_index':1}")));
	assert_winners(&w.r, 0, "Ann");
	assert_winners(&w.r, 1, "Bo");
	assert_journal_says(
		&w.r, "Ann is withdrawn: has a seat of question q1; 5 votes named this candidate");
}

static void seats_title_and_rule_are_changed(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ",'lot':[1,2,3]"));
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'modify-number-of-winners',"
	                           "'num_winners':2},{'question_index':0,'action':'set-title','title':"
	                           "'New'}") "," DO_TALLIES));
	assert_winners(&w.r, 0, "Ann Bo");
	assert_true(bytes_equal(w.r.questions[0].title, BYTES_LITERAL("New")));
	assert_journal_says(&w.r, "2 seats, not 1");
	begin_marks(MARKS("q1", ""));
	assert_refused(&w,
	               PIPES(MODIFY("{'question_index':0,'action':'set-tally-type','tally-type':"
	                            "'scotland'}")),
	               ERROR_REJECTED, "q1: marks");
}

/* One paper has three marks: with max 2 it is invalid, and Ann has one vote less. */
static void a_smaller_max_makes_votes_invalid_and_a_larger_one_is_refused(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'set-max','max':2}") "," DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 2, Bo 1, Cy 1");
	assert_int_equal(results_totals(&w.r.questions[0]).invalid, 1);
	assert_journal_says(&w.r, "max is 2, not 3: 1 vote became invalid");
	begin_marks(MARKS("q1", ",'lot':[1,2,3]"));
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'set-min','min':2}") "," DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 1, Bo 2, Cy 2");
	assert_int_equal(results_totals(&w.r.questions[0]).blank, 1);
	begin_marks(MARKS("q1", ""));
	assert_refused(&w, PIPES(MODIFY("{'question_index':0,'action':'set-max','max':4}")),
	               ERROR_REJECTED, "q1");
}

static void a_question_is_left_out(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	world_run(&w,
	          PIPES(MODIFY("{'question_index':0,'action':'dont-tally-question'}") "," DO_TALLIES));
	assert_true(w.r.questions[0].left_out);
	assert_null(w.r.questions[0].count);
}

/* q2 gives its seat to Ann: in q1 women and men take turns without her. */
static void who_has_a_seat_elsewhere_takes_no_part_in_the_seats(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ",'lot':[1,2,3]") "," MARKS("q2", ""));
	world_vote(&w, 1, 7, "100", NULL);
	world_run(&w, PIPES(DO_TALLIES
	                    ",{'type':'parity_zip_non_iterative','params':{'question_indexes':[0],"
	                    "'women_names':['Cy'],'elected_elsewhere':[1]}}"));
	assert_winners(&w.r, 0, "Bo");
	assert_winners(&w.r, 1, "Ann");
}

static void pipes_of_seats_are_steps_of_one_rule(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ",'lot':[1,2,3]"));
	world_run(&w, PIPES(DO_TALLIES
	                    ",{'type':'parity_zip_non_iterative','params':{'women_names':['Cy']}},"
	                    "{'type':'proportion_rounded','params':{'women_names':['Cy'],"
	                    "'proportions':[1,2],'add_missing_from_unbalanced_sex':true}}"));
	assert_string_equal(w.r.questions[0].seats_result->rule.text, "zip+proportion-filled:2/1");
}

static void a_woman_whom_nobody_knows_is_refused(void **state)
{
	(void)state;
	begin_marks(MARKS("q1", ""));
	assert_refused(&w,
	               PIPES(DO_TALLIES ",{'type':'parity_zip_non_iterative','params':{'women_names':"
	                                "['Cyy']}}"),
	               ERROR_REJECTED, "pipes[1] parity_zip_non_iterative: Cyy");
}

static void questions_with_the_same_candidates_are_joined(void **state)
{
	(void)state;
	/* Another order of answers: names count. */
	begin_marks(MARKS("q1", "") ",{'id':'q2','title':'Board','rule':'plurality-at-large','seats':1,"
	                            "'min':0,'max':3,'answers':['Cy','Ann','Bo']}");
	world_vote(&w, 1, 7, "100", NULL);
	world_run(&w, PIPES("{'type':'join_questions','params':{'into':0,'from':[1]}}," DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 3, Bo 2, Cy 9");
	assert_winners(&w.r, 0, "Cy");
	assert_null(w.r.questions[1].count);
	assert_journal_says(&w.r, "joined by question q2 with 7 votes");
	/* Counted before it is joined: still once. */
	begin_marks(MARKS("q1", "") "," MARKS("q2", ""));
	world_vote(&w, 1, 7, "001", NULL);
	world_run(&w, PIPES(DO_TALLIES ",{'type':'join_questions','params':{'into':0,'from':[1]}}"));
	assert_tallies(&w.r, 0, "Ann 3, Bo 2, Cy 9");
	assert_int_equal(results_totals(&w.r.questions[1]).valid, 0);
	begin_marks(MARKS("q1", "") ","
	                            "{'id':'q2','title':'Board','rule':'plurality-at-large',"
	                            "'seats':1,'min':0,'max':3,'answers':['Ann','Bo','Di']}");
	assert_refused(&w, PIPES("{'type':'join_questions','params':{'into':0,'from':[1]}}"),
	               ERROR_REJECTED, "pipes[0] join_questions: q2");
	begin_marks(MARKS("q1", ""));
	assert_refused(&w, PIPES("{'type':'join_questions','params':{'into':0,'from':[0]}}"),
	               ERROR_MALFORMED, "pipes[0].params.from[0]");
}

/* --- written texts --- */

#define WRITTEN                                                                         \
	"{'id':'q1','title':'Board','rule':'plurality-at-large','seats':1,'min':0,'max':3," \
	"'answers':['Ann','Bo'],'write_ins':2}"
#define MAPPING \
	"'mapping':[{'texts':['ann','ANN'],'candidate':'Ann'},{'texts':['Zo','zo'],'new':'Zoe'}]"

static void begin_written(void)
{
	world_begin(&w, WRITTEN);
	world_vote(&w, 0, 3, "01", NULL);
	world_vote(&w, 0, 1, "10", (const char *const[]){"ann", NULL}); /* Ann once */
	world_vote(&w, 0, 2, "00", (const char *const[]){"ANN", "Zo", NULL});
	world_vote(&w, 0, 1, "00", (const char *const[]){"zo", "Qi", NULL});
	world_vote(&w, 0, 1, "00", (const char *const[]){"Qi", NULL});
}

/* The digest that the refusal tells. */
static const char *confirmed(const char *params)
{
	static char room[2048], hex[65];
	snprintf(room, sizeof room, PIPES("{'type':'consolidate_write_ins','params':{%s}}"), params);
	assert_fails(pipeline_read(&w.p, world_json(room), test_arena(), &w.err), w.err,
	             ERROR_REJECTED);
	const char *at = strstr(w.err.detail, "\"confirmed\": \"");
	assert_non_null(at);
	memcpy(hex, at + strlen("\"confirmed\": \""), 64);
	return hex;
}

static void a_mapping_that_nobody_confirmed_is_refused(void **state)
{
	(void)state;
	begin_written();
	char first[65];
	memcpy(first, confirmed("'question_index':0," MAPPING), 65);
	/* Another text: another mapping. */
	const char *second =
		confirmed("'question_index':0,'mapping':[{'texts':['ann'],'candidate':'Ann'}]");
	assert_string_not_equal(first, second);
	char room[2048];
	snprintf(room, sizeof room,
	         PIPES("{'type':'consolidate_write_ins','params':{'question_index':0,'confirmed':'%s',"
	               "'mapping':[{'texts':['ann'],'candidate':'Ann'}]}}"),
	         first);
	assert_refused(&w, room, ERROR_REJECTED, "pipes[0].params.confirmed");
}

static void a_text_is_mapped_once(void **state)
{
	(void)state;
	begin_written();
	assert_refused(&w,
	               PIPES("{'type':'consolidate_write_ins','params':{'question_index':0,"
	                     "'mapping':[{'texts':['x'],'candidate':'Ann'},{'texts':['y','x'],"
	                     "'candidate':'Bo'}]}}"),
	               ERROR_MALFORMED, "mapping[1]: x");
}

static void texts_become_votes_for_whom_they_mean_and_the_rest_is_listed(void **state)
{
	(void)state;
	char room[2048];
	begin_written();
	snprintf(room, sizeof room,
	         PIPES("{'type':'consolidate_write_ins','params':{'question_index':0,"
	               "'confirmed':'%s'," MAPPING "}}," DO_TALLIES
	               ",{'type':'sort_non_iterative','params':{'ties_sorting':[{'question_index':0,"
	               "'answer_text':'Zoe'},{'question_index':0,'answer_text':'Ann'},"
	               "{'question_index':0,'answer_text':'Bo'}]}}"),
	         confirmed("'question_index':0," MAPPING));
	world_run(&w, room);
	assert_tallies(&w.r, 0, "Ann 3, Bo 3, Zoe 3");
	assert_winners(&w.r, 0, "Zoe");
	const struct results_question *q = &w.r.questions[0];
	assert_int_equal(q->options_count, 2 + 5);
	for (size_t i = 2; i < q->options_count; i++) {
		assert_true(q->options[i].written);
		if (bytes_equal(q->options[i].name, BYTES_LITERAL("Qi"))) {
			assert_int_equal(q->options[i].weight, 2);
			assert_int_equal(q->options[i].candidate, RESULTS_NOBODY);
		}
	}
	assert_journal_says(&w.r, "3 votes written in with 2 of 2 texts are for Ann");
	assert_journal_says(&w.r, "3 votes written in with 2 of 2 texts are for a new candidate, Zoe");
	bool said = false;
	for (const struct results_note *n = w.r.notes; n; n = n->next)
		said =
			said || (n->text.len > 100 && strstr((const char *)n->text.p,
		                                         ", leaves 2 votes with 1 text that is nobody's; "
		                                         "1 vote name a candidate twice"));
	assert_true(said);
}

static void texts_of_votes_that_became_invalid_do_not_count(void **state)
{
	(void)state;
	begin_written();
	world_run(&w, PIPES(MODIFY("{'question_index':0,'action':'set-max','max':1}") "," DO_TALLIES));
	assert_tallies(&w.r, 0, "Ann 0, Bo 3");
	for (size_t i = 2; i < w.r.questions[0].options_count; i++)
		assert_int_equal(w.r.questions[0].options[i].weight,
		                 bytes_equal(w.r.questions[0].options[i].name, BYTES_LITERAL("Qi")));
}

/* Better of two: the rank of the text, 1, not that of the answer. */
static void a_vote_that_ranks_a_candidate_twice_ranks_her_once_and_better(void **state)
{
	(void)state;
	char room[2048];
	world_begin(&w, "{'id':'q1','title':'Board','rule':'scotland','seats':1,'min':0,'max':4,"
	                "'answers':['Ann','Bo','Cy'],'write_ins':1}");
	world_vote(&w, 0, 1, "320", (const char *const[]){"1:ann", NULL}); /* ann Bo Ann */
	world_vote(&w, 0, 1, "021", (const char *const[]){"3:ann", NULL}); /* Cy Bo ann */
	snprintf(room, sizeof room,
	         PIPES("{'type':'consolidate_write_ins','params':{'question_index':0,'confirmed':'%s',"
	               "'mapping':[{'texts':['ann'],'candidate':'Ann'}]}}," DO_TALLIES
	               ",{'type':'sort_non_iterative','params':{'ties_sorting':[{'question_index':0,"
	               "'answer_text':'Cy'},{'question_index':0,'answer_text':'Ann'}]}}"),
	         confirmed("'question_index':0,'mapping':[{'texts':['ann'],'candidate':'Ann'}]"));
	world_run(&w, room);
	const struct profile *p = w.r.questions[0].profile;
	assert_int_equal(p->starts[1], 2);
	assert_int_equal(p->choices[0], 0);
	assert_int_equal(p->choices[1], 1);
	assert_int_equal(p->starts[2], 5);
	assert_int_equal(p->choices[4], 0);
}

static void give_values(enum profile_kind kind, const char *rule_text)
{
	struct profile *p = arena_take_array(test_arena(), 1, struct profile, NULL);
	struct count_rule rule;
	static const uint16_t lot[] = {0, 1};
	error_clear(&w.err);
	assert_ok(count_rule_read(&rule, bytes_of_text(rule_text), &w.err), w.err);
	rule.lot = lot;
	rule.lot_count = 2;
	assert_ok(profile_init(p, (struct profile_room){2, 1, 2, kind}, test_arena(), &w.err), w.err);
	p->candidates[0].name = BYTES_LITERAL("Ann");
	p->candidates[1].name = BYTES_LITERAL("Bo");
	assert_ok(profile_value(p, 0, 2, &w.err) && profile_value(p, 1, 3, &w.err) &&
	              profile_close_paper(p, 1, &w.err),
	          w.err);
	assert_ok(results_of_profile(&w.r, p, &rule, test_arena(), &w.err), w.err);
	/* As if the second answer were a text for Ann. */
	w.r.questions[0].options[1].candidate = 0;
	assert_ok(world_try(&w, PIPES(DO_TALLIES)), w.err);
}

static void the_higher_points_and_the_better_rank_of_two_count(void **state)
{
	(void)state;
	arena_release(test_arena(), 0);
	give_values(PROFILE_SCORES, "cumulative");
	assert_int_equal(w.r.questions[0].profile->choices_count, 1);
	assert_int_equal(w.r.questions[0].profile->values[0], 3);
	give_values(PROFILE_RANKS, "ranked-pairs");
	assert_int_equal(w.r.questions[0].profile->values[0], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(do_tallies_counts_the_opened_votes),
		cmocka_unit_test(votes_that_nothing_asks_for_are_not_counted_and_the_journal_says_so),
		cmocka_unit_test(do_tallies_twice_counts_once),
		cmocka_unit_test(a_tie_needs_ties_sorting_and_follows_it),
		cmocka_unit_test(an_answer_id_must_be_that_of_the_text),
		cmocka_unit_test(candidates_on_too_few_votes_are_withdrawn),
		cmocka_unit_test(candidates_are_withdrawn_or_removed_by_their_names),
		cmocka_unit_test(nobody_is_left_is_refused),
		cmocka_unit_test(a_removed_candidate_takes_her_place_in_the_lot_with_her),
		cmocka_unit_test(who_wins_one_question_is_withdrawn_in_another),
		cmocka_unit_test(seats_title_and_rule_are_changed),
		cmocka_unit_test(a_smaller_max_makes_votes_invalid_and_a_larger_one_is_refused),
		cmocka_unit_test(a_question_is_left_out),
		cmocka_unit_test(who_has_a_seat_elsewhere_takes_no_part_in_the_seats),
		cmocka_unit_test(pipes_of_seats_are_steps_of_one_rule),
		cmocka_unit_test(a_woman_whom_nobody_knows_is_refused),
		cmocka_unit_test(questions_with_the_same_candidates_are_joined),
		cmocka_unit_test(a_mapping_that_nobody_confirmed_is_refused),
		cmocka_unit_test(a_text_is_mapped_once),
		cmocka_unit_test(the_higher_points_and_the_better_rank_of_two_count),
		cmocka_unit_test(texts_of_votes_that_became_invalid_do_not_count),
		cmocka_unit_test(a_vote_that_ranks_a_candidate_twice_ranks_her_once_and_better),
		cmocka_unit_test(texts_become_votes_for_whom_they_mean_and_the_rest_is_listed),
	};
	return cmocka_run_group_tests_name("protocol/results/pipes", tests, NULL, NULL);
}
