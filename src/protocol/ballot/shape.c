/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot/ballot_internal.h"

static const uint8_t label[] = {'u', 'r', 'n', 'a', '-', 'b', 'o', 'd', 'y', '-', '1'};
const bytes ballot_body_label = {label, sizeof label};

bool ballot_style_init(struct ballot_style *style, bytes name, const uint32_t *widths,
                       size_t groups, struct error *err)
{
	*style = (struct ballot_style){.name = name};
	if (name.len == 0)
		return fail(err, ERROR_MALFORMED, "style: it needs a name", ERROR_NOWHERE);
	if (name.len > BALLOT_STYLE_NAME_MAX)
		return fail(err, ERROR_LIMIT, "style: its name is too long", BALLOT_STYLE_NAME_MAX);
	if (groups == 0)
		return fail(err, ERROR_MALFORMED, "style: it has no question group", ERROR_NOWHERE);
	if (groups > LIMIT_GROUPS)
		return fail(err, ERROR_LIMIT, "style: too many question groups", LIMIT_GROUPS);
	for (size_t g = 0; g < groups; g++) {
		if (widths[g] == 0 || widths[g] > LIMIT_WIDTH)
			return fail(err, ERROR_LIMIT, "style: a group's width is out of bounds", g);
		style->width[g] = (uint8_t)widths[g];
		style->components += widths[g];
	}
	style->groups = (uint32_t)groups;
	if (ballot_bytes(style, BALLOT_CREDENTIALS) > LIMIT_BALLOT_BYTES)
		return fail(err, ERROR_LIMIT, "style: its ballots would be too long", LIMIT_BALLOT_BYTES);
	return true;
}

size_t pseudonym_bytes(enum ballot_mode mode)
{
	return mode == BALLOT_CREDENTIALS ? POINT_TREE_BYTES : TREE_HEADER_BYTES + PSEUDONYM_BYTES;
}

size_t pseudonym_encode(uint8_t out[static PSEUDONYM_TREE_MAX], const pseudonym *p)
{
	if (p->mode == BALLOT_CREDENTIALS) {
		points_encode_tree(out, &p->key, 1);
	} else {
		tree_put_leaf(out, PSEUDONYM_BYTES);
		memcpy(out + TREE_HEADER_BYTES, p->id, PSEUDONYM_BYTES);
	}
	return pseudonym_bytes(p->mode);
}

size_t body_statement_at(void)
{
	return TREE_HEADER_BYTES + TREE_HEADER_BYTES + sizeof label;
}

size_t body_head_bytes(const struct ballot_style *style, enum ballot_mode mode)
{
	return body_statement_at() + EID_TREE_BYTES + pseudonym_bytes(mode) + TREE_HEADER_BYTES +
	       style->name.len;
}

/* A header, then one header per group, or three: the pair, its u's, its v's. */
size_t ciphertexts_bytes(const struct ballot_style *style)
{
	return TREE_HEADER_BYTES * (1 + 3 * (size_t)style->groups) +
	       2 * POINT_TREE_BYTES * (size_t)style->components;
}

size_t commitments_bytes(const struct ballot_style *style)
{
	return TREE_HEADER_BYTES * (1 + (size_t)style->groups) +
	       POINT_TREE_BYTES * (size_t)style->components;
}

size_t responses_bytes(const struct ballot_style *style)
{
	return TREE_HEADER_BYTES * (1 + (size_t)style->groups) +
	       SCALAR_TREE_BYTES * (size_t)style->components;
}

size_t ending_bytes(enum ballot_mode mode)
{
	return SEQ_TREE_BYTES + (mode == BALLOT_CREDENTIALS ? POINT_TREE_BYTES + SCALAR_TREE_BYTES : 0);
}

size_t ballot_body_bytes(const struct ballot_style *style, enum ballot_mode mode)
{
	return body_head_bytes(style, mode) + ciphertexts_bytes(style) + commitments_bytes(style) +
	       responses_bytes(style);
}

size_t ballot_bytes(const struct ballot_style *style, enum ballot_mode mode)
{
	return TREE_HEADER_BYTES + ballot_body_bytes(style, mode) + ending_bytes(mode);
}

digest ballot_id(bytes body)
{
	struct hash h;
	tagged_digest_init(&h, "body", 1);
	tree_hash_leaf(&h, body);
	return tagged_digest_finish(&h);
}

static void finish_challenge(scalar *c, struct hash *h)
{
	uint8_t wide[TAGGED_CHALLENGE_BYTES];
	tagged_challenge_finish(h, wide);
	scalar_reduce(c, wide, sizeof wide);
}

void ballot_challenge(scalar *c, bytes statement)
{
	struct hash h;
	tagged_challenge_init(&h, "ballot", 5);
	hash_update(&h, statement);
	finish_challenge(c, &h);
}

void signature_challenge(scalar *c, const struct signature_statement *s)
{
	struct hash h;
	uint8_t tree[POINT_TREE_BYTES];
	tagged_challenge_init(&h, "sig", 5);
	points_encode_tree(tree, s->key, 1);
	hash_update(&h, BYTES_OF(tree));
	points_encode_tree(tree, s->commitment, 1);
	hash_update(&h, BYTES_OF(tree));
	tree_hash_leaf(&h, BYTES_OF(s->eid->b));
	tree_hash_u32(&h, s->seq);
	tree_hash_leaf(&h, BYTES_OF(s->ballot_id->b));
	finish_challenge(c, &h);
}
