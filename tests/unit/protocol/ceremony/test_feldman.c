/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sharing a secret, against our own arithmetic and against the values of cocktail-dkg for P-256:
 * where the two protocols coincide is commitments, their sum, public shares, shares that fit them,
 * and the equation of the proof of possession.
 */
#include "support/support.h"

#include "base/limits.h"
#include "ceremony/feldman.h"
#include "proof/proof.h"

#include <jansson.h>
#include <string.h>

static void shares_of_a_polynomial_fit_its_commitments_and_no_others(void **state)
{
	(void)state;
	struct error err;
	for (uint64_t round = 0; round < TEST_COUNT(5, 200); round++) {
		secret_scalar f[5], share;
		point c[5];
		const unsigned t = 1 + (unsigned)test_random_below(5);
		for (unsigned k = 0; k < t; k++)
			assert_ok(secret_scalar_random(&f[k], test_rng(), &err), err);
		feldman_commit(c, f, t);
		for (unsigned x = 1; x <= 25; x += 6) {
			feldman_evaluate(&share, f, t, x);
			assert_true(feldman_fits(&share, c, t, x));
			assert_int_equal(feldman_fits(&share, c, t, x + 1), t == 1);
			scalar_add(&share.secret, &share.secret, &scalar_one);
			assert_false(feldman_fits(&share, c, t, x));
		}
		feldman_evaluate(&share, f, t, 0); /* the secret itself, which is nobody's share */
		assert_true(scalar_equal(&share.secret, &f[0].secret));
	}
}

/* --- cocktail-dkg --- */

static point compressed(const char *hex)
{
	uint8_t b[33], raw[POINT_RAW_BYTES];
	point p;
	test_from_hex(b, sizeof b, hex);
	assert_true(point_lift_vartime(&p, b + 1));
	point_encode_raw(raw, &p);
	if ((raw[63] & 1) != (b[0] & 1))
		point_neg(&p, &p);
	return p;
}

static const char *text_in(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));
	assert_non_null(s);
	return s;
}

static void check_proof(const json_t *message, const point *constant)
{
	uint8_t b[65], c32[32];
	char hex[67];
	struct error err;
	scalar c, z;
	const json_t *inside = json_object_get(message, "pop_intermediate");
	test_from_hex(b, sizeof b, text_in(message, "pop"));
	memcpy(hex, text_in(message, "pop"), 66);
	hex[66] = 0;
	point commitment = compressed(hex);
	test_from_hex(c32, sizeof c32, text_in(inside, "challenge"));
	assert_true(scalar_decode(&c, c32) && scalar_decode(&z, b + 33));
	assert_ok(proof_check_log_vartime(&commitment, &c, constant, &z, &err), err);
}

static void check_vector(const json_t *v)
{
	point joint[LIMIT_PARTIES], y;
	const unsigned n = (unsigned)json_integer_value(json_object_get(v, "n"));
	const unsigned t = (unsigned)json_integer_value(json_object_get(v, "t"));
	const json_t *round1 = json_object_get(v, "round1"), *round2 = json_object_get(v, "round2");
	assert_int_equal(json_array_size(round1), n);
	assert_int_equal(json_array_size(round2), n);
	for (unsigned k = 0; k < t; k++)
		joint[k] = point_infinity();
	for (unsigned i = 0; i < n; i++) {
		const json_t *message = json_array_get(round1, i);
		const json_t *c = json_object_get(message, "vss_commitment");
		assert_int_equal(json_array_size(c), t);
		for (unsigned k = 0; k < t; k++) {
			point p = compressed(json_string_value(json_array_get(c, k)));
			if (k == 0)
				check_proof(message, &p);
			point_add(&joint[k], &joint[k], &p);
		}
	}
	point group = compressed(text_in(v, "group_public_key"));
	assert_true(point_equal(&joint[0], &group));
	for (unsigned l = 0; l < n; l++) {
		const json_t *result = json_array_get(round2, l);
		uint8_t b[32];
		secret_scalar share;
		assert_int_equal(json_integer_value(json_object_get(result, "participant_id")), l + 1);
		test_from_hex(b, sizeof b, text_in(result, "secret_share"));
		assert_true(scalar_decode(&share.secret, b));
		assert_true(feldman_fits(&share, joint, t, l + 1));
		feldman_at_vartime(&y, joint, t, l + 1);
		point want = compressed(text_in(result, "verification_share"));
		assert_true(point_equal(&y, &want));
	}
}

static void keys_and_shares_of_cocktail_dkg_are_ours(void **state)
{
	(void)state;
	json_error_t why;
	bytes file = test_data("vectors/cocktail-dkg/cocktail-dkg-p256-sha256.json");
	json_t *root = json_loadb((const char *)file.p, file.len, 0, &why);
	assert_non_null(root);
	const json_t *vectors = json_object_get(root, "vectors");
	assert_int_equal(json_array_size(vectors), 4);
	for (size_t i = 0; i < json_array_size(vectors); i++)
		check_vector(json_array_get(vectors, i));
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_of_a_polynomial_fit_its_commitments_and_no_others),
		cmocka_unit_test(keys_and_shares_of_cocktail_dkg_are_ours),
	};
	return cmocka_run_group_tests_name("protocol/ceremony/feldman", tests, NULL, NULL);
}
