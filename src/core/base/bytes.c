/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

/*
 * What is in a text is always a prefix of what was asked for: after the first cut nothing more is
 * added, and a cut never leaves half a UTF-8 character behind.
 */
void text_add_bytes(struct text *t, bytes b)
{
	if (t->cut || t->size == 0) {
		t->cut = t->cut || b.len > 0;
		return;
	}
	size_t n = t->size - 1 - t->len;
	if (b.len <= n) {
		n = b.len;
	} else {
		while (n > 0 && (b.p[n] & 0xc0) == 0x80)
			n--;
		t->cut = true;
	}
	if (n > 0)
		memcpy(t->p + t->len, b.p, n);
	t->len += n;
	t->p[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, bytes_of_text(s));
}

void text_add_u64(struct text *t, uint64_t v)
{
	uint8_t digits[20]; /* 2^64 has 20 */
	size_t first = sizeof digits;
	do {
		digits[--first] = (uint8_t)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	text_add_bytes(t, bytes_from(BYTES_OF(digits), first));
}

/* Hex is also used on keys: no table, no branch on the digits. */
static char hex_digit(unsigned nibble)
{
	unsigned letter = (9u - nibble) >> 31; /* 1 for 10…15 */
	return (char)('0' + nibble + letter * ('a' - '0' - 10));
}

void text_add_hex(struct text *t, bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		const char pair[2] = {hex_digit(b.p[i] >> 4), hex_digit(b.p[i] & 15)};
		text_add_bytes(t, bytes_of(pair, sizeof pair));
	}
}

void hex_encode(char *out, bytes in)
{
	for (size_t i = 0; i < in.len; i++) {
		out[2 * i] = hex_digit(in.p[i] >> 4);
		out[2 * i + 1] = hex_digit(in.p[i] & 15);
	}
	out[2 * in.len] = '\0';
}

/* 0…15, or a value with bit 31 set for what is no digit. */
static uint32_t hex_value(uint32_t c)
{
	uint32_t d = c - '0', l = (c | 0x20) - 'a';
	uint32_t is_digit = (uint32_t)(((uint64_t)d - 10) >> 32);
	uint32_t is_letter = (uint32_t)(((uint64_t)l - 6) >> 32);
	return (d & is_digit) | ((l + 10) & is_letter) | (~(is_digit | is_letter) & 0x80000000u);
}

bool hex_decode(uint8_t *out, size_t out_len, bytes in)
{
	if (in.len / 2 != out_len || in.len % 2 != 0)
		return false;
	uint32_t bad = 0;
	for (size_t i = 0; i < out_len; i++) {
		uint32_t high = hex_value(in.p[2 * i]), low = hex_value(in.p[2 * i + 1]);
		bad |= high | low;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return bad >> 31 == 0;
}

bool number_decode(uint64_t *out, bytes in, uint64_t max)
{
	*out = 0;
	if (in.len == 0 || (in.p[0] == '0' && in.len > 1))
		return false;
	for (size_t i = 0; i < in.len; i++) {
		unsigned digit = in.p[i] - (unsigned)'0';
		if (digit > 9 || digit > max || *out > (max - digit) / 10)
			return false;
		*out = *out * 10 + digit;
	}
	return true;
}
