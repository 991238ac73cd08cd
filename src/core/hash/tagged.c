/* SPDX-License-Identifier: Apache-2.0 */
#include "hash/tagged.h"

#include "hash/oracle.h"

static const uint8_t family[] = {'u', 'r', 'n', 'a', '/', '1', '/'};

static void begin(struct hash *h, const char *tag, uint32_t children)
{
	bytes name = bytes_of_text(tag);
	uint8_t header[TREE_HEADER_BYTES];
	require(children < TREE_MAX);
	tree_hash_node(h, children + 1);
	tree_put_leaf(header, (uint32_t)(sizeof family + name.len));
	hash_update(h, BYTES_OF(header));
	hash_update(h, BYTES_OF(family));
	hash_update(h, name);
}

void tagged_digest_init(struct hash *h, const char *tag, uint32_t children)
{
	hash_init(h, HASH_SHA256);
	begin(h, tag, children);
}

digest tagged_digest_finish(struct hash *h)
{
	digest d;
	hash_finish(h, d.b);
	return d;
}

void tagged_challenge_init(struct hash *h, const char *tag, uint32_t children)
{
	struct oracle o;
	oracle_init(&o, HASH_SHA256, 8 * TAGGED_CHALLENGE_BYTES);
	*h = o.h;
	begin(h, tag, children);
}

void tagged_challenge_finish(struct hash *h, uint8_t out[static TAGGED_CHALLENGE_BYTES])
{
	struct oracle o = {*h, 8 * TAGGED_CHALLENGE_BYTES};
	oracle_finish(&o, out);
}
