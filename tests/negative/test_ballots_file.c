/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots that a board should have refused, logged all the same: none of them counts, each by its
 * name, and the honest ones before and behind it count as if it were not there.
 */
#include "support/support.h"

#include "unit/protocol/record/urn_log.h"

#include "elgamal/elgamal.h"
#include "hash/tagged.h"

static struct urn u, other;
static struct urn_log l;
static struct error err;
static uint8_t before[URN_BALLOT_MAX], behind[URN_BALLOT_MAX], first[URN_BALLOT_MAX],
	second[URN_BALLOT_MAX], spoiled[2 * URN_BALLOT_MAX];
static bytes honest[2], one, two; /* of voters 0, 2; 1 and 3, all in style "north" or "south" */
static digest lists[2];           /* of the honest ones alone */

static enum ballot_fault found;
static uint64_t found_at;
static void on_fault(void *ctx, const struct box_fault *f)
{
	(void)ctx;
	found = f->fault;
	found_at = f->number;
}

/* honest, this, honest. */
static void boxed(struct ballot_box *box, bytes object, uint32_t weight)
{
	struct box_job job = urn_job(&u);
	log_begin(&l, &u);
	log_object(&l, false, honest[0], 1);
	log_object(&l, false, object, weight);
	log_object(&l, false, honest[1], 1);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	found = BALLOT_FINE;
	job.fault = on_fault;
	error_clear(&err);
	assert_ok(ballot_box_read(box, &job, &err), err);
}

/* fault FINE: any, but one. */
static void skipped(bytes object, enum ballot_fault fault, const char *about)
{
	static struct ballot_box box;
	boxed(&box, object, 1);
	if (box.counted != 2 || box.ballots != 3 || found_at != 1)
		fail_msg("%s: %llu count", about, (unsigned long long)box.counted);
	if (fault != BALLOT_FINE && found != fault)
		fail_msg("%s: %s, not %s", about, ballot_fault_name(found), ballot_fault_name(fault));
	for (unsigned i = 0; i < 2; i++)
		assert_memory_equal(box.list_digests[i].b, lists[i].b, 32);
}

static bytes copy(bytes b)
{
	memcpy(spoiled, b.p, b.len);
	return bytes_of(spoiled, b.len);
}

static void an_honest_one_counts(void **state)
{
	(void)state;
	static struct ballot_box box;
	boxed(&box, one, 1);
	assert_int_equal(box.counted, 3);
	assert_int_equal(found, BALLOT_FINE);
}

static void each_truncation_is_malformed(void **state)
{
	(void)state;
	size_t step = (size_t)TEST_COUNT(7, 1);
	for (size_t len = 1; len < one.len; len += step)
		skipped(bytes_of(one.p, len), BALLOT_MALFORMED, "cut");
	skipped(bytes_of(one.p, one.len - 1), BALLOT_MALFORMED, "cut");
}

static void trailing_bytes_are_malformed(void **state)
{
	(void)state;
	for (size_t extra = 1; extra < 600; extra += extra < 10 ? 1 : 97) {
		copy(one);
		memset(spoiled + one.len, extra & 1 ? 0 : 0xff, extra);
		skipped(bytes_of(spoiled, one.len + extra), BALLOT_MALFORMED, "longer");
	}
	memcpy(spoiled + 1, one.p, one.len);
	skipped(bytes_of(spoiled + 0, one.len + 1), BALLOT_MALFORMED, "moved");
}

/* In every byte of every field, but the pseudonym: without credentials another one is as good. */
static void one_flipped_bit_is_noticed(void **state)
{
	(void)state;
	size_t step = (size_t)TEST_COUNT(1 + one.len / 300, 1);
	for (size_t at = (size_t)test_random_below(step); at < one.len; at += step) {
		copy(one);
		spoiled[at] ^= (uint8_t)(1u << test_random_below(8));
		skipped(bytes_of(spoiled, one.len), BALLOT_FINE, "a bit");
	}
}

#define AT_EID (5 + 5 + 16 + 5)
#define AT_P (AT_EID + 32 + 5)

static void a_ballot_of_another_election_is_named_so(void **state)
{
	(void)state;
	uint8_t room[URN_BALLOT_MAX];
	bytes foreign = urn_ballot(room, &other, 1, u.voters[1].style, 0);
	skipped(foreign, BALLOT_ELECTION, "foreign");
	memcpy(room + AT_EID, u.key.eid.b, 32);
	skipped(foreign, BALLOT_PROOF, "our EID written over theirs");
	copy(one);
	memcpy(spoiled + AT_EID, other.key.eid.b, 32);
	skipped(bytes_of(spoiled, one.len), BALLOT_ELECTION, "their EID written over ours");
}

static void a_copied_ballot_is_a_repeated_u_whoever_casts_it(void **state)
{
	(void)state;
	skipped(honest[0], BALLOT_REPEATED_U, "the same again");
	copy(honest[0]);
	spoiled[AT_P] ^= 1;
	skipped(bytes_of(spoiled, honest[0].len), BALLOT_REPEATED_U, "another pseudonym");
	copy(honest[0]);
	spoiled[honest[0].len - 1] = 1;
	skipped(bytes_of(spoiled, honest[0].len), BALLOT_REPEATED_U, "as a revote");
}

static void a_seq_that_is_not_the_next_is_named(void **state)
{
	(void)state;
	uint8_t room[URN_BALLOT_MAX];
	copy(one);
	for (size_t at = one.len - 4; at < one.len; at++) {
		spoiled[at] = 1;
		skipped(bytes_of(spoiled, one.len), BALLOT_SEQ, "seq");
		spoiled[at] = 0;
	}
	spoiled[one.len - 4] = 0x80;
	skipped(bytes_of(spoiled, one.len), BALLOT_MALFORMED, "a negative seq");
	skipped(urn_ballot(room, &u, 0, 0, 0), BALLOT_SEQ, "a second first ballot");
	skipped(urn_ballot(room, &u, 0, 0, 2), BALLOT_SEQ, "a gap");
}

static void a_weight_that_nobody_may_have_is_named(void **state)
{
	(void)state;
	static struct ballot_box box;
	static const uint32_t bad[] = {0, 2, 3, LIMIT_WEIGHT};
	for (unsigned i = 0; i < 4; i++) {
		boxed(&box, one, bad[i]);
		assert_int_equal(box.counted, 2);
		assert_int_equal(found, BALLOT_WEIGHT);
	}
}

/* The same field of two ballots of one style, exchanged: points, proofs. */
static void fields_of_two_ballots_exchanged_do_not_count(void **state)
{
	(void)state;
	size_t style = AT_P + 16, start = style + 5 + u.styles[u.voters[1].style].name.len;
	size_t step = (size_t)TEST_COUNT(81, 7);
	assert_int_equal(one.len, two.len);
	for (size_t at = start + 15; at < one.len - 9; at += step) {
		size_t len = one.len - 9 - at < 81 ? one.len - 9 - at : 81;
		copy(one);
		memcpy(spoiled + at, two.p + at, len);
		skipped(bytes_of(spoiled, one.len), BALLOT_FINE, "exchanged");
	}
	copy(one);
	memcpy(spoiled + AT_P, two.p + AT_P, 16);
	skipped(bytes_of(spoiled, one.len), BALLOT_PROOF, "another pseudonym");
}

static void exchange(bytes from, size_t a, size_t b, size_t len)
{
	memcpy(spoiled + a, from.p + b, len);
	memcpy(spoiled + b, from.p + a, len);
}

/* Within one ballot: (u, v) of one group into another, with and without its proof. */
static void components_of_one_ballot_exchanged_do_not_count(void **state)
{
	(void)state;
	/* style "south": g2 (two points), g1 (one) */
	size_t ct = AT_P + 16 + 5 + 5 + 5, u1 = ct + 10, v1 = u1 + 162 + 5, u2 = v1 + 162 + 10;
	size_t v2 = u2 + 86, aa = v2 + 81 + 5, a1 = aa + 5, a2 = a1 + 162 + 5, zz = a2 + 81 + 5;
	size_t z1 = zz + 5, z2 = z1 + 76 + 5;
	const size_t pairs[][3] = {
		{u1, v1, 81}, {u1, u2, 81}, {v1, v2, 81}, {u1, u1 + 81, 81}, {v1, v1 + 81, 81},
		{a1, a2, 81}, {z1, z2, 38}, {u2, a2, 81}, {a1, a1 + 81, 81}, {z1, z1 + 38, 38},
	};
	assert_int_equal(z2 + 38 + 9, one.len);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		copy(one);
		exchange(one, pairs[i][0], pairs[i][1], pairs[i][2]);
		skipped(bytes_of(spoiled, one.len), BALLOT_PROOF, "components");
	}
	/* whole components with their proofs: the challenge hashes all of them in order */
	copy(one);
	exchange(one, u1, u2, 81);
	exchange(one, v1, v2, 81);
	exchange(one, a1, a2, 81);
	exchange(one, z1, z2, 38);
	skipped(bytes_of(spoiled, one.len), BALLOT_PROOF, "components with their proofs");
	/* one u twice in one ballot */
	copy(one);
	memcpy(spoiled + u2, one.p + u1, 81);
	skipped(bytes_of(spoiled, one.len), BALLOT_REPEATED_U, "u twice");
}

/* Two who share r can make true proofs under two pseudonyms; once is enough for one u. */
static void a_shared_nonce_is_a_repeated_u_whatever_its_proof(void **state)
{
	(void)state;
	static struct ballot_box box;
	uint8_t room[2][URN_BALLOT_MAX];
	uint8_t plaintexts[2 * MESSAGE_BYTES] = {0};
	const struct ballot_output out = {room[0] + 5, NULL, NULL};
	struct chacha_rng rng;
	static const uint8_t seed[32];
	bytes made[2];
	for (unsigned i = 0; i < 2; i++) { /* one generator, used twice */
		size_t mark = arena_mark(&u.arena);
		const struct ballot_request request = {
			&u.rules, &u.styles[2], &u.pk, &u.voters[8 + i].who, plaintexts, 1};
		uint8_t body[URN_BALLOT_MAX];
		struct ballot_output to = out;
		to.bodies = body;
		chacha_rng_init(&rng, seed);
		assert_ok(ballots_encrypt_public_vartime(&to, &request, &rng.rng, &u.arena, &err), err);
		arena_release(&u.arena, mark);
		ballot_wrap(room[i], bytes_of(body, ballot_body_bytes(&u.styles[2], BALLOT_SERVER)), 0);
		made[i] = bytes_of(room[i], ballot_bytes(&u.styles[2], BALLOT_SERVER));
	}
	boxed(&box, made[0], 1);
	assert_int_equal(box.counted, 3);
	bytes kept = honest[0];
	honest[0] = made[0];
	boxed(&box, made[1], 1);
	assert_int_equal(box.counted, 2);
	assert_int_equal(found, BALLOT_REPEATED_U);
	honest[0] = kept;
}

static void an_unknown_style_is_malformed(void **state)
{
	(void)state;
	size_t name = AT_P + 16 + 5;
	copy(one);
	assert_memory_equal(spoiled + name, "south", 5);
	memcpy(spoiled + name, "soutg", 5);
	skipped(bytes_of(spoiled, one.len), BALLOT_MALFORMED, "unknown");
	memcpy(spoiled + name, "north", 5); /* groups in another order: other widths */
	skipped(bytes_of(spoiled, one.len), BALLOT_MALFORMED, "another shape");
}

static int set_up(void **state)
{
	(void)state;
	const struct urn_plan plan = {.mode = BALLOT_SERVER, .weight_max = 1};
	static struct ballot_box box;
	urn_begin(&u, &plan);
	urn_begin_again(&other, &u, &plan);
	u.voters[1].style = u.voters[3].style = 1;
	honest[0] = urn_ballot(before, &u, 0, 0, 0);
	honest[1] = urn_ballot(behind, &u, 2, 1, 0);
	one = urn_ballot(first, &u, 1, 1, 0);
	two = urn_ballot(second, &u, 3, 1, 0);
	log_begin(&l, &u);
	log_object(&l, false, honest[0], 1);
	log_object(&l, false, honest[1], 1);
	log_plain(&l, ENTRY_CLOSE);
	log_write(&l);
	assert_ok(urn_read(&box, &u, &err), err);
	memcpy(lists, box.list_digests, sizeof lists);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	urn_end(&u);
	urn_end(&other);
	free(l.ballots);
	free(l.voids);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_one_counts),
		cmocka_unit_test(each_truncation_is_malformed),
		cmocka_unit_test(trailing_bytes_are_malformed),
		cmocka_unit_test(one_flipped_bit_is_noticed),
		cmocka_unit_test(a_ballot_of_another_election_is_named_so),
		cmocka_unit_test(a_copied_ballot_is_a_repeated_u_whoever_casts_it),
		cmocka_unit_test(a_seq_that_is_not_the_next_is_named),
		cmocka_unit_test(a_weight_that_nobody_may_have_is_named),
		cmocka_unit_test(fields_of_two_ballots_exchanged_do_not_count),
		cmocka_unit_test(components_of_one_ballot_exchanged_do_not_count),
		cmocka_unit_test(a_shared_nonce_is_a_repeated_u_whatever_its_proof),
		cmocka_unit_test(an_unknown_style_is_malformed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
