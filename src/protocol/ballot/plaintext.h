/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plaintext of one question group: digits in mixed radix as one integer, in ω points.
 *
 *   N = Σ digit[i] · Π_{j<i} base[j]          the first digit is the least significant one
 *   ω = max(1, ⌈log₂(Π base) / 224⌉)          computed exactly, in integers
 * N is written big-endian in exactly 28·ω bytes; chunk j of 28 bytes is the message of point j.
 *
 * Sizes: digits and bases are uint32_t; 28 bytes per point.
 * Secrets: plaintext_encode is constant time in the digits; decoding is for decrypted, public data.
 * Inputs: bases come from the manifest (2 ≤ base ≤ PLAINTEXT_MAX_BASE), checked by
 *   plaintext_code_init; a code made by it is sound.
 * Memory: a code borrows the array of bases.
 * Errors: LIMIT when the product needs more than LIMIT_WIDTH points.
 * Cost: digits · 7ω word multiplications (divisions when decoding).
 */
#ifndef BALLOT_PLAINTEXT_H
#define BALLOT_PLAINTEXT_H

#include "ballot/verdict.h"
#include "base/limits.h"
#include "elgamal/elgamal.h"

#define PLAINTEXT_MAX_BYTES ((size_t)LIMIT_WIDTH * MESSAGE_BYTES)
#define PLAINTEXT_MAX_DIGITS ((size_t)LIMIT_WIDTH * MESSAGE_BYTES * 8) /* every base is ≥ 2 */
#define PLAINTEXT_MAX_BASE 65536u

struct plaintext_code {
	const uint32_t *bases; /* borrows */
	size_t digits;
	uint32_t width; /* ω */
};

bool plaintext_width(uint32_t *width, const uint32_t *bases, size_t digits,
                     struct error *err) must_check;
bool plaintext_code_init(struct plaintext_code *code, const uint32_t *bases, size_t digits,
                         struct error *err) must_check;

static inline size_t plaintext_bytes(const struct plaintext_code *code)
{
	return (size_t)code->width * MESSAGE_BYTES;
}

/* out: plaintext_bytes(code). MALFORMED when a digit is not below its base (out is zeros then; the
 * error does not say which digit: it may be a vote). */
bool plaintext_encode(uint8_t *out, const struct plaintext_code *code, const uint32_t *digits,
                      struct error *err) must_check;
/* in: plaintext_bytes(code). false: N ≥ Π base, no choice gives it; digits are zeros then. */
bool plaintext_decode_vartime(uint32_t *digits, const struct plaintext_code *code,
                              const uint8_t *in) must_check;

/* From ω decrypted points: VALID (the digits are in range), NOT_CANONICAL or OUT_OF_RANGE. */
enum verdict plaintext_decode_points_vartime(uint32_t *digits, const struct plaintext_code *code,
                                             const point *m) must_check;

#endif
