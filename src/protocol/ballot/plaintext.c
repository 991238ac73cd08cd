/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/plaintext.h"

#include "base/ct.h"
#include "base/declassify.h"

/* Numbers are limbs of 32 bits, the least significant first; a point's message is 7 of them. */
#define POINT_LIMBS (MESSAGE_BYTES / 4)
#define MAX_LIMBS (LIMIT_WIDTH * POINT_LIMBS)

_Static_assert(MESSAGE_BYTES % 4 == 0, "a message is whole limbs");
_Static_assert(PLAINTEXT_MAX_BASE <= 1u << 16, "a product overruns its bound by 16 bits at most");

/* a = a·factor + add; constant time in both; the carry out of the last limb is returned. */
static uint32_t multiply_add(uint32_t *a, size_t limbs, uint32_t factor, uint32_t add)
{
	uint64_t carry = add;
	for (size_t i = 0; i < limbs; i++) {
		carry += (uint64_t)a[i] * factor;
		a[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return (uint32_t)carry;
}

/* a = ⌊a / divisor⌋; returns the remainder. */
static uint32_t divide_vartime(uint32_t *a, size_t limbs, uint32_t divisor)
{
	uint64_t rest = 0;
	for (size_t i = limbs; i-- > 0;) {
		rest = rest << 32 | a[i];
		a[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	return (uint32_t)rest;
}

static size_t without_leading_zeros(const uint32_t *a, size_t limbs)
{
	while (limbs > 0 && a[limbs - 1] == 0)
		limbs--;
	return limbs;
}

/* The largest N is Π base - 1 = Σ (base[i] - 1)·Π_{j<i} base[j]; ω is what that number needs. */
bool plaintext_width(uint32_t *width, const uint32_t *bases, size_t digits, struct error *err)
{
	uint32_t largest[MAX_LIMBS] = {0};
	*width = 0;
	if (digits == 0)
		return fail(err, ERROR_MALFORMED, "plaintext: a group without questions", ERROR_NOWHERE);
	for (size_t i = digits; i-- > 0;) {
		if (bases[i] < 2 || bases[i] > PLAINTEXT_MAX_BASE)
			return fail(err, ERROR_MALFORMED, "plaintext: a base that is no base", i);
		if (multiply_add(largest, MAX_LIMBS, bases[i], bases[i] - 1) != 0)
			return fail(err, ERROR_LIMIT, "plaintext: more choices than one ballot can hold",
			            LIMIT_WIDTH);
	}
	size_t limbs = without_leading_zeros(largest, MAX_LIMBS);
	*width = (uint32_t)((limbs + POINT_LIMBS - 1) / POINT_LIMBS);
	return true;
}

bool plaintext_code_init(struct plaintext_code *code, const uint32_t *bases, size_t digits,
                         struct error *err)
{
	*code = (struct plaintext_code){bases, digits, 0};
	return plaintext_width(&code->width, bases, digits, err);
}

bool plaintext_encode(uint8_t *out, const struct plaintext_code *code, const uint32_t *digits,
                      struct error *err)
{
	uint32_t n[MAX_LIMBS] = {0};
	size_t limbs = (size_t)code->width * POINT_LIMBS;
	uint64_t good = 1;
	for (size_t i = code->digits; i-- > 0;) {
		multiply_add(n, limbs, code->bases[i], digits[i]);
		good &= ((uint64_t)digits[i] - code->bases[i]) >> 63;
	}
	uint64_t keep = ct_mask_of_bit(good);
	for (size_t i = 0; i < limbs; i++)
		store_be32(out + 4 * (limbs - 1 - i), n[i] & (uint32_t)keep);
	wipe(n, sizeof n);
	if (!ct_declassify(good))
		return fail(err, ERROR_MALFORMED, "plaintext: a choice that the question does not have",
		            ERROR_NOWHERE);
	return true;
}

bool plaintext_decode_vartime(uint32_t *digits, const struct plaintext_code *code,
                              const uint8_t *in)
{
	uint32_t n[MAX_LIMBS];
	size_t limbs = (size_t)code->width * POINT_LIMBS;
	for (size_t i = 0; i < limbs; i++)
		n[i] = load_be32(in + 4 * (limbs - 1 - i));
	for (size_t i = 0; i < code->digits; i++) {
		limbs = without_leading_zeros(n, limbs);
		digits[i] = divide_vartime(n, limbs, code->bases[i]);
	}
	if (without_leading_zeros(n, limbs) == 0)
		return true;
	memset(digits, 0, code->digits * sizeof *digits);
	return false;
}

enum verdict plaintext_decode_points_vartime(uint32_t *digits, const struct plaintext_code *code,
                                             const point *m)
{
	uint8_t plaintext[PLAINTEXT_MAX_BYTES];
	for (size_t j = 0; j < code->width; j++) {
		if (!message_decode_canonical(plaintext + j * MESSAGE_BYTES, &m[j])) {
			memset(digits, 0, code->digits * sizeof *digits);
			return VERDICT_NOT_CANONICAL;
		}
	}
	return plaintext_decode_vartime(digits, code, plaintext) ? VERDICT_VALID : VERDICT_OUT_OF_RANGE;
}
