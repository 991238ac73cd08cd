/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/protocol/mixnet/world.h"

static struct mix_session good(void)
{
	struct mix_session s;
	struct error err;
	assert_ok(mix_session_init(&s, BYTES_LITERAL("MyDemo"), BYTES_LITERAL("default"), 3, 2, &err),
	          err);
	return s;
}

static void rho_is_the_documented_example(void **state)
{
	(void)state;
	struct mix_session s = good();
	uint8_t want[32], rho[HASH_MAX_BYTES];
	test_from_hex(want, 32, "93735233130915162640564d02defe15975323234e0a7eec90ae3aefa26ff112");
	mix_rho(rho, &s);
	assert_memory_equal(rho, want, 32);
}

static void rho_depends_on_what_it_binds_and_on_nothing_else(void **state)
{
	(void)state;
	struct mix_session base = good(), s;
	uint8_t rho[HASH_MAX_BYTES] = {0}, other[HASH_MAX_BYTES] = {0};
	mix_rho(rho, &base);
	for (int i = 0; i < 6; i++) {
		s = base;
		if (i == 0)
			s.sid[0] = 'N';
		else if (i == 1)
			s.auxsid[0] = 'e';
		else if (i == 2)
			s.statdist++;
		else if (i == 3)
			s.vbits++;
		else if (i == 4)
			s.ebits++;
		else
			s.prg = HASH_SHA384;
		mix_rho(other, &s);
		assert_memory_not_equal(rho, other, 32);
	}
	s = base;
	s.parties = 5;
	s.threshold = 4;
	s.width = 3;
	mix_rho(other, &s);
	assert_memory_equal(rho, other, 32);
}

static void each_parameter_out_of_range_is_named(void **state)
{
	(void)state;
	static const struct {
		size_t offset;
		uint32_t value;
		enum error_kind kind;
		const char *word;
	} cases[] = {
		{offsetof(struct mix_session, parties), 0, ERROR_MALFORMED, "no party"},
		{offsetof(struct mix_session, parties), 26, ERROR_LIMIT, "25 parties"},
		{offsetof(struct mix_session, threshold), 0, ERROR_MALFORMED, "threshold is 0"},
		{offsetof(struct mix_session, threshold), 4, ERROR_MALFORMED, "threshold exceeds"},
		{offsetof(struct mix_session, width), 0, ERROR_MALFORMED, "width is 0"},
		{offsetof(struct mix_session, width), 17, ERROR_LIMIT, "width exceeds"},
		{offsetof(struct mix_session, statdist), 257, ERROR_LIMIT, "statdist"},
		{offsetof(struct mix_session, vbits), 255, ERROR_LIMIT, "vbitlenro"},
		{offsetof(struct mix_session, vbits), 513, ERROR_LIMIT, "vbitlenro"},
		{offsetof(struct mix_session, ebits), 255, ERROR_LIMIT, "ebitlenro"},
		{offsetof(struct mix_session, ebits), 513, ERROR_LIMIT, "ebitlenro"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mix_session s = good();
		struct error err;
		memcpy((uint8_t *)&s + cases[i].offset, &cases[i].value, sizeof cases[i].value);
		assert_fails(mix_session_validate(&s, &err), err, cases[i].kind);
		assert_non_null(strstr(err.what, cases[i].word));
	}
}

static void sid_is_a_letter_and_letters_or_digits(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "a", "1ab", "a b", "a_b", "ab\x80", "ab."};
	struct mix_session s;
	struct error err;
	char longest[1026];
	memset(longest, 'a', sizeof longest);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_fails(mix_session_init(&s, bytes_of_text(bad[i]), BYTES_LITERAL("l1"), 2, 2, &err),
		             err, ERROR_MALFORMED);
	assert_ok(mix_session_init(&s, bytes_of(longest, 1024), BYTES_LITERAL("l1"), 2, 2, &err), err);
	assert_fails(mix_session_init(&s, bytes_of(longest, 1025), BYTES_LITERAL("l1"), 2, 2, &err),
	             err, ERROR_MALFORMED);
	assert_fails(mix_session_init(&s, bytes_of("ab\0cd", 5), BYTES_LITERAL("l1"), 2, 2, &err), err,
	             ERROR_MALFORMED);
}

static void auxsid_is_letters_digits_and_underscores(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "a-b", "a.b", "../x", "a b"};
	struct mix_session s = good();
	struct error err;
	char longest[257];
	memset(longest, 'a', sizeof longest);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_fails(mix_session_set_auxsid(&s, bytes_of_text(bad[i]), &err), err, ERROR_MALFORMED);
	assert_ok(mix_session_set_auxsid(&s, BYTES_LITERAL("_1a"), &err), err);
	assert_ok(mix_session_set_auxsid(&s, bytes_of(longest, 255), &err), err);
	assert_fails(mix_session_set_auxsid(&s, bytes_of(longest, 256), &err), err, ERROR_MALFORMED);
	assert_fails(mix_session_set_auxsid(&s, bytes_of("a\0b", 3), &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rho_is_the_documented_example),
		cmocka_unit_test(rho_depends_on_what_it_binds_and_on_nothing_else),
		cmocka_unit_test(each_parameter_out_of_range_is_named),
		cmocka_unit_test(sid_is_a_letter_and_letters_or_digits),
		cmocka_unit_test(auxsid_is_letters_digits_and_underscores),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
