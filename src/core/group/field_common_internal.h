/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every form of P-256's field builds from its own functions; included at the end of
 * field_64_internal.h and field_signed_internal.h, never alone.
 *
 * Secrets: everything is constant time. Aliasing: any output may be any input.
 */
#ifndef GROUP_FIELD_COMMON_INTERNAL_H
#define GROUP_FIELD_COMMON_INTERNAL_H

static inline void fe_one(fe *out)
{
	static const uint64_t r[4] = FE_R;
	fe_load(out, r);
}

static inline void fe_double(fe *out, const fe *a)
{
	fe_add(out, a, a);
}

static inline void fe_neg(fe *out, const fe *a)
{
	fe zero;
	fe_zero(&zero);
	fe_sub(out, &zero, a);
}

static inline uint64_t fe_equal_mask(const fe *a, const fe *b)
{
	fe t;
	fe_sub(&t, a, b);
	return fe_is_zero_mask(&t);
}

/* A plain integer < p, four little-endian words, into the domain and back. */
static inline void fe_from_plain(fe *out, const uint64_t v[4])
{
	static const uint64_t packed[4] = FE_R2;
	fe t, r2;
	fe_load(&r2, packed);
	fe_load(&t, v);
	fe_mul(out, &t, &r2);
}

static inline void fe_to_plain(uint64_t v[4], const fe *a)
{
	static const fe one = FE_PLAIN_ONE;
	fe t;
	fe_mul(&t, a, &one);
	fe_store(v, &t);
}

/* False when the 32 big-endian bytes are ≥ p; out is 0 then. */
static inline bool fe_decode(fe *out, const uint8_t in[32])
{
	static const uint64_t p[4] = {0xffffffffffffffff, 0x00000000ffffffff, 0, 0xffffffff00000001};
	uint64_t v[4], borrow = 0;
	for (int i = 0; i < 4; i++)
		v[i] = load_be64(in + 8 * (3 - i));
	for (int i = 0; i < 4; i++)
		borrow = (uint64_t)(v[i] < p[i]) | ((uint64_t)(v[i] == p[i]) & borrow);
	const uint64_t below = ct_mask_of_bit(borrow);
	for (int i = 0; i < 4; i++)
		v[i] &= below;
	fe_from_plain(out, v);
	return below != 0;
}

static inline void fe_encode(uint8_t out[32], const fe *a)
{
	uint64_t v[4];
	fe_to_plain(v, a);
	for (int i = 0; i < 4; i++)
		store_be64(out + 8 * (3 - i), v[i]);
}

static inline void fe_sqr_times(fe *out, const fe *a, int times)
{
	fe_sqr(out, a);
	for (int i = 1; i < times; i++)
		fe_sqr(out, out);
}

/* out = a^(2^times)·b */
static inline void fe_shift_mul(fe *out, const fe *a, int times, const fe *b)
{
	fe t;
	fe_sqr_times(&t, a, times);
	fe_mul(out, &t, b);
}

/* The same for some at once: a squaring waits for the one before, so others fill the gaps. */
#define FE_TOGETHER 4

static inline void fe_shift_mul_each(fe *out, const fe *a, int times, const fe *b, size_t n)
{
	fe t[FE_TOGETHER];
	for (size_t i = 0; i < n; i++)
		t[i] = a[i];
	for (int j = 0; j < times; j++)
		for (size_t i = 0; i < n; i++)
			fe_sqr(&t[i], &t[i]);
	for (size_t i = 0; i < n; i++)
		fe_mul(&out[i], &t[i], &b[i]);
}

/*
 * out[i] = a[i]^((p+1)/4), the square root of a[i] if it has one: good[i] is all ones when it has
 * (out² = a), else 0. n ≤ FE_TOGETHER; out is not a.
 * (p+1)/4 = 2^254 - 2^222 + 2^190 + 2^94, in bits 1^32 0^31 1 0^95 1 0^94. 254 S + 7 M.
 */
static inline void fe_sqrt_each(fe *out, uint64_t *good, const fe *a, size_t n)
{
	fe back;
	fe_shift_mul_each(out, a, 1, a, n); /* 2 ones */
	for (int ones = 2; ones < 32; ones *= 2)
		fe_shift_mul_each(out, out, ones, out, n);
	fe_shift_mul_each(out, out, 32, a, n);
	fe_shift_mul_each(out, out, 96, a, n);
	for (int j = 0; j < 94; j++)
		for (size_t i = 0; i < n; i++)
			fe_sqr(&out[i], &out[i]);
	for (size_t i = 0; i < n; i++) {
		fe_sqr(&back, &out[i]);
		good[i] = fe_equal_mask(&back, &a[i]);
	}
}

static inline uint64_t fe_sqrt(fe *out, const fe *a)
{
	uint64_t good;
	const fe base = *a;
	fe_sqrt_each(out, &good, &base, 1);
	return good;
}

/* a^(p-2): 1/a, and 0 for 0. p - 2 in bits: 1^32 0^31 1 0^96 1^32 1^32 1^30 0 1. 255 S + 13 M. */
static inline void fe_invert(fe *out, const fe *a)
{
	fe x2, x6, x30, x32, t;
	const fe base = *a;
	fe_shift_mul(&x2, &base, 1, &base);
	fe_shift_mul(&t, &x2, 2, &x2);
	fe_shift_mul(&x6, &t, 2, &x2);
	fe_shift_mul(&t, &x6, 6, &x6);
	fe_shift_mul(&t, &t, 12, &t);
	fe_shift_mul(&x30, &t, 6, &x6);
	fe_shift_mul(&x32, &x30, 2, &x2);
	fe_shift_mul(&t, &x32, 32, &base);
	fe_shift_mul(&t, &t, 128, &x32);
	fe_shift_mul(&t, &t, 32, &x32);
	fe_shift_mul(&t, &t, 30, &x30);
	fe_shift_mul(out, &t, 2, &base);
}

#endif
