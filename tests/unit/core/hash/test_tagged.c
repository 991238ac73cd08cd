/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "hash/oracle.h"
#include "hash/tagged.h"

static const uint8_t expected_tree[] = "\x00\x00\x00\x00\x03"
									   "\x01\x00\x00\x00\x0burna/1/vote"
									   "\x01\x00\x00\x00\x02hi"
									   "\x01\x00\x00\x00\x04\x00\x00\x03\xe8";

static void a_digest_is_the_hash_of_the_tagged_node(void **state)
{
	struct hash h;
	tagged_digest_init(&h, "vote", 2);
	tree_hash_leaf(&h, BYTES_LITERAL("hi"));
	tree_hash_u32(&h, 1000);
	digest got = tagged_digest_finish(&h);
	digest expected = sha256(bytes_of(expected_tree, sizeof expected_tree - 1));
	assert_true(digest_equal(&got, &expected));
}

static void a_challenge_is_the_oracle_of_the_tagged_node(void **state)
{
	struct hash h;
	struct oracle o;
	uint8_t got[TAGGED_CHALLENGE_BYTES], expected[TAGGED_CHALLENGE_BYTES];
	tagged_challenge_init(&h, "vote", 2);
	tree_hash_leaf(&h, BYTES_LITERAL("hi"));
	tree_hash_u32(&h, 1000);
	tagged_challenge_finish(&h, got);
	oracle_init(&o, HASH_SHA256, 384);
	oracle_update(&o, bytes_of(expected_tree, sizeof expected_tree - 1));
	oracle_finish(&o, expected);
	assert_memory_equal(got, expected, sizeof got);
}

static digest digest_of(const char *tag, uint32_t children)
{
	struct hash h;
	tagged_digest_init(&h, tag, children);
	return tagged_digest_finish(&h);
}

static void another_tag_or_count_is_another_digest(void **state)
{
	digest a = digest_of("vote", 0), b = digest_of("note", 0), c = digest_of("vote", 1);
	assert_false(digest_equal(&a, &b));
	assert_false(digest_equal(&a, &c));
}

static void a_digest_and_a_challenge_of_the_same_words_differ(void **state)
{
	struct hash h;
	uint8_t challenge[TAGGED_CHALLENGE_BYTES];
	tagged_challenge_init(&h, "vote", 0);
	tagged_challenge_finish(&h, challenge);
	digest d = digest_of("vote", 0);
	assert_memory_not_equal(challenge, d.b, sizeof d.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_digest_is_the_hash_of_the_tagged_node),
		cmocka_unit_test(a_challenge_is_the_oracle_of_the_tagged_node),
		cmocka_unit_test(another_tag_or_count_is_another_digest),
		cmocka_unit_test(a_digest_and_a_challenge_of_the_same_words_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
