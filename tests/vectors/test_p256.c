/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known answers for P-256: multiples of G and points to refuse, the deterministic signatures of
 * RFC 6979, and Wycheproof's bad points for Diffie-Hellman.
 */
#include "unit/core/group/group_support.h"

#include "group/msm.h"

#include <jansson.h>
#include <openssl/evp.h>

static json_t *load(const char *path)
{
	bytes file = test_data(path);
	json_error_t where;
	json_t *root = json_loadb((const char *)file.p, file.len, 0, &where);
	if (!root)
		fail_msg("%s:%d: %s", path, where.line, where.text);
	return root;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	assert_non_null(text);
	return text;
}

static scalar scalar_of_hex(const char *hex)
{
	uint8_t b[SCALAR_BYTES];
	scalar s;
	test_from_hex(b, sizeof b, hex);
	assert_true(scalar_decode(&s, b));
	return s;
}

static void assert_xy(const point *p, const json_t *v)
{
	uint8_t raw[POINT_RAW_BYTES], expected[POINT_RAW_BYTES];
	test_from_hex(expected, 32, text_of(v, "x"));
	test_from_hex(expected + 32, 32, text_of(v, "y"));
	point_encode_raw(raw, p);
	assert_memory_equal(raw, expected, sizeof raw);
}

static void known_multiples_of_the_generator_come_out_of_every_path(void **state)
{
	(void)state;
	static _Alignas(ARENA_ALIGN) uint8_t room[FIXED_BASE_BYTES];
	static _Alignas(ARENA_ALIGN) uint8_t buckets[(size_t)3 << 20];
	json_t *root = load("vectors/p256/p256-kG.json"), *v;
	struct error err;
	struct arena memory;
	struct fixed_base t;
	point g = point_generator(), many[64], out[64];
	size_t i;
	arena_init(&memory, room, sizeof room);
	assert_ok(fixed_base_init(&t, &g, &memory, scratch(), &err), err);
	for (i = 0; i < 64; i++)
		many[i] = g;
	json_array_foreach(json_object_get(root, "scalar_mult_base"), i, v)
	{
		secret_scalar k = {scalar_of_hex(text_of(v, "k"))};
		secret_scalar same[64];
		for (size_t j = 0; j < 64; j++)
			same[j] = k;
		point_mul(&out[0], &k, &g);
		assert_xy(&out[0], v);
		fixed_base_mul(out, &t, same, 1, scratch());
		assert_xy(&out[0], v);
		fixed_base_mul(out, &t, same, 64, scratch());
		assert_xy(&out[63], v);
		points_mul_common(out, &k, many, 64, scratch());
		assert_xy(&out[63], v);
		out[0] = point_infinity();
		msm(&out[0], &k, &g, 1, scratch());
		assert_xy(&out[0], v);
		arena_init(&memory, buckets, sizeof buckets);
		struct msm_vartime *m = msm_vartime_new(&memory, 1000, &err);
		assert_ok(m != NULL, err);
		msm_vartime_add(m, &g, &k.secret, 1, 256, scratch());
		msm_vartime_finish(&out[0], m, scratch());
		assert_xy(&out[0], v);
	}
	assert_int_equal(i, 31);
	json_decref(root);
}

static void points_that_must_be_refused_are_refused_in_both_forms(void **state)
{
	(void)state;
	json_t *root = load("vectors/p256/p256-kG.json"), *v;
	size_t i;
	json_array_foreach(json_object_get(root, "must_reject_affine"), i, v)
	{
		uint8_t raw[POINT_RAW_BYTES], bt[POINT_TREE_BYTES];
		point p, g = point_generator();
		struct error err;
		test_from_hex(raw, 32, text_of(v, "x"));
		test_from_hex(raw + 32, 32, text_of(v, "y"));
		assert_fails(point_decode_raw(&p, raw, &err), err, ERROR_MALFORMED);
		points_encode_tree(bt, &g, 1);
		memcpy(bt + 11, raw, 32);
		memcpy(bt + 49, raw + 32, 32);
		assert_fails(points_decode_tree(&p, BYTES_OF(bt), 1, POINT_OR_INFINITY, &err), err,
		             ERROR_MALFORMED);
	}
	assert_int_equal(i, 5);
	json_decref(root);
}

/* The hash is OpenSSL's: two of the five kinds are none of ours. Leftmost 256 bits, mod q. */
static scalar hash_to_scalar(const char *name, const char *message)
{
	uint8_t h[EVP_MAX_MD_SIZE];
	unsigned len;
	scalar out;
	const EVP_MD *md = EVP_get_digestbyname(name);
	assert_non_null(md);
	assert_int_equal(EVP_Digest(message, strlen(message), h, &len, md, NULL), 1);
	scalar_reduce(&out, h, len < 32 ? len : 32);
	return out;
}

static void the_signatures_of_rfc_6979_come_out_and_verify(void **state)
{
	(void)state;
	json_t *root = load("vectors/p256/p256-rfc6979.json"), *v;
	scalar d = scalar_of_hex(text_of(root, "private_key"));
	point public = times_generator(&d), g = point_generator();
	uint8_t raw[POINT_RAW_BYTES], expected[POINT_RAW_BYTES];
	test_from_hex(expected, 32, text_of(root, "public_key_x"));
	test_from_hex(expected + 32, 32, text_of(root, "public_key_y"));
	point_encode_raw(raw, &public);
	assert_memory_equal(raw, expected, sizeof raw);
	size_t i;
	json_array_foreach(json_object_get(root, "vectors"), i, v)
	{
		scalar k = scalar_of_hex(text_of(v, "k")), r, s, inverse;
		scalar h = hash_to_scalar(text_of(v, "hash"), text_of(v, "message"));
		scalar expected_r = scalar_of_hex(text_of(v, "r"));
		scalar expected_s = scalar_of_hex(text_of(v, "s"));
		point p = times_generator(&k);
		point_encode_raw(raw, &p);
		scalar_reduce(&r, raw, 32);
		assert_true(scalar_equal(&r, &expected_r));
		scalar_mul_add(&s, &r, &d, &h);
		scalar_invert(&inverse, &k);
		scalar_mul(&s, &s, &inverse);
		assert_true(scalar_equal(&s, &expected_s));

		secret_scalar u[2]; /* and back: (h/s)·G + (r/s)·Y has x = r */
		scalar_invert(&inverse, &s);
		scalar_mul(&u[0].secret, &h, &inverse);
		scalar_mul(&u[1].secret, &r, &inverse);
		point both[2] = {g, public};
		p = point_infinity();
		msm(&p, u, both, 2, scratch());
		point_encode_raw(raw, &p);
		scalar_reduce(&r, raw, 32);
		assert_true(scalar_equal(&r, &expected_r));
	}
	assert_int_equal(i, 10);
	json_decref(root);
}

/* The key as it is given, reduced: it may have a leading zero byte or be short. */
static secret_scalar private_of_hex(const char *hex)
{
	uint8_t b[33];
	secret_scalar k;
	size_t len = strlen(hex) / 2;
	assert_true(len <= sizeof b);
	test_from_hex(b, len, hex);
	scalar_reduce(&k.secret, b, len);
	return k;
}

static void wycheproofs_bad_points_are_refused_and_its_shared_secrets_come_out(void **state)
{
	(void)state;
	json_t *root = load("vectors/wycheproof/ecdh_secp256r1_ecpoint_test.json"), *group, *v;
	size_t g, i, agreed = 0, refused = 0;
	json_array_foreach(json_object_get(root, "testGroups"), g, group)
	{
		json_array_foreach(json_object_get(group, "tests"), i, v)
		{
			const char *hex = text_of(v, "public"), *result = text_of(v, "result");
			uint8_t encoded[65] = {0}, raw[POINT_RAW_BYTES], shared[32];
			size_t len = strlen(hex) / 2;
			point p;
			assert_true(len <= sizeof encoded);
			test_from_hex(encoded, len, hex);
			if (len != sizeof encoded || encoded[0] != 4) { /* forms that we do not have */
				assert_string_not_equal(result, "valid");
				refused++;
				continue;
			}
			struct error err;
			bool accepted = point_decode_raw(&p, encoded + 1, &err);
			assert_int_equal(accepted, strcmp(result, "valid") == 0);
			if (!accepted) {
				assert_int_equal(err.kind, ERROR_MALFORMED);
				refused++;
				continue;
			}
			secret_scalar k = private_of_hex(text_of(v, "private"));
			point_mul(&p, &k, &p);
			point_encode_raw(raw, &p);
			test_from_hex(shared, sizeof shared, text_of(v, "shared"));
			assert_memory_equal(raw, shared, sizeof shared);
			agreed++;
		}
	}
	assert_int_equal(agreed, 330);
	assert_int_equal(refused, 25);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH_BACKEND(known_multiples_of_the_generator_come_out_of_every_path),
		EACH_BACKEND(points_that_must_be_refused_are_refused_in_both_forms),
		EACH_BACKEND(the_signatures_of_rfc_6979_come_out_and_verify),
		EACH_BACKEND(wycheproofs_bad_points_are_refused_and_its_shared_secrets_come_out),
	};
	return cmocka_run_group_tests_name("vectors: P-256", tests, NULL, NULL);
}
