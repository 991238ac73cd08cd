/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline as a document: what is read and refused, the same bytes each time, the dry run. */
#include "support/support.h"

#include "unit/protocol/results/world.h"

#include "count/result_sequent.h"
#include "count/text_sink.h"
#include "results/results_json.h"
#include "results/sheets.h"
#include "json/read.h"

static struct world w;

#define QUESTION                                                                        \
	"{'id':'q1','title':'Board','rule':'plurality-at-large','seats':2,'min':0,'max':2," \
	"'answers':['Ann','Bo','Cy'],'write_ins':1}"

static bool read(const char *text)
{
	error_clear(&w.err);
	return pipeline_read(&w.p, world_json(text), test_arena(), &w.err);
}

static void a_pipe_has_a_short_name_and_sequents(void **state)
{
	(void)state;
	arena_release(test_arena(), 0);
	assert_ok(read(PIPES("{'type':'do_tallies','params':{}},"
	                     "{'type':'tally_pipes.pipes.results.do_tallies','params':{}},"
	                     "{'type':'agora_results.pipes.results.do_tallies','params':{}},"
	                     "{'type':'join_questions','params':{'into':0,'from':[1]}}")),
	          w.err);
	assert_int_equal(w.p.steps_count, 4);
	assert_ptr_equal(w.p.steps[1].pipe, w.p.steps[0].pipe);
	assert_ptr_equal(w.p.steps[2].pipe, w.p.steps[0].pipe);
}

static void what_is_wrong_in_the_document_is_named_by_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum error_kind kind;
		const char *says;
	} wrong[] = {
		{"{'pipes':[]}", ERROR_MALFORMED, "version"},
		{"{'version':'2.0','pipes':[]}", ERROR_REJECTED, "version: known: 1.0"},
		{"{'version':'1.0','pipes':[],'more':1}", ERROR_MALFORMED, "more"},
		{PIPES("{'type':'do_tally','params':{}}"), ERROR_REJECTED, "pipes[0].type"},
		{PIPES("{'type':'tally_pipes.pipes.sort.do_tallies','params':{}}"), ERROR_REJECTED,
	     "pipes[0].type"},
		{PIPES(DO_TALLIES ",{'type':'tally_pipes.pipes.pdf.configure_pdf','params':{}}"),
	     ERROR_REJECTED, "pipes[1].type: a page for people"},
		{PIPES("{'type':'do_tallies'}"), ERROR_MALFORMED, "pipes[0]"},
		{PIPES("{'type':'do_tallies','params':{'ignore_invalid_votes':false}}"), ERROR_REJECTED,
	     "pipes[0].params.ignore_invalid_votes"},
		{PIPES("{'type':'do_tallies','params':{'question_indexes':[0,0]}}"), ERROR_MALFORMED,
	     "pipes[0].params.question_indexes[1]"},
		{PIPES("{'type':'do_tallies','params':{'tallies_indexes':[1]}}"), ERROR_MALFORMED,
	     "pipes[0].params.tallies_indexes[0]"},
		{PIPES("{'type':'do_tallies','params':{'question_index':0}}"), ERROR_MALFORMED,
	     "pipes[0].params.question_index"},
		{PIPES("{'type':'apply_modifications','params':{'modifications':[{'question_index':0,"
	           "'action':'set-tally-type','tally-type':'no-such'}]}}"),
	     ERROR_REJECTED, "pipes[0].params.modifications[0].tally-type"},
		{PIPES("{'type':'apply_modifications','params':{'modifications':[{'question_index':0,"
	           "'action':'modify-number-of-winners','num_winners':1,'policy':"
	           "'truncate-max-overload'}]}}"),
	     ERROR_REJECTED, "pipes[0].params.modifications[0].policy"},
		{PIPES("{'type':'apply_modifications','params':{'modifications':[{'question_index':0,"
	           "'action':'remove-candidates','policy':'match','field':'text','regex':'(a)'}]}}"),
	     ERROR_MALFORMED, "pipes[0].params.modifications[0].regex"},
		{PIPES("{'type':'seats','params':{'rule':'desborda9'}}"), ERROR_REJECTED,
	     "pipes[0].params.rule"},
		{PIPES("{'type':'proportion_rounded','params':{'women_names':[],'proportions':[1]}}"),
	     ERROR_MALFORMED, "pipes[0].params.proportions"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		arena_release(test_arena(), 0);
		assert_fails(read(wrong[i].text), w.err, wrong[i].kind);
		if (!strstr(w.err.detail, wrong[i].says))
			fail_msg("%s: '%s' is not in: %s", wrong[i].text, wrong[i].says, w.err.detail);
	}
}

static void every_pipe_is_listed_in_order_and_says_what_it_is_for(void **state)
{
	(void)state;
	for (size_t i = 0; pipes[i]; i++) {
		assert_true(strlen(pipes[i]->what) > 10);
		if (i > 0)
			assert_true(strcmp(pipes[i - 1]->name, pipes[i]->name) < 0);
	}
}

static bytes whole_run(uint8_t *room, size_t size, bool backwards)
{
	struct text_sink sink;
	static const char *const votes[] = {"110", "100", "011", "001"};
	world_begin(&w, QUESTION);
	for (size_t i = 0; i < 4; i++)
		world_vote(&w, 0, 1, votes[backwards ? 3 - i : i], NULL);
	world_vote(&w, 0, 1, "100", (const char *const[]){backwards ? "Zo" : "Bea", NULL});
	world_vote(&w, 0, 1, "100", (const char *const[]){backwards ? "Bea" : "Zo", NULL});
	world_vote(&w, 0, 1, "000", NULL);
	world_run(&w, PIPES(DO_TALLIES ",{'type':'sort_non_iterative','params':{'ties_sorting':["
	                               "{'question_index':0,'answer_text':'Cy'},"
	                               "{'question_index':0,'answer_text':'Bo'}]}}"));
	text_sink_init(&sink, room, size);
	assert_ok(results_json_write(&sink.sink, &w.r, &w.err), w.err);
	return text_sink_bytes(&sink);
}

static void the_same_votes_in_any_order_give_the_same_bytes(void **state)
{
	(void)state;
	static uint8_t a[1 << 16], b[1 << 16];
	bytes first = whole_run(a, sizeof a, false), second = whole_run(b, sizeof b, true);
	assert_true(bytes_equal(first, second));
	struct json_doc *doc;
	assert_ok(json_doc_parse(&doc, first, sizeof a, &w.err), w.err);
	const struct json_value *questions, *about, *write_ins;
	size_t count = 0;
	bool counted = false;
	assert_ok(json_need(&questions, json_doc_root(doc), "questions", &w.err) &&
	              json_need(&about, json_item(questions, 0), "about", &w.err) &&
	              json_need_flag(&counted, about, "counted", &w.err) &&
	              json_need(&write_ins, about, "write_ins", &w.err) &&
	              json_items(&count, write_ins, (struct json_range){0, 9}, &w.err),
	          w.err);
	assert_int_equal(count, 2);
	assert_true(counted);
	json_doc_free(doc);
	assert_winners(&w.r, 0, "Ann Cy");
}

static void sheets_for_other_writers_have_the_seats_of_the_seat_rule(void **state)
{
	(void)state;
	static uint8_t room[1 << 16];
	struct result_sheets sheets;
	struct text_sink sink;
	world_begin(&w, QUESTION);
	world_vote(&w, 0, 3, "100", NULL);
	world_vote(&w, 0, 2, "010", NULL);
	world_vote(&w, 0, 1, "001", (const char *const[]){"Qi", NULL});
	world_run(&w, PIPES(DO_TALLIES ",{'type':'parity_zip_non_iterative','params':{'women_names':"
	                               "['Cy']}}"));
	assert_winners(&w.r, 0, "Ann Cy");
	assert_journal_says(&w.r, "seats by zip: 1 women, 1 men; in by it: Cy; out by it: Bo");
	assert_ok(results_sheets(&sheets, &w.r, &w.err), w.err);
	assert_int_equal(sheets.count, 1);
	assert_int_equal(result_sheet_seat(&sheets.sheets[0], 2), 2);
	assert_int_equal(result_sheet_seat(&sheets.sheets[0], 1), 0);
	assert_int_equal(sheets.sheets[0].written_count, 1);
	const struct count_result *c = sheets.sheets[0].count;
	assert_int_equal(c->stages[c->stages_count - 1].status[1], COUNT_DEFEATED);
	assert_int_equal(c->stages[c->stages_count - 1].status[2], COUNT_ELECTED);
	c = w.r.questions[0].count; /* the count's own is as it was */
	assert_int_equal(c->stages[c->stages_count - 1].status[1], COUNT_ELECTED);
	text_sink_init(&sink, room, sizeof room - 1);
	assert_ok(result_sequent_write(&sink.sink, &sheets, &w.err), w.err);
	room[sink.len] = 0;
	assert_non_null(strstr((char *)room, "\"winners\":[\"Ann\",\"Cy\"]"));
}

/* --- dry run --- */

static bool dry(const char *questions, const char *pipes_text)
{
	unsigned runs = 0;
	world_begin(&w, questions);
	assert_ok(read(pipes_text), w.err);
	error_clear(&w.err);
	bool good = pipeline_dry_run(&runs, w.m, &w.p, test_arena(), &w.err);
	if (good)
		assert_in_range(runs, 9, 8 + DRY_RUN_ANSWERS);
	return good;
}

static void a_good_pipeline_runs_dry_over_all_kinds_of_votes(void **state)
{
	(void)state;
	assert_ok(dry(QUESTION
	              ",{'id':'q2','title':'Chair','rule':'scotland','seats':1,'min':1,'max':4,"
	              "'answers':['Ann','Bo','Cy'],'write_ins':1}",
	              PIPES(DO_TALLIES ",{'type':'parity_zip_non_iterative','params':{'women_names':"
	                               "['Cy'],'elected_elsewhere':[1]}}")),
	          w.err);
}

static void a_dry_run_names_the_pipe_the_question_and_the_votes(void **state)
{
	(void)state;
	/* Nobody said who is a woman: found with the first vote that counts. */
	assert_fails(dry(QUESTION, PIPES(DO_TALLIES ",{'type':'seats','params':{'rule':'zip'}}")),
	             w.err, ERROR_REJECTED);
	assert_non_null(strstr(w.err.detail, "a vote for all in their order: pipes[1] seats: q1"));
	assert_fails(dry(QUESTION, PIPES("{'type':'do_tallies','params':{'question_indexes':[1]}}")),
	             w.err, ERROR_REJECTED);
	assert_non_null(strstr(w.err.detail, "no votes: pipes[0] do_tallies: question_index 1"));
	assert_fails(dry(QUESTION, PIPES(DO_TALLIES ",{'type':'podemos_desborda2','params':{}}")),
	             w.err, ERROR_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_has_a_short_name_and_sequents),
		cmocka_unit_test(what_is_wrong_in_the_document_is_named_by_its_place),
		cmocka_unit_test(every_pipe_is_listed_in_order_and_says_what_it_is_for),
		cmocka_unit_test(the_same_votes_in_any_order_give_the_same_bytes),
		cmocka_unit_test(sheets_for_other_writers_have_the_seats_of_the_seat_rule),
		cmocka_unit_test(a_good_pipeline_runs_dry_over_all_kinds_of_votes),
		cmocka_unit_test(a_dry_run_names_the_pipe_the_question_and_the_votes),
	};
	return cmocka_run_group_tests_name("protocol/results/pipeline", tests, NULL, NULL);
}
