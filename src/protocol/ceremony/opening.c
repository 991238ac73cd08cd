/* SPDX-License-Identifier: Apache-2.0 */
#include "ceremony/attempt_internal.h"

#include "hash/tagged.h"
#include "proof/proof.h"

_Static_assert(LIMIT_PARTIES *(POINT_TREE_BYTES + TREE_HEADER_BYTES + SEALED_SHARE_BYTES) + 512 <=
                   MESSAGE_MAX,
               "the largest opening fits into a message");

static void put_points_tree(struct tree_writer *w, const point *p, unsigned n)
{
	uint8_t tree[POINT_TREE_BYTES];
	for (unsigned i = 0; i < n; i++) {
		points_encode_tree(tree, &p[i], 1);
		tree_write_raw(w, BYTES_OF(tree));
	}
}

static bytes commitment_tree(uint8_t *room, size_t size, const struct opening *o,
                             const struct manifest *m)
{
	struct tree_writer w = {room, size, 0, false};
	tree_write_node(&w, m->threshold);
	put_points_tree(&w, o->c, m->threshold);
	require(!w.full);
	return tree_written(&w);
}

#define COMMITMENT_TREE_MAX (TREE_HEADER_BYTES + LIMIT_PARTIES * POINT_TREE_BYTES)

bool opening_read(struct opening *out, const struct manifest *m, bytes content, struct error *err)
{
	struct tree_reader r = TREE_READER(content);
	bytes raw;
	if (!tree_node(&r, 5, err))
		return false;
	if (!tree_node(&r, m->threshold, err))
		return fail_within(err, "coefficients (exactly threshold of them)");
	if (!tree_raw(&r, &raw, (size_t)m->threshold * POINT_TREE_BYTES, err) ||
	    !points_decode_tree(out->c, raw, m->threshold, POINT_FINITE, err))
		return fail_within(err, "coefficients");
	if (!tree_raw(&r, &raw, POINT_TREE_BYTES, err) ||
	    !points_decode_tree(&out->a, raw, 1, POINT_FINITE, err))
		return fail_within(err, "commitment of the proof");
	if (!tree_raw(&r, &raw, SCALAR_TREE_BYTES, err) || !scalars_decode_tree(&out->z, raw, 1, err))
		return fail_within(err, "response of the proof");
	if (!tree_leaf(&r, out->salt, SALT_BYTES, err) || !tree_node(&r, m->authorities_count, err))
		return fail_within(err, "salt and shares");
	for (unsigned j = 0; j < m->authorities_count; j++) {
		if (!tree_leaf_any(&r, &raw, SEALED_SHARE_BYTES, err))
			return fail_within_index(err, "sealed share", j + 1);
		if (raw.len != 0 && raw.len != SEALED_SHARE_BYTES)
			return fail(err, ERROR_MALFORMED, "ceremony: a sealed share of another length", j + 1);
		out->boxed[j] = raw.len != 0;
		if (raw.len)
			memcpy(out->box[j], raw.p, raw.len);
	}
	return tree_end(&r, err);
}

bytes opening_write(uint8_t room[static MESSAGE_MAX], const struct opening *o,
                    const struct manifest *m)
{
	uint8_t tree[POINT_TREE_BYTES], z[SCALAR_TREE_BYTES];
	struct tree_writer w = {room, MESSAGE_MAX, 0, false};
	tree_write_node(&w, 5);
	tree_write_node(&w, m->threshold);
	put_points_tree(&w, o->c, m->threshold);
	points_encode_tree(tree, &o->a, 1);
	tree_write_raw(&w, BYTES_OF(tree));
	scalars_encode_tree(z, &o->z, 1);
	tree_write_raw(&w, BYTES_OF(z));
	tree_write_leaf(&w, BYTES_OF(o->salt));
	tree_write_node(&w, m->authorities_count);
	for (unsigned j = 0; j < m->authorities_count; j++)
		tree_write_leaf(&w, o->boxed[j] ? BYTES_OF(o->box[j]) : BYTES_NONE);
	require(!w.full);
	return tree_written(&w);
}

digest opening_digest(const struct opening *o, const struct manifest *m)
{
	uint8_t room[COMMITMENT_TREE_MAX], a[POINT_TREE_BYTES], z[SCALAR_TREE_BYTES];
	struct hash h;
	tagged_digest_init(&h, "commit", 7);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_u32(&h, o->attempt);
	tree_hash_u32(&h, o->index);
	hash_update(&h, commitment_tree(room, sizeof room, o, m));
	points_encode_tree(a, &o->a, 1);
	hash_update(&h, BYTES_OF(a));
	scalars_encode_tree(z, &o->z, 1);
	hash_update(&h, BYTES_OF(z));
	tree_hash_leaf(&h, BYTES_OF(o->salt));
	return tagged_digest_finish(&h);
}

void opening_challenge(scalar *c, const struct opening *o, const struct manifest *m)
{
	uint8_t room[COMMITMENT_TREE_MAX], a[POINT_TREE_BYTES], wide[TAGGED_CHALLENGE_BYTES];
	struct hash h;
	tagged_challenge_init(&h, "pop", 6);
	tree_hash_leaf(&h, BYTES_OF(m->d.b));
	tree_hash_u32(&h, o->attempt);
	tree_hash_u32(&h, o->index);
	tree_hash_leaf(&h, BYTES_OF(m->authorities[o->index - 1].identity));
	hash_update(&h, commitment_tree(room, sizeof room, o, m));
	points_encode_tree(a, &o->a, 1);
	hash_update(&h, BYTES_OF(a));
	tagged_challenge_finish(&h, wide);
	scalar_reduce(c, wide, sizeof wide);
}

bool opening_check(const struct opening *o, const struct manifest *m, const digest *committed,
                   struct error *err)
{
	digest d = opening_digest(o, m);
	if (!digest_equal(&d, committed))
		return fail(err, ERROR_REJECTED, "ceremony: the opening is not what was committed to",
		            ERROR_NOWHERE);
	scalar c;
	opening_challenge(&c, o, m);
	return proof_check_log_vartime(&o->a, &c, &o->c[0], &o->z, err) ||
	       fail_within(err, "proof of possession of the constant coefficient");
}
