/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/words.h"

#define WORD_LETTERS 5u

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aiou";

static bool is_vowel_place(size_t place)
{
	return place % 2 == 1;
}

void words_encode(char out[static WORDS_TEXT_BYTES],
                  const uint8_t digest[static WORDS_DIGEST_BYTES])
{
	for (size_t i = 0; i < WORDS_COUNT; i++, digest += 2) {
		unsigned v = (unsigned)digest[0] << 8 | digest[1];
		*out++ = consonants[v >> 12];
		*out++ = vowels[v >> 10 & 3];
		*out++ = consonants[v >> 6 & 15];
		*out++ = vowels[v >> 4 & 3];
		*out++ = consonants[v & 15];
		*out++ = i + 1 < WORDS_COUNT ? '-' : '\0';
	}
}

/* Index in an alphabet, or -1. */
static int letter_value(const char *alphabet, uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		c = (uint8_t)(c - 'A' + 'a');
	for (int i = 0; alphabet[i]; i++)
		if ((uint8_t)alphabet[i] == c)
			return i;
	return -1;
}

/* The word as it was typed, as far as it can be printed, and what is wrong with it. */
static bool refuse(struct error *err, const char *what, size_t word, bytes rest, const char *reason)
{
	char room[ERROR_DETAIL_BYTES];
	struct text t = TEXT_OF(room);
	text_add(&t, "word ");
	text_add_u64(&t, word + 1);
	text_add(&t, " \"");
	for (size_t i = 0; i < rest.len && i < 12 && rest.p[i] != '-' && rest.p[i] != ' '; i++)
		text_add_bytes(&t, rest.p[i] > ' ' && rest.p[i] < 0x7f ? bytes_of(rest.p + i, 1)
		                                                       : BYTES_LITERAL("?"));
	text_add(&t, "\": ");
	text_add(&t, reason);
	return fail_detail(err, ERROR_MALFORMED, what, word + 1, room);
}

static bool refuse_letter(struct error *err, size_t word, bytes rest, size_t place)
{
	char room[96];
	struct text t = TEXT_OF(room);
	text_add(&t, "letter ");
	text_add_u64(&t, place + 1);
	text_add(&t, " must be one of ");
	text_add(&t, is_vowel_place(place) ? vowels : consonants);
	return refuse(err, "words: a letter that cannot stand here", word, rest, room);
}

static bool decode_word(uint8_t out[static 2], size_t word, bytes rest, struct error *err)
{
	unsigned v = 0;
	for (size_t place = 0; place < WORD_LETTERS; place++) {
		bool ended = place >= rest.len || rest.p[place] == '-' || rest.p[place] == ' ';
		if (ended)
			return refuse(err, "words: a word is too short", word, rest, "needs five letters");
		bool vowel = is_vowel_place(place);
		int value = letter_value(vowel ? vowels : consonants, rest.p[place]);
		if (value < 0)
			return refuse_letter(err, word, rest, place);
		v = v << (vowel ? 2 : 4) | (unsigned)value;
	}
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return true;
}

bool words_decode(uint8_t digest[static WORDS_DIGEST_BYTES], bytes text, struct error *err)
{
	memset(digest, 0, WORDS_DIGEST_BYTES);
	for (size_t i = 0; i < WORDS_COUNT; i++) {
		if (text.len == 0) {
			fail(err, ERROR_MALFORMED, "words: there must be sixteen", i);
			return fail_within_index(err, "there are", i);
		}
		if (!decode_word(digest + 2 * i, i, text, err))
			return false;
		bytes after = bytes_from(text, WORD_LETTERS);
		bool last = i + 1 == WORDS_COUNT;
		if (last && after.len > 0)
			return fail(err, ERROR_MALFORMED, "words: something follows the sixteenth",
			            WORDS_COUNT);
		if (!last && after.len > 0 && after.p[0] != '-' && after.p[0] != ' ')
			return refuse(err, "words: a word is too long", i, text, "needs five letters");
		text = bytes_from(after, 1);
	}
	return true;
}
