/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between a back end's domain and bytes, the check of the curve equation, and y from x.
 */
#include "group/jacobi_internal.h"
#include "group/kernels_internal.h"

void KERNEL(kernel_curve_b)(fe *out)
{
	static const uint64_t b[4] = {0x3bce3c3e27d2604b, 0x651d06b0cc53b0f6, 0xb3ebbd55769886bc,
	                              0x5ac635d8aa3a93e7};
	fe_from_plain(out, b);
}

void KERNEL(kernel_generator)(point *out)
{
	static const uint64_t x[4] = {0xf4a13945d898c296, 0x77037d812deb33a0, 0xf8bce6e563a440f2,
	                              0x6b17d1f2e12c4247};
	static const uint64_t y[4] = {0xcbb6406837bf51f5, 0x2bce33576b315ece, 0x8ee7eb4a7c0f9e16,
	                              0x4fe342e2fe1a7f9b};
	struct affine a;
	fe_from_plain(&a.x, x);
	fe_from_plain(&a.y, y);
	affine_store(out, &a);
}

/* x³ - 3x + b */
static void right_side(fe *out, const fe *x, const fe *b)
{
	fe t, three_x;
	fe_sqr(&t, x);
	fe_mul(&t, &t, x);
	fe_triple(&three_x, x);
	fe_sub(&t, &t, &three_x);
	fe_add(out, &t, b);
}

size_t KERNEL(kernel_decode)(point *out, const uint8_t *x, const uint8_t *y, size_t step, size_t n)
{
	fe b, left, right;
	KERNEL(kernel_curve_b)(&b);
	for (size_t i = 0; i < n; i++) {
		struct affine a;
		bool x_in_range = fe_decode(&a.x, x + i * step), y_in_range = fe_decode(&a.y, y + i * step);
		fe_sqr(&left, &a.y);
		right_side(&right, &a.x, &b);
		if (!x_in_range || !y_in_range || !fe_equal_mask(&left, &right))
			return i;
		affine_store(&out[i], &a);
	}
	return n;
}

void KERNEL(kernel_encode)(uint8_t *x, uint8_t *y, size_t step, const point *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct affine a;
		affine_load(&a, &in[i]);
		fe_encode(x + i * step, &a.x);
		fe_encode(y + i * step, &a.y);
	}
}

/* 32 bytes of any value: below 2p, so one subtraction at most. */
static void decode_any(fe *out, const uint8_t in[static 32])
{
	static const uint64_t p[4] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};
	uint64_t v[4], r[4], borrow = 0;
	for (unsigned i = 0; i < 4; i++)
		v[i] = load_be64(in + 8 * (3 - i));
	for (unsigned i = 0; i < 4; i++) {
		r[i] = v[i] - p[i] - borrow;
		borrow = ((~v[i] & p[i]) | (~(v[i] ^ p[i]) & r[i])) >> 63;
	}
	fe_from_plain(out, borrow ? v : r);
}

static void decode_wide(fe *out, const uint8_t in[static WIDE_BYTES])
{
	/* 2^256 mod p */
	static const uint64_t shift[4] = {1, 0xffffffff00000000, 0xffffffffffffffff,
	                                  0x00000000fffffffe};
	fe high, low, weight;
	decode_any(&high, in);
	decode_any(&low, in + 32);
	fe_from_plain(&weight, shift);
	fe_mul(&high, &high, &weight);
	fe_add(out, &high, &low);
}

/* Of y and p - y, both non-zero, one is at most (p-1)/2. */
static bool is_upper_root(const fe *y)
{
	static const uint8_t half[32] = {0x7f, 0xff, 0xff, 0xff, 0x80, 0,    0,    0,
	                                 0x80, 0,    0,    0,    0,    0,    0,    0,
	                                 0,    0,    0,    0,    0x7f, 0xff, 0xff, 0xff,
	                                 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	uint8_t encoded[32];
	fe_encode(encoded, y);
	return memcmp(encoded, half, sizeof half) > 0;
}

/* The roots with the smaller y of n right sides, those that have none left out. */
static size_t lift_few(point *out, const fe *x, const fe *right, size_t n)
{
	fe y[FE_TOGETHER];
	uint64_t good[FE_TOGETHER];
	size_t found = 0;
	fe_sqrt_each(y, good, right, n);
	for (size_t i = 0; i < n; i++) {
		struct affine a = {x[i], y[i]};
		if (!good[i])
			continue;
		if (is_upper_root(&a.y))
			fe_neg(&a.y, &a.y);
		affine_store(&out[found++], &a);
	}
	return found;
}

/* Half of all x are no points. Two and so R are squares modulo p, as p ≡ 7 modulo 8: what is at
 * rest is a square exactly if the value is. */
size_t KERNEL(kernel_lift_vartime)(point *out, const uint8_t *x, size_t n)
{
	fe b, x_few[FE_TOGETHER], right[FE_TOGETHER];
	size_t found = 0, few = 0;
	KERNEL(kernel_curve_b)(&b);
	for (size_t i = 0; i < n; i++) {
		uint64_t at_rest[4];
		decode_wide(&x_few[few], x + i * WIDE_BYTES);
		right_side(&right[few], &x_few[few], &b);
		fe_store(at_rest, &right[few]);
		/* right = 0 would be a point of order two; there is none on a curve of prime order */
		if (jacobi_vartime(at_rest) == 1)
			few++;
		if (few == FE_TOGETHER || i + 1 == n) {
			found += lift_few(out + found, x_few, right, few);
			few = 0;
		}
	}
	return found;
}
