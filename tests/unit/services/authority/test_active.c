/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "authority/authority.h"

static const struct manifest five = {.authorities_count = 5, .threshold = 3};
static const struct manifest most = {.authorities_count = 25, .threshold = 1};

static void reads(const struct manifest *m, const char *text, const char *parties)
{
	struct active_parties a;
	struct error err;
	error_clear(&err);
	assert_ok(active_parties_parse(&a, m, text, &err), err);
	assert_int_equal(a.count, strlen(parties));
	for (unsigned i = 0; i < a.count; i++)
		assert_int_equal(a.party[i], parties[i] - 'a' + 1);
}

static void refuses(const char *text, enum error_kind kind, const char *detail)
{
	struct active_parties a;
	struct error err;
	assert_fails(active_parties_parse(&a, &five, text, &err), err, kind);
	assert_string_equal(err.detail, detail);
}

static void lists_are_read_in_ascending_order(void **state)
{
	(void)state;
	reads(&five, "1,2,3", "abc");
	reads(&five, "5,1,3", "ace");
	reads(&five, "5,4,3,2,1", "abcde");
	reads(&most, "25", "y");
	reads(&most, "10,1,25,2", "abjy");
}

static void all_are_all(void **state)
{
	(void)state;
	struct active_parties a;
	struct error err;
	error_clear(&err);
	assert_ok(active_parties_all(&a, &five, &err), err);
	assert_int_equal(a.count, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(a.party[i], i + 1);
}

static void what_is_no_list_of_numbers_is_malformed(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",  ",",      "1,",     ",1",      "1,,2,3", "1;2;3",   "1 2 3",    "1, 2,3",
		"a", "-1,2,3", "+1,2,3", "1.0,2,3", "1,2,3x", "0x1,2,3", "1234,2,3", "4294967297,2,3"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(bad[i], ERROR_MALFORMED, bad[i]);
}

static void unknown_repeated_and_too_few_are_rejected(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{"0,1,2", "authority 0: 0,1,2"},       {"1,2,6", "authority 6: 1,2,6"},
		{"1,2,26", "authority 26: 1,2,26"},    {"1,2,999", "authority 999: 1,2,999"},
		{"1,1,2", "authority 1: 1,1,2"},       {"3,1,3", "authority 3: 3,1,3"},
		{"1,2,3,02", "authority 2: 1,2,3,02"}, {"1,2", "2 named, the threshold is 3"},
		{"1", "1 named, the threshold is 3"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(bad[i][0], ERROR_REJECTED, bad[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read_in_ascending_order),
		cmocka_unit_test(all_are_all),
		cmocka_unit_test(what_is_no_list_of_numbers_is_malformed),
		cmocka_unit_test(unknown_repeated_and_too_few_are_rejected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
