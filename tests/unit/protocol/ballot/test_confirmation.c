/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "ballot/confirmation.h"

#include <stdio.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static digest random_id(void)
{
	struct error err;
	digest d;
	assert_ok(rng_fill(test_rng(), d.b, sizeof d.b, &err), err);
	return d;
}

static void fresh_text(char text[static CONFIRMATION_TEXT_BYTES], confirmation *c)
{
	const digest id = random_id();
	*c = confirmation_of(&id);
	confirmation_format(text, c);
}

static void known_code_is_formatted_in_groups(void **state)
{
	(void)state;
	digest id = {{0}};
	char text[CONFIRMATION_TEXT_BYTES];
	confirmation c = confirmation_of(&id);
	confirmation_format(text, &c);
	assert_string_equal(text, "0000-0000-0000-0000-0000-0000-000");
	memset(id.b, 0xff, sizeof id.b);
	c = confirmation_of(&id);
	confirmation_format(text, &c);
	/* 2^36 = 1 modulo 37, 2^130 = 2^22 = 21, less 1: 20, the letter M */
	assert_string_equal(text, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZM");
	memset(&id, 0, sizeof id);
	id.b[16] = 0x40; /* the last of the 130 bits */
	c = confirmation_of(&id);
	confirmation_format(text, &c);
	assert_string_equal(text, "0000-0000-0000-0000-0000-0000-011");
}

static void codes_are_read_back(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < TEST_COUNT(1000, 100000); i++) {
		struct error err;
		char text[CONFIRMATION_TEXT_BYTES];
		confirmation c, back;
		fresh_text(text, &c);
		assert_int_equal(strlen(text), CONFIRMATION_TEXT_BYTES - 1);
		assert_ok(confirmation_parse(&back, bytes_of_text(text), &err), err);
		assert_true(confirmation_equal(&c, &back));
	}
}

static void only_the_first_130_bits_of_the_id_count(void **state)
{
	(void)state;
	digest id = random_id();
	const confirmation c = confirmation_of(&id);
	for (size_t bit = 0; bit < 256; bit++) {
		id.b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		const confirmation other = confirmation_of(&id);
		assert_int_equal(confirmation_equal(&c, &other), bit >= 130);
		id.b[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
}

static void lower_case_spaces_and_lookalikes_are_understood(void **state)
{
	(void)state;
	struct error err;
	digest id = {{0}};
	id.b[1] = 0x40; /* 00000 00001 …: "01…" */
	const confirmation c = confirmation_of(&id);
	char text[CONFIRMATION_TEXT_BYTES];
	confirmation_format(text, &c);
	assert_int_equal(text[1], '1');
	static const char *const spoken[] = {"oi", "Ol", "0L", " 0 - I", "oI"};
	for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++) {
		char room[64];
		confirmation back;
		snprintf(room, sizeof room, "%s%s", spoken[i], text + 2);
		for (char *p = room; *p; p++)
			if (*p == '0' && i % 2)
				*p = 'O';
		assert_ok(confirmation_parse(&back, bytes_of_text(room), &err), err);
		assert_true(confirmation_equal(&c, &back));
	}
}

static void every_single_wrong_character_is_caught(void **state)
{
	(void)state;
	char text[CONFIRMATION_TEXT_BYTES];
	confirmation c, back;
	struct error err;
	fresh_text(text, &c);
	for (size_t i = 0; text[i]; i++) {
		const char right = text[i];
		if (right == '-')
			continue;
		for (size_t j = 0; alphabet[j]; j++) {
			text[i] = alphabet[j];
			if (text[i] != right)
				assert_fails(confirmation_parse(&back, bytes_of_text(text), &err), err,
				             ERROR_MALFORMED);
		}
		text[i] = right;
	}
}

static void every_exchange_of_neighbours_is_caught(void **state)
{
	(void)state;
	char text[CONFIRMATION_TEXT_BYTES];
	confirmation c, back;
	struct error err;
	for (unsigned round = 0; round < 50; round++) {
		fresh_text(text, &c);
		for (size_t i = 0; text[i + 1]; i++) {
			size_t next = text[i + 1] == '-' ? i + 2 : i + 1;
			if (text[i] == '-' || text[i] == text[next])
				continue;
			const char t = text[i];
			text[i] = text[next];
			text[next] = t;
			assert_fails(confirmation_parse(&back, bytes_of_text(text), &err), err,
			             ERROR_MALFORMED);
			text[next] = text[i];
			text[i] = t;
		}
	}
}

static void foreign_character_is_named_by_its_position(void **state)
{
	(void)state;
	char text[CONFIRMATION_TEXT_BYTES];
	confirmation c, back;
	struct error err;
	fresh_text(text, &c);
	static const char foreign[] = "U*~$=!\x80_.";
	for (size_t i = 0; i < CONFIRMATION_TEXT_BYTES - 2; i++) {
		const char right = text[i];
		for (size_t j = 0; foreign[j]; j++) {
			text[i] = foreign[j];
			assert_fails(confirmation_parse(&back, bytes_of_text(text), &err), err,
			             ERROR_MALFORMED);
			if (right != '-' && err.at != i)
				fail_msg("position %zu, not %zu", (size_t)err.at, i);
		}
		text[i] = right;
	}
}

static void too_short_and_too_long_are_named(void **state)
{
	(void)state;
	char text[CONFIRMATION_TEXT_BYTES + 1];
	confirmation c, back;
	struct error err;
	fresh_text(text, &c);
	for (size_t len = 0; len < CONFIRMATION_TEXT_BYTES - 1; len++) {
		assert_fails(confirmation_parse(&back, bytes_of(text, len), &err), err, ERROR_MALFORMED);
		assert_int_equal(err.at, len);
	}
	text[CONFIRMATION_TEXT_BYTES - 1] = '7';
	assert_fails(confirmation_parse(&back, bytes_of(text, CONFIRMATION_TEXT_BYTES), &err), err,
	             ERROR_MALFORMED);
	assert_int_equal(err.at, CONFIRMATION_TEXT_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_code_is_formatted_in_groups),
		cmocka_unit_test(codes_are_read_back),
		cmocka_unit_test(only_the_first_130_bits_of_the_id_count),
		cmocka_unit_test(lower_case_spaces_and_lookalikes_are_understood),
		cmocka_unit_test(every_single_wrong_character_is_caught),
		cmocka_unit_test(every_exchange_of_neighbours_is_caught),
		cmocka_unit_test(foreign_character_is_named_by_its_position),
		cmocka_unit_test(too_short_and_too_long_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
