/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are no ballot: each one altered, cut, lengthened, out of range, of another shape. */
#include "support/support.h"

#include "negative/ballot_spoil.h"

#include <stdio.h>

/* Altered anywhere, a ballot is refused; only the server's own seq is bound by nothing but the
 * log's order. */
static void each_altered_byte_is_refused(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		struct fixture *f = of_mode(mode);
		bytes in = fixture_ballot(f, room, 0, 3);
		size_t seq_at = in.len - (mode ? 119 : 0) - 4;
		for (size_t i = 0; i < in.len; i++) {
			struct error err;
			bool is_seq = i >= seq_at && i < seq_at + 4;
			room[i] ^= 1;
			bool accepted = fixture_accepts(f, in, &err);
			if (accepted != (is_seq && mode == BALLOT_SERVER))
				fail_msg("byte %zu of mode %u: %s", i, mode, accepted ? "accepted" : err.what);
			if (!accepted && err.kind != ERROR_MALFORMED && err.kind != ERROR_REJECTED)
				fail_msg("byte %zu: %s", i, error_kind_name(err.kind));
			room[i] ^= 1;
		}
		struct error err;
		assert_ok(fixture_accepts(f, in, &err), err);
	}
}

static void each_truncation_is_malformed(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		bytes in = fixture_ballot(of_mode(mode), room, 0, 3);
		for (size_t len = 0; len < in.len; len++)
			refused(of_mode(mode), bytes_of(room, len), ERROR_MALFORMED);
	}
}

static void trailing_bytes_are_malformed(void **state)
{
	(void)state;
	for (unsigned mode = 0; mode < 2; mode++) {
		bytes in = fixture_ballot(of_mode(mode), room, 0, 3);
		memset(room + in.len, 0, 16);
		refused(of_mode(mode), bytes_of(room, in.len + 1), ERROR_MALFORMED);
		refused(of_mode(mode), bytes_of(room, in.len + 16), ERROR_MALFORMED);
	}
}

static void ballot_beyond_the_limit_is_not_read(void **state)
{
	(void)state;
	static uint8_t large[LIMIT_BALLOT_BYTES + 1];
	refused(&server, BYTES_OF(large), ERROR_LIMIT);
}

static void random_alterations_are_refused(void **state)
{
	(void)state;
	uint8_t whole[FIXTURE_BALLOT_BYTES];
	bytes in = fixture_ballot(&credentials, room, 0, 3);
	memcpy(whole, in.p, in.len);
	for (uint64_t i = 0; i < TEST_COUNT(1000, 10000); i++) {
		struct error err;
		for (uint64_t n = 1 + test_random_below(4); n > 0; n--)
			room[test_random_below(in.len)] = (uint8_t)test_random_u64();
		if (memcmp(room, whole, in.len) != 0 && fixture_accepts(&credentials, in, &err))
			fail_msg("accepted: %s", test_hex(in));
		memcpy(room, whole, in.len);
	}
}

static void errors_name_the_field_and_its_offset(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		const char *detail;
		size_t named;
	} fields[] = {
		{AT_EID + 4, "election id", AT_EID},
		{AT_P + 4, "pseudonym", AT_P},
		{AT_CT + 4, "ciphertexts", AT_CT},
		{AT_U_1 + 40, "u of group 1", AT_U_1},
		{AT_V_1 + 80, "v of group 1", AT_V_1},
		{AT_U_2 + 81 + 40, "u of group 2", AT_U_2 + 81},
		{AT_V_2 + 81 + 40, "v of group 2", AT_V_2 + 81},
		{AT_U_3 + 40, "u of group 3", AT_U_3},
		{AT_AA + 4, "commitments", AT_AA},
		{AT_A_2 + 81 + 40, "A of group 2", AT_A_2 + 81},
		{AT_ZZ + 4, "responses", AT_ZZ},
		{AT_Z_3 + 1, "z of group 3", AT_Z_3},
		{AT_SEQ + 4, "seq", AT_SEQ},
	};
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct error err;
		bytes in = fresh_ballot();
		room[fields[i].at] ^= 1;
		assert_fails(fixture_accepts(&server, in, &err), err, ERROR_MALFORMED);
		char expected[64];
		snprintf(expected, sizeof expected, "%s: byte %zu", fields[i].detail, fields[i].named);
		assert_string_equal(err.detail, expected);
		if (err.at != fields[i].named)
			fail_msg("%s: offset %zu, not %zu", err.detail, (size_t)err.at, fields[i].named);
	}
}

static void unknown_style_is_rejected(void **state)
{
	(void)state;
	struct error err;
	bytes in = fresh_ballot();
	memcpy(room + AT_STYLE + 5, "fourt", 5);
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_REJECTED);
	assert_string_equal(err.what, "ballot: the election has no such style");
}

static void ballot_moved_to_a_style_of_another_shape_is_malformed(void **state)
{
	(void)state;
	bytes in = fresh_ballot();
	memmove(room + AT_CT + 1, room + AT_CT, AT_END - AT_CT);
	room[AT_STYLE + 4] = 6;
	memcpy(room + AT_STYLE + 5, "second", 6);
	refused(&server, bytes_of(room, in.len + 1), ERROR_MALFORMED);
}

/* Adds q or p to the 33-byte number at `at`. */
static void add_modulus(size_t at, const char *modulus)
{
	uint8_t m[32];
	unsigned carry = 0;
	test_from_hex(m, 32, modulus);
	for (size_t i = 32; i-- > 0;) {
		carry += room[at + 1 + i] + m[i];
		room[at + 1 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	room[at] = (uint8_t)(room[at] + carry);
}

static void numbers_not_reduced_are_malformed(void **state)
{
	(void)state;
	static const char q[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
	static const char p[] = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
	for (size_t i = 0; i < COUNT(scalars_at); i++) {
		bytes in = fresh_ballot();
		add_modulus(scalars_at[i] + 5, q);
		refused(&server, in, ERROR_MALFORMED);
	}
	for (size_t i = 0; i < COUNT(points_at); i++) {
		bytes in = fresh_ballot();
		add_modulus(points_at[i] + 10, p);
		refused(&server, in, ERROR_MALFORMED);
		in = fresh_ballot();
		add_modulus(points_at[i] + 48, p);
		refused(&server, in, ERROR_MALFORMED);
	}
	/* q itself, where zero would be meant */
	bytes in = fresh_ballot();
	memset(room + AT_Z_1 + 5, 0, 33);
	add_modulus(AT_Z_1 + 5, q);
	refused(&server, in, ERROR_MALFORMED);
}

static void infinity_zero_and_points_off_the_curve_are_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(points_at); i++) {
		bytes in = fresh_ballot();
		const point infinity = point_infinity();
		put_point_at(points_at[i], &infinity);
		refused(&server, in, ERROR_MALFORMED);
		memset(room + points_at[i] + 10, 0, 33);
		memset(room + points_at[i] + 48, 0, 33);
		refused(&server, in, ERROR_MALFORMED);
		in = fresh_ballot();
		room[points_at[i] + 80] ^= 1;
		refused(&server, in, ERROR_MALFORMED);
		in = fresh_ballot(); /* x of the twist, one way or the other */
		room[points_at[i] + 42] ^= 1;
		refused(&server, in, ERROR_MALFORMED);
	}
}

static void ballot_of_the_other_mode_is_malformed(void **state)
{
	(void)state;
	server.rules.eid = credentials.rules.eid;
	bytes in = fixture_ballot(&credentials, room, 0, 0);
	refused(&server, in, ERROR_MALFORMED);
	in = fixture_ballot(&server, room, 0, 0);
	refused(&credentials, in, ERROR_MALFORMED);
}

static void negative_seq_is_malformed(void **state)
{
	(void)state;
	struct error err;
	bytes in = fresh_ballot();
	room[AT_SEQ + 5] = 0x80;
	assert_fails(fixture_accepts(&server, in, &err), err, ERROR_MALFORMED);
	assert_string_equal(err.what, "ballot: a negative seq");
}

static void nothing_stays_in_the_arena_after_a_refusal(void **state)
{
	(void)state;
	struct ballot b;
	struct error err;
	bytes in = fresh_ballot();
	size_t mark = arena_mark(test_arena());
	room[AT_Z_3 + 1] ^= 1;
	assert_fails(ballot_parse(&b, in, &server.rules, test_arena(), &err), err, ERROR_MALFORMED);
	assert_int_equal(mark, arena_mark(test_arena()));
	uint8_t little[256];
	struct arena small;
	in = fresh_ballot();
	arena_init(&small, little, sizeof little);
	assert_fails(ballot_parse(&b, in, &server.rules, &small, &err), err, ERROR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_altered_byte_is_refused),
		cmocka_unit_test(each_truncation_is_malformed),
		cmocka_unit_test(trailing_bytes_are_malformed),
		cmocka_unit_test(ballot_beyond_the_limit_is_not_read),
		cmocka_unit_test(random_alterations_are_refused),
		cmocka_unit_test(errors_name_the_field_and_its_offset),
		cmocka_unit_test(unknown_style_is_rejected),
		cmocka_unit_test(ballot_moved_to_a_style_of_another_shape_is_malformed),
		cmocka_unit_test(numbers_not_reduced_are_malformed),
		cmocka_unit_test(infinity_zero_and_points_off_the_curve_are_malformed),
		cmocka_unit_test(ballot_of_the_other_mode_is_malformed),
		cmocka_unit_test(negative_seq_is_malformed),
		cmocka_unit_test(nothing_stays_in_the_arena_after_a_refusal),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
