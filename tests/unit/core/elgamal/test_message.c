/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "elgamal/elgamal.h"
#include "group/lift.h"

static void random_message(uint8_t out[static MESSAGE_BYTES])
{
	struct error err;
	assert_ok(rng_fill(test_rng(), out, MESSAGE_BYTES, &err), err);
}

/* x = message ‖ length ‖ counter, as a point or false. */
static bool lift_with(point *out, const uint8_t message[static MESSAGE_BYTES], unsigned len,
                      unsigned counter)
{
	uint8_t x[32] = {0};
	uint64_t on;
	memcpy(x + 1, message, MESSAGE_BYTES);
	x[29] = (uint8_t)(len >> 8);
	x[30] = (uint8_t)len;
	x[31] = (uint8_t)counter;
	points_lift(out, &on, x, 1);
	return on != 0;
}

static unsigned counter_of(const point *p)
{
	uint8_t raw[POINT_RAW_BYTES];
	point_encode_raw(raw, p);
	return raw[31];
}

static void constant_time_and_vartime_encoders_agree(void **state)
{
	(void)state;
	struct error err;
	unsigned seen = 0;
	for (uint64_t i = 0; i < TEST_COUNT(300, 20000); i++) {
		uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
		point slow, fast;
		random_message(message);
		assert_ok(message_encode(&slow, message, &err), err);
		assert_ok(message_encode_vartime(&fast, BYTES_OF(message), &err), err);
		assert_true(point_equal(&slow, &fast));
		assert_int_equal(message_decode_vartime(back, &slow), MESSAGE_BYTES);
		assert_memory_equal(message, back, MESSAGE_BYTES);
		assert_true(message_decode_canonical(back, &slow));
		assert_memory_equal(message, back, MESSAGE_BYTES);
		seen |= 1u << (counter_of(&slow) & 31);
	}
	assert_true((seen & 15) == 15); /* messages that needed one, two, three and four tries */
}

static void block_encoders_give_what_single_ones_give(void **state)
{
	(void)state;
	enum { N = 5 };
	uint8_t messages[N * MESSAGE_BYTES];
	point slow[N], fast[N], one;
	struct error err;
	for (size_t i = 0; i < N; i++)
		random_message(messages + i * MESSAGE_BYTES);
	assert_ok(messages_encode(slow, messages, N, &err), err);
	assert_ok(messages_encode_vartime(fast, messages, N, &err), err);
	for (size_t i = 0; i < N; i++) {
		assert_ok(message_encode(&one, messages + i * MESSAGE_BYTES, &err), err);
		assert_true(point_equal(&one, &slow[i]));
		assert_true(point_equal(&one, &fast[i]));
	}
}

static void every_length_is_encoded_and_read_back(void **state)
{
	(void)state;
	struct error err;
	uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
	for (size_t len = 0; len <= MESSAGE_BYTES; len++) {
		point p;
		random_message(message);
		assert_ok(message_encode_vartime(&p, bytes_of(message, len), &err), err);
		assert_int_equal(message_decode_vartime(back, &p), len);
		assert_memory_equal(message, back, len);
		assert_int_equal(message_decode_canonical(back, &p), len == MESSAGE_BYTES);
	}
}

static void message_longer_than_a_point_is_refused(void **state)
{
	(void)state;
	uint8_t message[MESSAGE_BYTES + 1] = {0};
	struct error err;
	point p;
	assert_fails(message_encode_vartime(&p, BYTES_OF(message), &err), err, ERROR_LIMIT);
}

static void infinity_decodes_to_nothing(void **state)
{
	(void)state;
	uint8_t back[MESSAGE_BYTES];
	const point p = point_infinity();
	assert_int_equal(message_decode_vartime(back, &p), 0);
	assert_false(message_decode_canonical(back, &p));
}

static void length_beyond_28_decodes_to_nothing(void **state)
{
	(void)state;
	static const unsigned lengths[] = {29, 255, 256, 0x7fff, 0x8000, 0x801c, 0xffff};
	uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
	random_message(message);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		point p;
		unsigned counter = 0;
		while (!lift_with(&p, message, lengths[i], counter))
			counter++;
		assert_int_equal(message_decode_vartime(back, &p), 0);
		assert_false(message_decode_canonical(back, &p));
	}
}

static void point_with_a_later_counter_is_not_canonical(void **state)
{
	(void)state;
	struct error err;
	uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
	point p, other;
	unsigned marks = 0;
	random_message(message);
	assert_ok(message_encode(&p, message, &err), err);
	for (unsigned counter = counter_of(&p) + 1; counter < 256; counter++) {
		if (!lift_with(&other, message, MESSAGE_BYTES, counter))
			continue;
		assert_int_equal(message_decode_vartime(back, &other), MESSAGE_BYTES);
		assert_memory_equal(message, back, MESSAGE_BYTES);
		assert_false(message_decode_canonical(back, &other));
		marks++;
	}
	assert_true(marks > 60);
}

static void other_root_is_not_canonical(void **state)
{
	(void)state;
	struct error err;
	uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
	point p;
	random_message(message);
	assert_ok(message_encode(&p, message, &err), err);
	point_neg(&p, &p);
	assert_int_equal(message_decode_vartime(back, &p), MESSAGE_BYTES);
	assert_false(message_decode_canonical(back, &p));
}

static void other_length_field_is_not_canonical(void **state)
{
	(void)state;
	uint8_t message[MESSAGE_BYTES], back[MESSAGE_BYTES];
	random_message(message);
	for (unsigned len = 0; len < MESSAGE_BYTES; len++) {
		point p;
		unsigned counter = 0;
		while (!lift_with(&p, message, len, counter))
			counter++;
		assert_false(message_decode_canonical(back, &p));
	}
}

static void used_top_byte_is_not_canonical(void **state)
{
	(void)state;
	uint8_t x[32] = {1}, back[MESSAGE_BYTES];
	uint64_t on = 0;
	point p;
	x[30] = MESSAGE_BYTES;
	for (; !on; x[31]++)
		points_lift(&p, &on, x, 1);
	assert_int_equal(message_decode_vartime(back, &p), MESSAGE_BYTES);
	assert_false(message_decode_canonical(back, &p));
}

static void random_points_are_hardly_ever_canonical(void **state)
{
	(void)state;
	const point g = point_generator();
	point p = g;
	uint8_t back[MESSAGE_BYTES];
	for (size_t i = 0; i < 100; i++) {
		assert_false(message_decode_canonical(back, &p));
		point_add(&p, &p, &g);
	}
}

static void lift_refuses_coordinates_that_are_no_field_elements(void **state)
{
	(void)state;
	uint8_t x[3][32];
	uint64_t on[3];
	point p[3];
	test_from_hex(x[0], 32, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
	test_from_hex(x[1], 32, "ffffffff00000001000000000000000000000001000000000000000000000001");
	memset(x[2], 0xff, 32);
	points_lift(p, on, x[0], 3);
	for (size_t i = 0; i < 3; i++) {
		assert_true(on[i] == 0);
		assert_true(point_is_infinity(&p[i]));
	}
}

static void lift_finds_the_generator_up_to_sign(void **state)
{
	(void)state;
	uint8_t raw[POINT_RAW_BYTES];
	uint64_t on;
	const point g = point_generator();
	point p, minus;
	point_encode_raw(raw, &g);
	points_lift(&p, &on, raw, 1);
	point_neg(&minus, &g);
	assert_true(on == UINT64_MAX);
	assert_true(point_equal(&p, &g) || point_equal(&p, &minus));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constant_time_and_vartime_encoders_agree),
		cmocka_unit_test(block_encoders_give_what_single_ones_give),
		cmocka_unit_test(every_length_is_encoded_and_read_back),
		cmocka_unit_test(message_longer_than_a_point_is_refused),
		cmocka_unit_test(infinity_decodes_to_nothing),
		cmocka_unit_test(length_beyond_28_decodes_to_nothing),
		cmocka_unit_test(point_with_a_later_counter_is_not_canonical),
		cmocka_unit_test(other_root_is_not_canonical),
		cmocka_unit_test(other_length_field_is_not_canonical),
		cmocka_unit_test(used_top_byte_is_not_canonical),
		cmocka_unit_test(random_points_are_hardly_ever_canonical),
		cmocka_unit_test(lift_refuses_coordinates_that_are_no_field_elements),
		cmocka_unit_test(lift_finds_the_generator_up_to_sign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
