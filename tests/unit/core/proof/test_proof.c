/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "proof/proof.h"

/* A true statement of equal logarithms: X = xG, W = xH, A = aG, B = aH, z = a + cx. */
struct statement {
	point h, x, w, a, b;
	scalar c, z;
};

static void fresh_scalar(secret_scalar *out)
{
	struct error err;
	assert_ok(secret_scalar_random(out, test_rng(), &err), err);
}

static void make(struct statement *s)
{
	secret_scalar x, a, c, h;
	const point g = point_generator();
	fresh_scalar(&x);
	fresh_scalar(&a);
	fresh_scalar(&c);
	fresh_scalar(&h);
	point_mul(&s->h, &h, &g);
	point_mul(&s->x, &x, &g);
	point_mul(&s->w, &x, &s->h);
	point_mul(&s->a, &a, &g);
	point_mul(&s->b, &a, &s->h);
	s->c = c.secret;
	proof_respond(&s->z, &a, &s->c, &x);
	assert_true(scalar_is_zero(&a.secret)); /* wiped: no second response */
}

static bool check_log(const struct statement *s, struct error *err)
{
	return proof_check_log_vartime(&s->a, &s->c, &s->x, &s->z, err);
}

static bool check_equal(const struct statement *s, struct error *err)
{
	return proof_check_equal_logs_vartime(&s->h, &s->x, &s->w, &s->a, &s->b, &s->c, &s->z, err);
}

static void true_statements_are_accepted(void **state)
{
	(void)state;
	struct statement s;
	struct error err;
	make(&s);
	assert_ok(check_log(&s, &err), err);
	assert_ok(check_equal(&s, &err), err);
}

static void response_is_nonce_plus_challenge_times_secret(void **state)
{
	(void)state;
	secret_scalar a = {scalar_of_u64(5)}, x = {scalar_of_u64(7)};
	const scalar c = scalar_of_u64(11), expected = scalar_of_u64(82);
	scalar z;
	proof_respond(&z, &a, &c, &x);
	assert_true(scalar_equal(&z, &expected));
	assert_true(scalar_is_zero(&a.secret));
}

static void logarithm_proof_with_any_part_altered_is_rejected(void **state)
{
	(void)state;
	struct statement s, t;
	struct error err;
	const point g = point_generator();
	make(&s);
	t = s;
	point_add(&t.a, &t.a, &g);
	assert_fails(check_log(&t, &err), err, ERROR_REJECTED);
	t = s;
	point_add(&t.x, &t.x, &g);
	assert_fails(check_log(&t, &err), err, ERROR_REJECTED);
	t = s;
	scalar_add(&t.c, &t.c, &scalar_one);
	assert_fails(check_log(&t, &err), err, ERROR_REJECTED);
	t = s;
	scalar_add(&t.z, &t.z, &scalar_one);
	assert_fails(check_log(&t, &err), err, ERROR_REJECTED);
	t = s;
	point_neg(&t.x, &t.x);
	assert_fails(check_log(&t, &err), err, ERROR_REJECTED);
}

static void unequal_logarithms_are_rejected_in_the_second_equation(void **state)
{
	(void)state;
	struct statement s;
	struct error err;
	const point g = point_generator();
	make(&s);
	point_add(&s.w, &s.w, &g);
	assert_fails(check_equal(&s, &err), err, ERROR_REJECTED);
	assert_int_equal(err.at, 1);
}

static void equal_logarithms_with_any_part_altered_are_rejected(void **state)
{
	(void)state;
	struct statement s;
	struct error err;
	const point g = point_generator();
	make(&s);
	point *const points[] = {&s.h, &s.x, &s.w, &s.a, &s.b};
	for (size_t i = 0; i < 5; i++) {
		const point before = *points[i];
		point_add(points[i], points[i], &g);
		assert_fails(check_equal(&s, &err), err, ERROR_REJECTED);
		*points[i] = before;
	}
	scalar *const scalars[] = {&s.c, &s.z};
	for (size_t i = 0; i < 2; i++) {
		const scalar before = *scalars[i];
		scalar_add(scalars[i], scalars[i], &scalar_one);
		assert_fails(check_equal(&s, &err), err, ERROR_REJECTED);
		*scalars[i] = before;
	}
	assert_ok(check_equal(&s, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(true_statements_are_accepted),
		cmocka_unit_test(response_is_nonce_plus_challenge_times_secret),
		cmocka_unit_test(logarithm_proof_with_any_part_altered_is_rejected),
		cmocka_unit_test(unequal_logarithms_are_rejected_in_the_second_equation),
		cmocka_unit_test(equal_logarithms_with_any_part_altered_are_rejected),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
