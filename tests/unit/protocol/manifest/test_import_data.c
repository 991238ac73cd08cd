/* SPDX-License-Identifier: Apache-2.0 */
/* Sequent's own sample elections: imported, or refused for the reasons written here. */
#include "support/support.h"

#include "support/keys.h"

#include "manifest/import_sequent.h"

#include <stdio.h>
#include <string.h>

static const struct manifest_authority authorities[] = {
	{{(const uint8_t *)"Org A", 5}, TEST_KEY_1}, {{(const uint8_t *)"Org B", 5}, TEST_KEY_2}};
static const struct manifest_draft base = {
	.board = {{(const uint8_t *)"b.example", 9}, TEST_KEY_7},
	.threshold = 2,
	.authorities_count = 2,
	.authorities = authorities,
	.min_list = 10,
};

static bool blocks(enum import_fate f)
{
	return f == IMPORT_UNSUPPORTED || f == IMPORT_WRONG;
}

/* The election has a draft, or exactly these reasons in this order stand in its way. */
static void expect(const struct sequent_election *e, const char *const *paths)
{
	char room[1024];
	for (const struct import_entry *i = e->entries; i; i = i->next) {
		struct text t = TEXT_OF(room);
		import_entry_text(&t, i);
		assert_non_null(i->because);
		if (!blocks(i->fate))
			continue;
		if (!*paths || !bytes_equal(i->path, bytes_of_text(*paths)))
			fail_msg("expected %s, not %s", *paths ? *paths : "nothing", room);
		paths++;
	}
	if (*paths)
		fail_msg("%s does not stand in the way", *paths);
	assert_true((e->draft != NULL) ==
	            (e->counts[IMPORT_UNSUPPORTED] == 0 && e->counts[IMPORT_WRONG] == 0));
}

static struct sequent_import read_json(bytes json)
{
	struct error err;
	struct sequent_import out;
	error_clear(&err);
	arena_release(test_arena(), 0);
	assert_ok(sequent_import(&out, json, &base, test_arena(), &err), err);
	return out;
}

static unsigned imported, refused; /* sample elections, for docs/from-sequent.md */

static void tell(const struct sequent_import *im)
{
	for (unsigned i = 0; i < im->count; i++)
		*(im->elections[i].draft ? &imported : &refused) += 1;
}

#define REASONS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_REASONS ((const char *const[]){NULL})

struct sample {
	const char *path;
	const char *const *reasons; /* of its only election */
};

static void one_by_one(const struct sample *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[256];
		snprintf(path, sizeof path, "sequent/%s", list[i].path);
		struct sequent_import im = read_json(test_data(path));
		assert_int_equal(im.count, 1);
		tell(&im);
		expect(&im.elections[0], list[i].reasons);
	}
}

static void sample_elections_are_imported_or_refused_for_known_reasons(void **state)
{
	(void)state;
#define FIXTURE(name) "ballot-verifier/tests/fixtures/" name "/config"
#define GRACE                                           \
	"payload.configuration.presentation.extra_options." \
	"allow_voting_end_graceful_period"
	const struct sample list[] = {
		{FIXTURE("example_1__ballot_hash_error"), NO_REASONS},
		{FIXTURE("example_1__invalid_choice_alpha"), NO_REASONS},
		{FIXTURE("example_1__invalid_choice_plaintext"), NO_REASONS},
		{FIXTURE("example_2"), NO_REASONS},
		{FIXTURE("example_3_explicit_and_implicit_invalid"), REASONS(GRACE)},
		{FIXTURE("example_3_implicit_too_many"), REASONS(GRACE)},
		{FIXTURE("example_4_implicit_invented_answer"), NO_REASONS},
		{"ballot-box/admin/utils/testdata/testelection.json",
	     REASONS("tallyPipesConfig.pipes[0].type")},
		{"deployment-tool/doc/misc-tools-configs/data/local/0.json", NO_REASONS},
		{"documentation/docs/general/guides/openid-auth/assets/oidc-election.json.yaml",
	     NO_REASONS},
		{"voting-booth/temp_data/election/1110/config",
	     REASONS("questions[0].min", "questions[0].max", "questions[0].num_winners",
	             "questions[1].min", "questions[1].max", "questions[1].num_winners")},
	};
	one_by_one(list, sizeof list / sizeof *list);
}

static void of_parent_and_children_the_children_are_imported(void **state)
{
	(void)state;
	struct sequent_import im = read_json(
		test_data("sequent/documentation/docs/general/guides/parent-and-children-elections/assets/"
	              "university_example.yaml"));
	assert_int_equal(im.count, 3);
	tell(&im);
	expect(&im.elections[0],
	       REASONS("[0].virtual", "[0].virtualSubelections", "[0].tallyPipesConfig.pipes[0].type"));
	expect(&im.elections[1], NO_REASONS);
	expect(&im.elections[2], NO_REASONS);
	assert_int_equal(im.elections[1].draft->questions_count, 2);
}

/* The newer platform has another format; the election inside a ballot of it is of the old one. */
static void what_is_of_the_newer_platform_is_refused_by_name(void **state)
{
	(void)state;
	struct sequent_import im =
		read_json(test_data("sequent/step/packages/sequent-core/fixtures/ballot.json"));
	assert_null(im.elections[0].draft);
	tell(&im);
	im = read_json(
		test_data("sequent/step/packages/ballot-verifier/src/fixtures/confirmation_ballot.json"));
	assert_null(im.elections[0].draft);
	tell(&im);
}

/* Lists of questions, as tallies keep them: put into an election of nothing else. */
static void questions_of_sample_tallies_name_their_method(void **state)
{
	(void)state;
	static const struct {
		const char *path, *method;
	} list[] = {
		{"tally-methods/test/fixtures/borda/questions_json", "borda"},
		{"tally-methods/test/fixtures/borda-nauru/questions_json", "borda-nauru"},
		{"tally-methods/test/fixtures/cumulative/questions_json", "cumulative"},
		{"tally-methods/test/fixtures/cumulative3/questions_json", "cumulative"},
		{"tally-methods-pre2021/test/fixtures/pairwise-bradleyterry/questions_json",
	     "pairwise-bradleyterry"},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		static char room[1 << 16], path[256];
		snprintf(path, sizeof path, "sequent/%s", list[i].path);
		bytes questions = test_data(path);
		snprintf(room, sizeof room, "{\"title\":\"T\",\"questions\":%.*s}", (int)questions.len,
		         (const char *)questions.p);
		struct sequent_import im = read_json(bytes_of_text(room));
		assert_null(im.elections[0].draft);
		bool named = false;
		for (const struct import_entry *e = im.elections[0].entries; e; e = e->next)
			named |= e->fate == IMPORT_UNSUPPORTED &&
			         bytes_equal(e->path, BYTES_LITERAL("questions[0].tally_type")) &&
			         bytes_equal(e->value, bytes_of_text(list[i].method));
		assert_true(named);
	}
}

/* Runs behind the others, which skip without the data. */
static void as_many_are_imported_as_the_document_says(void **state)
{
	(void)state;
	if (imported + refused == 0)
		skip();
	assert_int_equal(imported, 9);
	assert_int_equal(refused, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_elections_are_imported_or_refused_for_known_reasons),
		cmocka_unit_test(of_parent_and_children_the_children_are_imported),
		cmocka_unit_test(what_is_of_the_newer_platform_is_refused_by_name),
		cmocka_unit_test(questions_of_sample_tallies_name_their_method),
		cmocka_unit_test(as_many_are_imported_as_the_document_says),
	};
	return cmocka_run_group_tests_name("protocol/manifest import data", tests, NULL, NULL);
}
