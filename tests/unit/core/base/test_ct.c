/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/ct.h"

static void masks_are_all_ones_or_all_zeros(void **state)
{
	const uint64_t values[] = {0, 1, 2, 0xff, 1ull << 31, 1ull << 32, 1ull << 63, UINT64_MAX};
	assert_true(ct_mask_of_bit(0) == 0);
	assert_true(ct_mask_of_bit(1) == UINT64_MAX);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		assert_true(ct_mask_zero(values[i]) == (values[i] == 0 ? UINT64_MAX : 0));
		for (size_t j = 0; j < sizeof values / sizeof *values; j++)
			assert_true(ct_mask_equal(values[i], values[j]) == (i == j ? UINT64_MAX : 0));
	}
}

static void select_takes_the_one_the_mask_names(void **state)
{
	assert_true(ct_select(UINT64_MAX, 3, 5) == 3);
	assert_true(ct_select(0, 3, 5) == 5);
}

static void equality_sees_every_single_bit(void **state)
{
	uint8_t a[67], b[67];
	for (size_t i = 0; i < sizeof a; i++)
		a[i] = b[i] = (uint8_t)test_random_u64();
	for (size_t len = 0; len <= sizeof a; len++)
		assert_true(ct_equal(a, b, len));
	for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(ct_equal(a, b, sizeof a));
		assert_true(ct_equal(a, b, bit / 8));
		b[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void wipe_clears_exactly_what_it_was_given(void **state)
{
	uint8_t b[40];
	memset(b, 0xa5, sizeof b);
	wipe(b + 3, 30);
	for (size_t i = 0; i < sizeof b; i++)
		assert_int_equal(b[i], i >= 3 && i < 33 ? 0 : 0xa5);
	wipe(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_are_all_ones_or_all_zeros),
		cmocka_unit_test(select_takes_the_one_the_mask_names),
		cmocka_unit_test(equality_sees_every_single_bit),
		cmocka_unit_test(wipe_clears_exactly_what_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
