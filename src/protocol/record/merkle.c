/* SPDX-License-Identifier: Apache-2.0 */
#include "record/merkle.h"

#include "base/error.h"

digest merkle_leaf(bytes data)
{
	static const uint8_t leaf_prefix[1] = {0};
	struct hash h;
	digest out;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, BYTES_OF(leaf_prefix));
	hash_update(&h, data);
	hash_finish(&h, out.b);
	return out;
}

digest merkle_node(const digest *left, const digest *right)
{
	static const uint8_t node_prefix[1] = {1};
	struct hash h;
	digest out;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, BYTES_OF(node_prefix));
	hash_update(&h, BYTES_OF(left->b));
	hash_update(&h, BYTES_OF(right->b));
	hash_finish(&h, out.b);
	return out;
}

void merkle_init(struct merkle *m)
{
	memset(m, 0, sizeof *m);
}

/* peaks[i] is in use iff bit i of size is set; appending is adding one in binary. */
void merkle_append(struct merkle *m, const digest *leaf)
{
	digest carry = *leaf;
	unsigned level = 0;
	for (; m->size >> level & 1; level++)
		carry = merkle_node(&m->peaks[level], &carry);
	m->peaks[level] = carry;
	m->size++;
}

digest merkle_root(const struct merkle *m)
{
	if (m->size == 0)
		return sha256(BYTES_NONE);
	unsigned level = 0;
	while (!(m->size >> level & 1))
		level++;
	digest root = m->peaks[level];
	for (level++; level < 64; level++)
		if (m->size >> level & 1)
			root = merkle_node(&m->peaks[level], &root);
	return root;
}

static digest root_of(const digest *leaves, uint64_t size)
{
	struct merkle m;
	merkle_init(&m);
	for (uint64_t i = 0; i < size; i++)
		merkle_append(&m, &leaves[i]);
	return merkle_root(&m);
}

/* The largest power of two below size (size ≥ 2): where RFC 6962 cuts a tree. */
static uint64_t cut(uint64_t size)
{
	uint64_t k = 1;
	while (k << 1 < size)
		k <<= 1;
	return k;
}

static void reverse(digest *path, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		digest t = path[i];
		path[i] = path[len - 1 - i];
		path[len - 1 - i] = t;
	}
}

size_t merkle_prove_inclusion(digest out[static MERKLE_PROOF_MAX], const digest *leaves,
                              uint64_t size, uint64_t index)
{
	require(index < size);
	size_t len = 0;
	while (size > 1) {
		uint64_t k = cut(size);
		if (index < k) {
			out[len++] = root_of(leaves + k, size - k);
			size = k;
		} else {
			out[len++] = root_of(leaves, k);
			leaves += k;
			index -= k;
			size -= k;
		}
	}
	reverse(out, len);
	return len;
}

size_t merkle_prove_consistency(digest out[static MERKLE_PROOF_MAX], const digest *leaves,
                                uint64_t old_size, uint64_t size)
{
	require(old_size <= size);
	size_t len = 0;
	bool whole = true; /* the old tree is a complete subtree seen from the left edge */
	if (old_size == 0 || old_size == size)
		return 0;
	while (old_size != size) {
		uint64_t k = cut(size);
		if (old_size <= k) {
			out[len++] = root_of(leaves + k, size - k);
			size = k;
		} else {
			out[len++] = root_of(leaves, k);
			leaves += k;
			old_size -= k;
			size -= k;
			whole = false;
		}
	}
	if (!whole)
		out[len++] = root_of(leaves, size);
	reverse(out, len);
	return len;
}

bool merkle_check_inclusion(const digest *leaf, uint64_t index, uint64_t size,
                            struct merkle_proof proof, const digest *root)
{
	if (index >= size)
		return false;
	uint64_t at = index, last = size - 1;
	digest r = *leaf;
	for (size_t i = 0; i < proof.len; i++) {
		if (last == 0)
			return false;
		if ((at & 1) || at == last) {
			r = merkle_node(&proof.path[i], &r);
			while (!(at & 1) && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			r = merkle_node(&r, &proof.path[i]);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&r, root);
}

bool merkle_check_consistency(uint64_t old_size, const digest *old_root, uint64_t size,
                              const digest *root, struct merkle_proof proof)
{
	if (old_size > size)
		return false;
	if (old_size == size)
		return proof.len == 0 && digest_equal(old_root, root);
	if (old_size == 0) {
		digest empty = sha256(BYTES_NONE);
		return proof.len == 0 && digest_equal(old_root, &empty);
	}
	/* A power of two is its own first peak, which the proof then leaves out. */
	bool implied = (old_size & (old_size - 1)) == 0;
	if (!implied && proof.len == 0)
		return false;
	uint64_t at = old_size - 1, last = size - 1;
	while (at & 1) {
		at >>= 1;
		last >>= 1;
	}
	digest r = implied ? *old_root : proof.path[0];
	digest s = r;
	for (size_t i = implied ? 0 : 1; i < proof.len; i++) {
		if (last == 0)
			return false;
		if ((at & 1) || at == last) {
			r = merkle_node(&proof.path[i], &r);
			s = merkle_node(&proof.path[i], &s);
			while (!(at & 1) && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			s = merkle_node(&s, &proof.path[i]);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && digest_equal(&r, old_root) && digest_equal(&s, root);
}
