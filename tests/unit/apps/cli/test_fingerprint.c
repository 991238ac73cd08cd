/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "cli/fingerprint.h"
#include "identity/words.h"

#include <ctype.h>

static digest random_digest(char words[static WORDS_TEXT_BYTES])
{
	digest d;
	for (size_t i = 0; i < sizeof d.b; i++)
		d.b[i] = (uint8_t)test_random_below(256);
	words_encode(words, d.b);
	return d;
}

static void assert_reads(const char *text, const digest *expected)
{
	struct error err;
	digest d;
	error_clear(&err);
	assert_ok(fingerprint_parse(&d, text, &err), err);
	assert_memory_equal(d.b, expected->b, sizeof d.b);
}

static void assert_refuses(const char *text)
{
	struct error err;
	digest d;
	assert_fails(fingerprint_parse(&d, text, &err), err, ERROR_MALFORMED);
}

static void words_and_hex_give_the_same_digest(void **state)
{
	(void)state;
	char words[WORDS_TEXT_BYTES], hex[65];
	for (uint64_t i = 0; i < TEST_COUNT(100, 10000); i++) {
		digest d = random_digest(words);
		hex_encode(hex, BYTES_OF(d.b));
		assert_reads(words, &d);
		assert_reads(hex, &d);
		for (char *p = hex; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		assert_reads(hex, &d);
	}
}

static void blanks_and_line_ends_do_not_count(void **state)
{
	(void)state;
	char words[WORDS_TEXT_BYTES], text[4 * WORDS_TEXT_BYTES] = "\n ";
	digest d = random_digest(words);
	size_t len = 2;
	for (const char *p = words; *p; p++) {
		if (*p == '-')
			text[len++] = p - words < 40 ? ' ' : '\n';
		text[len++] = *p;
	}
	text[len++] = '\r';
	text[len++] = '\n';
	text[len] = '\0';
	assert_reads(text, &d);
}

static void everything_else_is_refused(void **state)
{
	(void)state;
	char words[WORDS_TEXT_BYTES], text[1024];
	random_digest(words);
	assert_refuses("");
	assert_refuses("   ");
	assert_refuses("lusab");
	assert_refuses("00");
	memcpy(text, words, sizeof words);
	text[5] = 'a'; /* the first hyphen */
	assert_refuses(text);
	memcpy(text, words, sizeof words);
	text[WORDS_TEXT_BYTES - 2] = '\0';
	assert_refuses(text);
	memset(text, 'b', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_refuses(text);
	memset(text, '0', 66);
	text[65] = '\0';
	assert_refuses(text);
	text[63] = '\0';
	assert_refuses(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_hex_give_the_same_digest),
		cmocka_unit_test(blanks_and_line_ends_do_not_count),
		cmocka_unit_test(everything_else_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
