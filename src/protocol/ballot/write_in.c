/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/write_in_internal.h"

#include "base/ct.h"

/* All ones if lo ≤ v ≤ hi; numbers below 2^63. Without the barriers gcc sees the ranges and makes
 * tables and conditional moves of them. */
static uint64_t within(uint64_t v, uint64_t lo, uint64_t hi)
{
	uint64_t outside = (ct_barrier(v - lo) | ct_barrier(hi - v)) >> 63;
	return ~ct_mask_of_bit(outside);
}

/* Between two bytes: what is expected next. The next byte begins a character if more is 0. */
struct decoder {
	uint64_t more;   /* bytes that the character still needs */
	uint64_t lo, hi; /* what the next of them may be: rules out long forms and surrogates */
	uint64_t code;
};

static uint64_t is_forbidden(uint64_t code)
{
	return within(code, 0, 0x1f) | within(code, 0x7f, 0x9f) | within(code, 0x2028, 0x202e) |
	       within(code, 0x2066, 0x2069);
}

/* Takes one byte; all ones if it cannot stand here. */
static uint64_t take(struct decoder *d, uint64_t b)
{
	const uint64_t begins = ct_mask_zero(d->more);
	const uint64_t one = within(b, 0, 0x7f), two = within(b, 0xc2, 0xdf);
	const uint64_t three = within(b, 0xe0, 0xef), four = within(b, 0xf0, 0xf4);
	uint64_t bad = ct_select(begins, ~(one | two | three | four), ~within(b, d->lo, d->hi));
	uint64_t first = b & (one | (two & 0x1f) | (three & 0x0f) | (four & 0x07));
	d->code = ct_select(begins, first, d->code << 6 | (b & 0x3f));
	d->more = ct_select(begins, (two & 1) | (three & 2) | (four & 3), d->more - 1);
	const uint64_t e0 = ct_mask_equal(b, 0xe0), f0 = ct_mask_equal(b, 0xf0);
	uint64_t lo = ct_select(e0, 0xa0, ct_select(f0, 0x90, 0x80));
	const uint64_t ed = ct_mask_equal(b, 0xed), f4 = ct_mask_equal(b, 0xf4);
	uint64_t hi = ct_select(ed, 0x9f, ct_select(f4, 0x8f, 0xbf));
	d->lo = ct_select(begins, lo, 0x80);
	d->hi = ct_select(begins, hi, 0xbf);
	return bad | (ct_mask_zero(d->more) & is_forbidden(d->code));
}

uint64_t write_in_is_malformed(uint32_t length, const uint32_t *text)
{
	struct decoder now = {0, 0x80, 0xbf, 0}, next;
	uint64_t bad = 0;
	for (uint64_t i = 0; i < WRITE_IN_BYTES; i++) {
		/* The barrier keeps i - length from becoming the loop's counter and its end. */
		const uint64_t inside = ct_mask_of_bit((ct_barrier(i) - length) >> 63);
		next = now;
		bad |= ct_select(inside, take(&next, text[i]), ~ct_mask_zero(text[i]));
		now.more = ct_select(inside, next.more, now.more);
		now.lo = next.lo;
		now.hi = next.hi;
		now.code = next.code;
	}
	bad |= ~ct_mask_zero(now.more);
	wipe(&now, sizeof now);
	wipe(&next, sizeof next);
	return bad & 1;
}
