/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks 10, 11, 12 and 13: clashes, stuffing, and revotes, as far as a record can show them. What
 * only a voter with a receipt can notice is said in the tests that show the record standing.
 */
#include "support/support.h"

#include "attacks/attacker.h"
#include "ballot/confirmation.h"
#include "files/memory_folder.h"
#include "record/evidence.h"

static uint8_t mine[URN_BALLOT_MAX], yours[URN_BALLOT_MAX], room[URN_BALLOT_MAX];

static bool elected(const char *answer)
{
	char text[64];
	bytes json = urn_file(&u, "result.json");
	char *all = calloc(json.len + 1, 1);
	assert_non_null(all);
	memcpy(all, json.p, json.len);
	snprintf(text, sizeof text, "{\"name\":\"%s\",\"status\":\"elected\"}", answer);
	bool found = strstr(all, text) != NULL;
	free(all);
	scene_drop(json);
	return found;
}

static unsigned answer_to_choose;

static void choose_one(uint8_t *plaintexts, const struct urn *of, unsigned style)
{
	const struct manifest_style *s = &of->manifest->styles[style];
	for (unsigned g = 0; g < s->groups_count; g++) {
		const struct plaintext_code *code = &of->manifest->groups[s->groups[g]].code;
		uint32_t digits[64] = {0};
		digits[1 + answer_to_choose] = 1;
		error_clear(&err);
		assert_ok(plaintext_encode(plaintexts, code, digits, &err), err);
		plaintexts += plaintext_bytes(code);
	}
}

static digest id_of(const uint8_t *ballot, unsigned style)
{
	return ballot_id(bytes_of(ballot + 5, ballot_body_bytes(&u.styles[style], u.rules.mode)));
}

/* --- 10: clashes --- */

/* A booth whose generator always gives the same; the same choice. */
static bytes from_a_stuck_booth(uint8_t *out, unsigned voter)
{
	static const uint8_t seed[32] = {7};
	uint8_t body[URN_BALLOT_MAX], plaintexts[4 * MESSAGE_BYTES] = {0};
	const pseudonym who = who_of(voter);
	struct chacha_rng rng;
	size_t mark = arena_mark(&u.arena);
	const struct ballot_request request = {&u.rules, &u.styles[1], &u.pk, &who, plaintexts, 1};
	const struct ballot_output to = {body, NULL, NULL};
	chacha_rng_init(&rng, seed);
	choose_one(plaintexts, &u, 1);
	error_clear(&err);
	assert_ok(ballots_encrypt_public_vartime(&to, &request, &rng.rng, &u.arena, &err), err);
	arena_release(&u.arena, mark);
	return urn_cast(out, &u, voter, bytes_of(body, ballot_body_bytes(&u.styles[1], u.rules.mode)),
	                0);
}

static void attack_10_two_voters_with_one_randomness_do_not_share_a_code_and_one_is_refused(
	void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		u.voters[1].style = u.voters[4].style = 1;
		scene_open();
		scene_honest(from_a_stuck_booth(mine, 1), "the first");
		bytes second = from_a_stuck_booth(yours, 4);
		digest one = id_of(mine, 1), two = id_of(yours, 1);
		const confirmation a = confirmation_of(&one), b = confirmation_of(&two);
		assert_false(confirmation_equal(&a, &b));
		scene_attack(second, BOARD_REPEATED_U, "the second");
		scene_vote(room, 2, 0);
		scene_named("10: one randomness for two");
		scene_end();
	}
}

/* With a credential the tracker is the voter's own: nobody can be given another one's ballot as
 * theirs, for it has another S, and the booth shows it. Without, the server gives pseudonyms; two
 * voters with one pseudonym are one voter to the record, which shows one ballot. That is what
 * "eligibility rests on the server" (11.2) means. */
static void attack_10_one_pseudonym_for_two_voters_shows_as_one_ballot(void **state)
{
	(void)state;
	struct board_receipt first, second;
	scene_begin(BALLOT_SERVER);
	u.voters[1].style = u.voters[4].style = 1;
	scene_open();
	u.voters[4].who = u.voters[1].who;
	bytes b = from_a_stuck_booth(mine, 1);
	const struct board_ballot in = {b, 1};
	scene_honest(b, "the first");
	assert_ok(board_accept(&first, u.board, &in, 1, &err), err);
	b = from_a_stuck_booth(yours, 4);
	assert_memory_equal(mine, yours, b.len);
	assert_ok(board_accept(&second, u.board, &in, 1, &err), err);
	assert_int_equal(second.answer, BOARD_ACCEPTED_BEFORE);
	assert_int_equal(second.entry, first.entry);
	/* and another choice of the second voter's is a revote of the first's, in his log */
	scene_attack(urn_ballot(yours, &u, 4, 1, 0), BOARD_WRONG_SEQ, "a first vote of the second");
	scene_named("10: one pseudonym for two");
	assert_true(tally_noted(&report, "11.2"));
	scene_end();
}

/* --- 11: the server votes for those who do not --- */

static void attack_11_a_ballot_stuffed_for_an_abstainer_is_refused(void **state)
{
	(void)state;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	const struct map m = map_of(1);
	bytes b = scene_vote(room, 1, 0);
	/* 4 abstains; the server knows S, from the public list, and no s */
	struct urn_voter abstainer = u.voters[4];
	u.voters[4].s = u.voters[1].s;
	scene_attack(urn_ballot(mine, &u, 4, 1, 0), BOARD_WRONG_SIGNATURE, "signed with another key");
	u.voters[4].s.secret = scalar_one;
	scene_attack(urn_ballot(mine, &u, 4, 1, 0), BOARD_WRONG_SIGNATURE, "signed with a guess");
	/* R = z·G - c·S for c chosen first */
	scalar z = any_scalar(), c = any_scalar();
	point r = times_g(&z), cs;
	point_mul_vartime(&cs, &c, &abstainer.who.key);
	point_sub(&r, &r, &cs);
	urn_ballot(mine, &u, 4, 1, 0);
	put_point(mine, m.r, &r);
	put_scalar(mine, m.zs, &z);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "forged by the textbook");
	urn_ballot(mine, &u, 4, 1, 0);
	memcpy(mine + m.r, b.p + m.r, m.end - m.r);
	scene_attack(bytes_of(mine, m.end), BOARD_WRONG_SIGNATURE, "another voter's signature");
	/* a voter of the server's own making */
	scene_attack(urn_ballot(mine, &u, URN_VOTERS - 1, 1, 0), BOARD_UNKNOWN_CREDENTIAL, "invented");
	u.voters[4] = abstainer;
	scene_vote(mine, 2, 0);
	scene_named("11: stuffed for an abstainer");
	scene_end();
}

static void forge_list(const struct identity_secret *by, struct credential *list, size_t n)
{
	struct manifest m = *u.manifest; /* who writes and signs is no question here */
	memcpy(m.registrar, by->pub, sizeof m.registrar);
	error_clear(&err);
	assert_ok(u.record->remove(u.record, CREDENTIALS_FILE, &err), err);
	assert_ok(u.record->remove(u.record, CREDENTIALS_SIGNATURE, &err), err);
	assert_ok(credentials_write(u.record, &m, by, list, n, &err), err);
}

/* Who stuffs needs the registrar: an own change of the list is noticed by everybody. */
static void attack_11_a_credential_that_the_board_made_refuses_the_record(void **state)
{
	(void)state;
	scene_begin(BALLOT_CREDENTIALS);
	uint8_t key[POINT_TREE_BYTES], signature[64];
	points_encode_tree(key, &u.voters[URN_VOTERS - 1].who.key, 1);
	const struct credential_change c = {0, BYTES_OF(key), u.manifest->styles[1].name, 1};
	struct identity_secret registrar = u.registrar;
	scene_open();
	scene_vote(room, 1, 0);
	digest s = statement_credential(&u.key.eid, &c);
	identity_sign(signature, &u.board_key, BYTES_OF(s.b));
	assert_fails(board_change_credential(u.board, &c, signature, &err), err, ERROR_REJECTED);
	/* logged all the same; the authorities refuse to tally it, for there is nothing to close */
	u.registrar = u.board_key;
	log_change(&l, URN_VOTERS - 1, 1, 1);
	u.registrar = registrar;
	log_object(&l, false, urn_ballot(mine, &u, URN_VOTERS - 1, 1, 0), 1);
	board_abandon(u.board);
	u.board = NULL;
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	struct ballot_box box;
	assert_fails(urn_read(&box, &u, &err), err, ERROR_REJECTED);
	scene_judged("5.1", "11: a credential of the board's");
	/* nor is the list itself the board's to write anew */
	scene_open();
	scene_vote(room, 1, 0);
	scene_named("11: honest");
	struct credential list[URN_VOTERS];
	bytes kept = urn_file(&u, "credentials.bt");
	for (unsigned i = 0; i < URN_VOTERS; i++) {
		points_encode_tree(list[i].key, &u.voters[i].who.key, 1);
		list[i].style = u.voters[i].style;
		list[i].weight = 1;
	}
	error_clear(&err);
	bytes signed_by = urn_file(&u, CREDENTIALS_SIGNATURE);
	forge_list(&u.registrar, list, URN_VOTERS);
	scene_judged("5.1", "11: another list of credentials");
	urn_write(&u, CREDENTIALS_FILE, kept);
	scene_judged("5.1", "11: the signature of another list");
	urn_write(&u, CREDENTIALS_SIGNATURE, signed_by);
	scene_drop(kept);
	scene_drop(signed_by);
	scene_judged("", "11: honest again");
	scene_end();
}

/* A board that exchanges the list, or weights in it, before it opens the log: everybody after it
 * sees the board's list under the digest of the log, and the registrar's signature is missing. */
static void attack_11_a_list_of_credentials_that_the_board_made_refuses_the_record(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		struct credential list[URN_VOTERS];
		scene_begin(BALLOT_CREDENTIALS);
		for (unsigned i = 0; i < URN_VOTERS; i++) {
			points_encode_tree(list[i].key, &u.voters[i].who.key, 1);
			list[i].style = way == 1 ? 0 : u.voters[i].style;
			list[i].weight = 1;
		}
		const size_t n = way == 0 ? URN_VOTERS : way == 1 ? u.listed : u.listed - 1;
		bytes honest = urn_file(&u, CREDENTIALS_SIGNATURE);
		forge_list(&u.board_key, list, n);
		if (way == 2)
			urn_write(&u, CREDENTIALS_SIGNATURE, honest);
		/* the dutiful board does not open with it */
		struct board_plan plan = urn_board_plan(&u);
		assert_fails(board_open(&u.board, &plan, &err), err, ERROR_REJECTED);
		/* the other one knows a manifest that names it, of the same digest */
		struct manifest *const true_manifest = u.manifest;
		struct manifest false_manifest = *u.manifest;
		memcpy(false_manifest.registrar, u.board_key.pub, 32);
		bytes forged = urn_file(&u, CREDENTIALS_SIGNATURE);
		urn_sign_credentials(&u, &u.board_key, n);
		u.manifest = &false_manifest;
		scene_open();
		scene_vote(room, 0, 0);
		scene_close();
		scene_tally();
		u.manifest = true_manifest;
		urn_write(&u, CREDENTIALS_SIGNATURE, forged);
		scene_judged("5.1", "11: the list is the board's");
		scene_drop(forged);
		scene_drop(honest);
		scene_end();
	}
}

/* Two lists of one registrar for one manifest: a board takes one, and who has both shows it. */
static void attack_12_a_registrar_who_signs_two_lists_is_convicted(void **state)
{
	(void)state;
	static const char *const names[] = {CREDENTIALS_FILE, CREDENTIALS_SIGNATURE};
	struct credential list[URN_VOTERS];
	struct credentials_fork fork;
	struct folder *first;
	scene_begin(BALLOT_CREDENTIALS);
	error_clear(&err);
	assert_ok(memory_folder_new(&first, "first", 1 << 20, &err), err);
	for (unsigned i = 0; i < 2; i++) {
		bytes b = urn_file(&u, names[i]);
		assert_ok(folder_write(first, names[i], false, b, &err), err);
		scene_drop(b);
	}
	assert_fails(credentials_convict(&fork, u.manifest, first, u.record, &err), err,
	             ERROR_REJECTED);
	assert_non_null(strstr(err.what, "twice the same"));
	for (unsigned i = 0; i < URN_VOTERS; i++) {
		points_encode_tree(list[i].key, &u.voters[i].who.key, 1);
		list[i].style = u.voters[i].style;
		list[i].weight = 1;
	}
	/* nobody else's signature is held against it */
	forge_list(&u.board_key, list, URN_VOTERS);
	assert_fails(credentials_convict(&fork, u.manifest, first, u.record, &err), err,
	             ERROR_REJECTED);
	assert_fails(credentials_convict(&fork, u.manifest, u.record, first, &err), err,
	             ERROR_REJECTED);
	urn_sign_credentials(&u, &u.registrar, URN_VOTERS - 1); /* of another number: no list */
	assert_fails(credentials_convict(&fork, u.manifest, first, u.record, &err), err,
	             ERROR_REJECTED);
	urn_sign_credentials(&u, &u.registrar, URN_VOTERS);
	assert_ok(credentials_convict(&fork, u.manifest, first, u.record, &err), err);
	assert_int_equal(fork.first.records, u.listed);
	assert_int_equal(fork.second.records, URN_VOTERS);
	assert_ok(credentials_convict(&fork, u.manifest, u.record, first, &err), err);
	/* for another manifest they are two strangers' */
	u.manifest->d.b[0] ^= 1;
	assert_fails(credentials_convict(&fork, u.manifest, first, u.record, &err), err,
	             ERROR_REJECTED);
	u.manifest->d.b[0] ^= 1;
	memory_folder_free(first);
	scene_end();
}

/* --- 12, 13: what everybody can read in the record --- */

/* How many ballots of this voter are in the log, and the place of the last, from 0; or -1. */
static int ballots_of(unsigned voter, unsigned *count)
{
	bytes all = urn_file(&u, "ballots.bt");
	uint8_t want[PSEUDONYM_TREE_MAX];
	const pseudonym who = who_of(voter);
	size_t tree = pseudonym_encode(want, &who), at = 0, len;
	int last = -1, number = 0;
	*count = 0;
	for (; at < all.len; at += len, number++) {
		assert_ok(ballot_measure(&len, bytes_from(all, at), &u.rules, &err), err);
		if (memcmp(all.p + at + 63, want, tree) != 0)
			continue;
		last = number;
		++*count;
	}
	scene_drop(all);
	return last;
}

static bool in_record(const digest *id)
{
	bytes all = urn_file(&u, "ballots.bt");
	size_t at = 0, len;
	bool found = false;
	for (; at < all.len; at += len) {
		struct ballot b;
		size_t mark = arena_mark(&u.arena);
		assert_ok(ballot_measure(&len, bytes_from(all, at), &u.rules, &err), err);
		assert_ok(ballot_parse(&b, bytes_of(all.p + at, len), &u.rules, &u.arena, &err), err);
		found |= digest_equal(&b.id, id);
		arena_release(&u.arena, mark);
	}
	scene_drop(all);
	return found;
}

/* A registrar who votes with credentials that were not used: the record stands, and the list of
 * those that voted is in it for everybody. */
static void attack_12_the_record_shows_which_credentials_voted(void **state)
{
	(void)state;
	unsigned n;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	scene_vote(room, 1, 0);
	scene_vote(room, 2, 0);
	scene_vote(room, 2, 1);
	scene_vote(room, 7, 0); /* stuffed: 7 never voted, but the registrar knows the code */
	scene_named("12: a registrar who votes");
	for (unsigned i = 0; i < u.listed; i++) {
		ballots_of(i, &n);
		assert_int_equal(n, i == 2 ? 2 : i == 1 || i == 7);
	}
	if (!scene_says("5.2", "22 credentials"))
		fail_msg("5.2 does not say how many credentials there are");
	assert_true(scene_says("6.2", "3 are the last of their voter"));
	assert_true(tally_noted(&report, "11.2"));
	scene_end();
}

static void attack_13_revotes_in_another_order_are_named(void **state)
{
	(void)state;
	uint8_t second[URN_BALLOT_MAX];
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		u.choose = choose_one;
		scene_open();
		answer_to_choose = 0;
		bytes v1 = urn_ballot(mine, &u, 1, 1, 0);
		answer_to_choose = 1;
		bytes v2 = urn_ballot(second, &u, 1, 1, 1);
		u.voters[1].style = 1;
		scene_attack(v2, BOARD_WRONG_SEQ, "the revote first");
		scene_honest(v1, "the vote");
		scene_named("13: a revote before the vote");
		assert_true(elected("Yes"));
		scene_end();
	}
}

static void attack_13_a_revote_dropped_between_two_others_is_a_gap_that_is_named(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		scene_begin((enum ballot_mode)mode);
		u.voters[1].style = 1;
		scene_open();
		urn_ballot(mine, &u, 1, 1, 0); /* dropped */
		scene_attack(urn_ballot(yours, &u, 1, 1, 1), BOARD_WRONG_SEQ, "behind a gap");
		scene_attack(urn_ballot(yours, &u, 1, 1, 2), BOARD_WRONG_SEQ, "behind a wider gap");
		scene_vote(room, 1, 0);
		scene_attack(urn_ballot(yours, &u, 1, 1, 3), BOARD_WRONG_SEQ, "a seq left out");
		scene_attack(urn_ballot(yours, &u, 1, 1, 0), BOARD_WRONG_SEQ, "the same seq twice");
		scene_attack(urn_ballot(yours, &u, 1, 1, 0x7fffffff), BOARD_WRONG_SEQ, "the last seq");
		scene_vote(room, 1, 1);
		scene_named("13: a gap in seq");
		scene_end();
	}
}

/* Somebody with the voter's code votes later. The voter's first ballot is in the log, but it is not
 * the last of their pseudonym, and that is what a check of the receipt must look for. */
static void attack_13_a_later_ballot_by_another_client_shows_behind_the_first(void **state)
{
	(void)state;
	unsigned n;
	scene_begin(BALLOT_CREDENTIALS);
	u.choose = choose_one;
	scene_open();
	answer_to_choose = 0;
	scene_vote(mine, 1, 0);
	scene_vote(room, 2, 0);
	answer_to_choose = 1;
	scene_vote(yours, 1, 1);
	answer_to_choose = 0;
	digest receipt = id_of(mine, u.voters[1].style);
	scene_named("13: a later ballot");
	assert_true(in_record(&receipt));
	assert_int_equal(ballots_of(1, &n), 2); /* replaced by the ballot at this place */
	assert_int_equal(n, 2);
	assert_true(scene_says("6.2", "2 are the last of their voter"));
	scene_end();
}

/* The last revote is never logged: no record shows it, but the receipt's id is not in this one. */
static void attack_13_a_last_revote_dropped_is_what_a_receipt_is_for(void **state)
{
	(void)state;
	scene_begin(BALLOT_CREDENTIALS);
	scene_open();
	scene_vote(mine, 1, 0);
	digest first = id_of(mine, u.voters[1].style);
	bytes b = urn_ballot(yours, &u, 1, u.voters[1].style, 1);
	scene_answer(b, BOARD_ACCEPTED, "the revote, promised");
	digest second = id_of(yours, u.voters[1].style);
	scene_named("13: the last revote dropped");
	assert_true(in_record(&first));
	assert_false(in_record(&second));
	scene_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			attack_10_two_voters_with_one_randomness_do_not_share_a_code_and_one_is_refused),
		cmocka_unit_test(attack_10_one_pseudonym_for_two_voters_shows_as_one_ballot),
		cmocka_unit_test(attack_11_a_ballot_stuffed_for_an_abstainer_is_refused),
		cmocka_unit_test(attack_11_a_credential_that_the_board_made_refuses_the_record),
		cmocka_unit_test(attack_11_a_list_of_credentials_that_the_board_made_refuses_the_record),
		cmocka_unit_test(attack_12_a_registrar_who_signs_two_lists_is_convicted),
		cmocka_unit_test(attack_12_the_record_shows_which_credentials_voted),
		cmocka_unit_test(attack_13_revotes_in_another_order_are_named),
		cmocka_unit_test(attack_13_a_revote_dropped_between_two_others_is_a_gap_that_is_named),
		cmocka_unit_test(attack_13_a_later_ballot_by_another_client_shows_behind_the_first),
		cmocka_unit_test(attack_13_a_last_revote_dropped_is_what_a_receipt_is_for),
		cmocka_unit_test(the_second_verifier_says_the_same),
	};
	return cmocka_run_group_tests(tests, scene_set_up, NULL);
}
