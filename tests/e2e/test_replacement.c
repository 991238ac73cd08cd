/* SPDX-License-Identifier: Apache-2.0 */
/*
 * urna run with authorities that die, do not come or cheat (cheating_urna.c): the others finish the
 * tally as long as the threshold of them is there, who failed is named, and the record verifies,
 * here and with the second verifier where node can run it.
 */
#include "e2e/e2e.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

struct held {
	struct outcome outcome;
	const char *folder, *record;
};

static struct held hold(const char *cheat, const char *authorities, const char *threshold,
                        const char *more)
{
	const char *folder = text_of("%s/e", fresh_folder());
	const char *exe = text_of("%s/tests/e2e/cheating_urna",
	                          getenv("URNA_BUILD") ? getenv("URNA_BUILD") : "build/release");
	const char *argv[] = {exe,
	                      "run",
	                      make_blt(5, 2, 30),
	                      "--rule=scotland",
	                      "--authorities",
	                      authorities,
	                      "--threshold",
	                      threshold,
	                      "--lot=1,2,3,4,5",
	                      "--threads=1",
	                      "--out",
	                      folder,
	                      more,
	                      NULL};
	assert_int_equal(setenv("URNA_CHEAT", cheat, 1), 0);
	struct held h = {program(argv), folder, text_of("%s/record", folder)};
	assert_int_equal(unsetenv("URNA_CHEAT"), 0);
	return h;
}

static void second_verifier_agrees(const char *record, const char *fingerprint)
{
	const char *source = getenv("URNA_SOURCE") ? getenv("URNA_SOURCE") : ".";
	const char *cli = text_of("%s/web/verifier/cli.js", source);
	static const char *const asks[] = {"sh", "-c", "command -v node", NULL};
	if (program(asks).code != 0 || access(text_of("%s/web/verifier/noble", source), F_OK) != 0)
		return; /* differential/verifiers counts the skip */
	const char *argv[] = {"node", cli, record, "--fingerprint", fingerprint, NULL};
	struct outcome o = program(argv);
	assert_code(o, 0);
	assert_says(o.out, "4.8");
}

/* It verifies, and check 4.8 says what was replaced. */
static void verifies(const struct held *h, const char *noted)
{
	const char *fingerprint = fingerprint_of(h->record);
	struct outcome o = urna("verify", h->record, "--fingerprint", fingerprint, NULL);
	assert_code(o, 0);
	assert_says(o.out, noted);
	second_verifier_agrees(h->record, fingerprint);
}

static bool is_there(const struct held *h, const char *path)
{
	return access(text_of("%s/%s", h->record, path), F_OK) == 0;
}

static void no_temporary_files(const char *folder)
{
	struct dirent *e;
	DIR *d = opendir(folder);
	assert_non_null(d);
	while ((e = readdir(d)))
		assert_null(strstr(e->d_name, "tmp"));
	closedir(d);
}

/* Who shuffled in the end, as "1,3,4". */
static const char *chain_of(const struct held *h)
{
	char room[64] = "";
	struct text t = TEXT_OF(room);
	for (unsigned l = 1; l <= 9; l++) {
		if (!is_there(h, text_of("endorse/l1/mix-0%u.bt", l)))
			continue;
		text_add(&t, t.len ? "," : "");
		text_add_u64(&t, l);
	}
	return text_of("%s", room);
}

/* --- mixers --- */

static void a_cheating_mixer_is_named_and_the_next_one_takes_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *how, *said;
	} cheats[] = {{"equation", "shuffle equation"},
	              {"output", "shuffle equation"},
	              {"input", "another list"},
	              {"signature", "signature"},
	              {"malformed", "PoSCommitment02.bt"}};
	for (size_t i = 0; i < sizeof cheats / sizeof *cheats; i++) {
		struct held h = hold(text_of("a2=mix:%s", cheats[i].how), "5", "3", NULL);
		assert_code(h.outcome, 0);
		assert_says(h.outcome.err, "mix of l1: authority 2 is left out");
		assert_says(h.outcome.err, cheats[i].said);
		assert_string_equal(chain_of(&h), "1,3,4");
		assert_true(is_there(&h, "evidence/l1/mix-02/PoSReply02.bt"));
		assert_true(is_there(&h, "evidence/l1/mix-02/mix-02.bt"));
		assert_true(is_there(&h, "evidence/l1/mix-02/reason.txt"));
		assert_false(is_there(&h, "proof/l1/nizkp/l1/proofs/Ciphertexts02.bt"));
		verifies(&h, "party 2 (l1/mix-02)");
	}
}

/* Both are needed. Nobody decrypts yet, so nobody is waited for; and it is named for what it did.
 */
static void garbage_under_the_closing_is_no_signature(void **state)
{
	(void)state;
	struct held h = hold("a2=mix:closing", "2", "2", "--timeout=20");
	assert_code(h.outcome, 3);
	assert_says(h.outcome.err, "mix: authority 2 is left out");
	assert_says(h.outcome.err, "signature");
	assert_null(strstr(h.outcome.err, "decrypt: "));
	assert_says(h.outcome.err, "1 where 2 are needed");
}

static void one_that_does_not_sign_its_shuffle_is_waited_for_in_vain(void **state)
{
	(void)state;
	struct held h = hold("a2=mix:unsigned", "5", "3", "--timeout=4");
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "mix of l1: authority 2 is left out");
	assert_says(h.outcome.err, "in vain");
	assert_string_equal(chain_of(&h), "1,3,4");
	assert_true(is_there(&h, "evidence/l1/mix-02/PoSReply02.bt"));
	assert_false(is_there(&h, "evidence/l1/mix-02/mix-02.bt"));
	verifies(&h, "party 2 (l1/mix-02)");
}

static void a_killed_mixer_is_replaced_whenever_it_dies(void **state)
{
	(void)state;
	static const struct {
		const char *how, *chain;
	} deaths[] = {{"start", "1,3,4"}, {"within", "1,3,4"}, {"finish", "1,3,4"}, {"after", "1,2,3"}};
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
		struct held h = hold(text_of("a2=mix:%s", deaths[i].how), "5", "3", NULL);
		assert_code(h.outcome, 0);
		assert_says(h.outcome.err, "authority 2 is left out");
		assert_says(h.outcome.err, "ended by a signal");
		assert_string_equal(chain_of(&h), deaths[i].chain);
		no_temporary_files(text_of("%s/proof/l1/nizkp/l1/proofs", h.record));
		struct outcome o =
			urna("verify", h.record, "--fingerprint", fingerprint_of(h.record), NULL);
		assert_code(o, 0);
	}
}

static void an_absent_mixer_is_replaced_after_the_deadline(void **state)
{
	(void)state;
	struct held h = hold("a1=mix:absent", "3", "2", "--timeout=4");
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "mix of l1: authority 1 is left out");
	assert_string_equal(chain_of(&h), "2,3");
	struct outcome o = urna("verify", h.record, "--fingerprint", fingerprint_of(h.record), NULL);
	assert_code(o, 0);
}

static void two_cheaters_of_five_are_both_replaced(void **state)
{
	(void)state;
	struct held h = hold("a1=mix:output a3=mix:input", "5", "3", "--json");
	assert_code(h.outcome, 0);
	assert_string_equal(chain_of(&h), "2,4,5");
	json_t *j = json_loads(h.outcome.out, JSON_REJECT_DUPLICATES, NULL);
	int first, second;
	const char *list, *stage, *verdict;
	assert_non_null(j);
	assert_int_equal(json_unpack(j, "{s:s,s:[{s:i,s:s,s:s},{s:i}]}", "verdict", &verdict,
	                             "replaced", "party", &first, "list", &list, "stage", &stage,
	                             "party", &second),
	                 0);
	assert_int_equal(first, 1);
	assert_int_equal(second, 3);
	assert_string_equal(list, "l1");
	assert_string_equal(stage, "mix");
	assert_string_equal(verdict, "verified");
	json_decref(j);
	verifies(&h, "party 1 (l1/mix-01), party 3 (l1/mix-03)");
}

/* Nobody checks the last shuffle but those who decrypt. */
static void a_cheating_last_mixer_is_found_before_anything_is_opened(void **state)
{
	(void)state;
	struct held h = hold("a3=mix:output", "4", "3", NULL);
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "mix of l1: authority 3 is left out");
	assert_string_equal(chain_of(&h), "1,2,4");
	verifies(&h, "party 3 (l1/mix-03)");
}

static void the_chosen_mixers_are_asked_and_no_others(void **state)
{
	(void)state;
	struct held h = hold("a3=mix:equation", "4", "2", "--mixers=2,3,4");
	assert_code(h.outcome, 0);
	assert_string_equal(chain_of(&h), "2,4");
	h = hold("a3=mix:equation", "3", "2", "--mixers=2,3");
	assert_code(h.outcome, 3);
	assert_says(h.outcome.err, "authority 3 (mix of l1)");
}

static void a_shuffle_that_was_not_asked_for_is_set_aside(void **state)
{
	(void)state;
	struct held h = hold("a4=mix:early", "4", "2", NULL);
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "authority 4 is left out");
	assert_string_equal(chain_of(&h), "1,2");
	verifies(&h, "party 4 (l1/mix-04)");
}

/* --- decryptors --- */

static void a_decryptor_that_fails_is_named_and_not_needed(void **state)
{
	(void)state;
	static const struct {
		const char *how, *said;
	} cheats[] = {{"share", "decrypted wrongly"},
	              {"reply", "decrypted wrongly"},
	              {"factors", "a file is malformed"},
	              {"commitment", "a file is malformed"},
	              {"start", "signal"},
	              {"commit", "signal"},
	              {"answer", "signal"}};
	for (size_t i = 0; i < sizeof cheats / sizeof *cheats; i++) {
		struct held h = hold(text_of("a1=decrypt:%s", cheats[i].how), "4", "2", NULL);
		assert_code(h.outcome, 0);
		assert_says(h.outcome.err, "decrypt");
		assert_says(h.outcome.err, "authority 1 is left out");
		assert_says(h.outcome.err, cheats[i].said);
		assert_null(strstr(h.outcome.err, "set aside:")); /* no plaintexts nobody can verify */
		verifies(&h, "party 1 (l1/decrypt-1");
	}
}

static void an_absent_decryptor_is_left_out_after_the_deadline(void **state)
{
	(void)state;
	struct held h = hold("a2=decrypt:absent", "3", "2", "--timeout=4");
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "decrypt of l1: authority 2 is left out");
	assert_says(h.outcome.err, "in vain");
	assert_false(is_there(&h, "endorse/l1/ready-02.bt"));
	struct outcome o = urna("verify", h.record, "--fingerprint", fingerprint_of(h.record), NULL);
	assert_code(o, 0);
}

/* t active parties, one of them wrong: nothing can be opened in that attempt. */
static void a_cheating_decryptor_among_t_begins_another_attempt(void **state)
{
	(void)state;
	struct held h = hold("a1=mix:equation a2=decrypt:share a5=decrypt:reply", "5", "2", NULL);
	assert_code(h.outcome, 0);
	assert_string_equal(chain_of(&h), "2,3");
	verifies(&h, "party 1 (l1/mix-01)");
}

static void one_that_dies_while_it_counts_is_not_needed(void **state)
{
	(void)state;
	struct held h = hold("a2=count:start", "3", "2", NULL);
	assert_code(h.outcome, 0);
	assert_says(h.outcome.err, "count: authority 2 is left out");
	assert_false(is_there(&h, "endorse/result-02.bt"));
}

/* --- fewer than the threshold --- */

static void with_fewer_than_the_threshold_it_stops_and_says_who_is_missing(void **state)
{
	(void)state;
	static const char *const cheats[] = {"a1=mix:equation a3=mix:output",
	                                     "a1=mix:start a2=decrypt:share",
	                                     "a1=decrypt:share a3=decrypt:commit"};
	for (size_t i = 0; i < sizeof cheats / sizeof *cheats; i++) {
		struct held h = hold(cheats[i], "3", "2", NULL);
		assert_code(h.outcome, 3);
		assert_says(h.outcome.err, "fewer authorities are left than the threshold says");
		assert_says(h.outcome.err, "1 where 2 are needed");
		assert_says(h.outcome.err, "authority 1 (");
		assert_says(h.outcome.err, "urna director status");
		assert_false(is_there(&h, "result.json"));
		assert_false(is_there(&h, "proof/l1/nizkp/l1/Plaintexts.bt"));
	}
}

/* --- by hand --- */

/* The named authorities do it at once, honestly. */
static void together(const struct held *h, const char *command, const char *parties,
                     const char *more)
{
	struct child c[9];
	unsigned count = 0;
	for (const char *s = parties; *s; s++, count++) {
		const char *home = text_of("%s/private/a%c", h->folder, *s);
		const char *arguments[] = {command, "--home", home, "--record", h->record, more, NULL};
		urna_start(&c[count], arguments);
	}
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(urna_wait(&c[i], 120000), 0);
}

/* What urna run gave up goes on when they are back; the chain is begun anew, below its last one. */
static void operators_go_on_with_the_director(void **state)
{
	(void)state;
	struct held h = hold("a1=mix:equation a3=mix:output", "3", "2", NULL);
	assert_code(h.outcome, 3);
	assert_string_equal(chain_of(&h), "2");
	struct outcome o = urna("director", "status", "--record", h.record, NULL);
	assert_code(o, 0);
	assert_says(o.out, "l1: mixing; 1 of 2 shuffles hold, by authority 2");
	assert_says(o.out, "turn of authority 3");
	o = urna("director", "status", "--record", h.record, "--mixers=1,2", NULL);
	assert_code(o, 0);
	assert_says(o.out, "--party 2 --valid");
	o = urna("director", "set-aside", "--record", h.record, "--list=l1", "--party=2", NULL);
	assert_code(o, 3);
	assert_says(o.err, "--valid");
	o = urna("director", "set-aside", "--record", h.record, "--list=l1", "--party=2", "--valid",
	         NULL);
	assert_code(o, 0);
	assert_true(is_there(&h, "evidence/l1/mix-02/Ciphertexts02.bt"));
	together(&h, "mix", "123", "--mixers=1,2");
	assert_string_equal(chain_of(&h), "1,2");
	o = urna("director", "status", "--record", h.record, "--json", NULL);
	assert_code(o, 0);
	assert_says(o.out, "\"decrypting\"");
	o = urna("director", "set-aside", "--record", h.record, "--list=l1", "--party=2", "--valid",
	         NULL);
	assert_code(o, 3);
	together(&h, "decrypt", "13", "--active=1,3");
	together(&h, "count", "123", NULL);
	finish_log(text_of("%s/private", h.folder), h.record);
	verifies(&h, "party 1 (l1/mix-01), party 2 (l1/mix-02), party 3 (l1/mix-03)");
	static const char *const wrong[][3] = {{"--list=l9", "--party=1", "no such list"},
	                                       {"--list=l1", "--party=9", "no authority of this"}};
	for (unsigned i = 0; i < 2; i++) {
		o = urna("director", "set-aside", "--record", h.record, wrong[i][0], wrong[i][1], NULL);
		assert_code(o, 2);
		assert_says(o.err, wrong[i][2]);
	}
}

static void garbage(const struct held *h, const char *path)
{
	write_text(text_of("%s/%s", h->record, path), "garbage\n");
}

static void set_file_aside(const struct held *h, const char *path)
{
	struct outcome o = urna("director", "set-aside", "--record", h->record, "--file", path, NULL);
	assert_code(o, 0);
	assert_false(is_there(h, path));
}

static struct outcome board_finish(const struct held *h)
{
	return urna("board", "finish", "--home", text_of("%s/private/board", h->folder), "--record",
	            h->record, NULL);
}

/* Anybody who can write in the record can leave files there. They are named, and can be moved. */
static void files_that_nobody_signed_stop_nobody_for_good(void **state)
{
	(void)state;
	static const char *const plaintexts = "proof/l1/nizkp/l1/Plaintexts.bt";
	struct held h = hold("a1=mix:equation a3=mix:output", "3", "2", NULL);
	assert_string_equal(chain_of(&h), "2");
	garbage(&h, "endorse/l1/mix-01.bt");
	together(&h, "mix", "23", NULL);
	struct outcome o = urna("director", "status", "--record", h.record, NULL);
	assert_says(o.out, "--list l1 --party 1");
	assert_says(o.out, "2 of 2 shuffles hold, by authority 2, 3");
	garbage(&h, "endorse/close-01.bt");
	garbage(&h, plaintexts);
	o = urna("director", "status", "--record", h.record, NULL);
	assert_says(o.out, text_of("--file %s", plaintexts));
	assert_says(o.out, "--file endorse/close-01.bt");
	set_file_aside(&h, plaintexts);
	together(&h, "decrypt", "23", "--active=2,3");
	together(&h, "count", "23", NULL);
	garbage(&h, "endorse/l1/ready-01.bt");
	static const char *const ways[][2] = {{"6.3", "endorse/close-01.bt"},
	                                      {"8.3", "endorse/l1/mix-01.bt"},
	                                      {"9.2", "endorse/l1/ready-01.bt"}};
	for (unsigned i = 0; i < 3; i++) {
		o = board_finish(&h);
		assert_code(o, 1);
		assert_says(o.err, ways[i][0]);
		assert_false(is_there(&h, "log/checkpoint"));
		set_file_aside(&h, ways[i][1]);
	}
	o = urna("director", "set-aside", "--record", h.record, "--file", plaintexts, NULL);
	assert_code(o, 3); /* these hold */
	o = urna("director", "set-aside", "--record", h.record, "--file", "endorse/close-02.bt", NULL);
	assert_code(o, 3);
	o = urna("director", "set-aside", "--record", h.record, "--file", "manifest.json", NULL);
	assert_code(o, 1);
	assert_code(board_finish(&h), 0);
	verifies(&h, "party 1 (l1/mix-01)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cheating_mixer_is_named_and_the_next_one_takes_its_place),
		cmocka_unit_test(garbage_under_the_closing_is_no_signature),
		cmocka_unit_test(one_that_does_not_sign_its_shuffle_is_waited_for_in_vain),
		cmocka_unit_test(a_killed_mixer_is_replaced_whenever_it_dies),
		cmocka_unit_test(an_absent_mixer_is_replaced_after_the_deadline),
		cmocka_unit_test(two_cheaters_of_five_are_both_replaced),
		cmocka_unit_test(a_cheating_last_mixer_is_found_before_anything_is_opened),
		cmocka_unit_test(the_chosen_mixers_are_asked_and_no_others),
		cmocka_unit_test(a_shuffle_that_was_not_asked_for_is_set_aside),
		cmocka_unit_test(a_decryptor_that_fails_is_named_and_not_needed),
		cmocka_unit_test(an_absent_decryptor_is_left_out_after_the_deadline),
		cmocka_unit_test(a_cheating_decryptor_among_t_begins_another_attempt),
		cmocka_unit_test(one_that_dies_while_it_counts_is_not_needed),
		cmocka_unit_test(with_fewer_than_the_threshold_it_stops_and_says_who_is_missing),
		cmocka_unit_test(operators_go_on_with_the_director),
		cmocka_unit_test(files_that_nobody_signed_stop_nobody_for_good),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
