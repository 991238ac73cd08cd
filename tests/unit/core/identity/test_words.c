/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "identity/words.h"

#include <stdio.h>

static struct error err;

/* The eight network addresses the paper gives as examples, and their words. */
static const uint8_t digest[32] = {127, 0,   0,   1,   63,  84, 220, 193, 63,  118, 7,
                                   35,  140, 98,  193, 141, 64, 255, 6,   200, 128, 30,
                                   52,  45,  147, 67,  119, 2,  212, 58,  253, 68};
static const char words[] = "lusab-babad-gutih-tugad-gutuk-bisog-mudof-sakat-"
							"haguz-biram-mabiv-gibot-natag-lisaf-tibup-zujah";

static void the_papers_examples_come_out(void **state)
{
	(void)state;
	char out[WORDS_TEXT_BYTES];
	words_encode(out, digest);
	assert_string_equal(out, words);
}

static void every_pair_of_bytes_comes_back(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 65536; v += 16) {
		uint8_t in[32], back[32];
		char out[WORDS_TEXT_BYTES];
		for (unsigned i = 0; i < 16; i++) {
			in[2 * i] = (uint8_t)((v + i) >> 8);
			in[2 * i + 1] = (uint8_t)(v + i);
		}
		words_encode(out, in);
		assert_int_equal(strlen(out), WORDS_TEXT_BYTES - 1);
		assert_ok(words_decode(back, bytes_of_text(out), &err), err);
		assert_memory_equal(back, in, 32);
	}
}

static void capitals_and_blanks_are_taken(void **state)
{
	(void)state;
	uint8_t back[32], again[32];
	char text[WORDS_TEXT_BYTES];
	words_encode(text, digest);
	for (char *p = text; *p; p++)
		*p = *p == '-' ? ' ' : (char)(*p - 'a' + 'A');
	assert_ok(words_decode(back, bytes_of_text(text), &err), err);
	assert_memory_equal(back, digest, 32);
	words_encode(text, digest);
	assert_ok(words_decode(again, bytes_of_text(text), &err), err);
	assert_memory_equal(again, digest, 32);
}

/* Replaces text[at..at+cut) by `with`, decodes, and expects this refusal. */
static void refused(size_t at, size_t cut, const char *with, uint64_t word, const char *detail)
{
	char text[256], good[WORDS_TEXT_BYTES];
	uint8_t back[32];
	words_encode(good, digest);
	snprintf(text, sizeof text, "%.*s%s%s", (int)at, good, with, good + at + cut);
	assert_fails(words_decode(back, bytes_of_text(text), &err), err, ERROR_MALFORMED);
	assert_int_equal(err.at, word);
	assert_string_equal(err.detail, detail);
}

static void a_refusal_names_the_word_and_the_letter(void **state)
{
	(void)state;
	refused(7, 1, "e", 2, "word 2 \"bebad\": letter 2 must be one of aiou");
	refused(6, 1, "c", 2, "word 2 \"cabad\": letter 1 must be one of bdfghjklmnprstvz");
	refused(10, 1, "", 2, "word 2 \"baba\": needs five letters");
	refused(11, 0, "k", 2, "word 2 \"babadk\": needs five letters");
	refused(0, 6, "-", 1, "word 1 \"\": needs five letters");
	refused(5, 1, "  ", 2, "word 2 \"\": needs five letters");
	refused(5, 1, "_", 1, "word 1 \"lusab_babad\": needs five letters");
	refused(0, 1, "\x1b", 1, "word 1 \"?usab\": letter 1 must be one of bdfghjklmnprstvz");
	refused(90, 5, "", 15, "there are 15");
	refused(95, 0, "-", 16, "");
	refused(95, 0, "-babad", 16, "");
	refused(0, 95, "", 0, "there are 0");
}

static void every_truncation_of_the_words_is_refused(void **state)
{
	(void)state;
	char text[WORDS_TEXT_BYTES];
	uint8_t back[32];
	words_encode(text, digest);
	for (size_t len = 0; len < WORDS_TEXT_BYTES - 1; len++)
		assert_fails(words_decode(back, bytes_of(text, len), &err), err, ERROR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_papers_examples_come_out),
		cmocka_unit_test(every_pair_of_bytes_comes_back),
		cmocka_unit_test(capitals_and_blanks_are_taken),
		cmocka_unit_test(a_refusal_names_the_word_and_the_letter),
		cmocka_unit_test(every_truncation_of_the_words_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
