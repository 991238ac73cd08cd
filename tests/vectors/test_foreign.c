/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other systems' vectors, where a formula of theirs is one of ours: README.md says which, and why
 * the rest is not.
 */
#include "support/support.h"

#include "count/count.h"
#include "group/point.h"
#include "hash/sha2.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *load(const char *path)
{
	json_error_t error;
	bytes file = test_data(path);
	json_t *root = json_loadb((const char *)file.p, file.len, 0, &error);
	if (!root)
		fail_msg("%s: %s", path, error.text);
	return root;
}

/* --- RFC 9380: its curve is ours --- */

static void number(uint8_t out[static 32], const json_t *object, const char *key)
{
	const char *hex = json_string_value(json_object_get(object, key));
	assert_non_null(hex);
	assert_int_equal(strlen(hex), 2 + 64);
	test_from_hex(out, 32, hex + 2);
}

static point point_in(const json_t *object, const char *key)
{
	uint8_t raw[POINT_RAW_BYTES];
	point p;
	struct error err;
	const json_t *p_json = json_object_get(object, key);
	number(raw, p_json, "x");
	number(raw + 32, p_json, "y");
	assert_ok(point_decode_raw(&p, raw, &err), err);
	return p;
}

/* P is Q0 + Q1 (the cofactor is 1). How Q0 and Q1 come from u is a map that we do not have. */
static void sums_of_mapped_points_are_those_of_rfc_9380(void **state)
{
	(void)state;
	size_t i;
	json_t *v, *root = load("vectors/rfc9380/P256_XMD:SHA-256_SSWU_RO_.json");
	json_array_foreach(json_object_get(root, "vectors"), i, v)
	{
		point p = point_in(v, "P"), q0 = point_in(v, "Q0"), q1 = point_in(v, "Q1"), sum;
		point_add(&sum, &q0, &q1);
		assert_true(point_equal(&sum, &p));
		point_sub(&sum, &p, &q1);
		assert_true(point_equal(&sum, &q0));
	}
	assert_int_equal(i, 5);
	json_decref(root);
}

/* --- ElectionGuard: its hash is HMAC-SHA-256 --- */

static void the_parameter_base_hash_of_electionguard_is_our_hmac(void **state)
{
	(void)state;
	static const char *const parts[] = {"large_prime", "small_prime", "generator"};
	uint8_t version[32] = "v2.0", message[2048] = {0}, expected[32], got[HASH_MAX_BYTES];
	size_t len = 1; /* the separator 00 */
	json_t *root = load("vectors/electionguard/egk-2.0-testvectors/ParametersTestVector.json");
	const json_t *v = json_object_get(root, "parameter_base_hash");
	for (size_t i = 0; i < 3; i++) {
		const char *hex =
			json_string_value(json_object_get(json_object_get(v, "primes"), parts[i]));
		test_from_hex(message + len, strlen(hex) / 2, hex);
		len += strlen(hex) / 2;
	}
	assert_int_equal(len, 1 + 512 + 32 + 512);
	test_from_hex(expected, 32, json_string_value(json_object_get(v, "expected")));
	hmac(HASH_SHA256, got, BYTES_OF(version), bytes_of(message, len));
	assert_memory_equal(got, expected, 32);
	json_decref(root);
}

/* --- Belenios: another group, but bytes are bytes and votes are votes --- */

#define BELENIOS "vectors/belenios-v1-sample-election/"

static void ballots_of_belenios_name_our_digest_of_the_election(void **state)
{
	(void)state;
	bytes election = test_data(BELENIOS "election.json"),
		  ballots = test_data(BELENIOS "ballots.jsons");
	assert_int_equal(election.p[election.len - 1], '\n');
	const digest d = sha256(bytes_of(election.p, election.len - 1));
	char text[64], *line = malloc(ballots.len + 1), *save;
	assert_non_null(line);
	EVP_EncodeBlock((unsigned char *)text, d.b, sizeof d.b);
	*strchr(text, '=') = 0; /* theirs has no padding */
	memcpy(line, ballots.p, ballots.len);
	line[ballots.len] = 0;
	unsigned count = 0;
	for (char *at = strtok_r(line, "\n", &save); at; at = strtok_r(NULL, "\n", &save)) {
		json_t *ballot = json_loads(at, 0, NULL);
		assert_non_null(ballot);
		assert_string_equal(json_string_value(json_object_get(ballot, "election_hash")), text);
		json_decref(ballot);
		count++;
	}
	assert_int_equal(count, 5);
	free(line);
}

/* Question q of votes.txt, a line [[mark, …], …] for each voter, as papers of a profile. */
static void read_votes(struct profile *p, size_t candidates, unsigned q)
{
	struct error err;
	char text[1024], *save;
	bytes votes = test_data(BELENIOS "votes.txt");
	error_clear(&err);
	assert_true(votes.len < sizeof text);
	memcpy(text, votes.p, votes.len);
	text[votes.len] = 0;
	assert_ok(profile_init(p, (struct profile_room){candidates, 16, 64, PROFILE_MARKS},
	                       test_arena(), &err),
	          err);
	for (size_t i = 0; i < candidates; i++)
		p->candidates[i].name = bytes_of_text(i == 0 ? "A" : i == 1 ? "B" : "C");
	for (char *at = strtok_r(text, "\n", &save); at; at = strtok_r(NULL, "\n", &save)) {
		json_t *vote = json_loads(at, 0, NULL);
		const json_t *marks = json_array_get(vote, q);
		assert_int_equal(json_array_size(marks), candidates);
		for (size_t i = 0; i < candidates; i++)
			if (json_integer_value(json_array_get(marks, i)))
				assert_ok(profile_choice(p, i, &err), err);
		assert_ok(profile_close_paper(p, 1, &err), err);
		json_decref(vote);
	}
}

static void votes_of_belenios_add_up_to_its_result(void **state)
{
	(void)state;
	static const uint16_t lot[] = {0, 1, 2};
	json_t *reference = load(BELENIOS "result.reference");
	json_t *result = load(BELENIOS "result.json");
	assert_true(json_equal(reference, json_object_get(result, "result")));
	for (unsigned q = 0; q < json_array_size(reference); q++) {
		const json_t *sums = json_array_get(reference, q);
		struct error err;
		struct profile p;
		struct count_rule rule;
		struct count_result r;
		error_clear(&err);
		arena_release(test_arena(), 0);
		/* Their question with a blank vote has it as a first answer. */
		read_votes(&p, json_array_size(sums), q);
		assert_ok(count_rule_read(&rule, BYTES_LITERAL("plurality-at-large"), &err), err);
		rule.lot = lot;
		rule.lot_count = json_array_size(sums);
		assert_ok(count_run(&r, &rule, &p, test_arena(), &err), err);
		for (size_t i = 0; i < json_array_size(sums); i++)
			assert_int_equal(r.stages[0].tallies[i], json_integer_value(json_array_get(sums, i)));
	}
	json_decref(result);
	json_decref(reference);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_mapped_points_are_those_of_rfc_9380),
		cmocka_unit_test(the_parameter_base_hash_of_electionguard_is_our_hmac),
		cmocka_unit_test(ballots_of_belenios_name_our_digest_of_the_election),
		cmocka_unit_test(votes_of_belenios_add_up_to_its_result),
	};
	return cmocka_run_group_tests_name("vectors/foreign", tests, NULL, NULL);
}
