/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every way we know to make a ballot out of somebody else's, or out of nothing: parts moved and
 * exchanged, malleability, forged proofs and signatures.
 */
#include "support/support.h"

#include "negative/ballot_spoil.h"

static void ballot_of_another_election_is_rejected(void **state)
{
	(void)state;
	struct error err;
	bytes in = fresh_ballot();
	room[AT_EID + 20] ^= 1;
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: made for another election");
	/* The other election gets it with the right id written in: the proof does not hold there. */
	server.rules.eid.b[15] ^= 1;
	assert_memory_equal(server.rules.eid.b, room + AT_EID + 5, 32);
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: the proof does not hold");
	server.rules.eid.b[15] ^= 1;
}

static void copied_ballot_under_another_pseudonym_is_rejected(void **state)
{
	(void)state;
	struct error err;
	bytes in = fresh_ballot();
	room[AT_P + 5] ^= 1;
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: the proof does not hold");
}

static void ballot_moved_to_a_style_of_the_same_shape_is_rejected(void **state)
{
	(void)state;
	struct error err;
	struct ballot_style styles[2] = {server.styles[0], server.styles[0]};
	const struct ballot_style *before = server.rules.styles;
	styles[1].name = BYTES_LITERAL("third");
	server.rules.styles = styles;
	bytes in = fresh_ballot();
	assert_ok(fixture_accepts(&server, in, &err), err);
	memcpy(room + AT_STYLE + 5, "third", 5);
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: the proof does not hold");
	server.rules.styles = before;
}

static void exchange(size_t a, size_t b, size_t len)
{
	uint8_t t[324];
	memcpy(t, room + a, len);
	memcpy(room + a, room + b, len);
	memcpy(room + b, t, len);
}

static void exchanged_parts_are_rejected(void **state)
{
	(void)state;
	static const struct {
		size_t a, b, len;
	} parts[] = {
		{AT_U_2, AT_U_2 + 81, 81},                       /* components of one group */
		{AT_V_2, AT_V_2 + 81, 81}, {AT_V_1, AT_V_3, 81}, /* votes of two groups */
		{AT_U_1, AT_U_3, 81},      {AT_CT_1, AT_CT_3, AT_CT_2 - AT_CT_1},
		{AT_U_1, AT_V_1, 81}, /* the halves of a ciphertext */
		{AT_A_1, AT_A_3, 81}, /* proofs in another order */
		{AT_Z_1, AT_Z_3, 38},      {AT_A_2, AT_A_2 + 81, 81},
		{AT_Z_2, AT_Z_2 + 38, 38}, {AT_U_1, AT_A_1, 81},
	};
	for (size_t i = 0; i < COUNT(parts); i++) {
		bytes in = fresh_ballot();
		exchange(parts[i].a, parts[i].b, parts[i].len);
		refused(&server, in, ERROR_REJECTED);
	}
	/* whole ciphertexts together with their proofs */
	bytes in = fresh_ballot();
	exchange(AT_CT_1, AT_CT_3, AT_CT_2 - AT_CT_1);
	exchange(AT_A_1, AT_A_3, 81);
	exchange(AT_Z_1, AT_Z_3, 38);
	refused(&server, in, ERROR_REJECTED);
}

static void one_ciphertext_of_another_ballot_is_rejected(void **state)
{
	(void)state;
	uint8_t other[FIXTURE_BALLOT_BYTES];
	bytes in = fresh_ballot();
	memcpy(other, room, in.len);
	in = fresh_ballot();
	memcpy(room + AT_CT_1, other + AT_CT_1, AT_CT_2 - AT_CT_1);
	memcpy(room + AT_A_1, other + AT_A_1, 81);
	memcpy(room + AT_Z_1, other + AT_Z_1, 38);
	refused(&server, in, ERROR_REJECTED);
}

static void shifted_and_negated_points_are_rejected(void **state)
{
	(void)state;
	const point g = point_generator();
	for (size_t i = 0; i < COUNT(points_at); i++) {
		bytes in = fresh_ballot();
		const point p = point_at(points_at[i]);
		point q;
		point_add(&q, &p, &g);
		put_point_at(points_at[i], &q);
		refused(&server, in, ERROR_REJECTED);
		point_neg(&q, &p);
		put_point_at(points_at[i], &q);
		refused(&server, in, ERROR_REJECTED);
	}
}

/* u + G, v + Y, z + c: the same vote, and a proof that would hold were c the old one. */
static void reencrypted_ballot_is_rejected_even_with_a_shifted_response(void **state)
{
	(void)state;
	struct ballot b;
	struct error err;
	size_t mark = arena_mark(test_arena());
	bytes in = fresh_ballot();
	assert_ok(ballot_parse(&b, in, &server.rules, test_arena(), &err), err);
	const point g = point_generator();
	point u = point_at(AT_U_1), v = point_at(AT_V_1);
	scalar z = scalar_at(AT_Z_1);
	point_add(&u, &u, &g);
	point_add(&v, &v, &server.pk.y);
	scalar_add(&z, &z, &b.challenge);
	assert_ok(proof_check_log_vartime(&b.commitments[0], &b.challenge, &u, &z, &err), err);
	put_point_at(AT_U_1, &u);
	put_point_at(AT_V_1, &v);
	refused(&server, in, ERROR_REJECTED);
	put_scalar_at(AT_Z_1, &z);
	refused(&server, in, ERROR_REJECTED);
	arena_release(test_arena(), mark);
}

static void mirrored_proofs_are_rejected(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scalars_at); i++) {
		bytes in = fresh_ballot();
		scalar z = scalar_at(scalars_at[i]);
		scalar_neg(&z, &z);
		put_scalar_at(scalars_at[i], &z);
		refused(&server, in, ERROR_REJECTED);
		/* -A, -u, -z together would hold for one challenge; A and u are in it */
		in = fresh_ballot();
		z = scalar_at(AT_Z_1);
		point a = point_at(AT_A_1), u = point_at(AT_U_1);
		scalar_neg(&z, &z);
		point_neg(&a, &a);
		point_neg(&u, &u);
		put_scalar_at(AT_Z_1, &z);
		put_point_at(AT_A_1, &a);
		put_point_at(AT_U_1, &u);
		refused(&server, in, ERROR_REJECTED);
	}
}

/* The textbook forgery: c and z first, then A = zG - cX. */
static void proof_with_a_challenge_chosen_first_is_rejected(void **state)
{
	(void)state;
	bytes in = fresh_ballot();
	const point g = point_generator(), u = point_at(AT_U_1);
	const scalar c = scalar_of_u64(12345), z = scalar_of_u64(67890);
	point a, cu;
	point_mul_vartime(&a, &z, &g);
	point_mul_vartime(&cu, &c, &u);
	point_sub(&a, &a, &cu);
	put_point_at(AT_A_1, &a);
	put_scalar_at(AT_Z_1, &z);
	refused(&server, in, ERROR_REJECTED);
}

/* With A fixed and the challenge known, u = (zG - A)/c would hold, were u not in the hash. */
static void proof_with_the_statement_solved_for_is_rejected(void **state)
{
	(void)state;
	struct ballot b;
	struct error err;
	size_t mark = arena_mark(test_arena());
	bytes in = fresh_ballot();
	const point g = point_generator();
	const scalar z = scalar_of_u64(424242);
	scalar inverse;
	point u;
	assert_ok(ballot_parse(&b, in, &server.rules, test_arena(), &err), err);
	scalar_invert(&inverse, &b.challenge);
	point_mul_vartime(&u, &z, &g);
	point_sub(&u, &u, &b.commitments[0]);
	point_mul_vartime(&u, &inverse, &u);
	put_point_at(AT_U_1, &u);
	put_scalar_at(AT_Z_1, &z);
	refused(&server, in, ERROR_REJECTED);
	arena_release(test_arena(), mark);
}

static bool same_bytes(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	(void)rng;
	(void)err;
	memset(out, 0x5a, len);
	return true;
}

static void one_u_twice_in_a_ballot_is_rejected(void **state)
{
	(void)state;
	struct rng stuck = {same_bytes};
	uint8_t body[FIXTURE_BALLOT_BYTES];
	struct error err;
	const pseudonym who = fixture_pseudonym(&server);
	const struct ballot_request request = {&server.rules, &server.styles[0], &server.pk,
	                                       &who,          server.plaintexts, 1};
	const struct ballot_output out = {body, NULL, NULL};
	assert_ok(ballots_encrypt(&out, &request, &stuck, test_arena(), &err), err);
	bytes made = bytes_of(body, ballot_body_bytes(&server.styles[0], BALLOT_SERVER));
	bytes in = fixture_cast(&server, room, made, 0, 0);
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: one u occurs twice");
	assert_int_equal(err.at, 1);
}

static void signature_of_another_key_is_rejected(void **state)
{
	(void)state;
	uint8_t body[FIXTURE_BALLOT_BYTES];
	struct error err;
	bytes made = fixture_body(&credentials, body, 0);
	secret_scalar right = credentials.voter;
	scalar_add(&credentials.voter.secret, &credentials.voter.secret, &scalar_one);
	bytes in = fixture_cast(&credentials, room, made, 0, 0);
	assert_fails(fixture_accepts(&credentials, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: the signature does not hold");
	credentials.voter = right;
}

static void signature_of_another_seq_ballot_or_election_is_rejected(void **state)
{
	(void)state;
	uint8_t body[FIXTURE_BALLOT_BYTES], other[FIXTURE_BALLOT_BYTES];
	bytes made = fixture_body(&credentials, body, 0);
	bytes in = fixture_cast(&credentials, room, made, 0, 0);
	size_t seq_at = 5 + made.len;
	store_be32(room + seq_at + 5, 1);
	refused(&credentials, in, ERROR_REJECTED);
	/* another ballot of the same voter */
	bytes second = fixture_ballot(&credentials, other, 0, 0);
	assert_int_equal(second.len, in.len);
	memcpy(other + seq_at, room + seq_at, 9 + 81 + 38);
	store_be32(other + seq_at + 5, 0);
	refused(&credentials, second, ERROR_REJECTED);
	/* the same body signed for another election */
	const digest eid = credentials.rules.eid;
	credentials.rules.eid.b[0] ^= 1;
	in = fixture_cast(&credentials, room, made, 0, 0);
	credentials.rules.eid = eid;
	refused(&credentials, in, ERROR_REJECTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ballot_of_another_election_is_rejected),
		cmocka_unit_test(copied_ballot_under_another_pseudonym_is_rejected),
		cmocka_unit_test(ballot_moved_to_a_style_of_the_same_shape_is_rejected),
		cmocka_unit_test(exchanged_parts_are_rejected),
		cmocka_unit_test(one_ciphertext_of_another_ballot_is_rejected),
		cmocka_unit_test(shifted_and_negated_points_are_rejected),
		cmocka_unit_test(reencrypted_ballot_is_rejected_even_with_a_shifted_response),
		cmocka_unit_test(mirrored_proofs_are_rejected),
		cmocka_unit_test(proof_with_a_challenge_chosen_first_is_rejected),
		cmocka_unit_test(proof_with_the_statement_solved_for_is_rejected),
		cmocka_unit_test(one_u_twice_in_a_ballot_is_rejected),
		cmocka_unit_test(signature_of_another_key_is_rejected),
		cmocka_unit_test(signature_of_another_seq_ballot_or_election_is_rejected),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
