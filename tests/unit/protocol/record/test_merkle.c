/* SPDX-License-Identifier: Apache-2.0 */
#include "support/support.h"

#include "record/merkle.h"

#include <jansson.h>
#include <stdlib.h>

static digest from_hex(const char *hex)
{
	digest d;
	test_from_hex(d.b, sizeof d.b, hex);
	return d;
}

static digest ballot_leaf(unsigned i)
{
	char room[32];
	struct text t = TEXT_OF(room);
	text_add(&t, "ballot ");
	text_add_u64(&t, i);
	return merkle_leaf(bytes_of(room, t.len));
}

static json_t *vectors(void)
{
	bytes file = test_data("vectors/tlog/rfc6962-merkle.json");
	json_t *root = json_loadb((const char *)file.p, file.len, 0, NULL);
	assert_non_null(root);
	return root;
}

static digest root_of(const digest *leaves, size_t n)
{
	struct merkle m;
	merkle_init(&m);
	for (size_t i = 0; i < n; i++)
		merkle_append(&m, &leaves[i]);
	return merkle_root(&m);
}

static size_t reference_leaves(digest *out, json_t *v)
{
	json_t *list = json_object_get(v, "ct_reference_leaves_hex");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *hex = json_string_value(json_array_get(list, i));
		uint8_t data[64];
		test_from_hex(data, strlen(hex) / 2, hex);
		out[i] = merkle_leaf(bytes_of(data, strlen(hex) / 2));
	}
	return json_array_size(list);
}

static void roots_are_those_of_rfc6962(void **state)
{
	(void)state;
	json_t *v = vectors();
	digest leaves[8];
	assert_int_equal(reference_leaves(leaves, v), 8);
	json_t *roots = json_object_get(v, "ct_reference_roots");
	for (size_t n = 0; n < json_array_size(roots); n++) {
		json_t *r = json_array_get(roots, n);
		digest want = from_hex(json_string_value(r)), got = root_of(leaves, n);
		assert_memory_equal(got.b, want.b, 32);
	}
	json_decref(v);
}

static size_t proof_of(digest *out, json_t *entry)
{
	json_t *list = json_object_get(entry, "proof");
	for (size_t i = 0; i < json_array_size(list); i++)
		out[i] = from_hex(json_string_value(json_array_get(list, i)));
	return json_array_size(list);
}

static uint64_t number(json_t *entry, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(entry, name));
}

static void check_inclusions(json_t *list, const digest *leaves)
{
	size_t k;
	json_t *e;
	json_array_foreach(list, k, e)
	{
		digest want[MERKLE_PROOF_MAX], got[MERKLE_PROOF_MAX];
		uint64_t index = number(e, "index"), size = number(e, "size");
		size_t len = proof_of(want, e);
		assert_int_equal(merkle_prove_inclusion(got, leaves, size, index), len);
		assert_memory_equal(got, want, len * sizeof *got);
		digest root = root_of(leaves, size);
		struct merkle_proof p = {want, len};
		assert_true(merkle_check_inclusion(&leaves[index], index, size, p, &root));
		assert_false(merkle_check_inclusion(&leaves[index], size, size, p, &root));
		if (len) {
			assert_false(merkle_check_inclusion(&leaves[index], index, size,
			                                    (struct merkle_proof){want, len - 1}, &root));
			want[len - 1].b[5] ^= 1;
			assert_false(merkle_check_inclusion(&leaves[index], index, size, p, &root));
		}
	}
}

static void check_consistencies(json_t *list, const digest *leaves)
{
	size_t k;
	json_t *e;
	json_array_foreach(list, k, e)
	{
		digest want[MERKLE_PROOF_MAX], got[MERKLE_PROOF_MAX];
		uint64_t old = number(e, "old"), size = number(e, "new");
		size_t len = proof_of(want, e);
		assert_int_equal(merkle_prove_consistency(got, leaves, old, size), len);
		assert_memory_equal(got, want, len * sizeof *got);
		digest a = root_of(leaves, old), b = root_of(leaves, size);
		struct merkle_proof p = {want, len};
		assert_true(merkle_check_consistency(old, &a, size, &b, p));
		a.b[0] ^= 1;
		assert_false(merkle_check_consistency(old, &a, size, &b, p));
		a.b[0] ^= 1;
		b.b[31] ^= 1;
		assert_false(merkle_check_consistency(old, &a, size, &b, p));
	}
}

static void reference_proofs_are_made_and_accepted(void **state)
{
	(void)state;
	json_t *v = vectors();
	digest leaves[8];
	reference_leaves(leaves, v);
	check_inclusions(json_object_get(v, "inclusion"), leaves);
	check_consistencies(json_object_get(v, "consistency"), leaves);
	json_decref(v);
}

static void three_hundred_ballots_agree_at_the_tile_border(void **state)
{
	(void)state;
	json_t *v = vectors(), *b = json_object_get(v, "ballot_n");
	digest leaves[300];
	for (unsigned i = 0; i < 300; i++)
		leaves[i] = ballot_leaf(i);
	const char *size;
	json_t *root;
	json_object_foreach(json_object_get(b, "roots"), size, root)
	{
		digest want = from_hex(json_string_value(root));
		digest got = root_of(leaves, strtoul(size, NULL, 10));
		assert_memory_equal(got.b, want.b, 32);
	}
	check_inclusions(json_object_get(b, "inclusion"), leaves);
	check_consistencies(json_object_get(b, "consistency"), leaves);
	json_decref(v);
}

static void every_proof_of_every_small_tree_holds(void **state)
{
	(void)state;
	digest leaves[40], path[MERKLE_PROOF_MAX];
	for (unsigned i = 0; i < 40; i++)
		leaves[i] = ballot_leaf(i);
	for (uint64_t size = 1; size <= 40; size++) {
		digest root = root_of(leaves, size);
		for (uint64_t i = 0; i < size; i++) {
			struct merkle_proof p = {path, merkle_prove_inclusion(path, leaves, size, i)};
			assert_true(merkle_check_inclusion(&leaves[i], i, size, p, &root));
			assert_false(merkle_check_inclusion(&leaves[(i + 1) % 40], i, size, p, &root));
		}
		for (uint64_t old = 0; old <= size; old++) {
			digest old_root = root_of(leaves, old);
			struct merkle_proof p = {path, merkle_prove_consistency(path, leaves, old, size)};
			assert_true(merkle_check_consistency(old, &old_root, size, &root, p));
			p.len++;
			path[p.len - 1] = root;
			assert_false(merkle_check_consistency(old, &old_root, size, &root, p));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_those_of_rfc6962),
		cmocka_unit_test(reference_proofs_are_made_and_accepted),
		cmocka_unit_test(three_hundred_ballots_agree_at_the_tile_border),
		cmocka_unit_test(every_proof_of_every_small_tree_holds),
	};
	return cmocka_run_group_tests_name("protocol/record merkle", tests, NULL, NULL);
}
