/* SPDX-License-Identifier: Apache-2.0 */
#include "election.h"

#include <stdio.h>
#include <string.h>

static void a_plain_election_becomes_a_manifest(void **state)
{
	(void)state;
	struct manifest *m = election_imported(election);
	assert_string_equal((const char *)m->title.p, "Council");
	assert_string_equal((const char *)m->description.p, "Two <b>lines</b>\nof text");
	assert_int_equal(m->questions_count, 1);
	const struct manifest_question *q = &m->questions[0];
	assert_string_equal((const char *)q->id.p, "q1");
	assert_string_equal((const char *)q->title.p, "Board");
	assert_string_equal((const char *)q->description.p, "Who?");
	assert_string_equal(q->rule.text, "plurality-at-large");
	assert_string_equal((const char *)q->layout.p, "accordion");
	assert_string_equal((const char *)q->group_layout.p, "first");
	assert_int_equal(q->choices.min, 0);
	assert_int_equal(q->choices.max, 2);
	assert_int_equal(q->seats, 1);
	assert_int_equal(q->choices.answers, 3);
	assert_string_equal((const char *)q->answers[0].p, "Ann"); /* by id, not by place */
	assert_string_equal((const char *)q->answers[1].p, "Bo");
	assert_int_equal(m->authorities_count, 2);
	assert_int_equal(m->groups_count, 1);
	assert_int_equal(m->styles_count, 1);
}

static void every_field_is_in_the_report(void **state)
{
	(void)state;
	struct sequent_import im = election_import(election);
	static const struct {
		const char *path;
		enum import_fate fate;
	} list[] = {
		{"id", IMPORT_IGNORED},
		{"title", IMPORT_MAPPED},
		{"description", IMPORT_MAPPED},
		{"layout", IMPORT_IGNORED},
		{"director", IMPORT_IGNORED},
		{"authorities", IMPORT_IGNORED},
		{"questions", IMPORT_MAPPED},
		{"questions[0].title", IMPORT_MAPPED},
		{"questions[0].layout", IMPORT_KEPT},
		{"questions[0].min", IMPORT_MAPPED},
		{"questions[0].max", IMPORT_MAPPED},
		{"questions[0].num_winners", IMPORT_MAPPED},
		{"questions[0].tally_type", IMPORT_MAPPED},
		{"questions[0].answer_total_votes_percentage", IMPORT_IGNORED},
		{"questions[0].answers", IMPORT_MAPPED},
		{"questions[0].answers[0].id", IMPORT_MAPPED},
		{"questions[0].answers[0].text", IMPORT_MAPPED},
		{"questions[0].answers[0].details", IMPORT_IGNORED},
		{"questions[0].answers[0].urls", IMPORT_IGNORED},
		{"questions[0].extra_options.group", IMPORT_KEPT},
		{"questions[0].extra_options.allow_writeins", IMPORT_IGNORED},
		{"questions[0].extra_options.invalid_vote_policy", IMPORT_IGNORED},
		{"presentation.theme", IMPORT_IGNORED},
		{"presentation.extra_options.start_screen__skip", IMPORT_IGNORED},
		{"tallyPipesConfig.version", IMPORT_IGNORED},
		{"tallyPipesConfig.pipes[0].type", IMPORT_IGNORED},
		{"census.voters", IMPORT_IGNORED},
		{"weightedVotingField", IMPORT_IGNORED},
		{"num_successful_logins_allowed", IMPORT_IGNORED},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		election_expect(&im.elections[0], list[i].path, list[i].fate);
	assert_int_equal(election_entry(&im.elections[0], "questions[0].answers[0].text")->more, 2);
	assert_null(election_entry(&im.elections[0], "questions[0].answers[1].text"));
}

static void everything_that_stands_in_the_way_is_listed_at_once(void **state)
{
	(void)state;
	struct error err;
	static char room[1 << 16];
	snprintf(room, sizeof room, "%s", election_with("\"plurality-at-large\"", "\"desborda\""));
	memcpy(strstr(room, "\"virtual\":false"), "\"virtual\":true ", 15);
	memcpy(strstr(room, "\"max\":2"), "\"max\":0", 7);
	struct sequent_import im = election_import(room);
	assert_null(im.elections[0].draft);
	assert_int_equal(im.elections[0].counts[IMPORT_UNSUPPORTED], 2);
	assert_int_equal(im.elections[0].counts[IMPORT_WRONG], 1);
	assert_fails(sequent_refuse(&im.elections[0], &err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 3);
	assert_non_null(strstr(err.detail, "virtual"));
	assert_non_null(strstr(err.detail, "questions[0].tally_type"));
	assert_non_null(strstr(err.detail, "questions[0].max"));
}

static void every_method_of_theirs_is_counted_or_named(void **state)
{
	(void)state;
	bool one_is_counted = false;
	for (size_t i = 0; i < sequent_methods_count; i++) {
		char word[64];
		snprintf(word, sizeof word, "\"%s\"", sequent_methods[i].theirs);
		if (!sequent_methods[i].ours) {
			election_refused("\"plurality-at-large\"", word, "questions[0].tally_type",
			                 IMPORT_UNSUPPORTED, sequent_methods[i].theirs);
			continue;
		}
		one_is_counted = true;
		assert_string_equal(election_imported(election_with("\"plurality-at-large\"", word))
		                        ->questions[0]
		                        .rule.text,
		                    sequent_methods[i].ours);
	}
	assert_true(one_is_counted);
}

static void the_invalid_answer_becomes_the_flag(void **state)
{
	(void)state;
	struct manifest *m = election_imported(election_with(
		ANSWER_CY, "{\"id\":2,\"text\":\"Spoil\",\"urls\":[{\"title\":\"invalidVoteFlag\","
				   "\"url\":\"true\"}]}"));
	assert_int_equal(m->questions[0].choices.answers, 2);
	assert_int_equal(m->questions[0].choices.write_ins, 0);
}

static void write_ins_become_text_fields(void **state)
{
	(void)state;
	char text[4096];
	snprintf(text, sizeof text, "%s",
	         election_with(ANSWER_CY, ANSWER_CY "," WRITE_IN("3") "," WRITE_IN("4")));
	memcpy(strstr(text, "\"allow_writeins\":false"), "\"allow_writeins\":true ", 22);
	struct manifest *m = election_imported(text);
	assert_int_equal(m->questions[0].choices.answers, 3);
	assert_int_equal(m->questions[0].choices.write_ins, 2);
	election_refused(ANSWER_CY, ANSWER_CY "," WRITE_IN("3"), "questions[0]", IMPORT_WRONG,
	                 "allow_writeins");
}

static void more_than_all_answers_means_all_of_them(void **state)
{
	(void)state;
	assert_int_equal(
		election_imported(election_with("\"max\":2", "\"max\":9"))->questions[0].choices.max, 3);
	assert_int_equal(election_imported(election_with("\"num_winners\":1", "\"num_winners\":9"))
	                     ->questions[0]
	                     .seats,
	                 3);
}

static void weights_need_a_greatest_one(void **state)
{
	(void)state;
	election_base.weight_max = 7;
	struct manifest *m = election_imported(
		election_with("\"weightedVotingField\":\"\"", "\"weightedVotingField\":\"shares\""));
	assert_int_equal(m->lists_count, 3);
	election_base.weight_max = 0;
}

static void several_elections_are_read_one_by_one(void **state)
{
	(void)state;
	static char room[1 << 17];
	snprintf(room, sizeof room, "[%s,%s,7]", election,
	         election_with("\"virtual\":false", "\"virtual\":true"));
	struct sequent_import im = election_import(room);
	assert_int_equal(im.count, 3);
	assert_non_null(im.elections[0].draft);
	assert_null(im.elections[1].draft);
	assert_null(im.elections[2].draft);
	election_expect(&im.elections[0], "[0].title", IMPORT_MAPPED);
	election_expect(&im.elections[1], "[1].virtual", IMPORT_UNSUPPORTED);
	election_expect(&im.elections[2], "[2]", IMPORT_WRONG);
}

static void what_a_server_hands_out_is_unwrapped(void **state)
{
	(void)state;
	static char room[1 << 17];
	snprintf(room, sizeof room,
	         "{\"date\":\"x\",\"payload\":{\"id\":7,\"configuration\":%s,\"state\":\"created\","
	         "\"pks\":\"[]\",\"virtual\":false,\"tallyPipesConfig\":\"\"}}",
	         election);
	assert_string_equal((const char *)election_imported(room)->title.p, "Council");
	struct sequent_import im = election_import(room);
	election_expect(&im.elections[0], "payload.configuration.questions[0].max", IMPORT_MAPPED);
	election_expect(&im.elections[0], "payload.pks", IMPORT_IGNORED);
	snprintf(room, sizeof room,
	         "{\"configuration\":%s,\"tallyPipesConfig\":\"{\\\"pipes\\\":[{\\\"type\\\":\\\"x\\\"}"
	         "]}\"}",
	         election);
	im = election_import(room);
	assert_null(im.elections[0].draft);
	election_expect(&im.elections[0], "tallyPipesConfig.pipes[0].type", IMPORT_UNSUPPORTED);
}

static void what_no_single_field_shows_is_found_in_the_end(void **state)
{
	(void)state;
	election_base.threshold = 3; /* of two authorities */
	struct sequent_import im = election_import(election);
	election_base.threshold = 2;
	assert_null(im.elections[0].draft);
	const struct import_entry *e = election_entry(&im.elections[0], "the document");
	assert_non_null(e);
	assert_non_null(strstr((const char *)e->detail.p, "threshold"));
}

static void what_is_no_election_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"x",
		"7",
		"{",
		"[",
		"[]",
		"{}x",
		"{\"title\":1,\"title\":1}",
		"{\"a\":1.5}",
		"{\"a\":1e3}",
		"\xef\xbb\xbf{}",
		"{\"a\":\"\xff\"}",
		"{\"a\":\"\\u0000\"}",
		"[{}] []",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct error err;
		struct sequent_import out;
		arena_release(test_arena(), 0);
		assert_fails(
			sequent_import(&out, bytes_of_text(texts[i]), &election_base, test_arena(), &err), err,
			ERROR_MALFORMED);
	}
	struct sequent_import im = election_import("{}");
	assert_null(im.elections[0].draft);
	election_expect(&im.elections[0], "title", IMPORT_WRONG);
	election_expect(&im.elections[0], "questions", IMPORT_WRONG);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(election); len++) {
		struct error err;
		struct sequent_import out;
		arena_release(test_arena(), 0);
		assert_fails(
			sequent_import(&out, bytes_of(election, len), &election_base, test_arena(), &err), err,
			ERROR_MALFORMED);
	}
}

static void a_full_arena_is_an_error_of_kind_limit(void **state)
{
	(void)state;
	static _Alignas(64) uint8_t memory[1 << 16];
	for (size_t size = 0; size < sizeof memory; size += 64) {
		struct arena small;
		struct error err;
		struct sequent_import out;
		arena_init(&small, memory, size);
		error_clear(&err);
		if (sequent_import(&out, BYTES_LITERAL(""), &election_base, &small, &err))
			fail_msg("nothing is no election");
		error_clear(&err);
		if (sequent_import(&out, bytes_of(election, strlen(election)), &election_base, &small,
		                   &err)) {
			assert_non_null(out.elections[0].draft); /* or the arena would be to blame */
			return;
		}
		assert_int_equal(err.kind, ERROR_LIMIT);
	}
	fail_msg("64 kB should be enough");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_election_becomes_a_manifest),
		cmocka_unit_test(every_field_is_in_the_report),
		cmocka_unit_test(everything_that_stands_in_the_way_is_listed_at_once),
		cmocka_unit_test(every_method_of_theirs_is_counted_or_named),
		cmocka_unit_test(the_invalid_answer_becomes_the_flag),
		cmocka_unit_test(write_ins_become_text_fields),
		cmocka_unit_test(more_than_all_answers_means_all_of_them),
		cmocka_unit_test(weights_need_a_greatest_one),
		cmocka_unit_test(several_elections_are_read_one_by_one),
		cmocka_unit_test(what_a_server_hands_out_is_unwrapped),
		cmocka_unit_test(what_no_single_field_shows_is_found_in_the_end),
		cmocka_unit_test(what_is_no_election_is_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_full_arena_is_an_error_of_kind_limit),
	};
	return cmocka_run_group_tests_name("protocol/manifest import", tests, NULL, NULL);
}
