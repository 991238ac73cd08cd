/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "base/ct.h"
#include "hash/sha2.h"

#include <jansson.h>
#include <stdlib.h>

static size_t bytes_of_hex(uint8_t *out, size_t room, const json_t *test, const char *field)
{
	const char *hex = json_string_value(json_object_get(test, field));
	assert_non_null(hex);
	size_t len = strlen(hex) / 2;
	assert_true(len <= room);
	test_from_hex(out, len, hex);
	return len;
}

static void check(const json_t *test, size_t tag_bytes)
{
	uint8_t key[256], message[1024], tag[64], got[HASH_MAX_BYTES];
	size_t key_len = bytes_of_hex(key, sizeof key, test, "key");
	size_t message_len = bytes_of_hex(message, sizeof message, test, "msg");
	size_t tag_len = bytes_of_hex(tag, sizeof tag, test, "tag");
	const char *result = json_string_value(json_object_get(test, "result"));
	assert_non_null(result);
	hmac(HASH_SHA256, got, bytes_of(key, key_len), bytes_of(message, message_len));
	bool accepted = tag_len == tag_bytes && ct_equal(got, tag, tag_bytes);
	if (accepted != (strcmp(result, "valid") == 0))
		fail_msg("tcId %d is %s", (int)json_integer_value(json_object_get(test, "tcId")), result);
}

static void hmac_sha256_accepts_and_refuses_what_wycheproof_does(void **state)
{
	static bytes text; /* stays reachable: test_data gives it for the life of the program */
	text = test_data("vectors/wycheproof/hmac_sha256_test.json");
	json_error_t error;
	json_t *root = json_loadb((const char *)text.p, text.len, 0, &error);
	assert_non_null(root);
	json_int_t checked = 0;
	size_t i, j;
	json_t *group, *test;
	json_array_foreach(json_object_get(root, "testGroups"), i, group)
	{
		json_int_t tag_bits = json_integer_value(json_object_get(group, "tagSize"));
		json_array_foreach(json_object_get(group, "tests"), j, test)
		{
			check(test, (size_t)tag_bits / 8);
			checked++;
		}
	}
	assert_int_equal(checked, json_integer_value(json_object_get(root, "numberOfTests")));
	assert_true(checked > 100);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_sha256_accepts_and_refuses_what_wycheproof_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
