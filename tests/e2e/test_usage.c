/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a command line is said before anything happens, with exit code 2. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdlib.h>
#include <unistd.h>

#define MOST 12u

struct usage_case {
	const char *arguments[MOST];
	const char *says;
};

static const struct usage_case cases[] = {
	{{NULL}, "urna COMMAND"},
	{{"enrcypt", NULL}, "did you mean 'encrypt'?"},
	{{"run", "--help-me", NULL}, "unrecognized option"},
	{{"run", NULL}, "--authorities is missing"},
	{{"run", "--authorities=3", NULL}, "FILE is missing"},
	{{"run", "x.blt", "--authorities=0", NULL}, "0 is not in 1 ... 25"},
	{{"run", "x.blt", "--authorities=26", NULL}, "26 is not in 1 ... 25"},
	{{"run", "x.blt", "--authorities=two", NULL}, "'two' is not a number"},
	{{"run", "x.blt", "--authorities=3", "--threshold=2", NULL}, "--rule is missing"},
	{{"run", "x.blt", "--authorities=3", "--rule=scotland", NULL}, "--threshold is missing"},
	{{"run", "x.blt", "--authorities=2", "--threshold=3", "--rule=scotland", NULL},
     "3 is more than the 2 authorities"},
	{{"run", "x.blt", "--authorities=2", "--threshold=0", "--rule=scotland", NULL},
     "0 is not in 1"},
	{{"run", "x.blt", "--authorities=2", "--threshold=2", "--rule=scotlnd", NULL}, "scotland"},
	{{"run", "x.blt", "--authorities=3", "--threshold=2", "--rule=scotland", "--active=1", NULL},
     "1 authority, but the threshold is 2"},
	{{"run", "x.blt", "--authorities=3", "--threshold=2", "--rule=scotland", "--active=1,4", NULL},
     "there is no authority 4"},
	{{"run", "x.blt", "--authorities=3", "--threshold=2", "--rule=scotland", "--points=3", NULL},
     "--points and --total are for rules that count points; scotland counts rankings"},
	{{"run", "x.blt", "--authorities=3", "--active=1,1", NULL}, "stands there twice"},
	{{"run", "x.blt", "--authorities=3", "--active=1;2", NULL}, "is not a list"},
	{{"run", "x.blt", "y.blt", NULL}, "one FILE"},
	{{"run", "x.blt", "--timeout=soon", NULL}, "not a number of seconds"},
	{{"count", NULL}, "a ballot FILE or --record is missing"},
	{{"count", "x.blt", NULL}, "--rule is missing"},
	{{"count", "x.blt", "--record=r", NULL}, "not both"},
	{{"count", "--record=r", "--rule=scotland", NULL}, "those of its manifest"},
	{{"count", "--record=r", "--lists=l.csv", NULL}, "those of its manifest"},
	{{"count", "x.blt", "--rule=scotland", "--home=h", NULL}, "--home goes with --record"},
	{{"count", "x.blt", "--lot=0", NULL}, "0 is not in 1"},
	{{"count", "x.blt", "--rule=scotland", "--format=pdf", NULL}, "'pdf' is none of text, json"},
	{{"count", "x.blt", "--rule=scotland", "--format=csv", "--json", NULL}, "not both"},
	{{"count", "--rules", "--record=r", NULL}, "--rules goes with"},
	{{"count", "--rules", "scotlnd", NULL}, "the nearest is scotland"},
	{{"verify", NULL}, "RECORD is missing"},
	{{"verify", "a", "b", NULL}, "one RECORD"},
	{{"verify", "a", "--fingerprint=lusab", NULL}, "--fingerprint"},
	{{"verify", "a", "--fingerprint=00ff", NULL}, "--fingerprint"},
	{{"verify", "a", "--authority=x",
      "--fingerprint="
      "0000000000000000000000000000000000000000000000000000000000000000",
      NULL},
     "not both"},
	{{"verify", "a", "--authority=lusab", NULL}, "no file and no key"},
	{{"verify", "a", "--threshold=1", NULL}, "more than keys"},
	{{"verify", "a", "--authority=x", "--threshold=2", NULL}, "more than keys"},
	{{"verify", "a", "--authority=x", "--threshold=0", NULL}, "0 is not in 1 ... 25"},
	{{"verify", "proof", NULL}, "DIR is missing"},
	{{"verify", "proof", "d", NULL}, "--protinfo is missing"},
	{{"verify", "proof", "d", "--protinfo=p", "--type=mixed", NULL}, "none of mixing"},
	{{"verify", "proof", "d", "--protinfo=p", "--width=17", NULL}, "17 is not in 1 ... 16"},
	{{"verify", "proof", "d", "--protinfo=p", "--width=1", "--sloppy", NULL}, "--sloppy"},
	{{"manifest", NULL}, "urna manifest new"},
	{{"manifest", "nwe", NULL}, "did you mean 'new'?"},
	{{"manifest", "check", NULL}, "FILE is missing"},
	{{"manifest", "new", "x.blt", NULL}, "at least one"},
	{{"manifest", "new", "x.blt", "--authority=a", NULL}, "--board is missing"},
	{{"manifest", "new", "x.blt", "--authority=a", "--board=b", NULL}, "--record is missing"},
	{{"manifest", "new", "x.blt", "--authority=a", "--board=b", "--record=r", "--rule=scotland",
      "--threshold=2", NULL},
     "2 is more than the 1 authority"},
	{{"manifest", "new", "x.blt", "--authority=a", "--board=b", "--mode=credentials", NULL},
     "--registrar is missing"},
	{{"manifest", "new", "x.blt", "--authority=a", "--board=b", "--registrar=r", NULL},
     "goes with --mode credentials"},
	{{"manifest", "new", "x.blt", "--mode=paper", NULL}, "none of server, credentials"},
	{{"manifest", "new", "x.blt", "--weight-max=0", NULL}, "0 is not in 1"},
	{{"manifest", "import-sequent", NULL}, "FILE is missing"},
	{{"manifest", "import-sequent", "x.json", "--record=r", NULL}, "--authority is missing"},
	{{"manifest", "import-sequent", "x.json", "--record=r", "--authority=a", "--board=b", NULL},
     "--threshold is missing"},
	{{"manifest", "import-sequent", "x.json", "--election=0", NULL}, "0 is not in 1"},
	{{"ceremony", NULL}, "--home is missing"},
	{{"ceremony", "begin", NULL}, "there is 'urna ceremony init'"},
	{{"share", NULL}, "urna share check"},
	{{"share", "check", NULL}, "--home is missing"},
	{{"share", "backup", "--home=a", "--record=r", NULL}, "--out is missing"},
	{{"share", "backup", "--home=a", "--record=r", "--out=o", NULL},
     "--backup-passphrase-file is missing"},
	{{"share", "restore", "--home=a", "--record=r", "--backup-passphrase-file=p", NULL},
     "FILE is missing"},
	{{"share", "destroy", "--home=a", "--record=r", "--out=o", NULL}, "say --yes"},
	{{"ceremony", "--home=h", NULL}, "--record is missing"},
	{{"ceremony", "init", NULL}, "--home is missing"},
	{{"ceremony", "init", "--home=h", NULL}, "--operator is missing"},
	{{"encrypt", NULL}, "FILE is missing"},
	{{"encrypt", "x.blt", NULL}, "--record is missing"},
	{{"encrypt", "x.blt", "--record=r", NULL}, "--out is missing"},
	{{"encrypt", "x.blt", "--seq=-1", NULL}, "not a number"},
	{{"encrypt", "x.blt", "--record=r", "--out=b", "--seq=1", NULL}, "goes with --credentials"},
	{{"board", NULL}, "urna board collect"},
	{{"board", "colect", NULL}, "did you mean 'collect'?"},
	{{"board", "init", "--home=h", NULL}, "--name is missing"},
	{{"board", "init", "--home=h", "--name=a board", NULL}, "letters, digits"},
	{{"board", "init", "--home=h", "--name=a+b", NULL}, "letters, digits"},
	{{"board", "collect", NULL}, "--home is missing"},
	{{"board", "collect", "--home=h", NULL}, "--record is missing"},
	{{"board", "collect", "--home=h", "--record=r", NULL}, "BALLOTS is missing"},
	{{"board", "collect", "--home=h", "--record=r", "0=x.bt", NULL}, "a ballot weighs 1"},
	{{"board", "finish", "--home=h", NULL}, "--record is missing"},
	{{"board", "finish", "--home=h", "--record=r", "more", NULL}, "'more'"},
	{{"credentials", NULL}, "urna credentials make"},
	{{"credentials", "make", NULL}, "--home is missing"},
	{{"credentials", "make", "--home=h", NULL}, "--record is missing"},
	{{"credentials", "make", "--home=h", "--record=r", NULL}, "--voters is missing"},
	{{"credentials", "make", "--home=h", "--record=r", "--voters=v", NULL}, "--out is missing"},
	{{"credentials", "init", "--home=h", NULL}, "--operator is missing"},
	{{"mix", NULL}, "--home is missing"},
	{{"mix", "--home=h", NULL}, "--record is missing"},
	{{"mix", "--home=h", "--record=r", "--passphrase-file=p", NULL}, "unrecognized option"},
	{{"decrypt", NULL}, "--home is missing"},
	{{"decrypt", "--home=h", "--record=r", "more", NULL}, "'more'"},
	{{"mix", "--threads=0", NULL}, "0 is not in 1 ... 64"},
	{{"mix", "--threads=65", NULL}, "65 is not in 1 ... 64"},
	{{"mix", "--memory-limit=lots", NULL}, "is not a size"},
	{{"mix", "--memory-limit=8g", NULL}, "is not a size"},
	{{"mix", "--progress=loud", NULL}, "none of auto"},
};

static void wrong_command_lines_are_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct outcome o = urna_argv(cases[i].arguments);
		assert_code(o, 2);
		assert_says(o.err, cases[i].says);
		assert_string_equal(o.out, "");
	}
}

static void every_command_explains_itself(void **state)
{
	(void)state;
	static const char *const commands[][3] = {
		{"run"},
		{"count"},
		{"results"},
		{"results", "check"},
		{"verify"},
		{"verify", "proof"},
		{"encrypt"},
		{"ceremony"},
		{"ceremony", "init"},
		{"manifest", "new"},
		{"mix"},
		{"manifest", "check"},
		{"manifest", "import-sequent"},
		{"decrypt"},
		{"board", "init"},
		{"board", "collect"},
		{"board", "close"},
		{"board", "finish"},
		{"credentials", "init"},
		{"credentials", "make"},
	};
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		const char *verb = commands[i][1];
		struct outcome o =
			urna(commands[i][0], verb ? verb : "--help", verb ? "--help" : NULL, NULL);
		assert_code(o, 0);
		assert_says(o.out, "Usage: urna ");
		assert_says(o.out, "Example");
		assert_says(o.out, "Exit codes:");
		struct outcome h = urna("help", commands[i][0], verb, NULL);
		assert_code(h, 0);
		assert_string_equal(h.out, o.out);
	}
}

static void plurals_mean_the_same(void **state)
{
	(void)state;
	struct outcome o = urna("manifests", "check", "--help", NULL);
	assert_code(o, 0);
	o = urna("ceremonies", "init", "--help", NULL);
	assert_code(o, 0);
	o = urna("boards", "init", "--help", NULL);
	assert_code(o, 0);
	o = urna("credential", "make", "--help", NULL);
	assert_code(o, 0);
	o = urna("verify", "proofs", "--help", NULL);
	assert_code(o, 0);
	o = urna("verifies", NULL);
	assert_code(o, 2);
}

static void the_version_is_printed(void **state)
{
	(void)state;
	struct outcome o = urna("--version", NULL);
	assert_code(o, 0);
	assert_memory_equal(o.out, "urna ", 5);
}

static void a_file_that_is_not_there_is_no_verdict(void **state)
{
	(void)state;
	struct outcome o = urna("count", "/nowhere/x.blt", "--rule=scotland", NULL);
	assert_code(o, 3);
	assert_says(o.err, "/nowhere/x.blt");
	o = urna("verify", "/nowhere", NULL);
	assert_code(o, 3);
	o = urna("verify", "proof", "/nowhere", "--protinfo=/nowhere/p.xml", NULL);
	assert_code(o, 3);
	o = urna("manifest", "check", "/nowhere/manifest.json", NULL);
	assert_code(o, 3);
}

static void too_few_ballots_are_refused_before_anything_is_made(void **state)
{
	(void)state;
	const char *out = text_of("%s/e", fresh_folder());
	struct outcome o = urna("run", make_blt(3, 1, 9), "--rule=scotland", "--authorities=2",
	                        "--threshold=2", "--out", out, NULL);
	assert_code(o, 1);
	assert_says(o.err, "--accept-small-lists");
	assert_int_equal(access(out, F_OK), -1);
}

static void a_folder_with_something_in_it_is_left_alone(void **state)
{
	(void)state;
	const char *out = fresh_folder();
	write_text(text_of("%s/mine", out), "x");
	struct outcome o = urna("run", make_blt(3, 1, 20), "--rule=scotland", "--authorities=2",
	                        "--threshold=2", "--out", out, NULL);
	assert_code(o, 3);
	assert_says(o.err, "not empty");
	assert_int_equal(access(text_of("%s/record", out), F_OK), -1);
}

static void a_mistake_in_a_ballot_file_is_named_with_line_and_column(void **state)
{
	(void)state;
	const char *file = text_of("%s/bad.blt", fresh_folder());
	write_text(file, "3 1\n2 1 4 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"T\"\n");
	struct outcome o = urna("count", file, "--rule=scotland", NULL);
	assert_code(o, 1);
	assert_says(o.err, "line 2, column 5");
}

static void skipped_ranks_are_kept_for_rules_that_know_them(void **state)
{
	(void)state;
	const char *file = text_of("%s/gaps.csv", fresh_folder());
	write_text(file, "count,rank1,rank2\n3,Ann,\n2,,Bo\n2,Bo,\n");
	struct outcome o = urna("count", file, "--rule=irv:skipped=0", NULL);
	assert_code(o, 0);
	assert_says(o.out, "1  Ann, stage 1");
	o = urna("count", file, "--rule=scotland", NULL);
	assert_code(o, 0);
	assert_says(o.out, "1  Bo, stage 1");
}

static void a_tie_names_the_candidates_and_asks_for_a_lot(void **state)
{
	(void)state;
	const char *file = text_of("%s/tie.blt", fresh_folder());
	write_text(file, "3 1\n1 1 0\n1 2 0\n1 3 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"T\"\n");
	struct outcome o = urna("count", file, "--rule=scotland", NULL);
	assert_code(o, 1);
	assert_says(o.err, "Ann");
	assert_says(o.err, "--lot");
	o = urna("count", file, "--rule=scotland", "--lot=2,1,3", NULL);
	assert_code(o, 0);
}

static void seats_go_to_the_lists_of_a_table_beside_the_ballots(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *ballots = text_of("%s/council.csv", folder);
	const char *lists = text_of("%s/parties.csv", folder);
	write_text(ballots, "count,choice\n9,Red\n4,Flo\n");
	write_text(lists, "candidate,list\nRed,Red\nDi,Red\nEd,Red\nFlo,\n");
	struct outcome o =
		urna("count", ballots, "--rule=party-list", "--seats=2", "--lists", lists, NULL);
	assert_code(o, 0);
	assert_says(o.out, "1  Di, stage 2");
	assert_says(o.out, "2  Ed, stage 3");
	o = urna("count", ballots, "--rule=party-list", "--seats=2", NULL);
	assert_code(o, 1);
	assert_says(o.err, "a file of candidates and lists");
	write_text(lists, "candidate,list\nRed,Red\nDi,Red\nDi,Red\n");
	o = urna("count", ballots, "--rule=party-list", "--lists", lists, NULL);
	assert_code(o, 1);
	assert_says(o.err, "parties.csv: row 4: Di");
}

static void a_manifest_with_a_mistake_is_refused_with_its_place(void **state)
{
	(void)state;
	const char *file = text_of("%s/manifest.json", fresh_folder());
	write_text(file, "{\"urna\": 2}");
	struct outcome o = urna("manifest", "check", file, NULL);
	assert_code(o, 1);
	assert_says(o.err, "manifest.json");
	write_text(file, "{\"urna\": 1, \"urna\": 1}");
	o = urna("manifest", "check", file, NULL);
	assert_code(o, 1);
}

static void steps_out_of_order_say_what_is_missing(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *home = text_of("%s/a1", folder);
	const char *record = text_of("%s/record", folder), *file = make_blt(3, 1, 20);
	const char *board = make_board(folder), *ballots = text_of("%s/ballots.bt", folder);
	struct outcome o = urna("ceremony", "init", "--home", home, "--operator", "One", NULL);
	assert_code(o, 0);
	o = urna("ceremony", "init", "--home", home, "--operator", "One", NULL);
	assert_code(o, 3);
	assert_says(o.err, "conflict");
	o = urna("board", "init", "--home", board, "--name", "urna.test/board", NULL);
	assert_code(o, 3);
	assert_says(o.err, "conflict");
	o = urna("manifest", "new", file, "--rule=scotland", "--threshold=1", "--authority",
	         text_of("%s/identity.json", home), "--board", text_of("%s/identity.json", board),
	         "--record", record, NULL);
	assert_code(o, 0);
	o = urna("encrypt", file, "--record", record, "--out", ballots, NULL);
	assert_code(o, 3);
	assert_says(o.err, "ceremony: has not begun");
	o = urna("ceremony", "--home", home, "--record", record, NULL);
	assert_code(o, 0);
	o = urna("mix", "--home", home, "--record", record, NULL);
	assert_code(o, 3);
	assert_says(o.err, "no ballots yet");
	assert_says(o.err, "urna board collect");
	o = urna("encrypt", make_blt(4, 1, 20), "--record", record, "--out", ballots, NULL);
	assert_code(o, 1);
	assert_says(o.err, "4 candidates in the file, 3 in the manifest");
	assert_int_equal(access(ballots, F_OK), -1);
	o = urna("encrypt", file, "--record", record, "--out", ballots, NULL);
	assert_code(o, 0);
	o = urna("board", "finish", "--home", board, "--record", record, NULL);
	assert_code(o, 3);
	assert_says(o.err, "no ballots yet");
	o = urna("board", "collect", "--home", home, "--record", record, ballots, NULL);
	assert_code(o, 1);
	assert_says(o.err, "the manifest names another one");
	o = urna("board", "collect", "--home", board, "--record", record, ballots, NULL);
	assert_code(o, 0);
	o = urna("count", "--record", record, NULL);
	assert_code(o, 3);
	assert_says(o.err, "unavailable");
	o = urna("mix", "--home", home, "--record", record, "--mixers=2", NULL);
	assert_code(o, 2);
	o = urna("mix", "--home", home, "--record", record, NULL);
	assert_code(o, 0);
	o = urna("decrypt", "--home", home, "--record", record, NULL);
	assert_code(o, 0);
	o = urna("board", "finish", "--home", board, "--record", record, NULL);
	assert_code(o, 3);
	assert_says(o.err, "nobody has counted yet");
	assert_says(o.err, "First urna count");
	o = urna("verify", record, NULL);
	assert_code(o, 1);
}

static void a_tie_nobody_can_decide_is_said_before_the_election(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *file = text_of("%s/tie.blt", folder);
	const char *out = text_of("%s/out", folder);
	write_text(file, "2 1\n6 1 0\n6 2 0\n0\n\"Ann\"\n\"Bo\"\n\"Tie\"\n");
	struct outcome o = urna("run", file, "--authorities", "1", "--threshold", "1", "--rule",
	                        "scotland", "--out", out, NULL);
	assert_code(o, 1);
	assert_says(o.err, "--lot");
	assert_says(o.err, "Ann");
	o = urna("run", file, "--authorities", "1", "--threshold", "1", "--rule", "scotland", "--lot",
	         "2,1", "--out", out, NULL);
	assert_code(o, 0);
}

static void another_candidate_is_named(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 1, 12), "1", "1", NULL);
	const char *record = record_of(folder), *file = text_of("%s/other.blt", folder);
	write_text(file, "5 1\n9 1 0\n0\n\"Candidate 1\"\n\"Candidate 2\"\n\"Eve\"\n\"Candidate 4\"\n"
	                 "\"Candidate 5\"\n\"T\"\n");
	struct outcome o =
		urna("encrypt", file, "--record", record, "--out", text_of("%s/b.bt", folder), NULL);
	assert_code(o, 1);
	assert_says(o.err, "candidate 3 is 'Eve' in the file and 'Candidate 3' in the manifest");
}

static void output_that_cannot_be_written_is_no_success(void **state)
{
	(void)state;
	const char *build = getenv("URNA_BUILD");
	const char *argv[] = {"sh", "-c",
	                      text_of("'%s/src/apps/cli/urna' count '%s' --rule=scotland --lot=3,2,1 "
	                              ">/dev/full",
	                              build ? build : "build/release", make_blt(3, 1, 20)),
	                      NULL};
	struct outcome o = program(argv);
	assert_code(o, 3);
	assert_says(o.err, "cannot be written");
}

static void too_little_memory_is_no_verdict(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 1, 12), "1", "1", NULL);
	const char *record = record_of(folder);
	struct outcome o = urna("count", "--record", record, "--memory-limit=2M", NULL);
	assert_code(o, 3);
	assert_says(o.err, "--memory-limit");
	o = urna("verify", record, "--memory-limit=2M", NULL);
	assert_code(o, 3);
	assert_says(o.out, "Not decided");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_command_lines_are_refused_with_a_reason),
		cmocka_unit_test(every_command_explains_itself),
		cmocka_unit_test(plurals_mean_the_same),
		cmocka_unit_test(the_version_is_printed),
		cmocka_unit_test(a_file_that_is_not_there_is_no_verdict),
		cmocka_unit_test(too_few_ballots_are_refused_before_anything_is_made),
		cmocka_unit_test(a_folder_with_something_in_it_is_left_alone),
		cmocka_unit_test(a_mistake_in_a_ballot_file_is_named_with_line_and_column),
		cmocka_unit_test(skipped_ranks_are_kept_for_rules_that_know_them),
		cmocka_unit_test(a_tie_names_the_candidates_and_asks_for_a_lot),
		cmocka_unit_test(seats_go_to_the_lists_of_a_table_beside_the_ballots),
		cmocka_unit_test(a_manifest_with_a_mistake_is_refused_with_its_place),
		cmocka_unit_test(steps_out_of_order_say_what_is_missing),
		cmocka_unit_test(a_tie_nobody_can_decide_is_said_before_the_election),
		cmocka_unit_test(another_candidate_is_named),
		cmocka_unit_test(output_that_cannot_be_written_is_no_success),
		cmocka_unit_test(too_little_memory_is_no_verdict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
