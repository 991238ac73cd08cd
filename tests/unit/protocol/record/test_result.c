/* SPDX-License-Identifier: Apache-2.0 */
/* Votes of every kind, decrypted and counted: each plaintext gets its one verdict, nothing crashes,
 * and the result's bytes are the same whoever computes them. */
#include "support/support.h"

#include "support/election.h"

#include "host/pool.h"

#include <stdio.h>
#include <stdlib.h>

static struct election e;
static uint64_t want[4][VERDICTS]; /* of q1…q4 */

/* Digits of g1: flag and 5 ranks of q1, flag and 3 marks of q2. */
static const struct {
	uint32_t digits[WIDE_DIGITS_1];
	enum verdict q1, q2;
} of_g1[] = {
	{{0, 1, 2, 3, 4, 5, 0, 1, 0, 0}, VERDICT_VALID, VERDICT_VALID},
	{{0, 5, 4, 3, 2, 1, 0, 1, 1, 0}, VERDICT_VALID, VERDICT_VALID},
	{{0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, VERDICT_VALID, VERDICT_BLANK},
	{{0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, VERDICT_BLANK, VERDICT_VALID},
	{{1, 0, 0, 0, 0, 0, 1, 1, 1, 1}, VERDICT_INVALID_BY_VOTER, VERDICT_INVALID_BY_VOTER},
	{{1, 2, 2, 0, 0, 0, 0, 1, 1, 1}, VERDICT_INVALID_BY_VOTER, VERDICT_TOO_MANY},
	{{0, 1, 1, 0, 0, 0, 0, 1, 0, 0}, VERDICT_REPEATED_RANK, VERDICT_VALID},
	{{0, 5, 5, 5, 5, 5, 0, 0, 0, 0}, VERDICT_REPEATED_RANK, VERDICT_BLANK},
	{{0, 1, 3, 0, 0, 0, 0, 0, 1, 1}, VERDICT_MISSING_RANK, VERDICT_VALID},
	{{0, 0, 0, 0, 0, 5, 0, 0, 0, 0}, VERDICT_MISSING_RANK, VERDICT_BLANK},
};
/* g2: flag and 3 marks of q3, exactly 2 wanted. */
static const struct {
	uint32_t digits[WIDE_DIGITS_2];
	enum verdict q3;
} of_g2[] = {
	{{0, 1, 1, 0}, VERDICT_VALID},   {{0, 0, 1, 1}, VERDICT_VALID},
	{{0, 1, 0, 0}, VERDICT_TOO_FEW}, {{0, 1, 1, 1}, VERDICT_TOO_MANY},
	{{0, 0, 0, 0}, VERDICT_BLANK},   {{1, 1, 1, 0}, VERDICT_INVALID_BY_VOTER},
};

static void expect(unsigned question, enum verdict v)
{
	want[question][v]++;
}

static void cast_good_encodings(void)
{
	static uint32_t digits[WIDE_DIGITS_1 + WIDE_DIGITS_2 + WIDE_DIGITS_3];
	for (size_t i = 0; i < sizeof of_g1 / sizeof *of_g1; i++) {
		size_t k = i % (sizeof of_g2 / sizeof *of_g2);
		memcpy(digits, of_g1[i].digits, sizeof of_g1[i].digits);
		memcpy(digits + WIDE_DIGITS_1, of_g2[k].digits, sizeof of_g2[k].digits);
		uint32_t *q4 = digits + WIDE_DIGITS_1 + WIDE_DIGITS_2;
		memset(q4, 0, WIDE_DIGITS_3 * sizeof *q4);
		for (size_t a = 1; a < WIDE_DIGITS_3; a++)
			q4[a] = i == 0 || a % (i + 1) == 0;
		q4[0] = i == 3;
		election_vote(&e, 0, digits);
		expect(0, of_g1[i].q1);
		expect(1, of_g1[i].q2);
		expect(2, of_g2[k].q3);
		expect(3, i == 3 ? VERDICT_INVALID_BY_VOTER : VERDICT_VALID);
	}
}

static void whole_group(const unsigned *questions, unsigned count, enum verdict v)
{
	for (unsigned i = 0; i < count; i++)
		expect(questions[i], v);
}

static const unsigned in_g1[] = {0, 1}, in_g2[] = {2}, in_g3[] = {3};

/* Integers that no choices give, in true encodings. */
static void cast_integers_out_of_range(void)
{
	uint8_t chunks[4 * MESSAGE_BYTES]; /* style "rest": g3 (two points), g1 */
	uint32_t last[WIDE_DIGITS_1] = {1, 5, 5, 5, 5, 5, 1, 1, 1, 1};
	memset(chunks, 0xff, sizeof chunks);
	election_cast(&e, 1, chunks);
	whole_group(in_g3, 1, VERDICT_OUT_OF_RANGE);
	whole_group(in_g1, 2, VERDICT_OUT_OF_RANGE);
	/* the first integer beyond the last choice, and that choice itself */
	memset(chunks, 0, sizeof chunks);
	election_encode(chunks + 2 * MESSAGE_BYTES, &e, 0, last);
	election_cast(&e, 1, chunks);
	expect(0, VERDICT_INVALID_BY_VOTER);
	expect(1, VERDICT_INVALID_BY_VOTER);
	expect(3, VERDICT_BLANK);
	for (size_t i = 3 * MESSAGE_BYTES; ++chunks[--i] == 0;)
		;
	chunks[0] = 0x80; /* 2^447 */
	election_cast(&e, 1, chunks);
	whole_group(in_g3, 1, VERDICT_OUT_OF_RANGE);
	whole_group(in_g1, 2, VERDICT_OUT_OF_RANGE);
	memset(chunks, 0xff, sizeof chunks);
	election_cast(&e, 2, chunks);
	whole_group(in_g2, 1, VERDICT_OUT_OF_RANGE);
}

/* Points that are not the one encoding of their message: marks, if they counted. */
static void cast_strange_points(void)
{
	struct error err;
	uint8_t message[MESSAGE_BYTES] = {0};
	point good, strange[5];
	error_clear(&err);
	message[MESSAGE_BYTES - 1] = 6; /* marks on answers 1 and 2 of q3 */
	assert_ok(message_encode_vartime(&good, BYTES_OF(message), &err), err);
	strange[0] = point_generator();
	strange[1] = point_infinity();
	point_neg(&strange[2], &good);
	assert_ok(message_encode_vartime(&strange[3], bytes_of(message, MESSAGE_BYTES - 1), &err), err);
	assert_ok(message_encode_vartime(&strange[4], BYTES_NONE, &err), err);
	election_cast_points(&e, 2, &good, NULL);
	expect(2, VERDICT_VALID);
	for (size_t i = 0; i < 5; i++) {
		election_cast_points(&e, 2, &strange[i], NULL);
		whole_group(in_g2, 1, VERDICT_NOT_CANONICAL);
		/* one good point does not save the other one of its group, nor spoil another group */
		const point m[3] = {i % 2 ? strange[i] : good, i % 2 ? good : strange[i], good};
		election_cast_points(&e, 1, m, NULL);
		whole_group(in_g3, 1, VERDICT_NOT_CANONICAL);
		expect(0, VERDICT_MISSING_RANK); /* 6 = flag 0, rank 3 for the first answer */
		expect(1, VERDICT_BLANK);
	}
}

static void compute(struct election_result **out, struct workers *w)
{
	struct error err;
	uint64_t sizes[LIMIT_GROUPS] = {0};
	struct tally_world world = e.world;
	struct ballot_box box;
	error_clear(&err);
	world.workers = w;
	assert_ok(ballot_box_read(&box, e.manifest, &e.key, e.record, false, &world, &err), err);
	memcpy(sizes, box.list_sizes, sizeof sizes);
	assert_ok(result_compute(out, e.manifest, &e.key, sizes, e.record, &world, &err), err);
}

static void every_vote_has_its_verdict(void **state)
{
	(void)state;
	struct election_result *r;
	compute(&r, e.workers);
	for (unsigned q = 0; q < 4; q++) {
		for (unsigned v = 0; v < VERDICTS; v++)
			if (r->questions[q].verdicts[v] != want[q][v])
				fail_msg("q%u %s: %llu, not %llu", q + 1, verdict_name((enum verdict)v),
				         (unsigned long long)r->questions[q].verdicts[v],
				         (unsigned long long)want[q][v]);
		assert_non_null(r->questions[q].count);
		assert_int_equal(r->questions[q].count->valid, want[q][VERDICT_VALID]);
	}
	arena_release(&e.arena, e.mark);
}

static void the_record_with_all_of_them_is_verified(void **state)
{
	(void)state;
	static struct election_report report;
	if (election_verify(&e, e.record, true, &report) != RECORD_VERIFIED)
		fail_msg("%s failed", election_failed(&report));
}

static void result_is_the_same_at_every_authority_and_number_of_threads(void **state)
{
	(void)state;
	bytes published = election_read(e.record, "result.json");
	for (unsigned i = 0; i < e.parties; i++) {
		assert_int_equal(e.party[i].result.len, published.len);
		assert_memory_equal(e.party[i].result.p, published.p, published.len);
	}
	for (unsigned threads = 1; threads <= 5; threads += 2) {
		struct error err;
		struct workers *w;
		struct election_result *r;
		error_clear(&err);
		assert_ok(host_workers_new(&w, threads, &err), err);
		compute(&r, w);
		assert_int_equal(r->json.len, published.len);
		assert_memory_equal(r->json.p, published.p, published.len);
		host_workers_free(w);
		arena_release(&e.arena, e.mark);
	}
	free((void *)(uintptr_t)published.p);
}

static void result_says_whose_it_is_and_ends_with_a_line_feed(void **state)
{
	(void)state;
	char eid[65], start[80];
	bytes json = election_read(e.record, "result.json");
	hex_encode(eid, BYTES_OF(e.key.eid.b));
	snprintf(start, sizeof start, "{\"eid\":\"%s\",", eid);
	assert_memory_equal(json.p, start, strlen(start));
	assert_int_equal(json.p[json.len - 1], '\n');
	assert_int_equal(json.p[json.len - 2], '}');
	free((void *)(uintptr_t)json.p);
}

static void plaintexts_of_another_number_are_malformed(void **state)
{
	(void)state;
	struct election_result *r;
	struct error err;
	struct ballot_box box;
	error_clear(&err);
	assert_ok(ballot_box_read(&box, e.manifest, &e.key, e.record, false, &e.world, &err), err);
	for (unsigned g = 0; g < 3; g++) {
		box.list_sizes[g]++;
		assert_fails(
			result_compute(&r, e.manifest, &e.key, box.list_sizes, e.record, &e.world, &err), err,
			ERROR_MALFORMED);
		box.list_sizes[g]--;
	}
	arena_release(&e.arena, e.mark);
}

static int set_up(void **state)
{
	(void)state;
	election_begin(&e, plan_wide(2, 2), 2);
	election_ceremony(&e);
	cast_good_encodings();
	cast_integers_out_of_range();
	cast_strange_points();
	election_write_box(&e);
	election_tally(&e, "1,2");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	election_end(&e);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vote_has_its_verdict),
		cmocka_unit_test(the_record_with_all_of_them_is_verified),
		cmocka_unit_test(result_is_the_same_at_every_authority_and_number_of_threads),
		cmocka_unit_test(result_says_whose_it_is_and_ends_with_a_line_feed),
		cmocka_unit_test(plaintexts_of_another_number_are_malformed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
