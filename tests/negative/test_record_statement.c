/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of a record signed by the wrong one, about the wrong thing, or by too few. */
#include "support/support.h"

#include "negative/record_spoil.h"

static void sign_as(unsigned party, const struct identity_secret *id, const char *auxsid,
                    const char *kind, const digest *statement)
{
	char path[RECORD_PATH_BYTES];
	struct error err;
	endorsement_path(path, auxsid, kind, party);
	election_remove(record, path);
	error_clear(&err);
	assert_ok(endorsement_write(record, path, id, statement, &err), err);
}

/* Takes a file out for a while. */
struct saved {
	char path[RECORD_PATH_BYTES];
	bytes content;
};
static struct saved save(const char *path)
{
	struct saved s = {.content = election_read(record, path)};
	snprintf(s.path, sizeof s.path, "%s", path);
	return s;
}
static void restore(struct saved s)
{
	election_write(record, s.path, s.content);
	drop(s.content);
}

static digest file_at(const char *path)
{
	bytes b = election_read(record, path);
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
	return statement_mix(&e.key.eid, "l1", &m);
}

static void one_identity_signing_both_shuffles_is_rejected(void **state)
{
	(void)state;
	struct saved s = save("endorse/l1/mix-03.bt");
	digest statement = second_mix();
	struct identity_secret stranger;
	struct error err;
	sign_as(3, &e.party[0].identity, "l1", "mix", &statement);
	rejected("8.3", "signed by party 1 for party 3");
	assert_non_null(strstr(election_error(&report, "8.3")->detail, "party 3"));
	assert_ok(identity_generate(&stranger, test_rng(), &err), err);
	sign_as(3, &stranger, "l1", "mix", &statement);
	rejected("8.3", "signed by nobody of the manifest");
	sign_as(3, &e.party[2].identity, "l1", "mix", &statement);
	accepted(record);
	restore(s);
}

/* Whoever made both shuffles cannot name another author either. */
static void a_signature_for_another_number_or_election_is_rejected(void **state)
{
	(void)state;
	struct saved s = save("endorse/l1/mix-03.bt");
	digest statement = second_mix();
	struct statement_mix m = {.party = 1};
	sign_as(2, &e.party[1].identity, "l1", "mix", &statement);
	rejected("8.3", "party 2 signs what 3 made");
	election_remove(record, "endorse/l1/mix-02.bt");
	statement = statement_mix(&e.key.eid, "l1", &m);
	sign_as(3, &e.party[2].identity, "l1", "mix", &statement);
	rejected("8.3", "another statement");
	restore(s);
	accepted(record);
}

static void a_wrong_result_is_rejected_whoever_signed_it(void **state)
{
	(void)state;
	struct saved json = save("result.json"), one = save("endorse/result-01.bt"),
				 three = save("endorse/result-03.bt");
	char *text = strstr((const char *)json.content.p, "\"tallies\"");
	uint8_t *p = (uint8_t *)(uintptr_t)json.content.p;
	size_t at = text ? (size_t)(text - (const char *)p) : json.content.len / 2;
	while (p[at] < '0' || p[at] > '8')
		at++;
	p[at]++;
	election_write(record, "result.json", json.content);
	digest plaintexts = file_at("proof/l1/nizkp/l1/Plaintexts.bt"), result = sha256(json.content);
	digest statement = statement_result(&e.key.eid, &plaintexts, 1, &result);
	rejected("10.2", "result.json");
	sign_as(1, &e.party[0].identity, NULL, "result", &statement);
	rejected("10.2", "signed by one");
	for (unsigned i = 0; i < 3; i++)
		sign_as(i + 1, &e.party[i].identity, NULL, "result", &statement);
	rejected("10.2", "signed by all");
	p[at]--;
	election_remove(record, "endorse/result-02.bt");
	restore(json);
	rejected("10.3", "signatures on another result");
	restore(one);
	election_remove(record, "endorse/result-03.bt");
	rejected("10.3", "signed by fewer than t");
	restore(three);
	accepted(record);
}

static void close_again(void)
{
	struct ballot_box box;
	struct error err;
	size_t mark = arena_mark(&e.arena);
	error_clear(&err);
	assert_ok(ballot_box_read(&box, e.manifest, &e.key, record, false, &e.world, &err), err);
	arena_release(&e.arena, mark);
	digest statement = statement_close(&e.key.eid, box.log_size, &box.root);
	for (unsigned i = 0; i < 3; i += 2)
		sign_as(i + 1, &e.party[i].identity, NULL, "close", &statement);
}

/* Order, number and content of the ballots are the closing root's; the list must be theirs too. */
static void ballots_added_removed_or_reordered_are_rejected(void **state)
{
	(void)state;
	struct saved box = save("ballots.bt"), one = save("endorse/close-01.bt"),
				 three = save("endorse/close-03.bt");
	size_t all = box.content.len, each = all / 3, ballots = e.ballots;
	uint8_t *swapped = malloc(all);
	assert_non_null(swapped);
	memcpy(swapped, box.content.p + each, each);
	memcpy(swapped + each, box.content.p, each);
	memcpy(swapped + 2 * each, box.content.p + 2 * each, each);
	election_mark(&e, 1);
	const bytes variants[] = {bytes_of(e.box, e.box_len), bytes_of(box.content.p, 2 * each),
	                          bytes_of(swapped, all), BYTES_NONE};
	static const char *const about[] = {"one more", "one fewer", "reordered", "none"};
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		election_write(record, "ballots.bt", variants[i]);
		election_write(record, one.path, one.content);
		election_write(record, three.path, three.content);
		rejected("6.3", about[i]);
		/* even if t authorities close again */
		close_again();
		rejected("8.2 8.5", about[i]);
	}
	e.ballots = ballots;
	e.box_len = all;
	free(swapped);
	restore(box);
	restore(one);
	restore(three);
	accepted(record);
}

static void a_closing_root_over_other_ballots_is_rejected(void **state)
{
	(void)state;
	struct saved one = save("endorse/close-01.bt"), three = save("endorse/close-03.bt");
	digest root = {{1, 2, 3}};
	digest statement = statement_close(&e.key.eid, 8, &root);
	sign_as(1, &e.party[0].identity, NULL, "close", &statement);
	sign_as(3, &e.party[2].identity, NULL, "close", &statement);
	rejected("6.3", "another root");
	restore(one);
	rejected("6.3", "two roots");
	restore(three);
	accepted(record);
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
		election_remove(record, of_3[i]);
	}
	election_write(record, PROOFS "activethreshold", BYTES_LITERAL("1"));
	rejected("8.2", "one shuffle of two");
	for (size_t i = 0; i < sizeof of_3 / sizeof *of_3; i++)
		restore(s[i]);
	accepted(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_identity_signing_both_shuffles_is_rejected),
		cmocka_unit_test(a_signature_for_another_number_or_election_is_rejected),
		cmocka_unit_test(a_wrong_result_is_rejected_whoever_signed_it),
		cmocka_unit_test(ballots_added_removed_or_reordered_are_rejected),
		cmocka_unit_test(a_closing_root_over_other_ballots_is_rejected),
		cmocka_unit_test(fewer_shuffles_than_the_threshold_are_rejected),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
