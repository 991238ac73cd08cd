/* SPDX-License-Identifier: Apache-2.0 */
/* ballots.bt that must be refused, with the number of the ballot that is wrong. */
#include "support/support.h"

#include "support/election.h"

#include "files/memory_folder.h"

#include <stdio.h>
#include <stdlib.h>

static struct election e, other;
static struct folder *record;
static uint8_t spare[4096]; /* another ballot of the first one's style, outside the file */

static bool reads(bytes file, struct ballot_box *box, struct error *err)
{
	error_clear(err);
	election_write(record, "ballots.bt", file);
	size_t mark = arena_mark(&e.arena);
	bool good = ballot_box_read(box, e.manifest, &e.key, record, false, &e.world, err);
	arena_release(&e.arena, mark);
	return good;
}

/* kind ERROR_NONE: malformed or rejected. ballot < 0: any. */
static void refused(bytes file, enum error_kind kind, long ballot)
{
	struct ballot_box box;
	struct error err;
	char place[40];
	if (reads(file, &box, &err))
		fail_msg("accepted");
	if (kind != ERROR_NONE && err.kind != kind)
		fail_msg("%s, not %s: %s (%s)", error_kind_name(err.kind), error_kind_name(kind), err.what,
		         err.detail);
	if (err.kind != ERROR_MALFORMED && err.kind != ERROR_REJECTED)
		fail_msg("%s: %s", error_kind_name(err.kind), err.what);
	assert_non_null(strstr(err.detail, "ballots.bt"));
	snprintf(place, sizeof place, "ballot %ld", ballot);
	if (ballot >= 0 && !strstr(err.detail, place) && err.at != (uint64_t)ballot)
		fail_msg("not %s: %s (%s, at %llu)", place, err.what, err.detail,
		         (unsigned long long)err.at);
	assert_int_equal(box.log_size, 0);
	assert_int_equal(box.ballots, 0);
}

/* A file of some ballots of the box, in any order. */
static uint8_t joined[1 << 20];
static bytes join(const size_t *which, size_t count)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		bytes b = election_ballot(&e, which[i]);
		memcpy(joined + len, b.p, b.len);
		len += b.len;
	}
	return bytes_of(joined, len);
}

static void honest_ballots_are_read(void **state)
{
	(void)state;
	struct ballot_box box;
	struct error err;
	assert_ok(reads(bytes_of(e.box, e.box_len), &box, &err), err);
	assert_int_equal(box.ballots, e.ballots);
	assert_int_equal(box.list_sizes[0], 2);
	assert_int_equal(box.list_sizes[1], 2);
	assert_int_equal(box.list_sizes[2], 2);
}

static void an_empty_file_is_an_empty_urn(void **state)
{
	(void)state;
	struct ballot_box box;
	struct error err;
	assert_ok(reads(BYTES_NONE, &box, &err), err);
	assert_int_equal(box.ballots, 0);
	assert_int_equal(box.log_size, 5);
	assert_int_equal(box.list_sizes[0], 0);
}

/* Between ballots a cut is another urn, which the closing root tells; within one it is malformed.
 */
static void each_truncation_is_malformed_but_between_ballots(void **state)
{
	(void)state;
	size_t next = 0;
	for (size_t len = 0; len < e.box_len; len++) {
		if (len == e.starts[next]) {
			struct ballot_box box;
			struct error err;
			assert_ok(reads(bytes_of(e.box, len), &box, &err), err);
			assert_int_equal(box.ballots, next++);
			continue;
		}
		refused(bytes_of(e.box, len), ERROR_MALFORMED, (long)next - 1);
	}
	assert_int_equal(next, e.ballots);
}

static void trailing_bytes_are_refused(void **state)
{
	(void)state;
	memcpy(joined, e.box, e.box_len);
	for (size_t extra = 1; extra < 600; extra += extra < 40 ? 1 : 97) {
		memset(joined + e.box_len, 0, extra);
		refused(bytes_of(joined, e.box_len + extra), ERROR_NONE, (long)e.ballots);
		memset(joined + e.box_len, 0xff, extra);
		refused(bytes_of(joined, e.box_len + extra), ERROR_NONE, (long)e.ballots);
	}
	memmove(joined + 1, joined, e.box_len);
	refused(bytes_of(joined, e.box_len + 1), ERROR_NONE, 0);
}

/* One bit in every byte: each field of each ballot. */
static void one_flipped_bit_is_refused(void **state)
{
	(void)state;
	size_t step = (size_t)TEST_COUNT(1 + e.box_len / 1500, 1);
	memcpy(joined, e.box, e.box_len);
	for (size_t at = test_random_below(step); at < e.box_len; at += step) {
		size_t ballot = 0;
		while (e.starts[ballot + 1] <= at)
			ballot++;
		joined[at] ^= (uint8_t)(1u << test_random_below(8));
		refused(bytes_of(joined, e.box_len), ERROR_NONE, -1);
		joined[at] = e.box[at];
	}
}

static void a_ballot_of_another_election_is_rejected(void **state)
{
	(void)state;
	bytes foreign = election_ballot(&other, 0);
	bytes file = join((size_t[]){0}, 1);
	memcpy(joined + file.len, foreign.p, foreign.len);
	refused(bytes_of(joined, file.len + foreign.len), ERROR_REJECTED, 1);
	/* with our EID written over theirs the proofs are those of another statement */
	memcpy(joined + file.len + 5 + 5 + 16 + 5, e.key.eid.b, 32);
	refused(bytes_of(joined, file.len + foreign.len), ERROR_REJECTED, 1);
}

static void a_ballot_twice_is_rejected(void **state)
{
	(void)state;
	refused(join((size_t[]){0, 1, 0}, 3), ERROR_REJECTED, 2);
	refused(join((size_t[]){1, 1}, 2), ERROR_REJECTED, 1);
}

#define AT_P (5 + 5 + 16 + 37 + 5)

static void a_copied_ballot_under_another_pseudonym_is_rejected(void **state)
{
	(void)state;
	bytes file = join((size_t[]){0, 1, 0}, 3);
	size_t second = e.starts[1] + (e.starts[2] - e.starts[1]);
	joined[second + AT_P] ^= 1;
	refused(file, ERROR_REJECTED, 2);
}

static void a_second_ballot_of_a_pseudonym_is_rejected(void **state)
{
	(void)state;
	uint8_t who[16];
	point m[4];
	struct error err;
	const point g = point_generator();
	size_t ballots = e.ballots, len = e.box_len;
	assert_ok(rng_fill(test_rng(), who, sizeof who, &err), err);
	for (size_t i = 0; i < 4; i++)
		m[i] = g;
	election_cast_points(&e, 2, m, who);
	struct ballot_box box;
	assert_ok(reads(bytes_of(e.box, e.box_len), &box, &err), err);
	election_cast_points(&e, 2, m, who);
	refused(bytes_of(e.box, e.box_len), ERROR_REJECTED, (long)ballots + 1);
	e.ballots = ballots;
	e.box_len = len;
}

/* Two who share r can make true proofs under two pseudonyms; once is enough for one u. */
static void a_u_that_occurred_before_is_rejected_whatever_its_proof(void **state)
{
	(void)state;
	struct ballot_box box;
	struct error err;
	secret_scalar r;
	const point g = point_generator();
	point m[4] = {g, g, g, g};
	size_t ballots = e.ballots, len = e.box_len;
	assert_ok(secret_scalar_random(&r, test_rng(), &err), err);
	e.nonce = &r;
	election_cast_points(&e, 2, m, NULL);
	assert_ok(reads(bytes_of(e.box, e.box_len), &box, &err), err);
	point_add(&m[0], &g, &g);
	election_cast_points(&e, 2, m, NULL);
	refused(bytes_of(e.box, e.box_len), ERROR_REJECTED, (long)ballots + 1);
	/* in another list of the election, and twice in one ballot */
	e.ballots = ballots + 1;
	e.box_len = e.starts[e.ballots];
	election_cast_points(&e, 0, m, NULL);
	refused(bytes_of(e.box, e.box_len), ERROR_NONE, (long)ballots + 1);
	e.nonce = NULL;
	e.ballots = ballots;
	e.box_len = len;
}

static void a_sequence_number_other_than_zero_is_rejected(void **state)
{
	(void)state;
	bytes file = join((size_t[]){0, 1}, 2);
	for (size_t at = file.len - 4; at < file.len; at++) {
		joined[at] = 1;
		refused(file, ERROR_REJECTED, 1);
		joined[at] = 0;
	}
	joined[file.len - 4] = 0x80;
	refused(file, ERROR_MALFORMED, 1);
}

/* Whichever of two bad ones comes first, although one is found by parsing and one by its proof. */
static void the_first_of_two_bad_ballots_is_named(void **state)
{
	(void)state;
	for (size_t wrong = 0; wrong < 2; wrong++) {
		bytes file = join((size_t[]){0, 1}, 2);
		size_t ends[] = {election_ballot(&e, 0).len, file.len};
		joined[ends[wrong] - 9 - 1] ^= 1;         /* a response: the proof does not hold */
		joined[ends[1 - wrong] - 9 - 38] ^= 0x40; /* its header */
		refused(file, wrong == 0 ? ERROR_REJECTED : ERROR_MALFORMED, 0);
	}
}

/* The same field of two ballots of one style, exchanged: points, proofs, pseudonyms. */
static void fields_of_two_ballots_exchanged_are_rejected(void **state)
{
	(void)state;
	bytes a = election_ballot(&e, 0);
	size_t head = AT_P - 5 + 21 + 5 + 3, seq = a.len - 9;
	size_t step = (size_t)TEST_COUNT(81, 7);
	for (size_t at = AT_P; at < seq; at += at < head ? head - at + 15 : step) {
		size_t len = at < head ? 16 : seq - at < 81 ? seq - at : 81;
		join((size_t[]){0}, 1);
		memcpy(joined + a.len, spare, a.len);
		memcpy(joined + at, spare + at, len);
		memcpy(joined + a.len + at, a.p + at, len);
		refused(bytes_of(joined, 2 * a.len), ERROR_NONE, -1);
	}
}

static void exchange(bytes ballot, size_t one, size_t two, size_t len)
{
	memcpy(joined + one, ballot.p + two, len);
	memcpy(joined + two, ballot.p + one, len);
}

/* Within one ballot: (u, v) of one group into another, with and without its proof. */
static void components_of_one_ballot_exchanged_are_rejected(void **state)
{
	(void)state;
	bytes a = election_ballot(&e, 0);
	/* style "all": CT = node(3) of groups of width 1, 1, 2 */
	size_t ct = AT_P + 16 + 5 + 3 + 5, u1 = ct + 10, v1 = u1 + 86, u2 = v1 + 81 + 10;
	size_t v2 = u2 + 86, u3 = v2 + 81 + 10, v3 = u3 + 162 + 5, aa = v3 + 162 + 5;
	size_t a1 = aa + 5, a2 = a1 + 86, zz = a2 + 81 + 5 + 162 + 5, z1 = zz + 5, z2 = z1 + 43;
	const size_t pairs[][3] = {
		{u1, v1, 81}, {u1, u2, 81}, {v1, v2, 81}, {u3, u3 + 81, 81}, {v3, v3 + 81, 81},
		{a1, a2, 81}, {z1, z2, 38}, {u1, u3, 81}, {u2, a2, 81},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		join((size_t[]){0}, 1);
		exchange(a, pairs[i][0], pairs[i][1], pairs[i][2]);
		refused(bytes_of(joined, a.len), ERROR_REJECTED, 0);
	}
	/* whole groups with their proofs: the challenge hashes all of them in order */
	join((size_t[]){0}, 1);
	exchange(a, u1, u2, 81);
	exchange(a, v1, v2, 81);
	exchange(a, a1, a2, 81);
	exchange(a, z1, z2, 38);
	refused(bytes_of(joined, a.len), ERROR_REJECTED, 0);
}

static void an_unknown_style_is_refused(void **state)
{
	(void)state;
	bytes a = join((size_t[]){0}, 1);
	size_t name = AT_P + 16 + 5;
	assert_memory_equal(joined + name, "all", 3);
	memcpy(joined + name, "alk", 3);
	refused(a, ERROR_REJECTED, 0);
	memcpy(joined + name, "one", 3); /* one of another shape */
	refused(a, ERROR_NONE, 0);
}

/* A ballot for a whole style presented as two of its parts, and the other way round. */
static void ballots_glued_or_split_are_refused(void **state)
{
	(void)state;
	bytes a = election_ballot(&e, 0), b = election_ballot(&e, 1);
	memcpy(joined, a.p, a.len - 9);
	memcpy(joined + a.len - 9, b.p, b.len);
	refused(bytes_of(joined, a.len - 9 + b.len), ERROR_NONE, -1);
	join((size_t[]){0, 1}, 2);
	memmove(joined + a.len - 9, joined + a.len, b.len);
	refused(bytes_of(joined, a.len + b.len - 9), ERROR_NONE, -1);
}

static int set_up(void **state)
{
	static const uint32_t digits[WIDE_DIGITS_1 + WIDE_DIGITS_2 + WIDE_DIGITS_3];
	struct error err;
	(void)state;
	error_clear(&err);
	election_begin(&e, plan_wide(1, 1), 1);
	election_begin_again(&other, &e);
	election_ceremony(&e);
	election_ceremony(&other);
	election_vote(&e, 0, digits);
	election_vote(&e, 2, digits);
	election_vote(&e, 1, digits);
	size_t three = e.ballots, len = e.box_len;
	election_vote(&e, 0, digits);
	bytes b = election_ballot(&e, three);
	assert_true(b.len <= sizeof spare);
	memcpy(spare, b.p, b.len);
	e.ballots = three;
	e.box_len = len;
	election_vote(&other, 0, digits);
	assert_ok(memory_folder_new(&record, "record", 1 << 24, &err), err);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	memory_folder_free(record);
	election_end(&e);
	election_end(&other);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_ballots_are_read),
		cmocka_unit_test(an_empty_file_is_an_empty_urn),
		cmocka_unit_test(the_first_of_two_bad_ballots_is_named),
		cmocka_unit_test(fields_of_two_ballots_exchanged_are_rejected),
		cmocka_unit_test(each_truncation_is_malformed_but_between_ballots),
		cmocka_unit_test(trailing_bytes_are_refused),
		cmocka_unit_test(one_flipped_bit_is_refused),
		cmocka_unit_test(a_ballot_of_another_election_is_rejected),
		cmocka_unit_test(a_ballot_twice_is_rejected),
		cmocka_unit_test(a_copied_ballot_under_another_pseudonym_is_rejected),
		cmocka_unit_test(a_second_ballot_of_a_pseudonym_is_rejected),
		cmocka_unit_test(a_u_that_occurred_before_is_rejected_whatever_its_proof),
		cmocka_unit_test(a_sequence_number_other_than_zero_is_rejected),
		cmocka_unit_test(components_of_one_ballot_exchanged_are_rejected),
		cmocka_unit_test(an_unknown_style_is_refused),
		cmocka_unit_test(ballots_glued_or_split_are_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
