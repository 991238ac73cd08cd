/* SPDX-License-Identifier: Apache-2.0 */
/* Our group against OpenSSL's EC_POINT over the same curve. */
#include "unit/core/group/group_support.h"

#include "group/msm.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#define MANY 600u

static EC_GROUP *curve;
static BN_CTX *ctx;
static point points[MANY];
static secret_scalar scalars[MANY];

static BIGNUM *number(const scalar *k)
{
	uint8_t b[SCALAR_BYTES];
	scalar_encode(b, k);
	BIGNUM *n = BN_bin2bn(b, sizeof b, NULL);
	assert_non_null(n);
	return n;
}

static EC_POINT *other_point(const point *p)
{
	uint8_t b[1 + POINT_RAW_BYTES] = {4};
	EC_POINT *o = EC_POINT_new(curve);
	assert_non_null(o);
	if (point_is_infinity(p)) {
		assert_int_equal(EC_POINT_set_to_infinity(curve, o), 1);
		return o;
	}
	point_encode_raw(b + 1, p);
	assert_int_equal(EC_POINT_oct2point(curve, o, b, sizeof b, ctx), 1); /* it is on the curve */
	return o;
}

static void assert_same(const point *ours, const EC_POINT *theirs)
{
	uint8_t a[POINT_RAW_BYTES], b[1 + POINT_RAW_BYTES];
	if (EC_POINT_is_at_infinity(curve, theirs)) {
		assert_is_infinity(ours);
		return;
	}
	assert_int_equal(
		EC_POINT_point2oct(curve, theirs, POINT_CONVERSION_UNCOMPRESSED, b, sizeof b, ctx),
		sizeof b);
	point_encode_raw(a, ours);
	assert_memory_equal(a, b + 1, sizeof a);
}

static void draw(void)
{
	scalar logs[MANY];
	random_points(points, logs, MANY);
	for (size_t i = 0; i < MANY; i++)
		scalars[i].secret = i < 40 ? border_scalar(i) : random_scalar();
	points[41] = point_infinity();
}

static void multiples_of_the_generator_agree(void **state)
{
	(void)state;
	static point ours[MANY];
	static struct arena table;
	struct fixed_base t;
	struct error err;
	point g = point_generator();
	EC_POINT *theirs = EC_POINT_new(curve);
	if (!table.base)
		arena_init(&table, aligned_alloc(ARENA_ALIGN, FIXED_BASE_BYTES), FIXED_BASE_BYTES);
	arena_release(&table, 0);
	draw();
	assert_ok(fixed_base_init(&t, &g, &table, scratch(), &err), err);
	fixed_base_mul(ours, &t, scalars, MANY, scratch());
	for (size_t i = 0; i < MANY; i++) {
		BIGNUM *k = number(&scalars[i].secret);
		assert_int_equal(EC_POINT_mul(curve, theirs, k, NULL, NULL, ctx), 1);
		assert_same(&ours[i], theirs);
		BN_free(k);
	}
	EC_POINT_free(theirs);
}

static void multiples_of_any_point_agree(void **state)
{
	(void)state;
	static point ours[MANY];
	draw();
	for (size_t j = 0; j < 60; j += 7) {
		BIGNUM *k = number(&scalars[j].secret);
		points_mul_common(ours, &scalars[j], points, MANY, scratch());
		for (size_t i = j; i < MANY; i += 11) {
			EC_POINT *theirs = other_point(&points[i]);
			assert_int_equal(EC_POINT_mul(curve, theirs, NULL, theirs, k, ctx), 1);
			assert_same(&ours[i], theirs);
			EC_POINT_free(theirs);
		}
		BN_free(k);
	}
}

static void sums_and_differences_agree(void **state)
{
	(void)state;
	static point sum[MANY], difference[MANY], b[MANY];
	draw();
	for (size_t i = 0; i < MANY; i++) {
		b[i] = points[i % 7 == 0 ? i : (i + 41) % MANY]; /* also equal ones */
		if (i % 14 == 0)
			point_neg(&b[i], &b[i]);
	}
	points_add(sum, points, b, MANY, scratch());
	points_sub(difference, points, b, MANY, scratch());
	for (size_t i = 0; i < MANY; i++) {
		EC_POINT *x = other_point(&points[i]), *y = other_point(&b[i]), *s = EC_POINT_new(curve);
		assert_int_equal(EC_POINT_add(curve, s, x, y, ctx), 1);
		assert_same(&sum[i], s);
		assert_int_equal(EC_POINT_invert(curve, y, ctx), 1);
		assert_int_equal(EC_POINT_add(curve, s, x, y, ctx), 1);
		assert_same(&difference[i], s);
		EC_POINT_free(x);
		EC_POINT_free(y);
		EC_POINT_free(s);
	}
}

static void sums_of_multiples_agree(void **state)
{
	(void)state;
	draw();
	EC_POINT *total = EC_POINT_new(curve);
	assert_int_equal(EC_POINT_set_to_infinity(curve, total), 1);
	for (size_t i = 0; i < MANY; i++) {
		EC_POINT *p = other_point(&points[i]);
		BIGNUM *k = number(&scalars[i].secret);
		assert_int_equal(EC_POINT_mul(curve, p, NULL, p, k, ctx), 1);
		assert_int_equal(EC_POINT_add(curve, total, total, p, ctx), 1);
		BN_free(k);
		EC_POINT_free(p);
	}
	point ours = point_infinity();
	msm(&ours, scalars, points, MANY, scratch());
	assert_same(&ours, total);
	struct arena memory;
	struct error err;
	void *room = aligned_alloc(ARENA_ALIGN, (size_t)4 << 20);
	arena_init(&memory, room, (size_t)4 << 20);
	struct msm_vartime *m = msm_vartime_new(&memory, MANY, &err);
	assert_ok(m != NULL, err);
	for (size_t i = 0; i < MANY; i++)
		msm_vartime_add(m, &points[i], &scalars[i].secret, 1, 256, scratch());
	msm_vartime_finish(&ours, m, scratch());
	assert_same(&ours, total);
	free(room);
	EC_POINT_free(total);
}

/* OpenSSL's decompression gives the root by parity; ours the smaller one: same x, y or p - y. */
static void points_from_x_agree(void **state)
{
	(void)state;
	unsigned lifted = 0;
	for (size_t i = 0; i < 300; i++) {
		uint8_t compressed[33] = {2};
		scalar s = random_scalar();
		scalar_encode(compressed + 1, &s);
		point ours, minus;
		EC_POINT *theirs = EC_POINT_new(curve);
		bool exists = EC_POINT_oct2point(curve, theirs, compressed, sizeof compressed, ctx) == 1;
		assert_int_equal(point_lift_vartime(&ours, compressed + 1), exists);
		if (exists) {
			uint8_t raw[64], raw_minus[64];
			point_neg(&minus, &ours);
			point_encode_raw(raw, &ours);
			point_encode_raw(raw_minus, &minus);
			assert_true(memcmp(raw, raw_minus, 64) < 0);
			assert_same(raw[63] & 1 ? &minus : &ours, theirs);
			lifted++;
		}
		EC_POINT_free(theirs);
	}
	assert_true(lifted > 0);
}

static int open_curve(void **state)
{
	(void)state;
	curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	ctx = BN_CTX_new();
	return curve && ctx ? 0 : -1;
}

static int close_curve(void **state)
{
	(void)state;
	EC_GROUP_free(curve);
	BN_CTX_free(ctx);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(multiples_of_the_generator_agree),
		EACH_BACKEND(multiples_of_any_point_agree),
		EACH_BACKEND(sums_and_differences_agree),
		EACH_BACKEND(sums_of_multiples_agree),
		EACH_BACKEND(points_from_x_agree),
	};
	return cmocka_run_group_tests_name("points against OpenSSL", tests, open_curve, close_curve);
}
