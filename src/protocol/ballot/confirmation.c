/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/confirmation.h"

#define DIGITS 26u
#define CHECK_MODULUS 37u
#define NO_DIGIT 255u

/* The last five serve as check characters only. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

confirmation confirmation_of(const digest *ballot_id)
{
	confirmation c;
	memcpy(c.b, ballot_id->b, sizeof c.b);
	c.b[CONFIRMATION_BYTES - 1] &= 0xc0;
	return c;
}

bool confirmation_equal(const confirmation *a, const confirmation *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

/* Five bits from bit 5·i on, the first bit being the highest of byte 0. */
static unsigned digit_at(const confirmation *c, size_t i)
{
	size_t bit = 5 * i, byte = bit / 8;
	unsigned pair = (unsigned)c->b[byte] << 8;
	if (byte + 1 < CONFIRMATION_BYTES)
		pair |= c->b[byte + 1];
	return pair >> (11 - bit % 8) & 31;
}

static void put_digit_at(confirmation *c, size_t i, unsigned digit)
{
	size_t bit = 5 * i, byte = bit / 8;
	unsigned pair = digit << (11 - bit % 8);
	c->b[byte] = (uint8_t)(c->b[byte] | pair >> 8);
	if (byte + 1 < CONFIRMATION_BYTES)
		c->b[byte + 1] = (uint8_t)(c->b[byte + 1] | (pair & 255));
}

static unsigned check_of(const confirmation *c)
{
	unsigned rest = 0;
	for (size_t i = 0; i < DIGITS; i++)
		rest = (rest * 32 + digit_at(c, i)) % CHECK_MODULUS;
	return rest;
}

void confirmation_format(char out[static CONFIRMATION_TEXT_BYTES], const confirmation *c)
{
	for (size_t i = 0; i < CONFIRMATION_CHARACTERS; i++) {
		if (i > 0 && i % 4 == 0)
			*out++ = '-';
		*out++ = alphabet[i < DIGITS ? digit_at(c, i) : check_of(c)];
	}
	*out = '\0';
}

/* What people write for what the code has. */
static unsigned value_of(uint8_t written)
{
	char c = (char)written;
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	for (unsigned i = 0; alphabet[i]; i++) {
		if (alphabet[i] == c)
			return i;
	}
	return NO_DIGIT;
}

bool confirmation_parse(confirmation *out, bytes text, struct error *err)
{
	confirmation c = {{0}};
	size_t count = 0;
	unsigned check = NO_DIGIT;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == ' ' || text.p[i] == '-')
			continue;
		unsigned value = value_of(text.p[i]);
		if (count == CONFIRMATION_CHARACTERS)
			return fail(err, ERROR_MALFORMED, "confirmation code: longer than 27 characters", i);
		if (value == NO_DIGIT || (value >= 32 && count < DIGITS)) {
			fail(err, ERROR_MALFORMED, "confirmation code: no code has this character", i);
			return fail_within_index(err, "character", i + 1);
		}
		if (count < DIGITS)
			put_digit_at(&c, count, value);
		else
			check = value;
		count++;
	}
	if (count < CONFIRMATION_CHARACTERS)
		return fail(err, ERROR_MALFORMED, "confirmation code: shorter than 27 characters",
		            text.len);
	if (check != check_of(&c))
		return fail(err, ERROR_MALFORMED,
		            "confirmation code: the check character does not fit, compare all of them",
		            ERROR_NOWHERE);
	*out = c;
	return true;
}
