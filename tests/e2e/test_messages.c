/* SPDX-License-Identifier: Apache-2.0 */
/* What people are told when something is missing or does not fit, and the exit code with it. */
#include "e2e/e2e.h"

#include "support/support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

/* One authority with a manifest of threshold 1. */
struct place {
	const char *file, *home, *record, *folder;
};

static struct place one_authority(void)
{
	const char *folder = fresh_folder();
	struct place p = {make_blt(5, 2, 12), text_of("%s/a1", folder), text_of("%s/record", folder),
	                  folder};
	struct outcome o = urna("ceremony", "init", "--home", p.home, "--operator", "One", NULL);
	assert_code(o, 0);
	o = urna("manifest", "new", p.file, "--rule=scotland", "--threshold=1", "--lot=1,2,3,4,5",
	         "--authority", text_of("%s/identity.json", p.home), "--board",
	         text_of("%s/identity.json", make_board(folder)), "--record", p.record, NULL);
	assert_code(o, 0);
	return p;
}

static struct outcome step(const struct place *p, const char *command, const char *option)
{
	return urna(command, "--home", p->home, "--record", p->record, option, NULL);
}

static struct place with_ballots(const char *passphrase_option)
{
	struct place p = one_authority();
	struct outcome o = step(&p, "ceremony", passphrase_option);
	assert_code(o, 0);
	collect_ballots(p.folder, p.record, p.file);
	return p;
}

static const char *proof_of(const char *record)
{
	return text_of("%s/proof/l1/nizkp/l1", record);
}

static struct outcome verify_proof(const char *record)
{
	return urna("verify", "proof", proof_of(record), "--auxsid=l1", "--protinfo",
	            text_of("%s/proof/l1/protInfo.xml", record), NULL);
}

static void assert_nowhere(const char *text, const char *unwanted)
{
	if (strstr(text, unwanted))
		fail_msg("'%s' in: %s", unwanted, text);
}

/* --- records and proofs --- */

static void a_folder_that_is_no_record_is_no_verdict(void **state)
{
	(void)state;
	const char *empty = fresh_folder(), *file = make_blt(3, 1, 12);
	static const char *const said = "no election in this folder";
	struct outcome o = urna("verify", empty, NULL);
	assert_code(o, 3);
	assert_says(o.err, said);
	assert_says(o.err, empty);
	assert_says(o.err, "manifest.json");
	assert_string_equal(o.out, "");
	o = urna("count", "--record", empty, NULL);
	assert_code(o, 3);
	assert_says(o.err, said);
	o = urna("encrypt", file, "--record", empty, "--out", text_of("%s-b", empty), NULL);
	assert_code(o, 3);
	assert_says(o.err, said);
	o = urna("mix", "--home", empty, "--record", empty, NULL);
	assert_code(o, 3);
	assert_says(o.err, said);
	o = urna("verify", file, NULL);
	assert_code(o, 3);
	assert_says(o.err, "this is a file");
	o = urna("manifest", "check", empty, NULL);
	assert_code(o, 3);
	assert_says(o.err, "this is a folder");
	o = urna("verify", "proof", empty, "--protinfo", file, NULL);
	assert_code(o, 3);
	assert_says(o.err, "proof: none is in this folder");
}

static void the_folder_around_a_record_points_at_it(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 2, 12), "1", "1", NULL);
	struct outcome o = urna("verify", folder, NULL);
	assert_code(o, 3);
	assert_says(o.err, "its subfolder 'record' is one");
}

static void a_record_that_lost_its_manifest_is_rejected(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "1", "1", NULL));
	assert_int_equal(unlink(text_of("%s/manifest.json", record)), 0);
	struct outcome o = urna("verify", record, NULL);
	assert_code(o, 1);
	assert_says(o.out, "manifest.json");
}

/* Whoever may write beside a record must not be able to keep others from reading it. */
static void a_link_beside_a_record_hides_nothing(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "1", "1", NULL));
	const char *empty = fresh_folder();
	assert_int_equal(symlink("nowhere", text_of("%s/latest", record)), 0);
	assert_int_equal(symlink("nowhere", text_of("%s/latest", empty)), 0);
	struct outcome o = urna("count", "--record", record, NULL);
	assert_code(o, 0);
	o = urna("verify", record, NULL);
	assert_code(o, 1);
	assert_says(o.out, "10.2"); /* the checks behind the file set are made all the same */
	o = urna("verify", empty, NULL);
	assert_code(o, 3);
}

static void the_file_that_a_shuffle_lacks_is_named(void **state)
{
	(void)state;
	static const char *const kinds[] = {"PermutationCommitment", "PoSCommitment", "PoSReply",
	                                    "Ciphertexts"};
	const char *record = record_of(make_election(make_blt(5, 2, 12), "3", "2", NULL));
	for (unsigned i = 0; i < 8; i++) {
		const char *name = text_of("proofs/%s%02u.bt", kinds[i % 4], i / 4 + 1);
		const char *path = text_of("%s/%s", proof_of(record), name);
		const char *away = text_of("%s-away", record);
		assert_int_equal(rename(path, away), 0);
		struct outcome o = verify_proof(record);
		assert_code(o, 1);
		assert_says(o.err, text_of("file: is missing: %s", name));
		assert_int_equal(rename(away, path), 0);
	}
	struct outcome o = verify_proof(record);
	assert_code(o, 0);
}

/* --- places --- */

static void change_byte(const char *path, size_t at)
{
	bytes b = read_file(path);
	uint8_t *copy = malloc(b.len);
	assert_true(copy && at < b.len);
	memcpy(copy, b.p, b.len);
	copy[at] ^= 1;
	write_file(path, copy, b.len);
	free(copy);
}

static void a_place_says_what_it_counts(void **state)
{
	(void)state;
	const char *election = make_election(make_blt(5, 2, 12), "2", "2", NULL);
	const char *record = record_of(election), *ballots = text_of("%s/ballots.bt", record);
	const char *list = text_of("%s/proofs/Ciphertexts01.bt", proof_of(record));
	bytes b = read_file(ballots);
	change_byte(ballots, b.len / 12 * 7); /* within the eighth ballot: all have one length */
	struct outcome o = urna("verify", record, NULL);
	assert_code(o, 1);
	assert_says(o.out, "entry 10: ballot"); /* behind three others, counted from 0 */
	assert_nowhere(o.out, "(at ");
	change_byte(ballots, b.len / 12 * 7);
	change_byte(list, 300); /* in the fourth point */
	o = verify_proof(record);
	assert_code(o, 1);
	assert_says(o.err, "Ciphertexts01.bt: element 3");
	assert_nowhere(o.err, "(at ");
	change_byte(list, 300);
	assert_int_equal(truncate(list, 100), 0);
	o = verify_proof(record);
	assert_code(o, 1);
	assert_says(o.err, "Ciphertexts01.bt: 100 bytes, not ");
	assert_nowhere(o.err, "(at ");
}

/* --- the order of steps --- */

static void counting_too_early_says_which_step_comes_first(void **state)
{
	(void)state;
	struct place p = one_authority();
	struct outcome o = step(&p, "count", NULL);
	assert_code(o, 3);
	assert_says(o.err, "First urna ceremony");
	o = step(&p, "ceremony", NULL);
	assert_code(o, 0);
	o = step(&p, "count", NULL);
	assert_code(o, 3);
	assert_says(o.err, "no ballots yet");
	assert_says(o.err, "First urna encrypt and urna board collect");
	collect_ballots(p.folder, p.record, p.file);
	for (unsigned as_member = 0; as_member < 2; as_member++) {
		o = as_member ? step(&p, "count", NULL) : urna("count", "--record", p.record, NULL);
		assert_code(o, 3);
		assert_string_equal(o.out, "");
		assert_says(o.err, "not shuffled yet");
		assert_says(o.err, "First urna mix");
	}
	o = step(&p, "mix", NULL);
	assert_code(o, 0);
	for (unsigned as_member = 0; as_member < 2; as_member++) {
		o = as_member ? step(&p, "count", NULL) : urna("count", "--record", p.record, NULL);
		assert_code(o, 3);
		assert_says(o.err, "not decrypted yet");
		assert_says(o.err, "First urna decrypt");
	}
	o = step(&p, "decrypt", NULL);
	assert_code(o, 0);
	o = step(&p, "count", NULL);
	assert_code(o, 0);
}

static void a_list_is_not_empty_because_an_unsigned_file_says_so(void **state)
{
	(void)state;
	const char *record = record_of(make_election(make_blt(5, 2, 12), "1", "1", NULL));
	assert_int_equal(unlink(text_of("%s/Ciphertexts.bt", proof_of(record))), 0);
	assert_int_equal(unlink(text_of("%s/result.json", record)), 0);
	struct outcome o = urna("count", "--record", record, NULL);
	assert_code(o, 3);
	write_text(text_of("%s/endorse/l1/empty-01.bt", record), "");
	o = urna("count", "--record", record, NULL);
	assert_code(o, 1);
	assert_string_equal(o.out, "");
	assert_says(o.err, "empty-01.bt");
}

/* --- options that do not fit the election --- */

static void a_set_of_authorities_that_cannot_be_is_wrong_usage(void **state)
{
	(void)state;
	struct place p = with_ballots(NULL);
	static const char *const wrong[][2] = {
		{"2", "authority 2"}, {"1,1", "twice"}, {"1;2", "is not a list"}, {"", "is not a list"}};
	for (unsigned i = 0; i < 8; i++) {
		const char *option = text_of("%s=%s", i < 4 ? "--mixers" : "--active", wrong[i % 4][0]);
		struct outcome o = step(&p, i < 4 ? "mix" : "decrypt", option);
		assert_code(o, 2);
		assert_says(o.err, wrong[i % 4][1]);
	}
	assert_int_not_equal(access(text_of("%s/endorse", p.record), F_OK), 0);
	struct outcome o = step(&p, "mix", "--mixers=1");
	assert_code(o, 0);
	assert_says(o.err, "urna decrypt"); /* the next command is told */
}

static void too_few_authorities_are_wrong_usage_with_both_numbers(void **state)
{
	(void)state;
	const char *folder = make_election(make_blt(5, 2, 12), "3", "2", NULL);
	struct place p = {NULL, text_of("%s/private/a1", folder), record_of(folder), folder};
	struct outcome o = step(&p, "decrypt", "--active=1");
	assert_code(o, 2);
	assert_says(o.err, "1 named, the threshold is 2");
	/* Shuffles that are there count. */
	o = step(&p, "mix", "--mixers=1");
	assert_code(o, 0);
	assert_int_equal(unlink(text_of("%s/endorse/l1/mix-02.bt", p.record)), 0);
	o = step(&p, "mix", "--mixers=1");
	assert_code(o, 0);
	assert_int_equal(unlink(text_of("%s/endorse/l1/mix-01.bt", p.record)), 0);
	o = step(&p, "mix", "--mixers=1");
	assert_code(o, 2);
	assert_says(o.err, "1 named, the threshold is 2");
	o = step(&p, "decrypt", "--active=2,3");
	assert_code(o, 2);
	assert_says(o.err, "this authority is not among them");
}

static void more_seats_than_candidates_are_refused_before_anything_is_made(void **state)
{
	(void)state;
	const char *folder = fresh_folder(), *out = text_of("%s/e", folder);
	const char *file = make_blt(3, 1, 20), *home = text_of("%s/a1", folder);
	static const char *const said = "4 seats, 3 candidates";
	struct outcome o = urna("run", file, "--rule=scotland", "--authorities=2", "--threshold=2",
	                        "--seats=4", "--out", out, NULL);
	assert_code(o, 2);
	assert_says(o.err, said);
	assert_int_equal(access(out, F_OK), -1);
	o = urna("ceremony", "init", "--home", home, "--operator", "X", NULL);
	assert_code(o, 0);
	o = urna("manifest", "new", file, "--rule=scotland", "--threshold=1", "--seats=4",
	         "--authority", text_of("%s/identity.json", home), "--board",
	         text_of("%s/identity.json", home), "--record", out, NULL);
	assert_code(o, 2);
	assert_says(o.err, said);
	assert_int_equal(access(out, F_OK), -1);
	o = urna("count", file, "--rule=scotland", "--seats=4", NULL);
	assert_code(o, 2);
	assert_says(o.err, said);
	/* What the file itself says is no mistake of the command line. */
	o = urna("run", make_blt(3, 4, 20), "--rule=scotland", "--authorities=2", "--threshold=2",
	         "--out", out, NULL);
	assert_code(o, 1);
	assert_says(o.err, said);
	assert_int_equal(access(out, F_OK), -1);
}

/* --- passphrases --- */

static void what_is_wrong_with_a_passphrase_is_said(void **state)
{
	(void)state;
	const char *folder = fresh_folder();
	const char *right = text_of("--passphrase-file=%s/right", folder);
	const char *wrong = text_of("--passphrase-file=%s/wrong", folder);
	const char *empty = text_of("--passphrase-file=%s/empty", folder);
	write_text(text_of("%s/right", folder), "open sesame\n");
	write_text(text_of("%s/wrong", folder), "open barley\n");
	write_text(text_of("%s/empty", folder), "");
	struct place p = one_authority();
	struct outcome o = step(&p, "ceremony", empty);
	assert_code(o, 1);
	assert_says(o.err, "its file is empty");
	assert_says(o.err, "in one line");
	assert_int_not_equal(access(text_of("%s/ceremony", p.record), F_OK), 0);

	p = with_ballots(right);
	o = step(&p, "mix", NULL);
	assert_code(o, 0);
	o = step(&p, "decrypt", NULL); /* forgotten */
	assert_code(o, 1);
	assert_says(o.err, "sealed with one, and none is given");
	assert_says(o.err, "--passphrase-file FILE");
	o = step(&p, "decrypt", empty);
	assert_code(o, 1);
	assert_says(o.err, "its file is empty");
	o = step(&p, "decrypt", wrong);
	assert_code(o, 1);
	assert_says(o.err, "wrong passphrase");
	assert_says(o.err, "that urna ceremony was given");
	o = step(&p, "decrypt", right);
	assert_code(o, 0);

	p = with_ballots(NULL);
	o = step(&p, "mix", NULL);
	assert_code(o, 0);
	o = step(&p, "decrypt", right); /* not needed */
	assert_code(o, 1);
	assert_says(o.err, "sealed without one, but one is given");
	assert_says(o.err, "Leave --passphrase-file away");
	o = step(&p, "decrypt", NULL);
	assert_code(o, 0);
}

static void a_home_of_another_election_is_told_apart(void **state)
{
	(void)state;
	struct place p = with_ballots(NULL);
	struct outcome o = step(&p, "mix", NULL);
	assert_code(o, 0);
	const char *argv[] = {"sh", "-c", text_of("rm '%s'/share-*", p.home), NULL};
	o = program(argv);
	assert_code(o, 0);
	o = step(&p, "decrypt", NULL);
	assert_code(o, 3);
	assert_says(o.err, "no key share of this election");
}

/* --- what a manifest says --- */

static void a_manifest_is_shown_with_all_that_matters(void **state)
{
	(void)state;
	struct place p = one_authority();
	const char *file = text_of("%s/manifest.json", p.record);
	static const char *const facts[] = {"Made for a test",
	                                    "All 1 of the authorities",
	                                    "One",
	                                    "Candidate 1",
	                                    "Candidate 5",
	                                    "scotland",
	                                    "2 seats",
	                                    "5 candidates",
	                                    "1, 2, 3, 4, 5",
	                                    "fewer than 10",
	                                    "Digest of the manifest"};
	struct outcome o = urna("manifest", "check", file, NULL);
	assert_code(o, 0);
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		assert_says(o.out, facts[i]);
	const char *text = text_of("%s", o.out);
	o = urna("manifest", "check", file, "--json", NULL);
	assert_code(o, 0);
	json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
	const char *operator, * words, *rule, *answer, *digest;
	int seats, lot, min_list, threshold;
	assert_int_equal(json_unpack(j, "{s:s,s:i,s:i,s:[{s:s,s:s}],s:[{s:s,s:i,s:[s,*],s:[i,*]}]}",
	                             "digest", &digest, "threshold", &threshold, "min_list", &min_list,
	                             "authorities", "operator", &operator, "words", &words, "questions",
	                             "rule", &rule, "seats", &seats, "answers", &answer, "lot", &lot),
	                 0);
	assert_string_equal(operator, "One");
	assert_string_equal(rule, "scotland");
	assert_string_equal(answer, "Candidate 1");
	assert_int_equal(seats, 2);
	assert_int_equal(lot, 1);
	assert_int_equal(threshold, 1);
	assert_int_equal(min_list, 10);
	assert_says(text, words);
	assert_says(text, digest);
	json_decref(j);
}

/* --- urna run --json --- */

static void a_run_that_fails_says_so_in_json_with_the_same_exit_code(void **state)
{
	(void)state;
	const char *file = make_blt(5, 2, 12), *folder = fresh_folder();
	for (unsigned json = 0; json < 2; json++) {
		struct outcome o = urna("run", file, "--rule=scotland", "--authorities=1", "--threshold=1",
		                        "--lot=1,2,3,4,5", "--memory-limit=2M", "--out",
		                        text_of("%s/%u", folder, json), json ? "--json" : NULL, NULL);
		assert_code(o, 3);
		assert_says(o.err, "raise --memory-limit");
		if (!json)
			continue;
		json_t *j = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL);
		const char *kind, *what, *detail, *stage;
		int ok;
		assert_int_equal(json_unpack(j, "{s:b,s:{s:s,s:s,s:n,s:s},s:s}", "ok", &ok, "error", "kind",
		                             &kind, "what", &what, "at", "detail", &detail, "stage",
		                             &stage),
		                 0);
		assert_false(ok);
		assert_string_equal(kind, "limit");
		assert_says(detail, "arena");
		json_decref(j);
	}
}

static void scores_cannot_be_cast_in_an_election_of_rankings(void **state)
{
	(void)state;
	struct place p = one_authority();
	struct outcome o = step(&p, "ceremony", NULL);
	assert_code(o, 0);
	const char *file = text_of("%s/scores.csv", p.folder), *out = text_of("%s/b", p.folder);
	write_text(file, "count,score:1,score:2\n5,3,1\n");
	o = urna("encrypt", file, "--record", p.record, "--out", out, NULL);
	assert_code(o, 1);
	assert_says(o.err, "this question needs rankings");
	assert_int_not_equal(access(out, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_that_is_no_record_is_no_verdict),
		cmocka_unit_test(the_folder_around_a_record_points_at_it),
		cmocka_unit_test(a_record_that_lost_its_manifest_is_rejected),
		cmocka_unit_test(a_link_beside_a_record_hides_nothing),
		cmocka_unit_test(the_file_that_a_shuffle_lacks_is_named),
		cmocka_unit_test(a_place_says_what_it_counts),
		cmocka_unit_test(counting_too_early_says_which_step_comes_first),
		cmocka_unit_test(a_list_is_not_empty_because_an_unsigned_file_says_so),
		cmocka_unit_test(a_set_of_authorities_that_cannot_be_is_wrong_usage),
		cmocka_unit_test(too_few_authorities_are_wrong_usage_with_both_numbers),
		cmocka_unit_test(more_seats_than_candidates_are_refused_before_anything_is_made),
		cmocka_unit_test(what_is_wrong_with_a_passphrase_is_said),
		cmocka_unit_test(a_home_of_another_election_is_told_apart),
		cmocka_unit_test(a_manifest_is_shown_with_all_that_matters),
		cmocka_unit_test(a_run_that_fails_says_so_in_json_with_the_same_exit_code),
		cmocka_unit_test(scores_cannot_be_cast_in_an_election_of_rankings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
