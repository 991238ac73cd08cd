/* SPDX-License-Identifier: Apache-2.0 */
/* The record of docs/protocol-walkthrough.md, as anybody would check it. */
#include "support/support.h"

#include "e2e/e2e.h"

#include <jansson.h>
#include <stdlib.h>

#define VECTORS "tests/vectors/protocol/"

static const char *in_source(const char *path)
{
	const char *root = getenv("URNA_SOURCE");
	return text_of("%s/%s", root ? root : ".", path);
}

static const char *words(void)
{
	bytes file = test_file(VECTORS "walkthrough.json");
	json_t *root = json_loadb((const char *)file.p, file.len, 0, NULL), *vector;
	assert_non_null(root);
	vector = json_array_get(json_object_get(root, "vectors"), 0);
	const char *text = text_of(
		"%s", json_string_value(json_object_get(json_object_get(vector, "values"), "words")));
	json_decref(root);
	return text;
}

static void the_tiny_record_is_verified_under_the_words_of_the_document(void **state)
{
	(void)state;
	bytes document = test_file("docs/protocol-walkthrough.md");
	const char *text = text_of("%.*s", (int)document.len, (const char *)document.p);
	assert_says(text, text_of("    words = %s\n", words()));
	struct outcome o =
		urna("verify", "--fingerprint", words(), in_source(VECTORS "tiny-record"), NULL);
	assert_code(o, 0);
}

static void without_words_it_is_consistent_with_itself_only(void **state)
{
	(void)state;
	assert_code(urna("verify", in_source(VECTORS "tiny-record"), NULL), 3);
}

static void with_one_byte_changed_it_is_rejected(void **state)
{
	(void)state;
	const char *copy = text_of("%s/record", fresh_folder());
	const char *path = text_of("%s/proof/l1/nizkp/l1/proofs/PoSReply01.bt", copy);
	const char *const argv[] = {"cp", "-r", in_source(VECTORS "tiny-record"), copy, NULL};
	assert_code(program(argv), 0);
	bytes reply = read_file(path);
	uint8_t *changed = malloc(reply.len);
	assert_non_null(changed);
	memcpy(changed, reply.p, reply.len);
	changed[reply.len - 1] ^= 1;
	write_file(path, changed, reply.len);
	free(changed);
	assert_code(urna("verify", "--fingerprint", words(), copy, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tiny_record_is_verified_under_the_words_of_the_document),
		cmocka_unit_test(without_words_it_is_consistent_with_itself_only),
		cmocka_unit_test(with_one_byte_changed_it_is_rejected),
	};
	return cmocka_run_group_tests_name("e2e/tiny", tests, NULL, NULL);
}
