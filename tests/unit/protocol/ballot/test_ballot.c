/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "unit/protocol/ballot/fixture.h"

static struct fixture server, credentials;

static int set_up(void **state)
{
	(void)state;
	fixture_init(&server, BALLOT_SERVER);
	fixture_init(&credentials, BALLOT_CREDENTIALS);
	return 0;
}

static struct fixture *of_mode(unsigned mode)
{
	return mode ? &credentials : &server;
}

static void ballots_of_both_modes_and_styles_are_accepted(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		for (size_t style = 0; style < 2; style++) {
			uint8_t room[FIXTURE_BALLOT_BYTES];
			struct error err;
			bytes in = fixture_ballot(of_mode(mode), room, style, 7);
			assert_ok(fixture_accepts(of_mode(mode), in, &err), err);
		}
	}
}

static void sizes_are_those_of_the_tree(void **state)
{
	(void)state;
	/* style "second": one group, one component */
	size_t ct = 5 + 5 + 2 * (5 + 81), aa = 5 + 5 + 81, zz = 5 + 5 + 38;
	size_t body = 5 + (5 + 11) + (5 + 32) + (5 + 16) + (5 + 6) + ct + aa + zz;
	assert_int_equal(ballot_body_bytes(&server.styles[1], BALLOT_SERVER), body);
	assert_int_equal(ballot_bytes(&server.styles[1], BALLOT_SERVER), 5 + body + 9);
	assert_int_equal(ballot_body_bytes(&server.styles[1], BALLOT_CREDENTIALS), body + 81 - 21);
	assert_int_equal(ballot_bytes(&server.styles[1], BALLOT_CREDENTIALS),
	                 5 + body + 81 - 21 + 9 + 81 + 38);
	/* style "first": three groups, four components */
	ct = 5 + 3 * 15 + 8 * 81;
	aa = 5 + 3 * 5 + 4 * 81;
	zz = 5 + 3 * 5 + 4 * 38;
	assert_int_equal(ballot_body_bytes(&server.styles[0], BALLOT_SERVER),
	                 5 + 16 + 37 + 21 + 5 + 5 + ct + aa + zz);
}

static void parsing_gives_back_what_was_made(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		struct fixture *f = of_mode(mode);
		uint8_t body[FIXTURE_BALLOT_BYTES], room[FIXTURE_BALLOT_BYTES];
		uint8_t who[2][PSEUDONYM_TREE_MAX];
		struct error err;
		struct ballot b;
		size_t mark = arena_mark(test_arena());
		bytes made = fixture_body(f, body, 0);
		bytes in = fixture_cast(f, room, made, 0, 41);
		assert_ok(ballot_parse(&b, in, &f->rules, test_arena(), &err), err);
		assert_true(bytes_equal(b.body, made));
		assert_int_equal(b.body.len + b.ending.len + 5, in.len);
		const digest id = ballot_id(made);
		assert_true(digest_equal(&b.id, &id));
		assert_ptr_equal(b.style, &f->styles[0]);
		assert_int_equal(b.seq, 41);
		size_t len = pseudonym_encode(who[0], &b.who);
		assert_memory_equal(who[0], body + 5 + 16 + 37, len);
		assert_true(arena_mark(test_arena()) - mark <= ballot_memory_bytes(&f->styles[0]));
		arena_release(test_arena(), mark);
	}
}

static void ciphertexts_decrypt_to_the_encoded_plaintext(void **state)
{
	(void)state;
	uint8_t room[FIXTURE_BALLOT_BYTES];
	struct error err;
	struct ballot b;
	size_t mark = arena_mark(test_arena());
	bytes in = fixture_ballot(&server, room, 0, 0);
	assert_ok(ballot_parse(&b, in, &server.rules, test_arena(), &err), err);
	for (size_t j = 0; j < FIXTURE_COMPONENTS; j++) {
		uint8_t message[MESSAGE_BYTES];
		point shared, m;
		point_mul(&shared, &server.key, &b.ct[j].u);
		point_sub(&m, &b.ct[j].v, &shared);
		assert_true(message_decode_canonical(message, &m));
		assert_memory_equal(message, server.plaintexts + j * MESSAGE_BYTES, MESSAGE_BYTES);
	}
	arena_release(test_arena(), mark);
}

static void body_alone_is_parsed_without_seq_and_signature(void **state)
{
	(void)state;
	uint8_t body[FIXTURE_BALLOT_BYTES], fresh[32] = {1};
	struct error err;
	struct ballot b;
	size_t mark = arena_mark(test_arena());
	bytes in = fixture_body(&credentials, body, 0);
	assert_ok(ballot_parse_body(&b, in, &credentials.rules, test_arena(), &err), err);
	assert_int_equal(b.ending.len, 0);
	assert_int_equal(ballot_equations_count(&b), FIXTURE_COMPONENTS);
	assert_ok(ballots_check_vartime(&b, 1, fresh, test_arena(), &err), err);
	assert_fails(ballot_parse(&b, in, &credentials.rules, test_arena(), &err), err,
	             ERROR_MALFORMED);
	arena_release(test_arena(), mark);
}

static void measure_tells_the_length_from_the_head(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		struct fixture *f = of_mode(mode);
		uint8_t room[FIXTURE_BALLOT_BYTES];
		struct error err;
		size_t len;
		bytes in = fixture_ballot(f, room, 0, 0);
		assert_true(in.len > BALLOT_HEAD_BYTES);
		assert_ok(ballot_measure(&len, bytes_of(in.p, BALLOT_HEAD_BYTES), &f->rules, &err), err);
		assert_int_equal(len, in.len);
		assert_fails(ballot_measure(&len, bytes_of(in.p, 60), &f->rules, &err), err,
		             ERROR_MALFORMED);
	}
}

static void blocks_give_ids_nonces_and_good_ballots(void **state)
{
	(void)state;
	enum { N = 50 };
	static uint8_t plaintexts[N * MESSAGE_BYTES], bodies[N * 600];
	pseudonym who[N];
	digest ids[N];
	secret_scalar nonces[N];
	struct error err;
	const point g = point_generator();
	size_t len = ballot_body_bytes(&server.styles[1], BALLOT_SERVER);
	for (size_t i = 0; i < N; i++)
		who[i] = fixture_pseudonym(&server);
	assert_ok(rng_fill(test_rng(), plaintexts, sizeof plaintexts, &err), err);
	const struct ballot_request request = {&server.rules, &server.styles[1], &server.pk,
	                                       who,           plaintexts,        N};
	const struct ballot_output out = {bodies, ids, nonces};
	for (unsigned vartime = 0; vartime < 2; vartime++) {
		size_t mark = arena_mark(test_arena());
		if (vartime)
			assert_ok(
				ballots_encrypt_public_vartime(&out, &request, test_rng(), test_arena(), &err),
				err);
		else
			assert_ok(ballots_encrypt(&out, &request, test_rng(), test_arena(), &err), err);
		assert_int_equal(mark, arena_mark(test_arena()));
		for (size_t i = 0; i < N; i++) {
			uint8_t room[FIXTURE_BALLOT_BYTES];
			struct ballot b;
			point u;
			ballot_wrap(room, bytes_of(bodies + i * len, len), 0);
			bytes in = bytes_of(room, ballot_bytes(&server.styles[1], BALLOT_SERVER));
			assert_ok(fixture_accepts(&server, in, &err), err);
			assert_ok(ballot_parse(&b, in, &server.rules, test_arena(), &err), err);
			assert_true(digest_equal(&b.id, &ids[i]));
			assert_memory_equal(b.who.id, who[i].id, PSEUDONYM_BYTES);
			point_mul(&u, &nonces[i], &g);
			assert_true(point_equal(&u, &b.ct[0].u));
			arena_release(test_arena(), mark);
		}
	}
}

static void empty_block_is_made_of_nothing(void **state)
{
	(void)state;
	struct error err;
	const struct ballot_request request = {
		.rules = &server.rules, .style = &server.styles[0], .pk = &server.pk};
	const struct ballot_output out = {0};
	assert_ok(ballots_encrypt(&out, &request, test_rng(), test_arena(), &err), err);
}

static void scratch_of_the_stated_size_is_enough(void **state)
{
	(void)state;
	static uint8_t room[(size_t)16 << 20], bodies[100 * 600];
	static uint8_t plaintexts[100 * MESSAGE_BYTES];
	pseudonym who[100];
	struct arena scratch;
	struct error err;
	for (size_t i = 0; i < 100; i++)
		who[i] = fixture_pseudonym(&server);
	const struct ballot_request request = {&server.rules, &server.styles[1], &server.pk,
	                                       who,           plaintexts,        100};
	const struct ballot_output out = {bodies, NULL, NULL};
	size_t size = ballots_encrypt_scratch_bytes(&server.styles[1], 100) + ARENA_ALIGN;
	assert_true(size <= sizeof room);
	arena_init(&scratch, room, size);
	assert_ok(ballots_encrypt_public_vartime(&out, &request, test_rng(), &scratch, &err), err);
	arena_init(&scratch, room, 4096);
	assert_fails(ballots_encrypt_public_vartime(&out, &request, test_rng(), &scratch, &err), err,
	             ERROR_LIMIT);
}

static bool no_randomness(struct rng *rng, uint8_t *out, size_t len, struct error *err)
{
	(void)rng;
	memset(out, 0, len);
	return fail(err, ERROR_IO, "test: no randomness", ERROR_NOWHERE);
}

static void without_randomness_there_is_no_ballot(void **state)
{
	(void)state;
	struct rng broken = {no_randomness};
	uint8_t body[FIXTURE_BALLOT_BYTES] = {0}, zeros[FIXTURE_BALLOT_BYTES] = {0};
	struct error err;
	const pseudonym who = fixture_pseudonym(&server);
	const struct ballot_request request = {&server.rules, &server.styles[0], &server.pk,
	                                       &who,          server.plaintexts, 1};
	const struct ballot_output out = {body, NULL, NULL};
	assert_fails(ballots_encrypt(&out, &request, &broken, test_arena(), &err), err, ERROR_IO);
	assert_memory_equal(body, zeros, sizeof body);
	const struct ballot_signer signer = {&credentials.voter, &credentials.voter_key,
	                                     &credentials.rules.eid, 0};
	assert_fails(ballot_sign(body, BYTES_NONE, &signer, &broken, &err), err, ERROR_IO);
	assert_memory_equal(body, zeros, sizeof body);
}

static void opening_of_a_ballot_is_accepted_and_any_other_is_not(void **state)
{
	(void)state;
	uint8_t body[FIXTURE_BALLOT_BYTES];
	struct error err;
	struct ballot b;
	scalar r[FIXTURE_COMPONENTS];
	size_t mark = arena_mark(test_arena());
	bytes in = fixture_body(&server, body, 0);
	assert_ok(ballot_parse_body(&b, in, &server.rules, test_arena(), &err), err);
	for (size_t j = 0; j < FIXTURE_COMPONENTS; j++)
		r[j] = server.nonces[j].secret;
	const struct ballot_opening opening = {server.plaintexts, r};
	assert_ok(ballot_check_opening_vartime(&b, &server.pk, &opening, test_arena(), &err), err);
	for (size_t j = 0; j < FIXTURE_COMPONENTS; j++) {
		scalar_add(&r[j], &r[j], &scalar_one);
		assert_fails(ballot_check_opening_vartime(&b, &server.pk, &opening, test_arena(), &err),
		             err, ERROR_REJECTED);
		assert_int_equal(err.at, j);
		scalar_sub(&r[j], &r[j], &scalar_one);
		server.plaintexts[j * MESSAGE_BYTES + 27] ^= 1;
		assert_fails(ballot_check_opening_vartime(&b, &server.pk, &opening, test_arena(), &err),
		             err, ERROR_REJECTED);
		server.plaintexts[j * MESSAGE_BYTES + 27] ^= 1;
	}
	arena_release(test_arena(), mark);
}

static void styles_out_of_bounds_are_refused(void **state)
{
	(void)state;
	struct error err;
	struct ballot_style s;
	uint8_t name[BALLOT_STYLE_NAME_MAX + 1];
	uint32_t widths[LIMIT_GROUPS + 1];
	memset(name, 'x', sizeof name);
	for (size_t i = 0; i <= LIMIT_GROUPS; i++)
		widths[i] = 1;
	assert_ok(ballot_style_init(&s, bytes_of(name, 255), widths, LIMIT_GROUPS, &err), err);
	assert_int_equal(s.components, LIMIT_GROUPS);
	assert_fails(ballot_style_init(&s, BYTES_NONE, widths, 1, &err), err, ERROR_MALFORMED);
	assert_fails(ballot_style_init(&s, BYTES_OF(name), widths, 1, &err), err, ERROR_LIMIT);
	assert_fails(ballot_style_init(&s, BYTES_LITERAL("a"), widths, 0, &err), err, ERROR_MALFORMED);
	assert_fails(ballot_style_init(&s, BYTES_LITERAL("a"), widths, LIMIT_GROUPS + 1, &err), err,
	             ERROR_LIMIT);
	widths[1] = 0;
	assert_fails(ballot_style_init(&s, BYTES_LITERAL("a"), widths, 2, &err), err, ERROR_LIMIT);
	widths[1] = LIMIT_WIDTH + 1;
	assert_fails(ballot_style_init(&s, BYTES_LITERAL("a"), widths, 2, &err), err, ERROR_LIMIT);
	for (size_t i = 0; i < LIMIT_GROUPS; i++)
		widths[i] = LIMIT_WIDTH;
	assert_fails(ballot_style_init(&s, BYTES_LITERAL("a"), widths, LIMIT_GROUPS, &err), err,
	             ERROR_LIMIT);
}

static void longest_head_fits_the_stated_bytes(void **state)
{
	(void)state;
	assert_true(5 + 5 + 16 + 37 + PSEUDONYM_TREE_MAX + 5 + BALLOT_STYLE_NAME_MAX <=
	            BALLOT_HEAD_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ballots_of_both_modes_and_styles_are_accepted),
		cmocka_unit_test(sizes_are_those_of_the_tree),
		cmocka_unit_test(parsing_gives_back_what_was_made),
		cmocka_unit_test(ciphertexts_decrypt_to_the_encoded_plaintext),
		cmocka_unit_test(body_alone_is_parsed_without_seq_and_signature),
		cmocka_unit_test(measure_tells_the_length_from_the_head),
		cmocka_unit_test(blocks_give_ids_nonces_and_good_ballots),
		cmocka_unit_test(empty_block_is_made_of_nothing),
		cmocka_unit_test(scratch_of_the_stated_size_is_enough),
		cmocka_unit_test(without_randomness_there_is_no_ballot),
		cmocka_unit_test(opening_of_a_ballot_is_accepted_and_any_other_is_not),
		cmocka_unit_test(styles_out_of_bounds_are_refused),
		cmocka_unit_test(longest_head_fits_the_stated_bytes),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
