/* SPDX-License-Identifier: Apache-2.0 */
/* Small elections from the first file to the verdict. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

static void check_verdicts(const char *folder)
{
	const char *record = record_of(folder), *words = fingerprint_of(record);
	struct outcome o = urna("verify", record, "--fingerprint", words, NULL);
	assert_code(o, 0);
	assert_says(o.out, "Verified");
	o = urna("verify", record, NULL);
	assert_code(o, 3);
	assert_says(o.out, "Self-consistent only");
}

static void one_authority_alone_holds_an_election(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 12), "1", "1", NULL));
}

static void both_of_two_authorities_hold_one(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 12), "2", "2", NULL));
}

static void the_first_and_third_of_three_are_enough(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 12), "3", "2", "1,3"));
}

static void the_second_and_third_of_three_are_enough(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 12), "3", "2", "2,3"));
}

static void three_of_five_with_gaps_are_enough(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 12), "5", "3", "1,3,5"));
}

static void an_election_without_ballots_has_an_empty_result(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 2, 0), "3", "2", NULL);
	check_verdicts(folder);
	struct outcome o = urna("count", "--record", record_of(folder), NULL);
	assert_code(o, 0);
	assert_says(o.out, "nobody is elected");
}

static void a_single_ballot_is_counted_where_that_was_declared(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 1), "2", "2", NULL));
}

static void two_ballots_are_counted_where_that_was_declared(void **state)
{
	(void)state;
	check_verdicts(make_election(make_blt(5, 2, 2), "2", "1", NULL));
}

/* 60 ranked candidates take two points, 110 take four: every file has columns then. */
static void wide_plaintexts_are_mixed_and_opened(void **state)
{
	(void)state;
	const unsigned candidates[] = {60, 110};
	for (size_t i = 0; i < 2; i++) {
		const char *file = make_blt(candidates[i], 3, 15), *folder = fresh_folder();
		const char *out = text_of("%s/election", folder);
		char lot[512] = "1";
		for (unsigned c = 2; c <= candidates[i]; c++)
			snprintf(lot + strlen(lot), sizeof lot - strlen(lot), ",%u", c);
		struct outcome o = urna("run", file, "--rule=scotland", "--authorities=3", "--threshold=2",
		                        "--out", out, "--lot", lot, NULL);
		assert_code(o, 0);
		check_verdicts(out);
	}
}

static void approval_ballots_of_a_table_are_counted(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *file = text_of("%s/marks.csv", folder);
	write_text(file, "count,approved\n5,Ann+Bo\n4,Bo\n3,Cy+Ann\n2,\n");
	const char *out = text_of("%s/election", folder);
	struct outcome o = urna("run", file, "--rule=plurality-at-large", "--authorities=2",
	                        "--threshold=2", "--out", out, "--seats=1", "--json", NULL);
	assert_code(o, 0);
	json_t *j = json_loads(o.out, 0, NULL);
	const char *elected = NULL;
	json_int_t valid = 0, blank = 0;
	assert_non_null(j);
	assert_int_equal(json_unpack(j, "{s:[{s:[s],s:{s:I,s:I}}]}", "questions", "elected", &elected,
	                             "verdicts", "valid", &valid, "blank", &blank),
	                 0);
	/* Bo has 9 marks, Ann 8, Cy 3. */
	assert_string_equal(elected, "Bo");
	assert_int_equal(valid, 12);
	assert_int_equal(blank, 2);
	json_decref(j);
	check_verdicts(out);
}

/* --- every step by hand, two questions in two groups, a passphrase --- */

static const char *hex_identity(const char *home)
{
	bytes file = read_file(text_of("%s/identity.json", home));
	json_t *j = json_loadb((const char *)file.p, file.len, 0, NULL);
	const char *hex = NULL;
	assert_non_null(j);
	assert_int_equal(json_unpack(j, "{s:s}", "identity", &hex), 0);
	hex = text_of("%s", hex);
	json_decref(j);
	return hex;
}

static const char *manifest_of_two_questions(const char *h1, const char *h2, const char *board)
{
	return text_of(
		"{\"urna\":1,\"title\":\"Two questions\",\"group\":\"P-256\",\"rohash\":\"SHA-256\","
		"\"prg\":\"SHA-256\",\"statdist\":100,\"vbitlenro\":256,\"ebitlenro\":256,"
		"\"mode\":\"server\",\"board\":{\"name\":\"urna.test/board\",\"key\":\"%s\"},"
		"\"threshold\":2,\"authorities\":["
		"{\"operator\":\"One\",\"identity\":\"%s\"},{\"operator\":\"Two\",\"identity\":\"%s\"}],"
		"\"min_list\":5,\"accept_small_lists\":false,\"questions\":["
		"{\"id\":\"board\",\"title\":\"Board\",\"rule\":\"scotland\",\"seats\":1,\"min\":0,"
		"\"max\":3,\"answers\":[\"Ann\",\"Bo\",\"Cy\"]},"
		"{\"id\":\"hall\",\"title\":\"New hall\",\"rule\":\"plurality-at-large\",\"seats\":1,"
		"\"min\":0,\"max\":2,\"answers\":[\"Yes\",\"No\"]}],"
		"\"groups\":[{\"name\":\"g1\",\"questions\":[\"board\"]},"
		"{\"name\":\"g2\",\"questions\":[\"hall\"]}],"
		"\"styles\":[{\"name\":\"all\",\"groups\":[\"g1\",\"g2\"]}]}\n",
		hex_identity(board), hex_identity(h1), hex_identity(h2));
}

static void both(const char *command, const char *const homes[2], const char *record,
                 const char *const passphrases[2])
{
	struct child c[2];
	for (unsigned i = 0; i < 2; i++) {
		const char *arguments[] = {command,
		                           "--home",
		                           homes[i],
		                           "--record",
		                           record,
		                           "--timeout=120",
		                           "--quiet",
		                           passphrases ? "--passphrase-file" : NULL,
		                           passphrases ? passphrases[i] : NULL,
		                           NULL};
		urna_start(&c[i], arguments);
	}
	for (unsigned i = 0; i < 2; i++) {
		int code = urna_wait(&c[i], 200000);
		if (code != 0)
			fail_msg("%s of authority %u: exit code %d", command, i + 1, code);
	}
}

static void two_questions_are_two_lists_and_passphrases_guard_shares(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *record = text_of("%s/record", folder);
	const char *homes[] = {text_of("%s/a1", folder), text_of("%s/a2", folder)};
	const char *passphrases[] = {text_of("%s/p1", folder), text_of("%s/p2", folder)};
	write_text(passphrases[0], "correct horse\n");
	write_text(passphrases[1], "battery staple\n");
	for (unsigned i = 0; i < 2; i++) {
		struct outcome o = urna("ceremony", "init", "--home", homes[i], "--operator", "X", NULL);
		assert_code(o, 0);
		struct stat st;
		assert_int_equal(stat(homes[i], &st), 0);
		assert_int_equal(st.st_mode & 0077, 0);
	}
	assert_int_equal(mkdir(record, 0755), 0);
	write_text(text_of("%s/manifest.json", record),
	           manifest_of_two_questions(homes[0], homes[1], make_board(folder)));
	struct outcome o = urna("manifest", "check", text_of("%s/manifest.json", record), NULL);
	assert_code(o, 0);
	both("ceremony", homes, record, passphrases);
	assert_int_equal(access(text_of("%s/seal.key", homes[0]), F_OK), -1);

	const char *board = text_of("%s/board.blt", folder), *hall = text_of("%s/hall.csv", folder);
	write_text(board, "3 1\n4 1 2 0\n3 2 0\n1 0\n0\n\"Ann\"\n\"Bo\"\n\"Cy\"\n\"Board\"\n");
	write_text(hall, "count,choice\n2,Yes\n5,No\n");
	const char *ballots = text_of("%s/ballots.bt", folder);
	o = urna("encrypt", text_of("board=%s", board), text_of("hall=%s", hall), "--record", record,
	         "--out", ballots, NULL);
	assert_code(o, 0);
	o = urna("board", "collect", "--home", text_of("%s/board", folder), "--record", record, ballots,
	         NULL);
	assert_code(o, 0);
	both("mix", homes, record, NULL);
	o = urna("decrypt", "--home", homes[0], "--record", record, "--passphrase-file", passphrases[1],
	         "--timeout=5", NULL);
	assert_code(o, 1);
	assert_says(o.err, "rejected");
	both("decrypt", homes, record, passphrases);
	for (unsigned i = 0; i < 2; i++) {
		o = urna("count", "--home", homes[i], "--record", record, NULL);
		assert_code(o, 0);
	}
	assert_says(o.out, "Ballots: 7 valid, 1 blank");
	finish_log(folder, record);
	check_verdicts(folder);
}

static void what_is_finished_may_be_asked_for_again(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 2, 12), "2", "2", NULL);
	const char *home = text_of("%s/private/a1", folder), *record = record_of(folder);
	const char *const commands[] = {"ceremony", "mix", "decrypt", "count"};
	for (size_t i = 0; i < 4; i++) {
		struct outcome o = urna(commands[i], "--home", home, "--record", record, NULL);
		assert_code(o, 0);
	}
	const char *board = text_of("%s/private/board", folder);
	const char *const verbs[] = {"close", "finish"};
	for (size_t i = 0; i < 2; i++) {
		struct outcome o = urna("board", verbs[i], "--home", board, "--record", record, NULL);
		assert_code(o, 0);
	}
	check_verdicts(folder);
}

static void ballots_are_not_collected_twice(void **state)
{
	(void)state;
	const char *file = make_blt(5, 2, 12), *folder = make_election(file, "1", "1", NULL);
	const char *more = text_of("%s/more.bt", folder);
	struct outcome o = urna("encrypt", file, "--record", record_of(folder), "--out", more, NULL);
	assert_code(o, 0);
	o = urna("board", "collect", "--home", text_of("%s/private/board", folder), "--record",
	         record_of(folder), more, NULL);
	assert_code(o, 3);
	assert_says(o.err, "conflict");
	assert_says(o.err, "urna board close");
	check_verdicts(folder);
}

static void equal_votes_are_ballots_that_have_nothing_in_common(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *file = text_of("%s/same.blt", folder);
	write_text(file, "2 1\n20 1 0\n0\n\"Ann\"\n\"Bo\"\n\"Same\"\n");
	const char *out = text_of("%s/e", folder);
	struct outcome o = urna("run", file, "--rule=scotland", "--authorities=1", "--threshold=1",
	                        "--out", out, NULL);
	assert_code(o, 0);
	bytes b = read_file(text_of("%s/record/ballots.bt", out));
	size_t each = b.len / 20;
	assert_int_equal(b.len % 20, 0);
	for (unsigned i = 0; i < 20; i++)
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(b.p + i * each, b.p + j * each, each);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_authority_alone_holds_an_election),
		cmocka_unit_test(both_of_two_authorities_hold_one),
		cmocka_unit_test(the_first_and_third_of_three_are_enough),
		cmocka_unit_test(the_second_and_third_of_three_are_enough),
		cmocka_unit_test(three_of_five_with_gaps_are_enough),
		cmocka_unit_test(an_election_without_ballots_has_an_empty_result),
		cmocka_unit_test(a_single_ballot_is_counted_where_that_was_declared),
		cmocka_unit_test(two_ballots_are_counted_where_that_was_declared),
		cmocka_unit_test(wide_plaintexts_are_mixed_and_opened),
		cmocka_unit_test(approval_ballots_of_a_table_are_counted),
		cmocka_unit_test(two_questions_are_two_lists_and_passphrases_guard_shares),
		cmocka_unit_test(what_is_finished_may_be_asked_for_again),
		cmocka_unit_test(ballots_are_not_collected_twice),
		cmocka_unit_test(equal_votes_are_ballots_that_have_nothing_in_common),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
