/* SPDX-License-Identifier: Apache-2.0 */
#include "election.h"

struct spoil {
	const char *from, *to, *path;
	const char *reason;
};

static void what_would_change_a_votes_meaning_is_unsupported_by_name(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"plurality-at-large\"", "\"borda\"", "questions[0].tally_type", "borda: this counting"},
		{"\"plurality-at-large\"", "\"plurality\"", "questions[0].tally_type",
	     "no counting method"},
		{"\"enable_panachage\":true", "\"enable_panachage\":false",
	     "questions[0].extra_options.enable_panachage", "two categories"},
		{"\"cumulative_number_of_checkboxes\":1", "\"cumulative_number_of_checkboxes\":3",
	     "questions[0].extra_options.cumulative_number_of_checkboxes", "several marks"},
		{"\"disabled\"", "\"allow-selecting-lists\"",
	     "questions[0].extra_options.enable_checkable_lists", "lists"},
		{"\"shuffle_all_options\":true", "\"ballot_parity_criteria\":\"zig-zag\"",
	     "questions[0].extra_options.ballot_parity_criteria", "zig-zag"},
		{"\"shuffle_all_options\":true", "\"restrict_choices_by_tag__max\":2",
	     "questions[0].extra_options.restrict_choices_by_tag__max", "together"},
		{"\"shuffle_all_options\":true", "\"restrict_choices_by_tag__name\":\"x\"",
	     "questions[0].extra_options.restrict_choices_by_tag__name", "together"},
		{"\"shuffle_all_options\":true", "\"restrict_choices_by_no_tag__max\":\"1\"",
	     "questions[0].extra_options.restrict_choices_by_no_tag__max", "together"},
		{"\"shuffle_all_options\":true", "\"default_selected_option_ids\":[0]",
	     "questions[0].extra_options.default_selected_option_ids", "beforehand"},
		{"\"shuffle_all_options\":true", "\"recommended_preset__tag\":\"ours\"",
	     "questions[0].extra_options.recommended_preset__tag", "recommend"},
		{"\"shuffle_all_options\":true", "\"write_in_config\":{\"fields\":[]}",
	     "questions[0].extra_options.write_in_config", "one text field"},
		{"\"shuffle_all_options\":true", "\"truncate-max-overload\":true",
	     "questions[0].extra_options.truncate-max-overload", "cut"},
		{"\"shuffle_all_options\":true", "\"no_such_option\":null",
	     "questions[0].extra_options.no_such_option", "does not know"},
		{"\"theme\":\"default\"", "\"conditional_questions\":[{}]",
	     "presentation.conditional_questions", "certain answers"},
		{"\"start_screen__skip\":false", "\"allow_voting_end_graceful_period\":true",
	     "presentation.extra_options.allow_voting_end_graceful_period", "closing"},
		{"\"virtual\":false", "\"virtual\":true", "virtual", "added up"},
		{"\"virtual\":false", "\"virtualSubelections\":[1]", "virtualSubelections", "added up"},
		{"\"virtual\":false", "\"ballotBoxesResultsConfig\":\"{\\\"a\\\":1}\"",
	     "ballotBoxesResultsConfig", "paper"},
		{"\"virtual\":false", "\"has_ballot_boxes\":true", "has_ballot_boxes", "paper"},
		{"\"virtual\":false", "\"ballot_boxes\":[\"b\"]", "ballot_boxes", "paper"},
		{"\"publicCandidates\":true", "\"publicCandidates\":false", "publicCandidates", "hidden"},
		{"\"num_successful_logins_allowed\":0", "\"num_successful_logins_allowed\":1",
	     "num_successful_logins_allowed", "limit"},
		{"\"weightedVotingField\":\"\"", "\"weightedVotingField\":\"shares\"",
	     "weightedVotingField", "weight_max"},
		{"\"virtual\":false", "\"contests\":[]", "contests", "newer platform"},
		{"\"layout\":\"simple\"", "\"layuot\":\"simple\"", "layuot", "does not know"},
		{"results.do_tallies", "desborda2.podemos_desborda2", "tallyPipesConfig.pipes[0].type",
	     "changes the result"},
		{"results.do_tallies", "modifications.apply_modifications",
	     "tallyPipesConfig.pipes[0].type", "changes the result"},
		{"\\\"params\\\":{}", "\\\"params\\\":{\\\"ignore_invalid_votes\\\":false}",
	     "tallyPipesConfig.pipes[0].params.ignore_invalid_votes", "never counted"},
		{"\\\"params\\\":{}", "\\\"params\\\":{\\\"question_indexes\\\":[0]}",
	     "tallyPipesConfig.pipes[0].params.question_indexes", "left out"},
		{"\\\"params\\\":{}", "\\\"params\\\":{\\\"other\\\":1}",
	     "tallyPipesConfig.pipes[0].params.other", "does not know"},
		{"\"category\":\"c\"", "\"mark\":\"c\"", "questions[0].answers[0].mark", "does not know"},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		election_refused(list[i].from, list[i].to, list[i].path, IMPORT_UNSUPPORTED,
		                 list[i].reason);
}

static void mistakes_in_the_file_are_named(void **state)
{
	(void)state;
	static const struct spoil list[] = {
		{"\"max\":2", "\"max\":\"2\"", "questions[0].max", "must be"},
		{"\"max\":2", "\"max\":-2", "questions[0].max", "range"},
		{"\"max\":2", "\"max\":0", "questions[0].max", "at least 1"},
		{"\"max\":2,", "", "questions[0].max", "missing"},
		{"\"max\":2", "\"max\":null", "questions[0].max", "missing"},
		{"\"min\":0", "\"min\":3", "questions[0].min", "more than max"},
		{"\"num_winners\":1", "\"num_winners\":0", "questions[0].num_winners", "at least 1"},
		{"\"tally_type\":\"plurality-at-large\",", "", "questions[0].tally_type", "missing"},
		{"\"title\":\"Council\",", "", "title", "missing"},
		{"\"title\":\"Council\"", "\"title\":\" \"", "title", "blank"},
		{"\"title\":\"Council\"", "\"title\":\"\\u202eC\"", "title", "direction"},
		{"\"title\":\"Board\"", "\"title\":[\"Board\"]", "questions[0].title", "must be"},
		{"\"id\":1", "\"id\":2", "questions[0].answers[2].id", "two answers"},
		{"\"id\":1", "\"id\":3", "questions[0].answers[0].id", "range"},
		{"\"id\":1", "\"id\":true", "questions[0].answers[0].id", "must be"},
		{"\"id\":1,", "", "questions[0].answers[0].id", "missing"},
		{"\"text\":\"Bo\"", "\"text\":\"Ann\"", "questions[0].answers[1].text", "same text"},
		{"\"text\":\"Bo\"", "\"text\":\"Ann\\u200b\"", "questions[0].answers[1].text", "same text"},
		{"\"text\":\"Cy\"", "\"text\":\"Ann\\u200b\"", "questions[0].answers[2].text", "same text"},
		{"\"text\":\"Bo\"", "\"text\":\"\"", "questions[0].answers[0].text", "blank"},
		{"\"urls\":[],\"text\":\"Bo\"", "\"urls\":{},\"text\":\"Bo\"",
	     "questions[0].answers[0].urls", "list"},
		{"\"urls\":[],\"text\":\"Bo\"",
	     "\"urls\":[{\"title\":\"isWriteIn\",\"url\":\"yes\"}],\"text\":\"Bo\"",
	     "questions[0].answers[0].urls[0]", "true"},
		{"\"invalid_vote_policy\":\"warn\"", "\"invalid_vote_policy\":\"wran\"",
	     "questions[0].extra_options.invalid_vote_policy", "none of"},
		{"\"allow_writeins\":false", "\"allow_writeins\":\"maybe\"",
	     "questions[0].extra_options.allow_writeins", "true or false"},
		{"\\\"version\\\"", "version", "tallyPipesConfig", "json"},
		{"\"presentation\":{", "\"presentation\":[],\"extra_data\":{", "presentation", "object"},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		election_refused(list[i].from, list[i].to, list[i].path, IMPORT_WRONG, list[i].reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_would_change_a_votes_meaning_is_unsupported_by_name),
		cmocka_unit_test(mistakes_in_the_file_are_named),
	};
	return cmocka_run_group_tests_name("protocol/manifest import refused", tests, NULL, NULL);
}
