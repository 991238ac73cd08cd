/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a record signed by the wrong one, about the wrong thing, or by too few; the log
 * says the same as the files, so that nothing but the statement is wrong. */
#include "support/support.h"

#include "negative/record_spoil.h"

static void sign_as(unsigned party, const struct identity_secret *id, const char *auxsid,
                    const char *kind, const digest *statement)
{
	char path[RECORD_PATH_BYTES];
	endorsement_path(path, auxsid, kind, party);
	spoil_remove(path);
	assert_ok(endorsement_write(u.record, path, id, (struct endorsed){0, statement}, &err), err);
}

/* The board logs the tally as it now lies there. */
static void log_anew(void)
{
	struct checkpoint c;
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	spoil_remove(BOARD_FINAL_PATH);
	assert_ok(board_finish(&c, &f, &err), err);
	for (unsigned w = 0; w < 3; w++)
		urn_cosign(&u, BOARD_FINAL_PATH, w);
}

static void only(const char *code, const char *about)
{
	enum record_verdict v = judge();
	if (v != RECORD_REJECTED || strcmp(tally_failed(&report), code) != 0)
		fail_msg("%s: %s failed, not %s", about, tally_failed(&report), code);
}

/* Takes a file out for a while. */
struct saved {
	char path[RECORD_PATH_BYTES];
	bytes content;
};
static struct saved save(const char *path)
{
	struct saved s = {.content = urn_file(&u, path)};
	snprintf(s.path, sizeof s.path, "%s", path);
	return s;
}
static void restore(struct saved s)
{
	urn_write(&u, s.path, s.content);
	drop(s.content);
}

static digest file_at(const char *path)
{
	bytes b = urn_file(&u, path);
	digest d = sha256(b);
	drop(b);
	return d;
}

#define PROOFS "proof/l1/nizkp/l1/proofs/"

static digest second_mix(void)
{
	struct statement_mix m = {.party = 3,
	                          .input = file_at(PROOFS "Ciphertexts01.bt"),
	                          .output = file_at(PROOFS "Ciphertexts03.bt"),
	                          .permutation_commitment =
	                              file_at(PROOFS "PermutationCommitment03.bt"),
	                          .commitment = file_at(PROOFS "PoSCommitment03.bt"),
	                          .reply = file_at(PROOFS "PoSReply03.bt")};
	return statement_mix(&u.key.eid, "l1", &m);
}

static void one_identity_signing_both_shuffles_is_rejected(void **state)
{
	(void)state;
	struct saved s = save("endorse/l1/mix-03.bt");
	digest statement = second_mix();
	struct identity_secret stranger;
	sign_as(3, &u.identity[0], "l1", "mix", &statement);
	log_anew();
	only("8.3", "signed by party 1 for party 3");
	assert_non_null(strstr(tally_error(&report, "8.3")->detail, "party 3"));
	assert_ok(identity_generate(&stranger, test_rng(), &err), err);
	sign_as(3, &stranger, "l1", "mix", &statement);
	log_anew();
	only("8.3", "signed by nobody of the manifest");
	sign_as(3, &u.identity[2], "l1", "mix", &statement);
	log_anew();
	accepted();
	restore(s);
}

/* Whoever made both shuffles cannot name another author either. */
static void a_signature_for_another_number_or_election_is_rejected(void **state)
{
	(void)state;
	struct saved s = save("endorse/l1/mix-03.bt");
	digest statement = second_mix();
	struct statement_mix m = {.party = 1};
	sign_as(2, &u.identity[1], "l1", "mix", &statement);
	log_anew();
	only("8.3", "party 2 signs what 3 made");
	spoil_remove("endorse/l1/mix-02.bt");
	statement = statement_mix(&u.key.eid, "l1", &m);
	sign_as(3, &u.identity[2], "l1", "mix", &statement);
	log_anew();
	only("8.3", "another statement");
	restore(s);
	log_anew();
	accepted();
}

static void a_wrong_result_is_rejected_whoever_signed_it(void **state)
{
	(void)state;
	struct saved json = save("result.json"), one = save("endorse/result-01.bt"),
				 two = save("endorse/result-02.bt"), three = save("endorse/result-03.bt");
	char *text = strstr((const char *)json.content.p, "\"verdicts\"");
	uint8_t *p = (uint8_t *)(uintptr_t)json.content.p;
	assert_non_null(text);
	size_t at = (size_t)(text - (const char *)p);
	while (p[at] < '0' || p[at] > '8')
		at++;
	p[at]++;
	urn_write(&u, "result.json", json.content);
	log_anew();
	digest plaintexts[] = {file_at("proof/l1/nizkp/l1/Plaintexts.bt"),
	                       file_at("proof/l2/nizkp/l2/Plaintexts.bt")};
	digest result = sha256(json.content);
	digest statement = statement_result(&u.key.eid, plaintexts, 2, &result);
	only("10.2", "result.json");
	for (unsigned i = 0; i < 3; i++)
		sign_as(i + 1, &u.identity[i], NULL, "result", &statement);
	only("10.2", "signed by all");
	p[at]--;
	restore(json);
	log_anew();
	only("10.3", "signatures on another result");
	restore(one);
	spoil_remove("endorse/result-02.bt");
	spoil_remove("endorse/result-03.bt");
	only("10.3", "signed by fewer than t");
	restore(two);
	restore(three);
	accepted();
}

static void a_closing_root_over_other_ballots_is_rejected(void **state)
{
	(void)state;
	struct saved one = save("endorse/close-01.bt"), two = save("endorse/close-02.bt"),
				 three = save("endorse/close-03.bt");
	digest root = {{1, 2, 3}};
	digest statement = statement_close(&u.key.eid, 8, &root);
	for (unsigned i = 0; i < 3; i++)
		sign_as(i + 1, &u.identity[i], NULL, "close", &statement);
	only("6.3", "another root");
	restore(one);
	restore(two);
	only("6.3", "two roots");
	spoil_remove("endorse/close-02.bt");
	spoil_remove("endorse/close-03.bt");
	only("6.3", "fewer than t");
	restore(three);
	sign_as(3, &u.identity[2], NULL, "close", &statement);
	only("6.3", "two roots");
	digest good;
	const struct checkpoint_policy policy = {u.manifest, &u.key.eid, true};
	struct checkpoint c;
	unsigned witnesses;
	bytes note = urn_file(&u, BOARD_CLOSE_PATH);
	assert_ok(checkpoint_verify(&c, &witnesses, note, &policy, &err), err);
	good = statement_close(&u.key.eid, c.size, &c.root);
	drop(note);
	for (unsigned i = 0; i < 3; i++)
		sign_as(i + 1, &u.identity[i], NULL, "close", &good);
	accepted();
}

static void fewer_shuffles_than_the_threshold_are_rejected(void **state)
{
	(void)state;
	static const char *const of_3[] = {
		PROOFS "Ciphertexts03.bt",   PROOFS "PermutationCommitment03.bt",
		PROOFS "PoSCommitment03.bt", PROOFS "PoSReply03.bt",
		"endorse/l1/mix-03.bt",      PROOFS "activethreshold",
	};
	struct saved s[sizeof of_3 / sizeof *of_3];
	for (size_t i = 0; i < sizeof of_3 / sizeof *of_3; i++) {
		s[i] = save(of_3[i]);
		spoil_remove(of_3[i]);
	}
	urn_write(&u, PROOFS "activethreshold", BYTES_LITERAL("1"));
	log_anew();
	only("8.2", "one shuffle of two");
	for (size_t i = 0; i < sizeof of_3 / sizeof *of_3; i++)
		restore(s[i]);
	log_anew();
	accepted();
}

/* A box that the board and t authorities close anew with a ballot more or less: the mixed list is
 * not its list. */
static void a_list_that_is_not_the_logs_is_rejected(void **state)
{
	(void)state;
	struct ballot_box box;
	struct checkpoint c;
	static const char *const kept_paths[] = {"log/entries", "log/checkpoint-close",
	                                         "log/checkpoint", "ballots.bt"};
	struct saved kept[4], close[3];
	const struct board_final f = {u.manifest, &u.key, u.record, &u.world, &u.board_key, NULL};
	for (unsigned i = 0; i < 4; i++)
		kept[i] = save(kept_paths[i]);
	for (unsigned i = 0; i < 3; i++) {
		char path[RECORD_PATH_BYTES];
		endorsement_path(path, NULL, "close", i + 1);
		close[i] = save(path);
	}
	/* the first ballot and its entry, after manifest, ceremony, credentials, open */
	bytes entries = kept[0].content;
	size_t at = 0, len;
	for (unsigned i = 0; i < 4; i++)
		at += 2 + ((size_t)entries.p[at] << 8 | entries.p[at + 1]);
	len = 2 + ((size_t)entries.p[at] << 8 | entries.p[at + 1]);
	uint8_t *without = malloc(entries.len);
	assert_non_null(without);
	memcpy(without, entries.p, at);
	memcpy(without + at, entries.p + at + len, entries.len - at - len);
	urn_write(&u, "log/entries", bytes_of(without, entries.len - len));
	size_t ballot = (size_t)load_be64(entries.p + at + len - 9 - 8);
	urn_write(&u, "ballots.bt", bytes_from(kept[3].content, ballot));
	free(without);
	spoil_remove("log/checkpoint-close");
	assert_ok(board_sign_close(&c, &f, &err), err);
	for (unsigned w = 0; w < 3; w++)
		urn_cosign(&u, BOARD_CLOSE_PATH, w);
	log_anew();
	assert_ok(urn_read(&box, &u, &err), err);
	assert_int_equal(box.ballots, 5);
	digest statement = statement_close(&u.key.eid, box.log_size, &box.root);
	for (unsigned i = 0; i < 3; i++)
		sign_as(i + 1, &u.identity[i], NULL, "close", &statement);
	assert_int_equal(judge(), RECORD_REJECTED);
	assert_true(begins(tally_failed(&report), "8.2"));
	for (unsigned i = 0; i < 4; i++)
		restore(kept[i]);
	for (unsigned i = 0; i < 3; i++)
		restore(close[i]);
	accepted();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_identity_signing_both_shuffles_is_rejected),
		cmocka_unit_test(a_signature_for_another_number_or_election_is_rejected),
		cmocka_unit_test(a_wrong_result_is_rejected_whoever_signed_it),
		cmocka_unit_test(a_closing_root_over_other_ballots_is_rejected),
		cmocka_unit_test(fewer_shuffles_than_the_threshold_are_rejected),
		cmocka_unit_test(a_list_that_is_not_the_logs_is_rejected),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
